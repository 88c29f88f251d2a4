//! Metrics and alarms through the CloudWatch SDK.

use aws_sdk_cloudwatch::error::ProvideErrorMetadata;
use aws_sdk_cloudwatch::types::{AlarmType, Metric, MetricDataQuery, MetricStat, ScanBy, StateValue};

use super::{cloudwatch, fixed, seconds};

fn sum(id: &str, name: &str) -> MetricDataQuery {
    let metric = Metric::builder().namespace("TokenServices").metric_name(name).build();
    let stat = MetricStat::builder().metric(metric).period(60).stat("Sum").build();
    MetricDataQuery::builder().id(id).metric_stat(stat).build()
}

fn expression(id: &str, text: &str) -> MetricDataQuery {
    MetricDataQuery::builder().id(id).expression(text).build()
}

#[tokio::test]
async fn metric_data_comes_in_pages_with_math_and_search() {
    let demo = fixed().await;
    let search = "SEARCH('{TokenServices,WalletProvider,Issuer} MetricName=\"TokenProvisioningFailure\"', 'Sum', 60)";
    let mut pages = cloudwatch(&demo)
        .get_metric_data()
        .start_time(seconds("2026-01-15T10:00:00Z"))
        .end_time(seconds("2026-01-15T10:28:00Z"))
        .scan_by(ScanBy::TimestampAscending)
        .max_datapoints(100)
        .metric_data_queries(sum("ok", "TokenProvisioningSuccess"))
        .metric_data_queries(sum("bad", "TokenProvisioningFailure"))
        .metric_data_queries(expression("rate", "100 * ok / (ok + bad)"))
        .metric_data_queries(expression("parts", search))
        .metric_data_queries(expression("total", "SUM(parts)"))
        .metric_data_queries(expression("band", "ANOMALY_DETECTION_BAND(rate, 2)"))
        .into_paginator()
        .send();
    let (mut count, mut failed, mut total, mut rate, mut limits) = (0, vec![], vec![], vec![], 0);
    while let Some(page) = pages.next().await {
        count += 1;
        for result in page.expect("a page").metric_data_results() {
            match result.id().expect("an id") {
                "bad" => failed.extend_from_slice(result.values()),
                "total" => total.extend_from_slice(result.values()),
                "rate" => rate.extend_from_slice(result.values()),
                "band" => limits += result.values().len(),
                _ => {}
            }
        }
    }
    assert_eq!(count, (3 * 28 + 9 * 28 + 28 + 2 * 28_usize).div_ceil(100));
    assert_eq!(failed, total);
    assert_eq!((rate.len(), limits), (28, 56));
    assert!(rate[0] > 97.0 && rate[27] < 87.0, "{rate:?}");
}

#[tokio::test]
async fn alarms_and_their_history() {
    let demo = fixed().await;
    let client = cloudwatch(&demo);
    let types = [AlarmType::MetricAlarm, AlarmType::CompositeAlarm];
    let alarms = client
        .describe_alarms()
        .set_alarm_types(Some(types.to_vec()))
        .state_value(StateValue::Alarm)
        .send()
        .await
        .expect("alarms");
    assert_eq!((alarms.metric_alarms().len(), alarms.composite_alarms().len()), (5, 1));
    let latency = alarms.metric_alarms().iter().find(|a| a.alarm_name() == Some("HighLatency")).expect("an alarm");
    assert_eq!((latency.threshold(), latency.period(), latency.datapoints_to_alarm()), (Some(3.0), Some(300), Some(3)));
    assert_eq!(latency.state_transitioned_timestamp(), Some(&seconds("2026-01-15T10:25:00Z")));
    let spike = alarms.metric_alarms().iter().find(|a| a.alarm_name() == Some("RequestSpike")).expect("an alarm");
    assert_eq!((spike.threshold_metric_id(), spike.metrics().len()), (Some("ad1"), 2));
    let history = client
        .describe_alarm_history()
        .set_alarm_types(Some(types.to_vec()))
        .start_date(seconds("2026-01-15T10:00:00Z"))
        .end_date(seconds("2026-01-15T10:28:00Z"))
        .history_item_type(aws_sdk_cloudwatch::types::HistoryItemType::StateUpdate)
        .send()
        .await
        .expect("history");
    assert_eq!(history.alarm_history_items().len(), 6);
}

#[tokio::test]
async fn metrics_are_listed_and_faults_are_told() {
    let demo = fixed().await;
    let client = cloudwatch(&demo);
    let listed = client.list_metrics().metric_name("TokenProvisioningFailure").send().await.expect("metrics");
    assert_eq!(listed.metrics().len(), 10);
    let error = client
        .get_metric_data()
        .start_time(seconds("2026-01-15T10:00:00Z"))
        .end_time(seconds("2026-01-15T10:28:00Z"))
        .metric_data_queries(expression("e1", "m1 +"))
        .send()
        .await
        .expect_err("a broken expression");
    assert_eq!(error.code(), Some("ValidationError"));
    assert!(error.message().is_some_and(|words| words.contains("Unexpected end of expression")), "{error:?}");
}
