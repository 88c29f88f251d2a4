//! What part of a caller's faults comes through one of its calls.

use crate::store::graph::{Edge, Service};

/// At most so much of the caller's faults comes through an edge: `≤ 42 %`. X-Ray counts calls that failed, but not which
/// of the caller's own faults they led to: some were tried again and went well.
pub(super) fn of_callers_faults(edge: &Edge, caller: &Service) -> Option<String> {
    let (here, all) = (edge.statistics.fault, caller.statistics.fault);
    if all == 0 {
        return None;
    }
    let share = (here as f64 * 100.0 / all as f64).min(100.0);
    Some(if share > 0.0 && share < 1.0 { "< 1 %".to_owned() } else { format!("≤ {share:.0} %") })
}
