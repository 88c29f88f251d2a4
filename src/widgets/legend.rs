//! Which glyph and colour belong to which line.

use ratatui::text::{Line, Span};

use super::theme::{Role, Theme};
use crate::text::width;

/// The glyph of a chart line of this role, so that lines differ without colour.
pub const fn glyph(role: Role) -> &'static str {
    match role {
        Role::Critical | Role::Failed | Role::AlarmFiring | Role::Fault => "✗",
        Role::Pending => "…",
        Role::Warning | Role::Error | Role::Series3 => "▲",
        Role::Throttle => "◇",
        Role::Unknown | Role::AlarmNoData => "?",
        Role::Series2 => "■",
        Role::Series4 => "◆",
        Role::Series5 => "○",
        Role::Series6 => "□",
        Role::Threshold => "╌",
        // What lies behind the lines: the earlier window.
        Role::Muted => "┄",
        _ => "●",
    }
}

/// An entry of a legend.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The line's name.
    pub label: String,
    /// Its newest value, as text; empty for none.
    pub value: String,
    /// Its role.
    pub role: Role,
}

/// A legend in one line: `● success 2,204  ✗ failed 231`; in less than the full width without the values, and then
/// with as many entries as fit.
pub fn legend(entries: &[Entry], room: usize, theme: &Theme) -> Line<'static> {
    let fits = |values: bool| {
        let each = |entry: &Entry| 2 + width(&entry.label) + if values { 1 + width(&entry.value) } else { 0 };
        entries.iter().map(each).sum::<usize>() + 2 * entries.len().saturating_sub(1) <= room
    };
    let values = fits(true);
    let mut spans = Vec::new();
    let mut left = room;
    for entry in entries {
        let gap = if spans.is_empty() { "" } else { "  " };
        let mut parts = vec![
            Span::raw(gap),
            Span::styled(glyph(entry.role), theme.style(entry.role)),
            Span::styled(format!(" {}", entry.label), theme.style(Role::Muted)),
        ];
        if values && !entry.value.is_empty() {
            parts.push(Span::styled(format!(" {}", entry.value), theme.style(Role::Strong)));
        }
        let Some(rest) = left.checked_sub(parts.iter().map(Span::width).sum()) else { break };
        left = rest;
        spans.extend(parts);
    }
    Line::from(spans)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_legend_gives_up_values_then_entries() {
        let entry = |label: &str, value: &str, role| Entry { label: label.into(), value: value.into(), role };
        let entries = [entry("success", "2,204", Role::Good), entry("failed", "231", Role::Critical)];
        let cases = [
            (40, "● success 2,204  ✗ failed 231"),
            (29, "● success 2,204  ✗ failed 231"),
            (28, "● success  ✗ failed"),
            (12, "● success"),
            (0, ""),
        ];
        for (room, expected) in cases {
            assert_eq!(legend(&entries, room, &Theme::plain("t")).to_string(), expected, "{room}");
        }
    }

    #[test]
    fn the_trend_and_the_series_differ_without_colour() {
        let different = |roles: &[Role]| {
            let mut glyphs: Vec<_> = roles.iter().map(|role| glyph(*role)).collect();
            glyphs.sort_unstable();
            glyphs.dedup();
            assert_eq!(glyphs.len(), roles.len());
        };
        different(&[Role::Good, Role::Critical, Role::Pending]);
        different(&[Role::Series1, Role::Series2, Role::Series3, Role::Series4, Role::Series5, Role::Series6]);
    }
}
