//! What the pane asks, one thing after the other as each decides the next.

use crate::analysis::suspects::fields::Fields;
use crate::analysis::suspects::query;
use crate::analysis::suspects::windows::Windows;
use crate::board::FeedRules;
use crate::panes::Cx;
use crate::panes::breakdown::BreakdownPane;
use crate::store::health::{Feed, Health};
use crate::store::rows::{LogQuery, LogRows};

/// The queries of one breakdown.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Asks {
    /// Ends by all fields that may be causes: the bad window, the good one.
    pub(super) cells: [LogQuery; 2],
    /// Ends by the chosen field, where it is none of those: the bad window, the good one.
    pub(super) own: Option<[LogQuery; 2]>,
    /// Latencies by the chosen field, in the bad window.
    pub(super) latencies: Option<LogQuery>,
}

impl BreakdownPane {
    /// The windows; `None` until it is known which alarms fire.
    pub(super) fn windows(&self, cx: &Cx<'_>) -> Option<Windows> {
        if let Some(windows) = self.windows.get().copied().or(self.target.windows) {
            return Some(windows);
        }
        if cx.store.alarms.health == Health::Waiting {
            return None;
        }
        Some(*self.windows.get_or_init(|| Windows::of_alarms(&cx.store.alarms.data, &cx.board.alarms, cx.now)))
    }

    /// The sample from which fields are known.
    pub(super) fn sample(&self, cx: &Cx<'_>) -> Option<LogQuery> {
        Some(query::sample(cx.board.feed.as_ref()?, self.windows(cx)?.bad))
    }

    /// The fields; `None` until the sample is there.
    pub(super) fn fields(&self, cx: &Cx<'_>) -> Option<&Fields> {
        if let Some(fields) = self.fields.get() {
            return Some(fields);
        }
        let rules = cx.board.feed.as_ref()?;
        let sample = answer(cx, &self.sample(cx)?)?;
        let is_there = matches!(sample.health, Health::Live { .. }) && !sample.data.running;
        is_there.then(|| self.fields.get_or_init(|| Fields::of_lines(rules, messages(&sample.data))))
    }

    /// The queries, once the fields are known.
    pub(super) fn queries(&self, cx: &Cx<'_>) -> Option<Asks> {
        let (rules, windows, fields) = (cx.board.feed.as_ref()?, self.windows(cx)?, self.fields(cx)?);
        let both = |rules: &FeedRules, fields: &[String], path: &[(String, String)]| {
            [windows.bad, windows.good].map(|span| query::counts(rules, fields, path, span))
        };
        let path = &self.target.path;
        let field = self.field(fields);
        let is_cause = |name: &str| fields.causes.iter().any(|cause| cause == name);
        let joint = path.iter().all(|(name, _)| is_cause(name));
        let own = field.as_ref().filter(|field| !joint || !is_cause(field));
        Some(Asks {
            cells: both(rules, &fields.causes, &[]),
            own: own.map(|field| both(rules, std::slice::from_ref(field), path)),
            latencies: field.and_then(|field| query::latencies(rules, &field, path, windows.bad)),
        })
    }

    /// All that is asked at present.
    pub(super) fn asks(&self, cx: &Cx<'_>) -> Vec<LogQuery> {
        let mut asks: Vec<LogQuery> = self.sample(cx).into_iter().collect();
        if let Some(queries) = self.queries(cx) {
            asks.extend(queries.cells);
            asks.extend(queries.own.into_iter().flatten());
            asks.extend(queries.latencies);
        }
        asks
    }
}

/// What is known of a query.
pub(super) fn answer<'a>(cx: &Cx<'a>, query: &LogQuery) -> Option<&'a Feed<LogRows>> {
    cx.store.rows.get(query)
}

/// The log messages of rows that have one.
fn messages(rows: &LogRows) -> impl Iterator<Item = &str> {
    rows.rows.iter().flatten().filter(|(field, _)| field == "@message").map(|(_, text)| text.as_str())
}
