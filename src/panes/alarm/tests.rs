use super::*;
use crate::panes::Target;
use crate::panes::incident;
use crate::panes::testing::SIZES;
use crate::widgets::screen::print;

fn said(facts: &[Fact]) -> Vec<String> {
    facts.iter().map(|fact| format!("{}: {}", fact.label, fact.text)).collect()
}

#[test]
fn a_metric_alarm_says_all_it_knows() {
    let world = incident::live();
    let view = AlarmPane::new("HighFailureRate").view(&world.cx(), 5).expect("an alarm");
    assert_eq!(
        said(&view.facts),
        [
            "about: Pages the token team. Runbook: token-01.",
            "evaluated: 2 of 2 breached: 10:15 14.6 % ✗ · 10:20 14.6 % ✗",
            "condition: > 5 % in 2 of 2 periods of 300 s · missing data: missing",
            "watches: 100*f/(s+f) · 300 s",
            ": f = TokenServices TokenProvisioningFailure · Sum · 300 s",
            ": s = TokenServices TokenProvisioningSuccess · Sum · 300 s",
            "actions: in ALARM: notify SNS topic token-alerts",
            "part of: TokenProvisioningUnhealthy (ALARM)",
        ]
    );
    assert_eq!(view.chart.expect("a chart").bounds.len(), 1);
    assert_eq!(view.history.len(), 5);
    assert_eq!(view.history[0].text, "Successfully executed action SNS topic token-alerts");
    assert_eq!(view.history[1].text, "OK → ALARM");
    for (width, height) in [(80, 30), (160, 30)] {
        let drawn = world.draw(&mut AlarmPane::new("HighFailureRate"), width, height);
        print(&drawn);
        let screen = drawn.join("\n");
        for words in [
            "▲ ALARM since 10:20:00, 8m   14.6 > 5 %   critical",
            "> 5 %╌╌",
            "▁▁██",
            "├✗",
            "2 of 2 breached",
            "History",
            "condition  > 5 %",
        ] {
            assert!(screen.contains(words), "{words}");
        }
    }
    let small = world.draw(&mut AlarmPane::new("HighFailureRate"), 80, 22);
    print(&small);
    let small = small.join("\n");
    for words in ["> 5 %╌╌", "2 of 2 breached", "in 2 of 2 periods", "OK → ALARM"] {
        assert!(small.contains(words), "{words} on a small screen");
    }
}

#[test]
fn marks_stand_under_what_breaches_and_what_counts() {
    let world = incident::live();
    let marks = |name: &str, columns| {
        let pane = AlarmPane::new(name);
        let view = pane.view(&world.cx(), 5).expect("an alarm");
        let metric = world.store.alarm(name).and_then(Alarm::metric).expect("a metric alarm");
        let chart = view.chart.expect("a chart");
        let marks = graph::marks(metric, view.look.as_ref(), (chart.from, chart.to), &world.cx(), columns);
        marks.into_iter().map(|mark| graph::cell(mark).0).collect::<String>()
    };
    // 37 periods of five minutes, the last of which still runs; the alarm looks at the two before it.
    assert_eq!(marks("HighFailureRate", 74), format!("{}✗├✗─✗  ", " ".repeat(67)));
    assert_eq!(marks("RequestSpike", 180).matches('✗').count(), 14, "what lies outside of a band breaches too");
}

#[test]
fn an_alarm_says_what_is_unusual_about_its_actions_and_its_evaluation() {
    use crate::app::msg::Update;
    use crate::store::alarm::{AlarmDetail, Contributor, MuteRule, Suppression};
    let mut world = incident::live();
    for alarm in &mut world.store.alarms.data {
        alarm.evaluation_state = Some("PARTIAL_DATA".into());
        alarm.actions_enabled = false;
        alarm.setup.promql = (alarm.name == "HighFailureRate").then(|| "sum by (pod) (up)".to_owned());
        alarm.setup.suppression = (alarm.name == "TokenProvisioningUnhealthy").then(|| Suppression {
            by: "DeadLetters".into(),
            wait_s: 60,
            extension_s: 120,
            now: Some("WaitPeriod".into()),
            reason: "waiting".into(),
        });
    }
    let mute = |status: &str| MuteRule {
        name: "nightly".into(),
        status: status.into(),
        kind: "ONE_TIME".into(),
        expires: None,
    };
    let one = Contributor { attributes: vec![("pod".into(), "a".into())], reason: String::new(), since: None };
    let detail = AlarmDetail {
        parents: vec!["Elsewhere".into()],
        children: Vec::new(),
        contributors: Ok(vec![one; 10]),
        mutes: Ok(vec![mute("ACTIVE"), mute("SCHEDULED")]),
    };
    let at = world.now;
    let update = Update::AlarmDetail { at, alarm: "HighFailureRate".into(), detail: Box::new(detail) };
    world.store.fold(&world.board, update);
    let facts = said(&AlarmPane::new("HighFailureRate").view(&world.cx(), 5).expect("an alarm").facts);
    for fact in [
        "evaluation: PARTIAL_DATA: evaluated on a part of the data: the query finds more than CloudWatch looks at",
        "watches: PromQL sum by (pod) (up)",
        "in ALARM: pod=a",
        ": and 2 more",
        "actions: DISABLED: it takes none of these",
        "mute rule: nightly: MUTED now (one-time)",
        "mute rule: nightly: mutes it at times (one-time)",
        "part of: Elsewhere (not on this board), TokenProvisioningUnhealthy (ALARM)",
    ] {
        assert!(facts.iter().any(|known| known == fact), "{fact}: {facts:#?}");
    }
    let detail = AlarmDetail {
        parents: Vec::new(),
        children: Vec::new(),
        contributors: Ok(Vec::new()),
        mutes: Err("denied: cloudwatch:ListAlarmMuteRules".into()),
    };
    let update = Update::AlarmDetail { at, alarm: "HighFailureRate".into(), detail: Box::new(detail) };
    world.store.fold(&world.board, update);
    let facts = said(&AlarmPane::new("HighFailureRate").view(&world.cx(), 5).expect("an alarm").facts);
    let denied = "mute rules: not known: denied: cloudwatch:ListAlarmMuteRules";
    assert!(facts.iter().any(|fact| fact == denied), "{facts:#?}");

    let facts = said(&AlarmPane::new("TokenProvisioningUnhealthy").view(&world.cx(), 5).expect("an alarm").facts);
    assert_eq!(
        facts[2..4],
        [
            "suppressor: DeadLetters, which is INSUFFICIENT_DATA · waits 1m for it, and goes on 2m after it",
            ": actions wait up to 1m for DeadLetters to go into ALARM (waiting)"
        ]
    );
}

#[test]
fn a_band_alarm_has_its_band() {
    let world = incident::live();
    let mut pane = AlarmPane::new("RequestSpike");
    let band = pane.view(&world.cx(), 5).expect("an alarm").chart.expect("a chart").band.expect("a band");
    assert!(band.lower[0].1 < band.upper[0].1);
    let wanted: std::collections::BTreeSet<_> = pane.wants(&world.cx()).into_iter().collect();
    assert_eq!(wanted.len(), 6, "alarms, history, relatives, metric, band and the metric's filters");
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
    for size in [(80, 22), (160, 44)] {
        print(&world.draw(&mut pane, size.0, size.1));
    }
    let view = pane.view(&cx, 5).expect("an alarm");
    assert_eq!(view.charted.as_deref(), Some("HighFailureRate"), "the chart of its first child");
    assert!(view.tree.iter().skip(1).all(|line| line.decides), "{:?}", view.tree);
    let lines = Target::Matches(About::Alarm("TokenProvisioningUnhealthy".into()));
    assert_eq!(pane.on(Action::Open, &cx), Reaction::Open(lines), "the lines behind its firing children");
    for _ in 0..2 {
        assert_eq!(pane.on(Action::Down, &cx), Reaction::Handled);
    }
    assert_eq!(pane.on(Action::Open, &cx), Reaction::Open(Target::Alarm("HighFailureRate".into())));
    assert_eq!(pane.on(Action::Down, &cx), Reaction::Handled);
    assert_eq!(pane.view(&cx, 5).expect("an alarm").charted.as_deref(), Some("HighLatency"));
    assert_eq!(pane.on(Action::Open, &cx), Reaction::Open(Target::Alarm("HighLatency".into())));
    let small = world.draw(&mut pane, 80, 22).join("\n");
    for words in ["ALARM(HighFailureRate) OR", "◆ ALARM(HighLatency)", "4.12 > 3", "History"] {
        assert!(small.contains(words), "{words}");
    }
    assert!(world.draw(&mut pane, 160, 44).join("\n").contains("makes it true"));
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

#[test]
fn a_small_screen_has_everything_in_words() {
    let mut world = incident::live();
    for alarm in &mut world.store.alarms.data {
        alarm.setup.arn = format!("arn:aws:cloudwatch:us-east-1:1:alarm:{}", alarm.name);
        alarm.reason = "Threshold Crossed: ".to_owned() + &"2 out of the last 2 datapoints were greater ".repeat(8);
    }
    let mut pane = AlarmPane::new("HighFailureRate");
    let asks = |pane: &AlarmPane, world: &crate::panes::testing::World| {
        pane.wants(&world.cx()).iter().any(|wanted| matches!(wanted, Subscription::AlarmTags(_)))
    };
    assert!(asks(&pane, &world));
    world.store.alarm_tags.insert("HighFailureRate".into(), vec![("team".into(), "tokens".into())]);
    assert!(!asks(&pane, &world), "tags are asked for once");
    let chart = world.draw(&mut pane, 80, 22);
    assert!(chart[3].trim_end_matches(['│', ' ']).ends_with('…'), "a reason that is cut says so: {}", chart[3]);

    assert_eq!(pane.on(Action::NextPane, &world.cx()), Reaction::Handled);
    let mut seen = String::new();
    for _ in 0..40 {
        seen.push_str(&world.draw(&mut pane, 80, 22).join("\n"));
        pane.on(Action::Down, &world.cx());
    }
    print(&world.draw(&mut pane, 80, 22));
    for words in [
        "▲ ALARM since",
        "condition  > 5 % in 2 of 2",
        "watches    100*f",
        "actions    in ALARM",
        "tags       team=tokens",
        "console    https://",
        "OK → ALARM",
        "more lines",
    ] {
        assert!(seen.contains(words), "{words}: {seen}");
    }
    let last = world.draw(&mut pane, 80, 22);
    assert!(!last.join("\n").contains("more lines") && last[20].contains("Configuration"), "{last:#?}");
    pane.on(Action::NextPane, &world.cx());
    assert!(world.draw(&mut pane, 80, 22).join("\n").contains("╌╌"), "and the chart again");
}

#[test]
fn the_row_of_breaches_is_named() {
    let world = incident::live();
    for (width, height) in [(80, 22), (160, 44)] {
        let drawn = world.draw(&mut AlarmPane::new("HighFailureRate"), width, height);
        let row = drawn.iter().find(|line| line.contains("breach ")).expect("a label");
        assert!(row.trim_start_matches(['│', ' ']).starts_with("breach ") && row.contains('✗'), "{row}");
    }
}
