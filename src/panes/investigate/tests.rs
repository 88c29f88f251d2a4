use std::sync::Arc;

use super::*;
use crate::app::msg::Update;
use crate::panes::testing::{self, SIZES, World};
use crate::store::story::{Event, Identifier, Origin, Story};

fn story() -> Story {
    let at = |ms: i64| chrono::DateTime::from_timestamp_millis(1_768_472_855_000 + ms).expect("in range");
    let id = Identifier { field: "correlationId".into(), value: "corr_9f27c1".into(), join: None };
    let mut story = Story { identifiers: vec![id], ..Story::default() };
    let span = |ms, took, depth, name: &str| Event {
        time: at(ms),
        took_s: Some(took),
        own_s: Some(took),
        origin: Some(Origin::XRay),
        service: name.into(),
        status: "FAULT".into(),
        outcome: Outcome::Failed,
        segment: Some(name.into()),
        trace: Some("1-6968c117-87054826a6209d059c41ecb1".into()),
        depth,
        ..Event::default()
    };
    story.add(span(0, 24.0, 0, "token-api"));
    story.add(span(100, 8.0, 1, "TSP"));
    story.add(Event {
        time: at(24_000),
        origin: Some(Origin::Logs("/aws/lambda/t".into())),
        outcome: Outcome::Failed,
        status: "FAILED".into(),
        what: "TOKEN_PROVISION_FAILURE: TSP_TIMEOUT".into(),
        text: r#"{"reason":"TSP_TIMEOUT","requestId":"r-123456"}"#.into(),
        ..Event::default()
    });
    story
}

#[test]
fn a_story_is_drawn_at_every_size_and_its_rows_open() {
    let mut world = World::live();
    let mut pane = StoryPane::new("corr_9f27c1");
    let query = StoryQuery::of("corr_9f27c1");
    for (width, height) in SIZES {
        testing::drawn(width, height, |frame| pane.draw(frame, frame.area(), &world.cx()));
    }
    let update = Update::Story { at: world.now, query, story: Arc::new(story()) };
    world.store.fold(&world.board, update);
    for (width, height) in SIZES {
        let rows = testing::drawn(width, height, |frame| pane.draw(frame, frame.area(), &world.cx()));
        if height >= 24 {
            assert!(rows.iter().any(|row| row.contains('▶') && row.contains("TSP")), "{}", rows.join("\n"));
        }
    }
    let open = pane.on(Action::Open, &world.cx());
    assert_eq!(open, Reaction::Open(Target::Trace("1-6968c117-87054826a6209d059c41ecb1".into())));
    assert_eq!(pane.on(Action::NextError, &world.cx()), Reaction::Handled);
    assert_eq!(pane.on(Action::Open, &world.cx()), Reaction::Handled, "the line as a tree");
    pane.on(Action::Down, &world.cx());
    assert_eq!(pane.identifier(&world.cx()).as_deref(), Some("TSP_TIMEOUT"));
    assert_eq!(pane.on(Action::Back, &world.cx()), Reaction::Handled);
    assert_eq!(pane.on(Action::Back, &world.cx()), Reaction::Ignored);
}

#[test]
fn what_was_investigated_is_listed() {
    let mut world = World::live();
    let mut pane = Investigations::new();
    let rows = testing::drawn(80, 24, |frame| pane.draw(frame, frame.area(), &world.cx()));
    assert!(rows.iter().any(|row| row.contains("trace id")), "{}", rows.join("\n"));
    let query = StoryQuery::of("corr_9f27c1");
    let update = Update::Story { at: world.now, query, story: Arc::new(story()) };
    world.store.fold(&world.board, update);
    let rows = testing::drawn(80, 24, |frame| pane.draw(frame, frame.area(), &world.cx()));
    assert!(rows.iter().any(|row| row.contains("✗ corr_9f27c1")), "{}", rows.join("\n"));
    assert_eq!(pane.on(Action::Open, &world.cx()), Reaction::Open(Target::Find("corr_9f27c1".into())));
}

#[test]
fn the_events_of_a_story_are_exported_by_the_names_of_the_command() {
    let mut world = World::live();
    let mut pane = StoryPane::new("corr_9f27c1");
    let story = Story { events: story().events, ..story() };
    let document = crate::commands::find::document::document(&story);
    let update = Update::Story { at: world.now, query: StoryQuery::of("corr_9f27c1"), story: Arc::new(story) };
    world.store.fold(&world.board, update);
    let exported = pane.exported(&world.cx()).expect("events");
    let names: Vec<&String> = document["events"][0].as_object().expect("an event").keys().collect();
    let mut columns: Vec<&String> = exported.table.columns().iter().collect();
    columns.sort();
    let mut sorted = names.clone();
    sorted.sort();
    assert_eq!(columns, sorted);
    assert_eq!(exported.table.len(), 3, "gaps are no rows");
    let text = exported.table.write(crate::export::Form::Csv, world.now);
    assert!(text.contains("TOKEN_PROVISION_FAILURE: TSP_TIMEOUT") && text.contains("logs:/aws/lambda/t"), "{text}");
    pane.set_filter("tsp_timeout", &world.cx());
    assert_eq!(pane.exported(&world.cx()).map(|exported| exported.table.len()), Some(1));
    let listed = Investigations::new().exported(&world.cx()).expect("one").table;
    assert!(listed.write(crate::export::Form::Csv, world.now).contains("corr_9f27c1,3,failed"));
}
