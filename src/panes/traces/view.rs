//! What a list of traces shows, worked out once for each look.

use std::sync::Arc;

use super::columns::Column;
use super::more::More;
use super::worked::Worked;
use super::{Origin, TracesPane};
use crate::analysis::trace_groups::Histogram;
use crate::board::Unit;
use crate::panes::Cx;
use crate::panes::inquiry::span_text;
use crate::store::trace_list::{TraceList, TraceSummary};
use crate::text::units::{counted, thousands};
use crate::text::{clean, time, units, width};

/// What the pane shows.
#[derive(Debug, PartialEq)]
pub struct TracesView {
    /// The title.
    pub title: String,
    /// X-Ray's filter expression.
    pub expression: String,
    /// What is narrowed, in words.
    pub narrowed: Option<String>,
    /// What every trace has, in words, where columns are left out for it.
    pub common: Option<String>,
    /// The ids of the rows, in order.
    pub ids: Vec<String>,
    /// What stands below them, where not everything has been read.
    pub more: Option<String>,
    /// How many there are.
    pub foot: String,
    /// What is said where there is none.
    pub empty: String,
}

/// The traces of a list as they are looked at.
pub(super) struct Look<'a> {
    worked: Arc<Worked>,
    /// Those that are shown, in order.
    pub(super) shown: Vec<&'a TraceSummary>,
    /// What stands below them.
    pub(super) more: Option<More>,
}

impl Look<'_> {
    /// What tells rows apart.
    pub(super) fn keys(&self) -> &[String] {
        &self.worked.keys
    }

    pub(super) fn columns(&self) -> &[Column] {
        &self.worked.columns
    }
}

impl TracesPane {
    /// What there is to be seen.
    pub(super) fn look<'a>(&self, cx: &Cx<'a>) -> Look<'a> {
        let traces = self.traces(cx);
        let worked = self.worked(cx);
        let shown = worked.order.iter().filter_map(|at| traces.get(*at)).collect();
        Look { worked, shown, more: self.more(cx) }
    }

    /// The traces of the histogram: those that pass the filter and are in the group.
    pub(super) fn sliced(&self, cx: &Cx<'_>) -> Option<Histogram> {
        self.worked(cx).histogram.clone()
    }

    /// What is shown; `None` while nothing is known of what it is about.
    pub fn view(&self, cx: &Cx<'_>) -> Option<TracesView> {
        self.view_of(&self.look(cx), cx)
    }

    /// What is shown of a look.
    pub(super) fn view_of(&self, look: &Look<'_>, cx: &Cx<'_>) -> Option<TracesView> {
        let list = self.found(cx).map(|answer| &answer.data);
        let shown = &look.shown;
        let count = list.map_or(0, |list| list.traces.len());
        let all = counted(count, "trace");
        let told = if count == shown.len() { all } else { format!("{} of {all}", thousands(shown.len())) };
        let more = list.and_then(|list| self.unread(list, cx)).map(|unread| format!(" · {unread}")).unwrap_or_default();
        let order = if self.table.sort.is_some() { "sorted" } else { "newest first" };
        let scanned = list.map(|list| {
            format!("X-Ray went through {}", thousands(usize::try_from(list.scanned).unwrap_or(usize::MAX)))
        });
        let scanned = scanned.unwrap_or_default();
        let filter = &self.table.filter;
        let filtered = if filter.is_empty() { String::new() } else { format!(" · filter \"{}\"", clean(filter)) };
        let (title, expression, foot) = match &self.origin {
            Origin::About(about) => {
                let inquiry = about.inquire(cx)?;
                let title = format!("Traces behind {} · {}", inquiry.name, span_text(inquiry.span, cx));
                let foot = list.map(|_| format!("{told}{filtered}, {order}{more} · {scanned}"));
                (title, inquiry.faults().filter, foot.unwrap_or_default())
            }
            Origin::Search(run) => {
                let title = match list {
                    Some(_) => format!("{told} · {order}{more}"),
                    None => "Traces".to_owned(),
                };
                let [p50, p90, p99] = look.worked.percentiles.map(|seconds| units::value(seconds, Unit::Seconds));
                let figures = format!("p50 {p50} · p90 {p90} · p99 {p99} · {scanned}{filtered}");
                let foot =
                    list.filter(|_| !shown.is_empty()).map_or_else(|| format!("{scanned}{filtered}"), |_| figures);
                (title, run.search.expression.clone(), foot)
            }
        };
        Some(TracesView {
            title,
            expression: clean(&expression).into_owned(),
            narrowed: self.narrowing.words(),
            common: common(&look.worked.common),
            ids: shown.iter().map(|trace| trace.id.clone()).collect(),
            more: look.more.as_ref().map(|more| more.words(cx)),
            foot,
            empty: self.nothing(list, cx),
        })
    }

    /// That there is more than was read, in words; `None` where there is not, or while it is read.
    fn unread(&self, list: &TraceList, cx: &Cx<'_>) -> Option<String> {
        list.rest.as_ref()?;
        match (&self.origin, list.read_from) {
            (Origin::Search(_), _) if self.asks(cx).is_some() => None,
            (Origin::Search(_), Some(from)) => {
                let moment = time::moment(&cx.zone.at(from), &cx.zone.at(cx.now));
                Some(format!("there are more before {moment}"))
            }
            (Origin::About(_), _) if list.running => None,
            _ => Some("there are more".to_owned()),
        }
    }

    /// Why no trace is shown.
    fn nothing(&self, list: Option<&TraceList>, cx: &Cx<'_>) -> String {
        let stopped = matches!(&self.origin, Origin::Search(run) if run.stopped);
        match (list, self.trouble(cx)) {
            (Some(list), _) if !list.traces.is_empty() => "no trace passes the filter".to_owned(),
            (_, Some(error)) => clean(&error.message).into_owned(),
            (Some(list), None) if list.running && !stopped => "reading …".to_owned(),
            (_, None) if stopped => "stopped".to_owned(),
            (Some(list), None) if list.rest.is_some() => "no such trace so far".to_owned(),
            (Some(_), None) => "X-Ray has no such trace in this stretch of time".to_owned(),
            (None, None) => "asking X-Ray …".to_owned(),
        }
    }
}

/// What every trace has, the longest last, as that is what is cut.
fn common(columns: &[(Column, String)]) -> Option<String> {
    let mut parts: Vec<String> =
        columns.iter().map(|(column, value)| format!("{} {value}", clean(column.name()))).collect();
    parts.sort_by_key(|part| width(part));
    (!parts.is_empty()).then(|| parts.join(" · "))
}
