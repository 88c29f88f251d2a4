use ratatui::Terminal;
use ratatui::backend::TestBackend;

use super::*;
use crate::app::msg::Update;
use crate::panes::testing::{SIZES, World, key};
use crate::store::graph::{Edge, Service, ServiceGraph, Statistics};
use crate::widgets::theme::Role;

mod map;
mod shop;

fn show(world: &World, pane: &mut ServiceScreen, (width, height): (u16, u16)) -> String {
    let text = world.draw(pane, width, height).join("\n");
    println!("{text}");
    text
}

/// Nothing is drawn over the frame, whatever names are like.
fn is_framed(world: &World, pane: &mut ServiceScreen, (width, height): (u16, u16)) {
    if width < 4 || height < 3 {
        return;
    }
    let mut terminal = Terminal::new(TestBackend::new(width, height)).expect("a terminal");
    terminal.draw(|frame| pane.draw(frame, frame.area(), &world.cx())).expect("drawn");
    let buffer = terminal.backend().buffer();
    for y in 1..height - 1 {
        assert_eq!((buffer[(0, y)].symbol(), buffer[(width - 1, y)].symbol()), ("│", "│"), "line {y}");
    }
}

fn act(world: &World, pane: &mut ServiceScreen, actions: &[Action]) {
    for action in actions {
        pane.on(*action, &world.cx());
    }
}

fn opened(world: &World, pane: &mut ServiceScreen) -> String {
    match pane.on(Action::Open, &world.cx()) {
        Reaction::Open(target) => {
            assert!(!pane.accepts(&target), "what is opened by hand is a level of its own");
            match target {
                Target::Service(key) => key.name,
                Target::Edge(from, to) => format!("{} → {}", from.name, to.name),
                target => panic!("{target:?}"),
            }
        }
        reaction => panic!("{reaction:?}"),
    }
}

fn statistics(total: u64, fault: u64, error: u64, throttle: u64) -> Statistics {
    let histogram = vec![(0.02, total / 2), (0.4, total / 3), (2.4, total - total / 2 - total / 3)];
    let ok = total - fault - error;
    Statistics {
        ok,
        error,
        throttle,
        fault,
        total,
        total_time_s: total as f64 * 0.2,
        histogram,
        ..Statistics::default()
    }
}

fn world(graph: ServiceGraph) -> World {
    let mut world = World::live();
    let at = world.now;
    world.store.fold(&world.board, Update::Services { at, graph });
    world
}

#[test]
fn every_state_draws_at_every_size() {
    for world in World::all() {
        for size in SIZES {
            let mut pane = ServiceScreen::new();
            show(&world, &mut pane, size);
            act(&world, &mut pane, &[Action::Layout, Action::NextPane]);
            show(&world, &mut pane, size);
        }
    }
    assert!(show(&World::failed(), &mut ServiceScreen::new(), (80, 10)).contains("not authorized"));
    assert!(show(&World::empty(), &mut ServiceScreen::new(), (80, 10)).contains("Asking X-Ray"));
    assert!(show(&World::stale(), &mut ServiceScreen::new(), (80, 24)).contains("stale 40s"));
}

#[test]
fn calls_stand_below_the_map() {
    let world = World::live();
    let mut pane = ServiceScreen::new();
    show(&world, &mut pane, (100, 30));
    act(&world, &mut pane, &[Action::Left, Action::NextPane]);
    let screen = show(&world, &mut pane, (100, 30));
    assert!(screen.contains("TokenizationService → TSP"), "{screen}");
    assert!(pane.copied(&world.cx()).expect("a call").starts_with("TokenizationService → TSP\t"));
    assert_eq!(opened(&world, &mut pane), "TokenizationService → TSP");
    act(&world, &mut pane, &[Action::Down]);
    assert_eq!(opened(&world, &mut pane), "TokenProvisioningService → TokenizationService");
    act(&world, &mut pane, &[Action::Back]);
    assert_eq!(opened(&world, &mut pane), "TokenizationService");
}

#[test]
fn services_and_calls_stand_below_a_map_that_leaves_room() {
    let world = World::live();
    let mut pane = ServiceScreen::new();
    let screen = show(&world, &mut pane, (160, 46));
    for part in ["▼bad", "calls of TSP", "TokenizationService → TSP"] {
        assert!(screen.contains(part), "{part}");
    }
    act(&world, &mut pane, &[Action::NextPane]);
    let but_last = |screen: &str| screen.lines().take(43).map(str::to_owned).collect::<Vec<_>>();
    let calls = show(&world, &mut pane, (160, 46));
    assert_eq!(
        but_last(&calls),
        but_last(&screen),
        "nothing moves but the cursor, and what is said of what is under it"
    );
    act(&world, &mut pane, &[Action::NextPane, Action::Left]);
    assert!(show(&world, &mut pane, (160, 46)).contains("TokenProvisioningService → TokenizationService"));
}

#[test]
fn the_keys_fit_where_the_cursor_is() {
    let world = World::live();
    let mut pane = ServiceScreen::new();
    show(&world, &mut pane, (160, 46));
    let mut words = |actions: &[Action], of: Action| {
        act(&world, &mut pane, actions);
        let keys = pane.hints().expect("keys");
        keys.iter().find(|(action, _)| *action == of).map(|(_, words)| *words)
    };
    assert_eq!(words(&[], Action::Right), Some("next service"));
    assert_eq!(words(&[], Action::NextPane), Some("calls"));
    assert_eq!(words(&[Action::NextPane], Action::NextPane), Some("services"));
    assert_eq!(words(&[], Action::Right), None, "no way to the right in a list");
    assert_eq!(words(&[], Action::Layout), Some("table"));
    assert_eq!(words(&[Action::Layout], Action::Layout), Some("map"));
    assert_eq!(words(&[Action::NextPane], Action::NextPane), Some("calls"));
}

#[test]
fn group_and_flaws_of_the_graph_are_told() {
    let mut world = World::live();
    let graph = &mut world.store.graph.data;
    (graph.group, graph.old_group, graph.flaws.negative) = (Some("pay\u{1b}ments".to_owned()), true, 2);
    for form in [Form::Map, Form::Table] {
        let mut pane = ServiceScreen { form, ..ServiceScreen::new() };
        let screen = show(&world, &mut pane, (160, 30));
        for part in ["group pay␛ments, defined otherwise in part of the window", "X-Ray's answer has 2 counts below 0"]
        {
            assert!(screen.contains(part), "{part}");
        }
    }
}

#[test]
fn traces_are_those_that_fail_where_it_does() {
    let world = World::live();
    let mut pane = ServiceScreen::new();
    let mut asked = |actions: &[Action]| {
        act(&world, &mut pane, actions);
        match pane.on(Action::Follow, &world.cx()) {
            Reaction::Open(Target::TraceSearch(search)) => search.expression,
            reaction => panic!("{reaction:?}"),
        }
    };
    assert_eq!(asked(&[]), "service(\"TSP\") { fault = true }");
    assert_eq!(asked(&[Action::Layout, Action::Bottom]), "service(\"TokenStore\")");
    assert_eq!(asked(&[Action::NextPane, Action::Top]), "edge(\"TokenizationService\", \"TSP\") { fault = true }");
    assert_eq!(asked(&[Action::Bottom]), "edge(\"TokenProvisioningService\", \"TokenStore\")");
}

#[test]
fn the_table_is_sorted_and_filtered() {
    let world = World::live();
    let mut pane = ServiceScreen::new();
    show(&world, &mut pane, (160, 20));
    act(&world, &mut pane, &[Action::Layout]);
    let screen = show(&world, &mut pane, (160, 20));
    assert!(screen.contains("▼bad") && screen.contains("by bad") && screen.contains("average"), "{screen}");
    let first = |pane: &ServiceScreen| pane.rows(&world.cx())[0].key.name.clone();
    assert_eq!(first(&pane), "TSP");
    while pane.order.column != Column::P50 {
        act(&world, &mut pane, &[Action::Sort]);
    }
    assert_eq!(first(&pane), "TokenProvisioningService");
    act(&world, &mut pane, &[Action::Reverse]);
    assert_eq!(first(&pane), "TokenStore");
    pane.set_filter("lambda", &world.cx());
    let screen = show(&world, &mut pane, (160, 20));
    assert!(!screen.contains("TokenStore") && screen.contains("/lambda"), "{screen}");
    act(&world, &mut pane, &[Action::NextPane]);
    assert!(show(&world, &mut pane, (160, 20)).contains("token-api/prod → TokenProvisioningService"));
    assert_eq!(pane.exported(&world.cx()).expect("rows").table.len(), 3);
    pane.set_filter("nobody", &world.cx());
    for action in [Action::NextPane, Action::Layout] {
        act(&world, &mut pane, &[action]);
        let screen = show(&world, &mut pane, (160, 20));
        assert!(screen.contains("No service of this name or type."));
        assert!(!screen.contains("TokenStore") && !screen.contains("TSP"), "nothing of what is not shown: {screen}");
    }
}

#[test]
fn figures_of_another_window_say_so_and_stand_back() {
    use ratatui::style::{Color, Style};
    let mut world = World::live();
    world.theme.set(Role::Muted, Style::new().fg(Color::DarkGray));
    world.theme.set(Role::Fault, Style::new().fg(Color::Red));
    for (days, is_other) in [(0, false), (7, true)] {
        let from = world.now - chrono::TimeDelta::days(days) - chrono::TimeDelta::hours(3);
        world.store.graph.data.window = Some((from, world.now));
        for form in [Form::Map, Form::Table] {
            let mut pane = ServiceScreen { form, ..ServiceScreen::new() };
            let screen = show(&world, &mut pane, (160, 46));
            let note = "reading… · still those of 2026-01-08 07:28:07 → 10:28, 7d 3h";
            assert_eq!(screen.contains(note), is_other, "{screen}");
            assert_eq!(show(&world, &mut pane, (60, 20)).contains("reading… ┐"), is_other);
            let mut terminal = Terminal::new(TestBackend::new(160, 46)).expect("a terminal");
            terminal.draw(|frame| pane.draw(frame, frame.area(), &world.cx())).expect("drawn");
            let buffer = terminal.backend().buffer();
            let colours: Vec<Color> =
                buffer.content.iter().filter(|cell| cell.symbol() == "✗").map(|cell| cell.fg).collect();
            let expected = if is_other { Color::DarkGray } else { Color::Red };
            assert!(!colours.is_empty() && colours.iter().all(|colour| *colour == expected), "{colours:?}");
        }
    }
}

#[test]
fn the_line_below_is_about_the_call_under_the_cursor() {
    let world = World::live();
    let mut pane = ServiceScreen::new();
    let mut line = |actions: &[Action], size| {
        act(&world, &mut pane, actions);
        let screen = show(&world, &mut pane, size);
        screen.lines().rev().nth(2).expect("a line").to_owned()
    };
    assert!(line(&[], (160, 46)).starts_with("│ TSP · remote · "));
    assert!(line(&[Action::NextPane], (160, 46)).starts_with("│ TokenizationService → TSP · "));
    let narrow = line(&[], (80, 24));
    assert!(narrow.contains("✗ 30.1 %") && narrow.contains("p99") && !narrow.contains("p90"), "{narrow}");
}

#[test]
fn what_is_near_is_counted_alone() {
    let world = World::live();
    let mut pane = ServiceScreen::new();
    show(&world, &mut pane, (160, 46));
    act(&world, &mut pane, &[Action::Maximise, Action::Maximise]);
    assert!(show(&world, &mut pane, (160, 46)).contains("Services · 2 of 2 in trouble · 1 hop round TSP"));
    act(&world, &mut pane, &[Action::Layout]);
    assert!(show(&world, &mut pane, (160, 46)).contains("Services · 3 of 5 in trouble ─"), "a table has all");
}

#[test]
fn a_small_share_is_that_of_its_change() {
    let (now, was) = (statistics(10_000, 1, 90, 90), statistics(10_000, 1, 10, 10));
    let service = Service { key: key("x", "a"), statistics: now, before: Some(was), ..Service::default() };
    let row = Row::service(&service, &Firing::default());
    let cells = [Column::Bad, Column::BadChange].map(|column| column.cell(&row, 180.0).text);
    assert_eq!(cells, ["✓  0.9 %", "▲ 0.8 pt"]);
    let cell = |fault, error| {
        Column::Bad
            .cell(
                &Row::service(
                    &Service { statistics: statistics(10_000, fault, error, 0), ..service.clone() },
                    &Firing::default(),
                ),
                180.0,
            )
            .text
    };
    assert_eq!((cell(0, 2), cell(10_000, 0), cell(0, 0)), ("✓ <0.1 %".into(), "✗  100 %".into(), "✓  0.0 %".into()));
}

#[test]
fn a_service_that_is_asked_for_has_the_cursor() {
    let world = World::live();
    let mut pane = ServiceScreen::new();
    assert!(pane.accepts(&Target::Service(key("", "TokenStore"))));
    show(&world, &mut pane, (160, 46));
    assert_eq!(pane.here(&world.cx()), Some(Target::Service(key("AWS::DynamoDB::Table", "TokenStore"))));
}

#[test]
fn hostile_names_are_tame() {
    let (long, wide) = ("x".repeat(300), "サービス".repeat(75));
    let names =
        ["\u{1b}[2J\u{202e}evil", long.as_str(), &wide, "", "שלום עולם", "日本語サービス", "a\nb\tc", "👩🏽\u{200d}🚀"];
    let keys: Vec<ServiceKey> = names.iter().map(|name| key("AWS::Lambda\u{9b}2J", name)).collect();
    let graph = ServiceGraph {
        services: keys
            .iter()
            .map(|key| Service { key: key.clone(), statistics: statistics(10, 3, 1, 1), ..Service::default() })
            .collect(),
        edges: (0..keys.len() * 2)
            .map(|n| Edge {
                from: keys[n % keys.len()].clone(),
                to: keys[n * 3 % keys.len()].clone(),
                statistics: statistics(5, 1, 1, 0),
                ..Edge::default()
            })
            .collect(),
        ..ServiceGraph::default()
    };
    let world = world(graph);
    for size in SIZES {
        let mut pane = ServiceScreen::new();
        for action in [Action::Layout, Action::Layout, Action::NextPane, Action::Layout, Action::Maximise] {
            let screen = show(&world, &mut pane, size);
            assert!(!screen.contains(['\u{1b}', '\u{202e}', '\u{9b}', '\t']), "{screen}");
            is_framed(&world, &mut pane, size);
            act(&world, &mut pane, &[action, Action::Down, Action::Right, Action::Left, Action::Up]);
        }
    }
}
