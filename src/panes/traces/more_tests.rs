//! Reading a list on.

use super::tests::{mixed, searched};
use super::*;
use crate::app::action::Action;
use crate::app::effect::Subscription;
use crate::app::msg::Update;
use crate::panes::Pane;
use crate::panes::testing::{World, at};
use crate::store::trace_list::Rest;

/// The newest traces of a search that X-Ray has more of.
fn unread(count: usize) -> TraceList {
    let rest = Some(Rest { to: at("2026-01-15T10:28:00Z"), token: Some("1".into()), pages: 5 });
    TraceList { rest, read_from: Some(at("2026-01-15T10:20:00Z")), pages: 5, ..mixed(count) }
}

/// What the pane asks for, as a query.
fn asked(pane: &TracesPane, world: &World) -> Option<TraceQuery> {
    pane.wants(&world.cx()).into_iter().find_map(|wanted| match wanted {
        Subscription::TraceSummaries(query) => Some(query),
        _ => None,
    })
}

#[test]
fn a_list_is_read_on_where_it_ends() {
    let (mut world, mut pane) = searched(unread(40));
    assert_eq!(asked(&pane, &world), None, "nobody has asked for more");
    pane.on(Action::Bottom, &world.cx());
    let screen = world.draw(&mut pane, 100, 30).join("\n");
    assert!(screen.contains("40 traces · newest first · there are more before 10:20:00"), "{screen}");
    assert!(screen.contains("there are more before 10:20:00: ⏎ reads on"), "{screen}");
    assert_eq!((pane.copied(&world.cx()), asked(&pane, &world)), (None, None), "the row is no trace");
    let offered = |pane: &TracesPane| {
        let keys = pane.keys().iter().filter(|(action, _)| pane.offers(*action));
        keys.map(|(_, words)| *words).collect::<Vec<_>>()
    };
    assert_eq!(offered(&pane)[..2], ["read on", "newest"]);
    assert_eq!(pane.on(Action::Open, &world.cx()), Reaction::Handled);
    let query = asked(&pane, &world).expect("the next pages are asked for");
    assert_eq!((query.rest.clone(), query.filter.as_str()), (unread(1).rest, ""));
    assert!(world.draw(&mut pane, 100, 30).join("\n").contains("reading on before 10:20:00 …"));
    assert_eq!(offered(&pane)[..2], ["stop", "newest"]);
    // The next page repeats the last trace, and comes twice.
    let next =
        TraceList { traces: mixed(60).traces.split_off(39), rest: None, pages: 1, scanned: 9, ..TraceList::default() };
    for _ in 0..2 {
        let update = Update::TraceSummaries { at: world.now, query: query.clone(), list: next.clone() };
        world.store.fold(&world.board, update);
    }
    assert_eq!(asked(&pane, &world), None);
    world.draw(&mut pane, 100, 30);
    let view = pane.view(&world.cx()).expect("a view");
    assert_eq!((view.ids.len(), view.title.as_str(), view.more), (60, "60 traces · newest first", None));
    assert!(view.foot.ends_with("X-Ray went through 5,009"), "{}", view.foot);
    let current = pane.copied(&world.cx()).expect("a trace");
    assert!(current.ends_with(&format!("{:x}", 40)), "the cursor stands on the first new one: {current}");
}

#[test]
fn the_cursor_goes_on_where_the_list_had_been_read_to() {
    // A long trace that came early, as it ended late, began before others that come late.
    let mut list = unread(4);
    list.traces.push(TraceSummary {
        id: "early".into(),
        start: Some(at("2026-01-15T10:10:00Z")),
        ..TraceSummary::default()
    });
    let (mut world, mut pane) = searched(list);
    pane.on(Action::Bottom, &world.cx());
    pane.on(Action::Open, &world.cx());
    let query = asked(&pane, &world).expect("the next pages");
    let late = |id: &str, start| TraceSummary { id: id.into(), start: Some(at(start)), ..TraceSummary::default() };
    let traces = vec![late("a", "2026-01-15T10:19:30Z"), late("b", "2026-01-15T10:19:00Z")];
    let list = TraceList { traces, ..TraceList::default() };
    world.store.fold(&world.board, Update::TraceSummaries { at: world.now, query, list });
    world.draw(&mut pane, 100, 30);
    assert_eq!(pane.copied(&world.cx()).as_deref(), Some("a"));
    assert_eq!(
        pane.view(&world.cx()).map(|view| view.ids[4..].to_vec()),
        Some(vec!["a".into(), "b".into(), "early".into()])
    );
}

#[test]
fn reading_on_goes_by_rounds_and_ends_at_a_bound() {
    let (mut world, mut pane) = searched(unread(40));
    for action in [Action::Bottom, Action::Down] {
        pane.on(action, &world.cx());
    }
    let query = asked(&pane, &world).expect("going further down reads on");
    // A page that is not the last of its round: the same is asked on.
    let rest = |pages| Some(Rest { to: at("2026-01-15T10:28:00Z"), token: Some(format!("{pages}")), pages });
    let sixth =
        TraceList { traces: mixed(60).traces.split_off(40), rest: rest(6), running: true, ..TraceList::default() };
    world.store.fold(&world.board, Update::TraceSummaries { at: world.now, query: query.clone(), list: sixth });
    assert_eq!(asked(&pane, &world), Some(query.clone()));
    // It is stopped, and read on from there.
    pane.last.running = true;
    pane.on(Action::StopQuery, &world.cx());
    assert_eq!(asked(&pane, &world), None);
    pane.on(Action::Bottom, &world.cx());
    pane.on(Action::Bottom, &world.cx());
    assert_eq!(asked(&pane, &world).and_then(|query| query.rest), rest(6));
    // Another question is asked from its beginning.
    pane.on(Action::Sampling, &world.cx());
    assert_eq!(asked(&pane, &world).map(|query| (query.rest, query.sampled)), Some((None, true)));
    let (world, mut pane) = searched(unread(10_000));
    for action in [Action::Bottom, Action::Open] {
        pane.on(action, &world.cx());
    }
    assert_eq!(asked(&pane, &world), None);
    let view = pane.view(&world.cx()).expect("a view");
    let words = "there are more before 10:20:00, but 10,000 is all a list holds: narrow the time (t) or the expression";
    assert_eq!(view.more.as_deref(), Some(words));
    assert!(view.title.ends_with("there are more before 10:20:00"), "{}", view.title);
}

#[test]
fn what_was_not_found_yet_can_be_looked_for_further() {
    let yesterday = Some(at("2026-01-14T23:59:58Z"));
    let (world, pane) = searched(TraceList { read_from: yesterday, ..unread(3) });
    let view = pane.view(&world.cx()).expect("a view");
    assert!(view.more.is_some_and(|more| more.contains("before 2026-01-14 23:59:58")));
    assert!(view.title.ends_with("before 2026-01-14 23:59:58"), "{}", view.title);
    let (world, mut pane) = searched(unread(0));
    let screen = world.draw(&mut pane, 100, 30).join("\n");
    assert!(screen.contains("no such trace so far") && screen.contains("⏎ reads on"), "{screen}");
    pane.on(Action::Open, &world.cx());
    assert!(asked(&pane, &world).is_some_and(|query| query.rest.is_some()));
}
