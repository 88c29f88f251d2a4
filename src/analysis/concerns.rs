//! Which alarms and local rules are about a service or an edge, and how that is known.

use super::leads;
use crate::board::{Board, RuleKind};
use crate::store::Store;
use crate::store::alarm::{Alarm, AlarmKind};
use crate::store::episode::Signal;
use crate::store::graph::{Entity, ServiceKey};

/// Letters of a service's name from which on it is looked for in the names of alarms.
const TELLING: usize = 4;

/// How it is known that something is about a service, the surest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum How {
    /// A local rule looks at it.
    Rule,
    /// The board says so of the alarm's metric.
    Board,
    /// The alarm's metric has it in this dimension.
    Dimension(String),
    /// The alarm bears its name.
    Name,
}

/// An alarm or a rule about a service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Concern {
    /// Which of both.
    pub signal: Signal,
    /// The alarm's name, the rule's id.
    pub name: String,
    /// How it is known.
    pub how: How,
}

impl How {
    /// It in words. Not sanitised.
    pub fn words(&self) -> String {
        match self {
            Self::Rule => "watches it".to_owned(),
            Self::Board => "as the board says".to_owned(),
            Self::Dimension(name) => format!("by dimension {name}"),
            Self::Name => "by its name".to_owned(),
        }
    }
}

/// The alarms and rules about a service or an edge, in the order of the lists: rules first. An edge has rules alone.
pub fn concerns(entity: &Entity, board: &Board, store: &Store) -> Vec<Concern> {
    let rules = board.rules.iter().filter(|rule| match &rule.kind {
        RuleKind::Service { watch, .. } => means(&watch.entity, entity),
        RuleKind::Threshold { .. } | RuleKind::Surge { .. } | RuleKind::Rate { .. } | RuleKind::Burn { .. } => false,
    });
    let mut found: Vec<Concern> =
        rules.map(|rule| Concern { signal: Signal::Rule, name: rule.id.clone(), how: How::Rule }).collect();
    if let Entity::Service(key) = entity {
        let about = |alarm: &Alarm| {
            let how = about(alarm, key, board)?;
            Some(Concern { signal: Signal::Alarm, name: alarm.name.clone(), how })
        };
        found.extend(store.alarms.data.iter().filter_map(about));
    }
    found
}

/// Whether what a rule looks at is meant: an edge by both ends, a service also where it is called.
fn means(watched: &Entity, entity: &Entity) -> bool {
    let same = |a: &ServiceKey, b: &ServiceKey| {
        a.name == b.name && (a.kind.is_empty() || b.kind.is_empty() || a.kind == b.kind)
    };
    match (watched, entity) {
        (Entity::Service(a) | Entity::Edge(_, a), Entity::Service(b)) => same(a, b),
        (Entity::Edge(a, b), Entity::Edge(from, to)) => same(a, from) && same(b, to),
        (Entity::Service(_), Entity::Edge(..)) => false,
    }
}

/// Whether an alarm is about a service.
fn about(alarm: &Alarm, key: &ServiceKey, board: &Board) -> Option<How> {
    if key.name.is_empty() {
        return None;
    }
    if let AlarmKind::Metric(metric) = &alarm.kind {
        let metrics = leads::metrics(&metric.query);
        let said = metrics.iter().filter_map(|metric| board.evidence_of(&metric.namespace, &metric.name));
        if said.filter_map(|evidence| evidence.service.as_ref()).any(|service| *service == key.name) {
            return Some(How::Board);
        }
        // Stages of an API are named `API/STAGE`, while metrics have the API in a dimension of its own.
        let api = key.name.split_once('/').map(|(api, _)| api).filter(|_| key.kind.starts_with("AWS::ApiGateway"));
        let is_it = |value: &str| value == key.name || Some(value) == api;
        let dimensions = metrics.iter().flat_map(|metric| &metric.dimensions);
        if let Some((name, _)) = dimensions.into_iter().find(|(_, value)| is_it(value)) {
            return Some(How::Dimension(name.clone()));
        }
    }
    let plain =
        |text: &str| text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect::<String>();
    let name = plain(&key.name);
    (name.chars().count() >= TELLING && plain(&alarm.name).contains(&name)).then_some(How::Name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::panes::incident;
    use crate::store::series::MetricQuery;

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
}
