//! The pane on answers made by hand.

use serde_json::json;

use super::*;
use crate::app::msg::Update;
use crate::panes::incident;
use crate::panes::testing::{SIZES, World};
use crate::store::health::{ErrorKind, SourceError};
use crate::store::rows::{LogQuery, LogRows};

/// Issuer, system, and of the bad window failures and successes, of the good one the same.
const CELLS: [(&str, &str, [u32; 4]); 4] = [
    ("Contoso_Bank", "Android 14", [950, 0, 20, 980]),
    ("Contoso_Bank", "iOS 18", [18, 982, 20, 980]),
    ("DEMO_Bank", "Android 14", [22, 978, 20, 980]),
    ("DEMO_Bank", "iOS 18", [20, 980, 20, 980]),
];

fn row(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(field, value)| ((*field).to_owned(), (*value).to_owned())).collect()
}

/// What Logs Insights would answer.
fn reply(query: &LogQuery, is_bad: bool) -> LogRows {
    let mut rows = Vec::new();
    if query.text.starts_with("fields @message") {
        for n in 0..60 {
            let (issuer, os, _) = CELLS[n % 4];
            let event = if n % 3 == 0 { "TOKEN_PROVISION_FAILURE" } else { "TOKEN_PROVISION_SUCCESS" };
            let mut line = json!({"event": event, "issuer": issuer, "os": os, "requestId": n, "country": "US\u{1b}"});
            if n % 3 == 0 {
                line["reason"] = json!("TSP_TIMEOUT");
            }
            rows.push(row(&[("@message", &line.to_string()), ("@ptr", "x")]));
        }
    } else if query.text.contains("pct(") {
        rows.push(row(&[("os", "Android 14"), ("n", "1"), ("p50", "24.2"), ("p99", "24.9")]));
        rows.push(row(&[("issuer", "Contoso_Bank"), ("n", "1"), ("p50", "1.6"), ("p99", "24.8")]));
    } else if query.text.contains("by event, reason") {
        rows.push(row(&[("event", "TOKEN_PROVISION_FAILURE"), ("reason", "TSP_TIMEOUT"), ("n", "1010")]));
        rows.push(row(&[("event", "TOKEN_PROVISION_SUCCESS"), ("n", "2940")]));
    } else {
        for (issuer, os, counts) in CELLS {
            let counts = if is_bad { &counts[..2] } else { &counts[2..] };
            for (event, n) in ["TOKEN_PROVISION_FAILURE", "TOKEN_PROVISION_SUCCESS"].iter().zip(counts) {
                rows.push(row(&[("event", event), ("issuer", issuer), ("os", os), ("n", &n.to_string())]));
            }
        }
    }
    LogRows { rows, running: false, bytes_scanned: 1_000_000.0, ..LogRows::default() }
}

/// Answers all that the pane asks, until it asks nothing new.
fn answer_all(pane: &mut BreakdownPane, world: &mut World) {
    for _ in 0..4 {
        let asks = pane.asks(&world.cx());
        let windows = pane.windows(&world.cx()).expect("windows");
        for query in asks {
            let is_bad = query.span.is_some_and(|(_, to)| to == windows.bad.to);
            let update = Update::Rows { at: world.now, rows: reply(&query, is_bad), query };
            world.store.fold(&world.board, update);
        }
        pane.keep_up(&world.cx());
    }
}

fn answered() -> (BreakdownPane, World) {
    let mut world = incident::live();
    let mut pane = BreakdownPane::new(Breakdown::default());
    answer_all(&mut pane, &mut world);
    (pane, world)
}

fn shown(pane: &mut BreakdownPane, world: &World) -> String {
    world.draw(pane, 120, 30).join("\n")
}

#[test]
fn every_state_draws_at_every_size() {
    for world in incident::all() {
        for (width, height) in SIZES {
            world.draw(&mut BreakdownPane::new(Breakdown::default()), width, height);
        }
    }
    let (mut pane, world) = answered();
    for (width, height) in SIZES {
        world.draw(&mut pane, width, height);
    }
}

#[test]
fn one_thing_is_asked_after_the_other() {
    let mut world = incident::live();
    let mut pane = BreakdownPane::new(Breakdown::default());
    let asks = pane.asks(&world.cx());
    assert_eq!(asks.len(), 1, "a sample first: {asks:?}");
    assert!(shown(&mut pane, &world).contains("Reading some lines, to see which fields they have"));
    let update = Update::Rows { at: world.now, rows: reply(&asks[0], true), query: asks[0].clone() };
    world.store.fold(&world.board, update);
    let asks = pane.asks(&world.cx());
    assert!(asks[1].text.contains("by event, os, issuer |"), "{}", asks[1].text);
    assert_eq!(asks.len(), 4, "the sample, both windows, and latencies");
    assert!(shown(&mut pane, &world).contains("Counting · 3 of 4 queries still run"));
    world.now += chrono::TimeDelta::seconds(30);
    assert_eq!(pane.asks(&world.cx()), asks, "time going on asks nothing anew");
}

#[test]
fn suspects_stand_above_the_table() {
    let (mut pane, world) = answered();
    let screen = shown(&mut pane, &world);
    for part in [
        "✗ 100 % of the excess  os=Android 14 × issuer=Contoso_Bank",
        "950 of 950 failed (100.0 %, 2.0 % before), 49.6 times as often as the rest",
        "▸os  issuer  reason  country",
        "iOS 18",
        "24.9 s",
        "4.000 MB scanned",
    ] {
        assert!(screen.contains(part), "{part}\n{screen}");
    }
    assert!(!screen.contains('\u{1b}'));
    assert_eq!(
        pane.copied(&world.cx()).as_deref(),
        Some(
            "100 % of the excess  os=Android 14 × issuer=Contoso_Bank · 950 of 950 failed (100.0 %, 2.0 % before), 49.6 times as often as the rest"
        )
    );
}

/// The failed requests of the planted cause, as the pane opens them.
fn requests(pane: &BreakdownPane, world: &World) -> Target {
    let bad = pane.windows(&world.cx()).expect("windows").bad;
    let span = Some(Span { from: bad.from, to: Some(bad.to) });
    Target::Requests(Given { filter: "status:failed \"os:Android 14\" issuer:Contoso_Bank".to_owned(), span })
}

#[test]
fn what_has_been_counted_is_not_asked_again() {
    let (pane, world) = answered();
    assert_eq!(pane.wants(&world.cx()), [Subscription::Alarms]);
    assert_eq!(pane.asks(&world.cx()).len(), 4);
    // The windows stand still, and say so where the one on screen would be moved.
    assert!(pane.stands_still(&world.cx()).is_some());
}

#[test]
fn the_sorted_column_is_marked_and_turns_round() {
    let (mut pane, world) = answered();
    let values = |screen: &str| {
        let of = |value: &str| screen.lines().position(|line| line.starts_with(&format!("│ {value} ")));
        of("Android 14") < of("iOS 18")
    };
    let screen = shown(&mut pane, &world);
    assert!(screen.contains("failed↓") && screen.contains("split by ‹ ▸os") && values(&screen), "{screen}");
    pane.on(Action::Reverse, &world.cx());
    let screen = shown(&mut pane, &world);
    assert!(screen.contains("failed↑") && !values(&screen), "{screen}");
    pane.on(Action::Sort, &world.cx());
    assert!(shown(&mut pane, &world).contains("requests↓"), "another column begins in its own order");
    for _ in 0..5 {
        pane.on(Action::Sort, &world.cx());
    }
    assert!(shown(&mut pane, &world).contains("failed↓"));
}

#[test]
fn a_suspect_is_wrapped_where_there_is_room() {
    let (mut pane, world) = answered();
    let tall = world.draw(&mut pane, 40, 24).join("\n");
    assert!(tall.contains("✗ 100 % of the excess os=Android 14") && tall.contains("issuer=Contoso_Bank"), "{tall}");
    let low = world.draw(&mut pane, 40, 10).join("\n");
    assert!(!low.contains("issuer=Contoso_Bank"), "{low}");
}

#[test]
fn enter_on_a_suspect_filters_the_feed() {
    let (mut pane, world) = answered();
    assert_eq!(pane.on(Action::Open, &world.cx()), Reaction::Open(requests(&pane, &world)));
}

#[test]
fn enter_on_a_value_goes_on_with_the_next_field() {
    let (mut pane, mut world) = answered();
    pane.on(Action::Down, &world.cx());
    let Reaction::Open(Target::Breakdown(next)) = pane.on(Action::Open, &world.cx()) else { panic!("a breakdown") };
    assert_eq!(next.path, [("os".to_owned(), "Android 14".to_owned())]);
    let known = world.store.rows.len();
    let mut inner = BreakdownPane::new(next);
    assert!(inner.title(&world.cx()).contains("Breakdown › os=Android 14"));
    // The counts are known already; latencies are of the part alone.
    answer_all(&mut inner, &mut world);
    assert_eq!(world.store.rows.len(), known + 1);
    let screen = shown(&mut inner, &world);
    assert!(screen.contains("▸issuer") && screen.contains("DEMO_Bank") && !screen.contains("Suspects"), "{screen}");
    assert!(!screen.contains("  os  "), "what was drilled into is not offered again: {screen}");
    assert_eq!(inner.on(Action::Follow, &world.cx()), Reaction::Open(requests(&inner, &world)));
}

#[test]
fn left_and_right_choose_the_field_and_s_the_order() {
    let (mut pane, mut world) = answered();
    pane.on(Action::Right, &world.cx());
    answer_all(&mut pane, &mut world);
    let screen = shown(&mut pane, &world);
    assert!(screen.contains("▸issuer") && screen.contains("24.8 s"), "{screen}");
    pane.on(Action::Right, &world.cx());
    answer_all(&mut pane, &mut world);
    let screen = shown(&mut pane, &world);
    assert!(screen.contains("▸reason") && screen.contains("TSP_TIMEOUT") && screen.contains("(none)"), "{screen}");
    pane.on(Action::Left, &world.cx());
    pane.on(Action::Sort, &world.cx());
    assert!(shown(&mut pane, &world).contains("requests↓"));
}

#[test]
fn what_went_wrong_is_said() {
    let mut world = incident::live();
    let mut pane = BreakdownPane::new(Breakdown::default());
    let query = pane.asks(&world.cx()).remove(0);
    let error = SourceError {
        kind: ErrorKind::Denied,
        operation: "logs:StartQuery".into(),
        message: "not authorized".into(),
        at: world.now,
        retry_in: None,
    };
    world.store.fold(&world.board, Update::RowsFailed { query, error });
    let screen = shown(&mut pane, &world);
    assert!(screen.contains("denied: logs:StartQuery: not authorized"), "{screen}");
    world.board.feed = None;
    assert!(shown(&mut BreakdownPane::new(Breakdown::default()), &world).contains("This board has no request feed"));
}

#[test]
fn a_point_in_time_has_its_own_windows() {
    let world = incident::live();
    let at = crate::panes::testing::at("2026-01-15T10:20:00Z");
    let pane = BreakdownPane::new(Breakdown::around(at, 60, world.now));
    assert!(pane.view(&world.cx()).title.starts_with("Breakdown · bad 10:18–10:23 · good 09:18–10:18"));
}
