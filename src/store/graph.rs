//! The X-Ray service graph: services, edges, counts and response-time histograms.

use chrono::TimeDelta;

use crate::clock::Time;

mod flaws;
mod statistics;
mod trend;
mod window;

pub use flaws::Flaws;
pub use statistics::{Change, Statistics};
pub use trend::{Entity, ServicePoint, Trend, TrendQuery};
pub use window::{KEPT, slack};

/// What makes a service the same service from call to call: X-Ray's ReferenceId is not stable, type and name are.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ServiceKey {
    /// AWS's type, such as `AWS::ApiGateway::Stage`, `client` or `remote`.
    pub kind: String,
    /// Its name.
    pub name: String,
}

/// How a service is known.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Nature {
    /// It sends segments of its own.
    #[default]
    Reporting,
    /// It sends none: X-Ray infers it from what its callers tell, as of a table or a queue.
    Inferred,
    /// A service elsewhere, known from its callers alone.
    Remote,
    /// Where requests come from.
    Client,
}

impl Nature {
    /// What X-Ray's type and state say: a state other than `unknown` means that segments of its own have come.
    pub fn of(kind: &str, state: &str) -> Self {
        match (kind, state) {
            ("client", _) => Self::Client,
            ("remote", _) => Self::Remote,
            (_, "unknown") => Self::Inferred,
            _ => Self::Reporting,
        }
    }

    /// Its word in the JSON contract.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Reporting => "reporting",
            Self::Inferred => "inferred",
            Self::Remote => "remote",
            Self::Client => "client",
        }
    }
}

/// A node of the graph.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Service {
    /// Type and name.
    pub key: ServiceKey,
    /// Every name it goes by, the one of the key among them; may be empty.
    pub names: Vec<String>,
    /// How it is known.
    pub nature: Nature,
    /// X-Ray's word for its state, such as `active` or `unknown`; may be empty.
    pub state: String,
    /// The account it runs in, where X-Ray says so.
    pub account: String,
    /// Whether it is where requests enter.
    pub root: bool,
    /// What it answered over the window.
    pub statistics: Statistics,
    /// What it answered over the window before; `None` where that is not known.
    pub before: Option<Statistics>,
}

impl Service {
    /// How it does against the window before.
    pub fn change(&self) -> Option<Change> {
        Some(self.statistics.change_from(self.before.as_ref()?))
    }
}

/// Calls from one service to another.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Edge {
    /// The caller.
    pub from: ServiceKey,
    /// The called service.
    pub to: ServiceKey,
    /// X-Ray's EdgeType: `link` where a message leads from one to the other, empty for a call that is waited for.
    pub kind: String,
    /// What the caller calls the called service.
    pub aliases: Vec<ServiceKey>,
    /// What the calls came to.
    pub statistics: Statistics,
    /// What they came to over the window before; `None` where that is not known.
    pub before: Option<Statistics>,
}

impl Edge {
    /// How it does against the window before.
    pub fn change(&self) -> Option<Change> {
        Some(self.statistics.change_from(self.before.as_ref()?))
    }

    /// Whether nobody waits for an answer: a message or a linked trace.
    pub fn is_link(&self) -> bool {
        self.kind == "link"
    }
}

/// The service graph over one window, slices merged.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ServiceGraph {
    /// Nodes, those nearer to the client first, then by name.
    pub services: Vec<Service>,
    /// Edges, in the order of their callers, then of whom they call.
    pub edges: Vec<Edge>,
    /// The window it covers.
    pub window: Option<(Time, Time)>,
    /// The window before that it is compared with.
    pub before: Option<(Time, Time)>,
    /// Services of the window before that had no requests in this one.
    pub gone: Vec<ServiceKey>,
    /// X-Ray's group whose traces it is made of; `None` for all traces.
    pub group: Option<String>,
    /// Whether X-Ray's group was defined otherwise in part of the window.
    pub old_group: bool,
    /// What in X-Ray's answer could not be taken as it was.
    pub flaws: Flaws,
}

impl ServiceGraph {
    /// The node of a key.
    pub fn service(&self, key: &ServiceKey) -> Option<&Service> {
        self.services.iter().find(|s| &s.key == key)
    }

    /// The edge from one service to another.
    pub fn edge(&self, from: &ServiceKey, to: &ServiceKey) -> Option<&Edge> {
        self.edges.iter().find(|edge| &edge.from == from && &edge.to == to)
    }

    /// The node of a key whose type may be left out: then the busiest of that name.
    pub fn find(&self, key: &ServiceKey) -> Option<&Service> {
        if !key.kind.is_empty() {
            return self.service(key);
        }
        self.services.iter().filter(|service| service.key.name == key.name).max_by_key(|it| it.statistics.total)
    }

    /// The length of its window in seconds, at least one.
    pub fn seconds(&self) -> f64 {
        self.window.map_or(1.0, |(from, to)| (to - from).as_seconds_f64().max(1.0))
    }

    /// Takes in what the graph of the window before says of each node and edge; a graph of another window says nothing.
    pub fn compare(&mut self, before: &Self) {
        let window = before.window.filter(|window| before.group == self.group && self.follows(*window));
        self.before = window;
        let known = window.is_some();
        for service in &mut self.services {
            let was = before.service(&service.key).map(|was| was.statistics.clone());
            service.before = known.then(|| was.unwrap_or_default());
        }
        for edge in &mut self.edges {
            let was = before.edge(&edge.from, &edge.to).map(|was| was.statistics.clone());
            edge.before = known.then(|| was.unwrap_or_default());
        }
        let is_here = |key: &ServiceKey| self.services.iter().any(|service| service.key == *key);
        let gone = before.services.iter().filter(|service| known && !is_here(&service.key));
        self.gone = gone.map(|service| service.key.clone()).collect();
    }

    /// Whether a window is about as long as this one and ends about where this one begins: the window before is not
    /// asked anew whenever this one moves on.
    fn follows(&self, (start, end): (Time, Time)) -> bool {
        let Some((from, to)) = self.window else { return false };
        let loose = ((to - from) / 10).max(TimeDelta::minutes(2));
        (from - end).abs() <= loose && ((to - from) - (end - start)).abs() <= loose
    }
}

#[cfg(test)]
mod tests;
