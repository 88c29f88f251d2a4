//! Local rules from end to end: on the demo, through the sources, the loop and the panes, and out to the user's command.

#![expect(clippy::expect_used, reason = "helpers of tests fail as tests do")]

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use barograph::analysis::rule::{Moment, Place, RuleEngine};
use barograph::app::effect::Effect;
use barograph::app::msg::Update;
use barograph::app::notify::{Failed, Notification, Notifier, run};
use barograph::board::{self, Board};
use barograph::clock::{Clock, Time};
use barograph::config::{Desktop, Environment, Moments, Notify};
use barograph::panes::Target;
use barograph::store::Store;
use barograph::store::episode::{Entry, Episode, Severity, Signal};
use barograph::store::rule::RuleState;
use barograph::store::series::{MetricBatch, MetricResult, MetricSource, Series};
use chrono::TimeDelta;
use tokio::sync::mpsc;

use crate::harness::console::{Console, INCIDENT, Setting, time, world};

/// The load at which spikes of the demo stand out of the noise, as they do at its documented load.
const RATE: f64 = 12.0;

fn state(console: &Console, id: &str) -> RuleState {
    console.app.store().rules.iter().find(|rule| rule.id == id).expect("a rule").state
}

fn episodes<'a>(console: &'a Console, id: &'a str) -> impl Iterator<Item = &'a Episode> {
    console.app.store().history.episodes.iter().filter(move |it| it.signal == Signal::Rule && it.name == id)
}

/// What rules say at 10:28 of datapoints of the world at its documented load, with every minute of the day before.
fn at_the_documented_load(board: &Board) -> Vec<(String, RuleState, Option<Time>)> {
    let (world, now) = (world(40.0), time(INCIDENT));
    let from = now - TimeDelta::hours(4 + 24);
    let ids = ["requests", "success", "failure"];
    let mut points: Vec<Vec<(Time, f64)>> = vec![Vec::new(); ids.len()];
    let metrics = ids.map(|id| {
        let MetricSource::Stat { name, .. } = &board.metrics[id].source else { panic!("a statistic") };
        world.metrics().iter().find(|it| it.name == *name && it.dimensions.is_empty()).expect("published")
    });
    // A few hours at a time are worked out once for all metrics.
    for part in 0..7 {
        let from = from + TimeDelta::hours(4 * part);
        for (points, metric) in points.iter_mut().zip(metrics) {
            let minutes = world.samples(metric, from, from + TimeDelta::hours(4), now).expect("samples");
            let sum = |values: &[(f64, u64)]| values.iter().map(|(value, count)| value * *count as f64).sum();
            points.extend(minutes.iter().map(|(at, minute)| (*at, sum(&minute.values))));
        }
    }
    let mut store = Store::default();
    for (id, points) in ids.iter().zip(points) {
        let series = vec![Series { label: (*id).to_owned(), points }];
        let result = MetricResult { query: board.metrics[*id].clone(), from, to: now, series, message: None };
        store.fold(board, Update::Metrics(MetricBatch { at: now, results: vec![result] }));
    }
    let mut engine = RuleEngine::new(board, Place::default(), Duration::from_hours(3));
    engine.look(board, &mut store, now);
    store.rules.iter().map(|rule| (rule.id.clone(), rule.state, rule.since)).collect()
}

#[test]
fn the_twins_of_the_alarms_fire_when_those_do() {
    let board = board::preset("token-provisioning").expect("the preset");
    let states = at_the_documented_load(&board);
    for (id, state, since) in states.iter().filter(|(id, ..)| id == "request_spike" || id == "success_rate_decline") {
        let since = since.expect("a beginning");
        assert_eq!(*state, RuleState::Firing, "{id}");
        let expected = time("2026-01-15T10:13:00Z")..=time("2026-01-15T10:15:00Z");
        assert!(expected.contains(&since), "{id} since {since}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn in_the_incident_the_rules_say_what_the_alarms_say() {
    let mut console = Console::settled(Setting { rate: RATE, ..Setting::once() }).await;
    let states: Vec<(&str, RuleState)> =
        console.app.store().rules.iter().map(|rule| (rule.id.as_str(), rule.state)).skip(1).collect();
    assert_eq!(
        states,
        [
            ("success_rate_decline", RuleState::Firing),
            ("order_flood", RuleState::Quiet),
            ("budget_fast", RuleState::Quiet),
        ]
    );
    let began = episodes(&console, "success_rate_decline").next().expect("an episode").began;
    assert!((time("2026-01-15T10:13:00Z")..=time("2026-01-15T10:15:00Z")).contains(&began), "since {began}");
    // The flood of 10:22 is over, and in the history of a console that has just been opened.
    let floods: Vec<Episode> = episodes(&console, "order_flood").cloned().collect();
    let [flood] = floods.as_slice() else { panic!("{floods:?}") };
    assert!((time("2026-01-15T10:22:00Z")..time("2026-01-15T10:22:15Z")).contains(&flood.began), "{flood:?}");
    let ended = flood.ended.expect("over");
    assert!((time("2026-01-15T10:24:00Z")..time("2026-01-15T10:24:20Z")).contains(&ended), "{flood:?}");
    assert!(flood.peak.is_some_and(|peak| peak >= 50.0), "{flood:?}");
    // Every order of the last quarter of an hour has been counted once.
    let (from, to) = (time("2026-01-15T10:13:00Z"), time(INCIDENT));
    let orders = world(RATE).log_events("/website/orders", from, to);
    let counted: Vec<usize> = console.app.store().counts.values().map(|counts| counts.times.len()).collect();
    assert!(orders.len() > 400, "{}", orders.len());
    assert_eq!(counted, [orders.len()]);
    // What was found at launch rings for nobody.
    assert!(!console.effects.iter().any(|effect| matches!(effect, Effect::Notify(_))), "{:?}", console.effects);
    console.assert_shows(&["Success rate decline"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rule_opens_from_the_list_and_by_its_name() {
    let mut console = Console::settled(Setting { rate: RATE, ..Setting::once() }).await;
    console.keys("2");
    console.seek("j", "Success rate decline");
    console.keys_settled("<enter>").await;
    console.assert_shows(&[
        "Success rate decline",
        "FIRING since 10:1",
        "below the expected band in 3 of 5",
        "Episodes",
    ]);
    console.assert_shows(&["░", "100 * success / (success + failure)"]);
    console.keys_settled("<esc>").await;
    console.assert_shows(&["HighFailureRate"]);

    let focus = Some(Target::Rule("order_flood".into()));
    let mut console = Console::settled(Setting { focus, size: (100, 36), ..Setting::once() }).await;
    console.assert_shows(&["Order flood", "quiet since 10:24:", "≥ 30 matching events in any 15s", "/website/orders"]);
    console.assert_shows(&["Episodes", "10:22:", "█"]);
    let copied = console.copied_by("Y");
    assert!(copied.contains("--focus rule:order_flood"), "{copied}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flood_rings_when_it_begins_and_when_it_is_over() {
    // Just before the flood, at a speed at which it passes in seconds.
    let clock = Clock::running(time("2026-01-15T10:21:50Z"), 10.0);
    let mut console = Console::start(Setting { clock, ..Setting::live() }).await;
    let said = |console: &Console| -> Vec<(Moment, i64)> {
        let notices = console.effects.iter().filter_map(|effect| match effect {
            Effect::Notify(notice) if notice.episode.name == "order_flood" => {
                Some((notice.moment, notice.at.timestamp()))
            }
            _ => None,
        });
        notices.collect()
    };
    let deadline = Instant::now() + Duration::from_mins(3);
    while said(&console).last().is_none_or(|(moment, _)| *moment != Moment::Ended) {
        assert!(Instant::now() < deadline, "{:?}", said(&console));
        console.pass().await;
    }
    let said = said(&console);
    assert_eq!(said.first().map(|(moment, _)| *moment), Some(Moment::Began));
    assert_eq!(said.iter().filter(|(moment, _)| *moment == Moment::Ended).count(), 1);
    let firing: Vec<i64> = said.iter().filter(|(m, _)| *m != Moment::Ended).map(|(_, at)| *at).collect();
    assert!(firing.windows(2).all(|pair| pair[1] - pair[0] >= 60), "{said:?}");
    let kept = |entry: &Effect| matches!(entry, Effect::Remember(Entry::Episode(it)) if it.name == "order_flood");
    assert!(console.effects.iter().any(kept));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rule_whose_log_group_may_not_be_read_says_so() {
    let mut console = Console::start(Setting { faults: "deny:FilterLogEvents", ..Setting::live() }).await;
    console.wait_for("the refusal", |screen| screen.contains("denied") || screen.contains("problem")).await;
    assert_eq!(state(&console, "order_flood"), RuleState::NoData);
    assert!(console.app.store().problems().any(|(source, _)| source.name() == "logs:FilterLogEvents"));
}

/// A folder of a test that is gone after it.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("barograph-{}-{name}", std::process::id()));
        fs::create_dir_all(&path).expect("made");
        Self(path)
    }

    /// Writes a script that can be run, and returns the command.
    fn script(&self, name: &str, text: &str) -> Vec<String> {
        let path = self.0.join(name);
        fs::write(&path, format!("#!/bin/sh\n{text}\n")).expect("written");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("allowed");
        vec![path.display().to_string(), self.0.display().to_string()]
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.0.join(name)).unwrap_or_default()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).ok();
    }
}

/// A script that was just written may be taken for busy while another thread of the tests forks: tried again then.
async fn run_script(command: &[String], input: &str, timeout: Duration) -> Result<(), Failed> {
    loop {
        match run(command, input, timeout).await {
            Err(Failed::Start { why, .. }) if why.contains("busy") => tokio::task::yield_now().await,
            done => return done,
        }
    }
}

#[tokio::test]
async fn a_command_reads_its_input_and_no_shell_reads_its_arguments() {
    let folder = Folder::new("command-input");
    let mut command = folder.script("keep", "cat > \"$1/input\"; printf '%s' \"$2\" > \"$1/argument\"");
    command.push("$(reboot); `id` * \"quoted\"".to_owned());
    // More than a pipe holds.
    let input = "x".repeat(300_000);
    assert_eq!(run_script(&command, &input, Duration::from_mins(1)).await, Ok(()));
    assert_eq!(folder.read("input").len(), 300_000);
    assert_eq!(folder.read("argument"), command[2]);
    // One that does not read is not at fault.
    let deaf = folder.script("deaf", "exit 0");
    assert_eq!(run_script(&deaf, &input, Duration::from_mins(1)).await, Ok(()));
}

#[tokio::test]
async fn a_command_that_fails_says_why() {
    let folder = Folder::new("command-fails");
    let failing = folder.script("fail", "echo >&2; echo 'no such queue' >&2; exit 3");
    let error = run_script(&failing, "", Duration::from_mins(1)).await.expect_err("status 3");
    assert!(error.to_string().ends_with("ended with exit status: 3: no such queue"), "{error}");
    let missing = vec!["/nowhere/at/all".to_owned()];
    let error = run(&missing, "", Duration::from_mins(1)).await.expect_err("missing");
    assert!(error.to_string().starts_with("/nowhere/at/all cannot be started: "), "{error}");
}

#[tokio::test]
async fn a_command_that_takes_too_long_is_killed_with_what_it_started() {
    let folder = Folder::new("command-slow");
    let slow = folder.script("slow", "sleep 60 & echo $! > \"$1/child\"; wait");
    let began = Instant::now();
    let error = run_script(&slow, "", Duration::from_secs(2)).await.expect_err("too long");
    assert!(matches!(error, Failed::TimedOut { .. }), "{error}");
    assert!(began.elapsed() < Duration::from_secs(30), "{:?}", began.elapsed());
    let child = folder.read("child").trim().to_owned();
    assert!(!child.is_empty());
    // A process that nobody has waited for yet is a zombie: dead, but still there.
    let stat = || fs::read_to_string(Path::new("/proc").join(&child).join("stat")).unwrap_or_default();
    let lives = |stat: &str| !stat.is_empty() && !stat.contains(") Z ");
    let deadline = Instant::now() + Duration::from_secs(30);
    while lives(&stat()) {
        assert!(Instant::now() < deadline, "{}", stat());
        tokio::task::yield_now().await;
    }
}

fn notification(moment: Moment) -> Notification {
    let began = time(INCIDENT);
    let episode = Episode {
        signal: Signal::Rule,
        name: "order_flood".into(),
        account: "demo".into(),
        region: "us-east-1".into(),
        severity: Severity::Critical,
        began,
        ended: None,
        value: Some(30.0),
        peak: Some(64.0),
        threshold: Some(30.0),
        reason: "30 matching events in 15s".into(),
    };
    let unit = barograph::board::Unit::Count;
    Notification {
        moment,
        title: "Order flood".into(),
        unit,
        episode,
        newest: (Some(64.0), "64 matching events in 15s".into()),
        at: began,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_notifier_runs_the_command_and_tells_its_failure() {
    let folder = Folder::new("notifier");
    let moments = Moments { holds: false, ..Moments::ALL };
    let command = folder.script("keep", "cat > \"$1/$$.part\" && mv \"$1/$$.part\" \"$1/told.json\"; exit 4");
    let chosen = Notify { bell: false, desktop: Desktop::Off, command, alarms: false, moments, ..Notify::default() };
    let (sender, mut notices) = mpsc::channel(8);
    let notifier = Notifier::new(chosen, &Environment::default(), sender.downgrade());
    let mut alarm = notification(Moment::Began);
    alarm.episode.signal = Signal::Alarm;
    // Of alarms nobody wants to hear: the one notice that comes is the rule's.
    notifier.tell(&alarm);
    // Nor that it goes on.
    notifier.tell(&notification(Moment::Holds));
    notifier.tell(&notification(Moment::Began));
    let notice =
        tokio::time::timeout(Duration::from_mins(1), notices.recv()).await.expect("in time").expect("a notice");
    let text = format!("{notice:?}");
    assert!(text.contains("notify: ") && (text.contains("exit status: 4") || text.contains("busy")), "{text}");
    if !text.contains("busy") {
        let document: serde_json::Value = serde_json::from_str(&folder.read("told.json")).expect("JSON");
        assert_eq!(document["schema"], "barograph/v1");
        assert_eq!(document["event"], "began");
        assert_eq!(document["episode"]["name"], "order_flood");
        assert_eq!(document["episode"]["signal"], "rule");
    }
    assert!(notices.try_recv().is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn commands_that_hang_are_bounded() {
    let folder = Folder::new("bounded");
    let command = folder.script("hang", "cat > /dev/null; sleep 60");
    let chosen = Notify { bell: false, command, timeout: Duration::from_secs(2), ..Notify::default() };
    let (sender, mut notices) = mpsc::channel(64);
    let notifier = Notifier::new(chosen, &Environment::default(), sender.downgrade());
    for _ in 0..6 {
        notifier.tell(&notification(Moment::Holds));
    }
    let mut told = Vec::new();
    while told.len() < 6 {
        let notice =
            tokio::time::timeout(Duration::from_mins(1), notices.recv()).await.expect("in time").expect("open");
        told.push(format!("{notice:?}"));
    }
    assert_eq!(told.iter().filter(|text| text.contains("4 commands still run")).count(), 2, "{told:?}");
    let killed = |text: &&String| text.contains("was killed after 2s") || text.contains("busy");
    assert_eq!(told.iter().filter(killed).count(), 4, "{told:?}");
}
