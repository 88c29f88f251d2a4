//! Every kind of fault, as the SDK sees it, and the counters beside.

use aws_sdk_cloudwatch::error::ProvideErrorMetadata as CloudWatchError;
use aws_sdk_cloudwatchlogs::error::{ProvideErrorMetadata as LogsError, SdkError};
use aws_sdk_xray::error::ProvideErrorMetadata as XRayError;

use super::*;

/// What became of one call of DescribeLogGroups.
async fn outcome(logs: &aws_sdk_cloudwatchlogs::Client) -> String {
    match logs.describe_log_groups().send().await {
        Ok(_) => "answered".to_owned(),
        Err(SdkError::ServiceError(error)) => LogsError::code(error.err()).unwrap_or("no code").to_owned(),
        Err(SdkError::TimeoutError(_)) => "timed out".to_owned(),
        Err(SdkError::DispatchFailure(_)) => "no answer".to_owned(),
        Err(SdkError::ResponseError(_)) => "unreadable".to_owned(),
        Err(other) => format!("{other:?}"),
    }
}

#[tokio::test]
async fn every_fault_comes_and_goes() {
    let demo = fixed().await;
    let (logs, impatient) = (logs(&demo), impatient_logs(&demo));
    for (faults, expected) in [
        ("throttle:*", "ThrottlingException"),
        ("500:*", "InternalFailure"),
        ("deny:DescribeLogGroups", "AccessDeniedException"),
        ("expired:*", "ExpiredTokenException"),
        ("reset:*", "no answer"),
        ("garbage:*", "no code"),
        ("deny:StartQuery", "answered"),
        ("slow=1ms:*", "answered"),
    ] {
        demo.faults.set(faults.parse().expect("faults"));
        assert_eq!(outcome(&logs).await, expected, "{faults}");
    }
    for faults in ["hang:*", "slow=10s:*"] {
        demo.faults.set(faults.parse().expect("faults"));
        assert_eq!(outcome(&impatient).await, "timed out", "{faults}");
    }
    demo.faults.set("".parse().expect("faults"));
    assert_eq!(outcome(&logs).await, "answered");
    assert_eq!(demo.counts.snapshot().of("DescribeLogGroups"), 11);
    demo.stop().await;
}

#[tokio::test]
async fn a_denial_names_the_missing_action() {
    let demo = start(Clock::fixed(at(NOW)), "deny:*").await;
    let denied =
        logs(&demo).start_query().query_string("x").start_time(0).end_time(1).send().await.expect_err("denied");
    let message = LogsError::message(&denied).unwrap_or_default().to_owned();
    assert!(message.contains("not authorized to perform: logs:StartQuery"), "{message}");
    let denied = xray(&demo).get_service_graph().start_time(seconds(NOW)).end_time(seconds(NOW)).send().await;
    let denied = denied.expect_err("denied");
    assert_eq!(XRayError::code(&denied), Some("AccessDeniedException"));
    assert!(XRayError::message(&denied).is_some_and(|message| message.contains("xray:GetServiceGraph")));
    let denied = cloudwatch(&demo).describe_alarms().send().await.expect_err("denied");
    assert_eq!(CloudWatchError::code(&denied), Some("AccessDeniedException"));
    assert!(CloudWatchError::message(&denied).is_some_and(|message| message.contains("cloudwatch:DescribeAlarms")));
    demo.stop().await;
}

#[tokio::test]
async fn every_protocol_can_be_garbled_and_throttled() {
    let demo = start(Clock::fixed(at(NOW)), "garbage:*").await;
    let graph = || xray(&demo).get_service_graph().start_time(seconds(NOW)).end_time(seconds(NOW)).send();
    assert_eq!(graph().await.map_err(|error| XRayError::code(&error).map(str::to_owned)), Err(None));
    let alarms = || cloudwatch(&demo).describe_alarms().send();
    assert_eq!(alarms().await.map_err(|error| CloudWatchError::code(&error).map(str::to_owned)), Err(None));
    demo.faults.set("throttle:*".parse().expect("faults"));
    assert_eq!(XRayError::code(&graph().await.expect_err("throttled")), Some("ThrottledException"));
    assert_eq!(CloudWatchError::code(&alarms().await.expect_err("throttled")), Some("ThrottlingException"));
    demo.stop().await;
}

#[tokio::test]
async fn a_stopped_server_leaves_nobody_hanging() {
    let demo = start(Clock::fixed(at(NOW)), "hang:*").await;
    let logs = logs(&demo);
    let hanging = tokio::spawn(async move { outcome(&logs).await });
    while demo.counts.snapshot().total() == 0 {
        tokio::task::yield_now().await;
    }
    demo.stop().await;
    assert_eq!(hanging.await.expect("an outcome"), "no answer");
}
