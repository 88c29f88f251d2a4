//! Where one is in the feed, and what is in view around it.

use std::collections::BTreeSet;
use std::ops::Bound::{Excluded, Unbounded};

use crate::store::request::{Place, Request, Requests};

/// The cursor: follows the newest row, or stays with one request.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Cursor {
    /// The row it was put on, at its place of that time; `None` follows.
    on: Option<Place>,
    /// The line in view on which it stands, kept while rows come and go.
    line: usize,
    /// The row that stood under it when the screen was drawn; while it follows, keys mean the row that was seen.
    drawn: Option<Place>,
}

/// The rows in view.
#[derive(Debug, PartialEq)]
pub(super) struct InView {
    /// Their places, newest first.
    pub(super) places: Vec<Place>,
    /// The line of the cursor.
    pub(super) cursor: usize,
}

impl Cursor {
    /// Follows the newest row from now on.
    pub(super) fn follow(&mut self) {
        *self = Self::default();
    }

    /// Whether it follows.
    pub(super) const fn follows(&self) -> bool {
        self.on.is_none()
    }

    /// Where it stands now: with its request, or where that would be, or at the newest row.
    pub(super) fn place(&self, order: &BTreeSet<Place>, requests: &Requests) -> Option<Place> {
        let Some(put) = self.on.or(self.drawn) else { return order.last().copied() };
        let now = requests.get(put.serial).map_or(put, Request::place);
        if order.contains(&now) {
            return Some(now);
        }
        order.range(..put).next_back().or_else(|| order.range(put..).next()).copied()
    }

    /// Moves to older rows.
    pub(super) fn down(&mut self, order: &BTreeSet<Place>, requests: &Requests, by: usize, page: usize) {
        let Some(place) = self.place(order, requests) else { return };
        let mut steps = 0;
        let target = order.range(..place).rev().take(by).inspect(|_| steps += 1).last();
        self.on = Some(*target.unwrap_or(&place));
        self.line = (self.line + steps).min(page.saturating_sub(1));
    }

    /// Moves to newer rows.
    pub(super) fn up(&mut self, order: &BTreeSet<Place>, requests: &Requests, by: usize) {
        let Some(place) = self.place(order, requests) else { return };
        let newer = order.range((Excluded(place), Unbounded)).take(by).last();
        self.on = Some(*newer.unwrap_or(&place));
        self.line = self.line.saturating_sub(by);
    }

    /// Moves to the nearest wanted row among the older or the newer ones. While it follows, the row in view counts too:
    /// the first press lands on the newest wanted row.
    pub(super) fn seek(
        &mut self,
        order: &BTreeSet<Place>,
        requests: &Requests,
        later: bool,
        wanted: impl Fn(&&Place) -> bool,
    ) {
        let Some(place) = self.place(order, requests) else { return };
        let found = match (later, self.follows()) {
            (true, _) => order.range((Excluded(place), Unbounded)).find(wanted),
            (false, true) => order.range(..=place).rev().find(wanted),
            (false, false) => order.range(..place).rev().find(wanted),
        };
        let Some(found) = found else { return };
        // The row stays on its line where it is in view; otherwise the view moves just far enough.
        let (low, high) = if later { (place, *found) } else { (*found, place) };
        let distance = order.range(low..high).count();
        self.line = if later { self.line.saturating_sub(distance) } else { self.line + distance };
        self.on = Some(*found);
    }

    /// The rows that are in view in `height` lines. Costs as much as there are lines, however many rows there are.
    pub(super) fn in_view(&self, order: &BTreeSet<Place>, requests: &Requests, height: usize) -> InView {
        let anchor = if self.follows() { order.last().copied() } else { self.place(order, requests) };
        let Some(place) = anchor else { return InView { places: Vec::new(), cursor: 0 } };
        let line = self.line.min(height.saturating_sub(1));
        let mut places: Vec<Place> = order.range((Excluded(place), Unbounded)).take(line).copied().collect();
        let mut cursor = places.len();
        places.reverse();
        places.extend(order.range(..=place).rev().take(height - cursor.min(height)));
        if let (Some(top), missing @ 1..) = (places.first().copied(), height.saturating_sub(places.len())) {
            let mut above: Vec<Place> = order.range((Excluded(top), Unbounded)).take(missing).copied().collect();
            above.reverse();
            cursor += above.len();
            above.append(&mut places);
            places = above;
        }
        InView { places, cursor }
    }

    /// Remembers what was drawn.
    pub(super) fn seen(&mut self, view: &InView) {
        self.drawn = view.places.get(view.cursor).copied();
        if self.on.is_some() {
            self.on = self.drawn;
            self.line = view.cursor;
        }
    }
}
