//! How far lines have been read: one stretch after the other, from the newest line or from the first one.

use std::collections::HashMap;

use chrono::TimeDelta;

use crate::analysis::leads::Lead;
use crate::clock::Time;
use crate::panes::Cx;
use crate::store::health::Feed;
use crate::store::log::LogEvent;
use crate::store::matches::{LineQuery, Matches, Reach};
use crate::store::window::Span;

/// Stretches that are read at most, each of as many lines as are read at a time.
const MOST_STRETCHES: usize = 10;
/// The unit of a log event's time.
const MILLISECOND: TimeDelta = TimeDelta::milliseconds(1);

/// What is read, and in which order.
#[derive(Debug, Default)]
pub(super) struct Reading {
    /// Up to when lines are read from the first one on; `None` where the newest come first.
    from_first: Option<Time>,
    /// The stretches beyond the first one, and which that was: they go with it.
    on: Option<(LineQuery, Vec<LineQuery>)>,
}

/// What has been read of all stretches.
#[derive(Debug, Default)]
pub(super) struct Found<'a> {
    /// The lines in the order of reading.
    pub(super) lines: Vec<&'a LogEvent>,
    /// What was not read.
    pub(super) unread: Vec<(Time, Time)>,
    /// Pages that were read.
    pub(super) pages: usize,
    /// Whether there is an answer at all.
    pub(super) answered: bool,
    /// Whether more is under way.
    pub(super) running: bool,
}

impl Reading {
    /// Whether the oldest line stands first.
    pub(super) const fn is_from_first(&self) -> bool {
        self.from_first.is_some()
    }

    /// Begins at the other end of the stretch.
    pub(super) fn turn(&mut self, now: Time) {
        let turned = self.from_first.is_none().then_some(now);
        *self = Self { from_first: turned, on: None };
    }

    /// What is asked: the first stretch, then those beyond it.
    pub(super) fn queries(&self, lead: &Lead, span: Span) -> Vec<LineQuery> {
        let first = match self.from_first {
            None => lead.query(span),
            // What is logged meanwhile lies beyond what is read from the first line on.
            Some(to) => lead.reading(Span { to: span.to.or(Some(to)), ..span }, Reach::Oldest),
        };
        let on = self.on.as_ref().filter(|(of, _)| *of == first).map_or(&[][..], |(_, on)| on);
        std::iter::once(first.clone()).chain(on.iter().cloned()).collect()
    }

    /// Asks for what lies beyond the last stretch; whether there is something and it may be asked.
    pub(super) fn read_on(&mut self, lead: &Lead, span: Span, cx: &Cx<'_>) -> bool {
        let mut queries = self.queries(lead, span);
        let Some(last) = queries.last().filter(|_| queries.len() < MOST_STRETCHES) else { return false };
        let Some(answer) = cx.store.matches.get(last).filter(|answer| !answer.data.running) else { return false };
        let Some((from, to)) = answer.data.unread else { return false };
        let next = LineQuery { span: Span { from, to: Some(to + MILLISECOND) }, ..last.clone() };
        if queries.contains(&next) {
            return false;
        }
        let first = queries.remove(0);
        queries.push(next);
        self.on = Some((first, queries));
        true
    }

    /// Whether as much is read as is kept.
    pub(super) fn is_full(&self) -> bool {
        self.on.as_ref().is_some_and(|(_, on)| on.len() + 1 >= MOST_STRETCHES)
    }

    /// What is known of all stretches.
    pub(super) fn found<'a>(&self, queries: &[LineQuery], cx: &Cx<'a>) -> Found<'a> {
        let mut found = Found::default();
        let mut before: Option<&Feed<Matches>> = None;
        for query in queries {
            let Some(answer) = cx.store.matches.get(query) else {
                found.running |= found.answered;
                break;
            };
            if let Some((_, to)) = before.and_then(|before| before.data.unread)
                && let Some(end) = query.span.to.filter(|end| *end <= to && query.reach == Reach::Newest)
            {
                // New lines have pushed out old ones since this stretch was asked for.
                found.unread.push((end, to));
            }
            let shared = shared(query, &found.lines);
            found.lines.extend(apart(&answer.data.lines, shared));
            found.pages += answer.data.pages;
            found.running |= answer.data.running;
            found.answered = true;
            before = Some(answer);
        }
        found.unread.extend(before.and_then(|last| last.data.unread));
        if self.is_from_first() {
            found.lines.sort_by_key(|line| line.time);
        } else {
            found.lines.sort_by_key(|line| std::cmp::Reverse(line.time));
        }
        found
    }
}

/// Lines that a stretch has read that another one begins with: those at its two ends.
fn shared<'a>(query: &LineQuery, lines: &[&'a LogEvent]) -> HashMap<(Time, &'a str), usize> {
    let ends = [Some(query.span.from), query.span.to.map(|to| to - MILLISECOND)];
    let mut shared = HashMap::new();
    for line in lines.iter().filter(|line| ends.contains(&Some(line.time))) {
        *shared.entry((line.time, &*line.message)).or_default() += 1;
    }
    shared
}

/// The lines that are not shared, each as often as it is there.
fn apart<'a>(lines: &'a [LogEvent], mut shared: HashMap<(Time, &'a str), usize>) -> Vec<&'a LogEvent> {
    let is_new = |line: &&'a LogEvent| match shared.get_mut(&(line.time, &*line.message)) {
        Some(count) if *count > 0 => {
            *count -= 1;
            false
        }
        Some(_) | None => true,
    };
    lines.iter().filter(is_new).collect()
}
