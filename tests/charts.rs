//! Charts: no values and no size may break one, and what keys do to them through the real SDK.

#![expect(clippy::expect_used, reason = "helpers of tests fail as tests do")]

use std::borrow::Cow;

use barograph::board::Unit;
use barograph::clock::Time;
use barograph::widgets::axis::Scaling;
use barograph::widgets::chart::{Annotation, Band, Chart, Kind, Line, Side};
use barograph::widgets::sparkline::Bound;
use barograph::widgets::theme::{Role, Theme};
use chrono::{DateTime, TimeDelta};
use proptest::prelude::*;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::harness::console::{Console, Setting};

fn at(seconds: i64) -> Time {
    DateTime::from_timestamp(1_768_000_000 + seconds, 0).expect("in range")
}

/// Any number that AWS, a formula or a file could bring.
fn value() -> impl Strategy<Value = f64> {
    prop_oneof![
        4 => -1e3..1e3,
        1 => Just(0.0),
        1 => Just(f64::NAN),
        1 => prop_oneof![Just(f64::INFINITY), Just(f64::NEG_INFINITY), Just(f64::MAX), Just(f64::MIN)],
        1 => prop_oneof![Just(5e-324), Just(-5e-324), Just(1e300), Just(-1e-300), Just(1e15)],
    ]
}

fn points() -> impl Strategy<Value = Vec<(Time, f64)>> {
    prop::collection::btree_map(-40i64..300, value(), 0..120)
        .prop_map(|points| points.into_iter().map(|(minute, value)| (at(minute * 60), value)).collect())
}

fn line() -> impl Strategy<Value = Line<'static>> {
    let roles = prop::sample::select(vec![Role::Series1, Role::Good, Role::Critical, Role::Pending, Role::Series4]);
    (roles, any::<bool>(), points(), points()).prop_map(|(role, right, points, earlier)| Line {
        side: if right { Side::Right } else { Side::Left },
        earlier: Cow::Owned(earlier),
        ..Line::new("a line".to_owned(), role, Cow::Owned(points))
    })
}

fn chart() -> impl Strategy<Value = Chart<'static>> {
    let kinds = prop::sample::select(Kind::ALL.to_vec());
    let spans = prop::sample::select(vec![0i64, 60, 300, 3_600, 18_000, 40_000_000]);
    let periods = prop::sample::select(vec![1i64, 60, 300, 86_400]);
    (
        prop::collection::vec(line(), 0..5),
        (kinds, any::<bool>(), spans, periods),
        (value(), any::<bool>(), prop::option::of(-10i64..400)),
        (points(), points()),
    )
        .prop_map(|(lines, (kind, log, span, period), (bound, above, cursor), (lower, upper))| Chart {
            kind,
            lines,
            scaling: if log { Scaling::Log } else { Scaling::Linear },
            right_unit: Unit::Seconds,
            settling: TimeDelta::minutes(3),
            bounds: vec![Bound { value: bound, above, role: Role::Threshold }],
            band: Some(Band { lower: Cow::Owned(lower), upper: Cow::Owned(upper) }),
            annotations: (0..4)
                .map(|i| Annotation { at: at(i * 700), label: "change".to_owned(), role: Role::Warning })
                .collect(),
            compared: above.then_some("the day before"),
            cursor: cursor.map(|minute| at(minute * 60)),
            empty: "no datapoints".to_owned(),
            ..Chart::new((at(0), at(span)), period, at(span / 2), Unit::Count, |at| at.naive_utc())
        })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn no_chart_breaks(chart in chart(), width in 0u16..220, height in 0u16..60, x in 0u16..5, y in 0u16..5) {
        let area = Rect::new(x, y, width, height);
        let mut whole = Buffer::empty(Rect::new(0, 0, width + 9, height + 9));
        chart.draw(area, &mut whole, &Theme::plain("t"));
        let outside = |cell: (u16, u16)| !area.contains(cell.into());
        for cy in 0..whole.area.height {
            for cx in (0..whole.area.width).filter(|cx| outside((*cx, cy))) {
                prop_assert_eq!(whole[(cx, cy)].symbol(), " ", "{}×{} draws at {},{}", width, height, cx, cy);
            }
        }
        let mut cut = Buffer::empty(Rect::new(0, 0, width / 2, height / 2));
        chart.draw(area, &mut cut, &Theme::plain("t"));
        let plot = chart.plot(area);
        prop_assert!(plot.is_empty() || area.union(plot) == area);
        if let Some(reading) = chart.reading() {
            prop_assert_eq!(reading.values.len(), chart.lines.len());
            prop_assert!(!reading.line(&Theme::plain("t")).to_string().contains('\n'));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chart_is_compared_with_the_window_the_day_and_the_week_before() {
    let mut console = Console::settled(Setting::once()).await;
    console.keys_settled("<tab><tab><tab><tab><enter>").await;
    console.assert_shows(&["Provisioning trend · 1 min", "sum"]);
    for words in ["┄ the window before", "┄ the day before", "┄ the week before"] {
        console.keys_settled("c").await;
        console.assert_shows(&[words]);
        console.keys("h");
        let read = console.copied();
        assert!(read.contains("success") && read.contains(" from ") && !read.contains("from –"), "{read}");
    }
    console.keys_settled("c").await;
    assert!(!console.screen().contains("┄ the"), "and with nothing again");
    console.keys("c<esc>");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_jump_moves_the_window_and_puts_the_cursor_there() {
    let mut console = Console::settled(Setting::once()).await;
    console.keys_settled("<tab><tab><tab><tab><enter>").await;
    console.keys("J09:42<enter>");
    assert!(console.copied().starts_with("09:42 success"), "inside the window only the cursor moves");
    assert!(console.app.window().is_live());
    console.keys_settled("J2026-01-14 20:00<enter>").await;
    let read = console.copied();
    assert!(read.starts_with("01-14 20:00 success"), "{read}");
    console.assert_shows(&["01-14 20:00 success"]);
    let (from, to) = console.app.window().range(console.app.now());
    assert!(from < to && (to - from).num_hours() == 1 && !console.app.window().is_live());
    console.keys("J2031-01-01<enter>");
    console.assert_shows(&["that is in the future"]);
    console.keys("<esc>");
    console.keys_settled("n").await;
    assert!(console.app.window().is_live());
}

#[tokio::test(flavor = "multi_thread")]
async fn kinds_and_scales_go_round() {
    let mut console = Console::settled(Setting::once()).await;
    console.keys_settled("<tab><tab><tab><tab><enter>").await;
    for title in ["1 min · stacked", "1 min · bars", "1 min · numbers"] {
        console.keys("K");
        console.assert_shows(&[title]);
    }
    console.keys("KL");
    console.assert_shows(&["Provisioning trend · 1 min · log"]);
    console.keys("L");
    assert!(!console.screen().contains("· log"));
    console.keys("<esc>2c");
    console.assert_shows(&["no chart to compare here"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_window_is_asked_for_with_a_longer_period() {
    let mut console = Console::settled(Setting::once()).await;
    console.keys_settled("<tab><tab><tab><tab><enter>").await;
    for (window, title) in [("2d", "5 min"), ("7d", "15 min"), ("30d", "30 min"), ("455d", "12 h")] {
        console.keys_settled(&format!("t{window}<enter>")).await;
        console.assert_shows(&[&format!("Provisioning trend · {title}")]);
        for words in ["no datapoints", "waiting for", "stale"] {
            assert!(!console.screen().contains(words), "{words} in {window}:\n{}", console.screen());
        }
    }
}
