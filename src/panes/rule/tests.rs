use std::time::Duration;

use super::*;
use crate::analysis::rule::{Place, RuleEngine};
use crate::app::msg::Update;
use crate::board;
use crate::panes::Target;
use crate::panes::testing::{SIZES, World, at};
use crate::store::counts::CountBatch;
use crate::store::episode::{Acknowledgement, Entry, Stance};
use crate::store::series::{MetricBatch, MetricResult, Series};
use crate::store::window::Span;

const BOARD: &str = r#"
[[metric]]
id = "m"
namespace = "N"
name = "M"
stat = "Average"
[[slo]]
id = "s"
good = "m"
total = "m + 1"
objective = 99.9
[[rule]]
id = "slow"
title = "Slow\u001b"
about = "look at the database"
kind = "threshold"
value = "m"
unit = "Seconds"
above = 3
evaluation_periods = 3
[[rule]]
id = "spike"
kind = "outside"
value = "m"
history = "6h"
[[rule]]
id = "flood"
title = "Flood"
severity = "critical"
kind = "rate"
log_groups = ["/g"]
pattern = '{ $.a = "b" }'
window = "15s"
at_least = 3
[[rule]]
id = "budget"
kind = "burn"
slo = "s"
windows = "fast"
"#;

/// A world that knows this board's rules; with `told`, datapoints and log events too.
fn world(told: bool) -> World {
    let mut world = World::empty();
    let (board, problems) = board::load_text("test.toml", BOARD, &[]);
    assert_eq!(problems, []);
    world.board = board.expect("a board");
    world.now = at("2026-01-15T10:28:07Z");
    let (from, now) = (at("2026-01-15T00:00:00Z"), world.now);
    let mut engine = RuleEngine::new(&world.board, Place::default(), Duration::from_hours(3));
    if told {
        let value = |minute: i64| if minute >= 10 * 60 + 20 { 4.5 } else { 1.0 + (minute % 7) as f64 / 100.0 };
        let points = (0..10 * 60 + 28).map(|m| (from + chrono::TimeDelta::minutes(m), value(m))).collect();
        let series = vec![Series { label: String::new(), points }];
        let query = world.board.metrics["m"].clone();
        let result = MetricResult { query, from, to: now, series, message: None };
        world.store.fold(&world.board, Update::Metrics(MetricBatch { at: now, results: vec![result] }));
        let RuleKind::Rate { events, .. } = &world.board.rules[2].kind else { panic!("a rate") };
        let second = |s: i64| at("2026-01-15T10:22:00Z") + chrono::TimeDelta::seconds(s);
        let times = vec![second(1), second(2), second(3), second(4), second(300)];
        let batch = CountBatch { at: now, query: events.clone(), times, from: second(-400), to: now };
        world.store.fold(&world.board, Update::Counts(batch));
    }
    for change in engine.look(&world.board, &mut world.store, now) {
        world.store.remember(Entry::Episode(change.episode().clone()));
    }
    world
}

fn view(world: &World, id: &str) -> (String, String, Vec<String>, Vec<String>) {
    let cx = world.cx();
    let view = RulePane::new(id).view(&cx).expect("a rule of the board");
    let head = format!("{}{}   {}", view.head.state, view.head.since, view.head.versus);
    let facts = view.facts.iter().map(|fact| format!("{} {}", fact.label, fact.text)).collect();
    let row = |row: &EpisodeRow| format!("{} {} {} {}", row.began, row.lasted, row.values, row.reason);
    (head, view.reason, facts, view.episodes.iter().map(row).collect())
}

#[test]
fn a_rule_says_how_it_stands_and_why() {
    let world = world(true);
    let (head, reason, facts, episodes) = view(&world, "slow");
    assert_eq!(head, "▲ FIRING since 10:23:00, 5m   4.50 s · > 3 s");
    assert_eq!(reason, "3 of the last 3 datapoints > 3.00 s, newest 4.50 s");
    assert!(facts.contains(&"about look at the database".to_owned()), "{facts:?}");
    assert!(
        facts.contains(&"condition > 3 s in 3 of 3 periods of 60 s · missing data: missing".to_owned()),
        "{facts:?}"
    );
    assert!(facts.contains(&"newest ✗ 4.50 s  ✗ 4.50 s  ✗ 4.50 s".to_owned()), "{facts:?}");
    assert_eq!(episodes, ["10:23:00 lasts 5m 4.50 s 3 of the last 3 datapoints > 3.00 s, newest 4.50 s"]);

    let (head, reason, facts, episodes) = view(&world, "flood");
    assert_eq!(head, "○ quiet since 10:22:17, 5m   0 · ≥ 3");
    assert_eq!(reason, "0 matching events in 15s");
    assert!(facts.contains(&"condition ≥ 3 matching events in any 15s".to_owned()), "{facts:?}");
    assert_eq!(episodes, ["10:22:03 14s 3, peak 4 3 matching events in 15s"]);

    let (head, _, facts, _) = view(&world, "spike");
    assert!(head.starts_with("▲ FIRING since 10:21:00"), "{head}");
    assert!(facts.iter().any(|fact| fact.contains("outside the expected band in 1 of 1 periods")), "{facts:?}");

    let (head, _, facts, _) = view(&world, "budget");
    assert!(head.contains("≥ 14.4"), "{head}");
    assert!(facts.contains(&"objective 99.9 % of events good over 30d · s".to_owned()), "{facts:?}");
    assert!(facts.iter().any(|fact| fact.contains("burn rate ≥ 14.4 over 1h and over 5m (2 % of the budget in 1h)")));
}

#[test]
fn nothing_known_is_said_so() {
    let world = world(false);
    let (head, reason, ..) = view(&world, "slow");
    assert_eq!((head.trim(), reason.as_str()), ("? no data   –", "waiting for the first datapoints"));
    assert_eq!(view(&world, "flood").1, "waiting for the first log events");
    assert!(RulePane::new("nope").view(&world.cx()).is_none());
}

#[test]
fn what_was_said_about_it_stands_there() {
    let mut world = world(true);
    let said = Acknowledgement {
        stance: Stance::Snoozed,
        signal: Signal::Rule,
        name: "slow".into(),
        account: String::new(),
        region: String::new(),
        by: "eva".into(),
        at: world.now,
        note: "known".into(),
        until: Some(at("2026-01-15T11:00:00Z")),
    };
    world.store.remember(Entry::Acknowledgement(said));
    let (_, _, facts, _) = view(&world, "slow");
    assert!(facts.iter().any(|fact| fact.starts_with("notices snoozed by eva until 11:00:00: known · ")), "{facts:?}");
}

#[test]
fn the_ribbon_shows_when_it_held() {
    let world = world(true);
    let pane = RulePane::new("flood");
    let ribbon =
        |columns| pane.ribbon(&world.cx(), columns).into_iter().map(|state| graph::cell(state).0).collect::<String>();
    let long = ribbon(90);
    // Three hours in ninety columns: two minutes each. The counts are known for the last twelve minutes.
    assert_eq!(long.trim_start().chars().count(), 7, "{long:?}");
    assert!((1..=2).contains(&long.matches('█').count()), "{long:?}");
    assert_eq!(pane.ribbon(&world.cx(), 0), []);
}

#[test]
fn it_draws_at_every_size_and_shows_nothing_raw() {
    for told in [false, true] {
        let world = world(told);
        for id in ["slow", "spike", "flood", "budget", "nope"] {
            for (width, height) in SIZES {
                let rows = world.draw(&mut RulePane::new(id), width, height);
                assert!(!rows.concat().contains('\u{1b}'));
            }
        }
    }
    let rows = world(true).draw(&mut RulePane::new("flood"), 100, 30).join("\n");
    for text in ["Flood", "○ quiet", "> 3", "Episodes", "10:22:03", "/g", "█"] {
        assert!(rows.contains(text), "{text}\n{rows}");
    }
}

#[test]
fn keys_read_a_point_and_scroll() {
    let world = world(true);
    let cx = world.cx();
    let mut pane = RulePane::new("slow");
    assert!(pane.copied(&cx).is_some_and(|text| text.starts_with("Slow␛ ▲ FIRING")));
    assert_eq!(pane.on(Action::Left, &cx), Reaction::Handled);
    assert!(pane.copied(&cx).is_some_and(|text| text.contains("4.50 s")), "{:?}", pane.copied(&cx));
    assert_eq!(pane.on(Action::HalfPageDown, &cx), Reaction::Handled);
    assert_eq!(pane.subject(&cx), Some((Signal::Rule, "slow".to_owned())));
}

#[test]
fn a_rule_over_log_groups_leads_to_the_lines_that_it_counts() {
    let world = world(true);
    let cx = world.cx();
    let mut pane = RulePane::new("flood");
    let about = About::Rule("flood".into());
    let lines = Target::Matches(about.clone());
    assert_eq!(pane.on(Action::Open, &cx), Reaction::Open(lines));
    let inquiry = about.inquire(&cx).expect("an inquiry");
    let [lead] = &inquiry.leads[..] else { panic!("{:?}", inquiry.leads) };
    assert_eq!((lead.group.as_str(), lead.pattern.as_str()), ("/g", r#"{ $.a = "b" }"#));
    // From one sliding window before it fired.
    let episode = pane.status(&cx).and_then(|status| status.episode.clone()).expect("an episode");
    assert_eq!(inquiry.span, Span { from: episode.began - chrono::TimeDelta::seconds(15), to: episode.ended });
    assert!(pane.wants(&cx).contains(&Subscription::Matches(lead.query(inquiry.span))));
    let screen = world.draw(&mut pane, 80, 24).join("\n");
    assert!(screen.contains(r#"▸ log lines …  { $.a = "b" }  in /g · counted by the rule"#), "{screen}");
}

#[test]
fn a_rule_over_metrics_goes_on_as_an_alarm_would() {
    let world = world(true);
    let cx = world.cx();
    for (id, name) in [("slow", "M"), ("spike", "M"), ("budget", "M")] {
        let metric = Subscription::MetricFilters { namespace: "N".into(), name: name.into() };
        assert!(RulePane::new(id).wants(&cx).contains(&metric), "{id}");
        let opened = RulePane::new(id).on(Action::Open, &cx);
        assert_eq!(opened, Reaction::Open(Target::Matches(About::Rule(id.into()))), "{id}");
    }
}
