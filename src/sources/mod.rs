//! The only room that knows AWS: clients, the poller, and one file an operation.
//!
//! ```text
//! Watch ─► Poller ─► one task a thing that is watched ─► Client ─► AWS
//!                         │                               ├ ReadOnly   the allow-list, at the door
//!                         └─► Msg::Feed, Msg::Failed      ├ Meter      what every call costs
//!                                                         └ Pace       AWS's rates
//! ```
//!
//! - [`Poller`] starts a task for each thing that is watched and cancels it when nobody looks any more.
//! - Metrics: `schedule` says what is due, `plan` merges it into the fewest calls, `metrics` makes them.
//! - The feed: `backfill` decides how the past is read, `live_tail` and `read_events` bring events, `ledger` lets each
//!   through once, `follow` switches between tailing and polling.
//! - Every other operation is one file with a `Source`, asked again by `desk::keep_asking`.
//!
//! To add an operation: a row in [`operation`], a file with its source, a row in [`all`], an arm in `poller::serve`.

use crate::store::health::SourceId;

mod alarm_detail;
mod alarm_history;
mod alarm_tags;
mod alarms;
mod ask_once;
mod backfill;
mod backoff;
mod catalogue;
mod changes;
pub mod client;
pub mod cost;
mod counts;
mod desk;
mod errors;
mod farewell;
mod feed;
pub mod files;
mod follow;
mod groups;
mod ids;
mod investigation;
mod ledger;
mod lines;
mod live_tail;
mod log_calls;
mod log_query;
mod logbook;
mod matching;
mod metric_alarm;
mod metric_filters;
mod metric_poll;
mod metrics;
pub mod operation;
mod pace;
mod plan;
pub mod poller;
pub mod prices;
mod read_events;
pub mod read_only;
mod schedule;
mod service_trend;
mod services;
mod times;
mod trace_groups;
mod trace_summaries;
mod traces;
mod transitions;
pub mod tuning;

pub use ask_once::{
    active_namespaces, alarm_history, alarm_tags, all_alarms, all_metrics, all_transitions, first_metrics, follow_logs,
    log_groups, log_groups_named, log_rows, metric_data, query_definitions,
};
pub use client::{Client, Connect, Misconfigured, connect};
pub use cost::Meter;
pub use desk::LogScope;
pub use investigation::find;
pub use poller::{Mode, Poller};
pub use services::service_graph;
pub use traces::one_trace;
pub use tuning::Tuning;

use operation::{
    BATCH_GET_TRACES, DESCRIBE_ALARM_CONTRIBUTORS, DESCRIBE_ALARM_HISTORY, DESCRIBE_ALARMS, DESCRIBE_LOG_GROUPS,
    DESCRIBE_METRIC_FILTERS, DESCRIBE_QUERY_DEFINITIONS, FILTER_LOG_EVENTS, GET_GROUPS, GET_LOG_GROUP_FIELDS,
    GET_LOG_RECORD, GET_METRIC_DATA, GET_QUERY_RESULTS, GET_SERVICE_GRAPH, GET_TIME_SERIES,
    GET_TRACE_SEGMENT_DESTINATION, GET_TRACE_SUMMARIES, LIST_ALARM_MUTE_RULES, LIST_METRICS, LIST_RETRIEVED_TRACES,
    LIST_TAGS, Operation, START_LIVE_TAIL, START_QUERY, START_TRACE_RETRIEVAL, STOP_QUERY,
};

/// Every source and the operations that it calls, which are also the IAM actions that it needs.
pub const fn all() -> &'static [(SourceId, &'static [Operation])] {
    &[
        (SourceId::Metrics, &[GET_METRIC_DATA]),
        (SourceId::Catalogue, &[LIST_METRICS]),
        (SourceId::Alarms, &[DESCRIBE_ALARMS]),
        (SourceId::AlarmHistory, &[DESCRIBE_ALARM_HISTORY]),
        (SourceId::Transitions, &[DESCRIBE_ALARM_HISTORY]),
        (SourceId::AlarmDetail, &[DESCRIBE_ALARMS, DESCRIBE_ALARM_CONTRIBUTORS, LIST_ALARM_MUTE_RULES]),
        (SourceId::AlarmTags, &[LIST_TAGS]),
        (SourceId::Tail, &[START_LIVE_TAIL, DESCRIBE_LOG_GROUPS]),
        (SourceId::Poll, &[FILTER_LOG_EVENTS]),
        (SourceId::Counts, &[FILTER_LOG_EVENTS]),
        (SourceId::Lines, &[FILTER_LOG_EVENTS]),
        (SourceId::MetricFilters, &[DESCRIBE_METRIC_FILTERS]),
        (SourceId::Matches, &[FILTER_LOG_EVENTS]),
        (SourceId::Changes, &[FILTER_LOG_EVENTS]),
        (SourceId::Rows, &[START_QUERY, GET_QUERY_RESULTS, STOP_QUERY]),
        (SourceId::LogGroups, &[DESCRIBE_LOG_GROUPS]),
        (SourceId::QueryDefinitions, &[DESCRIBE_QUERY_DEFINITIONS]),
        (SourceId::LogFields, &[GET_LOG_GROUP_FIELDS]),
        (SourceId::LogRecord, &[GET_LOG_RECORD]),
        (
            SourceId::Story,
            &[
                DESCRIBE_LOG_GROUPS,
                FILTER_LOG_EVENTS,
                START_QUERY,
                GET_QUERY_RESULTS,
                STOP_QUERY,
                BATCH_GET_TRACES,
                GET_TRACE_SUMMARIES,
                GET_TRACE_SEGMENT_DESTINATION,
                START_TRACE_RETRIEVAL,
                LIST_RETRIEVED_TRACES,
            ],
        ),
        (SourceId::Services, &[GET_SERVICE_GRAPH]),
        (SourceId::ServicesBefore, &[GET_SERVICE_GRAPH]),
        (SourceId::ServiceTrend, &[GET_TIME_SERIES]),
        (SourceId::ServiceRules, &[GET_TIME_SERIES]),
        (
            SourceId::Trace,
            &[BATCH_GET_TRACES, GET_TRACE_SEGMENT_DESTINATION, START_TRACE_RETRIEVAL, LIST_RETRIEVED_TRACES],
        ),
        (SourceId::TraceSummaries, &[GET_TRACE_SUMMARIES]),
        (SourceId::TraceGroups, &[GET_GROUPS]),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_source_is_listed_with_operations_that_may_be_called() {
        let listed: Vec<SourceId> = all().iter().map(|(id, _)| *id).collect();
        assert_eq!(listed, SourceId::ALL);
        for (id, operations) in all() {
            assert_eq!(operations[0].to_string(), id.name());
            for operation in *operations {
                assert!(operation::ALLOWED.contains(operation), "{operation}");
            }
        }
    }
}
