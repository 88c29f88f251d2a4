//! Functions, containers, state machines and workflows.

use super::Resource;
use super::shape::Shape::{Constant, Events, Flags, Level, Rare, Tide, Times};

/// Lambda, ECS, EKS, Step Functions, Managed Airflow.
pub(super) const ALL: &[Resource] = &[
    Resource {
        namespace: "AWS/Lambda",
        dimensions: &[("FunctionName", "token-provisioning-service")],
        metrics: &[("ConcurrentExecutions", Tide { around: 58.0, noise: 0.15 })],
    },
    Resource {
        namespace: "AWS/Lambda",
        dimensions: &[("FunctionName", "payments-execution")],
        metrics: &[
            ("Invocations", Events(120.0)),
            ("Errors", Flags { a_minute: 120.0, share: 0.002 }),
            ("Throttles", Rare { one_in: 180, most: 2 }),
            ("Duration", Times { a_minute: 120.0, median: 210.0 }),
            ("ConcurrentExecutions", Tide { around: 2.0, noise: 0.4 }),
        ],
    },
    Resource {
        namespace: "AWS/Lambda",
        dimensions: &[("FunctionName", "payments-risk")],
        metrics: &[
            ("Invocations", Events(118.0)),
            ("Errors", Flags { a_minute: 118.0, share: 0.0005 }),
            ("Throttles", Rare { one_in: 600, most: 1 }),
            ("Duration", Times { a_minute: 118.0, median: 95.0 }),
            ("ConcurrentExecutions", Tide { around: 1.0, noise: 0.4 }),
        ],
    },
    Resource {
        namespace: "AWS/Lambda",
        dimensions: &[("FunctionName", "orders-ingest")],
        metrics: &[
            ("Invocations", Events(24.0)),
            ("Errors", Flags { a_minute: 24.0, share: 0.001 }),
            ("Throttles", Rare { one_in: 900, most: 1 }),
            ("Duration", Times { a_minute: 24.0, median: 38.0 }),
            ("ConcurrentExecutions", Constant(1.0)),
            ("IteratorAge", Times { a_minute: 24.0, median: 420.0 }),
        ],
    },
    Resource {
        namespace: "ECS/ContainerInsights",
        dimensions: &[("ClusterName", "payments"), ("ServiceName", "TokenizationService")],
        metrics: &[
            ("CpuUtilized", Tide { around: 1310.0, noise: 0.1 }),
            ("CpuReserved", Constant(4096.0)),
            ("MemoryUtilized", Level { around: 5220.0, noise: 0.02 }),
            ("MemoryReserved", Constant(8192.0)),
            ("RunningTaskCount", Constant(4.0)),
            ("DesiredTaskCount", Constant(4.0)),
            ("PendingTaskCount", Constant(0.0)),
            ("RestartCount", Rare { one_in: 400, most: 1 }),
        ],
    },
    Resource {
        namespace: "ECS/ContainerInsights",
        dimensions: &[("ClusterName", "payments"), ("ServiceName", "settlement")],
        metrics: &[
            ("CpuUtilized", Tide { around: 420.0, noise: 0.2 }),
            ("CpuReserved", Constant(1024.0)),
            ("MemoryUtilized", Level { around: 1610.0, noise: 0.03 }),
            ("MemoryReserved", Constant(2048.0)),
            ("RunningTaskCount", Constant(2.0)),
            ("DesiredTaskCount", Constant(2.0)),
            ("PendingTaskCount", Constant(0.0)),
            ("RestartCount", Rare { one_in: 900, most: 1 }),
        ],
    },
    Resource {
        namespace: "ContainerInsights",
        dimensions: &[("ClusterName", "risk-eks")],
        metrics: &[
            ("cluster_node_count", Constant(3.0)),
            ("cluster_failed_node_count", Constant(0.0)),
            ("node_cpu_utilization", Tide { around: 37.0, noise: 0.1 }),
            ("node_memory_utilization", Level { around: 61.0, noise: 0.03 }),
            ("node_filesystem_utilization", Level { around: 44.0, noise: 0.01 }),
            ("pod_cpu_utilization", Tide { around: 21.0, noise: 0.15 }),
            ("pod_memory_utilization", Level { around: 33.0, noise: 0.05 }),
        ],
    },
    Resource {
        namespace: "ContainerInsights",
        dimensions: &[("ClusterName", "risk-eks"), ("Namespace", "risk"), ("PodName", "scorer")],
        metrics: &[
            ("pod_number_of_container_restarts", Rare { one_in: 240, most: 1 }),
            ("pod_cpu_utilization", Tide { around: 26.0, noise: 0.2 }),
            ("pod_memory_utilization", Level { around: 38.0, noise: 0.05 }),
        ],
    },
    Resource {
        namespace: "AWS/States",
        dimensions: &[("StateMachineArn", "arn:aws:states:us-east-1:123456789012:stateMachine:settlement")],
        metrics: &[
            ("ExecutionsStarted", Events(12.0)),
            ("ExecutionsSucceeded", Events(11.9)),
            ("ExecutionsFailed", Rare { one_in: 25, most: 2 }),
            ("ExecutionsTimedOut", Rare { one_in: 500, most: 1 }),
            ("ExecutionsAborted", Rare { one_in: 900, most: 1 }),
            ("ExecutionThrottled", Constant(0.0)),
            ("ExecutionTime", Times { a_minute: 12.0, median: 4200.0 }),
        ],
    },
    Resource {
        namespace: "AWS/States",
        dimensions: &[("StateMachineArn", "arn:aws:states:us-east-1:123456789012:stateMachine:reconciliation")],
        metrics: &[
            ("ExecutionsStarted", Events(1.0)),
            ("ExecutionsSucceeded", Events(1.0)),
            ("ExecutionsFailed", Rare { one_in: 300, most: 1 }),
            ("ExecutionsTimedOut", Constant(0.0)),
            ("ExecutionsAborted", Constant(0.0)),
            ("ExecutionThrottled", Constant(0.0)),
            ("ExecutionTime", Times { a_minute: 1.0, median: 61_000.0 }),
        ],
    },
    Resource {
        namespace: "AmazonMWAA",
        dimensions: &[("Environment", "reporting"), ("Function", "Scheduler")],
        metrics: &[
            ("SchedulerHeartbeat", Events(12.0)),
            ("CriticalSectionDuration", Times { a_minute: 12.0, median: 14.0 }),
        ],
    },
    Resource {
        namespace: "AmazonMWAA",
        dimensions: &[("Environment", "reporting"), ("Function", "DAG Processing")],
        metrics: &[
            ("ImportErrors", Constant(1.0)),
            ("DagBagSize", Constant(37.0)),
            ("TotalParseTime", Level { around: 8.4, noise: 0.2 }),
        ],
    },
    Resource {
        namespace: "AmazonMWAA",
        dimensions: &[("DAG", "All"), ("Environment", "reporting"), ("Task", "All")],
        metrics: &[("TaskInstanceFailures", Rare { one_in: 30, most: 2 }), ("TaskInstanceSuccesses", Events(6.0))],
    },
    Resource {
        namespace: "AWS/MWAA",
        dimensions: &[("Environment", "reporting"), ("Queue", "executor")],
        metrics: &[
            ("QueuedTasks", Tide { around: 3.0, noise: 0.6 }),
            ("RunningTasks", Tide { around: 7.0, noise: 0.3 }),
            ("ApproximateAgeOfOldestTask", Level { around: 22.0, noise: 0.7 }),
        ],
    },
];
