//! The keys of a request and its trace, in words.

use crate::app::action::Action;

type Keys = &'static [(Action, &'static str)];

/// In the waterfall, in words that are short enough for 80 cells.
const TRACE: Keys = &[
    (Action::Back, "back"),
    (Action::Open, "open"),
    (Action::NextPane, "next"),
    (Action::NextError, "fault"),
    (Action::FirstFault, "cause"),
    (Action::Sort, "slow"),
    (Action::Compare, "compare"),
    (Action::Filter, "find"),
    (Action::Maximise, "whole screen"),
    (Action::Left, "fold"),
    (Action::Copy, "copy"),
    (Action::CopyCommand, "copy command"),
    (Action::Palette, "commands"),
    (Action::Quit, "quit"),
];

/// In the waterfall beside another one.
const COMPARED: Keys = &[
    (Action::Back, "leave comparison"),
    (Action::Compare, "with the one before"),
    (Action::Down, "next step"),
    (Action::Open, "segment"),
    (Action::NextPane, "segment, lines"),
    (Action::Maximise, "whole screen"),
    (Action::Copy, "copy"),
    (Action::Palette, "commands"),
    (Action::Quit, "quit"),
];

/// Why there is nothing to compare with.
pub(super) const LONELY: &str = "nothing to compare with yet: open another trace first, then this one";
/// Why nothing is done in a trace that is compared.
pub(super) const COMPARED_ALREADY: &str = "this is a comparison: Esc leaves it first";
/// Why nothing is done in a trace that there is none of.
pub(super) const NO_TRACE: &str = "the request names no trace";
/// Why nothing is done in a trace that has not come.
pub(super) const NOT_THERE: &str = "the trace is not there, or not yet";

/// The keys that matter in the waterfall.
pub(super) const fn keys(is_compared: bool) -> Keys {
    if is_compared { COMPARED } else { TRACE }
}

/// What an action does here, where that is something else than elsewhere.
pub(super) const fn sentence(action: Action) -> Option<&'static str> {
    match action {
        Action::Sort => Some("Goes to the span that worked longest itself, then to the next."),
        Action::Reverse => Some("Goes back to the span that worked longer."),
        Action::Compare => Some("Compares with the trace that was opened before, then with the one before that."),
        Action::Left => Some("Folds what is below the span, then goes to its caller."),
        Action::Filter => Some("Looks for spans by name or by anything in their documents."),
        _ => None,
    }
}
