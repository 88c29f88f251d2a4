//! Carries out scans on threads that may block, one scan at a time.

use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::msg::{Msg, Update};
use super::scans::Scan;
use crate::analysis::scan::Batch;
use crate::store::found::FoundBatch;

/// Threads of one scan at most: the rest of the machine is not ours.
const THREADS: usize = 4;

/// Runs the newest scan; what it has found goes into the loop.
#[derive(Debug)]
pub struct Searcher {
    messages: mpsc::WeakSender<Msg>,
    running: CancellationToken,
}

impl Searcher {
    /// A searcher that tells the loop at the other end of the channel.
    pub fn new(messages: mpsc::WeakSender<Msg>) -> Self {
        Self { messages, running: CancellationToken::new() }
    }

    /// Begins a scan; the one before it stops at its next block.
    pub(super) fn start(&mut self, scan: Scan) {
        self.stop();
        let token = CancellationToken::new();
        self.running = token.clone();
        let Some(messages) = self.messages.upgrade() else { return };
        tokio::task::spawn_blocking(move || run(&scan, &token, &messages));
    }

    /// Stops the scan that is under way.
    pub(super) fn stop(&self) {
        self.running.cancel();
    }
}

impl Drop for Searcher {
    fn drop(&mut self) {
        self.stop();
    }
}

fn run(scan: &Scan, token: &CancellationToken, messages: &mpsc::Sender<Msg>) {
    let search = &scan.search;
    let batch = |part: Batch, done| FoundBatch {
        id: scan.id,
        key: scan.key.clone(),
        anew: search.since == 0,
        hits: part.hits,
        seen: part.seen,
        back_to: part.back_to,
        of: search.lines(),
        upto: search.snapshot.arrived,
        done,
    };
    let tell = |batch| !token.is_cancelled() && messages.blocking_send(Msg::Feed(Update::Found(batch))).is_ok();
    let threads = std::thread::available_parallelism().map_or(1, usize::from).min(THREADS);
    if search.run(threads, &|| token.is_cancelled(), &mut |part| tell(batch(part, false))) {
        tell(batch(Batch::default(), true));
    }
}
