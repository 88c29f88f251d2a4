//! What many requests share: it leads nowhere, and is told as what it is.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::Engine;
use crate::store::story::{Event, Identifier, Outcome, SearchState, Shared};

/// Requests that are not one another's retries and are still told as one story.
const MANY: usize = 5;
/// How many values of one field an identifier may lead to: what leads to more is shared by many requests.
pub(super) const SHARED: usize = 20;
/// Requests that are offered to go on with.
const OFFERED: usize = 20;
/// Those of them that failed, where others did not.
const OFFERED_FAILED: usize = 15;

/// Fields and values.
pub(super) type Pairs = Vec<(String, String)>;

/// The lines that hold a text that was given.
#[derive(Debug, Default)]
pub(super) struct Tally {
    /// By the search that found them.
    found: BTreeMap<usize, Vec<Event>>,
    /// How many there are by the count of a search.
    matched: BTreeMap<usize, u64>,
    requests: BTreeSet<String>,
    chains: BTreeSet<String>,
    /// What it leads to, by source, while that is not followed yet.
    pub(super) held: BTreeMap<String, Pairs>,
}

impl Engine {
    /// Whether a value was given, and is more than a trace's id.
    pub(super) fn is_tallied(&self, value: &str) -> bool {
        self.given(value).is_some_and(|known| known.field.is_empty() || known.field != self.correlation_field())
    }

    fn given(&self, value: &str) -> Option<&Identifier> {
        self.story.identifiers.iter().find(|known| known.join.is_none() && known.value == value)
    }

    fn correlation_field(&self) -> &str {
        self.board.feed.as_ref().map_or("correlationId", |rules| rules.correlation_field.as_str())
    }

    /// Whether a value leads nowhere, because many requests share it.
    pub(super) fn is_passed_over(&self, value: &str) -> bool {
        self.blocked.contains(value)
    }

    /// Whether what a value leads to waits for the end of its search: of a text that stands in no field of its own, it is not
    /// known before how many share it.
    pub(super) fn is_held(&self, value: &str, index: usize) -> bool {
        let runs = self.story.searched.get(index).is_some_and(|search| search.state == SearchState::Running);
        runs && self.given(value).is_some_and(|known| known.field.is_empty())
    }

    /// Takes in lines that hold a given text; a search that tells all its lines anew replaces what it told.
    pub(super) fn tally(&mut self, value: &str, index: usize, anew: bool, events: &[Event]) {
        let tally = self.tallies.entry(value.to_owned()).or_default();
        for event in events {
            tally.chains.extend(event.correlation.clone());
            tally.requests.extend(event.request.as_ref().or(event.trace.as_ref()).cloned());
        }
        let known = tally.found.entry(index).or_default();
        let before = known.len();
        if anew {
            known.clear();
        }
        known.extend_from_slice(events);
        let new = known.len().saturating_sub(before);
        let requests = tally.requests.len();
        let separate = if tally.chains.is_empty() { requests } else { tally.chains.len() };
        let is_free = self.given(value).is_some_and(|known| known.field.is_empty());
        let shares = requests > SHARED || (is_free && separate > MANY);
        if shares && self.blocked.insert(value.to_owned()) {
            if let Some(tally) = self.tallies.get_mut(value) {
                tally.held.clear();
            }
            self.story.shared.push(Shared { value: value.to_owned(), ..Shared::default() });
            self.forget(|known| known.join.as_ref().is_some_and(|join| join.with == value));
        }
        if self.blocked.contains(value) {
            self.found(index, new);
            self.sum_up(value);
        }
    }

    /// Takes in how many lines with the one value that it looked for a search has counted.
    pub(super) fn count(&mut self, index: usize, matched: u64) {
        let Some([value]) = self.story.searched.get(index).map(|search| search.sought.as_slice()) else { return };
        let value = value.clone();
        if let Some(tally) = self.tallies.get_mut(&value) {
            tally.matched.insert(index, matched);
        }
        self.sum_up(&value);
    }

    /// Brings what is said of a shared text up to date.
    pub(super) fn sum_up(&mut self, value: &str) {
        let (Some(tally), Some(at)) =
            (self.tallies.get(value), self.story.shared.iter().position(|shared| shared.value == value))
        else {
            return;
        };
        let whole = |state: &SearchState| matches!(state, SearchState::Done | SearchState::OutsideRetention);
        let mut of_it = self.story.searched.iter().filter(|search| search.sought.iter().any(|sought| sought == value));
        let more = of_it.any(|search| search.how.is_of_logs() && !whole(&search.state));
        self.story.shared[at] = tally.sum(value, more);
        self.story.offer();
    }

    /// Takes back identifiers that were not given, what they led to, and the events that hold nothing else.
    pub(super) fn forget(&mut self, is_wrong: impl Fn(&Identifier) -> bool) {
        let mut gone: BTreeSet<String> = BTreeSet::new();
        loop {
            let more: Vec<String> = self
                .story
                .identifiers
                .iter()
                .filter(|known| !gone.contains(&known.value))
                .filter(|known| known.join.as_ref().is_some_and(|join| is_wrong(known) || gone.contains(&join.with)))
                .map(|known| known.value.clone())
                .collect();
            if more.is_empty() {
                break;
            }
            gone.extend(more);
        }
        self.story.identifiers.retain(|known| !gone.contains(&known.value));
        self.fresh.retain(|value| !gone.contains(value));
        let blocked = &self.blocked;
        let known: BTreeSet<&str> = self.story.identifiers.iter().map(|known| known.value.as_str()).collect();
        let counts = |id: &String| id.is_empty() || (known.contains(id.as_str()) && !blocked.contains(id));
        self.story.events.retain(|event| event.ids.iter().any(counts));
    }
}

impl Tally {
    /// What is said of them.
    fn sum(&self, value: &str, more: bool) -> Shared {
        let mut events: Vec<&Event> = self.found.values().flatten().collect();
        events.sort_by(|a, b| (a.time, &a.origin, &a.text).cmp(&(b.time, &b.origin, &b.text)));
        events.dedup_by(|a, b| (a.time, &a.origin, &a.text) == (b.time, &b.origin, &b.text));
        let mut requests: HashMap<&str, &Event> = HashMap::new();
        for event in &events {
            let Some(id) = event.request.as_deref().or(event.trace.as_deref()) else { continue };
            let judged = matches!(event.outcome, Outcome::Good | Outcome::Failed);
            let last = requests.entry(id).or_insert(event);
            if judged || !matches!(last.outcome, Outcome::Good | Outcome::Failed) {
                *last = event;
            }
        }
        let mut last: Vec<&Event> = requests.into_values().collect();
        last.sort_by(|a, b| (b.time, &b.request, &b.text).cmp(&(a.time, &a.request, &a.text)));
        let number = last.len();
        let (failed, mut others): (Vec<&Event>, Vec<&Event>) =
            last.into_iter().partition(|event| event.outcome == Outcome::Failed);
        // What has its end tells more than what has only begun.
        others.sort_by_key(|event| event.outcome != Outcome::Good);
        let most = OFFERED_FAILED.max(OFFERED.saturating_sub(others.len()));
        let bad: Vec<&Event> = failed.iter().take(most).copied().collect();
        let rest = OFFERED.saturating_sub(bad.len());
        let mut leads: Vec<Event> = bad.into_iter().chain(others.into_iter().take(rest)).cloned().collect();
        leads.sort_by(|a, b| (a.time, &a.text).cmp(&(b.time, &b.text)));
        for lead in &mut leads {
            lead.request = lead.request.take().or_else(|| lead.trace.clone());
            lead.ids = vec![value.to_owned()];
        }
        let counted = self
            .found
            .iter()
            .map(|(index, lines)| self.matched.get(index).copied().unwrap_or(0).max(lines.len() as u64));
        let lines = counted.sum::<u64>().max(events.len() as u64);
        let time = |event: Option<&&Event>| event.map(|event| event.time).unwrap_or_default();
        Shared {
            value: value.to_owned(),
            read: events.len(),
            lines,
            requests: number,
            failed: failed.len(),
            from: time(events.first()),
            to: time(events.last()),
            more,
            leads,
        }
    }
}
