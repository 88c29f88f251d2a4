//! What there is to know about an alarm, in words.

use super::action;
use crate::analysis::alarm::{Comparison, Look, Looked};
use crate::analysis::unit::alarm_unit;
use crate::clock::Time;
use crate::panes::alarms::notes::{evaluation, remark};
use crate::panes::words::query_lines;
use crate::panes::{Cx, alarms};
use crate::store::alarm::{Alarm, AlarmEvent, AlarmKind, AlarmState, LogsAlarm, MetricAlarm};
use crate::store::episode::Signal;
use crate::store::health::SourceId;
use crate::text::{clean, clean_field, time, units};
use crate::widgets::chart::{figure, limit};

/// Contributors that are named.
const CONTRIBUTORS: usize = 8;

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
    /// Whether it is an action that failed.
    pub failed: bool,
}

/// An alarm's facts, the most needed first: what it sees now, what it is set to, what it does, what it belongs to.
pub(super) fn facts(alarm: &Alarm, look: Option<&Look>, cx: &Cx<'_>) -> Vec<Fact> {
    let mut facts = Facts::default();
    if let Some(said) = cx.store.acknowledged(Signal::Alarm, &alarm.name) {
        facts.say("people", remark(said, cx));
    }
    facts.say("about", clean(&alarm.description).into_owned());
    if let Some(state) = &alarm.evaluation_state {
        facts.say("evaluation", format!("{}: {}", clean(state), evaluation(state).1));
    }
    match &alarm.kind {
        AlarmKind::Metric(metric) => of_metric(&mut facts, alarm, metric, look, cx),
        AlarmKind::Logs(logs) => of_logs(&mut facts, alarm, logs, cx),
        AlarmKind::Composite { .. } => suppression(&mut facts, alarm, cx),
    }
    contributors(&mut facts, alarm, cx);
    actions(&mut facts, alarm, cx);
    family(&mut facts, alarm, cx);
    tags(&mut facts, alarm, cx);
    if let Some(at) = alarm.setup.configured {
        facts.say("configured", alarms::moment(at, cx.now, cx.zone));
    }
    facts.0
}

fn tags(facts: &mut Facts, alarm: &Alarm, cx: &Cx<'_>) {
    match (cx.store.alarm_tags.get(&alarm.name), cx.store.health(SourceId::AlarmTags).trouble()) {
        (Some(tags), _) => {
            let pair = |(key, value): &(String, String)| format!("{}={}", clean(key), clean_field(key, value));
            let tags: Vec<String> = tags.iter().map(pair).collect();
            facts.say("tags", if tags.is_empty() { "none".to_owned() } else { tags.join(", ") });
        }
        (None, Some((error, _))) => facts.say("tags", format!("not known: {}", clean(&error.brief()))),
        (None, None) => {}
    }
}

#[derive(Default)]
struct Facts(Vec<Fact>);

impl Facts {
    fn say(&mut self, label: &'static str, text: String) {
        if !text.is_empty() {
            self.0.push(Fact { label, text });
        }
    }
}

fn of_metric(facts: &mut Facts, alarm: &Alarm, metric: &MetricAlarm, look: Option<&Look>, cx: &Cx<'_>) {
    if let Some(look) = look {
        facts.say("evaluated", evaluated(look, alarm, cx));
    }
    facts.say("condition", condition(alarm, metric, cx));
    if let Some(query) = &alarm.setup.promql {
        facts.say("watches", format!("PromQL {}", clean(query)));
        return;
    }
    let mut lines = query_lines("", &metric.query).into_iter();
    facts.say("watches", lines.next().map(|(_, text)| text).unwrap_or_default());
    for (id, text) in lines {
        facts.say("", format!("{id} = {text}"));
    }
    if let Some((_, text)) = metric.band.as_ref().and_then(|band| query_lines("", band).into_iter().next()) {
        facts.say("band", text);
    }
}

/// `2 of 2 breached: 10:15 14.4 % ✗ · 10:20 14.6 % ✗`.
fn evaluated(look: &Look, alarm: &Alarm, cx: &Cx<'_>) -> String {
    let unit = alarm_unit(alarm, cx.board);
    let period = |period: &Looked| {
        let value = period.value.map_or_else(|| "missing".to_owned(), |value| figure(value, unit));
        let mark = match (period.breaches, period.counts) {
            (Some(true), _) => " ✗",
            (Some(false), _) => " ✓",
            (None, _) => "",
        };
        format!("{} {value}{mark}", time::minute(&cx.zone.at(period.at)))
    };
    let periods: Vec<String> = look.periods.iter().map(period).collect();
    format!("{}: {}", look.words(), periods.join(" · "))
}

fn of_logs(facts: &mut Facts, alarm: &Alarm, logs: &LogsAlarm, cx: &Cx<'_>) {
    let unit = alarm_unit(alarm, cx.board);
    let operator = Comparison::parse(&logs.comparison);
    let sign = operator.map_or("?", Comparison::sign);
    if !alarm.setup.evaluated.is_empty() {
        let result = |(at, value): &(Time, f64)| {
            let breaches =
                operator.zip(logs.threshold).map(|(operator, limit)| operator.breaches(*value, limit, limit));
            let mark = match breaches {
                Some(true) => " ✗",
                Some(false) => " ✓",
                None => "",
            };
            format!("{} {}{mark}", alarms::moment(*at, cx.now, cx.zone), figure(*value, unit))
        };
        let results: Vec<String> = alarm.setup.evaluated.iter().map(result).collect();
        facts.say("results", format!("{}, at the last change of state", results.join(" · ")));
    }
    if let Some(threshold) = logs.threshold {
        facts.say(
            "condition",
            format!(
                "{sign} {} in {} of {} results · missing data: {}",
                limit(threshold, unit),
                logs.results_to_alarm,
                logs.results_to_evaluate,
                clean(&logs.treat_missing)
            ),
        );
    }
    facts.say("counts", clean(&logs.aggregation).into_owned());
    let back =
        logs.looks_back_s.map(|seconds| format!(", each time over {}", units::span(seconds))).unwrap_or_default();
    facts.say("runs", format!("{}{back}", clean(&logs.schedule)));
    let groups: Vec<_> = logs.log_groups.iter().map(|group| clean(group)).collect();
    facts.say("log groups", groups.join(", "));
}

/// What keeps a composite from taking its actions.
fn suppression(facts: &mut Facts, alarm: &Alarm, cx: &Cx<'_>) {
    let Some(suppression) = &alarm.setup.suppression else { return };
    let by = clean(&suppression.by);
    let state = cx.store.alarm(&suppression.by).map(|by| format!(", which is {}", by.state.name())).unwrap_or_default();
    let (wait, extension) = (units::span(suppression.wait_s), units::span(suppression.extension_s));
    facts.say("suppressor", format!("{by}{state} · waits {wait} for it, and goes on {extension} after it"));
    let now = match suppression.now.as_deref() {
        None => return,
        Some("Alarm") => format!("actions are suppressed: {by} is in ALARM"),
        Some("WaitPeriod") => format!("actions wait up to {wait} for {by} to go into ALARM"),
        Some("ExtensionPeriod") => format!("actions are suppressed for {extension} after {by}"),
        Some(other) => format!("actions are suppressed: {}", clean(other)),
    };
    let reason = clean(&suppression.reason);
    facts.say("", if reason.is_empty() { now } else { format!("{now} ({reason})") });
}

/// The time series in `ALARM` of an alarm that watches several.
fn contributors(facts: &mut Facts, alarm: &Alarm, cx: &Cx<'_>) {
    if !alarm.has_contributors() {
        return;
    }
    match cx.store.alarm_details.get(&alarm.name).map(|feed| &feed.data.contributors) {
        None => {}
        Some(Err(why)) => facts.say("in ALARM", format!("not known: {}", clean(why))),
        Some(Ok(contributors)) if contributors.is_empty() => facts.say("in ALARM", "no time series".to_owned()),
        Some(Ok(contributors)) => {
            for (i, one) in contributors.iter().take(CONTRIBUTORS).enumerate() {
                let names: Vec<String> =
                    one.attributes.iter().map(|(key, value)| format!("{}={}", clean(key), clean(value))).collect();
                let since = one.since.map(|at| format!(" since {}", alarms::moment(at, cx.now, cx.zone)));
                let label = if i == 0 { "in ALARM" } else { "" };
                facts.say(label, format!("{}{}", names.join(" "), since.unwrap_or_default()));
            }
            let more = contributors.len().saturating_sub(CONTRIBUTORS);
            if more > 0 {
                facts.say("", format!("and {more} more"));
            }
        }
    }
}

/// What it does on each change of state, and what keeps it from doing so.
fn actions(facts: &mut Facts, alarm: &Alarm, cx: &Cx<'_>) {
    let setup = &alarm.setup;
    if !alarm.actions_enabled {
        facts.say("actions", "DISABLED: it takes none of these".to_owned());
    }
    let detail = cx.store.alarm_details.get(&alarm.name).map(|feed| &feed.data);
    match detail.map(|detail| &detail.mutes) {
        None => {}
        Some(Err(why)) => facts.say("mute rules", format!("not known: {}", clean(why))),
        Some(Ok(rules)) => {
            for rule in rules {
                let when = if rule.is_active() { "MUTED now" } else { "mutes it at times" };
                let until = rule.expires.map(|at| format!(", until {}", alarms::moment(at, cx.now, cx.zone)));
                let (name, kind) = (clean(&rule.name), clean(&rule.kind).to_lowercase().replace('_', "-"));
                facts.say("mute rule", format!("{name}: {when} ({kind}{})", until.unwrap_or_default()));
            }
        }
    }
    let each = [("in ALARM", &alarm.actions), ("in OK", &setup.ok_actions), ("no data", &setup.no_data_actions)];
    if each.iter().all(|(_, actions)| actions.is_empty()) {
        facts.say("actions", "none".to_owned());
    }
    let mut label = "actions";
    for (state, actions) in each.into_iter().filter(|(_, actions)| !actions.is_empty()) {
        let words: Vec<String> = actions.iter().map(|arn| action::words(arn)).collect();
        facts.say(label, format!("{state}: {}", words.join(", ")));
        label = "";
    }
}

/// The composite alarms whose rules name it.
fn family(facts: &mut Facts, alarm: &Alarm, cx: &Cx<'_>) {
    let mut parents: Vec<&str> = cx
        .store
        .alarms
        .data
        .iter()
        .filter(|other| other.name != alarm.name && other.children().contains(&alarm.name))
        .map(|other| other.name.as_str())
        .collect();
    if let Some(feed) = cx.store.alarm_details.get(&alarm.name) {
        parents.extend(feed.data.parents.iter().map(String::as_str));
    }
    parents.sort_unstable();
    parents.dedup();
    let words = parents.iter().map(|name| match cx.store.alarm(name) {
        Some(parent) => format!("{} ({})", clean(name), parent.state.name()),
        None => format!("{} (not on this board)", clean(name)),
    });
    facts.say("part of", words.collect::<Vec<_>>().join(", "));
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
            || action::named(&event.summary),
            |(before, after)| format!("{} → {}", before.name(), after.name()),
        ),
        state: event.change.map(|(_, after)| after),
        failed: event.kind.contains("Action") && event.summary.starts_with("Failed"),
    };
    events.iter().map(row).collect()
}
