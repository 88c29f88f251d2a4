//! Lines that are not packed yet.

use super::block::{Block, Item, Kind};
use super::place::Place;

/// Lines in order of place, their texts in order of arrival.
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
        if self.entries.last().is_none_or(|last| last.place < item.place) {
            self.entries.push(entry);
        } else {
            let at = self.entries.partition_point(|other| other.place < item.place);
            self.entries.insert(at, entry);
        }
    }

    /// Bytes of its texts.
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

    /// Takes the oldest lines out, about so many bytes of them.
    pub(super) fn split_oldest(&mut self, bytes: usize) -> Self {
        let mut size = 0;
        let count = self.entries.iter().take_while(|entry| {
            let before = size;
            size += entry.bytes as usize;
            before < bytes
        });
        let count = count.count();
        let mut halves = [Self::default(), Self::default()];
        for (at, entry) in self.entries.iter().enumerate() {
            halves[usize::from(at >= count)].insert(self.item(entry));
        }
        let [oldest, rest] = halves;
        *self = rest;
        oldest
    }

    /// Its lines as a block that is not packed.
    pub(super) fn plain(&self, arrived: u64) -> Option<Block> {
        let items: Vec<Item<'_>> = self.items().collect();
        (!items.is_empty()).then(|| Block::plain(&items, arrived))
    }
}
