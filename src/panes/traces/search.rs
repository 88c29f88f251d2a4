//! What traces are searched by, and one run of a search.

use std::cell::Cell;

use chrono::SubsecRound;

use crate::clock::Time;
use crate::panes::Cx;
use crate::store::trace_list::{Rest, TimeRangeType, TraceList, TraceQuery};
use crate::store::window::{Span, Window};

/// After how many traces reading stops until more are asked for.
const MOST: usize = 1_000;

/// A search for traces over the window on screen.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Search {
    /// X-Ray's filter expression; the empty one takes every trace.
    pub expression: String,
    /// Which time of a trace must lie in the window.
    pub by: TimeRangeType,
    /// Whether X-Ray may leave some out.
    pub sampled: bool,
}

impl Search {
    /// A search by an expression alone.
    pub fn of(expression: impl Into<String>) -> Self {
        Self { expression: expression.into(), ..Self::default() }
    }

    /// Reads what [`told`](Self::told) writes: `:EXPR`, `[Event]:EXPR`, `[Event,sampled]:EXPR`.
    pub fn parse(text: &str) -> Option<Self> {
        if let Some(expression) = text.strip_prefix(':') {
            return Some(Self::of(expression));
        }
        let (options, expression) = text.strip_prefix('[')?.split_once("]:")?;
        let mut search = Self::of(expression);
        for option in options.split(',') {
            match TimeRangeType::parse(option) {
                Some(by) => search.by = by,
                None if option == "sampled" => search.sampled = true,
                None => return None,
            }
        }
        Some(search)
    }

    /// As text.
    pub fn told(&self) -> String {
        let by = (self.by != TimeRangeType::TraceId).then(|| self.by.name());
        let options: Vec<&str> = by.into_iter().chain(self.sampled.then_some("sampled")).collect();
        if options.is_empty() {
            format!(":{}", self.expression)
        } else {
            format!("[{}]:{}", options.join(","), self.expression)
        }
    }
}

/// A search that was started.
#[derive(Debug)]
pub(super) struct Run {
    pub(super) search: Search,
    /// The window on screen when it was asked, and what stretch that was; another window asks again.
    asked: Cell<Option<(Window, Asked)>>,
    /// Whether it was stopped by hand.
    pub(super) stopped: bool,
    /// Where it was read on last, and of which stretch of time.
    on: Option<(Asked, Rest)>,
}

/// When something was asked, and about which stretch of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Asked {
    pub(super) at: Time,
    pub(super) from: Time,
    pub(super) to: Time,
}

impl Run {
    pub(super) const fn new(search: Search) -> Self {
        Self { search, asked: Cell::new(None), stopped: false, on: None }
    }

    /// When it was asked, over what: to whole seconds, so that a copied command asks the same.
    pub(super) fn asked(&self, cx: &Cx<'_>) -> Asked {
        match self.asked.get() {
            Some((window, asked)) if window == cx.window => asked,
            _ => {
                let (from, to) = cx.window.range(cx.now.trunc_subsecs(0));
                let asked = Asked { at: cx.now, from, to };
                self.asked.set(Some((cx.window, asked)));
                asked
            }
        }
    }

    /// Whether anybody has looked at it.
    pub(super) const fn has_begun(&self) -> bool {
        self.asked.get().is_some()
    }

    /// Reads a list on from where it ends.
    pub(super) fn read_on(&mut self, rest: Option<Rest>, cx: &Cx<'_>) {
        let asked = self.asked(cx);
        (self.on, self.stopped) = (rest.map(|rest| (asked, rest)), false);
    }

    /// Where it is read on, given what has been read; `None` at the beginning of the list.
    pub(super) fn reads_on(&self, list: &TraceList, cx: &Cx<'_>) -> Option<&Rest> {
        let (asked, on) = self.on.as_ref()?;
        let is_reached = list.rest.as_ref().is_none_or(|rest| on.pages <= rest.pages);
        (*asked == self.asked(cx) && is_reached).then_some(on)
    }

    /// What X-Ray is asked.
    pub(super) fn query(&self, cx: &Cx<'_>) -> TraceQuery {
        let Asked { from, to, .. } = self.asked(cx);
        let span = Span { from, to: Some(to) };
        let Search { expression, by, sampled } = self.search.clone();
        TraceQuery { by, sampled, most: MOST, ..TraceQuery::new(expression, span) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_search_survives_being_told() {
        let fault = Search::of("service(\"a]:b\") { fault }");
        let event = Search { by: TimeRangeType::Event, ..fault.clone() };
        for search in [Search::of(""), fault, Search { sampled: true, ..event.clone() }, event] {
            assert_eq!(Search::parse(&search.told()), Some(search));
        }
        assert_eq!(Search::parse("[never]:fault"), None);
        assert_eq!(Search::parse("fault"), None);
    }
}
