//! A chart as numbers: each line's value, large enough to be read from afar, with a sparkline.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::{Chart, Line, Value};
use crate::widgets::print::{Align, line, put, put_next};
use crate::widgets::sparkline::{Scale, Sparkline};
use crate::widgets::theme::{Role, Theme};

/// The narrowest tile.
const NARROWEST: u16 = 24;
/// Rows of a tile: name, value, sparkline of two rows, air.
const ROWS: u16 = 5;
/// Rows beyond which a tile says no more.
const MOST_ROWS: u16 = 10;

impl Chart<'_> {
    /// A tile a line where there is room, else a row a line.
    pub(super) fn draw_numbers(&self, area: Rect, buf: &mut Buffer, theme: &Theme) {
        let across = (area.width / NARROWEST).clamp(1, self.lines.len().max(1) as u16);
        let down = (self.lines.len() as u16).div_ceil(across);
        if down * (ROWS - 1) > area.height {
            for (index, one) in self.lines.iter().enumerate() {
                let Some(row) = line(area, index) else { return };
                self.draw_row(one, row, buf, theme);
            }
            return;
        }
        let (width, height) = (area.width / across, (area.height / down).min(MOST_ROWS));
        for (index, one) in self.lines.iter().enumerate() {
            let (column, row) = (index as u16 % across, index as u16 / across);
            let tile =
                Rect { x: area.x + column * width, y: area.y + row * height, width: width.saturating_sub(2), height };
            self.draw_tile(one, tile.intersection(area), buf, theme);
        }
    }

    /// A line's value under the cursor, else its newest of a period that is over, with the one that it is compared with.
    pub fn number(&self, one: &Line<'_>) -> (Value, bool) {
        let newest = || self.inside(&one.points).filter(|(at, _)| !self.is_running(*at)).last().map(|(at, _)| at);
        let at = self.cursor.or_else(newest);
        let of = |points: &[(crate::clock::Time, f64)]| {
            at.and_then(|at| self.inside(points).find(|(start, _)| *start == at)).map(|(_, value)| value)
        };
        let value = Value {
            label: one.label.clone(),
            role: one.role,
            value: of(&one.points),
            earlier: of(&one.earlier),
            unit: self.unit_of(one),
        };
        (value, at.is_some_and(|at| self.is_provisional(at)))
    }

    fn draw_row(&self, one: &Line<'_>, row: Rect, buf: &mut Buffer, theme: &Theme) {
        let (value, provisional) = self.number(one);
        let rest = put_next(buf, row, one.glyph, theme.style(one.role));
        let rest = put_next(buf, rest, &format!(" {}  ", one.label), theme.style(Role::Muted));
        let text = if provisional { format!("{}~", value.text()) } else { value.text() };
        let rest = put_next(buf, rest, &text, theme.style(self.weight(&value)));
        let rest = match self.compared {
            Some(_) => put_next(buf, rest, &value.against(), theme.style(Role::Muted)),
            None => rest,
        };
        let spark = Rect { x: rest.x + 2, width: rest.width.saturating_sub(2), ..rest };
        self.draw_spark(one, spark.intersection(row), buf, theme);
    }

    fn draw_tile(&self, one: &Line<'_>, tile: Rect, buf: &mut Buffer, theme: &Theme) {
        let (value, provisional) = self.number(one);
        let Some(row) = line(tile, 0) else { return };
        let rest = put_next(buf, row, one.glyph, theme.style(one.role));
        put(buf, rest, &format!(" {}", one.label), theme.style(Role::Muted), Align::Left);
        let Some(row) = line(tile, 1) else { return };
        let rest = put_next(buf, row, &format!("  {}", value.text()), theme.style(self.weight(&value)));
        let rest = if provisional { put_next(buf, rest, " may change", theme.style(Role::Muted)) } else { rest };
        if self.compared.is_some() {
            put(buf, rest, &value.against(), theme.style(Role::Muted), Align::Left);
        }
        let spark = Rect {
            x: tile.x + 2,
            y: tile.y + 2,
            width: tile.width.saturating_sub(2),
            height: tile.height.saturating_sub(3).max(1),
        };
        self.draw_spark(one, spark.intersection(tile), buf, theme);
    }

    /// How a value looks: as the bound that it passes, if any.
    fn weight(&self, value: &Value) -> Role {
        let passed = |value: f64| self.bounds.iter().find(|bound| bound.passed(value)).map(|bound| bound.role);
        value.value.and_then(passed).unwrap_or(Role::Strong)
    }

    fn draw_spark(&self, one: &Line<'_>, area: Rect, buf: &mut Buffer, theme: &Theme) {
        let mut cells: Vec<Option<(f64, u32)>> = vec![None; usize::from(area.width)];
        for (at, value) in self.inside(&one.points).filter(|(at, _)| !self.is_running(*at)) {
            if let Some(cell) = self.column(at, area.width).and_then(|column| cells.get_mut(usize::from(column))) {
                let (sum, count) = cell.unwrap_or((0.0, 0));
                *cell = Some((sum + value, count + 1));
            }
        }
        // A period wider than a cell fills all its cells.
        let values: Vec<Option<f64>> = (0..area.width)
            .zip(&cells)
            .map(|(column, cell)| {
                let mean = cell.map(|(sum, count)| sum / f64::from(count));
                mean.or_else(|| self.in_force(&one.points, self.time_of(column, area.width)))
            })
            .collect();
        Sparkline { values: &values, scale: Scale::FromZero, role: one.role, bounds: &self.bounds, air: 0 }
            .draw(area, buf, theme);
    }
}
