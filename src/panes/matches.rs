//! The log lines behind a metric: those that its filter matches, in the stretch in which it went wrong.

use std::borrow::Cow;

use ratatui::Frame;
use ratatui::layout::Rect;

use super::inquiry::{About, Inquiry};
use super::request::browser::Browser;
use super::{Cx, Exported, Pane, Reaction, exported};
use crate::analysis::leads::Lead;
use crate::app::action::Action;
use crate::app::effect::Subscription;
use crate::insights::pattern::Pattern;
use crate::store::health::{Health, SourceId};
use crate::store::log::LogEvent;
use crate::text::clean;
use crate::widgets::list::ListState;
use crate::widgets::theme::Role;
use crate::widgets::tree::Root;

mod digest;
mod draw;
mod open;
mod reading;
mod row;
mod view;

use digest::Digest;
use reading::{Found, Reading};
pub use row::{LineKey, LineRow};
pub(super) use view::line_count;
pub use view::{LeadRow, MatchesView};

/// Cells by which `left` and `right` move the lines.
const STEP: usize = 20;

/// The log lines behind an alarm, a card, a chart or a metric. Enter opens the request that a line is about.
///
/// ```text
/// ┌ Lines behind HighFailureRate · 10:10 → now, 18m ────────────────────────────────────────────────────┐
/// │ ▸ TokenProvisioningFailure  { $.event = "TOKEN_PROVISION_FAILURE" }  in /aws/lambda/token-… · board │
/// │   TokenProvisioningSuccess  { $.event = "TOKEN_PROVISION_SUCCESS" }  in /aws/lambda/token-… · board │
/// │ 1,000 lines: 81 % reason=TSP_TIMEOUT (0 % before) · 8 % ISSUER_DECLINED (41 %) · 4 others           │
/// │                reason           latency  issuer        wallet     os                                │
/// │ 10:27:59.912 ✗ ISSUER_DECLINED    0.84s  DEMO_Bank     ApplePay   iOS 18      {"level":"ERROR","re… │
/// │ 10:27:59.871 ✗ TSP_TIMEOUT        24.4s  Contoso_Bank  GooglePay  Android 14  {"level":"ERROR","re… │
/// │ 1,000 lines, newest first · not read: 10:10:00 to 10:24:11; the end of the list reads on            │
/// │ {"level":"ERROR","requestId":"a1b2…", the line under the cursor, whole                              │
/// └─────────────────────────────────────────────────────────────────────────────────────────────────────┘
/// ```
///
/// The cursor begins on the newest line of what is new against the time before. What made a line match is marked. Beyond
/// the last line the next stretch is read; `sort` begins with the first line of all. Where there are several places to
/// look, `next-pane` goes round them.
#[derive(Debug)]
pub struct MatchesPane {
    about: About,
    /// Which lead is shown, by group and pattern.
    lead: Option<(String, String)>,
    reading: Reading,
    /// What follows from the lines as they were when it was last drawn.
    digest: Digest,
    list: ListState<LineKey>,
    /// Whether the cursor has found its place, or was moved: until then it goes where the lines tell most.
    placed: bool,
    filter: String,
    shift: usize,
    /// The line under the cursor as a tree, where it is about no request.
    tree: Option<(LineKey, Browser)>,
}

impl MatchesPane {
    /// The lines behind something.
    pub fn new(about: About) -> Self {
        Self {
            about,
            lead: None,
            reading: Reading::default(),
            digest: Digest::default(),
            list: ListState::new(),
            placed: false,
            filter: String::new(),
            shift: 0,
            tree: None,
        }
    }

    /// The lead whose lines are shown.
    fn shown<'i>(&self, inquiry: &'i Inquiry) -> Option<&'i Lead> {
        let chosen = |lead: &&Lead| self.lead.as_ref().is_some_and(|(g, p)| (g, p) == (&lead.group, &lead.pattern));
        inquiry.leads.iter().find(chosen).or_else(|| inquiry.leads.first())
    }

    /// What has been read.
    fn found<'a>(&self, inquiry: &Inquiry, cx: &Cx<'a>) -> Found<'a> {
        let Some(lead) = self.shown(inquiry) else { return Found::default() };
        self.reading.found(&self.reading.queries(lead, inquiry.span), cx)
    }

    /// The lines that pass the filter: those that have its text, or the value of a field as in `reason=TSP_TIMEOUT`.
    fn passing<'a>(&self, found: &Found<'a>) -> Vec<&'a LogEvent> {
        let wanted = self.filter.to_lowercase();
        let field = self.filter.split_once('=');
        let passes = |line: &&&LogEvent| {
            wanted.is_empty()
                || field.is_some_and(|(field, value)| digest::has(line, field, value))
                || clean(&line.message).to_lowercase().contains(&wanted)
        };
        found.lines.iter().filter(passes).copied().collect()
    }

    /// What follows from the lines: what is remembered, where it is of these.
    fn digest(&self, found: &Found<'_>, inquiry: &Inquiry, cx: &Cx<'_>) -> Cow<'_, Digest> {
        let Some(lead) = self.shown(inquiry) else { return Cow::Borrowed(&self.digest) };
        let before = lead.before(inquiry.span);
        let queries = self.reading.queries(lead, inquiry.span).into_iter().chain([before.clone()]);
        let of = queries.map(|query| {
            let answer = cx.store.matches.get(&query);
            (query, answer.and_then(|answer| answer.health.changed()), answer.map_or(0, |a| a.data.lines.len()))
        });
        let of: digest::Source = of.collect();
        if of == self.digest.of {
            return Cow::Borrowed(&self.digest);
        }
        let before = cx.store.matches.get(&before).map(|answer| &answer.data.lines[..]);
        Cow::Owned(Digest::new(of, &found.lines, before, cx))
    }

    /// Brings what is remembered up to date with the store, and puts the cursor where the lines tell most.
    fn keep_up(&mut self, found: &Found<'_>, inquiry: &Inquiry, cx: &Cx<'_>) {
        if let Cow::Owned(digest) = self.digest(found, inquiry, cx) {
            self.digest = digest;
        }
        if self.placed {
            return;
        }
        let lines = self.passing(found);
        self.list.select_row(self.digest.row(&lines), &row::keys(&lines));
        let compared = self.shown(inquiry).is_some_and(|lead| {
            let answer = cx.store.matches.get(&lead.before(inquiry.span));
            answer.is_some_and(|answer| !answer.data.running) || cx.store.health(SourceId::Matches).trouble().is_some()
        });
        self.placed = found.answered && !found.running && compared;
    }

    /// The health of what is shown.
    fn health<'a>(&self, inquiry: Option<&Inquiry>, cx: &Cx<'a>) -> &'a Health {
        let Some(inquiry) = inquiry else { return &cx.store.alarms.health };
        if inquiry.waiting {
            return cx.store.health(SourceId::MetricFilters);
        }
        let Some(lead) = self.shown(inquiry) else { return &cx.store.alarms.health };
        let queries = self.reading.queries(lead, inquiry.span);
        let general = cx.store.health(SourceId::Matches);
        match (general.trouble(), queries.first().and_then(|query| cx.store.matches.get(query))) {
            (Some(_), _) | (None, None) => general,
            (None, Some(answer)) => &answer.health,
        }
    }

    /// Begins anew: with other lines, or at their other end.
    fn begin(&mut self) {
        self.list = ListState::new();
        self.tree = None;
    }

    /// Shows the lines of the next lead, or of the one before.
    fn turn(&mut self, forward: bool, inquiry: &Inquiry) -> Reaction {
        let count = inquiry.leads.len();
        let here = self.shown(inquiry).and_then(|shown| inquiry.leads.iter().position(|lead| lead == shown));
        let Some(here) = here.filter(|_| count > 1) else { return Reaction::Handled };
        let lead = &inquiry.leads[(here + if forward { 1 } else { count - 1 }) % count];
        self.lead = Some((lead.group.clone(), lead.pattern.clone()));
        self.reading = Reading::default();
        self.placed = false;
        self.begin();
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

    /// Moves the cursor; from the last line on it reads what lies beyond it.
    fn step(&mut self, action: Action, keys: &[LineKey], inquiry: &Inquiry, cx: &Cx<'_>) -> Reaction {
        let here = self.list.sync(keys);
        if !self.list.on(action, keys) {
            return Reaction::Ignored;
        }
        self.placed = true;
        let is_last = keys.is_empty() || here == Some(keys.len() - 1);
        let down = [Action::Down, Action::Bottom, Action::PageDown, Action::HalfPageDown].contains(&action);
        if down
            && is_last
            && let Some(lead) = self.shown(inquiry)
        {
            self.reading.read_on(lead, inquiry.span, cx);
        }
        Reaction::Handled
    }

    fn open(&mut self, keys: &[LineKey], lines: &[&LogEvent], cx: &Cx<'_>) -> Reaction {
        let Some(row) = self.list.sync(keys) else { return Reaction::Handled };
        self.placed = true;
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

    /// Shows only the lines that are like the one under the cursor in what tells them apart, or all again.
    fn narrow(&mut self, keys: &[LineKey], lines: &[&LogEvent]) -> Reaction {
        let wanted = self.list.sync(keys).and_then(|row| self.digest.narrowed(lines[row]));
        match wanted {
            Some(wanted) if wanted != self.filter => self.filter = wanted,
            Some(_) | None => self.filter.clear(),
        }
        self.placed = true;
        Reaction::Handled
    }
}

/// What has to be asked to show the first of the lines behind something.
pub(super) fn wants(about: &About, cx: &Cx<'_>) -> Vec<Subscription> {
    let mut wanted = about.wants(cx);
    if let Some(inquiry) = about.inquire(cx) {
        wanted.extend(inquiry.leads.first().map(|lead| Subscription::Matches(lead.query(inquiry.span))));
    }
    wanted
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
            let queries = self.reading.queries(lead, inquiry.span).into_iter().chain([lead.before(inquiry.span)]);
            wanted.extend(queries.map(Subscription::Matches));
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
        let found = self.found(&inquiry, cx);
        self.keep_up(&found, &inquiry, cx);
        let lines = self.passing(&found);
        let keys = row::keys(&lines);
        match action {
            Action::Open => return self.open(&keys, &lines, cx),
            Action::NextPane | Action::PreviousPane => return self.turn(action == Action::NextPane, &inquiry),
            Action::NextError | Action::PreviousError => {
                self.placed = true;
                self.step_to_failure(action == Action::NextError, &keys, &lines, cx);
            }
            Action::Sort => {
                self.reading.turn(cx.now);
                self.placed = true;
                self.begin();
            }
            Action::Follow => return self.narrow(&keys, &lines),
            Action::Left => self.shift = self.shift.saturating_sub(STEP),
            Action::Right => self.shift += STEP,
            action => return self.step(action, &keys, &inquiry, cx),
        }
        Reaction::Handled
    }

    fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, cx: &Cx<'_>) {
        draw::draw(self, frame.buffer_mut(), area, cx);
    }

    fn stands_still(&self, cx: &Cx<'_>) -> Option<String> {
        self.about.stands_still(cx)
    }

    fn filter(&self) -> Option<&str> {
        Some(&self.filter)
    }

    fn set_filter(&mut self, text: &str, _cx: &Cx<'_>) {
        text.clone_into(&mut self.filter);
    }

    fn identifier(&self, _cx: &Cx<'_>) -> Option<String> {
        self.tree.as_ref().and_then(|(_, browser)| browser.scalar())
    }

    fn copied(&self, cx: &Cx<'_>) -> Option<String> {
        if let Some((_, browser)) = &self.tree {
            return browser.copied();
        }
        let inquiry = self.about.inquire(cx)?;
        let found = self.found(&inquiry, cx);
        let lines = self.passing(&found);
        let row = if self.placed {
            self.list.clone().sync(&row::keys(&lines))?
        } else {
            self.digest(&found, &inquiry, cx).row(&lines)
        };
        let line = lines.get(row)?;
        Some(clean(&line.message).into_owned())
    }

    fn exported(&self, cx: &Cx<'_>) -> Option<Exported> {
        let inquiry = self.about.inquire(cx)?;
        let lead = self.shown(&inquiry)?;
        let found = self.found(&inquiry, cx);
        let lines = self.passing(&found);
        let selected = self.list.clone().sync(&row::keys(&lines));
        let rows = lines.iter().map(|line| (line.time, lead.group.as_str(), &*line.message));
        Some(exported::lines(&self.title(cx), rows).at(selected))
    }
}

#[cfg(test)]
mod tests;
