//! What narrows a list of traces beside its filter: a slice of the histogram, and a group.

use crate::analysis::trace_groups::{BUCKETS, Field, Histogram};
use crate::app::action::Action;
use crate::board::Unit;
use crate::store::trace_list::TraceSummary;
use crate::text::{clean, clean_field, units};

/// What is shown of a list.
#[derive(Debug, Default, Clone, PartialEq)]
pub(super) struct Narrowing {
    /// Response times in seconds: at least, and less than.
    pub(super) slice: Option<(f64, f64)>,
    /// A field with its value; `None` is having none.
    pub(super) group: Option<(Field, Option<String>)>,
}

impl Narrowing {
    pub(super) fn holds(&self, trace: &TraceSummary) -> bool {
        let in_slice = self.slice.is_none_or(|(from, to)| from <= trace.response() && trace.response() < to);
        in_slice && self.group.as_ref().is_none_or(|(field, value)| field.holds(trace, value.as_deref()))
    }

    /// In words; `None` where nothing is narrowed.
    pub(super) fn words(&self) -> Option<String> {
        let slice = self.slice.map(|slice| format!("response {}", range(slice)));
        let group = self.group.as_ref().map(|(field, value)| match value {
            Some(value) => format!("{} = {}", clean(field.name()), clean_field(field.name(), value)),
            None => format!("without {}", clean(field.name())),
        });
        let words: Vec<String> = slice.into_iter().chain(group).collect();
        (!words.is_empty()).then(|| words.join(" · "))
    }

    /// Takes back what was narrowed last; `false` where there is nothing.
    pub(super) fn widen(&mut self) -> bool {
        self.group.take().is_some() || self.slice.take().is_some()
    }
}

/// A slice in words: `0.84 s – 1.2 s`, `below 0.1 s`, `from 24 s`.
pub(super) fn range((from, to): (f64, f64)) -> String {
    let text = |seconds| units::value(seconds, Unit::Seconds);
    match (from <= 0.0, to.is_infinite()) {
        (true, true) => "of any length".to_owned(),
        (true, false) => format!("below {}", text(to)),
        (false, true) => format!("from {}", text(from)),
        (false, false) => format!("{} – {}", text(from), text(to)),
    }
}

/// The cursor of the histogram.
#[derive(Debug, Default)]
pub(super) struct Bars {
    pub(super) at: usize,
    /// Where the slice begins, once that was picked.
    pub(super) anchor: Option<usize>,
}

impl Bars {
    /// The buckets that are selected.
    pub(super) fn selected(&self) -> (usize, usize) {
        let anchor = self.anchor.unwrap_or(self.at);
        (anchor.min(self.at), anchor.max(self.at))
    }

    /// Moves; returns whether it had use for the action. Empty buckets are passed over.
    pub(super) fn on(&mut self, action: Action, histogram: &Histogram) -> bool {
        let is_full = |at: &usize| histogram.counts.get(*at).is_some_and(|count| *count > 0);
        match action {
            Action::Left => self.at = (0..self.at).rev().find(is_full).unwrap_or(self.at),
            Action::Right => self.at = (self.at + 1..BUCKETS).find(is_full).unwrap_or(self.at),
            Action::Top => self.at = (0..BUCKETS).find(is_full).unwrap_or(0),
            Action::Bottom => self.at = (0..BUCKETS).rev().find(is_full).unwrap_or(0),
            Action::Pick => self.anchor = if self.anchor.is_some() { None } else { Some(self.at) },
            _ => return false,
        }
        true
    }
}
