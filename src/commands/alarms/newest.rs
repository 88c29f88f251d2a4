//! The newest datapoints of alarms, which DescribeAlarms does not tell: it has those of the last change of state.

use std::sync::Arc;

use chrono::TimeDelta;

use crate::board::Board;
use crate::panes::alarms::versus::recent;
use crate::sources::{Client, metric_data};
use crate::store::Store;
use crate::store::alarm::{Alarm, MetricAlarm};
use crate::store::health::SourceError;
use crate::store::window::Window;

/// Alarms that look no farther back than this are asked about together.
const SHORT: TimeDelta = TimeDelta::hours(1);

/// Puts the newest datapoints of alarms into the store, in as few calls as GetMetricData can be asked in: one for alarms
/// on short periods, one for those on long ones. Returns what went wrong.
pub(super) async fn ask(client: &Client, board: &Board, alarms: &[&Alarm], store: &mut Store) -> Option<SourceError> {
    let asked = alarms.iter().filter(|alarm| !alarm.has_contributors()).filter_map(|alarm| alarm.metric());
    let (short, long): (Vec<&MetricAlarm>, Vec<_>) = asked.partition(|metric| recent(metric) <= SHORT);
    let (mut failed, board) = (None, Arc::new(board.clone()));
    for metrics in [short, long] {
        let Some(span) = metrics.iter().map(|metric| recent(metric)).max().and_then(|span| span.to_std().ok()) else {
            continue;
        };
        let queries: Vec<_> = metrics.iter().flat_map(|m| std::iter::once(&m.query).chain(&m.band)).cloned().collect();
        let (answered, error) = metric_data(client, Arc::clone(&board), Window::live(span), &queries).await;
        store.series.extend(answered.series);
        failed = failed.or(error);
    }
    failed
}
