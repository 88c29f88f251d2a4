//! What `stats` gathers in one group.

use std::cmp::Ordering;
use std::collections::HashSet;

use super::ast::AggregateKind;
use super::value::Value;

/// An aggregate while records come in.
#[derive(Debug, Clone)]
pub(super) enum Gathered {
    Count(u64),
    Distinct(HashSet<String>),
    Sum(f64, u64),
    Average(f64, u64),
    Least(Value<'static>),
    Most(Value<'static>),
    /// All values, for an exact answer: eight bytes a record of the group.
    Percentile(f64, Vec<f64>),
    /// Count, mean and sum of squared distances from it (Welford).
    Deviation(u64, f64, f64),
    Earliest(Option<(i64, Value<'static>)>),
    Latest(Option<(i64, Value<'static>)>),
}

impl Gathered {
    pub(super) fn new(kind: AggregateKind) -> Self {
        match kind {
            AggregateKind::Count => Self::Count(0),
            AggregateKind::CountDistinct => Self::Distinct(HashSet::new()),
            AggregateKind::Sum => Self::Sum(0.0, 0),
            AggregateKind::Average => Self::Average(0.0, 0),
            AggregateKind::Minimum | AggregateKind::First => Self::Least(Value::Missing),
            AggregateKind::Maximum | AggregateKind::Last => Self::Most(Value::Missing),
            AggregateKind::Percentile(rank) => Self::Percentile(rank, Vec::new()),
            AggregateKind::Deviation => Self::Deviation(0, 0.0, 0.0),
            AggregateKind::Earliest => Self::Earliest(None),
            AggregateKind::Latest => Self::Latest(None),
        }
    }

    /// Takes in one record's value, `None` where every record counts; a missing value counts for nothing.
    pub(super) fn add(&mut self, value: Option<Value<'_>>, time: i64) {
        let Some(value) = value else {
            if let Self::Count(count) = self {
                *count += 1;
            }
            return;
        };
        if value.is_missing() {
            return;
        }
        match self {
            Self::Count(count) => *count += 1,
            Self::Distinct(seen) => {
                if let Some(text) = value.as_text()
                    && !seen.contains(text.as_ref())
                {
                    seen.insert(text.into_owned());
                }
            }
            Self::Least(least) => keep(least, value, Ordering::Less),
            Self::Most(most) => keep(most, value, Ordering::Greater),
            Self::Earliest(found) => {
                if found.as_ref().is_none_or(|(at, _)| time < *at) {
                    *found = Some((time, value.owned()));
                }
            }
            Self::Latest(found) => {
                if found.as_ref().is_none_or(|(at, _)| time >= *at) {
                    *found = Some((time, value.owned()));
                }
            }
            Self::Sum(..) | Self::Average(..) | Self::Percentile(..) | Self::Deviation(..) => {
                if let Some(number) = value.as_number() {
                    self.add_number(number);
                }
            }
        }
    }

    fn add_number(&mut self, number: f64) {
        match self {
            Self::Sum(sum, count) | Self::Average(sum, count) => {
                *sum += number;
                *count += 1;
            }
            Self::Percentile(_, values) => values.push(number),
            Self::Deviation(count, mean, squares) => {
                *count += 1;
                let distance = number - *mean;
                *mean += distance / *count as f64;
                *squares += distance * (number - *mean);
            }
            Self::Count(_)
            | Self::Distinct(_)
            | Self::Least(_)
            | Self::Most(_)
            | Self::Earliest(_)
            | Self::Latest(_) => {}
        }
    }

    /// The result so far; nothing where there was no value, but counts, which are 0.
    ///
    /// A percentile is the nearest rank; the deviation is that of a sample (divided by n − 1), 0 for a single value.
    pub(super) fn value(&self) -> Value<'static> {
        match self {
            Self::Count(count) => Value::Number(*count as f64),
            Self::Distinct(seen) => Value::Number(seen.len() as f64),
            Self::Sum(_, 0)
            | Self::Average(_, 0)
            | Self::Deviation(0, ..)
            | Self::Earliest(None)
            | Self::Latest(None) => Value::Missing,
            Self::Sum(sum, _) => Value::number(*sum),
            Self::Average(sum, count) => Value::number(sum / *count as f64),
            Self::Least(value)
            | Self::Most(value)
            | Self::Earliest(Some((_, value)))
            | Self::Latest(Some((_, value))) => value.clone(),
            Self::Percentile(rank, values) => nearest_rank(*rank, values),
            Self::Deviation(1, ..) => Value::Number(0.0),
            Self::Deviation(count, _, squares) => Value::number((squares / (count - 1) as f64).sqrt()),
        }
    }
}

fn keep(kept: &mut Value<'static>, value: Value<'_>, wanted: Ordering) {
    if kept.is_missing() || value.sort(kept) == wanted {
        *kept = value.owned();
    }
}

/// The smallest value that at least `rank` per cent of the values do not exceed.
fn nearest_rank(rank: f64, values: &[f64]) -> Value<'static> {
    let mut values = values.to_vec();
    let index = (rank / 100.0 * values.len() as f64).ceil() as usize;
    let index = index.clamp(1, values.len().max(1)) - 1;
    if index >= values.len() {
        return Value::Missing;
    }
    Value::Number(*values.select_nth_unstable_by(index, f64::total_cmp).1)
}
