use super::*;
use crate::panes::incident;
use crate::panes::testing::World;
use crate::store::rule::RuleStatus;

#[test]
fn alarms_are_about_a_service_by_the_board_a_dimension_or_a_name() {
    let mut world = incident::live();
    let mut alarm = world.store.alarm("HighLatency").expect("an alarm").clone();
    let mut watch = |name: &str, dimensions: &[(&str, &str)]| {
        name.clone_into(&mut alarm.name);
        if let AlarmKind::Metric(metric) = &mut alarm.kind {
            metric.query = MetricQuery::stat("N", "M", dimensions, "Sum", 60);
        }
        alarm.clone()
    };
    let alarms = vec![
        watch("table", &[("TableName", "TokenStore")]),
        watch("api", &[("ApiName", "token-api")]),
        watch("token-store is slow", &[]),
        watch("other", &[("TableName", "TokenStore2")]),
    ];
    world.store.alarms.data = alarms;
    let of = |kind: &str, name: &str| {
        let key = ServiceKey { kind: kind.to_owned(), name: name.to_owned() };
        let found = concerns(&Entity::Service(key), &world.board, &world.store);
        found.into_iter().map(|concern| (concern.name, concern.how.words())).collect::<Vec<_>>()
    };
    let told = |name: &str, how: &str| (name.to_owned(), how.to_owned());
    let expected = [told("table", "by dimension TableName"), told("token-store is slow", "by its name")];
    assert_eq!(of("AWS::DynamoDB::Table", "TokenStore"), expected);
    assert_eq!(of("AWS::ApiGateway::Stage", "token-api/prod"), [told("api", "by dimension ApiName")]);
    assert_eq!(of("remote", "TSP"), []);
    assert_eq!(of("", ""), []);
}

/// The incident, with services.
fn shown() -> World {
    let mut world = incident::live();
    world.store.graph = World::live().store.graph;
    world
}

/// Rules on a service and on an edge, in this state.
fn ruled(state: RuleState) -> (Board, Store) {
    const RULES: &str = r#"
[[rule]]
id = "tsp_faults"
kind = "service"
service = "TSP"
measure = "fault_rate"
above = 0.05

[[rule]]
id = "tsp_slow"
kind = "service"
edge = ["TokenizationService", "TSP"]
measure = "p99"
above = 3
"#;
    let world = shown();
    let (rules, problems) = crate::board::load_text("test.toml", RULES, &[]);
    assert_eq!(problems, []);
    let board = Board { rules: rules.expect("a board").rules, ..world.board };
    let mut store = world.store;
    store.alarms.data.clear();
    let status = |rule: &crate::board::Rule| RuleStatus {
        id: rule.id.clone(),
        title: rule.title.clone(),
        severity: rule.severity,
        state,
        since: None,
        value: None,
        threshold: None,
        reason: String::new(),
        episode: None,
    };
    store.rules = board.rules.iter().map(status).collect();
    (board, store)
}

#[test]
fn rules_that_fire_are_about_a_service_an_edge_and_who_is_called() {
    let key = |kind: &str, name: &str| ServiceKey { kind: kind.to_owned(), name: name.to_owned() };
    let (from, to) = (key("AWS::ECS::Container", "TokenizationService"), key("remote", "TSP"));
    let (board, store) = ruled(RuleState::Firing);
    let firing = Firing::of(&store.graph.data, &board, &store);
    assert_eq!((firing.on(&to), firing.on(&from)), (2, 0));
    assert_eq!((firing.between(&from, &to), firing.between(&to, &from)), (1, 0));
    for state in [RuleState::Quiet, RuleState::NoData] {
        let (board, store) = ruled(state);
        assert_eq!(Firing::of(&store.graph.data, &board, &store), Firing::default());
    }
}

#[test]
fn the_same_alarms_are_marked_as_are_listed() {
    let world = shown();
    let graph = &world.store.graph.data;
    let firing = Firing::of(graph, &world.board, &world.store);
    let mut marked = 0;
    for service in &graph.services {
        let listed = concerns(&Entity::Service(service.key.clone()), &world.board, &world.store);
        let fires = |concern: &&Concern| {
            concern.signal == Signal::Alarm
                && world.store.alarm(&concern.name).is_some_and(|alarm| alarm.state == AlarmState::Alarm)
        };
        assert_eq!(firing.on(&service.key), listed.iter().filter(fires).count(), "{:?}", service.key);
        marked += firing.on(&service.key);
    }
    let mut world = world;
    let mut alarm = world.store.alarm("HighLatency").expect("an alarm").clone();
    "token-store is slow".clone_into(&mut alarm.name);
    world.store.alarms.data.push(alarm.clone());
    alarm.state = AlarmState::Ok;
    world.store.alarms.data.push(alarm);
    let again = Firing::of(&world.store.graph.data, &world.board, &world.store);
    let store = ServiceKey { kind: "AWS::DynamoDB::Table".to_owned(), name: "TokenStore".to_owned() };
    assert_eq!(again.on(&store), firing.on(&store) + 1);
    assert_eq!(again.services.values().sum::<usize>(), marked + 1);
}

#[test]
fn nothing_is_about_where_requests_come_from() {
    let mut world = incident::live();
    let mut alarm = world.store.alarm("HighLatency").expect("an alarm").clone();
    "client errors of token-api".clone_into(&mut alarm.name);
    world.store.alarms.data = vec![alarm];
    let of = |kind: &str, name: &str| {
        let key = ServiceKey { kind: kind.to_owned(), name: name.to_owned() };
        concerns(&Entity::Service(key), &world.board, &world.store).len()
    };
    assert_eq!((of("client", "client"), of("client", "token-api"), of("AWS::Lambda", "token-api")), (0, 0, 1));
}
