//! What an answer adds to the story, and which identifiers it leads to.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::shared::{Pairs, SHARED};
use super::{Engine, Report};
use crate::analysis::story::{ids, line, spans};
use crate::sources::errors::told;
use crate::sources::investigation::lines::Line;
use crate::sources::operation::START_QUERY;
use crate::sources::prices::Prices;
use crate::store::cost::BYTES_PER_GB;
use crate::store::health::ErrorKind;
use crate::store::story::{Event, How, Identifier, Join, Origin, Search, SearchState};
use crate::store::trace::Trace;

/// Identifiers that are followed for each one that was given.
const FOLLOWED: usize = 60;

impl Report {
    /// Writes down what a search took so far.
    pub(super) fn write(&self, search: &mut Search) {
        let prices = Prices::default();
        search.calls = self.calls;
        search.bytes = self.bytes;
        search.usd = self.bytes / BYTES_PER_GB * prices.scanned_gb + self.traces as f64 * prices.trace;
    }
}

impl Engine {
    pub(super) fn found(&mut self, index: usize, number: usize) {
        if let Some(search) = self.story.searched.get_mut(index) {
            search.found += number;
        }
    }

    /// Takes in that a search has ended.
    pub(super) fn end(&mut self, index: usize, state: SearchState, report: Option<Report>) {
        let Some(search) = self.story.searched.get_mut(index) else { return };
        if let Some(report) = &report {
            report.write(search);
        }
        search.state = state;
        let search = search.clone();
        self.alive.remove(&index);
        self.aborts.remove(&index);
        if let Some(report) = report {
            self.count(index, report.matched);
        }
        match &search.state {
            SearchState::Failed(error) => {
                if search.how.is_of_logs() {
                    self.ask_again(&search, error.kind);
                }
                self.story.note(format!("{}: {error}", search.named()));
            }
            SearchState::Cut => self.take_cut(&search),
            SearchState::TimedOut => {
                self.story.note(format!("{}: no answer from {} in time", search.named(), search.how.name()));
            }
            SearchState::Running
            | SearchState::Done
            | SearchState::OutsideRetention
            | SearchState::Skipped(_)
            | SearchState::Ended(_) => {}
        }
        for value in &search.sought {
            self.follow_held(value);
            self.sum_up(value);
        }
        if search.how == How::Traces {
            self.retrieve();
        }
    }

    /// Notes a search that failed in one way for the other, and what that says of the ways.
    fn ask_again(&mut self, search: &Search, kind: ErrorKind) {
        // A query that was started and gave nothing hangs as much as one that could not be started.
        let hangs = kind == ErrorKind::TimedOut && search.calls <= 1;
        let again = (search.sought.clone(), (search.from, search.to), search.places.clone());
        match (search.how, kind) {
            // A group that is not there fails the whole query: one by one they are told apart.
            (How::Insights, ErrorKind::NotFound | ErrorKind::Denied) => {
                self.means.insights = false;
                self.again.push(again);
            }
            (How::Insights, _) if hangs => {
                self.means.insights = false;
                self.again.push(again);
                self.give_up_queries(kind);
            }
            (How::Filter, ErrorKind::NotFound) => {
                if let Some(groups) = &mut self.groups {
                    groups.retain(|group| !search.places.contains(&group.id));
                }
                self.means.insights = true;
            }
            (How::Filter, _) if hangs || kind == ErrorKind::Denied => {
                self.means.filter = false;
                if self.means.insights {
                    self.again.push(again);
                }
            }
            (_, _) => {}
        }
    }

    /// Ends the queries that have not been answered at all, where another was given up: they are asked the other way.
    fn give_up_queries(&mut self, kind: ErrorKind) {
        let silent = |(index, search): &(usize, &Search)| {
            search.how == How::Insights && search.state == SearchState::Running && !self.alive.contains(index)
        };
        let silent: Vec<usize> =
            self.story.searched.iter().enumerate().filter(silent).map(|(index, _)| index).collect();
        for index in silent {
            let error = told(kind, &START_QUERY, "no answer", self.client.now());
            self.give_up(index, SearchState::Failed(error));
        }
    }

    fn take_cut(&mut self, search: &Search) {
        let (shared, others): (Vec<String>, Vec<String>) =
            search.sought.iter().cloned().partition(|value| self.is_passed_over(value));
        let (places, sought) = (search.named(), others.join(", "));
        if shared.is_empty() && (search.found == 0 || search.how == How::Annotation) {
            self.story.note(format!("{places}: not all of that time was looked through for {sought}"));
        } else if shared.is_empty() {
            self.story.note(format!("{places} found more than is shown for {sought}"));
        } else if !others.is_empty() {
            // What is shared has left no room for the others.
            self.again.push((others, (search.from, search.to), search.places.clone()));
        }
    }

    /// Takes in lines; a search that tells all its lines `anew` each time has told some of them before.
    pub(super) fn take_lines(&mut self, index: usize, lines: Vec<Line>, anew: bool) {
        let mut read: Vec<(String, Event, Pairs)> = Vec::new();
        for Line { group, time, text } in lines {
            let with = self.known_in(&text, index);
            let (mut event, pairs) = line::read(&group, time, &text, &self.board);
            event.ids = pairs.iter().map(|(_, value)| value.clone()).chain([with.clone()]).collect();
            self.name(&pairs);
            read.push((with, event, pairs));
        }
        let mut given: BTreeMap<&String, Vec<Event>> = BTreeMap::new();
        for (with, event, _) in &read {
            if self.is_tallied(with) {
                given.entry(with).or_default().push(event.clone());
            }
        }
        for (with, events) in given {
            self.tally(with, index, anew, &events);
        }
        let mut joins: BTreeMap<(String, String), Pairs> = BTreeMap::new();
        let mut new = 0;
        for (with, event, pairs) in read {
            let is_known = with.is_empty() || self.story.identifiers.iter().any(|known| known.value == with);
            if !is_known || self.is_passed_over(&with) || self.is_told_by_x_ray(&event) {
                continue;
            }
            let source = event.source();
            if self.story.add(event) {
                new += 1;
                joins.entry((source, with)).or_default().extend(pairs);
            }
        }
        self.found(index, new);
        for ((source, with), pairs) in joins {
            if self.is_held(&with, index) {
                self.tallies.entry(with).or_default().held.entry(source).or_default().extend(pairs);
            } else {
                self.follow_held(&with);
                self.join(&source, &with, pairs);
            }
        }
    }

    /// Follows what waited for the end of a search.
    fn follow_held(&mut self, value: &str) {
        let held = self.tallies.get_mut(value).map(|tally| std::mem::take(&mut tally.held)).unwrap_or_default();
        for (source, pairs) in held {
            self.join(&source, value, pairs);
        }
    }

    /// Whether an event is a span that X-Ray has told of too.
    fn is_told_by_x_ray(&self, event: &Event) -> bool {
        let is_same = |known: &Event| known.origin == Some(Origin::XRay) && known.segment == event.segment;
        event.segment.is_some() && self.story.events.iter().any(is_same)
    }

    /// The identifier that a line holds, of those that are known and were looked for: one that is nobody else's, if it can be.
    fn known_in(&self, text: &str, index: usize) -> String {
        let holds = |value: &&String| ids::terms(value).iter().any(|term| text.contains(term.as_str()));
        let sought = self.story.searched.get(index).map(|search| search.sought.as_slice()).unwrap_or_default();
        let mut held = sought.iter().filter(holds);
        let first = held.clone().find(|value| !self.is_passed_over(value));
        first.or_else(|| held.next()).cloned().unwrap_or_default()
    }

    /// Notes in which fields known values stand.
    fn name(&mut self, pairs: &Pairs) {
        for (field, value) in pairs {
            if let Some(known) = self.story.identifiers.iter_mut().find(|known| known.value == *value)
                && known.field.is_empty()
            {
                known.field.clone_from(field);
            }
        }
    }

    pub(super) fn take_trace(&mut self, index: usize, trace: &Trace) {
        let (events, pairs): (Vec<Event>, Pairs) = spans::read(trace, &self.board);
        if !events.is_empty() {
            self.traces.insert(trace.id.clone(), true);
        }
        if !self.story.identifiers.iter().any(|known| known.value == trace.id) {
            return;
        }
        // A span of `aws/spans` is the same segment, told with less.
        let told: BTreeSet<&String> = events.iter().filter_map(|event| event.segment.as_ref()).collect();
        let is_again = |event: &Event| {
            event.origin != Some(Origin::XRay) && event.segment.as_ref().is_some_and(|id| told.contains(id))
        };
        self.story.events.retain(|event| !is_again(event));
        let ids: Vec<String> = pairs.iter().map(|(_, value)| value.clone()).collect();
        let new =
            events.into_iter().filter(|event| self.story.add(Event { ids: ids.clone(), ..event.clone() })).count();
        self.found(index, new);
        for problem in &trace.problems {
            self.story.note(format!("{}: {problem}", trace.id));
        }
        self.join("xray", &trace.id, pairs);
    }

    /// Takes in identifiers that stood beside a known one.
    pub(super) fn join(&mut self, source: &str, with: &str, pairs: Pairs) {
        self.name(&pairs);
        if self.is_passed_over(with) {
            return;
        }
        let mut touched: BTreeSet<String> = BTreeSet::new();
        for (field, value) in &pairs {
            if value == with {
                continue;
            }
            touched.insert(field.clone());
            self.led.entry((with.to_owned(), field.clone())).or_default().insert(value.clone());
        }
        for field in touched {
            let number = self.led.get(&(with.to_owned(), field.clone())).map_or(0, HashSet::len);
            if number > SHARED {
                self.stop_at(with, &field);
            }
        }
        for (field, value) in pairs {
            let is_known = self.story.identifiers.iter().any(|known| known.value == value);
            let number = self.led.get(&(with.to_owned(), field.clone())).map_or(0, HashSet::len);
            if is_known || number > SHARED || self.is_passed_over(with) {
                continue;
            }
            if self.story.identifiers.len() >= FOLLOWED * self.query.identifiers.len().max(1) {
                self.story.note(format!("no more than {FOLLOWED} identifiers are followed"));
                return;
            }
            let join = Some(Join { source: source.to_owned(), with: with.to_owned() });
            self.fresh.insert(value.clone());
            self.story.identifiers.push(Identifier { field, value, join });
        }
    }

    /// Follows no values of a field from an identifier that leads to too many of them, and takes back those that were. What
    /// was not given and is no correlation id is then nobody's: lines that hold it alone are none of the story's.
    fn stop_at(&mut self, with: &str, field: &str) {
        let words = format!("{with} stands beside more than {SHARED} values of {field}: these are not followed");
        self.story.note(words);
        let correlation = self.board.feed.as_ref().map(|rules| rules.correlation_field.clone()).unwrap_or_default();
        let known = self.story.identifiers.iter().find(|known| known.value == with);
        let is_nobodys = known.is_some_and(|known| known.join.is_some() && known.field != correlation);
        if is_nobodys {
            self.blocked.insert(with.to_owned());
        }
        let led: HashSet<String> = self.led.get(&(with.to_owned(), field.to_owned())).cloned().unwrap_or_default();
        let values: HashSet<String> = self
            .story
            .identifiers
            .iter()
            .filter(|known| led.contains(&known.value) && known.join.as_ref().is_some_and(|join| join.with == with))
            .map(|known| known.value.clone())
            .collect();
        self.forget(|known| values.contains(&known.value));
    }
}
