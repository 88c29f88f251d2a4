use super::*;
use crate::panes::Target;
use crate::panes::testing::{SIZES, World, key};
use crate::panes::traces::Search;

fn pane() -> ServiceDetail {
    ServiceDetail::new(key("AWS::Lambda", "TokenProvisioningService"))
}

fn show(world: &World, width: u16, height: u16) -> String {
    let text = world.draw(&mut pane(), width, height).join("\n");
    println!("{text}");
    text
}

#[test]
fn every_state_draws_at_every_size() {
    for world in World::all() {
        for (width, height) in SIZES {
            world.draw(&mut pane(), width, height);
            world.draw(&mut ServiceDetail::new(key("remote", "nobody")), width, height);
        }
    }
}

#[test]
fn figures_edges_and_times_are_shown() {
    let world = World::live();
    let screen = show(&world, 140, 40);
    for part in [
        "requests 432.0 k",
        "✗ fault 63.00 k (14.6 %)",
        "p50 900 ms",
        "← token-api/prod",
        "→ TokenizationService",
        "Edges · 1 in · 2 out",
        "Response times",
        "● requests",
    ] {
        assert!(screen.contains(part), "{part}");
    }
    assert!(show(&world, 80, 24).contains("→ TokenStore"));
}

#[test]
fn a_name_alone_is_enough() {
    let world = World::live();
    let screen = world.draw(&mut ServiceDetail::new(key("", "TSP")), 100, 40).join("\n");
    assert!(screen.contains("← TokenizationService") && screen.contains("TSP · remote"), "{screen}");
}

#[test]
fn opening_follows_an_edge() {
    let world = World::live();
    let mut pane = pane();
    world.draw(&mut pane, 100, 40);
    pane.on(Action::Down, &world.cx());
    pane.on(Action::Down, &world.cx());
    let (here, there) =
        (key("AWS::Lambda", "TokenProvisioningService"), key("AWS::ECS::Container", "TokenizationService"));
    assert_eq!(pane.on(Action::Open, &world.cx()), Reaction::Open(Target::Edge(here.clone(), there.clone())));
    let mut pane = ServiceDetail::edge(here, there.clone());
    let screen = world.draw(&mut pane, 120, 40).join("\n");
    for part in ["TokenProvisioningService → TokenizationService", "called TokenizationService", "✗ fault 70.00 k"]
    {
        assert!(screen.contains(part), "{part}\n{screen}");
    }
    assert!(!screen.contains("of faults"), "no column for what an end does not have: {screen}");
    assert_eq!(pane.on(Action::Open, &world.cx()), Reaction::Open(Target::Service(there)));
}

#[test]
fn rows_that_come_before_it_leave_the_cursor_on_the_first() {
    let mut pane = pane();
    World::empty().draw(&mut pane, 100, 40);
    let world = World::live();
    world.draw(&mut pane, 100, 40);
    let (gateway, here) =
        (key("AWS::ApiGateway::Stage", "token-api/prod"), key("AWS::Lambda", "TokenProvisioningService"));
    assert_eq!(pane.on(Action::Open, &world.cx()), Reaction::Open(Target::Edge(gateway, here)));
}

#[test]
fn a_low_screen_has_rows_and_says_that_there_are_more() {
    let mut world = World::live();
    let screen = show(&world, 80, 22);
    for part in ["▼ ", " more ┘", "traces with faults", "Trend · 1m ── ● requests"] {
        assert!(screen.contains(part), "{part}\n{screen}");
    }
    world.store.graph.data.window = Some((world.now - chrono::TimeDelta::days(7), world.now));
    let screen = show(&world, 160, 46);
    assert!(screen.contains("reading… · still those of 2026-01-08 10:28:07 → 10:28, 7d"), "{screen}");
}

#[test]
fn what_is_missing_is_said() {
    let screen = show(&World::failed(), 120, 30);
    assert!(screen.contains("not authorized to perform xray:GetServiceGraph"));
    assert!(screen.contains("denied: xray:GetTimeSeriesServiceStatistics"));
}

#[test]
fn alarms_traces_and_log_lines_are_ways_on() {
    let world = World::live();
    let mut pane = pane();
    let screen = world.draw(&mut pane, 160, 48).join("\n");
    println!("{screen}");
    for part in ["traces with faults", "slow traces, beyond p90", "all traces", "its log lines", "of faults", "≤ 100 %"]
    {
        assert!(screen.contains(part), "{part}");
    }
    let entity = Entity::Service(key("AWS::Lambda", "TokenProvisioningService"));
    let opened: Vec<Reaction> = (0..pane.rows(&world.cx()).len())
        .map(|_| {
            let opened = pane.on(Action::Open, &world.cx());
            pane.on(Action::Down, &world.cx());
            opened
        })
        .collect();
    for block in [" { fault = true }", " { error = true }", " { throttle = true }", " { responsetime > 24 }", ""] {
        let search = Search::of(format!("service(\"TokenProvisioningService\"){block}"));
        assert!(opened.contains(&Reaction::Open(Target::TraceSearch(search))), "{block}: {opened:?}");
    }
    assert!(opened.contains(&Reaction::Open(Target::Matches(About::Calls(entity)))));
    let failing = Search::of("service(\"TokenProvisioningService\") { fault = true }");
    assert_eq!(pane.on(Action::Follow, &world.cx()), Reaction::Open(Target::TraceSearch(failing)));
}

#[test]
fn the_measure_of_the_trend_is_chosen() {
    let world = World::live();
    let mut pane = pane();
    let mut titles = Vec::new();
    for _ in 0..4 {
        let screen = world.draw(&mut pane, 140, 40).join("\n");
        let names = ["Trend of shares · 1m", "Trend of response times · 1m", "Trend · 1m"];
        titles.push(names.into_iter().find(|name| screen.contains(name)).expect("a trend"));
        pane.on(Action::Statistic, &world.cx());
    }
    let expected = ["Trend · 1m", "Trend of shares · 1m", "Trend of response times · 1m", "Trend · 1m"];
    assert_eq!(titles, expected);
}

#[test]
fn what_has_changed_stands_beside_the_figures() {
    let mut world = World::live();
    let mut before = world.store.graph.data.clone();
    let at = world.now;
    world.store.graph.data.window = Some((at - chrono::TimeDelta::hours(3), at));
    before.window = Some((at - chrono::TimeDelta::hours(6), at - chrono::TimeDelta::hours(3)));
    for service in &mut before.services {
        service.statistics.total *= 2;
        service.statistics.ok = service.statistics.total;
        service.statistics.fault = 0;
    }
    world.store.graph.data.compare(&before);
    let screen = show(&world, 160, 40);
    assert!(screen.contains("requests 432.0 k ▼ 50.0 %") && screen.contains("(14.6 %) ▲ 14.6 pt"), "{screen}");
}

#[test]
fn hostile_names_are_tame() {
    let long = "x".repeat(300);
    let wide = "サービス".repeat(75);
    for name in ["\u{1b}[2J\u{202e}evil\u{7}", long.as_str(), &wide, "", "שלום", "a\nb\tc"] {
        let mut world = World::live();
        let graph = &mut world.store.graph.data;
        let (here, hostile) = (key("AWS::Lambda", "TokenProvisioningService"), key("remote\u{9b}2J", name));
        for edge in &mut graph.edges {
            for end in [&mut edge.from, &mut edge.to] {
                if *end != here {
                    end.clone_from(&hostile);
                }
            }
        }
        graph.services.iter_mut().filter(|service| service.key != here).for_each(|it| it.key.clone_from(&hostile));
        let panes =
            [ServiceDetail::new(here.clone()), ServiceDetail::new(hostile.clone()), ServiceDetail::edge(here, hostile)];
        for mut pane in panes {
            for (width, height) in SIZES {
                let screen = world.draw(&mut pane, width, height);
                let is_odd = |c: char| c.is_control() || ['\u{202e}', '\u{9b}'].contains(&c);
                assert!(!screen.join("").contains(is_odd), "{screen:?}");
                let last = screen.iter().filter(|line| line.starts_with('│')).all(|line| line.ends_with('│'));
                assert!(width < 4 || last, "{}", screen.join("\n"));
            }
        }
    }
}

#[test]
fn flaws_of_the_trend_are_told() {
    let mut world = World::live();
    let query = TrendQuery::over(Entity::Service(key("AWS::Lambda", "TokenProvisioningService")), 3 * 3_600);
    world.store.service_trends.get_mut(&query).expect("a trend").data.flaws.times = 3;
    assert!(show(&world, 140, 40).contains("X-Ray's answer has 3 response times below 0 or without a number"));
}
