//! Logs Insights queries: rows as they come, pages, refusals, and the end of those that nobody waits for.

use barograph::sources::log_rows;
use barograph::store::health::ErrorKind;
use barograph::store::rows::{LogQuery, LogRows};

use super::*;

fn query(text: &str, minutes: i64) -> LogQuery {
    let to = time(INCIDENT);
    let span = Some((to - chrono::TimeDelta::minutes(minutes), to));
    LogQuery { text: text.to_owned(), groups: vec![GROUP.to_owned()], span }
}

fn by_issuer() -> LogQuery {
    query("filter event = \"TOKEN_PROVISION_FAILURE\" | stats count(*) as n by issuer", 10)
}

fn rows(messages: &[Msg]) -> Vec<&LogRows> {
    let found = messages.iter().filter_map(|message| match message {
        Msg::Feed(Update::Rows { rows, .. }) => Some(rows),
        _ => None,
    });
    found.collect()
}

/// Failures of the world's own lines in the last `minutes`, by issuer.
fn failures(minutes: i64) -> std::collections::BTreeMap<String, u64> {
    let to = time(INCIDENT);
    let mut counts = std::collections::BTreeMap::new();
    for record in world(4.0).log_events(GROUP, to - chrono::TimeDelta::minutes(minutes), to) {
        let line: serde_json::Value = serde_json::from_str(&record.message).expect("JSON");
        if line["event"] == "TOKEN_PROVISION_FAILURE" {
            *counts.entry(line["issuer"].as_str().expect("an issuer").to_owned()).or_default() += 1;
        }
    }
    counts
}

fn counted(rows: &LogRows) -> std::collections::BTreeMap<String, u64> {
    let value = |row: &[(String, String)], name: &str| {
        row.iter().find(|(field, _)| field == name).map(|(_, value)| value.clone()).expect("the field")
    };
    rows.rows.iter().map(|row| (value(row, "issuer"), value(row, "n").parse().expect("a count"))).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_query_is_asked_once_and_its_bytes_are_paid() {
    let mut rig = Rig::start(Setting::fixed(Mode::Once), [Subscription::Logs(by_issuer())]).await;
    let messages = rig.until(|message| matches!(message, Msg::Feed(Update::Settled { .. }))).await;
    let found = rows(&messages);
    let last = found.last().expect("rows");
    assert!(!last.running && last.bytes_scanned > 100_000.0, "{last:?}");
    assert_eq!(counted(last), failures(10));
    let calls = rig.demo.counts.snapshot();
    assert_eq!((calls.of("StartQuery"), calls.of("StopQuery")), (1, 0), "what is complete is not stopped");
    assert!((rig.client.meter().bytes_scanned() - last.bytes_scanned).abs() < 0.5);
    let spent = rig.client.meter().spending().session_usd;
    assert!((spent - last.bytes_scanned / f64::from(1 << 30) * 0.005).abs() < 1e-9, "{spent}");
    rig.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_query_over_the_window_follows_its_end_and_is_refused_with_a_place() {
    let bad = LogQuery { span: None, ..query("stats count(*) bye issuer", 1) };
    let window = LogQuery { span: None, ..by_issuer() };
    let mut rig =
        Rig::start(Setting::fixed(Mode::Once), [Subscription::Logs(bad.clone()), Subscription::Logs(window.clone())])
            .await;
    let messages = rig.until(|message| matches!(message, Msg::Feed(Update::Settled { .. }))).await;
    let refused = messages.iter().find_map(|message| match message {
        Msg::Feed(Update::RowsFailed { query, error }) => Some((query, error)),
        _ => None,
    });
    let (query, error) = refused.expect("a refusal");
    assert_eq!((query, error.kind), (&bad, ErrorKind::Invalid));
    assert!(error.message.contains("line 1, position"), "{error}");
    assert_eq!(counted(rows(&messages).last().expect("rows")), failures(10));
    rig.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn leaving_stops_the_query_on_the_server() {
    // A day of lines is more than the demo reads in the moment that this test takes.
    let long = query("fields @message | sort @timestamp asc", 24 * 60);
    let setting = || {
        let mut setting = Setting { clock: Clock::running(time(INCIDENT), 1.0), ..Setting::fixed(Mode::Live) };
        setting.tuning.query_first = Duration::from_millis(5);
        setting
    };
    let is_running = |message: &Msg| matches!(message, Msg::Feed(Update::Rows { rows, .. }) if rows.running);

    let mut rig = Rig::start(setting(), [Subscription::Logs(long.clone())]).await;
    rig.until(is_running).await;
    rig.want([]);
    let stopped = async {
        while rig.demo.counts.snapshot().of("StopQuery") == 0 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(PATIENCE, stopped).await.expect("leaving stops it");
    rig.stop().await;

    // The program ends while one runs, and while one is being started.
    for is_seen in [true, false] {
        let mut rig = Rig::start(setting(), [Subscription::Logs(long.clone())]).await;
        if is_seen {
            rig.until(is_running).await;
        } else {
            let asked = async {
                while rig.demo.counts.snapshot().of("StartQuery") == 0 {
                    tokio::task::yield_now().await;
                }
            };
            tokio::time::timeout(PATIENCE, asked).await.expect("it is asked");
        }
        let Rig { demo, cancel, poller, messages, .. } = rig;
        cancel.cancel();
        drop(messages);
        poller.await.expect("the poller ends well");
        assert_eq!(demo.counts.snapshot().of("StopQuery"), 1, "the end of the program stops it, too");
        demo.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_are_read_on_and_limits_are_told() {
    let (demo, client) = connected(&Setting { rate: 40.0, ..Setting::fixed(Mode::Once) }).await;
    let all = log_rows(&client, &query("fields requestId | limit 12000", 10)).await.expect("rows");
    assert_eq!((all.rows.len(), all.running), (12_000, false));
    assert!(demo.counts.snapshot().of("GetQueryResults") >= 2);

    let groups = (0..51).map(|n| format!("/group/{n}")).collect();
    let error = log_rows(&client, &LogQuery { groups, ..by_issuer() }).await.expect_err("too many");
    assert_eq!(
        (error.kind, error.message.as_str()),
        (ErrorKind::Invalid, "Logs Insights reads 50 log groups at most, not 51")
    );
    let error = log_rows(&client, &LogQuery { span: None, ..by_issuer() }).await.expect_err("no span");
    assert_eq!(error.kind, ErrorKind::Invalid);
    demo.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn trouble_on_the_way_does_not_run_the_query_twice() {
    let mut setting = Setting::fixed(Mode::Once);
    setting.tuning.once_attempts = 20;
    setting.options.faults = "500:GetQueryResults:0.5".parse().expect("faults");
    let (demo, client) = connected(&setting).await;
    let found = log_rows(&client, &by_issuer()).await.expect("rows");
    assert_eq!(counted(&found), failures(10));
    assert_eq!(demo.counts.snapshot().of("StartQuery"), 1);

    demo.faults.set("deny:GetQueryResults".parse().expect("faults"));
    let error = log_rows(&client, &by_issuer()).await.expect_err("denied");
    assert_eq!(error.brief(), "denied: logs:GetQueryResults");
    demo.stop().await;
}
