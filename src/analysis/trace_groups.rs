//! Traces of a list by what they have in common, and by how long they took.

use std::collections::HashMap;

use crate::store::trace::Verdict;
use crate::store::trace_list::TraceSummary;

/// Buckets of a histogram.
pub const BUCKETS: usize = 36;
/// The shortest response time that a bucket tells from others, in seconds.
const SHORTEST: f64 = 0.001;

/// Something that a trace has.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Field {
    /// The URL of its request.
    Url,
    /// The user of a segment.
    User,
    /// The HTTP status of its response.
    HttpStatus,
    /// A service that took part.
    Service,
    /// The service that the request came in by.
    Entry,
    /// The method of its request.
    Method,
    /// The service in which it failed, or in which its time went.
    Cause,
    /// An annotation, by key.
    Annotation(String),
}

impl Field {
    /// The fields that every trace can have.
    pub const PLAIN: [Self; 7] =
        [Self::Url, Self::User, Self::HttpStatus, Self::Service, Self::Entry, Self::Method, Self::Cause];

    /// Its name on screen.
    pub fn name(&self) -> &str {
        match self {
            Self::Url => "URL",
            Self::User => "user",
            Self::HttpStatus => "HTTP status",
            Self::Service => "service",
            Self::Entry => "entry point",
            Self::Method => "method",
            Self::Cause => "root cause",
            Self::Annotation(key) => key,
        }
    }

    /// What a trace has there, each value once.
    pub fn values(&self, trace: &TraceSummary) -> Vec<String> {
        let one = |text: &str| if text.is_empty() { Vec::new() } else { vec![text.to_owned()] };
        let mut values = match self {
            Self::Url => one(&trace.url),
            Self::User => trace.users.clone(),
            Self::HttpStatus => trace.status.map(|status| status.to_string()).into_iter().collect(),
            Self::Service => trace.services.clone(),
            Self::Entry => one(&trace.entry),
            Self::Method => one(&trace.method),
            Self::Cause => trace.cause().map(|cause| cause.service.clone()).into_iter().collect(),
            Self::Annotation(key) => {
                trace.annotations.iter().filter(|(name, _)| name == key).map(|(_, value)| value.clone()).collect()
            }
        };
        values.sort();
        values.dedup();
        values
    }

    /// Whether a trace has this value there; `None` is having none.
    pub fn holds(&self, trace: &TraceSummary, value: Option<&str>) -> bool {
        let values = self.values(trace);
        value.map_or(values.is_empty(), |value| values.iter().any(|own| own == value))
    }
}

/// The fields by which traces can be grouped: annotations in the order of how many traces have them.
pub fn fields(traces: &[TraceSummary]) -> Vec<Field> {
    let annotations = annotations(traces).into_iter().map(|(key, _)| Field::Annotation(key));
    Field::PLAIN.into_iter().chain(annotations).collect()
}

/// The keys of annotations, each with how many traces have it, the most frequent first.
pub fn annotations(traces: &[TraceSummary]) -> Vec<(String, usize)> {
    let mut counts: HashMap<&str, usize> = HashMap::new();
    for trace in traces {
        let mut keys: Vec<&str> = trace.annotations.iter().map(|(key, _)| key.as_str()).collect();
        keys.dedup();
        for key in keys {
            *counts.entry(key).or_default() += 1;
        }
    }
    let mut counts: Vec<(String, usize)> = counts.into_iter().map(|(key, count)| (key.to_owned(), count)).collect();
    counts.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    counts
}

/// The traces that have one value.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    /// The value; `None` for those that have none.
    pub value: Option<String>,
    /// How many they are.
    pub count: usize,
    /// Their share of all, from 0 to 1.
    pub share: f64,
    /// How many of them have a fault.
    pub faults: usize,
    /// How many of them have an error, but no fault and no throttle.
    pub errors: usize,
    /// How many of them were throttled, but have no fault.
    pub throttles: usize,
    /// Their response times in seconds: the median, and the 90th and 99th percentile.
    pub percentiles: [f64; 3],
}

/// Traces by a field, the largest group first. A trace with several values is in several groups.
pub fn groups<'a>(traces: impl Iterator<Item = &'a TraceSummary>, field: &Field) -> Vec<Group> {
    let mut found: HashMap<Option<String>, Vec<&TraceSummary>> = HashMap::new();
    let mut all = 0_usize;
    for trace in traces {
        all += 1;
        let values = field.values(trace);
        if values.is_empty() {
            found.entry(None).or_default().push(trace);
        }
        for value in values {
            found.entry(Some(value)).or_default().push(trace);
        }
    }
    let group = |(value, traces): (Option<String>, Vec<&TraceSummary>)| {
        let of = |verdict: Verdict| traces.iter().filter(|trace| trace.verdict() == verdict).count();
        Group {
            value,
            count: traces.len(),
            share: traces.len() as f64 / all.max(1) as f64,
            faults: of(Verdict::Fault),
            errors: of(Verdict::Error),
            throttles: of(Verdict::Throttle),
            percentiles: percentiles(traces.iter().map(|trace| trace.response())),
        }
    };
    let mut groups: Vec<Group> = found.into_iter().map(group).collect();
    groups.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.value.cmp(&b.value)));
    groups
}

/// The median, and the 90th and 99th percentile: each the least value that so many do not pass; 0 where there is none.
pub fn percentiles(values: impl Iterator<Item = f64>) -> [f64; 3] {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    [0.5, 0.9, 0.99].map(|share| {
        let rank = (values.len() as f64 * share).ceil() as usize;
        values.get(rank.max(1) - 1).copied().unwrap_or(0.0)
    })
}

/// Traces by how long their responses took, in buckets of equal ratio.
#[derive(Debug, Clone, PartialEq)]
pub struct Histogram {
    /// How many are in each bucket.
    pub counts: Vec<usize>,
    /// The shortest and the longest response in seconds.
    pub range: (f64, f64),
}

impl Histogram {
    /// The histogram of traces; `None` where there is none.
    pub fn of<'a>(traces: impl Iterator<Item = &'a TraceSummary>) -> Option<Self> {
        let times: Vec<f64> = traces.map(TraceSummary::response).filter(|time| time.is_finite()).collect();
        let low = times.iter().copied().reduce(f64::min)?.max(SHORTEST);
        let high = times.iter().copied().reduce(f64::max)?.max(low * 1.01);
        let mut found = Self { counts: vec![0; BUCKETS], range: (low, high) };
        for time in times {
            let at = found.bucket(time);
            if let Some(count) = found.counts.get_mut(at) {
                *count += 1;
            }
        }
        Some(found)
    }

    /// The bucket of a response time.
    pub fn bucket(&self, seconds: f64) -> usize {
        let (low, high) = self.range;
        let share = (seconds.max(low) / low).ln() / (high / low).ln();
        ((share * BUCKETS as f64) as usize).min(BUCKETS - 1)
    }

    /// From when until when buckets reach, in seconds: the first one takes in what is shorter, the last what is longer.
    pub fn bounds(&self, from: usize, to: usize) -> (f64, f64) {
        let (low, high) = self.range;
        let edge = |at: usize| low * (high / low).powf(at as f64 / BUCKETS as f64);
        let start = if from == 0 { 0.0 } else { edge(from) };
        let end = if to + 1 >= BUCKETS { f64::INFINITY } else { edge(to + 1) };
        (start, end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trace(issuer: &str, response: f64, fault: bool) -> TraceSummary {
        TraceSummary {
            response_s: Some(response),
            fault,
            annotations: vec![("Issuer".into(), issuer.into())],
            services: vec!["Api".into(), "Api".into(), "TSP".into()],
            ..TraceSummary::default()
        }
    }

    #[test]
    fn traces_are_counted_by_what_they_have() {
        let traces: Vec<TraceSummary> = (1..=100)
            .map(|n| trace(if n > 80 { "Contoso" } else { "DEMO" }, f64::from(n), n > 90))
            .chain([TraceSummary::default()])
            .collect();
        let found = groups(traces.iter(), &Field::Annotation("Issuer".into()));
        let told: Vec<_> = found.iter().map(|it| (it.value.as_deref(), it.count, it.faults)).collect();
        assert_eq!(told, [(Some("DEMO"), 80, 0), (Some("Contoso"), 20, 10), (None, 1, 0)]);
        assert_eq!(found[0].percentiles.map(|seconds| seconds as u32), [40, 72, 80]);
        assert!((found[1].share - 20.0 / 101.0).abs() < 1e-9);
        let services = groups(traces.iter(), &Field::Service);
        assert_eq!(services.iter().map(|it| it.count).collect::<Vec<_>>(), [100, 100, 1], "each once a trace");
        assert_eq!(percentiles(std::iter::empty()).map(|seconds| seconds as u32), [0; 3]);
        assert!(fields(&traces).contains(&Field::Annotation("Issuer".into())));
    }

    #[test]
    fn every_trace_is_in_the_bucket_whose_bounds_hold_it() {
        let traces: Vec<TraceSummary> = (0..500).map(|n| trace("x", 0.01 * 1.02_f64.powi(n), false)).collect();
        let histogram = Histogram::of(traces.iter()).expect("a histogram");
        assert_eq!(histogram.counts.iter().sum::<usize>(), 500);
        for (at, count) in histogram.counts.iter().enumerate() {
            let (from, to) = histogram.bounds(at, at);
            let inside = traces.iter().map(TraceSummary::response).filter(|time| from <= *time && *time < to).count();
            assert!(inside.abs_diff(*count) <= 1, "bucket {at}: {inside} of {count}");
        }
        let same = [trace("x", 0.0, false), trace("x", 0.0, false)];
        assert_eq!(Histogram::of(same.iter()).map(|it| it.counts[0]), Some(2));
        assert_eq!(Histogram::of(std::iter::empty()), None);
    }
}
