//! A block of lines: their texts compressed together, what orders and tells them apart beside it.

use super::place::Place;

/// Stands behind each text of a block. The byte in its middle is in no UTF-8 text, so nothing that is looked for reaches
/// over it; the line feeds around it make texts begin and end where lines do.
pub const END: &[u8] = b"\n\xff\n";

/// Bytes of text that a block is made of, about. Larger ones compress no better, and take longer to open for one line.
pub(super) const BLOCK_BYTES: usize = 256 * 1024;

/// What a line is to the feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// No part of the feed.
    Other,
    /// No part of the feed, and says that something went wrong.
    Trouble,
    /// A request's start.
    Start,
    /// A request's good end.
    Success,
    /// A request's bad end.
    Failed,
}

impl Kind {
    /// How many there are.
    pub const COUNT: usize = 5;

    /// Whether the next-error key stops at it.
    pub const fn is_error(self) -> bool {
        matches!(self, Self::Trouble | Self::Failed)
    }

    /// What a line that is not part of the feed is, by the level that it names.
    pub fn of_level(level: &str) -> Self {
        let bad = ["ERROR", "FATAL", "CRITICAL", "EMERGENCY", "SEVERE"];
        if bad.iter().any(|word| level.eq_ignore_ascii_case(word)) { Self::Trouble } else { Self::Other }
    }

    /// What a line is that is no JSON object.
    pub fn of_plain(text: &str) -> Self {
        let mut words = text.split(|c: char| !c.is_ascii_alphabetic()).take(24);
        if words.any(|word| matches!(word, "ERROR" | "FATAL" | "CRITICAL")) { Self::Trouble } else { Self::Other }
    }

    /// Whether it is a request's end.
    pub const fn is_end(self) -> bool {
        matches!(self, Self::Success | Self::Failed)
    }
}

/// A line on its way into a block.
#[derive(Debug, Clone, Copy)]
pub(super) struct Item<'t> {
    pub(super) place: Place,
    pub(super) group: u16,
    pub(super) kind: Kind,
    pub(super) text: &'t [u8],
}

/// Which log group each line is from.
#[derive(Debug)]
enum Groups {
    One(u16),
    Each(Box<[u16]>),
}

#[derive(Debug)]
enum Packed {
    Lz4(Box<[u8]>),
    Plain(Box<[u8]>),
}

/// Lines, ascending by place.
#[derive(Debug)]
pub struct Block {
    base_ms: i64,
    /// Milliseconds after the base.
    times: Box<[u32]>,
    ties: Box<[u32]>,
    seqs: Box<[u32]>,
    /// Where each text ends among all of them; [`END`] follows it.
    ends: Box<[u32]>,
    kinds: Box<[Kind]>,
    counts: [u32; Kind::COUNT],
    groups: Groups,
    packed: Packed,
    raw_bytes: usize,
    /// The greatest number of arrival in it.
    newest: u64,
}

impl Block {
    /// Makes a compressed block of lines that are in order and not empty; `arrived` is the number of the last arrival,
    /// `joined` their texts, each followed by [`END`], where they stand so already.
    pub(super) fn pack(items: &[Item<'_>], joined: Option<&[u8]>, arrived: u64, room: &mut Room) -> Self {
        let raw = if let Some(raw) = joined {
            raw
        } else {
            join(items, &mut room.raw);
            &room.raw
        };
        let most = lz4_flex::block::get_maximum_output_size(raw.len());
        if room.packed.len() < most {
            room.packed.resize(most, 0);
        }
        let packed = match lz4_flex::block::compress_into(raw, &mut room.packed) {
            Ok(size) if size < raw.len() => Packed::Lz4(room.packed[..size].into()),
            // What does not shrink is kept as it is.
            Ok(_) | Err(_) => Packed::Plain(raw.into()),
        };
        Self::of(items, raw.len(), packed, arrived)
    }

    /// Makes a block that is not compressed: for lines that are looked at once.
    pub(super) fn plain(items: &[Item<'_>], arrived: u64) -> Self {
        let mut raw = Vec::new();
        join(items, &mut raw);
        Self::of(items, raw.len(), Packed::Plain(raw.into()), arrived)
    }

    fn of(items: &[Item<'_>], raw_bytes: usize, packed: Packed, arrived: u64) -> Self {
        let base_ms = items.first().map_or(0, |item| item.place.ms);
        let mut end = 0;
        let ends = items.iter().map(|item| {
            let this = end + item.text.len();
            end = this + END.len();
            this as u32
        });
        let one = items.first().map_or(0, |item| item.group);
        let groups = if items.iter().all(|item| item.group == one) {
            Groups::One(one)
        } else {
            Groups::Each(items.iter().map(|item| item.group).collect())
        };
        let mut counts = [0; Kind::COUNT];
        for item in items {
            counts[item.kind as usize] += 1;
        }
        let number = |item: &Item<'_>| arrival(arrived, item.place.seq());
        Self {
            base_ms,
            times: items.iter().map(|item| (item.place.ms - base_ms) as u32).collect(),
            ties: items.iter().map(|item| item.place.tie()).collect(),
            seqs: items.iter().map(|item| item.place.seq()).collect(),
            ends: ends.collect(),
            kinds: items.iter().map(|item| item.kind).collect(),
            counts,
            groups,
            packed,
            raw_bytes,
            newest: items.iter().map(number).max().unwrap_or_default(),
        }
    }

    /// How many lines it has.
    pub fn len(&self) -> usize {
        self.kinds.len()
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.kinds.is_empty()
    }

    /// How many of its lines are of a kind.
    pub const fn count(&self, kind: Kind) -> usize {
        self.counts[kind as usize] as usize
    }

    /// Bytes of memory that it takes.
    pub(super) fn cost(&self) -> usize {
        let packed = match &self.packed {
            Packed::Lz4(bytes) | Packed::Plain(bytes) => bytes.len(),
        };
        let groups = if let Groups::Each(groups) = &self.groups { groups.len() * 2 } else { 0 };
        size_of::<Self>() + packed + groups + self.len() * (4 * 4 + 1)
    }

    /// Bytes of its texts, opened.
    pub const fn raw_bytes(&self) -> usize {
        self.raw_bytes
    }

    /// The number of the last arrival in it.
    pub const fn newest(&self) -> u64 {
        self.newest
    }

    /// The number of a line's arrival.
    pub fn arrival(&self, at: usize) -> u64 {
        arrival(self.newest, self.seqs.get(at).copied().unwrap_or_default())
    }

    /// The place of a line.
    pub fn place(&self, at: usize) -> Option<Place> {
        Some(Place::new(self.base_ms + i64::from(*self.times.get(at)?), *self.ties.get(at)?, *self.seqs.get(at)?))
    }

    /// The place of its first line.
    pub fn first(&self) -> Place {
        self.place(0).unwrap_or(Place::before(i64::MIN))
    }

    /// The place of its last line.
    pub fn last(&self) -> Place {
        self.place(self.len().saturating_sub(1)).unwrap_or(Place::before(i64::MIN))
    }

    /// What a line is.
    pub fn kind(&self, at: usize) -> Kind {
        self.kinds.get(at).copied().unwrap_or(Kind::Other)
    }

    /// Which group a line is from.
    pub fn group(&self, at: usize) -> u16 {
        match &self.groups {
            Groups::One(group) => *group,
            Groups::Each(groups) => groups.get(at).copied().unwrap_or_default(),
        }
    }

    /// How many of its lines stand before a place.
    pub fn rank(&self, place: Place) -> usize {
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = usize::midpoint(low, high);
            if self.place(middle).is_some_and(|here| here < place) { low = middle + 1 } else { high = middle }
        }
        low
    }

    /// Where a line's text stands in the opened texts.
    pub fn span(&self, at: usize) -> std::ops::Range<usize> {
        let start = if at == 0 { 0 } else { self.ends.get(at - 1).map_or(0, |end| *end as usize + END.len()) };
        start..self.ends.get(at).map_or(start, |end| *end as usize)
    }

    /// The line whose text holds a byte of the opened texts; it is `at` or a later one, often the next.
    pub fn line_from(&self, at: usize, byte: usize) -> usize {
        let rest = self.ends.get(at..).unwrap_or_default();
        let is_before = |end: &u32| (*end as usize) < byte;
        match rest.iter().take(4).position(|end| !is_before(end)) {
            Some(further) => at + further,
            None => at + rest.partition_point(is_before),
        }
    }

    /// Opens its texts into a buffer: each followed by [`END`].
    pub fn open(&self, into: &mut Vec<u8>) {
        match &self.packed {
            Packed::Plain(raw) => {
                into.clear();
                into.extend_from_slice(raw);
            }
            Packed::Lz4(packed) => {
                into.resize(self.raw_bytes, 0);
                if lz4_flex::block::decompress_into(packed, into).is_err() {
                    // What was packed here a moment ago opens; if memory rots, the block reads as empty lines.
                    into.fill(b' ');
                }
            }
        }
    }

    /// Its lines, given its opened texts.
    pub(super) fn items<'t>(&'t self, raw: &'t [u8]) -> impl Iterator<Item = Item<'t>> {
        (0..self.len()).filter_map(move |at| {
            let text = raw.get(self.span(at))?;
            Some(Item { place: self.place(at)?, group: self.group(at), kind: self.kind(at), text })
        })
    }
}

/// The number of an arrival whose lower half is known, given one that is not before it.
const fn arrival(later: u64, seq: u32) -> u64 {
    later.wrapping_sub((later as u32).wrapping_sub(seq) as u64)
}

/// Room in which blocks are made, so that it is asked for once.
#[derive(Debug, Default)]
pub(super) struct Room {
    raw: Vec<u8>,
    packed: Vec<u8>,
}

/// A copy makes its own blocks.
impl Clone for Room {
    fn clone(&self) -> Self {
        Self::default()
    }
}

fn join(items: &[Item<'_>], raw: &mut Vec<u8>) {
    raw.clear();
    raw.reserve(items.iter().map(|item| item.text.len() + END.len()).sum());
    for item in items {
        raw.extend_from_slice(item.text);
        raw.extend_from_slice(END);
    }
}

/// Blocks of about [`BLOCK_BYTES`] of lines that are in order; `joined` are their texts where they stand so already.
pub(super) fn packed(items: &[Item<'_>], joined: Option<&[u8]>, arrived: u64, room: &mut Room) -> Vec<Block> {
    let bytes: usize = items.iter().map(|item| item.text.len() + END.len()).sum();
    // Blocks of one size, instead of a small last one.
    let target = bytes / (bytes + BLOCK_BYTES / 2).div_euclid(BLOCK_BYTES).max(1);
    let (mut rest, mut from, mut blocks) = (items, 0, Vec::new());
    while let Some(first) = rest.first() {
        let base = first.place.ms;
        let (mut size, mut end) = (0, 0);
        let fits = |item: &&Item<'_>| {
            let before = size;
            size += item.text.len() + END.len();
            let fits = before < target.max(1) && item.place.ms - base <= i64::from(u32::MAX);
            if fits || before == 0 {
                end = size;
            }
            fits
        };
        let count = rest.iter().take_while(fits).count().max(1);
        let (these, others) = rest.split_at(count);
        rest = others;
        let joined = joined.and_then(|raw| raw.get(from..from + end));
        from += end;
        blocks.push(Block::pack(these, joined, arrived, room));
    }
    blocks
}
