//! A trace beside another one: the same steps, and by how much they differ.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::analysis::waterfall::{Side, Step, compare};
use crate::board::Unit;
use crate::panes::Cx;
use crate::store::trace::Trace;
use crate::text::{clean, units};
use crate::widgets::print::{Align, cells, shorten_middle};
use crate::widgets::table::{Cell, Heading, Table};
use crate::widgets::theme::{Role, Theme};

/// From this share of the longer one on a difference is told by its colour.
const NOTABLE: f64 = 0.25;

/// What a trace is compared with.
#[derive(Debug)]
pub(super) struct Beside {
    /// The other one's id.
    pub(super) id: String,
    /// What it took, in seconds.
    took_s: f64,
    /// The steps of both.
    pub(super) steps: Vec<Step>,
}

impl Beside {
    /// The trace that was looked at before another one, the newest first; `None` after the last.
    ///
    /// Only traces that are still known: what a comparison needs is not asked for again.
    pub(super) fn next(trace: &Trace, after: Option<&str>, cx: &Cx<'_>) -> Option<Self> {
        let known = cx.store.traces.iter().filter(|(id, _)| **id != trace.id);
        let mut others: Vec<(&String, &Trace, _)> = known
            .filter_map(|(id, answer)| Some((id, answer.data.as_deref()?, answer.health.changed())))
            .filter(|(_, other, _)| !other.spans.is_empty())
            .collect();
        others.sort_by(|a, b| b.2.cmp(&a.2).then_with(|| a.0.cmp(b.0)));
        let from = after.map_or(0, |id| others.iter().position(|other| other.0 == id).map_or(0, |place| place + 1));
        let (id, other, _) = others.get(from)?;
        Some(Self::of(id, trace, other))
    }

    /// The same comparison after a newer answer.
    pub(super) fn again(&self, trace: &Trace, cx: &Cx<'_>) -> Option<Self> {
        let other = cx.store.traces.get(&self.id)?.data.as_deref()?;
        Some(Self::of(&self.id, trace, other))
    }

    fn of(id: &str, trace: &Trace, other: &Trace) -> Self {
        Self { id: id.to_owned(), took_s: other.duration_s, steps: compare(trace, other) }
    }

    /// It in a title, the id in so many cells.
    pub(super) fn title(&self, room: usize) -> String {
        let id = shorten_middle(&clean(&self.id), room);
        format!(" · beside {id}, {}", units::value(self.took_s, Unit::Seconds))
    }

    /// The row of a step in the trace that is shown.
    pub(super) fn row_of(&self, step: usize) -> Option<usize> {
        match self.steps.get(step)?.side {
            Side::Both(row, _) | Side::Left(row) => Some(row),
            Side::Right(_) => None,
        }
    }

    /// The steps in words.
    pub(super) fn draw(
        &self,
        buffer: &mut Buffer,
        area: Rect,
        view: std::ops::Range<usize>,
        (cursor, theme): (Option<usize>, &Theme),
    ) {
        const FIGURE: u16 = 10;
        let figure = |title: &str| Heading { title: title.to_owned(), width: FIGURE, align: Align::Right };
        // Of all steps, so that nothing moves while they scroll.
        let longest = self.steps.iter().map(|step| cells(&named(step))).max().unwrap_or(0).max(cells("step"));
        let name = longest.min(area.width.saturating_sub(3 * (FIGURE + 1)));
        let headings = [
            Heading { title: "step".to_owned(), width: name, align: Align::Left },
            figure("this"),
            figure("other"),
            figure("differ"),
        ];
        let rows: Vec<Vec<Cell>> = self.steps[view].iter().map(row).collect();
        let table = Table { headings: &headings, headed: true, rows: &rows, cursor, theme };
        ratatui::widgets::Widget::render(table, area, buffer);
    }
}

/// A step's name, below what it is part of.
fn named(step: &Step) -> String {
    format!("{}{}", "  ".repeat(step.depth.min(20)), clean(&step.name))
}

fn row(step: &Step) -> Vec<Cell> {
    let role = if matches!(step.side, Side::Both(..)) { Role::Text } else { Role::Warning };
    let took = |is_there: bool, seconds: Option<f64>| match (is_there, seconds) {
        (false, _) => Cell::new(units::NOTHING, Role::Muted),
        (true, None) => Cell::new("…", Role::Muted),
        (true, Some(seconds)) => Cell::new(units::value(seconds, Unit::Seconds), Role::Text),
    };
    let (left, right) = match step.side {
        Side::Both(..) => (true, true),
        Side::Left(_) => (true, false),
        Side::Right(_) => (false, true),
    };
    vec![Cell::new(named(step), role), took(left, step.left_s), took(right, step.right_s), differ(step)]
}

/// How much longer it took in the trace that is shown.
fn differ(step: &Step) -> Cell {
    let text = |words: &str| Cell::new(words, Role::Warning);
    match step.side {
        Side::Left(_) => return text("only this"),
        Side::Right(_) => return text("only other"),
        Side::Both(..) => {}
    }
    let Some(more) = step.difference_s().map(|seconds| -seconds) else { return Cell::new("", Role::Muted) };
    let longer = step.left_s.unwrap_or(0.0).max(step.right_s.unwrap_or(0.0));
    let role = match more {
        more if more.abs() < NOTABLE * longer => Role::Muted,
        more if more > 0.0 => Role::Failed,
        _ => Role::Good,
    };
    let sign = if more < 0.0 { "−" } else { "+" };
    Cell::new(format!("{sign}{}", units::value(more.abs(), Unit::Seconds)), role)
}
