//! Which operation of which service a request calls, and in which protocol.

use std::fmt;

use http::request::Parts;
use http::{HeaderMap, header};

use super::{ApiError, Wire, cbor, json, query};

/// A service that the demo plays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Service {
    /// Amazon CloudWatch.
    CloudWatch,
    /// Amazon CloudWatch Logs.
    Logs,
    /// AWS X-Ray.
    XRay,
    /// AWS Security Token Service.
    Sts,
}

impl Service {
    /// The prefix of its IAM actions.
    pub const fn prefix(self) -> &'static str {
        match self {
            Self::CloudWatch => "cloudwatch",
            Self::Logs => "logs",
            Self::XRay => "xray",
            Self::Sts => "sts",
        }
    }
}

/// A wire protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Protocol {
    /// Smithy RPC v2 CBOR.
    Cbor,
    /// AWS JSON 1.0.
    Json10,
    /// AWS JSON 1.1.
    Json11,
    /// REST-JSON.
    RestJson,
    /// The query protocol with XML answers.
    Query,
}

/// One call, its body still to be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// The service.
    pub service: Service,
    /// The operation, such as `GetMetricData`.
    pub operation: String,
    /// The protocol.
    pub protocol: Protocol,
}

impl fmt::Display for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.service.prefix(), self.operation)
    }
}

const CBOR_PATH: &str = "/service/GraniteServiceVersion20100801/operation/";
const CLOUDWATCH_TARGET: &str = "GraniteServiceVersion20100801.";
const LOGS_TARGET: &str = "Logs_20140328.";

/// X-Ray's operations by path (AWS X-Ray API Reference).
const XRAY_PATHS: &[(&str, &str)] = &[
    ("/ServiceGraph", "GetServiceGraph"),
    ("/TimeSeriesServiceStatistics", "GetTimeSeriesServiceStatistics"),
    ("/TraceSummaries", "GetTraceSummaries"),
    ("/Traces", "BatchGetTraces"),
    ("/TraceGraph", "GetTraceGraph"),
    ("/GetTraceSegmentDestination", "GetTraceSegmentDestination"),
    ("/Groups", "GetGroups"),
    ("/GetGroup", "GetGroup"),
    ("/GetSamplingRules", "GetSamplingRules"),
    ("/InsightSummaries", "GetInsightSummaries"),
    ("/Insight", "GetInsight"),
    ("/InsightEvents", "GetInsightEvents"),
    ("/InsightImpactGraph", "GetInsightImpactGraph"),
    ("/StartTraceRetrieval", "StartTraceRetrieval"),
    ("/ListRetrievedTraces", "ListRetrievedTraces"),
    ("/TraceSegments", "PutTraceSegments"),
    ("/TelemetryRecords", "PutTelemetryRecords"),
    ("/SamplingTargets", "GetSamplingTargets"),
    ("/EncryptionConfig", "GetEncryptionConfig"),
];

/// Finds out what a request calls. `None` where its body has to tell: a form, whose `Action` field names the operation.
///
/// A request that no service of the demo would take is an error in the protocol that it seems to speak.
pub fn route(parts: &Parts) -> Result<Option<Call>, (Protocol, ApiError)> {
    let path = parts.uri.path();
    if let Some(operation) = path.strip_prefix(CBOR_PATH) {
        if parts.headers.get("smithy-protocol").is_none_or(|value| value != "rpc-v2-cbor") {
            let error = ApiError::bad("SerializationException", "The smithy-protocol header must be rpc-v2-cbor");
            return Err((Protocol::Cbor, error));
        }
        return Ok(Some(Call {
            service: Service::CloudWatch,
            operation: operation.to_owned(),
            protocol: Protocol::Cbor,
        }));
    }
    if let Some(target) = text(&parts.headers, "x-amz-target") {
        return by_target(target).map(Some);
    }
    if text(&parts.headers, header::CONTENT_TYPE.as_str()).is_some_and(|kind| kind.contains("x-www-form-urlencoded")) {
        return Ok(None);
    }
    match XRAY_PATHS.iter().find(|(known, _)| *known == path) {
        Some((_, operation)) => {
            Ok(Some(Call { service: Service::XRay, operation: (*operation).to_owned(), protocol: Protocol::RestJson }))
        }
        None => Err((Protocol::RestJson, unknown_operation(Protocol::RestJson, path))),
    }
}

fn by_target(target: &str) -> Result<Call, (Protocol, ApiError)> {
    if let Some(operation) = target.strip_prefix(CLOUDWATCH_TARGET) {
        let operation = operation.to_owned();
        return Ok(Call { service: Service::CloudWatch, operation, protocol: Protocol::Json10 });
    }
    if let Some(operation) = target.strip_prefix(LOGS_TARGET) {
        let operation = operation.to_owned();
        return Ok(Call { service: Service::Logs, operation, protocol: Protocol::Json11 });
    }
    Err((Protocol::Json11, unknown_operation(Protocol::Json11, target)))
}

/// The call that a form makes, and its fields. CloudWatch's old query protocol is refused with a sentence that says so.
pub fn by_form(body: &[u8]) -> Result<(Call, Wire), ApiError> {
    let form = query::decode(body)?;
    let action = form.text("Action").unwrap_or_default().to_owned();
    if form.text("Version") == Some("2011-06-15") {
        return Ok((Call { service: Service::Sts, operation: action, protocol: Protocol::Query }, form));
    }
    let message = format!(
        "{action} came in the query protocol, which this endpoint speaks for STS alone; \
         use a client that speaks AWS JSON or RPC v2 CBOR"
    );
    Err(ApiError::bad("InvalidAction", message))
}

/// AWS's answer to an operation that does not exist: its status depends on the protocol.
pub fn unknown_operation(protocol: Protocol, operation: &str) -> ApiError {
    let message = format!("The operation {operation} is not known to this endpoint");
    match protocol {
        Protocol::Cbor | Protocol::RestJson => ApiError::with_status(404, "UnknownOperationException", message),
        Protocol::Json10 | Protocol::Json11 => ApiError::bad("UnknownOperationException", message),
        Protocol::Query => ApiError::bad("InvalidAction", message),
    }
}

/// Decodes a body in this protocol.
pub fn decode(protocol: Protocol, body: &[u8]) -> Result<Wire, ApiError> {
    let value = match protocol {
        Protocol::Cbor => cbor::decode(body)?,
        Protocol::Json10 | Protocol::Json11 | Protocol::RestJson => json::decode(body)?,
        Protocol::Query => query::decode(body)?,
    };
    match value {
        Wire::Map(_) => Ok(value),
        Wire::Null | Wire::Bool(_) | Wire::Int(_) | Wire::Float(_) | Wire::Text(_) | Wire::Time(_) | Wire::List(_) => {
            Err(ApiError::bad("SerializationException", "The body is not a structure"))
        }
    }
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn routed(path: &str, headers: &[(&str, &str)]) -> Result<Option<String>, &'static str> {
        let mut request = http::Request::post(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let (parts, ()) = request.body(()).expect("a request").into_parts();
        match route(&parts) {
            Ok(call) => Ok(call.map(|call| format!("{call} {:?}", call.protocol))),
            Err((_, error)) => Err(error.code),
        }
    }

    /// Path, headers, and what they lead to.
    type Case<'a> = (&'a str, &'a [(&'a str, &'a str)], Result<Option<&'a str>, &'a str>);

    #[test]
    fn requests_find_their_operation() {
        let cbor = "/service/GraniteServiceVersion20100801/operation/GetMetricData";
        let form = ("content-type", "application/x-www-form-urlencoded; charset=utf-8");
        let cases: &[Case<'_>] = &[
            (cbor, &[("smithy-protocol", "rpc-v2-cbor")], Ok(Some("cloudwatch:GetMetricData Cbor"))),
            (cbor, &[], Err("SerializationException")),
            (
                "/",
                &[("x-amz-target", "GraniteServiceVersion20100801.ListMetrics")],
                Ok(Some("cloudwatch:ListMetrics Json10")),
            ),
            ("/", &[("x-amz-target", "Logs_20140328.StartQuery")], Ok(Some("logs:StartQuery Json11"))),
            ("/", &[("x-amz-target", "DynamoDB_20120810.Scan")], Err("UnknownOperationException")),
            ("/ServiceGraph", &[("content-type", "application/json")], Ok(Some("xray:GetServiceGraph RestJson"))),
            ("/", &[form], Ok(None)),
            ("/favicon.ico", &[], Err("UnknownOperationException")),
        ];
        for (path, headers, expected) in cases {
            assert_eq!(routed(path, headers), expected.map(|call| call.map(str::to_owned)), "{path} {headers:?}");
        }
    }

    #[test]
    fn forms_reach_sts_alone() {
        let (call, _) = by_form(b"Action=GetCallerIdentity&Version=2011-06-15").expect("a call");
        assert_eq!(call.to_string(), "sts:GetCallerIdentity");
        let refused = by_form(b"Action=GetMetricData&Version=2010-08-01").expect_err("refused");
        assert_eq!(refused.code, "InvalidAction");
    }
}
