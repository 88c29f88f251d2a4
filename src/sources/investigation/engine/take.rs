//! What an answer adds to the story, and which identifiers it leads to.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::{Engine, Report};
use crate::analysis::story::{ids, line, spans};
use crate::sources::investigation::lines::Line;
use crate::sources::operation::{FILTER_LOG_EVENTS, START_QUERY};
use crate::sources::prices::Prices;
use crate::store::cost::BYTES_PER_GB;
use crate::store::health::ErrorKind;
use crate::store::story::{Event, Identifier, Join, SearchState};
use crate::store::trace::Trace;

/// How many values of one field an identifier may lead to: what leads to more is shared by many requests.
const SHARED: usize = 20;
/// Identifiers that are followed for each one that was given.
const FOLLOWED: usize = 60;

impl Engine {
    pub(super) fn found(&mut self, index: usize, number: usize) {
        if let Some(search) = self.story.searched.get_mut(index) {
            search.found += number;
        }
    }

    /// Takes in that a search has ended.
    pub(super) fn end(&mut self, index: usize, state: SearchState, report: Report) {
        let Some(search) = self.story.searched.get_mut(index) else { return };
        let prices = Prices::default();
        search.calls = report.calls;
        search.bytes = report.bytes;
        search.usd = report.bytes / BYTES_PER_GB * prices.scanned_gb + report.traces as f64 * prices.trace;
        search.state = state;
        let search = search.clone();
        let is_query = search.how == START_QUERY.to_string();
        let is_filter = search.how == FILTER_LOG_EVENTS.to_string();
        match &search.state {
            SearchState::Failed(error) => {
                let missing = error.kind == ErrorKind::NotFound;
                if is_query && (error.kind == ErrorKind::Denied || missing) {
                    // A group that is not there fails the whole query: one by one they are told apart.
                    let known = self.means.insights;
                    self.means.insights = false;
                    if known || !missing {
                        self.again.push((search.sought.clone(), (search.from, search.to), search.places.clone()));
                    }
                } else if is_filter && error.kind == ErrorKind::Denied {
                    self.means.filter = false;
                    if self.means.insights {
                        self.again.push((search.sought.clone(), (search.from, search.to), search.places.clone()));
                    }
                } else if is_filter && missing {
                    if let Some(groups) = &mut self.groups {
                        groups.retain(|group| !search.places.contains(&group.id));
                    }
                    self.means.insights = true;
                }
                let places = search.places.join(", ");
                self.story.note(format!("{places}: {error}"));
            }
            SearchState::Cut => {
                let words =
                    format!("{} found more than is shown for {}", search.places.join(", "), search.sought.join(", "));
                self.story.note(words);
            }
            SearchState::TimedOut => {
                self.story.note(format!("{}: no answer from {} in time", search.places.join(", "), search.how));
            }
            SearchState::Running | SearchState::Done | SearchState::OutsideRetention | SearchState::Skipped(_) => {}
        }
    }

    pub(super) fn take_lines(&mut self, index: usize, lines: Vec<Line>) {
        let mut joins: HashMap<(String, String), Vec<(String, String)>> = HashMap::new();
        let mut new = 0;
        for Line { group, time, text } in lines {
            let with = self.known_in(&text, index);
            let (mut event, pairs) = line::read(&group, time, &text, &self.board);
            event.ids = pairs.iter().map(|(_, value)| value.clone()).chain([with.clone()]).collect();
            let source = event.source();
            if self.story.add(event) {
                new += 1;
                joins.entry((source, with)).or_default().extend(pairs);
            }
        }
        self.found(index, new);
        for ((source, with), pairs) in joins {
            self.join(&source, &with, pairs);
        }
    }

    /// The identifier that a line holds, of those that are known.
    fn known_in(&self, text: &str, index: usize) -> String {
        let holds = |value: &str| ids::terms(value).iter().any(|term| text.contains(term.as_str()));
        let sought = self.story.searched.get(index).map(|search| search.sought.as_slice()).unwrap_or_default();
        sought.iter().find(|value| holds(value)).cloned().unwrap_or_default()
    }

    pub(super) fn take_trace(&mut self, index: usize, trace: &Trace) {
        let (events, pairs): (Vec<Event>, Vec<(String, String)>) = spans::read(trace, &self.board);
        if !events.is_empty() {
            self.traces.insert(trace.id.clone(), true);
        }
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
    pub(super) fn join(&mut self, source: &str, with: &str, pairs: Vec<(String, String)>) {
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
                let words =
                    format!("{with} stands beside more than {SHARED} values of {field}: these are not followed");
                self.story.note(words);
            }
        }
        for (field, value) in pairs {
            if let Some(known) = self.story.identifiers.iter_mut().find(|known| known.value == value) {
                if known.field.is_empty() {
                    known.field = field;
                }
                continue;
            }
            let number = self.led.get(&(with.to_owned(), field.clone())).map_or(0, HashSet::len);
            if number > SHARED {
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
}
