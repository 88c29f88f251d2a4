//! The search for traces by annotation, and where what was found leads.

use std::collections::BTreeSet;

use chrono::TimeDelta;

use super::{AFTER, BEFORE, Engine, Range};
use crate::analysis::story::{Links, missing};
use crate::sources::investigation::xray;
use crate::sources::prices::Prices;
use crate::store::story::{Event, How, Identifier, SearchState};

/// How far around what is known X-Ray is searched by annotation: it charges for every trace that it goes through.
const AROUND: TimeDelta = TimeDelta::minutes(2);
/// Values in one search by annotation.
const VALUES: usize = 10;

impl Engine {
    /// Whether an identifier may be the value of one of the annotations: it is not known to be in another field.
    fn fits(&self, known: &Identifier) -> bool {
        let annotations = self.board.feed.as_ref().map(|rules| rules.annotations.as_slice()).unwrap_or_default();
        (known.field.is_empty() || annotations.contains(&known.field)) && !self.is_passed_over(&known.value)
    }

    /// Looks for traces by annotation: for what was given and has led to nothing, and where nothing has led to a trace.
    pub(super) fn look_up(&mut self) -> bool {
        let annotations = self.board.feed.as_ref().map(|rules| rules.annotations.clone()).unwrap_or_default();
        if annotations.is_empty() {
            return false;
        }
        let missing = missing(&self.story);
        let known = self.story.identifiers.iter();
        let known = known.filter(|known| self.fits(known) && !self.looked.contains(&known.value));
        let known: Vec<String> = known.map(|known| known.value.clone()).collect();
        let lost: Vec<String> = known.iter().filter(|value| missing.contains(value)).take(VALUES).cloned().collect();
        let is_lost = !lost.is_empty();
        let is_traced = self.has_looked_up || !self.traces.is_empty();
        let (values, range) = match (is_lost, is_traced) {
            (true, _) => (lost, self.window()),
            (false, true) => return false,
            (false, false) => {
                let range = self.nearby(AROUND, AROUND).unwrap_or_else(|| self.window());
                (known.into_iter().take(VALUES).collect(), range)
            }
        };
        // Log groups of earlier days come first, and half of what is left is for what is not foreseen.
        let left = self.left();
        let most = ((left - self.reserved()).min(left / 2.0) / Prices::default().trace).max(0.0) as u64;
        if values.is_empty() || most == 0 {
            return false;
        }
        self.has_looked_up |= !is_lost;
        self.looked.extend(values.iter().cloned());
        let filter = xray::expression(&annotations, &values);
        let why = format!("by annotation {}", annotations.join(", "));
        let index = self.start(vec!["xray".to_owned()], How::Annotation, &why, &values, range);
        let look = xray::look(self.client.clone(), index, filter, (range, most), self.news.0.clone());
        self.aborts.insert(index, self.tasks.spawn(look));
        self.looking = Some(index);
        true
    }

    /// Ends the search by annotation where lines name the traces, or other fields for what is looked for: it is for where
    /// they do not.
    pub(super) fn stop_looking(&mut self) {
        let Some(index) = self.looking.filter(|index| self.aborts.contains_key(index)) else { return };
        let Some(search) = self.story.searched.get(index) else { return };
        let links = Links::of(&self.story);
        let names = |event: &&Event| event.segment.is_none() && event.trace.is_some();
        let traced: BTreeSet<usize> =
            self.story.events.iter().filter(names).filter_map(|event| links.part_of(event)).collect();
        let is_traced = |value: &String| links.part(value).is_some_and(|part| traced.contains(&part));
        let is_elsewhere = |value: &String| {
            let known = self.story.identifiers.iter().find(|known| known.value == *value);
            known.is_none_or(|known| !self.fits(known))
        };
        let why = if search.sought.iter().all(is_traced) {
            "log lines name the trace"
        } else if search.sought.iter().all(|value| is_traced(value) || is_elsewhere(value)) {
            "it is known to be in another field"
        } else {
            return;
        };
        let why = why.to_owned();
        let was_asked = search.calls > 0 || search.usd > 0.0;
        let state = if was_asked { SearchState::Ended(why) } else { SearchState::Skipped(why) };
        self.give_up(index, state);
    }

    /// What is new and was not looked for yet, with the time around what has led to it. What lies days apart is apart.
    pub(super) fn fresh_ranges(&self) -> Vec<(Vec<String>, Range)> {
        let Some(all) = self.nearby(BEFORE, AFTER) else { return Vec::new() };
        if all.1 - all.0 <= TimeDelta::days(1) {
            return vec![(self.fresh.iter().cloned().collect(), all)];
        }
        let links = Links::of(&self.story);
        let mut ranges: Vec<(Vec<String>, Range)> = Vec::new();
        for value in &self.fresh {
            let part = links.part(value);
            let of_part = || self.story.events.iter().filter(|event| part.is_some() && links.part_of(event) == part);
            let span = of_part().map(|event| event.time).min().zip(of_part().map(Event::ended).max());
            let (from, to) = span.map_or(all, |(from, to)| (from - BEFORE, (to.max(from) + AFTER).min(self.now)));
            let apart = TimeDelta::days(1);
            let is_near = |range: &Range| {
                from.max(range.0) - to.min(range.1) < apart && to.max(range.1) - from.min(range.0) < apart
            };
            match ranges.iter_mut().find(|(_, range)| *range == (from, to) || is_near(range)) {
                Some((values, range)) => {
                    values.push(value.clone());
                    *range = (range.0.min(from), range.1.max(to));
                }
                None => ranges.push((vec![value.clone()], (from, to))),
            }
        }
        ranges
    }
}
