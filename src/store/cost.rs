//! What the AWS calls cost.

/// Money spent and calls made.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Spending {
    /// US dollars since the program started.
    pub session_usd: f64,
    /// US dollars an hour at the present subscriptions: what the poller's schedule will cost, not what it happened to.
    pub hourly_usd: f64,
    /// Calls made, by `service:Operation`, in the order of first use.
    pub calls: Vec<(String, u64)>,
}
