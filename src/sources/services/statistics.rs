//! X-Ray's counts, times and histograms, whatever of them is there.

use aws_sdk_xray::types::{EdgeStatistics, ErrorStatistics, FaultStatistics, HistogramEntry, ServiceStatistics};

use crate::store::graph::{Flaws, Statistics};

/// What statistics of either kind give; the SDK has a type for each.
macro_rules! given {
    ($statistics:expr) => {
        $statistics.map_or_else(Given::default, |s| Given {
            ok: s.ok_count(),
            errors: s.error_statistics(),
            faults: s.fault_statistics(),
            total: s.total_count(),
            time: s.total_response_time(),
        })
    };
}

/// The counts of a service.
pub(in crate::sources) fn service_statistics(
    s: Option<&ServiceStatistics>,
    histogram: &[HistogramEntry],
    flaws: &mut Flaws,
) -> Statistics {
    given!(s).read(histogram, flaws)
}

/// The counts of an edge.
pub(in crate::sources) fn edge_statistics(
    s: Option<&EdgeStatistics>,
    histogram: &[HistogramEntry],
    flaws: &mut Flaws,
) -> Statistics {
    given!(s).read(histogram, flaws)
}

/// What the two kinds of statistics have in common.
#[derive(Default)]
struct Given<'a> {
    ok: Option<i64>,
    errors: Option<&'a ErrorStatistics>,
    faults: Option<&'a FaultStatistics>,
    total: Option<i64>,
    time: Option<f64>,
}

impl Given<'_> {
    fn read(&self, histogram: &[HistogramEntry], flaws: &mut Flaws) -> Statistics {
        let mut count = |given: Option<i64>| {
            let given = given?;
            let count = u64::try_from(given);
            flaws.negative += u64::from(count.is_err());
            Some(count.unwrap_or(0))
        };
        let ok = count(self.ok);
        let throttle = count(self.errors.and_then(ErrorStatistics::throttle_count)).unwrap_or(0);
        let error_other = count(self.errors.and_then(ErrorStatistics::other_count));
        let error = count(self.errors.and_then(ErrorStatistics::total_count));
        let fault_other = count(self.faults.and_then(FaultStatistics::other_count));
        let fault = count(self.faults.and_then(FaultStatistics::total_count));
        let total = count(self.total);
        // A sum that is not given is that of its parts, a part that is not given what is left of the sum.
        let error = error.unwrap_or_else(|| throttle.saturating_add(error_other.unwrap_or(0)));
        let fault = fault.or(fault_other).unwrap_or(0);
        let total = total.unwrap_or_else(|| ok.unwrap_or(0).saturating_add(error).saturating_add(fault));
        let time = self.time.unwrap_or(0.0);
        let is_time = time.is_finite() && time >= 0.0;
        flaws.times += u64::from(!is_time);
        Statistics {
            ok: ok.unwrap_or_else(|| total.saturating_sub(error.saturating_add(fault))),
            error,
            throttle,
            error_other: error_other.unwrap_or_else(|| error.saturating_sub(throttle)),
            fault,
            fault_other: fault_other.unwrap_or(fault),
            total,
            total_time_s: if is_time { time } else { 0.0 },
            histogram: buckets(histogram, flaws),
            durations: Vec::new(),
        }
    }
}

/// A histogram, ascending, without what is no time or no count.
pub(super) fn buckets(histogram: &[HistogramEntry], flaws: &mut Flaws) -> Vec<(f64, u64)> {
    let mut buckets: Vec<(f64, u64)> = Vec::with_capacity(histogram.len());
    for entry in histogram {
        match u64::try_from(entry.count) {
            Err(_) => flaws.negative += 1,
            Ok(_) if !entry.value.is_finite() || entry.value < 0.0 => flaws.times += 1,
            Ok(0) => {}
            Ok(count) => buckets.push((entry.value, count)),
        }
    }
    buckets.sort_by(|a, b| a.0.total_cmp(&b.0));
    buckets
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(value: f64, count: i32) -> HistogramEntry {
        HistogramEntry::builder().value(value).count(count).build()
    }

    #[test]
    fn absurd_numbers_are_left_out_and_counted() {
        let mut flaws = Flaws::default();
        let errors = ErrorStatistics::builder().throttle_count(-3).total_count(2).build();
        let given = ServiceStatistics::builder()
            .ok_count(-1)
            .error_statistics(errors)
            .total_count(5)
            .total_response_time(f64::NAN)
            .build();
        let histogram = [entry(2.0, 1), entry(f64::INFINITY, 2), entry(-1.0, 3), entry(0.5, -2), entry(1.0, 0)];
        let read = service_statistics(Some(&given), &histogram, &mut flaws);
        assert_eq!((read.ok, read.error, read.throttle, read.total), (0, 2, 0, 5));
        assert_eq!((read.total_time_s, read.histogram.as_slice()), (0.0, &[(2.0, 1)][..]));
        assert_eq!(read.unknown(), 3);
        assert_eq!((flaws.negative, flaws.times), (3, 3));
    }

    #[test]
    fn what_is_absent_follows_from_the_rest() {
        let mut flaws = Flaws::default();
        let errors = ErrorStatistics::builder().throttle_count(1).other_count(2).build();
        let given = EdgeStatistics::builder().error_statistics(errors).total_count(10).build();
        let read = edge_statistics(Some(&given), &[], &mut flaws);
        assert_eq!((read.ok, read.error, read.throttle, read.error_other, read.total), (7, 3, 1, 2, 10));
        assert_eq!(edge_statistics(None, &[], &mut flaws), Statistics::default());
        assert_eq!(flaws, Flaws::default());
    }
}
