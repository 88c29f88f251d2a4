//! Which searches are made, and when.

use std::collections::BTreeMap;
use std::time::Duration;

use chrono::TimeDelta;

use super::{AFTER, BEFORE, Engine, Range, TRACE};
use crate::analysis::story::ids;
use crate::clock::Time;
use crate::sources::investigation::groups::Group;
use crate::sources::investigation::plan::{self, Means, Way};
use crate::sources::investigation::{lines, xray};
use crate::sources::prices::Prices;
use crate::store::story::{Event, How, Identifier, Search, SearchState};

/// Identifiers in one search.
const A_SEARCH: usize = 80;
/// How far around what is known X-Ray is searched by annotation: it charges for every trace that it goes through.
const AROUND: TimeDelta = TimeDelta::minutes(2);
/// Days to which an investigation goes back that has found nothing.
const LADDER: [i64; 6] = [1, 2, 4, 7, 14, 30];
/// No earlier days are begun after this.
const ENOUGH: Duration = Duration::from_mins(1);

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

    /// Gives up whatever is still under way.
    pub(super) fn give_up_rest(&mut self) {
        let running: Vec<usize> = self.aborts.keys().copied().collect();
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
    fn left(&self) -> f64 {
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

    /// Ends the search by annotation where lines name the traces: it is for where they do not.
    fn stop_looking(&mut self) {
        let names = |event: &Event| event.segment.is_none() && event.trace.is_some();
        if self.looking.is_some()
            && self.story.events.iter().any(names)
            && let Some(index) = self.looking.take()
        {
            self.give_up(index, SearchState::Skipped("log lines name the trace".to_owned()));
        }
    }

    /// Searches for what is new: traces by their id, everything else in the log groups around what is known.
    pub(super) fn follow(&mut self) {
        self.read_traces();
        self.stop_looking();
        self.search_again();
        if self.groups.is_none() || self.fresh.is_empty() {
            return;
        }
        let Some(range) = self.nearby(BEFORE, AFTER) else { return };
        let fresh: Vec<String> = std::mem::take(&mut self.fresh).into_iter().collect();
        self.search_logs(&fresh, range);
    }

    /// Looks for traces by annotation, where nothing has led to a trace.
    pub(super) fn look_up(&mut self) -> bool {
        let annotations = self.board.feed.as_ref().map(|rules| rules.annotations.clone()).unwrap_or_default();
        if self.has_looked_up || annotations.is_empty() || !self.traces.is_empty() {
            return false;
        }
        let fits = |known: &&Identifier| {
            (known.field.is_empty() || annotations.contains(&known.field)) && !self.is_passed_over(&known.value)
        };
        let values: Vec<String> =
            self.story.identifiers.iter().filter(fits).map(|known| known.value.clone()).take(10).collect();
        if values.is_empty() {
            return false;
        }
        self.has_looked_up = true;
        let range = self.nearby(AROUND, AROUND).unwrap_or_else(|| self.window());
        let filter = xray::expression(&annotations, &values);
        let why = format!("by annotation {}", annotations.join(", "));
        let index = self.start(vec!["xray".to_owned()], How::Annotation, &why, &values, range);
        // Earlier days are to be searched too: half of what is left is for that.
        let most = (self.left() / 2.0 / Prices::default().trace).max(0.0) as u64;
        let look = xray::look(self.client.clone(), index, filter, (range, most), self.news.0.clone());
        self.aborts.insert(index, self.tasks.spawn(look));
        self.looking = Some(index);
        true
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
        if self.open == 0 && self.story.is_empty() {
            self.go_back();
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

    /// Looks at earlier days, a step at a time, as far as budget and retention go.
    fn go_back(&mut self) {
        let given: Vec<String> = self.story.identifiers.iter().map(|known| known.value.clone()).collect();
        let values: Vec<String> = given.into_iter().filter(|value| ids::trace_id(value).is_none()).collect();
        let Some(groups) = self.groups.clone().filter(|groups| !groups.is_empty() && !values.is_empty()) else {
            return;
        };
        if self.story.refusal().is_some() {
            return;
        }
        let (window_from, _) = self.window();
        while let Some(days) = LADDER.get(self.rung) {
            let until = self.rung.checked_sub(1).map_or(window_from, |rung| self.to - TimeDelta::days(LADDER[rung]));
            let (from, to) = (self.to - TimeDelta::days(*days), until.min(window_from));
            self.rung += 1;
            if from >= to || groups.iter().all(|group| group.oldest.is_some_and(|oldest| oldest >= to)) {
                continue;
            }
            let hours = (to - from).as_seconds_f64() / 3600.0;
            let cost = plan::usd(&groups, from, to, self.now).or_else(|| self.extrapolated(hours));
            let day = |at: Time| at.format("%Y-%m-%d %H:%M").to_string();
            if let Some(cost) = cost.filter(|cost| *cost > self.left()) {
                let words = format!(
                    "not searched before {} UTC: it would cost ${cost:.2}, and ${:.2} of a budget of ${:.2} is spent",
                    day(to),
                    self.story.usd(),
                    self.means.budget
                );
                self.story.note(words);
                self.rung = LADDER.len();
                return;
            }
            if self.began.elapsed() > ENOUGH {
                self.story.note(format!("not searched before {} UTC: it took too long; give --at or --since", day(to)));
                self.rung = LADDER.len();
                return;
            }
            let span = crate::text::units::span(self.query.since.as_secs().cast_signed());
            self.story
                .note(format!("nothing in the last {span}: earlier days are searched too, back to {} UTC", day(from)));
            self.search_logs(&values, (from, to));
            if self.open > 0 {
                return;
            }
        }
    }

    /// What Logs Insights would cost for so many hours, by what it has cost so far.
    fn extrapolated(&self, hours: f64) -> Option<f64> {
        let paid = self.story.searched.iter().filter(|search| search.usd > 0.0 && search.state.has_answered());
        let an_hour = |search: &Search| search.usd / ((search.to - search.from).as_seconds_f64() / 3600.0).max(0.01);
        paid.map(an_hour).max_by(f64::total_cmp).map(|usd| usd * hours)
    }
}
