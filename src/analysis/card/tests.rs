use std::time::Duration;

use indexmap::IndexMap;

use super::*;
use crate::analysis::math::Expr;
use crate::app::msg::Update;
use crate::store::series::{MetricBatch, MetricResult, Series};

/// A minute of 2026-01-15 before or after 10:28:00.
fn minute(offset: i64) -> Time {
    "2026-01-15T10:28:00Z".parse::<Time>().expect("a time") + TimeDelta::minutes(offset)
}

fn card(formula: &str, over: Over, unit: Unit, change: ChangeUnit) -> Card {
    Card {
        id: "c".into(),
        title: "C".into(),
        value: Expr::parse(formula).expect("a formula"),
        over,
        unit,
        change,
        below: Some(("p99".into(), "p99".into())),
        thresholds: vec![
            Threshold { severity: Severity::Critical, above: true, value: 5.0 },
            Threshold { severity: Severity::Warning, above: true, value: 2.0 },
        ],
    }
}

fn query(name: &str, stat: &str) -> MetricQuery {
    MetricQuery::stat("N", name, &[], stat, 60)
}

fn board() -> Board {
    let metrics = [("ok", "Sum"), ("bad", "Sum"), ("p99", "p99"), ("gauge", "Maximum")];
    Board {
        window: Duration::from_mins(10),
        metrics: metrics.into_iter().map(|(id, stat)| (id.to_owned(), query(id, stat))).collect::<IndexMap<_, _>>(),
        ..Board::empty("b")
    }
}

/// A metric's name, statistic and points.
type Known<'a> = (&'a str, &'a str, &'a [(i64, f64)]);

/// A store that was asked for `[from, now)` and got these points, in minutes from 10:28:00.
fn store(from: i64, series: &[Known<'_>]) -> Store {
    let mut store = Store::default();
    let results = series
        .iter()
        .map(|(name, stat, points)| MetricResult {
            query: query(name, stat),
            from: minute(from),
            to: minute(1),
            series: vec![Series {
                label: String::new(),
                points: points.iter().map(|(at, value)| (minute(*at), *value)).collect(),
            }],
            message: None,
        })
        .collect();
    store.fold(&board(), Update::Metrics(MetricBatch { at: minute(0), results }));
    store
}

fn steady(value: f64) -> Vec<(i64, f64)> {
    (-20..=0).map(|at| (at, value)).collect()
}

const WINDOW: Window = Window::live(Duration::from_mins(10));

fn seconds_later(seconds: i64) -> Time {
    minute(0) + TimeDelta::seconds(seconds)
}

#[test]
fn a_sum_counts_whole_minutes_of_the_window_and_compares_with_the_one_before() {
    let mut points = steady(10.0);
    points.iter_mut().filter(|(at, _)| *at >= -10).for_each(|(_, value)| *value = 11.0);
    let store = store(-20, &[("ok", "Sum", &points)]);
    let sum = card("ok", Over::Window, Unit::Count, ChangeUnit::Percent);
    for seconds in [0, 7, 59] {
        let view = card_value(&sum, &board(), &store, WINDOW, seconds_later(seconds));
        assert_eq!(view.value, Some(110.0), "the minute that runs is not counted");
        assert!((view.change.expect("a change") - 10.0).abs() < 1e-9);
        assert_eq!(view.health, "live");
    }
    let still = Window { span: Duration::from_mins(10), end: Some(minute(-10)) };
    assert_eq!(card_value(&sum, &board(), &store, still, minute(0)).value, Some(100.0));
    let ahead = Window { span: Duration::from_mins(10), end: Some(minute(60)) };
    assert_eq!(card_value(&sum, &board(), &store, ahead, minute(0)).value, Some(110.0), "never past the present");
}

#[test]
fn a_rate_is_over_the_last_minutes_and_changes_in_points() {
    let mut bad = steady(0.0);
    bad.iter_mut().filter(|(at, _)| (-5..0).contains(at)).for_each(|(_, value)| *value = 10.0);
    bad.push((1, 1000.0));
    let store = store(-20, &[("ok", "Sum", &steady(90.0)), ("bad", "Sum", &bad)]);
    let rate = card("100*bad/(ok+bad)", Over::Last(Duration::from_mins(5)), Unit::Percent, ChangeUnit::Points);
    let view = card_value(&rate, &board(), &store, WINDOW, seconds_later(30));
    assert_eq!((view.value, view.change, view.state), (Some(10.0), Some(10.0), CardState::Critical));
    assert_eq!(view.passed.map(|threshold| threshold.value), Some(5.0));
}

#[test]
fn no_data_is_neither_zero_nor_ok() {
    let rate = card("100*bad/(ok+bad)", Over::Last(Duration::from_mins(5)), Unit::Percent, ChangeUnit::Points);
    let zero = store(-20, &[("ok", "Sum", &steady(0.0)), ("bad", "Sum", &steady(0.0))]);
    let view = card_value(&rate, &board(), &zero, WINDOW, minute(0));
    assert_eq!((view.value, view.change, view.state, view.health), (None, None, CardState::NoData, "live"));
    let half = store(-20, &[("ok", "Sum", &steady(9.0)), ("bad", "Sum", &[])]);
    assert_eq!(card_value(&rate, &board(), &half, WINDOW, minute(0)).state, CardState::NoData);
    let nothing = Store::default();
    let view = card_value(&rate, &board(), &nothing, WINDOW, minute(0));
    assert_eq!((view.state, view.health), (CardState::NoData, "waiting"));
}

#[test]
fn what_has_not_been_asked_for_is_unknown() {
    let sum = card("ok", Over::Window, Unit::Count, ChangeUnit::Percent);
    let store = store(-5, &[("ok", "Sum", &steady(1.0))]);
    let view = card_value(&sum, &board(), &store, WINDOW, minute(0));
    assert_eq!((view.value, view.health), (None, "waiting"));
    let short = Window::live(Duration::from_mins(5));
    let view = card_value(&sum, &board(), &store, short, minute(0));
    assert_eq!((view.value, view.change), (Some(5.0), None), "the window before is not known");
}

#[test]
fn the_newest_value_is_of_a_whole_minute_and_not_too_old() {
    let gauge = card("gauge", Over::Newest, Unit::Count, ChangeUnit::Percent);
    let view = |points: &[(i64, f64)]| {
        let store = store(-20, &[("gauge", "Maximum", points), ("p99", "p99", points)]);
        let view = card_value(&gauge, &board(), &store, WINDOW, seconds_later(30));
        (view.value, view.change, view.below.and_then(|(_, value)| value))
    };
    assert_eq!(view(&[(-12, 2.0), (-1, 4.0), (0, 9.0)]), (Some(4.0), Some(100.0), Some(4.0)));
    assert_eq!(view(&[(-3, 4.0)]), (Some(4.0), None, Some(4.0)), "a late datapoint is waited for");
    assert_eq!(view(&[(-7, 4.0)]), (None, None, None), "an old one says nothing of the present");
}

#[test]
fn thresholds_decide_the_state() {
    let gauge = card("gauge", Over::Newest, Unit::Count, ChangeUnit::Percent);
    let cases =
        [(2.0, CardState::Ok), (2.1, CardState::Warning), (5.0, CardState::Warning), (5.1, CardState::Critical)];
    for (value, state) in cases {
        let store = store(-20, &[("gauge", "Maximum", &[(-1, value)])]);
        assert_eq!(card_value(&gauge, &board(), &store, WINDOW, minute(0)).state, state, "{value}");
    }
}

#[test]
fn a_spark_has_equal_stretches_and_gaps() {
    let sum = card("ok", Over::Window, Unit::Count, ChangeUnit::Percent);
    let mut points = steady(1.0);
    points.retain(|(at, _)| !(-4..-2).contains(at));
    let store = store(-20, &[("ok", "Sum", &points)]);
    let spark = |cells| card_spark(&sum, &board(), &store, WINDOW, minute(0), cells);
    assert_eq!(spark(5), [Some(2.0), Some(2.0), Some(2.0), None, Some(2.0)]);
    assert_eq!(spark(4), [Some(3.0), Some(3.0), Some(2.0), Some(2.0)], "stretches of three minutes");
    assert_eq!(spark(30).len(), 10, "not more than there are minutes");
    assert_eq!(spark(0), []);
}

#[test]
fn points_are_the_formula_a_period() {
    let rate = card("100*bad/(ok+bad)", Over::Last(Duration::from_mins(5)), Unit::Percent, ChangeUnit::Points);
    let store = store(-20, &[("ok", "Sum", &[(-3, 9.0), (-2, 0.0)]), ("bad", "Sum", &[(-3, 1.0), (-2, 0.0)])]);
    let queries = drawn(&rate, &board(), WINDOW, None, minute(0));
    assert_eq!(card_points(&rate, &queries, &store, minute(-10), minute(0)), [(minute(-3), 10.0)]);
}
