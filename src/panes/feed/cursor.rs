//! Where one is in the feed, and what is in view around it.

use super::rows::{Rows, Stop};
use crate::store::request::{Place, Requests};

/// The cursor: follows the newest row, or stays with one.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Cursor {
    /// The row it was put on; `None` follows.
    on: Option<On>,
    /// The line in view on which it stands, kept while rows come and go.
    line: usize,
    /// The row that stood under it when the screen was drawn; while it follows, keys mean the row that was seen.
    drawn: Option<On>,
}

/// A row at its place of some time; the place of a request changes when it ends.
#[derive(Debug, Clone, Copy)]
struct On {
    place: Place,
    serial: Option<u64>,
}

/// The rows in view.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct InView {
    /// Their places, newest first.
    pub(super) places: Vec<Place>,
    /// The line of the cursor.
    pub(super) cursor: usize,
}

impl On {
    fn at(place: Place, requests: &Requests) -> Self {
        Self { place, serial: requests.order().get(&place).copied() }
    }
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
    pub(super) fn place(&self, rows: Rows<'_>, requests: &Requests) -> Option<Place> {
        let Some(put) = self.on.or(self.drawn) else { return rows.newest() };
        let now = put.serial.and_then(|serial| requests.place(serial)).unwrap_or(put.place);
        if rows.contains(now) {
            return Some(now);
        }
        rows.older(put.place, Stop::Every).or_else(|| rows.newer(put.place, Stop::Every))
    }

    fn put(&mut self, place: Place, requests: &Requests) {
        self.on = Some(On::at(place, requests));
    }

    /// Moves to older rows.
    pub(super) fn down(&mut self, rows: Rows<'_>, requests: &Requests, by: usize, page: usize) {
        let Some(place) = self.place(rows, requests) else { return };
        let mut steps = 0;
        let target = rows.downwards(place).take(by).inspect(|_| steps += 1).last();
        self.put(target.unwrap_or(place), requests);
        self.line = (self.line + steps).min(page.saturating_sub(1));
    }

    /// Moves to the oldest row.
    pub(super) fn bottom(&mut self, rows: Rows<'_>, requests: &Requests, page: usize) {
        let Some(oldest) = rows.oldest() else { return };
        let distance = self.place(rows, requests).map_or(0, |place| rows.downwards(place).take(page).count());
        self.put(oldest, requests);
        self.line = (self.line + distance).min(page.saturating_sub(1));
    }

    /// Moves to newer rows.
    pub(super) fn up(&mut self, rows: Rows<'_>, requests: &Requests, by: usize) {
        let Some(place) = self.place(rows, requests) else { return };
        let newer = rows.upwards(place).take(by).last();
        self.put(newer.unwrap_or(place), requests);
        self.line = self.line.saturating_sub(by);
    }

    /// Moves to the nearest failure among the older or the newer ones. While it follows, the row in view counts too: the
    /// first press lands on the newest failure.
    pub(super) fn seek(&mut self, rows: Rows<'_>, requests: &Requests, later: bool, page: usize) {
        let Some(place) = self.place(rows, requests) else { return };
        let here = || rows.newer(place, Stop::Every).map_or(Place::before(i64::MAX), |above| above);
        let found = match (later, self.follows()) {
            (true, _) => rows.newer(place, Stop::Errors),
            (false, true) => rows.older(here(), Stop::Errors),
            (false, false) => rows.older(place, Stop::Errors),
        };
        if let Some(found) = found {
            self.go(found, place, rows, requests, page);
        }
    }

    /// Moves to a row. It stays on its line where it is in view; otherwise the view moves just far enough.
    pub(super) fn go(&mut self, to: Place, from: Place, rows: Rows<'_>, requests: &Requests, page: usize) {
        let most = page.max(1);
        if to > from {
            let distance = rows.upwards(from).take(most).take_while(|place| *place <= to).count();
            self.line = self.line.saturating_sub(distance);
        } else {
            self.line += rows.downwards(from).take(most).take_while(|place| *place >= to).count();
        }
        self.put(to, requests);
    }

    /// The rows that are in view in `height` lines. Costs as much as there are lines, however many rows there are.
    pub(super) fn in_view(&self, rows: Rows<'_>, requests: &Requests, height: usize) -> InView {
        let anchor = if self.follows() { rows.newest() } else { self.place(rows, requests) };
        let Some(place) = anchor else { return InView { places: Vec::new(), cursor: 0 } };
        let line = self.line.min(height.saturating_sub(1));
        let mut places: Vec<Place> = rows.upwards(place).take(line).collect();
        let mut cursor = places.len();
        places.reverse();
        let below = height - cursor.min(height);
        places.extend(std::iter::once(place).chain(rows.downwards(place)).take(below));
        if let (Some(top), missing @ 1..) = (places.first().copied(), height.saturating_sub(places.len())) {
            let mut above: Vec<Place> = rows.upwards(top).take(missing).collect();
            above.reverse();
            cursor += above.len();
            above.append(&mut places);
            places = above;
        }
        InView { places, cursor }
    }

    /// Remembers what was drawn.
    pub(super) fn seen(&mut self, view: &InView, requests: &Requests) {
        self.drawn = view.places.get(view.cursor).map(|place| On::at(*place, requests));
        if self.on.is_some() {
            self.on = self.drawn;
            self.line = view.cursor;
        }
    }
}
