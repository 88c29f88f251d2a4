//! How a command ends.

use std::process::ExitCode;

/// What becomes the exit status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// 0: done.
    Done,
    /// 1: nothing found, or with `--exit-code` something firing.
    Found,
    /// 2: bad usage or configuration.
    Misused,
    /// 3: AWS refused or unreachable.
    Refused,
    /// 128 and the signal's number: ended by a signal.
    Signal(i32),
}

impl From<Status> for ExitCode {
    fn from(status: Status) -> Self {
        Self::from(match status {
            Status::Done => 0,
            Status::Found => 1,
            Status::Misused => 2,
            Status::Refused => 3,
            Status::Signal(number) => u8::try_from(128 + number).unwrap_or(1),
        })
    }
}
