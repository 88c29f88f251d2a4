//! The service graph, its statistics in time, and traces.

use std::collections::BTreeSet;

use aws_sdk_xray::error::ProvideErrorMetadata as _;
use aws_sdk_xray::types::{Service, ServiceStatistics, TimeRangeType, TraceSummary};

use super::*;

async fn summaries(demo: &Demo, filter: &str, from: &str, to: &str, kind: TimeRangeType) -> Vec<TraceSummary> {
    let request = xray(demo)
        .get_trace_summaries()
        .start_time(seconds(from))
        .end_time(seconds(to))
        .time_range_type(kind)
        .filter_expression(filter);
    let mut pages = request.into_paginator().send();
    let mut all = Vec::new();
    while let Some(page) = pages.next().await {
        let page = page.expect("a page");
        assert!(page.trace_summaries().len() <= 200);
        all.extend_from_slice(page.trace_summaries());
    }
    all
}

#[tokio::test]
async fn the_service_graph_comes_in_pages_that_join() {
    let demo = fixed().await;
    let (from, to) = ("2026-01-15T10:20:00Z", "2026-01-15T10:25:00Z");
    let request = xray(&demo).get_service_graph().start_time(seconds(from)).end_time(seconds(to));
    let mut pages = request.into_paginator().send();
    let (mut services, mut count): (Vec<Service>, usize) = (Vec::new(), 0);
    while let Some(page) = pages.next().await {
        services.extend_from_slice(page.expect("a page").services());
        count += 1;
    }
    let graph = world().graph(at(from), at(to));
    assert!(count > 1);
    assert_eq!(services.len(), graph.services.len());
    for (told, expected) in services.iter().zip(&graph.services) {
        assert_eq!(told.name(), Some(expected.key.name.as_str()));
        let statistics = told.summary_statistics().expect("statistics");
        assert_eq!(statistics.total_count(), Some(expected.statistics.total as i64));
        assert_eq!(statistics.ok_count(), Some(expected.statistics.ok as i64));
        assert_eq!(
            statistics.fault_statistics().and_then(aws_sdk_xray::types::FaultStatistics::total_count),
            Some(expected.statistics.fault as i64)
        );
        let histogram: i64 = told.response_time_histogram().iter().map(|entry| i64::from(entry.count())).sum();
        assert_eq!(histogram as u64, expected.statistics.histogram.iter().map(|(_, n)| n).sum::<u64>());
    }
    let numbers: BTreeSet<_> = services.iter().filter_map(aws_sdk_xray::types::Service::reference_id).collect();
    let edges: Vec<_> = services.iter().flat_map(aws_sdk_xray::types::Service::edges).collect();
    assert_eq!(edges.len(), graph.edges.len());
    assert!(edges.iter().all(|edge| edge.reference_id().is_some_and(|id| numbers.contains(&id))));
    demo.stop().await;
}

#[tokio::test]
async fn statistics_in_time_add_up_to_the_graph() {
    let demo = fixed().await;
    let (from, to) = ("2026-01-15T10:20:00Z", "2026-01-15T10:25:00Z");
    let request = xray(&demo)
        .get_time_series_service_statistics()
        .start_time(seconds(from))
        .end_time(seconds(to))
        .entity_selector_expression("service(\"TSP\")");
    let minutes = request.clone().period(60).send().await.expect("statistics");
    let points = minutes.time_series_service_statistics();
    assert_eq!(points.len(), 5);
    let total: i64 =
        points.iter().filter_map(|p| p.service_summary_statistics().and_then(ServiceStatistics::total_count)).sum();
    let graph = world().graph(at(from), at(to));
    let tsp = graph.services.iter().find(|service| service.key.name == "TSP").expect("the provider");
    assert_eq!(total, tsp.statistics.total as i64);
    let refused = request.period(120).send().await.expect_err("no such period");
    assert_eq!(refused.code(), Some("InvalidRequestException"));
    demo.stop().await;
}

#[tokio::test]
async fn summaries_come_newest_first_and_whole() {
    let demo = fixed().await;
    let (from, to) = ("2026-01-15T10:25:00Z", "2026-01-15T10:25:20Z");
    let told = summaries(&demo, "", from, to, TimeRangeType::Event).await;
    let mut expected = world().trace_summaries(at(from), at(to));
    assert!(told.len() > 400, "{}", told.len());
    let ids: BTreeSet<_> = told.iter().filter_map(|summary| summary.id()).collect();
    assert_eq!(ids, expected.iter().map(|summary| summary.id.as_str()).collect());
    assert_eq!(told.len(), expected.len());
    expected.retain(|summary| summary.fault);
    let faults = summaries(&demo, "fault", from, to, TimeRangeType::Event).await;
    assert_eq!(faults.len(), expected.len());
    // What ended has ended a segment too; of others a segment has ended, but not all.
    let segments = summaries(&demo, "", from, to, TimeRangeType::Service).await;
    let with_segments: BTreeSet<_> = segments.iter().filter_map(|summary| summary.id()).collect();
    assert!(with_segments.is_superset(&ids) && with_segments.len() > ids.len(), "{}", with_segments.len());

    let started = summaries(&demo, "responsetime > 20", from, to, TimeRangeType::TraceId).await;
    assert!(!started.is_empty());
    for summary in &started {
        assert!(summary.response_time() > Some(20.0));
        let start = summary.start_time().expect("a start").as_secs_f64();
        assert!((seconds(from).as_secs_f64()..=seconds(to).as_secs_f64()).contains(&start));
        // What it failed for, and who asked.
        let causes = summary.fault_root_causes();
        let last = causes.first().and_then(|cause| cause.services().last()).expect("a cause");
        assert_eq!((last.name(), last.inferred()), (Some("TSP"), Some(true)));
        let thrown = last.entity_path().last().map(aws_sdk_xray::types::FaultRootCauseEntity::exceptions);
        let thrown = thrown.and_then(<[_]>::last).and_then(aws_sdk_xray::types::RootCauseException::name);
        assert_eq!(thrown, Some("TspTimeoutException"));
        let slow = summary.response_time_root_causes().first().and_then(|cause| cause.services().first());
        let coverage = slow
            .and_then(|service| service.entity_path().first())
            .and_then(aws_sdk_xray::types::ResponseTimeRootCauseEntity::coverage);
        assert_eq!(coverage, Some(1.0));
        let http = summary.http().expect("a request");
        assert!(http.client_ip().is_some_and(|ip| ip.starts_with("203.0.113.")) && http.user_agent().is_some());
    }
    // A sample is a part of it, the same every time.
    let sample = || async {
        let request = xray(&demo).get_trace_summaries().start_time(seconds(from)).end_time(seconds(to)).sampling(true);
        let strategy = aws_sdk_xray::types::SamplingStrategy::builder();
        let strategy = strategy.name(aws_sdk_xray::types::SamplingStrategyName::FixedRate).value(0.1).build();
        let answer = request.sampling_strategy(strategy).send().await.expect("a sample");
        answer.trace_summaries().iter().filter_map(|summary| summary.id()).map(str::to_owned).collect::<Vec<_>>()
    };
    let (sampled, again) = (sample().await, sample().await);
    assert_eq!(sampled, again);
    assert!((50..=130).contains(&sampled.len()), "{} of {}", sampled.len(), told.len());
    demo.stop().await;
}

#[tokio::test]
async fn a_request_is_found_by_its_annotation_and_shown_whole() {
    let demo = fixed().await;
    let (from, to) = ("2026-01-15T10:25:00Z", "2026-01-15T10:25:05Z");
    let slow = summaries(&demo, "service(\"TSP\") { fault }", from, to, TimeRangeType::Service).await;
    let id = slow[0].id().expect("an id");
    let annotations = slow[0].annotations().expect("annotations");
    let correlation = annotations["correlationId"][0].annotation_value().and_then(|v| v.as_string_value().ok());
    let correlation = correlation.expect("a correlation id");
    let filter = format!("annotation[correlationId] = \"{correlation}\"");
    let same = summaries(&demo, &filter, from, to, TimeRangeType::Service).await;
    assert!(same.iter().any(|summary| summary.id() == Some(id)));

    let traces = xray(&demo).batch_get_traces().trace_ids(id).send().await.expect("traces");
    assert!(traces.unprocessed_trace_ids().is_empty());
    let documents = traces.traces()[0].segments().iter().filter_map(|segment| segment.document());
    let tree = barograph::store::trace::Trace::from_documents(id, 0.0, documents);
    assert_eq!(tree.problems, Vec::<String>::new());
    assert_eq!(tree.roots().count(), 1);
    assert!(format!("{tree:?}").contains(correlation));
    demo.stop().await;
}

#[tokio::test]
async fn what_xray_refuses_is_refused() {
    let demo = fixed().await;
    let xray = xray(&demo);
    let graph =
        xray.get_service_graph().start_time(seconds("2026-01-15T04:00:00Z")).end_time(seconds(NOW)).send().await;
    assert_eq!(graph.expect_err("too long").code(), Some("InvalidRequestException"));
    let find = |filter: &str| {
        xray.get_trace_summaries()
            .start_time(seconds("2026-01-15T10:27:00Z"))
            .end_time(seconds(NOW))
            .filter_expression(filter)
    };
    let error = find("falt").send().await.expect_err("no such keyword");
    assert!(error.message().is_some_and(|message| message.contains("falt")), "{error:?}");
    let backward = find("").end_time(seconds("2026-01-15T10:00:00Z")).send().await;
    assert_eq!(backward.expect_err("backward").code(), Some("InvalidRequestException"));
    let six =
        (0..6).fold(xray.batch_get_traces(), |request, _| request.trace_ids("1-5f2aef12-6b4f7a9c8d2e1f3a2b1c0d9e"));
    assert_eq!(six.send().await.expect_err("too many").code(), Some("InvalidRequestException"));
    let unknown = xray.batch_get_traces().trace_ids("1-5f2aef12-6b4f7a9c8d2e1f3a2b1c0d9e").send().await;
    assert!(unknown.expect("an answer").traces().is_empty());
    let rules = xray.get_sampling_rules().send().await.expect_err("not played");
    assert_eq!(rules.code(), Some("UnknownOperationException"));
    let group = xray.get_service_graph().start_time(seconds("2026-01-15T10:27:00Z")).end_time(seconds(NOW));
    let error = group.group_name("nobody").send().await.expect_err("no such group");
    assert!(error.message().is_some_and(|message| message.contains("The group nobody does not exist")), "{error:?}");
    let destination = xray.get_trace_segment_destination().send().await.expect("an answer");
    assert_eq!(destination.destination().map(aws_sdk_xray::types::TraceSegmentDestination::as_str), Some("XRay"));
    demo.stop().await;
}

#[tokio::test]
async fn a_group_is_the_traces_that_pass_its_filter() {
    let demo = fixed().await;
    let (from, to) = ("2026-01-15T10:26:00Z", "2026-01-15T10:26:20Z");
    let told = xray(&demo).get_groups().send().await.expect("groups");
    let groups: Vec<_> = told.groups().iter().map(|group| (group.group_name(), group.filter_expression())).collect();
    assert_eq!(groups, [(Some("Default"), None), (Some("contoso"), Some("annotation.Issuer = \"Contoso_Bank\""))]);
    let own = summaries(&demo, "group.name = \"contoso\"", from, to, TimeRangeType::Event).await;
    let expected = summaries(&demo, "annotation.Issuer = \"Contoso_Bank\"", from, to, TimeRangeType::Event).await;
    let others = summaries(&demo, "group.name != \"contoso\"", from, to, TimeRangeType::Event).await;
    assert_eq!(own.len(), expected.len());
    assert_eq!(own.len() + others.len(), world().trace_summaries(at(from), at(to)).len());
    let arn = told.groups()[1].group_arn().expect("an ARN");
    let by_arn = format!("group.arn = \"{arn}\" AND fault");
    let faults = own.iter().filter(|trace| trace.has_fault() == Some(true)).count();
    assert_eq!(summaries(&demo, &by_arn, from, to, TimeRangeType::Event).await.len(), faults);
    // Its graph is made of the same traces, and so is a service's trend.
    let graph = xray(&demo).get_service_graph().start_time(seconds(from)).end_time(seconds(to)).group_arn(arn);
    let graph = graph.send().await.expect("a graph");
    let total = |service: &Service| service.summary_statistics().and_then(ServiceStatistics::total_count);
    let gateway = graph.services().iter().find(|service| service.name() == Some("token-api")).expect("the gateway");
    assert_eq!(total(gateway), Some(own.len() as i64));
    let trend = xray(&demo)
        .get_time_series_service_statistics()
        .start_time(seconds(from))
        .end_time(seconds(to))
        .group_name("contoso")
        .entity_selector_expression("service(\"token-api\")");
    let trend = trend.send().await.expect("a trend");
    let counts = trend.time_series_service_statistics().iter();
    let counts = counts.filter_map(|point| point.service_summary_statistics().and_then(ServiceStatistics::total_count));
    assert_eq!(counts.sum::<i64>(), own.len() as i64);
    demo.stop().await;
}
