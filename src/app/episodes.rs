//! Episodes of CloudWatch alarms: when one began to fire, how far it went, when it stopped.

use chrono::TimeDelta;

use super::Place;
use super::msg::Update;
use crate::board::Board;
use crate::clock::Time;
use crate::store::Store;
use crate::store::alarm::{Alarm, AlarmKind, AlarmState, MetricAlarm, Transition};
use crate::store::episode::{Episode, Signal};
use crate::text::clean;

/// How long after its end a datapoint may still change; until then it says nothing of a peak.
const UNSETTLED: TimeDelta = TimeDelta::minutes(1);
/// Tellings of one transition by two operations of AWS may differ by this much.
const SAME_TRANSITION: TimeDelta = TimeDelta::seconds(5);

/// What some news says of episodes of alarms that the store does not know yet.
pub(super) fn told(update: &Update, place: &Place, board: &Board, store: &Store) -> Vec<Episode> {
    if let Update::Alarms { at, alarms } = update {
        return of_alarms(alarms, *at, place, board, store);
    }
    if let Update::Transitions { transitions, .. } = update {
        return of_transitions(transitions, place, board, store);
    }
    Vec::new()
}

/// What all alarms of the account, as they were `at`, say of episodes that the store does not know yet.
///
/// An episode begins with the alarm's `since`. It ends with the `since` of the state after it: where more than one
/// change was missed that is late, and the earliest end that anybody tells counts.
fn of_alarms(alarms: &[Alarm], at: Time, place: &Place, board: &Board, store: &Store) -> Vec<Episode> {
    let firing = alarms.iter().filter(|alarm| alarm.state == AlarmState::Alarm);
    let mut told: Vec<Episode> = firing.map(|alarm| begun(alarm, at, place, board, store)).collect();
    let open = store.history.episodes.iter().filter(|e| e.signal == Signal::Alarm && e.ended.is_none());
    let over = open.filter(|known| !told.iter().any(|told| told.is_same(known)));
    let over: Vec<Episode> = over.map(|known| ended(known, alarms, at, store)).collect();
    told.extend(over);
    told.retain(|episode| is_news(episode, store));
    told
}

/// What changes of state, oldest first, say of episodes that the store does not know yet. Of one that began before the
/// first change, only the end is known: it counts if the store knows the beginning.
pub fn of_transitions(transitions: &[Transition], place: &Place, board: &Board, store: &Store) -> Vec<Episode> {
    let mut told: Vec<Episode> = Vec::new();
    for change in transitions {
        let open = told.iter_mut().rev().find(|episode| episode.name == change.alarm && episode.ended.is_none());
        match open {
            Some(episode) => episode.ended = Some(change.at),
            None if change.from == AlarmState::Alarm => {
                let known = store.history.under_way(Signal::Alarm, &change.alarm);
                let known = known.filter(|known| known.began < change.at).cloned();
                told.extend(known.map(|known| Episode { ended: Some(change.at), ..known }));
            }
            None => {}
        }
        if change.to == AlarmState::Alarm {
            told.push(dated_as_known(began_with(change, place, board, store), store));
        }
    }
    told.retain(|episode| is_news(episode, store));
    told
}

fn began_with(change: &Transition, place: &Place, board: &Board, store: &Store) -> Episode {
    Episode {
        signal: Signal::Alarm,
        name: change.alarm.clone(),
        account: place.account.clone(),
        region: place.region.clone(),
        severity: store.severity(&change.alarm, board),
        began: change.at,
        ended: None,
        value: change.value,
        peak: change.value.filter(|_| change.threshold.is_some()),
        threshold: change.threshold,
        reason: clean(&change.reason).into_owned(),
    }
}

/// Finds an episode that two operations of AWS date a little differently, and dates it as it is known.
fn dated_as_known(mut episode: Episode, store: &Store) -> Episode {
    let near = |known: &&Episode| {
        known.signal == episode.signal
            && known.name == episode.name
            && (known.began - episode.began).abs() <= SAME_TRANSITION
    };
    if let Some(known) = store.history.episodes.iter().find(near) {
        episode.began = known.began;
    }
    episode
}

/// Whether the store would learn something from a telling.
fn is_news(told: &Episode, store: &Store) -> bool {
    let known = store.history.episodes.iter().find(|known| known.is_same(told));
    known.is_none_or(|known| {
        let mut merged = known.clone();
        merged.merge(told);
        merged != *known
    })
}

/// The episode of an alarm that fires.
fn begun(alarm: &Alarm, at: Time, place: &Place, board: &Board, store: &Store) -> Episode {
    let under_way = store.history.under_way(Signal::Alarm, &alarm.name);
    // Where AWS does not say since when, it is the first time that we saw it.
    let began = alarm.since.unwrap_or_else(|| under_way.map_or(at, |known| known.began));
    let mut episode = Episode {
        signal: Signal::Alarm,
        name: alarm.name.clone(),
        account: place.account.clone(),
        region: place.region.clone(),
        severity: store.severity(&alarm.name, board),
        began,
        ended: None,
        value: alarm.value,
        peak: None,
        threshold: alarm.threshold(),
        reason: clean(&alarm.reason).into_owned(),
    };
    episode.peak = peak(alarm, &episode, at, store);
    dated_as_known(episode, store)
}

/// A known episode that no alarm speaks of any more: the alarm fires no longer, or anew, or is gone.
fn ended(known: &Episode, alarms: &[Alarm], at: Time, store: &Store) -> Episode {
    let alarm = alarms.iter().find(|alarm| alarm.name == known.name);
    let next = alarm.and_then(|alarm| alarm.since).filter(|since| *since >= known.began);
    let mut episode = Episode { ended: Some(next.unwrap_or(at)), ..known.clone() };
    episode.peak = alarm.and_then(|alarm| peak(alarm, &episode, at, store));
    episode
}

/// The value farthest beyond the threshold in the periods that made the alarm fire and those since, as far as they are
/// known and settled. Of a band only what lies above is told apart from what lies below.
fn peak(alarm: &Alarm, episode: &Episode, at: Time, store: &Store) -> Option<f64> {
    let AlarmKind::Metric(metric) = &alarm.kind else { return None };
    let worst = worst(metric)?;
    let period = TimeDelta::seconds(i64::from(metric.query.period_s.max(1)));
    let from = episode.began - period * i32::try_from(metric.evaluation_periods).unwrap_or(1);
    let to = episode.ended.unwrap_or(at).min(at - UNSETTLED) - period;
    let series = store.series(&metric.query).and_then(|set| set.single());
    let seen = series.map_or(&[][..], |series| series.range(from, to + TimeDelta::milliseconds(1)));
    seen.iter().map(|(_, value)| *value).chain(alarm.value.filter(|_| episode.ended.is_none())).reduce(worst)
}

/// Which of two values is farther beyond; `None` where either side of a band is beyond.
fn worst(metric: &MetricAlarm) -> Option<fn(f64, f64) -> f64> {
    match metric.sign() {
        ">" | "≥" | "above" => Some(f64::max),
        // Without a threshold a later telling could not be compared with this one.
        "<" | "≤" if metric.threshold.is_some() => Some(f64::min),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::board::Board;
    use crate::store::episode::Entry;
    use crate::store::episode::Severity;
    use crate::store::series::{MetricBatch, MetricQuery, MetricResult, Series};

    fn at(text: &str) -> Time {
        format!("2026-01-15T{text}Z").parse().expect("a time")
    }

    fn query() -> MetricQuery {
        MetricQuery::stat("N", "M", &[], "Average", 300)
    }

    fn alarm(name: &str, state: AlarmState, since: &str, value: f64) -> Alarm {
        let metric = MetricAlarm {
            query: query(),
            band: None,
            comparison: "GreaterThanThreshold".to_owned(),
            threshold: Some(5.0),
            evaluation_periods: 2,
            datapoints_to_alarm: 2,
            treat_missing: "missing".to_owned(),
        };
        Alarm {
            name: name.to_owned(),
            description: String::new(),
            kind: AlarmKind::Metric(Box::new(metric)),
            state,
            since: (!since.is_empty()).then(|| at(since)),
            reason: "Threshold Crossed".to_owned(),
            value: Some(value),
            actions_enabled: true,
            actions: Vec::new(),
            evaluation_state: None,
            setup: crate::store::alarm::AlarmSetup::default(),
        }
    }

    fn board() -> Board {
        crate::board::preset("token-provisioning").expect("the preset")
    }

    /// Tells the store what the alarms say at a time, and returns what was news.
    fn tell(store: &mut Store, now: &str, alarms: &[Alarm]) -> Vec<Episode> {
        let place = Place { account: "demo".to_owned(), region: "us-east-1".to_owned(), ..Place::default() };
        let told = of_alarms(alarms, at(now), &place, &board(), store);
        for episode in &told {
            store.remember(Entry::Episode(episode.clone()));
        }
        told
    }

    fn listed(store: &Store) -> Vec<(&str, Time, Option<Time>, Option<f64>)> {
        store.history.episodes.iter().map(|e| (e.name.as_str(), e.began, e.ended, e.peak)).collect()
    }

    #[test]
    fn an_alarm_that_fires_and_stops_is_one_episode() {
        use AlarmState::{Alarm as Firing, InsufficientData, Ok};
        let mut store = Store::default();
        assert_eq!(tell(&mut store, "10:19:00", &[alarm("A", Ok, "09:00:00", 1.0)]), []);
        assert_eq!(tell(&mut store, "10:21:00", &[alarm("A", Firing, "10:20:00", 7.0)]).len(), 1);
        assert_eq!(tell(&mut store, "10:21:10", &[alarm("A", Firing, "10:20:00", 7.0)]), [], "told once");
        assert_eq!(tell(&mut store, "10:31:00", &[alarm("A", InsufficientData, "10:30:00", 2.0)]).len(), 1);
        assert_eq!(listed(&store), [("A", at("10:20:00"), Some(at("10:30:00")), Some(7.0))]);
        assert_eq!(tell(&mut store, "10:32:00", &[alarm("A", Ok, "10:31:30", 2.0)]), [], "it has ended already");
    }

    #[test]
    fn what_happened_between_two_looks_is_told_as_far_as_it_can_be() {
        use AlarmState::Alarm as Firing;
        let mut store = Store::default();
        tell(&mut store, "10:21:00", &[alarm("A", Firing, "10:20:00", 7.0), alarm("B", Firing, "", 6.0)]);
        tell(&mut store, "10:22:00", &[alarm("A", Firing, "10:20:00", 7.0), alarm("B", Firing, "", 6.5)]);
        // A has stopped and fires anew; B has been deleted.
        tell(&mut store, "12:00:00", &[alarm("A", Firing, "11:50:00", 8.0)]);
        assert_eq!(
            listed(&store),
            [
                ("A", at("11:50:00"), None, Some(8.0)),
                ("B", at("10:21:00"), Some(at("12:00:00")), Some(6.5)),
                ("A", at("10:20:00"), Some(at("11:50:00")), Some(7.0)),
            ]
        );
        // Whoever looked in time knows better.
        let known = Episode { ended: Some(at("10:40:00")), ..store.history.episodes[2].clone() };
        store.remember(Entry::Episode(known));
        assert_eq!(store.history.episodes[2].ended, Some(at("10:40:00")));
    }

    #[test]
    fn an_episode_left_open_by_an_earlier_run_is_ended() {
        let mut store = Store::default();
        let mut earlier = Store::default();
        tell(&mut earlier, "08:00:00", &[alarm("A", AlarmState::Alarm, "07:55:00", 7.0)]);
        let read = earlier.history.episodes.iter().cloned().map(Entry::Episode).collect();
        store.fold(&board(), Update::History(read));
        tell(&mut store, "10:00:00", &[alarm("A", AlarmState::Ok, "08:10:00", 2.0)]);
        assert_eq!(listed(&store), [("A", at("07:55:00"), Some(at("08:10:00")), Some(7.0))]);
    }

    #[test]
    fn the_peak_is_read_off_the_settled_datapoints_of_the_episode() {
        let mut store = Store::default();
        let points = [("10:00:00", 99.0), ("10:10:00", 6.0), ("10:15:00", 9.0), ("10:20:00", 14.6), ("10:25:00", 50.0)];
        let points = points.map(|(start, value)| (at(start), value)).to_vec();
        let series = vec![Series { label: String::new(), points }];
        let result = MetricResult { query: query(), from: at("09:00:00"), to: at("10:30:00"), series, message: None };
        store.fold(&board(), Update::Metrics(MetricBatch { at: at("10:28:00"), results: vec![result] }));
        tell(&mut store, "10:28:00", &[alarm("A", AlarmState::Alarm, "10:20:00", 9.0)]);
        assert_eq!(store.history.episodes[0].peak, Some(14.6), "the period under way does not count yet");
        tell(&mut store, "10:31:00", &[alarm("A", AlarmState::Alarm, "10:20:00", 9.0)]);
        assert_eq!(store.history.episodes[0].peak, Some(50.0));
        assert_eq!(store.history.episodes[0].value, Some(9.0));
    }

    #[test]
    fn changes_of_state_become_episodes() {
        use AlarmState::{Alarm as Firing, InsufficientData, Ok};
        let change = |name: &str, time: &str, from, to| Transition {
            alarm: name.to_owned(),
            at: at(time),
            from,
            to,
            reason: String::new(),
            value: Some(9.0),
            threshold: Some(5.0),
        };
        let mut store = Store::default();
        tell(&mut store, "07:00:00", &[alarm("B", Firing, "06:00:00", 7.0)]);
        let changes = [
            change("A", "08:00:00", Firing, Ok),
            change("B", "08:10:00", Firing, InsufficientData),
            change("A", "09:00:00", Ok, Firing),
            change("C", "09:10:00", InsufficientData, Firing),
            change("A", "09:20:00", Firing, Ok),
            change("A", "09:30:00", Ok, Firing),
        ];
        let place = Place::default();
        let told = of_transitions(&changes, &place, &board(), &store);
        let told: Vec<_> = told.iter().map(|e| (e.name.as_str(), e.began, e.ended)).collect();
        assert_eq!(
            told,
            [
                ("B", at("06:00:00"), Some(at("08:10:00"))),
                ("A", at("09:00:00"), Some(at("09:20:00"))),
                ("C", at("09:10:00"), None),
                ("A", at("09:30:00"), None),
            ],
            "of A's first episode nobody knows the beginning"
        );
    }

    #[test]
    fn two_operations_date_one_transition_alike() {
        let mut store = Store::default();
        tell(&mut store, "10:21:00", &[alarm("A", AlarmState::Alarm, "10:20:00", 7.0)]);
        let other = Episode { began: at("10:20:00.084"), ..store.history.episodes[0].clone() };
        assert!(!is_news(&dated_as_known(other, &store), &store));
        let another = Episode { began: at("10:26:00"), ..store.history.episodes[0].clone() };
        assert!(is_news(&dated_as_known(another, &store), &store));
    }

    #[test]
    fn an_episode_matters_as_much_as_the_board_says() {
        let mut board = board();
        board.alarms.severities = vec![("B".to_owned(), Severity::Warning)];
        let store = Store::default();
        let firing = |name| alarm(name, AlarmState::Alarm, "10:20:00", 7.0);
        let told = of_alarms(&[firing("A"), firing("B")], at("10:21:00"), &Place::default(), &board, &store);
        let changed = Transition {
            alarm: "B".to_owned(),
            at: at("10:20:00"),
            from: AlarmState::Ok,
            to: AlarmState::Alarm,
            reason: String::new(),
            value: None,
            threshold: None,
        };
        let changed = of_transitions(&[changed], &Place::default(), &board, &store);
        let severities: Vec<Severity> = told.iter().chain(&changed).map(|episode| episode.severity).collect();
        assert_eq!(severities, [Severity::Critical, Severity::Warning, Severity::Warning]);
    }
}
