//! Stacked areas and bars: what fills columns of cells.

use std::collections::BTreeMap;
use std::ops::Range;

use chrono::TimeDelta;
use ratatui::buffer::Buffer;
use ratatui::style::{Modifier, Style};

use super::extent::totals;
use super::frame::Frame;
use super::{Chart, Kind, Line, Side};
use crate::clock::Time;
use crate::widgets::axis::Values;
use crate::widgets::theme::{Role, Theme};

/// What areas and bars are filled with, so that neighbours differ without colour.
const FILLS: [&str; 4] = ["█", "▓", "▒", "░"];
/// The fill of what may still change.
const PROVISIONAL: &str = "▒";
/// The top cell of a bar, by the eighths it is filled.
const EIGHTHS: [&str; 9] = [" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"];
/// What stands for a missing value, since an empty column is zero.
const MISSING: &str = "·";

/// A value from the baseline, or from the value below it, to its end, in one or more columns.
struct Bar {
    columns: Range<u16>,
    from: f64,
    to: f64,
    style: Style,
    fill: &'static str,
    /// Whether its ends stand on whole cells, since a neighbour begins there: its lower one, its upper one.
    whole: (bool, bool),
}

impl Chart<'_> {
    /// Each period that has a point of a side's lines, with their values in the order of the lines.
    pub(super) fn periods(&self, side: Side) -> BTreeMap<Time, Vec<Option<f64>>> {
        let lines: Vec<&Line<'_>> = self.lines.iter().filter(|line| line.side == side).collect();
        let mut periods: BTreeMap<Time, Vec<Option<f64>>> = BTreeMap::new();
        for (index, line) in lines.iter().enumerate() {
            for (at, value) in self.inside(&line.points) {
                let values = periods.entry(at).or_insert_with(|| vec![None; lines.len()]);
                values[index] = Some(value);
            }
        }
        periods
    }

    pub(super) fn draw_columns(&self, frame: &Frame, buf: &mut Buffer, theme: &Theme) {
        for side in [Side::Right, Side::Left] {
            let Some(axis) = frame.axis(side) else { continue };
            let lines: Vec<(usize, &Line<'_>)> =
                self.lines.iter().enumerate().filter(|(_, line)| line.side == side).collect();
            for (columns, at, values) in self.by_column(side, frame.plot.width) {
                let bars = match self.kind {
                    Kind::Stacked => self.stack(&lines, &columns, at, &values, theme),
                    Kind::Lines | Kind::Bars | Kind::Numbers => self.bars(&lines, &columns, at, &values, theme),
                };
                for bar in bars {
                    paint(&bar, axis, frame, buf);
                }
                if values.iter().any(Option::is_none) {
                    miss(&columns, frame, buf, theme);
                }
            }
        }
        frame.draw_none(self, buf, theme);
        self.name_columns(frame, buf, theme);
    }

    /// The periods as columns, from left to right: of several in one column the one with the highest total.
    fn by_column(&self, side: Side, columns: u16) -> Vec<(Range<u16>, Time, Vec<Option<f64>>)> {
        let mut placed: Vec<(Range<u16>, Time, Vec<Option<f64>>)> = Vec::new();
        let edge = |at: Time| (self.share_at(at).clamp(0.0, 1.0) * f64::from(columns)).round() as u16;
        let height = |values: &[Option<f64>]| totals(values).map(f64::abs).iter().sum::<f64>();
        for (at, values) in self.periods(side) {
            let Some(middle) = self.column(at, columns) else { continue };
            let (start, end) = (edge(at), edge(at + TimeDelta::seconds(self.period_s)));
            let range = if end > start + 1 { start..end } else { middle..middle + 1 };
            match placed.last_mut() {
                Some(last) if last.0.start >= range.start => {
                    if height(&values) > height(&last.2) {
                        *last = (last.0.clone(), at, values);
                    }
                }
                Some(last) => {
                    last.0.end = last.0.end.min(range.start);
                    placed.push((range, at, values));
                }
                None => placed.push((range, at, values)),
            }
        }
        placed
    }

    fn look(&self, index: usize, line: &Line<'_>, at: Time, theme: &Theme) -> (Style, &'static str) {
        let style = theme.ink(line.role);
        match (self.is_provisional(at), self.kind) {
            (true, _) => (style.add_modifier(Modifier::DIM), PROVISIONAL),
            (false, Kind::Stacked) => (style, FILLS[index % FILLS.len()]),
            (false, Kind::Lines | Kind::Bars | Kind::Numbers) if self.lines.len() > 1 => {
                (style, FILLS[index % FILLS.len()])
            }
            (false, Kind::Lines | Kind::Bars | Kind::Numbers) => (style, FILLS[0]),
        }
    }

    /// Each value on those before it; what is below zero goes down by itself.
    fn stack(
        &self,
        lines: &[(usize, &Line<'_>)],
        columns: &Range<u16>,
        at: Time,
        values: &[Option<f64>],
        theme: &Theme,
    ) -> Vec<Bar> {
        let (mut above, mut below) = (0.0, 0.0);
        let mut bars = Vec::new();
        for ((index, line), value) in lines.iter().zip(values) {
            let Some(value) = value else { continue };
            let base = if *value >= 0.0 { &mut above } else { &mut below };
            let (style, fill) = self.look(*index, line, at, theme);
            let whole = (f64::abs(*base) > 0.0, false);
            bars.push(Bar { columns: columns.clone(), from: *base, to: *base + value, style, fill, whole });
            *base += value;
        }
        for above in [true, false] {
            let mut higher = false;
            for bar in bars.iter_mut().rev().filter(|bar| (bar.to >= bar.from) == above) {
                bar.whole.1 = higher;
                higher |= (bar.to - bar.from).abs() > 0.0;
            }
        }
        bars
    }

    /// Bars side by side where each has a column and one stays free, else the highest behind the others.
    fn bars(
        &self,
        lines: &[(usize, &Line<'_>)],
        columns: &Range<u16>,
        at: Time,
        values: &[Option<f64>],
        theme: &Theme,
    ) -> Vec<Bar> {
        let wide = columns.end.saturating_sub(columns.start);
        let count = lines.len().max(1) as u16;
        let apart = wide > count;
        let each = if apart { (wide - 1) / count } else { wide };
        let mut bars: Vec<Bar> = Vec::new();
        for (slot, ((index, line), value)) in lines.iter().zip(values).enumerate() {
            let Some(value) = *value else { continue };
            let start = columns.start + if apart { slot as u16 * each } else { 0 };
            // A gap keeps one period from the next where there is room for it.
            let end = if apart || wide < 3 { start + each } else { start + each - 1 };
            let (style, fill) = self.look(*index, line, at, theme);
            let breach = if line.side == Side::Left { self.breach(at, value) } else { None };
            let style = breach.map_or(style, |role| theme.ink(role));
            bars.push(Bar { columns: start..end, from: 0.0, to: value, style, fill, whole: (false, false) });
        }
        if !apart {
            bars.sort_by(|a, b| b.to.abs().total_cmp(&a.to.abs()));
        }
        bars
    }

    /// Each line's glyph in its newest final column, where there are several.
    fn name_columns(&self, frame: &Frame, buf: &mut Buffer, theme: &Theme) {
        if self.lines.len() < 2 {
            return;
        }
        for side in [Side::Left, Side::Right] {
            let Some(axis) = frame.axis(side) else { continue };
            let lines: Vec<(usize, &Line<'_>)> =
                self.lines.iter().enumerate().filter(|(_, line)| line.side == side).collect();
            let columns = self.by_column(side, frame.plot.width);
            let Some((columns, at, values)) = columns.iter().rev().find(|(_, at, _)| !self.is_running(*at)) else {
                continue;
            };
            let bars = match self.kind {
                Kind::Stacked => self.stack(&lines, columns, *at, values, theme),
                Kind::Lines | Kind::Bars | Kind::Numbers => {
                    let mut each = Vec::new();
                    for (slot, pair) in lines.iter().zip(values).enumerate() {
                        let mut alone = vec![None; lines.len()];
                        alone[slot] = *pair.1;
                        each.extend(self.bars(&lines, columns, *at, &alone, theme));
                    }
                    each
                }
            };
            let drawn = lines.iter().zip(values).filter(|(_, value)| value.is_some());
            for (((_, line), _), bar) in drawn.zip(bars) {
                let value = if self.kind == Kind::Stacked { f64::midpoint(bar.from, bar.to) } else { bar.to };
                let (x, y) = (frame.plot.x + bar.columns.start, frame.y(axis, value));
                if x < frame.plot.right() {
                    buf[(x, y)].set_symbol(line.glyph).set_style(theme.ink(line.role));
                }
            }
        }
    }
}

/// Fills the cells between a bar's ends; its end away from zero in eighths of a cell.
fn paint(bar: &Bar, axis: &Values, frame: &Frame, buf: &mut Buffer) {
    let plot = frame.plot;
    let cells = f64::from(plot.height);
    let eighths = |value: f64, whole: bool| {
        let (steps, each) = if whole { (cells, 8) } else { (cells * 8.0, 1) };
        (axis.share(value) * steps).round() as u32 * each
    };
    let (from, to) = (eighths(bar.from, bar.whole.0), eighths(bar.to, bar.whole.1));
    // What is thinner than the rounding of its neighbour's end has no cell.
    if (from > to) != (axis.share(bar.from) > axis.share(bar.to)) {
        return;
    }
    let (low, high) = (from.min(to), from.max(to));
    for step in 0..plot.height {
        let (floor, y) = (u32::from(step) * 8, plot.bottom() - 1 - step);
        let (start, end) = (low.max(floor), high.min(floor + 8));
        if start >= end {
            continue;
        }
        let part = (end - start) as usize;
        let symbol = match (start == floor, end == floor + 8) {
            (true, true) => bar.fill,
            (true, false) => EIGHTHS[part.min(8)],
            // There are no blocks that hang from the top but these.
            (false, true) if part >= 4 => "▀",
            (false, true) => "▔",
            (false, false) => "━",
        };
        for column in bar.columns.clone() {
            let x = plot.x + column;
            if x < plot.right() {
                buf[(x, y)].set_symbol(symbol).set_style(bar.style);
            }
        }
    }
}

/// Marks a period in which a value is missing.
fn miss(columns: &Range<u16>, frame: &Frame, buf: &mut Buffer, theme: &Theme) {
    let y = frame.plot.bottom().saturating_sub(1);
    let x = frame.plot.x + columns.start + (columns.end.saturating_sub(columns.start)) / 2;
    if x < frame.plot.right() && frame.plot.height > 0 && buf[(x, y)].symbol() == " " {
        buf[(x, y)].set_symbol(MISSING).set_style(theme.style(Role::Muted));
    }
}
