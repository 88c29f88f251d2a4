//! Jobs over data.

use super::Resource;
use super::shape::Shape::{Constant, Events, Level, Rare, Saw, Tide, Times};

/// Glue, Managed Flink.
pub(super) const ALL: &[Resource] = &[
    Resource {
        namespace: "Glue",
        dimensions: &[("JobName", "orders-to-parquet"), ("JobRunId", "ALL"), ("Type", "count")],
        metrics: &[
            ("glue.driver.aggregate.recordsRead", Events(1_560.0)),
            ("glue.driver.aggregate.bytesRead", Tide { around: 354_000.0, noise: 0.08 }),
            ("glue.driver.aggregate.elapsedTime", Constant(60_000.0)),
            ("glue.driver.aggregate.numCompletedTasks", Events(48.0)),
            ("glue.driver.aggregate.numFailedTasks", Rare { one_in: 200, most: 1 }),
        ],
    },
    Resource {
        namespace: "Glue",
        dimensions: &[("JobName", "orders-to-parquet"), ("JobRunId", "ALL"), ("Type", "gauge")],
        metrics: &[
            ("glue.ALL.jvm.heap.usage", Level { around: 0.46, noise: 0.1 }),
            ("glue.ALL.system.cpuSystemLoad", Level { around: 0.31, noise: 0.2 }),
            ("glue.driver.ExecutorAllocationManager.executors.numberAllExecutors", Constant(4.0)),
        ],
    },
    Resource {
        namespace: "AWS/KinesisAnalytics",
        dimensions: &[("Application", "order-flood-detector")],
        metrics: &[
            ("uptime", Level { around: 8.1e8, noise: 0.0 }),
            ("downtime", Constant(0.0)),
            ("fullRestarts", Constant(2.0)),
            ("numberOfFailedCheckpoints", Constant(1.0)),
            ("lastCheckpointDuration", Times { a_minute: 1.0, median: 740.0 }),
            ("lastCheckpointSize", Level { around: 2.4e6, noise: 0.1 }),
            ("millisBehindLatest", Saw { most: 900.0, every: 7 }),
            ("numRecordsInPerSecond", Tide { around: 0.43, noise: 0.1 }),
            ("cpuUtilization", Tide { around: 22.0, noise: 0.2 }),
            ("heapMemoryUtilization", Level { around: 41.0, noise: 0.15 }),
            ("KPUs", Constant(2.0)),
        ],
    },
];
