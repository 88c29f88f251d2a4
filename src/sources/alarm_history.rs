//! CloudWatch `DescribeAlarmHistory`: what happened to one alarm.

use aws_sdk_cloudwatch::types::{AlarmHistoryItem, HistoryItemType, ScanBy};
use serde_json::Value;

use super::alarms::KINDS;
use super::client::Client;
use super::desk::{Again, Closed, Desk, Source};
use super::errors::line;
use super::operation::DESCRIBE_ALARM_HISTORY;
use super::times::from_aws;
use crate::app::msg::Update;
use crate::store::alarm::{AlarmEvent, AlarmState};
use crate::store::health::{SourceError, SourceId};

/// Pages of 100 events that are read; AWS keeps 30 days.
const PAGES: usize = 5;

/// The history of one alarm.
#[derive(Debug)]
pub(super) struct AlarmHistory {
    pub(super) name: String,
}

impl Source for AlarmHistory {
    fn id(&self) -> SourceId {
        SourceId::AlarmHistory
    }

    async fn ask(&mut self, desk: &Desk) -> Result<Result<Again, SourceError>, Closed> {
        let events = match all(&desk.client, &self.name).await {
            Ok(events) => events,
            Err(error) => return Ok(Err(error)),
        };
        let alarm = self.name.clone();
        desk.tell(Update::AlarmHistory { at: desk.now(), alarm, events }).await?;
        Ok(Ok(Again::After(desk.client.tuning.history_every)))
    }
}

/// The newest events of one alarm, newest first: five hundred at most.
pub(super) async fn all(client: &Client, name: &str) -> Result<Vec<AlarmEvent>, SourceError> {
    let mut events = Vec::new();
    let mut token = None;
    for _ in 0..PAGES {
        let mut request = client.cloudwatch.describe_alarm_history();
        for kind in KINDS {
            request = request.alarm_types(kind);
        }
        let request =
            request.alarm_name(name).scan_by(ScanBy::TimestampDescending).max_records(100).set_next_token(token);
        let page = client.call(&DESCRIBE_ALARM_HISTORY, request.send()).await?;
        events.extend(page.alarm_history_items().iter().filter_map(event));
        token = page.next_token;
        if token.is_none() {
            break;
        }
    }
    Ok(events)
}

fn event(item: &AlarmHistoryItem) -> Option<AlarmEvent> {
    Some(AlarmEvent {
        at: item.timestamp().and_then(from_aws)?,
        kind: line(item.history_item_type().map(HistoryItemType::as_str).unwrap_or_default()),
        summary: line(item.history_summary().unwrap_or_default()),
        change: item.history_data().and_then(change),
    })
}

/// The states before and after in a `StateUpdate`'s data.
pub(super) fn change(data: &str) -> Option<(AlarmState, AlarmState)> {
    let data: Value = serde_json::from_str(data).ok()?;
    let state = |key: &str| AlarmState::parse(data.get(key)?.get("stateValue")?.as_str()?);
    Some((state("oldState")?, state("newState")?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_update_says_from_what_to_what() {
        let data = r#"{"version":"1.0","oldState":{"stateValue":"OK"},"newState":{"stateValue":"ALARM"}}"#;
        assert_eq!(change(data), Some((AlarmState::Ok, AlarmState::Alarm)));
        for other in ["", "{}", r#"{"oldState":{"stateValue":"OK"}}"#, r#"{"oldState":1,"newState":2}"#] {
            assert_eq!(change(other), None, "{other}");
        }
    }
}
