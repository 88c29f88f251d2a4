//! An endpoint in trouble: keys answer, every pane says what is wrong and since when, old values stay, and all recovers.

use std::time::Duration;

use barograph::app::screen::ScreenId;
use barograph::sources::tuning::Tuning;

use crate::harness::console::{Console, Setting};

/// A kind of trouble.
struct Trouble {
    /// Its name in a fault specification.
    fault: &'static str,
    /// What a pane's frame says of it.
    says: &'static str,
    /// What the list of problems advises.
    advice: &'static str,
}

const HANG: Trouble = Trouble { fault: "hang", says: "timed out", advice: "by itself" };
const DENY: Trouble =
    Trouble { fault: "deny", says: "denied: ", advice: "allow cloudwatch:GetMetricData for this role or user" };
const THROTTLE: Trouble = Trouble { fault: "throttle", says: "throttled", advice: "too many calls" };
const INTERNAL: Trouble = Trouble { fault: "500", says: "AWS error", advice: "by itself" };
const RESET: Trouble = Trouble { fault: "reset", says: "unreachable", advice: "check network, region" };
const GARBAGE: Trouble =
    Trouble { fault: "garbage", says: "garbled answer", advice: "check that --endpoint-url speaks AWS" };
const EXPIRED: Trouble = Trouble { fault: "expired", says: "credentials", advice: "renew the credentials" };

/// A console on a screen so large that every note has room; the feed is polled, so that its next call meets the fault.
fn setting(faults: &'static str) -> Setting {
    let live = Setting::live();
    let tuning = Tuning { call_timeout: Duration::from_secs(1), ..live.tuning };
    Setting { size: (240, 60), faults, tuning, rate: 1.0, ..live }
}

/// The panes of the Overview whose frame or body says `words`.
fn panes_that_say(screen: &str, words: &str) -> usize {
    screen.matches(words).count()
}

fn is_live(screen: &str) -> bool {
    ["● live", " firing  $", "TokenProvisioningService", "HighLatency", "corr_"]
        .iter()
        .all(|text| screen.contains(text))
        && !["stale", "waiting…", "no answer yet", "source fails", "sources fail"]
            .iter()
            .any(|text| screen.contains(text))
        && screen.lines().nth(2).is_some_and(|cards| cards.matches(" %").count() >= 4)
}

/// The figures on the cards.
fn cards(screen: &str) -> String {
    screen.lines().nth(2).unwrap_or_default().to_owned()
}

async fn breaks_and_recovers(trouble: Trouble) {
    let Trouble { fault, says, advice } = trouble;
    let mut console = Console::start(setting("deny:StartLiveTail")).await;
    // A denied Live Tail alone is a problem with a way round: the feed polls and says so.
    console.wait_for("the Overview, polled", |screen| screen.contains("polling (tail denied)")).await;
    console
        .wait_for("figures", |screen| screen.contains(" firing  $") && cards(screen).matches(" %").count() >= 4)
        .await;
    let before = cards(&console.screen());

    console.fault(&format!("{fault}:*"));
    console.keys("r");
    // Calls are on their way to trouble: keys are answered all the same.
    console.keys("2");
    assert_eq!(console.app.screen(), ScreenId::Alarms);
    console.assert_shows(&["HighFailureRate", "RequestSpike"]);
    console.keys("1t");
    console.assert_shows(&["Time range"]);
    console.keys("<esc>");

    let note = format!(" · {says}");
    console
        .wait_for("the trouble in four frames and on five cards", |screen| {
            panes_that_say(screen, &note) >= 4 && cards_footers(screen).matches("stale ").count() == 5
        })
        .await;
    console.assert_shows(&["sources fail", "HighFailureRate", "TokenProvisioningService", "corr_"]);
    assert_eq!(figures(&cards(&console.screen())), figures(&before), "old values stay");

    console.keys("!");
    console.assert_shows(&[
        "Problems",
        "cloudwatch:GetMetricData: ",
        "cloudwatch:DescribeAlarms: ",
        "logs:FilterLogEvents: ",
        "xray:GetServiceGraph: ",
        "what is shown is ",
        advice,
    ]);
    console.keys("<esc>");

    // What is opened now cannot be answered, and says why.
    console.keys("<tab>e<enter>");
    console.wait_for("why lines and trace are missing", |screen| panes_that_say(screen, says) >= 2).await;
    console.keys("<esc><backtab>ge<enter>");
    console
        .wait_for("why the history is missing", |screen| screen.contains(says) && screen.contains("no answer yet"))
        .await;

    console.fault("");
    console.wait_for("the history", |screen| screen.contains("→ ALARM") && !screen.contains(says)).await;
    console.keys("<esc>");
    console.wait_for("everything again", is_live).await;
}

/// How many sources fail, as the header says.
fn failing(screen: &str) -> usize {
    let count = screen.split(" sources fail").next().and_then(|before| before.rsplit(' ').next());
    count.and_then(|count| count.parse().ok()).unwrap_or(0)
}

/// The lower edges of the cards, where their trouble stands.
fn cards_footers(screen: &str) -> String {
    screen.lines().skip(3).take(4).find(|line| line.starts_with('└')).unwrap_or_default().to_owned()
}

/// The values of cards, without the changes beside them.
fn figures(cards: &str) -> Vec<String> {
    cards.split("││").map(|card| card.split_whitespace().take(2).collect::<Vec<_>>().join(" ")).collect()
}

async fn fails_from_the_start_and_recovers(trouble: Trouble, faults: &'static str) {
    let mut console = Console::start(setting(faults)).await;
    console.keys("2");
    console.keys("1");
    console.assert_shows(&["Total requests", "waiting"]);
    console
        .wait_for("the trouble everywhere", |screen| panes_that_say(screen, trouble.says) >= 4 && failing(screen) >= 6)
        .await;
    let screen = console.screen();
    for empty in ["no alarms", "No requests", "saw no requests", "no datapoints in"] {
        assert!(!screen.contains(empty), "nothing is known, so nothing is empty: {empty}\n{screen}");
    }
    console.wait_for("since when", |screen| screen.contains(" · for ")).await;
    console.fault("");
    console.wait_for("everything", is_live).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_open_session_that_falls_silent_with_everything_else_is_not_called_live() {
    let setting = setting("");
    let tuning = Tuning { tail_silence: Duration::from_secs(1), ..setting.tuning };
    let mut console = Console::start(Setting { tuning, ..setting }).await;
    console.wait_for("the tail", |screen| screen.contains("10:28:02.")).await;
    console.fault("hang:*");
    let feed = |screen: &str| screen.lines().find(|line| line.contains("┌ Requests")).unwrap_or_default().to_owned();
    console.wait_for("the feed's trouble", |screen| feed(screen).contains("stale ")).await;
    console.fault("");
    console.wait_for("the tail again", |screen| !feed(screen).contains("stale ") && screen.contains("● live")).await;
}

macro_rules! troubles {
    ($($name:ident: $trouble:expr, $all:literal;)+) => {
        mod breaks_and_recovers {
            use super::*;
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $name() {
                breaks_and_recovers($trouble).await;
            })+
        }
        mod fails_from_the_start {
            use super::*;
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $name() {
                fails_from_the_start_and_recovers($trouble, $all).await;
            })+
        }
    };
}

troubles! {
    hanging: HANG, "hang:*";
    denied: DENY, "deny:*";
    throttled: THROTTLE, "throttle:*";
    failing: INTERNAL, "500:*";
    reset: RESET, "reset:*";
    garbled: GARBAGE, "garbage:*";
    expired: EXPIRED, "expired:*";
}
