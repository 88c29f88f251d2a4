//! Spans on a common time axis, one a line.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::print::{Align, cells, line, put, put_next};
use super::selection::select;
use super::theme::{Role, Theme};

/// One span.
#[derive(Debug, Clone, PartialEq)]
pub struct Bar {
    /// Its name, already clean.
    pub name: String,
    /// How far it is indented.
    pub depth: usize,
    /// Where it starts, 0–1 of the axis.
    pub from: f64,
    /// Where it ends, 0–1 of the axis.
    pub to: f64,
    /// Whether it has not ended.
    pub open: bool,
    /// How long it took, in words.
    pub took: String,
    /// How long it worked itself, without what it called, in words.
    pub own: String,
    /// Where the whole waited for it: stretches of the axis, 0–1, ascending.
    pub critical: Vec<(f64, f64)>,
    /// A sign of what is wrong with it, one cell; a space where nothing is.
    pub glyph: &'static str,
    /// What it means.
    pub role: Role,
}

/// A waterfall: an axis, and a line a span. Heavy is what the whole waited for, the critical path.
///
/// ```text
///   segment                   took    self   0 ms          0.8 s          1.7 s
/// ✗ TokenProvisioningService 1.65 s  120 ms  ━─────━━────────────────────────━━
///     DynamoDB GetItem       260 ms  260 ms   ━━━━━
/// ```
#[derive(Debug)]
pub struct Waterfall<'a> {
    /// The spans that are drawn, no more.
    pub bars: &'a [Bar],
    /// Cells of the longest name with its indent, see [`room()`]; of all spans, so that no bar moves while they scroll.
    pub names: u16,
    /// The row under the cursor.
    pub cursor: Option<usize>,
    /// What stands at the start, middle and end of the axis.
    pub ticks: [&'a str; 3],
    /// How things look.
    pub theme: &'a Theme,
}

/// Cells of a name with its indent.
pub fn room(name: &str, depth: usize) -> u16 {
    cells(name).saturating_add(u16::try_from(depth.saturating_mul(2)).unwrap_or(u16::MAX))
}

/// Cells for how long a span took, and for how long it worked itself.
const TOOK: u16 = 7;

/// From this width on there is room for how long a span worked itself.
const WITH_OWN: u16 = 70;

impl Waterfall<'_> {
    /// Draws it; the first line of the area is the axis.
    pub fn draw(&self, area: Rect, buffer: &mut Buffer) {
        let area = area.intersection(buffer.area);
        let Some(head) = line(area, 0) else { return };
        let name = self.name_width(area.width);
        let shows_own = area.width >= WITH_OWN;
        let figures = (TOOK + 1) * (1 + u16::from(shows_own));
        let track = |row: Rect| {
            let used = (2 + name + figures + 2).min(row.width);
            Rect { x: row.x + used, width: row.width - used, ..row }
        };
        let figure = |row: Rect, nth: u16| {
            Rect { x: row.x + 2 + name + 1 + nth * (TOOK + 1), width: TOOK, ..row }.intersection(row)
        };
        if shows_own {
            let style = self.theme.style(Role::Axis);
            put(buffer, figure(head, 0), "took", style, Align::Right);
            put(buffer, figure(head, 1), "self", style, Align::Right);
        }
        self.axis(buffer, track(head));
        for (index, bar) in self.bars.iter().enumerate() {
            let Some(row) = line(area, index + 1) else { break };
            let style = self.theme.style(bar.role);
            let space = put_next(buffer, row, bar.glyph, style);
            let space = put_next(buffer, space, " ", style);
            let indent = u16::try_from(bar.depth * 2).unwrap_or(u16::MAX).min(name / 2);
            let label = Rect { x: space.x + indent.min(space.width), width: (name - indent).min(space.width), ..space };
            put(buffer, label.intersection(row), &bar.name, self.theme.style(Role::Text), Align::Left);
            put(buffer, figure(row, 0), &bar.took, self.theme.style(Role::Muted), Align::Right);
            if shows_own {
                put(buffer, figure(row, 1), &bar.own, self.theme.style(Role::Muted), Align::Right);
            }
            Self::bar(buffer, track(row), bar, self.theme.ink(bar.role));
            if self.cursor == Some(index) {
                select(buffer, row, self.theme);
            }
        }
    }

    /// Names get what they need, up to two fifths of the width.
    fn name_width(&self, width: u16) -> u16 {
        self.names.clamp(7, (width * 2 / 5).max(7))
    }

    fn axis(&self, buffer: &mut Buffer, track: Rect) {
        let style = self.theme.style(Role::Axis);
        let [first, middle, last] = self.ticks;
        if track.width < cells(first) + cells(middle) + cells(last) + 4 {
            put(buffer, track, last, style, Align::Right);
            return;
        }
        put(buffer, track, first, style, Align::Left);
        let half = track.width / 2;
        let centre = half.saturating_sub(cells(middle) / 2);
        put(buffer, Rect { x: track.x + centre, width: cells(middle), ..track }, middle, style, Align::Left);
        put(buffer, track, last, style, Align::Right);
    }

    fn bar(buffer: &mut Buffer, track: Rect, bar: &Bar, style: ratatui::style::Style) {
        if track.width == 0 {
            return;
        }
        let width = f64::from(track.width);
        let cell = |at: f64| ((at.clamp(0.0, 1.0) * width) as u16).min(track.width - 1);
        let from = cell(bar.from);
        let to = (cell(bar.to).max(from) + 1).min(track.width);
        let exact = (bar.to.clamp(0.0, 1.0) * width).ceil() as u16;
        let to = to.min(exact.max(from + 1));
        let is_critical = |x: u16| {
            let (left, right) = (f64::from(x) / width, f64::from(x + 1) / width);
            bar.critical.iter().any(|(from, to)| *from < right && *to > left)
        };
        for x in from..to {
            let symbol = match (bar.open && x + 1 == to, is_critical(x)) {
                (true, _) => "▶",
                (false, true) => "━",
                (false, false) => "─",
            };
            buffer.set_stringn(track.x + x, track.y, symbol, 1, style);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bar(name: &str, depth: usize, from: f64, to: f64) -> Bar {
        let (took, own) = ("1.2 s".to_owned(), "0.4 s".to_owned());
        let (name, critical) = (name.to_owned(), vec![(0.5, 0.7), (0.9, 1.0)]);
        Bar { name, depth, from, to, open: false, took, own, critical, glyph: "✗", role: Role::Fault }
    }

    fn drawn(area: Rect, bars: &[Bar]) -> Vec<String> {
        let theme = Theme::plain("t");
        let mut buffer = Buffer::empty(area);
        let names = bars.iter().map(|bar| room(&bar.name, bar.depth)).max().unwrap_or_default();
        Waterfall { bars, names, cursor: Some(0), ticks: ["0", "1 s", "2 s"], theme: &theme }.draw(area, &mut buffer);
        (0..area.height).map(|y| (0..area.width).map(|x| buffer[(x, y)].symbol()).collect()).collect()
    }

    #[test]
    fn spans_stand_where_they_happened() {
        let bars =
            [bar("Service", 0, 0.0, 1.0), bar("Call", 1, 0.5, 0.75), Bar { open: true, ..bar("x", 2, 0.9, 1.0) }];
        assert_eq!(
            drawn(Rect::new(0, 0, 39, 4), &bars),
            [
                "                   0        1 s     2 s",
                "✗ Service   1.2 s  ──────────━━━━────━━",
                "✗   Call    1.2 s            ━━━━─     ",
                "✗    x      1.2 s                    ━▶",
            ]
        );
    }

    #[test]
    fn bars_stay_where_they_are_while_spans_scroll() {
        let bars = [bar("A", 0, 0.0, 1.0), bar("LongService", 1, 0.5, 0.75)];
        let theme = Theme::plain("t");
        let row = |bars: &[Bar]| {
            let area = Rect::new(0, 0, 60, 2);
            let mut buffer = Buffer::empty(area);
            Waterfall { bars, names: 13, cursor: None, ticks: ["0", "1 s", "2 s"], theme: &theme }
                .draw(area, &mut buffer);
            (0..60).map(|x| buffer[(x, 1)].symbol()).collect::<String>()
        };
        assert_eq!(row(&bars), row(&bars[..1]));
    }

    #[test]
    fn what_a_span_did_itself_stands_where_there_is_room() {
        let lines = drawn(Rect::new(0, 0, 70, 2), &[bar("Service", 0, 0.0, 1.0)]);
        assert!(lines[0].starts_with("             took    self  0  "), "{lines:?}");
        assert!(lines[1].starts_with("✗ Service   1.2 s   0.4 s  ────"), "{lines:?}");
    }

    #[test]
    fn any_size_is_drawn() {
        let bars = [bar("Service", 40, -1.0, f64::NAN)];
        for (width, height) in [(0, 0), (1, 1), (3, 2), (12, 2), (300, 5)] {
            drawn(Rect::new(0, 0, width, height), &bars);
        }
    }
}
