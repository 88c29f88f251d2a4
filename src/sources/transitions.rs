//! CloudWatch `DescribeAlarmHistory` over all alarms: which began and stopped to fire while nobody looked.

use std::time::Duration;

use aws_sdk_cloudwatch::types::{AlarmHistoryItem, HistoryItemType, ScanBy};
use aws_smithy_types::DateTime;
use chrono::TimeDelta;
use serde_json::Value;

use super::alarm_history::change;
use super::alarms::KINDS;
use super::backoff::Backoff;
use super::client::Client;
use super::desk::{Closed, Desk, sleep_until};
use super::errors::line;
use super::operation::DESCRIBE_ALARM_HISTORY;
use super::times::from_aws;
use crate::app::msg::Update;
use crate::clock::Time;
use crate::store::alarm::Transition;
use crate::store::health::{SourceError, SourceId};

/// Pages of 100 events that are read; the newest come first.
const PAGES: usize = 10;
/// How far the console looks back when it starts.
const LOOK_BACK: TimeDelta = TimeDelta::days(3);

/// Tells the loop once what has changed before the console started, and again when it is asked to.
pub(super) async fn run(mut desk: Desk) -> Result<(), Closed> {
    let mut backoff = Backoff::new(&desk.client.tuning, SourceId::Transitions as u64 + 1);
    loop {
        let number = desk.work.borrow_and_update().number;
        let at = desk.now();
        let wait = match all(&desk.client, at - LOOK_BACK).await {
            Ok(transitions) => {
                backoff.reset();
                desk.tell(Update::Transitions { at, transitions }).await?;
                None
            }
            Err(mut error) => {
                let wait = desk.after_failure(&mut error, &mut backoff);
                desk.fail(SourceId::Transitions, error).await?;
                wait
            }
        };
        rest(&mut desk, wait, number).await?;
    }
}

/// Waits for the time of another try or until it is asked for; what is watched otherwise makes no difference.
async fn rest(desk: &mut Desk, wait: Option<Duration>, number: u64) -> Result<(), Closed> {
    let answered = wait.is_none();
    let until = wait.map(|wait| tokio::time::Instant::now() + wait);
    let refresh = desk.refresh.clone();
    if answered {
        desk.settle(number).await?;
    }
    loop {
        tokio::select! {
            () = sleep_until(until) => return Ok(()),
            () = refresh.notified() => return Ok(()),
            change = desk.work.changed() => {
                change.map_err(|_| Closed)?;
                let number = desk.work.borrow_and_update().number;
                if answered {
                    desk.settle(number).await?;
                }
            }
        }
    }
}

/// The changes of state of all alarms since then, oldest first; of very many the newest.
pub(super) async fn all(client: &Client, since: Time) -> Result<Vec<Transition>, SourceError> {
    let mut transitions = Vec::new();
    let mut token = None;
    for _ in 0..PAGES {
        let mut request = client.cloudwatch.describe_alarm_history();
        for kind in KINDS {
            request = request.alarm_types(kind);
        }
        let request = request
            .history_item_type(HistoryItemType::StateUpdate)
            .start_date(DateTime::from_millis(since.timestamp_millis()))
            .scan_by(ScanBy::TimestampDescending)
            .max_records(100)
            .set_next_token(token);
        let page = client.call(&DESCRIBE_ALARM_HISTORY, request.send()).await?;
        transitions.extend(page.alarm_history_items().iter().filter_map(transition));
        token = page.next_token;
        if token.is_none() {
            break;
        }
    }
    transitions.reverse();
    Ok(transitions)
}

fn transition(item: &AlarmHistoryItem) -> Option<Transition> {
    let data = item.history_data()?;
    let (from, to) = change(data)?;
    let data: Value = serde_json::from_str(data).ok()?;
    let state = data.get("newState")?;
    let reason = state.get("stateReasonData");
    let newest = |values: &Value| values.as_array()?.iter().rev().find_map(Value::as_f64);
    Some(Transition {
        alarm: line(item.alarm_name()?),
        at: item.timestamp().and_then(from_aws)?,
        from,
        to,
        reason: line(state.get("stateReason").and_then(Value::as_str).unwrap_or_default()),
        value: reason.and_then(|reason| reason.get("recentDatapoints")).and_then(newest),
        threshold: reason.and_then(|reason| reason.get("threshold")).and_then(Value::as_f64),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::alarm::AlarmState;

    fn item(data: &str) -> AlarmHistoryItem {
        let at = DateTime::from_secs(1_768_472_400);
        AlarmHistoryItem::builder().alarm_name("A").timestamp(at).history_data(data).build()
    }

    #[test]
    fn a_state_update_is_a_transition() {
        let data = r#"{"version":"1.0","oldState":{"stateValue":"OK"},"newState":{"stateValue":"ALARM",
            "stateReason":"Threshold Crossed: 2 datapoints","stateReasonData":{"recentDatapoints":[7.1,14.6],"threshold":5.0}}}"#;
        let found = transition(&item(data)).expect("a transition");
        assert_eq!((found.from, found.to), (AlarmState::Ok, AlarmState::Alarm));
        assert_eq!((found.value, found.threshold), (Some(14.6), Some(5.0)));
        assert_eq!(found.reason, "Threshold Crossed: 2 datapoints");
        let composite = r#"{"oldState":{"stateValue":"ALARM"},"newState":{"stateValue":"OK","stateReason":"r"}}"#;
        let found = transition(&item(composite)).expect("a transition");
        assert_eq!((found.to, found.value, found.threshold), (AlarmState::Ok, None, None));
        for garbage in ["", "{}", "[]", r#"{"oldState":1,"newState":{"stateValue":"ALARM"}}"#] {
            assert_eq!(transition(&item(garbage)), None, "{garbage}");
        }
    }
}
