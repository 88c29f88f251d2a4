//! The cursor on the services and their calls, and what it opens.

use super::columns::{Column, Row, fitting};
use super::view::{calls, rows};
use super::{CallKey, Part, ServiceScreen};
use crate::analysis::layout::Way;
use crate::panes::services::{Trouble, traces};
use crate::panes::{Cx, Reaction, Target};
use crate::store::graph::{Edge, Entity, Service, ServiceKey, Statistics};
use crate::widgets::theme::Role;

impl ServiceScreen {
    /// The rows of the table of services.
    pub(super) fn rows<'a>(&self, cx: &Cx<'a>) -> Vec<&'a Service> {
        rows(cx, &self.filter, self.order, self.marks.firing())
    }

    /// The services through which the cursor goes: rows of the table, or the map as it is read.
    pub(super) fn keys(&self, cx: &Cx<'_>) -> Vec<ServiceKey> {
        match self.picture.as_ref().filter(|_| self.is_map()) {
            Some(picture) => {
                picture.plan.layout.reading().into_iter().filter_map(|place| picture.key(place)).cloned().collect()
            }
            None => self.rows(cx).into_iter().map(|service| service.key.clone()).collect(),
        }
    }

    /// The calls that are listed: of the service under the cursor beside a map, of all beside a table.
    pub(super) fn listed<'a>(&self, cx: &Cx<'a>) -> Vec<&'a Edge> {
        let of = self.list.key().filter(|_| self.is_map());
        calls(cx, &self.filter, self.order, self.marks.firing(), of)
    }

    pub(super) fn call_keys(&self, cx: &Cx<'_>) -> Vec<CallKey> {
        self.listed(cx).into_iter().map(|edge| (edge.from.clone(), edge.to.clone())).collect()
    }

    /// Puts the cursor where it belongs once the graph is known: on what was asked for, else on the worst.
    pub(super) fn sync(&mut self, cx: &Cx<'_>) {
        self.marks.renew(cx);
        let graph = &cx.store.graph.data;
        match self.list.key() {
            Some(key) if key.kind.is_empty() && graph.service(key).is_none() => {
                if let Some(service) = graph.find(&key.clone()) {
                    self.list.select(service.key.clone());
                }
            }
            Some(_) => {}
            None => {
                if let Some(worst) = self.rows(cx).first() {
                    self.list.select(worst.key.clone());
                }
            }
        }
    }

    /// Sorts by the next column.
    pub(super) fn sort(&mut self, cx: &Cx<'_>) {
        let shown = self.columns(cx);
        self.order = self.order.next(&shown);
    }

    /// The columns of the list in which the cursor is.
    fn columns(&self, cx: &Cx<'_>) -> Vec<(Column, u16)> {
        let (graph, firing) = (&cx.store.graph.data, self.marks.firing());
        let rows: Vec<Row<'_>> = match self.part {
            Part::Services => self.rows(cx).into_iter().map(|service| Row::service(service, firing)).collect(),
            Part::Calls => self.listed(cx).into_iter().map(|edge| Row::edge(edge, firing)).collect(),
        };
        fitting(&rows, self.width, graph.before.is_some())
    }

    /// Moves on the map.
    pub(super) fn step(&mut self, way: Way) -> Reaction {
        if let Some(picture) = &self.picture {
            let place = self.list.key().and_then(|key| picture.place(key)).unwrap_or(0);
            let next = picture.plan.layout.step(place, way, picture.ends());
            if let Some(key) = next.and_then(|next| picture.key(next)) {
                self.list.select(key.clone());
            }
        }
        Reaction::Handled
    }

    /// Moves to the next one in trouble, or the one before.
    pub(super) fn find_trouble(&mut self, cx: &Cx<'_>, forward: bool) -> Reaction {
        let bad = |statistics: &Statistics| Trouble::of(statistics).role != Role::Good;
        let graph = &cx.store.graph.data;
        let next = |row: usize, is_bad: Vec<bool>| {
            if forward {
                is_bad.iter().skip(row + 1).position(|bad| *bad).map(|step| row + 1 + step)
            } else {
                is_bad.iter().take(row).rposition(|bad| *bad)
            }
        };
        match self.part {
            Part::Services => {
                let keys = self.keys(cx);
                let row = self.list.sync(&keys).unwrap_or(0);
                let is_bad = keys.iter().map(|key| graph.service(key).is_some_and(|it| bad(&it.statistics))).collect();
                if let Some(row) = next(row, is_bad) {
                    self.list.select_row(row, &keys);
                }
            }
            Part::Calls => {
                let keys = self.call_keys(cx);
                let row = self.calls.sync(&keys).unwrap_or(0);
                let is_bad = self.listed(cx).iter().map(|edge| bad(&edge.statistics)).collect();
                if let Some(row) = next(row, is_bad) {
                    self.calls.select_row(row, &keys);
                }
            }
        }
        Reaction::Handled
    }

    /// The call under the cursor of the calls.
    pub(super) fn call<'a>(&mut self, cx: &Cx<'a>) -> Option<&'a Edge> {
        let keys = self.call_keys(cx);
        let (from, to) = keys.get(self.calls.sync(&keys)?)?;
        cx.store.graph.data.edge(from, to)
    }

    /// Opens the service or the call under the cursor.
    pub(super) fn open(&mut self, cx: &Cx<'_>) -> Reaction {
        if self.part == Part::Calls {
            let call = self.call(cx).map(|edge| Target::Edge(edge.from.clone(), edge.to.clone()));
            return call.map_or(Reaction::Handled, Reaction::Open);
        }
        let key = self.list.key().filter(|key| cx.store.graph.data.service(key).is_some()).cloned();
        let Some(key) = key else { return Reaction::Handled };
        self.opens = true;
        Reaction::Open(Target::Service(key))
    }

    /// The traces of what is under the cursor.
    pub(super) fn traces(&mut self, cx: &Cx<'_>) -> Option<Target> {
        let graph = &cx.store.graph.data;
        let (entity, statistics) = match self.part {
            Part::Services => {
                let service = graph.service(self.list.key()?)?;
                (Entity::Service(service.key.clone()), &service.statistics)
            }
            Part::Calls => {
                let edge = self.call(cx)?;
                (Entity::Edge(edge.from.clone(), edge.to.clone()), &edge.statistics)
            }
        };
        Some(traces::failing(&entity, statistics, graph))
    }
}
