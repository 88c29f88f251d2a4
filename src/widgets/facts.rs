//! Labelled values one after the other, wrapped between them.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::print::{cells, line, put_next};
use super::theme::{Role, Theme};
use crate::text::{clean, clean_head};

/// Bytes of a value that are shown.
const VALUE: usize = 4 * 1_024;

/// A label with the blank after it, which may be empty, and its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    label: String,
    value: String,
    role: Role,
}

impl Fact {
    /// A fact; both texts are cleaned.
    pub fn new(label: &str, value: &str, role: Role) -> Self {
        let label = if label.is_empty() { String::new() } else { format!("{} ", clean(label)) };
        Self { label, value: clean_head(value, VALUE).into_owned(), role }
    }

    fn width(&self) -> u16 {
        cells(&self.label).saturating_add(cells(&self.value))
    }
}

/// Where each fact stands: its line and its first cell, wrapped between facts.
fn places(facts: &[Fact], width: u16) -> Vec<(u16, u16)> {
    let (mut row, mut used) = (0_u16, 0_u16);
    let place = |fact: &Fact| {
        let need = fact.width();
        if used > 0 && used.saturating_add(2).saturating_add(need) > width {
            (row, used) = (row.saturating_add(1), 0);
        }
        let start = if used > 0 { used + 2 } else { 0 };
        used = start.saturating_add(need);
        (row, start)
    };
    facts.iter().map(place).collect()
}

/// How many lines the facts take.
pub fn lines(facts: &[Fact], width: u16) -> u16 {
    places(facts, width).last().map_or(0, |(row, _)| row + 1)
}

/// Draws the facts one after the other.
pub fn draw(facts: &[Fact], buffer: &mut Buffer, area: Rect, theme: &Theme) {
    for (fact, (row, start)) in facts.iter().zip(places(facts, area.width)) {
        let Some(place) = line(area, usize::from(row)) else { return };
        let start = start.min(place.width);
        let space = Rect { x: place.x + start, width: place.width - start, ..place };
        let space = put_next(buffer, space, &fact.label, theme.style(Role::Muted));
        put_next(buffer, space, &fact.value, theme.style(fact.role));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn facts_wrap_whole() {
        let facts = [("", "✗ FAILED"), ("latency", "24.3s"), ("wallet", "GooglePay")];
        let facts = facts.map(|(label, value)| Fact::new(label, value, Role::Text));
        assert_eq!((lines(&facts, 45), lines(&facts, 30), lines(&facts, 5), lines(&[], 5)), (1, 2, 3, 0));
        let rows = crate::widgets::screen::drawn(30, 2, |area, buffer| draw(&facts, buffer, area, &Theme::plain("t")));
        assert_eq!(
            rows.iter().map(|row| row.trim_end()).collect::<Vec<_>>(),
            ["✗ FAILED  latency 24.3s", "wallet GooglePay"]
        );
    }
}
