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
    assert!(text(&world, &mut pane, 160, 40).contains("Trace · 24.3 s · 3 faults · next: Segment, Lines"));
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
    let trace = world.store.traces.get(TRACE).and_then(|answer| answer.data.clone()).expect("a trace");
    let root = &trace.spans[0];
    let mut pane = RequestDetail::of_segment(TRACE, &root.id);
    let screen = text(&world, &mut pane, 160, 40);
    assert!(screen.contains(&format!("Segment · {}", root.name)), "{screen}");
    // One that is not there leaves the cursor where it would be without.
    let mut other = RequestDetail::of_segment(TRACE, "nothing");
    let mut plain = RequestDetail::of_trace(TRACE);
    assert_eq!(text(&world, &mut other, 160, 40), text(&world, &mut plain, 160, 40));
}

/// A console on a trace of a service that calls two others, of which one fails.
fn on_trace() -> (World, RequestDetail) {
    let mut world = World::live();
    show(&mut world, "1-68f00000-00000000000000000000000a", 4.0);
    let mut pane = RequestDetail::of_trace("1-68f00000-00000000000000000000000a");
    world.draw(&mut pane, 160, 48);
    (world, pane)
}

/// Makes a trace known whose call to the bank ends after so many seconds.
fn show(world: &mut World, id: &str, bank_s: f64) {
    use crate::app::msg::Update;
    use crate::store::trace::Trace;
    let at = world.now.timestamp_millis() as f64 / 1000.0 - 24.5;
    let (end, bank) = (at + bank_s + 1.0, at + bank_s);
    let api = serde_json::json!({
        "id": "0000000000000001", "name": "Api", "start_time": at, "end_time": end, "fault": true,
        "aws": {"request_id": "req-of-lambda", "cloudwatch_logs": [{"log_group": "/aws/lambda/token-provisioning"}]},
        "cause": "ee00000000000001",
        "subsegments": [
            {"id": "0000000000000002", "name": "Vault", "namespace": "remote", "start_time": at + 0.1, "end_time": at + 0.3,
             "http": {"request": {"url": "https://vault.example.com/keys"}}},
            {"id": "0000000000000003", "name": "Bank", "namespace": "remote", "start_time": at + 0.5, "end_time": bank,
             "fault": true, "subsegments": [
                {"id": "0000000000000004", "name": "connect", "start_time": at + 0.5, "end_time": at + 0.6, "fault": true,
                 "cause": {"working_directory": "/srv/app", "exceptions": [
                    {"id": "ee00000000000001", "type": "BankDown", "message": "no answer", "cause": "ee00000000000002",
                     "stack": [{"path": "bank.py", "line": 7, "label": "call"}]},
                    {"id": "ee00000000000002", "type": "Timeout", "message": "after 8 s"}]}}]}]});
    let trace = Some(Trace::from_documents(id, bank_s + 1.0, [api.to_string().as_str()]));
    world.now += chrono::TimeDelta::seconds(1);
    world.store.fold(&world.board, Update::Trace { at: world.now, id: id.to_owned(), trace });
}

#[test]
fn a_newer_answer_renews_the_segment_under_the_cursor() {
    let (mut world, mut pane) = on_trace();
    pane.on(Action::Top, &world.cx());
    let told = |pane: &RequestDetail| pane.segment.roots().last().map(|root| root.value["end_time"].clone());
    let known = |world: &World| {
        let trace = world.store.traces["1-68f00000-00000000000000000000000a"].data.as_ref().expect("a trace");
        Some(trace.spans[0].document["end_time"].clone())
    };
    assert!(text(&world, &mut pane, 160, 48).contains("Segment · Api"));
    assert_eq!(told(&pane), known(&world));
    show(&mut world, "1-68f00000-00000000000000000000000a", 9.0);
    assert!(text(&world, &mut pane, 160, 48).contains("Segment · Api"));
    assert_eq!(told(&pane), known(&world));
}

#[test]
fn a_trace_opens_at_its_culprit_with_the_exceptions_in_words() {
    let (world, mut pane) = on_trace();
    let screen = text(&world, &mut pane, 160, 48);
    for part in
        ["Segment · connect", "BankDown: ", "message: no answer", "call (bank.py:7)", "caused by Timeout: after 8 s"]
    {
        assert!(screen.contains(part), "{part}");
    }
    // What another span tells is told here as well, and by whom.
    pane.on(Action::Top, &world.cx());
    let screen = text(&world, &mut pane, 160, 48);
    assert!(screen.contains("Segment · Api") && screen.contains("as connect tells it"), "{screen}");
    pane.on(Action::FirstFault, &world.cx());
    assert!(text(&world, &mut pane, 160, 48).contains("Segment · connect"));
}

#[test]
fn a_trace_that_no_request_tells_of_is_told_by_its_root_and_has_the_whole_width() {
    let (mut world, mut pane) = on_trace();
    let id = "1-68f00000-00000000000000000000000a";
    let screen = text(&world, &mut pane, 160, 48);
    println!("{screen}");
    let facts = screen.lines().nth(1).expect("facts");
    assert!(facts.starts_with("│ ✗ fault  Api  took 5.00 s  started "), "{facts}");
    let waterfall = screen.lines().find(|line| line.contains("Trace · 5.00 s")).expect("a waterfall");
    assert!(waterfall.starts_with('┌') && waterfall.ends_with('┐') && !waterfall.contains("Lines"), "{waterfall}");
    assert!(screen.lines().any(|line| line.contains("┌ Segment · connect") && line.contains("┌ Lines")), "{screen}");
    world.store.traces.clear();
    let screen = text(&world, &mut RequestDetail::of_trace(id), 160, 48);
    assert!(screen.contains(&format!("│ trace {id} ")), "{screen}");
}

#[test]
fn keys_walk_from_the_slowest_span_down() {
    let (world, mut pane) = on_trace();
    // Bank waits for 3.4 s itself, Api for 1.3 s, Vault for 0.2 s, connect for 0.1 s.
    for name in ["Bank", "Api", "Vault", "connect", "connect"] {
        pane.on(Action::Sort, &world.cx());
        let screen = text(&world, &mut pane, 160, 48);
        assert!(screen.contains(&format!("Segment · {name}")), "{name}: {screen}");
    }
    pane.on(Action::Reverse, &world.cx());
    assert!(text(&world, &mut pane, 160, 48).contains("Segment · Vault"));
}

#[test]
fn spans_fold_and_are_opened_by_what_goes_into_them() {
    let (world, mut pane) = on_trace();
    pane.on(Action::Left, &world.cx());
    pane.on(Action::Left, &world.cx());
    let screen = text(&world, &mut pane, 160, 48);
    assert!(screen.contains("▸1 Bank") && screen.contains("3 of 4 spans"), "{screen}");
    pane.on(Action::FirstFault, &world.cx());
    let screen = text(&world, &mut pane, 160, 48);
    assert!(!screen.contains("▸1") && screen.contains("Segment · connect"), "{screen}");
}

#[test]
fn spans_are_found_by_anything_in_them_with_what_leads_to_them() {
    let (world, mut pane) = on_trace();
    assert_eq!(pane.filter(), Some(""));
    pane.set_filter("KEYS", &world.cx());
    let screen = text(&world, &mut pane, 160, 48);
    assert!(screen.contains("2 of 4 spans · \"KEYS\"") && screen.contains("Segment · Vault"), "{screen}");
    pane.set_filter("not there", &world.cx());
    assert!(text(&world, &mut pane, 160, 48).contains("No span has that."));
    pane.set_filter("", &world.cx());
    assert!(!text(&world, &mut pane, 160, 48).contains("of 4 spans"));
    pane.on(Action::NextPane, &world.cx());
    assert_eq!(pane.filter(), None, "the segment has nothing to look through");
}

#[test]
fn a_segment_has_its_own_lines_and_those_of_its_request_id() {
    use crate::app::msg::Update;
    use crate::store::log::{LogEvent, RequestLines};
    let (mut world, mut pane) = on_trace();
    let id = "1-68f00000-00000000000000000000000a";
    let wants = vec![
        Subscription::Lines(id.to_owned()),
        Subscription::Lines("req-of-lambda".to_owned()),
        Subscription::Trace(id.to_owned()),
    ];
    assert_eq!(pane.wants(&world.cx()), wants);
    let start = world.now - chrono::TimeDelta::milliseconds(25_500);
    let line = |group: &str, after_ms: i64, text: &str| {
        let time = start + chrono::TimeDelta::milliseconds(after_ms);
        (group.to_owned(), LogEvent { time, group: 0, message: text.into() })
    };
    let lambda = "/aws/lambda/token-provisioning";
    let lines = [
        line(lambda, 200, "in the vault"),
        line(lambda, 540, "connecting"),
        line("/other", 545, "of somebody else"),
        line(lambda, 4_900, "REPORT RequestId: req-of-lambda"),
    ];
    for (value, lines) in [(id, &lines[..3]), ("req-of-lambda", &lines[1..])] {
        let lines = RequestLines { at: world.now, lines: lines.to_vec(), complete: true };
        world.store.fold(&world.board, Update::Lines { id: value.to_owned(), lines });
    }
    let segment = |screen: &str| screen.split("Segment · ").nth(1).map(str::to_owned).unwrap_or_default();
    let screen = segment(&text(&world, &mut pane, 160, 48));
    assert!(screen.contains("log lines of it · 1") && screen.contains("connecting"), "{screen}");
    pane.on(Action::Top, &world.cx());
    pane.on(Action::Maximise, &world.cx());
    pane.on(Action::Open, &world.cx());
    let screen = segment(&text(&world, &mut pane, 160, 48));
    assert!(screen.contains("log lines of it · 3") && screen.contains("REPORT"), "{screen}");
    assert!(!screen.contains("somebody else"), "{screen}");
}

#[test]
fn a_trace_is_compared_with_the_one_that_was_opened_before() {
    let (mut world, mut pane) = on_trace();
    world.store.traces.retain(|id, _| id.ends_with('a'));
    assert_eq!(pane.on(Action::Compare, &world.cx()), Reaction::Ignored);
    let why = pane.refusal(Action::Compare, &world.cx()).expect("why not");
    assert!(why.contains("nothing to compare with") && why.contains("open another trace"), "{why}");
    show(&mut world, "1-68f00000-00000000000000000000000b", 1.0);
    pane.on(Action::Compare, &world.cx());
    let screen = text(&world, &mut pane, 160, 48);
    assert!(screen.contains("Trace · 5.00 s · beside 1-68f00000-00000000000000000000000b, 2.00 s"), "{screen}");
    let bank = screen.lines().find(|line| line.contains("  Bank")).expect("its line");
    assert!(
        bank.contains("│   Bank          3.50 s     500 ms    +3.00 s "),
        "the figures stand beside the names: {bank}"
    );
    assert_eq!(pane.hints().map(|keys| keys[0]), Some((Action::Back, "leave comparison")));
    assert!(pane.refusal(Action::Sort, &world.cx()).is_some_and(|why| why.contains("Esc")));
    // On a narrow screen the other one's id gives way.
    let narrow = text(&world, &mut pane, 60, 24);
    assert!(narrow.contains("· beside 1-68f0") && narrow.contains("…000b, 2.00 s ─"), "{narrow}");
    pane.on(Action::Back, &world.cx());
    assert!(!text(&world, &mut pane, 160, 48).contains("beside"));
}

#[test]
fn keys_of_the_waterfall_reach_it_from_the_lines() {
    let world = World::live();
    for (action, told) in [(Action::FirstFault, "Segment · "), (Action::Sort, "Segment · ")] {
        let mut pane = RequestDetail::new("req-1");
        world.draw(&mut pane, 160, 48);
        assert_eq!(pane.section, Section::Lines);
        assert_eq!(pane.on(action, &world.cx()), Reaction::Handled, "{action:?}");
        assert_eq!(pane.section, Section::Trace, "{action:?}");
        assert!(text(&world, &mut pane, 160, 48).contains(told));
    }
    let mut world = World::live();
    world.store.traces.retain(|id, _| id == TRACE);
    let mut pane = RequestDetail::new("req-1");
    world.draw(&mut pane, 160, 48);
    assert_eq!(pane.on(Action::Compare, &world.cx()), Reaction::Ignored);
    assert!(pane.refusal(Action::Compare, &world.cx()).is_some_and(|why| why.contains("open another trace")));
    assert_eq!(pane.section, Section::Lines, "what came to nothing leaves the cursor where it is");
    show(&mut world, "1-68f00000-00000000000000000000000b", 1.0);
    assert_eq!(pane.on(Action::Compare, &world.cx()), Reaction::Handled);
    assert!(text(&world, &mut pane, 160, 48).contains("beside 1-68f"));
    world.store.traces.clear();
    let mut pane = RequestDetail::new("req-1");
    assert_eq!(pane.on(Action::FirstFault, &world.cx()), Reaction::Ignored);
    assert!(pane.refusal(Action::FirstFault, &world.cx()).is_some_and(|why| why.contains("not there")));
}

#[test]
fn a_title_names_what_tab_goes_to() {
    let world = World::live();
    let mut pane = RequestDetail::new("req-1");
    for (here, next) in [("Lines", "Trace, Segment"), ("Trace", "Segment, Lines"), ("Segment", "Lines, Trace")] {
        let screen = text(&world, &mut pane, 80, 24);
        assert!(screen.contains(&format!("┌ {here}")) && screen.contains(&format!("next: {next}")), "{screen}");
        pane.on(Action::NextPane, &world.cx());
    }
}

#[test]
fn a_trace_that_a_line_names_is_opened() {
    use crate::app::msg::Update;
    use crate::store::log::{LogEvent, RequestLines};
    let (mut world, mut pane) = on_trace();
    let id = "1-68f00000-00000000000000000000000a";
    let other = "1-68f00000-00000000000000000000000c";
    let message = format!(r#"{{"level":"INFO","link":"{other}"}}"#);
    let event = LogEvent { time: world.now, group: 0, message: message.as_str().into() };
    let lines = RequestLines { at: world.now, lines: vec![("/g".to_owned(), event)], complete: true };
    world.store.fold(&world.board, Update::Lines { id: id.to_owned(), lines });
    pane.on(Action::PreviousPane, &world.cx());
    for action in [Action::Right, Action::Down, Action::Down] {
        world.draw(&mut pane, 160, 48);
        pane.on(action, &world.cx());
    }
    assert_eq!(pane.on(Action::Open, &world.cx()), Reaction::Open(Target::Trace(other.to_owned())));
}
