//! How one attempt spends its time: the calls behind it.

use super::dice::About;
use super::request::{Reason, Request};

/// How often the service asks the token store before it gives up.
pub(super) const READS: u32 = 3;

/// Reads of the token store that are throttled in an attempt; the store is short of capacity only in incidents, when
/// second attempts find it busy.
pub(super) fn throttled_reads(request: &Request<'_>) -> u32 {
    if request.outcome.reason() == Some(Reason::StoreThrottled) {
        return READS;
    }
    if !request.incident {
        return 0;
    }
    let chance = if request.second { 50 } else { 2 };
    u32::from(request.key.of(About::Throttle).below(100) < chance)
}
