//! Log groups, streams, filters and events.

use std::collections::BTreeSet;

use aws_sdk_cloudwatchlogs::error::ProvideErrorMetadata as _;

use super::*;

#[tokio::test]
async fn log_groups_are_found_by_prefix_pattern_and_page() {
    let demo = fixed().await;
    let logs = logs(&demo);
    let all = logs.describe_log_groups().send().await.expect("groups");
    let names: Vec<_> = all.log_groups().iter().filter_map(|group| group.log_group_name()).collect();
    assert_eq!(names.len(), 10);
    let payments = logs.describe_log_groups().log_group_name_prefix("/payments/").send().await.expect("groups");
    assert_eq!(payments.log_groups().len(), 7);
    let tokens = logs.describe_log_groups().log_group_name_pattern("token").send().await.expect("groups");
    let tokens = tokens.log_groups();
    assert_eq!(tokens.len(), 1);
    assert_eq!(tokens[0].metric_filter_count(), Some(3));
    let arn = format!("arn:aws:logs:us-east-1:123456789012:log-group:{GROUP}");
    assert_eq!(tokens[0].log_group_arn(), Some(arn.as_str()));

    let mut seen = Vec::new();
    let mut pages = logs.describe_log_groups().limit(3).into_paginator().send();
    while let Some(page) = pages.next().await {
        let page = page.expect("a page");
        assert!(page.log_groups().len() <= 3);
        seen.extend(page.log_groups().iter().filter_map(|group| group.log_group_name().map(str::to_owned)));
    }
    assert_eq!(seen, names);
    demo.stop().await;
}

#[tokio::test]
async fn metric_filters_are_found_by_group_and_by_metric() {
    let demo = fixed().await;
    let logs = logs(&demo);
    let of_group = logs.describe_metric_filters().log_group_name(GROUP).send().await.expect("filters");
    assert_eq!(of_group.metric_filters().len(), 3);
    let of_metric = logs
        .describe_metric_filters()
        .metric_namespace("TokenServices")
        .metric_name("FailedTokenProvisioning")
        .send()
        .await
        .expect("filters");
    let filters = of_metric.metric_filters();
    assert_eq!(filters.len(), 1);
    assert_eq!(filters[0].log_group_name(), Some(GROUP));
    assert_eq!(filters[0].filter_pattern(), Some("{ $.event = \"TOKEN_PROVISION_FAILURE\" }"));
    let halved = logs.describe_metric_filters().metric_name("X").send().await.expect_err("half a metric");
    assert_eq!(halved.code(), Some("InvalidParameterException"));
    demo.stop().await;
}

#[tokio::test]
async fn pages_of_events_join_to_the_worlds_own() {
    let demo = fixed().await;
    let request = logs(&demo)
        .filter_log_events()
        .log_group_name(GROUP)
        .start_time(millis("2026-01-15T10:24:00Z"))
        .end_time(millis("2026-01-15T10:26:00Z") - 1)
        .limit(700);
    let mut pages = request.into_paginator().send();
    let (mut seen, mut count) = (Vec::new(), 0);
    while let Some(page) = pages.next().await {
        let page = page.expect("a page");
        assert!(page.events().len() <= 700);
        count += 1;
        seen.extend(page.events().iter().map(|event| (event.timestamp(), event.message().map(str::to_owned))));
    }
    let told = world().log_events(GROUP, at("2026-01-15T10:24:00Z"), at("2026-01-15T10:26:00Z"));
    let told: Vec<_> = told.into_iter().map(|r| (Some(r.time.timestamp_millis()), Some(r.message))).collect();
    assert!(count > 5, "{count} pages");
    assert_eq!(seen, told);
    demo.stop().await;
}

#[tokio::test]
async fn a_json_pattern_chooses_and_ends_are_inclusive() {
    let demo = fixed().await;
    let filter = |pattern: &str| {
        logs(&demo)
            .filter_log_events()
            .log_group_identifier(format!("arn:aws:logs:us-east-1:123456789012:log-group:{GROUP}"))
            .filter_pattern(pattern)
    };
    let failures = filter("{ $.event = \"TOKEN_PROVISION_FAILURE\" && $.reason = \"TSP_TIMEOUT\" }")
        .start_time(millis("2026-01-15T10:20:00Z"))
        .end_time(millis("2026-01-15T10:21:00Z"))
        .send()
        .await
        .expect("events");
    assert!(failures.events().len() > 50);
    assert!(failures.events().iter().all(|e| e.message().is_some_and(|m| m.contains("\"reason\":\"TSP_TIMEOUT\""))));
    let ids: BTreeSet<_> = failures.events().iter().filter_map(|event| event.event_id()).collect();
    assert_eq!(ids.len(), failures.events().len());

    let one = failures.events()[3].timestamp().expect("a time");
    let same = filter("").start_time(one).end_time(one).send().await.expect("events");
    assert!(same.events().iter().any(|event| event.event_id() == failures.events()[3].event_id()));

    let newest = filter("").start_from_head(false).start_time(millis("2026-01-15T10:00:00Z")).limit(50);
    let mut newest = newest.into_paginator().send();
    let mut last = i64::MAX;
    for _ in 0..3 {
        let page = newest.next().await.expect("more").expect("a page");
        for event in page.events() {
            let time = event.timestamp().expect("a time");
            assert!(time <= last && time <= millis(NOW));
            last = time;
        }
    }
    demo.stop().await;
}

#[tokio::test]
async fn nothing_is_told_of_the_future() {
    let demo = fixed().await;
    let later = logs(&demo)
        .filter_log_events()
        .log_group_name(GROUP)
        .start_time(millis(NOW) - 500)
        .end_time(millis(NOW) + 3_600_000)
        .send()
        .await
        .expect("events");
    assert!(!later.events().is_empty());
    assert!(later.events().iter().all(|event| event.timestamp() <= Some(millis(NOW))));
    assert_eq!(later.next_token(), None);
    demo.stop().await;
}

#[tokio::test]
async fn a_stream_is_read_forward_and_backward() {
    let demo = fixed().await;
    let logs = logs(&demo);
    let streams = logs
        .describe_log_streams()
        .log_group_name(GROUP)
        .order_by(aws_sdk_cloudwatchlogs::types::OrderBy::LastEventTime)
        .descending(true)
        .limit(5)
        .send()
        .await
        .expect("streams");
    let stream = streams.log_streams()[0].log_stream_name().expect("a name");
    assert!(stream.starts_with("2026/01/15/"), "{stream}");
    let read = || logs.get_log_events().log_group_name(GROUP).log_stream_name(stream).limit(20);
    let tail = read().send().await.expect("events");
    assert_eq!(tail.events().len(), 20);
    let before = read().set_next_token(tail.next_backward_token().map(str::to_owned)).send().await.expect("events");
    assert!(
        before.events().last().map(aws_sdk_cloudwatchlogs::types::OutputLogEvent::timestamp)
            <= tail.events().first().map(aws_sdk_cloudwatchlogs::types::OutputLogEvent::timestamp)
    );
    let again = read()
        .set_next_token(before.next_forward_token().map(str::to_owned))
        .start_from_head(true)
        .send()
        .await
        .expect("events");
    assert_eq!(again.events(), tail.events());
    let end = read().set_next_token(again.next_forward_token().map(str::to_owned)).send().await.expect("events");
    assert!(end.events().is_empty());
    assert_eq!(end.next_forward_token(), again.next_forward_token());
    let missing = logs.get_log_events().log_group_name(GROUP).log_stream_name("2026/01/15/none").send().await;
    assert_eq!(missing.expect_err("no stream").code(), Some("ResourceNotFoundException"));
    demo.stop().await;
}

#[tokio::test]
async fn what_is_asked_wrongly_is_refused() {
    let demo = fixed().await;
    let filter = || logs(&demo).filter_log_events();
    let cases = [
        (filter(), "InvalidParameterException"),
        (filter().log_group_name("/none"), "ResourceNotFoundException"),
        (filter().log_group_name(GROUP).log_group_identifier(GROUP), "InvalidParameterException"),
        (filter().log_group_name(GROUP).limit(10_001), "InvalidParameterException"),
        (filter().log_group_name(GROUP).next_token("made-up"), "InvalidParameterException"),
        (filter().log_group_name(GROUP).filter_pattern("{ $.a = "), "InvalidParameterException"),
        (filter().log_group_name(GROUP).start_time(-1), "InvalidParameterException"),
    ];
    for (request, code) in cases {
        let shown = format!("{:?}", request.as_input());
        assert_eq!(request.send().await.expect_err(&shown).code(), Some(code), "{shown}");
    }
    demo.stop().await;
}
