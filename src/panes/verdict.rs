//! How verdicts look.

use crate::store::trace::Verdict;
use crate::widgets::theme::Role;

/// The colour of what went so.
pub(super) const fn role(verdict: Verdict) -> Role {
    match verdict {
        Verdict::Fault => Role::Fault,
        Verdict::Throttle => Role::Throttle,
        Verdict::Error => Role::Error,
        Verdict::Pending => Role::Pending,
        Verdict::Ok => Role::Segment,
    }
}
