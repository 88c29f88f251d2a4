//! The feed between Live Tail and polling: whatever happens, each line of the world comes once.

use barograph::demo::faults::Faults;
use barograph::demo::logs::quotas::Quotas;
use barograph::store::log::{TailBatch, TailOrigin};

use super::*;

const RATE: f64 = 10.0;
const SPEED: f64 = 10.0;

fn setting(options: Options) -> Setting {
    Setting {
        clock: Clock::running(time(INCIDENT), SPEED),
        rate: RATE,
        options,
        span: Duration::from_mins(2),
        ..Setting::fixed(Mode::Live)
    }
}

/// What has come through the feed.
#[derive(Default)]
struct Fed {
    events: Vec<(Time, String)>,
    complete_to: Option<Time>,
    origins: BTreeSet<&'static str>,
    sampled: bool,
}

impl Fed {
    fn take(&mut self, message: Msg) {
        let Some(Update::Tail(TailBatch { events, complete_to, origin, sampled, .. })) = update(message) else {
            return;
        };
        self.events.extend(events.into_iter().map(|event| (event.time, event.message.into())));
        self.complete_to = self.complete_to.max(complete_to);
        self.sampled |= sampled;
        self.origins.insert(match origin {
            TailOrigin::Backfill => "backfill",
            TailOrigin::Live => "live",
            TailOrigin::Poll => "poll",
        });
    }

    /// Compares what came with the world's lines, from the oldest that came up to what is complete.
    fn assert_each_line_once(mut self) {
        // What is complete is so but for what an overlap still brings.
        let to = self.complete_to.expect("complete to some time") - chrono::TimeDelta::seconds(6);
        self.events.retain(|(at, _)| *at < to);
        self.events.sort();
        let from = self.events.first().expect("events").0;
        let mut expected: Vec<(Time, String)> =
            world(RATE).log_events(GROUP, from, to).into_iter().map(|record| (record.time, record.message)).collect();
        expected.sort();
        assert!(expected.len() > 200, "only {} lines", expected.len());
        let missing = expected.iter().filter(|line| !self.events.contains(line)).count();
        assert_eq!(
            (missing, self.events.len()),
            (0, expected.len()),
            "lines lost, and lines seen instead of those logged"
        );
    }
}

/// Takes messages in until one is the last that is wanted.
async fn feed_until(rig: &mut Rig, fed: &mut Fed, mut last: impl FnMut(&Msg) -> bool) {
    loop {
        let message = rig.next().await;
        let is_last = last(&message);
        fed.take(message);
        if is_last {
            return;
        }
    }
}

fn came_by(origin: TailOrigin) -> impl FnMut(&Msg) -> bool {
    move |message| matches!(message, Msg::Feed(Update::Tail(batch)) if batch.origin == origin && !batch.events.is_empty())
}

/// Some batches later.
fn after(batches: usize) -> impl FnMut(&Msg) -> bool {
    let mut left = batches;
    move |message| {
        left -= usize::from(matches!(message, Msg::Feed(Update::Tail(_))));
        left == 0
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn losing_and_regaining_live_tail_loses_and_doubles_nothing() {
    let mut rig = Rig::start(setting(Options::default()), [Subscription::Feed]).await;
    let mut fed = Fed::default();
    for fault in ["reset:StartLiveTail", "500:StartLiveTail", "deny:StartLiveTail,reset:FilterLogEvents:0.3"] {
        feed_until(&mut rig, &mut fed, came_by(TailOrigin::Live)).await;
        feed_until(&mut rig, &mut fed, after(5)).await;
        rig.demo.faults.set(fault.parse().expect("faults"));
        if fault.starts_with("deny") {
            // Permission is looked at when a session starts: a break makes it start anew.
            rig.demo.faults.set("reset:StartLiveTail".parse().expect("faults"));
            feed_until(&mut rig, &mut fed, |message| matches!(message, Msg::Failed(SourceId::Tail, _))).await;
            rig.demo.faults.set(fault.parse().expect("faults"));
        }
        feed_until(&mut rig, &mut fed, came_by(TailOrigin::Poll)).await;
        feed_until(&mut rig, &mut fed, after(4)).await;
        rig.demo.faults.set(Faults::default());
    }
    feed_until(&mut rig, &mut fed, came_by(TailOrigin::Live)).await;
    feed_until(&mut rig, &mut fed, |message| {
        matches!(message, Msg::Feed(Update::Tail(batch)) if batch.origin == TailOrigin::Live && batch.complete_to.is_some())
    })
    .await;
    assert_eq!(fed.origins, ["backfill", "live", "poll"].into());
    fed.assert_each_line_once();
    rig.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_live_tail_samples_is_read_in() {
    let options = Options { quotas: Quotas { tail_events: 3, ..Quotas::default() }, ..Options::default() };
    let mut rig = Rig::start(setting(options), [Subscription::Feed]).await;
    let mut fed = Fed::default();
    feed_until(&mut rig, &mut fed, came_by(TailOrigin::Live)).await;
    feed_until(&mut rig, &mut fed, after(40)).await;
    feed_until(
        &mut rig,
        &mut fed,
        |message| matches!(message, Msg::Feed(Update::Tail(batch)) if batch.complete_to.is_some()),
    )
    .await;
    assert!(fed.sampled, "the server left events out");
    fed.assert_each_line_once();
    rig.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_silent_session_is_found_out() {
    let mut rig = Rig::start(setting(Options::default()), [Subscription::Feed]).await;
    let mut fed = Fed::default();
    feed_until(&mut rig, &mut fed, came_by(TailOrigin::Live)).await;
    rig.demo.faults.set("hang:StartLiveTail".parse().expect("faults"));
    feed_until(&mut rig, &mut fed, |message| matches!(message, Msg::Failed(SourceId::Tail, _))).await;
    // Only while there is no session is what is read told as polled.
    feed_until(&mut rig, &mut fed, came_by(TailOrigin::Poll)).await;
    rig.demo.faults.set(Faults::default());
    feed_until(&mut rig, &mut fed, after(5)).await;
    fed.assert_each_line_once();
    rig.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn small_pages_and_empty_pages_are_read_on() {
    let quotas = Quotas { page_events: 7, scanned_events: 11, ..Quotas::default() };
    let setting =
        Setting { options: Options { quotas, ..Options::default() }, rate: RATE, ..Setting::fixed(Mode::Once) };
    let mut rig = Rig::start(setting, [Subscription::Feed]).await;
    let mut fed = Fed::default();
    feed_until(&mut rig, &mut fed, |message| matches!(message, Msg::Feed(Update::Settled { .. }))).await;
    fed.assert_each_line_once();
    rig.stop().await;
}
