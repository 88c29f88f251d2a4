//! The Runner: carries out effects outside the loop.

use std::io::{self, Write};

use tokio::sync::{mpsc, watch};

use super::effect::{Effect, Watch};
use super::notify::{Notification, Notifier};
use crate::store::episode::Entry;
use crate::store::health::SourceId;
use crate::store::logbook::Asked;

/// Takes what is to be kept, at once: writing it down is somebody else's work.
pub type Keep = Box<dyn FnMut(Entry) + Send>;

/// Takes a query that was run, to be kept.
pub type NoteQuery = Box<dyn FnMut(&Asked) + Send>;

/// Passes effects on to the sources and to the terminal. It never waits.
pub struct Runner {
    watch: watch::Sender<Watch>,
    refresh: mpsc::Sender<SourceId>,
    keep: Option<Keep>,
    note: Option<NoteQuery>,
    notifier: Option<Notifier>,
}

impl Runner {
    /// A runner that tells the poller at the other ends of these channels.
    pub const fn new(watch: watch::Sender<Watch>, refresh: mpsc::Sender<SourceId>) -> Self {
        Self { watch, refresh, keep: None, note: None, notifier: None }
    }

    /// The runner with somebody who keeps the history; without, nothing outlives the run.
    pub fn keeping(self, keep: Keep) -> Self {
        Self { keep: Some(keep), ..self }
    }

    /// The runner with somebody who keeps the queries that were run.
    pub fn noting(self, note: NoteQuery) -> Self {
        Self { note: Some(note), ..self }
    }

    /// The runner with somebody who tells the user what fires; without, nobody is told.
    pub fn notifying(self, notifier: Notifier) -> Self {
        Self { notifier: Some(notifier), ..self }
    }

    fn notify(&self, notification: &Notification) {
        if let Some(notifier) = &self.notifier {
            notifier.tell(notification);
        }
    }

    fn note(&mut self, asked: &Asked) {
        if let Some(note) = &mut self.note {
            note(asked);
        }
    }

    fn keep(&mut self, entry: Entry) {
        if let Some(keep) = &mut self.keep {
            keep(entry);
        }
    }

    /// Carries out one effect. `Suspend`, `Redraw` and `Quit` are the loop's own and do nothing here.
    pub fn carry_out(&mut self, effect: Effect) {
        match effect {
            Effect::Watch(watch) => {
                self.watch.send_replace(watch);
            }
            Effect::Refresh(source) => {
                // A full queue means that a refresh is on its way already.
                let _ = self.refresh.try_send(source);
            }
            Effect::Copy(text) => copy(&text),
            Effect::Remember(entry) => self.keep(entry),
            Effect::Notify(notification) => self.notify(&notification),
            Effect::Note(asked) => self.note(&asked),
            Effect::Forget(_) | Effect::Suspend | Effect::Redraw | Effect::Quit => {}
        }
    }
}

/// Puts text on the clipboard of the terminal by OSC 52, which works over SSH.
fn copy(text: &str) {
    let mut out = io::stdout();
    let _ = crossterm::execute!(out, crossterm::clipboard::CopyToClipboard::to_clipboard_from(text));
    let _ = out.flush();
}
