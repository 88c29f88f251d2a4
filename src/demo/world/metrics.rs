//! The catalogue of published metrics.

use super::MetricName;
use super::resources::{self, Published};
use super::vocabulary::{COMBOS, ISSUERS, WALLETS};

/// The service's own namespace.
pub(super) const NAMESPACE: &str = "TokenServices";

/// What a metric is read off.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Series {
    /// A metric of the service, of one combination or rolled up.
    Tokens(Measure, Option<usize>),
    /// A metric that AWS publishes of a resource.
    Resource(Resource),
    /// A metric of a resource that does nothing else.
    Published(Published),
    /// What AWS rolls up over all resources: everything that these metrics publish.
    Across(Vec<MetricName>),
}

/// What the service and its metric filters measure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Measure {
    /// Attempts that started.
    Requests,
    /// Attempts that ended well; the metric filter counts the same.
    Success,
    /// Attempts that failed; the metric filter counts the same.
    Failure,
    /// How long attempts took that ended.
    Latency,
    /// How long attempts took that ended well.
    SuccessLatency,
    /// Tokens active at the minute's end.
    Active,
    /// Attempts in flight at the minute's end.
    Pending,
}

/// What AWS measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Resource {
    /// Lambda: attempts that started.
    Invocations,
    /// Lambda: 1 for each attempt that ended in a fault, 0 for the others.
    Errors,
    /// Lambda: milliseconds.
    Duration,
    /// Lambda: 0 for each attempt.
    Throttles,
    /// DynamoDB: reads refused.
    ThrottledReads,
    /// DynamoDB: half a unit for each read answered.
    ReadCapacity,
    /// API Gateway: 1 for each attempt that ended.
    ApiCount,
    /// API Gateway: 1 for each that ended in 4xx, 0 for the others.
    ApiClientErrors,
    /// API Gateway: 1 for each that ended in 5xx, 0 for the others.
    ApiServerErrors,
    /// API Gateway: milliseconds.
    ApiLatency,
    /// SQS: payments in the dead-letter queue.
    DeadLetters,
    /// MSK: messages that consumers are behind, over all partitions.
    SumOffsetLag,
    /// MSK: the same of the worst partition.
    MaxOffsetLag,
    /// MSK: how far replicas are behind, in milliseconds.
    ReplicationLatency,
    /// MSK: messages waiting in the replicator.
    MessageLag,
}

/// Metrics of the service that are published rolled up and by wallet and issuer.
const SERVICE: [(&str, Measure); 6] = [
    ("TokenProvisioningRequests", Measure::Requests),
    ("TokenProvisioningSuccess", Measure::Success),
    ("TokenProvisioningFailure", Measure::Failure),
    ("TokenProvisioningLatency", Measure::Latency),
    ("ActiveTokenCount", Measure::Active),
    ("TokenProvisioningPending", Measure::Pending),
];

/// Metrics of the metric filters.
const FILTERED: [(&str, Measure); 3] = [
    ("SuccessfulTokenProvisioning", Measure::Success),
    ("FailedTokenProvisioning", Measure::Failure),
    ("TokenProvisioningLatencyFromLogs", Measure::SuccessLatency),
];

/// Names and values.
type Dimensions = &'static [(&'static str, &'static str)];

/// The service's function.
const FUNCTION: Dimensions = &[("FunctionName", "token-provisioning-service")];
/// The service's table.
const TABLE: Dimensions = &[("TableName", "TokenStore")];
/// The service's API.
const API: Dimensions = &[("ApiName", "token-api")];
/// The payments' dead-letter queue.
const QUEUE: Dimensions = &[("QueueName", "payments-dlq")];
/// The payments' consumers.
const CONSUMERS: Dimensions =
    &[("Cluster Name", "payments"), ("Consumer Group", "payments-execution"), ("Topic", "payments")];
/// The payments' cluster.
const REPLICATOR: Dimensions = &[("ReplicatorName", "payments-eu"), ("Topic", "payments")];

/// Lambda's namespace.
const LAMBDA: &str = "AWS/Lambda";
/// What Lambda publishes across all functions, without dimensions.
const ACROSS_FUNCTIONS: [&str; 4] = ["Invocations", "Errors", "Throttles", "Duration"];

/// Metrics of AWS services.
const RESOURCES: [(&str, &str, Dimensions, Resource); 15] = [
    ("AWS/Lambda", "Invocations", FUNCTION, Resource::Invocations),
    ("AWS/Lambda", "Errors", FUNCTION, Resource::Errors),
    ("AWS/Lambda", "Duration", FUNCTION, Resource::Duration),
    ("AWS/Lambda", "Throttles", FUNCTION, Resource::Throttles),
    ("AWS/DynamoDB", "ThrottledRequests", TABLE, Resource::ThrottledReads),
    ("AWS/DynamoDB", "ConsumedReadCapacityUnits", TABLE, Resource::ReadCapacity),
    ("AWS/ApiGateway", "Count", API, Resource::ApiCount),
    ("AWS/ApiGateway", "4XXError", API, Resource::ApiClientErrors),
    ("AWS/ApiGateway", "5XXError", API, Resource::ApiServerErrors),
    ("AWS/ApiGateway", "Latency", API, Resource::ApiLatency),
    ("AWS/SQS", "ApproximateNumberOfMessagesVisible", QUEUE, Resource::DeadLetters),
    ("AWS/Kafka", "SumOffsetLag", CONSUMERS, Resource::SumOffsetLag),
    ("AWS/Kafka", "MaxOffsetLag", CONSUMERS, Resource::MaxOffsetLag),
    ("AWS/Kafka", "ReplicationLatency", REPLICATOR, Resource::ReplicationLatency),
    ("AWS/Kafka", "MessageLag", REPLICATOR, Resource::MessageLag),
];

/// Every metric and what it is read off.
#[derive(Debug)]
pub(super) struct Catalogue {
    names: Vec<MetricName>,
    series: Vec<Series>,
}

impl Catalogue {
    /// The whole catalogue, by namespace, name and dimensions.
    pub(super) fn new() -> Self {
        let mut all = Vec::new();
        for (name, measure) in SERVICE {
            all.push((metric(NAMESPACE, name, &[]), Series::Tokens(measure, None)));
            for combo in 0..COMBOS {
                let issuer = ISSUERS[combo % ISSUERS.len()].0;
                let wallet = WALLETS[combo / ISSUERS.len()].0;
                let dimensions = [("Issuer", issuer), ("WalletProvider", wallet)];
                all.push((metric(NAMESPACE, name, &dimensions), Series::Tokens(measure, Some(combo))));
            }
        }
        for (name, measure) in FILTERED {
            all.push((metric(NAMESPACE, name, &[]), Series::Tokens(measure, None)));
        }
        for (namespace, name, dimensions, resource) in RESOURCES {
            all.push((metric(namespace, name, dimensions), Series::Resource(resource)));
        }
        for (number, (resource, (name, shape))) in
            (0..).zip(resources::all().flat_map(|resource| resource.metrics.iter().map(move |row| (resource, row))))
        {
            let published = Series::Published(Published::new(*shape, number));
            all.push((metric(resource.namespace, name, resource.dimensions), published));
        }
        for name in ACROSS_FUNCTIONS {
            let functions = all.iter().map(|(metric, _)| metric).filter(|m| m.namespace == LAMBDA && m.name == name);
            let functions = functions.cloned().collect();
            all.push((metric(LAMBDA, name, &[]), Series::Across(functions)));
        }
        all.sort_by(|a, b| a.0.cmp(&b.0));
        let (names, series) = all.into_iter().unzip();
        Self { names, series }
    }

    /// Every metric.
    pub(super) fn names(&self) -> &[MetricName] {
        &self.names
    }

    /// What a metric is read off, `None` where there is no such metric.
    pub(super) fn series(&self, name: &MetricName) -> Option<&Series> {
        self.names.binary_search(name).ok().map(|place| &self.series[place])
    }
}

fn metric(namespace: &str, name: &str, dimensions: &[(&str, &str)]) -> MetricName {
    MetricName {
        namespace: namespace.to_owned(),
        name: name.to_owned(),
        dimensions: dimensions.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect(),
    }
}
