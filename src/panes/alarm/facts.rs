//! What there is to know about an alarm, in words.

use crate::analysis::unit::alarm_unit;
use crate::panes::words::query_lines;
use crate::panes::{Cx, alarms};
use crate::store::alarm::{Alarm, AlarmEvent, AlarmKind, AlarmState, MetricAlarm};
use crate::text::clean;
use crate::widgets::chart::limit;

/// A labelled fact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// What it is about; empty where it goes on from the one above.
    pub label: &'static str,
    /// The fact.
    pub text: String,
}

/// A line of the history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryRow {
    /// When, in the zone on screen.
    pub time: String,
    /// AWS's item type.
    pub kind: String,
    /// What happened: a change of state, or AWS's summary.
    pub text: String,
    /// The state it led to.
    pub state: Option<AlarmState>,
}

/// An alarm's facts, the most needed first.
pub(super) fn facts(alarm: &Alarm, cx: &Cx<'_>) -> Vec<Fact> {
    let mut facts = Vec::new();
    let mut say = |label: &'static str, text: String| {
        if !text.is_empty() {
            facts.push(Fact { label, text });
        }
    };
    say("about", clean(&alarm.description).into_owned());
    if let Some(state) = &alarm.evaluation_state {
        say("evaluation", clean(state).into_owned());
    }
    if let AlarmKind::Metric(metric) = &alarm.kind {
        say("condition", condition(alarm, metric, cx));
        let mut lines = query_lines("", &metric.query).into_iter();
        say("watches", lines.next().map(|(_, text)| text).unwrap_or_default());
        for (id, text) in lines {
            say("", format!("{id} = {text}"));
        }
        if let Some((_, text)) = metric.band.as_ref().and_then(|band| query_lines("", band).into_iter().next()) {
            say("band", text);
        }
    }
    let actions = alarm.actions.iter().map(|action| clean(action).into_owned()).collect::<Vec<_>>();
    match (alarm.actions_enabled, actions.is_empty()) {
        (_, true) => say("actions", "none".to_owned()),
        (true, false) => say("actions", actions.join(", ")),
        (false, false) => say("actions", format!("disabled: {}", actions.join(", "))),
    }
    facts
}

/// `> 5 % in 2 of 2 periods of 300 s · missing data: notBreaching`.
fn condition(alarm: &Alarm, metric: &MetricAlarm, cx: &Cx<'_>) -> String {
    let what = match metric.threshold {
        Some(threshold) => format!("{} {}", metric.sign(), limit(threshold, alarm_unit(alarm, cx.board))),
        None => format!("{} the band", metric.sign()),
    };
    format!(
        "{what} in {} of {} periods of {} s · missing data: {}",
        metric.datapoints_to_alarm,
        metric.evaluation_periods,
        metric.query.period_s,
        clean(&metric.treat_missing),
    )
}

/// The history as rows.
pub(super) fn history(events: &[AlarmEvent], cx: &Cx<'_>) -> Vec<HistoryRow> {
    let row = |event: &AlarmEvent| HistoryRow {
        time: alarms::moment(event.at, cx.now, cx.zone),
        kind: clean(&event.kind).into_owned(),
        text: event.change.map_or_else(
            || clean(&event.summary).into_owned(),
            |(before, after)| format!("{} → {}", before.name(), after.name()),
        ),
        state: event.change.map(|(_, after)| after),
    };
    events.iter().map(row).collect()
}
