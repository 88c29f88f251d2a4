//! What a frozen screen takes in all the same: answers to what is opened while it stands still.

use crate::app::msg::Update;
use crate::store::Store;
use crate::store::health::{Health, SourceId};
use crate::store::series::MetricBatch;

/// The part of some news that a frozen screen shows: what it has asked for and knows nothing of yet.
pub(super) fn thaw(update: &Update, frozen: &Store) -> Option<Update> {
    match update {
        Update::Catalogue { .. }
        | Update::AlarmHistory { .. }
        | Update::Lines { .. }
        | Update::MetricFilters { .. }
        | Update::Matches { .. }
        | Update::AlarmDetail { .. }
        | Update::AlarmTags { .. }
        | Update::ServiceTrend { followed: false, .. }
        | Update::Trace { .. }
        | Update::TraceSummaries { .. }
        | Update::TraceGroups { .. }
        | Update::Rows { .. }
        | Update::Found(_)
        | Update::RowsFailed { .. }
        | Update::Logbook { .. }
        | Update::Asked(_)
        | Update::Story { .. }
        // What somebody has said about an alarm counts at once, for everybody on this host.
        | Update::Transitions { .. }
        | Update::History(_)
        | Update::HistoryTrouble(_) => Some(update.clone()),
        Update::Metrics(batch) => {
            let mut batch = MetricBatch { at: batch.at, results: batch.results.clone() };
            batch.results.retain(|result| {
                let covered = frozen.series(&result.query).and_then(|set| set.covered.start());
                covered.is_none_or(|from| result.from < from)
            });
            (!batch.results.is_empty()).then_some(Update::Metrics(batch))
        }
        Update::Alarms { .. } => is_unknown(frozen, SourceId::Alarms).then(|| update.clone()),
        Update::Changes { .. } => is_unknown(frozen, SourceId::Changes).then(|| update.clone()),
        Update::Services { .. } => is_unknown(frozen, SourceId::Services).then(|| update.clone()),
        Update::ServicesBefore { .. } => is_unknown(frozen, SourceId::ServicesBefore).then(|| update.clone()),
        Update::Tail(_)
        | Update::TailUp { .. }
        | Update::ServiceTrend { followed: true, .. }
        | Update::Counts(_)
        | Update::Spent(_)
        | Update::Settled { .. } => None,
    }
}

fn is_unknown(frozen: &Store, source: SourceId) -> bool {
    matches!(frozen.health(source), Health::Waiting | Health::Failed { .. })
}
