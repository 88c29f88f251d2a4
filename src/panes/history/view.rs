//! The history as plain data.

use chrono::{NaiveDate, TimeDelta};

use super::History;
use crate::analysis::unit::alarm_unit;
use crate::board::Unit;
use crate::panes::Cx;
use crate::panes::alarms::{REASON, beside, moment, named};
use crate::store::episode::{Acknowledgement, Episode, Signal};
use crate::text::{clean, clean_head, units};
use crate::widgets::chart::figure;

/// What the screen shows.
#[derive(Debug, Clone, PartialEq)]
pub struct HistoryView {
    /// The title, with the counts of what is listed.
    pub title: String,
    /// Days, newest first, below a row for all of them.
    pub days: Vec<DayRow>,
    /// Alarms and rules, those that fired most first, below a row for all of them.
    pub names: Vec<NameRow>,
    /// Episodes, newest first.
    pub episodes: Vec<EpisodeRow>,
    /// What is said where there is no episode.
    pub empty: String,
}

/// A day on which something began to fire, in the zone on screen.
#[derive(Debug, Clone, PartialEq)]
pub struct DayRow {
    /// The day; `None` for all days.
    pub day: Option<NaiveDate>,
    /// Its name: `2026-01-15 Thu`.
    pub label: String,
    /// How many episodes began on it.
    pub episodes: usize,
    /// How long they lasted together.
    pub total: TimeDelta,
}

/// An alarm or a rule that has fired.
#[derive(Debug, Clone, PartialEq)]
pub struct NameRow {
    /// Which one; `None` for all of them.
    pub key: Option<(Signal, String)>,
    /// Its name, safe to show.
    pub label: String,
    /// How many episodes it had.
    pub episodes: usize,
    /// How long they lasted together.
    pub total: TimeDelta,
    /// How long the longest lasted.
    pub longest: TimeDelta,
    /// When the last one began, as a time.
    pub last: String,
}

/// An episode.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EpisodeRow {
    /// Whether it is under way.
    pub firing: bool,
    /// When it began.
    pub began: String,
    /// How long it lasted: `8m`; under way `8m on`.
    pub lasted: String,
    /// What fired, safe to show.
    pub name: String,
    /// `rule` beside a rule.
    pub kind: &'static str,
    /// How far it went: `14.6 > 5 %`.
    pub peak: String,
    /// Who said what about it.
    pub note: String,
    /// Why it fired, in one line.
    pub reason: String,
}

/// The episodes that belong on this board and that the filter lets through, newest first.
pub(super) fn shown<'a>(cx: &Cx<'a>, filter: &str) -> Vec<&'a Episode> {
    let words: Vec<String> = filter.split_whitespace().map(str::to_lowercase).collect();
    let of_board = |episode: &&Episode| match episode.signal {
        Signal::Alarm => cx.board.alarms.shows(&episode.name),
        Signal::Rule => true,
    };
    let matches = |episode: &&Episode| {
        let text = || format!("{} {} {}", episode.name, episode.reason, note(episode, cx)).to_lowercase();
        words.is_empty() || words.iter().all(|word| text().contains(word))
    };
    cx.store.history.episodes.iter().filter(of_board).filter(matches).collect()
}

/// The day on which an episode began, in the zone on screen.
pub(super) fn day(episode: &Episode, cx: &Cx<'_>) -> NaiveDate {
    cx.zone.at(episode.began).date_naive()
}

/// The rows of the list of days.
pub(super) fn days(cx: &Cx<'_>, filter: &str, name: Option<&(Signal, String)>) -> Vec<Option<NaiveDate>> {
    day_rows(cx, filter, name).into_iter().map(|row| row.day).collect()
}

/// The rows of the list of names.
pub(super) fn names(cx: &Cx<'_>, filter: &str, day: Option<NaiveDate>) -> Vec<Option<(Signal, String)>> {
    name_rows(cx, filter, day).into_iter().map(|row| row.key).collect()
}

fn day_rows(cx: &Cx<'_>, filter: &str, name: Option<&(Signal, String)>) -> Vec<DayRow> {
    let mut all = DayRow { day: None, label: "all days".to_owned(), episodes: 0, total: TimeDelta::zero() };
    let mut rows: Vec<DayRow> = Vec::new();
    let of_name = |e: &&Episode| name.is_none_or(|(signal, name)| e.signal == *signal && e.name == *name);
    for episode in shown(cx, filter).into_iter().filter(of_name) {
        let day = day(episode, cx);
        // Newest first: the episodes of a day follow each other.
        if rows.last().is_none_or(|row| row.day != Some(day)) {
            let label = day.format("%Y-%m-%d %a").to_string();
            rows.push(DayRow { day: Some(day), label, episodes: 0, total: TimeDelta::zero() });
        }
        let lasted = episode.lasted(cx.now);
        for row in rows.last_mut().into_iter().chain([&mut all]) {
            row.episodes += 1;
            row.total += lasted;
        }
    }
    rows.insert(0, all);
    rows
}

fn name_rows(cx: &Cx<'_>, filter: &str, on: Option<NaiveDate>) -> Vec<NameRow> {
    let row = |key: Option<(Signal, String)>, label: String| NameRow {
        key,
        label,
        episodes: 0,
        total: TimeDelta::zero(),
        longest: TimeDelta::zero(),
        last: String::new(),
    };
    let mut all = row(None, "all names".to_owned());
    let mut rows: Vec<NameRow> = Vec::new();
    for episode in shown(cx, filter).into_iter().filter(|e| on.is_none_or(|on| day(e, cx) == on)) {
        let of_episode =
            |row: &NameRow| row.key.as_ref().is_some_and(|(s, n)| *s == episode.signal && *n == episode.name);
        let index = rows.iter().position(of_episode).unwrap_or_else(|| {
            rows.push(row(Some((episode.signal, episode.name.clone())), clean(&episode.name).into_owned()));
            rows.len() - 1
        });
        let lasted = episode.lasted(cx.now);
        for row in [&mut rows[index], &mut all] {
            row.episodes += 1;
            row.total += lasted;
            row.longest = row.longest.max(lasted);
            if row.last.is_empty() {
                row.last = moment(episode.began, cx.now, cx.zone);
            }
        }
    }
    rows.sort_by(|a, b| b.episodes.cmp(&a.episodes).then(b.total.cmp(&a.total)).then(a.label.cmp(&b.label)));
    rows.insert(0, all);
    rows
}

/// What is shown.
pub(super) fn view(pane: &History, cx: &Cx<'_>) -> HistoryView {
    let (on, name) = pane.narrowed();
    let listed = pane.listed(cx);
    HistoryView {
        title: title(&listed, cx),
        days: day_rows(cx, &pane.filter, name),
        names: name_rows(cx, &pane.filter, on),
        episodes: listed.iter().map(|episode| row(episode, cx)).collect(),
        empty: match (pane.filter.is_empty(), cx.store.history.episodes.is_empty()) {
            (false, false) => format!("no episode matches `{}`", pane.filter),
            (true, false) => "nothing on that day".to_owned(),
            (_, true) => "nothing has fired yet".to_owned(),
        },
    }
}

/// The title, with the counts of what is listed.
pub(super) fn title(listed: &[&Episode], cx: &Cx<'_>) -> String {
    let mut days: Vec<NaiveDate> = listed.iter().map(|episode| day(episode, cx)).collect();
    days.dedup();
    let firing = listed.iter().filter(|episode| episode.ended.is_none()).count();
    let count = |n: usize, word: &str| format!("{n} {word}{}", if n == 1 { "" } else { "s" });
    match (listed.len(), firing) {
        (0, _) => "History".to_owned(),
        (n, 0) => format!("History ── {} on {}", count(n, "episode"), count(days.len(), "day")),
        (n, firing) => {
            format!("History ── {} on {}, {firing} firing", count(n, "episode"), count(days.len(), "day"))
        }
    }
}

/// An episode in one row.
pub(super) fn row(episode: &Episode, cx: &Cx<'_>) -> EpisodeRow {
    let span = if episode.ended.is_some() { units::lasted } else { units::span };
    let lasted = span(episode.lasted(cx.now).num_seconds());
    EpisodeRow {
        firing: episode.ended.is_none(),
        began: moment(episode.began, cx.now, cx.zone),
        lasted: if episode.ended.is_some() { lasted } else { format!("{lasted} on") },
        name: clean(&episode.name).into_owned(),
        kind: match episode.signal {
            Signal::Alarm => "",
            Signal::Rule => "rule",
        },
        peak: peak(episode, cx),
        note: note(episode, cx),
        reason: reason(episode),
    }
}

/// Why it fired, without what every reason begins with.
fn reason(episode: &Episode) -> String {
    let reason = named(&clean_head(&episode.reason, REASON));
    let reason = reason.trim_start_matches("Threshold Crossed: ").trim_start_matches("Thresholds Crossed: ");
    reason.to_owned()
}

pub(super) fn peak(episode: &Episode, cx: &Cx<'_>) -> String {
    let alarm = cx.store.alarm(&episode.name).filter(|_| episode.signal == Signal::Alarm);
    let unit = alarm.map_or(Unit::None, |alarm| alarm_unit(alarm, cx.board));
    // What began with a value beyond a threshold has at least that as its peak; of a band nobody can say.
    match (episode.peak.or(episode.value.filter(|_| episode.threshold.is_some())), episode.threshold) {
        (Some(peak), Some(threshold)) => beside(peak, threshold, unit),
        (Some(peak), None) => figure(peak, unit),
        (None, Some(_) | None) => String::new(),
    }
}

/// What was last said about an episode while it was under way: `eva: it is the TSP`.
fn note(episode: &Episode, cx: &Cx<'_>) -> String {
    cx.store.history.said_during(episode).map(Acknowledgement::words).unwrap_or_default()
}

/// An episode in one line, to be pasted: `HighFailureRate fired from 10:20:00 for 8m: 14.6 > 5 %`.
pub(super) fn sentence(episode: &Episode, cx: &Cx<'_>) -> String {
    let row = row(episode, cx);
    let mut text = format!("{} fired from {} for {}", row.name, row.began, row.lasted);
    for (before, part) in [(": ", &row.peak), (" · ", &row.reason), (" · ", &row.note)] {
        if !part.is_empty() {
            text.push_str(before);
            text.push_str(part);
        }
    }
    text
}
