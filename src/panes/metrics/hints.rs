//! What the footer says of the explorer's keys, and why one of them does nothing.

use super::{Metrics, Part};
use crate::app::action::Action;
use crate::store::series::MetricSource;
use crate::text::clean;

/// The footer's keys in the list.
const LIST_KEYS: &[(Action, &str)] = &[
    (Action::Open, "open"),
    (Action::Pick, "on the chart"),
    (Action::Filter, "search"),
    (Action::NextPane, "chart"),
    (Action::Expression, "expression"),
    (Action::Statistic, "statistic"),
    (Action::Period, "period"),
    (Action::Compare, "compare"),
    (Action::RecentlyActive, "all, active"),
    (Action::Layout, "grid"),
    (Action::Palette, "commands"),
    (Action::Quit, "quit"),
];

/// The footer's keys on the chart.
const CHART_KEYS: &[(Action, &str)] = &[
    (Action::NextPane, "list"),
    (Action::Left, "read a point"),
    (Action::Compare, "compare"),
    (Action::Pick, "take off"),
    (Action::Statistic, "statistic"),
    (Action::OtherAxis, "other axis"),
    (Action::ChartKind, "kind"),
    (Action::LogScale, "log"),
    (Action::ZoomIn, "zoom in"),
    (Action::ZoomOut, "out"),
    (Action::JumpToTime, "go to"),
    (Action::Open, "open"),
    (Action::Layout, "grid"),
    (Action::Palette, "commands"),
    (Action::Quit, "quit"),
];

/// The footer's keys in a half.
pub(super) const fn of(part: Part) -> &'static [(Action, &'static str)] {
    match part {
        Part::List => LIST_KEYS,
        Part::Chart => CHART_KEYS,
    }
}

impl Metrics {
    /// Why an action does nothing here.
    pub(super) fn why_not(&self, action: Action) -> Option<String> {
        let why = match (action, self.part) {
            (Action::Statistic, Part::Chart) => {
                let line = self.picks.get(self.chosen)?;
                let what = match &line.query.source {
                    MetricSource::Expression { text, .. } if text.trim_start().starts_with("SEARCH") => "SEARCH",
                    MetricSource::Expression { text, .. } if text.trim_start().starts_with("SELECT") => "SQL",
                    MetricSource::Expression { .. } | MetricSource::Stat { .. } => "metric math",
                };
                return Some(format!("{} is {what}, which names its own statistic; f adds another", clean(&line.id)));
            }
            (Action::Pick, Part::Chart) => "nothing is picked yet: Tab to the list, and p puts a metric here",
            (Action::Pick, Part::List) => "no metric under the cursor: A lists all, / searches",
            (Action::OtherAxis, Part::List) => "Tab to the chart: there it moves the line under the cursor",
            (Action::OtherAxis, Part::Chart) if self.grid => {
                "in a grid each has axes of its own; v puts them on one chart"
            }
            (Action::OtherAxis, Part::Chart) => "there is one line alone, and its axis is its own",
            (Action::RollUp, _) => "hourly sums are of a board's charts; here P takes an hour as period",
            _ => return None,
        };
        Some(why.to_owned())
    }
}
