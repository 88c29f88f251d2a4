//! Why a rule is in its state, in one line.

use super::trace::{Look, Trace};
use crate::board::rule::Beyond;
use crate::board::{Rule, RuleKind};
use crate::text::units;

/// The line for what a trace says at present.
pub(super) fn reason(rule: &Rule, trace: &Trace) -> String {
    match (&trace.unknown, trace.looks.last()) {
        (Some(why), _) => why.clone(),
        (None, Some(look)) => of_look(rule, look),
        (None, None) => "nothing is known yet".to_owned(),
    }
}

/// The line for one look.
pub(super) fn of_look(rule: &Rule, look: &Look) -> String {
    let number = |value: f64| units::value(value, rule.unit);
    let newest = look.value.map_or_else(|| "no datapoint".to_owned(), number);
    match &rule.kind {
        RuleKind::Threshold { bound, datapoints, .. } | RuleKind::Service { bound, datapoints, .. } => {
            let (bad, of) = (look.bad, datapoints.of);
            format!("{bad} of the last {of} datapoints {} {}, newest {newest}", bound.sign.text(), number(bound.value))
        }
        RuleKind::Surge { side, datapoints, .. } => {
            let side = match side {
                Beyond::Above => "above",
                Beyond::Below => "below",
                Beyond::Both => "outside",
            };
            let edge = look.threshold.map_or_else(String::new, |edge| format!(" against {}", number(edge)));
            let what = look
                .mean_of
                .map_or_else(|| "newest".to_owned(), |span| format!("mean of {}", units::span(span.num_seconds())));
            format!("{} of the last {} datapoints {side} the band, {what} {newest}{edge}", look.bad, datapoints.of)
        }
        RuleKind::Rate { window, .. } => {
            format!("{} matching events in {}", look.bad, units::span(window.as_secs() as i64))
        }
        RuleKind::Burn { windows, .. } => match look.value {
            None => "no events in the window".to_owned(),
            Some(rate) => {
                let spans = [windows.long, windows.short].map(|span| units::span(span.as_secs() as i64));
                format!(
                    "the budget burns at {rate:.1} times the even rate or faster over {} and {}",
                    spans[0], spans[1]
                )
            }
        },
    }
}
