//! What is watched from outside.

use super::Resource;
use super::shape::Shape::{Constant, Flags, Level, Rare, Times};

/// Route 53 health checks, Synthetics canaries.
pub(super) const ALL: &[Resource] = &[
    Resource {
        namespace: "AWS/Route53",
        dimensions: &[("HealthCheckId", "1f2e3d4c-active-us-east-1")],
        metrics: &[("HealthCheckStatus", Constant(1.0)), ("HealthCheckPercentageHealthy", Constant(100.0))],
    },
    Resource {
        namespace: "AWS/Route53",
        dimensions: &[("HealthCheckId", "5a6b7c8d-passive-eu-west-1")],
        metrics: &[
            ("HealthCheckStatus", Constant(1.0)),
            ("HealthCheckPercentageHealthy", Level { around: 97.0, noise: 0.02 }),
        ],
    },
    Resource {
        namespace: "AWS/Route53",
        dimensions: &[("HealthCheckId", "1f2e3d4c-active-us-east-1"), ("Region", "us-east-1")],
        metrics: PROBES,
    },
    Resource {
        namespace: "AWS/Route53",
        dimensions: &[("HealthCheckId", "5a6b7c8d-passive-eu-west-1"), ("Region", "eu-west-1")],
        metrics: PROBES,
    },
    Resource {
        namespace: "CloudWatchSynthetics",
        dimensions: &[("CanaryName", "provision-a-card")],
        metrics: &[
            ("SuccessPercent", Level { around: 99.0, noise: 0.008 }),
            ("Duration", Times { a_minute: 1.0, median: 2_900.0 }),
            ("Failed", Rare { one_in: 160, most: 1 }),
            ("2xx", Flags { a_minute: 6.0, share: 0.99 }),
            ("4xx", Rare { one_in: 300, most: 1 }),
            ("5xx", Rare { one_in: 160, most: 1 }),
        ],
    },
    Resource {
        namespace: "CloudWatchSynthetics",
        dimensions: &[("CanaryName", "pay-with-a-token")],
        metrics: &[
            ("SuccessPercent", Constant(100.0)),
            ("Duration", Times { a_minute: 1.0, median: 1_700.0 }),
            ("Failed", Constant(0.0)),
            ("2xx", Flags { a_minute: 4.0, share: 1.0 }),
            ("4xx", Constant(0.0)),
            ("5xx", Constant(0.0)),
        ],
    },
];

const PROBES: &[(&str, super::Shape)] = &[
    ("ConnectionTime", Times { a_minute: 6.0, median: 24.0 }),
    ("TimeToFirstByte", Times { a_minute: 6.0, median: 71.0 }),
    ("SSLHandshakeTime", Times { a_minute: 6.0, median: 48.0 }),
];
