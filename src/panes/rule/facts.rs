//! What there is to know about a rule, in words.

use super::word;
use crate::board::rule::{Beyond, Datapoints, Limit, Missing};
use crate::board::{Rule, RuleKind, Slo};
use crate::clock::Time;
use crate::panes::alarms::REASON;
use crate::panes::note::age;
use crate::panes::words::query_lines;
use crate::panes::{Cx, alarms};
use crate::store::episode::{Episode, Signal};
use crate::store::rule::{RuleState, RuleStatus, RuleTrack};
use crate::text::{clean, clean_head, units};
use crate::widgets::chart::{figure, limit};
use crate::widgets::theme::Role;

/// The most datapoints that are written out.
const MOST_DATAPOINTS: usize = 10;

/// A labelled fact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// What it is about; empty where it goes on from the one above.
    pub label: &'static str,
    /// The fact, sanitised.
    pub text: String,
}

/// The first line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// Glyph and word of the state.
    pub state: String,
    /// Its colour.
    pub role: Role,
    /// ` since 10:24:12, 4m`, or nothing.
    pub since: String,
    /// `6 · ≥ 30`, or nothing.
    pub versus: String,
}

/// One episode in a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EpisodeRow {
    /// When it began, in the zone on screen.
    pub began: String,
    /// How long it lasted, `lasts 4m` while it does.
    pub lasted: String,
    /// The value that it began with and the peak.
    pub values: String,
    /// Why, sanitised.
    pub reason: String,
    /// Whether it is under way.
    pub open: bool,
}

/// An episode as a row.
pub(super) fn episode(rule: &Rule, episode: &Episode, cx: &Cx<'_>) -> EpisodeRow {
    let span = if episode.ended.is_some() { units::lasted } else { units::span };
    let lasted = span(episode.lasted(cx.now).num_seconds());
    let number = |value: Option<f64>| value.map(|value| figure(value, rule.unit));
    let values = match (number(episode.value), number(episode.peak)) {
        (Some(value), Some(peak)) if value != peak => format!("{value}, peak {peak}"),
        (Some(value), _) | (None, Some(value)) => value,
        (None, None) => units::NOTHING.to_owned(),
    };
    EpisodeRow {
        began: alarms::moment(episode.began, cx.now, cx.zone),
        lasted: if episode.ended.is_some() { lasted } else { format!("lasts {lasted}") },
        values,
        reason: clean_head(&episode.reason, REASON).into_owned(),
        open: episode.ended.is_none(),
    }
}

/// The first line of a rule.
pub(super) fn head(rule: &Rule, status: Option<&RuleStatus>, cx: &Cx<'_>) -> Head {
    let Some(status) = status else {
        let state = "… waiting for the first evaluation".to_owned();
        return Head { state, role: Role::Muted, since: String::new(), versus: String::new() };
    };
    let (glyph, state, colour) = word(status.state);
    let since =
        status.since.map(|since| format!(" since {}, {}", alarms::moment(since, cx.now, cx.zone), age(since, cx.now)));
    Head {
        state: format!("{glyph} {state}"),
        role: colour,
        since: since.filter(|_| status.state != RuleState::NoData || status.value.is_some()).unwrap_or_default(),
        versus: versus(rule, status),
    }
}

/// The value against what it is held to: `6 · ≥ 30`.
fn versus(rule: &Rule, status: &RuleStatus) -> String {
    let value = status.value.map_or_else(|| units::NOTHING.to_owned(), |value| figure(value, rule.unit));
    match (sign(&rule.kind), status.value, status.threshold) {
        (Some(sign), Some(value), Some(threshold)) => {
            let (value, threshold) = units::pair(value, threshold, rule.unit);
            format!("{value} · {sign} {threshold}")
        }
        (Some(sign), None, Some(threshold)) => format!("{value} · {sign} {}", limit(threshold, rule.unit)),
        (None, ..) | (_, _, None) => value,
    }
}

/// The sign between a rule's value and its threshold; none where either edge of a band may be meant.
pub(super) const fn sign(kind: &RuleKind) -> Option<&'static str> {
    match kind {
        RuleKind::Threshold { bound, .. } | RuleKind::Service { bound, .. } => Some(bound.sign.text()),
        RuleKind::Surge { side: Beyond::Above, .. } => Some(">"),
        RuleKind::Surge { side: Beyond::Below, .. } => Some("<"),
        RuleKind::Surge { side: Beyond::Both, .. } => None,
        RuleKind::Rate { .. } | RuleKind::Burn { .. } => Some("≥"),
    }
}

/// A rule's facts, the most needed first.
pub(super) fn facts(rule: &Rule, track: Option<&RuleTrack>, cx: &Cx<'_>) -> Vec<Fact> {
    let mut facts = Vec::new();
    let mut say = |label: &'static str, text: String| {
        if !text.is_empty() {
            facts.push(Fact { label, text });
        }
    };
    say("about", clean(&rule.about).into_owned());
    say("kind", format!("{} · {}", rule.kind.name(), rule.severity.name()));
    say("condition", condition(rule, cx));
    say("newest", newest(rule, track));
    match &rule.kind {
        RuleKind::Threshold { value, .. } | RuleKind::Surge { value, .. } => {
            say("watches", clean(&value.expr.to_string()).into_owned());
            for (id, text) in value.queries(cx.board).flat_map(|(id, query)| query_lines(&id, query)) {
                say("", format!("{id} = {text}"));
            }
        }
        RuleKind::Rate { events, .. } => {
            say("watches", clean(&events.groups.join(", ")).into_owned());
            say("pattern", events.pattern.as_deref().map(|text| clean(text).into_owned()).unwrap_or_default());
        }
        RuleKind::Service { watch, .. } => {
            say("watches", format!("{} of {}", watch.measure.words(), clean(&watch.entity.name())));
            say("", clean(&watch.entity.selector()).into_owned());
            say("group", cx.board.traces.group.as_deref().map(|name| clean(name).into_owned()).unwrap_or_default());
        }
        RuleKind::Burn { slo, .. } => {
            if let Some(slo) = cx.board.slos.iter().find(|known| known.id == *slo) {
                say("objective", objective(slo));
                say("good", clean(&slo.good.expr.to_string()).into_owned());
                say("total", clean(&slo.total.expr.to_string()).into_owned());
            }
        }
    }
    say("notices", notices(rule, cx));
    facts
}

/// The newest datapoints that are evaluated, oldest first, those that are bad marked.
fn newest(rule: &Rule, track: Option<&RuleTrack>) -> String {
    let (RuleKind::Threshold { datapoints, .. }
    | RuleKind::Surge { datapoints, .. }
    | RuleKind::Service { datapoints, .. }) = &rule.kind
    else {
        return String::new();
    };
    let Some(track) = track else { return String::new() };
    let shown = (datapoints.of as usize).min(MOST_DATAPOINTS);
    let points = &track.points[track.points.len().saturating_sub(shown)..];
    let at = |edge: &[(Time, f64)], time: Time| edge.iter().rev().find(|(at, _)| *at == time).map(|(_, value)| *value);
    let is_bad = |time: Time, value: f64| match &rule.kind {
        RuleKind::Threshold { bound, .. } | RuleKind::Service { bound, .. } => bound.breached(value),
        RuleKind::Surge { side, .. } => {
            let above = at(&track.upper, time).is_some_and(|edge| value > edge);
            let below = at(&track.lower, time).is_some_and(|edge| value < edge);
            (above && *side != Beyond::Below) || (below && *side != Beyond::Above)
        }
        RuleKind::Rate { .. } | RuleKind::Burn { .. } => false,
    };
    let words = points.iter().map(|(time, value)| {
        let mark = if is_bad(*time, *value) { "✗ " } else { "" };
        format!("{mark}{}", figure(*value, rule.unit))
    });
    words.collect::<Vec<_>>().join("  ")
}

/// Whom the rule tells, and who wants to hear nothing of it.
fn notices(rule: &Rule, cx: &Cx<'_>) -> String {
    let said = cx.store.acknowledged(Signal::Rule, &rule.id).map(|said| {
        let until = said.until.map(|until| format!(" until {}", alarms::moment(until, cx.now, cx.zone)));
        let note = if said.note.is_empty() { String::new() } else { format!(": {}", clean(&said.note)) };
        format!("{} by {}{}{note} · ", said.stance.name(), clean(&said.by), until.unwrap_or_default())
    });
    format!("{}when it begins, once a minute at most while it holds, when it ends", said.unwrap_or_default())
}

/// When a rule holds, in one line.
pub(super) fn condition(rule: &Rule, cx: &Cx<'_>) -> String {
    let held = |bound: Limit, datapoints, period_s, missing: Missing| {
        let (sign, limit) = (bound.sign.text(), limit(bound.value, rule.unit));
        format!("{sign} {limit} in {} · missing data: {}", periods(datapoints, period_s), missing.name())
    };
    match &rule.kind {
        RuleKind::Threshold { value, bound, datapoints, missing } => {
            held(*bound, *datapoints, value.period_s, *missing)
        }
        RuleKind::Service { watch, bound, datapoints, missing } => held(*bound, *datapoints, watch.period_s, *missing),
        RuleKind::Surge { value, side, datapoints, history, .. } => {
            let side = match side {
                Beyond::Above => "above",
                Beyond::Below => "below",
                Beyond::Both => "outside",
            };
            let learnt = units::span(history.as_secs() as i64);
            format!("{side} the expected band in {} · learns from {learnt}", periods(*datapoints, value.period_s))
        }
        RuleKind::Rate { window, at_least, .. } => {
            format!("≥ {at_least} matching events in any {}", units::span(window.as_secs() as i64))
        }
        RuleKind::Burn { slo, windows } => {
            let spans = [windows.long, windows.short].map(|span| units::span(span.as_secs() as i64));
            let share = cx.board.slos.iter().find(|known| known.id == *slo).map(|slo| {
                let share = windows.factor * windows.long.as_secs_f64() / slo.period.as_secs_f64();
                let percent = 100.0 * share;
                let digits = if percent < 1.0 { 2 } else { 0 };
                format!(" ({percent:.digits$} % of the budget in {})", spans[0])
            });
            let share = share.unwrap_or_default();
            format!("burn rate ≥ {} over {} and over {}{share}", windows.factor, spans[0], spans[1])
        }
    }
}

fn periods(datapoints: Datapoints, period_s: u32) -> String {
    format!("{} of {} periods of {period_s} s", datapoints.to_alarm, datapoints.of)
}

fn objective(slo: &Slo) -> String {
    let percent = (slo.objective * 1e8).round() / 1e6;
    format!("{percent} % of events good over {} · {}", units::span(slo.period.as_secs() as i64), clean(&slo.title))
}
