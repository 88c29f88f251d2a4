//! Tables, databases, caches and APIs.

use super::Resource;
use super::shape::Shape::{Constant, Events, Flags, Level, Rare, Saw, Tide, Times};

/// API Gateway, DynamoDB, RDS and Aurora, ElastiCache, OpenSearch.
pub(super) const ALL: &[Resource] = &[
    Resource {
        namespace: "AWS/ApiGateway",
        dimensions: &[("ApiName", "payments-api")],
        metrics: &[
            ("Count", Events(120.0)),
            ("4XXError", Flags { a_minute: 120.0, share: 0.011 }),
            ("5XXError", Flags { a_minute: 120.0, share: 0.001 }),
            ("Latency", Times { a_minute: 120.0, median: 240.0 }),
            ("IntegrationLatency", Times { a_minute: 120.0, median: 226.0 }),
        ],
    },
    Resource {
        namespace: "AWS/DynamoDB",
        dimensions: &[("TableName", "TokenStore")],
        metrics: &[
            ("ConsumedWriteCapacityUnits", Events(2_340.0)),
            ("ProvisionedReadCapacityUnits", Constant(60.0)),
            ("ProvisionedWriteCapacityUnits", Constant(80.0)),
            ("ReadThrottleEvents", Rare { one_in: 120, most: 6 }),
            ("WriteThrottleEvents", Rare { one_in: 400, most: 3 }),
        ],
    },
    Resource {
        namespace: "AWS/DynamoDB",
        dimensions: &[("TableName", "PaymentLedger")],
        metrics: &[
            ("ConsumedReadCapacityUnits", Events(180.0)),
            ("ConsumedWriteCapacityUnits", Events(120.0)),
            ("ReadThrottleEvents", Constant(0.0)),
            ("WriteThrottleEvents", Constant(0.0)),
            ("ThrottledRequests", Constant(0.0)),
        ],
    },
    Resource {
        namespace: "AWS/DynamoDB",
        dimensions: &[("Operation", "GetItem"), ("TableName", "TokenStore")],
        metrics: &[
            ("SuccessfulRequestLatency", Times { a_minute: 600.0, median: 3.4 }),
            ("SystemErrors", Constant(0.0)),
        ],
    },
    Resource {
        namespace: "AWS/DynamoDB",
        dimensions: &[("Operation", "PutItem"), ("TableName", "TokenStore")],
        metrics: &[
            ("SuccessfulRequestLatency", Times { a_minute: 300.0, median: 5.1 }),
            ("SystemErrors", Rare { one_in: 700, most: 2 }),
        ],
    },
    Resource {
        namespace: "AWS/RDS",
        dimensions: &[("DBClusterIdentifier", "ledger-eu")],
        metrics: &[
            ("AuroraGlobalDBReplicationLag", Times { a_minute: 6.0, median: 86.0 }),
            ("AuroraGlobalDBRPOLag", Times { a_minute: 6.0, median: 94.0 }),
            ("AuroraGlobalDBDataTransferBytes", Tide { around: 910_000.0, noise: 0.1 }),
        ],
    },
    Resource { namespace: "AWS/RDS", dimensions: &[("DBInstanceIdentifier", "ledger-1")], metrics: INSTANCE },
    Resource { namespace: "AWS/RDS", dimensions: &[("DBInstanceIdentifier", "ledger-2")], metrics: INSTANCE },
    Resource {
        namespace: "AWS/RDS",
        dimensions: &[("DBInstanceIdentifier", "ledger-2")],
        metrics: &[("AuroraReplicaLag", Times { a_minute: 6.0, median: 19.0 })],
    },
    Resource {
        namespace: "AWS/RDS",
        dimensions: &[("DBInstanceIdentifier", "reports-replica")],
        metrics: &[
            ("ReplicaLag", Saw { most: 42.0, every: 55 }),
            ("CPUUtilization", Tide { around: 31.0, noise: 0.2 }),
            ("DatabaseConnections", Level { around: 14.0, noise: 0.2 }),
            ("FreeableMemory", Level { around: 3.1e9, noise: 0.03 }),
            ("FreeStorageSpace", Level { around: 84.0e9, noise: 0.002 }),
            ("ReadLatency", Times { a_minute: 6.0, median: 0.0011 }),
            ("WriteLatency", Times { a_minute: 6.0, median: 0.0024 }),
        ],
    },
    Resource {
        namespace: "AWS/ElastiCache",
        dimensions: &[("CacheClusterId", "sessions-001")],
        metrics: &[
            ("EngineCPUUtilization", Tide { around: 12.0, noise: 0.2 }),
            ("DatabaseMemoryUsagePercentage", Level { around: 58.0, noise: 0.02 }),
            ("CacheHits", Events(5_400.0)),
            ("CacheMisses", Events(310.0)),
            ("Evictions", Rare { one_in: 60, most: 8 }),
            ("CurrConnections", Level { around: 212.0, noise: 0.1 }),
            ("ReplicationLag", Constant(0.0)),
        ],
    },
    Resource {
        namespace: "AWS/ElastiCache",
        dimensions: &[("CacheClusterId", "sessions-002")],
        metrics: &[
            ("EngineCPUUtilization", Tide { around: 7.0, noise: 0.2 }),
            ("DatabaseMemoryUsagePercentage", Level { around: 57.0, noise: 0.02 }),
            ("CacheHits", Events(1_900.0)),
            ("CacheMisses", Events(120.0)),
            ("Evictions", Rare { one_in: 80, most: 5 }),
            ("CurrConnections", Level { around: 96.0, noise: 0.1 }),
            ("ReplicationLag", Level { around: 0.4, noise: 0.6 }),
        ],
    },
    Resource {
        namespace: "AWS/ES",
        dimensions: &[("ClientId", "123456789012"), ("DomainName", "payments-search")],
        metrics: &[
            ("ClusterStatus.green", Constant(1.0)),
            ("ClusterStatus.yellow", Constant(0.0)),
            ("ClusterStatus.red", Constant(0.0)),
            ("ClusterIndexWritesBlocked", Constant(0.0)),
            ("Nodes", Constant(3.0)),
            ("CPUUtilization", Tide { around: 33.0, noise: 0.2 }),
            ("JVMMemoryPressure", Saw { most: 74.0, every: 23 }),
            ("FreeStorageSpace", Level { around: 61_440.0, noise: 0.004 }),
            ("SearchRate", Tide { around: 420.0, noise: 0.1 }),
            ("SearchLatency", Times { a_minute: 6.0, median: 12.0 }),
            ("IndexingLatency", Times { a_minute: 6.0, median: 4.0 }),
            ("5xx", Rare { one_in: 90, most: 3 }),
        ],
    },
];

const INSTANCE: &[(&str, super::Shape)] = &[
    ("CPUUtilization", Tide { around: 38.0, noise: 0.15 }),
    ("DatabaseConnections", Tide { around: 74.0, noise: 0.1 }),
    ("FreeableMemory", Level { around: 6.4e9, noise: 0.02 }),
    ("Deadlocks", Rare { one_in: 300, most: 1 }),
    ("ReadLatency", Times { a_minute: 6.0, median: 0.0006 }),
    ("WriteLatency", Times { a_minute: 6.0, median: 0.0013 }),
    ("CommitLatency", Times { a_minute: 6.0, median: 3.1 }),
];
