//! Rules on X-Ray from end to end: a service and an edge, from the board file to the traces.

use std::path::PathBuf;

use barograph::app::screen::ScreenId;
use barograph::panes::Target;
use barograph::store::episode::Signal;
use barograph::store::rule::RuleState;

use super::RATE;
use crate::harness::console::{Console, Setting, time, world};

const BOARD: &str = r#"
title = "Services"
[[rule]]
id = "tsp_faults"
title = "TSP faults"
kind = "service"
service = "TSP"
measure = "fault_rate"
above = 0.05

[[rule]]
id = "tsp_slow"
title = "Tokenization waits for the TSP"
kind = "service"
edge = ["TokenizationService", "TSP"]
measure = "p99"
above = 3
period = "5m"
datapoints_to_alarm = 2
evaluation_periods = 2

[[rule]]
id = "store_faults"
title = "Store faults"
kind = "service"
service = "TokenStore"
type = "AWS::DynamoDB::Table"
measure = "fault_rate"
above = 0.01
"#;

fn board(name: &str) -> String {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&path, BOARD).expect("written");
    path.display().to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_and_an_edge_fire_and_lead_to_their_traces() {
    let setting = Setting { board: Some(board("services-rules.toml")), screen: ScreenId::Alarms, ..Setting::once() };
    let mut console = Console::settled(setting).await;
    let states: Vec<(&str, RuleState)> =
        console.app.store().rules.iter().map(|rule| (rule.id.as_str(), rule.state)).collect();
    let expected =
        [("tsp_faults", RuleState::Firing), ("tsp_slow", RuleState::Firing), ("store_faults", RuleState::Quiet)];
    assert_eq!(states, expected);
    let store = console.app.store();
    let began = |id: &str| store.history.episodes.iter().find(|it| it.signal == Signal::Rule && it.name == id);
    let began = began("tsp_faults").expect("an episode").began;
    // Requests time out from 10:10:24 on: the third bad minute ends at 10:13 or 10:14.
    assert!((time("2026-01-15T10:12:00Z")..=time("2026-01-15T10:14:00Z")).contains(&began), "{began}");
    let minute = time("2026-01-15T10:20:00Z");
    let graph = world(RATE).graph(minute, minute + chrono::TimeDelta::minutes(1));
    let tsp = graph.services.iter().find(|service| service.key.name == "TSP").expect("TSP");
    let track = &store.rule_tracks["tsp_faults"].points;
    let told = track.iter().find(|(at, _)| *at == minute).expect("a minute").1;
    assert!((told - 100.0 * tsp.statistics.fault_share()).abs() < 1e-9, "{told}");

    console.assert_shows(&["TSP faults", "Tokenization waits for the TSP"]);
    console.seek("j", "TSP faults");
    console.keys_settled("<enter>").await;
    console.assert_shows(&["FIRING since 10:1", "> 5 %", "3 of 5", "share of faults of TSP", "service(\"TSP\")"]);
    console.assert_shows(&["the service", "traces that show it", "service(\"TSP\") { fault = true }"]);
    console.keys_settled("<enter>").await;
    console.assert_shows(&["← TokenizationService"]);
    console.keys_settled("<esc>").await;
    console.assert_shows(&["share of faults of TSP"]);

    let focus = Some(Target::Rule("tsp_slow".into()));
    let setting = Setting { board: Some(board("services-edge.toml")), focus, ..Setting::once() };
    let mut console = Console::settled(setting).await;
    console.assert_shows(&["2 of 2 periods of 300 s", "edge(\"TokenizationService\", \"TSP\") { responsetime > 3 }"]);
    console.assert_shows(&["▸ the calls  TokenizationService → TSP"]);
    console.keys_settled("<enter>").await;
    console.assert_shows(&["┌ TokenizationService → TSP ", "called TSP"]);
}
