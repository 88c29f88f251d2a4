//! What AWS charges for the calls that the sources make.

/// A price list.
///
/// The free allowances of a month are taken as unspent when the program starts: set them to 0 where others use them up.
#[derive(Debug, Clone, PartialEq)]
pub struct Prices {
    /// When and where these prices were seen.
    pub seen: &'static str,
    /// US dollars a metric requested by GetMetricData; never in the free tier.
    pub metric: f64,
    /// US dollars an API call of CloudWatch other than GetMetricData.
    pub call: f64,
    /// CloudWatch API calls that are free each month.
    pub free_calls: u64,
    /// US dollars a minute of Live Tail.
    pub tail_minute: f64,
    /// Minutes of Live Tail that are free each month.
    pub free_tail_minutes: f64,
    /// US dollars a gigabyte that Logs Insights scans; none is free.
    pub scanned_gb: f64,
    /// US dollars a trace that X-Ray retrieves.
    pub trace: f64,
    /// Traces that are free each month.
    pub free_traces: u64,
}

impl Prices {
    /// US East (N. Virginia), as public price lists of 2023–2026 give them.
    pub const US_EAST_1: Self = Self {
        seen: "us-east-1, 2026-01",
        metric: 0.01 / 1_000.0,
        call: 0.01 / 1_000.0,
        free_calls: 1_000_000,
        tail_minute: 0.01,
        free_tail_minutes: 1_800.0,
        scanned_gb: 0.005,
        trace: 0.50 / 1_000_000.0,
        free_traces: 1_000_000,
    };
}

impl Default for Prices {
    fn default() -> Self {
        Self::US_EAST_1
    }
}
