//! Which searches are made, and when.

use std::collections::HashMap;
use std::time::Duration;

use chrono::TimeDelta;

use super::{BEFORE, Engine, News, Range, Report, TRACE};
use crate::analysis::story::ids;
use crate::clock::Time;
use crate::sources::investigation::groups::Group;
use crate::sources::investigation::plan::{self, Means, Way};
use crate::sources::investigation::{lines, xray};
use crate::sources::operation::{
    BATCH_GET_TRACES, FILTER_LOG_EVENTS, GET_TRACE_SUMMARIES, LIST_RETRIEVED_TRACES, Operation, START_QUERY,
};
use crate::sources::prices::Prices;
use crate::store::story::{Identifier, Search, SearchState};

/// Identifiers in one search.
const A_SEARCH: usize = 80;
/// How far after what is known joined identifiers are looked for.
const AFTER: TimeDelta = TimeDelta::minutes(30);
/// How far around what is known X-Ray is searched by annotation: it charges for every trace that it goes through.
const AROUND: TimeDelta = TimeDelta::minutes(2);
/// Days to which an investigation goes back that has found nothing.
const LADDER: [i64; 6] = [1, 2, 4, 7, 14, 30];
/// No earlier days are begun after this.
const ENOUGH: Duration = Duration::from_mins(1);

impl Engine {
    /// Notes a search as begun.
    pub(super) fn start(
        &mut self,
        places: Vec<String>,
        how: Operation,
        why: &str,
        sought: &[String],
        range: Range,
    ) -> usize {
        self.open += 1;
        self.story.searched.push(Search {
            places,
            how: how.to_string(),
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

    pub(super) fn search_logs(&mut self, values: &[String], range: Range) {
        let groups = self.groups.clone().unwrap_or_default();
        self.search_groups(&groups, values, range);
    }

    fn search_groups(&mut self, groups: &[Group], values: &[String], (from, to): Range) {
        if groups.is_empty() || values.is_empty() || from > to {
            return;
        }
        let (kept, gone): (Vec<Group>, Vec<Group>) =
            groups.iter().cloned().partition(|group| group.oldest.is_none_or(|oldest| oldest < to));
        if !gone.is_empty() {
            let places = gone.into_iter().map(|group| group.id).collect();
            let index = self.start(places, FILTER_LOG_EVENTS, "", values, (from, to));
            self.open -= 1;
            self.end(index, SearchState::OutsideRetention, Report::default());
        }
        if kept.is_empty() {
            return;
        }
        let means = Means { budget: self.left(), ..self.means };
        for values in values.chunks(A_SEARCH) {
            let terms: Vec<String> = values.iter().flat_map(|value| ids::terms(value)).collect();
            for part in plan::plan(&kept, from, to, self.now, means) {
                let how = if part.way == Way::Filter { FILTER_LOG_EVENTS } else { START_QUERY };
                let index = self.start(part.groups.clone(), how, &part.why, values, (from, to));
                let (client, news) = (self.client.clone(), self.news.0.clone());
                self.tasks.spawn(lines::search(client, index, part, terms.clone(), (from, to), news));
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
        let index = self.start(vec!["xray".to_owned()], BATCH_GET_TRACES, "by trace id", &new, range);
        self.tasks.spawn(xray::read(self.client.clone(), index, new, self.news.0.clone()));
    }

    /// Searches for what is new: traces by their id, everything else in the log groups around what is known.
    pub(super) fn follow(&mut self) {
        self.read_traces();
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
        let fits = |known: &&Identifier| known.field.is_empty() || annotations.contains(&known.field);
        let values: Vec<String> =
            self.story.identifiers.iter().filter(fits).map(|known| known.value.clone()).take(10).collect();
        if values.is_empty() {
            return false;
        }
        self.has_looked_up = true;
        let range = self.nearby(AROUND, AROUND).unwrap_or_else(|| self.window());
        let filter = xray::expression(&annotations, &values);
        let why = format!("by annotation {}", annotations.join(", "));
        let index = self.start(vec!["xray".to_owned()], GET_TRACE_SUMMARIES, &why, &values, range);
        // Earlier days are to be searched too: half of what is left is for that.
        let most = (self.left() / 2.0 / Prices::default().trace).max(0.0) as u64;
        self.tasks.spawn(xray::look(self.client.clone(), index, filter, (range, most), self.news.0.clone()));
        true
    }

    /// When everything that was asked has been answered: asks for what is left, `false` where nothing is.
    pub(super) fn go_on(&mut self) -> bool {
        let again = std::mem::take(&mut self.again);
        if !again.is_empty() && (self.means.filter || self.means.insights) {
            let mut merged: HashMap<(Vec<String>, Range), Vec<String>> = HashMap::new();
            for (values, range, groups) in again {
                merged.entry((values, range)).or_default().extend(groups);
            }
            for ((values, range), ids) in merged {
                let known = self.groups.clone().unwrap_or_default();
                let groups: Vec<Group> = known.into_iter().filter(|group| ids.contains(&group.id)).collect();
                self.search_groups(&groups, &values, range);
            }
        }
        if self.open == 0 && !self.has_asked_where && self.traces.values().any(|came| !came) {
            self.has_asked_where = true;
            self.open += 1;
            let (client, news) = (self.client.clone(), self.news.0.clone());
            self.tasks.spawn(async move {
                let elsewhere = xray::is_elsewhere(&client).await;
                let _ = news.send(News::Destination(elsewhere)).await;
            });
        }
        if self.open == 0 {
            self.look_up();
        }
        if self.open == 0 && self.story.events.is_empty() {
            self.go_back();
        }
        self.open > 0
    }

    /// Reads traces that X-Ray no longer has itself, where Transaction Search is on.
    pub(super) fn retrieve(&mut self) {
        let missing: Vec<String> = self.traces.iter().filter(|(_, came)| !**came).map(|(id, _)| id.clone()).collect();
        let times = || missing.iter().filter_map(|id| ids::epoch(id));
        let (Some(first), Some(last)) = (times().min(), times().max()) else { return };
        let range = (first - BEFORE, (last + TRACE).min(self.now));
        let why = "Transaction Search keeps the segments in CloudWatch Logs";
        let index = self.start(vec!["xray".to_owned()], LIST_RETRIEVED_TRACES, why, &missing, range);
        self.tasks.spawn(xray::retrieve(self.client.clone(), index, missing, range, self.news.0.clone()));
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
