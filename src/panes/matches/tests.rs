use chrono::TimeDelta;

use super::*;
use crate::app::msg::Update;
use crate::panes::Target;
use crate::panes::incident;
use crate::panes::testing::{SIZES, World, at};
use crate::store::health::ErrorKind;
use crate::store::matches::{LineQuery, MetricFilter};
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
    let query = LineQuery { group: GROUP.into(), pattern: PATTERN.into(), span: Span { from: at(from), to: None } };
    let update = Update::Matches { at: world.now, query, matches };
    world.store.fold(&world.board, update);
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
    };
    assert!(shown.wants(&world.cx()).contains(&Subscription::Matches(asked)));
    let unread = Some((at("2026-01-15T10:10:00Z"), at("2026-01-15T10:28:06Z")));
    answer(&mut world, "2026-01-15T10:10:00Z", Matches { lines, unread, pages: 2, running: false });
    let view = shown.view(&world.cx()).expect("a view");
    assert_eq!(view.title, "Lines behind FailedProvisioningCount · 10:10 → now, 18m");
    assert_eq!(view.foot, "3 lines, newest first · not read: 10:10:00 to 10:28:06 · 2 pages of FilterLogEvents");
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
    let row = LineRow::new(&lines(&world, 1)[0], Some(&pattern), &world.cx());
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
fn thousands_are_apart() {
    let cases = [(0, "0"), (999, "999"), (1_000, "1,000"), (1_234_567, "1,234,567")];
    for (count, expected) in cases {
        assert_eq!(row::thousands(count), expected);
    }
}
