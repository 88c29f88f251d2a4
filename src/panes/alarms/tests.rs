use super::*;
use crate::panes::incident;
use crate::panes::testing::SIZES;
use crate::widgets::screen::print;

#[test]
fn firing_alarms_come_first_with_value_threshold_and_age() {
    let world = incident::live();
    let view = Alarms::new().view(&world.cx(), 5);
    assert_eq!(view.title, "Alarms ── 6 ALARM · 1 no data · 12 OK");
    let lines: Vec<String> = view
        .rows
        .iter()
        .take(7)
        .map(|row| format!("{}{} | {} | {}", row.tree, row.name, row.versus, row.age))
        .collect();
    assert_eq!(
        lines,
        [
            "TokenProvisioningUnhealthy | 2 of 2 in ALARM | 8m",
            "├ HighFailureRate | 14.6 > 5 % | 8m",
            "└ HighLatency | 4.12 > 3 | 3m",
            "SuccessRateDecline | 85.4 below band | 15m",
            "RequestSpike | 2,934 outside band | 14m",
            "FailedProvisioningCount | 1,752 > 600 | 8m",
            "DeadLetters | no data | 1h 30m",
        ]
    );
    assert_eq!(view.rows[8].versus, "120 ≤ 5 k", "the sign is the one that holds");
    assert_eq!(view.rows[1].spark.len(), 5);
}

#[test]
fn a_small_panel_and_a_full_screen() {
    let world = incident::live();
    let small = world.draw(&mut Alarms::new(), 45, 10);
    print(&small);
    assert!(small[2].contains("├ ▲ HighFailureRate"), "{}", small[2]);
    assert!(small[2].contains("14.6 > 5 %") && small[2].contains("8m"), "{}", small[2]);
    let full = world.draw(&mut Alarms::new(), 160, 24);
    print(&full);
    for words in ["ALARM", "14.6 > 5 %", "10:20:00", "2 out of the last 2 datapoints were greater than"] {
        assert!(full[2].contains(words), "{words}: {}", full[2]);
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
    assert!(copied.starts_with("ALARM FailedProvisioningCount 1,752 > 600 for 8m: Threshold Crossed"), "{copied}");
    alarms.set_filter("lag", &cx);
    assert_eq!(alarms.view(&cx, 0).rows.len(), 12);
    assert_eq!(alarms.on(Action::Open, &cx), Reaction::Open(Target::Alarm("Payments-05-ConsumerLag".into())));
    alarms.set_filter("zzz", &cx);
    assert_eq!(alarms.on(Action::Open, &cx), Reaction::Ignored);
    assert!(world.draw(&mut alarms, 60, 6)[1].contains("no alarm matches `zzz`"));
}

#[test]
fn only_metrics_on_screen_are_wanted() {
    let world = incident::live();
    let mut alarms = Alarms::new();
    world.draw(&mut alarms, 80, 6);
    let wanted = alarms.wants(&world.cx());
    assert_eq!(wanted[0], Subscription::Alarms);
    assert_eq!(wanted.len(), 4, "three of four rows have a metric");
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
