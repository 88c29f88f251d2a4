//! The feed between Live Tail and polling: whatever happens, each line of the world comes once.

use barograph::demo::faults::Faults;
use barograph::demo::logs::quotas::Quotas;
use barograph::store::Store;
use barograph::store::lines::Reader;
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

#[tokio::test(flavor = "multi_thread")]
async fn a_session_is_renewed_in_time_without_loss_or_double() {
    let tuning = Tuning { tail_longest: Duration::from_secs(25), ..quick() };
    let mut rig = Rig::start(Setting { tuning, ..setting(Options::default()) }, [Subscription::Feed]).await;
    let mut fed = Fed::default();
    for _ in 0..3 {
        feed_until(&mut rig, &mut fed, |message| {
            assert!(!matches!(message, Msg::Failed(..)), "{message:?}");
            matches!(message, Msg::Feed(Update::TailUp { .. }))
        })
        .await;
    }
    feed_until(&mut rig, &mut fed, came_by(TailOrigin::Live)).await;
    feed_until(&mut rig, &mut fed, after(4)).await;
    feed_until(
        &mut rig,
        &mut fed,
        |message| matches!(message, Msg::Feed(Update::Tail(batch)) if batch.complete_to.is_some()),
    )
    .await;
    assert_eq!(rig.demo.counts.snapshot().of("StartLiveTail"), 3);
    fed.assert_each_line_once();
    rig.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn more_groups_than_a_session_takes_are_followed_in_several() {
    let groups = ["execution", "risk", "billing", "tracking", "settlement"].map(|stage| format!("/payments/{stage}"));
    let mut board = board();
    if let Some(rules) = &mut board.feed {
        rules.log_groups = std::iter::once(GROUP.to_owned()).chain(groups).collect();
    }
    let tuning = Tuning { tail_groups: 2, ..quick() };
    let setting = Setting { tuning, ..setting(Options::default()) };
    let mut rig = Rig::start_on(board, setting, [Subscription::Feed]).await;
    let mut seen = BTreeSet::new();
    let mut all = BTreeSet::new();
    loop {
        let Some(Update::Tail(batch)) = update(rig.next().await) else { continue };
        for event in batch.events {
            assert!(all.insert((event.time, event.group, event.message.clone())), "twice: {}", event.message);
            if batch.origin == TailOrigin::Live {
                seen.insert(event.group);
            }
        }
        if seen.len() == 6 {
            break;
        }
    }
    assert_eq!(rig.demo.counts.snapshot().tails, 3, "sessions of two groups each");
    rig.stop().await;
}

/// What a store holds of the load's lines, and what was logged of them.
fn assert_all_of_the_load(store: &Store, load: Load) {
    let seconds = i64::from(load.seconds.expect("an end"));
    let (from, to) = (time(INCIDENT), time(INCIDENT) + chrono::TimeDelta::seconds(seconds + 1));
    let is_of_load = |text: &str| text.contains("\"requestId\":\"load-");
    let sent = loaded(RATE, Some(load)).log_events(GROUP, from, to);
    let mut sent: Vec<_> =
        sent.into_iter().filter(|r| is_of_load(&r.message)).map(|r| (r.time.timestamp_millis(), r.message)).collect();
    let mut reader = Reader::default();
    let places = std::iter::successors(store.tail.oldest(), |place| store.tail.newer(*place, |_| true));
    let lines = places.map(|place| reader.read(&store.tail, place).expect("a line that is kept"));
    let mut received: Vec<_> =
        lines.filter(|line| is_of_load(&line.text)).map(|line| (line.place.ms, line.text.into_string())).collect();
    sent.sort();
    received.sort();
    assert_eq!((received.len(), sent.len()), (sent.len(), load.rate as usize * seconds as usize));
    assert!(received == sent, "the same lines, each once");
}

/// Takes everything into a store until the load is over and all of it complete; the most that the feed was behind.
async fn until_complete(rig: &mut Rig, store: &mut Store, load: Load) -> (chrono::TimeDelta, bool) {
    let board = board();
    let end = time(INCIDENT) + chrono::TimeDelta::seconds(i64::from(load.seconds.expect("an end")) + 8);
    let (mut behind, mut sampled) = (chrono::TimeDelta::zero(), false);
    loop {
        let Some(update) = update(rig.next().await) else { continue };
        if let Update::Tail(batch) = &update {
            behind = behind.max(batch.at - store.feed_complete_to.unwrap_or(batch.at));
        }
        store.fold(&board, update);
        sampled |= store.feed_sampled;
        if store.feed_complete_to.is_some_and(|to| to > end) {
            return (behind, sampled);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_burst_comes_whole_where_quotas_are_lifted() {
    let load: Load = "2500x300x6".parse().expect("a load");
    let options = Options { quotas: Quotas::lifted(), ..Options::default() };
    let mut rig = Rig::start(Setting { load: Some(load), ..setting(options) }, [Subscription::Feed]).await;
    let mut store = Store::default();
    let (_, sampled) = until_complete(&mut rig, &mut store, load).await;
    assert!(!sampled);
    assert_all_of_the_load(&store, load);
    rig.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_burst_that_live_tail_samples_is_said_and_comes_whole_in_the_end() {
    let load: Load = "1000x300x5".parse().expect("a load");
    let setting = Setting { load: Some(load), ..setting(Options::default()) };
    let mut rig = Rig::start(setting, [Subscription::Feed]).await;
    let mut store = Store::default();
    let (_, sampled) = until_complete(&mut rig, &mut store, load).await;
    assert!(sampled, "more than 500 a second");
    assert_all_of_the_load(&store, load);
    rig.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn polling_says_how_far_it_is_behind_a_burst_and_has_all_of_it_in_the_end() {
    let load: Load = "1500x300x6".parse().expect("a load");
    // AWS's quotas, scaled as the clock is: pages a tenth as large, ten times the calls a second less than the load.
    let quotas = Quotas { page_bytes: (1 << 20) / 10, ..Quotas::default() };
    let options = Options { quotas, faults: "deny:StartLiveTail".parse().expect("faults"), ..Options::default() };
    let tuning = Tuning { quotas: 2.0, tail_denied: Duration::from_mins(5), ..quick() };
    let mut rig = Rig::start(Setting { load: Some(load), tuning, ..setting(options) }, [Subscription::Feed]).await;
    let mut store = Store::default();
    let (behind, _) = until_complete(&mut rig, &mut store, load).await;
    assert_eq!(store.feed_origin, Some(TailOrigin::Poll));
    assert!(behind >= chrono::TimeDelta::seconds(8), "{behind}");
    assert_all_of_the_load(&store, load);
    rig.stop().await;
}
