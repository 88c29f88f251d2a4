//! Links: the resource behind a metric's dimensions, its log group, the pages of the web console.

use super::facts::Fact;
use crate::store::alarm::{Alarm, AlarmKind};
use crate::store::series::{MetricQuery, MetricSource};
use crate::text::clean;

/// A resource that a metric is of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resource {
    /// What it is, such as `Lambda function token-provisioning-service`.
    pub title: String,
    /// The log group that AWS writes its logs to, where the name is settled.
    pub log_group: Option<String>,
    /// Its page below the console's address: path and fragment, `{region}` to be filled in.
    page: String,
}

/// The links of an alarm: what it watches, where its logs are, and where the web console shows both.
pub(super) fn links(alarm: &Alarm) -> Vec<Fact> {
    let console = Console::of(&alarm.setup.arn);
    let mut links = Vec::new();
    let mut say = |label: &'static str, text: String| links.push(Fact { label, text: clean(&text).into_owned() });
    for resource in resources(alarm) {
        if let Some(group) = &resource.log_group {
            say("logs", group.clone());
        }
        match console.as_ref() {
            Some(console) => say("resource", format!("{} · {}", resource.title, console.url(&resource.page))),
            None => say("resource", resource.title),
        }
    }
    if let AlarmKind::Logs(logs) = &alarm.kind {
        logs.log_groups.iter().for_each(|group| say("logs", group.clone()));
    }
    if let Some(console) = console {
        let page = format!("cloudwatch/home?region={{region}}#alarmsV2:alarm/{}", encoded(&alarm.name));
        say("console", console.url(&page));
    }
    links
}

/// The resources behind what an alarm watches, each once.
pub fn resources(alarm: &Alarm) -> Vec<Resource> {
    let mut found: Vec<Resource> = Vec::new();
    if let Some(metric) = alarm.metric() {
        collect(&metric.query, &mut found);
    }
    found
}

fn collect(query: &MetricQuery, found: &mut Vec<Resource>) {
    match &query.source {
        MetricSource::Expression { inputs, .. } => inputs.iter().for_each(|(_, input)| collect(input, found)),
        MetricSource::Stat { namespace, dimensions, .. } => {
            if let Some(resource) = resource(namespace, dimensions)
                && !found.contains(&resource)
            {
                found.push(resource);
            }
        }
    }
}

/// A namespace, the dimension that names the resource, what it is called, its log group and its page; `{}` is the name.
type Row = (&'static str, &'static str, &'static str, Option<&'static str>, &'static str);

/// The resources of AWS's own namespaces (CloudWatch user guide, "AWS services that publish CloudWatch metrics").
const RESOURCES: [Row; 12] = [
    (
        "AWS/Lambda",
        "FunctionName",
        "Lambda function",
        Some("/aws/lambda/{}"),
        "lambda/home?region={region}#/functions/{}",
    ),
    ("AWS/DynamoDB", "TableName", "DynamoDB table", None, "dynamodbv2/home?region={region}#table?name={}"),
    ("AWS/SQS", "QueueName", "SQS queue", None, "sqs/v3/home?region={region}#/queues"),
    ("AWS/SNS", "TopicName", "SNS topic", None, "sns/v3/home?region={region}#/topics"),
    ("AWS/ApiGateway", "ApiName", "API Gateway API", None, "apigateway/main/apis?region={region}"),
    ("AWS/ApiGateway", "ApiId", "API Gateway API", None, "apigateway/main/api-detail?api={}&region={region}"),
    ("AWS/EC2", "InstanceId", "EC2 instance", None, "ec2/home?region={region}#InstanceDetails:instanceId={}"),
    (
        "AWS/RDS",
        "DBInstanceIdentifier",
        "RDS instance",
        Some("/aws/rds/instance/{}/error"),
        "rds/home?region={region}#database:id={}",
    ),
    (
        "AWS/Kinesis",
        "StreamName",
        "Kinesis stream",
        None,
        "kinesis/home?region={region}#/streams/details/{}/monitoring",
    ),
    ("AWS/ECS", "ServiceName", "ECS service", None, "ecs/v2/clusters?region={region}"),
    ("AWS/States", "StateMachineArn", "state machine", None, "states/home?region={region}#/statemachines/view/{}"),
    ("AWS/Kafka", "Cluster Name", "MSK cluster", None, "msk/home?region={region}#/clusters"),
];

fn resource(namespace: &str, dimensions: &[(String, String)]) -> Option<Resource> {
    RESOURCES.iter().filter(|row| row.0 == namespace).find_map(|(_, dimension, title, group, page)| {
        let (_, name) = dimensions.iter().find(|(key, _)| key == dimension)?;
        Some(Resource {
            title: format!("{title} {name}"),
            log_group: group.map(|group| group.replace("{}", name)),
            page: page.replace("{}", &encoded(name)),
        })
    })
}

/// The web console of a partition and region.
struct Console {
    host: &'static str,
    region: String,
}

impl Console {
    /// The console in which an ARN is found; `None` for what is no ARN of a region.
    fn of(arn: &str) -> Option<Self> {
        let mut parts = arn.split(':');
        let host = match (parts.next()?, parts.next()?) {
            ("arn", "aws") => "console.aws.amazon.com",
            ("arn", "aws-cn") => "console.amazonaws.cn",
            ("arn", "aws-us-gov") => "console.amazonaws-us-gov.com",
            (_, _) => return None,
        };
        let region = parts.nth(1).filter(|region| !region.is_empty())?.to_owned();
        Some(Self { host, region })
    }

    fn url(&self, page: &str) -> String {
        format!("https://{}.{}/{}", self.region, self.host, page.replace("{region}", &self.region))
    }
}

/// A digit from 0 to 15.
fn hex(digit: u8) -> char {
    char::from_digit(u32::from(digit), 16).unwrap_or('0').to_ascii_uppercase()
}

/// A name as a part of an address.
fn encoded(name: &str) -> String {
    let mut text = String::new();
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            text.push(char::from(byte));
        } else {
            text.extend(['%', hex(byte >> 4), hex(byte & 15)]);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::panes::incident;

    fn watching(query: MetricQuery, arn: &str) -> Vec<String> {
        let world = incident::live();
        let mut alarm = world.store.alarm("HighLatency").expect("an alarm").clone();
        alarm.name = "a b/ü".into();
        alarm.setup.arn = arn.into();
        if let AlarmKind::Metric(metric) = &mut alarm.kind {
            metric.query = query;
        }
        links(&alarm).into_iter().map(|fact| format!("{}: {}", fact.label, fact.text)).collect()
    }

    #[test]
    fn dimensions_lead_to_the_resource_its_logs_and_its_page() {
        let errors = MetricQuery::stat("AWS/Lambda", "Errors", &[("FunctionName", "pay-in")], "Sum", 60);
        let calls = MetricQuery::stat("AWS/Lambda", "Invocations", &[("FunctionName", "pay-in")], "Sum", 60);
        let rate = MetricQuery::expression("e/i", vec![("e".into(), errors), ("i".into(), calls)], 60);
        assert_eq!(
            watching(rate, "arn:aws:cloudwatch:eu-west-1:1:alarm:a"),
            [
                "logs: /aws/lambda/pay-in",
                "resource: Lambda function pay-in · https://eu-west-1.console.aws.amazon.com/lambda/home?region=eu-west-1#/functions/pay-in",
                "console: https://eu-west-1.console.aws.amazon.com/cloudwatch/home?region=eu-west-1#alarmsV2:alarm/a%20b%2F%C3%BC",
            ]
        );
        let own = MetricQuery::stat("TokenServices", "Requests", &[("Issuer", "x")], "Sum", 60);
        assert_eq!(watching(own, ""), Vec::<String>::new());
        let table = MetricQuery::stat("AWS/DynamoDB", "ThrottledRequests", &[("TableName", "T")], "Sum", 60);
        assert!(watching(table, "arn:aws-cn:cloudwatch:cn-north-1:1:alarm:a")[0].contains("console.amazonaws.cn"));
    }
}
