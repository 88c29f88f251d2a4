//! Every kind of trouble shows as what it is, at every source, and passes by itself.

use barograph::demo::faults::Faults;
use barograph::store::health::ErrorKind;

use super::*;

const SOURCES: [SourceId; 5] =
    [SourceId::Metrics, SourceId::Alarms, SourceId::Tail, SourceId::Poll, SourceId::Services];

/// The source that an update shows to be well.
fn well(update: &Update) -> Option<SourceId> {
    match update {
        Update::Metrics(_) => Some(SourceId::Metrics),
        Update::Alarms { .. } => Some(SourceId::Alarms),
        Update::TailUp { .. } => Some(SourceId::Tail),
        Update::Tail(_) => Some(SourceId::Poll),
        Update::Services { .. } => Some(SourceId::Services),
        _ => None,
    }
}

async fn fails_and_recovers(faults: &str, kind: ErrorKind, call_timeout: Duration) {
    let mut setting = Setting::fixed(Mode::Live);
    setting.options.faults = faults.parse().expect("faults");
    setting.tuning.call_timeout = call_timeout;
    setting.rate = 1.0;
    let wanted = [
        metric(stat("TokenProvisioningRequests", 60)),
        Subscription::Alarms,
        Subscription::Feed,
        Subscription::Services,
    ];
    let mut rig = Rig::start(setting, wanted).await;
    let mut failed = BTreeSet::new();
    while failed.len() < SOURCES.len() {
        match rig.next().await {
            Msg::Failed(source, error) => {
                assert_eq!(error.kind, kind, "{faults}: {error:?}");
                assert!(error.retry_in.is_some() && !error.message.is_empty(), "{faults}: {error:?}");
                assert!(!error.message.contains('\n'), "{error:?}");
                if kind == ErrorKind::Denied && source != SourceId::Tail {
                    assert_eq!(error.brief(), format!("denied: {source}"));
                }
                failed.insert(source);
            }
            Msg::Feed(update) => assert_eq!(well(&update), None, "{faults}: {update:?}"),
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(failed, SOURCES.into());
    rig.demo.faults.set(Faults::default());
    let mut recovered = BTreeSet::new();
    while recovered.len() < SOURCES.len() {
        if let Msg::Feed(update) = rig.next().await {
            recovered.extend(well(&update));
        }
    }
    rig.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn throttled() {
    fails_and_recovers("throttle:*", ErrorKind::Throttled, Duration::from_secs(10)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn denied() {
    fails_and_recovers("deny:*", ErrorKind::Denied, Duration::from_secs(10)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn expired() {
    fails_and_recovers("expired:*", ErrorKind::Credentials, Duration::from_secs(10)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn failing() {
    fails_and_recovers("500:*", ErrorKind::Server, Duration::from_secs(10)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn reset() {
    fails_and_recovers("reset:*", ErrorKind::Unreachable, Duration::from_secs(10)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn garbled() {
    fails_and_recovers("garbage:*", ErrorKind::Garbled, Duration::from_secs(10)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn hanging() {
    fails_and_recovers("hang:*", ErrorKind::TimedOut, Duration::from_secs(2)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn unreachable() {
    let setting = Setting::fixed(Mode::Live);
    let mut rig = Rig::start(setting, []).await;
    let demo = std::mem::replace(&mut rig.demo, connected(&Setting::fixed(Mode::Live)).await.0);
    demo.stop().await;
    rig.want([Subscription::Alarms]);
    let messages = rig.until(|message| matches!(message, Msg::Failed(..))).await;
    let Some(Msg::Failed(SourceId::Alarms, error)) = messages.last() else { panic!("{messages:?}") };
    assert_eq!(error.kind, ErrorKind::Unreachable, "{error:?}");
    rig.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_longer_wanted_is_cancelled() {
    let mut setting = Setting::fixed(Mode::Live);
    setting.options.faults = "hang:GetServiceGraph".parse().expect("faults");
    let mut rig = Rig::start(setting, [Subscription::Services, Subscription::Feed]).await;
    rig.until(|message| matches!(message, Msg::Feed(Update::TailUp { .. }))).await;
    assert_eq!(rig.demo.counts.snapshot().tails, 1);
    rig.want([Subscription::Alarms]);
    rig.until(|message| matches!(message, Msg::Feed(Update::Alarms { .. }))).await;
    while rig.demo.counts.snapshot().tails > 0 {
        tokio::task::yield_now().await;
    }
    rig.stop().await;
}
