//! Changes to the estate: write events of CloudTrail.

use crate::clock::Time;

/// One write event.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// When it happened.
    pub at: Time,
    /// CloudTrail's `eventSource`, such as `lambda.amazonaws.com`.
    pub source: String,
    /// CloudTrail's `eventName`, such as `UpdateFunctionCode20150331v2`.
    pub event: String,
    /// Who: the role and session, or the user.
    pub who: String,
    /// What was changed, as far as the request parameters name it.
    pub what: String,
    /// CloudTrail's `errorCode`, where the change failed.
    pub error: Option<String>,
}
