//! Arithmetic on lines of datapoints.

use std::collections::BTreeMap;

use crate::clock::Time;
use crate::store::series::Series;

use super::node::Op;

/// How the values of several lines at one time, or of one line over time, become one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fold {
    Sum,
    Average,
    Minimum,
    Maximum,
    /// Population standard deviation.
    Deviation,
    Count,
}

impl Fold {
    /// The fold of AWS's function name.
    pub(super) fn parse(name: &str) -> Option<Self> {
        match name {
            "SUM" => Some(Self::Sum),
            "AVG" => Some(Self::Average),
            "MIN" => Some(Self::Minimum),
            "MAX" => Some(Self::Maximum),
            "STDDEV" => Some(Self::Deviation),
            "DATAPOINT_COUNT" => Some(Self::Count),
            _ => None,
        }
    }

    /// The one value; `None` of nothing (a count of nothing is 0).
    pub(super) fn of(self, values: &[f64]) -> Option<f64> {
        let count = values.len() as f64;
        let mean = values.iter().sum::<f64>() / count;
        match self {
            Self::Count => Some(count),
            _ if values.is_empty() => None,
            Self::Sum => Some(values.iter().sum()),
            Self::Average => Some(mean),
            Self::Minimum => values.iter().copied().reduce(f64::min),
            Self::Maximum => values.iter().copied().reduce(f64::max),
            Self::Deviation => Some((values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / count).sqrt()),
        }
    }
}

/// Maps every value; a datapoint without a result is dropped.
pub(super) fn map(series: Series, f: impl Fn(f64) -> Option<f64>) -> Series {
    let points = series.points.into_iter().filter_map(|(t, v)| Some((t, f(v)?))).collect();
    Series { label: series.label, points }
}

/// Two lines at the times that both have; keeps the first one's label.
pub(super) fn zip(op: Op, a: &Series, b: &Series) -> Series {
    let mut others = b.points.iter().peekable();
    let mut points = Vec::with_capacity(a.points.len().min(b.points.len()));
    for &(t, value) in &a.points {
        while others.next_if(|(o, _)| *o < t).is_some() {}
        if let Some(&(_, other)) = others.next_if(|(o, _)| *o == t)
            && let Some(result) = op.apply(value, other)
        {
            points.push((t, result));
        }
    }
    Series { label: a.label.clone(), points }
}

/// Two lines at the times that either has, the other's value being 0 where it has none; keeps the first one's label.
pub(super) fn zip_or_zero(op: Op, a: &Series, b: &Series) -> Series {
    let mut others = b.points.iter().copied().peekable();
    let mut points = Vec::with_capacity(a.points.len());
    let mut push = |t: Time, a: f64, b: f64| points.extend(op.apply(a, b).map(|value| (t, value)));
    for &(t, value) in &a.points {
        while let Some((early, other)) = others.next_if(|(o, _)| *o < t) {
            push(early, 0.0, other);
        }
        push(t, value, others.next_if(|(o, _)| *o == t).map_or(0.0, |(_, other)| other));
    }
    others.for_each(|(t, other)| push(t, 0.0, other));
    Series { label: a.label.clone(), points }
}

/// One line of the folded values of several, at every time that any of them has.
///
/// An average divides by the number of lines: a missing value counts as 0 there, as AWS documents for `AVG`.
pub(super) fn across(list: &[Series], fold: Fold) -> Series {
    let folded = |values: &[f64]| match fold {
        Fold::Average => Some(values.iter().sum::<f64>() / list.len() as f64),
        Fold::Sum | Fold::Minimum | Fold::Maximum | Fold::Deviation | Fold::Count => fold.of(values),
    };
    let mut columns: BTreeMap<Time, Vec<f64>> = BTreeMap::new();
    for (t, v) in list.iter().flat_map(|series| &series.points) {
        columns.entry(*t).or_default().push(*v);
    }
    let points = columns.into_iter().filter_map(|(t, values)| Some((t, folded(&values)?))).collect();
    Series { label: String::new(), points }
}

/// The values of a line.
pub(super) fn values(series: &Series) -> Vec<f64> {
    series.points.iter().map(|(_, v)| *v).collect()
}

/// The change from each datapoint to the next; a second where `per_second`.
pub(super) fn difference(series: Series, per_second: bool) -> Series {
    let change = |pair: &[(Time, f64)]| {
        let seconds = (pair[1].0 - pair[0].0).num_seconds() as f64;
        (pair[1].0, (pair[1].1 - pair[0].1) / if per_second { seconds } else { 1.0 })
    };
    Series { label: series.label, points: series.points.windows(2).map(change).collect() }
}

/// The seconds from each datapoint to the next.
pub(super) fn difference_of_time(series: Series) -> Series {
    let change = |pair: &[(Time, f64)]| (pair[1].0, (pair[1].0 - pair[0].0).num_seconds() as f64);
    Series { label: series.label, points: series.points.windows(2).map(change).collect() }
}

/// The sum of all datapoints up to each.
pub(super) fn running_sum(series: Series) -> Series {
    let mut sum = 0.0;
    let mut add = |(t, v): (Time, f64)| {
        sum += v;
        (t, sum)
    };
    Series { label: series.label, points: series.points.into_iter().map(&mut add).collect() }
}

/// What takes the place of a missing datapoint.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Filler {
    Number(f64),
    /// The datapoint of another line, where that has one.
    Series(Series),
    /// The newest datapoint before it.
    Repeat,
    /// The straight line between its neighbours.
    Linear,
}

/// Fills the periods in `times` (ascending) that the line has no datapoint for.
pub(super) fn fill(series: Series, times: &[Time], filler: &Filler) -> Series {
    let mut points = Vec::with_capacity(times.len());
    let mut rest = series.points.iter().copied().peekable();
    let mut before: Option<(Time, f64)> = None;
    for &t in times {
        while let Some(point) = rest.next_if(|(o, _)| *o <= t) {
            points.push(point);
            before = Some(point);
        }
        if before.is_some_and(|(o, _)| o == t) {
            continue;
        }
        let value = match filler {
            Filler::Number(value) => Some(*value),
            Filler::Series(other) => other.at(t),
            Filler::Repeat => before.map(|(_, v)| v),
            Filler::Linear => before.zip(rest.peek()).map(|((t0, v0), (t1, v1))| {
                let share = (t - t0).num_seconds() as f64 / (*t1 - t0).num_seconds() as f64;
                v0 + (v1 - v0) * share
            }),
        };
        points.extend(value.map(|value| (t, value)));
    }
    points.extend(rest);
    Series { label: series.label, points }
}
