//! Logs Insights.

use std::collections::BTreeMap;

use aws_sdk_cloudwatchlogs::Client;
use aws_sdk_cloudwatchlogs::error::ProvideErrorMetadata as _;
use aws_sdk_cloudwatchlogs::operation::get_query_results::GetQueryResultsOutput;
use aws_sdk_cloudwatchlogs::types::QueryStatus;

use super::*;

async fn begin(logs: &Client, text: &str, from: &str, to: &str) -> String {
    let request = logs
        .start_query()
        .log_group_name(GROUP)
        .query_string(text)
        .start_time(at(from).timestamp())
        .end_time(at(to).timestamp());
    request.send().await.expect("a query").query_id().expect("an id").to_owned()
}

/// Asks until the query has ended.
async fn end(logs: &Client, id: &str) -> GetQueryResultsOutput {
    loop {
        let results = logs.get_query_results().query_id(id).send().await.expect("results");
        match results.status() {
            Some(QueryStatus::Scheduled | QueryStatus::Running) => tokio::task::yield_now().await,
            _ => return results,
        }
    }
}

fn rows(results: &GetQueryResultsOutput) -> Vec<BTreeMap<String, String>> {
    let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
    let row = |row: &Vec<aws_sdk_cloudwatchlogs::types::ResultField>| {
        row.iter().map(|field| (text(field.field()), text(field.value()))).collect()
    };
    results.results().iter().map(row).collect()
}

#[tokio::test]
async fn a_query_counts_what_the_world_logged() {
    let demo = fixed().await;
    let logs = logs(&demo);
    let text = "filter event = \"TOKEN_PROVISION_FAILURE\" | stats count(*) as n by reason | sort n desc";
    let id = begin(&logs, text, "2026-01-15T10:24:00Z", "2026-01-15T10:26:00Z").await;
    let results = end(&logs, &id).await;
    assert_eq!(results.status(), Some(&QueryStatus::Complete));
    let rows = rows(&results);
    assert_eq!(rows[0]["reason"], "TSP_TIMEOUT");
    let told = world().log_events(GROUP, at("2026-01-15T10:24:00Z"), at("2026-01-15T10:26:00.001Z"));
    let failures = told.iter().filter(|record| record.message.contains("TOKEN_PROVISION_FAILURE")).count();
    let counted: usize = rows.iter().map(|row| row["n"].parse::<usize>().expect("a count")).sum();
    assert_eq!(counted, failures);
    let statistics = results.statistics().expect("statistics");
    assert_eq!(statistics.records_scanned() as usize, told.len());
    assert_eq!(statistics.records_matched() as usize, failures);
    assert!(statistics.bytes_scanned() > 1000.0);
    demo.stop().await;
}

#[tokio::test]
async fn a_record_is_found_again_by_its_pointer() {
    let demo = fixed().await;
    let logs = logs(&demo);
    let text = "fields @timestamp, reason | filter reason = \"TSP_TIMEOUT\" | limit 2";
    let id = begin(&logs, text, "2026-01-15T10:27:00Z", NOW).await;
    let rows = rows(&end(&logs, &id).await);
    assert_eq!(rows.len(), 2);
    let record = logs.get_log_record().log_record_pointer(&rows[1]["@ptr"]).send().await.expect("a record");
    let fields = record.log_record().expect("fields");
    assert_eq!(fields["reason"], "TSP_TIMEOUT");
    assert!(fields["@message"].contains(&fields["correlationId"]));
    let wrong = logs.get_log_record().log_record_pointer("bm90aGluZw").send().await.expect_err("no record");
    assert_eq!(wrong.code(), Some("InvalidParameterException"));
    demo.stop().await;
}

#[tokio::test]
async fn results_come_in_pages() {
    let demo = fixed().await;
    let logs = logs(&demo);
    let id = begin(&logs, "fields @message | limit 25", "2026-01-15T10:27:00Z", NOW).await;
    end(&logs, &id).await;
    let mut token = None;
    let mut sizes = Vec::new();
    loop {
        let page =
            logs.get_query_results().query_id(&id).max_items(10).set_next_token(token).send().await.expect("a page");
        sizes.push(page.results().len());
        token = page.next_token().map(str::to_owned);
        if token.is_none() {
            break;
        }
    }
    assert_eq!(sizes, [10, 10, 5]);
    demo.stop().await;
}

#[tokio::test]
async fn queries_find_patterns_choose_groups_and_ask_within_each_other() {
    let demo = fixed().await;
    let logs = logs(&demo);
    let (from, to) = (at("2026-01-15T10:24:00Z").timestamp(), at("2026-01-15T10:25:00Z").timestamp());
    let ask = |text: String| {
        let logs = logs.clone();
        async move {
            let query =
                logs.start_query().query_string(text).start_time(from).end_time(to).send().await.expect("a query");
            rows(&end(&logs, query.query_id().expect("an id")).await)
        }
    };
    let patterns = ask(format!("SOURCE '{GROUP}' | pattern @message")).await;
    let counts: Vec<u64> = patterns.iter().map(|row| row["@sampleCount"].parse().expect("a count")).collect();
    assert!(counts.is_sorted_by(|one, two| one >= two) && counts.len() < 100, "{counts:?}");
    let all = ask(format!("SOURCE logGroups(namePrefix: ['{GROUP}']) | stats count(*) as n")).await;
    assert_eq!(counts.iter().sum::<u64>().to_string(), all[0]["n"]);
    let failed = "filter event = \"TOKEN_PROVISION_FAILURE\"";
    let nested = ask(format!(
        "SOURCE '{GROUP}' | filter reason in (SOURCE '{GROUP}' | {failed} | fields reason) | stats count(*) as n by reason"
    ))
    .await;
    assert!(nested.iter().any(|row| row["reason"] == "TSP_TIMEOUT"), "{nested:?}");
    demo.stop().await;
}

#[tokio::test]
async fn a_query_is_stopped_and_listed() {
    let demo = fixed().await;
    let logs = logs(&demo);
    let text = "stats count(*) by device, bin(1m)";
    let id = begin(&logs, text, "2026-01-14T10:28:00Z", NOW).await;
    let stopped = logs.stop_query().query_id(&id).send().await.expect("an answer");
    assert!(stopped.success());
    let results = logs.get_query_results().query_id(&id).send().await.expect("results");
    assert_eq!(results.status(), Some(&QueryStatus::Cancelled));
    assert!(!logs.stop_query().query_id(&id).send().await.expect("an answer").success());
    let listed = logs.describe_queries().log_group_name(GROUP).status(QueryStatus::Cancelled).send().await;
    let listed = listed.expect("queries");
    assert_eq!(listed.queries().len(), 1);
    assert_eq!(listed.queries()[0].query_string(), Some(text));
    demo.stop().await;
}

#[tokio::test]
async fn malformed_queries_say_where() {
    let demo = fixed().await;
    let logs = logs(&demo);
    let request = |text: &str| {
        let (from, to) = (at("2026-01-15T10:27:00Z").timestamp(), at(NOW).timestamp());
        logs.start_query().query_string(text).start_time(from).end_time(to)
    };
    let error = request("fields @message | filtre x = 1").log_group_name(GROUP).send().await.expect_err("malformed");
    let error = error.into_service_error();
    let aws_sdk_cloudwatchlogs::operation::start_query::StartQueryError::MalformedQueryException(malformed) = error
    else {
        panic!("{error:?}")
    };
    let location = malformed.query_compile_error().and_then(|error| error.location()).expect("a location");
    assert_eq!(location.start_char_offset(), Some(18));
    let cases = [
        (request("fields @message"), "InvalidParameterException"),
        (request("fields @message").log_group_name("/none"), "ResourceNotFoundException"),
        (request("fields @message").log_group_name(GROUP).end_time(1), "InvalidParameterException"),
        (request("fields @message").log_group_name(GROUP).limit(100_001), "InvalidParameterException"),
        (request("fields @message").log_group_name(GROUP).log_group_names(GROUP), "InvalidParameterException"),
    ];
    for (request, code) in cases {
        let shown = format!("{:?}", request.as_input());
        assert_eq!(request.send().await.expect_err(&shown).code(), Some(code), "{shown}");
    }
    let unknown = logs.get_query_results().query_id("none").send().await.expect_err("unknown");
    assert_eq!(unknown.code(), Some("ResourceNotFoundException"));
    demo.stop().await;
}
