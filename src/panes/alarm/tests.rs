use super::*;
use crate::panes::Target;
use crate::panes::incident;
use crate::panes::testing::SIZES;
use crate::widgets::screen::print;

#[test]
fn a_metric_alarm_says_all_it_knows() {
    let world = incident::live();
    let view = AlarmPane::new("HighFailureRate").view(&world.cx(), 5).expect("an alarm");
    let facts: Vec<String> = view.facts.iter().map(|fact| format!("{}: {}", fact.label, fact.text)).collect();
    assert_eq!(
        facts,
        [
            "about: Pages the token team. Runbook: token-01.",
            "condition: > 5 % in 2 of 2 periods of 300 s · missing data: missing",
            "watches: 100*f/(s+f) · 300 s",
            ": f = TokenServices TokenProvisioningFailure · Sum · 300 s",
            ": s = TokenServices TokenProvisioningSuccess · Sum · 300 s",
            "actions: arn:aws:sns:us-east-1:123456789012:token-alerts",
        ]
    );
    assert_eq!(view.chart.expect("a chart").bounds.len(), 1);
    assert_eq!(view.history.len(), 5);
    assert_eq!(view.history[1].text, "OK → ALARM");
    for (width, height) in [(80, 30), (160, 30)] {
        let drawn = world.draw(&mut AlarmPane::new("HighFailureRate"), width, height);
        print(&drawn);
        let screen = drawn.join("\n");
        for words in ["▲ ALARM since 10:20:00, 8m   14.6 > 5 %", "> 5 %╌╌", "▁▁██", "History", "condition  > 5 %"]
        {
            assert!(screen.contains(words), "{words}");
        }
    }
}

#[test]
fn a_band_alarm_has_its_band() {
    let world = incident::live();
    let mut pane = AlarmPane::new("RequestSpike");
    let band = pane.view(&world.cx(), 5).expect("an alarm").chart.expect("a chart").band.expect("a band");
    assert!(band.lower[0].1 < band.upper[0].1);
    let wanted: std::collections::BTreeSet<_> = pane.wants(&world.cx()).into_iter().collect();
    assert_eq!(wanted.len(), 5, "alarms, history, metric, band and the metric's filters");
    pane.on(Action::Left, &world.cx());
    assert!(pane.copied(&world.cx()).expect("a reading").starts_with("10:27 TokenProvisioningRequests 2,3"));
    let drawn = world.draw(&mut pane, 100, 24);
    print(&drawn);
    assert!(drawn.iter().any(|line| line.contains('░')));
}

#[test]
fn a_composite_opens_its_children() {
    let world = incident::live();
    let cx = world.cx();
    let mut pane = AlarmPane::new("TokenProvisioningUnhealthy");
    for size in [(80, 24), (160, 24)] {
        print(&world.draw(&mut pane, size.0, size.1));
    }
    let lines = Target::Matches(About::Alarm("TokenProvisioningUnhealthy".into()));
    assert_eq!(pane.on(Action::Open, &cx), Reaction::Open(lines), "the lines behind its firing children");
    for _ in 0..2 {
        assert_eq!(pane.on(Action::Down, &cx), Reaction::Handled);
    }
    assert_eq!(pane.on(Action::Open, &cx), Reaction::Open(Target::Alarm("HighFailureRate".into())));
    assert_eq!(pane.on(Action::Down, &cx), Reaction::Handled);
    assert_eq!(pane.on(Action::Open, &cx), Reaction::Open(Target::Alarm("HighLatency".into())));
    assert!(world.draw(&mut pane, 80, 24).iter().any(|line| line.contains("ALARM(HighFailureRate) OR")));
}

#[test]
fn history_scrolls_beside_the_ways_on() {
    let world = incident::live();
    let mut pane = AlarmPane::new("HighFailureRate");
    let about = About::Alarm("HighFailureRate".into());
    assert_eq!(pane.on(Action::Open, &world.cx()), Reaction::Open(Target::Matches(about.clone())));
    for _ in 0..9 {
        assert_eq!(pane.on(Action::HalfPageDown, &world.cx()), Reaction::Handled);
    }
    pane.on(Action::Down, &world.cx());
    assert_eq!(pane.on(Action::Open, &world.cx()), Reaction::Open(Target::Traces(about)));
    let screen = world.draw(&mut pane, 80, 30).join("\n");
    assert!(screen.contains("ConfigurationUpdate") && !screen.contains("OK → ALARM"), "{screen}");
}

#[test]
fn every_size_and_health_draws() {
    for world in incident::all() {
        for name in ["HighFailureRate", "RequestSpike", "TokenProvisioningUnhealthy", "DeadLetters", "gone"] {
            for (width, height) in SIZES {
                world.draw(&mut AlarmPane::new(name), width, height);
            }
        }
        print(&world.draw(&mut AlarmPane::new("HighLatency"), 60, 14));
    }
    let gone = incident::live().draw(&mut AlarmPane::new("gone"), 60, 5);
    assert!(gone[1].contains("there is no alarm of this name"));
}
