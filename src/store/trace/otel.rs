//! Spans in the form of OpenTelemetry, told as X-Ray's segments are.
//!
//! Transaction Search keeps spans in this form, and ListRetrievedTraces gives them so where it is asked to. Attributes are
//! the semantic conventions, in their old and new names, with the AWS ones of the AWS Distro; they are read as AWS's own
//! exporter writes them into segments (opentelemetry-collector-contrib, awsxrayexporter).

use serde_json::{Map, Value, json};

/// The attributes of a span and its resource; each that is told elsewhere is taken out.
struct Attributes {
    own: Map<String, Value>,
    resource: Map<String, Value>,
}

impl Attributes {
    /// Takes the first of these that there is.
    fn take(&mut self, names: &[&str]) -> Option<Value> {
        names.iter().find_map(|name| self.own.shift_remove(*name).or_else(|| self.resource.shift_remove(*name)))
    }

    fn text(&mut self, names: &[&str]) -> Option<String> {
        match self.take(names)? {
            Value::String(text) => Some(text).filter(|text| !text.is_empty()),
            Value::Array(items) => items.into_iter().find_map(|item| item.as_str().map(str::to_owned)),
            other => Some(other.to_string()),
        }
    }
}

/// The segment or subsegment that a span tells.
pub(super) fn segment(mut span: Map<String, Value>) -> Map<String, Value> {
    let resource = span.shift_remove("resource").and_then(|mut resource| Some(resource.get_mut("attributes")?.take()));
    let mut attributes = Attributes {
        own: plain(span.shift_remove("attributes").unwrap_or_default()),
        resource: plain(resource.unwrap_or_default()),
    };
    let kind = kind(span.get("kind"));
    let text = |key: &str| span.get(key).and_then(Value::as_str).filter(|text| !text.is_empty()).map(str::to_owned);
    let parent = text("parentSpanId");
    let own_name = text("name").unwrap_or_default();
    let is_segment = parent.is_none() || kind == "SERVER";
    let mut told = Map::new();
    let mut tell = |key: &str, value: Option<Value>| {
        if let Some(value) = value.filter(|value| !is_empty(value)) {
            told.insert(key.to_owned(), value);
        }
    };
    tell("id", text("spanId").map(Value::from));
    tell("trace_id", text("traceId").map(Value::from));
    tell("parent_id", parent.map(Value::from));
    let service = attributes.text(&["service.name"]);
    let remote = attributes.text(&["peer.service", "aws.remote.service"]);
    let is_aws = attributes.own.get("rpc.system").is_some_and(|system| system == "aws-api");
    let called = if is_aws { attributes.text(&["rpc.service", "aws.service"]) } else { None };
    let name = if is_segment { service } else { remote.or(called) };
    if name.as_ref().is_some_and(|name| *name != own_name) && !own_name.is_empty() {
        attributes.own.insert("name".to_owned(), own_name.clone().into());
    }
    tell("name", Some(name.unwrap_or(own_name).into()));
    tell("start_time", seconds(span.get("startTimeUnixNano")));
    let end = seconds(span.get("endTimeUnixNano"));
    tell("in_progress", end.is_none().then_some(Value::Bool(true)));
    tell("end_time", end);
    if is_segment {
        tell("origin", origin(attributes.text(&["cloud.platform"]).as_deref()));
    } else {
        tell("type", Some("subsegment".into()));
        let namespace = if is_aws { "aws" } else { "remote" };
        tell("namespace", matches!(kind, "CLIENT" | "PRODUCER").then(|| namespace.into()));
    }
    let http = http(&mut attributes);
    let status = http.pointer("/response/status").and_then(Value::as_u64);
    tell("http", Some(http));
    let events = list(span.get("events"));
    let said = span.get("status").and_then(|status| status.get("message")).and_then(Value::as_str);
    if has_failed(span.get("status")) {
        let word = if status.is_some_and(|status| (400..500).contains(&status)) { "error" } else { "fault" };
        tell(word, Some(Value::Bool(true)));
        tell("throttle", (status == Some(429)).then_some(Value::Bool(true)));
    }
    tell("cause", cause(&events, said));
    tell("sql", sql(&mut attributes));
    tell("aws", Some(aws(&mut attributes)));
    tell("links", span.get("links").map(|links| links_of(list(Some(links)))));
    // What AWS indexes it names; all else is as it came.
    let indexed = attributes.own.shift_remove("aws.xray.annotations");
    let indexed: Vec<String> = list(indexed.as_ref()).iter().filter_map(|key| Some(key.as_str()?.to_owned())).collect();
    let annotations = indexed.iter().filter_map(|key| Some((key.clone(), attributes.own.shift_remove(key)?)));
    let annotations: Map<String, Value> = annotations.collect();
    tell("annotations", Some(Value::Object(annotations)));
    let other = events.iter().filter(|event| event.get("name").is_none_or(|name| name != "exception"));
    let other: Vec<Value> = other.cloned().collect();
    let metadata = [
        ("attributes", Value::Object(attributes.own)),
        ("resource", Value::Object(attributes.resource)),
        ("events", Value::Array(other)),
    ];
    let metadata = metadata.into_iter().filter(|(_, value)| !is_empty(value));
    tell("metadata", Some(metadata.map(|(key, value)| (key.to_owned(), value)).collect::<Map<_, _>>().into()));
    told
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Object(fields) => fields.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
    }
}

/// Attributes as an object, from one or from OTLP's list of keys with typed values.
fn plain(attributes: Value) -> Map<String, Value> {
    match attributes {
        Value::Object(fields) => fields,
        Value::Array(items) => items
            .into_iter()
            .filter_map(|item| Some((item.get("key")?.as_str()?.to_owned(), untyped(item.get("value")?))))
            .collect(),
        _ => Map::new(),
    }
}

/// A value without OTLP's `stringValue`, `intValue` and the like around it.
fn untyped(value: &Value) -> Value {
    let Value::Object(fields) = value else { return value.clone() };
    match fields.iter().next() {
        Some((kind, Value::String(text))) if kind == "intValue" => {
            text.parse::<i64>().map_or_else(|_| text.as_str().into(), Value::from)
        }
        Some((kind, values)) if kind == "arrayValue" => list(values.get("values")).iter().map(untyped).collect(),
        Some((kind, values)) if kind == "kvlistValue" => {
            Value::Object(plain(values.get("values").cloned().unwrap_or_default()))
        }
        Some((kind, value)) if kind.ends_with("Value") && fields.len() == 1 => value.clone(),
        _ => value.clone(),
    }
}

fn list(value: Option<&Value>) -> Vec<Value> {
    value.and_then(Value::as_array).cloned().unwrap_or_default()
}

/// A span's kind, from its number or its name.
fn kind(value: Option<&Value>) -> &'static str {
    const KINDS: [&str; 6] = ["UNSPECIFIED", "INTERNAL", "SERVER", "CLIENT", "PRODUCER", "CONSUMER"];
    match value {
        Some(Value::Number(number)) => number.as_u64().and_then(|n| KINDS.get(n as usize)).copied(),
        Some(Value::String(name)) => KINDS.into_iter().find(|kind| name.to_ascii_uppercase().ends_with(kind)),
        _ => None,
    }
    .unwrap_or("UNSPECIFIED")
}

/// Nanoseconds since the epoch, a number or a text, in seconds; 0 stands for none.
fn seconds(value: Option<&Value>) -> Option<Value> {
    let nanos: u64 = match value? {
        Value::Number(number) => number.as_u64()?,
        Value::String(text) => text.parse().ok()?,
        _ => return None,
    };
    // X-Ray's times have microseconds at most.
    (nanos > 0).then(|| ((nanos as f64 / 1e3).round() / 1e6).into())
}

fn has_failed(status: Option<&Value>) -> bool {
    match status.and_then(|status| status.get("code")) {
        Some(Value::Number(code)) => code.as_u64() == Some(2),
        Some(Value::String(code)) => code.ends_with("ERROR") || code == "Error",
        _ => false,
    }
}

/// AWS's kinds of resource by OpenTelemetry's `cloud.platform`.
fn origin(platform: Option<&str>) -> Option<Value> {
    let origin = match platform? {
        "aws_ec2" => "AWS::EC2::Instance",
        "aws_ecs" => "AWS::ECS::Container",
        "aws_eks" => "AWS::EKS::Container",
        "aws_elastic_beanstalk" => "AWS::ElasticBeanstalk::Environment",
        "aws_lambda" => "AWS::Lambda::Function",
        "aws_app_runner" => "AWS::AppRunner::Service",
        _ => return None,
    };
    Some(origin.into())
}

/// Fields of a document from attributes: under a name, from the first attribute of some that there is.
fn fields(attributes: &mut Attributes, names: &[(&str, &[&str])]) -> Map<String, Value> {
    let field = |(name, from): &(&str, &[&str])| Some(((*name).to_owned(), attributes.take(from)?));
    names.iter().filter_map(field).collect()
}

fn http(attributes: &mut Attributes) -> Value {
    let request = fields(
        attributes,
        &[
            ("method", &["http.request.method", "http.method"]),
            ("url", &["url.full", "http.url", "url.path", "http.target"]),
            ("user_agent", &["user_agent.original", "http.user_agent"]),
            ("client_ip", &["client.address", "http.client_ip"]),
        ],
    );
    let response = fields(
        attributes,
        &[
            ("status", &["http.response.status_code", "http.status_code"]),
            ("content_length", &["http.response.body.size", "http.response_content_length"]),
        ],
    );
    let parts = [("request", request), ("response", response)].into_iter().filter(|(_, part)| !part.is_empty());
    Value::Object(parts.map(|(name, part)| (name.to_owned(), Value::Object(part))).collect())
}

fn sql(attributes: &mut Attributes) -> Option<Value> {
    /// Databases whose statements are no SQL.
    const OTHERS: [&str; 6] = ["dynamodb", "redis", "mongodb", "cassandra", "elasticsearch", "memcached"];
    let system = ["db.system", "db.system.name"].iter().find_map(|name| attributes.own.get(*name)?.as_str())?;
    if OTHERS.iter().any(|other| system.ends_with(other)) {
        return None;
    }
    let names: [(&str, &[&str]); 4] = [
        ("database_type", &["db.system.name", "db.system"]),
        ("url", &["db.connection_string"]),
        ("user", &["db.user"]),
        ("sanitized_query", &["db.query.text", "db.statement"]),
    ];
    Some(Value::Object(fields(attributes, &names)))
}

fn aws(attributes: &mut Attributes) -> Value {
    let mut aws = fields(
        attributes,
        &[
            ("operation", &["aws.operation", "rpc.method"]),
            ("region", &["aws.region", "cloud.region"]),
            ("account_id", &["cloud.account.id"]),
            ("request_id", &["aws.request_id", "aws.requestId"]),
            ("queue_url", &["aws.sqs.queue.url", "aws.sqs.queue_url", "aws.queue_url", "aws.queue.url"]),
            ("topic_arn", &["aws.sns.topic.arn"]),
            ("bucket_name", &["aws.s3.bucket"]),
            ("function_arn", &["faas.id", "cloud.resource_id"]),
        ],
    );
    if let Some(table) = attributes.text(&["aws.dynamodb.table_names", "aws.table_name"]) {
        aws.insert("table_name".to_owned(), table.into());
    }
    if let Some(groups) = attributes.take(&["aws.log.group.names"]) {
        let groups = match groups {
            Value::Array(groups) => groups,
            one => vec![one],
        };
        let groups = groups.into_iter().map(|group| json!({ "log_group": group }));
        aws.insert("cloudwatch_logs".to_owned(), groups.collect());
    }
    Value::Object(aws)
}

/// Exceptions from events, or from what the status says.
fn cause(events: &[Value], said: Option<&str>) -> Option<Value> {
    let exceptions = events.iter().filter(|event| event.get("name").is_some_and(|name| name == "exception"));
    let exceptions = exceptions.map(|event| {
        let attributes = plain(event.get("attributes").cloned().unwrap_or_default());
        let text = |key: &str| attributes.get(key).and_then(Value::as_str).unwrap_or_default();
        let message = text("exception.message");
        let lines = text("exception.stacktrace").lines().map(str::trim).filter(|line| !line.is_empty());
        // The first lines may only say type and message once more.
        let frames = lines.filter(|line| line.starts_with("at ") || line.starts_with("File "));
        let stack: Vec<Value> = frames.map(|line| json!({ "label": line.trim_start_matches("at ") })).collect();
        json!({ "type": text("exception.type"), "message": message, "stack": stack })
    });
    let mut exceptions: Vec<Value> = exceptions.collect();
    if exceptions.is_empty() {
        exceptions.extend(said.filter(|said| !said.is_empty()).map(|said| json!({ "message": said })));
    }
    (!exceptions.is_empty()).then(|| json!({ "exceptions": exceptions }))
}

fn links_of(links: Vec<Value>) -> Value {
    let plain_link = |mut link: Value| {
        if let Some(attributes) = link.get_mut("attributes") {
            *attributes = Value::Object(plain(attributes.take()));
        }
        link
    };
    links.into_iter().map(plain_link).collect()
}
