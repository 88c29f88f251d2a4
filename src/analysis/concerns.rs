//! Which alarms and local rules are about a service or an edge, how that is known, and about which of them something fires.

use std::collections::HashMap;

use crate::board::{Board, RuleKind};
use crate::store::Store;
use crate::store::alarm::{Alarm, AlarmKind, AlarmState};
use crate::store::episode::Signal;
use crate::store::graph::{Entity, ServiceGraph, ServiceKey};
use crate::store::rule::RuleState;
use crate::store::series::{MetricQuery, MetricSource};

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
    let rules = watching(board).filter(|(_, watched)| means(watched, entity));
    let mut found: Vec<Concern> =
        rules.map(|(id, _)| Concern { signal: Signal::Rule, name: id.to_owned(), how: How::Rule }).collect();
    if let Entity::Service(key) = entity {
        let sought = Sought::of(key);
        let about = |alarm: &Alarm| {
            let how = sought.how(&Subject::of(alarm, board))?;
            Some(Concern { signal: Signal::Alarm, name: alarm.name.clone(), how })
        };
        found.extend(store.alarms.data.iter().filter_map(about));
    }
    found
}

/// How many alarms and rules fire about each service and each edge of a graph.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Firing {
    services: HashMap<ServiceKey, usize>,
    edges: HashMap<(ServiceKey, ServiceKey), usize>,
}

impl Firing {
    /// What fires at present. What [`concerns`] says of one service, for all of them at once.
    pub fn of(graph: &ServiceGraph, board: &Board, store: &Store) -> Self {
        let fires = |id: &str| store.rules.iter().any(|rule| rule.id == id && rule.state == RuleState::Firing);
        let watched: Vec<&Entity> = watching(board).filter(|(id, _)| fires(id)).map(|(_, watched)| watched).collect();
        let alarms = store.alarms.data.iter().filter(|alarm| alarm.state == AlarmState::Alarm);
        let alarms: Vec<Subject<'_>> = alarms.map(|alarm| Subject::of(alarm, board)).collect();
        let mut firing = Self::default();
        if watched.is_empty() && alarms.is_empty() {
            return firing;
        }
        let by_rules = |entity: &Entity| watched.iter().filter(|watched| means(watched, entity)).count();
        for service in &graph.services {
            let sought = Sought::of(&service.key);
            let alarms = alarms.iter().filter(|subject| sought.how(subject).is_some()).count();
            let count = alarms + by_rules(&Entity::Service(service.key.clone()));
            if count > 0 {
                firing.services.insert(service.key.clone(), count);
            }
        }
        for edge in graph.edges.iter().filter(|_| !watched.is_empty()) {
            let count = by_rules(&Entity::Edge(edge.from.clone(), edge.to.clone()));
            if count > 0 {
                firing.edges.insert((edge.from.clone(), edge.to.clone()), count);
            }
        }
        firing
    }

    /// How many about a service.
    pub fn on(&self, key: &ServiceKey) -> usize {
        self.services.get(key).copied().unwrap_or(0)
    }

    /// How many about the calls from one service to another.
    pub fn between(&self, from: &ServiceKey, to: &ServiceKey) -> usize {
        if self.edges.is_empty() {
            return 0;
        }
        self.edges.get(&(from.clone(), to.clone())).copied().unwrap_or(0)
    }
}

/// The rules that look at a service or an edge, by id.
fn watching(board: &Board) -> impl Iterator<Item = (&str, &Entity)> {
    board.rules.iter().filter_map(|rule| match &rule.kind {
        RuleKind::Service { watch, .. } => Some((rule.id.as_str(), &watch.entity)),
        RuleKind::Threshold { .. } | RuleKind::Surge { .. } | RuleKind::Rate { .. } | RuleKind::Burn { .. } => None,
    })
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

/// Letters and digits alone, in small letters.
fn plain(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// A service whose alarms are looked for.
struct Sought<'k> {
    /// Its name in metrics: in full, and that of the API alone. Stages are named `API/STAGE`, while metrics have the API
    /// in a dimension of its own.
    names: [Option<&'k str>; 2],
    /// What of its name is looked for in the names of alarms.
    plain: Option<String>,
}

impl<'k> Sought<'k> {
    fn of(key: &'k ServiceKey) -> Self {
        // A client is where requests come from: it has no metrics, and its name is that of whom it calls, or a word.
        if key.name.is_empty() || key.kind == "client" {
            return Self { names: [None, None], plain: None };
        }
        let api = key.name.split_once('/').map(|(api, _)| api).filter(|_| key.kind.starts_with("AWS::ApiGateway"));
        let plain = Some(plain(&key.name)).filter(|name| name.chars().count() >= TELLING);
        Self { names: [Some(&key.name), api.filter(|api| !api.is_empty())], plain }
    }

    /// Whether an alarm is about it.
    fn how(&self, subject: &Subject<'_>) -> Option<How> {
        let [name, _] = self.names;
        if subject.said.contains(&name?) {
            return Some(How::Board);
        }
        let held = |(_, value): &&&(String, String)| self.names.contains(&Some(value.as_str()));
        if let Some((dimension, _)) = subject.dimensions.iter().find(held) {
            return Some(How::Dimension(dimension.clone()));
        }
        self.plain.as_deref().is_some_and(|name| subject.plain.contains(name)).then_some(How::Name)
    }
}

/// What an alarm is about.
struct Subject<'a> {
    /// The services that the board names for its metrics.
    said: Vec<&'a str>,
    /// The dimensions of its metrics.
    dimensions: Vec<&'a (String, String)>,
    /// Its name in plain letters.
    plain: String,
}

impl<'a> Subject<'a> {
    fn of(alarm: &'a Alarm, board: &'a Board) -> Self {
        let mut subject = Self { said: Vec::new(), dimensions: Vec::new(), plain: plain(&alarm.name) };
        if let AlarmKind::Metric(metric) = &alarm.kind {
            each_metric(&metric.query, &mut |namespace, name, dimensions| {
                let evidence = board.evidence_of(namespace, name);
                subject.said.extend(evidence.and_then(|evidence| evidence.service.as_deref()));
                subject.dimensions.extend(dimensions);
            });
        }
        subject
    }
}

/// Tells each metric that a query stands on: namespace, name, dimensions.
fn each_metric<'q>(query: &'q MetricQuery, tell: &mut impl FnMut(&'q str, &'q str, &'q [(String, String)])) {
    match &query.source {
        MetricSource::Stat { namespace, name, dimensions, .. } => tell(namespace, name, dimensions),
        MetricSource::Expression { inputs, .. } => inputs.iter().for_each(|(_, input)| each_metric(input, tell)),
    }
}

#[cfg(test)]
mod tests;
