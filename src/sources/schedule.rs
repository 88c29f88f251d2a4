//! When each metric is asked, and for which stretch of time: incrementally, at most once a period.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::time::{Duration, Instant};

use chrono::TimeDelta;

use super::plan::Ask;
use super::tuning::Tuning;
use crate::app::effect::{Subscription, Watch};
use crate::clock::{Time, floor};
use crate::store::coverage::Coverage;
use crate::store::period::retention;
use crate::store::series::{MetricQuery, MetricSource};
use crate::store::window::{Shift, Window};

/// The shortest span between two asks of one metric, whatever its period.
const SHORTEST: Duration = Duration::from_secs(10);
/// The longest: the running period of a long one is looked at while it grows.
const LONGEST: Duration = Duration::from_mins(5);

/// Functions whose value at one time depends on datapoints at other times, or on which window is asked.
const WHOLE_RANGE: &[&str] = &[
    "RUNNING_SUM",
    "FIRST",
    "LAST",
    "SORT",
    "SLICE",
    "DIFF",
    "DIFF_TIME",
    "RATE",
    "TIME_SERIES",
    "REPEAT",
    "LINEAR",
    "DATAPOINT_COUNT",
    "METRIC_COUNT",
    "INSIGHT_RULE_METRIC",
    "REMOVE_EMPTY",
];
/// Functions that are taken over time when their argument is one series, and across series when it is a list.
const ACROSS_SERIES: &[&str] = &["SUM", "AVG", "MIN", "MAX", "STDDEV", "PERCENTILE"];

/// How often a query is asked: once a period, and a long period every five minutes.
pub(super) fn every(query: &MetricQuery) -> Duration {
    Duration::from_secs(u64::from(query.period_s)).clamp(SHORTEST, LONGEST)
}

/// Whether an expression must always be asked over its whole range, because a part would come out differently.
pub(super) fn needs_whole_range(query: &MetricQuery) -> bool {
    if query.label_tells_values() {
        return true;
    }
    let MetricSource::Expression { text, inputs } = &query.source else { return false };
    let compact: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let names = |function: &str| compact.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').any(|w| w == function);
    let over_time = ACROSS_SERIES.iter().any(|function| {
        compact.match_indices(&format!("{function}(")).any(|(at, call)| {
            let whole_word = !compact[..at].ends_with(|c: char| c.is_ascii_alphanumeric() || c == '_');
            let argument = &compact[at + call.len()..];
            whole_word && !["[", "METRICS(", "SEARCH("].iter().any(|list| argument.starts_with(list))
        })
    });
    super::plan::is_sql(text)
        || over_time
        || WHOLE_RANGE.iter().any(|function| names(function))
        || inputs.iter().any(|(_, input)| needs_whole_range(input))
}

/// What is known of one query.
#[derive(Debug, Default)]
struct Held {
    covered: Coverage,
    /// End of the newest period that has a datapoint.
    newest: Option<Time>,
    /// When its newest periods were last asked for.
    tail_asked: Option<Time>,
    /// How many calls for it are under way.
    asking: usize,
    /// Not before this instant, after a failure.
    not_before: Option<Instant>,
    /// AWS refused it as wrong.
    refused: bool,
    /// It is not asked again until the user wants so.
    given_up: bool,
}

/// The stretches of time that are wanted of a query.
#[derive(Debug, Default, Clone)]
struct Want {
    /// The window on screen.
    window: bool,
    /// The earlier windows that it is compared with.
    compare: BTreeSet<Shift>,
    /// So much of the past up to the present, whatever is on screen.
    recent: Option<Duration>,
}

/// What is asked for the screen, and what beyond that for the rules: no instant twice, unless a `whole` range is needed.
fn apart(shown: Vec<Stretch>, recent: Vec<Stretch>, whole: bool) -> (Vec<Stretch>, Vec<Stretch>) {
    if whole && !shown.is_empty() && !recent.is_empty() {
        let all = || shown.iter().chain(&recent);
        let from = all().map(|(from, _)| *from).min();
        let to = all().map(|(_, to)| *to).max();
        return (from.zip(to).into_iter().collect(), Vec::new());
    }
    let mut covered = Coverage::default();
    for (from, to) in &shown {
        covered.add(*from, *to);
    }
    let rest = recent.into_iter().flat_map(|(from, to)| covered.missing(from, to)).collect();
    (shown, rest)
}

/// From when, inclusive, until when, exclusive.
type Stretch = (Time, Time);

/// The schedule of all metric queries.
#[derive(Debug)]
pub(super) struct Schedule {
    held: HashMap<MetricQuery, Held>,
    delay: TimeDelta,
    reread: u32,
    late: u32,
}

impl Schedule {
    pub(super) fn new(tuning: &Tuning) -> Self {
        Self {
            held: HashMap::new(),
            delay: TimeDelta::from_std(tuning.metric_delay).unwrap_or_default(),
            reread: tuning.metric_reread,
            late: tuning.metric_late,
        }
    }

    /// Queries that are watched, each once, with the stretches of time that are wanted of them.
    fn wanted(watch: &Watch) -> BTreeMap<&MetricQuery, Want> {
        let mut wanted: BTreeMap<&MetricQuery, Want> = BTreeMap::new();
        for subscription in &watch.wanted {
            if let Subscription::Metric { query, compare } = subscription {
                let want = wanted.entry(query).or_default();
                want.window = true;
                want.compare.extend(compare);
            } else if let Subscription::Recent { query, span } = subscription {
                let want = wanted.entry(query).or_default();
                want.recent = want.recent.max(Some(*span));
            }
        }
        wanted
    }

    /// What must be asked now; it counts as under way until [`Self::answered`] or [`Self::failed`] says otherwise.
    pub(super) fn due(&mut self, watch: &Watch, now: Time, instant: Instant) -> Vec<Ask> {
        let mut asks = Vec::new();
        // What rules learn from lies behind what is on screen, and waits until that has been answered.
        let (mut deep, mut busy) = (Vec::new(), false);
        for (query, want) in Self::wanted(watch) {
            let held = self.held.entry(query.clone()).or_default();
            busy |= held.asking > 0;
            if held.asking > 0 || held.given_up || held.not_before.is_some_and(|at| at > instant) {
                continue;
            }
            held.not_before = None;
            let late = (self.reread, self.late);
            let of = |window, compare: &BTreeSet<Shift>| held.stretches(query, window, compare, now, self.delay, late);
            let shown = if want.window { of(watch.window, &want.compare) } else { Vec::new() };
            let recent = want.recent.map_or_else(Vec::new, |span| of(Window::live(span), &BTreeSet::new()));
            let (shown, recent) = apart(shown, recent, needs_whole_range(query));
            let alone = held.refused;
            let ask = |(from, to)| Ask { query: query.clone(), from, to, alone };
            held.asking = shown.len();
            asks.extend(shown.into_iter().map(ask));
            deep.extend(recent.into_iter().map(ask));
        }
        if asks.is_empty() && !busy {
            for ask in &deep {
                self.held.entry(ask.query.clone()).or_default().asking += 1;
            }
            asks = deep;
        }
        asks
    }

    /// Records an answer to a question asked at `asked`; `newest` is the end of the newest period with a datapoint.
    pub(super) fn answered(&mut self, ask: &Ask, asked: Time, newest: Option<Time>) {
        let held = self.held.entry(ask.query.clone()).or_default();
        held.covered.add(ask.from, ask.to);
        held.newest = held.newest.max(newest);
        if ask.to >= floor(asked, every(&ask.query).as_secs() as i64) {
            held.tail_asked = held.tail_asked.max(Some(asked));
        }
        held.asking = held.asking.saturating_sub(1);
        held.refused = false;
        held.not_before = None;
    }

    /// Records that a question was not answered, and when it may be asked again.
    pub(super) fn failed(&mut self, query: &MetricQuery, not_before: Instant, refused: bool) {
        let held = self.held.entry(query.clone()).or_default();
        held.asking = held.asking.saturating_sub(1);
        held.refused |= refused;
        held.not_before = Some(not_before);
    }

    /// Records that a question is not worth asking again.
    pub(super) fn give_up(&mut self, query: &MetricQuery) {
        self.held.entry(query.clone()).or_default().given_up = true;
    }

    /// Whether something that is watched waits for an answer, or for another try.
    pub(super) fn is_waiting(&self, watch: &Watch) -> bool {
        let waits = |held: &Held| !held.given_up && (held.asking > 0 || held.not_before.is_some());
        Self::wanted(watch).keys().any(|query| self.held.get(*query).is_some_and(waits))
    }

    /// Makes everything due again.
    pub(super) fn refresh(&mut self) {
        for held in self.held.values_mut() {
            held.given_up = false;
            held.tail_asked = None;
            held.not_before = None;
        }
    }

    /// The virtual time from `now` and the real instant at which something becomes due by itself.
    pub(super) fn next(&self, watch: &Watch, now: Time) -> (Option<TimeDelta>, Option<Instant>) {
        let queries = Self::wanted(watch);
        let idle = queries.keys().filter(|query| self.held.get(**query).is_none_or(|held| held.asking == 0));
        let boundary = |query: &MetricQuery| {
            let period = every(query).as_secs() as i64;
            floor(now - self.delay, period) + TimeDelta::seconds(period) + self.delay - now
        };
        let follows = |query: &&&MetricQuery| {
            watch.window.is_live() || queries.get(**query).is_some_and(|want| want.recent.is_some())
        };
        let virtual_wait = idle.filter(follows).map(|query| boundary(query)).min();
        let held = queries.keys().filter_map(|query| self.held.get(*query));
        let retry = held.filter(|held| held.asking == 0 && !held.given_up).filter_map(|held| held.not_before).min();
        (virtual_wait, retry)
    }
}

/// The stretches that a query is drawn over, each `[from, to)` on boundaries of its period.
struct Ranges {
    /// The window, and what touches it of the earlier ones.
    present: (Time, Time),
    /// Earlier windows that stand apart.
    earlier: Vec<(Time, Time)>,
}

impl Ranges {
    fn of(query: &MetricQuery, window: Window, compare: &BTreeSet<Shift>, now: Time) -> Self {
        let (start, end) = window.whole_periods(now, query.period_s);
        // CloudWatch has nothing older, so it is not asked for it.
        let period = i64::from(query.period_s.max(1));
        let oldest = floor(now - retention(query.period_s), period) + TimeDelta::seconds(period);
        let mut from = start.max(oldest);
        let mut earlier = Vec::new();
        for shift in compare {
            let back = shift.back(window, query.period_s);
            let (a, b) = ((start - back).max(oldest), end - back);
            // An answer with such a label takes the place of the one before, so all is one answer.
            if b >= from || query.label_tells_values() {
                from = from.min(a);
            } else if a < b {
                earlier.push((a, b));
            }
        }
        let grows = window.is_live() && Duration::from_secs(u64::from(query.period_s)) > LONGEST;
        let running = TimeDelta::seconds(if grows { i64::from(query.period_s) } else { 0 });
        Self { present: (from, end + running), earlier }
    }
}

impl Held {
    /// The stretches of time to ask for, each on boundaries of the period.
    fn stretches(
        &self,
        query: &MetricQuery,
        window: Window,
        compare: &BTreeSet<Shift>,
        now: Time,
        delay: TimeDelta,
        late: (u32, u32),
    ) -> Vec<(Time, Time)> {
        let ranges = Ranges::of(query, window, compare, now);
        let boundary = floor(now - delay, every(query).as_secs() as i64);
        let tail_due = window.is_live() && self.tail_asked.is_none_or(|asked| asked < boundary + delay);
        let mut asks = self.present(query, window, ranges.present, tail_due, late);
        let span = TimeDelta::from_std(window.span).unwrap_or_default();
        for (from, to) in ranges.earlier {
            let missing = self.covered.missing(from, to);
            if needs_whole_range(query) {
                asks.extend((tail_due || !missing.is_empty()).then_some((from, to)));
            } else if !missing.is_empty() {
                // The earlier window moves on with the clock: as much again is read ahead, so that it is asked for once
                // a window and not once a period.
                let ahead = if window.is_live() { span } else { TimeDelta::zero() };
                let ahead = floor(to + ahead, i64::from(query.period_s.max(1))).max(to);
                asks.extend(self.covered.missing(from, ahead.min(ranges.present.0)));
            }
        }
        asks
    }

    /// What is to be asked for of the window and what touches it.
    fn present(
        &self,
        query: &MetricQuery,
        window: Window,
        (from, to): (Time, Time),
        tail_due: bool,
        (reread, late): (u32, u32),
    ) -> Vec<(Time, Time)> {
        let period = TimeDelta::seconds(i64::from(query.period_s.max(1)));
        if from >= to {
            return Vec::new();
        }
        // What has become past within the delay waits for its turn, unless nothing is known at all.
        let ripe = if window.is_live() && !tail_due { to.min(self.covered.end().unwrap_or(to)) } else { to };
        if needs_whole_range(query) {
            let complete = self.covered.missing(from, ripe).is_empty();
            return if tail_due || !complete { vec![(from, to)] } else { Vec::new() };
        }
        let mut missing = self.covered.missing(from, ripe);
        if !tail_due {
            return missing;
        }
        let Some(end) = self.covered.end().filter(|end| *end >= from && *end <= to + period) else {
            return if missing.is_empty() { vec![(from, to)] } else { missing };
        };
        let known = self.newest.unwrap_or(from).clamp(end - period * late as i32, end);
        let tail = (known - period * reread as i32).max(from);
        missing.retain(|(start, _)| *start < tail);
        for gap in &mut missing {
            gap.1 = gap.1.min(tail);
        }
        missing.retain(|(start, end)| start < end);
        missing.push((tail.min(to), to));
        missing.retain(|(start, end)| start < end);
        missing
    }
}

#[cfg(test)]
#[path = "schedule_tests.rs"]
mod tests;
