use super::super::screen_view::{Reach, Scene};
use super::*;
use crate::app::msg::Update;
use crate::panes::testing::{SIZES, World, key};
use crate::store::alarm::{Alarm, AlarmKind, AlarmState, MetricAlarm};
use crate::store::graph::{Nature, Service, ServiceGraph};
use crate::store::series::MetricQuery;

fn show(world: &World, pane: &mut ServiceScreen, (width, height): (u16, u16)) -> String {
    let text = world.draw(pane, width, height).join("\n");
    println!("{text}");
    text
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
            let Target::Service(key) = target else { panic!("{target:?}") };
            key.name
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

/// Services of a shop, from those who call to those who only answer.
const TIERS: [&[&str]; 6] = [
    &["web", "app", "partners"],
    &["edge-gateway", "partner-gateway", "mobile-gateway"],
    &["orders", "checkout", "catalogue", "accounts", "search", "basket", "returns", "loyalty"],
    &[
        "payments",
        "pricing",
        "stock",
        "shipping",
        "identity",
        "recommendations",
        "tax",
        "fraud",
        "mailer",
        "coupons",
        "reviews",
        "invoices",
    ],
    &[
        "card-tokens",
        "ledger",
        "warehouse-eu",
        "warehouse-us",
        "carrier-rates",
        "sessions",
        "ranking",
        "risk-model",
        "templates",
        "exchange-rates",
        "documents",
        "address-check",
        "dunning",
        "settlement",
    ],
    &[
        "OrdersTable",
        "LedgerTable",
        "StockTable",
        "SessionsCache",
        "SearchIndex",
        "MailQueue",
        "RiskFeatures",
        "DocumentsBucket",
        "card-network",
        "bank-api",
        "carrier-a",
        "carrier-b",
        "mail-provider",
        "tax-office",
        "fx-provider",
        "PricesTable",
        "CouponsTable",
        "AuditStream",
        "ReviewsTable",
        "IdentityPool",
    ],
];

/// A shop of sixty services in tiers, with tables and queues that many share, and two circles.
fn shop() -> ServiceGraph {
    let kind = |tier: usize, n: usize| match (tier, n % 3) {
        (0, _) => "client",
        (5, 0) => "remote",
        (5, _) => "AWS::DynamoDB::Table",
        (_, 0) => "AWS::ECS::Container",
        _ => "AWS::Lambda::Function",
    };
    let keys: Vec<Vec<ServiceKey>> = TIERS
        .iter()
        .enumerate()
        .map(|(tier, names)| names.iter().enumerate().map(|(n, name)| key(kind(tier, n), name)).collect())
        .collect();
    let figures = |n: usize| match n % 11 {
        3 => statistics(48_000, 9_000, 400, 0),
        7 => statistics(9_000, 0, 700, 60),
        9 => statistics(21_000, 0, 900, 880),
        _ => statistics(120_000 / (n as u64 + 1), 0, 0, 0),
    };
    let mut edges = Vec::new();
    let mut join = |from: &ServiceKey, to: &ServiceKey, n: usize| {
        if from != to && !edges.iter().any(|edge: &Edge| edge.from == *from && edge.to == *to) {
            edges.push(Edge { from: from.clone(), to: to.clone(), statistics: figures(n), ..Edge::default() });
        }
    };
    for tier in 0..5 {
        let (callers, called) = (&keys[tier], &keys[tier + 1]);
        for (n, to) in called.iter().enumerate() {
            join(&callers[n * callers.len() / called.len()], to, n);
            if n % 3 == 0 {
                join(&callers[(n * 5 + 1) % callers.len()], to, n + 4);
            }
        }
    }
    for n in 0..8 {
        join(&keys[2][n], &keys[5][n * 3 % 20], n);
    }
    join(&keys[4][1], &keys[3][0], 1);
    join(&keys[3][8], &keys[2][0], 2);
    let service = |tier: usize, n: usize, key: &ServiceKey| Service {
        key: key.clone(),
        nature: match tier {
            0 => Nature::Client,
            5 => Nature::Inferred,
            _ => Nature::Reporting,
        },
        statistics: if tier == 0 { Statistics::default() } else { figures(n + tier) },
        ..Service::default()
    };
    let services = keys.iter().enumerate();
    let services = services.flat_map(|(tier, keys)| keys.iter().enumerate().map(move |(n, key)| service(tier, n, key)));
    ServiceGraph { services: services.collect(), edges, ..ServiceGraph::default() }
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
fn the_map_is_walked_along_its_calls() {
    let world = World::live();
    let mut pane = ServiceScreen::new();
    let screen = show(&world, &mut pane, (160, 46));
    for part in ["┌ TSP ╌", "✗ 31.0 %", "━►", "3 of 5 in trouble", "inferred or remote", "1 in, 0 out"] {
        assert!(screen.contains(part), "{part}");
    }
    assert_eq!(pane.list.key().map(|key| key.name.as_str()), Some("TSP"), "the worst has the cursor");
    let steps = [
        (Action::Left, "TokenizationService"),
        (Action::Left, "TokenProvisioningService"),
        (Action::Right, "TokenizationService"),
        (Action::Up, "TokenStore"),
        (Action::Down, "TokenizationService"),
        (Action::Bottom, "TSP"),
        (Action::Top, "token-api"),
        (Action::NextError, "TokenProvisioningService"),
        (Action::PreviousError, "TokenProvisioningService"),
    ];
    for (action, expected) in steps {
        act(&world, &mut pane, &[action]);
        assert_eq!(pane.list.key().map(|key| key.name.as_str()), Some(expected), "{action:?}");
    }
    assert_eq!(opened(&world, &mut pane), "TokenProvisioningService");
}

#[test]
fn what_is_wrong_has_its_colour() {
    use ratatui::style::{Color, Style};
    let mut world = World::live();
    world.theme.set(Role::Text, Style::new().fg(Color::Gray));
    world.theme.set(Role::Fault, Style::new().fg(Color::Red));
    let mut terminal = ratatui::Terminal::new(ratatui::backend::TestBackend::new(160, 46)).expect("a terminal");
    let mut pane = ServiceScreen::new();
    terminal.draw(|frame| pane.draw(frame, frame.area(), &world.cx())).expect("drawn");
    let signs = terminal.backend().buffer().content.iter().filter(|cell| cell.symbol() == "✗");
    assert!(signs.clone().count() > 5);
    assert!(signs.clone().all(|cell| cell.fg == Color::Red));
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
    assert_eq!(opened(&world, &mut pane), "TSP", "who is called");
    act(&world, &mut pane, &[Action::Down]);
    assert_eq!(opened(&world, &mut pane), "TokenProvisioningService", "the other end");
    act(&world, &mut pane, &[Action::Back]);
    assert_eq!(opened(&world, &mut pane), "TokenizationService");
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
    assert_eq!(asked(&[]), "service(\"TSP\") { fault }");
    assert_eq!(asked(&[Action::Layout, Action::Bottom]), "service(\"TokenStore\")");
    assert_eq!(asked(&[Action::NextPane, Action::Top]), "edge(\"TokenizationService\", \"TSP\") { fault }");
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
    let first = |pane: &ServiceScreen| rows(&world.cx(), &pane.filter, pane.order)[0].key.name.clone();
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
}

#[test]
fn sixty_services_are_read_on_a_wide_screen() {
    let world = world(shop());
    let mut pane = ServiceScreen::new();
    let screen = show(&world, &mut pane, (160, 46));
    assert!(pane.is_map(), "it fits");
    for service in &world.store.graph.data.services {
        let name = &service.key.name;
        assert!(screen.contains(&name[..name.len().min(4)]) || screen.contains(name), "{name}");
    }
    act(&world, &mut pane, &[Action::Maximise]);
    let near = show(&world, &mut pane, (160, 46));
    assert!(near.contains("2 hops round"), "{near}");
    act(&world, &mut pane, &[Action::Maximise]);
    assert!(show(&world, &mut pane, (160, 46)).contains("1 hop round"));
    act(&world, &mut pane, &[Action::Maximise]);
    assert_eq!(pane.reach, Reach::All);
}

#[test]
fn a_map_that_does_not_fit_is_a_table_at_first() {
    let world = world(shop());
    let mut pane = ServiceScreen::new();
    let screen = show(&world, &mut pane, (80, 22));
    assert!(screen.contains("v shows it") && !screen.contains('►'), "{screen}");
    act(&world, &mut pane, &[Action::Layout]);
    let screen = show(&world, &mut pane, (80, 22));
    assert!(screen.contains("outside"), "{screen}");
    for _ in 0..12 {
        act(&world, &mut pane, &[Action::Right, Action::Down]);
        let screen = show(&world, &mut pane, (80, 22));
        let name = &pane.list.key().expect("a cursor").name;
        assert!(screen.matches(&name[..name.len().min(4)]).count() >= 2, "it is in view: {name}");
    }
}

#[test]
fn nothing_moves_while_who_calls_whom_stays() {
    let mut world = world(shop());
    let mut pane = ServiceScreen::new();
    show(&world, &mut pane, (160, 46));
    let before = pane.picture.as_ref().expect("a picture").plan.layout.clone();
    let mut graph = shop();
    for service in graph.services.iter_mut().filter(|service| service.nature != Nature::Client) {
        service.statistics = statistics(1_234_567, 300_000, 100, 0);
    }
    graph.services.reverse();
    graph.edges.reverse();
    let at = world.now;
    world.store.fold(&world.board, Update::Services { at, graph: graph.clone() });
    show(&world, &mut pane, (160, 46));
    assert_eq!(pane.picture.as_ref().expect("a picture").plan.layout, before);
    let mut fresh = ServiceScreen::new();
    show(&world, &mut fresh, (160, 46));
    assert_eq!(fresh.picture.as_ref().expect("a picture").plan.layout, before, "the same graph, the same picture");

    // One goes: the others of its layers stay in their order.
    graph.services.retain(|service| service.key.name != "tax");
    graph.edges.retain(|edge| edge.from.name != "tax" && edge.to.name != "tax");
    let scene = |graph: &ServiceGraph| {
        Scene::of(graph, "", &Reach::All).services.iter().map(|s| s.key.clone()).collect::<Vec<_>>()
    };
    let stood: std::collections::HashMap<ServiceKey, i32> =
        scene(&shop()).into_iter().zip(before.nodes.iter().map(|place| place.y)).collect();
    world.store.fold(&world.board, Update::Services { at, graph: graph.clone() });
    show(&world, &mut pane, (160, 46));
    let after = &pane.picture.as_ref().expect("a picture").plan.layout;
    let (mut kept, mut pairs) = (0, 0);
    let keys = scene(&graph);
    for (n, one) in keys.iter().enumerate() {
        for (m, other) in keys.iter().enumerate().take(n) {
            if after.nodes[n].layer == after.nodes[m].layer {
                pairs += 1;
                kept += usize::from((stood[one] < stood[other]) == (after.nodes[n].y < after.nodes[m].y));
            }
        }
    }
    assert!(kept * 10 >= pairs * 9, "{kept} of {pairs}");
}

#[test]
fn a_firing_alarm_is_marked() {
    let mut world = World::live();
    let query = MetricQuery::stat("AWS/DynamoDB", "ThrottledRequests", &[("TableName", "TokenStore")], "Sum", 60);
    let alarm = Alarm {
        name: "StoreThrottled".to_owned(),
        description: String::new(),
        kind: AlarmKind::Metric(Box::new(MetricAlarm {
            query,
            band: None,
            comparison: "GreaterThanThreshold".to_owned(),
            threshold: Some(1.0),
            evaluation_periods: 1,
            datapoints_to_alarm: 1,
            treat_missing: "missing".to_owned(),
        })),
        state: AlarmState::Alarm,
        since: None,
        reason: String::new(),
        value: None,
        actions_enabled: true,
        actions: Vec::new(),
        evaluation_state: None,
        setup: crate::store::alarm::AlarmSetup::default(),
    };
    let at = world.now;
    world.store.fold(&world.board, Update::Alarms { at, alarms: vec![alarm] });
    assert!(show(&world, &mut ServiceScreen::new(), (160, 46)).contains("┌ ! TokenStore"));
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
    let names =
        ["\u{1b}[2J\u{202e}evil", &"x".repeat(200), "", "שלום עולם", "日本語サービス", "a\nb\tc", "👩🏽\u{200d}🚀"];
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
            assert!(!screen.contains(['\u{1b}', '\u{202e}', '\u{9b}']), "{screen}");
            act(&world, &mut pane, &[action, Action::Down, Action::Right, Action::Left, Action::Up]);
        }
    }
}
