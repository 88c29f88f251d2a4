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
    let (trace, segment) = ("1-6968c117-87054826a6209d059c41ecb1".into(), "TSP".into());
    assert_eq!(open, Reaction::Open(Target::Segment { trace, segment }));
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
    let mut story = story();
    story.events[0].took_s = Some(24.679_000_139_236_45);
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
    assert!(text.contains(",24.679,") && !text.contains("24.67900"), "{text}");
    pane.set_filter("tsp_timeout", &world.cx());
    assert_eq!(pane.exported(&world.cx()).map(|exported| exported.table.len()), Some(1));
    let listed = Investigations::new().exported(&world.cx()).expect("one").table;
    assert!(listed.write(crate::export::Form::Csv, world.now).contains("corr_9f27c1,3,failed"));
}

#[test]
fn all_that_was_searched_and_found_can_be_read_at_any_size() {
    let mut world = World::live();
    let mut pane = StoryPane::new("corr_9f27c1");
    let mut story = story();
    for n in 0..12 {
        story.note(format!(
            "problem number {n}, which is told in more words than one short line has room for, to its end {n}."
        ));
    }
    for n in 0..40 {
        let field = format!("field{n}");
        story.identifiers.push(Identifier { field, value: format!("value-{n}"), join: None });
    }
    let update = Update::Story { at: world.now, query: StoryQuery::of("corr_9f27c1"), story: Arc::new(story) };
    world.store.fold(&world.board, update);
    let seen = |keys: &[Action], pane: &mut StoryPane| {
        let mut all = String::new();
        for key in keys {
            pane.on(*key, &world.cx());
            all.push_str(&testing::drawn(80, 24, |frame| pane.draw(frame, frame.area(), &world.cx())).join("\n"));
        }
        all
    };
    let first = seen(&[Action::Redraw], &mut pane);
    assert!(first.contains("Tab: all of it") && first.contains("· Tab") && first.contains("…"), "{first}");
    let steps = [Action::NextPane, Action::PageDown, Action::PageDown, Action::Bottom];
    let searched = seen(&steps, &mut pane).replace(['│', '\n'], " ");
    let words: Vec<&str> = searched.split_whitespace().collect();
    let searched = words.join(" ");
    for n in 0..12 {
        assert!(searched.contains(&format!("to its end {n}.")), "{n}: {searched}");
    }
    let summary = seen(&[Action::NextPane, Action::PageDown, Action::Bottom], &mut pane);
    for n in 0..40 {
        assert!(summary.contains(&format!("field{n} value-{n}")), "{n}: {summary}");
    }
    assert_eq!(pane.on(Action::Back, &world.cx()), Reaction::Handled);
    assert_eq!(pane.on(Action::Back, &world.cx()), Reaction::Ignored);
}

#[test]
fn a_shared_text_leads_to_its_requests() {
    let mut world = World::live();
    let mut pane = StoryPane::new("\"GooglePay\",");
    let mut story = story();
    story.identifiers = vec![Identifier { field: String::new(), value: "GooglePay".into(), join: None }];
    let leads: Vec<Event> = (1..4)
        .map(|n| Event {
            request: Some(format!("request-{n}")),
            text: n.to_string(),
            time: world.now + chrono::TimeDelta::seconds(n),
            outcome: Outcome::Failed,
            ..Event::default()
        })
        .collect();
    story.shared.push(crate::store::story::Shared { value: "GooglePay".into(), leads, ..Default::default() });
    story.offer();
    let update = Update::Story { at: world.now, query: StoryQuery::of("GooglePay"), story: Arc::new(story) };
    world.store.fold(&world.board, update);
    for (width, height) in SIZES {
        let rows = testing::drawn(width, height, |frame| pane.draw(frame, frame.area(), &world.cx()));
        if height >= 24 {
            let screen = rows.join("\n");
            assert!(
                screen.contains("Requests · 3") && screen.contains("shared by many") && !screen.contains('▶'),
                "{screen}"
            );
        }
    }
    pane.on(Action::Bottom, &world.cx());
    assert_eq!(pane.on(Action::Open, &world.cx()), Reaction::Open(Target::Find("request-3".into())));
    assert_eq!(pane.identifier(&world.cx()).as_deref(), Some("request-3"));
}

#[test]
fn a_gap_opens_what_was_at_work_in_it_or_nothing() {
    let mut world = World::live();
    let mut pane = StoryPane::new("corr_9f27c1");
    let update = Update::Story { at: world.now, query: StoryQuery::of("corr_9f27c1"), story: Arc::new(story()) };
    world.store.fold(&world.board, update);
    pane.on(Action::Bottom, &world.cx());
    pane.on(Action::Up, &world.cx());
    let (trace, segment) = ("1-6968c117-87054826a6209d059c41ecb1".into(), "token-api".into());
    assert_eq!(pane.on(Action::Open, &world.cx()), Reaction::Open(Target::Segment { trace, segment }));
    let mut idle = story();
    idle.events.iter_mut().for_each(|event| event.took_s = None);
    let update = Update::Story { at: world.now, query: StoryQuery::of("corr_9f27c1"), story: Arc::new(idle) };
    world.store.fold(&world.board, update);
    assert_eq!(pane.on(Action::Open, &world.cx()), Reaction::Handled);
}

#[test]
fn a_finished_story_is_asked_for_again_only_by_hand() {
    let mut world = World::live();
    let query = StoryQuery::of("corr_9f27c1");
    let tell = |world: &mut World, story: Story| {
        let update = Update::Story { at: world.now, query: query.clone(), story: Arc::new(story) };
        world.store.fold(&world.board, update);
    };
    let mut pane = StoryPane::new("corr_9f27c1");
    assert_eq!(pane.wants(&world.cx()).len(), 1);
    tell(&mut world, Story { running: true, ..story() });
    assert_eq!(pane.wants(&world.cx()).len(), 1);
    let list = |world: &World| {
        let mut list = Investigations::new();
        testing::drawn(120, 24, |frame| list.draw(frame, frame.area(), &world.cx())).join("\n")
    };
    assert!(list(&world).contains("stopped · Failed") && !list(&world).contains("searching"), "{}", list(&world));
    assert_eq!(StoryPane::new("corr_9f27c1").wants(&world.cx()).len(), 1, "what was left is asked for again");
    tell(&mut world, story());
    for pane in [&pane, &StoryPane::new("corr_9f27c1")] {
        assert_eq!(pane.wants(&world.cx()), Vec::new());
    }
    pane.on(Action::Refresh, &world.cx());
    assert_eq!(pane.wants(&world.cx()).len(), 1);
    tell(&mut world, story());
    assert_eq!(pane.wants(&world.cx()), Vec::new());
}
