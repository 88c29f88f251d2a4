use chrono::TimeDelta;

use super::*;
use crate::app::msg::Update;
use crate::panes::Target;
use crate::panes::incident;
use crate::panes::testing::{SIZES, World, at};
use crate::store::health::{ErrorKind, Feed};
use crate::store::matches::{LineQuery, Matches, MetricFilter, Reach};
use crate::store::window::Span;
use crate::widgets::screen::print;

const PATTERN: &str = r#"{ $.event = "TOKEN_PROVISION_FAILURE" }"#;
const GROUP: &str = "/aws/lambda/token-provisioning";

fn lines(world: &World, count: i64) -> Vec<LogEvent> {
    let line = |n: i64| {
        let text = format!(
            r#"{{"level":"ERROR","requestId":"req-{n}","event":"TOKEN_PROVISION_FAILURE","pan":"4111111111111111","reason":"TSP_TIMEOUT"}}"#
        );
        LogEvent { time: world.now - TimeDelta::milliseconds(n * 37), group: 0, message: text.into() }
    };
    (1..=count).map(line).collect()
}

/// The incident, with a metric filter on the metric of FailedProvisioningCount and its lines.
fn world() -> World {
    let mut world = incident::live();
    let at = world.now;
    let filter =
        MetricFilter { name: "failures".into(), log_group: GROUP.into(), pattern: PATTERN.into(), value: "1".into() };
    let namespace = "TokenServices".to_owned();
    for (name, filters) in [
        ("FailedTokenProvisioning", vec![filter]),
        ("TokenProvisioningFailure", Vec::new()),
        ("TokenProvisioningSuccess", Vec::new()),
    ] {
        let update = Update::MetricFilters { at, namespace: namespace.clone(), name: name.into(), filters };
        world.store.fold(&world.board, update);
    }
    world
}

fn answer(world: &mut World, from: &str, matches: Matches) {
    fold(world, query(Span { from: at(from), to: None }, Reach::Newest), matches);
}

fn query(span: Span, reach: Reach) -> LineQuery {
    LineQuery { group: GROUP.into(), pattern: PATTERN.into(), span, reach }
}

fn fold(world: &mut World, query: LineQuery, matches: Matches) {
    let update = Update::Matches { at: world.now, query, matches };
    world.store.fold(&world.board, update);
}

/// The stretch with which the lines of `FailedProvisioningCount` are compared.
fn before() -> LineQuery {
    query(Span { from: at("2026-01-15T09:30:00Z"), to: Some(at("2026-01-15T10:00:00Z")) }, Reach::Sample)
}

/// A failure for this reason, so many milliseconds before the present.
fn failure(world: &World, ms: i64, reason: &str) -> LogEvent {
    let text = format!(
        r#"{{"event":"TOKEN_PROVISION_FAILURE","requestId":"req-{ms}","reason":"{reason}","processingTime":{}}}"#,
        ms as f64 / 1e3
    );
    LogEvent { time: world.now - TimeDelta::milliseconds(ms), group: 0, message: text.into() }
}

fn asked(pane: &MatchesPane, world: &World) -> Vec<LineQuery> {
    let wanted = pane.wants(&world.cx()).into_iter();
    wanted.filter_map(|one| if let Subscription::Matches(query) = one { Some(query) } else { None }).collect()
}

#[test]
fn the_cursor_begins_on_what_is_new() {
    let mut world = world();
    let of = |world: &World, reasons: &[&str]| -> Vec<LogEvent> {
        reasons.iter().enumerate().map(|(n, reason)| failure(world, 100 + n as i64 * 10, reason)).collect()
    };
    let lines = of(&world, &["ISSUER_DECLINED", "CVV", "TSP_TIMEOUT", "TSP_TIMEOUT", "TSP_TIMEOUT"]);
    answer(&mut world, "2026-01-15T10:10:00Z", Matches { lines, pages: 1, ..Matches::default() });
    let mut pane = pane("FailedProvisioningCount");
    assert!(asked(&pane, &world).contains(&before()), "one small look at the time before");
    let old = of(&world, &["ISSUER_DECLINED", "ISSUER_DECLINED", "CVV", "TSP_TIMEOUT"]);
    fold(&mut world, before(), Matches { lines: old, pages: 1, ..Matches::default() });
    let cx = world.cx();
    assert!(pane.copied(&cx).expect("a line").contains("req-120"), "before it is drawn");
    let screen = world.draw(&mut pane, 80, 24).join("\n");
    let told = "5 lines: 60 % reason=TSP_TIMEOUT (25 % before) · 20 % CVV (25 %)";
    assert!(screen.contains(told) && screen.contains("reason           latency"), "{screen}");
    assert!(screen.contains("10:28:06.880 ✗ TSP_TIMEOUT        0.12s  {"), "{screen}");
    assert_eq!(pane.on(Action::Open, &cx), Reaction::Open(Target::Request("req-120".into())));
    // Narrowed to what the line under the cursor tells, and back.
    pane.on(Action::Follow, &cx);
    assert_eq!(pane.filter(), Some("reason=TSP_TIMEOUT"));
    assert!(pane.view(&cx).expect("a view").foot.starts_with("3 of 5 lines · filter"));
    pane.on(Action::Follow, &cx);
    assert_eq!(pane.filter(), Some(""));
    // News does not take the cursor away.
    let lines = of(&world, &["TSP_TIMEOUT", "CVV", "TSP_TIMEOUT"]);
    answer(&mut world, "2026-01-15T10:10:00Z", Matches { lines, pages: 1, ..Matches::default() });
    assert!(pane.copied(&world.cx()).expect("a line").contains("req-120"));
}

#[test]
fn the_end_of_the_list_reads_on_and_the_first_lines_are_one_key_away() {
    let mut world = world();
    let (from, ms) = (at("2026-01-15T10:10:00Z"), TimeDelta::milliseconds(1));
    let of = |world: &World, range: std::ops::Range<i64>| -> Vec<LogEvent> {
        range.map(|n| failure(world, n * 10, "TSP_TIMEOUT")).collect()
    };
    let read = |lines: Vec<LogEvent>, unread| Matches { lines, unread, pages: 1, running: false };
    let newest = of(&world, 1..4);
    let edge = newest[2].time;
    answer(&mut world, "2026-01-15T10:10:00Z", read(newest, Some((from, edge))));
    fold(&mut world, before(), Matches::default());
    let mut pane = pane("FailedProvisioningCount");
    let foot = |pane: &MatchesPane, world: &World| pane.view(&world.cx()).expect("a view").foot;
    assert!(foot(&pane, &world).contains("not read: 10:10:00 to 10:28:06; the end of the list reads on"));
    world.draw(&mut pane, 80, 24);
    pane.on(Action::Bottom, &world.cx());
    assert_eq!(asked(&pane, &world).len(), 2, "the end itself is only gone to");
    pane.on(Action::Down, &world.cx());
    let older = query(Span { from, to: Some(edge + ms) }, Reach::Newest);
    assert!(asked(&pane, &world).contains(&older));
    assert!(foot(&pane, &world).starts_with("3 lines, newest first so far · reading on"));
    pane.on(Action::Down, &world.cx());
    assert_eq!(asked(&pane, &world).len(), 3, "one stretch at a time");
    // The line at the edge comes with both.
    let rest = of(&world, 3..7);
    fold(&mut world, older, read(rest, None));
    assert_eq!(foot(&pane, &world), "6 lines, newest first · 2 pages of FilterLogEvents");
    pane.on(Action::Bottom, &world.cx());
    assert!(pane.copied(&world.cx()).expect("a line").contains("req-60"));
    pane.on(Action::Bottom, &world.cx());
    assert_eq!(asked(&pane, &world).len(), 3, "there is no more");

    pane.on(Action::Sort, &world.cx());
    let first = query(Span { from, to: Some(world.now) }, Reach::Oldest);
    assert!(asked(&pane, &world).contains(&first));
    let oldest = of(&world, 90..93);
    let unread = Some((world.now - TimeDelta::milliseconds(900), world.now));
    fold(&mut world, first, read(oldest, unread));
    assert!(foot(&pane, &world).starts_with("3 lines, oldest first · not read: 10:28:06 to 10:28:07; the end"));
    assert!(pane.copied(&world.cx()).expect("a line").contains("req-920"));
    pane.on(Action::Bottom, &world.cx());
    pane.on(Action::Bottom, &world.cx());
    let span = Span { from: world.now - TimeDelta::milliseconds(900), to: Some(world.now + ms) };
    assert!(asked(&pane, &world).contains(&query(span, Reach::Oldest)), "and on to newer ones");
    pane.on(Action::Sort, &world.cx());
    assert!(pane.copied(&world.cx()).expect("a line").contains("req-10"), "the newest again");
}

#[test]
fn no_more_stretches_are_read_than_are_kept() {
    let mut world = world();
    let from = at("2026-01-15T10:10:00Z");
    let mut pane = pane("FailedProvisioningCount");
    let mut open = query(Span { from, to: None }, Reach::Newest);
    for n in 1..20 {
        let lines = vec![failure(&world, n * 10, "TSP_TIMEOUT")];
        let unread = Some((from, lines[0].time));
        fold(&mut world, open.clone(), Matches { lines, unread, pages: 1, running: false });
        let before: Vec<LineQuery> = asked(&pane, &world);
        pane.on(Action::Bottom, &world.cx());
        pane.on(Action::Bottom, &world.cx());
        let Some(next) = asked(&pane, &world).into_iter().find(|query| !before.contains(query)) else { break };
        open = next;
    }
    let view = pane.view(&world.cx()).expect("a view");
    assert!(view.foot.starts_with("10 lines, newest first · not read: ") && view.foot.contains("no more are kept"));
}

#[test]
fn a_window_that_would_not_move_the_lines_says_why() {
    let world = world();
    let why = pane("FailedProvisioningCount").stands_still(&world.cx()).expect("a reason");
    assert_eq!(why, "this is when FailedProvisioningCount went wrong, 10:10 → now, 18m: it does not move");
    let card = MatchesPane::new(About::Card("failure_rate".into()));
    assert_eq!(card.stands_still(&world.cx()), None, "a card's lines are those of the window");
}

fn pane(alarm: &str) -> MatchesPane {
    MatchesPane::new(About::Alarm(alarm.into()))
}

#[test]
fn a_filter_of_the_metric_leads_to_its_lines_in_the_breaching_window() {
    let mut world = world();
    let mut shown = pane("FailedProvisioningCount");
    let lines = lines(&world, 3);
    // It fires since 10:20, 2 of 2 periods of five minutes.
    let asked = LineQuery {
        group: GROUP.into(),
        pattern: PATTERN.into(),
        span: Span { from: at("2026-01-15T10:10:00Z"), to: None },
        reach: Reach::Newest,
    };
    assert!(shown.wants(&world.cx()).contains(&Subscription::Matches(asked)));
    let unread = Some((at("2026-01-15T10:10:00Z"), at("2026-01-15T10:28:06Z")));
    answer(&mut world, "2026-01-15T10:10:00Z", Matches { lines, unread, pages: 2, running: false });
    let view = shown.view(&world.cx()).expect("a view");
    assert_eq!(view.title, "Lines behind FailedProvisioningCount · 10:10 → now, 18m");
    assert_eq!(
        view.foot,
        "3 lines, newest first · not read: 10:10:00 to 10:28:06; the end of the list reads on · 2 pages of FilterLogEvents"
    );
    assert_eq!(
        view.leads,
        [LeadRow {
            metric: "FailedTokenProvisioning".into(),
            pattern: PATTERN.into(),
            place: format!("in {GROUP} · metric filter failures"),
            shown: true
        }]
    );
    for (width, height) in [(80, 24), (160, 48)] {
        let drawn = world.draw(&mut shown, width, height);
        print(&drawn);
        let screen = drawn.join("\n");
        for words in ["10:28:06.963 ✗", "\"event\":\"TOKEN_PROVISION_FAILURE\"", "411111******1111", "3 lines"] {
            assert!(screen.contains(words), "{words}");
        }
        assert!(!screen.contains("4111111111111111"), "{screen}");
    }
    assert_eq!(shown.on(Action::Open, &world.cx()), Reaction::Open(Target::Request("req-1".into())));
    shown.on(Action::Down, &world.cx());
    assert_eq!(shown.on(Action::Open, &world.cx()), Reaction::Open(Target::Request("req-2".into())));
    assert!(shown.copied(&world.cx()).expect("a line").contains("req-2"));
}

#[test]
fn what_made_a_line_match_is_marked_where_it_is_shown() {
    let world = world();
    let pattern = Pattern::parse(PATTERN).expect("a pattern");
    let row = LineRow::new(&lines(&world, 1)[0], Some(&pattern), String::new(), &world.cx());
    let marked: Vec<&str> = row.marks.iter().map(|mark| &row.text[mark.clone()]).collect();
    assert_eq!(marked, ["\"event\":\"TOKEN_PROVISION_FAILURE\""]);
    assert_eq!(row.start(0, 200), 0);
    assert!(row.text[row.start(0, 40)..].starts_with("Id\":\"req-1\""), "{}", &row.text[row.start(0, 40)..]);
}

#[test]
fn published_metrics_fall_back_to_the_feed_and_a_composite_to_its_children() {
    let world = world();
    for alarm in ["HighFailureRate", "TokenProvisioningUnhealthy"] {
        let mut world = incident::live();
        world.store.metric_filters.clone_from(&self::world().store.metric_filters);
        let key = ("TokenServices".to_owned(), "TokenProvisioningLatency".to_owned());
        world.store.metric_filters.insert(key, Feed::default());
        let view = pane(alarm).view(&world.cx()).expect("a view");
        assert_eq!(view.leads.len(), 1, "{alarm}");
        assert_eq!(view.leads[0].place, format!("in {GROUP} · the feed's failures"));
    }
    assert!(pane("gone").view(&world.cx()).is_none());
}

#[test]
fn a_refused_call_is_said_and_the_other_ways_stay() {
    let mut world = incident::live();
    world.fail_all(ErrorKind::Denied);
    let mut pane = pane("HighFailureRate");
    let view = pane.view(&world.cx()).expect("a view");
    assert!(view.trouble.as_deref().is_some_and(|text| text.starts_with("denied: logs:DescribeMetricFilters")));
    assert_eq!(view.leads.len(), 1);
    let screen = world.draw(&mut pane, 120, 20).join("\n");
    assert!(screen.contains("denied: logs:FilterLogEvents") && screen.contains("not authorized"), "{screen}");
}

#[test]
fn lines_that_are_no_request_unfold() {
    let mut world = world();
    let message = r#"{"message":"plain","nested":{"deep":[1,2]}}"#;
    let line = LogEvent { time: world.now, group: 0, message: message.into() };
    answer(&mut world, "2026-01-15T10:10:00Z", Matches { lines: vec![line], ..Matches::default() });
    let mut pane = pane("FailedProvisioningCount");
    world.draw(&mut pane, 100, 30);
    assert_eq!(pane.on(Action::Open, &world.cx()), Reaction::Handled);
    let screen = world.draw(&mut pane, 100, 30).join("\n");
    assert!(screen.contains("nested") && screen.contains("message: plain"), "{screen}");
    assert_eq!(pane.on(Action::Back, &world.cx()), Reaction::Handled);
    assert_eq!(pane.on(Action::Back, &world.cx()), Reaction::Ignored);
}

#[test]
fn a_filter_narrows_and_alike_lines_stay_apart() {
    let mut world = world();
    let mut lines = lines(&world, 4);
    lines[1] = lines[0].clone();
    answer(&mut world, "2026-01-15T10:10:00Z", Matches { lines, ..Matches::default() });
    let mut pane = pane("FailedProvisioningCount");
    pane.on(Action::Down, &world.cx());
    pane.on(Action::Down, &world.cx());
    assert!(pane.copied(&world.cx()).expect("a line").contains("req-3"));
    pane.set_filter("REQ-4", &world.cx());
    assert!(pane.view(&world.cx()).expect("a view").foot.starts_with("1 of 4 lines · filter \"REQ-4\""));
    assert!(pane.copied(&world.cx()).expect("a line").contains("req-4"));
}

#[test]
fn every_size_and_health_draws() {
    for world in incident::all() {
        for name in ["HighFailureRate", "TokenProvisioningUnhealthy", "DeadLetters", "gone"] {
            for (width, height) in SIZES {
                world.draw(&mut pane(name), width, height);
            }
        }
    }
    let mut world = world();
    let lines = lines(&world, 300);
    answer(&mut world, "2026-01-15T10:10:00Z", Matches { lines, ..Matches::default() });
    for (width, height) in SIZES {
        let mut pane = pane("FailedProvisioningCount");
        for action in [Action::Bottom, Action::Right, Action::NextPane, Action::PreviousError, Action::Open] {
            world.draw(&mut pane, width, height);
            pane.on(action, &world.cx());
        }
    }
}

#[test]
fn a_line_of_a_megabyte_is_cut_where_it_is_shown() {
    let world = world();
    let message = format!(r#"{{"event":"TOKEN_PROVISION_FAILURE","a":"{}"}}"#, "ERROR é ".repeat(1 << 17));
    let line = LogEvent { time: world.now, group: 0, message: message.into() };
    for pattern in [PATTERN, "ERROR"] {
        let pattern = Pattern::parse(pattern).expect("a pattern");
        let row = LineRow::new(&line, Some(&pattern), String::new(), &world.cx());
        assert!(row.text.len() <= row::HEAD + '…'.len_utf8() && row.text.ends_with('…'), "{}", row.text.len());
        assert!((1..=64).contains(&row.marks.len()), "{}", row.marks.len());
        assert!(row.marks.iter().all(|mark| row.text.get(mark.clone()).is_some()));
    }
}
