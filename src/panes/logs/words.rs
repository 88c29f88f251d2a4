//! What keys do on this screen, in sentences.

use crate::app::action::Action;

/// The keys of the editor, which no keymap has.
pub(super) const TYPING: &[(&str, &str)] = &[
    ("^a Home", "To the head of the line."),
    ("^e End", "To the end of the line."),
    ("Alt-b Alt-f", "A word to the left, or to the right."),
    ("^u", "Deletes to the head of the line."),
    ("^k", "Deletes to the end of the line."),
    ("^w Alt-d", "Deletes the word before the cursor, or behind it."),
    ("^y", "Puts back what was deleted so."),
    ("^_ ^/ Alt-u", "Undoes a word, a deletion or a paste."),
    ("Alt-r", "Does again what was undone."),
    ("Shift-arrows", "Selects."),
];

/// What an action does here, where that is something else than elsewhere.
pub(super) const fn sentence(action: Action) -> Option<&'static str> {
    Some(match action {
        Action::NextPane => "Completes a word, or moves between editor and results.",
        Action::PreviousPane => "Moves between editor and results.",
        Action::Open => "Types into the editor; opens the row, or what is there.",
        Action::Back => "Leaves the editor, what is open, a filter; stops a query.",
        Action::Maximise => "Gives the results the whole screen, or gives it back.",
        Action::Left => "Moves a column left; in a chart, reads an earlier bin.",
        Action::Right => "Moves a column right; in a chart, reads a later bin.",
        Action::ZoomIn => "Runs the query with a filter for this value.",
        Action::ZoomOut => "Runs the query with a filter against this value.",
        Action::Filter => "Filters the rows that are here, without a query.",
        Action::Sort => "Sorts by this column: greatest, smallest, as AWS gave it.",
        Action::Reverse => "Turns the order of the sorted column round.",
        Action::Layout => "Draws `stats … by bin(…)` as a chart, or lists its rows.",
        Action::ChartKind => "Draws the chart as lines, stacked areas, bars or numbers.",
        Action::OtherAxis => "Measures a chart's figures on one axis, or on two.",
        Action::Pick => "Pins this column to the left, or takes the pin off.",
        Action::Compare => "Compares patterns with the window before: a new query.",
        Action::Patterns => "Groups the shown lines by their patterns.",
        Action::CopyPath => "Copies the path of a record's value, or a column's name.",
        Action::CopyCommand => "Copies the command that opens query, groups and time.",
        _ => return None,
    })
}
