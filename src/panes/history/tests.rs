use super::*;
use crate::panes::incident;
use crate::panes::testing::{SIZES, World, at};
use crate::store::episode::{Acknowledgement, Entry, Severity, Stance};
use crate::widgets::screen::print;

fn episode(signal: Signal, name: &str, began: &str, ended: Option<&str>, peak: f64) -> Episode {
    Episode {
        signal,
        name: name.to_owned(),
        account: "demo".to_owned(),
        region: "us-east-1".to_owned(),
        severity: Severity::Critical,
        began: at(began),
        ended: ended.map(at),
        value: Some(peak),
        peak: Some(peak),
        threshold: Some(5.0),
        reason: "Threshold Crossed: 2 datapoints".to_owned(),
    }
}

/// The incident, after a day on which something had fired already.
fn world() -> World {
    let mut world = incident::live();
    for told in [
        episode(Signal::Alarm, "HighFailureRate", "2026-01-15T10:20:00Z", None, 14.6),
        episode(Signal::Rule, "order_flood", "2026-01-15T10:22:00Z", Some("2026-01-15T10:24:00Z"), 61.0),
        episode(Signal::Alarm, "HighFailureRate", "2026-01-14T23:50:00Z", Some("2026-01-15T00:20:00Z"), 7.5),
        episode(Signal::Rule, "order_flood", "2026-01-14T08:00:00Z", Some("2026-01-14T08:01:00Z"), 31.0),
        episode(Signal::Rule, "order_flood", "2026-01-14T07:00:00Z", Some("2026-01-14T07:01:00Z"), 33.0),
    ] {
        world.store.remember(Entry::Episode(told));
    }
    world.store.remember(Entry::Acknowledgement(Acknowledgement {
        stance: Stance::Acknowledged,
        signal: Signal::Alarm,
        name: "HighFailureRate".to_owned(),
        account: "demo".to_owned(),
        region: "us-east-1".to_owned(),
        by: "eva".to_owned(),
        at: at("2026-01-15T10:25:00Z"),
        note: "it is the TSP".to_owned(),
        until: None,
    }));
    world
}

fn lines(view: &HistoryView) -> Vec<String> {
    let line = |row: &EpisodeRow| {
        let state = if row.firing { "▲" } else { "✓" };
        [state, &row.began, &row.lasted, &row.name, row.kind, &row.peak, &row.note].join("|")
    };
    view.episodes.iter().map(line).collect()
}

#[test]
fn an_episode_on_a_band_has_no_peak_that_nobody_knows() {
    let world = world();
    let of = |peak, threshold| {
        let known = episode(Signal::Alarm, "Spike", "2026-01-15T10:00:00Z", None, 5.0);
        super::view::peak(&Episode { peak, threshold, ..known }, &world.cx())
    };
    assert_eq!((of(None, None), of(None, Some(3.0)).is_empty()), (String::new(), false));
    assert!(!of(Some(7.0), None).is_empty());
}

#[test]
fn days_names_and_episodes_add_up() {
    let world = world();
    let view = History::new().view(&world.cx());
    assert_eq!(view.title, "History ── 5 episodes on 2 days, 1 firing");
    let days: Vec<_> =
        view.days.iter().map(|row| (row.label.as_str(), row.episodes, row.total.num_minutes())).collect();
    assert_eq!(days, [("all days", 5, 42), ("2026-01-15 Thu", 2, 10), ("2026-01-14 Wed", 3, 32)]);
    let name = |row: &NameRow| {
        (row.label.clone(), row.episodes, row.total.num_minutes(), row.longest.num_minutes(), row.last.clone())
    };
    let names: Vec<_> = view.names.iter().map(name).collect();
    assert_eq!(
        names,
        [
            ("all names".to_owned(), 5, 42, 30, "10:22:00".to_owned()),
            ("order_flood".to_owned(), 3, 4, 2, "10:22:00".to_owned()),
            ("HighFailureRate".to_owned(), 2, 38, 30, "10:20:00".to_owned()),
        ]
    );
    assert_eq!(
        lines(&view),
        [
            "✓|10:22:00|2m|order_flood|rule|61 > 5|",
            "▲|10:20:00|8m on|HighFailureRate||14.6 > 5 %|eva: it is the TSP",
            "✓|01-14 23:50|30m|HighFailureRate||7.5 > 5 %|",
            "✓|01-14 08:00|1m|order_flood|rule|31 > 5|",
            "✓|01-14 07:00|1m|order_flood|rule|33 > 5|",
        ]
    );
}

#[test]
fn a_day_and_a_name_narrow_the_list_and_back_widens_it() {
    let world = world();
    let cx = world.cx();
    let mut history = History::new();
    world.draw(&mut history, 120, 30);
    let do_all = |history: &mut History, actions: &[Action]| {
        for action in actions {
            assert_eq!(history.on(*action, &cx), Reaction::Handled, "{action:?}");
        }
    };
    do_all(&mut history, &[Action::NextPane, Action::Down, Action::Down]);
    assert_eq!(history.view(&cx).title, "History ── 3 episodes on 1 day");
    do_all(&mut history, &[Action::NextPane, Action::Down]);
    let view = history.view(&cx);
    assert_eq!((view.names[1].label.as_str(), view.names[1].episodes), ("order_flood", 2), "names of that day");
    assert_eq!(view.days[2].episodes, 2, "days of that name");
    assert_eq!(lines(&view).len(), 2);
    do_all(&mut history, &[Action::Open, Action::Down]);
    assert_eq!(history.subject(&cx), Some((Signal::Rule, "order_flood".to_owned())));
    assert!(history.copied(&cx).expect("a row").starts_with("order_flood fired from 01-14 07:00 for 1m: 33"));
    do_all(&mut history, &[Action::Back]);
    assert_eq!(history.view(&cx).episodes.len(), 5);
    assert_eq!(history.on(Action::Back, &cx), Reaction::Ignored, "nothing is left to widen");
}

#[test]
fn enter_shows_an_episode_when_it_happened() {
    let world = world();
    let cx = world.cx();
    let mut history = History::new();
    world.draw(&mut history, 120, 30);
    let window = |from: &str, to: Option<&str>| {
        let end = to.map(at);
        let span = end.unwrap_or(cx.now) - at(from);
        Window { span: span.to_std().expect("forward"), end }
    };
    let rule = Target::Rule("order_flood".to_owned());
    let flood = window("2026-01-15T10:12:00Z", None);
    assert_eq!(history.on(Action::Open, &cx), Reaction::OpenIn(rule, flood), "its surroundings reach the present");
    history.on(Action::Down, &cx);
    history.on(Action::Down, &cx);
    let alarm = Target::Alarm("HighFailureRate".to_owned());
    let night = window("2026-01-14T23:20:00Z", Some("2026-01-15T00:50:00Z"));
    assert_eq!(history.on(Action::Open, &cx), Reaction::OpenIn(alarm, night));
}

#[test]
fn the_filter_looks_at_names_reasons_and_notes() {
    let world = world();
    let cx = world.cx();
    let mut history = History::new();
    for (filter, found) in [("flood", 3), ("EVA tsp", 1), ("datapoints", 5), ("failure flood", 0)] {
        history.set_filter(filter, &cx);
        assert_eq!(history.view(&cx).episodes.len(), found, "{filter}");
    }
    assert_eq!(history.view(&cx).empty, "no episode matches `failure flood`");
    assert_eq!(history.view(&cx).days[0].episodes, 0);
}

#[test]
fn it_is_drawn_at_every_size() {
    for mut world in incident::all().into_iter().chain([world()]) {
        world.store.history.trouble = Some("history.db: the history is damaged".to_owned());
        for (width, height) in SIZES {
            world.draw(&mut History::new(), width, height);
        }
    }
    let world = world();
    let large = world.draw(&mut History::new(), 160, 46);
    print(&large);
    let text = large.join("\n");
    for words in ["all days", "2026-01-14 Wed", "HighFailureRate", "eva: it is the TSP", "2 datapoints", "8m on"] {
        assert!(text.contains(words), "{words}");
    }
    let small = world.draw(&mut History::new(), 80, 22);
    print(&small);
    let text = small.join("\n");
    for words in ["2026-01-14 Wed", "order_flood", "14.6 > 5 %", "eva: it"] {
        assert!(text.contains(words), "{words}");
    }
    let empty = incident::live().draw(&mut History::new(), 80, 22).join("\n");
    assert!(empty.contains("nothing has fired yet"), "{empty}");
}
