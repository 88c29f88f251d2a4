//! The keys of a list of traces, in words.

use super::{Origin, Part, TracesPane};
use crate::app::action::Action;

type Keys = &'static [(Action, &'static str)];

const TYPING: Keys = &[
    (Action::Open, "run"),
    (Action::NextPane, "complete, next part"),
    (Action::Back, "list"),
    (Action::StopQuery, "stop"),
];

const EDITOR: Keys = &[
    (Action::Open, "edit"),
    (Action::RunQuery, "run"),
    (Action::NextPane, "histogram, list"),
    (Action::Palette, "commands"),
    (Action::Quit, "quit"),
];

const HISTOGRAM: Keys = &[
    (Action::Left, "shorter"),
    (Action::Right, "longer"),
    (Action::Pick, "from here"),
    (Action::Open, "only these"),
    (Action::Back, "list"),
    (Action::Quit, "quit"),
];

const SEARCHED: Keys = &[
    (Action::StopQuery, "stop"),
    (Action::Open, "waterfall"),
    (Action::NextPane, "expression"),
    (Action::PreviousPane, "histogram"),
    (Action::Breakdown, "group"),
    (Action::Right, "column"),
    (Action::Sort, "sort"),
    (Action::Filter, "filter"),
    (Action::NextError, "next error"),
    (Action::TimeRangeType, "which time"),
    (Action::Sampling, "sampling"),
    (Action::Columns, "columns"),
    (Action::TimeRange, "time"),
    (Action::Palette, "commands"),
    (Action::Quit, "quit"),
];

/// On the row below the last trace.
const AT_END: Keys = &[
    (Action::StopQuery, "stop"),
    (Action::Open, "read on"),
    (Action::Top, "newest"),
    (Action::TimeRange, "time"),
    (Action::NextPane, "expression"),
    (Action::PreviousPane, "histogram"),
    (Action::Breakdown, "group"),
    (Action::Palette, "commands"),
    (Action::Quit, "quit"),
];

const BEHIND: Keys = &[
    (Action::Back, "back"),
    (Action::Open, "waterfall"),
    (Action::Down, "next trace"),
    (Action::Filter, "filter"),
    (Action::NextPane, "histogram"),
    (Action::Breakdown, "group"),
    (Action::Right, "column"),
    (Action::Sort, "sort"),
    (Action::Columns, "columns"),
    (Action::Copy, "copy"),
    (Action::Palette, "commands"),
    (Action::Quit, "quit"),
];

const GROUPS: Keys = &[
    (Action::Back, "list"),
    (Action::Open, "these traces"),
    (Action::Sort, "sort"),
    (Action::Reverse, "turn round"),
    (Action::Breakdown, "another field"),
    (Action::Copy, "copy"),
    (Action::Export, "export"),
    (Action::Quit, "quit"),
];

impl TracesPane {
    /// The keys that matter where the cursor is.
    pub(super) const fn keys(&self) -> Keys {
        match (self.part, &self.origin) {
            // A list says itself which keys it takes.
            _ if self.fields.is_some() => &[],
            _ if self.typing => TYPING,
            (Part::Editor, _) => EDITOR,
            (Part::Histogram, _) => HISTOGRAM,
            (Part::List, _) if self.groups.is_some() => GROUPS,
            (Part::List, Origin::Search(_)) if self.last.end.is_some() => AT_END,
            (Part::List, Origin::Search(_)) => SEARCHED,
            (Part::List, Origin::About(_)) => BEHIND,
        }
    }
}

/// What an action does here, where that is something else than elsewhere.
pub(super) const fn sentence(action: Action) -> Option<&'static str> {
    Some(match action {
        Action::NextPane => "Completes a word, or moves between expression, histogram and list.",
        Action::PreviousPane => "Moves between expression, histogram and list.",
        Action::Open => "Opens the trace, reads on, asks, or shows the slice or group alone.",
        Action::Back => "Leaves a part or the groups, or takes back what narrows the list.",
        Action::Left => "Moves a column left; in the histogram, to shorter responses.",
        Action::Right => "Moves a column right; in the histogram, to longer responses.",
        Action::Pick => "In the histogram, begins a slice here.",
        Action::Breakdown => "Groups the traces by a field: counts, faults, percentiles.",
        Action::Filter => "Filters the traces that are here, without asking X-Ray.",
        Action::Sort => "Sorts by this column: greatest, smallest, newest first; groups by the next figure.",
        Action::Reverse => "Turns the order of the sorted column round.",
        Action::Columns => "Chooses columns: annotations, user, client, id.",
        Action::RunQuery => "Asks X-Ray for the traces that the expression takes.",
        Action::StopQuery => "Stops reading; what has come stays.",
        Action::CopyCommand => "Copies the command that opens expression and time.",
        _ => return None,
    })
}
