use super::*;
use crate::panes::incident;
use crate::panes::testing::SIZES;
use crate::widgets::screen::print;

fn alarm_rows(view: &AlarmsView) -> Vec<&AlarmRow> {
    let row = |row: &'_ ListedRow| matches!(row, ListedRow::Alarm(_));
    let rows = view.rows.iter().filter(|one| row(one));
    rows.filter_map(|row| match row {
        ListedRow::Alarm(row) => Some(&**row),
        ListedRow::Heading(_) => None,
    })
    .collect()
}

#[test]
fn firing_alarms_come_first_with_value_threshold_and_age() {
    let world = incident::live();
    let view = Alarms::new().view(&world.cx(), 5);
    assert_eq!(view.title, "Alarms ── 6 firing · 1 no data · 12 OK");
    assert_eq!(view.rows[0], ListedRow::Heading("▾ 6 firing since 10:13:00, 15m".into()));
    let rows = alarm_rows(&view);
    let lines: Vec<String> =
        rows.iter().take(7).map(|row| format!("{}{} | {} | {}", row.tree, row.name, row.versus, row.age)).collect();
    assert_eq!(
        lines,
        [
            " TokenProvisioningUnhealthy | 2 of 2 in ALARM | 8m",
            " ├ HighFailureRate | 14.6 > 5 % | 8m",
            " └ HighLatency | 4.12 > 3 | 3m",
            " SuccessRateDecline | 85.5 below band | 15m",
            " RequestSpike | 2,375 within band | 14m",
            " FailedProvisioningCount | 1,750 > 600 | 8m",
            "DeadLetters | no data | 1h 30m",
        ]
    );
    assert_eq!(rows[8].versus, "120 ≤ 5,000", "the sign is the one that holds");
    assert_eq!(rows[1].spark.values.len(), 5);
    let summary: Vec<&str> = view.summary.iter().map(|(text, _)| text.as_str()).collect();
    assert_eq!(summary, ["6 critical", "the newest 3m ago: HighLatency"]);
}

#[test]
fn a_small_panel_and_a_full_screen() {
    let world = incident::live();
    let small = world.draw(&mut Alarms::new(), 45, 10);
    print(&small);
    assert!(small[1].contains("▾ 6 firing since 10:13:00, 15m"), "{}", small[1]);
    assert!(small[3].contains("├ ▲ HighFailureRate"), "{}", small[3]);
    assert!(small[3].contains("14.6 > 5 %") && small[3].contains("8m"), "{}", small[3]);
    let full = world.draw(&mut Alarms::new(), 160, 28);
    print(&full);
    assert!(full[1].contains("6 critical · the newest 3m ago: HighLatency"), "{}", full[1]);
    for words in ["ALARM", "14.6 > 5 %", "10:20:00", "2 out of the last 2 datapoints were greater than"] {
        assert!(full[5].contains(words), "{words}: {}", full[5]);
    }
    let strip = full.iter().position(|line| line.starts_with("│ TokenProvisioningUnhealthy ─")).expect("a strip");
    assert!(full[strip + 1].contains("ALARM(HighFailureRate) OR ALARM(HighLatency)"), "{}", full[strip + 1]);
    assert!(
        full.iter().filter(|line| line.contains("ConsumerLag")).count() == 12,
        "the strip takes no row that is used"
    );
    print(&world.draw(&mut Alarms::new(), 80, 22));
}

#[test]
fn the_cursor_filters_opens_and_finds_what_fires() {
    let world = incident::live();
    let cx = world.cx();
    let mut alarms = Alarms::new();
    assert_eq!(alarms.on(Action::Open, &cx), Reaction::Open(Target::Alarm("TokenProvisioningUnhealthy".into())));
    alarms.on(Action::Bottom, &cx);
    assert_eq!(alarms.on(Action::PreviousError, &cx), Reaction::Handled);
    let copied = alarms.copied(&cx).expect("a row");
    assert!(copied.starts_with("ALARM FailedProvisioningCount 1,750 > 600 for 8m: Threshold Crossed"), "{copied}");
    assert_eq!(alarms.subject(&cx), Some((Signal::Alarm, "FailedProvisioningCount".into())));
    alarms.set_filter("lag", &cx);
    assert_eq!(alarms.view(&cx, 0).rows.len(), 12);
    assert_eq!(alarms.on(Action::Open, &cx), Reaction::Open(Target::Alarm("Payments-06-ConsumerLag".into())));
    alarms.set_filter("zzz", &cx);
    assert_eq!(alarms.on(Action::Open, &cx), Reaction::Ignored);
    assert!(world.draw(&mut alarms, 60, 6)[1].contains("no alarm matches `zzz`"));
}

#[test]
fn the_cursor_skips_headings_and_folds_them() {
    let world = incident::live();
    let cx = world.cx();
    let mut alarms = Alarms::new();
    let here = |alarms: &Alarms| alarms.copied(&cx).expect("a row").split(" 1").next().unwrap_or_default().to_owned();
    assert_eq!(
        here(&alarms),
        "ALARM TokenProvisioningUnhealthy 2 of 2 in ALARM for 8m: HighFailureRate transitioned to ALARM"
    );
    alarms.on(Action::Up, &cx);
    assert!(here(&alarms).starts_with("ALARM TokenProvisioningUnhealthy"), "there is nothing above");
    alarms.on(Action::Down, &cx);
    alarms.on(Action::Top, &cx);
    assert!(here(&alarms).starts_with("ALARM TokenProvisioningUnhealthy"));

    assert_eq!(alarms.on(Action::Left, &cx), Reaction::Handled);
    let copied = alarms.copied(&cx).expect("the heading");
    assert!(
        copied.starts_with("▸ 6 firing since 10:13:00, 15m: TokenProvisioningUnhealthy, HighFailureRate"),
        "{copied}"
    );
    assert_eq!(alarms.subject(&cx), None, "an incident is nothing that can be acknowledged");
    assert_eq!(alarms.view(&cx, 0).rows.len(), 1 + 13);
    print(&world.draw(&mut alarms, 100, 24));
    assert_eq!(alarms.on(Action::Left, &cx), Reaction::Ignored);
    alarms.on(Action::Down, &cx);
    assert!(here(&alarms).starts_with("INSUFFICIENT_DATA DeadLetters"));
    assert_eq!(alarms.on(Action::Left, &cx), Reaction::Ignored, "it is in no incident");
    alarms.on(Action::Up, &cx);
    assert_eq!(alarms.on(Action::Open, &cx), Reaction::Handled, "Enter unfolds");
    assert_eq!(alarms.view(&cx, 0).rows.len(), 1 + 19);
    assert!(here(&alarms).starts_with("ALARM TokenProvisioningUnhealthy"));
}

#[test]
fn a_filter_says_what_it_cannot_read_and_asks_for_tags() {
    let mut world = incident::live();
    for alarm in &mut world.store.alarms.data {
        alarm.setup.arn = format!("arn:aws:cloudwatch:us-east-1:1:alarm:{}", alarm.name);
    }
    let mut alarms = Alarms::new();
    alarms.set_filter("age<1x state:alarm", &world.cx());
    let drawn = world.draw(&mut alarms, 90, 24);
    assert!(drawn[0].contains("filter \"age<1x state:alarm\""), "{}", drawn[0]);
    assert!(drawn[1].contains("`age<1x`: write an age like age<30m"), "{}", drawn[1]);
    assert!(drawn[1].contains("6 of 19 shown") && drawn.join("\n").matches("▲").count() == 6, "{}", drawn[1]);
    assert!(world.draw(&mut alarms, 60, 8)[1].contains("`age<1x`"), "even where there is little room");

    alarms.set_filter("tag:team=payments", &world.cx());
    let tags = |alarms: &Alarms, world: &crate::panes::testing::World| {
        alarms.wants(&world.cx()).iter().filter(|wanted| matches!(wanted, Subscription::AlarmTags(_))).count()
    };
    assert_eq!(tags(&alarms, &world), 19);
    assert!(world.draw(&mut alarms, 90, 24)[1].contains("tags of 19 alarms are on their way"));
    let names: Vec<String> = world.store.alarms.data.iter().map(|alarm| alarm.name.clone()).collect();
    for alarm in names {
        let team = if alarm.starts_with("Payments") { "payments" } else { "tokens" };
        let tags = vec![("team".to_owned(), team.to_owned())];
        world.store.fold(&world.board, crate::app::msg::Update::AlarmTags { at: world.now, alarm, tags });
    }
    assert_eq!((tags(&alarms, &world), alarms.view(&world.cx(), 0).rows.len()), (0, 12));
    alarms.set_filter("", &world.cx());
    assert_eq!(tags(&alarms, &world), 0, "nobody asks for tags that no filter needs");
}

#[test]
fn what_is_unusual_is_noted() {
    use crate::store::episode::{Acknowledgement, Entry, Severity, Stance};
    let mut world = incident::live();
    world.board.alarms.severities = vec![("High*".to_owned(), Severity::Warning)];
    for alarm in &mut world.store.alarms.data {
        alarm.actions_enabled = alarm.name != "RequestSpike";
        alarm.evaluation_state = (alarm.name == "DeadLetters").then(|| "EVALUATION_ERROR".to_owned());
    }
    world.store.remember(Entry::Acknowledgement(Acknowledgement {
        stance: Stance::Acknowledged,
        signal: Signal::Alarm,
        name: "FailedProvisioningCount".into(),
        account: "demo".into(),
        region: "us-east-1".into(),
        by: "ada".into(),
        at: world.now,
        note: "known".into(),
        until: None,
    }));
    let view = Alarms::new().view(&world.cx(), 5);
    assert_eq!(view.title, "Alarms ── 5 firing · 1 acknowledged · 1 no data · 12 OK");
    let rows = alarm_rows(&view);
    let noted: Vec<String> = rows
        .iter()
        .filter(|row| !row.notes.is_empty() || row.severity == Severity::Warning)
        .take(5)
        .map(|row| format!("{} {} {}", row.glyph(), row.name, row.notes.join(", ")))
        .collect();
    assert_eq!(
        noted,
        [
            "△ HighFailureRate ",
            "△ HighLatency ",
            "▲ RequestSpike actions disabled",
            "▲ FailedProvisioningCount acknowledged by ada: known",
            "? DeadLetters evaluation error",
        ]
    );
    assert_eq!(firing(Item::all(&world.cx()), &world.cx()), (5, 1), "the header counts alike");
    let narrow = &world.draw(&mut Alarms::new(), 54, 12)[0];
    assert!(
        narrow.contains(" Alarms ── 5 firing · 1 acknowledged · 1 no data ─"),
        "what has no room is left out: {narrow}"
    );
    let drawn = world.draw(&mut Alarms::new(), 60, 12).join("\n");
    assert!(drawn.contains("ack ada"), "{drawn}");
    print(&world.draw(&mut Alarms::new(), 170, 20));
    let said = world.store.acknowledged(Signal::Alarm, "FailedProvisioningCount").expect("said").clone();
    world.store.remember(Entry::Acknowledgement(Acknowledgement { name: "HighLatency".into(), ..said }));
    let view = Alarms::new().view(&world.cx(), 5);
    assert_eq!(view.rows[0], ListedRow::Heading("▾ 4 firing since 10:13:00, 15m · 1 acknowledged".into()));
    assert_eq!(view.title, "Alarms ── 4 firing · 2 acknowledged · 1 no data · 12 OK");
}

#[test]
fn only_metrics_on_screen_are_wanted() {
    let world = incident::live();
    let mut alarms = Alarms::new();
    world.draw(&mut alarms, 80, 6);
    let wanted = alarms.wants(&world.cx());
    assert_eq!(wanted[0], Subscription::Alarms);
    assert_eq!(wanted.len(), 3, "two of four rows have a metric");
    world.draw(&mut alarms, 80, 9);
    assert_eq!(alarms.wants(&world.cx()).len(), 1 + 3 + 2 * 2, "two of them with their bands");
}

#[test]
fn every_size_and_health_draws() {
    for world in incident::all() {
        for (width, height) in SIZES {
            world.draw(&mut Alarms::new(), width, height);
        }
        print(&world.draw(&mut Alarms::new(), 40, 5));
    }
}

#[test]
fn columns_keep_a_gap_however_long_the_age() {
    let mut world = incident::live();
    let long_ago = world.now - chrono::TimeDelta::hours(384 * 24 + 1);
    for alarm in world.store.alarms.data.iter_mut().filter(|alarm| alarm.state == AlarmState::Ok) {
        alarm.since = Some(long_ago);
        alarm.value = Some(1234.5);
    }
    for size in [45, 60, 76, 80, 96, 100, 120, 130, 160, 200] {
        let drawn = world.draw(&mut Alarms::new(), size, 28);
        let rows: Vec<&String> =
            drawn.iter().filter(|line| line.contains("ConsumerLag") && line.contains('✓')).collect();
        assert!(!rows.is_empty(), "{size}: {drawn:#?}");
        for row in rows {
            assert!(row.contains(" 384d"), "{size}: {row}");
        }
    }
}

#[test]
fn everything_wrong_with_a_filter_can_be_read() {
    let world = incident::live();
    let mut alarms = Alarms::new();
    alarms.set_filter("age<1x state:fine owner:me", &world.cx());
    let drawn = world.draw(&mut alarms, 80, 24);
    print(&drawn);
    for (row, words) in [(1, "`age<1x`"), (2, "`state:fine`"), (3, "`owner:me`")] {
        assert!(drawn[row].contains(words), "{words}: {}", drawn[row]);
    }
    let small = world.draw(&mut alarms, 60, 6);
    assert!(small.join("\n").contains("and 2 more words that can't be read"), "{small:#?}");
}

#[test]
fn the_cursor_comes_back_when_a_filter_goes() {
    let world = incident::live();
    let cx = world.cx();
    let mut alarms = Alarms::new();
    world.draw(&mut alarms, 100, 30);
    alarms.on(Action::Down, &cx);
    let before = alarms.subject(&cx);
    for text in ["l", "la", "lag"] {
        alarms.set_filter(text, &cx);
        world.draw(&mut alarms, 100, 30);
    }
    assert_ne!(alarms.subject(&cx), before);
    alarms.set_filter("", &cx);
    assert_eq!(alarms.subject(&cx), before);
    alarms.set_filter("lag", &cx);
    world.draw(&mut alarms, 100, 30);
    alarms.on(Action::Bottom, &cx);
    let chosen = alarms.subject(&cx);
    alarms.set_filter("", &cx);
    assert_eq!(alarms.subject(&cx), chosen, "what was chosen under the filter stays");
}

#[test]
fn a_filter_that_matches_nothing_says_which_part() {
    let mut world = incident::live();
    let names: Vec<String> = world.store.alarms.data.iter().map(|alarm| alarm.name.clone()).collect();
    for name in names {
        let team = if name.starts_with("Payments") { "payments" } else { "tokens" };
        world.store.alarm_tags.insert(name, vec![("team".to_owned(), team.to_owned())]);
    }
    let cases = [
        ("tag:team=wallets", "nothing matches `tag:team=wallets`: the values of team are payments, tokens"),
        ("tag:owner", "nothing matches `tag:owner`: the tags are team"),
        ("lag zzz", "nothing matches `zzz`"),
        ("state:alarm tag:team=payments", "nothing matches all of `state:alarm` 6, `tag:team=payments` 12"),
    ];
    for (filter, why) in cases {
        let mut alarms = Alarms::new();
        alarms.set_filter(filter, &world.cx());
        assert_eq!(alarms.view(&world.cx(), 0).empty, format!("no alarm matches `{filter}`: {why}"));
    }
}
