//! DescribeAlarms and DescribeAlarmsForMetric.

use crate::analysis::alarm::Rule;
use crate::demo::Estate;
use crate::demo::cloudwatch::list_metrics::{dimensions, metric};
use crate::demo::cloudwatch::query::{Query, Stat, What, invalid, metric_name};
use crate::demo::cloudwatch::statistic::Statistic;
use crate::demo::wire::{ApiError, Wire, token};
use crate::store::alarm::AlarmState;

use super::definition::{Definition, Limit, LogWatch, MetricWatch, Watch, created, topic};
use super::reason;
use super::timeline::{Timeline, Transition};

/// How many alarms a page holds unless told otherwise, and at most.
const PAGE: (i64, i64) = (50, 100);
/// AWS's code for a bad paging token.
pub(super) const BAD_TOKEN: &str = "InvalidNextToken";

/// Answers DescribeAlarms: metric alarms, and composite ones where `AlarmTypes` asks for them.
pub(crate) fn describe_alarms(estate: &Estate, input: &Wire) -> Result<Wire, ApiError> {
    let timeline = Timeline::new(estate, estate.now());
    let relatives = match (input.text("ChildrenOfAlarmName"), input.text("ParentsOfAlarmName")) {
        (None, None) => None,
        (Some(parent), None) => Some((Kin::Children, parent)),
        (None, Some(child)) => Some((Kin::Parents, child)),
        (Some(_), Some(_)) => return Err(invalid("ChildrenOfAlarmName and ParentsOfAlarmName can't be combined.")),
    };
    let wanted = match relatives {
        Some((kin, name)) => {
            alone(input)?;
            relatives_of(&timeline, kin, name)?
        }
        None => filtered(&timeline, input)?,
    };
    let transitions = timeline.present()?;
    let state = input.text("StateValue").map(state).transpose()?;
    let kept: Vec<usize> =
        wanted.into_iter().filter(|i| state.is_none_or(|state| transitions[*i].to == state)).collect();
    let print = token::fingerprint("DescribeAlarms", input, &["NextToken", "MaxRecords"]);
    let (page, next) = token::page(kept, max_records(input)?, print, input.text("NextToken"), BAD_TOKEN)?;
    let describe = |&i: &usize| {
        let (alarm, transition) = (&timeline.alarms[i], &transitions[i]);
        match relatives {
            Some((kin, _)) => brief(kin, alarm, transition),
            None => full(&timeline, alarm, transition),
        }
    };
    let of_kind = |kind: &str| page.iter().filter(|i| timeline.alarms[**i].kind() == kind).map(describe).collect();
    Ok(Wire::map([
        ("MetricAlarms", Wire::List(of_kind("MetricAlarm"))),
        ("CompositeAlarms", Wire::List(of_kind("CompositeAlarm"))),
        ("LogAlarms", Wire::List(of_kind("LogAlarm"))),
        ("NextToken", next.into()),
    ]))
}

/// Answers DescribeAlarmsForMetric: alarms on one statistic of the metric; metric-math alarms are not among them.
pub(crate) fn describe_alarms_for_metric(estate: &Estate, input: &Wire) -> Result<Wire, ApiError> {
    let wanted = metric_name(input, "Metric")?;
    let timeline = Timeline::new(estate, estate.now());
    let transitions = timeline.present()?;
    let statistic = input.text("Statistic").or(input.text("ExtendedStatistic"));
    let matches = |alarm: &Definition| {
        let Watch::Metric(watch) = &alarm.watch else { return false };
        plain(watch).is_some_and(|stat| {
            stat.metric == wanted
                && statistic.is_none_or(|name| name == stat.name)
                && input.i64("Period").is_none_or(|period| period == i64::from(stat.period_s))
        })
    };
    let found = timeline.alarms.iter().zip(&transitions).filter(|(alarm, _)| matches(alarm));
    let alarms = found.map(|(alarm, transition)| full(&timeline, alarm, transition)).collect();
    Ok(Wire::map([("MetricAlarms", Wire::List(alarms))]))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kin {
    Children,
    Parents,
}

/// Relatives are asked for alone, but for paging.
fn alone(input: &Wire) -> Result<(), ApiError> {
    let others = ["AlarmNames", "AlarmNamePrefix", "AlarmTypes", "StateValue", "ActionPrefix"];
    match others.iter().find(|name| input.get(name).is_some_and(|value| *value != Wire::List(Vec::new()))) {
        None => Ok(()),
        Some(name) => Err(invalid(format!("{name} can't be combined with ChildrenOfAlarmName or ParentsOfAlarmName."))),
    }
}

fn relatives_of(timeline: &Timeline<'_>, kin: Kin, name: &str) -> Result<Vec<usize>, ApiError> {
    let alarms = &timeline.alarms;
    let Some(itself) = alarms.iter().find(|alarm| alarm.name == name || alarm.arn() == name) else {
        return Err(ApiError::bad("ResourceNotFound", format!("Alarm {name} does not exist.")));
    };
    let children = |alarm: &Definition| match alarm.watch {
        Watch::Composite(rule) => Rule::parse(rule)
            .map(|rule| rule.children().into_iter().map(str::to_owned).collect::<Vec<_>>())
            .unwrap_or_default(),
        Watch::Metric(_) | Watch::Logs(_) => Vec::new(),
    };
    let names_of_children = children(itself);
    let related = |alarm: &Definition| match kin {
        Kin::Children => names_of_children.iter().any(|child| child == alarm.name),
        Kin::Parents => children(alarm).iter().any(|child| child == itself.name),
    };
    Ok((0..alarms.len()).filter(|i| related(&alarms[*i])).collect())
}

fn filtered(timeline: &Timeline<'_>, input: &Wire) -> Result<Vec<usize>, ApiError> {
    let names = input.texts("AlarmNames");
    let prefix = input.text("AlarmNamePrefix");
    if !names.is_empty() && prefix.is_some() {
        return Err(invalid("AlarmNames and AlarmNamePrefix can't be combined."));
    }
    if names.len() > 100 {
        return Err(invalid("The collection AlarmNames must not have a size greater than 100."));
    }
    let types = alarm_types(input)?;
    let topic = topic();
    let action = input.text("ActionPrefix").is_none_or(|prefix| topic.starts_with(prefix));
    let shown = |alarm: &Definition| {
        action
            && types.contains(&alarm.kind())
            && (names.is_empty() || names.contains(&alarm.name))
            && prefix.is_none_or(|prefix| alarm.name.starts_with(prefix))
    };
    Ok((0..timeline.alarms.len()).filter(|i| shown(&timeline.alarms[*i])).collect())
}

/// The types asked for; only metric alarms where none is.
pub(super) fn alarm_types(input: &Wire) -> Result<Vec<&str>, ApiError> {
    let types = input.texts("AlarmTypes");
    match types.iter().find(|kind| !["MetricAlarm", "CompositeAlarm", "LogAlarm"].contains(*kind)) {
        Some(unknown) => Err(invalid(format!("The value {unknown} for parameter AlarmTypes is not supported."))),
        None if types.is_empty() => Ok(vec!["MetricAlarm"]),
        None => Ok(types),
    }
}

fn state(word: &str) -> Result<AlarmState, ApiError> {
    AlarmState::parse(word)
        .ok_or_else(|| invalid(format!("The value {word} for parameter StateValue is not supported.")))
}

/// How many records a page holds.
pub(super) fn max_records(input: &Wire) -> Result<usize, ApiError> {
    let records = input.i64("MaxRecords").unwrap_or(PAGE.0);
    if !(1..=PAGE.1).contains(&records) {
        return Err(invalid("The parameter MaxRecords must be between 1 and 100."));
    }
    Ok(records as usize)
}

/// What AWS tells of a relative: little.
fn brief(kin: Kin, alarm: &Definition, transition: &Transition) -> Wire {
    let of_child = |value: Wire| if kin == Kin::Children { value } else { Wire::Null };
    Wire::map([
        ("AlarmName", alarm.name.into()),
        ("AlarmArn", alarm.arn().into()),
        ("StateValue", of_child(transition.to.name().into())),
        ("StateUpdatedTimestamp", of_child(transition.at.into())),
    ])
}

fn full(timeline: &Timeline<'_>, alarm: &Definition, transition: &Transition) -> Wire {
    let topics = || Wire::list([topic()]);
    let common = [
        ("AlarmName", alarm.name.into()),
        ("AlarmArn", alarm.arn().into()),
        ("AlarmDescription", alarm.description.into()),
        ("AlarmConfigurationUpdatedTimestamp", created(timeline.now).into()),
        ("ActionsEnabled", alarm.actions_enabled.into()),
        ("OKActions", topics()),
        ("AlarmActions", topics()),
        ("InsufficientDataActions", Wire::List(Vec::new())),
        ("StateValue", transition.to.name().into()),
        ("StateReason", reason::sentence(alarm, transition).into()),
        ("StateReasonData", reason::data(alarm, transition).map(|data| data.to_string()).into()),
        ("StateUpdatedTimestamp", transition.at.into()),
        ("StateTransitionedTimestamp", transition.at.into()),
    ];
    let own = match &alarm.watch {
        Watch::Composite(rule) => of_composite(rule, alarm),
        Watch::Metric(watch) => of_metric(watch),
        Watch::Logs(watch) => of_logs(watch, alarm.name),
    };
    Wire::map(common.into_iter().chain(own))
}

/// No suppressor of the estate is ever in `ALARM`, so no composite says by whom it is suppressed.
fn of_composite(rule: &str, alarm: &Definition) -> Vec<(&'static str, Wire)> {
    let mut members = vec![("AlarmRule", Wire::from(rule))];
    if let Some(suppressor) = alarm.suppressor {
        members.extend([
            ("ActionsSuppressor", suppressor.name.into()),
            ("ActionsSuppressorWaitPeriod", Wire::Int(suppressor.wait_s)),
            ("ActionsSuppressorExtensionPeriod", Wire::Int(suppressor.extension_s)),
        ]);
    }
    members
}

fn of_logs(watch: &LogWatch, name: &str) -> Vec<(&'static str, Wire)> {
    let arn = |service: &str, rest: String| {
        let region = if service == "iam" { "" } else { Estate::REGION };
        format!("arn:aws:{service}:{region}:{}:{rest}", Estate::ACCOUNT)
    };
    let schedule = Wire::map([
        ("ScheduleExpression", format!("rate({} minutes)", watch.every_s / 60).into()),
        ("StartTimeOffset", Wire::Int(i64::from(watch.every_s))),
        ("EndTimeOffset", Wire::Int(0)),
    ]);
    let query = Wire::map([
        ("QueryString", watch.query.into()),
        ("LogGroupIdentifiers", Wire::list([watch.group])),
        ("QueryARN", arn("logs", format!("scheduled-query:{name}")).into()),
        ("ScheduledQueryRoleARN", arn("iam", "role/log-alarms".to_owned()).into()),
        ("ScheduleConfiguration", schedule),
        ("AggregationExpression", watch.aggregation.into()),
    ]);
    vec![
        ("ScheduledQueryConfiguration", query),
        ("QueryResultsToEvaluate", Wire::Int(i64::from(watch.rule.evaluation_periods))),
        ("QueryResultsToAlarm", Wire::Int(i64::from(watch.rule.datapoints_to_alarm))),
        ("Threshold", watch.threshold.into()),
        ("ComparisonOperator", watch.comparison.name().into()),
        ("TreatMissingData", watch.rule.missing.name().into()),
    ]
}

fn of_metric(watch: &MetricWatch) -> Vec<(&'static str, Wire)> {
    let rule = watch.rule;
    let mut members = vec![
        ("EvaluationPeriods", Wire::Int(i64::from(rule.evaluation_periods))),
        ("DatapointsToAlarm", Wire::Int(i64::from(rule.datapoints_to_alarm))),
        ("ComparisonOperator", watch.comparison.name().into()),
        ("TreatMissingData", rule.missing.name().into()),
    ];
    match watch.limit {
        Limit::Threshold(threshold) => members.push(("Threshold", threshold.into())),
        Limit::Band(id) => members.push(("ThresholdMetricId", id.into())),
    }
    match plain(watch) {
        Some(stat) => {
            let basic = !matches!(stat.value, Statistic::Percentile(_) | Statistic::Trimmed(..) | Statistic::Rank(..));
            members.extend([
                ("Namespace", stat.metric.namespace.as_str().into()),
                ("MetricName", stat.metric.name.as_str().into()),
                ("Dimensions", dimensions(&stat.metric)),
                ("Period", Wire::Int(i64::from(stat.period_s))),
                (if basic { "Statistic" } else { "ExtendedStatistic" }, stat.name.as_str().into()),
                ("Unit", stat.metric.name.ends_with("Latency").then_some("Seconds").into()),
            ]);
        }
        None => members.push(("Metrics", Wire::List(watch.queries.iter().map(query).collect()))),
    }
    members
}

/// The statistic of an alarm that watches one metric.
fn plain(watch: &MetricWatch) -> Option<&Stat> {
    match &watch.queries[..] {
        [Query { what: What::Stat(stat), .. }] => Some(stat),
        _ => None,
    }
}

fn query(query: &Query) -> Wire {
    let (expression, stat) = match &query.what {
        What::Expression(expr, _) => (Wire::from(expr.to_string()), Wire::Null),
        What::Insights(sql, _) => (Wire::from(sql.to_string()), Wire::Null),
        What::Stat(stat) => (
            Wire::Null,
            Wire::map([
                ("Metric", metric(&stat.metric)),
                ("Period", Wire::Int(i64::from(stat.period_s))),
                ("Stat", stat.name.as_str().into()),
            ]),
        ),
    };
    let period = match &query.what {
        What::Insights(_, period_s) => Wire::Int(i64::from(*period_s)),
        What::Expression(..) | What::Stat(_) => Wire::Null,
    };
    Wire::map([
        ("Id", query.id.as_str().into()),
        ("MetricStat", stat),
        ("Period", period),
        ("Expression", expression),
        ("Label", query.label.as_deref().into()),
        ("ReturnData", query.returned.into()),
    ])
}
