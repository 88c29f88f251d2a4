//! The commands as processes: what they write, byte by byte where that is promised, and how they end.

#![expect(clippy::expect_used, reason = "helpers of tests fail as tests do")]

mod contract;

use std::io::{BufRead, BufReader};
use std::process::{Command, Output, Stdio};

use serde_json::Value;

use contract::{ALARM, alarms, assert_keys, assert_stamp, cards, feed, firing, services, trend};

const BARO: &str = env!("CARGO_BIN_EXE_baro");
/// The documented world in the middle of its incident.
const WORLD: &[&str] = &["--demo", "--seed", "7", "--at", "2026-01-15T10:28:00Z"];
/// The same at a tenth of its load, for what does not depend on it.
const SMALL: &[&str] = &["--demo", "--seed", "7", "--at", "2026-01-15T10:28:00Z", "--rate", "4"];
const GROUP: &str = "/aws/lambda/token-provisioning-service";
/// Where nobody listens: the port of `discard`.
const NOWHERE: &[&str] = &["--endpoint-url", "http://127.0.0.1:9", "--region", "us-east-1"];

/// The program in an environment of its own, so that nothing of the machine's shows.
fn baro(args: &[&str]) -> Command {
    let mut command = Command::new(BARO);
    command.env_clear().args(args);
    command.env("XDG_CONFIG_HOME", concat!(env!("CARGO_TARGET_TMPDIR"), "/no-config"));
    command.env("XDG_STATE_HOME", concat!(env!("CARGO_TARGET_TMPDIR"), "/state"));
    command.env("HOME", concat!(env!("CARGO_TARGET_TMPDIR"), "/no-home"));
    command.env("TZ", "America/New_York");
    command
}

/// Runs it to its end; a status and what it wrote.
fn run(parts: &[&[&str]]) -> (i32, String, String) {
    let Output { status, stdout, stderr } = baro(&parts.concat()).output().expect("the program runs");
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    (status.code().expect("a status"), text(stdout), text(stderr))
}

/// Runs it and wants status 0 and a quiet stderr.
#[track_caller]
fn good(parts: &[&[&str]]) -> String {
    let (status, out, err) = run(parts);
    assert_eq!((status, err.as_str()), (0, ""), "{parts:?}\n{out}");
    out
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).expect("JSON")
}

/// A frame is exactly its lines, each of its width, the same on every run and machine.
fn frame(name: &str, screen: &str, (columns, lines): (usize, usize)) {
    let size = format!("{columns}x{lines}");
    let args = ["snapshot", "--screen", screen, "--size", &size, "--wait", "60s"];
    let frame = good(&[WORLD, &args]);
    assert!(frame.ends_with('\n'));
    assert_eq!(frame.lines().count(), lines);
    for line in frame.lines() {
        assert_eq!(unicode_width::UnicodeWidthStr::width(line), columns, "{line}");
    }
    assert_eq!(good(&[WORLD, &args]), frame, "a second run");
    insta::assert_snapshot!(name, frame);
}

#[test]
fn the_overview_is_the_same_everywhere() {
    frame("overview-160x48", "overview", (160, 48));
    frame("overview-80x24", "overview", (80, 24));
}

#[test]
fn the_alarms_are_the_same_everywhere() {
    frame("alarms-160x48", "alarms", (160, 48));
    frame("alarms-80x24", "alarms", (80, 24));
}

#[test]
fn the_requests_are_the_same_everywhere() {
    frame("requests-160x48", "requests", (160, 48));
    frame("requests-80x24", "requests", (80, 24));
}

#[test]
fn the_services_are_the_same_everywhere() {
    frame("services-160x48", "services", (160, 48));
    frame("services-80x24", "services", (80, 24));
}

#[test]
fn the_document_of_the_overview_is_the_contract() {
    let args: &[&str] = &["snapshot", "--format", "json", "--wait", "60s"];
    let text = good(&[WORLD, args]);
    assert_eq!(good(&[WORLD, args]), text, "a second run");
    let document = json(&text);
    assert_keys(
        &document,
        &[
            "schema",
            "screen",
            "at",
            "window_s",
            "region",
            "cards",
            "alarms",
            "feed",
            "services",
            "trend",
            "problems",
            "cost",
            "feed_counts",
        ],
    );
    assert_eq!(document["schema"], "barograph/v1");
    assert_eq!(document["screen"], "overview");
    assert_eq!(document["at"], "2026-01-15T10:28:00.000Z");
    assert_eq!(document["window_s"], 10_800);
    assert_eq!(document["region"], "us-east-1");
    assert_eq!(document["problems"], serde_json::json!([]));
    cards(&document["cards"]);
    alarms(&document["alarms"]);
    feed(&document["feed"]);
    services(&document["services"]);
    trend(&document["trend"]);
    assert_keys(&document["cost"], &["usd_per_hour", "usd_session"]);
    assert!(document["cost"]["usd_session"].as_f64().expect("dollars") > 0.0);
}

#[test]
fn a_screen_s_document_has_the_parts_of_the_screen() {
    let document = |screen: &str| json(&good(&[SMALL, &["snapshot", "--format", "json", "--screen", screen]]));
    let (alarms, requests) = (document("alarms"), document("requests"));
    assert_eq!((&alarms["screen"], &requests["screen"]), (&"alarms".into(), &"requests".into()));
    assert!(alarms["alarms"].is_array() && alarms["feed"].is_null() && alarms["cards"].is_null());
    assert!(requests["feed"].is_array() && requests["alarms"].is_null());
}

#[test]
fn ansi_and_svg_show_the_same_text() {
    let text = good(&[SMALL, &["snapshot", "--size", "100x30"]]);
    let ansi = good(&[SMALL, &["snapshot", "--size", "100x30", "--format", "ansi"]]);
    assert!(ansi.contains("\x1b[") && !ansi.contains("\x1b[?"), "colours, and nothing that moves or switches");
    let mut plain = String::new();
    let mut rest = ansi.as_str();
    while let Some(start) = rest.find("\x1b[") {
        plain.push_str(&rest[..start]);
        let end = start + rest[start..].find('m').expect("an end");
        rest = &rest[end + 1..];
    }
    plain.push_str(rest);
    let trimmed = |text: &str| text.lines().map(|line| line.trim_end().to_owned()).collect::<Vec<_>>();
    assert_eq!(trimmed(&plain), trimmed(&text));

    let svg = good(&[SMALL, &["snapshot", "--size", "100x30", "--format", "svg"]]);
    well_formed(&svg);
    for word in ["Success", "HighLatency", "Services"] {
        assert!(svg.contains(word), "{word}");
    }
}

/// Whether every element is closed, in order, and every text escaped.
fn well_formed(xml: &str) {
    let mut open: Vec<&str> = Vec::new();
    let mut rest = xml;
    while let Some(start) = rest.find('<') {
        let text = &rest[..start];
        assert!(!text.contains('>'), "unescaped: {text}");
        for (at, _) in text.match_indices('&') {
            let entity = text[at + 1..].split(';').next().unwrap_or_default();
            let known = ["amp", "lt", "gt", "quot", "apos"].contains(&entity) || entity.starts_with('#');
            assert!(known, "no entity: {text}");
        }
        let end = start + rest[start..].find('>').expect("a tag ends");
        let tag = &rest[start + 1..end];
        assert_eq!(tag.matches('"').count() % 2, 0, "quotes: {tag}");
        let name = tag.trim_start_matches('/').split([' ', '/', '\n']).next().unwrap_or_default();
        if tag.starts_with('/') {
            assert_eq!(open.pop(), Some(name), "</{name}>");
        } else if !tag.ends_with('/') && !tag.starts_with('?') && !tag.starts_with('!') {
            open.push(name);
        }
        rest = &rest[end + 1..];
    }
    assert!(open.is_empty() && rest.trim().is_empty(), "left open: {open:?}");
}

#[test]
fn alarms_are_listed_and_counted_in_the_status() {
    let table = good(&[WORLD, &["alarms"]]);
    let lines: Vec<&str> = table.lines().collect();
    assert_eq!(lines.len(), 13, "{table}");
    assert!(lines[0].starts_with("STATE") && lines[0].contains("SINCE"), "{table}");
    assert!(lines[1..7].iter().all(|line| line.starts_with("ALARM ") && line.contains("  2026-01-15T10:")), "{table}");
    assert!(lines[7].contains("INSUFFICIENT_DATA") && lines[8..].iter().all(|line| line.starts_with("OK ")), "{table}");

    let document = json(&good(&[WORLD, &["alarms", "--output", "json"]]));
    assert_keys(&document, &["schema", "alarms"]);
    assert_eq!(document["schema"], "barograph/v1");
    firing(&document["alarms"]);
    let metric = [
        "severity",
        "newest",
        "newest_at",
        "unit",
        "tags",
        "description",
        "arn",
        "evaluation_state",
        "actions_enabled",
        "actions",
        "comparison",
        "datapoints_to_alarm",
        "evaluation_periods",
        "period_s",
        "treat_missing_data",
    ];
    let named = |name: &str| {
        let mut alarms = document["alarms"].as_array().expect("alarms").iter();
        alarms.find(|alarm| alarm["name"] == name).expect("there")
    };
    let rate = named("HighFailureRate");
    assert_eq!((&rate["unit"], &rate["newest_at"]), (&"Percent".into(), &"2026-01-15T10:20:00.000Z".into()));
    assert_keys(rate, &[&ALARM[..], &metric].concat());
    assert_keys(&rate["actions"], &["alarm", "ok", "insufficient_data"]);
    assert_eq!((&rate["datapoints_to_alarm"], &rate["period_s"]), (&2.into(), &300.into()));
    let composite = ["rule", "children", "suppressor", "suppressed_by"];
    assert_keys(named("TokenProvisioningUnhealthy"), &[&ALARM[..], &metric[..10], &composite].concat());
    let logs = document["alarms"].as_array().and_then(|all| all.iter().find(|alarm| alarm["kind"] == "log"));
    let of_logs = ["query", "aggregation", "log_groups"];
    let shared = [&metric[..13], &metric[14..]].concat();
    assert_keys(logs.expect("a log alarm"), &[&ALARM[..], &shared, &of_logs].concat());

    assert_eq!(run(&[WORLD, &["alarms", "--exit-code"]]).0, 1, "something fires");
    let calm: &[&str] = &["--demo", "--at", "2026-01-15T09:00:00Z"];
    assert_eq!(run(&[calm, &["alarms", "--exit-code"]]).0, 0, "nothing fires");
    assert_eq!(run(&[calm, &["alarms", "--state", "ALARM"]]).0, 1, "nothing found");
    let (status, out, err) = run(&[SMALL, &["alarms", "--faults", "deny:DescribeAlarms"]]);
    assert_eq!((status, out.as_str()), (3, ""));
    assert!(err.starts_with("baro: cloudwatch:DescribeAlarms: denied"), "{err}");
}

#[test]
fn alarms_are_narrowed_and_their_history_is_told() {
    let names = |args: &[&str]| -> Vec<String> {
        let document = json(&good(&[WORLD, &["alarms", "--output", "json"], args]));
        let names = document["alarms"].as_array().expect("alarms").iter();
        names.map(|alarm| alarm["name"].as_str().expect("a name").to_owned()).collect()
    };
    assert_eq!(names(&["HighLatency", "OrderSurge"]), ["HighLatency", "OrderSurge"]);
    assert_eq!(
        names(&["--filter", "age<9m kind:metric"]),
        ["FailedProvisioningCount", "HighFailureRate", "HighLatency"]
    );
    assert_eq!(names(&["--filter", "-state:alarm actions:off"]), ["ActiveTokensDrop"]);

    let history = json(&good(&[WORLD, &["alarms", "HighFailureRate", "--events", "--output", "json"]]));
    assert_keys(&history, &["schema", "alarms"]);
    let events = history["alarms"][0]["history"].as_array().expect("events");
    for event in events {
        assert_keys(event, &["time", "type", "summary", "from", "to"]);
        assert_stamp(&event["time"]);
    }
    assert_eq!((&events[1]["type"], &events[1]["to"]), (&"StateUpdate".into(), &"ALARM".into()));
    assert_eq!(events[3]["type"], "ConfigurationUpdate");
    let table = good(&[WORLD, &["alarms", "HighFailureRate", "--events"]]);
    assert!(table.contains("2026-01-15T10:20:00Z  StateUpdate          Alarm updated from OK to ALARM"), "{table}");
    let csv = good(&[WORLD, &["alarms", "--state", "ALARM", "--output", "csv"]]);
    assert!(
        csv.starts_with(
            "name,kind,state,since,severity,value,threshold,reason,newest,newest_at,unit\nSuccessRateDecline,"
        ) && csv.lines().count() == 7,
        "{csv}"
    );

    let (status, out, err) = run(&[SMALL, &["alarms", "NoSuch"]]);
    assert_eq!((status, out.lines().count()), (1, 1), "{out}");
    assert!(err.contains("no alarm `NoSuch`"), "{err}");
    let (status, _, err) = run(&[SMALL, &["alarms", "--filter", "owner:me"]]);
    assert_eq!(status, 2);
    assert!(err.contains("there is no `owner:`"), "{err}");
    let (status, out, err) = run(&[SMALL, &["alarms", "--board", "no-such-board"]]);
    assert_eq!(status, 2, "{out}");
    assert!(err.contains("no-such-board"), "{err}");
    assert_eq!(run(&[SMALL, &["alarms", "--events"]]).0, 2, "whose?");
}

#[test]
fn a_board_s_prefixes_narrow_the_alarms_and_all_lifts_them() {
    let folder = concat!(env!("CARGO_TARGET_TMPDIR"), "/alarms");
    std::fs::create_dir_all(folder).expect("a folder");
    let board = format!("{folder}/high.toml");
    std::fs::write(
        &board,
        "[alarms]\nprefixes = [\"High\"]\n[[alarms.severity]]\nmatch = \"*Latency\"\nseverity = \"warning\"\n",
    )
    .expect("a board");
    let table = |more: &[&str]| good(&[SMALL, &["alarms", "--board", &board, "--output", "csv"], more]);
    let narrow = table(&[]);
    assert_eq!(narrow.lines().count(), 3, "{narrow}");
    assert!(narrow.contains(",warning,") && narrow.contains(",critical,"), "{narrow}");
    assert_eq!(table(&["--all"]).lines().count(), 13);
    assert_eq!(table(&["--all", "--filter", "severity:warning"]).lines().count(), 2);
}

#[test]
fn a_trend_that_searches_has_every_series() {
    let board = std::env::temp_dir().join(format!("baro-search-{}.toml", std::process::id()));
    let text = "[[metric]]\nid = \"errors\"\nsearch = '{AWS/Lambda,FunctionName} MetricName=\"Errors\"'\nstat = \"Sum\"\n\
                [[chart]]\nid = \"load\"\ntitle = \"Errors\"\nseries = [{ id = \"errors\" }]\n";
    std::fs::write(&board, text).expect("written");
    let path = board.to_string_lossy().into_owned();
    let printed = good(&[SMALL, &["snapshot", "--board", &path, "--format", "json", "--wait", "60s"]]);
    std::fs::remove_file(&board).expect("removed");
    let shown = json(&printed);
    let series = shown["trend"]["series"].as_array().expect("the trend");
    let labels: std::collections::BTreeSet<&str> = series.iter().filter_map(|one| one["label"].as_str()).collect();
    assert!(labels.len() > 1 && labels.len() == series.len(), "{labels:?} of {}", series.len());
    assert!(series.iter().all(|one| one["id"] == "errors" && !one["points"].as_array().expect("points").is_empty()));
}

#[test]
fn a_metric_is_split_by_its_dimensions() {
    let focus = ["snapshot", "--size", "100x20", "--wait", "60s", "--focus"];
    let frame = good(&[SMALL, &focus, &["split:TokenServices:TokenProvisioningRequests:Sum"]]);
    assert!(frame.contains("TokenProvisioningRequests · Sum by Issuer · against the window before"), "{frame}");
    assert!(frame.contains("split by ‹ ▸Issuer  WalletProvider  ›"), "{frame}");
    let share = |issuer: &str| -> f64 {
        let line = frame.lines().find(|line| line.contains(issuer)).expect(issuer);
        let before = line.split('%').next().expect("a share");
        before.split_whitespace().last().and_then(|share| share.parse().ok()).expect("a share")
    };
    let all: f64 = ["Contoso_Bank", "DEMO_Bank", "Northwind_CU"].into_iter().map(share).sum();
    assert!((all - 100.0).abs() < 0.2 && share("Contoso_Bank") > share("Northwind_CU"), "{frame}");
    let (status, _, err) = run(&[SMALL, &["snapshot", "--focus", "split:100*3"]]);
    assert!(status == 2 && err.contains("one metric alone can be split"), "{status} {err}");
}

#[test]
fn metrics_print_what_the_screen_shows() {
    let reference = "TokenServices:TokenProvisioningLatency:p99";
    let sql = "SELECT SUM(TokenProvisioningFailure) FROM SCHEMA(TokenServices, Issuer, WalletProvider) GROUP BY Issuer";
    let asked =
        ["metrics", "trend", reference, sql, "f = failed", "100 * f / (f + success) as \"rate\"", "--since", "30m"];
    let text = good(&[SMALL, &asked, &["--output", "json"]]);
    assert_eq!(good(&[SMALL, &asked, &["--output", "json"]]), text, "a second run");
    let document = json(&text);
    assert_keys(&document, &["schema", "at", "window_s", "series"]);
    assert_eq!((&document["schema"], &document["window_s"]), (&"barograph/v1".into(), &1800.into()));
    assert_stamp(&document["at"]);
    let series = document["series"].as_array().expect("series");
    let ids: Vec<&str> = series.iter().filter_map(|one| one["id"].as_str()).collect();
    assert_eq!(ids, ["success", "failed", "pending", "m2", "e3", "e3", "e3", "f", "e5"]);
    for one in series {
        let is_metric = one["stat"].is_string();
        assert_keys(
            one,
            if is_metric {
                &["id", "label", "period_s", "stat", "points"]
            } else {
                &["id", "label", "period_s", "points"]
            },
        );
        assert_eq!(one["period_s"], 60);
        assert!(one["points"].as_array().is_some_and(|points| !points.is_empty() && points.len() <= 30), "{one}");
    }
    assert_eq!((&series[3]["stat"], &series[8]["label"]), (&"p99".into(), &"rate".into()));
    let labels: Vec<&str> = series[4..7].iter().filter_map(|one| one["label"].as_str()).collect();
    assert_eq!(labels, ["Contoso_Bank", "DEMO_Bank", "Northwind_CU"]);

    // The trend of the Overview, point by point.
    let shown = json(&good(&[SMALL, &["snapshot", "--format", "json", "--since", "30m", "--wait", "60s"]]));
    for (one, drawn) in series.iter().zip(shown["trend"]["series"].as_array().expect("the trend")) {
        assert_eq!((&one["id"], &one["points"]), (&drawn["id"], &drawn["points"]));
    }

    let table = good(&[SMALL, &asked]);
    assert_eq!(table.lines().count(), 31, "{table}");
    let csv = good(&[SMALL, &asked, &["--output", "csv"]]);
    assert!(csv.starts_with("time,success,failed,pending,") && csv.lines().count() == 31, "{csv}");
    assert_eq!(good(&[SMALL, &asked, &["--output", "spark"]]).lines().count(), 9);
}

#[test]
fn metrics_are_listed_and_mistakes_told_at_their_place() {
    let document = json(&good(&[SMALL, &["metrics", "--search", "lambda err", "--output", "json"]]));
    assert_keys(&document, &["schema", "at", "complete", "metrics"]);
    assert_eq!(document["complete"], true);
    let metrics = document["metrics"].as_array().expect("metrics");
    assert!(!metrics.is_empty());
    for metric in metrics {
        assert_keys(metric, &["namespace", "name", "dimensions"]);
        assert_eq!((&metric["namespace"], &metric["name"]), (&"AWS/Lambda".into(), &"Errors".into()));
    }
    assert!(good(&[SMALL, &["metrics", "--namespace", "AWS/SQS", "--recent"]]).starts_with("NAMESPACE  NAME"));
    assert_eq!(run(&[SMALL, &["metrics", "--search", "nothing like it"]]).0, 1);
    let (status, out, err) = run(&[SMALL, &["metrics", "Nowhere:Nothing:Sum"]]);
    assert_eq!((status, out.as_str()), (1, ""), "no datapoint");
    assert_eq!(err, "baro: no datapoints in the window\nbaro: there is no metric in a namespace Nowhere\n");
    let (status, out, err) = run(&[SMALL, &["metrics", "100 * AWS/Lambda:Error:Sum / AWS/Lambda:Nothing:Sum"]]);
    assert_eq!((status, out.as_str()), (1, ""), "no datapoint");
    assert!(err.ends_with("there is no metric Error in AWS/Lambda; did you mean Errors?\n"), "{err}");

    let (status, out, err) = run(&[SMALL, &["metrics", "1 + Nowhere:Nothing:Summ"]]);
    assert_eq!((status, out.as_str()), (2, ""));
    let lines: Vec<&str> = err.lines().collect();
    let said = "baro: expression 1, position 20: no statistic 'Summ'; did you mean Sum? There are Average, Sum,";
    assert!(lines[0].starts_with(said), "{err}");
    assert_eq!(lines[2].find('^'), lines[1].find("Summ"), "{err}");

    let (status, _, err) = run(&[SMALL, &["metrics", "AVG(requests)"]]);
    assert_eq!(status, 3, "only AWS knows that this is no series");
    assert!(err.contains("must be a single time series"), "{err}");
    let (status, _, err) = run(&[SMALL, &["metrics", "requests", "--faults", "deny:GetMetricData"]]);
    assert_eq!(status, 3);
    assert!(err.contains("cloudwatch:GetMetricData: denied"), "{err}");
    assert_eq!(run(&[SMALL, &["metrics", "--faults", "deny:ListMetrics"]]).0, 3);
    assert_eq!(run(&[SMALL, &["metrics", "--output", "csv"]]).0, 2, "a list has no columns of values");
    assert_eq!(run(&[SMALL, &["metrics", "requests", "--recent"]]).0, 2);
}

#[test]
fn tail_prints_what_there_is_where_the_clock_stands_still() {
    let args: &[&str] = &["tail", "--log-group", GROUP, "--since", "2m", "--output", "ndjson"];
    let text = good(&[SMALL, args]);
    assert_eq!(good(&[SMALL, args]), text, "a second run");
    assert!(text.lines().count() > 200, "two minutes of four requests a second, two lines each");
    let mut before = String::new();
    for line in text.lines() {
        let event = json(line);
        assert_keys(&event, &["schema", "time", "log_group", "message"]);
        assert_eq!((&event["schema"], &event["log_group"]), (&"barograph/v1".into(), &GROUP.into()));
        assert_stamp(&event["time"]);
        let time = event["time"].as_str().expect("a time").to_owned();
        assert!(
            time >= before && time.as_str() >= "2026-01-15T10:26:00" && time.as_str() <= "2026-01-15T10:28:00.000Z"
        );
        assert!(json(event["message"].as_str().expect("text"))["event"].is_string());
        before = time;
    }
    let failures =
        good(&[SMALL, &["tail", "--log-group", GROUP, "--filter", "{ $.event = \"TOKEN_PROVISION_FAILURE\" }"]]);
    assert!(!failures.is_empty() && failures.lines().all(|line| line.contains("TOKEN_PROVISION_FAILURE")));
    assert!(run(&[SMALL, &["tail", "--filter", "NOTHING"]]).2.is_empty(), "without a group it is the board's");
    let (status, out, err) = run(&[SMALL, &["tail", "--log-group", "/no/such/group"]]);
    assert_eq!((status, out.as_str()), (3, ""));
    assert!(err.contains("not found"), "{err}");
    assert_eq!(run(&[SMALL, &["tail", "--log-group", GROUP, "--filter", "NOTHING"]]).0, 1);
}

#[test]
fn patterns_are_compared_with_the_time_before() {
    let args: &[&str] = &["query", "filter event like /FAILURE/ | diff", "--since", "5m", "--output", "ndjson"];
    let (status, out, err) = run(&[SMALL, args]);
    assert_eq!(status, 0, "{err}");
    let rows: Vec<Value> = out.lines().map(json).collect();
    let of = |row: &Value, name: &str| row[name].as_str().and_then(|text| text.parse::<f64>().ok()).expect("a number");
    for row in &rows {
        let [now, before, difference] = ["@sampleCount", "@previousCount", "@difference"].map(|name| of(row, name));
        assert!((now - before - difference).abs() < 0.5, "{row}");
    }
    let sum = |name| rows.iter().map(|row| of(row, name)).sum::<f64>();
    // Each window has what a query over it alone finds.
    for (at, name) in [("2026-01-15T10:28:00Z", "@sampleCount"), ("2026-01-15T10:23:00Z", "@previousCount")] {
        let alone: &[&str] =
            &["query", "filter event like /FAILURE/ | stats count(*) as n", "--since", "5m", "--output", "csv"];
        let (_, out, err) = run(&[&["--demo", "--seed", "7", "--rate", "4", "--at", at], alone]);
        let count: f64 = out.trim_start_matches("n\n").trim().parse().expect(&err);
        // The ends of windows are inclusive with AWS.
        assert!((sum(name) - count).abs() <= 2.0, "{name}: {} and {count}", sum(name));
    }
}

#[test]
fn a_query_that_is_ended_says_by_which_signal() {
    let args: &[&str] = &["query", "fields @message | pattern @message", "--since", "24h"];
    let mut child =
        baro(&[WORLD, args].concat()).stderr(Stdio::piped()).stdout(Stdio::null()).spawn().expect("it starts");
    let mut reader = BufReader::new(child.stderr.take().expect("its errors"));
    let mut line = String::new();
    reader.read_line(&mut line).expect("a line");
    assert!(line.contains("to be scanned"), "{line}");
    let killed = Command::new("kill").args(["-TERM", &child.id().to_string()]).status().expect("kill runs");
    assert!(killed.success());
    assert_eq!(child.wait().expect("it ends").code(), Some(143));
}

#[test]
fn check_says_what_is_wrong_and_exits_with_it() {
    let (status, out, err) = run(&[SMALL, &["check"]]);
    assert_eq!((status, err.as_str()), (0, ""), "{out}");
    assert!(out.contains("no problems") && !out.contains("MISSING") && !out.contains("not tried"), "{out}");

    let (status, out, _) = run(&[SMALL, &["check", "--theme", "drak"]]);
    assert_eq!(status, 2, "{out}");
    assert!(out.contains("did you mean `dark`?"), "{out}");

    let (status, out, _) = run(&[SMALL, &["check", "--faults", "deny:StartLiveTail,deny:BatchGetTraces"]]);
    assert_eq!(status, 3, "{out}");
    assert!(out.ends_with("\nMissing actions: logs:StartLiveTail, xray:BatchGetTraces\n"), "{out}");
}

#[test]
fn completions_are_written_for_every_shell() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = good(&[&["completions", shell]]);
        assert!(script.contains("baro") && script.contains("snapshot"), "{shell}");
    }
}

#[test]
fn bad_usage_says_so_on_stderr() {
    for args in
        [&["snapshot", "--size", "80"][..], &["--seed", "7"], &["nonsense"], &["tail"], &["--demo", "--faults", "x:*"]]
    {
        let (status, out, err) = run(&[args]);
        assert_eq!((status, out.as_str()), (2, ""), "{args:?}");
        assert!(!err.is_empty(), "{args:?}");
    }
}

#[test]
fn a_closed_pipe_ends_quietly() {
    for args in [
        &["tail", "--log-group", GROUP, "--since", "30m"][..],
        &["snapshot", "--format", "json"],
        &["alarms"],
        &["metrics"],
    ] {
        let mut child = baro(&[SMALL, args].concat())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let mut line = String::new();
        let mut reader = BufReader::with_capacity(16, child.stdout.take().expect("its output"));
        reader.read_line(&mut line).expect("a line");
        drop(reader);
        let ended = child.wait_with_output().expect("the program ends");
        assert!(!line.is_empty());
        assert_eq!((ended.status.code(), ended.stderr.as_slice()), (Some(0), &b""[..]), "{args:?}");
    }
}

#[test]
fn an_endpoint_that_is_not_there_is_said_on_stderr() {
    let credentials =
        [("AWS_ACCESS_KEY_ID", "x"), ("AWS_SECRET_ACCESS_KEY", "x"), ("AWS_EC2_METADATA_DISABLED", "true")];
    let reach = |args: &[&str]| {
        let ended = baro(&[NOWHERE, args].concat()).envs(credentials).output().expect("the program runs");
        let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
        (ended.status.code(), text(ended.stdout), text(ended.stderr))
    };
    let (status, out, err) = reach(&["snapshot", "--size", "120x30", "--board", "token-provisioning"]);
    assert_eq!(status, Some(3));
    assert_eq!(out.lines().count(), 30, "the frame and nothing else: {out}");
    assert!(out.contains("unreachable"), "{out}");
    assert!(err.lines().all(|line| line.starts_with("baro: ") && line.contains("unreachable: ")), "{err}");
    for source in ["GetMetricData", "DescribeAlarms", "FilterLogEvents", "GetServiceGraph"] {
        assert!(err.contains(source), "{source}: {err}");
    }

    let (status, out, err) = reach(&["alarms"]);
    assert_eq!((status, out.as_str()), (Some(3), ""));
    assert!(err.starts_with("baro: cloudwatch:DescribeAlarms: unreachable"), "{err}");
}

#[test]
fn a_snapshot_of_a_board_that_is_not_there_is_bad_configuration() {
    let (status, out, err) = run(&[SMALL, &["snapshot", "--board", "nope", "--size", "80x24"]]);
    assert_eq!(status, 2, "{err}");
    assert_eq!(out.lines().count(), 24, "the frame is drawn all the same");
    assert!(err.contains("no board") && err.contains("token-provisioning"), "{err}");
}
