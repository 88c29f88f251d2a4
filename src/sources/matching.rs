//! CloudWatch Logs `FilterLogEvents` for the lines that match a pattern, from one end of a stretch and bounded.

use std::collections::HashSet;

use aws_sdk_cloudwatchlogs::types::FilteredLogEvent;
use chrono::TimeDelta;

use super::desk::{Again, Closed, Desk, Source};
use super::log_calls::Search;
use super::times::from_millis;
use crate::app::msg::Update;
use crate::clock::Time;
use crate::store::health::{SourceError, SourceId};
use crate::store::log::LogEvent;
use crate::store::matches::{LineQuery, Matches, Reach};

/// Lines that are read at a time.
const MOST_LINES: usize = 1_000;
/// Lines that are kept while new ones come, the newest ones.
const MOST_KEPT: usize = 10_000;
/// Pages that are read at a time: a pattern that matches nothing in a busy group gives empty pages for ever.
const MOST_PAGES: usize = 30;
/// Pages that a sample is read from at most.
const SAMPLE_PAGES: usize = 5;
/// How far a later look goes back before what is known, because events arrive late.
const OVERLAP: TimeDelta = TimeDelta::seconds(30);

/// The lines that match a pattern in a stretch of time.
#[derive(Debug)]
pub(super) struct Matching {
    query: LineQuery,
    known: Matches,
    ids: HashSet<String>,
    /// Up to when everything has been read that is worth reading.
    read_to: Option<Time>,
}

impl Matching {
    pub(super) fn new(query: LineQuery) -> Self {
        Self { query, known: Matches::default(), ids: HashSet::new(), read_to: None }
    }
}

impl Source for Matching {
    fn id(&self) -> SourceId {
        SourceId::Matches
    }

    async fn ask(&mut self, desk: &Desk) -> Result<Result<Again, SourceError>, Closed> {
        let span = self.query.span;
        let end = span.end(desk.now());
        let from = self.read_to.map_or(span.from, |read| (read - OVERLAP).max(span.from));
        // FilterLogEvents takes in what happens at the end of its range, a span does not.
        let to = if span.to.is_some() { (end - TimeDelta::milliseconds(1)).max(from) } else { end };
        let pattern = Some(self.query.pattern.clone()).filter(|pattern| !pattern.is_empty());
        let search = Search { group: self.query.group.clone(), from, to, pattern };
        let mut read = Reading::default();
        let most_pages = if self.query.reach == Reach::Sample { SAMPLE_PAGES } else { MOST_PAGES };
        let mut token = None;
        let mut ids = HashSet::new();
        loop {
            let page = match self.query.reach {
                Reach::Newest | Reach::Sample => search.newest(&desk.client, token, MOST_LINES).await,
                Reach::Oldest => search.oldest(&desk.client, token, MOST_LINES).await,
            };
            let (events, next) = match page {
                Ok(page) => page,
                Err(error) => return Ok(Err(error)),
            };
            read.take(events, &self.ids, &mut ids);
            token = next;
            if token.is_none() || read.lines.len() >= MOST_LINES || read.pages >= most_pages {
                break;
            }
            if self.read_to.is_none() {
                let matches = Matches { running: true, ..read.matches(None) };
                desk.tell(Update::Matches { at: desk.now(), query: self.query.clone(), matches }).await?;
            }
        }
        let unread = token.is_some().then(|| read.unread(from, to, self.query.reach));
        self.join(&read, unread);
        // A later look begins inside this one: what this one has seen is all that it can see again.
        self.ids = ids;
        self.read_to = Some(end);
        let (query, matches) = (self.query.clone(), self.known.clone());
        desk.tell(Update::Matches { at: desk.now(), query, matches }).await?;
        Ok(Ok(if span.to.is_none() { Again::After(desk.client.tuning.lines_every) } else { Again::Never }))
    }
}

impl Matching {
    /// Puts what was read before what is known.
    fn join(&mut self, read: &Reading, unread: Option<(Time, Time)>) {
        let pages = self.known.pages + read.pages;
        let mut matches = read.matches(unread);
        if unread.is_none() {
            matches.lines.append(&mut self.known.lines);
            matches.lines.sort_by_key(|line| std::cmp::Reverse(line.time));
            matches.unread = self.known.unread;
        }
        if matches.lines.len() > MOST_KEPT {
            matches.lines.truncate(MOST_KEPT);
            matches.unread = matches.lines.last().map(|line| (self.query.span.from, line.time)).or(matches.unread);
        }
        matches.pages = pages;
        self.known = matches;
    }
}

/// What has been read of a search so far.
#[derive(Debug, Default)]
struct Reading {
    lines: Vec<LogEvent>,
    pages: usize,
    /// Whether a page came with its newest event first, as it was asked for; old servers do not know how.
    newest_first: Option<bool>,
}

impl Reading {
    /// Takes in a page, but for events that the look before has seen, or a page of this one.
    fn take(&mut self, events: Vec<FilteredLogEvent>, before: &HashSet<String>, ids: &mut HashSet<String>) {
        self.pages += 1;
        let times = |event: Option<&FilteredLogEvent>| event.and_then(|event| event.timestamp);
        if let (Some(first), Some(last)) = (times(events.first()), times(events.last()))
            && first != last
        {
            self.newest_first = Some(first > last);
        }
        self.lines.extend(events.into_iter().filter_map(|event| {
            let new = event.event_id.is_none_or(|id| {
                let known = before.contains(&id);
                ids.insert(id) && !known
            });
            let time = from_millis(event.timestamp?)?;
            new.then_some(LogEvent { time, group: 0, message: event.message?.into() })
        }));
    }

    fn matches(&self, unread: Option<(Time, Time)>) -> Matches {
        let mut lines = self.lines.clone();
        lines.sort_by_key(|line| std::cmp::Reverse(line.time));
        Matches { lines, unread, pages: self.pages, running: false }
    }

    /// What lies beyond the last page, in the direction in which the pages came.
    fn unread(&self, from: Time, to: Time, reach: Reach) -> (Time, Time) {
        let times = || self.lines.iter().map(|line| line.time);
        if self.newest_first.unwrap_or(reach != Reach::Oldest) {
            (from, times().min().unwrap_or(to))
        } else {
            (times().max().unwrap_or(from), to)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::window::Span;

    fn event(second: i64, id: &str) -> FilteredLogEvent {
        FilteredLogEvent::builder().timestamp(second * 1_000).message(id).event_id(id).build()
    }

    fn t(second: i64) -> Time {
        from_millis(second * 1_000).expect("in range")
    }

    fn matching() -> Matching {
        let span = Span { from: t(0), to: None };
        Matching::new(LineQuery { group: "/g".to_owned(), pattern: String::new(), span, reach: Reach::Newest })
    }

    #[test]
    fn what_was_not_read_lies_beyond_the_last_page() {
        let cases = [
            (vec![event(90, "b"), event(80, "a")], (t(0), t(80))),
            (vec![event(80, "a"), event(90, "b")], (t(90), t(100))),
            (Vec::new(), (t(0), t(100))),
        ];
        for (events, expected) in cases {
            let mut reading = Reading::default();
            reading.take(events, &HashSet::new(), &mut HashSet::new());
            assert_eq!(reading.unread(t(0), t(100), Reach::Newest), expected);
            let lines = reading.matches(None).lines;
            assert!(lines.is_sorted_by_key(|line| std::cmp::Reverse(line.time)));
        }
    }

    #[test]
    fn a_later_look_adds_what_is_new_alone() {
        let mut matching = matching();
        for events in [vec![event(20, "b"), event(10, "a")], vec![event(30, "c"), event(20, "b")]] {
            let (mut reading, mut ids) = (Reading::default(), HashSet::new());
            reading.take(events, &matching.ids, &mut ids);
            matching.join(&reading, None);
            matching.ids = ids;
        }
        let times: Vec<Time> = matching.known.lines.iter().map(|line| line.time).collect();
        assert_eq!(times, [t(30), t(20), t(10)]);
        assert_eq!((matching.known.pages, matching.known.unread), (2, None));
        // Too many at once: what was known is older than what was not read, and goes.
        let mut reading = Reading::default();
        reading.take(vec![event(90, "e"), event(80, "d")], &matching.ids, &mut HashSet::new());
        matching.join(&reading, Some((t(30), t(80))));
        assert_eq!(matching.known.lines.len(), 2);
        assert_eq!(matching.known.unread, Some((t(30), t(80))));
    }

    #[test]
    fn no_more_lines_are_kept_than_fit() {
        let mut matching = matching();
        let mut reading = Reading::default();
        let ids: Vec<String> = (0..MOST_KEPT + 5).map(|n| n.to_string()).collect();
        let events = ids.iter().enumerate().rev().map(|(n, id)| event(n as i64, id)).collect();
        reading.take(events, &HashSet::new(), &mut HashSet::new());
        matching.join(&reading, None);
        assert_eq!(matching.known.lines.len(), MOST_KEPT);
        assert_eq!(matching.known.unread, Some((t(0), t(5))));
    }
}
