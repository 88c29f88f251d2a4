//! The traces of a service or of the calls to it, as a search on the screen of the traces.

use crate::panes::Target;
use crate::panes::traces::Search;
use crate::store::graph::{Entity, ServiceGraph, ServiceKey, Statistics};
use crate::widgets::theme::Role;

use super::Trouble;

/// The traces of a service or an edge, those alone of which `block` holds there; the empty one holds always.
pub(in crate::panes) fn of(entity: &Entity, block: &str, graph: &ServiceGraph) -> Target {
    let service = |key: &ServiceKey| Entity::Service(named(key, graph)).filter(block);
    let expression = match entity {
        // A client leaves no segments: its calls are the traces of whom it calls.
        Entity::Service(key) if key.kind == "client" => {
            let called = graph.edges.iter().filter(|edge| edge.from == *key).map(|edge| service(&edge.to));
            called.collect::<Vec<_>>().join(" OR ")
        }
        Entity::Edge(from, to) if from.kind == "client" => service(to),
        Entity::Edge(from, to) => Entity::Edge(named(from, graph), named(to, graph)).filter(block),
        Entity::Service(key) => service(key),
    };
    Target::TraceSearch(Search::of(expression))
}

/// The traces that fail, where something is in trouble; else all.
pub(in crate::panes) fn failing(entity: &Entity, statistics: &Statistics, graph: &ServiceGraph) -> Target {
    let block = match Trouble::of(statistics).role {
        Role::Fault => "fault = true",
        Role::Error => "error = true",
        Role::Throttle => "throttle = true",
        _ => "",
    };
    of(entity, block, graph)
}

/// A service by its name alone where no other that answers has it: that is what one would write.
fn named(key: &ServiceKey, graph: &ServiceGraph) -> ServiceKey {
    let is_other = |other: &ServiceKey| other.name == key.name && other.kind != key.kind && other.kind != "client";
    if graph.services.iter().any(|service| is_other(&service.key)) {
        return key.clone();
    }
    ServiceKey { kind: String::new(), name: key.name.clone() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::panes::testing::key;
    use crate::store::graph::{Edge, Service};

    #[test]
    fn a_type_is_named_where_the_name_is_not_enough() {
        let keys = [
            key("client", "api"),
            key("AWS::ApiGateway::Stage", "api"),
            key("AWS::Lambda", "orders"),
            key("AWS::Lambda::Function", "orders"),
        ];
        let service = |key: &ServiceKey| Service { key: key.clone(), ..Service::default() };
        let edge = |to: usize| Edge { from: keys[0].clone(), to: keys[to].clone(), ..Edge::default() };
        let (services, edges) = (keys.iter().map(service).collect(), vec![edge(1), edge(2)]);
        let graph = ServiceGraph { services, edges, ..ServiceGraph::default() };
        let told = |entity: &Entity, block: &str| match of(entity, block, &graph) {
            Target::TraceSearch(search) => search.expression,
            target => panic!("{target:?}"),
        };
        let [client, api, orders, _] = keys;
        assert_eq!(told(&Entity::Service(api.clone()), "fault = true"), r#"service("api") { fault = true }"#);
        let typed = r#"service(id(name: "orders", type: "AWS::Lambda"))"#;
        assert_eq!(told(&Entity::Service(orders.clone()), ""), typed);
        let call = r#"edge("api", id(name: "orders", type: "AWS::Lambda")) { responsetime > 2 }"#;
        assert_eq!(told(&Entity::Edge(api.clone(), orders), "responsetime > 2"), call);
        assert_eq!(told(&Entity::Edge(client.clone(), api), ""), r#"service("api")"#);
        let called = format!(r#"service("api") OR {typed}"#);
        assert_eq!(told(&Entity::Service(client), ""), called);
        for expression in [typed, call, &called] {
            assert!(crate::analysis::trace_filter::parse(expression).is_ok(), "{expression}");
        }
    }
}
