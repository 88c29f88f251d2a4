//! Reading a list on: what stands below its last trace, and what is asked then.

use super::{Origin, TracesPane};
use crate::app::action::Action;
use crate::clock::Time;
use crate::panes::Cx;
use crate::store::trace_list::TraceQuery;
use crate::text::{time, units};

/// How many traces a list holds at most, however often it is read on.
const MOST_IN_ALL: usize = 10_000;

/// What stands below the last trace of a search that has not been read to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct More {
    /// Traces that are there.
    count: usize,
    /// Since when everything has been read, where that is known.
    before: Option<Time>,
    state: State,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// It can be read on.
    Offered,
    /// It is being read.
    Reading,
    /// It holds as much as a list may.
    Full,
}

impl More {
    /// What its row is known by, which no id of a trace begins like; another one as soon as traces have come.
    pub(super) fn key(&self) -> String {
        format!("\n{}", self.count)
    }

    pub(super) fn words(&self, cx: &Cx<'_>) -> String {
        let moment = |at| time::moment(&cx.zone.at(at), &cx.zone.at(cx.now));
        let before = self.before.map(|at| format!(" before {}", moment(at))).unwrap_or_default();
        match self.state {
            State::Offered => format!("there are more{before}: ⏎ reads on"),
            State::Reading => format!("reading on{before} …"),
            State::Full => {
                let most = units::thousands(self.count);
                format!("there are more{before}, but {most} is all a list holds: narrow the time (t) or the expression")
            }
        }
    }

    /// Whether an action here means reading on: opening it, or going further down than the list goes.
    pub(super) fn is_taken_by(self, action: Action) -> bool {
        let down = [Action::Open, Action::Down, Action::Bottom, Action::PageDown, Action::HalfPageDown];
        self.state == State::Offered && down.contains(&action)
    }
}

impl TracesPane {
    /// What stands below the last trace; `None` where everything has been read.
    pub(super) fn more(&self, cx: &Cx<'_>) -> Option<More> {
        let Origin::Search(_) = &self.origin else { return None };
        let list = &self.found(cx)?.data;
        list.rest.as_ref()?;
        let count = list.traces.len();
        let state = match count {
            _ if self.asks(cx).is_some() => State::Reading,
            MOST_IN_ALL.. => State::Full,
            _ => State::Offered,
        };
        Some(More { count, before: list.read_from, state })
    }

    /// Reads on where the list ends.
    pub(super) fn read_on(&mut self, cx: &Cx<'_>) {
        self.went_on = self.more(cx);
        let rest = self.found(cx).and_then(|answer| answer.data.rest.clone());
        if let Origin::Search(run) = &mut self.origin {
            run.read_on(rest, cx);
        }
    }

    /// Puts a cursor that waits at the end of the list where it went on, once traces have come.
    pub(super) fn arrive(&mut self, cx: &Cx<'_>) {
        let Some(went_on) = self.went_on else { return };
        if self.traces(cx).len() == went_on.count {
            return;
        }
        self.went_on = None;
        let waits = self.table.list.key().is_some_and(|key| *key == went_on.key());
        if !waits || self.table.sort.is_some() {
            return;
        }
        let look = self.look(cx);
        let next = look.shown.iter().position(|trace| went_on.before.is_some() && trace.start < went_on.before);
        if let Some(row) = next {
            self.table.list.select_row(row, look.keys());
        }
    }

    /// What is asked of X-Ray at present: what has been answered is not asked again.
    pub(super) fn asks(&self, cx: &Cx<'_>) -> Option<TraceQuery> {
        let query = self.origin.query(cx)?;
        let Origin::Search(run) = &self.origin else { return Some(query) };
        if run.stopped {
            return None;
        }
        let Some(list) = cx.store.trace_lists.get(&query).map(|answer| &answer.data) else { return Some(query) };
        let on = run.reads_on(list, cx);
        let has_not_begun = on.is_some() && on == list.rest.as_ref();
        (list.running || has_not_begun).then(|| TraceQuery { rest: on.cloned(), ..query })
    }
}
