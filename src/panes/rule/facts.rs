//! What there is to know about a rule, in words.

use super::{Head, word};
use crate::board::rule::{Beyond, Datapoints};
use crate::board::{Rule, RuleKind, Slo};
use crate::panes::note::age;
use crate::panes::words::query_lines;
use crate::panes::{Cx, alarms};
use crate::store::rule::{RuleState, RuleStatus};
use crate::text::{clean, units};
use crate::widgets::chart::{figure, limit};
use crate::widgets::theme::Role;

/// A labelled fact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// What it is about; empty where it goes on from the one above.
    pub label: &'static str,
    /// The fact, sanitised.
    pub text: String,
}

/// The first line of a rule.
pub(super) fn head(rule: &Rule, status: Option<&RuleStatus>, cx: &Cx<'_>) -> Head {
    let Some(status) = status else {
        let state = "… waiting for the first evaluation".to_owned();
        return Head { state, role: Role::Muted, since: String::new(), versus: String::new() };
    };
    let (glyph, name, role) = word(status.state);
    let since =
        status.since.map(|since| format!(" since {}, {}", alarms::moment(since, cx.now, cx.zone), age(since, cx.now)));
    Head {
        state: format!("{glyph} {name}"),
        role,
        since: since.filter(|_| status.state != RuleState::NoData || status.value.is_some()).unwrap_or_default(),
        versus: versus(rule, status),
    }
}

/// The value against what it is held to: `6 · ≥ 30`.
fn versus(rule: &Rule, status: &RuleStatus) -> String {
    let value = status.value.map_or_else(|| units::NOTHING.to_owned(), |value| figure(value, rule.unit));
    match (sign(&rule.kind), status.threshold) {
        (Some(sign), Some(threshold)) => format!("{value} · {sign} {}", limit(threshold, rule.unit)),
        (None, _) | (_, None) => value,
    }
}

/// The sign between a rule's value and its threshold; none where either edge of a band may be meant.
pub(super) const fn sign(kind: &RuleKind) -> Option<&'static str> {
    match kind {
        RuleKind::Threshold { bound, .. } => Some(bound.sign.text()),
        RuleKind::Surge { side: Beyond::Above, .. } => Some(">"),
        RuleKind::Surge { side: Beyond::Below, .. } => Some("<"),
        RuleKind::Surge { side: Beyond::Both, .. } => None,
        RuleKind::Rate { .. } | RuleKind::Burn { .. } => Some("≥"),
    }
}

/// A rule's facts, the most needed first.
pub(super) fn facts(rule: &Rule, cx: &Cx<'_>) -> Vec<Fact> {
    let mut facts = Vec::new();
    let mut say = |label: &'static str, text: String| {
        if !text.is_empty() {
            facts.push(Fact { label, text });
        }
    };
    say("about", clean(&rule.about).into_owned());
    say("kind", format!("{} · {}", rule.kind.name(), rule.severity.name()));
    say("condition", condition(rule, cx));
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
        RuleKind::Burn { slo, .. } => {
            let Some(slo) = cx.board.slos.iter().find(|known| known.id == *slo) else { return facts };
            say("objective", objective(slo));
            say("good", clean(&slo.good.expr.to_string()).into_owned());
            say("total", clean(&slo.total.expr.to_string()).into_owned());
        }
    }
    facts
}

/// When a rule holds, in one line.
pub(super) fn condition(rule: &Rule, cx: &Cx<'_>) -> String {
    match &rule.kind {
        RuleKind::Threshold { value, bound, datapoints, missing } => format!(
            "{} {} in {} · missing data: {}",
            bound.sign.text(),
            limit(bound.value, rule.unit),
            periods(*datapoints, value.period_s),
            missing.name()
        ),
        RuleKind::Surge { value, side, datapoints, history } => {
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
                format!(" ({:.0} % of the budget in {})", 100.0 * share, spans[0])
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
