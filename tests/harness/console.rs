//! The console on a test terminal, fed by the real SDK from the embedded AWS: what a user would see, without a terminal.

#![expect(clippy::expect_used, reason = "helpers of tests fail as tests do")]

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use barograph::app::effect::{Effect, Effects, Watch};
use barograph::app::msg::{Msg, Update};
use barograph::app::runner::Runner;
use barograph::app::screen::ScreenId;
use barograph::app::searcher::Searcher;
use barograph::app::{App, Place, Start};
use barograph::clock::{Clock, Time};
use barograph::commands::snapshot;
use barograph::config::{self, Choice, Chosen, Environment};
use barograph::demo::Estate;
use barograph::demo::faults::Faults;
use barograph::demo::server::{Demo, Options, serve};
use barograph::demo::world::{Schedule, World, WorldConfig};
use barograph::export;
use barograph::panes::Target;
use barograph::sources::cost::Meter;
use barograph::sources::poller::{Mode, Poller};
use barograph::sources::prices::Prices;
use barograph::sources::tuning::Tuning;
use barograph::sources::{Connect, connect};
use barograph::store::window::Window;
use barograph::widgets::theme::Theme;
use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers};
use tokio::net::TcpListener;
use tokio::sync::{mpsc, watch};
use tokio_util::sync::CancellationToken;

/// How long anything may take before a test fails.
const PATIENCE: Duration = Duration::from_mins(1);

/// The middle of the scripted incident.
pub(crate) const INCIDENT: &str = "2026-01-15T10:28:00Z";

/// What a test console is made of.
pub(crate) struct Setting {
    pub(crate) rate: f64,
    pub(crate) mode: Mode,
    pub(crate) clock: Clock,
    pub(crate) window: Duration,
    pub(crate) size: (u16, u16),
    pub(crate) faults: &'static str,
    pub(crate) tuning: Tuning,
    pub(crate) screen: ScreenId,
    pub(crate) focus: Option<Target>,
    /// The keymap, by name.
    pub(crate) keymap: &'static str,
    /// The theme to begin with.
    pub(crate) theme: &'static str,
    /// The board, by name; the default one where none is named.
    pub(crate) board: Option<String>,
}

impl Setting {
    /// The scripted incident at a load that debug builds carry easily, asked once.
    pub(crate) fn once() -> Self {
        Self {
            rate: 4.0,
            mode: Mode::Once,
            clock: Clock::fixed(time(INCIDENT)),
            window: Duration::from_hours(1),
            size: (160, 48),
            faults: "",
            tuning: Tuning::default(),
            screen: ScreenId::Overview,
            focus: None,
            keymap: "default",
            theme: "dark",
            board: None,
        }
    }

    /// The same, going on at the speed of the wall clock, with time-outs and waits as short as tests need them.
    pub(crate) fn live() -> Self {
        Self {
            mode: Mode::Live,
            clock: Clock::running(time(INCIDENT), 1.0),
            tuning: Tuning {
                call_timeout: Duration::from_secs(2),
                backoff_first: Duration::from_millis(100),
                backoff_most: Duration::from_millis(400),
                tail_denied: Duration::from_millis(500),
                alarms_every: Duration::from_secs(1),
                services_every: Duration::from_secs(1),
                feed_every: Duration::from_millis(500),
                ..Tuning::default()
            },
            ..Self::once()
        }
    }
}

/// A console without a terminal.
pub(crate) struct Console {
    pub(crate) app: App,
    pub(crate) demo: Demo,
    pub(crate) effects: Effects,
    feed: mpsc::Receiver<Msg>,
    runner: Runner,
    clock: Clock,
    size: (u16, u16),
    _cancel: tokio_util::sync::DropGuard,
}

/// A time of a test.
pub(crate) fn time(text: &str) -> Time {
    text.parse().expect("a time")
}

/// The world that the consoles of these tests look at.
pub(crate) fn world(rate: f64) -> World {
    World::new(WorldConfig { seed: 7, rate, schedule: Schedule::Day(time(INCIDENT)) })
}

impl Console {
    /// Starts the embedded AWS, the sources and the console.
    pub(crate) async fn start(setting: Setting) -> Self {
        let Setting { rate, mode, clock, window, size, faults, tuning, screen, focus, keymap, theme, board } = setting;
        let cancel = CancellationToken::new();
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
        let estate = Estate { world: world(rate), clock: clock.clone() };
        let options = Options { faults: faults.parse::<Faults>().expect("faults"), ..Options::default() };
        let demo = serve(listener, estate, options, &cancel).expect("the demo serves");

        let env = Environment::default();
        let loaded = config::load(&Choice { theme: Some(theme.to_owned()), board, ..Choice::default() }, &env);
        assert_eq!(loaded.problems, []);
        let board = Arc::new(loaded.board);
        let to = Connect {
            endpoint_url: Some(demo.endpoint()),
            region: Some(Estate::REGION.to_owned()),
            made_up_credentials: true,
            tuning,
            ..Connect::default()
        };
        let client = Box::pin(connect(&to, clock.clone(), Meter::new(Prices::default()))).await.expect("clients");
        let (messages, feed) = mpsc::channel(256);
        let (refresh, refreshes) = mpsc::channel(16);
        let window = Window::live(window);
        let (sender, watched) = watch::channel(Watch { window, wanted: BTreeSet::new() });
        let searcher = Searcher::new(messages.downgrade());
        drop(Poller::start(
            client,
            Arc::clone(&board),
            clock.clone(),
            mode,
            watched,
            refreshes,
            messages,
            cancel.clone(),
        ));
        let app = App::new(Start {
            board,
            themes: themes(loaded.theme, &env),
            keymap: config::load_keymap(&Chosen { name: keymap.to_owned(), ..loaded.settings.keymap }, &env).0,
            problems: loaded.problems,
            place: Place {
                account: "demo".into(),
                region: "us-east-1".into(),
                options: vec!["--demo".into()],
                user: "eva".into(),
            },
            window,
            zone: loaded.settings.zone,
            screen,
            focus,
            now: clock.now(),
        });
        let mut console = Self {
            app,
            demo,
            effects: Effects::new(),
            feed,
            runner: Runner::new(sender, refresh).searching(searcher),
            clock,
            size,
            _cancel: cancel.drop_guard(),
        };
        let effects = console.app.start(console.clock.now());
        console.carry_out(effects);
        console
    }

    /// Starts one that is asked once, and waits for all answers.
    pub(crate) async fn settled(setting: Setting) -> Self {
        let mut console = Self::start(setting).await;
        console.settle().await;
        console
    }

    /// Waits until everything that is visible has been answered.
    pub(crate) async fn settle(&mut self) {
        let deadline = tokio::time::Instant::now() + PATIENCE;
        loop {
            let message = tokio::time::timeout_at(deadline, self.feed.recv()).await.expect("in time").expect("open");
            let settled = match &message {
                Msg::Feed(Update::Settled { watch, .. }) => self.app.is_watching(watch),
                _ => false,
            };
            let effects = self.app.update(message);
            let more = !effects.is_empty();
            self.carry_out(effects);
            if settled && !more {
                return;
            }
        }
    }

    fn carry_out(&mut self, effects: Effects) {
        for effect in effects {
            if matches!(effect, Effect::Watch(_) | Effect::Refresh(_) | Effect::Scan(_) | Effect::StopScan) {
                self.runner.carry_out(effect);
            } else {
                self.effects.push(effect);
            }
        }
    }

    /// Types a key script such as `<tab>jj<enter>/fail<esc>`.
    pub(crate) fn keys(&mut self, script: &str) {
        for key in keys(script) {
            let effects = self.app.update(Msg::Input(Event::Key(key)));
            self.carry_out(effects);
        }
    }

    /// Types keys and waits until what they opened has been answered.
    pub(crate) async fn keys_settled(&mut self, script: &str) {
        for key in keys(script) {
            let effects = self.app.update(Msg::Input(Event::Key(key)));
            let asks = effects.iter().any(|effect| matches!(effect, Effect::Watch(_)));
            self.carry_out(effects);
            if asks {
                self.settle().await;
            }
        }
    }

    /// Pastes text.
    pub(crate) fn paste(&mut self, text: &str) {
        let effects = self.app.update(Msg::Input(Event::Paste(text.to_owned())));
        self.carry_out(effects);
    }

    /// Presses `y` and returns what it copies: the row or value under the cursor.
    pub(crate) fn copied(&mut self) -> String {
        self.copied_by("y")
    }

    /// Presses a key and returns what it copies.
    pub(crate) fn copied_by(&mut self, key: &str) -> String {
        let before = self.effects.len();
        self.keys(key);
        let done = self.effects.split_off(before);
        let [Effect::Copy(text)] = done.as_slice() else { panic!("{key} did {done:?}\n{}", self.screen()) };
        text.clone()
    }

    /// What stands between header and footer, and what `y` copies there: a place to come back to.
    pub(crate) fn place(&mut self) -> (String, String) {
        let screen = self.screen();
        let lines: Vec<&str> = screen.lines().collect();
        let before = self.effects.len();
        self.keys("y");
        let copied = format!("{:?}", self.effects.split_off(before));
        (lines[1..lines.len() - 1].join("\n"), copied)
    }

    /// Presses a key until a text is under the cursor.
    pub(crate) fn seek(&mut self, key: &str, text: &str) {
        for _ in 0..64 {
            if self.copied().contains(text) {
                return;
            }
            self.keys(key);
        }
        panic!("{key} does not lead to {text}; the screen is\n{}", self.screen());
    }

    /// Asserts that each text is on the screen.
    #[track_caller]
    pub(crate) fn assert_shows(&mut self, texts: &[&str]) {
        let screen = self.screen();
        for text in texts {
            assert!(screen.contains(text), "not on screen: {text}\n{screen}");
        }
    }

    /// Changes the size of the screen.
    pub(crate) fn resize(&mut self, columns: u16, lines: u16) {
        self.size = (columns, lines);
        let effects = self.app.update(Msg::Input(Event::Resize(columns, lines)));
        self.carry_out(effects);
    }

    /// The screen's text.
    pub(crate) fn screen(&mut self) -> String {
        export::text(&snapshot::frame(&mut self.app, self.size))
    }

    /// Takes in messages until the screen satisfies a condition.
    pub(crate) async fn wait_for(&mut self, what: &str, condition: impl Fn(&str) -> bool) {
        let deadline = tokio::time::Instant::now() + PATIENCE;
        loop {
            let effects = self.app.update(Msg::Tick(self.clock.now()));
            self.carry_out(effects);
            if condition(&self.screen()) {
                return;
            }
            assert!(tokio::time::Instant::now() < deadline, "never seen: {what}; the screen is\n{}", self.screen());
            if let Ok(Some(message)) = tokio::time::timeout(Duration::from_millis(200), self.feed.recv()).await {
                let effects = self.app.update(message);
                self.carry_out(effects);
            }
        }
    }

    /// Lets the clock tick, and takes in one message if one comes soon.
    pub(crate) async fn pass(&mut self) {
        let effects = self.app.update(Msg::Tick(self.clock.now()));
        self.carry_out(effects);
        if let Ok(Some(message)) = tokio::time::timeout(Duration::from_millis(100), self.feed.recv()).await {
            let effects = self.app.update(message);
            self.carry_out(effects);
        }
    }

    /// Sets the faults of the embedded AWS.
    pub(crate) fn fault(&self, faults: &str) {
        self.demo.faults.set(faults.parse().expect("faults"));
    }
}

/// All themes, this one first.
fn themes(first: Theme, env: &Environment) -> Vec<Theme> {
    let place = || config::Place::whole("themes");
    let others = config::theme_names(env).into_iter().filter(|name| *name != first.name).collect::<Vec<_>>();
    let others = others.into_iter().map(|name| config::load_theme(&Chosen { name, place: place() }, env).0);
    std::iter::once(first).chain(others.collect::<Vec<_>>()).collect()
}

fn keys(script: &str) -> Vec<KeyEvent> {
    let mut found = Vec::new();
    let mut rest = script;
    while let Some(c) = rest.chars().next() {
        if c == '<'
            && let Some(end) = rest.find('>')
        {
            found.push(named(&rest[1..end]));
            rest = &rest[end + 1..];
            continue;
        }
        found.push(KeyEvent::new(KeyCode::Char(c), KeyModifiers::NONE));
        rest = &rest[c.len_utf8()..];
    }
    found
}

fn named(name: &str) -> KeyEvent {
    if let Some(c) = name.strip_prefix("ctrl-").and_then(|rest| rest.chars().next()) {
        return KeyEvent::new(KeyCode::Char(c), KeyModifiers::CONTROL);
    }
    let code = match name {
        "tab" => KeyCode::Tab,
        "backtab" => KeyCode::BackTab,
        "enter" => KeyCode::Enter,
        "esc" => KeyCode::Esc,
        "space" => KeyCode::Char(' '),
        "up" => KeyCode::Up,
        "down" => KeyCode::Down,
        "left" => KeyCode::Left,
        "right" => KeyCode::Right,
        "backspace" => KeyCode::Backspace,
        "delete" => KeyCode::Delete,
        "end" => KeyCode::End,
        "f5" => KeyCode::F(5),
        other => panic!("no key is called {other}"),
    };
    KeyEvent::new(code, KeyModifiers::NONE)
}
