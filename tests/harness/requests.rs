//! What the world's requests did, read from the documents of their traces.

#![expect(clippy::expect_used, reason = "helpers of tests fail as tests do")]

use std::collections::BTreeSet;

use barograph::demo::world::World;
use serde_json::Value;

use super::console::time;

/// How a call went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Outcome {
    Ok,
    Error,
    Throttle,
    Fault,
}

/// A call that a service answered.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Answer {
    pub(crate) service: String,
    /// Who called, where its own document tells.
    pub(crate) caller: Option<String>,
    pub(crate) outcome: Outcome,
    pub(crate) seconds: f64,
}

/// The answers that a document tells of: a segment answers for its service, a subsegment for what sends no segments of
/// its own, such as a table.
pub(crate) fn answers(document: &Value) -> Vec<Answer> {
    let mut found = Vec::new();
    walk(document, None, &mut found);
    found
}

fn walk(segment: &Value, caller: Option<&str>, found: &mut Vec<Answer>) {
    let name = segment["name"].as_str().expect("a name");
    let table = segment["aws"]["table_name"].as_str();
    let is_leaf = matches!(name, "TSP" | "IssuerAuthorization");
    if let Some(service) = table.or_else(|| (caller.is_none() || is_leaf).then_some(name)) {
        let is = |key: &str| segment[key] == true;
        let outcomes = [("fault", Outcome::Fault), ("throttle", Outcome::Throttle), ("error", Outcome::Error)];
        let outcome = outcomes.into_iter().find(|(key, _)| is(key)).map_or(Outcome::Ok, |(_, outcome)| outcome);
        let at = |key: &str| segment[key].as_f64().expect("a time");
        let seconds = at("end_time") - at("start_time");
        found.push(Answer { service: service.to_owned(), caller: caller.map(str::to_owned), outcome, seconds });
    }
    for child in segment["subsegments"].as_array().into_iter().flatten() {
        walk(child, Some(caller.unwrap_or(name)), found);
    }
}

/// The answers that a trace tells of.
pub(crate) fn answers_of(world: &World, id: &str) -> Vec<Answer> {
    let record = world.trace(id, time("2026-01-15T12:00:00Z")).expect("a trace of the world");
    record.segments.iter().flat_map(|(_, document)| answers(document)).collect()
}

/// Which of these traces have an answer like this.
pub(crate) fn having(world: &World, ids: &BTreeSet<String>, like: impl Fn(&Answer) -> bool) -> BTreeSet<String> {
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let records = world.traces(&ids, time("2026-01-15T12:00:00Z"));
    let holds = |(_, document): &(String, Value)| answers(document).iter().any(&like);
    records.into_iter().filter(|record| record.segments.iter().any(holds)).map(|record| record.id).collect()
}
