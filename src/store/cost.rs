//! What the AWS calls cost.

/// Bytes of a gigabyte as AWS meters them.
pub const BYTES_PER_GB: f64 = 1_073_741_824.0;

/// Money spent and calls made.
#[derive(Debug, Clone, PartialEq)]
pub struct Spending {
    /// US dollars since the program started.
    pub session_usd: f64,
    /// US dollars an hour at the present subscriptions: what the poller's schedule will cost, not what it happened to.
    pub hourly_usd: f64,
    /// US dollars a gigabyte that Logs Insights scans.
    pub usd_per_scanned_gb: f64,
    /// Calls made, by `service:Operation`, in the order of first use.
    pub calls: Vec<(String, u64)>,
}

impl Default for Spending {
    fn default() -> Self {
        Self { session_usd: 0.0, hourly_usd: 0.0, usd_per_scanned_gb: 0.005, calls: Vec::new() }
    }
}
