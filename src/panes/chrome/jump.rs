//! Which time to go to.

use crossterm::event::{KeyCode, KeyEvent, KeyEventKind};
use ratatui::Frame;
use ratatui::layout::Rect;

use super::OverlayOutcome;
use super::input::Input;
use super::popup::popup;
use super::range::instant;
use crate::clock::Time;
use crate::panes::Zone;
use crate::text::time;
use crate::widgets::theme::{Role, Theme};

/// A line that takes a time to go to.
///
/// ```text
/// ┌ Go to a time ─────────────────────────────┐
/// │ › 09:42                                   │
/// │ 2026-01-15 09:42:00 UTC                   │
/// └────────────────────────── ⏎ go  Esc ──────┘
/// ```
#[derive(Debug, Clone)]
pub struct JumpLine {
    input: Input,
    now: Time,
    zone: Zone,
}

impl JumpLine {
    /// A line without a time.
    pub fn new(now: Time, zone: Zone) -> Self {
        Self { input: Input::default(), now, zone }
    }

    /// Takes a key.
    pub fn on_key(&mut self, key: KeyEvent) -> OverlayOutcome {
        if key.kind == KeyEventKind::Release {
            return OverlayOutcome::Stay;
        }
        match key.code {
            KeyCode::Esc => return OverlayOutcome::Close,
            KeyCode::Enter => return self.typed().map_or(OverlayOutcome::Stay, OverlayOutcome::Jump),
            KeyCode::Backspace | KeyCode::Char('q') if self.input.is_empty() => return OverlayOutcome::Close,
            _ => {
                self.input.on_key(key);
            }
        }
        OverlayOutcome::Stay
    }

    /// Takes a paste.
    pub fn on_paste(&mut self, text: &str) -> OverlayOutcome {
        self.input.paste(text);
        OverlayOutcome::Stay
    }

    fn typed(&self) -> Result<Time, String> {
        let at = instant(self.input.text().trim(), self.now, self.zone)?;
        if at > self.now {
            return Err("that is in the future".to_owned());
        }
        if self.now - at > crate::store::period::LONGEST {
            return Err("CloudWatch keeps no more than 455 days".to_owned());
        }
        Ok(at)
    }

    /// Draws it over the area.
    pub fn draw(&self, frame: &mut Frame<'_>, area: Rect, theme: &Theme) {
        let inner = popup(frame, area, (58, 5), "Go to a time", "⏎ go  Esc close", theme);
        let typed = !self.input.text().trim().is_empty();
        let (said, role) = match typed.then(|| self.typed()) {
            None => ("10:15 · -2h · 2026-01-14 23:50".to_owned(), Role::Muted),
            Some(Ok(at)) => (self.words(at), Role::Good),
            Some(Err(error)) => (error, Role::Warning),
        };
        self.input.draw_judged(frame, inner, (&said, role), theme);
    }

    fn words(&self, at: Time) -> String {
        let written = time::moment(&self.zone.at(at), &self.zone.at(self.now));
        format!("{written} {}", self.zone.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Time {
        text.parse().expect("a time")
    }

    #[test]
    fn times_are_read_or_refused() {
        let now = at("2026-01-15T10:28:07Z");
        let cases = [
            ("10:15", Ok(at("2026-01-15T10:15:00Z"))),
            ("23:50", Ok(at("2026-01-14T23:50:00Z"))),
            ("-2h", Ok(at("2026-01-15T08:28:07Z"))),
            ("2025-12-01", Ok(at("2025-12-01T00:00:00Z"))),
            ("2027-01-01", Err("that is in the future".to_owned())),
            ("2020-01-01", Err("CloudWatch keeps no more than 455 days".to_owned())),
        ];
        for (text, expected) in cases {
            let mut jump = JumpLine::new(now, Zone::Utc);
            assert_eq!(jump.on_paste(text), OverlayOutcome::Stay);
            assert_eq!(jump.typed(), expected, "{text}");
            let entered = jump.on_key(KeyCode::Enter.into());
            assert_eq!(entered, expected.map_or(OverlayOutcome::Stay, OverlayOutcome::Jump), "{text}");
        }
        for garbage in ["x", "99:99", "\u{202e}", "日本", "-", "10:15 .. 11:00"] {
            let mut jump = JumpLine::new(now, Zone::Utc);
            jump.on_paste(garbage);
            assert!(jump.typed().is_err(), "{garbage}");
        }
        assert_eq!(JumpLine::new(now, Zone::Utc).on_key(KeyCode::Esc.into()), OverlayOutcome::Close);
    }
}
