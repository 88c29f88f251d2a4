//! Who calls whom, below a list of services that leaves the room.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::Widget;

use super::{Trouble, seconds};
use crate::panes::Cx;
use crate::store::graph::{Edge, Statistics};
use crate::text::clean;
use crate::widgets::print::{Align, cells};
use crate::widgets::table::{Cell, Heading, Table};
use crate::widgets::theme::Role;

/// Cells of the share and of a time.
const BAD: u16 = 8;
const TIME: u16 = 7;
/// The fewest lines it is drawn in: the headings and a few calls.
const FEWEST: u16 = 4;

/// Draws the calls, from the client inwards, as many as fit.
///
/// ```text
/// calls                              bad     p99
/// token-api → TokenProvisioning ✗  2.1 %  24.6 s
/// TokenizationService → TSP     ✗  6.2 %  8.00 s
/// ```
pub(super) fn draw(buffer: &mut Buffer, area: Rect, cx: &Cx<'_>) {
    if area.height < FEWEST {
        return;
    }
    let calls: Vec<&Edge> = cx.store.graph.data.edges.iter().filter(|edge| edge.statistics.total > 0).collect();
    if calls.is_empty() {
        return;
    }
    let names = |edge: &Edge| format!("{} → {}", clean(&edge.from.name), clean(&edge.to.name));
    let longest = calls.iter().map(|edge| cells(&names(edge))).max().unwrap_or(0);
    let timed = area.width >= longest.min(24) + BAD + TIME + 2;
    let used = BAD + 1 + if timed { TIME + 1 } else { 0 };
    let heading = |title: &str, width, align| Heading { title: title.to_owned(), width, align };
    let mut headings = vec![
        heading("calls", longest.min(area.width.saturating_sub(used)), Align::Left),
        heading("bad", BAD, Align::Right),
    ];
    if timed {
        headings.push(heading("p99", TIME, Align::Right));
    }
    let row = |edge: &&Edge| {
        let statistics: &Statistics = &edge.statistics;
        vec![Cell::new(names(edge), Role::Text), Trouble::of(statistics).cell(), seconds(statistics.percentile(0.99))]
    };
    let rows: Vec<Vec<Cell>> = calls.iter().map(row).collect();
    Table { headings: &headings, headed: true, rows: &rows, cursor: None, theme: cx.theme }.render(area, buffer);
}
