//! A request while its lines come in.

use std::cmp::Ordering;
use std::sync::Arc;

use compact_str::CompactString;

use crate::board::{FeedRules, Status};
use crate::clock::Time;
use crate::store::request::line::{Line, Use};
use crate::store::request::{Place, Request};

/// How much a line has to say: ends outrank starts, whichever came first; of two ends, the later one.
type Rank = i64;

/// Above every time in milliseconds that can be written.
const END: Rank = 1 << 60;

/// A request and the ranks of the lines that its values come from.
///
/// Every value is the greatest by (rank, value) of all lines, every time the least. Taking in a line is therefore
/// commutative, associative and idempotent: neither the order of lines nor a repeated one changes the row.
#[derive(Debug, Clone)]
pub(super) struct Row {
    pub(super) request: Request,
    /// The place of the line that decided where the request stands.
    pub(super) place: Place,
    /// When the request counts as having arrived: its start, or its end on a board that knows no starts.
    pub(super) arrived: Option<Time>,
    decided: Rank,
    /// Ranks of the columns, then of correlation and trace id.
    ranks: Box<[Rank]>,
}

impl Row {
    /// A row that has taken in nothing yet.
    pub(super) fn new(id: Arc<str>, serial: u64, columns: usize, place: Place) -> Self {
        let request = Request {
            id,
            status: Status::Pending,
            started: None,
            time: place.time(),
            columns: vec![CompactString::default(); columns],
            reason: None,
            latency_s: None,
            correlation_id: None,
            trace_id: None,
            serial,
        };
        Self { request, place, arrived: None, decided: Rank::MIN, ranks: vec![Rank::MIN; columns + 2].into() }
    }

    /// Takes in a line.
    pub(super) fn join(
        &mut self,
        line: &Line<'_, '_>,
        status: Status,
        (time, place): (Time, Place),
        rules: &FeedRules,
    ) {
        let rank = time.timestamp_millis() + if status == Status::Pending { 0 } else { END };
        let row = &mut self.request;
        if status == Status::Pending {
            row.started = Some(row.started.map_or(time, |seen| seen.min(time)));
        }
        if status == Status::Pending || !rules.has_starts() {
            self.arrived = Some(self.arrived.map_or(time, |seen| seen.min(time)));
        }
        let columns = row.columns.len();
        for (column, (slot, have)) in row.columns.iter_mut().zip(&mut self.ranks).enumerate() {
            if let Some(value) = line.text(Use::Column(column)) {
                raise(slot, have, &value, rank);
            }
        }
        let ids = [(&mut row.correlation_id, Use::Correlation), (&mut row.trace_id, Use::Trace)];
        for ((slot, what), have) in ids.into_iter().zip(self.ranks.iter_mut().skip(columns)) {
            if let Some(value) = line.text(what) {
                raise(slot.get_or_insert_default(), have, &value, rank);
            }
        }
        self.decide(line, status, (time, place), rank);
    }

    /// Lets the line decide where the request stands, if it outranks the one that has done so far.
    fn decide(&mut self, line: &Line<'_, '_>, status: Status, (time, place): (Time, Place), rank: Rank) {
        if rank < self.decided {
            return;
        }
        let row = &mut self.request;
        let reason = line.text(Use::Reason);
        let latency = line.number(Use::Latency);
        let new = (status, reason.as_deref(), latency);
        if rank == self.decided {
            match new.partial_cmp(&(row.status, row.reason.as_deref(), row.latency_s)) {
                Some(Ordering::Greater) => {}
                Some(Ordering::Equal) => {
                    // Whichever came first, the row stands at the same one of them.
                    self.place = self.place.max(place);
                    return;
                }
                Some(Ordering::Less) | None => return,
            }
        }
        self.decided = rank;
        self.place = place;
        row.status = status;
        row.time = time;
        row.reason = reason.map(|text| CompactString::from(text.as_ref()));
        row.latency_s = latency;
    }
}

/// Puts a value in place of one that is outranked.
fn raise(slot: &mut CompactString, have: &mut Rank, value: &str, rank: Rank) {
    if rank < *have || (rank == *have && value <= slot.as_str()) {
        return;
    }
    *have = rank;
    if *slot != *value {
        *slot = value.into();
    }
}
