//! Every pane and every detail on the whole screen: at every size, in every state of health, in two themes.

use std::time::Duration;

use barograph::app::App;
use barograph::app::msg::{Msg, Update};
use barograph::app::screen::ScreenId;
use barograph::commands::snapshot;
use barograph::export;
use barograph::panes::{PANES, Target};
use barograph::store::graph::{ServiceGraph, ServiceKey};
use barograph::store::health::{ErrorKind, SourceError, SourceId};
use barograph::store::log::{TailBatch, TailOrigin};
use barograph::store::series::MetricQuery;
use ratatui::buffer::Buffer;
use ratatui::style::Color;

use crate::harness::console::{Console, INCIDENT, Setting, time};

const SIZES: [(u16, u16); 4] = [(40, 10), (80, 24), (160, 48), (300, 90)];

/// How the sources of a screen do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Waiting,
    Empty,
    Live,
    Stale,
    Failed,
}

impl State {
    /// What a large screen says in this state, of any one of these words.
    const fn words(self) -> &'static [&'static str] {
        match self {
            Self::Waiting => &["waiting", "Asking", "Reading"],
            Self::Empty => &["no alarm", "No requests", "no datapoints", "saw no requests", "waiting"],
            Self::Live => &["● live"],
            Self::Stale => &["stale "],
            Self::Failed => &["denied"],
        }
    }
}

fn fail(app: &mut App) {
    for source in SourceId::ALL.iter().copied() {
        let error = SourceError {
            kind: ErrorKind::Denied,
            operation: source.name().to_owned(),
            message: format!("User: nobody is not authorized to perform: {source}"),
            at: time(INCIDENT),
            retry_in: Some(Duration::from_mins(1)),
        };
        drop(app.update(Msg::Failed(source, error)));
    }
}

fn answer_with_nothing(app: &mut App) {
    let at = time(INCIDENT);
    let origin = TailOrigin::Poll;
    let batch = TailBatch { at, events: Vec::new(), origin, sampled: false, complete_to: Some(at) };
    let graph = ServiceGraph::default();
    for update in [Update::Alarms { at, alarms: Vec::new() }, Update::Tail(batch), Update::Services { at, graph }] {
        drop(app.update(Msg::Feed(update)));
    }
}

/// A console; what it is told by the embedded AWS is only listened to where that is wanted.
async fn console(state: State, focus: Option<Target>) -> Console {
    let setting = Setting { focus, theme: "mono", ..Setting::once() };
    match state {
        State::Waiting | State::Empty | State::Failed => Console::start(setting).await,
        State::Live | State::Stale => Console::settled(setting).await,
    }
}

/// Tells what is in front of its sources.
fn bring(app: &mut App, state: State) {
    match state {
        State::Waiting | State::Live => {}
        State::Empty => answer_with_nothing(app),
        State::Stale | State::Failed => fail(app),
    }
}

fn is_coloured(buffer: &Buffer) -> bool {
    buffer.content.iter().any(|cell| cell.fg != Color::Reset || cell.bg != Color::Reset)
}

/// Draws what is in front at every size in a theme without and one with colours.
fn draws(console: &mut Console, state: State, what: &str) {
    bring(&mut console.app, state);
    for coloured in [false, true] {
        for (columns, lines) in SIZES {
            let buffer = snapshot::frame(&mut console.app, (columns, lines));
            let text = export::text(&buffer);
            assert_eq!(text.lines().count(), usize::from(lines));
            assert!(text.contains('┌'), "{what} {state:?} at {columns}×{lines} is blank");
            if columns >= 160 {
                let says = state.words().iter().any(|word| text.contains(word));
                assert!(says, "{what} {state:?} at {columns}×{lines} does not say {:?}\n{text}", state.words());
            }
            assert_eq!(is_coloured(&buffer), coloured, "{what} {state:?}");
        }
        while !coloured && !console.screen().contains("theme dark") {
            console.keys("T");
        }
    }
}

async fn panes_draw(state: State) {
    let mut console = console(state, None).await;
    draws(&mut console, state, "the Overview");
    console.keys("<backtab><backtab>");
    for row in PANES {
        while !console.screen().contains("theme mono") {
            console.keys("T");
        }
        console.keys("z");
        draws(&mut console, state, row.id);
        console.keys("z<tab>");
    }
    for key in ["2", "3", "4"] {
        while !console.screen().contains("theme mono") {
            console.keys("T");
        }
        if matches!(state, State::Live | State::Stale) {
            console.keys_settled(key).await;
        } else {
            console.keys(key);
        }
        draws(&mut console, state, key);
    }
    assert_eq!(console.app.screen(), ScreenId::Requests);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_metrics_are_the_same_everywhere() {
    let setting = Setting { rate: 20.0, window: Duration::from_hours(3), theme: "mono", ..Setting::once() };
    let mut console = Console::settled(setting).await;
    console.keys_settled("3/lambda errors<enter>jjpkp").await;
    console.keys_settled("f").await;
    console.paste("rate = 100 * m2 / AWS/Lambda:Invocations{FunctionName=payments-risk}");
    console.keys_settled("<enter>f").await;
    console.paste("SEARCH('{AWS/Lambda,FunctionName} Invocations', 'Sum', 60)");
    console.keys_settled("<enter>c<tab>h").await;
    for (columns, lines) in [(160, 48), (80, 24)] {
        console.resize(columns, lines);
        insta::assert_snapshot!(format!("metrics-{columns}x{lines}"), console.screen());
    }
}

async fn details_draw(state: State) {
    let service = ServiceKey { kind: "AWS::Lambda::Function".into(), name: "TokenProvisioningService".into() };
    let targets = [
        Target::Card("success_rate".into()),
        Target::Chart("trend".into()),
        Target::Split(Box::new(MetricQuery::stat("TokenServices", "TokenProvisioningRequests", &[], "Sum", 60))),
        Target::Alarm("HighFailureRate".into()),
        Target::Alarm("TokenProvisioningUnhealthy".into()),
        Target::Service(service),
        Target::Request("dcbf1fc7-866d-4dd1-938c-758bb72101a8".into()),
    ];
    for target in targets {
        let mut console = console(state, Some(target.clone())).await;
        if state == State::Empty && !matches!(target, Target::Alarm(_)) {
            // Nothing has been said of its own source: it waits.
            draws(&mut console, State::Waiting, &format!("{target:?}"));
        } else {
            draws(&mut console, state, &format!("{target:?}"));
        }
    }
}

macro_rules! states {
    ($($name:ident: $state:ident;)+) => {
        mod panes_draw {
            use super::*;
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $name() {
                panes_draw(State::$state).await;
            })+
        }
        mod details_draw {
            use super::*;
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $name() {
                details_draw(State::$state).await;
            })+
        }
    };
}

states! {
    waiting: Waiting;
    empty: Empty;
    live: Live;
    stale: Stale;
    failed: Failed;
}
