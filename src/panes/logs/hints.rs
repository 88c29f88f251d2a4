//! The footer's keys on the screen of the logs.

use super::run::Phase;
use super::{Cx, Logs, Over, Part};
use crate::analysis::log_query::columns::POINTER;
use crate::app::action::Action;

/// What there is to act upon.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct State {
    /// Whether a query is under way.
    running: bool,
    /// Whether one was run at all.
    ran: bool,
    rows: Rows,
}

/// What the rows are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Rows {
    /// There are none.
    #[default]
    None,
    /// Log lines, each with its record.
    Lines,
    /// What was computed of lines.
    Figures,
}

impl State {
    pub(super) fn of(logs: &Logs, cx: &Cx<'_>) -> Self {
        let phase = logs.run.as_ref().map(|run| run.phase(cx));
        let first = logs.rows(cx).and_then(|rows| rows.rows.first());
        let rows = match first {
            None => Rows::None,
            Some(row) if row.iter().any(|(name, _)| name == POINTER) => Rows::Lines,
            Some(_) => Rows::Figures,
        };
        Self { running: matches!(phase, Some(Phase::Running | Phase::Resolving)), ran: phase.is_some(), rows }
    }
}

type Keys = &'static [(Action, &'static str)];

const TYPING: Keys = &[
    (Action::RunQuery, "run"),
    (Action::StopQuery, "stop"),
    (Action::NextPane, "complete, results"),
    (Action::LogGroups, "log groups"),
    (Action::Queries, "saved, history"),
    (Action::Back, "commands"),
];

const EDITOR: Keys = &[
    (Action::StopQuery, "stop"),
    (Action::Open, "edit"),
    (Action::RunQuery, "run"),
    (Action::LogGroups, "log groups"),
    (Action::Queries, "saved, history"),
    (Action::NextPane, "results"),
    (Action::TimeRange, "time"),
    (Action::ScreenOverview, "overview"),
    (Action::Palette, "commands"),
    (Action::Quit, "quit"),
];

/// In the results where there is no row.
const NOTHING: Keys = &[
    (Action::StopQuery, "stop"),
    (Action::Back, "editor"),
    (Action::RunQuery, "run again"),
    (Action::LogGroups, "log groups"),
    (Action::TimeRange, "time"),
    (Action::CopyCommand, "copy command"),
    (Action::Palette, "commands"),
    (Action::Quit, "quit"),
];

const LINES: Keys = &[
    (Action::StopQuery, "stop"),
    (Action::Open, "record"),
    (Action::ZoomIn, "only this"),
    (Action::ZoomOut, "without"),
    (Action::Investigate, "investigate"),
    (Action::Sort, "sort"),
    (Action::FieldStatistics, "values"),
    (Action::Patterns, "patterns"),
    (Action::Layout, "chart"),
    (Action::Filter, "filter"),
    (Action::Back, "editor"),
    (Action::HideColumn, "hide"),
    (Action::Pick, "pin"),
    (Action::WidenColumn, "width"),
    (Action::Copy, "copy"),
    (Action::Quit, "quit"),
];

const FIGURES: Keys = &[
    (Action::StopQuery, "stop"),
    (Action::Layout, "chart"),
    (Action::Sort, "sort"),
    (Action::Reverse, "turn round"),
    (Action::ZoomIn, "only this"),
    (Action::ZoomOut, "without"),
    (Action::FieldStatistics, "values"),
    (Action::Filter, "filter"),
    (Action::Open, "row"),
    (Action::Back, "editor"),
    (Action::HideColumn, "hide"),
    (Action::Pick, "pin"),
    (Action::WidenColumn, "width"),
    (Action::Copy, "copy"),
    (Action::Quit, "quit"),
];

const CHART: Keys = &[
    (Action::StopQuery, "stop"),
    (Action::Layout, "rows"),
    (Action::Down, "next line"),
    (Action::Left, "read a bin"),
    (Action::ChartKind, "kind"),
    (Action::OtherAxis, "one axis, two"),
    (Action::ZoomIn, "only this line"),
    (Action::ZoomOut, "without it"),
    (Action::Back, "editor"),
    (Action::Copy, "copy"),
    (Action::Palette, "commands"),
    (Action::Quit, "quit"),
];

const RECORD: Keys = &[
    (Action::Back, "rows"),
    (Action::Open, "unfold"),
    (Action::Filter, "search"),
    (Action::ZoomIn, "only this value"),
    (Action::ZoomOut, "without it"),
    (Action::Investigate, "investigate"),
    (Action::Copy, "copy value"),
    (Action::CopyPath, "copy path"),
    (Action::Quit, "quit"),
];

const VALUES: Keys = &[
    (Action::Back, "rows"),
    (Action::Right, "next field"),
    (Action::Open, "these rows"),
    (Action::ZoomIn, "only this value"),
    (Action::ZoomOut, "without it"),
    (Action::Copy, "copy"),
    (Action::Quit, "quit"),
];

const PATTERNS: Keys = &[
    (Action::Back, "rows"),
    (Action::Open, "lines like this"),
    (Action::Compare, "against the window before"),
    (Action::Copy, "copy"),
    (Action::Export, "export"),
    (Action::Quit, "quit"),
];

impl Logs {
    /// The keys that matter where the cursor is.
    pub(super) const fn keys(&self) -> Keys {
        match (&self.over, self.part, self.state.rows) {
            // A list says itself which keys it takes.
            _ if self.popup.is_some() => &[],
            _ if self.typing => TYPING,
            (_, Part::Editor, _) => EDITOR,
            (Some(Over::Record(_)), ..) => RECORD,
            (Some(Over::Values(_)), ..) => VALUES,
            (Some(Over::Patterns(_)), ..) => PATTERNS,
            (None, _, Rows::None) => NOTHING,
            (None, ..) if self.charted => CHART,
            (None, _, Rows::Lines) => LINES,
            (None, _, Rows::Figures) => FIGURES,
        }
    }

    /// Whether an action of these keys does something at present.
    pub(super) fn is_of_use(&self, action: Action) -> bool {
        let in_chart = self.charted && self.over.is_none();
        match action {
            Action::StopQuery => self.state.running,
            Action::RunQuery => !self.state.running || self.part == Part::Editor,
            Action::NextPane => self.typing || self.state.ran,
            Action::Layout => in_chart || self.charting.is_chart(),
            Action::Reverse => self.table.sort.is_some(),
            Action::OtherAxis => self.charting.has_sizes(),
            Action::Down if in_chart => self.charting.count() > 1,
            Action::ZoomIn | Action::ZoomOut if in_chart => self.charting.key().is_some(),
            _ => true,
        }
    }
}
