//! Every line of the feed that is kept: compressed in blocks, in order of time, dropped from the old end by bytes.
//!
//! New lines stand in an open head. When it has grown, its older half is packed; the younger stays open, so that a line
//! that is a little late still finds its neighbours there. A line older than what is packed waits among the late ones:
//! many of them become blocks of their own where nothing was, as the past does that is read newest first, and are merged
//! into the blocks where something was.

use std::collections::VecDeque;
use std::sync::Arc;

use crate::store::log::LogEvent;

mod block;
mod open;
mod place;
mod reader;

pub use block::{Block, END, Kind};
pub use place::Place;
pub use reader::{Line, Reader};

use block::{BLOCK_BYTES, Item, Room, packed};
use open::Open;

/// How many bytes of memory lines may take where nothing else is configured.
pub const KEPT_BYTES: usize = 256 << 20;

/// The lines that are kept.
#[derive(Debug, Clone)]
pub struct Lines {
    /// Ascending; no two overlap.
    blocks: VecDeque<Arc<Block>>,
    head: Open,
    late: Open,
    arrived: u64,
    limit: usize,
    packed_cost: usize,
    packed_bytes: usize,
    packed_count: usize,
    dropped: u64,
    room: Room,
}

impl Default for Lines {
    fn default() -> Self {
        Self {
            blocks: VecDeque::new(),
            head: Open::default(),
            late: Open::default(),
            arrived: 0,
            limit: KEPT_BYTES,
            packed_cost: 0,
            packed_bytes: 0,
            packed_count: 0,
            dropped: 0,
            room: Room::default(),
        }
    }
}

/// All lines of one moment, for whoever reads them elsewhere. Blocks are shared, not copied.
#[derive(Debug, Clone)]
pub struct Snapshot {
    /// Blocks, those with the newest lines first.
    pub blocks: Vec<Arc<Block>>,
    /// How many lines had come.
    pub arrived: u64,
}

impl Lines {
    /// Keeps at most so many bytes from now on.
    pub fn keep(&mut self, bytes: usize) {
        self.limit = bytes;
        self.drop_oldest();
    }

    /// The place that a line will have.
    pub fn place(&self, event: &LogEvent) -> Place {
        Place::of(event.time, event.group, &event.message, self.arrived)
    }

    /// Takes in a line, at its [`Self::place`].
    pub fn push(&mut self, event: &LogEvent, kind: Kind) -> Place {
        let place = self.place(event);
        self.put(place, event, kind);
        place
    }

    /// Takes in a line whose place is known.
    pub fn put(&mut self, place: Place, event: &LogEvent, kind: Kind) {
        self.arrived += 1;
        let item = Item { place, group: event.group, kind, text: event.message.as_bytes() };
        if self.blocks.back().is_some_and(|last| place < last.last()) {
            self.late.insert(item);
            if self.late.bytes() >= BLOCK_BYTES {
                self.settle_late();
            }
        } else {
            self.head.insert(item);
            if self.head.bytes() >= 2 * BLOCK_BYTES {
                let oldest = self.head.oldest(BLOCK_BYTES);
                let items: Vec<Item<'_>> = self.head.items().take(oldest).collect();
                let blocks = packed(&items, self.head.joined(oldest), self.arrived, &mut self.room);
                self.head.forget(oldest);
                for block in blocks {
                    self.insert(self.blocks.len(), block);
                }
            }
        }
        self.drop_oldest();
    }

    fn insert(&mut self, at: usize, block: Block) {
        self.packed_cost += block.cost();
        self.packed_bytes += block.raw_bytes();
        self.packed_count += block.len();
        self.blocks.insert(at, Arc::new(block));
    }

    fn remove(&mut self, at: usize) -> Option<Arc<Block>> {
        let block = self.blocks.remove(at)?;
        self.packed_cost -= block.cost();
        self.packed_bytes -= block.raw_bytes();
        self.packed_count -= block.len();
        Some(block)
    }

    /// Packs the late lines: between the blocks where they stand between them, else into them.
    fn settle_late(&mut self) {
        let late = std::mem::take(&mut self.late);
        let items: Vec<Item<'_>> = late.items().collect();
        let mut rest = items.as_slice();
        while let Some(first) = rest.first() {
            let at = self.blocks.partition_point(|block| block.last() < first.place);
            let (start, end) = match self.blocks.get(at) {
                Some(block) => (block.first(), Some(block.last())),
                None => (first.place, None),
            };
            let before = rest.partition_point(|item| item.place < start);
            let size: usize = rest[..before].iter().map(|item| item.text.len()).sum();
            if size >= BLOCK_BYTES / 4 || end.is_none() {
                let count = if end.is_none() { rest.len() } else { before };
                let (these, others) = rest.split_at(count);
                rest = others;
                for (nth, block) in packed(these, None, self.arrived, &mut self.room).into_iter().enumerate() {
                    self.insert(at + nth, block);
                }
                continue;
            }
            // A few lines before a block, or within it, go into it.
            let upto = rest.partition_point(|item| end.is_some_and(|end| item.place < end));
            let (these, others) = rest.split_at(upto);
            rest = others;
            let Some(block) = self.remove(at) else { return };
            let mut raw = Vec::new();
            block.open(&mut raw);
            let mut merged: Vec<Item<'_>> = block.items(&raw).chain(these.iter().copied()).collect();
            merged.sort_by_key(|item| item.place);
            for (nth, block) in packed(&merged, None, self.arrived, &mut self.room).into_iter().enumerate() {
                self.insert(at + nth, block);
            }
        }
    }

    fn drop_oldest(&mut self) {
        while self.bytes_held() > self.limit
            && let Some(gone) = self.remove(0)
        {
            self.dropped += gone.len() as u64;
        }
    }

    /// Bytes of memory that the lines take.
    pub const fn bytes_held(&self) -> usize {
        self.packed_cost + self.head.bytes() + self.late.bytes()
    }

    /// Bytes of the texts that are kept, as they came.
    pub const fn bytes_kept(&self) -> usize {
        self.packed_bytes + self.head.bytes() + self.late.bytes()
    }

    /// How many lines are kept.
    pub const fn len(&self) -> usize {
        self.packed_count + self.head.len() + self.late.len()
    }

    /// Whether no line is kept.
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many lines have come.
    pub const fn arrived(&self) -> u64 {
        self.arrived
    }

    /// How many were dropped to make room.
    pub const fn dropped(&self) -> u64 {
        self.dropped
    }

    /// The place of the oldest line.
    pub fn oldest(&self) -> Option<Place> {
        self.newer(Place::before(i64::MIN), |_| true)
    }

    /// The place of the newest line.
    pub fn newest(&self) -> Option<Place> {
        self.older(Place::before(i64::MAX), |_| true)
    }

    /// The nearest wanted line before a place.
    pub fn older(&self, place: Place, wanted: impl Fn(Kind) -> bool) -> Option<Place> {
        let open = [&self.head, &self.late].into_iter().filter_map(|open| open.near(place, false, &wanted));
        let blocks = self.blocks.partition_point(|block| block.first() < place);
        let packed = self.blocks.range(..blocks).rev().find_map(|block| {
            let has = ALL.iter().any(|kind| wanted(*kind) && block.count(*kind) > 0);
            let at = if has { (0..block.rank(place)).rev().find(|at| wanted(block.kind(*at))) } else { None };
            block.place(at?)
        });
        open.chain(packed).max()
    }

    /// The nearest wanted line after a place.
    pub fn newer(&self, place: Place, wanted: impl Fn(Kind) -> bool) -> Option<Place> {
        let open = [&self.head, &self.late].into_iter().filter_map(|open| open.near(place, true, &wanted));
        let before = self.blocks.partition_point(|block| block.last() <= place);
        let packed = self.blocks.range(before..).find_map(|block| {
            let has = ALL.iter().any(|kind| wanted(*kind) && block.count(*kind) > 0);
            let from = block.rank(place) + usize::from(block.place(block.rank(place)) == Some(place));
            let at = if has { (from..block.len()).find(|at| wanted(block.kind(*at))) } else { None };
            block.place(at?)
        });
        open.chain(packed).min()
    }

    /// Whether a line is kept.
    pub fn contains(&self, place: Place) -> bool {
        self.older(Place::new(place.ms, place.tie(), place.seq().saturating_add(1)), |_| true) == Some(place)
    }

    fn block_of(&self, place: Place) -> Option<(&Arc<Block>, usize)> {
        let block = self.blocks.get(self.blocks.partition_point(|block| block.last() < place))?;
        let at = block.rank(place);
        (block.place(at) == Some(place)).then_some((block, at))
    }

    /// How many lines of a kind are kept in the blocks; the open ones are few.
    pub fn packed_of(&self, kind: Kind) -> usize {
        self.blocks.iter().map(|block| block.count(kind)).sum()
    }

    /// All lines of this moment: those not packed are copied, the others shared.
    pub fn snapshot(&self) -> Snapshot {
        let open = [&self.head, &self.late].into_iter().filter_map(|open| open.plain(self.arrived)).map(Arc::new);
        let blocks = open.chain(self.blocks.iter().rev().cloned()).collect();
        Snapshot { blocks, arrived: self.arrived }
    }
}

const ALL: [Kind; Kind::COUNT] = [Kind::Other, Kind::Trouble, Kind::Start, Kind::Success, Kind::Failed];

#[cfg(test)]
mod tests;
