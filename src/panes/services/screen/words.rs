//! The keys of the services in words.

use super::{Part, ServiceScreen};
use crate::app::action::Action;

const MAP_KEYS: &[(Action, &str)] = &[
    (Action::Open, "open"),
    (Action::Right, "next service"),
    (Action::NextError, "next in trouble"),
    (Action::Follow, "traces"),
    (Action::NextPane, "calls"),
    (Action::Maximise, "neighbours"),
    (Action::Layout, "table"),
    (Action::Filter, "filter"),
    (Action::TimeRange, "time"),
    (Action::Copy, "copy"),
    (Action::Palette, "commands"),
    (Action::Quit, "quit"),
];

const MAP_CALL_KEYS: &[(Action, &str)] = &[
    (Action::Open, "open the call"),
    (Action::Down, "next call"),
    (Action::Follow, "its traces"),
    (Action::NextPane, "services"),
    (Action::Layout, "table"),
    (Action::Sort, "sort"),
    (Action::Filter, "filter"),
    (Action::TimeRange, "time"),
    (Action::Copy, "copy"),
    (Action::Palette, "commands"),
    (Action::Quit, "quit"),
];

const TABLE_KEYS: &[(Action, &str)] = &[
    (Action::Open, "open"),
    (Action::NextError, "next in trouble"),
    (Action::Follow, "traces"),
    (Action::NextPane, "calls"),
    (Action::Sort, "sort"),
    (Action::Reverse, "turn round"),
    (Action::Layout, "map"),
    (Action::Filter, "filter"),
    (Action::TimeRange, "time"),
    (Action::Copy, "copy"),
    (Action::Palette, "commands"),
    (Action::Quit, "quit"),
];

const TABLE_CALL_KEYS: &[(Action, &str)] = &[
    (Action::Open, "open the call"),
    (Action::NextError, "next in trouble"),
    (Action::Follow, "its traces"),
    (Action::NextPane, "services"),
    (Action::Sort, "sort"),
    (Action::Reverse, "turn round"),
    (Action::Layout, "map"),
    (Action::Filter, "filter"),
    (Action::TimeRange, "time"),
    (Action::Copy, "copy"),
    (Action::Palette, "commands"),
    (Action::Quit, "quit"),
];

impl ServiceScreen {
    /// The keys that are of use in the part where the cursor is.
    pub(super) fn footer(&self) -> &'static [(Action, &'static str)] {
        match (self.is_map(), self.part) {
            (true, Part::Services) => MAP_KEYS,
            (true, Part::Calls) => MAP_CALL_KEYS,
            (false, Part::Services) => TABLE_KEYS,
            (false, Part::Calls) => TABLE_CALL_KEYS,
        }
    }
}

/// What an action does here.
pub(super) const fn sentence(action: Action) -> Option<&'static str> {
    match action {
        Action::Layout => Some("Shows the services as a map, or as a table."),
        Action::Maximise => Some("Shows what is two calls from the service under the cursor, one call, or all."),
        Action::Follow => {
            Some("Opens the traces of the service or call under the cursor: the failing ones, if it is in trouble.")
        }
        Action::NextPane => Some("Moves from the services to the calls, and back."),
        Action::NextError => Some("Moves to the next service or call in trouble."),
        _ => None,
    }
}

/// Why an action does nothing here.
pub(super) fn refusal(action: Action) -> Option<String> {
    match action {
        Action::Sort | Action::Reverse => Some("only a table is sorted: v shows it".to_owned()),
        Action::Maximise => Some("only a map shows neighbours: v shows it".to_owned()),
        _ => None,
    }
}
