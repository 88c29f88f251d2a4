//! Logs Insights: the screen and `baro query` against the embedded AWS, through the real SDK.

#![expect(clippy::expect_used, reason = "helpers of tests fail as tests do")]

use std::time::Duration;

use aws_sdk_cloudwatchlogs::config::{BehaviorVersion, Credentials, Region};
use barograph::app::screen::ScreenId;
use barograph::board;
use barograph::clock::Clock;
use barograph::commands::query::{self, Options, Output};
use barograph::commands::status::Status;
use barograph::commands::tail;
use barograph::panes::Target;
use barograph::sources::{Client, Connect, Meter, Tuning, connect};
use barograph::store::window::Window;
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use crate::harness::console::{Console, INCIDENT, Setting, time};

mod trials;

/// Clears an editor of a few lines: to the head of the line, then one line up.
const CLEAR: &str =
    "<ctrl-j><backspace><ctrl-j><backspace><ctrl-j><backspace><ctrl-j><backspace><ctrl-j><backspace><ctrl-j>";

/// The window of the screens here: enough of the incident, and soon read.
const WINDOW: Duration = Duration::from_mins(20);

/// Queries of every kind that the language has.
const QUERIES: &[&str] = &[
    "fields @timestamp, @message | sort @timestamp desc | limit 20",
    "fields @timestamp, event, correlationId as id, issuer | filter event = \"TOKEN_PROVISION_FAILURE\" | sort @timestamp desc, id asc | limit 25",
    "filter event = \"TOKEN_PROVISION_FAILURE\" | stats count(*) as n by reason | sort n desc",
    "filter event = \"TOKEN_PROVISION_SUCCESS\" | stats avg(processingTime) as mean, pct(processingTime, 99) as p99 by walletProvider | sort walletProvider",
    "stats count(*) as lines by bin(5m) | sort lines desc",
    "filter @message like /TSP_(TIMEOUT|ERROR)/ | stats count(*) as n by issuer, os | sort n desc | limit 7",
    "parse @message '\"device\":\"*\"' as phone | stats count(*) as n by phone | sort n desc, phone asc | limit 5",
    "fields strlen(correlationId) as long, toupper(issuer) as bank | filter ispresent(issuer) and issuer != \"DEMO_Bank\" | sort bank asc, @timestamp desc | limit 9",
    "stats min(processingTime) as low, max(processingTime) as high, sum(processingTime) as all, count_distinct(issuer) as banks",
    "filter processingTime > 3 and walletProvider in [\"GooglePay\", \"ApplePay\"] | stats count(*) as slow by walletProvider",
    "filter ispresent(issuer) | fields @timestamp, issuer | dedup issuer | sort issuer asc",
    "fields @timestamp, concat(issuer, \" / \", os) as what | display what, @timestamp | sort @timestamp asc | limit 11",
    "filter level = \"ERROR\" | stats count(*) as n by bin(10m), issuer | sort n desc | limit 6",
    "fields processingTime * 1000 as ms | filter ispresent(processingTime) | sort ms desc | limit 3",
];

async fn client(console: &Console) -> Client {
    let to = Connect {
        region: Some("us-east-1".to_owned()),
        endpoint_url: Some(console.demo.endpoint()),
        made_up_credentials: true,
        tuning: Tuning { quotas: f64::INFINITY, ..Tuning::default() },
        ..Connect::default()
    };
    Box::pin(connect(&to, Clock::fixed(time(INCIDENT)), Meter::default())).await.expect("a client")
}

/// What `baro query` does with options: its status, what it prints, and what it tells beside.
async fn printed(console: &Console, options: Options) -> (Status, String, String) {
    let client = client(console).await;
    let board = board::preset("token-provisioning").expect("the preset");
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let window = (Window::live(WINDOW), time(INCIDENT));
    let cancel = CancellationToken::new();
    let status = Box::pin(query::run(&client, &board, window, &options, &cancel, (&mut out, &mut err))).await;
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    (status.expect("written"), text(out), text(err))
}

fn of(text: &str) -> Options {
    Options { text: Some(text.to_owned()), output: Output::Json, ..Options::default() }
}

async fn screen(setting: Setting) -> Console {
    Console::settled(Setting { screen: ScreenId::Logs, window: WINDOW, ..setting }).await
}

/// The SDK itself, for what the program does not ask.
fn sdk(console: &Console) -> aws_sdk_cloudwatchlogs::Client {
    let config = aws_sdk_cloudwatchlogs::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("us-east-1"))
        .credentials_provider(Credentials::new("demo", "demo", None, None, "test"))
        .endpoint_url(console.demo.endpoint())
        .build();
    aws_sdk_cloudwatchlogs::Client::from_conf(config)
}

/// Types a query into the editor and runs it.
async fn type_and_run(console: &mut Console, text: &str) {
    console.keys(CLEAR);
    console.keys(text);
    console.keys_settled("<ctrl-r>").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_typed_finds_the_same_rows_as_the_command() {
    let mut console = screen(Setting::once()).await;
    console.keys_settled("<enter>").await;
    for text in QUERIES {
        type_and_run(&mut console, text).await;
        let known: Vec<_> = console.app.store().rows.iter().collect();
        let [(asked, feed)] = known.as_slice() else { panic!("{} answers are kept", known.len()) };
        assert_eq!(asked.text, *text);
        let row = |row: &Vec<(String, String)>| -> Value {
            row.iter().map(|(field, value)| (field.clone(), Value::from(value.as_str()))).collect()
        };
        let typed: Vec<Value> = feed.data.rows.iter().map(row).collect();
        let scanned = json!(feed.data.bytes_scanned as u64);
        let (status, out, err) = printed(&console, of(text)).await;
        assert_eq!(status, Status::Done, "{text}: {err}");
        let document: Value = serde_json::from_str(&out).expect("JSON");
        assert_eq!(document["status"], "Complete");
        assert!(!typed.is_empty(), "{text} finds nothing");
        assert_eq!(document["rows"], Value::Array(typed.clone()), "{text}");
        assert_eq!(document["statistics"]["bytes_scanned"], scanned, "{text}");
        console.screen();
        // The cursor is on the first value of the first row.
        let first = typed[0].as_object().expect("a row").iter().find(|(name, _)| *name != "@ptr").expect("a field");
        assert_eq!(Value::from(console.copied()), *first.1, "{text}\n{}", console.screen());
        let count = if typed.len() == 1 { "┌ 1 row ·".to_owned() } else { format!("┌ {} rows ·", typed.len()) };
        console.assert_shows(&[&count, "10:28:00"]);
        console.keys_settled("<tab>").await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_come_while_it_runs_and_stopping_it_stops_it_on_the_server() {
    let setting = Setting { rate: 40.0, window: Duration::from_hours(12), screen: ScreenId::Logs, ..Setting::live() };
    let mut console = Console::start(setting).await;
    console.keys("<enter>");
    console.keys(CLEAR);
    console.keys("stats count(*) as n by issuer<f5>");
    console.wait_for("rows while the query runs", |screen| screen.contains("rows so far")).await;
    console.assert_shows(&["running…", "Contoso_Bank"]);
    assert_eq!(console.demo.counts.snapshot().of("StopQuery"), 0);
    console.keys("<esc>");
    console.assert_shows(&["stopped", "Contoso_Bank", "stats count(*) as n by issuer"]);
    let logs = sdk(&console);
    let deadline = tokio::time::Instant::now() + Duration::from_secs(20);
    loop {
        console.pass().await;
        let queries = logs.describe_queries().send().await.expect("the queries");
        let states: Vec<&str> = queries.queries().iter().filter_map(|query| Some(query.status()?.as_str())).collect();
        if states == ["Cancelled"] {
            break;
        }
        assert!(tokio::time::Instant::now() < deadline, "{states:?}");
    }
    let calls = console.demo.counts.snapshot();
    assert_eq!((calls.of("StartQuery"), calls.of("StopQuery")), (1, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_query_goes_on_while_one_looks_elsewhere() {
    let setting = Setting { rate: 10.0, screen: ScreenId::Logs, ..Setting::live() };
    let mut console = Console::start(setting).await;
    console.keys("<ctrl-r>2");
    console.wait_for("the alarms", |screen| screen.contains("HighFailureRate")).await;
    let deadline = tokio::time::Instant::now() + Duration::from_secs(30);
    while !console.app.store().rows.values().any(|feed| !feed.data.running && feed.data.rows.len() == 100) {
        console.pass().await;
        assert!(tokio::time::Instant::now() < deadline);
    }
    console.keys("7");
    console.assert_shows(&["┌ 100 rows"]);
    assert_eq!(console.demo.counts.snapshot().of("StopQuery"), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn mistakes_are_told_at_their_place_before_aws_is_asked() {
    let mut console = screen(Setting::once()).await;
    console.keys_settled("<enter>").await;
    type_and_run(&mut console, "fields @timestamp<enter>| filtre issuer = 1").await;
    console.assert_shows(&["2:3 unknown command `filtre`; did you mean `filter`?", "Nothing has been run yet"]);
    assert_eq!(console.demo.counts.snapshot().of("StartQuery"), 0);
    let (status, out, err) = printed(&console, of("fields @timestamp\n| filtre issuer = 1")).await;
    assert_eq!((status, out.as_str()), (Status::Misused, ""));
    assert!(
        err.contains("line 2, column 3: unknown command `filtre`") && err.ends_with("  | filtre issuer = 1\n    ^\n"),
        "{err}"
    );
    let (status, _, err) = printed(&console, of("filter issuer = \"{{bank}}\"")).await;
    assert_eq!(status, Status::Misused);
    assert!(err.contains("the parameter `bank` has no value"), "{err}");
    assert_eq!(console.demo.counts.snapshot().of("StartQuery"), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_aws_refuses_is_told_and_the_query_stays() {
    for (fault, words) in
        [("deny:StartQuery", "denied"), ("500:StartQuery", "AWS error"), ("throttle:StartQuery", "throttled")]
    {
        let mut console = screen(Setting { faults: fault, ..Setting::once() }).await;
        console.keys_settled("<enter>").await;
        type_and_run(&mut console, "stats count(*) by issuer").await;
        console.assert_shows(&[words, "stats count(*) by issuer"]);
        // What is throttled is tried again by itself; after all else the next try is the user's.
        if words != "throttled" {
            console.fault("");
            console.keys_settled("<ctrl-r>").await;
            console.assert_shows(&["Contoso_Bank"]);
        }
        let (status, out, err) = {
            console.fault(fault);
            printed(&console, of("stats count(*) by issuer")).await
        };
        assert_eq!((status, out.as_str()), (Status::Refused, ""), "{err}");
        assert!(err.contains(words), "{err}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn from_a_row_to_its_record_and_a_value_to_its_requests() {
    let focus = Some(Target::Query(
        "filter event = \"TOKEN_PROVISION_FAILURE\" | fields @timestamp, issuer | sort @timestamp desc | limit 50"
            .into(),
    ));
    let mut console = screen(Setting { focus, ..Setting::once() }).await;
    console.assert_shows(&["┌ 50 rows", "≈ "]);
    console.keys_settled("<enter>").await;
    console.assert_shows(&["▾ @message:", "reason: ", "@logStream: ", "correlationId: corr_"]);
    // Fold, search, copy of value and path.
    console.keys("/");
    console.keys("correl<enter>");
    console.keys("jj");
    assert!(console.copied().starts_with("corr_"), "{}", console.screen());
    assert_eq!(console.copied_by("<ctrl-y>"), "correlationId");
    let id = console.copied();
    // The story of the value, and back.
    console.keys_settled("i").await;
    console.assert_shows(&[&id, "TOKEN_PROVISION_FAILURE"]);
    console.keys_settled("<esc>").await;
    assert_eq!(console.copied(), id);
    // Only this value: the filter stands before what sorts and cuts, and the query runs again.
    console.keys_settled("+").await;
    let filter = format!("| filter correlationId = \"{id}\"");
    console.assert_shows(&[&filter, "┌ 1 row"]);
    let window = console.app.window();
    console.keys("<right>");
    console.keys_settled("-").await;
    console.assert_shows(&["| filter issuer != \"", "Nothing matched"]);
    assert_eq!(console.app.window(), window, "the window stays where it is");
    console.keys("<esc>");
    console.assert_shows(&["edit", "saved, history"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn columns_values_patterns_and_charts() {
    let focus = Some(Target::Query(
        "filter ispresent(os) | fields issuer, os, event, @message | sort @timestamp desc | limit 200".into(),
    ));
    let mut console = screen(Setting { focus, ..Setting::once() }).await;
    console.keys("s");
    console.assert_shows(&["issuer · in 200 of 200 rows", " %  █"]);
    console.keys("<right>");
    console.assert_shows(&["os · in 200 of 200 rows", "Android 14"]);
    let value = console.copied();
    console.keys("<enter>");
    console.assert_shows(&[" of 200 rows"]);
    assert_eq!(console.copied(), value);
    console.keys("<esc>");
    console.assert_shows(&["┌ 200 rows"]);
    console.keys("H");
    assert!(!console.screen().lines().any(|line| line.contains("issuer ") && line.contains(" os ")));
    console.keys("U");
    console.keys("D");
    console.assert_shows(&[
        "patterns of @message in 200 lines",
        "not compared with the window before",
        "TOKEN_PROVISION_START",
    ]);
    console.keys_settled("c").await;
    console.assert_shows(&["against the window before"]);
    console.keys("<esc>");
    console.keys_settled("<tab>").await;
    type_and_run(&mut console, "stats count(*) as n by bin(5m)").await;
    console.keys("v");
    console.assert_shows(&["● n ", "┤"]);
    console.keys("v");
    console.assert_shows(&["bin(5m)"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn groups_and_saved_queries_are_picked_by_typing() {
    let mut console = screen(Setting::once()).await;
    console.keys_settled("<ctrl-g>").await;
    console.assert_shows(&["Log groups", "○ /aws/lambda/token-provisioning-service", "/website/orders"]);
    console.keys("/payments/*");
    console.keys_settled("<enter>").await;
    console.assert_shows(&["Logs Insights · /payments/*", "≈ "]);
    console.keys_settled("<enter>").await;
    type_and_run(&mut console, "stats count(*) as n by @log | sort @log").await;
    console.assert_shows(&["┌ 7 rows", "123456789012:/payments/billing"]);
    let options =
        Options { log_groups: vec!["/payments/*".to_owned()], ..of("stats count(*) as n by @log | sort @log") };
    let (_, out, _) = printed(&console, options).await;
    let document: Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!(document["rows"].as_array().map(Vec::len), Some(7));

    console.keys_settled("<ctrl-o>").await;
    console.assert_shows(&[
        "Saved queries and history",
        "Tokens/Failures by reason",
        "stats count(*) as n by @log | sort @log",
    ]);
    console.keys("req iss");
    console.keys_settled("<enter>").await;
    console.assert_shows(&["filter issuer = \"Contoso_Bank\"", "limit 100", "/aws/lambda/token-provisioning-service"]);
    console.keys_settled("<ctrl-r>").await;
    console.assert_shows(&["┌ 100 rows"]);
    let saved =
        Options { saved: Some("Tokens/Requests of an issuer".to_owned()), output: Output::Json, ..Options::default() };
    let (status, out, err) = printed(&console, saved).await;
    assert_eq!(status, Status::Done, "{err}");
    assert!(err.contains("≈ ") && err.contains("scanned"), "{err}");
    let document: Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!(document["rows"].as_array().map(Vec::len), Some(100));
}

#[tokio::test(flavor = "multi_thread")]
async fn words_are_completed_with_the_fields_of_the_groups() {
    let mut console = screen(Setting::once()).await;
    console.keys_settled("<enter>").await;
    console.keys(CLEAR);
    console.keys("filter walle");
    console.assert_shows(&["walletProvider", "% of events"]);
    console.keys("<tab>");
    console.keys(" = 1");
    console.assert_shows(&["filter walletProvider = 1"]);
    assert_eq!(console.demo.counts.snapshot().of("GetLogGroupFields"), 3, "of the first groups alone");
}

#[tokio::test(flavor = "multi_thread")]
async fn it_works_at_any_size() {
    let focus = Some(Target::Query("fields @timestamp, @message | limit 50".into()));
    let mut console = screen(Setting { focus, ..Setting::once() }).await;
    for (width, height) in [(80, 24), (40, 10), (20, 5), (1, 1), (200, 60)] {
        console.resize(width, height);
        for keys in
            ["", "<enter>", "<esc>", "s", "<esc>", "D", "<esc>", "v", "v", "<ctrl-g>", "<esc>", "<ctrl-o>", "<esc>"]
        {
            console.keys(keys);
            drop(console.screen());
        }
    }
    console.resize(80, 24);
    console.assert_shows(&["┌ 50 rows", "@timestamp", "┌ /aws/lambda/token-provisioning-service and 2 more"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_command_says_what_is_wrong_with_its_groups() {
    let console = Console::start(Setting::once()).await;
    let groups =
        |groups: &[&str]| Options { log_groups: groups.iter().map(|g| (*g).to_owned()).collect(), ..of("limit 1") };
    let (status, _, err) = printed(&console, groups(&["/nothing/*"])).await;
    assert_eq!(status, Status::Misused);
    assert!(err.contains("no log group begins with /nothing/"), "{err}");
    let (status, _, err) = printed(&console, groups(&["/nope"])).await;
    assert_eq!(status, Status::Refused);
    assert!(err.contains("/nope"), "{err}");
    let (_, _, err) = printed(&console, groups(&["/website/orders", "/nope", "/payments/none"])).await;
    assert!(err.contains("there is no log group /nope, /payments/none\n"), "{err}");
    let (status, _, err) = printed(&console, of("pattern @message\n| anomaly")).await;
    assert_eq!(status, Status::Misused, "{err}");
    let place = "the query cannot be run: line 2, column 3: the local engine does not do `anomaly`";
    assert!(err.contains(place) && err.ends_with("\n  | anomaly\n    ^\n"), "{err}");
    let (status, _, err) = printed(&console, of("filter issuer = 'Nobody' | limit 1")).await;
    assert_eq!(status, Status::Found);
    assert!(err.contains("\nbaro: no rows: none passes the filters; `fields "), "{err}");
    let many: Vec<String> = (0..51).map(|n| format!("g{n}")).collect();
    let (status, _, err) = printed(&console, Options { log_groups: many, ..of("limit 1") }).await;
    assert_eq!(status, Status::Misused);
    assert!(err.contains("50 log groups at most, these are 51"), "{err}");
    let arn = "arn:aws:logs:us-east-1:123456789012:log-group:/website/orders:*";
    let (status, out, err) = printed(&console, groups(&[arn, "/payments/risk"])).await;
    assert_eq!(status, Status::Done, "{err}{out}");
    assert_eq!(console.demo.counts.snapshot().of("StartQuery"), 3);
    let client = client(&console).await;
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let (window, cancel) = ((Window::live(WINDOW), time(INCIDENT)), CancellationToken::new());
    let board = barograph::board::Board::empty("found");
    let to: (&mut dyn std::io::Write, &mut dyn std::io::Write) = (&mut out, &mut err);
    let status = Box::pin(query::run(&client, &board, window, &of("limit 1"), &cancel, to)).await;
    let err = String::from_utf8(err).expect("UTF-8");
    assert_eq!(status.expect("written"), Status::Misused);
    assert!(err.contains("the board `found` names none; give --log-group NAME or PREFIX*"), "{err}");
    assert!(err.contains("; there are /aws/") && err.contains(" more"), "{err}");
    let of_board =
        tail::groups(&client, &barograph::board::preset("token-provisioning").expect("the preset"), &[]).await;
    assert!(of_board.expect("groups").contains(&"/aws/lambda/token-provisioning-service".to_owned()));
    let chosen = tail::groups(&client, &board, &["/payments/*".to_owned()]).await.expect("groups");
    assert!(chosen.len() > 3 && chosen.iter().all(|group| group.starts_with("/payments/")));
    assert_eq!(tail::groups(&client, &board, &[]).await.expect_err("none").0, Status::Misused);
}
