//! DescribeAlarmHistory.

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::clock::Time;
use crate::demo::Estate;
use crate::demo::cloudwatch::query::invalid;
use crate::demo::wire::{ApiError, Wire, token};
use crate::store::alarm::AlarmState;

use super::definition::{Definition, created, topic};
use super::describe::{BAD_TOKEN, alarm_types, max_records};
use super::reason;
use super::timeline::{Timeline, Transition};

/// How long AWS keeps what happened to an alarm (API reference, DescribeAlarmHistory); its creation is told for good.
const KEPT: TimeDelta = TimeDelta::days(30);
/// AWS's words for kinds of items.
const KINDS: [&str; 3] = ["ConfigurationUpdate", "StateUpdate", "Action"];

/// One line of history.
struct Item {
    alarm: usize,
    at: Time,
    kind: &'static str,
    summary: String,
    data: Value,
}

/// Answers DescribeAlarmHistory: newest first unless `ScanBy` says otherwise.
pub(crate) fn describe_alarm_history(estate: &Estate, input: &Wire) -> Result<Wire, ApiError> {
    let now = estate.now();
    let timeline = Timeline::new(estate, now);
    let kind = input.text("HistoryItemType");
    if let Some(unknown) = kind.filter(|kind| !KINDS.contains(kind)) {
        return Err(invalid(format!("The value {unknown} for parameter HistoryItemType is not supported.")));
    }
    let newest_first = match input.text("ScanBy") {
        None | Some("TimestampDescending") => true,
        Some("TimestampAscending") => false,
        Some(other) => return Err(invalid(format!("The value {other} for parameter ScanBy is not supported."))),
    };
    let types = alarm_types(input)?;
    let name = input.text("AlarmName");
    let from = input.time("StartDate").unwrap_or_else(|| created(now));
    let to = input.time("EndDate").unwrap_or(now).min(now);
    let mut items = items(&timeline, from, to)?;
    items.retain(|item| {
        let alarm = &timeline.alarms[item.alarm];
        item.at >= from
            && item.at <= to
            && types.contains(&alarm.kind())
            && name.is_none_or(|name| name == alarm.name)
            && kind.is_none_or(|kind| kind == item.kind)
    });
    if newest_first {
        items.reverse();
    }
    let print = token::fingerprint("DescribeAlarmHistory", input, &["NextToken", "MaxRecords"]);
    let (page, next) = token::page(items, max_records(input)?, print, input.text("NextToken"), BAD_TOKEN)?;
    let items = page.into_iter().map(|item| wire(&timeline.alarms[item.alarm], item)).collect();
    Ok(Wire::map([("AlarmHistoryItems", Wire::List(items)), ("NextToken", next.into())]))
}

/// All items of a span, ascending.
fn items(timeline: &Timeline<'_>, from: Time, to: Time) -> Result<Vec<Item>, ApiError> {
    let born = created(timeline.now);
    let mut items: Vec<Item> = timeline
        .alarms
        .iter()
        .enumerate()
        .map(|(alarm, definition)| Item {
            alarm,
            at: born,
            kind: "ConfigurationUpdate",
            summary: format!("Alarm \"{}\" created", definition.name),
            data: json!({ "version": "1.0", "type": "Create", "createdAlarm": { "alarmName": definition.name } }),
        })
        .collect();
    let mut before: Vec<Option<Transition>> = vec![None; timeline.alarms.len()];
    let transitions = timeline.between(from.max(timeline.now - KEPT).min(to), to)?;
    let first = timeline.between(timeline.first_at(), timeline.first_at())?;
    for transition in first.into_iter().chain(transitions) {
        if before[transition.alarm].as_ref() == Some(&transition) {
            continue;
        }
        let definition = &timeline.alarms[transition.alarm];
        items.push(update(definition, before[transition.alarm].as_ref(), &transition));
        if transition.from != AlarmState::InsufficientData {
            items.push(action(definition, &transition));
        }
        let alarm = transition.alarm;
        before[alarm] = Some(transition);
    }
    Ok(items)
}

fn update(definition: &Definition, before: Option<&Transition>, transition: &Transition) -> Item {
    let described = |state: AlarmState, of: Option<&Transition>| {
        let mut value = json!({ "stateValue": state.name() });
        value["stateReason"] = match of {
            Some(of) => json!(reason::sentence(definition, of)),
            None => json!(reason::UNCHECKED),
        };
        if let Some(data) = of.and_then(|of| reason::data(definition, of)) {
            value["stateReasonData"] = data;
        }
        value
    };
    Item {
        alarm: transition.alarm,
        at: transition.at,
        kind: "StateUpdate",
        summary: format!("Alarm updated from {} to {}", transition.from.name(), transition.to.name()),
        data: json!({
            "version": "1.0",
            "oldState": described(transition.from, before),
            "newState": described(transition.to, Some(transition)),
        }),
    }
}

fn action(definition: &Definition, transition: &Transition) -> Item {
    let topic = topic();
    Item {
        alarm: transition.alarm,
        at: transition.at,
        kind: "Action",
        summary: format!("Successfully executed action {topic}"),
        data: json!({
            "actionState": "Succeeded",
            "stateUpdateTimestamp": transition.at.timestamp_millis(),
            "notificationResource": topic,
            "publishedMessage": {
                "AlarmName": definition.name,
                "NewStateValue": transition.to.name(),
                "OldStateValue": transition.from.name(),
                "NewStateReason": reason::sentence(definition, transition),
                "StateChangeTime": reason::instant(transition.at),
            },
        }),
    }
}

fn wire(definition: &Definition, item: Item) -> Wire {
    Wire::map([
        ("AlarmName", definition.name.into()),
        ("AlarmType", definition.kind().into()),
        ("Timestamp", item.at.into()),
        ("HistoryItemType", item.kind.into()),
        ("HistorySummary", item.summary.into()),
        ("HistoryData", item.data.to_string().into()),
    ])
}
