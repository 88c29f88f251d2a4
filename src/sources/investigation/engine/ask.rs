//! Which searches are made, and when.

use std::collections::BTreeMap;

use super::{BEFORE, Engine, Range, TRACE};
use crate::analysis::story::ids;
use crate::sources::investigation::groups::Group;
use crate::sources::investigation::plan::{self, Means, Way};
use crate::sources::investigation::{lines, xray};
use crate::store::story::{How, Search, SearchState};

/// Identifiers in one search.
const A_SEARCH: usize = 80;

impl Engine {
    /// Notes a search as begun.
    pub(super) fn start(&mut self, places: Vec<String>, how: How, why: &str, sought: &[String], range: Range) -> usize {
        self.open += 1;
        self.story.searched.push(Search {
            places,
            how,
            why: why.to_owned(),
            sought: sought.to_vec(),
            from: range.0,
            to: range.1,
            state: SearchState::Running,
            calls: 0,
            found: 0,
            bytes: 0.0,
            usd: 0.0,
        });
        self.story.searched.len() - 1
    }

    /// Gives a search up.
    pub(super) fn give_up(&mut self, index: usize, state: SearchState) {
        if let Some(handle) = self.aborts.remove(&index) {
            handle.abort();
            self.open -= 1;
            self.end(index, state, None);
        }
    }

    /// Gives up whatever is still under way, but what looks for one of these.
    pub(super) fn give_up_rest(&mut self, missing: &[String]) {
        let is_idle = |index: &&usize| {
            let search = self.story.searched.get(**index);
            search.is_none_or(|search| !search.sought.iter().any(|value| missing.contains(value)))
        };
        let running: Vec<usize> = self.aborts.keys().filter(is_idle).copied().collect();
        for index in running {
            self.give_up(index, SearchState::TimedOut);
        }
    }

    pub(super) fn search_logs(&mut self, values: &[String], range: Range) {
        let groups = self.groups.clone().unwrap_or_default();
        self.search_groups(&groups, values, range);
    }

    pub(super) fn search_groups(&mut self, groups: &[Group], values: &[String], (from, to): Range) {
        if groups.is_empty() || values.is_empty() || from > to {
            return;
        }
        let (kept, gone): (Vec<Group>, Vec<Group>) =
            groups.iter().cloned().partition(|group| group.oldest.is_none_or(|oldest| oldest < to));
        if !gone.is_empty() {
            let places = gone.into_iter().map(|group| group.id).collect();
            let index = self.start(places, How::Filter, "", values, (from, to));
            self.open -= 1;
            self.end(index, SearchState::OutsideRetention, None);
        }
        if kept.is_empty() {
            return;
        }
        let means = Means { budget: self.left(), ..self.means };
        for values in values.chunks(A_SEARCH) {
            let terms: Vec<String> = values.iter().flat_map(|value| ids::terms(value)).collect();
            for part in plan::plan(&kept, from, to, self.now, means) {
                let how = if part.way == Way::Filter { How::Filter } else { How::Insights };
                let index = self.start(part.groups.clone(), how, &part.why, values, (from, to));
                let (client, news) = (self.client.clone(), self.news.0.clone());
                let search = lines::search(client, index, part, terms.clone(), (from, to), news);
                self.aborts.insert(index, self.tasks.spawn(search));
            }
        }
    }

    /// US dollars that may still be spent.
    pub(super) fn left(&self) -> f64 {
        self.means.budget - self.story.usd()
    }

    /// Reads the traces that are known and were not read.
    pub(super) fn read_traces(&mut self) {
        let known = self.story.identifiers.iter().filter_map(|known| ids::trace_id(&known.value));
        let new: Vec<String> = known.filter(|id| !self.traces.contains_key(id)).collect();
        if new.is_empty() {
            return;
        }
        self.traces.extend(new.iter().map(|id| (id.clone(), false)));
        let times = || new.iter().filter_map(|id| ids::epoch(id));
        let range = (times().min().unwrap_or(self.to), times().max().unwrap_or(self.to));
        let index = self.start(vec!["xray".to_owned()], How::Traces, "by trace id", &new, range);
        let read = xray::read(self.client.clone(), index, new, self.news.0.clone());
        self.aborts.insert(index, self.tasks.spawn(read));
    }

    /// Searches for what is new: traces by their id, everything else in the log groups around what is known.
    pub(super) fn follow(&mut self) {
        self.read_traces();
        self.stop_looking();
        self.search_again();
        if self.groups.is_none() || self.fresh.is_empty() {
            return;
        }
        for (values, range) in self.fresh_ranges() {
            self.fresh.retain(|value| !values.contains(value));
            self.search_logs(&values, range);
        }
    }

    /// Asks in the other way for what has failed in one, as soon as all of it has.
    fn search_again(&mut self) {
        if self.again.is_empty() || !(self.means.filter || self.means.insights) {
            return;
        }
        let mut merged: BTreeMap<(Vec<String>, Range), Vec<String>> = BTreeMap::new();
        for (values, range, groups) in std::mem::take(&mut self.again) {
            let is_same = |search: &Search| search.sought == values && (search.from, search.to) == range;
            let runs =
                |search: &Search| search.state == SearchState::Running && search.how.is_of_logs() && is_same(search);
            if self.story.searched.iter().any(runs) {
                self.again.push((values, range, groups));
            } else {
                merged.entry((values, range)).or_default().extend(groups);
            }
        }
        for ((values, range), ids) in merged {
            let known = self.groups.clone().unwrap_or_default();
            let groups: Vec<Group> = known.into_iter().filter(|group| ids.contains(&group.id)).collect();
            self.search_groups(&groups, &values, range);
        }
    }

    /// When everything that was asked has been answered: asks for what is left, `false` where nothing is.
    pub(super) fn go_on(&mut self) -> bool {
        self.search_again();
        // Where X-Ray does not have a trace, it matters whether Transaction Search does.
        let missing = self.traces.values().any(|came| !came);
        if self.open == 0 && missing && self.elsewhere.is_none() {
            return true;
        }
        if self.open == 0 {
            self.look_up();
        }
        if self.open == 0 {
            self.go_back();
        }
        // What earlier days leave of the budget is for the search by annotation.
        if self.open == 0 {
            self.look_up();
        }
        self.open > 0
    }

    /// Reads traces that X-Ray has not given, where Transaction Search is on.
    pub(super) fn retrieve(&mut self) {
        if self.elsewhere != Some(true) {
            return;
        }
        let is_read = |id: &String| {
            let reads = |search: &Search| search.how == How::Traces && search.sought.contains(id);
            self.story.searched.iter().any(|search| reads(search) && search.state != SearchState::Running)
        };
        let missing = self.traces.iter().filter(|(id, came)| !**came && !self.retrieved.contains(*id) && is_read(id));
        let mut missing: Vec<String> = missing.map(|(id, _)| id.clone()).collect();
        missing.sort();
        let times = || missing.iter().filter_map(|id| ids::epoch(id));
        let (Some(first), Some(last)) = (times().min(), times().max()) else { return };
        self.retrieved.extend(missing.iter().cloned());
        let range = (first - BEFORE, (last + TRACE).min(self.now));
        let why = "Transaction Search keeps the segments in CloudWatch Logs";
        let index = self.start(vec!["xray".to_owned()], How::Retrieval, why, &missing, range);
        let retrieve = xray::retrieve(self.client.clone(), index, missing, range, self.news.0.clone());
        self.aborts.insert(index, self.tasks.spawn(retrieve));
    }
}
