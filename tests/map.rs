//! The map of services against the simulated topology, and the ways through it by keys.

#![expect(clippy::expect_used, reason = "helpers of tests fail as tests do")]

use std::collections::BTreeSet;

use barograph::app::screen::ScreenId;
use barograph::commands::snapshot;
use barograph::panes::Target;
use barograph::store::graph::{ServiceGraph, ServiceKey};
use chrono::TimeDelta;
use serde_json::Value;

use crate::harness::console::{Console, INCIDENT, Setting, time, world};
use crate::harness::requests::{Answer, Outcome, answers_of, having};

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
        // An alarm may be marked before the name.
        let is_drawn = ["┌ ", "┌ ! "].iter().any(|start| screen.contains(&format!("{start}{} ", service.key.name)));
        assert!(is_drawn, "{}\n{screen}", service.key.name);
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
    console.assert_shows(&["service(\"TSP\") { fault = true }"]);
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

/// So much of the incident that all its traces are listed.
const MINUTES: u64 = 2;

async fn in_minutes() -> Console {
    Console::settled(Setting { window: std::time::Duration::from_mins(MINUTES), ..setting() }).await
}

/// The search in front lists the traces that have an answer like this, each of them and no other.
fn assert_lists(console: &mut Console, expression: &str, like: impl Fn(&Answer) -> bool) {
    console.assert_shows(&[expression, "newest first"]);
    let lists = &console.app.store().trace_lists;
    let (_, list) = lists.iter().find(|(query, _)| query.filter == expression).expect("a list");
    let listed: BTreeSet<String> = list.data.traces.iter().map(|trace| trace.id.clone()).collect();
    assert!(list.data.rest.is_none() && listed.len() > 3, "{}", listed.len());
    let world = world(4.0);
    let (from, to) = (time(INCIDENT) - TimeDelta::minutes(MINUTES as i64), time(INCIDENT));
    let all = world.trace_summaries(from, to).into_iter().filter(|trace| from <= trace.start && trace.start <= to);
    assert_eq!(listed, having(&world, &all.map(|trace| trace.id).collect(), like), "{expression}");
}

/// Opens the trace under the cursor of a list: one of the world, that has such an answer. And back to its row.
async fn look_into(console: &mut Console, like: impl Fn(&Answer) -> bool) {
    let list = console.place();
    let id = console.copied();
    let answers = answers_of(&world(4.0), &id);
    let answer = answers.iter().find(|answer| like(answer)).unwrap_or_else(|| panic!("{id}: {answers:?}"));
    console.keys_settled("<enter>").await;
    console.assert_shows(&[&format!("Trace {id}"), "Trace · ", "Segment · ", "━"]);
    // Its waterfall has the service.
    let name = if answer.service == "TokenStore" { "DynamoDB" } else { &answer.service };
    console.assert_shows(&[name]);
    let traces = &console.app.store().traces;
    assert!(traces.get(&id).is_some_and(|trace| trace.data.is_some()), "it was asked for");
    console.keys("<esc>");
    assert_eq!(console.place(), list, "the cursor is where it was");
}

#[tokio::test(flavor = "multi_thread")]
async fn from_a_service_on_the_map_to_the_right_trace_and_back() {
    let mut console = in_minutes().await;
    let map = console.place();
    let faulty = |answer: &Answer| answer.service == "TSP" && answer.outcome == Outcome::Fault;
    console.keys_settled("F").await;
    assert_lists(&mut console, "service(\"TSP\") { fault = true }", faulty);
    console.keys("jj");
    look_into(&mut console, faulty).await;
    console.keys("<esc>");
    assert_eq!(console.place(), map);

    // All of them, by the service itself: what its last row opens.
    console.keys_settled("<enter>").await;
    console.keys("G");
    let detail = console.place();
    console.keys_settled("<enter>").await;
    let any = |answer: &Answer| answer.service == "TSP";
    assert_lists(&mut console, "service(\"TSP\")", any);
    console.keys("j");
    look_into(&mut console, any).await;
    // The search is one that can be written on.
    console.keys_settled("<tab> { !fault }<enter>").await;
    let well = |answer: &Answer| any(answer) && answer.outcome != Outcome::Fault;
    assert_lists(&mut console, "service(\"TSP\") { !fault }", well);
    console.keys("<esc>");
    assert_eq!(console.place(), detail, "the cursor is on the same row");
    console.keys("<esc>");
    assert_eq!(console.place(), map);
}

#[tokio::test(flavor = "multi_thread")]
async fn from_a_call_on_the_map_to_the_right_trace_and_back() {
    let mut console = in_minutes().await;
    console.keys("<tab>");
    let map = console.place();
    assert!(console.copied().starts_with("TokenizationService → TSP"));
    console.keys_settled("<enter>").await;
    console.assert_shows(&["TokenizationService → TSP", "called TSP", "caller TokenizationService"]);
    // Past both ends: the traces with faults.
    console.keys("jj");
    let detail = console.place();
    let called = |answer: &Answer| answer.service == "TSP" && answer.caller.as_deref() == Some("TokenizationService");
    let faulty = |answer: &Answer| called(answer) && answer.outcome == Outcome::Fault;
    console.keys_settled("<enter>").await;
    assert_lists(&mut console, "edge(\"TokenizationService\", \"TSP\") { fault = true }", faulty);
    console.keys("jjj");
    look_into(&mut console, faulty).await;
    console.keys("<esc>");
    assert_eq!(console.place(), detail);
    console.keys("<esc>");
    assert_eq!(console.place(), map);

    // From the table, another call: those that are wrong with it.
    console.keys("v");
    console.seek("j", "TokenProvisioningService → TokenStore");
    let table = console.place();
    console.keys_settled("F").await;
    let throttled = |answer: &Answer| {
        let called = answer.service == "TokenStore" && answer.caller.as_deref() == Some("TokenProvisioningService");
        called && answer.outcome == Outcome::Throttle
    };
    assert_lists(&mut console, "edge(\"TokenProvisioningService\", \"TokenStore\") { throttle = true }", throttled);
    console.keys("j");
    look_into(&mut console, throttled).await;
    console.keys("<esc>");
    assert_eq!(console.place(), table);
}

async fn assert_commands(scripts: &[&str]) {
    let small = || Setting { window: std::time::Duration::from_mins(MINUTES), rate: 1.0, ..Setting::once() };
    for script in scripts {
        let mut console = Console::settled(Setting { screen: ScreenId::Services, ..small() }).await;
        console.keys_settled(script).await;
        crate::flows::assert_reopens(&mut console, small(), script).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_copied_command_reopens_services_and_calls() {
    assert_commands(&["h", "<enter>", "<tab><enter>"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_copied_command_reopens_searches_for_traces() {
    assert_commands(&["F", "<tab>F", "6<tab>service(\"TSP\") { fault }<enter>"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_key_of_the_measure_works_in_every_keymap() {
    let key = |name: &str| ServiceKey { kind: String::new(), name: name.to_owned() };
    let service = Target::Service(key("TSP"));
    let edge = Target::Edge(key("TokenizationService"), key("TSP"));
    for (keymap, focus) in [("default", service), ("vim", edge)] {
        let window = std::time::Duration::from_mins(MINUTES);
        let mut console = Console::settled(Setting { keymap, focus: Some(focus), window, ..Setting::once() }).await;
        console.assert_shows(&["┌ Trend · 1m ", "d other measure"]);
        for title in ["┌ Trend of shares · 1m ", "┌ Trend of response times · 1m ", "┌ Trend · 1m "] {
            console.keys("d");
            console.assert_shows(&[title]);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn figures_of_the_window_before_are_marked_until_its_own_have_come() {
    let mut console = in_minutes().await;
    console.keys("t15m<enter>");
    console.assert_shows(&["reading… · still those of 10:26 → 10:28, 2m"]);
    console.settle().await;
    assert!(!console.screen().contains("still those of"), "{}", console.screen());
}
