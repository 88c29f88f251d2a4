//! What is worked out of a list once, until it or the way it is looked at changes: a list may hold ten thousand traces.

use std::cell::RefCell;
use std::sync::Arc;

use chrono::NaiveDate;

use super::TracesPane;
use super::columns::Column;
use super::narrowing::Narrowing;
use crate::analysis::trace_groups::{self, Field, Group, Histogram};
use crate::clock::Time;
use crate::panes::{Cx, Zone};
use crate::store::trace_list::{TraceQuery, TraceSummary};

/// Which list, and in which words its rows are written.
#[derive(Debug, Clone, PartialEq)]
struct Answer {
    query: Option<TraceQuery>,
    at: Option<Time>,
    /// Traces, and pages that they came in.
    count: (usize, u64),
    is_whole: bool,
    chosen: Option<Vec<Column>>,
    zone: Zone,
    today: NaiveDate,
}

/// What decides about a look.
#[derive(Debug, PartialEq)]
struct Question {
    answer: Answer,
    narrowing: Narrowing,
    filter: String,
    sort: Option<(Column, bool)>,
}

/// What is worked out.
#[derive(Debug)]
pub(super) struct Worked {
    pub(super) columns: Vec<Column>,
    /// The columns that are left out, as every trace has the same there, and what that is.
    pub(super) common: Vec<(Column, String)>,
    /// The places of the traces that are shown, in order.
    pub(super) order: Vec<usize>,
    /// What tells rows apart: the ids of traces, and a text that is none for what stands below them.
    pub(super) keys: Vec<String>,
    /// Of the response times of what is shown.
    pub(super) percentiles: [f64; 3],
    /// Of what passes the filter and is in the group.
    pub(super) histogram: Option<Histogram>,
}

/// Groups, of what, by which field.
type Grouped = (Arc<Worked>, Field, Arc<Vec<Group>>);

/// What was worked out last.
#[derive(Debug, Default)]
pub(super) struct Memory {
    worked: RefCell<Option<(Question, Arc<Worked>)>>,
    /// What a filter looks through, a text a trace.
    texts: RefCell<Option<(Answer, Arc<Vec<String>>)>>,
    grouped: RefCell<Option<Grouped>>,
}

impl TracesPane {
    /// What there is to be seen, worked out anew where something has changed.
    pub(super) fn worked(&self, cx: &Cx<'_>) -> Arc<Worked> {
        let found = self.found(cx);
        let list = found.map(|found| &found.data);
        let answer = Answer {
            query: self.origin.query(cx),
            at: found.and_then(|found| found.health.changed()),
            count: list.map_or((0, 0), |list| (list.traces.len(), list.pages)),
            is_whole: list.is_none_or(|list| list.rest.is_none()),
            chosen: self.table.chosen.clone(),
            zone: cx.zone,
            today: cx.zone.at(cx.now).date_naive(),
        };
        let question = Question {
            answer,
            narrowing: self.narrowing.clone(),
            filter: self.table.filter.to_lowercase(),
            sort: self.table.sort.clone(),
        };
        if let Some((asked, worked)) = &*self.memory.worked.borrow()
            && *asked == question
        {
            return Arc::clone(worked);
        }
        let worked = Arc::new(self.work_out(&question, cx));
        *self.memory.worked.borrow_mut() = Some((question, Arc::clone(&worked)));
        worked
    }

    fn work_out(&self, question: &Question, cx: &Cx<'_>) -> Worked {
        let traces = self.traces(cx);
        let (columns, common) = self.table.columns_of(traces);
        let mut passing: Vec<usize> = (0..traces.len()).collect();
        if !question.filter.is_empty() {
            let texts = self.texts(&question.answer, &columns, &common, cx);
            passing.retain(|at| texts.get(*at).is_some_and(|text| text.contains(&question.filter)));
        }
        let narrowing = &question.narrowing;
        let unsliced = Narrowing { slice: None, ..narrowing.clone() };
        let of = |at: &usize| traces.get(*at);
        passing.retain(|at| of(at).is_some_and(|trace| unsliced.holds(trace)));
        let histogram = Histogram::of(passing.iter().filter_map(of));
        if narrowing.slice.is_some() {
            passing.retain(|at| of(at).is_some_and(|trace| narrowing.holds(trace)));
        }
        if let Some((column, descending)) = &question.sort {
            column.sort(&mut passing, traces, *descending);
        }
        let ids = passing.iter().filter_map(of).map(|trace| trace.id.clone());
        let keys = ids.chain(self.more(cx).as_ref().map(super::More::key)).collect();
        let percentiles = trace_groups::percentiles(passing.iter().filter_map(of).map(TraceSummary::response));
        Worked { columns, common, order: passing, keys, percentiles, histogram }
    }

    /// What a filter looks through: the ids, and what stands in the columns, those that are left out too.
    fn texts(&self, answer: &Answer, columns: &[Column], common: &[(Column, String)], cx: &Cx<'_>) -> Arc<Vec<String>> {
        if let Some((asked, texts)) = &*self.memory.texts.borrow()
            && asked == answer
        {
            return Arc::clone(texts);
        }
        let columns: Vec<&Column> = columns.iter().chain(common.iter().map(|(column, _)| column)).collect();
        let text = |trace: &TraceSummary| {
            let own = columns.iter().map(|column| column.text(trace, cx).to_lowercase());
            // Apart, so that nothing is found across two columns.
            std::iter::once(trace.id.clone()).chain(own).collect::<Vec<_>>().join("\n")
        };
        let texts: Arc<Vec<String>> = Arc::new(self.traces(cx).iter().map(text).collect());
        *self.memory.texts.borrow_mut() = Some((answer.clone(), Arc::clone(&texts)));
        texts
    }

    /// What is shown by the field that it is grouped by, the largest group first.
    pub(super) fn groups_of(&self, field: &Field, cx: &Cx<'_>) -> Arc<Vec<Group>> {
        let worked = self.worked(cx);
        if let Some((of, by, groups)) = &*self.memory.grouped.borrow()
            && Arc::ptr_eq(of, &worked)
            && by == field
        {
            return Arc::clone(groups);
        }
        let traces = self.traces(cx);
        let shown = worked.order.iter().filter_map(|at| traces.get(*at));
        let groups = Arc::new(trace_groups::groups(shown, field));
        *self.memory.grouped.borrow_mut() = Some((worked, field.clone(), Arc::clone(&groups)));
        groups
    }
}
