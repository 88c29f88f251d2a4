use std::sync::Arc;

use chrono::TimeDelta;

use super::*;
use crate::app::msg::Update;
use crate::panes::testing::{SIZES, World};
use crate::store::series::{MetricBatch, MetricResult, Series};

fn metric(dimensions: &[(&str, &str)], stat: &str) -> MetricQuery {
    MetricQuery::stat("Shop", "Orders", dimensions, stat, 60)
}

fn fold(world: &mut World, update: Update) {
    let board = world.board.clone();
    world.store.fold(&board, update);
}

/// A world whose namespace has orders by shop, by shop and card, and without dimensions.
fn world() -> World {
    let mut world = World::empty();
    let id = |dimensions: &[(&str, &str)]| MetricId {
        namespace: "Shop".into(),
        name: "Orders".into(),
        dimensions: dimensions.iter().map(|(key, value)| ((*key).into(), (*value).into())).collect(),
        account: None,
    };
    let page: Vec<MetricId> = vec![
        id(&[]),
        id(&[("Card", "gold"), ("Shop", "north")]),
        id(&[("Shop", "north")]),
        id(&[("Shop", "south")]),
        MetricId { name: "Refunds".into(), ..id(&[("Reason", "late")]) },
    ];
    let scope = CatalogueScope { namespace: Some("Shop".to_owned()), recent: false };
    let page = Arc::from(page);
    let at = world.now;
    fold(&mut world, Update::Catalogue { scope, page, first: true, ending: Ending::Complete, at });
    world
}

/// Answers what a pane asks: in each of the window's minutes and of those before it, so much.
fn answer(world: &mut World, pane: &SplitPane, values: &[(&str, f64, f64)]) {
    let query = pane.drawn(&pane.dimensions(&world.cx()), &world.cx()).expect("a query");
    let (from, to) = world.cx().window.whole_periods(world.now, query.period_s);
    let back = Shift::Window.back(world.cx().window, query.period_s);
    let step = TimeDelta::seconds(i64::from(query.period_s));
    let series = values.iter().map(|(label, before, now)| {
        let mut at = from - back;
        let mut points = Vec::new();
        while at < to {
            points.push((at, if at < from { *before } else { *now }));
            at += step;
        }
        Series { label: (*label).to_owned(), points }
    });
    let result = MetricResult { query, from: from - back, to, series: series.collect(), message: None };
    let at = world.now;
    fold(world, Update::Metrics(MetricBatch { at, results: vec![result] }));
}

fn text(pane: &SplitPane, world: &World) -> String {
    let query = pane.query(&pane.dimensions(&world.cx())).expect("a query");
    let MetricSource::Expression { text, .. } = query.source else { panic!("an expression") };
    text
}

#[test]
fn a_metric_is_split_by_the_dimensions_of_its_name() {
    let world = world();
    let mut pane = SplitPane::new(metric(&[], "Sum"));
    assert_eq!(pane.view(&world.cx()).dimensions, (vec!["Card".to_owned(), "Shop".to_owned()], 0));
    assert_eq!(text(&pane, &world), r#"SELECT SUM("Orders") FROM SCHEMA("Shop", "Card", "Shop") GROUP BY "Card""#);
    assert_eq!(pane.on(Action::Right, &world.cx()), Reaction::Handled);
    assert_eq!(
        text(&pane, &world),
        r#"SELECT SUM("Orders") FROM SCHEMA("Shop", "Shop") GROUP BY "Shop""#,
        "the fewest"
    );
    // What is split by is not kept, what is beside it is.
    let mut of_north = SplitPane::new(metric(&[("Card", "gold"), ("Shop", "north")], "p99"));
    assert!(
        text(&of_north, &world).contains(r#"WHERE "Shop" = 'north' GROUP BY "Card""#),
        "{}",
        text(&of_north, &world)
    );
    of_north.on(Action::Left, &world.cx());
    assert!(!text(&of_north, &world).contains("WHERE"), "{}", text(&of_north, &world));
}

#[test]
fn values_have_shares_and_changes() {
    let mut world = world();
    let pane = SplitPane::new(metric(&[("Shop", "north")], "Sum"));
    answer(&mut world, &pane, &[("gold", 2.0, 3.0), ("blue", 1.0, 1.0)]);
    let view = pane.view(&world.cx());
    assert_eq!(view.title, "Orders · Sum by Card · against the window before");
    let rows: Vec<[String; 5]> = view.rows.iter().map(SplitRow::texts).collect();
    assert_eq!((&*rows[0][0], &*rows[0][2], &*rows[1][0], &*rows[1][2]), ("gold", "75.0 %", "blue", "25.0 %"));
    assert!(rows[0][4].contains("50") && rows[1][4].contains('0'), "{rows:?}");
    let pane = SplitPane::new(metric(&[], "Maximum"));
    answer(&mut world, &pane, &[("gold", 2.0, 3.0)]);
    let view = pane.view(&world.cx());
    assert_eq!((view.counted, view.rows[0].now, view.rows[0].share), ("max", 3.0, None));
}

#[test]
fn what_is_missing_is_said() {
    let empty = World::empty();
    let pane = SplitPane::new(metric(&[], "Sum"));
    assert_eq!(pane.view(&empty.cx()).note.as_deref(), Some("asking which dimensions there are …"));
    assert_eq!(pane.wants(&empty.cx()).len(), 1, "the catalogue alone");
    let world = world();
    assert_eq!(pane.view(&world.cx()).note.as_deref(), Some("waiting for the first datapoints …"));
    assert_eq!(pane.wants(&world.cx()).len(), 2);
    let other = SplitPane::new(MetricQuery::stat("Shop", "Visits", &[], "Sum", 60));
    assert!(other.view(&world.cx()).note.is_some_and(|note| note.contains("no dimensions")));
}

#[test]
fn it_draws_at_every_size() {
    let mut world = world();
    let mut pane = SplitPane::new(metric(&[], "Sum"));
    for (width, height) in SIZES {
        world.draw(&mut pane, width, height);
    }
    let values: Vec<(String, f64, f64)> =
        (0..80).map(|n| (format!("\u{1b}[31mcard {n:02}"), 1.0, f64::from(n))).collect();
    let values: Vec<(&str, f64, f64)> = values.iter().map(|(label, before, now)| (&**label, *before, *now)).collect();
    answer(&mut world, &pane, &values);
    for (width, height) in SIZES {
        assert!(!world.draw(&mut pane, width, height).concat().contains('\u{1b}'));
    }
    let rows = world.draw(&mut pane, 80, 24).join("\n");
    assert!(rows.contains("split by ‹ ▸Card") && rows.contains("card 79"), "{rows}");
    for _ in 0..70 {
        pane.on(Action::Down, &world.cx());
    }
    assert!(world.draw(&mut pane, 80, 24).join("\n").contains("card 09"));
    assert!(pane.copied(&world.cx()).is_some_and(|text| text.contains("card 09")));
    assert!(matches!(pane.on(Action::Open, &world.cx()), Reaction::Open(Target::Metric(_))));
}
