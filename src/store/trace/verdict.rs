//! How a span or a whole trace went, in one word.

/// How a span or a whole trace went, told by the worst of what X-Ray says of it. The flags hold side by side: a throttle
/// is an error to X-Ray, too, and a service that gives up over a refused call is a fault besides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// 5xx.
    Fault,
    /// 429.
    Throttle,
    /// Another 4xx.
    Error,
    /// It has not ended, and nothing failed so far.
    Pending,
    /// It ended well.
    Ok,
}

impl Verdict {
    /// That of what X-Ray flags.
    #[expect(clippy::fn_params_excessive_bools, reason = "each is a flag of X-Ray's, and any of them may hold")]
    pub const fn of(fault: bool, error: bool, throttle: bool, is_open: bool) -> Self {
        match (fault, throttle, error, is_open) {
            (true, ..) => Self::Fault,
            (_, true, ..) => Self::Throttle,
            (_, _, true, _) => Self::Error,
            (.., true) => Self::Pending,
            (.., false) => Self::Ok,
        }
    }

    /// Its name in tables.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Fault => "fault",
            Self::Throttle => "throttle",
            Self::Error => "error",
            Self::Pending => "in progress",
            Self::Ok => "ok",
        }
    }

    /// Whether something failed, by whoever's fault.
    pub const fn has_failed(self) -> bool {
        matches!(self, Self::Fault | Self::Throttle | Self::Error)
    }
}
