//! The footer's keys on the screen of the logs.

use super::{Logs, Over, Part};
use crate::app::action::Action;

const TYPING: &[(Action, &str)] = &[
    (Action::RunQuery, "run"),
    (Action::NextPane, "complete, results"),
    (Action::LogGroups, "log groups"),
    (Action::Queries, "saved, history"),
    (Action::StopQuery, "stop"),
    (Action::Back, "commands"),
];

const EDITOR: &[(Action, &str)] = &[
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

const RESULTS: &[(Action, &str)] = &[
    (Action::Open, "record"),
    (Action::ZoomIn, "only this"),
    (Action::ZoomOut, "without"),
    (Action::Investigate, "investigate"),
    (Action::Sort, "sort"),
    (Action::FieldStatistics, "values"),
    (Action::Patterns, "patterns"),
    (Action::Layout, "chart"),
    (Action::HideColumn, "hide"),
    (Action::Pick, "pin"),
    (Action::WidenColumn, "width"),
    (Action::Filter, "filter"),
    (Action::Copy, "copy"),
    (Action::Back, "stop, editor"),
    (Action::Quit, "quit"),
];

const RECORD: &[(Action, &str)] = &[
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

const VALUES: &[(Action, &str)] = &[
    (Action::Back, "rows"),
    (Action::Right, "next field"),
    (Action::Open, "these rows"),
    (Action::ZoomIn, "only this value"),
    (Action::ZoomOut, "without it"),
    (Action::Copy, "copy"),
    (Action::Quit, "quit"),
];

const PATTERNS: &[(Action, &str)] = &[
    (Action::Back, "rows"),
    (Action::Compare, "against the window before"),
    (Action::Copy, "copy"),
    (Action::Quit, "quit"),
];

impl Logs {
    /// The keys that matter where the cursor is.
    pub(super) const fn keys(&self) -> &'static [(Action, &'static str)] {
        match (&self.over, self.part) {
            _ if self.typing => TYPING,
            (_, Part::Editor) => EDITOR,
            (None, Part::Results) => RESULTS,
            (Some(Over::Record(_)), Part::Results) => RECORD,
            (Some(Over::Values(_)), Part::Results) => VALUES,
            (Some(Over::Patterns(_)), Part::Results) => PATTERNS,
        }
    }
}
