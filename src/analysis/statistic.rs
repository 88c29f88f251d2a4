//! Which statistic of a metric people read.
//!
//! CloudWatch knows no default: its console takes `Average` for everything, which of a count says how often a report of
//! it held something, not how many there were. Each service's page in the CloudWatch documentation names the useful
//! statistic of each of its metrics; the words of their names say the same, but for those in `IRREGULAR`.

use super::math::{Expr, Kind};
use crate::store::series::{MetricQuery, MetricSource};

/// The statistic of what is counted.
const COUNTS: &str = "Sum";
/// The statistic of what is measured.
const MEASURES: &str = "Average";

/// Namespaces in which nothing is counted by datapoint: what has a total reports it as a gauge or as a rate.
const MEASURING: [&str; 3] = ["AWS/Kafka", "ContainerInsights", "ECS/ContainerInsights"];

/// Metrics whose names mislead; a name that ends in `*` stands for all that begin so.
const IRREGULAR: [(&str, &str, &str); 24] = [
    ("AWS/ApiGateway", "DataProcessed", COUNTS),
    ("AWS/ApplicationELB", "ActiveConnectionCount", COUNTS),
    ("AWS/EC2", "NetworkIn", COUNTS),
    ("AWS/EC2", "NetworkOut", COUNTS),
    ("AWS/ES", "AutomatedSnapshotFailure", MEASURES),
    ("AWS/ES", "KMSKeyError", MEASURES),
    ("AWS/ElastiCache", "NewConnections", COUNTS),
    ("AWS/ElastiCache", "Reclaimed", COUNTS),
    ("AWS/Firehose", "DeliveryToS3.Success", MEASURES),
    ("AWS/Kinesis", "PutRecord.Success", MEASURES),
    ("AWS/Kinesis", "GetRecords.Success", MEASURES),
    ("AWS/KinesisAnalytics", "fullRestarts", MEASURES),
    ("AWS/KinesisAnalytics", "numberOfFailedCheckpoints", MEASURES),
    ("AWS/S3", "NumberOfObjects", MEASURES),
    ("AWS/SES", "Bounce", COUNTS),
    ("AWS/SES", "Complaint", COUNTS),
    ("AWS/SES", "Delivery", COUNTS),
    ("AWS/SES", "Open", COUNTS),
    ("AWS/SES", "Reject", COUNTS),
    ("AWS/SES", "Send", COUNTS),
    ("AWS/Usage", "ResourceCount", MEASURES),
    ("AmazonMWAA", "ImportErrors", MEASURES),
    ("ECS/ContainerInsights", "RestartCount", COUNTS),
    ("Glue", "glue.driver.aggregate.*", COUNTS),
];

/// Words of what is measured: such a metric is no count, whatever else its name says.
const MEASURED: &str = " active age allocated approximate available average balance concurrent connected \
    cpu curr current delay depth desired duration elapsed executors free freshness healthy idle lag latency \
    length load max maximum memory min minimum offline open pending per percent percentage pressure queued rate ratio \
    remaining reserved running size status time ttl usage used utilization ";

/// Words of what is counted.
const COUNTED: &str = " aborted attempts blocks bounces bytes calls cmds completed consumed count deadlocks deleted denied \
    dropped errors error events evictions exceeded executions failed failure failures faults fault forwarded heartbeat \
    hits invocations matched messages misses notifications num operations ops orders packets processed published \
    receives records rejected rejections requests request restarts retries rejects sent starts started stopped \
    succeeded success successes throttle throttled throttles timed timeouts transactions triggered ";

/// The statistic that a metric is read by: `Sum` of what is counted, `Average` of what is measured.
pub fn usual(namespace: &str, name: &str) -> &'static str {
    let is = |listed: &str| match listed.strip_suffix('*') {
        Some(start) => name.starts_with(start),
        None => name == listed,
    };
    if let Some((_, _, statistic)) = IRREGULAR.iter().find(|(of, listed, _)| *of == namespace && is(listed)) {
        return statistic;
    }
    let words = words(name);
    let any = |list: &str| words.iter().any(|word| list.contains(&format!(" {word} ")));
    let number_of = words.windows(2).any(|pair| pair[0] == "number" && pair[1] == "of");
    let is_measured = MEASURING.contains(&namespace) || any(MEASURED);
    if !is_measured && (any(COUNTED) || number_of || words.iter().any(|word| is_status(word))) {
        COUNTS
    } else {
        MEASURES
    }
}

/// Whether the datapoints of what a query finds can be added up: sums and numbers of samples.
pub fn adds_up(query: &MetricQuery) -> bool {
    let is_total = |stat: &str| stat == "Sum" || stat == "SampleCount";
    match &query.source {
        MetricSource::Stat { stat, .. } => is_total(stat),
        MetricSource::Expression { text, .. } => {
            let head: String = text.split_whitespace().take(2).collect::<Vec<_>>().join(" ").to_uppercase();
            if head.starts_with("SELECT ") {
                return head.starts_with("SELECT SUM(") || head.starts_with("SELECT COUNT(");
            }
            let Ok(expr) = Expr::parse(text) else { return false };
            let Kind::Call(name, arguments) = &expr.root().kind else { return false };
            let stat = arguments.get(1).map(|argument| &argument.kind);
            name == "SEARCH" && matches!(stat, Some(Kind::Text(stat)) if is_total(stat))
        }
    }
}

/// `4xx`, `5XX`: answers of one kind.
fn is_status(word: &str) -> bool {
    matches!(word.as_bytes(), [b'1'..=b'5', b'x', b'x'])
}

/// The words of a name, in small letters: `NumberOfMessagesSent`, `pod_cpu_utilization`, `4XXError`.
fn words(name: &str) -> Vec<String> {
    let chars: Vec<char> = name.chars().collect();
    let mut words: Vec<String> = vec![String::new()];
    for (at, c) in chars.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|at| chars.get(at)).copied().unwrap_or(' ');
        let after = chars.get(at + 1).copied().unwrap_or(' ');
        // A word begins at a capital behind a small letter, and at the last of several that a small one follows.
        let begins = c.is_uppercase() && (before.is_lowercase() || (before.is_uppercase() && after.is_lowercase()));
        if begins || !c.is_alphanumeric() {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut().filter(|_| c.is_alphanumeric()) {
            word.extend(c.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::board::{preset, presets};

    #[test]
    fn counts_are_added_up_and_gauges_are_not() {
        let sums = [
            ("AWS/Lambda", "Errors"),
            ("AWS/Lambda", "Throttles"),
            ("AWS/Lambda", "Invocations"),
            ("AWS/Lambda", "ProvisionedConcurrencySpilloverInvocations"),
            ("AWS/Lambda", "DeadLetterErrors"),
            ("AWS/ApiGateway", "Count"),
            ("AWS/ApiGateway", "4XXError"),
            ("AWS/ApiGateway", "5xx"),
            ("AWS/ApplicationELB", "RequestCount"),
            ("AWS/ApplicationELB", "HTTPCode_Target_5XX_Count"),
            ("AWS/ApplicationELB", "ProcessedBytes"),
            ("AWS/DynamoDB", "ThrottledRequests"),
            ("AWS/DynamoDB", "ConsumedReadCapacityUnits"),
            ("AWS/Kinesis", "IncomingBytes"),
            ("AWS/Kinesis", "ReadProvisionedThroughputExceeded"),
            ("AWS/SQS", "NumberOfMessagesSent"),
            ("AWS/States", "ExecutionsTimedOut"),
            ("AWS/S3", "AllRequests"),
            ("TokenServices", "TokenProvisioningFailure"),
        ];
        let averages = [
            ("AWS/Lambda", "Duration"),
            ("AWS/Lambda", "ConcurrentExecutions"),
            ("AWS/Lambda", "IteratorAge"),
            ("AWS/ApiGateway", "Latency"),
            ("AWS/ApplicationELB", "HealthyHostCount"),
            ("AWS/ApplicationELB", "UnHealthyHostCount"),
            ("AWS/ApplicationELB", "TargetResponseTime"),
            ("AWS/CloudFront", "5xxErrorRate"),
            ("AWS/DynamoDB", "ProvisionedReadCapacityUnits"),
            ("AWS/DynamoDB", "SuccessfulRequestLatency"),
            ("AWS/EC2", "CPUUtilization"),
            ("AWS/EC2", "StatusCheckFailed"),
            ("AWS/ElastiCache", "BytesUsedForCache"),
            ("AWS/Kafka", "BytesInPerSec"),
            ("AWS/Kafka", "OfflinePartitionsCount"),
            ("AWS/RDS", "FreeStorageSpace"),
            ("AWS/RDS", "DatabaseConnections"),
            ("AWS/S3", "BucketSizeBytes"),
            ("AWS/SQS", "ApproximateNumberOfMessagesVisible"),
            ("ContainerInsights", "pod_number_of_container_restarts"),
            ("ECS/ContainerInsights", "RunningTaskCount"),
            ("N", "anything"),
        ];
        for (statistic, cases) in [(COUNTS, &sums[..]), (MEASURES, &averages[..])] {
            for (namespace, name) in cases {
                assert_eq!(usual(namespace, name), statistic, "{namespace} {name}");
            }
        }
    }

    #[test]
    fn what_presets_add_up_is_added_up() {
        let boards = presets().into_iter().filter_map(|name| preset(&name));
        let queries: Vec<MetricQuery> = boards.flat_map(|board| board.metrics.into_values()).collect();
        let mut read = 0;
        for query in &queries {
            let MetricSource::Stat { namespace, name, stat, .. } = &query.source else { continue };
            // Sums of latencies are divided by their number.
            if namespace.starts_with("AWS/") && stat != "p99" {
                assert_eq!(usual(namespace, name) == "Sum", stat == "Sum", "{namespace} {name}");
                read += 1;
            }
        }
        assert!(read > 2, "{queries:?}");
        for query in &queries {
            let MetricSource::Expression { text, .. } = &query.source else { continue };
            let quoted = |key: &str| text.split_once(key).and_then(|(_, rest)| rest.split('"').next());
            let namespace = quoted("Namespace=\"").or_else(|| text.split_once('{').map(|(_, rest)| namespace_of(rest)));
            let (Some(namespace), Some(name)) = (namespace, quoted("MetricName=\"")) else { continue };
            assert!(!adds_up(query) || usual(namespace, name) == "Sum", "{namespace} {name} in {text}");
        }
    }

    fn namespace_of(schema: &str) -> &str {
        schema.split([',', '}']).next().unwrap_or_default()
    }

    #[test]
    fn totals_add_up() {
        let expression = |text: &str| MetricQuery::expression(text, Vec::new(), 60);
        let cases = [
            (MetricQuery::stat("N", "A", &[], "Sum", 60), true),
            (MetricQuery::stat("N", "A", &[], "p99", 60), false),
            (expression("SEARCH('{A,B} c', 'Sum', 60)"), true),
            (expression("SEARCH('{A,B} c', 'Average')"), false),
            (expression("SELECT  SUM(a) FROM b GROUP BY c"), true),
            (expression("SELECT MAX(a) FROM b"), false),
            (expression("100 * a / b"), false),
        ];
        for (query, expected) in cases {
            assert_eq!(adds_up(&query), expected, "{query:?}");
        }
    }
}
