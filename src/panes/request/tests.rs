use super::*;
use crate::panes::testing::{CORRELATION, SIZES, TRACE, World};

fn text(world: &World, pane: &mut RequestDetail, width: u16, height: u16) -> String {
    let screen = world.draw(pane, width, height).join("\n");
    println!("{screen}");
    screen
}

#[test]
fn every_state_draws_at_every_size() {
    for world in World::all() {
        for (width, height) in SIZES {
            let mut pane = RequestDetail::new("req-1");
            for action in [Action::NextPane, Action::Down, Action::NextPane, Action::Right, Action::NextPane] {
                world.draw(&mut pane, width, height);
                pane.on(action, &world.cx());
            }
        }
    }
}

#[test]
fn it_asks_for_lines_and_trace() {
    let world = World::live();
    let pane = RequestDetail::new("req-1");
    let wants = vec![Subscription::Lines(CORRELATION.to_owned()), Subscription::Trace(TRACE.to_owned())];
    assert_eq!(pane.wants(&world.cx()), wants);
    let unknown = RequestDetail::new("other");
    assert_eq!(unknown.wants(&world.cx()), vec![Subscription::Lines("other".to_owned())]);
}

#[test]
fn a_wide_screen_shows_lines_trace_and_segment() {
    let world = World::live();
    let screen = text(&world, &mut RequestDetail::new("req-1"), 160, 40);
    for part in [
        "✗ FAILED  TSP_TIMEOUT  latency 24.3s",
        "▾ 10:28:06.747 ✗ TOKEN_PROVISION_FAILURE",
        "▸ 10:27:42.447 … TOKEN_PROVISION_START",
        "reason: TSP_TIMEOUT",
        "✗ TokenProvisioningService",
        "◇   DynamoDB GetItem",
        "TSP (in progress)",
        "correlationId: corr_9f27c1ab",
    ] {
        assert!(screen.contains(part), "{part}");
    }
}

#[test]
fn a_small_screen_shows_one_section_at_a_time() {
    let world = World::live();
    let mut pane = RequestDetail::new("req-1");
    assert!(text(&world, &mut pane, 80, 24).contains("Lines · 2 · next: Trace, Segment"));
    pane.on(Action::NextPane, &world.cx());
    assert!(text(&world, &mut pane, 80, 24).contains("Trace · 24.3 s · 3 faults"));
    assert_eq!(pane.on(Action::Open, &world.cx()), Reaction::Handled);
    let screen = text(&world, &mut pane, 80, 24);
    assert!(screen.contains("Segment · TokenizationService") && screen.contains("TSP timed out"), "{screen}");
    assert_eq!(pane.on(Action::Back, &world.cx()), Reaction::Handled);
    assert_eq!(pane.on(Action::Back, &world.cx()), Reaction::Ignored);
}

#[test]
fn the_tree_folds_and_copies() {
    let world = World::live();
    let mut pane = RequestDetail::new("req-1");
    world.draw(&mut pane, 160, 40);
    assert!(pane.copied(&world.cx()).expect("the failed line").starts_with("{\"level\""));
    pane.on(Action::Right, &world.cx());
    assert_eq!(pane.copied(&world.cx()).as_deref(), Some("INFO"));
    pane.on(Action::Left, &world.cx());
    pane.on(Action::Left, &world.cx());
    assert!(!text(&world, &mut pane, 160, 40).contains("level: INFO"));
    pane.on(Action::Open, &world.cx());
    assert!(text(&world, &mut pane, 160, 40).contains("level: INFO"));
}

#[test]
fn a_request_that_left_the_feed_stays_on_screen() {
    let mut world = World::live();
    let mut pane = RequestDetail::new("req-1");
    world.draw(&mut pane, 120, 40);
    world.store.requests = crate::store::request::Requests::default();
    assert!(text(&world, &mut pane, 120, 40).contains("✗ FAILED  TSP_TIMEOUT"));
}

#[test]
fn what_is_missing_is_said() {
    let screen = text(&World::failed(), &mut RequestDetail::new("req-1"), 160, 30);
    for part in [
        "req-1 is no longer in the feed",
        "denied: logs:FilterLogEvents",
        "not authorized",
        "The request names no trace.",
    ] {
        assert!(screen.contains(part), "{part}");
    }
    let mut world = World::live();
    world.store.traces.values_mut().for_each(|trace| trace.data = None);
    world.store.lines.clear();
    let screen = text(&world, &mut RequestDetail::new("req-1"), 160, 30);
    assert!(screen.contains("X-Ray does not have it") && screen.contains("Looking for its lines"));
}

#[test]
fn one_part_takes_the_whole_screen_and_gives_it_back() {
    let world = World::live();
    let mut pane = RequestDetail::new("req-1");
    assert!(text(&world, &mut pane, 160, 40).contains("Trace · 24.3 s"));
    assert_eq!(pane.on(Action::Maximise, &world.cx()), Reaction::Handled);
    let screen = text(&world, &mut pane, 160, 40);
    assert!(screen.contains("Lines · 2 · next: Trace, Segment") && !screen.contains("Trace · 24.3 s"), "{screen}");
    pane.on(Action::NextPane, &world.cx());
    assert!(text(&world, &mut pane, 160, 40).contains("Trace · 24.3 s · 3 faults · next: Lines, Segment"));
    pane.on(Action::Maximise, &world.cx());
    assert!(text(&world, &mut pane, 160, 40).contains("Lines · 2"));
}

#[test]
fn of_a_refused_call_the_deepest_segment_is_selected() {
    use crate::app::msg::Update;
    use crate::store::trace::Trace;
    let mut world = World::live();
    let document = |id: &str, name: &str, rest: &str| {
        format!(r#"{{"id":"{id}","name":"{name}","start_time":1.0,"end_time":2.0,"error":true{rest}}}"#)
    };
    let leaf = document("3", "CardVault", r#","cause":{"exceptions":[]}"#);
    let middle = document("2", "Issuer", &format!(r#","subsegments":[{leaf}]"#));
    let root = document("1", "Api", &format!(r#","subsegments":[{middle}]"#));
    let trace = Some(Trace::from_documents(TRACE, 1.0, [root.as_str()]));
    world.store.fold(&world.board, Update::Trace { at: world.now, id: TRACE.to_owned(), trace });
    let screen = text(&world, &mut RequestDetail::new("req-1"), 160, 40);
    assert!(screen.contains("Segment · CardVault"), "{screen}");
}

#[test]
fn a_segment_of_a_story_is_under_the_cursor() {
    let world = World::live();
    let segments = world.store.traces.get(TRACE).and_then(|answer| answer.data.clone()).expect("a trace").spans;
    let root = &segments[0];
    let mut pane = RequestDetail::of_segment(TRACE, &root.id);
    let screen = text(&world, &mut pane, 160, 40);
    assert!(screen.contains(&format!("Segment · {}", root.name)), "{screen}");
    // One that is not there leaves the cursor where it would be without.
    let mut other = RequestDetail::of_segment(TRACE, "nothing");
    let mut plain = RequestDetail::of_trace(TRACE);
    assert_eq!(text(&world, &mut other, 160, 40), text(&world, &mut plain, 160, 40));
}
