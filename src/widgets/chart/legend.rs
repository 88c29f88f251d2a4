//! A chart's lines by name, where there is one line for all of them.

use ratatui::text::{Line as Text, Span};

use super::Chart;
use crate::text::{truncate, width};
use crate::widgets::theme::{Role, Theme};

/// Cells below which a name says nothing.
const SHORTEST_NAME: usize = 4;

impl Chart<'_> {
    /// Each line with its value under the cursor, else its newest of a period that is over, the largest first:
    /// `◆ token-service 509  ■ orders-ingest 12  +2`, as many as have room.
    pub fn legend(&self, room: usize, theme: &Theme) -> Text<'static> {
        let mut ranked: Vec<_> = self.lines.iter().map(|line| (line, self.number(line).0)).collect();
        let size = |value: Option<f64>| value.unwrap_or(f64::NEG_INFINITY);
        ranked.sort_by(|(_, a), (_, b)| size(b.value).total_cmp(&size(a.value)));
        let count = ranked.len();
        let mut spans: Vec<Span<'static>> = Vec::new();
        let mut left = room;
        for (nth, (line, value)) in ranked.into_iter().enumerate() {
            let gap = if nth == 0 { 0 } else { 2 };
            let others = count - nth - 1;
            let more = if others == 0 { 0 } else { 3 + others.to_string().len() };
            let text = value.text();
            let Some(for_name) = left.checked_sub(gap + 2 + 1 + width(&text) + more) else { break };
            // A name is cut only where it stands alone: what is cut twice tells nothing apart.
            if width(&line.label) > for_name && (nth > 0 || for_name < SHORTEST_NAME) {
                break;
            }
            let name = truncate(&line.label, for_name).into_owned();
            left -= gap + 2 + width(&name) + 1 + width(&text);
            spans.extend([
                Span::raw(" ".repeat(gap)),
                Span::styled(line.glyph, theme.style(line.role)),
                Span::styled(format!(" {name}"), theme.style(Role::Muted)),
                Span::styled(format!(" {text}"), theme.style(Role::Strong)),
            ]);
        }
        let others = count - spans.len() / 4;
        if others > 0 && !spans.is_empty() {
            spans.push(Span::styled(format!("  +{others}"), theme.style(Role::Muted)));
        }
        Text::from(spans)
    }
}
