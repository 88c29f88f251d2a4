//! A query, as those see it who run it.

use std::sync::Arc;

use super::ast::{Expr, Plan, Selection, Stage};
use super::compare::{Against, Window, to_read};
use super::lookup::Lookup;
use super::run::Run;
use super::subquery::Subquery;
use crate::clock::Time;

/// A query that was read without errors.
#[derive(Debug, Clone)]
pub struct Query(pub(super) Arc<Plan>);

impl Query {
    /// Begins a run over records.
    pub fn start(&self) -> Run {
        Run::new(Arc::clone(&self.0))
    }

    /// Says when the query is started, which is what `now()` gives; the first word counts.
    pub fn at(&self, now: Time) -> &Self {
        let _ = self.0.now.set(now.timestamp_millis());
        self
    }

    /// When it was started, as far as that was said.
    pub fn now(&self) -> Option<Time> {
        self.0.now.get().and_then(|at| Time::from_timestamp_millis(*at))
    }

    /// Says over which window the query runs, for what it is compared with; the first word counts.
    pub fn over(&self, window: Window) -> &Self {
        let _ = self.0.window.set(window);
        self
    }

    /// What it is compared with, where it is.
    pub fn against(&self) -> Option<&Against> {
        self.0.against()
    }

    /// The windows that are to be read for a run over one: that one, and the one that it is compared with.
    pub fn windows(&self, own: Window) -> Vec<Window> {
        self.against().map_or_else(|| vec![own], |against| to_read(own, against.before(own)))
    }

    /// The log groups that the query itself names with `source`.
    pub fn sources(&self) -> &[String] {
        &self.0.sources
    }

    /// The log groups that the query itself chooses with `source logGroups(…)`.
    pub fn selection(&self) -> Option<&Selection> {
        self.0.selection.as_ref()
    }

    /// Whether its rows are aggregates, so that no row is one record.
    pub fn aggregates(&self) -> bool {
        self.0.stages.iter().any(Stage::is_aggregate)
    }

    /// The queries in parentheses that it holds. Each is to be run first, and told its rows; until then it has none.
    pub fn subqueries(&self) -> &[Subquery] {
        &self.0.subqueries
    }

    /// The tables that it looks things up in, those of its queries in parentheses among them.
    pub fn lookups(&self) -> impl Iterator<Item = &Lookup> {
        let plans = self.0.subqueries.iter().map(|subquery| &subquery.query().0).chain([&self.0]);
        plans
            .flat_map(|plan| &plan.stages)
            .filter_map(|stage| if let Stage::Lookup(it) = stage { Some(it) } else { None })
    }

    /// The same query as if it had just been read: without a window and answers to its queries in parentheses. When it
    /// was started is kept, and so are its tables.
    pub fn fresh(&self) -> Self {
        let fresh = super::parse(&self.0.text).unwrap_or_else(|_| self.clone());
        if let Some(now) = self.0.now.get() {
            let _ = fresh.0.now.set(*now);
        }
        for (lookup, known) in fresh.lookups().zip(self.lookups()) {
            if let Some(found) = known.found.get() {
                let _ = lookup.found.set(Arc::clone(found));
            }
        }
        fresh
    }

    /// The names of its columns in their order, as far as the query tells, without `@ptr`.
    pub fn columns(&self) -> Vec<Arc<str>> {
        super::output::output(&self.0.stages)
    }

    /// The column that holds the beginning of a period, where the rows are such periods: what a chart has as its axis.
    pub fn binned(&self) -> Option<Arc<str>> {
        let last = self.0.stages.iter().rev().find(|stage| stage.is_aggregate())?;
        let Stage::Stats(stats) = last else { return None };
        stats.by.iter().find(|named| matches!(named.expr, Expr::Floor(..))).map(|named| Arc::clone(&named.name))
    }

    /// The commands in their order, in small letters.
    pub fn commands(&self) -> &[&'static str] {
        &self.0.commands
    }
}
