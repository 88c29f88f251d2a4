//! The columns of the alarm list, by width.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Modifier;

use super::row::AlarmRow;
use crate::text::{Align, width};
use crate::widgets::area::padded;
use crate::widgets::print::{put, put_next};
use crate::widgets::sparkline::{Scale, Sparkline};
use crate::widgets::theme::{Role, Theme};

/// Cells of most ages in full, such as `2d 4h`, and of their first unit alone; a longer one widens the column.
const AGE: (u16, u16) = (6, 4);
/// Cells of most values against their thresholds, such as `14.6 > 5 %`.
const VERSUS: usize = 11;
/// The longest name that is never cut in a wide list.
const LONGEST_NAME: usize = 48;

/// Which columns there are, in cells; 0 for one that is not shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::panes) struct Columns {
    /// Whether value and threshold have a column of their own, or the rest of the name's.
    apart: bool,
    /// The state's name.
    state: bool,
    /// The sparkline.
    pub(in crate::panes) spark: u16,
    /// The time of the change, and the reason: whatever is left.
    reason: bool,
}

/// The widths of the columns that follow the data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::panes) struct Names {
    name: u16,
    state: u16,
    since: u16,
    versus: u16,
    age: u16,
}

impl Columns {
    /// The columns for a list of this width.
    pub(in crate::panes) const fn fit(width: u16) -> Self {
        let spark = match width {
            0..=29 => 0,
            30..=59 => 5,
            60..=99 => 10,
            100..=199 => 16,
            _ => 24,
        };
        Self { apart: width >= 76, state: width >= 96, spark, reason: width >= 130 }
    }

    /// The columns without the sparkline, where it would cost a narrow list its values: they say more.
    ///
    /// `longest` is the width of the longest name that has a value beside it, its branch of the tree included.
    pub(in crate::panes) fn without_luxury(self, room: u16, longest: usize) -> Self {
        // Around them: the edges, the glyph with its gap, and the gap before the value.
        let fits = usize::from(room) >= longest + VERSUS + 5 + usize::from(self.tail());
        Self { spark: if self.apart || fits { self.spark } else { 0 }, ..self }
    }

    /// The widths that the rows on screen ask for.
    pub(in crate::panes) fn names(self, rows: &[&AlarmRow]) -> Names {
        let longest = |of: fn(&AlarmRow) -> usize| rows.iter().map(|row| of(row)).max().unwrap_or(0);
        let name = longest(|row| row.label_width() + width(&row.tree)).min(LONGEST_NAME) as u16;
        let of = |shown: bool, longest: usize| if shown { longest as u16 + 2 } else { 0 };
        Names {
            name,
            state: of(self.state, longest(|row| row.state.name().len())),
            since: of(self.reason, longest(|row| width(&row.since))),
            versus: longest(|row| width(row.beside())).min(28) as u16,
            age: rows.iter().map(|row| width(self.age_of(row)) as u16).max().unwrap_or(0).max(self.age()),
        }
    }

    pub(in crate::panes) fn draw(self, row: &AlarmRow, names: Names, area: Rect, buf: &mut Buffer, theme: &Theme) {
        let quiet = |role| if row.is_quiet() { theme.style(Role::Muted) } else { theme.style(role) };
        let colour = theme.style(row.role());
        let area = padded(area);
        let rest = put_next(buf, area, &row.tree, theme.style(Role::Muted));
        let rest = put_next(buf, rest, row.glyph(), colour);
        let mut rest = cut(rest, 1).1;
        let tail = if self.reason { 0 } else { self.tail() + names.age - self.age() + names.since };
        if self.apart {
            let used = width(&row.tree) as u16;
            let (name, after) = cut(rest, (names.name + 1).saturating_sub(used).min(rest.width.saturating_sub(tail)));
            let free = put_next(buf, shrink(name, 1), &row.name, quiet(Role::Strong));
            put(buf, free, row.mark(), theme.style(Role::Muted), Align::Left);
            let (state, after) = cut(after, names.state);
            put(buf, state, row.state.name(), colour, Align::Left);
            // Without a reason to fill the line, the air stands left of the values.
            let room = after.width.saturating_sub(tail);
            let room = if self.reason { room.min(names.versus) } else { room };
            let (versus, after) = cut(after, room);
            put(buf, versus, row.beside(), theme.style(row.beside_role()), Align::Right);
            rest = after;
        } else {
            let (left, after) = cut(rest, rest.width.saturating_sub(tail));
            let free = put_next(buf, left, &row.name, quiet(Role::Strong));
            if width(row.beside()) < usize::from(free.width) {
                put(buf, free, row.beside(), theme.style(row.beside_role()), Align::Right);
            }
            rest = after;
        }
        self.draw_tail(row, names, rest, buf, theme);
    }

    /// The cells of what stands right of name and value, without the time of the change.
    const fn tail(self) -> u16 {
        let spark = if self.spark > 0 { self.spark + 1 } else { 0 };
        self.age() + 1 + spark
    }

    /// The age as it is shown: in full, or its first unit.
    fn age_of(self, row: &AlarmRow) -> &str {
        if self.apart { &row.age } else { row.age.split(' ').next().unwrap_or_default() }
    }

    /// The cells of most ages.
    const fn age(self) -> u16 {
        if self.apart { AGE.0 } else { AGE.1 }
    }

    fn draw_tail(self, row: &AlarmRow, names: Names, area: Rect, buf: &mut Buffer, theme: &Theme) {
        let (_, rest) = cut(area, 1);
        let (age, rest) = cut(rest, names.age);
        put(buf, age, self.age_of(row), theme.style(Role::Muted), Align::Right);
        let (since, rest) = cut(rest, names.since);
        put(buf, since, &row.since, theme.style(Role::Muted), Align::Right);
        let (spark, rest) = cut(rest, if self.spark > 0 { self.spark + 1 } else { 0 });
        let spark = Rect { x: spark.x + spark.width.min(1), width: spark.width.saturating_sub(1), ..spark };
        // Without a threshold it is a band's, where only the movement tells.
        let scale = if row.bounds.is_empty() { Scale::Fit } else { Scale::FromZero };
        // What breaches is coloured cell by cell: the limits of a band move.
        let values = &row.spark.values;
        Sparkline { values, scale, role: Role::Series1, bounds: &[], air: 1 }.draw(spark, buf, theme);
        let breaching = if row.is_quiet() { Role::Muted } else { Role::AlarmFiring };
        for (x, breached) in (spark.x..spark.right()).rev().zip(row.spark.breached.iter().rev()) {
            if *breached {
                buf[(x, spark.y)].set_style(theme.ink(breaching).remove_modifier(Modifier::DIM));
            }
        }
        if self.reason {
            let reason = Rect { x: rest.x + rest.width.min(2), width: rest.width.saturating_sub(2), ..rest };
            let mut rest = reason;
            for note in &row.notes {
                rest = put_next(buf, rest, note, theme.style(if row.is_quiet() { Role::Muted } else { Role::Strong }));
                rest = put_next(buf, rest, " · ", theme.style(Role::Muted));
            }
            let text = row.reason.trim_start_matches("Threshold Crossed: ").trim_start_matches("Thresholds Crossed: ");
            put(buf, rest, text, theme.style(Role::Muted), Align::Left);
        }
    }
}

/// An area in two: so many cells, and the rest.
fn cut(area: Rect, cells: u16) -> (Rect, Rect) {
    let cells = cells.min(area.width);
    (Rect { width: cells, ..area }, Rect { x: area.x + cells, width: area.width - cells, ..area })
}

fn shrink(area: Rect, cells: u16) -> Rect {
    Rect { width: area.width.saturating_sub(cells), ..area }
}
