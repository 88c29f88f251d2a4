//! Events on a chart's time axis: changes, deployments, states.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::Chart;
use crate::clock::Time;
use crate::widgets::theme::{Role, Theme};

/// What stands on the axis where something happened.
const MARK: &str = "◆";
/// What stands on the axis where several things happened in one column.
const MARKS: &str = "◈";

/// Something that happened at one instant: a vertical mark, its words at the cursor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Annotation {
    /// When it happened.
    pub at: Time,
    /// What happened, in a few words, sanitised.
    pub label: String,
    /// What it means: the mark's colour.
    pub role: Role,
}

impl Chart<'_> {
    /// The vertical marks, in the cells that nothing else needs.
    pub(super) fn draw_annotations(&self, plot: Rect, buf: &mut Buffer, theme: &Theme) {
        for (column, annotation) in self.placed(plot.width) {
            for y in plot.y..plot.bottom() {
                let cell = &mut buf[(plot.x + column, y)];
                if matches!(cell.symbol(), " " | "╌" | "░") {
                    cell.set_symbol("┊").set_style(theme.ink(annotation.role));
                }
            }
        }
    }

    /// The glyphs on the line of the time axis.
    pub(super) fn mark_annotations(&self, axis: Rect, buf: &mut Buffer, theme: &Theme) {
        if axis.is_empty() {
            return;
        }
        for (column, annotation) in self.placed(axis.width) {
            let cell = &mut buf[(axis.x + column, axis.y)];
            let symbol = if matches!(cell.symbol(), MARK | MARKS) { MARKS } else { MARK };
            cell.set_symbol(symbol).set_style(theme.ink(annotation.role));
        }
    }

    /// The annotations inside the chart, with the cell that each stands in.
    fn placed(&self, columns: u16) -> impl Iterator<Item = (u16, &Annotation)> {
        let span = (self.to - self.from).num_milliseconds().max(1) as f64;
        let inside = self.annotations.iter().filter(|annotation| annotation.at >= self.from && annotation.at < self.to);
        inside.filter(move |_| columns > 0).map(move |annotation| {
            let share = (annotation.at - self.from).num_milliseconds() as f64 / span;
            (((share * f64::from(columns)) as u16).min(columns - 1), annotation)
        })
    }

    /// What happened in the period under the cursor, oldest first.
    pub(super) fn happened(&self, at: Time) -> Vec<String> {
        let end = at + chrono::TimeDelta::seconds(self.period_s);
        let mut during: Vec<_> =
            self.annotations.iter().filter(|annotation| annotation.at >= at && annotation.at < end).collect();
        during.sort_by_key(|annotation| annotation.at);
        during.into_iter().map(|annotation| annotation.label.clone()).collect()
    }
}
