use super::super::view::Scene;
use super::shop::shop;
use super::*;
use crate::store::alarm::{Alarm, AlarmKind, AlarmState, MetricAlarm};
use crate::store::graph::Nature;
use crate::store::series::MetricQuery;

#[test]
fn the_map_is_walked_along_its_calls() {
    let world = World::live();
    let mut pane = ServiceScreen::new();
    let screen = show(&world, &mut pane, (160, 46));
    for part in ["┌ TSP ╌", "✗ 31.0 %", "✗ 30.1 %►", "3 of 5 in trouble", "! firing", "1 in, 0 out"] {
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
    let mut terminal = Terminal::new(TestBackend::new(160, 46)).expect("a terminal");
    let mut pane = ServiceScreen::new();
    terminal.draw(|frame| pane.draw(frame, frame.area(), &world.cx())).expect("drawn");
    let signs = terminal.backend().buffer().content.iter().filter(|cell| cell.symbol() == "✗");
    assert!(signs.clone().count() > 5);
    assert!(signs.clone().all(|cell| cell.fg == Color::Red));
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
    let by_name = Alarm { name: "token-provisioning-service is slow".to_owned(), ..alarm.clone() };
    let by_name = Alarm { kind: AlarmKind::Composite { rule: String::new(), children: Vec::new() }, ..by_name };
    let quiet = Alarm { name: "TokenizationService".to_owned(), state: AlarmState::Ok, ..alarm.clone() };
    let at = world.now;
    let mut pane = ServiceScreen::new();
    assert!(!show(&world, &mut pane, (160, 46)).contains("! T"));
    world.store.fold(&world.board, Update::Alarms { at, alarms: vec![alarm, by_name, quiet] });
    let screen = show(&world, &mut pane, (160, 46));
    for part in ["┌ ! TokenStore ", "┌ ! TokenProvisioningService ", "┌ TokenizationService ", "│ ! TokenStore "]
    {
        assert!(screen.contains(part), "{part}");
    }
    pane.list.select(key("AWS::DynamoDB::Table", "TokenStore"));
    assert!(show(&world, &mut pane, (160, 46)).contains("TokenStore · AWS::DynamoDB::Table · ! 1 firing · "));
    // What fires can be sorted by.
    act(&world, &mut pane, &[Action::Layout]);
    show(&world, &mut pane, (160, 20));
    while pane.order.column != Column::Firing {
        act(&world, &mut pane, &[Action::Sort]);
    }
    let screen = show(&world, &mut pane, (160, 20));
    assert!(screen.lines().nth(2).is_some_and(|line| line.contains("! TokenProvisioningService")), "{screen}");
    // It is looked for once an answer, not at each frame.
    world.store.alarms.data[0].state = AlarmState::Ok;
    assert_eq!(show(&world, &mut pane, (160, 20)), screen);
    world.store.fold(&world.board, Update::Alarms { at, alarms: Vec::new() });
    assert!(!show(&world, &mut pane, (160, 20)).contains('!'), "and nothing once it is over");
    act(&world, &mut pane, &[Action::Layout]);
    for width in 20..160 {
        let screen = show(&world, &mut pane, (width, 30));
        let legend = screen.lines().rev().nth(1).expect("a legend");
        assert!(!legend.contains('…'), "{legend}");
    }
}

#[test]
fn what_is_there_for_its_neighbour_alone_stands_back() {
    use ratatui::style::Modifier;
    let world = World::live();
    let mut pane = ServiceScreen::new();
    pane.set_filter("tokenization", &world.cx());
    let mut terminal = Terminal::new(TestBackend::new(160, 20)).expect("a terminal");
    terminal.draw(|frame| pane.draw(frame, frame.area(), &world.cx())).expect("drawn");
    let buffer = terminal.backend().buffer();
    let is_dim = |name: &str| {
        let lines = (0..20_u16).map(|y| (y, (0..160).map(|x| buffer[(x, y)].symbol()).collect::<String>()));
        let (y, at) = lines.into_iter().find_map(|(y, line)| Some((y, line.find(name)?))).expect("a node");
        let x = (0..160_u16).find(|x| (0..*x).map(|x| buffer[(x, y)].symbol().len()).sum::<usize>() == at);
        buffer[(x.expect("a cell") + 2, y)].modifier.contains(Modifier::DIM)
    };
    assert!(!is_dim("┌ TokenizationService"));
    assert!(is_dim("┌ TSP") && is_dim("┌ TokenProvisioningService"));
}

#[test]
fn a_service_without_a_name_can_be_seen() {
    let mut graph = shop();
    graph.services.truncate(3);
    graph.services[1].key.name.clear();
    graph.services[1].statistics = statistics(10, 3, 1, 1);
    let world = world(graph);
    let screen = show(&world, &mut ServiceScreen::new(), (160, 30));
    assert!(screen.matches("(no name)").count() >= 3, "map, table, and what is told: {screen}");
}
