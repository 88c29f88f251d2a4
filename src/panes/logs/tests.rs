use chrono::TimeDelta;

use super::*;
use crate::app::action::Action;
use crate::app::msg::Update;
use crate::board::ChangeRules;
use crate::export::Form;
use crate::panes::testing::World;
use crate::panes::{Pane, Target};
use crate::store::health::{ErrorKind, SourceError};
use crate::store::logbook::{LogAnswer, LogAsk, LogGroup, LogGroups};
use crate::store::rows::LogQuery;

/// The screen with these rows of a query.
fn with(world: &mut World, rows: &[&[(&str, &str)]]) -> Logs {
    let mut logs = Logs::of(&"fields @timestamp, @message, n, cvv".into());
    logs.chosen = Some(vec!["/a".to_owned()]);
    logs.run = Some(Run::new(logs.editor.text(), logs.chosen.clone()));
    let query = logs.run.as_ref().and_then(|run| run.query(&world.cx())).cloned().expect("a query");
    let pairs = |row: &&[(&str, &str)]| row.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
    let rows = LogRows { rows: rows.iter().map(pairs).collect(), ..LogRows::default() };
    world.store.fold(&world.board, Update::Rows { query, at: world.now, rows });
    logs.sync(&world.cx());
    logs
}

const ROWS: [&[(&str, &str)]; 3] = [
    &[("@timestamp", "t1"), ("@message", "user 1 in"), ("n", "10"), ("cvv", "123"), ("@ptr", "p")],
    &[("@timestamp", "t2"), ("@message", "user 2 in"), ("n", "9"), ("cvv", "456")],
    &[("@timestamp", "t3"), ("@message", "disk full"), ("n", "007"), ("cvv", "789")],
];

fn csv(logs: &Logs, world: &World) -> String {
    logs.exported(&world.cx()).expect("rows").table.write(Form::Csv, world.now)
}

#[test]
fn rows_are_exported_as_they_are_looked_at() {
    let mut world = World::live();
    let mut logs = with(&mut world, &ROWS);
    assert_eq!(
        csv(&logs, &world),
        "@timestamp,@message,n,cvv\nt1,user 1 in,10,****\nt2,user 2 in,9,****\nt3,disk full,007,****\n"
    );
    let cx = world.cx();
    logs.set_filter("user", &cx);
    for action in [Action::Right, Action::Right, Action::Pick, Action::Reverse, Action::Sort, Action::Sort] {
        logs.on(action, &cx);
    }
    logs.on(Action::Down, &cx);
    let exported = logs.exported(&cx).expect("rows");
    assert_eq!(exported.table.columns(), ["n", "@timestamp", "@message", "cvv"]);
    assert_eq!(
        exported.table.write(Form::Ndjson, world.now),
        "{\"n\":9,\"@timestamp\":\"t2\",\"@message\":\"user 2 in\",\"cvv\":\"****\"}\n\
         {\"n\":10,\"@timestamp\":\"t1\",\"@message\":\"user 1 in\",\"cvv\":\"****\"}\n"
    );
    assert_eq!(exported.selected, Some(1));
    logs.on(Action::HideColumn, &cx);
    assert!(!logs.exported(&cx).expect("rows").table.columns().contains(&"n".to_owned()));
}

#[test]
fn values_and_patterns_are_exported_too() {
    let mut world = World::live();
    let mut logs = with(&mut world, &ROWS);
    logs.on(Action::Patterns, &world.cx());
    assert_eq!(
        csv(&logs, &world).lines().next(),
        Some("pattern,lines,share,lines_before,example"),
        "{}",
        csv(&logs, &world)
    );
    assert!(csv(&logs, &world).contains("user <NUM> in,2,0.66"), "{}", csv(&logs, &world));
    logs.on(Action::Back, &world.cx());
    logs.count_values("cvv".to_owned(), &world.cx());
    let text = csv(&logs, &world);
    assert!(text.starts_with("cvv,rows,share\n****,1,0.33"), "{text}");
    assert_eq!(logs.copied(&world.cx()).as_deref(), Some("****"));
}

#[test]
fn a_field_that_is_a_secret_is_hidden_in_every_view() {
    let line = r#"{"cvv":"123","pan":"4111111111111111","authorization":"Bearer abcdefgh12345678","tokenReferenceId":"trm_abc123xyz"}"#;
    let row: &[(&str, &str)] = &[
        ("card.cvv", "987"),
        ("authorization", "Token 55aa66bb"),
        ("tokenReferenceId", "trm_abc123xyz"),
        ("pan", "4111111111111111"),
        ("@message", line),
    ];
    let mut world = World::live();
    let mut logs = with(&mut world, &[row]);
    for action in [None, Some(Action::Open), Some(Action::FieldStatistics)] {
        if let Some(action) = action {
            logs.over = None;
            logs.on(action, &world.cx());
        }
        let screen = world.draw(&mut logs, 300, 48).join("\n");
        for secret in ["123\"", "987", "55aa66bb", "41111111", "abcdefgh12345678", ": 123"] {
            assert!(!screen.contains(secret), "{action:?}: {secret} in\n{screen}");
        }
        if action != Some(Action::FieldStatistics) {
            assert!(screen.contains("trm_abc123xyz"), "{action:?}: {screen}");
        }
    }
    for _ in 0..5 {
        let copied = logs.copied(&world.cx()).unwrap_or_default();
        assert!(!copied.contains("987") && !copied.contains("55aa"), "{copied}");
        logs.on(Action::Right, &world.cx());
    }
}

/// A screen whose query was run, without an answer yet.
fn asked(world: &World, text: &str) -> (Logs, LogQuery) {
    let mut logs = Logs::of(&text.into());
    logs.chosen = Some(vec!["/a".to_owned()]);
    logs.run = Some(Run::new(logs.editor.text(), logs.chosen.clone()));
    let query = logs.run.as_ref().and_then(|run| run.query(&world.cx())).cloned().expect("a query");
    (logs, query)
}

fn answer(world: &mut World, logs: &mut Logs, query: &LogQuery, rows: LogRows) {
    world.store.fold(&world.board, Update::Rows { query: query.clone(), at: world.now, rows });
    logs.sync(&world.cx());
}

fn table(rows: &[&[(&str, &str)]]) -> LogRows {
    let pairs = |row: &&[(&str, &str)]| row.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
    LogRows { rows: rows.iter().map(pairs).collect(), ..LogRows::default() }
}

/// The words of the footer's keys that are of use.
fn hints(logs: &Logs) -> Vec<&'static str> {
    logs.keys().iter().filter(|(action, _)| logs.offers(*action)).map(|(_, words)| *words).collect()
}

fn group(world: &mut World, name: &str, stored_bytes: u64) {
    let created = Some(world.now - TimeDelta::days(10));
    let group = LogGroup {
        name: name.to_owned(),
        arn: String::new(),
        created,
        stored_bytes: Some(stored_bytes),
        retention_days: None,
    };
    let answer = LogAnswer::Groups(LogGroups { groups: vec![group], more: false });
    let update = Update::Logbook { at: world.now, ask: LogAsk::Groups(name.to_owned()), answer };
    world.store.fold(&world.board, update);
}

#[test]
fn keys_are_those_that_are_of_use() {
    let mut world = World::live();
    let (mut logs, query) = asked(&world, "fields @message");
    logs.settle_in();
    logs.sync(&world.cx());
    assert_eq!(hints(&logs)[..2], ["stop", "editor"], "nothing has come yet");
    let line: &[(&str, &str)] = &[("@message", "user 1 in"), ("@ptr", "p")];
    answer(&mut world, &mut logs, &query, LogRows { running: true, ..table(&[line]) });
    assert_eq!(hints(&logs)[..2], ["stop", "record"]);
    answer(&mut world, &mut logs, &query, table(&[line]));
    assert!(!hints(&logs).contains(&"stop") && !hints(&logs).contains(&"chart"), "{:?}", hints(&logs));
    answer(&mut world, &mut logs, &query, table(&[&[("reason", "x"), ("n", "3")]]));
    assert!(!hints(&logs).contains(&"record") && hints(&logs).contains(&"row"), "{:?}", hints(&logs));
    let bin: &[(&str, &str)] = &[("bin(5m)", "2026-01-15 10:25:00.000"), ("n", "3")];
    answer(&mut world, &mut logs, &query, table(&[bin]));
    assert!(hints(&logs).contains(&"chart"));
    logs.on(Action::Layout, &world.cx());
    assert_eq!(hints(&logs)[..2], ["rows", "read a bin"]);
    let error = SourceError {
        kind: ErrorKind::Denied,
        operation: "logs:StartQuery".to_owned(),
        message: "no".to_owned(),
        at: world.now,
        retry_in: None,
    };
    let (mut failed, query) = asked(&world, "fields @timestamp");
    failed.settle_in();
    world.store.fold(&world.board, Update::RowsFailed { query, error });
    failed.sync(&world.cx());
    assert_eq!(hints(&failed)[..2], ["editor", "run again"]);
    failed.on(Action::Back, &world.cx());
    assert!(hints(&failed).contains(&"results") && !hints(&failed).contains(&"stop"));
    let fresh = Logs::new();
    assert!(!hints(&fresh).contains(&"results"), "nothing has been run");
}

#[test]
fn a_query_that_was_stopped_grows_no_older() {
    let mut world = World::live();
    let (mut logs, query) = asked(&world, "fields @message");
    logs.settle_in();
    let row: &[(&str, &str)] = &[("@message", "x"), ("@ptr", "p")];
    answer(&mut world, &mut logs, &query, LogRows { running: true, ..table(&[row]) });
    world.now += TimeDelta::seconds(7);
    logs.on(Action::StopQuery, &world.cx());
    for _ in 0..2 {
        let screen = world.draw(&mut logs, 120, 24).join("\n");
        assert!(screen.contains("┌ 1 row · 7s ") && screen.contains("stopped"), "{screen}");
        world.now += TimeDelta::minutes(5);
    }
}

#[test]
fn a_query_that_cannot_be_asked_says_why_and_that_it_is_tried_again() {
    let mut world = World::live();
    let (mut logs, query) = asked(&world, "fields @message");
    logs.settle_in();
    let error = SourceError {
        kind: ErrorKind::Unreachable,
        operation: "logs:StartQuery".to_owned(),
        message: "connection refused".to_owned(),
        at: world.now,
        retry_in: None,
    };
    world.store.fold(&world.board, Update::RowsFailed { query, error });
    let screen = world.draw(&mut logs, 120, 24).join("\n");
    let said = "logs:StartQuery: unreachable: connection refused. It is tried again; ^s stops it.";
    assert!(screen.contains(said) && !screen.contains("nothing is found"), "{screen}");
}

#[test]
fn a_query_that_runs_says_how_much_of_it_is_done() {
    let mut world = World::live();
    group(&mut world, "/a", 240 * 1_048_576);
    let (mut logs, query) = asked(&world, "fields @message");
    logs.settle_in();
    let rows = LogRows {
        running: true,
        records_matched: 1.0,
        records_scanned: 1_000.0,
        bytes_scanned: 1_572_864.0,
        ..table(&[&[("@message", "x"), ("@ptr", "p")]])
    };
    answer(&mut world, &mut logs, &query, rows);
    let screen = world.draw(&mut logs, 120, 24).join("\n");
    assert!(screen.contains("1 row so far · 1 of 1,000 records · 1.5 MiB of ≈ 3.0 MiB, 50 %"), "{screen}");
}

#[test]
fn what_a_query_names_itself_is_what_it_is_expected_to_cost() {
    let mut world = World::live();
    group(&mut world, "/a", 240 * 1_048_576);
    group(&mut world, "/big", 240 * 104_857_600);
    let mut logs = Logs::new();
    logs.chosen = Some(vec!["/a".to_owned()]);
    let mut top = |text: &str| {
        logs.editor.set(text);
        world.draw(&mut logs, 120, 24)[0].clone()
    };
    assert!(top("limit 5").contains("Logs Insights · /a ─") && top("limit 5").contains("≈ 3.0 MiB"));
    let named = top("source '/big' | limit 5");
    assert!(named.contains("Logs Insights · /big ─") && named.contains("≈ 300 MiB"), "{named}");
    let unknown = top("source logGroups(accountIdentifiers: ['1']) | limit 5");
    assert!(unknown.contains("groups that SOURCE names") && unknown.contains("cost unknown: SOURCE"), "{unknown}");
}

#[test]
fn a_column_that_no_row_has_stays() {
    let mut world = World::live();
    let (mut logs, query) = asked(&world, "stats count(*) as n by nowhere");
    logs.settle_in();
    answer(&mut world, &mut logs, &query, table(&[&[("n", "3")]]));
    let screen = world.draw(&mut logs, 120, 24).join("\n");
    assert!(screen.contains("nowhere") && screen.contains('–'), "{screen}");
    assert!(csv(&logs, &world).lines().next().is_some_and(|head| head.contains("nowhere")));
}

#[test]
fn sorting_moves_no_column() {
    let mut world = World::live();
    let (mut logs, query) = asked(&world, "stats count(*) as requests by issuer");
    logs.settle_in();
    answer(&mut world, &mut logs, &query, table(&[&[("requests", "3"), ("issuer", "abc")]]));
    let heads = |world: &World, logs: &mut Logs| {
        let screen = world.draw(logs, 120, 24);
        screen.iter().rfind(|line| line.contains("issuer") && line.contains("requests")).cloned().expect("the heads")
    };
    let before = heads(&world, &mut logs);
    logs.on(Action::Sort, &world.cx());
    let after = heads(&world, &mut logs);
    assert!(after.contains("requests▼"), "{after}");
    assert_eq!(after.replace('▼', " "), before);
}

#[test]
fn a_chart_has_an_axis_for_each_measure_and_a_mark_for_each_line() {
    let mut world = World::live();
    let (mut logs, query) = asked(&world, "stats count(*) as n, pct(t, 99) as p99 by bin(5m), event");
    logs.settle_in();
    let mut rows = LogRows::default();
    for minute in ["10", "15", "20"] {
        for nth in 0..9 {
            let event = if nth == 8 { "TOKEN_PROVISION_FAILURE".to_owned() } else { format!("EVENT{nth}") };
            let at = format!("2026-01-15 10:{minute}:00.000");
            let pairs =
                [("bin(5m)", at), ("event", event), ("n", format!("{}", 900 - 100 * nth)), ("p99", "3.5".into())];
            rows.rows.push(pairs.map(|(name, value)| (name.to_owned(), value)).to_vec());
        }
    }
    answer(&mut world, &mut logs, &query, rows);
    logs.on(Action::Layout, &world.cx());
    let screen = world.draw(&mut logs, 160, 48);
    let text = screen.join("\n");
    for part in
        ["TOKEN_PROVISION_FAILURE n", "TOKEN_PROVISION_FAILURE p99 →", "├", "EVENT0 n", "12 of 18 lines drawn · newest"]
    {
        assert!(text.contains(part), "{part} in\n{text}");
    }
    let marks: Vec<char> = screen
        .iter()
        .filter_map(|line| line.rsplit_once(" n ").or_else(|| line.rsplit_once(" p99 →")))
        .filter_map(|(head, _)| head.rsplit("  ").next()?.chars().next())
        // What is not drawn has no mark.
        .filter(|mark| !mark.is_ascii_alphabetic())
        .collect();
    let mut apart = marks.clone();
    apart.sort_unstable();
    apart.dedup();
    assert!(marks.len() == 12 && apart.len() == marks.len(), "{marks:?}\n{text}");
    // The last line is reached, drawn and narrowed to.
    logs.on(Action::Bottom, &world.cx());
    assert_eq!(logs.value(&world.cx()), Some(("event".to_owned(), Some("EVENT7".to_owned()))));
    logs.on(Action::OtherAxis, &world.cx());
    assert!(!world.draw(&mut logs, 160, 48).join("\n").contains("p99 →"), "one axis for all");
}

#[test]
fn the_rows_of_a_pattern_are_shown_and_left_again() {
    let mut world = World::live();
    let mut logs = with(&mut world, &ROWS);
    logs.on(Action::Patterns, &world.cx());
    logs.sync(&world.cx());
    logs.on(Action::Open, &world.cx());
    let screen = world.draw(&mut logs, 160, 24).join("\n");
    assert!(screen.contains("2 of 3 rows · like user <NUM> in") && !screen.contains("disk full"), "{screen}");
    logs.on(Action::Back, &world.cx());
    assert!(world.draw(&mut logs, 160, 24).join("\n").contains("disk full"));
}

#[test]
fn the_list_of_groups_says_which_are_read_by_themselves() {
    let mut world = World::live();
    group(&mut world, "", 0);
    let mut logs = Logs::new();
    logs.on(Action::LogGroups, &world.cx());
    let screen = world.draw(&mut logs, 160, 24).join("\n");
    assert!(screen.contains("○ /aws/lambda/token-provisioning") && screen.contains("default"), "{screen}");
    world.board.changes = Some(ChangeRules { log_group: "trail".to_owned(), ignore: Vec::new() });
    let screen = world.draw(&mut logs, 160, 24).join("\n");
    assert!(screen.contains("trail") && screen.contains("not by default"), "{screen}");
}

#[test]
fn the_view_is_that_of_when_the_query_was_run() {
    let mut world = World::live();
    let second = world.now;
    world.now += TimeDelta::milliseconds(740);
    let (logs, query) = asked(&world, "fields @message\n| limit 5 # few\n");
    // To the second, so that a console that is opened at that second asks for the same.
    assert_eq!(query.span.map(|(_, to)| to), Some(second));
    world.now += TimeDelta::minutes(9);
    assert_eq!(logs.span(&world.cx()), query.span);
    let expected = Question { text: "fields @message | limit 5".to_owned(), groups: Some(vec!["/a".to_owned()]) };
    assert_eq!(logs.here(&world.cx()), Some(Target::Query(expected)));
}

/// So many rows of a query that found more.
fn many(rows: usize, matched: f64) -> LogRows {
    let row = |n: usize| vec![("@timestamp".to_owned(), format!("t{n}")), ("@ptr".to_owned(), "p".to_owned())];
    LogRows {
        rows: (0..rows).map(row).collect(),
        records_matched: matched,
        records_scanned: 945_950.0,
        ..LogRows::default()
    }
}

#[test]
fn rows_that_were_cut_without_being_asked_are_told() {
    let mut world = World::live();
    let (mut logs, query) = asked(&world, "fields @timestamp | filter level = 'ERROR'");
    logs.settle_in();
    answer(&mut world, &mut logs, &query, many(10_000, 20_200.0));
    let screen = world.draw(&mut logs, 160, 24).join("\n");
    let title = "┌ the newest 10,000 of 20,200 rows · | limit 100000 gives up to 100,000 · 20,200 of 945,950 records";
    assert!(screen.contains(title), "{screen}");
    let partial = logs.exported(&world.cx()).expect("rows").partial;
    assert_eq!(partial.as_deref(), Some("the newest 10,000 of 20,200 rows, | limit 100000 gives up to 100,000"));
    answer(&mut world, &mut logs, &query, many(9_000, 9_000.0));
    assert!(world.draw(&mut logs, 160, 24).join("\n").contains("┌ 9,000 rows"));
    assert_eq!(logs.exported(&world.cx()).expect("rows").partial, None);
}

#[test]
fn an_export_of_a_query_that_runs_says_that_it_is_partial() {
    let mut world = World::live();
    let (mut logs, query) = asked(&world, "fields @message");
    logs.settle_in();
    let rows = LogRows { running: true, ..table(&[&[("@message", "x"), ("@ptr", "p")]]) };
    answer(&mut world, &mut logs, &query, rows.clone());
    let partial = |logs: &Logs, world: &World| logs.exported(&world.cx()).expect("rows").partial;
    assert_eq!(partial(&logs, &world).as_deref(), Some("partial, the query still runs"));
    logs.on(Action::StopQuery, &world.cx());
    assert_eq!(partial(&logs, &world).as_deref(), Some("partial, the query was stopped"));
    let (mut logs, query) = asked(&world, "fields @message");
    logs.settle_in();
    answer(&mut world, &mut logs, &query, LogRows { running: false, ..rows });
    assert_eq!(partial(&logs, &world), None);
}

#[test]
fn a_condition_that_stands_there_is_not_asked_again() {
    let mut world = World::live();
    let (mut logs, query) = asked(&world, "fields @message, level | filter level = 'ERROR'");
    logs.settle_in();
    answer(&mut world, &mut logs, &query, table(&[&[("level", "ERROR"), ("@ptr", "p")]]));
    let before = logs.editor.text();
    logs.table.column = Some("level".to_owned());
    let Reaction::Do(effects) = logs.on(Action::ZoomIn, &world.cx()) else { panic!("it has use for the key") };
    assert!(effects.is_empty() && logs.editor.text() == before, "nothing is asked: {effects:?}");
    let screen = world.draw(&mut logs, 120, 24).join("\n");
    assert!(screen.contains("level = \"ERROR\" stands in the query already"), "{screen}");
}
