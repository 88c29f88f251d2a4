//! Reading single lines: what is around the cursor stands in the same few blocks, so the last ones stay open.

use std::sync::Arc;

use super::Lines;
use super::block::{Block, Kind};
use super::place::Place;

/// How many blocks stay open.
const OPENED: usize = 4;

/// A line that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Its place.
    pub place: Place,
    /// Index of its group among the board's feed groups.
    pub group: u16,
    /// What it is.
    pub kind: Kind,
    /// Its text, raw.
    pub text: Box<str>,
}

/// Opens blocks, and keeps the last ones open.
#[derive(Debug, Default)]
pub struct Reader {
    opened: Vec<(Arc<Block>, Vec<u8>)>,
}

impl Reader {
    /// Reads a line, `None` where it is not kept any more.
    pub fn read(&mut self, lines: &Lines, place: Place) -> Option<Line> {
        if let Some(item) = lines.head.get(place).or_else(|| lines.late.get(place)) {
            let text = String::from_utf8_lossy(item.text).into();
            return Some(Line { place, group: item.group, kind: item.kind, text });
        }
        let (block, at) = lines.block_of(place)?;
        let raw = self.raw(block);
        let text = String::from_utf8_lossy(raw.get(block.span(at))?).into();
        Some(Line { place, group: block.group(at), kind: block.kind(at), text })
    }

    fn raw(&mut self, block: &Arc<Block>) -> &[u8] {
        if let Some(known) = self.opened.iter().position(|(opened, _)| Arc::ptr_eq(opened, block)) {
            let known = self.opened.remove(known);
            self.opened.push(known);
        } else {
            let mut raw = if self.opened.len() >= OPENED { self.opened.remove(0).1 } else { Vec::new() };
            block.open(&mut raw);
            self.opened.push((Arc::clone(block), raw));
        }
        self.opened.last().map_or(&[], |(_, raw)| raw)
    }
}
