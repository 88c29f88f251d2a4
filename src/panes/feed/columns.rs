//! Which columns of the feed fit a width, and how wide they are.

use crate::board::Column;
use crate::store::request::Request;
use crate::text::clean;
use crate::widgets::print::cells;

/// What a column shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// `10:28:06.912`.
    Time,
    /// A glyph, and the word where there is room.
    Status,
    /// The correlation id.
    Correlation,
    /// A column of the board.
    Column(usize),
    /// How long it took.
    Latency,
    /// Why it failed.
    Reason,
    /// The request id.
    Id,
    /// The trace id.
    Trace,
    /// Whether it is marked.
    Mark,
    /// The log group.
    Group,
    /// The line's text.
    Line,
}

/// A column that is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Slot {
    /// What it shows.
    pub(super) kind: Kind,
    /// Its cells.
    pub(super) width: u16,
}

const TIME: u16 = 12;
const GLYPH: u16 = 1;
const WORD: u16 = 9;
const LATENCY: u16 = 7;
const SHORT_ID: u16 = 10;
const ID: u16 = 17;
const SHORT_REASON: u16 = 11;
const GROUP: u16 = 16;
/// Cells that a line's text has at least beside other columns.
const TEXT: u16 = 24;
/// No column of the board is wider.
const WIDEST: u16 = 24;

/// How much room the texts that have been in view need. It only grows, so that columns do not dance.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Needs {
    columns: Vec<u16>,
    correlation: u16,
    reason: u16,
    id: u16,
    trace: u16,
}

impl Needs {
    /// Makes room for the headings.
    pub(super) fn start(&mut self, columns: &[Column]) {
        if self.columns.len() != columns.len() {
            self.columns = columns.iter().map(|column| cells(&clean(&column.title)).clamp(1, WIDEST)).collect();
            (self.correlation, self.id, self.trace) = (SHORT_ID, 10, 8);
        }
    }

    /// Makes room for the columns of a row.
    pub(super) fn see_columns<'t>(&mut self, texts: impl Iterator<Item = &'t str>) {
        for (need, text) in self.columns.iter_mut().zip(texts) {
            *need = (*need).max(cells(&clean(text))).min(WIDEST);
        }
    }

    /// Makes room for a row.
    pub(super) fn see(&mut self, request: &Request) {
        let grow = |need: &mut u16, text: Option<&str>, most: u16| {
            *need = (*need).max(text.map_or(0, |text| cells(&clean(text)))).min(most);
        };
        grow(&mut self.correlation, request.correlation_id.as_deref(), 40);
        grow(&mut self.reason, request.reason.as_deref(), 32);
        grow(&mut self.id, Some(&request.id), 40);
        grow(&mut self.trace, request.trace_id.as_deref(), 40);
    }
}

/// The columns that fit, left to right. What matters most is given room first: time, status, correlation, latency and
/// reason (shortened), the board's columns from the last to the first, then full texts, words and further ids.
pub(super) fn layout(width: u16, needs: &Needs) -> Vec<Slot> {
    let mut plan = Plan { room: width, slots: Vec::new() };
    if !plan.add(Kind::Time, TIME) {
        return vec![Slot { kind: Kind::Time, width }];
    }
    plan.add(Kind::Status, GLYPH);
    plan.add(Kind::Correlation, needs.correlation.min(SHORT_ID));
    plan.add(Kind::Latency, LATENCY);
    let reason = needs.reason.max(6);
    plan.add(Kind::Reason, reason.min(SHORT_REASON));
    for (column, need) in needs.columns.iter().enumerate().rev() {
        if !plan.add(Kind::Column(column), *need) {
            break;
        }
    }
    plan.grow(Kind::Reason, reason);
    plan.grow(Kind::Correlation, needs.correlation.min(ID));
    plan.widen(Kind::Status, WORD);
    plan.grow(Kind::Correlation, needs.correlation);
    plan.add(Kind::Trace, needs.trace);
    plan.add(Kind::Id, needs.id);
    plan.slots.sort_by_key(|slot| rank(slot.kind));
    plan.slots
}

/// The columns of lines that fit: time, what the line is, its group where there are several, the columns that were
/// chosen, and the text in what is left.
pub(super) fn layout_lines(width: u16, needs: &Needs, grouped: bool, columns: bool) -> Vec<Slot> {
    let mut plan = Plan { room: width, slots: Vec::new() };
    if !plan.add(Kind::Time, TIME) {
        return vec![Slot { kind: Kind::Time, width }];
    }
    plan.add(Kind::Status, GLYPH);
    if grouped && plan.room >= GROUP + TEXT {
        plan.add(Kind::Group, GROUP);
    }
    for (column, need) in needs.columns.iter().enumerate().filter(|_| columns) {
        if plan.room < need + TEXT {
            break;
        }
        plan.add(Kind::Column(column), *need);
    }
    let rest = plan.room.saturating_sub(1);
    plan.add(Kind::Line, rest);
    plan.slots
}

/// Puts a column for marks before the others, at the cost of the widest.
pub(super) fn with_marks(mut slots: Vec<Slot>) -> Vec<Slot> {
    if let Some(widest) = slots.iter_mut().max_by_key(|slot| slot.width).filter(|slot| slot.width > 4) {
        widest.width -= 2;
        slots.insert(0, Slot { kind: Kind::Mark, width: 1 });
    }
    slots
}

const fn rank(kind: Kind) -> (u8, usize) {
    match kind {
        Kind::Group => (1, 1),
        Kind::Line => (8, 0),
        Kind::Mark | Kind::Time => (0, 0),
        Kind::Status => (1, 0),
        Kind::Correlation => (2, 0),
        Kind::Column(column) => (3, column),
        Kind::Latency => (4, 0),
        Kind::Reason => (5, 0),
        Kind::Trace => (6, 0),
        Kind::Id => (7, 0),
    }
}

struct Plan {
    room: u16,
    slots: Vec<Slot>,
}

impl Plan {
    /// Adds a column with the gap before it, if it fits; one that needs nothing takes nothing.
    fn add(&mut self, kind: Kind, width: u16) -> bool {
        let gap = u16::from(!self.slots.is_empty());
        if width + gap > self.room {
            return false;
        }
        if width > 0 {
            self.room -= width + gap;
            self.slots.push(Slot { kind, width });
        }
        true
    }

    /// Widens a column as far as there is room.
    fn grow(&mut self, kind: Kind, width: u16) {
        if let Some(slot) = self.slots.iter_mut().find(|slot| slot.kind == kind) {
            let more = width.saturating_sub(slot.width).min(self.room);
            slot.width += more;
            self.room -= more;
        }
    }

    /// Widens a column to exactly so much, or not at all.
    fn widen(&mut self, kind: Kind, width: u16) {
        if let Some(slot) = self.slots.iter_mut().find(|slot| slot.kind == kind) {
            let more = width.saturating_sub(slot.width);
            if more <= self.room {
                slot.width += more;
                self.room -= more;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn needs() -> Needs {
        Needs { columns: vec![10, 10, 10, 12], correlation: 11, reason: 19, id: 36, trace: 35 }
    }

    #[test]
    fn columns_give_way_by_priority() {
        use Kind::{Column, Correlation, Id, Latency, Reason, Status, Time, Trace};
        let cases: [(u16, &[Kind]); 6] = [
            (5, &[Time]),
            (20, &[Time, Status]),
            (38, &[Time, Status, Correlation, Latency]),
            (78, &[Time, Status, Correlation, Column(2), Column(3), Latency, Reason]),
            (118, &[Time, Status, Correlation, Column(0), Column(1), Column(2), Column(3), Latency, Reason]),
            (200, &[Time, Status, Correlation, Column(0), Column(1), Column(2), Column(3), Latency, Reason, Trace, Id]),
        ];
        for (width, expected) in cases {
            let slots = layout(width, &needs());
            assert_eq!(slots.iter().map(|slot| slot.kind).collect::<Vec<_>>(), expected, "{width}");
        }
    }

    #[test]
    fn no_layout_is_wider_than_its_room() {
        for width in 0..260 {
            let slots = layout(width, &needs());
            let used: u16 = slots.iter().map(|slot| slot.width).sum::<u16>() + slots.len() as u16 - 1;
            assert!(used <= width, "{used} in {width}");
        }
    }
}
