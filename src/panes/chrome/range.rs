//! Which stretch of time is on screen.

use std::time::Duration;

use chrono::{DateTime, Local, NaiveTime, TimeDelta, TimeZone, Utc};
use crossterm::event::{KeyCode, KeyEvent, KeyEventKind};
use ratatui::Frame;
use ratatui::layout::Rect;

use super::OverlayOutcome;
use super::input::Input;
use super::popup::popup;
use crate::clock::Time;
use crate::panes::Zone;
use crate::store::window::Window;
use crate::text::{parse_span, parse_time, time, units};
use crate::widgets::print::{Align, line, put};
use crate::widgets::theme::{Role, Theme};

/// Spans to choose from, in minutes; the one on screen stands among them.
const SPANS: [u64; 8] = [15, 60, 3 * 60, 12 * 60, 24 * 60, 3 * 24 * 60, 7 * 24 * 60, 30 * 24 * 60];
/// CloudWatch keeps nothing longer (one-hour datapoints: 455 days).
const LONGEST: Duration = Duration::from_hours(455 * 24);
/// Shorter windows hold no datapoint.
const SHORTEST: Duration = Duration::from_mins(1);

/// The time-range picker: a list, and a line that takes any range.
///
/// ```text
/// ┌ Time range ───────────────────────────────┐
/// │ › 2026-01-15 10:00 .. 11:00               │
/// │ 1h until 11:00:00 UTC                     │
/// │   15m                                     │
/// │   1h                                      │
/// │ ● 3h                                      │
/// └────────────────────────── ⏎ take  Esc ────┘
/// ```
#[derive(Debug, Clone)]
pub struct RangePicker {
    input: Input,
    spans: Vec<Duration>,
    chosen: usize,
    shown: Window,
    now: Time,
    zone: Zone,
}

impl RangePicker {
    /// A picker that stands on the present window's span.
    pub fn new(window: Window, now: Time, zone: Zone) -> Self {
        let mut spans: Vec<Duration> = SPANS.iter().map(|minutes| Duration::from_mins(*minutes)).collect();
        spans.push(window.span);
        spans.sort_unstable();
        spans.dedup();
        let chosen = spans.iter().position(|span| *span == window.span).unwrap_or(0);
        Self { input: Input::default(), spans, chosen, shown: window, now, zone }
    }

    /// Takes a key.
    pub fn on_key(&mut self, key: KeyEvent) -> OverlayOutcome {
        if key.kind == KeyEventKind::Release {
            return OverlayOutcome::Stay;
        }
        match key.code {
            KeyCode::Esc => return OverlayOutcome::Close,
            KeyCode::Enter if self.input.text().trim().is_empty() => return OverlayOutcome::Window(self.preset()),
            KeyCode::Enter => return self.typed().map_or(OverlayOutcome::Stay, OverlayOutcome::Window),
            KeyCode::Down | KeyCode::Tab => self.chosen = (self.chosen + 1).min(self.spans.len() - 1),
            KeyCode::Up | KeyCode::BackTab => self.chosen = self.chosen.saturating_sub(1),
            KeyCode::Char('j') if self.input.is_empty() => self.chosen = (self.chosen + 1).min(self.spans.len() - 1),
            KeyCode::Char('k') if self.input.is_empty() => self.chosen = self.chosen.saturating_sub(1),
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

    fn preset(&self) -> Window {
        Window::live(self.spans.get(self.chosen).copied().unwrap_or(self.shown.span))
    }

    fn typed(&self) -> Result<Window, String> {
        read(self.input.text(), self.now, self.zone)
    }

    /// Draws it over the area.
    pub fn draw(&self, frame: &mut Frame<'_>, area: Rect, theme: &Theme) {
        let height = self.spans.len() as u16 + 5;
        let inner = popup(frame, area, (58, height), "Time range", "⏎ take  Esc close", theme);
        let typed = !self.input.text().trim().is_empty();
        let (said, role) = match typed.then(|| self.typed()) {
            None => ("3h · since 10:15 · 10:00 .. 11:00 · -2h .. -1h".to_owned(), Role::Muted),
            Some(Ok(window)) => (self.words(window), Role::Good),
            Some(Err(error)) => (error, Role::Warning),
        };
        self.input.draw_judged(frame, inner, (&said, role), theme);
        let buffer = frame.buffer_mut();
        for (row, span) in self.spans.iter().enumerate() {
            let Some(space) = line(inner, row + 3) else { return };
            let here = row == self.chosen && !typed;
            let shown = self.shown == Window::live(*span);
            let text = format!("{} {}", if shown { "●" } else { " " }, units::span(span.as_secs() as i64));
            put(buffer, space, &text, theme.style(if typed { Role::Muted } else { Role::Text }), Align::Left);
            if here {
                buffer.set_style(space, theme.style(Role::Selection));
            }
        }
    }

    fn words(&self, window: Window) -> String {
        let span = units::span(window.span.as_secs() as i64);
        let (from, to) = window.range(self.now);
        let written = |at| time::moment(&self.zone.at(at), &self.zone.at(self.now));
        match window.end {
            None => format!("{span}, from {} on", written(from)),
            Some(_) => format!("{span}: {} to {} {}", written(from), written(to), self.zone.name()),
        }
    }
}

/// A window as it is typed: a span (`3h`), a start (`since 10:15`), or start and end (`10:00 .. 11:00`).
fn read(text: &str, now: Time, zone: Zone) -> Result<Window, String> {
    let text = text.trim();
    let text = text.strip_prefix("since ").unwrap_or(text).trim();
    let ends = text.split_once("..").or_else(|| text.split_once(" to "));
    let window = match ends {
        None => match parse_span(text) {
            Ok(span) => Window::live(span),
            Err(_) => since(instant(text, now, zone)?, now)?,
        },
        Some((from, to)) => {
            let from = instant(from.trim(), now, zone)?;
            match to.trim() {
                "" | "now" => since(from, now)?,
                to => between(from, end(to, from, now, zone)?, now)?,
            }
        }
    };
    match window.span {
        span if span < SHORTEST => Err("a window is at least one minute long".to_owned()),
        span if span > LONGEST => Err("CloudWatch keeps no more than 455 days".to_owned()),
        _ => Ok(window),
    }
}

fn since(from: Time, now: Time) -> Result<Window, String> {
    let span = (now - from).to_std().map_err(|_| "that is in the future".to_owned())?;
    Ok(Window::live(span))
}

fn between(from: Time, to: Time, now: Time) -> Result<Window, String> {
    if to >= now {
        return since(from, now);
    }
    let span = (to - from).to_std().map_err(|_| "it ends before it begins".to_owned())?;
    Ok(Window { span, end: Some(to) })
}

/// The end of a range: a time of day stands for the first such moment after its start.
fn end(text: &str, from: Time, now: Time, zone: Zone) -> Result<Time, String> {
    let timed = ["%H:%M:%S", "%H:%M"].iter().find_map(|form| NaiveTime::parse_from_str(text, form).ok());
    let Some(timed) = timed else { return instant(text, now, zone) };
    let start = zone.at(from).naive_local();
    let same_day = start.date().and_time(timed);
    let end = if same_day <= start { same_day + TimeDelta::days(1) } else { same_day };
    Ok(from + (end - start))
}

/// A time as it is typed; what names no zone is in the zone on screen.
pub(super) fn instant(text: &str, now: Time, zone: Zone) -> Result<Time, String> {
    let fail = |error: crate::text::time::TimeError| error.to_string();
    let zoned = DateTime::parse_from_rfc3339(text).is_ok() || text == "now" || text.starts_with('-');
    let counted = text.bytes().all(|byte| byte.is_ascii_digit());
    match zone {
        Zone::Local if !zoned && !counted => {
            let wall = zone.at(now).naive_local();
            let typed = parse_time(text, Utc.from_utc_datetime(&wall)).map_err(fail)?;
            let local = Local.from_local_datetime(&typed.naive_utc()).earliest();
            local.map(|at| at.with_timezone(&Utc)).ok_or_else(|| "that time does not exist here".to_owned())
        }
        Zone::Utc | Zone::Local => parse_time(text, now).map_err(fail),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Time {
        text.parse().expect("a time")
    }

    #[test]
    fn ranges_are_read_as_people_type_them() {
        let now = at("2026-01-15T10:28:00Z");
        let fixed = |from: &str, to: &str| {
            Ok(Window { span: (at(to) - at(from)).to_std().expect("forward"), end: Some(at(to)) })
        };
        let live = |minutes| Ok(Window::live(Duration::from_mins(minutes)));
        let cases = [
            ("3h", live(180)),
            ("since 3h", live(180)),
            ("since 10:15", live(13)),
            ("10:15", live(13)),
            ("10:15 .. now", live(13)),
            ("10:15..", live(13)),
            ("since 2026-01-15T10:00:00Z", live(28)),
            ("2026-01-15 10:00 .. 11:00", live(28)),
            ("2026-01-14 10:00 .. 11:00", fixed("2026-01-14T10:00:00Z", "2026-01-14T11:00:00Z")),
            ("2026-01-14 23:30 .. 00:30", fixed("2026-01-14T23:30:00Z", "2026-01-15T00:30:00Z")),
            ("09:00 to 10:00", fixed("2026-01-15T09:00:00Z", "2026-01-15T10:00:00Z")),
            ("-2h .. -1h", fixed("2026-01-15T08:28:00Z", "2026-01-15T09:28:00Z")),
            ("10s", Err("a window is at least one minute long".to_owned())),
            ("9000d", Err("CloudWatch keeps no more than 455 days".to_owned())),
            ("2026-01-15 09:00 .. 2026-01-15 08:00", Err("it ends before it begins".to_owned())),
            ("since 2027-01-01", Err("that is in the future".to_owned())),
        ];
        for (text, expected) in cases {
            assert_eq!(read(text, now, Zone::Utc), expected, "{text}");
        }
        for garbage in ["x", "..", "1..2", "::", "99:99", "since", "\u{202e}", "日本 .. 語"] {
            assert!(read(garbage, now, Zone::Utc).is_err(), "{garbage}");
        }
    }

    #[test]
    fn the_span_on_screen_is_marked_and_no_other() {
        let now = at("2026-01-15T10:28:00Z");
        let six = Window::live(Duration::from_hours(6));
        let picker = RangePicker::new(six, now, Zone::Utc);
        assert_eq!(picker.preset(), six, "to take what is marked changes nothing");
        let drawn = |picker: &RangePicker| {
            let mut terminal = ratatui::Terminal::new(ratatui::backend::TestBackend::new(60, 20)).expect("a terminal");
            terminal.draw(|frame| picker.draw(frame, frame.area(), &Theme::plain("t"))).expect("drawn");
            terminal.backend().to_string()
        };
        let marked = |text: &str| text.lines().filter(|line| line.contains('●')).map(str::to_owned).collect::<Vec<_>>();
        let lines = marked(&drawn(&picker));
        assert!(lines.len() == 1 && lines[0].contains("● 6h"), "{lines:?}");
        let panned = Window { end: Some(at("2026-01-15T08:00:00Z")), ..six };
        assert!(marked(&drawn(&RangePicker::new(panned, now, Zone::Utc))).is_empty(), "none of them is on screen");
    }

    #[test]
    fn local_times_are_local() {
        let now = at("2026-01-15T10:28:00Z");
        let typed = time::minute(&Zone::Local.at(now - TimeDelta::minutes(13)));
        assert_eq!(read(&typed, now, Zone::Local), Ok(Window::live(Duration::from_mins(13))));
        assert_eq!(read("-1h .. now", now, Zone::Local), Ok(Window::live(Duration::from_hours(1))));
    }
}
