use super::super::engine::{Change, RuleEngine};
use super::*;
use crate::store::episode::{Entry, Episode};

const RULES: &str = r#"
[[rule]]
id = "high"
title = "High"
severity = "critical"
kind = "threshold"
value = "m"
above = 5

[[rule]]
id = "flood"
kind = "rate"
log_groups = ["/g"]
window = "15s"
at_least = 3
"#;

struct World {
    board: Board,
    store: Store,
    engine: RuleEngine,
}

impl World {
    fn new() -> Self {
        let board = board(RULES);
        let place = Place { account: "demo".into(), region: "us-east-1".into() };
        Self { engine: RuleEngine::new(&board, place, Duration::from_hours(1)), store: Store::default(), board }
    }

    fn tell(&mut self, update: Update) {
        self.engine.note(&update);
        self.store.fold(&self.board, update);
    }

    /// Tells values of `m` from 10:00 on, and looks at `now`.
    fn values(&mut self, values: &str, now: &str) -> Vec<String> {
        self.tell(answer(&self.board, "m", at("10:00:00"), &numbers(values), at(now)));
        self.look(now)
    }

    fn look(&mut self, now: &str) -> Vec<String> {
        let changes = self.engine.look(&self.board, &mut self.store, at(now));
        for change in &changes {
            self.store.remember(Entry::Episode(change.episode().clone()));
        }
        changes.iter().map(said).collect()
    }
}

/// `Began high 10:02:00–… peak 6`.
fn said(change: &Change) -> String {
    let word = match change {
        Change::Began(_) => "began",
        Change::Grew(_) => "grew",
        Change::Ended(_) => "ended",
        Change::Found(_) => "found",
    };
    let Episode { name, began, ended, peak, .. } = change.episode();
    let ended = ended.map(clock).unwrap_or_default();
    format!("{word} {name} {}–{ended} peak {}", clock(*began), peak.unwrap_or(f64::NAN))
}

#[test]
fn an_episode_begins_grows_and_ends_once() {
    let mut world = World::new();
    assert_eq!(world.look("10:00:00"), [] as [&str; 0]);
    let states = |world: &World| world.store.rules.iter().map(|s| (s.id.clone(), s.state)).collect::<Vec<_>>();
    assert_eq!(states(&world), [("high".to_owned(), RuleState::NoData), ("flood".to_owned(), RuleState::NoData)]);
    assert_eq!(world.values("1 6", "10:02:05"), ["began high 10:02:00– peak 6"]);
    assert_eq!(world.look("10:02:30"), [] as [&str; 0], "nothing is new");
    assert_eq!(world.values("1 6 9", "10:03:05"), ["grew high 10:02:00– peak 9"]);
    assert_eq!(world.values("1 6 9 7", "10:04:05"), [] as [&str; 0]);
    assert_eq!(world.values("1 6 9 7 2", "10:05:05"), ["ended high 10:02:00–10:05:00 peak 9"]);
    assert_eq!(world.values("1 6 9 7 2 2", "10:06:05"), [] as [&str; 0]);
    assert_eq!(world.values("1 6 9 7 2 2 8", "10:07:05"), ["began high 10:07:00– peak 8"]);
    let high = &world.store.rules[0];
    assert_eq!((high.state, high.since, high.value), (RuleState::Firing, Some(at("10:07:00")), Some(8.0)));
    assert_eq!(high.reason, "1 of the last 1 datapoints > 5, newest 8");
    assert_eq!(world.store.rule_tracks["high"].episodes.len(), 2);
    assert_eq!(world.store.rule_tracks["high"].episodes[0].began, at("10:07:00"), "newest first");
}

#[test]
fn what_was_over_before_is_found_and_what_has_no_beginning_is_not_kept() {
    let mut world = World::new();
    assert_eq!(world.values("6 1 6 6 1", "10:05:05"), ["found high 10:03:00–10:05:00 peak 6"]);
    assert_eq!(world.store.rules[0].state, RuleState::Quiet);
    assert_eq!(world.store.rules[0].since, Some(at("10:05:00")));
    assert_eq!(world.values("6 1 6 6 1 1", "10:06:05"), [] as [&str; 0], "told once");
}

#[test]
fn a_late_datapoint_moves_no_beginning_and_makes_no_second_episode() {
    let mut world = World::new();
    world.values("1 1 6", "10:03:05");
    // The second minute turns out to have been bad as well, then the third not to have been.
    assert_eq!(world.values("1 7 6", "10:03:35"), ["grew high 10:03:00– peak 7"]);
    assert_eq!(world.store.rules[0].since, Some(at("10:03:00")));
    assert_eq!(world.values("1 1 1", "10:03:50"), ["ended high 10:03:00–10:03:00 peak 7"]);
}

#[test]
fn missing_data_does_not_end_an_episode() {
    let mut world = World::new();
    assert_eq!(world.values("1 6", "10:02:05"), ["began high 10:02:00– peak 6"]);
    assert_eq!(world.values("1 6 - - - - -", "10:07:05"), [] as [&str; 0]);
    assert_eq!((world.store.rules[0].state, world.engine.phase("high")), (RuleState::NoData, Phase::Unknown));
    assert_eq!(world.values("1 6 - - - - - 1", "10:08:05"), ["ended high 10:02:00–10:08:00 peak 6"]);
}

#[test]
fn an_episode_that_an_earlier_run_left_open_goes_on_or_is_ended() {
    let mut earlier = World::new();
    earlier.values("1 6 7", "10:03:05");
    let entries: Vec<Entry> = earlier.store.history.episodes.iter().cloned().map(Entry::Episode).collect();
    assert_eq!(entries.len(), 1);

    let mut world = World::new();
    world.tell(Update::History(entries.clone()));
    // The beginning is out of reach by now; the history knows it.
    world.tell(answer(&world.board, "m", at("10:02:00"), &numbers("7 8"), at("10:04:05")));
    assert_eq!(world.look("10:04:05"), ["grew high 10:02:00– peak 8"]);

    let mut world = World::new();
    world.tell(Update::History(entries));
    world.tell(answer(&world.board, "m", at("10:30:00"), &numbers("1 1"), at("10:32:05")));
    assert_eq!(world.look("10:32:05"), ["ended high 10:02:00–10:31:00 peak 7"]);
}

#[test]
fn a_rule_is_looked_at_when_its_time_has_come() {
    let mut world = World::new();
    let RuleKind::Rate { events, .. } = &world.board.rules[1].kind else { panic!("a rate") };
    let times = vec![at("10:00:40"); 3];
    let batch =
        CountBatch { at: at("10:00:45"), query: events.clone(), times, from: at("10:00:00"), to: at("10:00:45") };
    world.tell(Update::Counts(batch));
    assert_eq!(world.look("10:00:45"), ["began flood 10:00:40– peak 3"]);
    assert_eq!(world.engine.phase("flood"), Phase::Firing);
    world.look("10:01:44");
    assert_eq!(world.engine.phase("flood"), Phase::Firing, "the next read may be under way");
    world.look("10:01:45");
    assert_eq!(world.engine.phase("flood"), Phase::Unknown, "nothing has been read for a minute");
}

#[test]
fn needs_are_asked_for_once_and_as_far_back_as_the_longest() {
    let rules = r#"
[[slo]]
id = "s"
good = "good"
total = "good + bad"
objective = 99
[[rule]]
id = "a"
kind = "burn"
slo = "s"
windows = "fast"
[[rule]]
id = "b"
kind = "burn"
slo = "s"
windows = "slow"
"#;
    let board = board(rules);
    let engine = RuleEngine::new(&board, Place::default(), Duration::from_hours(3));
    let needs = engine.needs();
    assert_eq!(needs.len(), 2);
    for need in needs {
        let Need::Metric { span, .. } = need else { panic!("{need:?}") };
        assert_eq!(span, Duration::from_hours(9) + Duration::from_mins(2));
    }
}
