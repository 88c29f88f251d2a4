use super::*;
use crate::app::msg::Update;
use crate::export::Form;
use crate::panes::testing::World;

/// The screen with these rows of a query.
fn with(world: &mut World, rows: &[&[(&str, &str)]]) -> Logs {
    let mut logs = Logs::of("fields @timestamp, @message, n, cvv");
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
            .replace("@timestamp,@message", "'@timestamp,'@message")
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
