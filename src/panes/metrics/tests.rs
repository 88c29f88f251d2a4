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
    let query = MetricQuery::stat("AWS/Lambda", "Errors", &[("FunctionName", "risk")], "Average", 60);
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
    let query = pane.picks[0].query.clone();
    let from = at("2026-01-15T07:28:00Z");
    let points = (0..180).map(|minute| (from + chrono::TimeDelta::minutes(minute), minute as f64)).collect();
    let series = vec![Series { label: "Errors".to_owned(), points }];
    let result = MetricResult { query, from, to: world.now, series, message: None };
    let batch = MetricBatch { at: world.now, results: vec![result] };
    world.store.fold(&world.board, Update::Metrics(batch));
    let drawn = world.draw(&mut pane, 120, 30).join("\n");
    for words in
        ["Metrics · 4 active · 2 found", "Errors orders", "m1  Errors orders · Average · 60s · AWS/Lambda", "100┤"]
    {
        assert!(drawn.contains(words), "{words} in\n{drawn}");
    }
    assert_eq!(pane.copied(&world.cx()), Some("AWS/Lambda:Errors{FunctionName=orders}:Average:60s".to_owned()));
}
