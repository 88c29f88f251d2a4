//! The values published for one metric, all together over any span of minutes.

use crate::clock::Time;

use super::core::Core;
use super::latency::{Histogram, Of};
use super::metrics::{Measure, Resource, Series};
use super::thinning::{self, Drawn};
use super::time;
use super::{Distribution, MetricName};

/// Reads one metric.
#[derive(Debug, Clone, Copy)]
pub struct Readings<'w> {
    core: &'w Core,
    series: &'w Series,
}

/// A span of minutes as it is known at an instant.
#[derive(Debug, Clone)]
struct Span {
    minutes: std::ops::Range<i64>,
    /// Nothing later is told; in milliseconds.
    until: i64,
    /// The minute from which its age counts.
    present: i64,
}

impl Span {
    fn new(from: Time, to: Time, now: Time) -> Self {
        let minutes = time::minute_from(from)..time::minute_from(to.min(now));
        Self { minutes, until: time::ms_from(now), present: time::minute_of(now) }
    }

    fn drawn(&self) -> impl Iterator<Item = Drawn> {
        thinning::drawn(self.minutes.clone(), self.present)
    }
}

impl Core {
    /// What is published for a metric, `None` where there is no such metric.
    pub(super) fn readings(&self, metric: &MetricName) -> Option<Readings<'_>> {
        Some(Readings { core: self, series: self.catalogue.series(metric)? })
    }
}

impl Readings<'_> {
    /// Everything that was published in the minutes that start in `[from, to)`, by `now`; what is older than 15 days is
    /// drawn from a part of its minutes.
    pub fn all(&self, from: Time, to: Time, now: Time) -> Distribution {
        self.over(&Span::new(from, to, now))
    }

    /// How many values that were, and their sum: the same without a look at single latencies.
    pub fn total(&self, from: Time, to: Time, now: Time) -> (u64, f64) {
        let span = Span::new(from, to, now);
        let Some((of, unit_ms)) = timed(self.series) else { return self.over(&span).total() };
        let of_minute = |drawn: Drawn| {
            let (count, ms) = self.core.minute(drawn, span.until).tally.latency(of);
            (count * drawn.weight, ms * drawn.weight)
        };
        let (count, ms) = span.drawn().map(of_minute).fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
        (count, ms as f64 / unit_ms)
    }

    /// What was published in one minute before the millisecond `until`, however old it is.
    pub(super) fn of_minute(&self, minute: i64, until: i64) -> Distribution {
        self.over(&Span { minutes: minute..minute + 1, until, present: minute })
    }

    fn over(&self, span: &Span) -> Distribution {
        if let Some((of, unit_ms)) = timed(self.series) {
            let mut histogram = Histogram::default();
            for drawn in span.drawn() {
                self.core.add_latencies(drawn, span.until, of, &mut histogram);
            }
            let values = histogram.pairs().map(|(ms, n)| (f64::from(ms) / unit_ms, n)).collect();
            return Distribution { values };
        }
        let mut values = Vec::new();
        match self.series {
            Series::Across(metrics) => {
                for readings in metrics.iter().filter_map(|metric| self.core.readings(metric)) {
                    values.extend(readings.over(span).values);
                }
            }
            // These cost nothing, and some of them are rare.
            Series::Published(published) => {
                values.extend(span.minutes.clone().flat_map(|minute| published.values(self.core.key, minute)));
            }
            Series::Tokens(measure, combo) => {
                for drawn in span.drawn() {
                    let of_minute = self.core.measured(&self.core.minute(drawn, span.until), *measure, *combo);
                    values.extend(of_minute.into_iter().map(|(value, n)| (value, n * drawn.weight)));
                }
            }
            Series::Resource(resource) => {
                for drawn in span.drawn() {
                    let of_minute = self.core.of_resource(&self.core.minute(drawn, span.until), *resource);
                    values.extend(of_minute.into_iter().map(|(value, n)| (value, n * drawn.weight)));
                }
            }
        }
        Distribution::of(values)
    }
}

/// Which latencies a series is about, and in units of how many milliseconds, if it is about any.
const fn timed(series: &Series) -> Option<(Of, f64)> {
    let (combo, only_successes, unit_ms) = match series {
        Series::Tokens(Measure::Latency, combo) => (*combo, false, 1000.0),
        Series::Tokens(Measure::SuccessLatency, combo) => (*combo, true, 1000.0),
        Series::Resource(Resource::Duration | Resource::ApiLatency) => (None, false, 1.0),
        Series::Tokens(..) | Series::Resource(_) | Series::Published(_) | Series::Across(_) => return None,
    };
    Some((Of { combo, only_successes }, unit_ms))
}

impl Distribution {
    /// The distribution of values and how often each was published, in any order.
    pub fn of(mut values: Vec<(f64, u64)>) -> Self {
        values.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
        values.dedup_by(|next, kept| {
            let same = next.0.total_cmp(&kept.0).is_eq();
            kept.1 += if same { next.1 } else { 0 };
            same
        });
        Self { values }
    }

    /// How many values there are, and their sum.
    pub fn total(&self) -> (u64, f64) {
        self.values.iter().fold((0, 0.0), |(count, sum), (value, n)| (count + n, sum + value * *n as f64))
    }
}
