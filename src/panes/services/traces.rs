//! The traces of a service, and those of a call: the failing ones where it is in trouble.

use crate::analysis::trace_filter::quoted;
use crate::panes::Target;
use crate::panes::traces::Search;
use crate::store::graph::{Edge, Service, Statistics};
use crate::widgets::theme::Role;

use super::Trouble;

/// The traces that pass a service.
pub(super) fn of_service(service: &Service) -> Target {
    search(&format!("service({})", quoted(&service.key.name)), &service.statistics)
}

/// The traces in which one service calls another. A client leaves no segments: then those of the called service.
pub(super) fn of_call(edge: &Edge) -> Target {
    let to = quoted(&edge.to.name);
    let selector = if edge.from.kind == "client" {
        format!("service({to})")
    } else {
        format!("edge({}, {to})", quoted(&edge.from.name))
    };
    search(&selector, &edge.statistics)
}

fn search(selector: &str, statistics: &Statistics) -> Target {
    let block = match Trouble::of(statistics).role {
        Role::Fault => " { fault }",
        Role::Error => " { error }",
        Role::Throttle => " { throttle }",
        _ => "",
    };
    Target::TraceSearch(Search::of(format!("{selector}{block}")))
}
