//! A metric split by one of its dimensions: how much each value has, its share, and its change.

mod table;
#[cfg(test)]
mod tests;

use ratatui::Frame;
use ratatui::layout::Rect;

use super::{Cx, Exported, Pane, Reaction, Target, exported};
use crate::analysis::insights_sql::{Condition, Function, Source, Sql};
use crate::analysis::statistic;
use crate::analysis::summary::Summary;
use crate::app::action::Action;
use crate::app::effect::Subscription;
use crate::board::{ChangeUnit, Unit};
use crate::clock::Time;
use crate::store::catalogue::{CatalogueScope, Ending, MetricId};
use crate::store::health::{Health, SourceId};
use crate::store::series::{MetricQuery, MetricSource};
use crate::store::window::{Shift, Window};
use crate::text::{clean, units};
use crate::widgets::list::ListState;

/// Functions of Metrics Insights, by the statistic that they are.
const FUNCTIONS: [Counted; 5] = [
    ("Sum", Function::Sum),
    ("Average", Function::Avg),
    ("Minimum", Function::Min),
    ("Maximum", Function::Max),
    ("SampleCount", Function::Count),
];
/// A statistic with its function.
type Counted = (&'static str, Function);

/// Metrics Insights reaches back two weeks (CloudWatch user guide, "Query your metrics with CloudWatch Metrics Insights").
const REACH: chrono::TimeDelta = chrono::TimeDelta::days(14);

/// A metric split by one of the dimensions that its name has in its namespace, by Metrics Insights.
///
/// ```text
/// ┌ TokenProvisioningRequests · Sum by Issuer · against the window before ───┐
/// │ split by ‹ ▸Issuer  WalletProvider ›                                     │
/// │ Issuer             sum   share   before   change                         │
/// │ Contoso_Bank   120.9 k  52.0 %  109.8 k   ▲ 10 %                         │
/// └──────────────────────────────────────────────────────────────────────────┘
/// ```
#[derive(Debug)]
pub struct SplitPane {
    /// One metric's statistic.
    metric: MetricQuery,
    /// The place of the chosen dimension.
    chosen: usize,
    list: ListState<String>,
}

/// The metric that is split, and the statistic that it is split by.
struct Parts<'a> {
    namespace: &'a str,
    name: &'a str,
    dimensions: &'a [(String, String)],
    counted: Counted,
}

/// What is shown.
#[derive(Debug, Clone, PartialEq)]
pub struct SplitView {
    /// The title with statistic and dimension.
    pub title: String,
    /// Dimensions to choose from, and the place of the chosen one.
    pub dimensions: (Vec<String>, usize),
    /// What is counted of each value, in a word.
    pub counted: &'static str,
    /// Values, the greatest first.
    pub rows: Vec<SplitRow>,
    /// What is waited for, or why there is nothing.
    pub note: Option<String>,
}

/// One value of the dimension.
#[derive(Debug, Clone, PartialEq)]
pub struct SplitRow {
    /// The value, clean.
    pub value: String,
    /// What it has over the window.
    pub now: f64,
    /// Its share of all, 0–1, where the statistic adds up.
    pub share: Option<f64>,
    /// What it had over the window before.
    pub before: Option<f64>,
}

impl SplitView {
    /// What the cursor can stand on.
    fn keys(&self) -> Vec<String> {
        self.rows.iter().map(|row| row.value.clone()).collect()
    }
}

impl SplitRow {
    /// The texts of its columns: value, figure, share, figure before, change.
    pub fn texts(&self) -> [String; 5] {
        let figure = |value: f64| units::value(value, Unit::None);
        let dash = || "–".to_owned();
        let change =
            self.before.filter(|before| *before != 0.0).map(|before| (self.now - before) / before.abs() * 100.0);
        [
            self.value.clone(),
            figure(self.now),
            self.share.map_or_else(dash, |share| format!("{:.1} %", share * 100.0)),
            self.before.map_or_else(dash, figure),
            change.map_or_else(dash, |change| units::change(change, ChangeUnit::Percent)),
        ]
    }
}

impl SplitPane {
    /// A pane on one metric's statistic; where Metrics Insights has no such statistic, on the usual one of the metric.
    pub fn new(metric: MetricQuery) -> Self {
        Self { metric, chosen: 0, list: ListState::new() }
    }

    /// What is split.
    fn parts(&self) -> Option<Parts<'_>> {
        let MetricSource::Stat { namespace, name, dimensions, stat } = &self.metric.source else { return None };
        let function = |stat: &str| FUNCTIONS.into_iter().find(|(known, _)| *known == stat);
        let counted = function(stat).or_else(|| function(statistic::usual(namespace, name))).unwrap_or(FUNCTIONS[0]);
        Some(Parts { namespace, name, dimensions, counted })
    }

    fn scope(&self) -> Option<CatalogueScope> {
        Some(CatalogueScope { namespace: Some(self.parts()?.namespace.to_owned()), recent: false })
    }

    /// Dimensions that the name has in the namespace, each with the fewest that it is published with.
    fn dimensions(&self, cx: &Cx<'_>) -> Vec<(String, Vec<String>)> {
        let Some(Parts { name, .. }) = self.parts() else { return Vec::new() };
        let Some(known) = self.scope().and_then(|scope| cx.store.catalogues.get(&scope)) else { return Vec::new() };
        let mut found: Vec<(String, Vec<String>)> = Vec::new();
        let same = |metric: &&MetricId| &*metric.name == name && !metric.dimensions.is_empty();
        for metric in known.data.metrics().filter(same) {
            let schema: Vec<String> = metric.dimensions.iter().map(|(key, _)| key.to_string()).collect();
            for key in &schema {
                match found.iter_mut().find(|(known, _)| known == key) {
                    Some((_, fewest)) if fewest.len() > schema.len() => fewest.clone_from(&schema),
                    Some(_) => {}
                    None => found.push((key.clone(), schema.clone())),
                }
            }
        }
        found.sort();
        found
    }

    /// The query that splits it by the chosen one of its dimensions.
    fn query(&self, dimensions: &[(String, Vec<String>)]) -> Option<MetricQuery> {
        let Parts { namespace, name, dimensions: own, counted: (_, function) } = self.parts()?;
        let (by, schema) = dimensions.get(self.chosen.min(dimensions.len().checked_sub(1)?))?;
        // The metric's own dimensions stay what they are, but for the one by which it is split.
        let kept = own.iter().filter(|(key, _)| key != by && schema.contains(key));
        let sql = Sql {
            function,
            metric: name.to_owned(),
            source: Source { namespace: namespace.to_owned(), schema: Some(schema.clone()) },
            conditions: kept
                .map(|(key, value)| Condition { key: key.clone(), equal: true, value: value.clone() })
                .collect(),
            group_by: vec![by.clone()],
            order: None,
            limit: None,
        };
        let split = MetricQuery::expression(&sql.to_string(), Vec::new(), self.metric.period_s);
        Some(MetricQuery { account: self.metric.account.clone(), ..split })
    }

    /// The query as it is asked for.
    fn drawn(&self, dimensions: &[(String, Vec<String>)], cx: &Cx<'_>) -> Option<MetricQuery> {
        Some(self.query(dimensions)?.drawn(cx.window, Some(Shift::Window), cx.now))
    }

    /// What is shown.
    pub fn view(&self, cx: &Cx<'_>) -> SplitView {
        let found = self.dimensions(cx);
        let query = self.drawn(&found, cx);
        let dimensions: Vec<String> = found.iter().map(|(key, _)| clean(key).into_owned()).collect();
        let chosen = self.chosen.min(dimensions.len().saturating_sub(1));
        let by = dimensions.get(chosen).map_or_else(String::new, |key| format!(" by {key}"));
        let (name, (stat, function)) = self.parts().map_or(("", FUNCTIONS[0]), |parts| (parts.name, parts.counted));
        let rows = query.as_ref().map(|query| rows(query, function, cx)).unwrap_or_default();
        SplitView {
            title: format!("{} · {stat}{by} · against the window before", clean(name)),
            dimensions: (dimensions, chosen),
            counted: match function {
                Function::Sum | Function::Count => "sum",
                Function::Min => "min",
                Function::Max => "max",
                Function::Avg => "mean",
            },
            note: if rows.is_empty() { Some(self.note(query.as_ref(), cx)) } else { None },
            rows,
        }
    }

    /// Why there is nothing to show.
    fn note(&self, query: Option<&MetricQuery>, cx: &Cx<'_>) -> String {
        let refused = |source: SourceId| match cx.store.health(source) {
            Health::Failed { error, .. } => Some(clean(&error.message).into_owned()),
            Health::Waiting | Health::Live { .. } | Health::Stale { .. } => None,
        };
        let known = self.scope().and_then(|scope| cx.store.catalogues.get(&scope));
        let Some(query) = query else {
            if known.is_none_or(|known| known.data.ending() == Ending::Coming) {
                return refused(SourceId::Catalogue)
                    .unwrap_or_else(|| "asking which dimensions there are …".to_owned());
            }
            return "this metric has no dimensions to split it by; b goes on to the breakdown of requests".to_owned();
        };
        match cx.store.series(query) {
            Some(set) if set.message.is_some() => {
                set.message.as_deref().map(|message| clean(message).into_owned()).unwrap_or_default()
            }
            Some(_) => "no datapoints in the window".to_owned(),
            None => refused(SourceId::Metrics).unwrap_or_else(|| "waiting for the first datapoints …".to_owned()),
        }
    }

    /// Whether the window and the one before it lie within what Metrics Insights knows.
    fn within_reach(window: Window, cx: &Cx<'_>) -> bool {
        let (from, to) = window.range(cx.now);
        cx.now - (from - (to - from)) <= REACH
    }
}

/// The values of the dimension, the greatest first.
fn rows(query: &MetricQuery, function: Function, cx: &Cx<'_>) -> Vec<SplitRow> {
    let Some(set) = cx.store.series(query) else { return Vec::new() };
    let (from, to) = cx.window.whole_periods(cx.now, query.period_s);
    let back = Shift::Window.back(cx.window, query.period_s);
    let over = |points: &[(Time, f64)]| {
        let summary = Summary::of(points.iter().map(|(_, value)| *value))?;
        Some(match function {
            Function::Sum | Function::Count => summary.sum,
            Function::Min => summary.min,
            Function::Max => summary.max,
            Function::Avg => summary.mean,
        })
    };
    let adds_up = statistic::adds_up(query);
    let mut rows: Vec<SplitRow> = Vec::new();
    for series in &set.series {
        let (now, before) = (over(series.range(from, to)), over(series.range(from - back, to - back)));
        // What has stopped is part of the answer.
        let Some(now) = now.or_else(|| before.filter(|_| adds_up).map(|_| 0.0)) else { continue };
        rows.push(SplitRow { value: clean(&series.label).into_owned(), now, share: None, before });
    }
    let all: f64 = rows.iter().map(|row| row.now).sum();
    if adds_up && all > 0.0 {
        for row in &mut rows {
            row.share = Some(row.now / all);
        }
    }
    rows.sort_by(|a, b| b.now.total_cmp(&a.now).then_with(|| a.value.cmp(&b.value)));
    rows
}

impl Pane for SplitPane {
    fn title(&self, cx: &Cx<'_>) -> String {
        self.view(cx).title
    }

    fn wants(&self, cx: &Cx<'_>) -> Vec<Subscription> {
        let compare = Self::within_reach(cx.window, cx).then_some(Shift::Window);
        let split = self.drawn(&self.dimensions(cx), cx).map(|query| Subscription::Metric { query, compare });
        self.scope().map(Subscription::Catalogue).into_iter().chain(split).collect()
    }

    fn on(&mut self, action: Action, cx: &Cx<'_>) -> Reaction {
        let dimensions = self.dimensions(cx);
        let count = dimensions.len();
        match action {
            Action::Left | Action::Right if count > 0 => {
                let step = if action == Action::Left { count - 1 } else { 1 };
                self.chosen = (self.chosen.min(count - 1) + step) % count;
                Reaction::Handled
            }
            Action::Open => {
                let query = self.query(&dimensions).map(Box::new);
                query.map_or(Reaction::Handled, |query| Reaction::Open(Target::Metric(query)))
            }
            _ if self.list.on(action, &self.view(cx).keys()) => Reaction::Handled,
            _ => Reaction::Ignored,
        }
    }

    fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, cx: &Cx<'_>) {
        let view = self.view(cx);
        let cursor = self.list.sync(&view.keys());
        table::draw(&view, (cursor, &mut self.list), frame.buffer_mut(), area, cx);
    }

    fn copied(&self, cx: &Cx<'_>) -> Option<String> {
        let view = self.view(cx);
        Some(view.rows.get(self.list.clone().sync(&view.keys())?)?.texts().join("  "))
    }

    fn exported(&self, cx: &Cx<'_>) -> Option<Exported> {
        let view = self.view(cx);
        Some(exported::split(&view, self.list.clone().sync(&view.keys())))
    }
}
