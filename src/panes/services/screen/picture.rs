//! The map of a graph: its nodes and edges in words, and its layout, which is kept while who calls whom stays the same.

use std::collections::HashMap;

use crate::analysis::concerns::Firing;
use crate::analysis::layout::{Arrangement, Graph};
use crate::store::graph::{Edge, Nature, Service, ServiceKey};
use crate::text::units;
use crate::widgets::map::{self, Kind, Plan};
use crate::widgets::theme::Role;

use super::super::{Trouble, seconds};
use super::columns::{rate, title};
use super::view::Scene;

/// A layout, and what it is of.
#[derive(Debug)]
pub(super) struct Picture {
    keys: Vec<ServiceKey>,
    ends: Vec<(usize, usize)>,
    size: (u16, u16),
    arrangement: Arrangement,
    pub(super) plan: Plan,
}

impl Picture {
    /// The layout of a scene for so many columns and lines: the present one where it still is of that; else one that
    /// leaves nodes in the order in which they stand.
    pub(super) fn renewed(before: Option<Self>, scene: &Scene<'_>, nodes: &[map::Node], size: (u16, u16)) -> Self {
        let keys = || scene.services.iter().map(|service| service.key.clone()).collect::<Vec<_>>();
        let same = |picture: &Self| {
            picture.ends == scene.ends
                && picture.keys.len() == scene.services.len()
                && picture.keys.iter().zip(&scene.services).all(|(key, service)| *key == service.key)
        };
        match before {
            Some(picture) if same(&picture) && picture.size == size => picture,
            Some(picture) if same(&picture) => {
                let plan = map::plan(nodes, &picture.arrangement, size);
                Self { size, plan, ..picture }
            }
            before => {
                let stood: HashMap<&ServiceKey, i32> = before
                    .iter()
                    .flat_map(|picture| picture.keys.iter().zip(picture.plan.layout.nodes.iter().map(|place| place.y)))
                    .collect();
                let rows: Vec<Option<i32>> =
                    scene.services.iter().map(|service| stood.get(&service.key).copied()).collect();
                let graph = Graph { nodes: scene.services.len(), edges: scene.ends.clone() };
                let arrangement = Arrangement::of(&graph, &rows);
                let plan = map::plan(nodes, &arrangement, size);
                Self { keys: keys(), ends: scene.ends.clone(), size, arrangement, plan }
            }
        }
    }

    /// The service at a place of the layout.
    pub(super) fn key(&self, place: usize) -> Option<&ServiceKey> {
        self.keys.get(place)
    }

    /// The place of a service in the layout.
    pub(super) fn place(&self, key: &ServiceKey) -> Option<usize> {
        self.keys.iter().position(|other| other == key)
    }

    /// The calls, by places.
    pub(super) fn ends(&self) -> &[(usize, usize)] {
        &self.ends
    }
}

/// The nodes of a scene.
pub(super) fn nodes(scene: &Scene<'_>, firing: &Firing, minutes: f64) -> Vec<map::Node> {
    let calls_itself = |place: usize| scene.ends.contains(&(place, place));
    let node = |(place, service): (usize, &&Service)| {
        let statistics = &service.statistics;
        let trouble = Trouble::of(statistics);
        let is_silent = service.nature == Nature::Client && statistics.total == 0;
        let name = title(&service.key);
        let time = |name: &str, q: f64| format!("{name} {}", seconds(statistics.percentile(q)).text);
        map::Node {
            name: if calls_itself(place) { format!("{name} ↻") } else { name.into_owned() },
            sign: if is_silent { "○" } else { trouble.glyph },
            role: if is_silent { Role::Muted } else { trouble.role },
            share: units::share(trouble.share),
            brief: if is_silent || trouble.role == Role::Good {
                String::new()
            } else {
                format!("{:.0}%", trouble.share * 100.0)
            },
            rate: rate(statistics, minutes),
            times: vec![time("p99", 0.99), time("p50", 0.5)],
            firing: firing.on(&service.key) > 0,
            dim: scene.is_beside(&service.key),
            kind: match service.nature {
                Nature::Client => Kind::Client,
                Nature::Reporting => Kind::Plain,
                Nature::Inferred | Nature::Remote => Kind::Inferred,
            },
        }
    };
    scene.services.iter().enumerate().map(node).collect()
}

/// The edges of a scene. Trouble is said by its share, what does well by its rate.
pub(super) fn edges(scene: &Scene<'_>, firing: &Firing, minutes: f64) -> Vec<map::Edge> {
    let edge = |(edge, &(from, to)): (&&Edge, &(usize, usize))| {
        let trouble = Trouble::of(&edge.statistics);
        let (label, sign) = match trouble.role {
            Role::Good => (rate(&edge.statistics, minutes), if edge.is_link() { "⇢" } else { "" }),
            _ => (format!("{} {}", trouble.glyph, units::share(trouble.share)), trouble.glyph),
        };
        let label = if edge.is_link() { format!("⇢ {label}") } else { label };
        let firing = firing.between(&edge.from, &edge.to) > 0;
        map::Edge { from, to, label, sign, role: trouble.role, firing }
    };
    scene.edges.iter().zip(&scene.ends).map(edge).collect()
}
