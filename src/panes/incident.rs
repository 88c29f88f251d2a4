//! The scripted incident at 10:28, small and made by hand: metrics, cards, a chart and alarms for the tests of panes.

use std::time::Duration;

use chrono::TimeDelta;

use super::testing::World;
use crate::analysis::math::Expr;
use crate::app::msg::Update;
use crate::board::{Card, ChangeUnit, Chart, ChartSeries, Over, Severity, Threshold, Unit};
use crate::clock::{Time, floor};
use crate::store::alarm::{Alarm, AlarmEvent, AlarmKind, AlarmSetup, AlarmState, MetricAlarm};
use crate::store::health::ErrorKind;
use crate::store::series::{MetricBatch, MetricQuery, MetricResult, Series};
use crate::widgets::axis::Scaling;
use crate::widgets::chart::{Kind, Side};
use crate::widgets::theme::Role;

const METRICS: [(&str, &str, &str); 7] = [
    ("requests", "TokenProvisioningRequests", "Sum"),
    ("success", "TokenProvisioningSuccess", "Sum"),
    ("failure", "TokenProvisioningFailure", "Sum"),
    ("latency_sum", "TokenProvisioningLatency", "Sum"),
    ("p99", "TokenProvisioningLatency", "p99"),
    ("pending", "PendingRequests", "Maximum"),
    ("active", "ActiveTokenCount", "Maximum"),
];

/// The reference board's shape, and no answer yet.
pub(crate) fn waiting() -> World {
    let mut world = World::empty();
    let metrics = METRICS.map(|(id, name, stat)| (id.to_owned(), query(name, stat, 60)));
    world.board.metrics = metrics.into_iter().collect();
    world.board.cards = cards();
    let series = |id: &str, metric: &str, role, adds_up| ChartSeries {
        id: id.into(),
        label: id.into(),
        metric: metric.into(),
        role,
        adds_up,
        side: Side::Left,
    };
    world.board.charts = vec![Chart {
        id: "trend".into(),
        title: "Provisioning trend".into(),
        kind: Kind::Lines,
        right_unit: Unit::Count,
        scaling: Scaling::Linear,
        thresholds: Vec::new(),
        unit: Unit::Count,
        series: vec![
            series("success", "success", Role::Good, true),
            series("failed", "failure", Role::Critical, true),
            series("pending", "pending", Role::Pending, false),
        ],
    }];
    world
}

/// The board with six hours of datapoints, six alarms firing and a history.
pub(crate) fn live() -> World {
    let mut world = waiting();
    let (at, end) = (world.now, floor(world.now, 60));
    let minutes = || (-360..=0).map(|minute| (minute, end + TimeDelta::minutes(minute)));
    let mut results: Vec<MetricResult> = METRICS
        .iter()
        .map(|(id, name, stat)| {
            let points = minutes().map(|(minute, t)| (t, value(id, minute))).collect();
            result(query(name, stat, 60), end, points)
        })
        .collect();
    for alarm in alarms(at) {
        let AlarmKind::Metric(metric) = alarm.kind else { continue };
        let period = i64::from(metric.query.period_s);
        let aligned = |t: &Time| t.timestamp() % period == 0;
        let rate = |minute| 100.0 * value("failure", minute) / value("requests", minute);
        let points = || minutes().filter(|(_, t)| aligned(t));
        if !results.iter().any(|known| known.query == metric.query) {
            // The newest datapoint is what the alarm says; one without a value has no data.
            let scale = alarm.value.map(|value| value / 14.6);
            let points = points().filter_map(|(minute, t)| Some((t, rate(minute) * scale?)));
            results.push(result(metric.query, end, points.collect()));
        }
        if let Some(band) = metric.band {
            let mut bounds = result(band, end, points().map(|(_, t)| (t, 2250.0)).collect());
            bounds.series.push(Series { label: "high".into(), points: points().map(|(_, t)| (t, 2550.0)).collect() });
            bounds.series[0].label = "low".into();
            results.push(bounds);
        }
    }
    world.store.fold(&world.board, Update::Metrics(MetricBatch { at, results }));
    world.store.fold(&world.board, Update::Alarms { at, alarms: alarms(at) });
    for alarm in ["HighFailureRate", "TokenProvisioningUnhealthy"] {
        let update = Update::AlarmHistory { at, alarm: alarm.into(), events: history(at) };
        world.store.fold(&world.board, update);
    }
    world
}

/// [`live`], then every call is throttled for 40 seconds.
pub(crate) fn stale() -> World {
    let mut world = live();
    world.now += TimeDelta::seconds(40);
    world.fail_all(ErrorKind::Throttled);
    world
}

/// Every call is denied.
pub(crate) fn failed() -> World {
    let mut world = waiting();
    world.fail_all(ErrorKind::Denied);
    world
}

pub(crate) fn all() -> [World; 4] {
    [waiting(), live(), stale(), failed()]
}

fn query(name: &str, stat: &str, period_s: u32) -> MetricQuery {
    MetricQuery::stat("TokenServices", name, &[], stat, period_s)
}

fn result(query: MetricQuery, end: Time, points: Vec<(Time, f64)>) -> MetricResult {
    let series = vec![Series { label: String::new(), points }];
    MetricResult { query, from: end - TimeDelta::hours(6), to: end + TimeDelta::minutes(1), series, message: None }
}

/// A metric's value in a minute counted from 10:28.
fn value(id: &str, minute: i64) -> f64 {
    let day = 2400.0 + 120.0 * (minute as f64 / 40.0).sin() + (minute * 7919 % 53) as f64;
    let running = if minute == 0 { 0.12 } else { 1.0 };
    let rate = if minute >= -18 { 0.146 } else { 0.018 };
    match id {
        "requests" => (day * running).round(),
        "failure" => (day * running * rate).round(),
        "success" => (day * running).round() - (day * running * rate).round(),
        "latency_sum" => (day * running * if minute >= -18 { 4.12 } else { 0.9 }).round(),
        "p99" => 3.1 + if minute >= -18 { 21.2 } else { 0.0 },
        "pending" => 40.0 + if minute >= -18 { 600.0 } else { 0.0 },
        _ => 2_630_000.0 + minute as f64 * 2380.0,
    }
}

fn cards() -> Vec<Card> {
    let last = Over::Last(Duration::from_mins(5));
    let bound = |above, value| vec![Threshold { severity: Severity::Critical, above, value }];
    let card = |id: &str, title: &str, formula: &str, over, unit, change, thresholds| Card {
        id: id.into(),
        title: title.into(),
        value: Expr::parse(formula).expect("a formula"),
        over,
        unit,
        change,
        below: (id == "average_time").then(|| ("p99".to_owned(), "p99".to_owned())),
        thresholds,
    };
    let (percent, points) = (ChangeUnit::Percent, ChangeUnit::Points);
    let success = "100 * success / (success + failure)";
    let failure = "100 * failure / (success + failure)";
    let average = "latency_sum / requests";
    vec![
        card("requests", "Total requests", "requests", Over::Window, Unit::Count, percent, Vec::new()),
        card("success_rate", "Success rate", success, last, Unit::Percent, points, bound(false, 95.0)),
        card("average_time", "Average time", average, last, Unit::Seconds, percent, bound(true, 3.0)),
        card("failure_rate", "Failure rate", failure, last, Unit::Percent, points, bound(true, 5.0)),
        card("active_tokens", "Active tokens", "active", Over::Newest, Unit::Count, percent, Vec::new()),
    ]
}

fn alarms(now: Time) -> Vec<Alarm> {
    use AlarmState::{Alarm as Firing, InsufficientData, Ok};
    let inputs = vec![
        ("f".to_owned(), query("TokenProvisioningFailure", "Sum", 300)),
        ("s".to_owned(), query("TokenProvisioningSuccess", "Sum", 300)),
    ];
    let rate = MetricQuery::expression("100*f/(s+f)", inputs, 300);
    let requests = query("TokenProvisioningRequests", "Sum", 60);
    let band = |text: &str| {
        Some(MetricQuery::expression(text, vec![("m1".into(), query("TokenProvisioningRequests", "Sum", 60))], 60))
    };
    let latency = query("TokenProvisioningLatency", "Average", 300);
    let logs = query("FailedTokenProvisioning", "Sum", 300);
    let above = "GreaterThanThreshold";
    let outside = "LessThanLowerOrGreaterThanUpperThreshold";
    let declined = MetricQuery::expression("100*s/(s+f)", Vec::new(), 60);
    let mut alarms = vec![
        metric("HighFailureRate", Firing, 8, Some(14.6), rate, None, (above, Some(5.0)), now),
        metric("HighLatency", Firing, 3, Some(4.12), latency, None, (above, Some(3.0)), now),
        metric("FailedProvisioningCount", Firing, 8, Some(1752.0), logs.clone(), None, (above, Some(600.0)), now),
        metric(
            "RequestSpike",
            Firing,
            14,
            Some(2934.0),
            requests,
            band("ANOMALY_DETECTION_BAND(m1, 2)"),
            (outside, None),
            now,
        ),
        metric(
            "SuccessRateDecline",
            Firing,
            15,
            Some(85.4),
            declined,
            band("B(e1, 2)"),
            ("LessThanLowerThreshold", None),
            now,
        ),
        metric("DeadLetters", InsufficientData, 90, None, query("Dead", "Maximum", 60), None, (above, Some(0.0)), now),
    ];
    for i in 0..12 {
        let name = format!("Payments-{i:02}-ConsumerLag");
        let lag = query(&format!("Lag{i}"), "Maximum", 60);
        alarms.push(metric(&name, Ok, 4000, Some(120.0), lag, None, (above, Some(5000.0)), now));
    }
    alarms.push(Alarm {
        kind: AlarmKind::Composite {
            rule: "ALARM(HighFailureRate) OR ALARM(HighLatency)".into(),
            children: vec!["HighFailureRate".into(), "HighLatency".into()],
        },
        reason: "arn:aws:cloudwatch:us-east-1:123456789012:alarm:HighFailureRate transitioned to ALARM".into(),
        value: None,
        ..metric("TokenProvisioningUnhealthy", Firing, 8, None, logs, None, (above, None), now)
    });
    alarms
}

#[expect(clippy::too_many_arguments, reason = "a row of the table above")]
fn metric(
    name: &str,
    state: AlarmState,
    minutes: i64,
    value: Option<f64>,
    query: MetricQuery,
    band: Option<MetricQuery>,
    (comparison, threshold): (&str, Option<f64>),
    now: Time,
) -> Alarm {
    let reason = match state {
        AlarmState::Alarm => "Threshold Crossed: 2 out of the last 2 datapoints were greater than the threshold.",
        AlarmState::InsufficientData => "Insufficient Data: 3 datapoints were unknown.",
        AlarmState::Ok => "Threshold Crossed: 1 datapoint was not greater than the threshold.",
    };
    Alarm {
        name: name.into(),
        description: "Pages the token team. Runbook: token-01.".into(),
        kind: AlarmKind::Metric(Box::new(MetricAlarm {
            query,
            band,
            comparison: comparison.into(),
            threshold,
            evaluation_periods: 2,
            datapoints_to_alarm: 2,
            treat_missing: "missing".into(),
        })),
        state,
        since: Some(floor(now, 60) - TimeDelta::minutes(minutes)),
        reason: reason.into(),
        value,
        actions_enabled: true,
        actions: vec!["arn:aws:sns:us-east-1:123456789012:token-alerts".into()],
        evaluation_state: None,
        setup: AlarmSetup::default(),
    }
}

fn history(now: Time) -> Vec<AlarmEvent> {
    use AlarmState::{Alarm as Firing, Ok};
    let event = |minutes, kind: &str, summary: &str, change| AlarmEvent {
        at: floor(now, 60) - TimeDelta::minutes(minutes),
        kind: kind.into(),
        summary: summary.into(),
        change,
    };
    let action = "Successfully executed action arn:aws:sns:us-east-1:123456789012:token-alerts";
    vec![
        event(8, "Action", action, None),
        event(8, "StateUpdate", "Alarm updated from OK to ALARM", Some((Ok, Firing))),
        event(100, "StateUpdate", "Alarm updated from ALARM to OK", Some((Firing, Ok))),
        event(110, "StateUpdate", "Alarm updated from OK to ALARM", Some((Ok, Firing))),
        event(9000, "ConfigurationUpdate", "Alarm \"HighFailureRate\" created", None),
    ]
}
