//! Local rules evaluated: from datapoints and log events to states, episodes and what is worth telling.
//!
//! ```text
//! store ─► trace (what a rule says at each instant) ─► spells ─► RuleEngine (episodes, changes) ─► Dampener
//! ```
//!
//! A trace is worked out anew from what is known whenever something is learnt, so a late datapoint corrects the past and
//! nothing depends on the order in which answers came. Nothing here asks for the time: it is passed in.

mod burn;
mod dampen;
mod datapoints;
mod engine;
mod memory;
mod needs;
mod rate;
mod reason;
mod service;
mod spell;
mod surge;
mod threshold;
mod trace;
mod values;

#[cfg(test)]
mod tests;

pub use dampen::{Dampener, Moment, Phase};
pub use engine::{Change, Place, RuleEngine};
pub use memory::Memory;
pub use needs::{Need, needs};
pub use spell::{Spell, spells};
pub use trace::{Look, Trace};

use crate::board::rule::Formula;
use crate::board::{Board, Rule, RuleKind};
use crate::clock::Time;
use crate::store::Store;

/// A formula's values over the whole periods of `[from, to)` for which it has one.
pub fn points(formula: &Formula, board: &Board, store: &Store, from: Time, to: Time) -> Vec<(Time, f64)> {
    let found = values::values(formula, (board, store), values::Gap::Nothing, from, to);
    let points = found.map(|found| found.points).unwrap_or_default();
    points.into_iter().filter_map(|(at, value)| Some((at, value?))).collect()
}

/// What a rule says at each instant of `[from, now]`, as far as the store knows; `memory` is what it remembers of the
/// last look.
pub fn trace(rule: &Rule, (board, store): (&Board, &Store), memory: &mut Memory, from: Time, now: Time) -> Trace {
    match &rule.kind {
        RuleKind::Threshold { value, bound, datapoints, missing } => {
            threshold::trace(value, *bound, *datapoints, *missing, (board, store), from, now)
        }
        RuleKind::Service { watch, bound, datapoints, missing } => {
            threshold::of_service(watch, *bound, *datapoints, *missing, store, from, now)
        }
        RuleKind::Surge { value, side, datapoints, history, sensitivity } => {
            let surge = surge::Surge {
                formula: value,
                side: *side,
                datapoints: *datapoints,
                history: *history,
                sensitivity: *sensitivity,
            };
            surge::trace(surge, (board, store), memory, from, now)
        }
        RuleKind::Rate { events, window, at_least } => {
            rate::trace(store.counts.get(events), *window, *at_least, from, now)
        }
        RuleKind::Burn { slo, windows } => match board.slos.iter().find(|known| known.id == *slo) {
            Some(slo) => burn::trace(slo, *windows, (board, store), from, now),
            None => Trace::waiting(now, "its SLO is not on this board"),
        },
    }
}
