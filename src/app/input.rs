//! What is typed and pasted: into what is open on top, the pane in front, or as a command.

use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers};

use super::effect::Effects;
use super::overlay::Overlay;
use super::screen::ScreenId;
use super::{App, run};
use crate::analysis::story::pasted;
use crate::config::Found;
use crate::panes::chrome::{OverlayOutcome, Prompt};
use crate::panes::{Ask, Target};

impl App {
    /// Takes a key or a paste.
    pub(super) fn input(&mut self, event: &Event) -> Effects {
        if !run::matters(event) {
            return Effects::new();
        }
        self.dirty = true;
        match event {
            Event::Key(key) => self.key(*key),
            Event::Paste(text) => {
                if let Some(mut overlay) = self.overlays.pop() {
                    let outcome = overlay.paste(text);
                    return self.conclude(overlay, outcome);
                }
                if self.view().id == ScreenId::Investigate {
                    let mut prompt = Prompt::new(Ask::Identifier, "");
                    prompt.on_paste(text.trim());
                    return self.overlay(Overlay::Prompt(Box::new(prompt)));
                }
                let Self { known, views, active, .. } = self;
                views[*active].front().on_paste(text, &known.cx(true));
                Effects::new()
            }
            Event::Resize(..) | Event::FocusGained | Event::FocusLost | Event::Mouse(_) => Effects::new(),
        }
    }

    fn key(&mut self, key: KeyEvent) -> Effects {
        if let Some(mut overlay) = self.overlays.pop() {
            let outcome = overlay.key(key);
            return self.conclude(overlay, outcome);
        }
        if self.typed.is_empty() && self.is_text(key) {
            let Self { known, views, active, .. } = self;
            views[*active].front().on_key(key, &known.cx(true));
            return Effects::new();
        }
        self.typed.push(key);
        match self.known.keymap.find(&self.typed) {
            Found::Action(action) => {
                self.typed.clear();
                self.act(action)
            }
            Found::Prefix => Effects::new(),
            Found::None => {
                // A key that ends no sequence may still begin one.
                let retry = self.typed.len() > 1;
                self.typed.clear();
                if retry { self.key(key) } else { Effects::new() }
            }
        }
    }

    /// Whether a key is text for the pane in front rather than a command.
    fn is_text(&mut self, key: KeyEvent) -> bool {
        if !self.views[self.active].front().takes_keys() {
            return false;
        }
        let is_chord = key.modifiers.intersects(KeyModifiers::CONTROL | KeyModifiers::ALT);
        let types = match key.code {
            KeyCode::Esc | KeyCode::Tab | KeyCode::BackTab | KeyCode::F(_) => false,
            _ => !is_chord,
        };
        let command = || match self.known.keymap.find(&[key]) {
            Found::Action(action) => action.works_while_typing(),
            Found::Prefix | Found::None => false,
        };
        types || !command()
    }

    fn conclude(&mut self, overlay: Overlay, outcome: OverlayOutcome) -> Effects {
        match outcome {
            OverlayOutcome::Stay => {
                self.overlays.push(overlay);
                Effects::new()
            }
            OverlayOutcome::Close => Effects::new(),
            OverlayOutcome::Run(action) => self.act(action),
            OverlayOutcome::Window(window) => self.show_window(window),
            OverlayOutcome::Export(wanted) => self.export(*wanted),
            OverlayOutcome::Say(remark) => self.acknowledge(remark),
            OverlayOutcome::Jump(at) => self.jump(at),
            OverlayOutcome::Answer(Ask::Identifier, text) if pasted::values(&text).is_empty() => {
                self.cannot("no identifier in that")
            }
            OverlayOutcome::Answer(Ask::Identifier, text) => {
                self.open(&Target::Find(text));
                Effects::new()
            }
            OverlayOutcome::Answer(ask, text) => {
                let Self { known, views, active, .. } = self;
                if let Err(error) = views[*active].front().answer(ask, &text, &known.cx(true)) {
                    let mut overlay = overlay;
                    overlay.refuse(error);
                    self.overlays.push(overlay);
                }
                Effects::new()
            }
            OverlayOutcome::Filter { text, done } => {
                self.filter(&text);
                // A filter that cannot be read is not left standing: the line stays open over the message until it is
                // mended or taken back.
                let undoes = matches!(&overlay, Overlay::Filter(line) if line.is_as_before(&text));
                if !done || !undoes && self.views[self.active].front().is_filter_wrong() {
                    self.overlays.push(overlay);
                }
                Effects::new()
            }
        }
    }

    pub(super) fn filter(&mut self, text: &str) {
        let Self { known, views, active, .. } = self;
        views[*active].front().set_filter(text, &known.cx(true));
    }
}
