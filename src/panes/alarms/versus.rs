//! An alarm's value against what it is compared with.

use std::cmp::Ordering;

use chrono::TimeDelta;

use crate::analysis::alarm::Comparison;
use crate::analysis::alarm::evaluate::EXTRA_PERIODS;
use crate::analysis::alarm::look::Limits;
use crate::analysis::unit::alarm_unit;
use crate::board::{Board, Unit};
use crate::clock::Time;
use crate::store::Store;
use crate::store::alarm::{Alarm, AlarmKind, AlarmState, LogsAlarm, MetricAlarm};
use crate::store::rule::{RuleState, RuleStatus};
use crate::text::units::pair;
use crate::widgets::chart::figure;

/// How long a value may count as the present one, however short the periods are.
const RECENT: TimeDelta = TimeDelta::minutes(10);

/// A value against its threshold in words.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Versus {
    /// The words: `14.6 > 5 %`, `2,934 outside band`, `1 of 2 in ALARM`, `no data`; empty where there is nothing to say.
    pub text: String,
    /// Whether the value is that of a change of state long ago, because no newer one is known; the words begin with `then`.
    pub then: bool,
}

impl Versus {
    fn now(text: String) -> Self {
        Self { text, then: false }
    }

    fn dated(text: String, then: bool) -> Self {
        Self { text: if then { format!("then {text}") } else { text }, then }
    }
}

/// For how long a datapoint is one that the alarm still looks at.
pub fn recent(metric: &MetricAlarm) -> TimeDelta {
    let periods = i64::from(metric.evaluation_periods + EXTRA_PERIODS + 1);
    TimeDelta::seconds(i64::from(metric.query.period_s.max(1)) * periods).max(RECENT)
}

/// The newest datapoint of an alarm's own expression whose period is over, with the start of that period; `None` where it
/// is not known or too old for the alarm to look at. An alarm on several time series has no single one.
pub fn newest(alarm: &Alarm, store: &Store, now: Time) -> Option<(Time, f64)> {
    let metric = alarm.metric().filter(|_| !alarm.has_contributors())?;
    let period = TimeDelta::seconds(i64::from(metric.query.period_s.max(1)));
    let points = &store.series(&metric.query)?.single()?.points;
    let over = points.partition_point(|(at, _)| *at + period <= now);
    let newest = *points.get(over.checked_sub(1)?)?;
    (now - newest.0 <= recent(metric)).then_some(newest)
}

/// An alarm's value against what it is compared with: the newest datapoint, else the value of the last change of state.
/// The sign is what holds: an alarm on `> 5` at 2.1 reads `2.1 ≤ 5`.
pub fn versus(alarm: &Alarm, store: &Store, board: &Board, now: Time) -> Versus {
    match &alarm.kind {
        AlarmKind::Metric(metric) => of_metric(alarm, metric, store, alarm_unit(alarm, board), now),
        AlarmKind::Composite { children, .. } => {
            let known: Vec<&Alarm> = children.iter().filter_map(|name| store.alarm(name)).collect();
            let firing = known.iter().filter(|child| child.state == AlarmState::Alarm).count();
            let text = format!("{firing} of {} in ALARM", known.len());
            Versus::now(if known.is_empty() { String::new() } else { text })
        }
        AlarmKind::Logs(logs) => of_logs(alarm, logs, alarm_unit(alarm, board), now),
    }
}

fn of_metric(alarm: &Alarm, metric: &MetricAlarm, store: &Store, unit: Unit, now: Time) -> Versus {
    if let Some((at, value)) = newest(alarm, store, now) {
        if let Some(threshold) = metric.threshold {
            return Versus::now(against(value, holds(metric.sign(), value, threshold), threshold, unit));
        }
        let limits = Limits::of(metric, metric.band.as_ref().and_then(|band| store.series(band)));
        if let Some((lower, upper)) = limits.and_then(|limits| limits.near(at, recent(metric))) {
            return Versus::now(format!("{} {} band", figure(value, unit), side(metric, value, lower, upper)));
        }
        // Where the band is not known, the value is.
        return Versus::now(figure(value, unit));
    }
    let Some(value) = alarm.value.filter(|_| alarm.state != AlarmState::InsufficientData) else {
        let text = if alarm.state == AlarmState::InsufficientData { "no data" } else { "" };
        return Versus::now(text.to_owned());
    };
    let text = match metric.threshold {
        Some(threshold) => against(value, holds(metric.sign(), value, threshold), threshold, unit),
        None if alarm.state == AlarmState::Alarm => format!("{} {} band", figure(value, unit), metric.sign()),
        None => figure(value, unit),
    };
    Versus::dated(text, is_past(alarm, recent(metric), now))
}

fn of_logs(alarm: &Alarm, logs: &LogsAlarm, unit: Unit, now: Time) -> Versus {
    let (Some(value), Some(threshold)) = (alarm.value, logs.threshold) else { return Versus::default() };
    let sign = Comparison::parse(&logs.comparison).map_or("?", Comparison::sign);
    Versus::dated(against(value, holds(sign, value, threshold), threshold, unit), is_past(alarm, RECENT, now))
}

/// Whether an alarm changed its state too long ago for the value of then to be one of now.
fn is_past(alarm: &Alarm, recent: TimeDelta, now: Time) -> bool {
    alarm.since.is_none_or(|since| now - since > recent)
}

/// On which side of its band a value lies: in the alarm's word where that breaches.
fn side(metric: &MetricAlarm, value: f64, lower: f64, upper: f64) -> &'static str {
    match Comparison::parse(&metric.comparison) {
        Some(comparison) if comparison.breaches(value, lower, upper) => metric.sign(),
        _ if value > upper => "above",
        _ if value < lower => "below",
        _ => "within",
    }
}

/// The sign that holds between a value and the alarm's threshold.
fn holds(sign: &'static str, value: f64, threshold: f64) -> &'static str {
    let (greater, less) = (value > threshold, value < threshold);
    match sign {
        ">" | "≤" if greater => ">",
        ">" | "≤" => "≤",
        "<" | "≥" if less => "<",
        "<" | "≥" => "≥",
        sign => sign,
    }
}

/// `14.6 > 5 %`: the unit once, where both have the same. Prefixes without a unit stand twice: `2.203 M ≥ 1 M`.
fn against(value: f64, sign: &str, threshold: f64, unit: Unit) -> String {
    let (value, threshold) = pair(value, threshold, unit);
    let unit_of = |text: &str| text.split_once(' ').map(|(_, unit)| unit.to_owned());
    match (unit_of(&value), unit_of(&threshold)) {
        (Some(one), Some(other)) if one == other && !matches!(unit, Unit::Count | Unit::None) => {
            let number = value.split_once(' ').map_or(value.as_str(), |(number, _)| number);
            format!("{number} {sign} {threshold}")
        }
        (_, _) => format!("{value} {sign} {threshold}"),
    }
}

/// A value beside a threshold of which it is not known which side is the bad one: `67 > 30`.
pub(in crate::panes) fn beside(value: f64, threshold: f64, unit: Unit) -> String {
    let sign = match value.partial_cmp(&threshold) {
        Some(Ordering::Greater) => ">",
        Some(Ordering::Less) => "<",
        Some(Ordering::Equal) | None => "=",
    };
    against(value, sign, threshold, unit)
}

/// A rule's value against its threshold: which side is the bad one is the rule's business.
pub(super) fn of_rule(rule: &RuleStatus, board: &Board) -> Versus {
    let unit = board.rules.iter().find(|known| known.id == rule.id).map_or(Unit::None, |known| known.unit);
    Versus::now(match (rule.value, rule.threshold) {
        (Some(value), Some(threshold)) => beside(value, threshold, unit),
        (Some(value), None) => figure(value, unit),
        (None, _) if rule.state == RuleState::NoData => "no data".to_owned(),
        (None, _) => String::new(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::panes::incident;
    use crate::panes::testing::World;

    fn told(world: &World, name: &str) -> Versus {
        versus(world.store.alarm(name).expect("an alarm"), &world.store, &world.board, world.now)
    }

    fn set(world: &mut World, name: &str, change: impl Fn(&mut Alarm)) {
        world.store.alarms.data.iter_mut().filter(|alarm| alarm.name == name).for_each(change);
    }

    #[test]
    fn the_newest_datapoint_counts_and_an_old_value_is_marked() {
        let mut world = incident::live();
        let long_ago = world.now - TimeDelta::days(384);
        set(&mut world, "HighFailureRate", |alarm| {
            alarm.state = AlarmState::Ok;
            alarm.since = Some(long_ago);
            alarm.value = Some(1.81);
        });
        assert_eq!(told(&world, "HighFailureRate"), Versus::now("14.6 > 5 %".into()), "what it was then is no news");
        let alarm = world.store.alarm("HighFailureRate").expect("an alarm").clone();
        world.store.series.remove(&alarm.metric().expect("a metric alarm").query);
        assert_eq!(told(&world, "HighFailureRate"), Versus::dated("1.8 ≤ 5 %".into(), true));
        assert_eq!(told(&world, "HighFailureRate").text, "then 1.8 ≤ 5 %");
        let now = world.now;
        set(&mut world, "HighFailureRate", |alarm| alarm.since = Some(now - TimeDelta::minutes(8)));
        assert_eq!(told(&world, "HighFailureRate").text, "1.8 ≤ 5 %", "a change of just now tells of now");
    }

    #[test]
    fn a_datapoint_that_the_alarm_no_longer_looks_at_is_not_the_newest() {
        let mut world = incident::live();
        let at = newest(world.store.alarm("HighFailureRate").expect("an alarm"), &world.store, world.now);
        assert_eq!(at.map(|(at, _)| (world.now - at).num_minutes()), Some(8), "the period under way does not count");
        world.now += TimeDelta::hours(2);
        assert_eq!(newest(world.store.alarm("HighFailureRate").expect("an alarm"), &world.store, world.now), None);
        assert!(told(&world, "HighFailureRate").then);
    }

    #[test]
    fn a_value_lies_on_a_side_of_its_band() {
        let world = incident::live();
        let spike = world.store.alarm("RequestSpike").and_then(Alarm::metric).expect("a metric alarm");
        assert_eq!(side(spike, 3.0, 1.0, 2.0), "outside");
        assert_eq!(side(spike, 1.5, 1.0, 2.0), "within");
        let decline = world.store.alarm("SuccessRateDecline").and_then(Alarm::metric).expect("a metric alarm");
        assert_eq!((side(decline, 3.0, 1.0, 2.0), side(decline, 0.5, 1.0, 2.0)), ("above", "below"));
    }

    #[test]
    fn both_sides_have_one_scale_and_a_unit_stands_once() {
        let cases = [
            (2660.0, ">", 2453.0, Unit::None, "2,660 > 2,453"),
            (2_202_788.0, "≥", 1e6, Unit::Count, "2.203 M ≥ 1 M"),
            (14.6, ">", 5.0, Unit::Percent, "14.6 > 5 %"),
            (0.82, "≤", 3.0, Unit::Seconds, "0.82 ≤ 3 s"),
            (2.5e9, ">", 1e9, Unit::Bytes, "2.500 > 1 GB"),
        ];
        for (value, sign, threshold, unit, expected) in cases {
            assert_eq!(against(value, sign, threshold, unit), expected);
        }
    }
}
