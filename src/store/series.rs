//! Metric series: datapoints over time, as GetMetricData returns them.

use super::coverage::Coverage;
use crate::clock::Time;

/// What one query asks of GetMetricData; its equality decides whether two panes share one series.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct MetricQuery {
    /// What is asked: a statistic of a metric, or an expression over others.
    pub source: MetricSource,
    /// Length of a datapoint's period in seconds.
    pub period_s: u32,
    /// AWS account that owns the metric, when it is not the caller's.
    pub account: Option<String>,
    /// The label that AWS is asked to give, dynamic parts such as `${PROP('Dim.X')}` and `${LAST}` included; `None` for
    /// AWS's own.
    pub label: Option<String>,
}

/// A statistic of a metric, or an expression.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum MetricSource {
    /// A statistic of one metric.
    Stat {
        /// The namespace, such as `AWS/Lambda`.
        namespace: String,
        /// The metric's name.
        name: String,
        /// Its dimensions, sorted by name.
        dimensions: Vec<(String, String)>,
        /// `Average`, `Sum`, `Minimum`, `Maximum`, `SampleCount`, `p99`, `tm90` …
        stat: String,
    },
    /// Metric math, `SEARCH(…)` or Metrics Insights SQL over named inputs.
    Expression {
        /// The text, which names its inputs by their ids.
        text: String,
        /// Inputs by id; they are asked for with `ReturnData=false`.
        inputs: Vec<(String, MetricQuery)>,
    },
}

impl MetricQuery {
    /// A statistic of a metric in the caller's account.
    pub fn stat(namespace: &str, name: &str, dimensions: &[(&str, &str)], stat: &str, period_s: u32) -> Self {
        let mut dimensions: Vec<_> = dimensions.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        dimensions.sort();
        let source = MetricSource::Stat {
            namespace: namespace.to_owned(),
            name: name.to_owned(),
            dimensions,
            stat: stat.to_owned(),
        };
        Self { source, period_s, account: None, label: None }
    }

    /// An expression over named inputs.
    pub fn expression(text: &str, inputs: Vec<(String, Self)>, period_s: u32) -> Self {
        let source = MetricSource::Expression { text: text.to_owned(), inputs };
        Self { source, period_s, account: None, label: None }
    }

    /// The same under a label that AWS is asked to give.
    pub fn labelled(self, label: Option<String>) -> Self {
        Self { label, ..self }
    }

    /// Whether it is an anomaly detector's band. Its edges have no names of their own: AWS labels both after the
    /// expression's id, which is another one in another call.
    pub fn is_band(&self) -> bool {
        matches!(&self.source, MetricSource::Expression { text, .. } if text.contains("ANOMALY_DETECTION_BAND"))
    }

    /// Whether the label tells values of the whole window (`${LAST}`, `${MAX}` …): it is another one after each answer, so
    /// series can't be told apart by it, and it is right only where the whole window is asked for.
    pub fn label_tells_values(&self) -> bool {
        let Some(label) = &self.label else { return false };
        label.split("${").skip(1).any(|part| {
            let part = part.trim_start();
            !part.starts_with("PROP(") && !part.starts_with("LABEL")
        })
    }
}

/// One line of datapoints.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Series {
    /// AWS's label, sanitised.
    pub label: String,
    /// Start of period and value, ascending in time, no period twice. A missing period is absent, never zero.
    pub points: Vec<(Time, f64)>,
}

impl Series {
    /// The points whose period starts in `[from, to)`.
    pub fn range(&self, from: Time, to: Time) -> &[(Time, f64)] {
        let start = self.points.partition_point(|(t, _)| *t < from);
        let end = self.points.partition_point(|(t, _)| *t < to);
        &self.points[start..end.max(start)]
    }

    /// The sum over `[from, to)`, `None` where no datapoint exists.
    pub fn sum(&self, from: Time, to: Time) -> Option<f64> {
        let points = self.range(from, to);
        (!points.is_empty()).then(|| points.iter().map(|(_, v)| v).sum())
    }

    /// The value of the period that starts at `at`.
    pub fn at(&self, at: Time) -> Option<f64> {
        self.points.binary_search_by_key(&at, |(t, _)| *t).ok().map(|i| self.points[i].1)
    }

    /// Puts newer points over older ones: a period that both have takes the newer value.
    pub fn merge(&mut self, newer: &[(Time, f64)]) {
        let Some((first, _)) = newer.first() else { return };
        let keep = self.points.partition_point(|(t, _)| t < first);
        let old_tail = self.points.split_off(keep);
        let mut old = old_tail.into_iter().peekable();
        for &(t, v) in newer {
            while let Some(point) = old.next_if(|(o, _)| *o < t) {
                self.points.push(point);
            }
            old.next_if(|(o, _)| *o == t);
            self.points.push((t, v));
        }
        self.points.extend(old);
    }

    /// Drops the points whose period starts before `from`.
    pub fn forget_before(&mut self, from: Time) {
        let keep = self.points.partition_point(|(t, _)| *t < from);
        self.points.drain(..keep);
    }
}

/// What one query returned: one series, or several for `SEARCH` and `GROUP BY`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SeriesSet {
    /// The series in AWS's order.
    pub series: Vec<Series>,
    /// Which stretches have been asked for and answered; what lies outside is unknown, not missing.
    pub covered: Coverage,
    /// AWS's message on this query (`Forbidden`, `InternalError`, partial data), sanitised.
    pub message: Option<String>,
}

impl SeriesSet {
    /// Takes in the answer up to `to` to a query whose labels tell values: other ones each time, so that only their order
    /// says which is which. Another number of series replaces all.
    pub fn take_in_order(&mut self, newer: Vec<Series>, to: Time) {
        if self.series.len() != newer.len() {
            self.series = newer;
            return;
        }
        for (old, new) in self.series.iter_mut().zip(newer) {
            if old.points.last().is_none_or(|(at, _)| *at < to) {
                old.label = new.label;
            }
            old.merge(&new.points);
        }
    }

    /// The only series of a query that returns one.
    pub fn single(&self) -> Option<&Series> {
        self.series.first()
    }
}

/// Answers to several queries, as they came out of one round of GetMetricData.
#[derive(Debug, Clone, PartialEq)]
pub struct MetricBatch {
    /// When the answer came.
    pub at: Time,
    /// A result a query.
    pub results: Vec<MetricResult>,
}

/// The answer to one query over `[from, to)`.
#[derive(Debug, Clone, PartialEq)]
pub struct MetricResult {
    /// The query it answers.
    pub query: MetricQuery,
    /// First period start asked for.
    pub from: Time,
    /// End of the last period asked for, exclusive.
    pub to: Time,
    /// The series, points ascending.
    pub series: Vec<Series>,
    /// AWS's message, if any.
    pub message: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn t(s: i64) -> Time {
        chrono::DateTime::from_timestamp(s, 0).expect("in range")
    }

    #[test]
    fn merging_replaces_and_fills() {
        let mut series = Series { label: String::new(), points: vec![(t(0), 1.0), (t(60), 2.0), (t(180), 4.0)] };
        series.merge(&[(t(60), 20.0), (t(120), 3.0), (t(240), 5.0)]);
        assert_eq!(series.points, vec![(t(0), 1.0), (t(60), 20.0), (t(120), 3.0), (t(180), 4.0), (t(240), 5.0)]);
        series.merge(&[(t(-60), 9.0)]);
        assert_eq!(series.points[0], (t(-60), 9.0));
        assert_eq!(series.points.len(), 6);
    }

    #[test]
    fn labels_of_the_newest_answer_stay() {
        let series = |label: &str, points: &[(i64, f64)]| Series {
            label: label.to_owned(),
            points: points.iter().map(|(at, value)| (t(*at), *value)).collect(),
        };
        let mut set = SeriesSet {
            series: vec![series("a 1", &[(600, 1.0)]), series("b 2", &[(600, 2.0)])],
            ..SeriesSet::default()
        };
        set.take_in_order(vec![series("a 3", &[(660, 3.0)]), series("b 4", &[(660, 4.0)])], t(720));
        set.take_in_order(vec![series("a 9", &[(0, 9.0)]), series("b 9", &[(0, 9.0)])], t(60));
        let labels: Vec<(&str, usize)> = set.series.iter().map(|s| (s.label.as_str(), s.points.len())).collect();
        assert_eq!(labels, [("a 3", 3), ("b 4", 3)], "an older stretch changes no label");
        set.take_in_order(vec![series("c", &[])], t(720));
        assert_eq!(set.series.len(), 1);
    }

    #[test]
    fn labels_that_tell_values_are_known() {
        let query = |label: &str| MetricQuery::stat("N", "M", &[], "Sum", 60).labelled(Some(label.to_owned()));
        for (label, tells) in [
            ("requests", false),
            ("${PROP('Dim.Issuer')} ${LABEL}", false),
            ("${PROP('Dim.Issuer')}: ${LAST}", true),
            ("$ {LAST}", false),
        ] {
            assert_eq!(query(label).label_tells_values(), tells, "{label}");
        }
        assert!(!MetricQuery::stat("N", "M", &[], "Sum", 60).label_tells_values());
    }

    #[test]
    fn missing_is_not_zero() {
        let series = Series { label: String::new(), points: vec![(t(0), 1.0)] };
        assert_eq!(series.sum(t(60), t(120)), None);
        assert_eq!(series.sum(t(0), t(60)), Some(1.0));
        assert_eq!(series.at(t(60)), None);
    }
}
