//! What the pane shows around its lines, as plain data.

use super::{Found, MatchesPane};
use crate::analysis::leads::{Lead, Why};
use crate::panes::Cx;
use crate::panes::inquiry::{Inquiry, span_text};
use crate::store::health::SourceId;
use crate::text::clean;
use crate::text::units::thousands;

/// What the pane shows around its lines.
#[derive(Debug, PartialEq)]
pub struct MatchesView {
    /// The title.
    pub title: String,
    /// Where lines are looked for, and which of it is shown.
    pub leads: Vec<LeadRow>,
    /// What is wrong with what led here, if anything.
    pub trouble: Option<String>,
    /// What is new in the lines against the time before, where they tell.
    pub summary: Option<String>,
    /// How many lines there are, and what was not read.
    pub foot: String,
    /// What is said where there is no line.
    pub empty: String,
}

/// A place where lines are looked for.
#[derive(Debug, PartialEq, Eq)]
pub struct LeadRow {
    /// The metric, or why else these lines are of interest.
    pub metric: String,
    /// The filter pattern.
    pub pattern: String,
    /// The log group, and how it is known.
    pub place: String,
    /// Whether its lines are shown.
    pub shown: bool,
}

impl MatchesPane {
    /// What is shown around the lines; `None` while nothing is known of what it is about.
    pub fn view(&self, cx: &Cx<'_>) -> Option<MatchesView> {
        let inquiry = self.about.inquire(cx)?;
        let shown = self.shown(&inquiry);
        let leads = inquiry.leads.iter().map(|lead| lead_row(lead, Some(lead) == shown)).collect();
        let filters = cx.store.health(SourceId::MetricFilters).trouble().filter(|_| !inquiry.metrics.is_empty());
        let found = self.found(&inquiry, cx);
        Some(MatchesView {
            title: format!("Lines behind {} · {}", inquiry.name, span_text(inquiry.span, cx)),
            leads,
            trouble: filters.map(|(error, _)| {
                format!("{}: whether metric filters make this metric of log lines is not known", clean(&error.brief()))
            }),
            summary: self.digest(&found, &inquiry, cx).summary(),
            foot: if found.answered { self.foot(&found, cx) } else { String::new() },
            empty: self.empty(&found, &inquiry, cx),
        })
    }

    fn foot(&self, found: &Found<'_>, cx: &Cx<'_>) -> String {
        let (all, shown) = (found.lines.len(), self.passing(found).len());
        let order = if self.reading.is_from_first() { "oldest first" } else { "newest first" };
        let count = match (self.filter.is_empty(), all) {
            (true, 1) => "1 line".to_owned(),
            (true, _) => format!("{} lines, {order}", thousands(all)),
            (false, _) => format!("{shown} of {} lines · filter \"{}\"", thousands(all), clean(&self.filter)),
        };
        let running = if found.running { " so far · reading on" } else { "" };
        let text = |at| crate::text::time::moment(&cx.zone.at(at), &cx.zone.at(cx.now));
        let unread: Vec<String> =
            found.unread.iter().map(|(from, to)| format!("{} to {}", text(*from), text(*to))).collect();
        let unread = match (unread.is_empty(), found.running, self.reading.is_full()) {
            (true, _, _) => String::new(),
            (false, true, _) => format!(" · not read: {}", unread.join(", ")),
            (false, false, false) => format!(" · not read: {}; the end of the list reads on", unread.join(", ")),
            (false, false, true) => format!(" · not read: {}; no more are kept", unread.join(", ")),
        };
        let pages = if found.pages == 1 { "1 page" } else { &format!("{} pages", found.pages) };
        format!("{count}{running}{unread} · {pages} of FilterLogEvents")
    }

    fn empty(&self, found: &Found<'_>, inquiry: &Inquiry, cx: &Cx<'_>) -> String {
        let why = |source| cx.store.health(source).trouble().map(|(error, _)| clean(&error.message).into_owned());
        match (found.answered, inquiry.waiting, self.shown(inquiry)) {
            (true, _, _) if found.running => "reading …".to_owned(),
            (true, _, _) if !found.lines.is_empty() => "no line passes the filter".to_owned(),
            (true, _, _) => "no line matches in this stretch of time".to_owned(),
            (false, true, _) => "asking which metric filters feed it …".to_owned(),
            (false, false, Some(_)) => why(SourceId::Matches).unwrap_or_else(|| "reading …".to_owned()),
            (false, false, None) => {
                "no metric filter feeds it, and neither its dimensions nor the board name a log group: a [[metric]] of \
                 the board can say `log_group` and `pattern`"
                    .to_owned()
            }
        }
    }
}

/// How many lines are behind something, and where they are looked for.
pub(in crate::panes) fn line_count(inquiry: &Inquiry, cx: &Cx<'_>) -> (String, String) {
    let Some(lead) = inquiry.leads.first() else {
        let more = if inquiry.waiting { "asking which metric filters feed it …" } else { "no log group is known" };
        return ("log lines".to_owned(), more.to_owned());
    };
    let row = lead_row(lead, true);
    let answer = cx.store.matches.get(&lead.query(inquiry.span));
    let trouble = cx.store.health(SourceId::Matches).trouble();
    let text = match (answer, trouble) {
        (Some(answer), _) => {
            let more = if answer.data.unread.is_some() || answer.data.running { "+" } else { "" };
            let count = answer.data.lines.len();
            format!("{}{more} log line{}", thousands(count), if count == 1 { "" } else { "s" })
        }
        (None, Some((error, _))) => format!("log lines: {}", clean(&error.brief())),
        (None, None) => "log lines …".to_owned(),
    };
    (text, format!("{}  {}", row.pattern, row.place))
}

fn lead_row(lead: &Lead, shown: bool) -> LeadRow {
    let why = match &lead.why {
        Why::Filter(name) => format!("metric filter {name}"),
        Why::Board => "as the board says".to_owned(),
        Why::Alarm => "read by the alarm".to_owned(),
        Why::Rule => "counted by the rule".to_owned(),
        Why::Convention => "where it logs by convention".to_owned(),
        Why::Feed => "the feed's failures".to_owned(),
    };
    LeadRow {
        metric: clean(&lead.metric).into_owned(),
        pattern: if lead.pattern.is_empty() { "every line".to_owned() } else { clean(&lead.pattern).into_owned() },
        place: format!("in {} · {}", clean(&lead.group), clean(&why)),
        shown,
    }
}
