//! The Runner: carries out effects outside the loop.

use std::io::{self, Write};

use tokio::sync::{mpsc, watch};

use super::clipboard;
use super::effect::{Effect, Watch};
use super::msg::Msg;
use super::multiplexer::Multiplexer;
use super::notify::{Notification, Notifier};
use super::searcher::Searcher;
use crate::export::Job;
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
    inside: Multiplexer,
    /// Where is told what came of an export; weak, so that it does not keep the loop waiting for messages.
    told: Option<mpsc::WeakSender<Msg>>,
    searcher: Option<Searcher>,
}

impl Runner {
    /// A runner that tells the poller at the other ends of these channels.
    pub const fn new(watch: watch::Sender<Watch>, refresh: mpsc::Sender<SourceId>) -> Self {
        Self {
            watch,
            refresh,
            keep: None,
            note: None,
            notifier: None,
            inside: Multiplexer::None,
            told: None,
            searcher: None,
        }
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

    /// The runner of a terminal inside this; it tells the loop what came of exports.
    pub fn inside(self, inside: Multiplexer, told: mpsc::WeakSender<Msg>) -> Self {
        Self { inside, told: Some(told), ..self }
    }

    /// Carries out an export on a thread of its own: there may be many rows, and the disk takes its time.
    fn export(&self, job: Job) {
        let told = self.told.clone();
        tokio::task::spawn_blocking(move || {
            let outcome = job.carry_out(std::env::current_dir());
            if let Some(told) = told.and_then(|told| told.upgrade()) {
                // Nobody listens when the console has ended.
                let _ = told.blocking_send(Msg::Exported(outcome));
            }
        });
    }

    /// The runner with somebody who looks for lines; without, no filter reaches further than the rows.
    pub fn searching(self, searcher: Searcher) -> Self {
        Self { searcher: Some(searcher), ..self }
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

    /// Puts text on the clipboard of the terminal.
    fn copy(&self, text: &str) {
        let mut out = io::stdout();
        // The terminal that cannot be written to ends the console where it is drawn on.
        let _ = out.write_all(clipboard::sequence(text, self.inside).as_bytes()).and_then(|()| out.flush());
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
            Effect::Copy(text) => self.copy(&text),
            Effect::Export(job) => self.export(*job),
            Effect::Scan(scan) => {
                if let Some(searcher) = &mut self.searcher {
                    searcher.start(*scan);
                }
            }
            Effect::StopScan => {
                if let Some(searcher) = &self.searcher {
                    searcher.stop();
                }
            }
            Effect::Remember(entry) => self.keep(entry),
            Effect::Notify(notification) => self.notify(&notification),
            Effect::Note(asked) => self.note(&asked),
            Effect::Forget(_) | Effect::Suspend | Effect::Redraw | Effect::Quit => {}
        }
    }
}
