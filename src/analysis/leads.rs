//! Where the log lines behind a metric are: metric filters, what the board says, where a service logs by convention.

use chrono::TimeDelta;

use crate::board::Board;
use crate::store::Store;
use crate::store::alarm::{Alarm, AlarmKind};
use crate::store::graph::ServiceKey;
use crate::store::matches::{LineQuery, Reach};
use crate::store::series::{MetricQuery, MetricSource};
use crate::store::window::Span;

pub mod telling;

/// A metric, without statistic and period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Metric {
    /// Its namespace.
    pub namespace: String,
    /// Its name.
    pub name: String,
    /// Its dimensions.
    pub dimensions: Vec<(String, String)>,
}

/// Where lines are, and why they are looked for there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lead {
    /// The metric that the lines explain; empty where they explain something else.
    pub metric: String,
    /// The log group.
    pub group: String,
    /// The filter pattern; the empty one matches every line.
    pub pattern: String,
    /// How it is known.
    pub why: Why,
}

/// How a lead is known, the surest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// A metric filter of this name makes the metric of these very lines.
    Filter(String),
    /// The board says so.
    Board,
    /// The alarm itself reads the log group.
    Alarm,
    /// The local rule counts these lines.
    Rule,
    /// AWS's services log there unless they are told otherwise.
    Convention,
    /// The board's request feed: the lines that say that a request failed.
    Feed,
}

/// How long before a stretch the time ends that it is compared with, and how long that is.
const BEFORE: (TimeDelta, TimeDelta) = (TimeDelta::minutes(10), TimeDelta::minutes(30));

impl Lead {
    /// What to ask for its lines in a stretch of time.
    pub fn query(&self, span: Span) -> LineQuery {
        self.reading(span, Reach::Newest)
    }

    /// What to ask for its lines in a stretch of time, from one of its ends.
    pub fn reading(&self, span: Span, reach: Reach) -> LineQuery {
        LineQuery { group: self.group.clone(), pattern: self.pattern.clone(), span, reach }
    }

    /// What to ask for lines from before a stretch of time, to see what is new in it. Something goes wrong some time
    /// before an alarm's first period breaches: those minutes are left out.
    pub fn before(&self, span: Span) -> LineQuery {
        let to = span.from - BEFORE.0;
        self.reading(Span { from: to - BEFORE.1, to: Some(to) }, Reach::Sample)
    }
}

/// The metrics that a query stands on, in the order in which it names them.
pub fn metrics(query: &MetricQuery) -> Vec<Metric> {
    let mut found: Vec<Metric> = Vec::new();
    gather(query, &mut found);
    found
}

fn gather(query: &MetricQuery, found: &mut Vec<Metric>) {
    match &query.source {
        MetricSource::Stat { namespace, name, dimensions, .. } => {
            let metric = Metric { namespace: namespace.clone(), name: name.clone(), dimensions: dimensions.clone() };
            if !found.contains(&metric) {
                found.push(metric);
            }
        }
        MetricSource::Expression { inputs, .. } => inputs.iter().for_each(|(_, input)| gather(input, found)),
    }
}

/// The leads of metrics, those that tell of failure first. Where nothing is known of a metric, the board's feed stands in.
pub fn leads(metrics: &[Metric], board: &Board, store: &Store) -> Vec<Lead> {
    let mut found: Vec<Lead> = Vec::new();
    let mut ordered: Vec<&Metric> = metrics.iter().collect();
    ordered.sort_by_key(|metric| !tells_of_failure(&metric.name));
    for metric in ordered {
        for lead in of_metric(metric, board, store) {
            if !found.iter().any(|known| (&known.group, &known.pattern) == (&lead.group, &lead.pattern)) {
                found.push(lead);
            }
        }
    }
    if found.is_empty() {
        found.extend(of_feed(board));
    }
    found
}

/// The leads of an alarm on the results of a Logs Insights query: the log groups that it reads.
pub fn of_logs_alarm(alarm: &Alarm) -> Vec<Lead> {
    let AlarmKind::Logs(logs) = &alarm.kind else { return Vec::new() };
    let lead = |group: &String| Lead {
        metric: String::new(),
        group: group.trim_end_matches(":*").to_owned(),
        pattern: String::new(),
        why: Why::Alarm,
    };
    logs.log_groups.iter().map(lead).collect()
}

/// Where a service of X-Ray logs: as the board says of metrics about it, those that tell of failure first, else where its
/// type logs unless it is told otherwise.
pub fn of_service(key: &ServiceKey, board: &Board) -> Vec<Lead> {
    let mut found: Vec<Lead> = Vec::new();
    let counts_failures = |id: &str| {
        let metrics = board.metrics.get(id).map(metrics).unwrap_or_default();
        tells_of_failure(id) || metrics.iter().any(|metric| tells_of_failure(&metric.name))
    };
    let mut said: Vec<_> =
        board.evidence.iter().filter(|(_, evidence)| evidence.service.as_ref() == Some(&key.name)).collect();
    said.sort_by_key(|(id, _)| !counts_failures(id));
    for (_, evidence) in said {
        let feed = board.feed.iter().flat_map(|feed| &feed.log_groups);
        let groups: Vec<&String> = evidence.log_group.as_ref().map_or_else(|| feed.collect(), |group| vec![group]);
        let pattern = evidence.pattern.clone().unwrap_or_default();
        let leads = groups.into_iter().map(|group| Lead {
            metric: String::new(),
            group: group.clone(),
            pattern: pattern.clone(),
            why: Why::Board,
        });
        for lead in leads {
            if !found.contains(&lead) {
                found.push(lead);
            }
        }
    }
    if found.is_empty() {
        let group = match key.kind.as_str() {
            "AWS::Lambda" | "AWS::Lambda::Function" => Some(format!("/aws/lambda/{}", key.name)),
            "AWS::ApiGateway::Stage" => {
                let api = key.name.split_once('/').map_or(key.name.as_str(), |(api, _)| api);
                Some(format!("/aws/apigateway/{api}"))
            }
            "AWS::ECS::Container" | "AWS::ECS::Fargate" => Some(format!("/ecs/{}", key.name)),
            _ => None,
        };
        let lead = |group| Lead { metric: String::new(), group, pattern: String::new(), why: Why::Convention };
        found.extend(group.map(lead));
    }
    found
}

/// The name in X-Ray of the service that metrics are about, where it is known.
pub fn service(metrics: &[Metric], board: &Board) -> Option<String> {
    let said = |metric: &Metric| board.evidence_of(&metric.namespace, &metric.name)?.service.clone();
    let by_dimension = |metric: &Metric| {
        let wanted = ["FunctionName", "TableName", "ServiceName", "Service", "StateMachineName"];
        let value = |name: &str| metric.dimensions.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone());
        let stage = value("ApiName").zip(value("Stage")).map(|(api, stage)| format!("{api}/{stage}"));
        stage.or_else(|| wanted.into_iter().find_map(value)).or_else(|| value("ApiName"))
    };
    metrics.iter().find_map(said).or_else(|| metrics.iter().find_map(by_dimension))
}

fn of_metric(metric: &Metric, board: &Board, store: &Store) -> Vec<Lead> {
    let key = (metric.namespace.clone(), metric.name.clone());
    let filters = store.metric_filters.get(&key).map_or(&[][..], |feed| &feed.data);
    let lead = |group: &str, pattern: &str, why| Lead {
        metric: metric.name.clone(),
        group: group.to_owned(),
        pattern: pattern.to_owned(),
        why,
    };
    let mut found: Vec<Lead> = filters
        .iter()
        .map(|filter| lead(&filter.log_group, &filter.pattern, Why::Filter(filter.name.clone())))
        .collect();
    if let Some(evidence) = board.evidence_of(&metric.namespace, &metric.name) {
        let feed = board.feed.iter().flat_map(|feed| &feed.log_groups);
        let pattern = evidence.pattern.as_deref().unwrap_or_default();
        match (&evidence.log_group, evidence.pattern.is_some()) {
            (Some(group), _) => found.push(lead(group, pattern, Why::Board)),
            (None, true) => found.extend(feed.map(|group| lead(group, pattern, Why::Board))),
            (None, false) => {}
        }
    }
    if found.is_empty()
        && let Some((group, pattern)) = by_convention(metric)
    {
        found.push(lead(&group, pattern, Why::Convention));
    }
    found
}

/// What of a service's lines tells of failure, where its metric does.
const FAILURES: &str = "?ERROR ?Error ?Exception ?\"timed out\" ?FATAL";

/// Where a service logs unless it is told otherwise.
///
/// Source: the services' own guides, "Sending logs to CloudWatch Logs" of Lambda, API Gateway, ECS, RDS, Glue, CodeBuild,
/// Step Functions.
fn by_convention(metric: &Metric) -> Option<(String, &'static str)> {
    let value = |name: &str| metric.dimensions.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
    let group = match metric.namespace.as_str() {
        "AWS/Logs" => value("LogGroupName")?.to_owned(),
        "AWS/Lambda" | "LambdaInsights" => {
            format!("/aws/lambda/{}", value("FunctionName").or_else(|| value("function_name"))?)
        }
        "AWS/ApiGateway" => format!("/aws/apigateway/{}", value("ApiName").or_else(|| value("ApiId"))?),
        "AWS/ECS" | "ECS/ContainerInsights" => {
            format!("/ecs/{}", value("ServiceName").or_else(|| value("TaskDefinitionFamily"))?)
        }
        "AWS/RDS" => match value("DBClusterIdentifier") {
            Some(cluster) => format!("/aws/rds/cluster/{cluster}/error"),
            None => format!("/aws/rds/instance/{}/error", value("DBInstanceIdentifier")?),
        },
        "AWS/States" => {
            let machine = value("StateMachineArn")?;
            format!("/aws/vendedlogs/states/{}-Logs", machine.rsplit(':').next().unwrap_or(machine))
        }
        "AWS/CodeBuild" => format!("/aws/codebuild/{}", value("ProjectName")?),
        "Glue" => "/aws-glue/jobs/error".to_owned(),
        // A service's own metrics carry the function's name where Lambda's embedded metric format wrote them.
        _ => format!("/aws/lambda/{}", value("FunctionName").or_else(|| value("function_name"))?),
    };
    Some((group, if tells_of_failure(&metric.name) { FAILURES } else { "" }))
}

/// The feed's groups, and the lines in them that say that a request failed.
fn of_feed(board: &Board) -> Vec<Lead> {
    use crate::board::Status;
    let Some(rules) = &board.feed else { return Vec::new() };
    let quoted = |text: &str| text.replace('\\', "\\\\").replace('"', "\\\"");
    let failed = rules.statuses.iter().filter(|(_, status)| *status == Status::Failed);
    let field = &rules.event_field;
    let plain = field.chars().all(|c| c.is_ascii_alphanumeric() || "_-.".contains(c));
    let selector = if plain { format!("$.{field}") } else { format!("$.['{field}']") };
    let tests: Vec<String> = failed.map(|(event, _)| format!("{selector} = \"{}\"", quoted(event))).collect();
    if tests.is_empty() {
        return Vec::new();
    }
    let pattern = format!("{{ {} }}", tests.join(" || "));
    let lead =
        |group: &String| Lead { metric: String::new(), group: group.clone(), pattern: pattern.clone(), why: Why::Feed };
    rules.log_groups.iter().map(lead).collect()
}

/// Whether a metric counts what goes wrong, by its name.
fn tells_of_failure(name: &str) -> bool {
    let words = ["fail", "error", "fault", "timeout", "timedout", "throttl", "reject", "denied", "5xx", "4xx", "dead"];
    let name = name.to_ascii_lowercase();
    words.iter().any(|word| name.contains(word))
}

#[cfg(test)]
mod tests;
