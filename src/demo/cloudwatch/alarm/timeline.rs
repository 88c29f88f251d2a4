//! When alarms changed their states.
//!
//! In calm time no alarm fires: the world is built so. Hence only what surrounds an incident is evaluated, and an alarm
//! is `OK` from its creation to its first incident.

use chrono::TimeDelta;

use crate::analysis::alarm::Rule;
use crate::analysis::math::Value;
use crate::clock::{Time, floor};
use crate::demo::Estate;
use crate::demo::cloudwatch::batch::Batch;
use crate::demo::cloudwatch::sampler::Window;
use crate::demo::wire::ApiError;
use crate::insights::{self, Record};
use crate::store::alarm::AlarmState;
use crate::store::series::Series;

use super::catalogue::definitions;
use super::definition::{Definition, Limit, LogWatch, MetricWatch, Watch, created};

/// How long after an incident's end its alarms are still evaluated; all are back by then.
const AFTERMATH: TimeDelta = TimeDelta::minutes(60);
/// How many incidents back an alarm's present state is looked for; every alarm that is not calm fires in each.
const LOOK_BACK: usize = 3;

/// A datapoint as an alarm sees it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Datapoint {
    /// The start of its period.
    pub(super) at: Time,
    /// Its value.
    pub(super) value: f64,
    /// The lower limit.
    pub(super) lower: f64,
    /// The upper limit.
    pub(super) upper: f64,
    /// Whether it breaches.
    pub(super) breaches: bool,
}

/// Why a state changed.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Evidence {
    /// The creation of a composite alarm.
    Created,
    /// The datapoints that decided, newest first.
    Datapoints(Vec<Datapoint>),
    /// The child whose change changed the composite alarm: its name and new state.
    Child(&'static str, AlarmState),
}

/// A change of state.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Transition {
    /// Which alarm, by its place among the definitions.
    pub(super) alarm: usize,
    /// When.
    pub(super) at: Time,
    /// The state before.
    pub(super) from: AlarmState,
    /// The state after.
    pub(super) to: AlarmState,
    /// Why.
    pub(super) evidence: Evidence,
}

/// The alarms and their past up to the present.
pub(super) struct Timeline<'a> {
    estate: &'a Estate,
    /// The alarms.
    pub(super) alarms: Vec<Definition>,
    /// The present.
    pub(super) now: Time,
}

impl<'a> Timeline<'a> {
    /// The timeline of the estate at its present.
    pub(super) fn new(estate: &'a Estate, now: Time) -> Self {
        Self { estate, alarms: definitions(estate.world.rate()), now }
    }

    /// The transition that led to each alarm's present state.
    pub(super) fn present(&self) -> Result<Vec<Transition>, ApiError> {
        let mut latest: Vec<Option<Transition>> = vec![None; self.alarms.len()];
        let mut before = self.now;
        for _ in 0..LOOK_BACK {
            let Some(incident) = self.estate.world.incident(before) else { break };
            let mut newer: Vec<Option<Transition>> = vec![None; self.alarms.len()];
            for transition in self.around(incident)? {
                let alarm = transition.alarm;
                newer[alarm] = Some(transition);
            }
            for (slot, found) in latest.iter_mut().zip(newer) {
                *slot = slot.take().or(found);
            }
            if latest.iter().zip(&self.alarms).all(|(found, alarm)| found.is_some() || alarm.calm) {
                break;
            }
            before = incident.0 - TimeDelta::seconds(1);
        }
        let or_first = |(alarm, found): (usize, Option<Transition>)| found.map_or_else(|| self.first(alarm), Ok);
        latest.into_iter().enumerate().map(or_first).collect()
    }

    /// All transitions in `[from, to]`, ascending by time, the first after creation among them.
    pub(super) fn between(&self, from: Time, to: Time) -> Result<Vec<Transition>, ApiError> {
        let born = self.first_at();
        let mut found = Vec::new();
        if born >= from && born <= to {
            found = (0..self.alarms.len()).map(|alarm| self.first(alarm)).collect::<Result<_, _>>()?;
            found.retain(|transition| transition.from != transition.to);
        }
        let mut before = to.min(self.now);
        while let Some(incident) = self.estate.world.incident(before)
            && incident.1 + AFTERMATH >= from
        {
            found.extend(self.around(incident)?);
            before = incident.0 - TimeDelta::seconds(1);
        }
        found.retain(|transition| transition.at >= from && transition.at <= to);
        found.sort_by_key(|transition| (transition.at, transition.alarm));
        Ok(found)
    }

    /// When the alarms were first evaluated.
    pub(super) fn first_at(&self) -> Time {
        created(self.now) + TimeDelta::minutes(1)
    }

    /// The transition from `INSUFFICIENT_DATA` at an alarm's first evaluation. One whose metric has no datapoint and that
    /// treats that as missing is still in that state, since its creation: its "transition" is none.
    fn first(&self, alarm: usize) -> Result<Transition, ApiError> {
        let at = self.first_at();
        let from = AlarmState::InsufficientData;
        let watch = &self.alarms[alarm].watch;
        let Some((rule, every_s)) = watch.rule() else {
            return Ok(Transition { alarm, at, from, to: AlarmState::Ok, evidence: Evidence::Created });
        };
        let seconds = i64::from(every_s);
        let to = floor(at, seconds);
        let window = Window { from: to - TimeDelta::seconds(seconds * i64::from(rule.range())), to, now: at };
        // The datapoints as they were then, before they aged out of what CloudWatch keeps.
        let Some(lines) = self.lines(watch, window)? else {
            return Ok(Transition { alarm, at: created(self.now), from, to: from, evidence: Evidence::Created });
        };
        let periods: Vec<Option<Datapoint>> = (1..=i64::from(rule.range()))
            .map(|back| lines.at(watch, to - TimeDelta::seconds(seconds * back)))
            .collect();
        let breaches: Vec<Option<bool>> = periods.iter().map(|point| point.map(|point| point.breaches)).collect();
        match rule.evaluate(&breaches).state {
            None | Some(AlarmState::InsufficientData) => {
                Ok(Transition { alarm, at: created(self.now), from, to: from, evidence: Evidence::Created })
            }
            Some(to) => {
                let decided = periods.into_iter().flatten().take(rule.evaluation_periods as usize).collect();
                Ok(Transition { alarm, at, from, to, evidence: Evidence::Datapoints(decided) })
            }
        }
    }

    /// The transitions around one incident, up to the present, ascending by time.
    fn around(&self, incident: (Time, Time)) -> Result<Vec<Transition>, ApiError> {
        let mut found: Vec<Transition> = Vec::new();
        for (alarm, definition) in self.alarms.iter().enumerate() {
            match &definition.watch {
                watch @ (Watch::Metric(_) | Watch::Logs(_)) => {
                    found.extend(self.of_watched(alarm, watch, incident)?);
                }
                Watch::Composite(rule) => found.extend(self.of_composite(alarm, rule, &found)),
            }
        }
        found.sort_by_key(|transition| (transition.at, transition.alarm));
        Ok(found)
    }

    fn of_watched(&self, alarm: usize, watch: &Watch, (start, end): (Time, Time)) -> Result<Vec<Transition>, ApiError> {
        let Some((rule, every_s)) = watch.rule() else { return Ok(Vec::new()) };
        let step = TimeDelta::seconds(i64::from(every_s));
        let first = floor(start, i64::from(every_s));
        let last = floor(self.now.min(end + AFTERMATH), i64::from(every_s));
        if last <= first {
            return Ok(Vec::new());
        }
        let window = Window { from: first - step * rule.range() as i32, to: last, now: self.now };
        let Some(lines) = self.lines(watch, window)? else { return Ok(Vec::new()) };
        let mut found = Vec::new();
        let mut current = if lines.value.points.is_empty() { self.first(alarm)?.to } else { AlarmState::Ok };
        let mut at = first + step;
        while at <= last {
            let periods: Vec<Option<Datapoint>> =
                (1..=rule.range()).map(|back| lines.at(watch, at - step * back as i32)).collect();
            let breaches: Vec<Option<bool>> = periods.iter().map(|point| point.map(|point| point.breaches)).collect();
            if let Some(to) = rule.evaluate(&breaches).state
                && to != current
            {
                let decided = periods.into_iter().flatten().take(rule.evaluation_periods as usize).collect();
                let evidence = Evidence::Datapoints(decided);
                found.push(Transition { alarm, at, from: current, to, evidence });
                current = to;
            }
            at += step;
        }
        Ok(found)
    }

    /// What an alarm watches over a window, with its limits; `None` for a composite.
    fn lines(&self, watch: &Watch, window: Window) -> Result<Option<Lines>, ApiError> {
        Ok(match watch {
            Watch::Metric(watch) => Some(Lines::of(&Batch::run(&self.estate.world, &watch.queries, window)?, watch)),
            Watch::Logs(watch) => Some(Lines { value: self.results(watch, window), band: None }),
            Watch::Composite(_) => None,
        })
    }

    /// The results of a scheduled query: one for each run whose span has ended, at the span's start.
    fn results(&self, watch: &LogWatch, window: Window) -> Series {
        let step = TimeDelta::seconds(i64::from(watch.every_s));
        let Ok(query) = insights::parse(&watch.whole_query()) else { return Series::default() };
        let mut points = Vec::new();
        let mut at = floor(window.from, i64::from(watch.every_s));
        while at + step <= window.to.min(window.now) {
            let mut run = query.start();
            for record in self.estate.world.log_events(watch.group, at, at + step) {
                run.push(&Record::new(record.time, watch.group, &record.stream, &record.message));
            }
            let value = run.finish().into_iter().next().and_then(|row| row.into_iter().next());
            if let Some(value) = value.and_then(|(_, value)| value.parse().ok()) {
                points.push((at, value));
            }
            at += step;
        }
        Series { label: watch.aggregation.to_owned(), points }
    }

    fn of_composite(&self, alarm: usize, rule: &str, others: &[Transition]) -> Vec<Transition> {
        let Some(rule) = Rule::parse(rule) else { return Vec::new() };
        let children = rule.children();
        let mut changes: Vec<&Transition> =
            others.iter().filter(|other| children.contains(&self.alarms[other.alarm].name)).collect();
        changes.sort_by_key(|change| change.at);
        // What is watched in vain has no data, in every incident.
        let mut states = vec![AlarmState::Ok; self.alarms.len()];
        let mut current = AlarmState::Ok;
        let mut found = Vec::new();
        for change in changes {
            states[change.alarm] = change.to;
            let of = |name: &str| self.alarms.iter().position(|alarm| alarm.name == name).map(|i| states[i]);
            let to = if rule.holds(&of) { AlarmState::Alarm } else { AlarmState::Ok };
            if to != current {
                let evidence = Evidence::Child(self.alarms[change.alarm].name, change.to);
                found.push(Transition { alarm, at: change.at, from: current, to, evidence });
                current = to;
            }
        }
        found
    }
}

/// The watched line and its limits.
struct Lines {
    value: Series,
    /// Upper and lower line of the band.
    band: Option<(Series, Series)>,
}

impl Lines {
    fn of(batch: &Batch<'_>, watch: &MetricWatch) -> Self {
        let lines = |id: &str| {
            let value = batch.get(id).map(|outcome| outcome.value.clone());
            value.and_then(Value::into_series).unwrap_or_default().into_iter()
        };
        let band = match watch.limit {
            Limit::Threshold(_) => None,
            Limit::Band(id) => {
                let mut both = lines(id);
                both.next().zip(both.next())
            }
        };
        Self { value: lines(watch.watched).next().unwrap_or_default(), band }
    }

    fn at(&self, watch: &Watch, at: Time) -> Option<Datapoint> {
        let (limit, comparison) = watch.limit()?;
        let value = self.value.at(at)?;
        let (lower, upper) = match (limit, &self.band) {
            (Limit::Threshold(limit), _) => (limit, limit),
            (Limit::Band(_), Some((upper, lower))) => (lower.at(at)?, upper.at(at)?),
            (Limit::Band(_), None) => return None,
        };
        Some(Datapoint { at, value, lower, upper, breaches: comparison.breaches(value, lower, upper) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Clock;
    use crate::demo::world::{Schedule, World, WorldConfig};

    /// What spares the timeline from evaluating whole days.
    #[test]
    fn no_alarm_fires_in_calm_time() {
        let now: Time = "2026-01-15T10:09:00Z".parse().expect("a time");
        for (seed, rate) in [(7, 40.0), (8, 40.0), (7, 120.0), (7, 5.0)] {
            let world = World::new(WorldConfig { seed, rate, schedule: Schedule::Day(now) });
            let estate = Estate { world, clock: Clock::fixed(now) };
            let calm = (now - TimeDelta::hours(3), now);
            let found = Timeline::new(&estate, now).around(calm).expect("valid queries");
            assert_eq!(found, [], "seed {seed}, {rate}/s");
        }
    }
}
