//! The request feed: one row a request, newest first.

use std::collections::BTreeSet;

use ratatui::Frame;
use ratatui::layout::Rect;

use crate::analysis::filter::Filter;
use crate::analysis::math::MathError;
use crate::app::action::Action;
use crate::app::effect::Subscription;
use crate::app::scans::Wish;
use crate::board::Column;
use crate::panes::{Ask, Cx, Exported, Pane, Reaction, Target, Zone, exported};
use crate::store::lines::{Line, Reader};
use crate::store::request::{Place, Request};
use crate::store::window::Span;
use crate::text::{clean, time};

mod columns;
mod cursor;
mod draw;
mod fields;
mod filter;
mod histogram;
mod look;
mod matches;
mod rows;
mod shape;
mod view;

use columns::Needs;
use cursor::Cursor;
use look::Look;
use shape::Row;
pub use view::FeedView;
pub(in crate::panes) use view::{NO_FEED, latency, status_role};

/// Rows that are exported at once, the newest ones: they are put together between two keys.
const MOST_EXPORTED: usize = 50_000;

/// How much of the feed is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// Rows only: a part of the Overview.
    Small,
    /// A histogram on top, headings, every column that fits: a screen of its own.
    Full,
}

/// Which requests of the feed something else has led to.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Given {
    /// The filter.
    pub filter: String,
    /// The stretch of time in which they were counted; the feed may hold less of it.
    pub span: Option<Span>,
}

/// The request feed.
///
/// ```text
/// ┌ Requests · 2,391/min · following ─────────────────────────────────────────┐
/// │ 10:28:06.912 ✗ FAILED  corr_9f27c1 GooglePay Contoso_Bank  24.3s TSP_TIM… │
/// │ 10:28:06.871 ✓ SUCCESS corr_41ab09 ApplePay  DEMO_Bank     0.83s          │
/// │ 10:28:06.840 … PENDING corr_77d0e2 SamsungPay Northwind        —          │
/// │ 10:26:51.002 … PENDING corr_0c11d7 GooglePay Contoso_Bank 1m15s! overdue  │
/// └───────────────────────────────────────────────────────────────────────────┘
/// ```
///
/// It follows the newest row until the cursor is moved; from then on the cursor stays with its request. Columns give
/// way to a narrow pane from the left, so that what a board lists last stays longest.
///
/// On a screen of its own it reaches back over everything that is kept: requests older than the rows are read from their
/// lines, a filter looks through all of them, and one key shows the lines themselves, parsed or raw.
#[derive(Debug)]
pub struct Feed {
    look: Look,
    cursor: Cursor,
    needs: Needs,
    /// Rows in view when it was last drawn.
    page: usize,
    /// Columns that were chosen in place of the board's.
    chosen: Option<Vec<Column>>,
    marks: BTreeSet<Place>,
    /// Whether long lines go on below instead of being cut.
    is_wrapped: bool,
    /// The rows in view when it was last drawn, and the blocks they were read from.
    shown: Vec<Row>,
    reader: Reader,
    /// What led here, if anything.
    given: Option<Given>,
    /// Whether its filter has been taken over.
    is_begun: bool,
}

impl Feed {
    /// A feed that follows the newest request.
    pub fn new(extent: Extent) -> Self {
        Self {
            look: Look::new(extent),
            cursor: Cursor::default(),
            needs: Needs::default(),
            page: 1,
            chosen: None,
            marks: BTreeSet::new(),
            is_wrapped: false,
            shown: Vec::new(),
            reader: Reader::default(),
            given: None,
            is_begun: false,
        }
    }

    /// The requests that something else has led to, on the whole screen.
    pub fn of(given: Given) -> Self {
        Self { given: Some(given), ..Self::new(Extent::Full) }
    }

    /// Brings the matches up to date with the store.
    fn keep_up(&mut self, cx: &Cx<'_>) {
        if !std::mem::replace(&mut self.is_begun, true) && self.given.is_some() {
            self.take_own_filter(cx);
        }
        self.look.keep_up(cx);
    }

    /// Shows what it was opened with.
    fn take_own_filter(&mut self, cx: &Cx<'_>) {
        let own = self.own_filter().unwrap_or_default().to_owned();
        self.set_filter(&own, cx);
    }

    /// The columns between status and latency, or before a line's text.
    fn columns<'a>(&'a self, cx: &Cx<'a>) -> &'a [Column] {
        let board = || cx.board.feed.as_ref().map_or(&[][..], |rules| rules.columns.as_slice());
        self.chosen.as_deref().unwrap_or_else(board)
    }

    /// The row under the cursor.
    fn row(&self, cx: &Cx<'_>) -> Option<Row> {
        let rules = cx.board.feed.as_ref()?;
        let place = self.cursor.place(self.look.rows(cx), &cx.store.requests)?;
        Some(Row::read(place, cx.store, rules, self.look.shape, false, &mut Reader::default()))
    }

    /// The request under the cursor: of a line, the one that it is about.
    fn current(&self, cx: &Cx<'_>) -> Option<Request> {
        let row = self.row(cx)?;
        let of_line = || crate::store::request::read(cx.board.feed.as_ref()?, row.line.as_ref()?);
        row.request.or_else(of_line)
    }

    fn toggle_mark(&mut self, cx: &Cx<'_>) {
        let Some(place) = self.cursor.place(self.look.rows(cx), &cx.store.requests) else { return };
        if !self.marks.remove(&place) {
            self.marks.insert(place);
        }
    }

    /// Goes to the next older mark, from the oldest to the newest.
    fn next_mark(&mut self, cx: &Cx<'_>) {
        let (rows, requests) = (self.look.rows(cx), &cx.store.requests);
        let Some(from) = self.cursor.place(rows, requests) else { return };
        let older = self.marks.range(..from).rev().chain(self.marks.iter().rev());
        if let Some(to) = older.copied().find(|place| rows.contains(*place)) {
            self.cursor.go(to, from, rows, requests, self.page);
        }
    }

    /// Shows the same place in another shape.
    fn reshape(&mut self, cx: &Cx<'_>) {
        if self.look.extent == Extent::Small {
            return;
        }
        self.look.shape = self.look.shape.next();
        self.look.matches.forget();
        self.look.keep_up(cx);
    }
}

impl Pane for Feed {
    fn title(&self, _cx: &Cx<'_>) -> String {
        "Requests".to_owned()
    }

    fn wants(&self, cx: &Cx<'_>) -> Vec<Subscription> {
        cx.board.feed.iter().map(|_| Subscription::Feed).collect()
    }

    fn on(&mut self, action: Action, cx: &Cx<'_>) -> Reaction {
        self.keep_up(cx);
        let requests = &cx.store.requests;
        let (rows, page) = (self.look.rows(cx), self.page);
        match action {
            Action::Open => {
                let Some(request) = self.current(cx) else { return Reaction::Handled };
                return Reaction::Open(Target::Request(request.id.to_string()));
            }
            Action::Back if self.look.filter.text() != self.own_filter().unwrap_or_default() => {
                self.take_own_filter(cx);
            }
            Action::Follow | Action::Top => self.cursor.follow(),
            Action::Bottom => self.cursor.bottom(rows, requests, page),
            Action::Down => self.cursor.down(rows, requests, 1, page),
            Action::Up => self.cursor.up(rows, requests, 1),
            Action::HalfPageDown => self.cursor.down(rows, requests, (page / 2).max(1), page),
            Action::HalfPageUp => self.cursor.up(rows, requests, (page / 2).max(1)),
            Action::PageDown => self.cursor.down(rows, requests, page.max(1), page),
            Action::PageUp => self.cursor.up(rows, requests, page.max(1)),
            Action::NextError => self.cursor.seek(rows, requests, false, page),
            Action::PreviousError => self.cursor.seek(rows, requests, true, page),
            Action::Mark => self.toggle_mark(cx),
            Action::NextMark => self.next_mark(cx),
            Action::Shape if self.look.extent == Extent::Full => self.reshape(cx),
            Action::Wrap if self.look.shape.is_of_lines() => self.is_wrapped = !self.is_wrapped,
            _ => return Reaction::Ignored,
        }
        Reaction::Handled
    }

    fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, cx: &Cx<'_>) {
        self.settle(cx, area);
        let view = self.view(cx, area);
        draw::draw(&view, frame.buffer_mut(), area, cx);
    }

    fn filter(&self) -> Option<&str> {
        Some(self.look.filter.text())
    }

    fn own_filter(&self) -> Option<&str> {
        self.given.as_ref().map(|given| given.filter.as_str())
    }

    fn set_filter(&mut self, text: &str, cx: &Cx<'_>) {
        let typed = cx.board.feed.as_ref().map_or_else(Filter::default, |rules| Filter::parse(text, rules));
        let meant = self.look.filter.meant().to_owned();
        self.look.filter = std::mem::take(&mut self.look.filter).typed_over(typed);
        if self.look.filter.meant() != meant {
            self.look.matches.forget();
        }
    }

    fn is_filter_wrong(&self) -> bool {
        self.look.filter.error().is_some()
    }

    fn wish(&self, cx: &Cx<'_>) -> Option<Wish<'_>> {
        self.look.wish(cx)
    }

    fn prompt(&self, ask: Ask, cx: &Cx<'_>) -> Option<String> {
        let wanted = ask == Ask::Columns && self.look.extent == Extent::Full;
        let names = || self.columns(cx).iter().map(|column| column.field.as_str()).collect::<Vec<_>>().join(", ");
        wanted.then(names)
    }

    fn choices(&self, _ask: Ask, cx: &Cx<'_>) -> Vec<(String, String)> {
        let columns = self.columns(cx);
        let found = fields::discovered(&cx.store.tail).into_iter().map(|(path, share)| {
            let sign = if columns.iter().any(|column| column.field == path) { '-' } else { '+' };
            (format!("{sign} {path}"), format!("in {share} % of the newest lines"))
        });
        let own = ("board".to_owned(), "the board's own columns; these as a board's [feed] has them:".to_owned());
        let written = fields::written(columns).into_iter().map(|line| (line, String::new()));
        found.chain([own]).chain(written).collect()
    }

    fn answer(&mut self, _ask: Ask, text: &str, cx: &Cx<'_>) -> Result<(), MathError> {
        let board = cx.board.feed.as_ref().map_or(&[][..], |rules| rules.columns.as_slice());
        let mut columns = self.columns(cx).to_vec();
        if let Some(path) = text.strip_prefix("+ ") {
            columns.extend(fields::columns(path, board));
        } else if let Some(path) = text.strip_prefix("- ") {
            columns.retain(|column| column.field != path);
        } else if !fields::written(&columns).iter().any(|line| line == text) {
            columns = if text == "board" { board.to_vec() } else { fields::columns(text, board) };
        }
        self.chosen = (columns != board).then_some(columns);
        self.needs = Needs::default();
        Ok(())
    }

    fn identifier(&self, cx: &Cx<'_>) -> Option<String> {
        let request = self.current(cx)?;
        Some(request.correlation_id.as_deref().unwrap_or(&request.id).to_owned())
    }

    fn copied(&self, cx: &Cx<'_>) -> Option<String> {
        let row = self.row(cx)?;
        match (&row.request, &row.line) {
            (Some(request), _) => Some(clean(&facts(request, cx.zone).join("\t")).into_owned()),
            (None, Some(line)) => Some(clean(&line.text).into_owned()),
            (None, None) => None,
        }
    }

    fn exported(&self, cx: &Cx<'_>) -> Option<Exported> {
        let rules = cx.board.feed.as_ref()?;
        let rows = self.look.rows(cx);
        let mut reader = Reader::default();
        let places = rows.newest().into_iter().flat_map(|newest| std::iter::once(newest).chain(rows.downwards(newest)));
        let shown: Vec<Row> = places
            .take(MOST_EXPORTED)
            .map(|place| Row::read(place, cx.store, rules, self.look.shape, false, &mut reader))
            .collect();
        let exported = if self.look.shape.is_of_lines() {
            let group = |line: &Line| rules.log_groups.get(usize::from(line.group)).map_or("", String::as_str);
            let lines = shown.iter().filter_map(|row| row.line.as_ref());
            exported::lines("Log lines", lines.map(|line| (line.place.time(), group(line), &*line.text)))
        } else {
            exported::requests(rules, shown.iter().filter_map(|row| row.request.as_ref()))
        };
        let at = |place| shown.iter().position(|row| row.place == place);
        let marked = self.marks.iter().rev().filter_map(|place| at(*place)).collect();
        Some(Exported { marked, ..exported.at(self.cursor.place(rows, &cx.store.requests).and_then(at)) })
    }
}

/// All that a row knows, in words.
fn facts(request: &Request, zone: Zone) -> Vec<String> {
    let mut facts = vec![
        time::clock_ms(&zone.at(request.time)),
        request.status.name().to_owned(),
        request.id.to_string(),
        request.correlation_id.as_deref().unwrap_or_default().to_owned(),
    ];
    facts.extend(request.columns.iter().map(ToString::to_string));
    facts.push(request.latency_s.map(view::latency).unwrap_or_default());
    facts.push(request.reason.as_deref().unwrap_or_default().to_owned());
    facts.push(request.trace_id.as_deref().unwrap_or_default().to_owned());
    facts.retain(|fact| !fact.is_empty());
    facts.into_iter().map(|fact| clean(&fact).into_owned()).collect()
}

#[cfg(test)]
mod tests;
