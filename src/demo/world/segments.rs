//! The segment documents of a trace, as X-Ray's BatchGetTraces returns them.

use serde_json::{Map, Value, json};

use crate::demo::Estate;

use super::card;
use super::core::{Core, TRIES, TRY_MS};
use super::dice::About;
use super::lines;
use super::node::Node;
use super::request::{Outcome, Reason, Request};
use super::steps::{Call, Steps, Verdict};
use super::text;
use super::trace::{METHOD, URL};

/// The documents of one attempt's trace: segment id and document, with what had happened by `now` (epoch milliseconds).
pub(super) fn documents(core: &Core, request: &Request<'_>, now: i64) -> Vec<(String, Value)> {
    let writer = Writer { core, request, steps: Steps::of(request), now };
    let documents = [Some(writer.gateway()), Some(writer.service()), writer.tokenization()];
    let with_id = |document: Value| {
        let id = document.get("id").and_then(Value::as_str).unwrap_or_default().to_owned();
        (id, document)
    };
    documents.into_iter().flatten().map(with_id).collect()
}

/// The HTTP status that the client of an attempt sees.
pub(super) const fn status(request: &Request<'_>) -> u16 {
    match request.outcome {
        Outcome::Success => 200,
        Outcome::Failure(reason) => reason.status(),
    }
}

/// What the service annotates a trace with.
pub(super) fn annotations(core: &Core, request: &Request<'_>) -> [(&'static str, String); 5] {
    let mut correlation = "corr_".to_owned();
    text::hex(&mut correlation, request.correlation(core.key), 13);
    [
        ("WalletProvider", request.cell.wallet_name().to_owned()),
        ("Issuer", request.cell.issuer_name().to_owned()),
        ("Os", request.cell.platform().os.to_owned()),
        ("CardBin", card::bin(request).to_owned()),
        ("correlationId", correlation),
    ]
}

/// The places of segments and subsegments, which their ids derive from.
#[derive(Clone, Copy)]
enum Place {
    Gateway,
    Invoke,
    Service,
    Read(u64),
    CallTokenization,
    Tokenization,
    Issuer,
    Try(u64),
    Exception(u64),
}

impl Place {
    const fn number(self) -> u64 {
        match self {
            Self::Gateway => 0,
            Self::Invoke => 1,
            Self::Service => 2,
            Self::CallTokenization => 3,
            Self::Tokenization => 4,
            Self::Issuer => 5,
            Self::Read(n) => 10 + n,
            Self::Try(n) => 20 + n,
            Self::Exception(n) => 30 + n,
        }
    }
}

struct Writer<'a> {
    core: &'a Core,
    request: &'a Request<'a>,
    steps: Steps,
    now: i64,
}

impl Writer<'_> {
    fn id(&self, place: Place) -> String {
        format!("{:016x}", self.request.key.of(About::Segment).with(place.number()).bits())
    }

    fn whole(&self) -> Call {
        Call { from: 0, to: self.request.took(), verdict: Verdict::of(self.request.outcome) }
    }

    /// When a call starts and whether it has ended by now.
    fn start(&self, call: Call) -> i64 {
        self.request.start + i64::from(call.from)
    }

    fn has_ended(&self, call: Call) -> bool {
        self.request.start + i64::from(call.to) <= self.now
    }

    /// Id, name and times of a segment or subsegment, with its flags once it has ended.
    fn base(&self, name: &str, place: Place, call: Call) -> Map<String, Value> {
        let mut document = Map::new();
        document.insert("id".to_owned(), self.id(place).into());
        document.insert("name".to_owned(), name.into());
        document.insert("start_time".to_owned(), seconds(self.start(call)));
        if !self.has_ended(call) {
            document.insert("in_progress".to_owned(), true.into());
            return document;
        }
        document.insert("end_time".to_owned(), seconds(self.request.start + i64::from(call.to)));
        let flags: &[&str] = match call.verdict {
            Verdict::Ok => &[],
            Verdict::Error => &["error"],
            Verdict::Throttle => &["error", "throttle"],
            Verdict::Fault => &["fault"],
        };
        for flag in flags {
            document.insert((*flag).to_owned(), true.into());
        }
        document
    }

    /// A segment of its own document.
    fn segment(&self, node: Node, place: Place, parent: Option<Place>, call: Call) -> Map<String, Value> {
        let mut document = self.base(node.name(), place, call);
        document.insert("trace_id".to_owned(), lines::trace_id_of(self.request).into());
        document.insert("origin".to_owned(), node.kind().into());
        if let Some(parent) = parent {
            document.insert("parent_id".to_owned(), self.id(parent).into());
        }
        document
    }

    /// A request and, once it has ended, its response.
    fn http(&self, call: Call, url: &str, status: u16) -> Value {
        let mut http = json!({ "request": { "method": METHOD, "url": url } });
        if self.has_ended(call) {
            http["response"] = json!({ "status": status });
        }
        http
    }

    fn gateway(&self) -> Value {
        let whole = self.whole();
        let mut root = self.segment(Node::Gateway, Place::Gateway, None, whole);
        let mut http = self.http(whole, URL, status(self.request));
        let host = self.request.client_key.of(About::Device).with(1).below(254) + 1;
        http["request"]["client_ip"] = format!("203.0.113.{host}").into();
        http["request"]["user_agent"] =
            format!("{}/4.2 ({})", self.request.cell.wallet_name(), self.request.device()).into();
        root.insert("http".to_owned(), http);
        root.insert(
            "aws".to_owned(),
            json!({ "account_id": Estate::ACCOUNT, "api_gateway": { "rest_api_id": "tok3n4p1", "stage": "prod" } }),
        );
        let mut invoke = self.base("Lambda", Place::Invoke, whole);
        invoke.insert("namespace".to_owned(), "aws".into());
        invoke.insert(
            "aws".to_owned(),
            json!({ "operation": "Invoke", "function_name": "token-provisioning-service", "region": Estate::REGION }),
        );
        invoke.insert(
            "http".to_owned(),
            self.http(whole, "https://lambda.us-east-1.amazonaws.com/", status(self.request)),
        );
        root.insert("subsegments".to_owned(), json!([invoke]));
        Value::Object(root)
    }

    fn service(&self) -> Value {
        let whole = self.whole();
        let mut segment = self.segment(Node::Service, Place::Service, Some(Place::Invoke), whole);
        segment.insert("http".to_owned(), self.http(whole, URL, status(self.request)));
        segment.insert(
            "aws".to_owned(),
            json!({
                "account_id": Estate::ACCOUNT,
                "function_arn": format!(
                    "arn:aws:lambda:{}:{}:function:token-provisioning-service", Estate::REGION, Estate::ACCOUNT),
                "cloudwatch_logs": [{ "log_group": super::logs::TOKENS }],
            }),
        );
        let annotated: Map<String, Value> = annotations(self.core, self.request)
            .into_iter()
            .map(|(key, value)| (key.to_owned(), value.into()))
            .collect();
        segment.insert("annotations".to_owned(), annotated.into());
        let mut called: Vec<Value> =
            (0..).zip(self.steps.reads()).filter_map(|(n, call)| self.read(n, *call)).collect();
        if let Some(call) = self.steps.tokenization.filter(|call| self.start(*call) <= self.now) {
            let mut document = self.base(Node::Tokenization.name(), Place::CallTokenization, call);
            document.insert("namespace".to_owned(), "remote".into());
            let url = "https://tokenization.internal.example.com/v1/tokens";
            document.insert("http".to_owned(), self.http(call, url, status(self.request)));
            called.push(document.into());
        }
        self.explain(&mut segment, whole);
        segment.insert("subsegments".to_owned(), called.into());
        Value::Object(segment)
    }

    fn read(&self, number: u64, call: Call) -> Option<Value> {
        if self.start(call) > self.now {
            return None;
        }
        let mut document = self.base("DynamoDB", Place::Read(number), call);
        document.insert("namespace".to_owned(), "aws".into());
        document.insert(
            "aws".to_owned(),
            json!({
                "operation": "GetItem",
                "table_name": Node::Store.name(),
                "resource_names": [Node::Store.name()],
                "region": Estate::REGION,
                "request_id": format!("{:016X}", self.request.key.of(About::Throttle).with(number).bits()),
            }),
        );
        let is_throttled = call.verdict == Verdict::Throttle;
        let url = "https://dynamodb.us-east-1.amazonaws.com/";
        // DynamoDB says 400 ProvisionedThroughputExceededException where others say 429.
        document.insert("http".to_owned(), self.http(call, url, if is_throttled { 400 } else { 200 }));
        if is_throttled && self.has_ended(call) {
            let exceeded = "ProvisionedThroughputExceededException";
            document.insert(
                "cause".to_owned(),
                self.cause(
                    number,
                    exceeded,
                    "The level of configured provisioned throughput for the table was exceeded",
                ),
            );
        }
        Some(document.into())
    }

    fn tokenization(&self) -> Option<Value> {
        let call = self.steps.tokenization.filter(|call| self.start(*call) <= self.now)?;
        let mut segment = self.segment(Node::Tokenization, Place::Tokenization, Some(Place::CallTokenization), call);
        segment.insert("http".to_owned(), self.http(call, "/v1/tokens", status(self.request)));
        let mut token = "trm_".to_owned();
        text::hex(&mut token, self.request.token(self.core.key), 13);
        let metadata = json!({ "TokenType": "DPAN", "TokenReferenceId": token });
        segment.insert("metadata".to_owned(), json!({ "default": metadata }));
        let started = |call: &Call| self.start(*call) <= self.now;
        let issuer = self.steps.issuer.filter(started).map(|call| {
            let status = if call.verdict == Verdict::Ok { 200 } else { status(self.request) };
            self.remote(
                Node::Issuer,
                Place::Issuer,
                call,
                "https://authorization.issuer.example.net/v2/authorize",
                status,
            )
        });
        let tries = (0..).zip(self.steps.tries()).filter(|(_, call)| started(call)).map(|(number, call)| {
            let url = "https://tsp.example.net/dpan";
            let mut document = self.remote(Node::Provider, Place::Try(number), *call, url, 200);
            if call.verdict == Verdict::Fault {
                // There was no response to time out with.
                document["http"] = json!({ "request": { "method": METHOD, "url": url } });
                let said = format!("no answer within {TRY_MS} ms (try {} of {TRIES})", number + 1);
                if self.has_ended(*call) {
                    document["cause"] = self.cause(10 + number, "TspTimeoutException", &said);
                }
            }
            document
        });
        let called: Vec<Value> = issuer.into_iter().chain(tries).collect();
        self.explain(&mut segment, call);
        segment.insert("subsegments".to_owned(), called.into());
        Some(segment.into())
    }

    fn remote(&self, node: Node, place: Place, call: Call, url: &str, status: u16) -> Value {
        let mut document = self.base(node.name(), place, call);
        document.insert("namespace".to_owned(), "remote".into());
        document.insert("http".to_owned(), self.http(call, url, status));
        document.into()
    }

    /// Says on a service's segment why the attempt failed, once it has.
    fn explain(&self, segment: &mut Map<String, Value>, call: Call) {
        let Some(reason) = self.request.outcome.reason().filter(|_| self.has_ended(call)) else { return };
        let (kind, said) = match reason {
            Reason::IssuerDeclined => ("IssuerDeclinedException", "the issuer declined the card"),
            Reason::CvvMismatch => ("CvvMismatchException", "the card's check value does not match"),
            Reason::DeviceNotEligible => ("DeviceNotEligibleException", "the device may not hold tokens"),
            Reason::TspTimeout => ("TspTimeoutException", "the token service provider did not answer three times"),
            Reason::StoreThrottled => ("StoreThrottledException", "TokenStore throttled three reads"),
        };
        segment.insert("cause".to_owned(), self.cause(20, kind, said));
    }

    fn cause(&self, number: u64, kind: &str, said: &str) -> Value {
        let frames = json!([
            { "path": "provisioning/handler.py", "line": 118, "label": "provision" },
            { "path": "provisioning/tokenize.py", "line": 64, "label": "request_token" },
        ]);
        json!({
            "working_directory": "/var/task",
            "exceptions": [{
                "id": self.id(Place::Exception(number)), "type": kind, "message": said, "remote": false, "stack": frames,
            }],
        })
    }
}

fn seconds(ms: i64) -> Value {
    (ms as f64 / 1000.0).into()
}
