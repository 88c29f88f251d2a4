//! Every preset board against the embedded AWS: what it asks for exists, and every card and chart has its figures.

use std::collections::BTreeSet;

use barograph::analysis::card::card_value;
use barograph::board::{self, Board};
use barograph::commands::snapshot;
use barograph::demo::world::World;
use barograph::export;
use barograph::store::Store;

use crate::harness::console::{Console, Setting, world};

/// What is known of a board's metric: how many series, and how many datapoints in all.
fn known(store: &Store, board: &Board, id: &str) -> (usize, usize) {
    let set = board.metrics.get(id).and_then(|query| store.series(query));
    set.map_or((0, 0), |set| (set.series.len(), set.series.iter().map(|series| series.points.len()).sum()))
}

async fn is_proved(name: &str) {
    let mut console = Console::settled(Setting { board: Some(name.to_owned()), ..Setting::once() }).await;
    let problems: Vec<String> = console.app.problems().iter().map(ToString::to_string).collect();
    assert_eq!(problems, Vec::<String>::new(), "{name}");
    let failing: Vec<_> = console.app.store().problems().map(|(source, health)| (source, health.clone())).collect();
    assert!(failing.is_empty(), "{name}: {failing:?}");

    let (board, store) = (console.app.board(), console.app.store());
    assert_eq!(board.name, name);
    let title = board.title.clone();
    for card in &board.cards {
        let view = card_value(card, board, store, console.app.window(), console.app.now());
        assert!(view.value.is_some_and(f64::is_finite), "{name}: the card {} says {view:?}", card.id);
        assert_eq!(view.message, None, "{name}: {}", card.id);
    }
    for chart in &board.charts {
        for series in &chart.series {
            let (count, points) = known(store, board, &series.metric);
            assert!(count > 0 && points >= 30, "{name}: {} has {count} series, {points} points", series.metric);
        }
    }
    for (columns, lines) in [(80, 24), (160, 48)] {
        let text = export::text(&snapshot::frame(&mut console.app, (columns, lines)));
        assert!(text.contains(&title), "{name}\n{text}");
        // The list of alarms names one of the demo's that has no data; cards and charts have some.
        assert!(!text.contains("no datapoints"), "{name}\n{text}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_preset_has_its_figures() {
    let names = board::presets();
    assert!(names.len() >= 18, "{names:?}");
    for name in names {
        is_proved(&name).await;
    }
}

/// Namespaces that the embedded AWS has metrics of.
fn namespaces(world: &World) -> BTreeSet<&str> {
    world.metrics().iter().map(|metric| metric.namespace.as_str()).collect()
}

#[test]
fn presets_are_found_by_what_they_ask_for() {
    let world = world(1.0);
    let there = namespaces(&world);
    for name in board::presets() {
        let board = board::preset(&name).expect("a preset");
        assert!(!board.found_by.is_empty(), "{name} says by what it is found");
        for namespace in &board.found_by {
            assert!(there.contains(namespace.as_str()), "{name}: {namespace}");
            let asks = format!("{:?}", board.metrics);
            assert!(asks.contains(namespace.as_str()), "{name} asks for nothing of {namespace}");
        }
    }
}
