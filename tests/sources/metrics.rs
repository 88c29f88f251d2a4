//! Metrics as time goes by: the tail once a period, and the bill agrees with the server's own count.

use barograph::store::series::Series;

use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn the_tail_is_asked_once_a_period() {
    let minutes = 4;
    let start = time(INCIDENT) + chrono::TimeDelta::seconds(30);
    let end = time(INCIDENT) + chrono::TimeDelta::minutes(minutes);
    let setting = Setting { clock: Clock::running(start, 30.0), ..Setting::fixed(Mode::Live) };
    let query = stat("TokenProvisioningRequests", 60);
    let mut rig = Rig::start(setting, [metric(query.clone())]).await;
    let mut series = Series::default();
    let mut asked = Vec::new();
    while series.points.last().is_none_or(|(at, _)| *at + chrono::TimeDelta::minutes(1) < end) {
        if let Msg::Feed(Update::Metrics(batch)) = rig.next().await {
            for result in batch.results {
                asked.push((result.to - result.from).num_minutes());
                series.merge(&result.series[0].points);
            }
        }
    }
    let calls = rig.demo.counts.snapshot();
    assert_eq!(asked[0], 10, "the window first");
    assert!(asked[1..].iter().all(|length| *length <= 5), "then the tail alone: {asked:?}");
    assert!(calls.metrics as i64 <= minutes + 2, "{} metrics in {minutes} minutes", calls.metrics);

    let requests = barograph::demo::world::MetricName {
        namespace: "TokenServices".to_owned(),
        name: "TokenProvisioningRequests".to_owned(),
        dimensions: Vec::new(),
    };
    let samples = world(4.0).samples(&requests, series.points[0].0, end, end).expect("a metric");
    let expected: Vec<(Time, f64)> =
        samples.iter().map(|(at, d)| (*at, d.values.iter().map(|(value, n)| value * *n as f64).sum())).collect();
    assert_eq!(series.points, expected, "each datapoint has its final value");

    let spending = rig.client.meter().spending();
    let counted: u64 = spending.calls.iter().find(|(name, _)| name == "cloudwatch:GetMetricData").expect("calls").1;
    let seen = rig.demo.counts.snapshot();
    assert_eq!((counted, rig.client.meter().metrics_requested()), (seen.of("GetMetricData"), seen.metrics));
    assert!((spending.session_usd - seen.metrics as f64 * 0.00001).abs() < 1e-12);
    assert!((spending.hourly_usd - 60.0 * 0.00001).abs() < 1e-12);
    rig.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_longer_window_and_a_refresh_ask_for_what_they_need() {
    let query = stat("TokenProvisioningRequests", 60);
    let mut rig = Rig::start(Setting::fixed(Mode::Live), [metric(query.clone())]).await;
    let ranges = |messages: Vec<Msg>| -> Vec<(Time, Time)> {
        let batches = messages.into_iter().filter_map(update).filter_map(|update| match update {
            Update::Metrics(batch) => Some(batch.results),
            _ => None,
        });
        batches.flatten().map(|result| (result.from, result.to)).collect()
    };
    let is_batch = |message: &Msg| matches!(message, Msg::Feed(Update::Metrics(_)));
    let now = time(INCIDENT);
    let back = |minutes| now - chrono::TimeDelta::minutes(minutes);
    let first = rig.until(is_batch).await;
    assert_eq!(ranges(first), [(back(10), now)]);
    let wanted = [metric(query)].into();
    rig.watch.send_replace(Watch { window: Window::live(Duration::from_mins(20)), wanted });
    assert_eq!(ranges(rig.until(is_batch).await), [(back(20), back(10))]);
    rig.refresh.send(SourceId::Metrics).await.expect("sent");
    let again = ranges(rig.until(is_batch).await);
    assert_eq!(again, [(back(3), now)]);
    rig.stop().await;
}
