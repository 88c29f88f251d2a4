//! The Runner: carries out effects outside the loop.

use std::io::{self, Write};

use tokio::sync::{mpsc, watch};

use super::effect::{Effect, Watch};
use crate::store::health::SourceId;

/// Passes effects on to the sources and to the terminal. It never waits.
#[derive(Debug)]
pub struct Runner {
    watch: watch::Sender<Watch>,
    refresh: mpsc::Sender<SourceId>,
}

impl Runner {
    /// A runner that tells the poller at the other ends of these channels.
    pub const fn new(watch: watch::Sender<Watch>, refresh: mpsc::Sender<SourceId>) -> Self {
        Self { watch, refresh }
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
            Effect::Suspend | Effect::Redraw | Effect::Quit => {}
        }
    }
}

/// Puts text on the clipboard of the terminal by OSC 52, which works over SSH.
fn copy(text: &str) {
    let mut out = io::stdout();
    let _ = crossterm::execute!(out, crossterm::clipboard::CopyToClipboard::to_clipboard_from(text));
    let _ = out.flush();
}
