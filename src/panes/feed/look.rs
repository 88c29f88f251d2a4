//! What of the feed is looked at: its shape, its filter, and what the filter lets through.

use chrono::Offset;

use super::Extent;
use super::matches::Matches;
use super::rows::Rows;
use super::shape::Shape;
use crate::analysis::filter::Filter;
use crate::analysis::scan::Scope;
use crate::app::scans::Wish;
use crate::panes::Cx;
use crate::store::found::FindKey;

/// Rows that are judged at once on the whole screen.
const AT_ONCE: usize = 2_000;

/// What is looked at.
#[derive(Debug)]
pub(super) struct Look {
    pub(super) extent: Extent,
    pub(super) shape: Shape,
    pub(super) filter: Filter,
    pub(super) matches: Matches,
}

impl Look {
    pub(super) fn new(extent: Extent) -> Self {
        Self { extent, shape: Shape::default(), filter: Filter::default(), matches: Matches::default() }
    }

    /// Brings the matches up to date with the store.
    pub(super) fn keep_up(&mut self, cx: &Cx<'_>) {
        if !self.filter.is_empty() && !self.has_found(cx) {
            self.matches.keep_up(&cx.store.requests, &self.filter, cx.zone, self.reach());
        }
    }

    /// How many rows are judged at once. On the whole screen the lines are looked through elsewhere a moment later.
    const fn reach(&self) -> usize {
        match self.extent {
            Extent::Small => usize::MAX,
            Extent::Full => AT_ONCE,
        }
    }

    /// Whether all rows have been judged, and so can be counted.
    pub(super) fn is_counted(&self, cx: &Cx<'_>) -> bool {
        cx.store.requests.len() <= self.reach()
    }

    /// What has to be looked for among the lines: the whole screen reaches as far back as they do.
    pub(super) fn wish(&self, cx: &Cx<'_>) -> Option<Wish<'_>> {
        if self.extent == Extent::Small || self.filter.is_empty() || cx.board.feed.is_none() {
            return None;
        }
        Some(Wish { key: self.key(cx), filter: &self.filter })
    }

    fn key(&self, cx: &Cx<'_>) -> FindKey {
        let scope = if self.shape.is_of_lines() { Scope::Lines } else { Scope::Requests };
        let offset_s = cx.zone.at(cx.now).offset().fix().local_minus_utc();
        FindKey { text: self.filter.meant().to_owned(), scope, offset_s }
    }

    /// Whether the first answer has come to what is looked for. Until then what is known of requests stands in.
    pub(super) fn has_found(&self, cx: &Cx<'_>) -> bool {
        self.extent == Extent::Full
            && !self.filter.is_empty()
            && cx.store.found.key.as_deref().is_some_and(|key| *key == self.key(cx))
    }

    /// The rows.
    pub(super) fn rows<'a>(&'a self, cx: &Cx<'a>) -> Rows<'a> {
        let (requests, lines) = (&cx.store.requests, &cx.store.tail);
        match (self.filter.is_empty(), self.extent, self.shape) {
            (true, Extent::Small, _) => Rows::Kept(requests),
            (true, Extent::Full, Shape::Requests) => Rows::All(requests, lines),
            (true, Extent::Full, Shape::Parsed | Shape::Raw) => Rows::Lines(lines),
            (false, ..) if self.has_found(cx) => Rows::Found(requests, &cx.store.found),
            (false, ..) => Rows::Matched(requests, self.matches.order()),
        }
    }
}
