//! Stretches of time in which a rule holds.

use super::trace::{Look, Trace};
use crate::clock::Time;
use crate::store::rule::RuleState;

/// One stretch of time in which a rule holds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spell {
    /// When it began, or the first instant at which it was seen.
    pub began: Time,
    /// When it ended; `None` while it lasts.
    pub ended: Option<Time>,
    /// Whether its beginning was seen.
    pub whole: bool,
    /// The value with which it began.
    pub value: Option<f64>,
    /// The value farthest on the bad side.
    pub peak: Option<f64>,
    /// The threshold when it began.
    pub threshold: Option<f64>,
    excess: f64,
}

/// The spells of a trace, ascending.
///
/// A spell ends when the rule is known not to hold any more: missing data does not end it, for silence is no good news.
pub fn spells(trace: &Trace) -> Vec<Spell> {
    let mut spells: Vec<Spell> = Vec::new();
    for look in &trace.looks {
        let open = spells.last_mut().filter(|spell| spell.ended.is_none());
        match (look.state, open) {
            (RuleState::Firing, Some(spell)) => spell.go_on(look),
            (RuleState::Firing, None) => spells.push(Spell::begin(look, trace.known_from)),
            (RuleState::Quiet, Some(spell)) => spell.ended = Some(look.at),
            (RuleState::Quiet | RuleState::NoData, None) | (RuleState::NoData, Some(_)) => {}
        }
    }
    spells
}

impl Spell {
    fn begin(look: &Look, known_from: Option<Time>) -> Self {
        Self {
            began: look.at,
            ended: None,
            whole: known_from.is_some_and(|from| look.at > from),
            value: look.value,
            peak: look.value,
            threshold: look.threshold,
            excess: look.excess,
        }
    }

    fn go_on(&mut self, look: &Look) {
        if look.value.is_some() && (look.excess > self.excess || self.peak.is_none()) {
            self.peak = look.value;
            self.excess = look.excess;
        }
    }
}
