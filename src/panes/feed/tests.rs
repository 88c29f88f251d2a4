use std::sync::Arc;

use chrono::{FixedOffset, TimeDelta};

use super::*;
use crate::analysis::filter::Judge;
use crate::analysis::scan::{Batch, Search};
use crate::app::msg::Update;
use crate::panes::testing::{SIZES, World};
use crate::store::found::FoundBatch;
use crate::store::health::ErrorKind;
use crate::store::log::{LogEvent, TailOrigin};

fn id(pane: &Feed, world: &World) -> String {
    pane.current(&world.cx()).map(|request| request.id.to_string()).unwrap_or_default()
}

fn arrive(world: &mut World, id: &str, event: &str) {
    world.now += TimeDelta::milliseconds(100);
    let message = format!(r#"{{"event":"{event}","requestId":"{id}","issuer":"New_Bank","reason":"CVV_MISMATCH"}}"#);
    world.tail(TailOrigin::Live, vec![LogEvent { time: world.now, group: 0, message: message.into() }]);
}

#[test]
fn every_state_draws_at_every_size() {
    for world in World::all() {
        for (width, height) in SIZES {
            for extent in [Extent::Small, Extent::Full] {
                let mut pane = Feed::new(extent);
                world.draw(&mut pane, width, height);
                pane.set_filter("contoso 1", &world.cx());
                pane.on(Action::Down, &world.cx());
                world.draw(&mut pane, width, height);
            }
        }
    }
}

#[test]
fn eighty_columns_show_what_matters() {
    let world = World::live();
    let screen = world.draw(&mut Feed::new(Extent::Full), 80, 24);
    let row = screen.iter().find(|line| line.contains("TSP_TIMEOUT")).expect("a failed row");
    for part in ["10:28:06.747", "✗", "corr_9f27c", "GooglePay", "Contoso_Bank", "24.3s", "TSP_TIMEOUT"] {
        assert!(row.contains(part), "{part} in {row}");
    }
    assert!(screen[0].starts_with("┌ Requests · 223/min · following ─"), "{}", screen[0]);
}

#[test]
fn following_shows_the_newest_and_a_cursor_stays_with_its_request() {
    let mut world = World::live();
    let mut pane = Feed::new(Extent::Small);
    world.draw(&mut pane, 100, 12);
    arrive(&mut world, "new-1", "TOKEN_PROVISION_SUCCESS");
    let screen = world.draw(&mut pane, 100, 12);
    assert!(screen[1].contains("correlation") && screen[2].contains("New_Bank"), "{screen:#?}");
    pane.on(Action::Down, &world.cx());
    pane.on(Action::Down, &world.cx());
    let before = id(&pane, &world);
    let screen = world.draw(&mut pane, 100, 12);
    let rows: Vec<String> = screen[1..11].to_vec();
    for n in 2..9 {
        arrive(&mut world, &format!("new-{n}"), "TOKEN_PROVISION_SUCCESS");
        assert_eq!(world.draw(&mut pane, 100, 12)[1..11], rows, "nothing moves under the eye");
    }
    assert_eq!(id(&pane, &world), before);
    pane.on(Action::Follow, &world.cx());
    world.draw(&mut pane, 100, 12);
    assert_eq!(id(&pane, &world), "new-8");
}

#[test]
fn keys_mean_the_row_that_was_seen() {
    let mut world = World::live();
    let mut pane = Feed::new(Extent::Small);
    world.draw(&mut pane, 100, 12);
    let seen = id(&pane, &world);
    arrive(&mut world, "new", "TOKEN_PROVISION_SUCCESS");
    assert_eq!(pane.on(Action::Open, &world.cx()), Reaction::Open(Target::Request(seen)));
}

#[test]
fn a_row_that_ends_takes_the_cursor_along() {
    let mut world = World::live();
    let mut pane = Feed::new(Extent::Small);
    world.draw(&mut pane, 100, 12);
    pane.on(Action::Bottom, &world.cx());
    assert_eq!(id(&pane, &world), "req-599");
    world.draw(&mut pane, 100, 12);
    arrive(&mut world, "req-599", "TOKEN_PROVISION_FAILURE");
    let screen = world.draw(&mut pane, 100, 12);
    assert_eq!(id(&pane, &world), "req-599");
    assert!(screen[2].contains("CVV_MISMATCH"), "{screen:#?}");
}

#[test]
fn failures_are_found_in_both_directions() {
    let world = World::live();
    let mut pane = Feed::new(Extent::Full);
    world.draw(&mut pane, 100, 30);
    let mut seen = Vec::new();
    for action in [Action::NextError, Action::NextError, Action::NextError, Action::PreviousError] {
        assert_eq!(pane.on(action, &world.cx()), Reaction::Handled);
        seen.push(id(&pane, &world));
        world.draw(&mut pane, 100, 30);
    }
    assert_eq!(seen, ["req-1", "req-8", "req-15", "req-8"]);
    pane.on(Action::Follow, &world.cx());
    world.draw(&mut pane, 100, 30);
    pane.on(Action::PreviousError, &world.cx());
    assert_eq!(id(&pane, &world), "req-1", "above the newest row there is none, so nothing moves");
}

#[test]
fn a_filter_keeps_up_with_what_comes_and_goes() {
    let mut world = World::live();
    let mut pane = Feed::new(Extent::Small);
    pane.set_filter("status:failed contoso", &world.cx());
    let title = |pane: &mut Feed, world: &World| world.draw(pane, 120, 12)[0].clone();
    let failed = world.store.requests.newest_first().filter(|r| r.reason.is_some() && &*r.columns[3] == "Contoso_Bank");
    let count = failed.count();
    assert!(title(&mut pane, &world).contains(&format!("filter \"status:failed contoso\" {count} of 600")));
    pane.set_filter("new_bank status:pending", &world.cx());
    assert!(title(&mut pane, &world).contains(" 0 of 600"));
    assert!(world.draw(&mut pane, 120, 12)[1].contains("No request matches"));
    arrive(&mut world, "new", "TOKEN_PROVISION_START");
    assert!(title(&mut pane, &world).contains(" 1 of 601"));
    arrive(&mut world, "new", "TOKEN_PROVISION_SUCCESS");
    assert!(title(&mut pane, &world).contains(" 0 of 601"));
    assert_eq!(pane.on(Action::Back, &world.cx()), Reaction::Handled);
    assert_eq!(pane.filter(), Some(""));
    assert_eq!(pane.on(Action::Back, &world.cx()), Reaction::Ignored);
}

#[test]
fn incremental_matching_equals_matching_all_anew() {
    let mut world = World::live();
    let mut kept = Feed::new(Extent::Small);
    kept.set_filter("new", &world.cx());
    for n in 0..60 {
        arrive(&mut world, &format!("new-{}", n % 17), ["TOKEN_PROVISION_START", "TOKEN_PROVISION_FAILURE"][n % 2]);
        let mut anew = Feed::new(Extent::Small);
        anew.set_filter("new", &world.cx());
        assert_eq!(world.draw(&mut kept, 120, 12), world.draw(&mut anew, 120, 12));
    }
}

#[test]
fn a_narrow_title_keeps_the_count_of_a_filter() {
    let world = World::live();
    let mut pane = Feed::new(Extent::Small);
    pane.set_filter("issuer = contoso_bank and latency > 0.1 and not status = pending", &world.cx());
    let title = world.draw(&mut pane, 60, 12)[0].clone();
    assert!(title.contains("filter \"issuer = contoso") && title.contains(" 200 of 600 "), "{title}");
    assert!(title.contains('…') && !title.contains("following"), "{title}");
}

#[test]
fn the_title_says_how_the_rows_come() {
    let mut world = World::live();
    world.frozen = Some(1234);
    let title = |world: &World| world.draw(&mut Feed::new(Extent::Small), 140, 5)[0].clone();
    assert!(title(&world).contains("frozen · 1,234 new"), "{}", title(&world));
    world.frozen = None;
    world.store.feed_sampled = true;
    assert!(title(&world).contains("following · sampled"), "{}", title(&world));
    world.store.feed_sampled = false;
    world.store.feed_origin = Some(TailOrigin::Poll);
    assert!(title(&world).contains("· polling ─"), "{}", title(&world));
    world.fail_all(ErrorKind::Denied);
    assert!(title(&world).contains("polling (tail denied)"), "{}", title(&world));
}

#[test]
fn an_overdue_request_is_marked() {
    let world = World::live();
    let mut pane = Feed::new(Extent::Small);
    pane.on(Action::Bottom, &world.cx());
    let screen = world.draw(&mut pane, 100, 12);
    assert!(
        screen[10].contains('…') && screen[10].contains("2m31s!") && screen[10].contains("overdue"),
        "{}",
        screen[10]
    );
}

#[test]
fn the_screens_can_be_looked_at() {
    let world = World::live();
    for (extent, width, height) in [
        (Extent::Full, 160, 24),
        (Extent::Full, 80, 24),
        (Extent::Small, 86, 8),
        (Extent::Small, 40, 6),
        (Extent::Full, 300, 20),
    ] {
        let screen = world.draw(&mut Feed::new(extent), width, height);
        println!("{}", screen.join("\n"));
        assert_eq!(screen.len(), usize::from(height));
    }
}

#[test]
fn requests_that_were_led_to_keep_their_filter_and_say_how_much_is_held() {
    let world = World::live();
    let oldest = world.store.requests.newest_first().next_back().expect("a request").time;
    let from = oldest - TimeDelta::minutes(15);
    let filter = "status:failed \"wallet:GooglePay\"";
    let mut pane = Feed::of(Given { filter: filter.into(), span: Some(Span { from, to: Some(world.now) }) });
    let screen = world.draw(&mut pane, 120, 24);
    assert!(screen[0].contains("filter status:failed \"wallet:GooglePay\" "), "no quotes in quotes: {}", screen[0]);
    let text = |at| time::minute(&world.cx().zone.at(at));
    let held =
        format!("the feed holds {} to {} of {} to {}", text(oldest), text(world.now), text(from), text(world.now));
    assert!(screen[23].contains(&held), "{}", screen[23]);
    // Back undoes what was typed, then leaves.
    pane.set_filter("nothing", &world.cx());
    assert_eq!(pane.on(Action::Back, &world.cx()), Reaction::Handled);
    assert_eq!(pane.filter(), Some(filter));
    assert_eq!(pane.on(Action::Back, &world.cx()), Reaction::Ignored);

    let span = Some(Span { from, to: Some(oldest - TimeDelta::minutes(1)) });
    let mut pane = Feed::of(Given { filter: filter.into(), span });
    assert!(world.draw(&mut pane, 120, 24)[23].contains(", nothing of "));
    let span = Some(Span { from: world.now, to: None });
    let mut pane = Feed::of(Given { filter: filter.into(), span });
    assert!(!world.draw(&mut pane, 120, 24)[23].contains("the feed holds"));
}

/// Does at once what the Runner does elsewhere: looks through all lines, and tells in two parts.
fn look_through(world: &mut World, pane: &Feed) {
    let wish = pane.wish(&world.cx()).expect("something is looked for");
    let judge = Arc::new(Judge::new(wish.filter, FixedOffset::east_opt(0).expect("UTC")));
    let snapshot = world.store.tail.snapshot();
    let upto = snapshot.arrived;
    let search = Search { snapshot, since: 0, scope: wish.key.scope, judge };
    let (id, key, of) = (world.store.found.id + 1, Arc::new(wish.key), search.lines());
    let part = |batch: Batch, done| {
        let Batch { hits, seen, back_to } = batch;
        FoundBatch { id, key: key.clone(), anew: true, hits, seen, back_to, of, upto, done }
    };
    let mut parts = Vec::new();
    assert!(search.run(1, &|| false, &mut |batch| {
        parts.push(part(batch, false));
        true
    }));
    parts.push(part(Batch::default(), true));
    for part in parts {
        world.store.fold(&world.board, Update::Found(part));
    }
}

/// Ends of requests, the first the oldest: more than there are rows for.
fn many(world: &mut World, count: i64) {
    let end = |n: i64| {
        let (event, reason) =
            if n % 5_000 == 3 { ("TOKEN_PROVISION_FAILURE", "CVV_MISMATCH") } else { ("TOKEN_PROVISION_SUCCESS", "") };
        let message = format!(
            r#"{{"event":"{event}","requestId":"many-{n}","issuer":"Old_Bank","reason":"{reason}","http":{{"status":{}}}}}"#,
            200 + n % 7
        );
        LogEvent { time: world.now - TimeDelta::milliseconds((count - n) * 20), group: 0, message: message.into() }
    };
    let events = (0..count).map(end).collect();
    world.tail(TailOrigin::Backfill, events);
}

#[test]
fn the_whole_screen_reaches_back_beyond_the_rows() {
    let mut world = World::empty();
    many(&mut world, 21_000);
    assert_eq!(world.store.requests.len(), 20_000);
    let mut pane = Feed::new(Extent::Full);
    world.draw(&mut pane, 120, 24);
    pane.on(Action::Bottom, &world.cx());
    let screen = world.draw(&mut pane, 120, 24);
    assert_eq!(id(&pane, &world), "many-0");
    assert!(screen[22].contains("Old_Bank"), "{}", screen[22]);
    pane.on(Action::PreviousError, &world.cx());
    assert_eq!(id(&pane, &world), "many-3");
    world.draw(&mut pane, 120, 24);
    pane.on(Action::PreviousError, &world.cx());
    assert_eq!(id(&pane, &world), "many-5003");
    pane.on(Action::NextError, &world.cx());
    assert_eq!(id(&pane, &world), "many-3", "and back over the edge");
    let mut small = Feed::new(Extent::Small);
    world.draw(&mut small, 120, 24);
    small.on(Action::Bottom, &world.cx());
    assert_eq!(id(&small, &world), "many-1000");
}

#[test]
fn a_filter_looks_through_all_lines_and_their_fields() {
    let mut world = World::empty();
    many(&mut world, 21_000);
    let mut pane = Feed::new(Extent::Full);
    pane.set_filter("http.status = 203 and many-3", &world.cx());
    let title = world.draw(&mut pane, 140, 24)[0].clone();
    assert!(
        title.contains("many-3\"") && !title.contains(" of "),
        "before the first answer nothing is counted: {title}"
    );
    look_through(&mut world, &pane);
    let expected: Vec<i64> = (0..21_000).rev().filter(|n| n % 7 == 3 && n.to_string().starts_with('3')).collect();
    let screen = world.draw(&mut pane, 140, 24);
    let count = format!(" {} of 21,000 lines", crate::text::units::thousands(expected.len()));
    assert!(screen[0].contains(&count), "{}", screen[0]);
    assert_eq!(id(&pane, &world), format!("many-{}", expected[0]));
    pane.on(Action::Bottom, &world.cx());
    assert_eq!(id(&pane, &world), "many-3");
    pane.on(Action::Up, &world.cx());
    assert_eq!(id(&pane, &world), "many-31");
    // A filter that is not finished leaves what was found.
    pane.set_filter("http.status = 203 and many-3 and", &world.cx());
    let screen = world.draw(&mut pane, 140, 24);
    assert!(screen[0].contains(&count), "{}", screen[0]);
    assert!(screen[23].contains("filter at 33: something must stand behind `and`"), "{}", screen[23]);
}

#[test]
fn a_scan_that_finds_nothing_says_how_far_back_it_has_looked() {
    let mut world = World::empty();
    many(&mut world, 21_000);
    let mut pane = Feed::new(Extent::Full);
    pane.set_filter("nothing_like_this", &world.cx());
    let wish = pane.wish(&world.cx()).expect("something is looked for");
    let part = FoundBatch {
        id: 1,
        key: Arc::new(wish.key),
        anew: true,
        hits: Vec::new(),
        seen: 5_250,
        back_to: Some((world.now - TimeDelta::seconds(105)).timestamp_millis()),
        of: 21_000,
        upto: 21_000,
        done: false,
    };
    world.store.fold(&world.board, Update::Found(part.clone()));
    let at = time::clock(&world.cx().zone.at(world.now - TimeDelta::seconds(105)));
    let screen = world.draw(&mut pane, 160, 24);
    assert!(screen[0].contains(&format!("looked back to {at}, 25 %")), "{}", screen[0]);
    let body = screen.join("\n");
    assert!(body.contains(&format!("matches \"nothing_like_this\" back to {at}, looking on.")), "{body}");
    world.store.fold(&world.board, Update::Found(FoundBatch { back_to: None, done: true, ..part }));
    let body = world.draw(&mut pane, 160, 24).join("\n");
    assert!(body.contains("matches \"nothing_like_this\".") && !body.contains("looked"), "{body}");
}

#[test]
fn a_start_is_found_until_it_has_ended() {
    let mut world = World::empty();
    arrive(&mut world, "a", "TOKEN_PROVISION_START");
    arrive(&mut world, "b", "TOKEN_PROVISION_START");
    let mut pane = Feed::new(Extent::Full);
    pane.set_filter("new_bank", &world.cx());
    look_through(&mut world, &pane);
    let rows = |world: &World, pane: &mut Feed| {
        let screen = world.draw(pane, 120, 14);
        screen.iter().filter(|row| row.contains("New_Bank")).count()
    };
    assert_eq!(rows(&world, &mut pane), 2);
    arrive(&mut world, "a", "TOKEN_PROVISION_SUCCESS");
    assert_eq!(rows(&world, &mut pane), 1, "its end has not been looked at yet");
    look_through(&mut world, &pane);
    assert_eq!(rows(&world, &mut pane), 2);
    assert_eq!(id(&pane, &world), "a");
}

#[test]
fn lines_are_shown_parsed_and_raw_and_wrapped() {
    let mut world = World::live();
    let text = format!("not JSON at all, ERROR {}the end", "very long ".repeat(30));
    world.now += TimeDelta::seconds(1);
    world.tail(TailOrigin::Live, vec![LogEvent { time: world.now, group: 0, message: text.into() }]);
    let mut pane = Feed::new(Extent::Full);
    world.draw(&mut pane, 120, 24);
    assert_eq!(pane.on(Action::Wrap, &world.cx()), Reaction::Ignored);
    pane.on(Action::Shape, &world.cx());
    let screen = world.draw(&mut pane, 120, 24);
    assert!(screen[0].contains(" Lines · ") && screen[0].contains("1,199 kept"), "{}", screen[0]);
    assert!(screen[7].contains("10:28:08.000 !") && screen[7].contains("not JSON at all"), "{screen:#?}");
    assert!(screen[8].contains("GooglePay") && screen[8].contains("{\"level\":\"INFO\""), "{}", screen[8]);
    pane.on(Action::Shape, &world.cx());
    let screen = world.draw(&mut pane, 120, 24);
    assert!(screen[0].contains(" Raw lines · ") && !screen[7].contains("the end"), "{screen:#?}");
    pane.on(Action::Wrap, &world.cx());
    let screen = world.draw(&mut pane, 120, 24);
    assert!(screen[10].contains("the end") && screen[11].contains("10:28:06"), "{screen:#?}");
    assert_eq!(pane.copied(&world.cx()).map(|text| text.ends_with("the end")), Some(true));
    // Errors among lines are those of requests and those that say so.
    for (action, expected) in [(Action::NextError, ""), (Action::NextError, "req-1"), (Action::PreviousError, "")] {
        pane.on(action, &world.cx());
        assert_eq!(id(&pane, &world), expected);
    }
    pane.on(Action::Shape, &world.cx());
    assert!(world.draw(&mut pane, 120, 24)[0].contains(" Requests · "));
}

#[test]
fn marks_are_gone_to_from_the_newest_to_the_oldest_and_round() {
    let world = World::live();
    let mut pane = Feed::new(Extent::Full);
    world.draw(&mut pane, 120, 24);
    pane.on(Action::NextMark, &world.cx());
    assert!(pane.cursor.follows(), "there is none");
    for action in [Action::Down, Action::Mark, Action::PageDown, Action::PageDown, Action::Mark, Action::Follow] {
        pane.on(action, &world.cx());
        world.draw(&mut pane, 120, 24);
    }
    let mut seen = Vec::new();
    for _ in 0..3 {
        pane.on(Action::NextMark, &world.cx());
        let screen = world.draw(&mut pane, 120, 24);
        assert!(screen.iter().any(|row| row.contains('◆')), "{screen:#?}");
        seen.push(id(&pane, &world));
    }
    assert_eq!(seen[0], seen[2]);
    assert!(seen[0] == "req-2" && seen[1] != seen[0], "{seen:?}");
    pane.on(Action::Mark, &world.cx());
    pane.on(Action::NextMark, &world.cx());
    assert_eq!(id(&pane, &world), seen[1]);
}

#[test]
fn columns_are_chosen_from_what_lines_have() {
    let world = World::live();
    let mut pane = Feed::new(Extent::Full);
    let offered = pane.choices(Ask::Columns, &world.cx());
    assert!(offered.iter().any(|(name, _)| name == "+ limits.daily"), "{offered:?}");
    assert!(offered.iter().any(|(name, _)| name == "- issuer"));
    assert_eq!(pane.prompt(Ask::Columns, &world.cx()).as_deref(), Some("device, os, walletProvider, issuer"));
    pane.answer(Ask::Columns, "limits.daily, country", &world.cx()).expect("taken");
    pane.answer(Ask::Columns, "- country", &world.cx()).expect("taken");
    pane.answer(Ask::Columns, "+ walletProvider", &world.cx()).expect("taken");
    let screen = world.draw(&mut pane, 120, 24);
    assert!(
        screen[6].contains("daily") && screen[6].contains("wallet") && !screen[6].contains("issuer"),
        "{}",
        screen[6]
    );
    assert!(screen.iter().any(|row| row.contains(" 5 ") && row.contains("SamsungPay")), "{screen:#?}");
    let offered = pane.choices(Ask::Columns, &world.cx());
    let written = "  { id = \"limits_daily\", title = \"daily\", field = \"limits.daily\" },";
    assert!(offered.iter().any(|(line, _)| line == written), "{offered:?}");
    pane.answer(Ask::Columns, written, &world.cx()).expect("only to be read");
    assert_eq!(pane.prompt(Ask::Columns, &world.cx()).as_deref(), Some("limits.daily, walletProvider"));
    pane.answer(Ask::Columns, "board", &world.cx()).expect("taken");
    assert!(world.draw(&mut pane, 120, 24)[6].contains("issuer"));
}

#[test]
fn a_feed_that_is_behind_says_how_far() {
    let mut world = World::live();
    world.store.feed_origin = Some(TailOrigin::Poll);
    world.store.feed_complete_to = Some(world.now - TimeDelta::seconds(12));
    let title = |world: &World| world.draw(&mut Feed::new(Extent::Small), 140, 5)[0].clone();
    assert!(title(&world).contains("polling · 12 s behind"), "{}", title(&world));
    // Live Tail that brings more than can be taken in is behind as well.
    world.store.feed_origin = Some(TailOrigin::Live);
    assert!(title(&world).contains("12 s behind"), "{}", title(&world));
    world.store.feed_complete_to = Some(world.now - TimeDelta::seconds(5));
    assert!(!title(&world).contains("behind"));
}

#[test]
fn marked_rows_can_be_exported_alone() {
    let world = World::live();
    let mut pane = Feed::new(Extent::Full);
    world.draw(&mut pane, 160, 48);
    let cx = world.cx();
    for action in [Action::Down, Action::Mark, Action::Down, Action::Down, Action::Mark, Action::Down] {
        pane.on(action, &cx);
    }
    let exported = pane.exported(&cx).expect("rows");
    assert_eq!(exported.marked.len(), 2);
    let marked = exported.table.only(&exported.marked);
    let id = |row: usize| exported.table.rows()[row][1].clone();
    assert_eq!(
        marked.rows().iter().map(|row| row[1].clone()).collect::<Vec<_>>(),
        exported.marked.iter().map(|row| id(*row)).collect::<Vec<_>>()
    );
    assert!(exported.marked.windows(2).all(|two| two[0] < two[1]), "as they are listed: {:?}", exported.marked);
    pane.on(Action::Shape, &cx);
    world.draw(&mut pane, 160, 48);
    assert_eq!(pane.exported(&world.cx()).map(|exported| exported.name), Some("lines"));
}

#[test]
fn a_chosen_column_that_is_a_secret_by_its_name_is_hidden() {
    let mut world = World::live();
    let mut pane = Feed::new(Extent::Full);
    let message = r#"{"event":"TOKEN_PROVISION_FAILURE","requestId":"r1","card":{"cvv":"98712","tokenReferenceId":"trm_1"},"reason":"X"}"#;
    world.tail(TailOrigin::Live, vec![LogEvent { time: world.now, group: 0, message: message.into() }]);
    world.draw(&mut pane, 160, 48);
    pane.answer(Ask::Columns, "card.cvv, card.tokenReferenceId", &world.cx()).expect("columns");
    let screen = world.draw(&mut pane, 160, 48).join("\n");
    assert!(!screen.contains("98712") && screen.contains("****") && screen.contains("trm_1"), "{screen}");
}
