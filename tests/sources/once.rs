//! A poller that answers once: what `snapshot` and the printing commands stand on.

use barograph::store::graph::{Entity, ServiceKey, TrendQuery};
use barograph::store::log::TailBatch;
use barograph::store::series::MetricResult;

use super::*;

fn results(updates: &[Update]) -> Vec<&MetricResult> {
    let batches = updates.iter().filter_map(|update| match update {
        Update::Metrics(batch) => Some(&batch.results),
        _ => None,
    });
    batches.flatten().collect()
}

fn tails(updates: &[Update]) -> Vec<&TailBatch> {
    let batches = updates.iter().filter_map(|update| match update {
        Update::Tail(batch) => Some(batch),
        _ => None,
    });
    batches.collect()
}

fn rate() -> MetricQuery {
    let inputs = vec![
        ("ok".to_owned(), stat("TokenProvisioningSuccess", 60)),
        ("bad".to_owned(), stat("TokenProvisioningFailure", 60)),
    ];
    MetricQuery::expression("100*bad/(ok+bad)", inputs, 60)
}

fn overview() -> [Subscription; 5] {
    [
        metric(stat("TokenProvisioningSuccess", 60)),
        metric(rate()),
        Subscription::Alarms,
        Subscription::Feed,
        Subscription::Services,
    ]
}

/// The world's own lines of the last `minutes`, as text.
fn lines(minutes: i64) -> Vec<(Time, String)> {
    let now = time(INCIDENT);
    let records = world(4.0).log_events(
        GROUP,
        now - chrono::TimeDelta::minutes(minutes),
        now + chrono::TimeDelta::milliseconds(1),
    );
    records.into_iter().map(|record| (record.time, record.message)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_is_answered_once_then_settled() {
    let mut rig = Rig::start(Setting::fixed(Mode::Once), overview()).await;
    let updates = rig.settled().await;

    let found = results(&updates);
    assert_eq!(found.len(), 2);
    let calls = rig.demo.counts.snapshot();
    assert_eq!((calls.of("GetMetricData"), calls.metrics), (1, 2), "one call, and each metric once");
    let successes = found.iter().find(|r| r.query == stat("TokenProvisioningSuccess", 60)).expect("an answer");
    assert_eq!((successes.from, successes.to), (time("2026-01-15T10:18:00Z"), time(INCIDENT)));
    let sum: f64 = successes.series[0].points.iter().map(|(_, value)| value).sum();
    let ended =
        lines(10).iter().filter(|(at, line)| *at < time(INCIDENT) && line.contains("TOKEN_PROVISION_SUCCESS")).count();
    assert_eq!(sum as usize, ended, "the metric counts what the lines say");
    let share = found.iter().find(|r| r.query == rate()).expect("an answer");
    assert_eq!(share.series[0].points.len(), 10);
    assert!(share.series[0].points.iter().all(|(_, value)| (1.0..40.0).contains(value)));

    let alarms = updates.iter().find_map(|update| match update {
        Update::Alarms { alarms, .. } => Some(alarms),
        _ => None,
    });
    let names: BTreeSet<&str> = alarms.expect("alarms").iter().map(|alarm| alarm.name.as_str()).collect();
    assert!(names.contains("HighFailureRate") && names.contains("TokenProvisioningUnhealthy"), "{names:?}");

    let graph = updates.iter().find_map(|update| match update {
        Update::Services { graph, .. } => Some(graph),
        _ => None,
    });
    assert!(graph.expect("a graph").services.iter().any(|service| service.key.name == "TSP"));

    let mut fed: Vec<(Time, String)> = tails(&updates)
        .iter()
        .flat_map(|batch| batch.events.iter().map(|event| (event.time, event.message.to_string())))
        .collect();
    fed.sort();
    let oldest = fed.first().expect("events").0;
    let mut expected: Vec<(Time, String)> = lines(10).into_iter().filter(|(at, _)| *at >= oldest).collect();
    expected.sort();
    assert!(fed.len() >= 1_200, "{} events", fed.len());
    assert_eq!(fed, expected, "every line up to now, each once");
    rig.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_runs_say_the_same() {
    let mut runs = Vec::new();
    for _ in 0..2 {
        let mut rig = Rig::start(Setting::fixed(Mode::Once), [Subscription::Feed, metric(rate())]).await;
        let updates = rig.settled().await;
        let batches: Vec<TailBatch> = tails(&updates).into_iter().cloned().collect();
        let figures: Vec<MetricResult> = results(&updates).into_iter().cloned().collect();
        runs.push((batches, figures));
        rig.stop().await;
    }
    assert_eq!(runs[0], runs[1]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_opened_later_settles_again() {
    let mut rig = Rig::start(Setting::fixed(Mode::Once), [Subscription::Alarms]).await;
    rig.settled().await;
    let (_, line) = lines(2).into_iter().find(|(_, line)| line.contains("TOKEN_PROVISION_SUCCESS")).expect("a line");
    let line: serde_json::Value = serde_json::from_str(&line).expect("JSON");
    let field = |name: &str| line[name].as_str().expect(name).to_owned();
    let tsp = ServiceKey { kind: String::new(), name: "TSP".to_owned() };
    rig.want([
        Subscription::Alarms,
        Subscription::AlarmHistory("HighFailureRate".to_owned()),
        Subscription::Lines(field("correlationId")),
        Subscription::Trace(field("traceId")),
        Subscription::Trace("1-00000000-000000000000000000000000".to_owned()),
        Subscription::ServiceTrend(TrendQuery::over(Entity::Service(tsp), 600)),
    ]);
    let (mut found, mut absent) = (0, 0);
    for update in rig.settled().await {
        match update {
            Update::AlarmHistory { events, .. } => {
                found += 1;
                assert!(events.iter().any(|event| event.change.is_some()), "{events:?}");
                assert!(events.is_sorted_by(|a, b| a.at >= b.at), "newest first");
            }
            Update::Lines { lines, .. } if lines.complete => {
                found += 1;
                assert!(lines.lines.iter().all(|(_, event)| event.message.contains(&field("correlationId"))));
                assert!(lines.lines.len() >= 2 && lines.lines.is_sorted_by(|(_, a), (_, b)| a.time <= b.time));
            }
            Update::Trace { trace: Some(trace), id, .. } => {
                found += 1;
                assert_eq!(id, field("traceId"));
                assert!(!trace.spans.is_empty() && trace.problems.is_empty(), "{trace:?}");
            }
            Update::Trace { trace: None, .. } => absent += 1,
            Update::ServiceTrend { trend, .. } => {
                let points = trend.points;
                found += 1;
                assert_eq!(points.len(), 10);
                assert!(points.iter().any(|point| point.statistics.fault > 0), "the TSP times out");
            }
            _ => {}
        }
    }
    assert_eq!((found, absent), (4, 1));
    assert_eq!(rig.demo.counts.snapshot().of("DescribeAlarms"), 1, "what is known is not asked again");

    rig.want([]);
    rig.settled().await;
    rig.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn trouble_settles_too_and_says_so() {
    let mut setting = Setting::fixed(Mode::Once);
    setting.options.faults = "deny:DescribeAlarms,500:GetServiceGraph".parse().expect("faults");
    let mut rig = Rig::start(setting, overview()).await;
    let messages = rig.until(|message| matches!(message, Msg::Feed(Update::Settled { .. }))).await;
    let failures = |id: SourceId| {
        let of = messages.iter().filter_map(move |message| match message {
            Msg::Failed(source, error) if *source == id => Some(error),
            _ => None,
        });
        of.collect::<Vec<_>>()
    };
    let denied = failures(SourceId::Alarms);
    assert_eq!(denied.len(), 1, "a denied call is not repeated");
    assert_eq!(denied[0].brief(), "denied: cloudwatch:DescribeAlarms");
    let failed = failures(SourceId::Services);
    assert_eq!(failed.len(), 3, "what may pass is tried a few times");
    assert!(failed[0].retry_in.is_some() && failed[2].retry_in.is_none());
    rig.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_bad_expression_says_what_is_wrong_and_the_rest_lives() {
    let bad =
        MetricQuery::expression("NOSUCHFUNCTION(m)", vec![("m".to_owned(), stat("TokenProvisioningFailure", 60))], 60);
    let names = ["TokenProvisioningSuccess", "TokenProvisioningFailure", "TokenProvisioningRequests"];
    let wanted = names.map(|name| metric(stat(name, 60))).into_iter().chain([metric(bad.clone()), metric(rate())]);
    let mut rig = Rig::start(Setting::fixed(Mode::Once), wanted).await;
    let updates = rig.settled().await;
    for result in results(&updates) {
        if result.query == bad {
            assert!(result.message.is_some() && result.series.is_empty(), "{result:?}");
        } else {
            assert_eq!((result.message.as_ref(), result.series[0].points.len()), (None, 10), "{result:?}");
        }
    }
    assert_eq!(results(&updates).len(), 5);
    rig.stop().await;
}
