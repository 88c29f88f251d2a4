//! StartLiveTail.

use aws_sdk_cloudwatchlogs::config::ConfigBag;
use aws_sdk_cloudwatchlogs::config::interceptors::BeforeSerializationInterceptorContextMut;
use aws_sdk_cloudwatchlogs::error::{BoxError, ProvideErrorMetadata as _};
use aws_sdk_cloudwatchlogs::operation::start_live_tail::StartLiveTailOutput;
use aws_sdk_cloudwatchlogs::types::StartLiveTailResponseStream as Event;
use aws_smithy_runtime_api::client::endpoint::EndpointPrefix;
use aws_smithy_runtime_api::client::interceptors::{Intercept, dyn_dispatch_hint};
use aws_smithy_runtime_api::client::result::SdkError;

use super::*;

/// Keeps `stream-` from being put before an address that has no such host.
#[derive(Debug)]
struct PlainHost;

#[dyn_dispatch_hint]
impl Intercept for PlainHost {
    fn name(&self) -> &'static str {
        "PlainHost"
    }

    fn modify_before_serialization(
        &self,
        _: &mut BeforeSerializationInterceptorContextMut<'_>,
        _: &aws_smithy_runtime_api::client::runtime_components::RuntimeComponents,
        config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        config.interceptor_state().unset::<EndpointPrefix>();
        Ok(())
    }
}

fn arn(group: &str) -> String {
    format!("arn:aws:logs:us-east-1:123456789012:log-group:{group}")
}

async fn open(demo: &Demo, pattern: &str) -> Result<StartLiveTailOutput, Option<String>> {
    let request = logs(demo).start_live_tail().log_group_identifiers(arn(GROUP)).log_event_filter_pattern(pattern);
    let sent = request.customize().interceptor(PlainHost).send().await;
    sent.map_err(|error| error.code().map(str::to_owned))
}

#[tokio::test]
async fn a_tail_tells_every_event_once_and_in_order() {
    let origin = at(NOW);
    let demo = start(Clock::running(origin, 20.0), "").await;
    let mut tail = open(&demo, "").await.expect("a session").response_stream;
    assert!(matches!(tail.recv().await.expect("a start"), Some(Event::SessionStart(start))
        if start.log_group_identifiers() == [arn(GROUP)]));
    let mut seen = Vec::new();
    for _ in 0..6 {
        let Some(Event::SessionUpdate(update)) = tail.recv().await.expect("an update") else { panic!("no update") };
        assert!(
            !update.session_metadata().is_some_and(aws_sdk_cloudwatchlogs::types::LiveTailSessionMetadata::sampled)
        );
        let results = update.session_results().iter();
        seen.extend(results.map(|event| (event.timestamp().expect("a time"), event.message().map(str::to_owned))));
    }
    assert_eq!(demo.counts.snapshot().tails, 1);
    drop(tail);
    assert!(seen.len() > 200, "{} events in six virtual seconds", seen.len());
    let (first, last) = (seen[0].0, seen[seen.len() - 1].0);
    assert!(first > origin.timestamp_millis());
    let times = (first, last + 1);
    let instant = |millis| chrono::DateTime::from_timestamp_millis(millis).expect("a time");
    let told = world().log_events(GROUP, instant(times.0), instant(times.1));
    let told: Vec<_> = told.into_iter().map(|r| (r.time.timestamp_millis(), Some(r.message))).collect();
    assert_eq!(seen, told);
    demo.stop().await;
}

#[tokio::test]
async fn a_tail_takes_what_its_pattern_chooses_and_samples_beyond_500() {
    let demo = start(Clock::running(at(NOW), 2_000.0), "").await;
    let mut failures = open(&demo, "{ $.level = \"ERROR\" }").await.expect("a session").response_stream;
    let mut everything = open(&demo, "").await.expect("a session").response_stream;
    for tail in [&mut failures, &mut everything] {
        assert!(matches!(tail.recv().await, Ok(Some(Event::SessionStart(_)))));
    }
    let Ok(Some(Event::SessionUpdate(update))) = failures.recv().await else { panic!("no update") };
    assert!(!update.session_results().is_empty());
    assert!(update.session_results().iter().all(|e| e.message().is_some_and(|m| m.contains("\"level\":\"ERROR\""))));
    let Ok(Some(Event::SessionUpdate(update))) = everything.recv().await else { panic!("no update") };
    assert_eq!(update.session_results().len(), 500);
    assert_eq!(
        update.session_metadata().map(aws_sdk_cloudwatchlogs::types::LiveTailSessionMetadata::sampled),
        Some(true)
    );
    demo.stop().await;
}

#[tokio::test]
async fn a_tail_where_time_stands_still_is_silent() {
    let demo = fixed().await;
    let mut tail = open(&demo, "").await.expect("a session").response_stream;
    assert!(matches!(tail.recv().await, Ok(Some(Event::SessionStart(_)))));
    let silence = tokio::time::timeout(Duration::from_millis(50), tail.recv()).await;
    assert!(silence.is_err());
    demo.stop().await;
    assert!(matches!(tail.recv().await, Err(_) | Ok(None)));
}

#[tokio::test]
async fn a_session_ends_after_three_hours() {
    let demo = start(Clock::running(at(NOW), 1_000_000.0), "").await;
    let mut tail = open(&demo, "{ $.reason = \"none\" }").await.expect("a session").response_stream;
    let error = loop {
        match tail.recv().await {
            Ok(Some(_)) => {}
            Ok(None) => panic!("ended without a word"),
            Err(error) => break error,
        }
    };
    let SdkError::ServiceError(error) = error else { panic!("{error:?}") };
    assert!(error.err().is_session_timeout_exception(), "{error:?}");
    demo.stop().await;
}

#[tokio::test]
async fn faults_reach_a_tail_before_and_while_it_runs() {
    let demo = start(Clock::running(at(NOW), 40.0), "deny:StartLiveTail").await;
    assert_eq!(open(&demo, "").await.expect_err("denied").as_deref(), Some("AccessDeniedException"));
    demo.faults.set("".parse().expect("faults"));
    let mut tail = open(&demo, "").await.expect("a session").response_stream;
    assert!(matches!(tail.recv().await, Ok(Some(Event::SessionStart(_)))));
    demo.faults.set("reset:StartLiveTail".parse().expect("faults"));
    loop {
        match tail.recv().await {
            Ok(Some(Event::SessionUpdate(_))) => {}
            Ok(other) => panic!("{other:?}"),
            Err(error) => {
                assert!(!matches!(error, SdkError::ServiceError(_)), "{error:?}");
                break;
            }
        }
    }
    demo.faults.set("".parse().expect("faults"));
    let mut tail = open(&demo, "").await.expect("a session").response_stream;
    assert!(matches!(tail.recv().await, Ok(Some(Event::SessionStart(_)))));
    demo.faults.set("500:StartLiveTail".parse().expect("faults"));
    let error = loop {
        if let Err(error) = tail.recv().await {
            break error;
        }
    };
    let SdkError::ServiceError(error) = error else { panic!("{error:?}") };
    assert!(error.err().is_session_streaming_exception(), "{error:?}");
    demo.stop().await;
}

#[tokio::test]
async fn sessions_are_refused_for_what_aws_refuses() {
    let demo = fixed().await;
    let start = || logs(&demo).start_live_tail();
    let eleven = (0..11).fold(start(), |request, _| request.log_group_identifiers(arn(GROUP)));
    let cases = [
        (eleven, "InvalidParameterException"),
        (start().log_group_identifiers(GROUP), "InvalidParameterException"),
        (start().log_group_identifiers(format!("{}:*", arn(GROUP))), "InvalidParameterException"),
        (start().log_group_identifiers(arn("/none")), "ResourceNotFoundException"),
        (start().log_group_identifiers(arn(GROUP)).log_event_filter_pattern("{"), "InvalidParameterException"),
    ];
    for (request, code) in cases {
        let sent = request.customize().interceptor(PlainHost).send().await;
        assert_eq!(sent.expect_err(code).code(), Some(code));
    }
    demo.stop().await;
}
