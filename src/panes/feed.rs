//! The request feed: one row a request, newest first.

use std::collections::BTreeSet;

use ratatui::Frame;
use ratatui::layout::Rect;

use crate::app::action::Action;
use crate::app::effect::Subscription;
use crate::board::Status;
use crate::panes::{Cx, Exported, Pane, Reaction, Target, Zone, exported};
use crate::store::request::{Place, Request};
use crate::store::window::Span;
use crate::text::{clean, time};

mod columns;
mod cursor;
mod draw;
mod filter;
mod histogram;
mod matches;
mod view;

use columns::Needs;
use cursor::Cursor;
use filter::Filter;
use matches::Matches;
pub use view::FeedView;
pub(in crate::panes) use view::{NO_FEED, latency, status_role};

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
#[derive(Debug)]
pub struct Feed {
    extent: Extent,
    filter: Filter,
    matches: Matches,
    cursor: Cursor,
    needs: Needs,
    /// Rows in view when it was last drawn.
    page: usize,
    /// What led here, if anything.
    given: Option<Given>,
    /// Whether its filter has been taken over.
    is_begun: bool,
}

impl Feed {
    /// A feed that follows the newest request.
    pub fn new(extent: Extent) -> Self {
        Self {
            extent,
            filter: Filter::default(),
            matches: Matches::default(),
            cursor: Cursor::default(),
            needs: Needs::default(),
            page: 1,
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
        if !self.filter.is_empty() {
            self.matches.keep_up(&cx.store.requests, &self.filter, cx.zone);
        }
    }

    /// Shows what it was opened with.
    fn take_own_filter(&mut self, cx: &Cx<'_>) {
        let own = self.own_filter().unwrap_or_default().to_owned();
        self.set_filter(&own, cx);
    }

    /// The places of the rows that are shown, oldest first.
    fn order<'a>(&'a self, cx: &'a Cx<'_>) -> &'a BTreeSet<Place> {
        if self.filter.is_empty() { cx.store.requests.order() } else { self.matches.order() }
    }

    /// The request under the cursor.
    fn current<'a>(&self, cx: &Cx<'a>) -> Option<&'a Request> {
        let place = self.cursor.place(self.order(cx), &cx.store.requests)?;
        cx.store.requests.get(place.serial)
    }

    fn seek(&mut self, cx: &Cx<'_>, later: bool) {
        let requests = &cx.store.requests;
        let order = if self.filter.is_empty() { requests.order() } else { self.matches.order() };
        let failed =
            |place: &&Place| requests.get(place.serial).is_some_and(|request| request.status == Status::Failed);
        self.cursor.seek(order, requests, later, failed);
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
        let order = if self.filter.is_empty() { requests.order() } else { self.matches.order() };
        match action {
            Action::Open => {
                let Some(request) = self.current(cx) else { return Reaction::Handled };
                return Reaction::Open(Target::Request(request.id.to_string()));
            }
            Action::Back if self.filter.text() != self.own_filter().unwrap_or_default() => {
                self.take_own_filter(cx);
            }
            Action::Follow | Action::Top => self.cursor.follow(),
            Action::Bottom => self.cursor.down(order, requests, usize::MAX, self.page),
            Action::Down => self.cursor.down(order, requests, 1, self.page),
            Action::Up => self.cursor.up(order, requests, 1),
            Action::HalfPageDown => self.cursor.down(order, requests, (self.page / 2).max(1), self.page),
            Action::HalfPageUp => self.cursor.up(order, requests, (self.page / 2).max(1)),
            Action::PageDown => self.cursor.down(order, requests, self.page.max(1), self.page),
            Action::PageUp => self.cursor.up(order, requests, self.page.max(1)),
            Action::NextError => self.seek(cx, false),
            Action::PreviousError => self.seek(cx, true),
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
        Some(self.filter.text())
    }

    fn own_filter(&self) -> Option<&str> {
        self.given.as_ref().map(|given| given.filter.as_str())
    }

    fn set_filter(&mut self, text: &str, cx: &Cx<'_>) {
        self.filter = cx.board.feed.as_ref().map_or_else(Filter::default, |rules| Filter::parse(text, rules));
        self.matches.forget();
    }

    fn identifier(&self, cx: &Cx<'_>) -> Option<String> {
        let request = self.current(cx)?;
        Some(request.correlation_id.as_deref().unwrap_or(&request.id).to_owned())
    }

    fn copied(&self, cx: &Cx<'_>) -> Option<String> {
        let request = self.current(cx)?;
        Some(clean(&facts(request, cx.zone).join("\t")).into_owned())
    }

    fn exported(&self, cx: &Cx<'_>) -> Option<Exported> {
        let rules = cx.board.feed.as_ref()?;
        let shown = self.order(cx).iter().rev().filter_map(|place| cx.store.requests.get(place.serial));
        Some(exported::requests(rules, shown, self.current(cx)))
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
