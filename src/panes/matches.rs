//! The log lines behind a metric: those that its filter matches, in the stretch in which it went wrong.

use ratatui::Frame;
use ratatui::layout::Rect;

use super::inquiry::{About, Inquiry, span_text};
use super::request::browser::Browser;
use super::{Cx, Pane, Reaction};
use crate::analysis::leads::{Lead, Why};
use crate::app::action::Action;
use crate::app::effect::Subscription;
use crate::insights::pattern::Pattern;
use crate::store::health::{Feed, Health, SourceId};
use crate::store::log::LogEvent;
use crate::store::matches::Matches;
use crate::text::clean;
use crate::widgets::list::ListState;
use crate::widgets::theme::Role;
use crate::widgets::tree::Root;

mod draw;
mod open;
mod row;

pub use row::{LineKey, LineRow};

/// Cells by which `left` and `right` move the lines.
const STEP: usize = 20;

/// The log lines behind an alarm, a card, a chart or a metric. Enter opens the request that a line is about.
///
/// ```text
/// ┌ Lines behind HighFailureRate · 10:10 → now, 18m ────────────────────────────────────────────────────┐
/// │ ▸ TokenProvisioningFailure  { $.event = "TOKEN_PROVISION_FAILURE" }  in /aws/lambda/token-… · board │
/// │   TokenProvisioningSuccess  { $.event = "TOKEN_PROVISION_SUCCESS" }  in /aws/lambda/token-… · board │
/// │ 10:27:59.912 ✗ {"level":"ERROR","requestId":"a1b2…","event":"TOKEN_PROVISION_FAILURE","walletProvi… │
/// │ 10:27:59.871 ✗ {"level":"ERROR","requestId":"c3d4…","event":"TOKEN_PROVISION_FAILURE","walletProvi… │
/// │ 1,000 lines, newest first · not read: 10:10:00 to 10:24:11                                          │
/// │ {"level":"ERROR","requestId":"a1b2…", the line under the cursor, whole                              │
/// └─────────────────────────────────────────────────────────────────────────────────────────────────────┘
/// ```
///
/// What made a line match is marked. Where there are several places to look, `next-pane` goes round them.
#[derive(Debug)]
pub struct MatchesPane {
    about: About,
    /// Which lead is shown, by group and pattern.
    lead: Option<(String, String)>,
    list: ListState<LineKey>,
    filter: String,
    shift: usize,
    /// The line under the cursor as a tree, where it is about no request.
    tree: Option<(LineKey, Browser)>,
}

/// What the pane shows around its lines.
#[derive(Debug, PartialEq)]
pub struct MatchesView {
    /// The title.
    pub title: String,
    /// Where lines are looked for, and which of it is shown.
    pub leads: Vec<LeadRow>,
    /// What is wrong with what led here, if anything.
    pub trouble: Option<String>,
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
    /// The lines behind something.
    pub fn new(about: About) -> Self {
        Self { about, lead: None, list: ListState::new(), filter: String::new(), shift: 0, tree: None }
    }

    /// The lead whose lines are shown.
    fn shown<'i>(&self, inquiry: &'i Inquiry) -> Option<&'i Lead> {
        let chosen = |lead: &&Lead| self.lead.as_ref().is_some_and(|(g, p)| (g, p) == (&lead.group, &lead.pattern));
        inquiry.leads.iter().find(chosen).or_else(|| inquiry.leads.first())
    }

    fn answer<'a>(&self, inquiry: &Inquiry, cx: &Cx<'a>) -> Option<&'a Feed<Matches>> {
        cx.store.matches.get(&self.shown(inquiry)?.query(inquiry.span))
    }

    /// The lines that are shown, newest first.
    fn lines<'a>(&self, inquiry: &Inquiry, cx: &Cx<'a>) -> Vec<&'a LogEvent> {
        let Some(answer) = self.answer(inquiry, cx) else { return Vec::new() };
        let wanted = self.filter.to_lowercase();
        let lines = answer.data.lines.iter();
        lines.filter(|line| wanted.is_empty() || clean(&line.message).to_lowercase().contains(&wanted)).collect()
    }

    /// What is shown around the lines; `None` while nothing is known of what it is about.
    pub fn view(&self, cx: &Cx<'_>) -> Option<MatchesView> {
        let inquiry = self.about.inquire(cx)?;
        let shown = self.shown(&inquiry);
        let leads = inquiry.leads.iter().map(|lead| lead_row(lead, Some(lead) == shown)).collect();
        let filters = cx.store.health(SourceId::MetricFilters).trouble().filter(|_| !inquiry.metrics.is_empty());
        Some(MatchesView {
            title: format!("Lines behind {} · {}", inquiry.name, span_text(inquiry.span, cx)),
            leads,
            trouble: filters.map(|(error, _)| {
                format!("{}: whether metric filters make this metric of log lines is not known", clean(&error.brief()))
            }),
            foot: self.answer(&inquiry, cx).map(|answer| self.foot(&answer.data, &inquiry, cx)).unwrap_or_default(),
            empty: self.empty(&inquiry, cx),
        })
    }

    fn foot(&self, matches: &Matches, inquiry: &Inquiry, cx: &Cx<'_>) -> String {
        let (all, shown) = (matches.lines.len(), self.lines(inquiry, cx).len());
        let count = match (self.filter.is_empty(), all) {
            (true, 1) => "1 line".to_owned(),
            (true, _) => format!("{} lines, newest first", row::thousands(all)),
            (false, _) => format!("{} of {} lines · filter \"{}\"", shown, row::thousands(all), clean(&self.filter)),
        };
        let running = if matches.running { " so far · reading on" } else { "" };
        let unread = matches.unread.map(|(from, to)| {
            let text = |at| crate::text::time::moment(&cx.zone.at(at), &cx.zone.at(cx.now));
            format!(" · not read: {} to {}", text(from), text(to))
        });
        let pages = if matches.pages == 1 { "1 page" } else { &format!("{} pages", matches.pages) };
        format!("{count}{running}{} · {pages} of FilterLogEvents", unread.unwrap_or_default())
    }

    fn empty(&self, inquiry: &Inquiry, cx: &Cx<'_>) -> String {
        let why = |source| cx.store.health(source).trouble().map(|(error, _)| clean(&error.message).into_owned());
        match (self.answer(inquiry, cx), inquiry.waiting, self.shown(inquiry)) {
            (Some(answer), _, _) if answer.data.running => "reading …".to_owned(),
            (Some(answer), _, _) if !answer.data.lines.is_empty() => "no line passes the filter".to_owned(),
            (Some(_), _, _) => "no line matches in this stretch of time".to_owned(),
            (None, true, _) => "asking which metric filters feed it …".to_owned(),
            (None, false, Some(_)) => why(SourceId::Matches).unwrap_or_else(|| "reading …".to_owned()),
            (None, false, None) => {
                "no metric filter feeds it, and neither its dimensions nor the board name a log group: a [[metric]] of \
                 the board can say `log_group` and `pattern`"
                    .to_owned()
            }
        }
    }

    /// The health of what is shown.
    fn health<'a>(&self, inquiry: Option<&Inquiry>, cx: &Cx<'a>) -> &'a Health {
        let Some(inquiry) = inquiry else { return &cx.store.alarms.health };
        if inquiry.waiting {
            return cx.store.health(SourceId::MetricFilters);
        }
        if inquiry.leads.is_empty() {
            return &cx.store.alarms.health;
        }
        let general = cx.store.health(SourceId::Matches);
        match (general.trouble(), self.answer(inquiry, cx)) {
            (Some(_), _) | (None, None) => general,
            (None, Some(answer)) => &answer.health,
        }
    }

    /// Shows the lines of the next lead, or of the one before.
    fn turn(&mut self, forward: bool, inquiry: &Inquiry) -> Reaction {
        let count = inquiry.leads.len();
        let here = self.shown(inquiry).and_then(|shown| inquiry.leads.iter().position(|lead| lead == shown));
        let Some(here) = here.filter(|_| count > 1) else { return Reaction::Handled };
        let lead = &inquiry.leads[(here + if forward { 1 } else { count - 1 }) % count];
        self.lead = Some((lead.group.clone(), lead.pattern.clone()));
        self.list = ListState::new();
        Reaction::Handled
    }

    /// Goes to the next line that tells of a failure, or to the one before.
    fn step_to_failure(&mut self, forward: bool, keys: &[LineKey], lines: &[&LogEvent], cx: &Cx<'_>) {
        let Some(here) = self.list.sync(keys) else { return };
        let bad = |row: &usize| row::is_failure(lines[*row], cx);
        let found = if forward { (here + 1..lines.len()).find(bad) } else { (0..here).rev().find(bad) };
        if let Some(row) = found {
            self.list.select_row(row, keys);
        }
    }

    fn open(&mut self, keys: &[LineKey], lines: &[&LogEvent], cx: &Cx<'_>) -> Reaction {
        let Some(row) = self.list.sync(keys) else { return Reaction::Handled };
        if let Some(target) = open::target(&lines[row].message, cx.board) {
            return Reaction::Open(target);
        }
        let mut browser = Browser::default();
        let value = serde_json::from_str(&lines[row].message)
            .unwrap_or_else(|_| serde_json::Value::String(lines[row].message.trim_end().to_owned()));
        browser.show(vec![Root { id: "line".to_owned(), head: Vec::new(), value, open: true }]);
        self.tree = Some((keys[row], browser));
        Reaction::Handled
    }
}

/// What has to be asked to show the first of the lines behind something.
pub(super) fn wants(about: &About, cx: &Cx<'_>) -> Vec<Subscription> {
    MatchesPane::new(about.clone()).wants(cx)
}

/// How many lines are behind something, and where they are looked for.
pub(super) fn line_count(inquiry: &Inquiry, cx: &Cx<'_>) -> (String, String) {
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
            format!("{}{more} log line{}", row::thousands(count), if count == 1 { "" } else { "s" })
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

impl Pane for MatchesPane {
    fn title(&self, cx: &Cx<'_>) -> String {
        self.view(cx).map_or_else(|| "Lines".to_owned(), |view| view.title)
    }

    fn wants(&self, cx: &Cx<'_>) -> Vec<Subscription> {
        let mut wanted = self.about.wants(cx);
        if let Some(inquiry) = self.about.inquire(cx)
            && let Some(lead) = self.shown(&inquiry)
        {
            wanted.push(Subscription::Matches(lead.query(inquiry.span)));
        }
        wanted
    }

    fn on(&mut self, action: Action, cx: &Cx<'_>) -> Reaction {
        if let Some((_, browser)) = &mut self.tree {
            if action == Action::Back {
                self.tree = None;
                return Reaction::Handled;
            }
            return if browser.on(action) { Reaction::Handled } else { Reaction::Ignored };
        }
        let Some(inquiry) = self.about.inquire(cx) else { return Reaction::Ignored };
        let lines = self.lines(&inquiry, cx);
        let keys = row::keys(&lines);
        match action {
            Action::Open => return self.open(&keys, &lines, cx),
            Action::NextPane | Action::PreviousPane => return self.turn(action == Action::NextPane, &inquiry),
            Action::NextError | Action::PreviousError => {
                self.step_to_failure(action == Action::NextError, &keys, &lines, cx);
            }
            Action::Left => self.shift = self.shift.saturating_sub(STEP),
            Action::Right => self.shift += STEP,
            action if self.list.on(action, &keys) => {}
            _ => return Reaction::Ignored,
        }
        Reaction::Handled
    }

    fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, cx: &Cx<'_>) {
        draw::draw(self, frame.buffer_mut(), area, cx);
    }

    fn filter(&self) -> Option<&str> {
        Some(&self.filter)
    }

    fn set_filter(&mut self, text: &str, _cx: &Cx<'_>) {
        text.clone_into(&mut self.filter);
    }

    fn copied(&self, cx: &Cx<'_>) -> Option<String> {
        if let Some((_, browser)) = &self.tree {
            return browser.copied();
        }
        let inquiry = self.about.inquire(cx)?;
        let lines = self.lines(&inquiry, cx);
        let row = self.list.clone().sync(&row::keys(&lines))?;
        Some(clean(&lines[row].message).into_owned())
    }
}

#[cfg(test)]
mod tests;
