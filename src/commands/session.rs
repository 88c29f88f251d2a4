//! What every command needs first: configuration, a clock, an endpoint, and a console state fed by the sources.

use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use tokio::net::TcpListener;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::{asked, keeping};
use crate::app::effect::Watch;
use crate::app::msg::{Msg, Update};
use crate::app::multiplexer::Multiplexer;
use crate::app::notify::Notifier;
use crate::app::runner::Runner;
use crate::app::screen::ScreenId;
use crate::app::searcher::Searcher;
use crate::app::{App, Place, Start};
use crate::board::{Board, FOUND, found, telling_namespaces};
use crate::clock::{Clock, Time};
use crate::config::{self, Choice, Environment, Loaded, Problem};
use crate::demo::Estate;
use crate::demo::faults::Faults;
use crate::demo::logs::quotas::Quotas;
use crate::demo::server::{Demo, Options, serve};
use crate::demo::world::{Cause, Load, Schedule, World, WorldConfig};
use crate::history::Recorder;
use crate::local::{self, Input, Table};
use crate::panes::Target;
use crate::sources::prices::Prices;
use crate::sources::{self, Client, Connect, Meter, Mode, Poller, active_namespaces, connect};
use crate::store::window::Window;
use crate::text::mask;

/// Messages that may wait for the loop; a source that finds the queue full waits.
const QUEUE: usize = 256;
/// How long an account is asked what it has, before the console opens.
const FINDING: Duration = Duration::from_secs(3);
/// How long files are read for their whole time, before the console opens.
const SPAN: Duration = Duration::from_secs(3);
/// Refreshes that may wait for the poller.
const REFRESHES: usize = 16;

/// The embedded AWS as it was asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct DemoChoice {
    /// Seed of the world.
    pub seed: u64,
    /// Requests a second.
    pub rate: f64,
    /// Virtual seconds a second.
    pub speed: f64,
    /// Faults in force from the start.
    pub faults: Faults,
    /// What is wrong in its incidents, in place of the seed's cause.
    pub cause: Option<Cause>,
    /// Lines beside those of its requests.
    pub load: Option<Load>,
    /// Whether AWS's quotas of CloudWatch Logs are lifted.
    pub unlimited: bool,
}

/// Everything that opens a view of some account.
#[derive(Debug, Clone)]
pub struct Opening {
    /// What the configuration is overridden with.
    pub choice: Choice,
    /// Stands for now.
    pub at: Option<Time>,
    /// The window's length, in place of the board's.
    pub since: Option<Duration>,
    /// The screen to show.
    pub screen: ScreenId,
    /// What to open on it.
    pub focus: Option<Target>,
    /// The file that episodes are kept in, in place of the configured one.
    pub history: Option<PathBuf>,
    /// Where the calls go.
    pub connect: Connect,
    /// The embedded AWS in place of an account.
    pub demo: Option<DemoChoice>,
    /// The options that lead here, for the command that reopens the view.
    pub options: Vec<String>,
}

/// A console's state with the sources that feed it.
pub struct Session {
    /// The state.
    pub app: App,
    /// Messages from the sources.
    pub feed: mpsc::Receiver<Msg>,
    /// Carries out effects.
    pub runner: Runner,
    /// The time.
    pub clock: Clock,
    /// The least time between two frames.
    pub frame: Duration,
    /// Whether the theme is made for a light ground.
    pub light: bool,
    cancel: CancellationToken,
    poller: JoinHandle<()>,
    demo: Option<Demo>,
    recorder: Option<Recorder>,
    queries: Option<asked::Keeper>,
}

/// The clock of a command: standing still where it prints once, running on for the console.
pub fn clock(opening: &Opening, mode: Mode) -> Clock {
    let speed = opening.demo.as_ref().map_or(1.0, |demo| demo.speed);
    match (opening.at, mode) {
        (Some(at), Mode::Once) => Clock::fixed(at),
        (Some(at), Mode::Live) if speed <= 0.0 => Clock::fixed(at),
        (Some(at), Mode::Live) => Clock::running(at, speed),
        (None, Mode::Once) => Clock::fixed(Clock::system().now()),
        (None, Mode::Live) if (speed - 1.0).abs() < f64::EPSILON => Clock::system(),
        (None, Mode::Live) => Clock::running(Clock::system().now(), speed),
    }
}

/// The clock of an embedded AWS that runs alone.
pub fn demo_clock(choice: &DemoChoice, at: Option<Time>) -> Clock {
    let start = at.unwrap_or_else(|| Clock::system().now());
    if choice.speed <= 0.0 { Clock::fixed(start) } else { Clock::running(start, choice.speed) }
}

/// Starts the embedded AWS on `listener`: for `--demo` and for `baro demo`.
///
/// # Errors
/// Where the listener has no address.
pub fn start_demo(
    choice: &DemoChoice,
    at: Option<Time>,
    clock: Clock,
    listener: TcpListener,
    shutdown: &CancellationToken,
) -> io::Result<Demo> {
    let schedule = match at {
        Some(at) => Schedule::Day(at),
        None => Schedule::Live(clock.now()),
    };
    let config = WorldConfig { seed: choice.seed, rate: choice.rate, schedule };
    let world = match (choice.load, choice.cause) {
        (Some(load), cause) => World::with_load(config, cause, load, clock.now()),
        (None, Some(cause)) => World::with_cause(config, cause),
        (None, None) => World::new(config),
    };
    let quotas = if choice.unlimited { Quotas::lifted() } else { Quotas::default() };
    let options = Options { faults: choice.faults.clone(), seed: choice.seed, quotas, ..Options::default() };
    serve(listener, Estate { world, clock }, options, shutdown)
}

/// The clients of an opening, and the embedded AWS behind them if that is what was asked for.
///
/// # Errors
/// Where the demo cannot listen, the profile does not exist, or no region is known.
pub async fn client(
    opening: &Opening,
    clock: Clock,
    cancel: &CancellationToken,
) -> anyhow::Result<(Client, Option<Demo>)> {
    let (connect_to, demo) = endpoint(opening, clock.clone(), cancel).await?;
    Ok((Box::pin(connect(&connect_to, clock, Meter::new(Prices::default()))).await?, demo))
}

async fn endpoint(
    opening: &Opening,
    clock: Clock,
    cancel: &CancellationToken,
) -> anyhow::Result<(Connect, Option<Demo>)> {
    let Some(choice) = &opening.demo else { return Ok((opening.connect.clone(), None)) };
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.context("the demo cannot listen on 127.0.0.1")?;
    let demo = start_demo(choice, opening.at, clock, listener, cancel)?;
    let mut tuning = opening.connect.tuning.clone();
    if choice.unlimited {
        tuning.quotas = f64::INFINITY;
    }
    let connect_to = Connect {
        tuning,
        endpoint_url: Some(demo.endpoint()),
        region: Some(Estate::REGION.to_owned()),
        made_up_credentials: true,
        ..opening.connect.clone()
    };
    Ok((connect_to, Some(demo)))
}

/// Reads the configuration of an opening, and decides thereby what is masked; for output without a terminal, in every
/// colour.
pub fn configuration(opening: &Opening, terminal: bool) -> Loaded {
    let env = Environment::of_process();
    let loaded = config::load(&opening.choice, &if terminal { env } else { env.without_terminal() });
    mask::choose(loaded.masks());
    loaded
}

/// Says what is wrong with the configuration, a line each.
///
/// # Errors
/// Where `err` cannot be written to.
pub fn report(problems: &[Problem], err: &mut dyn Write) -> io::Result<()> {
    problems.iter().try_for_each(|problem| writeln!(err, "baro: {problem}"))
}

impl Session {
    /// Opens a view: the state, and the sources, which ask as soon as something is looked at.
    ///
    /// # Errors
    /// Where the demo cannot listen, the profile does not exist, or no region is known.
    pub async fn open(opening: Opening, mode: Mode) -> anyhow::Result<Self> {
        Self::of(opening, mode, Vec::new(), Vec::new()).await
    }

    /// Opens a view of log files in place of an account. No call is made; credentials and region are not looked for.
    ///
    /// # Errors
    /// Never, as it asks nobody.
    pub async fn over_files(
        opening: Opening,
        mode: Mode,
        files: Vec<PathBuf>,
        tables: Vec<Table>,
    ) -> anyhow::Result<Self> {
        Self::of(opening, mode, files, tables).await
    }

    async fn of(opening: Opening, mode: Mode, files: Vec<PathBuf>, tables: Vec<Table>) -> anyhow::Result<Self> {
        let env = Environment::of_process();
        let loaded = configuration(&opening, mode == Mode::Live);
        let clock = clock(&opening, mode);
        let cancel = CancellationToken::new();
        let (client, demo) = if files.is_empty() {
            let (client, demo) = client(&opening, clock.clone(), &cancel).await?;
            (Some(client), demo)
        } else {
            (None, None)
        };

        let mut themes = vec![loaded.theme];
        let chosen = themes[0].name.clone();
        for name in config::theme_names(&env).into_iter().filter(|name| *name != chosen) {
            let place = config::Place::whole("themes");
            themes.push(config::load_theme(&config::Chosen { name, place }, &env).0);
        }
        let board = Arc::new(match (&client, loaded.board.name.as_str()) {
            (None, _) => of_files(&files, &loaded.board),
            (Some(client), FOUND) => with_budget_of(&loaded.board, find_board(client).await),
            (Some(_), _) => loaded.board,
        });
        let place = Place {
            account: if client.is_some() { account(&opening) } else { "files".to_owned() },
            region: client.as_ref().map_or_else(|| "this machine".to_owned(), |client| client.region().to_owned()),
            options: opening.options.clone(),
            user: env.user.clone().unwrap_or_else(|| "somebody".to_owned()),
        };
        let window = match (opening.since, &client) {
            (Some(since), _) => Window::live(since),
            (None, Some(_)) => Window::live(board.window),
            (None, None) => whole_time(files.clone(), clock.now(), board.window).await,
        };
        let light = themes[0].name == "light";
        // What is found in files is no history of an account's.
        let keeping = match client {
            Some(_) => keeping::choose(&opening, &loaded.settings.history, mode, &env),
            None => keeping::Keeping::Nothing,
        };
        let mut app = App::new(Start {
            board: Arc::clone(&board),
            themes,
            keymap: loaded.keymap,
            problems: loaded.problems,
            place,
            window,
            zone: loaded.settings.zone,
            screen: opening.screen,
            focus: opening.focus.clone(),
            now: clock.now(),
        });
        app.keep_lines(loaded.settings.feed_bytes);
        let (messages, feed) = mpsc::channel(QUEUE);
        let (refresh, refreshes) = mpsc::channel(REFRESHES);
        let (watch, watched) = watch::channel(Watch { window, wanted: std::collections::BTreeSet::new() });
        let recorder = keeping.begin(&app, &messages);
        let kept = if client.is_some() { asked::path(&opening, &env) } else { None };
        let known = kept.as_deref().map(asked::read).unwrap_or_default();
        // By the loop's own way in; the queue is new and has room.
        if !known.is_empty() && messages.try_send(Msg::Feed(Update::Asked(known))).is_err() {
            tracing::warn!("the loop has gone before it began");
        }
        let queries = kept.filter(|_| mode == Mode::Live).and_then(asked::Keeper::start);
        let told = messages.downgrade();
        let searcher = Searcher::new(told.clone());
        let notifier = Notifier::new(loaded.settings.notify, &env, told.clone());
        let stop = cancel.clone();
        let poller = match client {
            Some(client) => Poller::start(client, board, clock.clone(), mode, watched, refreshes, messages, stop),
            None => sources::files::start((files, tables), clock.clone(), mode, watched, refreshes, messages, stop),
        };
        let mut runner = Runner::new(watch, refresh).inside(Multiplexer::of(&env), told).searching(searcher);
        if let Some(recorder) = &recorder {
            runner = runner.keeping(recorder.keep());
        }
        if let Some(queries) = &queries {
            runner = runner.noting(queries.note());
        }
        // What prints once has nobody to wake.
        let runner = if mode == Mode::Live { runner.notifying(notifier) } else { runner };
        Ok(Self {
            app,
            feed,
            runner,
            clock,
            frame: loaded.settings.frame,
            light,
            cancel,
            poller,
            demo,
            recorder,
            queries,
        })
    }

    /// Stops the sources and the demo, and waits until they are gone.
    pub async fn close(self) {
        self.cancel.cancel();
        drop(self.feed);
        drop(self.runner);
        if let Some(queries) = self.queries {
            queries.close().await;
        }
        if let Some(recorder) = self.recorder {
            keeping::end(recorder).await;
        }
        if let Err(error) = self.poller.await {
            tracing::warn!(%error, "the poller ended badly");
        }
        if let Some(demo) = self.demo {
            demo.stop().await;
        }
    }
}

/// The board of the presets that fit what the account has.
async fn find_board(client: &Client) -> Board {
    found(&active_namespaces(client, &telling_namespaces(), FINDING).await)
}

/// The board of files.
fn of_files(files: &[PathBuf], own: &Board) -> Board {
    Board::of_files(files.iter().map(|file| file.to_string_lossy().into_owned()).collect(), own)
}

/// The window that holds all entries of files.
async fn whole_time(files: Vec<PathBuf>, now: Time, otherwise: Duration) -> Window {
    let inputs: Vec<Input> = files.into_iter().map(Input::File).collect();
    let found = tokio::task::spawn_blocking(move || local::span(&inputs, now, SPAN)).await.ok().flatten();
    found.map_or(Window::live(otherwise), |(from, to)| Window {
        span: (to - from).to_std().unwrap_or(otherwise),
        end: Some(to),
    })
}

fn with_budget_of(chosen: &Board, found: Board) -> Board {
    Board { budget_usd_per_hour: chosen.budget_usd_per_hour.or(found.budget_usd_per_hour), ..found }
}

fn account(opening: &Opening) -> String {
    match (&opening.demo, &opening.connect.profile, &opening.connect.endpoint_url) {
        (Some(_), _, _) => "demo".to_owned(),
        (None, Some(profile), _) => profile.clone(),
        (None, None, Some(url)) => url.trim_start_matches("http://").trim_start_matches("https://").to_owned(),
        (None, None, None) => std::env::var("AWS_PROFILE").unwrap_or_else(|_| "default".to_owned()),
    }
}
