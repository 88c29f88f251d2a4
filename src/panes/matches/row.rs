//! One log line in a list.

use std::ops::Range;

use crate::board::Status;
use crate::insights::pattern::Pattern;
use crate::panes::Cx;
use crate::store::log::LogEvent;
use crate::text::{clean_head, clean_marked, time};

/// Tells lines apart, however alike: time, text, and the how-manieth of its kind.
pub type LineKey = (i64, u64, u32);

/// A line as it is drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineRow {
    /// The time of day with milliseconds, in the zone on screen.
    pub time: String,
    /// Its cells, where lines have columns; empty otherwise.
    pub cells: String,
    /// The line, clean.
    pub text: String,
    /// What made it match, as bytes of the text.
    pub marks: Vec<Range<usize>>,
    /// Whether it tells of a failure.
    pub failed: bool,
}

impl LineRow {
    /// A line, with what made it match the pattern, and its cells.
    pub(super) fn new(line: &LogEvent, pattern: Option<&Pattern>, cells: String, cx: &Cx<'_>) -> Self {
        let mut marks = pattern.and_then(|pattern| pattern.explain(&line.message)).unwrap_or_default();
        let text = clean_head(&line.message, HEAD);
        // What is marked beyond the head is not shown, and nobody looks at that many marks.
        let end = line.message.floor_char_boundary(HEAD);
        marks.retain(|mark| mark.end <= end);
        marks.truncate(MOST_MARKS);
        let (_, mut marks) = clean_marked(&line.message[..end], &marks);
        marks.retain(|mark| {
            mark.end <= text.len() && text.is_char_boundary(mark.start) && text.is_char_boundary(mark.end)
        });
        let text = text.into_owned();
        Self { time: time::clock_ms(&cx.zone.at(line.time)), cells, text, marks, failed: is_failure(line, cx) }
    }

    /// The part of the text from a byte on that a cursor, moved right by so many cells, sees in `room` cells: from the
    /// beginning where the first mark is in view there, else from a little before the mark.
    pub(super) fn start(&self, shift: usize, room: usize) -> usize {
        let cells = |text: &str| crate::text::width(text);
        let lead = self.marks.first().map_or(0, |mark| {
            if cells(&self.text[..mark.end]) < room { 0 } else { cells(&self.text[..mark.start]).saturating_sub(LEAD) }
        });
        let (head, _) = crate::text::width::split(&self.text, lead + shift);
        head.len()
    }
}

/// Bytes of a line that are shown of it: what is beyond is in the line's tree, in a copy and in an export.
pub(super) const HEAD: usize = 8 * 1024;
/// Marks that are shown in a line.
const MOST_MARKS: usize = 64;
/// Cells that are shown before a mark that does not fit in view otherwise.
const LEAD: usize = 12;

/// The keys of lines in their order.
pub(super) fn keys(lines: &[&LogEvent]) -> Vec<LineKey> {
    let mut keys: Vec<LineKey> = Vec::with_capacity(lines.len());
    for line in lines {
        let (ms, text) = (line.time.timestamp_millis(), digest(&line.message));
        let alike = keys.iter().rev().take_while(|key| key.0 == ms).filter(|key| key.1 == text).count();
        keys.push((ms, text, alike as u32));
    }
    keys
}

/// FNV-1a over a text.
fn digest(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// Whether a line says that something failed: by the board's statuses, else by its words.
pub(super) fn is_failure(line: &LogEvent, cx: &Cx<'_>) -> bool {
    let words = ["ERROR", "FATAL", "Exception", "Task timed out"];
    if let Some(rules) = &cx.board.feed
        && let Ok(value) = serde_json::from_str::<serde_json::Value>(&line.message)
        && let Some(event) = value.get(&rules.event_field).and_then(serde_json::Value::as_str)
    {
        return rules.statuses.iter().any(|(known, status)| known == event && *status == Status::Failed);
    }
    words.iter().any(|word| line.message.contains(word))
}
