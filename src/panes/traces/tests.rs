use crossterm::event::KeyCode;

use super::columns::Column;
use super::*;
use crate::analysis::trace_groups;
use crate::app::action::Action;
use crate::app::effect::Subscription;
use crate::app::msg::Update;
use crate::panes::incident;
use crate::panes::testing::{SIZES, TRACE, World, at};
use crate::panes::{Ask, Pane, Target};
use crate::store::health::ErrorKind;
use crate::store::trace_list::Rest;
use crate::store::window::Span;
use crate::widgets::screen::print;

fn pane() -> TracesPane {
    TracesPane::new(About::Alarm("HighFailureRate".into()))
}

fn world(count: usize) -> World {
    let mut world = incident::live();
    let span = Span { from: at("2026-01-15T10:10:00Z"), to: None };
    let trace = |n: usize| TraceSummary {
        id: if n == 0 { TRACE.to_owned() } else { format!("1-5f2aef12-{n:024x}") },
        start: Some(at("2026-01-15T10:27:35.612Z")),
        duration_s: 24.3,
        fault: true,
        entry: "token-api/prod".into(),
        method: "POST".into(),
        url: "https://api.example.com/tokens".into(),
        status: Some(504),
        annotations: vec![("Issuer".into(), "Contoso_Bank".into())],
        ..TraceSummary::default()
    };
    let list = TraceList {
        traces: (0..count).map(trace).collect(),
        rest: Some(Rest { to: at("2026-01-15T10:20:00Z"), token: None, pages: 1 }),
        scanned: 4_120,
        pages: 1,
        ..TraceList::default()
    };
    let query = TraceQuery::new("fault = true", span);
    world.store.fold(&world.board, Update::TraceSummaries { at: world.now, query, list });
    world
}

#[test]
fn traces_with_faults_open_their_waterfall() {
    let world = world(3);
    let mut pane = pane();
    let view = pane.view(&world.cx()).expect("a view");
    assert_eq!(view.title, "Traces behind HighFailureRate · 10:10 → now, 18m");
    assert_eq!(view.foot, "3 traces, newest first · there are more · X-Ray went through 4,120");
    assert_eq!(view.ids[0], TRACE);
    let drawn = world.draw(&mut pane, 120, 12);
    print(&drawn);
    let all =
        "all: http 504 · method POST · Issuer Contoso_Bank · entry token-api/prod · url https://api.example.com/tokens";
    for row in [all, "✗ 10:27:35.612    24.3 s"] {
        assert!(drawn.iter().any(|line| line.contains(row)), "{row}");
    }
    assert_eq!(pane.on(Action::Open, &world.cx()), Reaction::Open(Target::Trace(TRACE.into())));
    pane.set_filter("no such", &world.cx());
    assert!(world.draw(&mut pane, 120, 12).join("\n").contains("no trace passes the filter"));
}

#[test]
fn the_service_of_the_metrics_is_asked_for() {
    let mut world = incident::live();
    let evidence = crate::board::Evidence { service: Some("Token\"Service".into()), ..Default::default() };
    world.board.evidence.insert("failure".into(), evidence);
    let expected = r#"service("Token\"Service") { fault = true }"#;
    let wanted = pane().wants(&world.cx());
    let asked =
        |wanted: &Subscription| matches!(wanted, Subscription::TraceSummaries(query) if query.filter == expected);
    assert!(wanted.iter().any(asked), "{wanted:?}");
}

#[test]
fn every_size_and_health_draws() {
    for world in incident::all().into_iter().chain([world(0), world(300)]) {
        for (width, height) in SIZES {
            let mut pane = pane();
            for action in [Action::Bottom, Action::NextError, Action::Open] {
                world.draw(&mut pane, width, height);
                pane.on(action, &world.cx());
            }
        }
    }
    let mut world = incident::live();
    world.fail_all(ErrorKind::Denied);
    let screen = world.draw(&mut pane(), 120, 12).join("\n");
    assert!(screen.contains("denied: xray:GetTraceSummaries") && screen.contains("not authorized"), "{screen}");
}

/// The screen with an answer to what it asks at first.
pub(super) fn searched(list: TraceList) -> (World, TracesPane) {
    let mut world = World::live();
    let pane = TracesPane::default();
    let wanted = pane.wants(&world.cx());
    let [Subscription::TraceSummaries(query)] = wanted.as_slice() else { panic!("{wanted:?}") };
    world.store.fold(&world.board, Update::TraceSummaries { at: world.now, query: query.clone(), list });
    (world, pane)
}

pub(super) fn mixed(count: usize) -> TraceList {
    let trace = |n: usize| TraceSummary {
        id: format!("1-5f2aef12-{n:024x}"),
        start: Some(at("2026-01-15T10:27:35.612Z") - chrono::TimeDelta::milliseconds(n as i64)),
        duration_s: 0.1 * (n + 1) as f64,
        fault: n % 10 == 9,
        status: Some(if n % 10 == 9 { 504 } else { 200 }),
        annotations: vec![("Issuer".into(), ["A", "B"][n % 2].into())],
        ..TraceSummary::default()
    };
    TraceList { traces: (0..count).map(trace).collect(), scanned: 5_000, ..TraceList::default() }
}

#[test]
fn what_is_answered_is_not_asked_again() {
    let (world, pane) = searched(mixed(3));
    assert_eq!(pane.wants(&world.cx()), []);
    let (world, mut pane) = searched(TraceList { running: true, ..mixed(3) });
    assert_eq!(pane.wants(&world.cx()).len(), 1);
    assert_eq!(pane.lasting(&world.cx()).len(), 1, "it is read to its end");
    assert!(world.draw(&mut pane, 120, 30)[3].contains("reading…"));
    assert_eq!(pane.on(Action::StopQuery, &world.cx()), Reaction::Handled);
    assert_eq!(pane.wants(&world.cx()), []);
    assert!(world.draw(&mut pane, 120, 30)[3].contains("stopped"));
    assert_eq!(TracesPane::default().lasting(&world.cx()), [], "nobody has looked at it");
}

#[test]
fn rows_are_sorted_filtered_and_walked_by_failures() {
    let (world, mut pane) = searched(mixed(40));
    let cx = world.cx();
    let ids = |pane: &TracesPane| pane.view(&world.cx()).expect("a view").ids;
    pane.on(Action::NextError, &cx);
    assert!(pane.copied(&cx).is_some_and(|id| id.ends_with("009")), "{:?}", pane.copied(&cx));
    pane.on(Action::NextError, &cx);
    pane.on(Action::PreviousError, &cx);
    assert!(pane.copied(&cx).is_some_and(|id| id.ends_with("009")));
    pane.on(Action::Right, &cx);
    pane.on(Action::Sort, &cx);
    assert!(ids(&pane)[0].ends_with("027"), "the longest first: {:?}", ids(&pane)[0]);
    pane.on(Action::Reverse, &cx);
    assert!(ids(&pane)[0].ends_with("000"));
    pane.set_filter("504", &cx);
    assert_eq!(ids(&pane).len(), 4);
    assert_eq!(pane.view(&cx).expect("a view").title, "4 of 40 traces · sorted");
    assert_eq!(pane.on(Action::Back, &cx), Reaction::Handled);
    assert_eq!(ids(&pane).len(), 40);
    assert_eq!(pane.on(Action::Back, &cx), Reaction::Ignored);
}

#[test]
fn columns_are_chosen_as_the_feed_has_it() {
    let (world, mut pane) = searched(mixed(4));
    let cx = world.cx();
    assert_eq!(pane.prompt(Ask::Columns, &cx).as_deref(), Some("start, duration, method, url, entry, Issuer"));
    pane.answer(Ask::Columns, "id, Issuer", &cx).expect("columns");
    assert!(world.draw(&mut pane, 80, 20).join("\n").contains("id                                  Issuer"));
    pane.answer(Ask::Columns, "- Issuer", &cx).expect("columns");
    pane.answer(Ask::Columns, "+ duration", &cx).expect("columns");
    assert_eq!(pane.prompt(Ask::Columns, &cx).as_deref(), Some("id, duration"));
    pane.answer(Ask::Columns, "all", &cx).expect("columns");
    assert!(pane.prompt(Ask::Columns, &cx).is_some_and(|names| names.starts_with("start, ")));
}

#[test]
fn the_screen_draws_in_every_part_and_size() {
    for (world, mut pane) in [searched(mixed(0)), searched(mixed(1)), searched(mixed(300))] {
        for (width, height) in SIZES {
            let parts =
                [Action::NextPane, Action::Back, Action::PreviousPane, Action::Pick, Action::Right, Action::Open];
            for action in parts.into_iter().chain([Action::Right, Action::Right, Action::Bottom, Action::Breakdown]) {
                pane.on(action, &world.cx());
                world.draw(&mut pane, width, height);
            }
            for _ in 0..2 {
                pane.on_key(KeyCode::Enter.into(), &world.cx());
                world.draw(&mut pane, width, height);
            }
            for _ in 0..6 {
                pane.on(Action::Back, &world.cx());
            }
        }
    }
}

#[test]
fn columns_that_have_no_room_are_told() {
    let (world, mut pane) = searched(mixed(4));
    let cx = world.cx();
    pane.answer(Ask::Columns, "start, id, url, Issuer, client, agent", &cx).expect("columns");
    let heading = |pane: &mut TracesPane| {
        world
            .draw(pane, 60, 20)
            .into_iter()
            .find(|line| line.starts_with("│") && [" start ", "‹"].iter().any(|part| line.contains(part)))
    };
    assert!(heading(&mut pane).is_some_and(|line| line.contains("+2 ›")), "{:?}", heading(&mut pane));
    for _ in 0..5 {
        pane.on(Action::Right, &cx);
    }
    let told = heading(&mut pane).expect("a heading");
    assert!(told.contains("│ ‹ ") && !told.contains('›'), "{told}");
    let url = "https://token-api.example.com/prod/tokens?correlationId=1";
    assert_eq!(Column::Url.fitted(url, 24), "token-a…/prod/token…Id=1");
    assert_eq!(Column::Url.fitted("https://token-api.example.com/prod/tokens", 20), "token-a…/prod/tokens");
    assert_eq!(Column::Url.fitted(url, 100), url);
}

#[test]
fn what_every_trace_has_is_told_once_above_the_table() {
    let mut list = mixed(40);
    for (n, trace) in list.traces.iter_mut().enumerate() {
        trace.method = "POST".into();
        trace.url = "https://token-api.example.com/prod/tokens".into();
        trace.entry = if n < 30 { "token-api".into() } else { "other".into() };
    }
    let (world, mut pane) = searched(list);
    let cx = world.cx();
    assert_eq!(pane.prompt(Ask::Columns, &cx).as_deref(), Some("start, duration, http, entry, Issuer"));
    let screen = world.draw(&mut pane, 80, 24);
    print(&screen);
    let told = screen.iter().find(|line| line.contains("all: method")).expect("a line above the table");
    assert!(told.contains("all: method POST · url https://token-api.example.com/prod/tokens"), "{told}");
    assert_eq!(screen.iter().filter(|line| line.contains("POST")).count(), 1);
    // What is filtered leaves the columns as they are, and what is left out is found.
    pane.set_filter("token-api.example", &cx);
    assert_eq!(pane.view(&cx).map(|view| view.ids.len()), Some(40));
    pane.set_filter("504", &cx);
    assert_eq!(pane.prompt(Ask::Columns, &cx).as_deref(), Some("start, duration, http, entry, Issuer"));
    // A column that was chosen stays.
    pane.answer(Ask::Columns, "+ url", &cx).expect("columns");
    assert_eq!(pane.prompt(Ask::Columns, &cx).as_deref(), Some("start, duration, http, entry, Issuer, url"));
    assert_eq!(pane.view(&cx).and_then(|view| view.common), None);
}

#[test]
fn groups_are_sorted_by_each_figure() {
    let mut list = mixed(40);
    for trace in &mut list.traces {
        let second = trace.annotations[0].1 == "B";
        trace.throttle = second && !trace.fault;
        trace.annotations[0].1 = if second { "B".into() } else { "A".into() };
    }
    list.traces.truncate(39);
    let (world, mut pane) = searched(list);
    let cx = world.cx();
    pane.groups = Some(Grouping::by(trace_groups::Field::Annotation("Issuer".into())));
    let first = |pane: &TracesPane| pane.grouped(&world.cx())[0].value.clone().unwrap_or_default();
    let told: Vec<_> = pane.grouped(&cx).iter().map(|it| (it.count, it.faults, it.errors, it.throttles)).collect();
    assert_eq!(told, [(20, 0, 0, 0), (19, 3, 0, 16)]);
    assert_eq!(first(&pane), "A");
    for heading in ["faults▼", "errors▼", "throttle▼", "p50▼", "p90▼", "p99▼", "count▼"] {
        assert_eq!(pane.on(Action::Sort, &cx), Reaction::Handled);
        let screen = world.draw(&mut pane, 80, 24).join("\n");
        assert!(screen.contains(heading), "{heading}: {screen}");
        if heading == "throttle▼" {
            assert_eq!(first(&pane), "B");
            pane.on(Action::Reverse, &cx);
            assert_eq!(first(&pane), "A");
            assert!(world.draw(&mut pane, 80, 24).join("\n").contains("throttle▲"));
        }
    }
}

#[test]
fn a_list_is_worked_out_again_only_where_something_changes() {
    let mut list = mixed(2_000);
    for (n, trace) in list.traces.iter_mut().enumerate() {
        trace.url = format!("https://token-api.example.com/prod/tokens/{n:04}");
    }
    let (world, mut pane) = searched(list);
    let cx = world.cx();
    let is_same = |pane: &mut TracesPane, action: Action| {
        let before = pane.worked(&world.cx());
        pane.on(action, &world.cx());
        world.draw(pane, 160, 48);
        pane.copied(&world.cx());
        std::sync::Arc::ptr_eq(&before, &pane.worked(&world.cx()))
    };
    for action in [Action::Down, Action::Bottom, Action::PageUp, Action::Right, Action::NextError, Action::PreviousPane]
    {
        assert!(is_same(&mut pane, action), "{action:?}");
    }
    pane.on(Action::NextPane, &cx);
    for text in ["tokens/00", "tokens/001"] {
        let before = pane.worked(&cx);
        pane.set_filter(text, &cx);
        assert!(!std::sync::Arc::ptr_eq(&before, &pane.worked(&cx)), "{text}");
    }
    assert_eq!(pane.view(&cx).map(|view| view.ids.len()), Some(10));
    pane.set_filter("", &cx);
    for action in [Action::Sort, Action::Reverse] {
        assert!(!is_same(&mut pane, action), "{action:?}");
    }
    pane.groups = Some(Grouping::by(trace_groups::Field::Annotation("Issuer".into())));
    let groups = |pane: &TracesPane| pane.groups_of(&trace_groups::Field::Annotation("Issuer".into()), &world.cx());
    let before = groups(&pane);
    pane.on(Action::Down, &cx);
    pane.on(Action::Sort, &cx);
    assert!(std::sync::Arc::ptr_eq(&before, &groups(&pane)));
}

#[test]
fn a_cause_without_room_keeps_its_share() {
    assert_eq!(Column::Cause.fitted("TokenizationService 78 %", 20), "TokenizationSe… 78 %");
    assert_eq!(Column::Cause.fitted("TSP 93 %", 20), "TSP 93 %");
}

#[test]
fn choices_leave_what_is_wrong_readable() {
    let (world, mut pane) = searched(mixed(4));
    pane.on(Action::NextPane, &world.cx());
    for c in "se".chars() {
        pane.on_key(KeyCode::Char(c).into(), &world.cx());
    }
    let screen = world.draw(&mut pane, 80, 24);
    print(&screen);
    let (words, _) = pane.editor.said(true).expect("an unfinished word is wrong");
    assert!(pane.editor.choices.is_some(), "something completes it");
    assert!(screen[2].contains(&words), "{words}: {}", screen[2]);
    assert!(screen[3].contains('┌'), "the choices stand below: {}", screen[3]);
}
