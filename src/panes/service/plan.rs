//! How the parts of a service share its screen.

use ratatui::layout::Rect;

use crate::widgets::area::{cut_left, cut_top};

/// Where everything stands; what has no room is empty.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Plan {
    /// The figures on top.
    pub(super) facts: Rect,
    /// The chart.
    pub(super) trend: Rect,
    /// The edges.
    pub(super) edges: Rect,
    /// The response times.
    pub(super) times: Rect,
}

/// Cells from which edges and response times stand side by side.
const WIDE: u16 = 100;

/// Shares an area out; the figures need so many lines.
pub(super) fn arrange(area: Rect, facts_lines: u16) -> Plan {
    let wanted = if area.height < 12 { 1 } else { facts_lines.clamp(1, 4) };
    let (facts, rest) = cut_top(area, wanted + 2);
    match (rest.height, area.width >= WIDE) {
        (0..7, _) | (7..11, false) => Plan { facts, edges: rest, ..Plan::default() },
        (7..14, true) => {
            let (trend, edges) = cut_left(rest, rest.width / 2);
            Plan { facts, trend, edges, ..Plan::default() }
        }
        (7..20, _) => {
            // Where it is low, the rows lead on, and the trend is enough to see when.
            let (trend, edges) = cut_top(rest, (rest.height * 2 / 5).max(5));
            Plan { facts, trend, edges, ..Plan::default() }
        }
        (_, true) => {
            let (trend, below) = cut_top(rest, rest.height / 2);
            let (edges, times) = cut_left(below, below.width * 3 / 5);
            Plan { facts, trend, edges, times }
        }
        (_, false) => {
            let (trend, below) = cut_top(rest, rest.height * 2 / 5);
            let (edges, times) = cut_top(below, below.height / 2);
            Plan { facts, trend, edges, times }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_have_most_of_a_low_screen() {
        let plan = arrange(Rect::new(0, 0, 80, 22), 4);
        assert!(plan.trend.height >= 6 && plan.edges.height >= 10, "{plan:?}");
    }

    #[test]
    fn the_whole_area_is_used_once() {
        for (width, height) in [(0, 0), (10, 4), (80, 15), (80, 24), (80, 50), (120, 14), (120, 50), (300, 90)] {
            let area = Rect::new(1, 2, width, height);
            let plan = arrange(area, 3);
            let parts = [plan.facts, plan.trend, plan.edges, plan.times];
            assert_eq!(parts.iter().map(|part| part.area()).sum::<u32>(), area.area(), "{width}×{height}");
        }
    }
}
