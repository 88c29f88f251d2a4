//! The time range of an X-Ray request.

use chrono::TimeDelta;

use super::INVALID;
use crate::clock::Time;
use crate::demo::Estate;
use crate::demo::wire::{ApiError, Wire};

/// A time range that was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Window {
    /// Its start.
    pub(super) from: Time,
    /// Its end as it was asked for.
    pub(super) end: Time,
    /// Its end, but no later than the present.
    pub(super) to: Time,
}

impl Window {
    /// Reads `StartTime` and `EndTime`; a range longer than `longest` is refused.
    pub(super) fn read(estate: &Estate, input: &Wire, longest: TimeDelta) -> Result<Self, ApiError> {
        let (Some(from), Some(end)) = (input.time("StartTime"), input.time("EndTime")) else {
            return Err(ApiError::bad(INVALID, "StartTime and EndTime are required"));
        };
        if from > end {
            return Err(ApiError::bad(INVALID, "Start time cannot be later than end time"));
        }
        if end - from > longest {
            let message = format!("Time range cannot be longer than {} hours", longest.num_hours());
            return Err(ApiError::bad(INVALID, message));
        }
        Ok(Self { from, end, to: end.min(estate.now()).max(from) })
    }
}
