//! What to watch: a board names the metrics, cards, charts, feed and alarms of one estate.
//!
//! The types here are what a board *is*; `file` reads them from TOML, `presets/` holds those that come with the program.

use std::time::Duration;

use indexmap::{IndexMap, IndexSet};

use crate::analysis::math::Expr;
use crate::store::logbook::SavedQuery;
use crate::store::series::MetricQuery;
use crate::text::mask::Masks;

mod alarms;
mod card;
mod changes;
mod chart;
mod evidence;
pub mod feed;
mod file;
mod files;
mod found;
mod ids;
pub mod logs;
mod metric;
mod queries;
pub mod rule;
mod rules;
pub mod slo;
pub mod stat;
mod traces;

pub use alarms::AlarmFilter;
pub use changes::ChangeRules;
pub use evidence::Evidence;
pub use feed::{Column, FeedRules, Status};
pub use file::{load, load_text, preset, presets};
pub use found::{FOUND, found, telling_namespaces};
pub use rule::{Rule, RuleKind};
pub use slo::Slo;
pub use traces::TraceRules;

/// A board, checked and with its variables filled in.
#[derive(Debug, Clone, PartialEq)]
pub struct Board {
    /// Its name: the preset's or the file's, without `.toml`.
    pub name: String,
    /// Its title in the header.
    pub title: String,
    /// The window it opens with.
    pub window: Duration,
    /// Namespaces whose metrics say that an account has what this board is about.
    pub found_by: Vec<String>,
    /// Metrics by id.
    pub metrics: IndexMap<String, MetricQuery>,
    /// What the board says of the log lines and traces behind its metrics, by metric id.
    pub evidence: IndexMap<String, Evidence>,
    /// Cards, left to right.
    pub cards: Vec<Card>,
    /// Charts; the first is the Overview's trend.
    pub charts: Vec<Chart>,
    /// Rules that the console evaluates by itself.
    pub rules: Vec<Rule>,
    /// Service level objectives.
    pub slos: Vec<Slo>,
    /// The request feed, if the board has one.
    pub feed: Option<FeedRules>,
    /// Where changes are read, if the board says so.
    pub changes: Option<ChangeRules>,
    /// Log groups that searches look into beside those of the feed: names, prefixes that end in `*`, ARNs.
    pub logs: Vec<String>,
    /// Which alarms to show.
    pub alarms: AlarmFilter,
    /// Saved Logs Insights queries.
    pub queries: Vec<SavedQuery>,
    /// Its variables with their values: parameters of queries have them unless something else is said.
    pub vars: Vec<(String, String)>,
    /// Whether the service graph is shown.
    pub services: bool,
    /// What of X-Ray is looked at.
    pub traces: TraceRules,
    /// What is masked besides what always is.
    pub masks: Masks,
    /// US dollars an hour that the console may cost before it slows down; `None` for no budget.
    pub budget_usd_per_hour: Option<f64>,
}

impl Board {
    /// The log groups that queries read unless something else is said: those of the feed and of `[logs]`, each once.
    /// CloudTrail's, which is much larger than most, is read where it is named.
    pub fn query_groups(&self) -> Vec<String> {
        let trail = self.changes.as_ref().map(|changes| &changes.log_group);
        let is_named = |group: &String| trail != Some(group) || self.logs.contains(group);
        self.log_groups().into_iter().filter(is_named).collect()
    }

    /// What the board says of the log lines and traces behind a metric, whatever its dimensions and statistic.
    pub fn evidence_of(&self, namespace: &str, name: &str) -> Option<&Evidence> {
        let known = self.evidence.iter().filter_map(|(id, evidence)| Some((self.metrics.get(id)?, evidence)));
        evidence::find(known, namespace, name)
    }

    /// Every log group of the board, each once: those of the feed, those of `[logs]`, and CloudTrail's.
    ///
    /// They are names, ARNs, and prefixes that end in `*`, which DescribeLogGroups resolves.
    pub fn log_groups(&self) -> Vec<String> {
        let feed = self.feed.iter().flat_map(|feed| &feed.log_groups);
        let trail = self.changes.iter().map(|changes| &changes.log_group);
        let groups: IndexSet<&String> = feed.chain(&self.logs).chain(trail).collect();
        groups.into_iter().cloned().collect()
    }
}

/// A number with its trend.
#[derive(Debug, Clone, PartialEq)]
pub struct Card {
    /// Its id in the JSON contract.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Arithmetic over metric ids; each id stands for that metric's sum over the span (or its newest datapoint).
    pub value: Expr,
    /// The span that the value is taken over.
    pub over: Over,
    /// The value's unit.
    pub unit: Unit,
    /// What the change is measured in.
    pub change: ChangeUnit,
    /// A second, smaller figure: its label and metric id, whose newest whole period is shown.
    pub below: Option<(String, String)>,
    /// Thresholds, most severe first.
    pub thresholds: Vec<Threshold>,
}

/// The span a card's value is taken over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Over {
    /// The board's window, in whole periods.
    Window,
    /// The last whole minutes.
    Last(Duration),
    /// The newest whole period.
    Newest,
}

/// A value's unit, AWS's word for it; decides how the number is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// A number of things.
    Count,
    /// 0–100.
    Percent,
    /// Seconds.
    Seconds,
    /// Milliseconds.
    Milliseconds,
    /// Bytes.
    Bytes,
    /// No unit.
    None,
}

impl Unit {
    /// Every unit.
    pub const ALL: [Self; 6] = [Self::Count, Self::Percent, Self::Seconds, Self::Milliseconds, Self::Bytes, Self::None];

    /// AWS's name for it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Count => "Count",
            Self::Percent => "Percent",
            Self::Seconds => "Seconds",
            Self::Milliseconds => "Milliseconds",
            Self::Bytes => "Bytes",
            Self::None => "None",
        }
    }

    /// The unit of AWS's name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|unit| unit.name() == name)
    }
}

/// How a change against the window before is expressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChangeUnit {
    /// Relative: for sums and times.
    Percent,
    /// A difference of percentages: for rates.
    Points,
}

/// A bound that colours a card.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Threshold {
    /// How bad it is to pass it.
    pub severity: Severity,
    /// Whether values above (`true`) or below it are bad.
    pub above: bool,
    /// The bound, in the card's unit.
    pub value: f64,
}

/// How bad something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Look soon.
    Warning,
    /// Look now.
    Critical,
}

/// Values over time.
#[derive(Debug, Clone, PartialEq)]
pub struct Chart {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// How its values are drawn at first.
    pub kind: crate::widgets::chart::Kind,
    /// The unit of its value axis.
    pub unit: Unit,
    /// The unit of its right axis, for series that are measured there.
    pub right_unit: Unit,
    /// How its axes measure at first.
    pub scaling: crate::widgets::axis::Scaling,
    /// Thresholds on the left axis, most severe first.
    pub thresholds: Vec<Threshold>,
    /// Its lines.
    pub series: Vec<ChartSeries>,
}

/// One line of a chart.
#[derive(Debug, Clone, PartialEq)]
pub struct ChartSeries {
    /// Its id in the JSON contract.
    pub id: String,
    /// Its name in the legend.
    pub label: String,
    /// The metric it draws.
    pub metric: String,
    /// What it means, which decides its colour.
    pub role: crate::widgets::theme::Role,
    /// The axis it is measured on.
    pub side: crate::widgets::chart::Side,
    /// Whether an hourly roll-up adds up its datapoints (a count) or takes the last (a gauge).
    pub adds_up: bool,
}
