//! What the explorer lists, picks and draws.

use std::sync::Arc;

use super::*;
use crate::app::msg::Update;
use crate::panes::testing::{SIZES, World, at};
use crate::store::catalogue::Ending;
use crate::store::series::{MetricBatch, MetricResult, Series};

fn metric(namespace: &str, name: &str, function: &str) -> MetricId {
    let dimensions = if function.is_empty() { Vec::new() } else { vec![("FunctionName".into(), function.into())] };
    MetricId { namespace: namespace.into(), name: name.into(), dimensions, account: None }
}

fn world() -> World {
    let mut world = World::empty();
    let page: Arc<[MetricId]> = [
        metric("AWS/Lambda", "Errors", "orders"),
        metric("AWS/Lambda", "Errors", "risk"),
        metric("AWS/Lambda", "Duration", "orders"),
        metric("AWS/SQS", "Sent\u{1b}[31m", ""),
    ]
    .into();
    let scope = CatalogueScope { namespace: None, recent: true };
    let update = Update::Catalogue { at: world.now, scope, page, first: true, ending: Ending::Complete };
    world.store.fold(&world.board, update);
    world
}

/// Lets AWS answer a query with a value a minute for each of its series.
fn answer(world: &mut World, query: &MetricQuery, series: &[(&str, &dyn Fn(f64) -> f64)]) {
    let from = at("2026-01-15T04:28:00Z");
    let points = |of: &dyn Fn(f64) -> f64| {
        (0..360).map(|minute| (from + chrono::TimeDelta::minutes(minute), of(minute as f64 - 180.0))).collect()
    };
    let series = series.iter().map(|(label, of)| Series { label: (*label).to_owned(), points: points(of) }).collect();
    let result = MetricResult { query: query.clone(), from, to: world.now, series, message: None };
    let batch = MetricBatch { at: world.now, results: vec![result] };
    world.store.fold(&world.board, Update::Metrics(batch));
}

fn texts(pane: &Metrics) -> Vec<String> {
    pane.tree.rows().iter().map(|row| format!("{}{}", "  ".repeat(row.depth.into()), row.text)).collect()
}

fn press(pane: &mut Metrics, world: &World, actions: &[Action]) -> Reaction {
    actions.iter().map(|action| pane.on(*action, &world.cx())).last().unwrap_or_default()
}

#[test]
fn namespaces_unfold_to_names_and_dimensions() {
    let world = world();
    let mut pane = Metrics::new();
    pane.sync(&world.cx());
    assert_eq!(texts(&pane), ["AWS/Lambda", "AWS/SQS"]);
    press(&mut pane, &world, &[Action::Open, Action::Down, Action::Down, Action::Right]);
    assert_eq!(
        texts(&pane),
        ["AWS/Lambda", "  Duration", "  Errors", "    FunctionName=orders", "    FunctionName=risk", "AWS/SQS"]
    );
    press(&mut pane, &world, &[Action::Down, Action::Left]);
    assert_eq!(pane.row().map(|row| row.text.as_str()), Some("Errors"), "left goes up to the name");
    press(&mut pane, &world, &[Action::Left, Action::Left, Action::Left]);
    assert_eq!(texts(&pane), ["AWS/Lambda", "AWS/SQS"]);
}

#[test]
fn a_search_lists_the_best_first() {
    let world = world();
    let mut pane = Metrics::new();
    pane.set_filter("err risk", &world.cx());
    assert_eq!(pane.tree.rows().len(), 1);
    assert_eq!(pane.preview, Some(metric("AWS/Lambda", "Errors", "risk")));
    let query = MetricQuery::stat("AWS/Lambda", "Errors", &[("FunctionName", "risk")], "Sum", 60);
    assert!(pane.wants(&world.cx()).contains(&Subscription::Metric { query: query.clone(), compare: None }));
    assert_eq!(press(&mut pane, &world, &[Action::Open]), Reaction::Open(Target::Metric(Box::new(query))));
    pane.set_filter("nothing like it", &world.cx());
    assert!(pane.tree.rows().is_empty() && pane.preview.is_none());
}

#[test]
fn picks_are_numbered_and_expressions_stand_on_them() {
    let world = world();
    let cx = world.cx();
    let mut pane = Metrics::new();
    pane.set_filter("errors", &cx);
    press(&mut pane, &world, &[Action::Pick, Action::Down, Action::Pick]);
    pane.answer(Ask::Statistic, "Sum", &cx).expect("a statistic");
    pane.answer(Ask::Expression, "100 * m1 / m2", &cx).expect("valid");
    pane.answer(Ask::Expression, "SUM(METRICS()) as \"all\"", &cx).expect("valid");
    let picks: Vec<(&str, String)> =
        pane.picks.iter().map(|line| (line.id.as_str(), expression::text(&line.query))).collect();
    let (orders, risk) =
        ("AWS/Lambda:Errors{FunctionName=orders}:Sum:60s", "AWS/Lambda:Errors{FunctionName=risk}:Sum:60s");
    assert_eq!(
        picks,
        [
            ("m1", orders.to_owned()),
            ("m2", risk.to_owned()),
            ("e3", format!("100 * {orders} / {risk}")),
            ("e4", format!("SUM([{orders},{risk}]) as \"all\"")),
        ]
    );
    pane.answer(Ask::Period, "5m", &cx).expect("a period");
    assert!(pane.picks.iter().all(|line| line.query.period_s == 300));
    let error = pane.answer(Ask::Expression, "m1 + m9", &cx).expect_err("no m9");
    assert_eq!(error.position, 5);
    assert!(pane.answer(Ask::Statistic, "Summ", &cx).is_err() && pane.answer(Ask::Period, "45s", &cx).is_err());

    press(&mut pane, &world, &[Action::NextPane, Action::Up, Action::Up, Action::Up]);
    pane.answer(Ask::Statistic, "p99", &cx).expect("a statistic");
    let stats: Vec<&str> = pane
        .picks
        .iter()
        .filter_map(|line| match &line.query.source {
            MetricSource::Stat { stat, .. } => Some(stat.as_str()),
            MetricSource::Expression { .. } => None,
        })
        .collect();
    assert_eq!(stats, ["p99", "Sum"], "on the chart, the one under the cursor alone");
    press(&mut pane, &world, &[Action::Pick]);
    assert_eq!(pane.picks[0].id, "m2", "p takes it off");
    assert_eq!(press(&mut pane, &world, &[Action::Back]), Reaction::Handled);
    assert_eq!(pane.part, Part::List);
}

#[test]
fn a_group_is_picked_and_taken_off_as_one() {
    let world = world();
    let mut pane = Metrics::new();
    pane.sync(&world.cx());
    press(&mut pane, &world, &[Action::Open, Action::Down, Action::Down, Action::Open, Action::Pick]);
    assert_eq!(pane.picks.len(), 2);
    press(&mut pane, &world, &[Action::Pick]);
    assert!(pane.picks.is_empty());
}

#[test]
fn the_other_list_is_asked_for() {
    let world = world();
    let mut pane = Metrics::new();
    press(&mut pane, &world, &[Action::RecentlyActive]);
    let all = Subscription::Catalogue(CatalogueScope { namespace: None, recent: false });
    assert_eq!(pane.wants(&world.cx()), [all]);
    assert!(pane.tree.rows().is_empty());
}

#[test]
fn it_draws_at_every_size_and_state() {
    let mut worlds = vec![world()];
    worlds.extend(World::all());
    for world in &worlds {
        for part in [Part::List, Part::Chart] {
            for grid in [false, true] {
                let mut pane = Metrics::new();
                pane.set_filter("errors", &world.cx());
                press(&mut pane, world, &[Action::Pick, Action::Down, Action::Pick]);
                (pane.part, pane.grid) = (part, grid);
                for (width, height) in SIZES {
                    let drawn = world.draw(&mut pane, width, height);
                    assert!(drawn.iter().all(|row| !row.contains('\u{1b}')));
                }
            }
        }
    }
}

#[test]
fn the_chart_shows_what_is_picked_with_its_values() {
    let mut world = world();
    let mut pane = Metrics::new();
    pane.set_filter("errors", &world.cx());
    press(&mut pane, &world, &[Action::Pick]);
    answer(&mut world, &pane.picks[0].query.clone(), &[("Errors", &|minute| minute)]);
    let drawn = world.draw(&mut pane, 120, 30).join("\n");
    for words in
        ["\"errors\" 2 found · 4 active", "Errors  orders", "● m1 179  Errors orders · Sum · 60s · AWS/Lambda", "100┤"]
    {
        assert!(drawn.contains(words), "{words} in\n{drawn}");
    }
    assert_eq!(pane.copied(&world.cx()), Some("AWS/Lambda:Errors{FunctionName=orders}:Sum:60s".to_owned()));
}

/// Two picks and an expression with their answers.
fn charted() -> (World, Metrics) {
    let mut world = world();
    let mut pane = Metrics::new();
    pane.set_filter("errors", &world.cx());
    press(&mut pane, &world, &[Action::Pick, Action::Down, Action::Pick]);
    pane.answer(Ask::Expression, "100 * m1 / m2", &world.cx()).expect("valid");
    let queries: Vec<MetricQuery> = pane.picks.iter().map(|line| line.query.clone()).collect();
    let values: [&dyn Fn(f64) -> f64; 3] = [&|minute| 1_000.0 + minute, &|minute| 400.0 + minute, &|_| 12.5];
    for (query, value) in queries.iter().zip(values) {
        answer(&mut world, query, &[("x", value)]);
    }
    (world, pane)
}

#[test]
fn counts_are_added_up_from_the_beginning() {
    let world = world();
    let mut pane = Metrics::new();
    pane.set_filter("lambda", &world.cx());
    let rows = pane.tree.rows().len();
    for _ in 0..rows {
        press(&mut pane, &world, &[Action::Pick, Action::Down]);
    }
    let mut stats: Vec<(String, String)> = pane
        .picks
        .iter()
        .filter_map(|line| match &line.query.source {
            MetricSource::Stat { name, stat, .. } => Some((name.clone(), stat.clone())),
            MetricSource::Expression { .. } => None,
        })
        .collect();
    stats.sort();
    stats.dedup();
    let pair = |name: &str, stat: &str| (name.to_owned(), stat.to_owned());
    assert_eq!(stats, [pair("Duration", "Average"), pair("Errors", "Sum")]);
    assert_eq!(pane.prompt(Ask::Statistic, &world.cx()).as_deref(), Some("auto"));
    pane.answer(Ask::Statistic, "p99", &world.cx()).expect("a statistic");
    pane.answer(Ask::Statistic, "auto", &world.cx()).expect("each its own");
    assert!(pane.statistic.is_none());
}

#[test]
fn each_row_has_its_value_and_its_axis() {
    let (world, mut pane) = charted();
    let drawn = world.draw(&mut pane, 140, 34).join("\n");
    // The newest period that is over is the one before the last.
    for words in ["● m1    1,179  Errors orders", "■ m2      579  Errors risk", "▲ e3 → 12.5 %  100 * m1 / m2", "├"]
    {
        assert!(drawn.contains(words), "{words} in\n{drawn}");
    }
    press(&mut pane, &world, &[Action::NextPane, Action::Left, Action::Left]);
    let drawn = world.draw(&mut pane, 140, 34).join("\n");
    assert!(drawn.contains("● m1    1,178  Errors orders"), "the cursor's, in\n{drawn}");
}

#[test]
fn a_line_goes_to_the_other_axis_and_back() {
    let (world, mut pane) = charted();
    assert_eq!(press(&mut pane, &world, &[Action::OtherAxis]), Reaction::Ignored);
    assert!(pane.refusal(Action::OtherAxis, &world.cx()).expect("a reason").contains("Tab"));
    press(&mut pane, &world, &[Action::NextPane, Action::Up, Action::Up, Action::Up, Action::OtherAxis]);
    let sides = |pane: &Metrics| -> Vec<Side> {
        let parts = query_plot::plotted(&pane.shown(), 0, &world.cx(), &pane.look).parts;
        parts.iter().map(|part| part.side).collect()
    };
    assert_eq!(sides(&pane), [Side::Right, Side::Left, Side::Right]);
    press(&mut pane, &world, &[Action::OtherAxis]);
    assert_eq!(sides(&pane), [Side::Left, Side::Left, Side::Right]);
}

#[test]
fn what_it_is_compared_with_is_said() {
    let (world, mut pane) = charted();
    press(&mut pane, &world, &[Action::Compare]);
    let drawn = world.draw(&mut pane, 160, 34).join("\n");
    assert!(drawn.contains("3 charted · 1 min · ┄ the window before"), "{drawn}");
    assert!(drawn.contains("● m1    1,179  ▲ 18.0 % from 999"), "{drawn}");
    pane.grid = true;
    assert!(world.draw(&mut pane, 160, 34).join("\n").contains("┄ the window before"));
}

#[test]
fn what_a_search_finds_is_listed_with_glyphs_of_its_own() {
    let (mut world, mut pane) = charted();
    pane.answer(Ask::Expression, "SEARCH('{AWS/Lambda,FunctionName} Invocations', 'Sum', 60)", &world.cx())
        .expect("valid");
    let query = pane.picks[3].query.clone();
    let names =
        ["a-service", "b-service", "c-service", "d-service", "e-service", "f-service", "g-service", "h-service"];
    let flat: &dyn Fn(f64) -> f64 = &|_| 321.0;
    answer(&mut world, &query, &names.map(|name| (name, flat)));
    let drawn = world.draw(&mut pane, 160, 48).join("\n");
    for words in ["8 series · SEARCH(", "◆       321  a-service", "△       321  d-service", "… and 2 more", "9 of 11"]
    {
        assert!(drawn.contains(words), "{words} in\n{drawn}");
    }
    let plotted = query_plot::plotted(&pane.shown(), 0, &world.cx(), &pane.look);
    let mut glyphs: Vec<&str> = plotted.chart.lines.iter().map(|line| line.glyph).collect();
    glyphs.sort_unstable();
    glyphs.dedup();
    assert_eq!(glyphs.len(), plotted.chart.lines.len());

    pane.part = Part::Chart;
    assert_eq!(pane.prompt(Ask::Statistic, &world.cx()), None);
    let why = pane.refusal(Action::Statistic, &world.cx()).expect("a reason");
    assert_eq!(why, "e4 is SEARCH, which names its own statistic; f adds another");
}

#[test]
fn rows_of_one_name_differ_in_a_narrow_list() {
    let mut world = World::empty();
    let names = ["orders-ingest-service", "orders-export-service", "payments-execution-service"];
    let metrics: Arc<[MetricId]> = names.map(|name| metric("AWS/Lambda", "Errors", name)).into();
    let scope = CatalogueScope { namespace: None, recent: true };
    let update = Update::Catalogue { at: world.now, scope, page: metrics, first: true, ending: Ending::Complete };
    world.store.fold(&world.board, update);
    let mut pane = Metrics::new();
    pane.set_filter("lambda errors", &world.cx());
    let drawn = world.draw(&mut pane, 80, 24);
    for row in ["Errors  orders-export-service", "Errors  orders-ingest-service", "Errors  payments-execut"] {
        assert!(drawn.iter().any(|line| line.contains(row)), "{row} in\n{}", drawn.join("\n"));
    }
    assert!(drawn[0].contains("\"lambda errors\" 3 found"), "{}", drawn[0]);
}

#[test]
fn the_footer_is_that_of_the_half() {
    let (world, mut pane) = charted();
    let has = |pane: &Metrics, action| pane.hints().expect("keys").iter().any(|(known, _)| *known == action);
    assert!(has(&pane, Action::Filter) && !has(&pane, Action::ChartKind));
    press(&mut pane, &world, &[Action::NextPane]);
    for action in
        [Action::Compare, Action::LogScale, Action::ChartKind, Action::Left, Action::ZoomIn, Action::JumpToTime]
    {
        assert!(has(&pane, action), "{action:?}");
    }
}
