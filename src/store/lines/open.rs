//! Lines that are not packed yet.

use super::block::{Block, END, Item, Kind};
use super::place::Place;

/// Lines in order of place, their texts in order of arrival, each followed by [`END`] as in a block: lines that came in
/// order are packed as they stand.
#[derive(Debug, Clone, Default)]
pub(super) struct Open {
    texts: Vec<u8>,
    entries: Vec<Entry>,
}

#[derive(Debug, Clone, Copy)]
struct Entry {
    place: Place,
    start: u32,
    bytes: u32,
    group: u16,
    kind: Kind,
}

impl Open {
    pub(super) fn insert(&mut self, item: Item<'_>) {
        let entry = Entry {
            place: item.place,
            start: self.texts.len() as u32,
            bytes: item.text.len() as u32,
            group: item.group,
            kind: item.kind,
        };
        self.texts.extend_from_slice(item.text);
        self.texts.extend_from_slice(END);
        if self.entries.last().is_none_or(|last| last.place < item.place) {
            self.entries.push(entry);
        } else {
            let at = self.entries.partition_point(|other| other.place < item.place);
            self.entries.insert(at, entry);
        }
    }

    /// Bytes of its texts and of what ends them.
    pub(super) const fn bytes(&self) -> usize {
        self.texts.len()
    }

    pub(super) const fn len(&self) -> usize {
        self.entries.len()
    }

    fn item(&self, entry: &Entry) -> Item<'_> {
        let (start, bytes) = (entry.start as usize, entry.bytes as usize);
        let text = self.texts.get(start..start + bytes).unwrap_or_default();
        Item { place: entry.place, group: entry.group, kind: entry.kind, text }
    }

    /// Its lines in order.
    pub(super) fn items(&self) -> impl DoubleEndedIterator<Item = Item<'_>> {
        self.entries.iter().map(|entry| self.item(entry))
    }

    pub(super) fn get(&self, place: Place) -> Option<Item<'_>> {
        let at = self.entries.binary_search_by_key(&place, |entry| entry.place).ok()?;
        self.entries.get(at).map(|entry| self.item(entry))
    }

    /// The nearest line before a place, or after it, that is wanted.
    pub(super) fn near(&self, place: Place, later: bool, wanted: impl Fn(Kind) -> bool) -> Option<Place> {
        let wanted = |entry: &&Entry| wanted(entry.kind);
        if later {
            let from = self.entries.partition_point(|entry| entry.place <= place);
            self.entries.iter().skip(from).find(wanted).map(|entry| entry.place)
        } else {
            let to = self.entries.partition_point(|entry| entry.place < place);
            self.entries[..to].iter().rev().find(wanted).map(|entry| entry.place)
        }
    }

    /// How many of the oldest lines make about so many bytes.
    pub(super) fn oldest(&self, bytes: usize) -> usize {
        let mut size = 0;
        let fits = |entry: &&Entry| {
            let before = size;
            size += entry.bytes as usize;
            before < bytes
        };
        self.entries.iter().take_while(fits).count()
    }

    /// The texts of so many of the oldest lines, if they stand at the front and in order.
    pub(super) fn joined(&self, count: usize) -> Option<&[u8]> {
        let mut end = 0;
        for entry in self.entries.get(..count)? {
            if entry.start as usize != end {
                return None;
            }
            end += entry.bytes as usize + END.len();
        }
        self.texts.get(..end)
    }

    /// Forgets so many of the oldest lines.
    pub(super) fn forget(&mut self, count: usize) {
        let (gone, rest) = self.entries.split_at(count.min(self.entries.len()));
        let size: usize = gone.iter().map(|entry| entry.bytes as usize + END.len()).sum();
        let front = rest.iter().map(|entry| entry.start as usize).min().unwrap_or(self.texts.len());
        // Lines of one instant stand by their text, so some that go may have come after some that stay: those leave a
        // gap that goes next time. Where most of what goes stands so, as behind a line of a time to come, all is laid anew.
        if front >= size / 2 {
            self.texts.drain(..front);
            self.entries.drain(..count);
            for entry in &mut self.entries {
                entry.start -= front as u32;
            }
            return;
        }
        let mut rest = Self::default();
        rest.texts.reserve(self.texts.capacity());
        self.items().skip(count).for_each(|item| rest.insert(item));
        *self = rest;
    }

    /// Its lines as a block that is not packed.
    pub(super) fn plain(&self, arrived: u64) -> Option<Block> {
        let items: Vec<Item<'_>> = self.items().collect();
        (!items.is_empty()).then(|| Block::plain(&items, arrived))
    }
}
