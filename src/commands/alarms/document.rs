//! The alarms and their histories as JSON documents, `barograph/v1`; `docs/alarms.md` describes them.

use serde_json::{Value, json};

use super::Seen;
use crate::analysis::unit::alarm_unit;
use crate::commands::snapshot;
use crate::panes::alarms::versus;
use crate::store::alarm::{Alarm, AlarmEvent, AlarmKind};
use crate::text::clean;
use crate::text::time::rfc3339;

/// Alarms: what the snapshot tells of each, and how it is set up.
pub(super) fn alarms(alarms: &[&Alarm], seen: &Seen<'_>) -> Value {
    let alarms: Vec<Value> = alarms.iter().map(|alarm| whole(alarm, seen)).collect();
    json!({ "schema": "barograph/v1", "alarms": alarms })
}

fn whole(alarm: &Alarm, seen: &Seen<'_>) -> Value {
    let mut document = snapshot::alarm(alarm);
    document["severity"] = seen.severity(alarm).name().into();
    let newest = versus::newest(alarm, seen.store, seen.now);
    document["newest"] = newest.map(|(_, value)| value).into();
    document["newest_at"] = newest.map(|(at, _)| rfc3339(at)).into();
    document["unit"] = alarm_unit(alarm, seen.board).name().into();
    document["tags"] = seen.store.alarm_tags.get(&alarm.name).map(|tags| tagged(tags)).into();
    document["description"] = clean(&alarm.description).into();
    document["arn"] = clean(&alarm.setup.arn).into();
    document["evaluation_state"] = alarm.evaluation_state.as_deref().map(clean).into();
    document["actions_enabled"] = alarm.actions_enabled.into();
    document["actions"] = json!({
        "alarm": texts(&alarm.actions),
        "ok": texts(&alarm.setup.ok_actions),
        "insufficient_data": texts(&alarm.setup.no_data_actions),
    });
    match &alarm.kind {
        AlarmKind::Metric(metric) => {
            document["comparison"] = clean(&metric.comparison).into();
            document["datapoints_to_alarm"] = metric.datapoints_to_alarm.into();
            document["evaluation_periods"] = metric.evaluation_periods.into();
            document["period_s"] = metric.query.period_s.into();
            document["treat_missing_data"] = clean(&metric.treat_missing).into();
        }
        AlarmKind::Logs(logs) => {
            document["comparison"] = clean(&logs.comparison).into();
            document["datapoints_to_alarm"] = logs.results_to_alarm.into();
            document["evaluation_periods"] = logs.results_to_evaluate.into();
            document["treat_missing_data"] = clean(&logs.treat_missing).into();
            document["query"] = clean(&logs.query).into();
            document["aggregation"] = clean(&logs.aggregation).into();
            document["log_groups"] = texts(&logs.log_groups).into();
        }
        AlarmKind::Composite { rule, children } => {
            document["rule"] = clean(rule).into();
            document["children"] = texts(children).into();
            document["suppressor"] = alarm.setup.suppression.as_ref().map(|by| clean(&by.by)).into();
            let now = alarm.setup.suppression.as_ref().and_then(|by| by.now.as_deref());
            document["suppressed_by"] = now.map(clean).into();
        }
    }
    document
}

/// Histories, newest event first.
pub(super) fn history(histories: &[(&Alarm, Vec<AlarmEvent>)]) -> Value {
    let event = |event: &AlarmEvent| {
        json!({
            "time": rfc3339(event.at),
            "type": clean(&event.kind),
            "summary": clean(&event.summary),
            "from": event.change.map(|(before, _)| before.name()),
            "to": event.change.map(|(_, after)| after.name()),
        })
    };
    let alarms: Vec<Value> = histories
        .iter()
        .map(|(alarm, events)| {
            json!({ "name": clean(&alarm.name), "history": events.iter().map(event).collect::<Vec<_>>() })
        })
        .collect();
    json!({ "schema": "barograph/v1", "alarms": alarms })
}

fn tagged(tags: &[(String, String)]) -> Value {
    tags.iter().map(|(key, value)| (clean(key).into_owned(), Value::from(clean(value)))).collect()
}

fn texts(texts: &[String]) -> Vec<std::borrow::Cow<'_, str>> {
    texts.iter().map(|text| clean(text)).collect()
}
