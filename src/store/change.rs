//! Changes to the estate: write events of CloudTrail.

use serde_json::Value;

use crate::clock::Time;

/// One write event.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// CloudTrail's `eventID`.
    pub id: String,
    /// When it happened.
    pub at: Time,
    /// CloudTrail's `eventSource`, such as `lambda.amazonaws.com`.
    pub source: String,
    /// CloudTrail's `eventName`, such as `UpdateFunctionCode20150331v2`.
    pub event: String,
    /// Who: the role and session, or the user.
    pub who: String,
    /// What was changed, as far as the request parameters name it.
    pub what: String,
    /// CloudTrail's `errorCode`, where the change failed.
    pub error: Option<String>,
    /// The whole event.
    pub document: Value,
}

/// Why an event is not told.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoChange {
    /// It is not a JSON object.
    #[error("not a JSON object")]
    NotJson,
    /// A field that every event has is missing or is something else.
    #[error("no {0}")]
    Missing(&'static str),
    /// It only reads.
    #[error("it only reads")]
    ReadOnly,
    /// It is about data, not about the estate.
    #[error("a data event")]
    Data,
}

/// Names that request parameters have for what a call is about, in the order in which they are told.
const NAMES: [&str; 3] = ["cluster", "service", "bucket"];
/// What the name of such a parameter ends in, in lower case.
const ENDINGS: [&str; 4] = ["name", "identifier", "arn", "id"];
/// Names that are told of one event.
const MOST: usize = 3;
/// How far down names are looked for.
const DEPTH: usize = 4;

impl Change {
    /// Reads an event as CloudTrail writes it to its log group.
    ///
    /// Source of the fields: CloudTrail User Guide, "CloudTrail record contents".
    ///
    /// # Errors
    /// Where the event changes nothing, or is none.
    pub fn parse(text: &str) -> Result<Self, NoChange> {
        let document: Value = serde_json::from_str(text).map_err(|_| NoChange::NotJson)?;
        if !document.is_object() {
            return Err(NoChange::NotJson);
        }
        let text = |name: &'static str| document[name].as_str().ok_or(NoChange::Missing(name));
        let at = text("eventTime")?.parse().map_err(|_| NoChange::Missing("eventTime"))?;
        let (source, event) = (text("eventSource")?.to_owned(), text("eventName")?.to_owned());
        if document["readOnly"].as_bool() == Some(true) {
            return Err(NoChange::ReadOnly);
        }
        if document["managementEvent"].as_bool() == Some(false) || document["eventCategory"] == "Data" {
            return Err(NoChange::Data);
        }
        Ok(Self {
            id: document["eventID"].as_str().unwrap_or_default().to_owned(),
            at,
            source,
            event,
            who: who(&document["userIdentity"]),
            what: what(&document["requestParameters"]),
            error: document["errorCode"].as_str().map(str::to_owned),
            document,
        })
    }

    /// The service that was called, without the domain: `lambda`.
    pub fn service(&self) -> &str {
        self.source.trim_end_matches(".amazonaws.com")
    }

    /// The event without the version of the API that some services append: `UpdateFunctionCode`.
    pub fn verb(&self) -> &str {
        let version = |c: char| c.is_ascii_digit() || c == '_' || c == 'v';
        let bare = self.event.trim_end_matches(version);
        if self.event.len() - bare.len() >= 8 { bare } else { &self.event }
    }
}

/// Who called: `role/session`, a user, a service.
fn who(identity: &Value) -> String {
    let text = |name: &str| identity[name].as_str().filter(|text| !text.is_empty());
    let of_arn = || text("arn").and_then(|arn| arn.split_once('/')).map(|(_, tail)| tail);
    let name = match text("type") {
        Some("Root") => Some("root"),
        Some("AssumedRole" | "FederatedUser") => of_arn().or_else(|| text("principalId")),
        _ => text("userName").or_else(of_arn).or_else(|| text("invokedBy")).or_else(|| text("principalId")),
    };
    name.or_else(|| text("type")).unwrap_or("unknown").to_owned()
}

/// The names in the request parameters, without their ARNs' beginnings: those at the top before those further down.
fn what(parameters: &Value) -> String {
    let mut told: Vec<&str> = Vec::new();
    for depth in 0..DEPTH {
        collect(parameters, depth, false, &mut told);
    }
    told.truncate(MOST);
    told.join(" · ")
}

/// Collects the names that stand `depth` levels down; `named` says that the parameter itself has a name's name.
fn collect<'a>(value: &'a Value, depth: usize, named: bool, told: &mut Vec<&'a str>) {
    match value {
        Value::String(text) if named && depth == 0 => {
            let name = short(text);
            if !name.is_empty() && !told.contains(&name) {
                told.push(name);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, depth, named, told)),
        Value::Object(members) => {
            let first = NAMES.iter().filter_map(|name| members.get_key_value(*name));
            let rest = members.iter().filter(|(key, _)| !NAMES.contains(&key.as_str()));
            for (key, value) in first.chain(rest) {
                let named = is_name(key) || (named && key == "content");
                if value.is_object() || value.is_array() {
                    // A list of names stands where a name would stand.
                    let below = if value.is_array() && named { Some(depth) } else { depth.checked_sub(1) };
                    if let Some(below) = below {
                        collect(value, below, named, told);
                    }
                } else {
                    collect(value, depth, named, told);
                }
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn is_name(key: &str) -> bool {
    let key = key.to_ascii_lowercase();
    let plural = key.strip_suffix('s').unwrap_or(&key);
    NAMES.contains(&plural) || ENDINGS.iter().any(|ending| plural.ends_with(ending))
}

/// The resource of an ARN, anything else as it is.
fn short(text: &str) -> &str {
    if text.starts_with("arn:") { text.splitn(6, ':').nth(5).unwrap_or(text) } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn event(more: Value) -> String {
        let mut event = json!({"eventTime": "2026-01-15T10:07:12Z", "eventSource": "lambda.amazonaws.com",
            "eventName": "UpdateFunctionCode20150331v2", "eventID": "e-1", "readOnly": false, "managementEvent": true,
            "userIdentity": {"type": "AssumedRole", "principalId": "AROA:pipeline",
                "arn": "arn:aws:sts::123456789012:assumed-role/deployer/pipeline"},
            "requestParameters": {"functionName": "token-provisioning-service", "s3Bucket": "deployments-demo"}});
        if let (Some(event), Value::Object(more)) = (event.as_object_mut(), more) {
            event.extend(more);
        }
        event.to_string()
    }

    #[test]
    fn an_event_says_who_changed_what() {
        let change = Change::parse(&event(json!({}))).expect("a change");
        assert_eq!((change.who.as_str(), change.what.as_str()), ("deployer/pipeline", "token-provisioning-service"));
        assert_eq!((change.service(), change.verb(), &change.error), ("lambda", "UpdateFunctionCode", &None));
        let denied = Change::parse(&event(json!({"errorCode": "AccessDenied"}))).expect("a change");
        assert_eq!(denied.error.as_deref(), Some("AccessDenied"));
    }

    #[test]
    fn what_is_no_change_says_why() {
        let cases = [
            ("not json".to_owned(), NoChange::NotJson),
            ("[1]".to_owned(), NoChange::NotJson),
            (event(json!({"eventTime": "yesterday"})), NoChange::Missing("eventTime")),
            (event(json!({"eventName": 5})), NoChange::Missing("eventName")),
            (event(json!({"readOnly": true})), NoChange::ReadOnly),
            (event(json!({"managementEvent": false})), NoChange::Data),
            (event(json!({"eventCategory": "Data"})), NoChange::Data),
        ];
        for (text, expected) in cases {
            assert_eq!(Change::parse(&text), Err(expected), "{text}");
        }
    }

    #[test]
    fn names_are_found_wherever_parameters_hold_them() {
        let cases = [
            (json!({"service": "Tokenization", "cluster": "payments", "desiredCount": 3}), "payments · Tokenization"),
            (json!({"alarmName": "High"}), "High"),
            (json!({"dBInstanceIdentifier": "orders-1"}), "orders-1"),
            (json!({"autoScalingGroupName": "web", "desiredCapacity": 4}), "web"),
            (json!({"stackName": "arn:aws:cloudformation:us-east-1:1:stack/pay/77"}), "stack/pay/77"),
            (json!({"bucketName": "logs"}), "logs"),
            (json!({"functionName": "arn:aws:lambda:us-east-1:1:function:pay"}), "function:pay"),
            (json!({"DeleteFlowLogsRequest": {"FlowLogId": {"content": "fl-0e", "tag": 1}}}), "fl-0e"),
            (json!({"instancesSet": {"items": [{"instanceId": "i-1"}, {"instanceId": "i-2"}]}}), "i-1 · i-2"),
            (json!({"roleArns": ["arn:aws:iam::1:role/a", "arn:aws:iam::1:role/b"]}), "role/a · role/b"),
            (json!({"name": "a", "nameCount": 3, "more": {"name": "a"}}), "a"),
            (json!({"aName": "1", "bName": "2", "cName": "3", "dName": "4"}), "1 · 2 · 3"),
            (json!(null), ""),
        ];
        for (parameters, expected) in cases {
            assert_eq!(what(&parameters), expected, "{parameters}");
        }
    }

    #[test]
    fn callers_of_all_kinds_have_a_name() {
        let cases = [
            (json!({"type": "IAMUser", "userName": "mara", "arn": "arn:aws:iam::1:user/mara"}), "mara"),
            (json!({"type": "Root", "arn": "arn:aws:iam::1:root"}), "root"),
            (json!({"type": "AWSService", "invokedBy": "autoscaling.amazonaws.com"}), "autoscaling.amazonaws.com"),
            (json!({"type": "AssumedRole", "principalId": "AROA:x"}), "AROA:x"),
            (json!({"type": "Unknown"}), "Unknown"),
            (json!(null), "unknown"),
        ];
        for (identity, expected) in cases {
            assert_eq!(who(&identity), expected, "{identity}");
        }
    }
}
