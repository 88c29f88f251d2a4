//! Lines joined to entries.
//!
//! An entry begins with a line that has a time, that is a JSON object, or that the Lambda platform wrote. Once a line
//! had a time, any other line belongs to the entry before; until then only those that look like the rest of something
//! do: indented lines, `Caused by:`, `... 3 more`, a closing bracket.

use std::borrow::Cow;
use std::io;

use super::reader::Source;
use super::stamp::{self, Stamp};
use crate::clock::Time;
use crate::insights::is_lambda_line;
use crate::text::time::rfc3339;
use crate::text::units::{counted, thousands};

/// Bytes of a message; what is longer is cut.
const LONGEST: usize = 1 << 20;
/// Problems told of one input.
const MOST_PROBLEMS: usize = 20;

/// One entry: when, and what.
#[derive(Debug, PartialEq)]
pub(super) struct Entry<'a> {
    pub(super) time: Time,
    pub(super) message: &'a str,
}

/// The entries of an input, one after the other.
#[expect(clippy::struct_excessive_bools, reason = "each is a fact about the input, and none follows from another")]
pub(super) struct Entries {
    source: Source,
    lambda: bool,
    /// A line had a time of its own.
    timed: bool,
    /// The time of the entry before.
    last: Time,
    line: Vec<u8>,
    number: u64,
    /// The entry that still grows, and its time.
    entry: String,
    time: Option<Time>,
    open: bool,
    /// The first line of the next entry.
    next: String,
    next_time: Option<Time>,
    waiting: bool,
    ended: bool,
    /// It can't be read further.
    broken: bool,
    found: u64,
    untimed: u64,
    invalid: u64,
    problems: Vec<(u64, String)>,
}

impl Entries {
    pub(super) fn new(mut source: Source) -> io::Result<Self> {
        let start = String::from_utf8_lossy(source.reader().fill_buf()?).into_owned();
        let lambda = ["START RequestId: ", "END RequestId: ", "REPORT RequestId: "].iter().any(|it| start.contains(it))
            || start.lines().any(is_lambda_line);
        let last = source.written;
        Ok(Self {
            source,
            lambda,
            timed: false,
            last,
            line: Vec::new(),
            number: 0,
            entry: String::new(),
            time: None,
            open: false,
            next: String::new(),
            next_time: None,
            waiting: false,
            ended: false,
            broken: false,
            found: 0,
            untimed: 0,
            invalid: 0,
            problems: Vec::new(),
        })
    }

    /// Whether the Lambda platform's lines are in it.
    pub(super) const fn is_lambda(&self) -> bool {
        self.lambda
    }

    /// What was not as it should be: lines and messages.
    pub(super) fn problems(self) -> Vec<(u64, String)> {
        let mut problems = self.problems;
        if self.invalid > 0 {
            let (lines, are) = (counted(self.invalid as usize, "line"), if self.invalid == 1 { "is" } else { "are" });
            problems.push((0, format!("{lines} {are} not UTF-8: what is wrong there is replaced")));
        }
        if self.untimed > 0 {
            let message = match self.untimed {
                all if all == self.found => {
                    let whose = if self.source.is_file { "that of the file" } else { "the time when it was read" };
                    format!("nothing in it has a time: all entries have {whose}, {}", rfc3339(self.last))
                }
                1 => "1 entry has no time of its own: it has that of the entry before".to_owned(),
                some => {
                    let entries = thousands(some as usize);
                    format!("{entries} entries have no time of their own: each has that of the entry before")
                }
            };
            problems.push((0, message));
        }
        problems
    }

    /// The next entry.
    pub(super) fn next(&mut self) -> io::Result<Option<Entry<'_>>> {
        self.entry.clear();
        self.open = false;
        if self.waiting {
            std::mem::swap(&mut self.entry, &mut self.next);
            self.time = self.next_time.take();
            self.waiting = false;
            self.open = true;
        }
        while !self.ended {
            if !self.read()? {
                self.ended = true;
                break;
            }
            let line = String::from_utf8_lossy(&self.line);
            self.invalid += u64::from(matches!(line, Cow::Owned(_)));
            let begun = begin(&line, self.timed, self.open, self.last);
            self.timed |= begun.as_ref().is_some_and(|begun| begun.leading);
            match begun {
                Some(Begun { time, message, .. }) if self.open => {
                    self.next.clear();
                    self.next.push_str(message);
                    self.next_time = time;
                    self.waiting = true;
                    break;
                }
                Some(Begun { time, message, .. }) => {
                    self.entry.push_str(message);
                    self.time = time;
                    self.open = true;
                }
                None => {
                    if self.entry.len() + line.len() < LONGEST {
                        self.entry.push('\n');
                        self.entry.push_str(&line);
                    }
                }
            }
        }
        if !self.open {
            return Ok(None);
        }
        self.found += 1;
        self.untimed += u64::from(self.time.is_none());
        self.last = self.time.unwrap_or(self.last);
        Ok(Some(Entry { time: self.last, message: &self.entry }))
    }

    /// Reads a line without its end; what is too long of it is passed over. Empty lines between entries are none.
    fn read(&mut self) -> io::Result<bool> {
        if self.broken {
            return Ok(false);
        }
        loop {
            self.line.clear();
            let mut cut = false;
            let mut any = false;
            loop {
                let buffer = match self.source.reader().fill_buf() {
                    Ok(buffer) => buffer,
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                    // What was read until then is worth having: a file that is still being packed ends like this.
                    Err(error) if self.number > 0 => {
                        self.broken = true;
                        self.tell(format!("it can't be read further: {error}"));
                        return Ok(!self.line.is_empty());
                    }
                    Err(error) => return Err(error),
                };
                if buffer.is_empty() {
                    break;
                }
                any = true;
                let end = buffer.iter().position(|byte| *byte == b'\n');
                let part = &buffer[..end.unwrap_or(buffer.len())];
                let room = LONGEST.saturating_sub(self.line.len());
                cut |= part.len() > room;
                self.line.extend_from_slice(&part[..part.len().min(room)]);
                let taken = part.len() + usize::from(end.is_some());
                self.source.reader().consume(taken);
                if end.is_some() {
                    break;
                }
            }
            if !any {
                return Ok(false);
            }
            self.number += 1;
            if cut {
                self.tell("it is longer than 1 MiB and was cut".to_owned());
            }
            if self.line.last() == Some(&b'\r') {
                self.line.pop();
            }
            if !self.line.is_empty() || self.open {
                return Ok(true);
            }
        }
    }

    fn tell(&mut self, message: String) {
        if self.problems.len() < MOST_PROBLEMS {
            self.problems.push((self.number, message));
        }
    }
}

/// The first line of an entry.
struct Begun<'a> {
    time: Option<Time>,
    /// Whether the time stands in the line itself, not in its JSON.
    leading: bool,
    message: &'a str,
}

/// Whether a line begins an entry.
fn begin(line: &str, timed: bool, open: bool, near: Time) -> Option<Begun<'_>> {
    let trimmed = line.trim_start();
    if trimmed.starts_with('{') && line.len() == trimmed.len() {
        match stamp::of_json(trimmed) {
            Stamp::At(time) => return Some(Begun { time: Some(time), leading: false, message: line }),
            Stamp::Untimed => return Some(Begun { time: None, leading: false, message: line }),
            Stamp::None => {}
        }
    }
    if let Some((time, end)) = stamp::leading(line, near) {
        let rest = line[end..].trim_start();
        // An exported log has the event's time before its message.
        let event = stamp::of_json(rest) != Stamp::None || is_platform(rest);
        return Some(Begun { time: Some(time), leading: true, message: if event { rest } else { line } });
    }
    if is_platform(line) {
        return Some(Begun { time: None, leading: false, message: line });
    }
    let continues = open && (timed || is_rest(line));
    (!continues).then_some(Begun { time: None, leading: false, message: line })
}

/// Whether the Lambda platform wrote it.
fn is_platform(line: &str) -> bool {
    line.split_once(" RequestId: ").is_some_and(|(kind, _)| matches!(kind, "START" | "END" | "REPORT"))
        || line.starts_with("INIT_START ")
}

/// Whether it looks like the rest of something.
fn is_rest(line: &str) -> bool {
    line.is_empty()
        || line.starts_with([' ', '\t', '}', ']', ')'])
        || line.starts_with("Caused by:")
        || line.starts_with("... ")
        || line.starts_with("Suppressed:")
        || line.starts_with("XRAY TraceId:")
}
