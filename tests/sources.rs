//! The sources through the real SDK, against the embedded AWS on its own port.

#![expect(clippy::expect_used, reason = "helpers of tests fail as tests do")]

mod commands;
mod drill;
mod faults;
mod feed;
mod metrics;
mod once;
mod queries;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use barograph::app::effect::{Subscription, Watch};
use barograph::app::msg::{Msg, Update};
use barograph::board::{Board, FeedRules, Status};
use barograph::clock::{Clock, Time};
use barograph::demo::Estate;
use barograph::demo::server::{Demo, Options, serve};
use barograph::demo::world::{Load, Schedule, World, WorldConfig};
use barograph::sources::{Client, Connect, Meter, Mode, Poller, Tuning, connect};
use barograph::store::health::SourceId;
use barograph::store::series::MetricQuery;
use barograph::store::window::Window;
use tokio::net::TcpListener;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// The middle of the scripted incident.
const INCIDENT: &str = "2026-01-15T10:28:00Z";
/// The log group of the feed.
const GROUP: &str = "/aws/lambda/token-provisioning-service";
/// No test waits longer for one message.
const PATIENCE: Duration = Duration::from_secs(30);

fn time(text: &str) -> Time {
    text.parse().expect("a time")
}

fn stat(name: &str, period_s: u32) -> MetricQuery {
    MetricQuery::stat("TokenServices", name, &[], "Sum", period_s)
}

fn metric(query: MetricQuery) -> Subscription {
    Subscription::Metric { query, compare: None }
}

fn world(rate: f64) -> World {
    World::new(WorldConfig { seed: 7, rate, schedule: Schedule::Day(time(INCIDENT)) })
}

/// The world with load from the incident's middle on.
fn loaded(rate: f64, load: Option<Load>) -> World {
    let config = WorldConfig { seed: 7, rate, schedule: Schedule::Day(time(INCIDENT)) };
    load.map_or_else(|| World::new(config.clone()), |load| World::with_load(config.clone(), None, load, time(INCIDENT)))
}

/// Knobs at which a test takes moments.
fn quick() -> Tuning {
    Tuning {
        call_timeout: Duration::from_secs(10),
        backoff_first: Duration::from_millis(40),
        backoff_most: Duration::from_millis(200),
        tail_denied: Duration::from_millis(200),
        quotas: f64::INFINITY,
        ..Tuning::default()
    }
}

fn board() -> Board {
    let text = str::to_owned;
    let rules = FeedRules {
        log_groups: vec![text(GROUP)],
        event_field: text("event"),
        statuses: vec![(text("TOKEN_PROVISION_START"), Status::Pending)],
        id_field: text("requestId"),
        correlation_field: text("correlationId"),
        trace_field: text("traceId"),
        latency_field: text("processingTime"),
        reason_field: text("reason"),
        columns: Vec::new(),
        identifiers: Vec::new(),
        annotations: Vec::new(),
        overdue_after: Duration::from_mins(1),
    };
    Board { window: Duration::from_mins(10), feed: Some(rules), ..Board::empty("test") }
}

/// What a test decides about its world.
struct Setting {
    clock: Clock,
    mode: Mode,
    rate: f64,
    tuning: Tuning,
    options: Options,
    span: Duration,
    /// Lines beside those of requests, from the start on.
    load: Option<Load>,
}

impl Setting {
    fn fixed(mode: Mode) -> Self {
        Self {
            clock: Clock::fixed(time(INCIDENT)),
            mode,
            rate: 4.0,
            tuning: quick(),
            options: Options::default(),
            span: Duration::from_mins(10),
            load: None,
        }
    }
}

/// A poller on an embedded AWS.
struct Rig {
    demo: Demo,
    client: Client,
    watch: watch::Sender<Watch>,
    refresh: mpsc::Sender<SourceId>,
    messages: mpsc::Receiver<Msg>,
    cancel: CancellationToken,
    poller: JoinHandle<()>,
    span: Duration,
}

/// An embedded AWS and a client of it.
async fn connected(setting: &Setting) -> (Demo, Client) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
    let estate = Estate { world: loaded(setting.rate, setting.load), clock: setting.clock.clone() };
    let demo = serve(listener, estate, setting.options.clone(), &CancellationToken::new()).expect("a server");
    let to = Connect {
        region: Some(Estate::REGION.to_owned()),
        endpoint_url: Some(demo.endpoint()),
        made_up_credentials: true,
        tuning: setting.tuning.clone(),
        ..Connect::default()
    };
    let client = Box::pin(connect(&to, setting.clock.clone(), Meter::default())).await.expect("a client");
    (demo, client)
}

impl Rig {
    async fn start(setting: Setting, wanted: impl IntoIterator<Item = Subscription>) -> Self {
        Self::start_on(board(), setting, wanted).await
    }

    async fn start_on(board: Board, setting: Setting, wanted: impl IntoIterator<Item = Subscription>) -> Self {
        let (demo, client) = connected(&setting).await;
        let wanted = wanted.into_iter().collect();
        let (watch, watched) = watch::channel(Watch { window: Window::live(setting.span), wanted });
        let (refresh, refreshes) = mpsc::channel(4);
        let (out, messages) = mpsc::channel(16);
        let cancel = CancellationToken::new();
        let poller = Poller::start(
            client.clone(),
            Arc::new(board),
            setting.clock,
            setting.mode,
            watched,
            refreshes,
            out,
            cancel.clone(),
        );
        Self { demo, client, watch, refresh, messages, cancel, poller, span: setting.span }
    }

    fn want(&self, wanted: impl IntoIterator<Item = Subscription>) {
        let wanted: BTreeSet<_> = wanted.into_iter().collect();
        self.watch.send_replace(Watch { window: Window::live(self.span), wanted });
    }

    async fn next(&mut self) -> Msg {
        let message = tokio::time::timeout(PATIENCE, self.messages.recv()).await.expect("a message in time");
        message.expect("the poller is there")
    }

    /// Messages until one is the last that is wanted, which is among them.
    async fn until(&mut self, mut last: impl FnMut(&Msg) -> bool) -> Vec<Msg> {
        let mut seen = Vec::new();
        loop {
            let message = self.next().await;
            let is_last = last(&message);
            seen.push(message);
            if is_last {
                return seen;
            }
        }
    }

    async fn settled(&mut self) -> Vec<Update> {
        let messages = self.until(|message| matches!(message, Msg::Feed(Update::Settled { .. }))).await;
        messages.into_iter().filter_map(update).collect()
    }

    /// Cancels the poller, and waits until it and the server are gone.
    async fn stop(mut self) {
        self.cancel.cancel();
        self.messages.close();
        self.poller.await.expect("the poller ends well");
        self.demo.stop().await;
    }
}

fn update(message: Msg) -> Option<Update> {
    match message {
        Msg::Feed(update) => Some(update),
        _ => None,
    }
}
