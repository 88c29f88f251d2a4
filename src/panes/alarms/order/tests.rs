use std::collections::HashSet;

use super::*;
use crate::panes::testing::World;
use crate::store::alarm::{AlarmKind, AlarmSetup};
use crate::store::episode::{Acknowledgement, Entry, Signal, Stance};
use crate::store::health::{Feed, Health};
use crate::store::rule::{RuleState, RuleStatus};
use AlarmState::{Alarm as Firing, InsufficientData, Ok};

fn composite(name: &str, state: AlarmState, children: &[&str]) -> Alarm {
    Alarm {
        name: name.into(),
        description: String::new(),
        kind: AlarmKind::Composite {
            rule: String::new(),
            children: children.iter().map(|child| (*child).to_owned()).collect(),
        },
        state,
        since: None,
        reason: format!("because of {name}"),
        value: None,
        actions_enabled: true,
        actions: Vec::new(),
        evaluation_state: None,
        setup: AlarmSetup::default(),
    }
}

fn world(alarms: Vec<Alarm>) -> World {
    let mut world = World::empty();
    world.store.alarms = Feed { data: alarms, health: Health::Live { at: world.now } };
    world
}

/// An alarm that has been in its state for so many minutes.
fn since(name: &str, state: AlarmState, minutes: i64, children: &[&str], world: &World) -> Alarm {
    Alarm { since: Some(world.now - TimeDelta::minutes(minutes)), ..composite(name, state, children) }
}

fn order(world: &World, filter: &str, folded: &HashSet<Time>) -> Vec<String> {
    let cx = world.cx();
    let row = |placed: Placed<'_>| match placed.what {
        What::Incident(incident) => {
            let age = (cx.now - incident.began).num_minutes();
            format!("{} {} for {age}m", if incident.folded { "▸" } else { "▾" }, incident.members.len())
        }
        What::Item(item) => format!("{}{}", placed.tree, item.name()),
    };
    placed(&cx, &Filter::parse(filter), folded).into_iter().map(row).collect()
}

#[test]
fn families_stand_together_and_the_worst_first() {
    let world = world(vec![
        composite("b", Ok, &["c", "d", "gone"]),
        composite("a", InsufficientData, &[]),
        composite("c", Ok, &[]),
        composite("d", Firing, &["e"]),
        composite("e", Ok, &[]),
        composite("f", Ok, &["c"]),
    ]);
    let order = |filter| order(&world, filter, &HashSet::new());
    assert_eq!(order(""), ["b", "├ c", "└ d", "  └ e", "a", "f"]);
    assert_eq!(order("A"), ["a"]);
    assert_eq!(order("state:ok"), ["b", "c", "e", "f"]);
    assert!(order("zzz").is_empty());
}

#[test]
fn composites_that_name_each_other_end() {
    let world =
        world(vec![composite("a", Ok, &["b", "a"]), composite("b", Firing, &["a"]), composite("c", Ok, &["c"])]);
    assert_eq!(order(&world, "", &HashSet::new()), ["c", "a", "└ b"]);
}

#[test]
fn what_began_together_stands_under_one_heading() {
    let mut world = world(Vec::new());
    world.store.alarms.data = vec![
        since("late", Firing, 3, &[], &world),
        since("first", Firing, 20, &[], &world),
        since("family", Firing, 12, &["child", "calm"], &world),
        since("child", Firing, 8, &[], &world),
        since("calm", Ok, 900, &[], &world),
        since("long ago", Firing, 600, &[], &world),
        since("undated", Ok, 1, &[], &world),
    ];
    let none = HashSet::new();
    // 20, 12 and 8, 3: none more than ten minutes after the one before. What fires for hours is another matter.
    let expected = ["long ago", "▾ 4 for 20m", " family", " ├ child", " └ calm", " first", " late", "undated"];
    assert_eq!(order(&world, "", &none), expected);
    let folded = HashSet::from([world.now - TimeDelta::minutes(20)]);
    assert_eq!(order(&world, "", &folded), ["long ago", "▸ 4 for 20m", "undated"]);
    assert_eq!(order(&world, "state:alarm", &folded).len(), 5, "a filter shows what passes, not headings");

    world.store.alarms.data.retain(|alarm| alarm.name != "first" && alarm.name != "late");
    assert_eq!(order(&world, "", &none), ["long ago", "family", "├ child", "└ calm", "undated"], "one is no crowd");
}

#[test]
fn what_matters_less_and_what_is_taken_care_of_stands_below() {
    use crate::store::episode::Severity;
    let mut world = world(Vec::new());
    world.board.alarms.severities = vec![("w*".to_owned(), Severity::Warning)];
    world.store.alarms.data = vec![
        since("w-old", Firing, 700, &[], &world),
        since("known", Firing, 300, &[], &world),
        since("new", Firing, 5, &[], &world),
        since("silent", InsufficientData, 1, &[], &world),
    ];
    world.store.rules = vec![RuleStatus {
        id: "flood".into(),
        title: "Order flood".into(),
        severity: Severity::Warning,
        state: RuleState::Firing,
        since: Some(world.now - TimeDelta::minutes(4)),
        value: Some(55.0),
        threshold: Some(30.0),
        reason: "55 in 15s".into(),
        episode: None,
    }];
    world.store.remember(Entry::Acknowledgement(Acknowledgement {
        stance: Stance::Acknowledged,
        signal: Signal::Alarm,
        name: "known".into(),
        account: "demo".into(),
        region: "us-east-1".into(),
        by: "ada".into(),
        at: world.now - TimeDelta::minutes(200),
        note: "disk is being replaced".into(),
        until: None,
    }));
    world.store.pass(world.now);
    let none = HashSet::new();
    assert_eq!(order(&world, "", &none), ["▾ 2 for 5m", " new", " flood", "w-old", "known", "silent"]);
    assert_eq!(order(&world, "kind:rule", &none), ["flood"]);
    assert_eq!(order(&world, "ack:yes", &none), ["known"]);
    assert_eq!(order(&world, "severity:warning", &none), ["w-old", "flood"]);
}
