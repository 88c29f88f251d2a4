//! The feed under a burst: the whole console and the embedded AWS in one process, with the quotas lifted. Every line that
//! was logged comes once, and a key is answered meanwhile.
//!
//! `cargo bench --bench burst`; `BURST_LOAD` chooses another load than `27778x1200x60`.

#![expect(clippy::expect_used, clippy::print_stdout, reason = "a bench that cannot run has nothing to say but why")]

use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;
use std::time::{Duration, Instant};

use barograph::app::effect::{Effect, Effects, Watch};
use barograph::app::msg::Msg;
use barograph::app::runner::Runner;
use barograph::app::screen::ScreenId;
use barograph::app::searcher::Searcher;
use barograph::app::{App, Place, Start};
use barograph::clock::{Clock, Time};
use barograph::config::{self, Choice, Environment};
use barograph::demo::Estate;
use barograph::demo::logs::quotas::Quotas;
use barograph::demo::server::{Options, serve};
use barograph::demo::world::{Load, Schedule, World, WorldConfig};
use barograph::sources::{Connect, Meter, Mode, Poller, Tuning, connect};
use barograph::store::Store;
use barograph::store::lines::Reader;
use barograph::store::window::Window;
use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use tokio::net::TcpListener;
use tokio::sync::{mpsc, watch};
use tokio_util::sync::CancellationToken;

const BEGIN: &str = "2026-01-15T10:28:00Z";
const GROUP: &str = "/aws/lambda/token-provisioning-service";
/// What stands in the lines of the load alone.
const OF_LOAD: &str = "\"requestId\":\"load-";
/// How long it may take beyond the load until all has come.
const PATIENCE: Duration = Duration::from_mins(4);

/// A figure of `/proc/self/status` in MiB.
fn memory(name: &str) -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with(name)).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|kib| kib.parse::<f64>().ok()).unwrap_or_default() / 1024.0
}

fn digest(ms: i64, text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    (ms, text).hash(&mut hasher);
    hasher.finish()
}

/// Digests of the load's lines as they were logged, second by second.
fn sent(world: &World, from: Time, seconds: i64) -> Vec<u64> {
    let mut all = Vec::new();
    for second in 0..=seconds {
        let at = from + chrono::TimeDelta::seconds(second);
        let lines = world.log_events(GROUP, at, at + chrono::TimeDelta::seconds(1));
        let lines = lines.iter().filter(|line| line.message.contains(OF_LOAD));
        all.extend(lines.map(|line| digest(line.time.timestamp_millis(), &line.message)));
    }
    all.sort_unstable();
    all
}

/// Digests of the load's lines as they are kept.
fn received(store: &Store) -> Vec<u64> {
    let mut reader = Reader::default();
    let places = std::iter::successors(store.tail.oldest(), |place| store.tail.newer(*place, |_| true));
    let lines = places.filter_map(|place| reader.read(&store.tail, place));
    let mut all: Vec<u64> =
        lines.filter(|line| line.text.contains(OF_LOAD)).map(|line| digest(line.place.ms, &line.text)).collect();
    all.sort_unstable();
    all
}

/// How many of the one list are not in the other, each as often as it stands there; both are sorted.
fn missing(of: &[u64], from: &[u64]) -> usize {
    let mut from = from.iter().peekable();
    let mut count = 0;
    for one in of {
        while from.next_if(|other| *other < one).is_some() {}
        count += usize::from(from.next_if_eq(&one).is_none());
    }
    count
}

fn carry_out(effects: Effects, runner: &mut Runner) {
    for effect in effects {
        if matches!(effect, Effect::Watch(_) | Effect::Refresh(_) | Effect::Scan(_) | Effect::StopScan) {
            runner.carry_out(effect);
        }
    }
}

#[expect(clippy::too_many_lines, reason = "one run from its beginning to its end")]
#[tokio::main]
async fn main() {
    let load: Load = std::env::var("BURST_LOAD").map_or("27778x1200x60".parse(), |text| text.parse()).expect("a load");
    let seconds = i64::from(load.seconds.expect("an end: 27778x1200x60"));
    let begin: Time = BEGIN.parse().expect("a time");
    let clock = Clock::running(begin, 1.0);
    let config = WorldConfig { seed: 7, rate: 40.0, schedule: Schedule::Day(begin) };
    let world = World::with_load(config, None, load, begin);
    let cancel = CancellationToken::new();
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
    let estate = Estate { world: world.clone(), clock: clock.clone() };
    let options = Options { quotas: Quotas::lifted(), ..Options::default() };
    let demo = serve(listener, estate, options, &cancel).expect("a server");

    let env = Environment::default();
    let loaded = config::load(&Choice::default(), &env);
    let board = Arc::new(loaded.board);
    let tuning = Tuning { quotas: f64::INFINITY, ..Tuning::default() };
    let to = Connect {
        region: Some(Estate::REGION.to_owned()),
        endpoint_url: Some(demo.endpoint()),
        made_up_credentials: true,
        tuning,
        ..Connect::default()
    };
    let client = Box::pin(connect(&to, clock.clone(), Meter::default())).await.expect("a client");
    let (messages, mut feed) = mpsc::channel(256);
    let (refresh, refreshes) = mpsc::channel(16);
    let window = Window::live(Duration::from_mins(2));
    let (sender, watched) = watch::channel(Watch { window, wanted: BTreeSet::new() });
    let searcher = Searcher::new(messages.downgrade());
    drop(Poller::start(
        client,
        Arc::clone(&board),
        clock.clone(),
        Mode::Live,
        watched,
        refreshes,
        messages,
        cancel.clone(),
    ));
    let mut app = App::new(Start {
        board,
        themes: vec![loaded.theme],
        keymap: loaded.keymap,
        problems: Vec::new(),
        place: Place::default(),
        window,
        zone: loaded.settings.zone,
        screen: ScreenId::Overview,
        focus: None,
        now: clock.now(),
    });
    // Nothing may be dropped, so that all can be compared.
    app.keep_lines(4 << 30);
    let mut runner = Runner::new(sender, refresh).searching(searcher);
    let mut terminal = Terminal::new(TestBackend::new(200, 60)).expect("a terminal");
    carry_out(app.start(clock.now()), &mut runner);
    println!("{load}: before {:.1} MiB", memory("VmRSS"));

    let started = Instant::now();
    let end = begin + chrono::TimeDelta::seconds(seconds + 8);
    let mut keys = tokio::time::interval(Duration::from_millis(97));
    keys.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Skip);
    let (mut waits, mut drawn, mut behind) = (Vec::new(), Instant::now(), chrono::TimeDelta::zero());
    let mut sampled = false;
    while app.store().feed_complete_to.is_none_or(|to| to <= end) {
        assert!(started.elapsed() < Duration::from_secs(seconds as u64) + PATIENCE, "all should have come");
        // As the console's own loop: keys first, then news for some milliseconds, a frame at most every 33 ms.
        let pressed = tokio::select! {
            biased;
            due = keys.tick() => Some(due),
            message = feed.recv() => {
                let taking = Instant::now();
                carry_out(app.update(message.expect("open")), &mut runner);
                while taking.elapsed() < Duration::from_millis(4) && let Ok(message) = feed.try_recv() {
                    carry_out(app.update(message), &mut runner);
                }
                None
            }
        };
        if let Some(due) = pressed {
            carry_out(app.update(Msg::Tick(clock.now())), &mut runner);
            let key = Event::Key(KeyEvent::new(KeyCode::Down, KeyModifiers::NONE));
            carry_out(app.update(Msg::Input(key)), &mut runner);
            terminal.draw(|frame| app.draw(frame)).expect("drawn");
            waits.push(due.elapsed());
            drawn = Instant::now();
        } else if drawn.elapsed() > Duration::from_millis(33) && app.take_dirty() {
            terminal.draw(|frame| app.draw(frame)).expect("drawn");
            drawn = Instant::now();
        }
        let store = app.store();
        sampled |= store.feed_sampled;
        if let Some(to) = store.feed_complete_to {
            behind = behind.max(clock.now() - to);
        }
    }
    let took = started.elapsed();
    cancel.cancel();
    let (rss, peak) = (memory("VmRSS"), memory("VmHWM"));
    let tail = &app.store().tail;
    println!(
        "{:.1} s; behind {:.1} s at most; sampled: {sampled}; {:.1} MiB, peak {peak:.1} MiB with the server; \
         {} lines in {:.1} MiB, {} dropped",
        took.as_secs_f64(),
        behind.as_seconds_f64(),
        rss,
        tail.len(),
        tail.bytes_held() as f64 / 1_048_576.0,
        tail.dropped(),
    );
    waits.sort_unstable();
    let wait = |share: f64| waits[((waits.len() - 1) as f64 * share) as usize].as_secs_f64() * 1000.0;
    println!(
        "key to frame, {} keys: p50 {:.1} ms, p99 {:.1} ms, most {:.1} ms",
        waits.len(),
        wait(0.5),
        wait(0.99),
        wait(1.0)
    );
    let (sent, received) = (sent(&world, begin, seconds), received(app.store()));
    let (lost, doubled) = (missing(&sent, &received), missing(&received, &sent));
    println!("sent {}, received {}, lost {lost}, doubled {doubled}", sent.len(), received.len());
    assert_eq!((lost, doubled), (0, 0));
    drop(demo);
}
