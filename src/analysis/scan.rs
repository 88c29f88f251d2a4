//! Looking through all lines for those that pass a filter: newest first, on several threads, until told to stop.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::sync_channel;

use super::filter::{Find, Judge, LineView};
use crate::store::lines::{Block, END, Kind, Place, Snapshot};

/// Which lines are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scope {
    /// Starts and ends of requests.
    Requests,
    /// All.
    Lines,
}

impl Scope {
    /// Whether a kind of line is looked at.
    pub const fn takes(self, kind: Kind) -> bool {
        match self {
            Self::Requests => matches!(kind, Kind::Start | Kind::Success | Kind::Failed),
            Self::Lines => true,
        }
    }
}

/// A line that passes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hit {
    /// Where it stands.
    pub place: Place,
    /// What it is.
    pub kind: Kind,
}

/// What a part of the scan has found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Batch {
    /// Lines that pass, those of a block ascending, blocks from the newest on.
    pub hits: Vec<Hit>,
    /// Lines that were looked at.
    pub seen: u64,
    /// In milliseconds, the time after which every line has been looked at; `None` where all have.
    pub back_to: Option<i64>,
}

/// What is looked for, in what.
#[derive(Debug, Clone)]
pub struct Search {
    /// The lines.
    pub snapshot: Snapshot,
    /// Only lines that came after so many.
    pub since: u64,
    /// Which of them.
    pub scope: Scope,
    /// Which of those pass.
    pub judge: Arc<Judge>,
}

/// Hits of a first answer: more than a screen.
const FIRST: usize = 128;
/// Hits of a later answer.
const HITS: usize = 8_192;
/// Lines after which it is told how far the scan has come, whatever was found.
const SEEN: u64 = 65_536;
/// Blocks that may wait to be told of.
const WAITING: usize = 32;

impl Search {
    /// How many lines there are to look at.
    pub fn lines(&self) -> u64 {
        self.blocks().map(|block| block.len() as u64).sum()
    }

    fn blocks(&self) -> impl Iterator<Item = &Arc<Block>> {
        self.snapshot.blocks.iter().filter(|block| self.since == 0 || block.newest() >= self.since)
    }

    /// Looks through all, on so many threads; `tell` takes what was found, in order, and says whether to go on.
    ///
    /// `cancelled` is asked before every block. Returns whether the scan came to its end.
    pub fn run(
        &self,
        threads: usize,
        cancelled: &(dyn Fn() -> bool + Sync),
        tell: &mut dyn FnMut(Batch) -> bool,
    ) -> bool {
        let blocks: Vec<&Arc<Block>> = self.blocks().collect();
        let (next, stopped) = (AtomicUsize::new(0), AtomicBool::new(false));
        std::thread::scope(|scope| {
            let (done, results) = sync_channel::<(usize, Batch)>(WAITING);
            for _ in 0..threads.clamp(1, blocks.len().max(1)) {
                let done = done.clone();
                let (blocks, next, stopped) = (&blocks, &next, &stopped);
                scope.spawn(move || {
                    let mut raw = Vec::new();
                    loop {
                        let at = next.fetch_add(1, Ordering::Relaxed);
                        let Some(block) = blocks.get(at) else { return };
                        if stopped.load(Ordering::Relaxed) || cancelled() {
                            stopped.store(true, Ordering::Relaxed);
                            return;
                        }
                        let mut batch = Batch { seen: block.len() as u64, ..Batch::default() };
                        self.look(block, &mut raw, &mut batch.hits);
                        if done.send((at, batch)).is_err() {
                            return;
                        }
                    }
                });
            }
            drop(done);
            gather(&blocks, &results, &stopped, tell);
        });
        !stopped.into_inner()
    }

    /// Looks through one block.
    pub fn look(&self, block: &Block, raw: &mut Vec<u8>, hits: &mut Vec<Hit>) {
        let takes = |kind: Kind| self.scope.takes(kind) && self.judge.takes(kind);
        if !KINDS.into_iter().any(|kind| takes(kind) && block.count(kind) > 0) {
            return;
        }
        let is_new = |at: usize| self.since == 0 || block.arrival(at) >= self.since;
        let mut consider = |at: usize, passes: &dyn Fn(i64, Kind) -> bool| {
            let kind = block.kind(at);
            if takes(kind)
                && is_new(at)
                && let Some(place) = block.place(at)
                && passes(place.ms, kind)
            {
                hits.push(Hit { place, kind });
            }
        };
        if self.judge.is_by_kind() {
            (0..block.len()).for_each(|at| consider(at, &|_, _| true));
            return;
        }
        block.open(raw);
        let raw = raw.as_slice();
        let text = |at: usize| raw.get(block.span(at)).unwrap_or_default();
        let judged = |at: usize| move |ms, kind| self.judge.passes(LineView { ms, kind, text: text(at) });
        let find = self.judge.find();
        if matches!(find, Find::Nothing) {
            (0..block.len()).for_each(|at| consider(at, &judged(at)));
            return;
        }
        let is_whole = self.judge.is_whole();
        each_find(
            block,
            |from| find.next(raw, from),
            |at, found| {
                let span = block.span(at);
                // What reaches beyond the line into what parts it from the next may not be found in the line alone.
                let inside = span.start <= found.start && found.end <= span.end;
                match self.judge.sole() {
                    Some(sole) if inside => {
                        let passes = sole.passes_at(text(at), found.start - span.start);
                        if passes {
                            consider(at, &|_, _| true);
                        }
                        // The name may stand in the line once more.
                        if passes { span.end + END.len() } else { found.end }
                    }
                    _ => {
                        if is_whole && inside {
                            consider(at, &|_, _| true);
                        } else {
                            consider(at, &judged(at));
                        }
                        span.end + END.len()
                    }
                }
            },
        );
    }
}

/// Tells what was found in the order of blocks, a screenful at once and then in larger parts.
fn gather(
    blocks: &[&Arc<Block>],
    results: &std::sync::mpsc::Receiver<(usize, Batch)>,
    stopped: &AtomicBool,
    tell: &mut dyn FnMut(Batch) -> bool,
) {
    let mut early = BTreeMap::new();
    let (mut due, mut most, mut gathered) = (0, FIRST, Batch::default());
    while let Ok((at, batch)) = results.recv() {
        early.insert(at, batch);
        while let Some(batch) = early.remove(&due) {
            due += 1;
            gathered.seen += batch.seen;
            gathered.hits.extend(batch.hits);
            // Blocks of late lines are few and stand before older ones; what follows those is older still.
            gathered.back_to = blocks.iter().skip(due).take(2).map(|block| block.last().ms).max();
            if gathered.hits.len() >= most || gathered.seen >= SEEN {
                most = HITS;
                if !tell(std::mem::take(&mut gathered)) {
                    // The threads notice before their next block, and nobody waits for what they still send.
                    stopped.store(true, Ordering::Relaxed);
                    return;
                }
            }
        }
    }
    if !stopped.load(Ordering::Relaxed) && gathered != Batch::default() && !tell(gathered) {
        stopped.store(true, Ordering::Relaxed);
    }
}

/// Visits what is found in a block, given where it is found next from a byte on, with the line in which it begins;
/// `visit` says from where to go on.
fn each_find(
    block: &Block,
    mut find: impl FnMut(usize) -> Option<Range<usize>>,
    mut visit: impl FnMut(usize, Range<usize>) -> usize,
) {
    let (mut from, mut at) = (0, 0);
    while let Some(found) = find(from) {
        at = block.line_from(at, found.start);
        if at >= block.len() {
            return;
        }
        from = visit(at, found);
        if from >= block.raw_bytes() {
            return;
        }
    }
}

const KINDS: [Kind; Kind::COUNT] = [Kind::Other, Kind::Trouble, Kind::Start, Kind::Success, Kind::Failed];

#[cfg(test)]
mod tests;
