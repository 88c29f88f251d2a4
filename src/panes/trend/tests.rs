use super::*;
use crate::panes::incident;
use crate::panes::testing::SIZES;
use crate::store::window::Window;
use crate::widgets::screen::print;

#[test]
fn the_legend_has_the_newest_whole_values() {
    let world = incident::live();
    let view = Trend::new().view(&world.cx()).expect("a chart");
    let entries: Vec<_> = view.legend.iter().map(|entry| format!("{} {}", entry.label, entry.value)).collect();
    assert_eq!(entries, ["success 2,028", "failed 347", "pending 640"]);
    assert_eq!(view.title, "Provisioning trend · 1 min");
    assert_eq!(view.reading, None);
}

#[test]
fn the_cursor_reads_and_leaves() {
    let world = incident::live();
    let mut trend = Trend::new();
    for action in [Action::Left, Action::Left] {
        assert_eq!(trend.on(action, &world.cx()), Reaction::Handled);
    }
    let text = trend.copied(&world.cx()).expect("a reading");
    assert!(text.starts_with("10:26 success 2,0"), "{text}");
    let drawn = world.draw(&mut trend, 100, 14);
    print(&drawn);
    assert!(drawn[13].starts_with(&format!("└ {text} ─")), "{}", drawn[13]);
    assert_eq!(trend.on(Action::Back, &world.cx()), Reaction::Handled);
    assert_eq!(trend.on(Action::Back, &world.cx()), Reaction::Ignored);
}

#[test]
fn it_zooms_around_the_cursor_and_opens() {
    let world = incident::live();
    let mut trend = Trend::new();
    trend.on(Action::Top, &world.cx());
    let Reaction::Window(Window { span, end: Some(end) }) = trend.on(Action::ZoomIn, &world.cx()) else {
        panic!("a window that stands still")
    };
    assert_eq!(span.as_secs(), 90 * 60);
    assert!(end < world.now);
    assert_eq!(trend.on(Action::Open, &world.cx()), Reaction::Open(Target::Chart("trend".into())));
}

#[test]
fn a_roll_up_adds_counts_and_takes_the_last_of_gauges() {
    let world = incident::live();
    let mut trend = Trend::new();
    assert_eq!(trend.on(Action::RollUp, &world.cx()), Reaction::Handled);
    let view = trend.view(&world.cx()).expect("a chart");
    assert_eq!(view.title, "Provisioning trend · 1 h roll-up");
    let points = |line: usize| &view.chart.lines[line].points;
    assert_eq!(points(0).len(), 4, "07:00 to 10:00");
    assert!(points(0)[0].1 > 120_000.0);
    assert!((points(2)[0].1 - 40.0).abs() < 1e-9);
    assert!(trend.wants(&world.cx()).iter().all(|want| matches!(want, Subscription::Metric { compare: Some(_), .. })));
    print(&world.draw(&mut trend, 80, 10));
}

#[test]
fn every_size_and_health_draws() {
    for world in incident::all() {
        for (width, height) in SIZES {
            let drawn = world.draw(&mut Trend::new(), width, height);
            if width == 80 {
                print(&drawn);
            }
        }
    }
    let mut world = incident::live();
    world.board.charts.clear();
    assert!(world.draw(&mut Trend::new(), 40, 5)[1].contains("no chart"));
    assert!(Trend::new().wants(&world.cx()).is_empty());
}

#[test]
fn trouble_stands_in_the_frame_and_old_lines_stay() {
    let drawn = incident::stale();
    let drawn = drawn.draw(&mut Trend::new(), 100, 12);
    print(&drawn);
    assert!(drawn[0].contains("stale 40s · throttled, retry in 8s"));
    assert!(drawn[1].contains("● success 2,0"), "the legend has moved inside");
    let drawn = incident::failed().draw(&mut Trend::new(), 100, 12);
    assert!(drawn[0].contains("denied: cloudwatch:GetMetricData"));
}
