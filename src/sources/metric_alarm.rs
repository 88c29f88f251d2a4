//! Metric alarms as DescribeAlarms returns them: what they watch becomes a query that can be drawn.

use aws_sdk_cloudwatch::types::{Dimension, EvaluationCriteria, MetricDataQuery, StandardUnit, Statistic};

use super::alarms::common;
use super::errors::line;
use super::ids;
use super::times::from_aws;
use crate::store::alarm::{Alarm, AlarmKind, AlarmSetup, MetricAlarm};
use crate::store::series::{MetricQuery, MetricSource};

/// The period of an alarm that names none, in seconds.
const PERIOD: u32 = 60;
/// How deep expressions may stand in expressions.
const DEEPEST: usize = 10;

/// AWS's alarm as ours.
pub(super) fn alarm(alarm: &aws_sdk_cloudwatch::types::MetricAlarm) -> Alarm {
    let period = count(alarm.period());
    let band_id = alarm.threshold_metric_id();
    let query = if alarm.metrics().is_empty() { plain(alarm) } else { watched(alarm.metrics(), band_id, period) };
    let evaluation_periods = count(alarm.evaluation_periods()).unwrap_or(1);
    let kind = AlarmKind::Metric(Box::new(MetricAlarm {
        query,
        band: band_id.and_then(|id| by_id(alarm.metrics(), id, period, DEEPEST)),
        comparison: alarm.comparison_operator().map(|operator| line(operator.as_str())).unwrap_or_default(),
        threshold: if band_id.is_some() { None } else { alarm.threshold() },
        evaluation_periods,
        datapoints_to_alarm: count(alarm.datapoints_to_alarm()).unwrap_or(evaluation_periods),
        treat_missing: line(alarm.treat_missing_data().unwrap_or("missing")),
    }));
    let mut ours = common!(alarm, kind);
    ours.evaluation_state = alarm.evaluation_state().map(|state| line(state.as_str()));
    ours.setup.unit = unit(alarm).map(|unit| line(unit.as_str()));
    ours.setup.promql = match alarm.evaluation_criteria() {
        Some(EvaluationCriteria::PromQlCriteria(criteria)) => Some(line(criteria.query().unwrap_or_default())),
        Some(_) | None => None,
    };
    ours
}

/// The unit that an alarm names for the statistic that it watches; the result of an expression has none.
fn unit(alarm: &aws_sdk_cloudwatch::types::MetricAlarm) -> Option<&StandardUnit> {
    let band = alarm.threshold_metric_id();
    let returned = |query: &&MetricDataQuery| query.id() != band && query.return_data().unwrap_or(true);
    let watched = alarm.metrics().iter().find(returned).and_then(MetricDataQuery::metric_stat);
    alarm.unit().or_else(|| watched.and_then(|stat| stat.unit()))
}

/// AWS's signed count, `None` where it is absent or makes no sense.
pub(super) fn count(value: Option<i32>) -> Option<u32> {
    value.and_then(|value| u32::try_from(value).ok()).filter(|value| *value > 0)
}

/// The query of an alarm on one statistic of one metric.
fn plain(alarm: &aws_sdk_cloudwatch::types::MetricAlarm) -> MetricQuery {
    let stat = alarm.statistic().map(Statistic::as_str).or(alarm.extended_statistic()).unwrap_or("Average");
    MetricQuery {
        source: MetricSource::Stat {
            namespace: alarm.namespace().unwrap_or_default().to_owned(),
            name: alarm.metric_name().unwrap_or_default().to_owned(),
            dimensions: dimensions(alarm.dimensions()),
            stat: stat.to_owned(),
        },
        period_s: count(alarm.period()).unwrap_or(PERIOD),
        account: None,
        label: None,
    }
}

/// The query of the watched value among an alarm's metrics: the one that is returned and is not the band.
fn watched(metrics: &[MetricDataQuery], band_id: Option<&str>, period: Option<u32>) -> MetricQuery {
    let candidates = || metrics.iter().filter(|query| query.id() != band_id);
    let returned = candidates().find(|query| query.return_data().unwrap_or(true)).or_else(|| candidates().next());
    returned
        .and_then(|query| by_id(metrics, query.id().unwrap_or_default(), period, DEEPEST))
        .unwrap_or_else(|| MetricQuery::expression("", Vec::new(), period.unwrap_or(PERIOD)))
}

/// The query of an id with all inputs that its text names; `None` for an unknown id or a ring of expressions.
fn by_id(metrics: &[MetricDataQuery], id: &str, period: Option<u32>, depth: usize) -> Option<MetricQuery> {
    let query = metrics.iter().find(|query| query.id() == Some(id))?;
    let account = query.account_id().map(str::to_owned);
    if let Some(stat) = query.metric_stat() {
        let metric = stat.metric()?;
        let source = MetricSource::Stat {
            namespace: metric.namespace().unwrap_or_default().to_owned(),
            name: metric.metric_name().unwrap_or_default().to_owned(),
            dimensions: dimensions(metric.dimensions()),
            stat: stat.stat().unwrap_or("Average").to_owned(),
        };
        return Some(MetricQuery {
            source,
            period_s: count(stat.period()).or(period).unwrap_or(PERIOD),
            account,
            label: None,
        });
    }
    let text = query.expression()?;
    let depth = depth.checked_sub(1)?;
    let mut inputs = Vec::new();
    for input in ids::ids(text) {
        inputs.push((input.to_owned(), by_id(metrics, input, period, depth)?));
    }
    if text.contains("METRICS") {
        let named: Vec<String> = inputs.iter().map(|(id, _)| id.clone()).collect();
        let others = metrics.iter().filter(|query| query.metric_stat().is_some()).filter_map(|query| query.id());
        for other in others.filter(|id| !named.iter().any(|known| known == id)) {
            inputs.push((other.to_owned(), by_id(metrics, other, period, depth)?));
        }
    }
    let longest = inputs.iter().map(|(_, input)| input.period_s).max();
    let period_s = count(query.period()).or(longest).or(period).unwrap_or(PERIOD);
    Some(MetricQuery {
        source: MetricSource::Expression { text: text.to_owned(), inputs },
        period_s,
        account,
        label: None,
    })
}

/// Dimensions sorted by name.
fn dimensions(dimensions: &[Dimension]) -> Vec<(String, String)> {
    let mut pairs: Vec<(String, String)> = dimensions
        .iter()
        .map(|d| (d.name().unwrap_or_default().to_owned(), d.value().unwrap_or_default().to_owned()))
        .collect();
    pairs.sort();
    pairs
}

#[cfg(test)]
mod tests {
    use aws_sdk_cloudwatch::types::{ComparisonOperator, Metric, MetricAlarm as AwsAlarm, MetricStat, StateValue};

    use super::*;
    use crate::store::alarm::AlarmState;

    fn stat(id: &str, name: &str, returned: bool) -> MetricDataQuery {
        let metric = Metric::builder().namespace("TokenServices").metric_name(name).build();
        let stat = MetricStat::builder().metric(metric).stat("Sum").period(300).build();
        MetricDataQuery::builder().id(id).metric_stat(stat).return_data(returned).build()
    }

    fn expression(id: &str, text: &str, returned: bool) -> MetricDataQuery {
        MetricDataQuery::builder().id(id).expression(text).return_data(returned).build()
    }

    fn metric(alarm: &Alarm) -> &MetricAlarm {
        match &alarm.kind {
            AlarmKind::Metric(metric) => metric,
            other => panic!("{other:?} is no metric alarm"),
        }
    }

    #[test]
    fn an_expression_brings_its_inputs() {
        let aws = AwsAlarm::builder()
            .alarm_name("HighFailureRate")
            .state_value(StateValue::Alarm)
            .metrics(stat("s", "Success", false))
            .metrics(stat("f", "Failure", false))
            .metrics(expression("rate", "100*f/(s+f)", true))
            .comparison_operator(ComparisonOperator::GreaterThanThreshold)
            .threshold(5.0)
            .evaluation_periods(2)
            .build();
        let ours = alarm(&aws);
        let watched = metric(&ours);
        assert_eq!((ours.state, watched.threshold, watched.datapoints_to_alarm), (AlarmState::Alarm, Some(5.0), 2));
        assert_eq!(watched.query.period_s, 300);
        let MetricSource::Expression { text, inputs } = &watched.query.source else { panic!("{watched:?}") };
        let names: Vec<&str> = inputs.iter().map(|(id, _)| id.as_str()).collect();
        assert_eq!((text.as_str(), names), ("100*f/(s+f)", vec!["f", "s"]));
    }

    #[test]
    fn a_band_stands_in_for_the_threshold() {
        let aws = AwsAlarm::builder()
            .metrics(stat("m1", "Requests", true))
            .metrics(expression("band", "ANOMALY_DETECTION_BAND(m1, 2)", true))
            .threshold_metric_id("band")
            .threshold(0.0)
            .build();
        let ours = alarm(&aws);
        let watched = metric(&ours);
        assert_eq!(watched.threshold, None);
        assert!(matches!(&watched.query.source, MetricSource::Stat { name, .. } if name == "Requests"));
        let band = watched.band.as_ref().expect("a band");
        assert!(matches!(&band.source, MetricSource::Expression { inputs, .. } if inputs.len() == 1));
    }

    #[test]
    fn plain_alarms_and_rings_of_expressions() {
        let aws = AwsAlarm::builder()
            .namespace("AWS/Lambda")
            .metric_name("Duration")
            .extended_statistic("p95")
            .unit(StandardUnit::Milliseconds)
            .dimensions(Dimension::builder().name("B").value("2").build())
            .dimensions(Dimension::builder().name("A").value("1").build())
            .period(60)
            .build();
        let ours = alarm(&aws);
        let expected = MetricQuery::stat("AWS/Lambda", "Duration", &[("A", "1"), ("B", "2")], "p95", 60);
        assert_eq!(metric(&ours).query, expected);
        assert_eq!(ours.setup.unit.as_deref(), Some("Milliseconds"));
        let both = AwsAlarm::builder().statistic(Statistic::Sum).build();
        assert!(matches!(&metric(&alarm(&both)).query.source, MetricSource::Stat { stat, .. } if stat == "Sum"));
        let ring = [expression("a", "b*1", true), expression("b", "a*1", false)];
        assert_eq!(by_id(&ring, "a", None, DEEPEST), None);
    }
}
