//! The map of services against the simulated topology, and the ways through it by keys.

use std::collections::BTreeSet;

use barograph::app::screen::ScreenId;
use barograph::commands::snapshot;
use barograph::panes::Target;
use barograph::store::graph::{ServiceGraph, ServiceKey};
use chrono::TimeDelta;
use serde_json::Value;

use crate::harness::console::{Console, INCIDENT, Setting, time, world};

fn setting() -> Setting {
    Setting { screen: ScreenId::Services, ..Setting::once() }
}

fn simulated() -> ServiceGraph {
    let to = time(INCIDENT);
    world(4.0).graph(to - TimeDelta::hours(1), to)
}

fn text<'v>(value: &'v Value, field: &str) -> &'v str {
    value[field].as_str().unwrap_or_else(|| panic!("{field} of {value}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn the_map_is_the_simulated_topology() {
    let mut console = Console::settled(setting()).await;
    let graph = simulated();
    let named = |key: &ServiceKey| (key.name.clone(), key.kind.clone());

    let document = snapshot::document(&console.app);
    let services: BTreeSet<(String, String)> = document["services"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|service| (text(service, "name").to_owned(), text(service, "type").to_owned()))
        .collect();
    assert_eq!(services, graph.services.iter().map(|service| named(&service.key)).collect());
    let end = |edge: &Value, name: &str, kind: &str| (text(edge, name).to_owned(), text(edge, kind).to_owned());
    let edges: BTreeSet<_> = document["edges"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|edge| (end(edge, "from", "from_type"), end(edge, "to", "to_type"), edge["requests"].as_u64()))
        .collect();
    let simulated = graph.edges.iter().map(|edge| (named(&edge.from), named(&edge.to), Some(edge.statistics.total)));
    assert_eq!(edges, simulated.collect());

    // Each service has a box, and each is called by one other, to whom a line leads.
    let screen = console.screen();
    for service in &graph.services {
        assert!(screen.contains(&format!("┌ {} ", service.key.name)), "{}\n{screen}", service.key.name);
    }
    assert_eq!(screen.matches('►').count(), graph.edges.len(), "{screen}");
    assert!(!screen.contains('◄') && !screen.contains("outside"), "{screen}");
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_lead_from_the_map_to_a_service_and_back() {
    let mut console = Console::settled(setting()).await;
    console.assert_shows(&["Services · ", "in trouble", "calls of the service under the cursor"]);
    let map = console.screen();
    console.keys_settled("<enter>").await;
    console.assert_shows(&["TSP", "Response times"]);
    console.keys("<esc>");
    assert_eq!(console.screen(), map);
    console.keys_settled("F").await;
    console.assert_shows(&["service(\"TSP\") { fault }"]);
    console.keys("<esc>");
    assert_eq!(console.screen(), map);

    console.keys("v");
    console.assert_shows(&["▼bad", "by bad"]);
    assert!(!console.screen().contains('►'), "{}", console.screen());
    console.keys("<tab>");
    console.assert_shows(&["TokenizationService → TSP"]);
    console.keys("<tab>v");
    assert_eq!(console.screen(), map);

    console.keys("z");
    console.assert_shows(&["2 hops round TSP"]);
    console.keys("z");
    console.assert_shows(&["1 hop round TSP"]);
    assert!(!console.screen().contains("┌ TokenStore"), "{}", console.screen());
    console.keys("<esc>");
    assert_eq!(console.screen(), map);
    console.keys("/lambda<enter>");
    assert!(!console.screen().contains("┌ TSP"), "{}", console.screen());
    console.keys("<esc>");
    console.assert_shows(&["┌ TSP"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_copied_command_has_the_service() {
    let mut console = Console::settled(setting()).await;
    let command = console.copied_by("Y");
    assert!(command.contains("--screen services --focus service:TSP@remote"), "{command}");
    let focus = Some(Target::Service(ServiceKey { kind: String::new(), name: "TokenStore".to_owned() }));
    let console = Console::settled(Setting { focus, ..setting() }).await;
    let mut console = console;
    console.assert_shows(&["TokenStore · AWS::DynamoDB::Table · "]);
}
