use super::*;
use crate::panes::incident;
use crate::panes::testing::SIZES;
use crate::widgets::screen::print;

fn card(id: &str) -> MetricPane {
    MetricPane::new(Subject::Card(id.into()))
}

#[test]
fn a_card_large_has_curve_thresholds_figures_and_queries() {
    let world = incident::live();
    let view = card("failure_rate").view(&world.cx()).expect("a card");
    assert_eq!(view.title, "Failure rate · 1 min");
    assert_eq!(view.chart.bounds.len(), 1);
    assert_eq!(view.chart.lines.len(), 1);
    assert_eq!(view.chart.lines[0].earlier.first().map(|(at, _)| *at), Some(view.chart.from), "the window before");
    let row = &view.summaries[0];
    let summary = row.summary.expect("datapoints");
    assert_eq!((row.label.as_str(), summary.count, row.adds_up), ("Failure rate", 180, false));
    assert!((summary.last - 14.6).abs() < 0.05 && summary.min < 2.0, "{summary:?}");
    let drawn = world.draw(&mut card("failure_rate"), 100, 24);
    print(&drawn);
    let screen = drawn.join("\n");
    for words in [
        "14.6 %  over the last 5m  ▲ 12.8 pt against the window before  crit > 5 %",
        "> 5 %╌╌",
        "min   mean     max    last",
        "● Failure rate  1.8 %",
        "failure_rate = 100 * failure / (success + failure)",
        "success      = TokenServices TokenProvisioningSuccess · Sum · 60 s",
    ] {
        assert!(screen.contains(words), "{words}");
    }
}

#[test]
fn a_chart_large_has_figures_for_each_line() {
    let world = incident::live();
    let mut pane = MetricPane::new(Subject::Chart("trend".into()));
    let drawn = world.draw(&mut pane, 100, 24);
    print(&drawn);
    assert_eq!(pane.view(&world.cx()).expect("a chart").summaries.len(), 3);
    assert_eq!(pane.on(Action::RollUp, &world.cx()), Reaction::Handled);
    assert!(world.draw(&mut pane, 100, 24)[0].contains("1 h roll-up"));
    assert_eq!(pane.on(Action::Left, &world.cx()), Reaction::Handled);
    assert!(pane.copied(&world.cx()).expect("a reading").starts_with("09:00 success"));
}

#[test]
fn a_card_wants_its_metrics_with_the_window_before() {
    let world = incident::waiting();
    assert_eq!(card("failure_rate").wants(&world.cx()).len(), 2);
    assert!(card("gone").wants(&world.cx()).is_empty());
    assert_eq!(card("failure_rate").on(Action::RollUp, &world.cx()), Reaction::Ignored);
}

#[test]
fn every_size_and_health_draws() {
    for world in incident::all() {
        for (width, height) in SIZES {
            for id in ["failure_rate", "active_tokens", "gone"] {
                world.draw(&mut card(id), width, height);
            }
            world.draw(&mut MetricPane::new(Subject::Chart("trend".into())), width, height);
        }
        print(&world.draw(&mut card("average_time"), 80, 12));
    }
}

#[test]
fn a_sum_of_a_metric_has_a_total_and_keys_without_use_say_why() {
    let mut world = incident::live();
    let query = MetricQuery::stat("AWS/Lambda", "Errors", &[], "Sum", 60);
    let mut pane = MetricPane::new(Subject::Query(Box::new(query.clone())));
    let from = world.now - TimeDelta::hours(3);
    let from = crate::clock::floor(from, 60);
    let points = (0..180).map(|minute| (from + TimeDelta::minutes(minute), 2.0)).collect();
    let series = vec![crate::store::series::Series { label: "Errors".into(), points }];
    let result = crate::store::series::MetricResult { query, from, to: world.now, series, message: None };
    let batch = crate::store::series::MetricBatch { at: world.now, results: vec![result] };
    world.store.fold(&world.board, crate::app::msg::Update::Metrics(batch));
    let drawn = world.draw(&mut pane, 100, 24).join("\n");
    assert!(drawn.contains("last  sum"), "{drawn}");
    for action in [Action::RecentlyActive, Action::Period, Action::Statistic, Action::Layout] {
        assert!(pane.refusal(action, &world.cx()).is_some(), "{action:?}");
    }
}
