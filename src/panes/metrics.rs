//! Screen 3: the metrics that there are, and charts of those that are picked.

use std::collections::BTreeMap;

use ratatui::Frame;
use ratatui::layout::Rect;

use super::look::Look;
use super::query_plot::{self, Named};
use super::{Ask, Cx, Exported, Pane, Reaction, Target, exported};
use crate::analysis::expression::{self, DEFAULT_PERIOD_S, Line};
use crate::analysis::math::MathError;
use crate::analysis::statistic;
use crate::app::action::Action;
use crate::app::effect::Subscription;
use crate::clock::Time;
use crate::store::catalogue::{Catalogue, CatalogueScope, MetricId};
use crate::store::series::{MetricQuery, MetricSource};
use crate::text::clean;
use crate::widgets::axis::Scaling;
use crate::widgets::chart::{Kind, Side};
use crate::widgets::list::ListState;

mod draw;
mod hints;
mod legend;
mod tree;
mod typed;

pub use tree::{Item, Row, Tree};

/// How many metrics and expressions are on the chart at most.
const MOST_PICKS: usize = 40;
/// What leaves the statistic or the period to each metric.
const AUTO: &str = "auto";
/// How many metrics of a group are picked at once.
const MOST_OF_GROUP: usize = 12;

/// Which half the keys go to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Part {
    #[default]
    List,
    Chart,
}

/// The explorer of metrics: a list to search on the left, the chart of what is picked on the right.
///
/// ```text
/// ┌ Metrics · 184 active ──────────────┐┌ 2 charted · 1 min · ┄ the day before ─────────────────┐
/// │ ▾ AWS/Lambda                    24 ││ 20┤                                    ⢀⡠⠤⠒⠒●   ├40 % │
/// │   ▾ Errors                       4 ││   │                                  ⡠⠊         │     │
/// │ ●     FunctionName=orders-ingest   ││  0┤⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⡠⠊          ├ 0 % │
/// │       FunctionName=payments-risk   ││   └──┬──────────┬──────────┬──────────┬──────────┬───  │
/// │   ▸ Duration                     4 ││ ● m1       12  Errors orders-ingest · Sum · 60s        │
/// │ ▸ AWS/SQS                        3 ││ ■ e2 → 3.1 %  100 * m1 / AWS/Lambda:Invocations        │
/// └────────────────────────────────────┘└ 10:14 100 * m1 / AWS/Lambda:Invocations → 3.1 % ───────┘
/// ```
#[derive(Debug)]
pub struct Metrics {
    search: String,
    all: bool,
    tree: Tree,
    list: ListState<String>,
    picks: Vec<Line>,
    /// The metric under the cursor, which the chart shows while nothing is picked.
    preview: Option<MetricId>,
    /// The statistic that was chosen; `None` leaves each its usual one.
    statistic: Option<String>,
    /// The axes that were chosen, by id of what is picked.
    axes: BTreeMap<String, Side>,
    /// The period that was chosen; `None` leaves each its own.
    period_s: Option<u32>,
    part: Part,
    grid: bool,
    chosen: usize,
    look: Look,
    numbered: usize,
}

impl Default for Metrics {
    fn default() -> Self {
        Self::new()
    }
}

impl Metrics {
    /// An explorer with nothing picked.
    pub fn new() -> Self {
        Self {
            search: String::new(),
            all: false,
            tree: Tree::default(),
            list: ListState::new(),
            picks: Vec::new(),
            preview: None,
            statistic: None,
            axes: BTreeMap::new(),
            period_s: None,
            part: Part::List,
            grid: false,
            chosen: 0,
            look: Look::default(),
            numbered: 0,
        }
    }

    fn catalogue_scope(&self) -> CatalogueScope {
        CatalogueScope { namespace: None, recent: !self.all }
    }

    fn catalogue<'a>(&self, cx: &Cx<'a>) -> Option<&'a Catalogue> {
        cx.store.catalogues.get(&self.catalogue_scope()).map(|feed| &feed.data)
    }

    /// Brings rows, cursor and preview up to date with what is known.
    fn sync(&mut self, cx: &Cx<'_>) {
        let catalogue = self.catalogue(cx);
        self.tree.sync(catalogue, !self.all, &self.search);
        let row = self.list.sync(self.tree.keys()).and_then(|row| self.tree.rows().get(row));
        self.preview = row.and_then(|row| match &row.item {
            Item::Metric(metric) => Some(metric.clone()),
            Item::Group { .. } => None,
        });
        self.chosen = self.chosen.min(self.picks.len().saturating_sub(1));
        if self.picks.is_empty() && self.preview.is_none() {
            self.part = Part::List;
        }
    }

    fn query_of(&self, metric: &MetricId) -> MetricQuery {
        metric.query(self.statistic_of(metric), self.period_s.unwrap_or(DEFAULT_PERIOD_S))
    }

    fn statistic_of(&self, metric: &MetricId) -> &str {
        self.statistic.as_deref().unwrap_or_else(|| statistic::usual(&metric.namespace, &metric.name))
    }

    /// What the chart shows: the picks, else the metric under the cursor.
    fn shown(&self) -> Vec<Named> {
        if self.picks.is_empty() {
            let named = |metric| Named { title: name_of(metric), query: self.query_of(metric), side: None };
            return self.preview.iter().map(named).collect();
        }
        let named = |line: &Line| Named {
            title: line.title.clone(),
            query: line.query.clone(),
            side: self.axes.get(&line.id).copied(),
        };
        self.picks.iter().map(named).collect()
    }

    fn row(&self) -> Option<&Row> {
        self.tree.rows().get(self.list.row())
    }

    fn pick(&mut self) -> Reaction {
        let Some(row) = self.row() else { return Reaction::Ignored };
        let metrics: Vec<MetricId> = match &row.item {
            Item::Metric(metric) => vec![metric.clone()],
            Item::Group { open, .. } => {
                let (key, open) = (row.key.clone(), *open);
                if !open {
                    self.tree.fold(&key, true);
                    return Reaction::Handled;
                }
                let below = self.tree.rows().iter().filter(|row| row.key.starts_with(&key) && row.key != key);
                let metrics = below.filter_map(|row| match &row.item {
                    Item::Metric(metric) => Some(metric.clone()),
                    Item::Group { .. } => None,
                });
                metrics.take(MOST_OF_GROUP).collect()
            }
        };
        let known = |metric: &MetricId| self.picks.iter().any(|line| is_of(&line.query, metric));
        if metrics.iter().all(known) {
            self.picks.retain(|line| !metrics.iter().any(|metric| is_of(&line.query, metric)));
            return Reaction::Handled;
        }
        for metric in metrics {
            if !self.picks.iter().any(|line| is_of(&line.query, &metric)) {
                let query = self.query_of(&metric);
                self.add('m', name_of(&metric), query);
            }
        }
        Reaction::Handled
    }

    /// Puts a query on the chart under a new id.
    fn add(&mut self, letter: char, title: String, query: MetricQuery) {
        if self.picks.len() < MOST_PICKS {
            self.numbered += 1;
            self.picks.push(Line { id: format!("{letter}{}", self.numbered), title, query });
        }
    }

    fn unpick(&mut self) -> Reaction {
        if self.chosen >= self.picks.len() {
            return Reaction::Ignored;
        }
        let line = self.picks.remove(self.chosen);
        self.axes.remove(&line.id);
        Reaction::Handled
    }

    /// Measures what is under the cursor on the other axis.
    fn other_axis(&mut self, cx: &Cx<'_>) -> Reaction {
        let parts = query_plot::plotted(&self.shown(), 0, cx, &self.look).parts;
        let drawn = parts.iter().filter(|part| !part.lines.is_empty()).count();
        let (Some(line), Some(part)) = (self.picks.get(self.chosen), parts.get(self.chosen)) else {
            return Reaction::Ignored;
        };
        if drawn < 2 || part.lines.is_empty() || self.grid {
            return Reaction::Ignored;
        }
        let side = match part.side {
            Side::Left => Side::Right,
            Side::Right => Side::Left,
        };
        // What stays behind alone on the right goes to the left with it: both are pinned where they would stand.
        for (line, part) in self.picks.iter().zip(&parts) {
            self.axes.entry(line.id.clone()).or_insert(part.side);
        }
        self.axes.insert(line.id.clone(), side);
        Reaction::Handled
    }

    fn on_list(&mut self, action: Action, cx: &Cx<'_>) -> Reaction {
        if self.list.on(action, self.tree.keys()) {
            return Reaction::Handled;
        }
        let Some(row) = self.row() else { return Reaction::Ignored };
        let (key, depth) = (row.key.clone(), row.depth);
        match (action, &row.item) {
            (Action::Open, Item::Metric(metric)) => Reaction::Open(Target::Metric(Box::new(self.query_of(metric)))),
            (Action::Breakdown, Item::Metric(metric)) => Reaction::Open(Target::Split(Box::new(self.query_of(metric)))),
            (Action::Open, Item::Group { open, .. }) => {
                let open = !*open;
                self.tree.fold(&key, open);
                Reaction::Handled
            }
            (Action::Right, Item::Group { .. }) => {
                self.tree.fold(&key, true);
                Reaction::Handled
            }
            (Action::Left, Item::Group { open: true, .. }) => {
                self.tree.fold(&key, false);
                Reaction::Handled
            }
            (Action::Left, _) if depth > 0 => {
                let above = self.tree.rows()[..self.list.row()].iter().rposition(|row| row.depth < depth);
                self.list.select_row(above.unwrap_or(0), self.tree.keys());
                Reaction::Handled
            }
            (Action::Left | Action::Right, _) => Reaction::Handled,
            _ => self.on_look(action, cx),
        }
    }

    fn on_chart(&mut self, action: Action, cx: &Cx<'_>) -> Reaction {
        let shown = self.shown();
        match action {
            Action::Up => self.chosen = self.chosen.saturating_sub(1),
            Action::Down => self.chosen = (self.chosen + 1).min(shown.len().saturating_sub(1)),
            Action::Pick => return self.unpick(),
            Action::OtherAxis => return self.other_axis(cx),
            Action::Open => {
                let query = shown.get(self.chosen).map(|named| named.query.clone());
                return query.map_or(Reaction::Ignored, |query| Reaction::Open(Target::Metric(Box::new(query))));
            }
            Action::Breakdown => {
                let query = shown.get(self.chosen).map(|named| named.query.clone());
                let metric = query.filter(|query| matches!(query.source, MetricSource::Stat { .. }));
                return metric.map_or(Reaction::Ignored, |metric| Reaction::Open(Target::Split(Box::new(metric))));
            }
            Action::Back => match self.on_look(action, cx) {
                Reaction::Ignored => self.part = Part::List,
                reaction => return reaction,
            },
            _ => return self.on_look(action, cx),
        }
        Reaction::Handled
    }

    fn on_look(&mut self, action: Action, cx: &Cx<'_>) -> Reaction {
        if action == Action::RollUp {
            return Reaction::Ignored;
        }
        let shown = self.shown();
        let scope = query_plot::scope(shown.iter().map(|named| &named.query), cx, &self.look);
        self.look.on(action, (Kind::Lines, Scaling::Linear), scope, cx)
    }
}

/// Whether a query is a statistic of a metric.
fn is_of(query: &MetricQuery, metric: &MetricId) -> bool {
    let MetricSource::Stat { namespace, name, dimensions, .. } = &query.source else { return false };
    let mut pairs = dimensions.iter().map(|(key, value)| (key.as_str(), value.as_str()));
    **namespace == *metric.namespace
        && **name == *metric.name
        && pairs.by_ref().eq(metric.dimensions.iter().map(|(key, value)| (&**key, &**value)))
        && query.account.as_deref() == metric.account.as_deref()
}

/// `Errors orders-ingest`: the name and the values of its dimensions.
fn name_of(metric: &MetricId) -> String {
    let values = metric.dimensions.iter().map(|(_, value)| &**value);
    let words: Vec<&str> = std::iter::once(&*metric.name).chain(values).collect();
    clean(&words.join(" ")).into_owned()
}

impl Pane for Metrics {
    fn title(&self, _cx: &Cx<'_>) -> String {
        "Metrics".to_owned()
    }

    fn wants(&self, cx: &Cx<'_>) -> Vec<Subscription> {
        let shown = self.shown();
        let series = query_plot::wants(shown.iter().map(|named| &named.query), cx, &self.look);
        std::iter::once(Subscription::Catalogue(self.catalogue_scope())).chain(series).collect()
    }

    fn on(&mut self, action: Action, cx: &Cx<'_>) -> Reaction {
        self.sync(cx);
        let reaction = match (action, self.part) {
            (Action::NextPane | Action::PreviousPane, _) => {
                let has_chart = !self.picks.is_empty() || self.preview.is_some();
                self.part = if self.part == Part::List && has_chart { Part::Chart } else { Part::List };
                Reaction::Handled
            }
            (Action::Layout, _) => {
                self.grid = !self.grid;
                Reaction::Handled
            }
            (Action::RecentlyActive, _) => {
                self.all = !self.all;
                Reaction::Handled
            }
            (Action::Pick, Part::List) => self.pick(),
            (_, Part::List) => self.on_list(action, cx),
            (_, Part::Chart) => self.on_chart(action, cx),
        };
        self.sync(cx);
        reaction
    }

    fn jump(&mut self, at: Time, _cx: &Cx<'_>) -> bool {
        self.look.jump(at);
        true
    }

    fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, cx: &Cx<'_>) {
        self.sync(cx);
        draw::draw(self, frame, area, cx);
    }

    fn filter(&self) -> Option<&str> {
        Some(&self.search)
    }

    fn set_filter(&mut self, text: &str, cx: &Cx<'_>) {
        text.clone_into(&mut self.search);
        self.part = Part::List;
        self.sync(cx);
        self.list.select_row(0, self.tree.keys());
        self.sync(cx);
    }

    fn prompt(&self, ask: Ask, _cx: &Cx<'_>) -> Option<String> {
        Some(match ask {
            Ask::Expression => String::new(),
            Ask::Statistic => match self.picks.get(self.chosen).filter(|_| self.part == Part::Chart) {
                Some(Line { query: MetricQuery { source: MetricSource::Stat { stat, .. }, .. }, .. }) => stat.clone(),
                // It names its own.
                Some(_) => return None,
                None => self.statistic.clone().unwrap_or_else(|| AUTO.to_owned()),
            },
            Ask::Period => self.period_s.map_or_else(|| AUTO.to_owned(), expression::period_text),
            Ask::Identifier | Ask::Columns => return None,
        })
    }

    fn answer(&mut self, ask: Ask, text: &str, cx: &Cx<'_>) -> Result<(), MathError> {
        match ask {
            Ask::Expression => self.set_expression(text, cx),
            Ask::Statistic => self.set_statistic(text),
            Ask::Period => self.set_period(text),
            // The program itself opens what is investigated, the feed has the columns.
            Ask::Identifier | Ask::Columns => Ok(()),
        }
    }

    fn refusal(&self, action: Action, _cx: &Cx<'_>) -> Option<String> {
        self.why_not(action)
    }

    fn hints(&self) -> Option<&'static [(Action, &'static str)]> {
        Some(hints::of(self.part))
    }

    fn copied(&self, cx: &Cx<'_>) -> Option<String> {
        let shown = self.shown();
        match self.part {
            Part::Chart => {
                let chart = query_plot::plotted(&shown, 0, cx, &self.look).chart;
                let reading = chart.reading().map(|reading| reading.line(cx.theme).to_string());
                reading.or_else(|| shown.get(self.chosen).map(|named| expression::text(&named.query)))
            }
            Part::List => self.preview.as_ref().map(|metric| expression::text(&self.query_of(metric))),
        }
    }

    fn exported(&self, cx: &Cx<'_>) -> Option<Exported> {
        let chart = query_plot::plotted(&self.shown(), 0, cx, &self.look).chart;
        Some(exported::charts(&self.title(cx), &[&chart]))
    }
}

#[cfg(test)]
mod tests;
