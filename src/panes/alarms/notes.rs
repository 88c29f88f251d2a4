//! What is unusual about an alarm, in a few words each.

use super::item::Item;
use super::row::moment;
use crate::panes::Cx;
use crate::store::alarm::Alarm;
use crate::store::episode::{Acknowledgement, Stance};
use crate::text::clean;

/// The notes on an alarm or a rule, those of people first.
pub(super) fn notes(item: Item<'_>, said: Option<&Acknowledgement>, cx: &Cx<'_>) -> Vec<String> {
    let mut notes: Vec<String> = said.map(|said| remark(said, cx)).into_iter().collect();
    match item {
        Item::Rule(_) => notes.push("local rule".to_owned()),
        Item::Alarm(alarm) => notes.extend(of_alarm(alarm, cx)),
    }
    notes
}

/// `acknowledged by ada until 11:00:00: restarting the pool`.
pub(in crate::panes) fn remark(said: &Acknowledgement, cx: &Cx<'_>) -> String {
    let mut text = match said.stance {
        Stance::Snoozed => format!("snoozed by {}", clean(&said.by)),
        Stance::Acknowledged | Stance::Lifted => format!("acknowledged by {}", clean(&said.by)),
    };
    if let Some(until) = said.until {
        text = format!("{text} until {}", moment(until, cx.now, cx.zone));
    }
    if said.note.is_empty() { text } else { format!("{text}: {}", clean(&said.note)) }
}

fn of_alarm(alarm: &Alarm, cx: &Cx<'_>) -> Vec<String> {
    let mut notes = Vec::new();
    if let Some(state) = &alarm.evaluation_state {
        notes.push(evaluation(state).0.to_owned());
    }
    if !alarm.actions_enabled {
        notes.push("actions disabled".to_owned());
    }
    if let Some(suppression) = &alarm.setup.suppression
        && suppression.now.is_some()
    {
        notes.push(format!("actions suppressed by {}", clean(&suppression.by)));
    }
    let detail = cx.store.alarm_details.get(&alarm.name);
    let mutes = detail.and_then(|feed| feed.data.mutes.as_ref().ok()).into_iter().flatten();
    notes.extend(mutes.filter(|rule| rule.is_active()).map(|rule| format!("muted by {}", clean(&rule.name))));
    notes
}

/// AWS's `EvaluationState` in short and in a sentence (CloudWatch API reference, MetricAlarm).
pub(in crate::panes) fn evaluation(state: &str) -> (&'static str, &'static str) {
    match state {
        "PARTIAL_DATA" => {
            ("partial data", "evaluated on a part of the data: the query finds more than CloudWatch looks at")
        }
        "EVALUATION_ERROR" => (
            "evaluation error",
            "the alarm is wrongly configured, and its state says nothing until that is put right: see the reason",
        ),
        "EVALUATION_FAILURE" => (
            "evaluation failure",
            "CloudWatch has trouble of its own, and the state may be old: look at the metric yourself for now",
        ),
        _ => {
            ("evaluation in trouble", "CloudWatch says something about the evaluation that this program does not know")
        }
    }
}
