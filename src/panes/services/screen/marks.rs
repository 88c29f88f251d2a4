//! What fires about the services, worked out anew only when something of it has changed.

use crate::analysis::concerns::Firing;
use crate::panes::Cx;
use crate::store::health::Health;
use crate::store::rule::RuleState;

/// What fires, and what that was found in.
#[derive(Debug, Default)]
pub(super) struct Marks {
    found_in: Option<Found>,
    firing: Firing,
}

/// Answers, by when they came and how much they hold, and the states of the rules.
#[derive(Debug, PartialEq)]
struct Found {
    alarms: (Health, usize),
    graph: (Health, usize, usize),
    rules: Vec<RuleState>,
}

impl Marks {
    /// Looks again if there is news.
    pub(super) fn renew(&mut self, cx: &Cx<'_>) {
        let (alarms, graph) = (&cx.store.alarms, &cx.store.graph);
        let found_in = Found {
            alarms: (alarms.health.clone(), alarms.data.len()),
            graph: (graph.health.clone(), graph.data.services.len(), graph.data.edges.len()),
            rules: cx.store.rules.iter().map(|rule| rule.state).collect(),
        };
        if self.found_in.as_ref() != Some(&found_in) {
            self.firing = Firing::of(&graph.data, cx.board, cx.store);
            self.found_in = Some(found_in);
        }
    }

    /// What fires, as of the last look.
    pub(super) const fn firing(&self) -> &Firing {
        &self.firing
    }
}
