//! One alarm as a row of text.

use chrono::{Datelike, TimeDelta};

use crate::analysis::unit::alarm_unit;
use crate::board::Unit;
use crate::clock::{Time, floor};
use crate::panes::note::age;
use crate::panes::{Cx, Zone};
use crate::store::alarm::{Alarm, AlarmKind, AlarmState, MetricAlarm};
use crate::text::{clean, time};
use crate::widgets::chart::{figure, limit};
use crate::widgets::sparkline::Bound;
use crate::widgets::theme::Role;

/// An alarm as it is listed; every text is safe to show.
#[derive(Debug, Clone, PartialEq)]
pub struct AlarmRow {
    /// Its name.
    pub name: String,
    /// Its branch of the tree of composites.
    pub tree: String,
    /// Its state.
    pub state: AlarmState,
    /// Its value against its threshold: `14.6 > 5 %`, `2,934 outside band`, `1 of 2 in ALARM`, `no data`.
    pub versus: String,
    /// How long it has been in its state; empty where AWS does not say.
    pub age: String,
    /// Since when, as a time.
    pub since: String,
    /// AWS's reason, in one line.
    pub reason: String,
    /// Its metric over the window, the worst value a stretch, oldest first; empty for a composite.
    pub spark: Vec<Option<f64>>,
    /// Its threshold, which colours the sparkline.
    pub bounds: Vec<Bound>,
}

impl AlarmRow {
    /// The row of an alarm, with a sparkline of so many cells.
    pub fn new(alarm: &Alarm, tree: &str, cx: &Cx<'_>, cells: usize) -> Self {
        let (spark, bounds) = match &alarm.kind {
            AlarmKind::Metric(metric) => (spark(metric, cx, cells), bound(metric).into_iter().collect()),
            AlarmKind::Composite { .. } | AlarmKind::Logs(_) => (Vec::new(), Vec::new()),
        };
        Self {
            name: clean(&alarm.name).into_owned(),
            tree: tree.to_owned(),
            state: alarm.state,
            versus: versus(alarm, cx),
            age: alarm.since.map(|since| age(since, cx.now)).unwrap_or_default(),
            since: alarm.since.map(|since| moment(since, cx.now, cx.zone)).unwrap_or_default(),
            reason: named(&clean(&alarm.reason)),
            spark,
            bounds,
        }
    }

    /// The row in one line, to be pasted: `ALARM HighFailureRate 14.6 > 5 % for 8m: Threshold Crossed: …`.
    pub fn sentence(&self) -> String {
        let mut text = format!("{} {}", self.state.name(), self.name);
        for (before, part) in [(" ", &self.versus), (" for ", &self.age), (": ", &self.reason)] {
            if !part.is_empty() {
                text.push_str(before);
                text.push_str(part);
            }
        }
        text
    }
}

/// A reason in which alarms go by their names instead of by their ARNs.
pub(in crate::panes) fn named(reason: &str) -> String {
    let word = |word: &str| match word.split_once(":alarm:") {
        Some((arn, name)) if arn.starts_with("arn:") => name.to_owned(),
        Some(_) | None => word.to_owned(),
    };
    reason.split(' ').map(word).collect::<Vec<_>>().join(" ")
}

/// A time in a zone, with its date where that is not today's.
pub(in crate::panes) fn moment(at: Time, now: Time, zone: Zone) -> String {
    let (at, now) = (zone.at(at), zone.at(now));
    let form = if at.date_naive() == now.date_naive() {
        return time::clock(&at);
    } else if at.year() == now.year() {
        "%m-%d %H:%M"
    } else {
        "%Y-%m-%d %H:%M"
    };
    at.format(form).to_string()
}

/// The glyph of a state, so that no colour is needed.
pub const fn glyph(state: AlarmState) -> &'static str {
    match state {
        AlarmState::Alarm => "▲",
        AlarmState::InsufficientData => "?",
        AlarmState::Ok => "✓",
    }
}

/// The colour of a state.
pub const fn role(state: AlarmState) -> Role {
    match state {
        AlarmState::Alarm => Role::AlarmFiring,
        AlarmState::InsufficientData => Role::AlarmNoData,
        AlarmState::Ok => Role::AlarmOk,
    }
}

/// A metric alarm's fixed threshold as a bound; equality counts as passed where the comparison says so.
pub(in crate::panes) fn bound(metric: &MetricAlarm) -> Option<Bound> {
    let value = metric.threshold?;
    let above = metric.comparison.starts_with("Greater");
    // A bound is passed strictly; for `≥` and `≤` it lies just before the threshold.
    let value = match (metric.sign(), above) {
        ("≥", _) => value.next_down(),
        ("≤", _) => value.next_up(),
        (_, _) => value,
    };
    Some(Bound { value, above, role: Role::AlarmFiring })
}

/// An alarm's value against what it is compared with. The sign is what holds: an alarm on `> 5` at 2.1 reads `2.1 ≤ 5`.
pub fn versus(alarm: &Alarm, cx: &Cx<'_>) -> String {
    let metric = match &alarm.kind {
        AlarmKind::Metric(metric) => metric,
        AlarmKind::Composite { children, .. } => {
            let known: Vec<&Alarm> = children.iter().filter_map(|name| cx.store.alarm(name)).collect();
            let firing = known.iter().filter(|child| child.state == AlarmState::Alarm).count();
            return if known.is_empty() { String::new() } else { format!("{firing} of {} in ALARM", known.len()) };
        }
        AlarmKind::Logs(logs) => {
            return match (alarm.value, logs.threshold) {
                (Some(value), Some(threshold)) => {
                    let unit = alarm_unit(alarm, cx.board);
                    format!("{} against {}", figure(value, unit), figure(threshold, unit))
                }
                (Some(_) | None, Some(_) | None) => String::new(),
            };
        }
    };
    let unit = alarm_unit(alarm, cx.board);
    let Some(value) = alarm.value else {
        return if alarm.state == AlarmState::InsufficientData { "no data".to_owned() } else { String::new() };
    };
    match metric.threshold {
        Some(threshold) => against(value, holds(metric, value, threshold), threshold, unit),
        None if alarm.state == AlarmState::Alarm => format!("{} {} band", figure(value, unit), metric.sign()),
        None => figure(value, unit),
    }
}

/// The sign that holds between a value and the alarm's threshold.
fn holds(metric: &MetricAlarm, value: f64, threshold: f64) -> &'static str {
    let (greater, less) = (value > threshold, value < threshold);
    match metric.sign() {
        ">" | "≤" if greater => ">",
        ">" | "≤" => "≤",
        "<" | "≥" if less => "<",
        "<" | "≥" => "≥",
        sign => sign,
    }
}

/// `14.6 > 5 %`: the unit once, where both have the same.
pub(in crate::panes) fn against(value: f64, sign: &str, threshold: f64, unit: Unit) -> String {
    let (value, threshold) = (figure(value, unit), limit(threshold, unit));
    let unit_of = |text: &str| text.split_once(' ').map(|(_, unit)| unit.to_owned());
    match (unit_of(&value), unit_of(&threshold)) {
        (Some(one), Some(other)) if one == other => {
            let number = value.split_once(' ').map_or(value.as_str(), |(number, _)| number);
            format!("{number} {sign} {threshold}")
        }
        (_, _) => format!("{value} {sign} {threshold}"),
    }
}

/// The worst value of each of `cells` equal stretches of the window: the largest, or the smallest where the alarm is
/// about too small values.
fn spark(metric: &MetricAlarm, cx: &Cx<'_>, cells: usize) -> Vec<Option<f64>> {
    let period_s = i64::from(metric.query.period_s.max(1));
    let to = floor(cx.window.end.map_or(cx.now, |end| end.min(cx.now)), period_s);
    let count = (cx.window.span.as_secs() as i64 / period_s).max(1);
    let each = (count as u64).div_ceil(cells.max(1) as u64) as i64;
    let (stretch, cells) = (each * period_s, (count as u64).div_ceil(each as u64) as i64);
    let series = cx.store.series(&metric.query).and_then(|set| set.single());
    let worst = if metric.comparison.starts_with("Less") { f64::min } else { f64::max };
    (0..cells)
        .rev()
        .map(|back| {
            let to = to - TimeDelta::seconds(back * stretch);
            let points = series?.range(to - TimeDelta::seconds(stretch), to);
            points.iter().map(|(_, value)| *value).reduce(worst)
        })
        .collect()
}
