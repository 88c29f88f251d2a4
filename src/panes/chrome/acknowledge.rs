//! What somebody says about a firing alarm or rule: seen, not now, or never mind.

use std::time::Duration;

use crossterm::event::{KeyCode, KeyEvent, KeyEventKind};
use ratatui::Frame;
use ratatui::layout::Rect;

use super::OverlayOutcome;
use super::input::Input;
use super::popup::popup;
use crate::clock::Time;
use crate::panes::Zone;
use crate::store::episode::{Acknowledgement, Signal, Stance};
use crate::text::{clean, time, units};
use crate::widgets::print::{Align, line, put};
use crate::widgets::theme::{Role, Theme};

/// How long one may snooze, in minutes.
const SNOOZES: [u64; 4] = [15, 60, 4 * 60, 8 * 60];

/// What is said, not yet signed and dated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// What it is about.
    pub signal: Signal,
    /// The alarm's name or the rule's id.
    pub name: String,
    /// What is said.
    pub stance: Stance,
    /// The note that goes with it.
    pub note: String,
    /// For how long; `None` until the signal stops firing.
    pub span: Option<Duration>,
}

/// What an acknowledgement is about, as the console knows it.
#[derive(Debug, Clone, PartialEq)]
pub struct Matter {
    /// An alarm or a rule.
    pub signal: Signal,
    /// The alarm's name or the rule's id.
    pub name: String,
    /// What it is called on screen: the alarm's name or the rule's title.
    pub title: String,
    /// Whether it fires; what does not can only be snoozed for some time.
    pub fires: bool,
    /// What was said about it and holds.
    pub said: Option<Acknowledgement>,
    /// The present.
    pub now: Time,
    /// In which zone times are written.
    pub zone: Zone,
}

/// One thing to choose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Choice {
    Acknowledge,
    Snooze(Option<Duration>),
    Lift,
}

impl Choice {
    fn words(self) -> String {
        match self {
            Self::Acknowledge => "acknowledge until it ends".to_owned(),
            Self::Snooze(Some(span)) => format!("snooze for {}", units::span(span.as_secs() as i64)),
            Self::Snooze(None) => "snooze until it ends".to_owned(),
            Self::Lift => "take back what was said".to_owned(),
        }
    }
}

/// A note to type and a choice to make. It is kept on this host; AWS is told nothing.
///
/// ```text
/// ┌ Snooze HighFailureRate ───────────────────────────────────┐
/// │ acknowledged at 10:25:10 by eva: looking at the TSP       │
/// │ note › the TSP times out, their on-call is paged          │
/// │   snooze for 15m                                          │
/// │ ● snooze for 1h                                           │
/// │   snooze until it ends                                    │
/// │   take back what was said                                 │
/// └────────────────────────────── ↑↓ choose  ⏎ say  Esc close ┘
/// ```
#[derive(Debug, Clone)]
pub struct Acknowledge {
    matter: Matter,
    title: &'static str,
    choices: Vec<Choice>,
    chosen: usize,
    input: Input,
}

impl Acknowledge {
    /// A box to acknowledge, or to edit or lift what was said.
    pub fn new(matter: Matter) -> Self {
        Self::with(matter, "Acknowledge", vec![Choice::Acknowledge])
    }

    /// A box to snooze, or to edit or lift what was said.
    pub fn snooze(matter: Matter) -> Self {
        let spans = SNOOZES.iter().map(|minutes| Choice::Snooze(Some(Duration::from_mins(*minutes))));
        let to_its_end = matter.fires.then_some(Choice::Snooze(None));
        Self::with(matter, "Snooze", spans.chain(to_its_end).collect())
    }

    fn with(matter: Matter, title: &'static str, mut choices: Vec<Choice>) -> Self {
        let note = matter.said.as_ref().map_or("", |said| said.note.as_str());
        // An earlier note may hold what must not be seen.
        let input = Input::new(&clean(note));
        if matter.said.is_some() {
            choices.push(Choice::Lift);
        }
        Self { matter, title, choices, chosen: 0, input }
    }

    /// Takes a key.
    pub fn on_key(&mut self, key: KeyEvent) -> OverlayOutcome {
        if key.kind == KeyEventKind::Release {
            return OverlayOutcome::Stay;
        }
        let last = self.choices.len() - 1;
        match key.code {
            KeyCode::Esc => return OverlayOutcome::Close,
            KeyCode::Enter => return self.choices.get(self.chosen).map_or(OverlayOutcome::Stay, |c| self.said(*c)),
            KeyCode::Down => self.chosen = (self.chosen + 1).min(last),
            KeyCode::Up => self.chosen = self.chosen.saturating_sub(1),
            KeyCode::Tab => self.chosen = (self.chosen + 1) % self.choices.len(),
            KeyCode::BackTab => self.chosen = (self.chosen + last) % self.choices.len(),
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

    fn said(&self, choice: Choice) -> OverlayOutcome {
        let (stance, span) = match choice {
            Choice::Acknowledge => (Stance::Acknowledged, None),
            Choice::Snooze(span) => (Stance::Snoozed, span),
            Choice::Lift => (Stance::Lifted, None),
        };
        let note = if choice == Choice::Lift { "" } else { self.input.text().trim() };
        OverlayOutcome::Say(Remark {
            signal: self.matter.signal,
            name: self.matter.name.clone(),
            stance,
            note: note.to_owned(),
            span,
        })
    }

    /// Draws it over the area.
    pub fn draw(&self, frame: &mut Frame<'_>, area: Rect, theme: &Theme) {
        let said = self.matter.said.as_ref().map(|said| in_force(said, self.matter.now, self.matter.zone));
        let head = usize::from(said.is_some());
        let title = format!("{} {}", self.title, clean(&self.matter.title));
        let height = self.choices.len() as u16 + head as u16 + 3;
        let inner = popup(frame, area, (64, height), &title, "↑↓ choose  ⏎ say  Esc close", theme);
        if let Some((said, space)) = said.zip(line(inner, 0)) {
            put(frame.buffer_mut(), space, &said, theme.style(Role::Muted), Align::Left);
        }
        if let Some(space) = line(inner, head) {
            self.input.draw(frame, space, "note › ", theme);
        }
        for (row, choice) in self.choices.iter().enumerate() {
            let Some(space) = line(inner, head + 1 + row) else { return };
            let here = row == self.chosen;
            let text = format!("{} {}", if here { "●" } else { " " }, choice.words());
            put(frame.buffer_mut(), space, &text, theme.style(Role::Text), Align::Left);
            if here {
                frame.buffer_mut().set_style(space, theme.style(Role::Selection));
            }
        }
    }
}

/// What holds, in one line: `snoozed until 11:28:00 by eva: looking at the TSP`.
pub fn in_force(said: &Acknowledgement, now: Time, zone: Zone) -> String {
    let written = |at| time::moment(&zone.at(at), &zone.at(now));
    let when = match said.until {
        Some(until) => format!("until {}", written(until)),
        None => format!("at {}", written(said.at)),
    };
    let note = if said.note.is_empty() { String::new() } else { format!(": {}", clean(&said.note)) };
    format!("{} {when} by {}{note}", said.stance.name(), clean(&said.by))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crossterm::event::KeyModifiers;

    fn at(text: &str) -> Time {
        text.parse().expect("a time")
    }

    fn matter(fires: bool, said: Option<&str>) -> Matter {
        let now = at("2026-01-15T10:28:00Z");
        let said = said.map(|note| Acknowledgement {
            stance: Stance::Snoozed,
            signal: Signal::Alarm,
            name: "A".to_owned(),
            account: "demo".to_owned(),
            region: "us-east-1".to_owned(),
            by: "eva".to_owned(),
            at: now,
            note: note.to_owned(),
            until: Some(at("2026-01-15T11:28:00Z")),
        });
        Matter { signal: Signal::Alarm, name: "A".to_owned(), title: "A".to_owned(), fires, said, now, zone: Zone::Utc }
    }

    fn press(overlay: &mut Acknowledge, code: KeyCode) -> OverlayOutcome {
        overlay.on_key(KeyEvent::new(code, KeyModifiers::NONE))
    }

    fn remark(stance: Stance, note: &str, minutes: Option<u64>) -> OverlayOutcome {
        OverlayOutcome::Say(Remark {
            signal: Signal::Alarm,
            name: "A".to_owned(),
            stance,
            note: note.to_owned(),
            span: minutes.map(Duration::from_mins),
        })
    }

    #[test]
    fn a_note_is_typed_and_signed() {
        let mut overlay = Acknowledge::new(matter(true, None));
        for c in "jq S ".chars() {
            assert_eq!(press(&mut overlay, KeyCode::Char(c)), OverlayOutcome::Stay);
        }
        assert_eq!(press(&mut overlay, KeyCode::Enter), remark(Stance::Acknowledged, "jq S", None));
        assert_eq!(press(&mut overlay, KeyCode::Esc), OverlayOutcome::Close);
    }

    #[test]
    fn a_snooze_has_a_length() {
        let mut overlay = Acknowledge::snooze(matter(true, None));
        let lengths = [Some(15), Some(60), Some(240), Some(480), None];
        for minutes in lengths {
            assert_eq!(press(&mut overlay, KeyCode::Enter), remark(Stance::Snoozed, "", minutes));
            press(&mut overlay, KeyCode::Down);
        }
        assert_eq!(press(&mut overlay, KeyCode::Enter), remark(Stance::Snoozed, "", None), "nothing below to lift");
        let quiet = Acknowledge::snooze(matter(false, None));
        assert!(!quiet.choices.contains(&Choice::Snooze(None)), "what does not fire has no end to wait for");
    }

    #[test]
    fn what_was_said_is_edited_or_lifted() {
        let mut overlay = Acknowledge::new(matter(true, Some("on i")));
        press(&mut overlay, KeyCode::Char('t'));
        assert_eq!(press(&mut overlay, KeyCode::Enter), remark(Stance::Acknowledged, "on it", None));
        press(&mut overlay, KeyCode::Tab);
        assert_eq!(press(&mut overlay, KeyCode::Enter), remark(Stance::Lifted, "", None));
        let said = overlay.matter.said.as_ref().expect("said");
        assert_eq!(in_force(said, overlay.matter.now, Zone::Utc), "snoozed until 11:28:00 by eva: on i");
    }
}
