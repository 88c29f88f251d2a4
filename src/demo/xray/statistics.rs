//! Counts, times and histograms as X-Ray writes them.

use crate::demo::wire::Wire;
use crate::store::graph::Statistics;

/// `SummaryStatistics` of a service or an edge: of the errors, throttles are told apart from the others.
pub(super) fn summary(statistics: &Statistics) -> Wire {
    let other = statistics.error.saturating_sub(statistics.throttle);
    Wire::map([
        ("OkCount", statistics.ok.into()),
        (
            "ErrorStatistics",
            Wire::map([
                ("ThrottleCount", statistics.throttle.into()),
                ("OtherCount", other.into()),
                ("TotalCount", statistics.error.into()),
            ]),
        ),
        (
            "FaultStatistics",
            Wire::map([("OtherCount", statistics.fault.into()), ("TotalCount", statistics.fault.into())]),
        ),
        ("TotalCount", statistics.total.into()),
        ("TotalResponseTime", statistics.total_time_s.into()),
    ])
}

/// A response-time histogram.
pub(super) fn histogram(statistics: &Statistics) -> Wire {
    let entries = statistics.histogram.iter();
    Wire::list(entries.map(|(value, count)| Wire::map([("Value", (*value).into()), ("Count", (*count).into())])))
}
