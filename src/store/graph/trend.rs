//! What a service or an edge did over time, and how it is asked for.

use super::{Flaws, ServiceKey, Statistics};
use crate::clock::Time;

/// A service, or the calls from one to another.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Entity {
    /// A service; without a type every service of that name.
    Service(ServiceKey),
    /// The calls from the first to the second.
    Edge(ServiceKey, ServiceKey),
}

/// Which trend is asked for; its equality decides whether two who ask share one answer.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TrendQuery {
    /// What it is about.
    pub entity: Entity,
    /// Length of a period in seconds: X-Ray knows 60 and 300.
    pub period_s: u32,
}

/// The statistics of a service or an edge, period by period.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Trend {
    /// Periods in which there was something, ascending.
    pub points: Vec<ServicePoint>,
    /// The stretch that was asked for; a period in it without a point had no requests.
    pub covered: Option<(Time, Time)>,
    /// What in X-Ray's answers could not be taken as it was.
    pub flaws: Flaws,
}

/// One period of GetTimeSeriesServiceStatistics.
#[derive(Debug, Clone, PartialEq)]
pub struct ServicePoint {
    /// Start of the period.
    pub at: Time,
    /// What the service answered in it.
    pub statistics: Statistics,
}

impl Entity {
    /// It in X-Ray's filter expressions, which is how GetTimeSeriesServiceStatistics is told of it.
    pub fn selector(&self) -> String {
        match self {
            Self::Service(key) => format!("service({})", named(key)),
            Self::Edge(from, to) => format!("edge({}, {})", named(from), named(to)),
        }
    }

    /// The filter expression that takes its traces, those alone of which `block` holds at it; the empty one holds always.
    pub fn filter(&self, block: &str) -> String {
        let selector = self.selector();
        if block.is_empty() { selector } else { format!("{selector} {{ {block} }}") }
    }

    /// The service that answers: itself, or the one that is called.
    pub const fn service(&self) -> &ServiceKey {
        match self {
            Self::Service(key) | Self::Edge(_, key) => key,
        }
    }

    /// It by name: `TSP`, `TokenizationService → TSP`. Not sanitised.
    pub fn name(&self) -> String {
        match self {
            Self::Service(key) => key.name.clone(),
            Self::Edge(from, to) => format!("{} → {}", from.name, to.name),
        }
    }
}

impl TrendQuery {
    /// The trend of something over a window of so many seconds: minutes, in a long one five of them.
    pub const fn over(entity: Entity, seconds: u64) -> Self {
        Self { entity, period_s: if seconds > 6 * 3_600 { 300 } else { 60 } }
    }
}

/// A service in an expression: by name, and by type where that is known.
fn named(key: &ServiceKey) -> String {
    let quoted = |text: &str| format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""));
    if key.kind.is_empty() {
        return quoted(&key.name);
    }
    format!("id(name: {}, type: {})", quoted(&key.name), quoted(&key.kind))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_with_quotes_stay_names() {
        let key = |kind: &str, name: &str| ServiceKey { kind: kind.to_owned(), name: name.to_owned() };
        let service = |kind: &str, name: &str| Entity::Service(key(kind, name)).selector();
        assert_eq!(service("", "TSP"), r#"service("TSP")"#);
        assert_eq!(service("", r#"a"b\"#), r#"service("a\"b\\")"#);
        assert_eq!(service("remote", "TSP"), r#"service(id(name: "TSP", type: "remote"))"#);
        let edge = Entity::Edge(key("", "a"), key("x", "b"));
        assert_eq!(edge.filter("fault = true"), r#"edge("a", id(name: "b", type: "x")) { fault = true }"#);
        assert_eq!((edge.filter(""), edge.name()), (edge.selector(), "a → b".to_owned()));
    }
}
