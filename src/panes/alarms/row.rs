//! One alarm as a row of text.

use chrono::Datelike;

use super::item::Item;
use super::spark::Spark;
use super::versus::{self, versus};
use super::{notes, spark};
use crate::clock::Time;
use crate::panes::note::age;
use crate::panes::{Cx, Zone};
use crate::store::alarm::{Alarm, AlarmState, MetricAlarm};
use crate::store::episode::{Severity, Stance};
use crate::text::{clean, clean_head, time, width};
use crate::widgets::sparkline::Bound;
use crate::widgets::theme::Role;

/// Bytes of a reason that are shown; CloudWatch keeps 1,023 characters.
pub(in crate::panes) const REASON: usize = 4 * 1_024;

/// An alarm or a local rule as it is listed; every text is safe to show.
#[derive(Debug, Clone, PartialEq)]
pub struct AlarmRow {
    /// The alarm's name or the rule's title.
    pub name: String,
    /// Its branch of the tree of composites.
    pub tree: String,
    /// Its state.
    pub state: AlarmState,
    /// How much it matters.
    pub severity: Severity,
    /// Whether it is a rule of the board's, which AWS knows nothing of.
    pub local: bool,
    /// Who takes care of it, while it fires: `ack ada`, `snoozed by ada`.
    pub acknowledged: Option<String>,
    /// Its value against its threshold: `14.6 > 5 %`, `2,934 outside band`, `1 of 2 in ALARM`, `no data`; where only the
    /// value of a change of state long ago is known, `then 1.81 ≤ 30 s`.
    pub versus: String,
    /// Whether that value is of long ago.
    pub then: bool,
    /// How long it has been in its state; empty where AWS does not say.
    pub age: String,
    /// Since when, as a time.
    pub since: String,
    /// What is unusual about it: what people said, `actions disabled`, `suppressed`, `partial data`.
    pub notes: Vec<String>,
    /// AWS's reason, in one line.
    pub reason: String,
    /// Its metric over the window, the worst value a stretch, oldest first; empty for a composite.
    pub spark: Spark,
    /// Its threshold, which colours the sparkline.
    pub bounds: Vec<Bound>,
}

impl AlarmRow {
    /// The row of an alarm, with a sparkline of so many cells.
    pub fn new(alarm: &Alarm, tree: &str, cx: &Cx<'_>, cells: usize) -> Self {
        Self::of(Item::Alarm(alarm), tree, cx, cells)
    }

    /// The row of an alarm or a rule, with a sparkline of so many cells.
    pub(super) fn of(item: Item<'_>, tree: &str, cx: &Cx<'_>, cells: usize) -> Self {
        let metric = match item {
            Item::Alarm(alarm) => alarm.metric(),
            Item::Rule(_) => None,
        };
        let said = item.acknowledged(cx);
        let (versus, reason) = match item {
            Item::Alarm(alarm) => {
                (versus(alarm, cx.store, cx.board, cx.now), named(&clean_head(&alarm.reason, REASON)))
            }
            Item::Rule(rule) => (versus::of_rule(rule, cx.board), clean_head(&rule.reason, REASON).into_owned()),
        };
        Self {
            name: clean(item.title()).into_owned(),
            tree: tree.to_owned(),
            state: item.state(),
            severity: item.severity(cx),
            local: matches!(item, Item::Rule(_)),
            acknowledged: said.map(|said| match said.stance {
                Stance::Snoozed => format!("snoozed by {}", clean(&said.by)),
                Stance::Acknowledged | Stance::Lifted => format!("ack {}", clean(&said.by)),
            }),
            versus: versus.text,
            then: versus.then,
            age: item.since().map(|since| age(since, cx.now)).unwrap_or_default(),
            since: item.since().map(|since| moment(since, cx.now, cx.zone)).unwrap_or_default(),
            notes: notes::notes(item, said, cx),
            reason,
            spark: match item {
                Item::Alarm(_) => metric.map(|metric| spark::of_alarm(metric, cx, cells)).unwrap_or_default(),
                Item::Rule(rule) => spark::of_rule(rule, cx, cells),
            },
            bounds: metric.and_then(bound).into_iter().collect(),
        }
    }

    /// Whether it fires and somebody takes care of it.
    pub fn is_quiet(&self) -> bool {
        self.acknowledged.is_some()
    }

    /// The glyph of its state and severity, so that no colour is needed.
    pub fn glyph(&self) -> &'static str {
        if self.is_warning() { "△" } else { glyph(self.state) }
    }

    /// Its colour.
    pub fn role(&self) -> Role {
        match self.is_warning() {
            _ if self.is_quiet() => Role::Muted,
            true => Role::Warning,
            false => role(self.state),
        }
    }

    /// The colour of what stands beside its name: a value of long ago must not pass for one of now.
    pub(super) fn beside_role(&self) -> Role {
        if self.is_quiet() || self.then { Role::Muted } else { Role::Text }
    }

    /// What stands beside its name: who takes care of it, else the value against its threshold.
    pub(super) fn beside(&self) -> &str {
        self.acknowledged.as_deref().unwrap_or(&self.versus)
    }

    /// What stands behind its name, blank included.
    pub(super) const fn mark(&self) -> &'static str {
        if self.local { " local" } else { "" }
    }

    /// The cells of its name and mark.
    pub(super) fn label_width(&self) -> usize {
        width(&self.name) + width(self.mark())
    }

    fn is_warning(&self) -> bool {
        self.state == AlarmState::Alarm && self.severity == Severity::Warning
    }

    /// The row in one line, to be pasted: `ALARM HighFailureRate 14.6 > 5 % for 8m: Threshold Crossed: …`.
    pub fn sentence(&self) -> String {
        let mut text = format!("{} {}", self.state.name(), self.name);
        let notes = self.notes.join(", ");
        let notes = if notes.is_empty() { notes } else { format!("({notes})") };
        for (before, part) in [(" ", &self.versus), (" for ", &self.age), (" ", &notes), (": ", &self.reason)] {
            if !part.is_empty() {
                text.push_str(before);
                text.push_str(part);
            }
        }
        text
    }
}

/// A reason in which alarms go by their names instead of by their ARNs.
pub(in crate::panes) fn named(reason: &str) -> String {
    let word = |word: &str| match word.split_once(":alarm:") {
        Some((arn, name)) if arn.starts_with("arn:") => name.to_owned(),
        Some(_) | None => word.to_owned(),
    };
    reason.split(' ').map(word).collect::<Vec<_>>().join(" ")
}

/// A time in a zone, with its date where that is not today's.
pub(in crate::panes) fn moment(at: Time, now: Time, zone: Zone) -> String {
    let (at, now) = (zone.at(at), zone.at(now));
    let form = if at.date_naive() == now.date_naive() {
        return time::clock(&at);
    } else if at.year() == now.year() {
        "%m-%d %H:%M"
    } else {
        "%Y-%m-%d %H:%M"
    };
    at.format(form).to_string()
}

/// The glyph of a state, so that no colour is needed.
pub const fn glyph(state: AlarmState) -> &'static str {
    match state {
        AlarmState::Alarm => "▲",
        AlarmState::InsufficientData => "?",
        AlarmState::Ok => "✓",
    }
}

/// The colour of a state.
pub const fn role(state: AlarmState) -> Role {
    match state {
        AlarmState::Alarm => Role::AlarmFiring,
        AlarmState::InsufficientData => Role::AlarmNoData,
        AlarmState::Ok => Role::AlarmOk,
    }
}

/// A metric alarm's fixed threshold as a bound; equality counts as passed where the comparison says so.
pub(in crate::panes) fn bound(metric: &MetricAlarm) -> Option<Bound> {
    let value = metric.threshold?;
    let above = metric.comparison.starts_with("Greater");
    // A bound is passed strictly; for `≥` and `≤` it lies just before the threshold.
    let value = match (metric.sign(), above) {
        ("≥", _) => value.next_down(),
        ("≤", _) => value.next_up(),
        (_, _) => value,
    };
    Some(Bound { value, above, role: Role::AlarmFiring })
}
