//! How much Logs answers at once.

/// CloudWatch Logs' quotas that a test or a benchmark may lift.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quotas {
    /// Events in a page of FilterLogEvents and GetLogEvents (API Reference: 10,000).
    pub page_events: usize,
    /// Bytes in such a page (API Reference: 1 MB).
    pub page_bytes: usize,
    /// Events looked at for one page, matching or not; a page that finds nothing among them is empty and has a token.
    pub scanned_events: usize,
    /// Events in a Live Tail update (API Reference: 500); beyond that it is a sample.
    pub tail_events: usize,
}

impl Default for Quotas {
    fn default() -> Self {
        Self { page_events: 10_000, page_bytes: 1 << 20, scanned_events: 50_000, tail_events: 500 }
    }
}

impl Quotas {
    /// Quotas out of the way, for the load that the budgets ask of a console's own part.
    pub const fn lifted() -> Self {
        Self { page_events: 1_000_000, page_bytes: 1 << 30, scanned_events: 2_000_000, tail_events: usize::MAX }
    }
}
