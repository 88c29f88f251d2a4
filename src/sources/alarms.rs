//! CloudWatch `DescribeAlarms`: all alarms of all kinds, all pages.

use aws_sdk_cloudwatch::types::{AlarmType, CompositeAlarm, LogAlarm, StateValue};
use chrono::DateTime;
use serde_json::Value;

use super::client::Client;
use super::desk::{Again, Closed, Desk, Source};
use super::errors::line;
use super::metric_alarm;
use super::operation::DESCRIBE_ALARMS;
use super::times::from_aws;
use crate::analysis::alarm::Rule;
use crate::analysis::alarm::rule::name_of;
use crate::app::msg::Update;
use crate::clock::Time;
use crate::store::alarm::{Alarm, AlarmKind, AlarmSetup, AlarmState, LogsAlarm, Suppression};
use crate::store::health::{SourceError, SourceId};

/// Alarms on one page, the most that AWS gives.
const PAGE: i32 = 100;

/// Every kind of alarm; without the kinds, AWS leaves all but metric alarms out.
pub(super) const KINDS: [AlarmType; 3] = [AlarmType::MetricAlarm, AlarmType::CompositeAlarm, AlarmType::LogAlarm];

/// The source of all alarms.
#[derive(Debug, Clone, Copy)]
pub(super) struct Alarms;

impl Source for Alarms {
    fn id(&self) -> SourceId {
        SourceId::Alarms
    }

    async fn ask(&mut self, desk: &Desk) -> Result<Result<Again, SourceError>, Closed> {
        match all(&desk.client).await {
            Ok(alarms) => desk.tell(Update::Alarms { at: desk.now(), alarms }).await?,
            Err(error) => return Ok(Err(error)),
        }
        Ok(Ok(Again::After(desk.client.tuning.alarms_every)))
    }
}

/// All alarms of the account and region, in AWS's order: metric, composite, log alarms.
pub(super) async fn all(client: &Client) -> Result<Vec<Alarm>, SourceError> {
    let (mut metric, mut composite, mut logs) = (Vec::new(), Vec::new(), Vec::new());
    let mut token = None;
    loop {
        let mut request = client.cloudwatch.describe_alarms().max_records(PAGE).set_next_token(token);
        for kind in KINDS {
            request = request.alarm_types(kind);
        }
        let page = client.call(&DESCRIBE_ALARMS, request.send()).await?;
        metric.extend(page.metric_alarms().iter().map(metric_alarm::alarm));
        composite.extend(page.composite_alarms().iter().map(composite_alarm));
        logs.extend(page.log_alarms().iter().map(log_alarm));
        token = page.next_token;
        if token.is_none() {
            break;
        }
    }
    metric.extend(composite);
    metric.extend(logs);
    Ok(metric)
}

/// The state of AWS's word; a word that AWS has newly found is taken as a lack of data, so that it is looked at.
pub(super) fn state(value: Option<&StateValue>) -> AlarmState {
    value.and_then(|value| AlarmState::parse(value.as_str())).unwrap_or(AlarmState::InsufficientData)
}

/// The newest of `recentDatapoints` in a state's reason data.
pub(super) fn newest_value(reason_data: Option<&str>) -> Option<f64> {
    let data: Value = serde_json::from_str(reason_data?).ok()?;
    data.get("recentDatapoints")?.as_array()?.iter().rev().find_map(Value::as_f64)
}

/// `evaluatedDatapoints` in a state's reason data, oldest first.
pub(super) fn evaluated(reason_data: Option<&str>) -> Vec<(Time, f64)> {
    let data: Value = reason_data.and_then(|data| serde_json::from_str(data).ok()).unwrap_or_default();
    let points = data.get("evaluatedDatapoints").and_then(Value::as_array).into_iter().flatten();
    let point = |point: &Value| {
        let at = DateTime::parse_from_str(point.get("timestamp")?.as_str()?, "%Y-%m-%dT%H:%M:%S%.3f%z").ok()?;
        Some((at.to_utc(), point.get("value")?.as_f64()?))
    };
    let mut points: Vec<(Time, f64)> = points.filter_map(point).collect();
    points.sort_by_key(|(at, _)| *at);
    points
}

/// What AWS tells of an alarm of any kind: the three types have the same accessors, and no trait in common.
macro_rules! common {
    ($alarm:expr, $kind:expr) => {
        Alarm {
            name: line($alarm.alarm_name().unwrap_or_default()),
            description: line($alarm.alarm_description().unwrap_or_default()),
            kind: $kind,
            state: super::alarms::state($alarm.state_value()),
            since: $alarm.state_transitioned_timestamp().or($alarm.state_updated_timestamp()).and_then(from_aws),
            reason: line($alarm.state_reason().unwrap_or_default()),
            value: super::alarms::newest_value($alarm.state_reason_data()),
            actions_enabled: $alarm.actions_enabled().unwrap_or_default(),
            actions: $alarm.alarm_actions().iter().map(|action| line(action)).collect(),
            evaluation_state: None,
            setup: AlarmSetup {
                arn: line($alarm.alarm_arn().unwrap_or_default()),
                ok_actions: $alarm.ok_actions().iter().map(|action| line(action)).collect(),
                no_data_actions: $alarm.insufficient_data_actions().iter().map(|action| line(action)).collect(),
                configured: $alarm.alarm_configuration_updated_timestamp().and_then(from_aws),
                evaluated: super::alarms::evaluated($alarm.state_reason_data()),
                ..AlarmSetup::default()
            },
        }
    };
}
pub(super) use common;

fn composite_alarm(alarm: &CompositeAlarm) -> Alarm {
    let rule = line(alarm.alarm_rule().unwrap_or_default());
    let mut ours = common!(alarm, AlarmKind::Composite { children: children(&rule), rule });
    ours.setup.suppression = alarm.actions_suppressor().map(|by| Suppression {
        by: name_of(&line(by)).to_owned(),
        wait_s: alarm.actions_suppressor_wait_period().unwrap_or_default().into(),
        extension_s: alarm.actions_suppressor_extension_period().unwrap_or_default().into(),
        now: alarm.actions_suppressed_by().map(|by| line(by.as_str())),
        reason: line(alarm.actions_suppressed_reason().unwrap_or_default()),
    });
    ours
}

fn log_alarm(alarm: &LogAlarm) -> Alarm {
    let query = alarm.scheduled_query_configuration();
    let schedule = query.and_then(|query| query.schedule_configuration());
    let kind = AlarmKind::Logs(Box::new(LogsAlarm {
        query: line(query.and_then(|query| query.query_string()).unwrap_or_default()),
        log_groups: query.map(|q| q.log_group_identifiers().iter().map(|g| line(g)).collect()).unwrap_or_default(),
        comparison: alarm.comparison_operator().map(|operator| operator.as_str().to_owned()).unwrap_or_default(),
        threshold: alarm.threshold(),
        results_to_evaluate: metric_alarm::count(alarm.query_results_to_evaluate()).unwrap_or(1),
        results_to_alarm: metric_alarm::count(alarm.query_results_to_alarm()).unwrap_or(1),
        treat_missing: line(alarm.treat_missing_data().unwrap_or("missing")),
        aggregation: line(query.and_then(|query| query.aggregation_expression()).unwrap_or_default()),
        schedule: line(schedule.and_then(|schedule| schedule.schedule_expression()).unwrap_or_default()),
        looks_back_s: schedule.and_then(aws_sdk_cloudwatch::types::ScheduleConfiguration::start_time_offset),
    }));
    Alarm { evaluation_state: alarm.evaluation_state().map(|state| line(state.as_str())), ..common!(alarm, kind) }
}

/// The alarms that a rule names; of a rule that can't be parsed, those that stand where names stand.
fn children(rule: &str) -> Vec<String> {
    match Rule::parse(rule) {
        Some(rule) => rule.children().into_iter().map(str::to_owned).collect(),
        None => named(rule),
    }
}

/// Names in `ALARM(name)`, `OK("name")` and `INSUFFICIENT_DATA(name)`, each once; an ARN gives the name at its end.
///
/// Source of the syntax: PutCompositeAlarm in the CloudWatch API reference.
fn named(rule: &str) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    let mut rest = rule;
    while let Some(open) = rest.find('(') {
        let (before, after) = (&rest[..open], &rest[open + 1..]);
        let function = before.rsplit(|c: char| !c.is_ascii_alphabetic() && c != '_').next().unwrap_or_default();
        if !["ALARM", "OK", "INSUFFICIENT_DATA"].contains(&function) {
            rest = after;
            continue;
        }
        let inner = after.trim_start();
        let quote = inner.chars().next().filter(|c| ['"', '\''].contains(c));
        let (name, tail) = match quote {
            Some(quote) => inner[1..].split_once(quote).unwrap_or((&inner[1..], "")),
            None => inner.split_once(')').unwrap_or((inner, "")),
        };
        let name = name.trim().rsplit_once(":alarm:").map_or(name.trim(), |(_, name)| name);
        if !name.is_empty() && !names.iter().any(|known| known == name) {
            names.push(name.to_owned());
        }
        rest = tail;
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn children_of_a_rule_are_found() {
        let cases: [(&str, &[&str]); 7] = [
            ("AT_LEAST(2, ALARM, (x, y, z)) AND NOT ALARM(w)", &["x", "y", "z", "w"]),
            ("ALARM(HighFailureRate) OR ALARM(HighLatency)", &["HighFailureRate", "HighLatency"]),
            ("ALARM(\"a (b) c\") AND NOT (OK('d') OR ALARM(d))", &["a (b) c", "d"]),
            ("INSUFFICIENT_DATA(arn:aws:cloudwatch:us-east-1:1:alarm:e)", &["e"]),
            ("TRUE", &[]),
            ("NOT FALSE", &[]),
            ("ALARM(unclosed", &["unclosed"]),
        ];
        for (rule, expected) in cases {
            assert_eq!(children(rule), expected, "{rule}");
        }
    }

    #[test]
    fn evaluated_datapoints_are_sorted_and_the_rest_is_left_out() {
        let data = r#"{"evaluatedDatapoints":[{"timestamp":"2026-01-15T10:15:00.000+0000","value":14.6},
            {"timestamp":"2026-01-15T10:10:00.000+0000","value":13},{"timestamp":"soon","value":1},{"value":2}]}"#;
        let values: Vec<f64> = evaluated(Some(data)).into_iter().map(|(_, value)| value).collect();
        assert_eq!(values, [13.0, 14.6]);
        assert!(evaluated(None).is_empty() && evaluated(Some("{}")).is_empty());
    }

    #[test]
    fn the_newest_value_is_the_last_datapoint() {
        let cases = [
            (Some(r#"{"version":"1.0","recentDatapoints":[4.1,14.6],"threshold":5.0}"#), Some(14.6)),
            (Some(r#"{"recentDatapoints":[]}"#), None),
            (Some("not JSON"), None),
            (None, None),
        ];
        for (data, value) in cases {
            assert_eq!(newest_value(data), value, "{data:?}");
        }
    }
}
