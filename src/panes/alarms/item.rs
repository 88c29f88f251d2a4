//! What stands in the list: an alarm of CloudWatch's, or a rule of the board's.

use crate::clock::Time;
use crate::panes::Cx;
use crate::store::alarm::{Alarm, AlarmState};
use crate::store::episode::{Acknowledgement, Severity};
use crate::store::health::Health;
use crate::store::rule::RuleStatus;

use super::filter::state_of;

/// An alarm or a local rule.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Item<'a> {
    /// An alarm.
    Alarm(&'a Alarm),
    /// A local rule.
    Rule(&'a RuleStatus),
}

impl<'a> Item<'a> {
    /// Everything that may stand in the list.
    ///
    /// Rules wait for the first answer about alarms: the cursor would stay on one of them, and not on the top alarm.
    pub fn all(cx: &Cx<'a>) -> impl Iterator<Item = Self> {
        let waits = cx.store.alarms.health == Health::Waiting;
        let rules: &[RuleStatus] = if waits { &[] } else { &cx.store.rules };
        cx.store.alarms.data.iter().map(Self::Alarm).chain(rules.iter().map(Self::Rule))
    }

    /// The alarm's name or the rule's id.
    pub fn name(&self) -> &'a str {
        match self {
            Self::Alarm(alarm) => &alarm.name,
            Self::Rule(rule) => &rule.id,
        }
    }

    /// The alarm's name or the rule's title.
    pub fn title(&self) -> &'a str {
        match self {
            Self::Alarm(alarm) => &alarm.name,
            Self::Rule(rule) => &rule.title,
        }
    }

    /// Its state; a rule's, as that of an alarm.
    pub const fn state(&self) -> AlarmState {
        match self {
            Self::Alarm(alarm) => alarm.state,
            Self::Rule(rule) => state_of(rule.state),
        }
    }

    /// Since when it has been in its state.
    pub const fn since(&self) -> Option<Time> {
        match self {
            Self::Alarm(alarm) => alarm.since,
            Self::Rule(rule) => rule.since,
        }
    }

    /// How much it matters.
    pub fn severity(&self, cx: &Cx<'_>) -> Severity {
        match self {
            Self::Alarm(alarm) => cx.store.severity(&alarm.name, cx.board),
            Self::Rule(rule) => rule.severity,
        }
    }

    /// What somebody said about its firing.
    pub fn acknowledged(&self, cx: &Cx<'a>) -> Option<&'a Acknowledgement> {
        cx.store.acknowledged(self.signal(), self.name())
    }

    /// Whether it fires and nobody has said that they take care of it.
    pub fn is_open(&self, cx: &Cx<'a>) -> bool {
        self.state() == AlarmState::Alarm && self.acknowledged(cx).is_none()
    }
}
