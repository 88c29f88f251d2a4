//! What the server was asked: the ground truth for cost and call budgets.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::demo::wire::Wire;

/// The counters of a running server; clones share them.
#[derive(Debug, Clone, Default)]
pub struct Counts(Arc<Mutex<Tally>>);

/// The counters at one moment.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tally {
    /// Calls by operation, refused and faulty ones included.
    pub calls: BTreeMap<String, u64>,
    /// Metrics requested: MetricStat queries of all GetMetricData calls, which is what CloudWatch bills.
    pub metrics: u64,
    /// Live Tail sessions open now.
    pub tails: u64,
}

impl Tally {
    /// Calls of one operation.
    pub fn of(&self, operation: &str) -> u64 {
        self.calls.get(operation).copied().unwrap_or(0)
    }

    /// All calls.
    pub fn total(&self) -> u64 {
        self.calls.values().sum()
    }
}

impl Counts {
    /// The counters as they stand.
    pub fn snapshot(&self) -> Tally {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(super) fn called(&self, operation: &str) {
        let mut tally = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match tally.calls.get_mut(operation) {
            Some(count) => *count += 1,
            None => {
                tally.calls.insert(operation.to_owned(), 1);
            }
        }
    }

    pub(super) fn asked(&self, operation: &str, input: &Wire) {
        if operation == "GetMetricData" {
            let queries = input.items("MetricDataQueries").iter();
            let metrics = queries.filter(|query| query.get("MetricStat").is_some()).count();
            self.0.lock().unwrap_or_else(PoisonError::into_inner).metrics += metrics as u64;
        }
    }

    /// Counts a Live Tail session as open until the returned guard is dropped.
    pub(super) fn tail(&self) -> OpenTail {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).tails += 1;
        OpenTail(self.clone())
    }
}

/// Keeps one Live Tail session counted as open.
#[derive(Debug)]
pub(super) struct OpenTail(Counts);

impl Drop for OpenTail {
    fn drop(&mut self) {
        let mut tally = self.0.0.lock().unwrap_or_else(PoisonError::into_inner);
        tally.tails = tally.tails.saturating_sub(1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_metrics_and_open_tails_are_counted() {
        let counts = Counts::default();
        let metric = Wire::map([("Id", "m1".into()), ("MetricStat", Wire::Map(Vec::new()))]);
        let math = Wire::map([("Id", "e1".into()), ("Expression", "m1 * 2".into())]);
        let input = Wire::map([("MetricDataQueries", Wire::List(vec![metric.clone(), math, metric]))]);
        for operation in ["GetMetricData", "ListMetrics", "GetMetricData"] {
            counts.called(operation);
            counts.asked(operation, &input);
        }
        let open = counts.tail();
        let tally = counts.snapshot();
        assert_eq!((tally.of("GetMetricData"), tally.of("ListMetrics"), tally.of("GetTraces")), (2, 1, 0));
        assert_eq!((tally.total(), tally.metrics, tally.tails), (3, 4, 1));
        drop(open);
        assert_eq!(counts.snapshot().tails, 0);
    }
}
