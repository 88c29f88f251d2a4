//! Earlier days, for what was given and has led to nothing yet.

use std::time::Duration;

use chrono::TimeDelta;

use super::{Engine, Range};
use crate::analysis::story::summary::few;
use crate::analysis::story::{ids, missing};
use crate::clock::Time;
use crate::sources::investigation::groups::Group;
use crate::sources::investigation::plan;
use crate::store::story::Search;

/// Days to which an investigation goes back for what it has not found.
const LADDER: [i64; 6] = [1, 2, 4, 7, 14, 30];
/// No earlier days are begun after this.
const ENOUGH: Duration = Duration::from_mins(1);

impl Engine {
    /// What earlier days are to be searched for: a trace id has its time inside.
    fn wanted_earlier(&self) -> Vec<String> {
        missing(&self.story).into_iter().filter(|value| ids::trace_id(value).is_none()).collect()
    }

    /// Looks at earlier days, a step at a time, as far as budget and retention go, for all that was given and not found.
    pub(super) fn go_back(&mut self) {
        let values = self.wanted_earlier();
        let Some(groups) = self.groups.clone().filter(|groups| !groups.is_empty() && !values.is_empty()) else {
            return;
        };
        // Where neither way leads to lines, earlier days are no better.
        if self.story.refusal().is_some() || !(self.means.filter || self.means.insights) {
            return;
        }
        while self.rung < LADDER.len() {
            let step = self.step(self.rung, &groups);
            self.rung += 1;
            let Some((from, to)) = step else { continue };
            let day = |at: Time| at.format("%Y-%m-%d %H:%M").to_string();
            if let Some(cost) = self.price(&groups, (from, to)).filter(|cost| *cost > self.left()) {
                let words = format!(
                    "{}not searched before {} UTC: it would cost ${cost:.2}, and ${:.2} of a budget of ${:.2} is spent",
                    self.of(&values),
                    day(to),
                    self.story.usd(),
                    self.means.budget
                );
                self.story.note(words);
                self.rung = LADDER.len();
                return;
            }
            if self.began.elapsed() > ENOUGH {
                let of = self.of(&values);
                let words = format!("{of}not searched before {} UTC: it took too long; give --at or --since", day(to));
                self.story.note(words);
                self.rung = LADDER.len();
                return;
            }
            let span = crate::text::units::span(self.query.since.as_secs().cast_signed());
            let (of, back) = (self.of(&values), day(from));
            self.story
                .note(format!("{of}nothing in the last {span}: earlier days are searched too, back to {back} UTC"));
            self.search_logs(&values, (from, to));
            if self.open > 0 {
                return;
            }
        }
    }

    /// What a note begins with that is not about all that was given.
    fn of(&self, values: &[String]) -> String {
        let given = self.story.identifiers.iter().filter(|known| known.join.is_none()).count();
        if values.len() == given { String::new() } else { format!("{}: ", few(values)) }
    }

    /// The stretch of a step back; `None` where there is nothing of it.
    fn step(&self, rung: usize, groups: &[Group]) -> Option<Range> {
        let (window_from, _) = self.window();
        let before = |rung: usize| LADDER.get(rung).map(|days| self.to - TimeDelta::days(*days));
        let until = rung.checked_sub(1).and_then(before).unwrap_or(window_from);
        let (from, to) = (before(rung)?, until.min(window_from));
        let is_gone = groups.iter().all(|group| group.oldest.is_some_and(|oldest| oldest >= to));
        (from < to && !is_gone).then_some((from, to))
    }

    /// What a step back costs, where that is known.
    fn price(&self, groups: &[Group], (from, to): Range) -> Option<f64> {
        let hours = (to - from).as_seconds_f64() / 3600.0;
        plan::usd(groups, from, to, self.now).or_else(|| self.extrapolated(hours))
    }

    /// US dollars that the steps back still to be taken cost, as many of them as the budget covers.
    pub(super) fn reserved(&self) -> f64 {
        let groups = self.groups.clone().unwrap_or_default();
        if groups.is_empty() || self.wanted_earlier().is_empty() {
            return 0.0;
        }
        let steps = (self.rung..LADDER.len()).filter_map(|rung| self.step(rung, &groups));
        let mut all = 0.0;
        for cost in steps.map_while(|step| self.price(&groups, step)) {
            if all + cost > self.left() {
                break;
            }
            all += cost;
        }
        all
    }

    /// What Logs Insights would cost for so many hours, by what it has cost so far.
    fn extrapolated(&self, hours: f64) -> Option<f64> {
        let paid = self.story.searched.iter().filter(|search| search.usd > 0.0 && search.state.has_answered());
        let an_hour = |search: &Search| search.usd / ((search.to - search.from).as_seconds_f64() / 3600.0).max(0.01);
        paid.map(an_hour).max_by(f64::total_cmp).map(|usd| usd * hours)
    }
}
