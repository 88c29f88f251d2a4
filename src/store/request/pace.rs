//! How many requests a second came and ended: kept for longer than the rows themselves.

use std::collections::VecDeque;

use crate::board::Status;
use crate::clock::Time;

/// How many seconds are kept: three hours.
const KEPT_SECONDS: usize = 3 * 60 * 60;

/// What happened in one second.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Second {
    /// Epoch seconds.
    pub at: i64,
    /// Requests that arrived.
    pub arrived: u32,
    /// Requests that ended well.
    pub ok: u32,
    /// Requests that failed.
    pub failed: u32,
}

/// Counts by second, ascending; seconds without any are left out.
#[derive(Debug, Clone, Default)]
pub(super) struct Pace {
    seconds: VecDeque<Second>,
}

impl Pace {
    /// Moves a request's arrival, from where it was counted before.
    pub(super) fn arrive(&mut self, before: Option<Time>, after: Option<Time>) {
        if before == after {
            return;
        }
        self.change(before, |second| second.arrived = second.arrived.saturating_sub(1));
        self.change(after, |second| second.arrived += 1);
    }

    /// Moves a request's end, from where it was counted before.
    pub(super) fn end(&mut self, before: (Status, Time), after: (Status, Time)) {
        if before == after {
            return;
        }
        self.change(Some(before.1), |second| match before.0 {
            Status::Pending => {}
            Status::Success => second.ok = second.ok.saturating_sub(1),
            Status::Failed => second.failed = second.failed.saturating_sub(1),
        });
        self.change(Some(after.1), |second| match after.0 {
            Status::Pending => {}
            Status::Success => second.ok += 1,
            Status::Failed => second.failed += 1,
        });
    }

    fn change(&mut self, time: Option<Time>, change: impl FnOnce(&mut Second)) {
        let Some(at) = time.map(|time| time.timestamp()) else { return };
        let slot = match self.seconds.back() {
            Some(last) if last.at == at => self.seconds.len() - 1,
            _ => self.seconds.partition_point(|second| second.at < at),
        };
        if self.seconds.get(slot).is_none_or(|second| second.at != at) {
            if slot == 0 && self.seconds.len() >= KEPT_SECONDS {
                return;
            }
            self.seconds.insert(slot, Second { at, ..Second::default() });
        }
        if let Some(second) = self.seconds.get_mut(slot) {
            change(second);
        }
        if self.seconds.len() > KEPT_SECONDS {
            self.seconds.pop_front();
        }
    }

    /// The seconds in `[from, to)`, ascending.
    pub(super) fn range(&self, from: i64, to: i64) -> impl Iterator<Item = &Second> {
        let start = self.seconds.partition_point(|second| second.at < from);
        let end = self.seconds.partition_point(|second| second.at < to);
        self.seconds.range(start..end.max(start))
    }
}
