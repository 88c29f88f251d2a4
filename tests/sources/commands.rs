//! `baro alarms` and `baro tail` as functions.

use barograph::commands::status::Status;
use barograph::commands::{alarms, probe, sheet, tail};
use barograph::config::{self, Choice, Environment, Loaded};
use barograph::store::alarm::AlarmState;
use barograph::store::health::ErrorKind;
use serde_json::Value;

use super::*;

/// The configuration of a machine that has none.
fn configured() -> Loaded {
    config::load(&Choice::default(), &Environment::default())
}

#[tokio::test(flavor = "multi_thread")]
async fn tags_are_asked_for_only_where_a_filter_needs_them() {
    let (demo, client) = connected(&Setting { rate: 4.0, ..Setting::fixed(Mode::Once) }).await;
    let listed = async |filter: &str| {
        let options =
            alarms::Options { filter: filter.to_owned(), output: sheet::Output::Csv, ..alarms::Options::default() };
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let status =
            Box::pin(alarms::run(&client, &configured(), &options, &mut out, &mut err)).await.expect("written");
        let names = String::from_utf8(out).expect("UTF-8");
        let names: Vec<String> =
            names.lines().skip(1).map(|line| line.split(',').next().unwrap_or_default().to_owned()).collect();
        (status, names, String::from_utf8(err).expect("UTF-8"))
    };
    let tagged = || demo.counts.snapshot().of("ListTagsForResource");
    let (_, names, _) = listed("kind:metric high").await;
    assert_eq!((names, tagged()), (vec!["HighFailureRate".to_owned(), "HighLatency".to_owned()], 0));
    let (status, names, err) = listed("tag:team=payments -kind:log").await;
    assert_eq!(
        (status, names, err.as_str()),
        (Status::Done, vec!["RefundFailures".into(), "MaintenanceWindow".into()], "")
    );
    assert_eq!(tagged(), 12, "one call an alarm");
    let (status, _, err) = listed("age<1x").await;
    assert_eq!(status, Status::Misused);
    assert!(err.contains("--filter: `age<1x`: write an age like"), "{err}");
    demo.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn alarms_that_fire_are_listed_and_decide_the_exit_status() {
    let (demo, client) = connected(&Setting { rate: 40.0, ..Setting::fixed(Mode::Once) }).await;
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let options = alarms::Options {
        state: Some(AlarmState::Alarm),
        output: sheet::Output::Json,
        exit_code: true,
        ..alarms::Options::default()
    };
    let status = alarms::run(&client, &configured(), &options, &mut out, &mut err).await.expect("written");
    assert!(err.is_empty(), "{}", String::from_utf8_lossy(&err));
    let document: Value = serde_json::from_slice(&out).expect("JSON");
    assert_eq!((status, &document["schema"]), (Status::Found, &Value::from("barograph/v1")));
    let names: BTreeSet<&str> =
        document["alarms"].as_array().expect("alarms").iter().filter_map(|alarm| alarm["name"].as_str()).collect();
    let firing = [
        "FailedProvisioningCount",
        "HighFailureRate",
        "HighLatency",
        "RequestSpike",
        "SuccessRateDecline",
        "TokenProvisioningUnhealthy",
    ];
    assert_eq!(names, firing.into());
    demo.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn refused_alarms_are_exit_status_three() {
    let mut setting = Setting::fixed(Mode::Once);
    setting.options.faults = "deny:DescribeAlarms".parse().expect("faults");
    let (demo, client) = connected(&setting).await;
    let mut err = Vec::new();
    let status = alarms::run(&client, &configured(), &alarms::Options::default(), &mut Vec::new(), &mut err)
        .await
        .expect("written");
    assert_eq!(status, Status::Refused);
    let err = String::from_utf8_lossy(&err);
    assert!(err.contains("cloudwatch:DescribeAlarms: denied: "), "{err}");
    demo.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn tail_prints_the_past_in_order_and_ends_where_time_stands_still() {
    let (demo, client) = connected(&Setting::fixed(Mode::Once)).await;
    let options = tail::Options {
        log_groups: vec![GROUP.to_owned()],
        filter: Some("{ $.event = \"TOKEN_PROVISION_FAILURE\" }".to_owned()),
        since: Duration::from_mins(2),
        output: tail::Output::Ndjson,
    };
    let mut out = Vec::new();
    let status =
        tail::run(&client, &options, &CancellationToken::new(), &mut out, &mut Vec::new()).await.expect("written");
    assert_eq!(status, Status::Done);
    let lines: Vec<Value> =
        String::from_utf8(out).expect("UTF-8").lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let now = time(INCIDENT);
    let failures = world(4.0)
        .log_events(GROUP, now - chrono::TimeDelta::minutes(2), now + chrono::TimeDelta::milliseconds(1))
        .into_iter()
        .filter(|record| record.message.contains("TOKEN_PROVISION_FAILURE"))
        .count();
    assert!(failures > 10 && lines.len() == failures, "{failures} failures, {} lines", lines.len());
    assert!(lines.is_sorted_by_key(|line| line["time"].as_str().expect("a time").to_owned()));
    demo.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn tail_ends_where_the_group_does_not_exist() {
    let setting = Setting { clock: Clock::running(time(INCIDENT), 1.0), ..Setting::fixed(Mode::Live) };
    let (demo, client) = connected(&setting).await;
    let options = tail::Options { log_groups: vec!["/nobody/has/this".to_owned()], ..tail::Options::default() };
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let cancel = CancellationToken::new();
    let status = tokio::time::timeout(PATIENCE, tail::run(&client, &options, &cancel, &mut out, &mut err)).await;
    assert_eq!(status.expect("it ends").expect("written"), Status::Refused);
    let err = String::from_utf8(err).expect("UTF-8");
    assert!(out.is_empty() && err.contains("/nobody/has/this does not exist"), "{err}");
    demo.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_check_tries_every_action_and_finds_the_one_that_is_missing() {
    let mut setting = Setting { clock: Clock::running(time(INCIDENT), 1.0), ..Setting::fixed(Mode::Live) };
    setting.options.faults = "deny:StartLiveTail".parse().expect("faults");
    let (demo, client) = connected(&setting).await;
    let probes = probe::probe(client, &Arc::new(board()), &setting.clock, PATIENCE).await;
    let refused: Vec<_> =
        probes.iter().filter_map(|probe| Some((probe.source.name(), probe.result.as_ref().err()?.kind))).collect();
    assert_eq!(refused, [("logs:StartLiveTail", ErrorKind::Denied)]);
    assert!(probes.len() > 5, "{probes:?}");
    demo.stop().await;
}

#[tokio::test]
async fn a_profile_that_does_not_exist_is_refused_before_any_call() {
    let to = Connect { profile: Some("nobody-has-this".to_owned()), ..Connect::default() };
    let refused = connect(&to, Clock::system(), Meter::default()).await.expect_err("no such profile");
    assert!(refused.to_string().starts_with("no profile `nobody-has-this` in the AWS configuration"), "{refused}");
}
