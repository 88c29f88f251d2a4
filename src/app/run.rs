//! The loop: wait, drain, update, draw once.

use std::io;
use std::time::{Duration, Instant};

use crossterm::event::{Event, EventStream};
use futures::StreamExt;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::mpsc;
use tokio::time::{Instant as Deadline, sleep_until};

use super::App;
use super::effect::{Effect, Effects};
use super::msg::Msg;
use super::runner::Runner;
use crate::clock::Clock;
use crate::term::{Guard, Screen, paint, wipe};

/// Messages that are taken in before the next look at the keyboard.
const DRAINED_AT_ONCE: usize = 64;

/// How long messages are taken in before that: a key waits no longer, whatever comes.
const DRAINED_FOR: Duration = Duration::from_millis(4);

/// How the console ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// The user quit.
    Quit,
    /// A signal asked the process to end; its number.
    Signal(i32),
}

/// Signals that the loop listens to.
struct Signals {
    interrupt: Signal,
    terminate: Signal,
    hangup: Signal,
    stop: Signal,
}

impl Signals {
    fn listen() -> io::Result<Self> {
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
            hangup: signal(SignalKind::hangup())?,
            stop: signal(SignalKind::from_raw(signal_hook::consts::SIGTSTP))?,
        })
    }

    async fn next(&mut self) -> i32 {
        tokio::select! {
            _ = self.interrupt.recv() => signal_hook::consts::SIGINT,
            _ = self.terminate.recv() => signal_hook::consts::SIGTERM,
            _ = self.hangup.recv() => signal_hook::consts::SIGHUP,
            _ = self.stop.recv() => signal_hook::consts::SIGTSTP,
        }
    }
}

/// When the screen is drawn next.
struct Pace {
    every: Duration,
    drawn: Instant,
    due: bool,
}

impl Pace {
    fn wait(&self) -> Option<Deadline> {
        self.due.then(|| Deadline::from_std(self.drawn + self.every))
    }
}

/// Runs the console until it ends. Keys are answered at once; news from AWS is drawn at most once a frame.
///
/// # Errors
/// Where the terminal breaks.
pub async fn run(
    app: &mut App,
    feed: &mut mpsc::Receiver<Msg>,
    runner: &mut Runner,
    clock: &Clock,
    frame: Duration,
) -> io::Result<Ended> {
    let (guard, mut screen) = Guard::take()?;
    let mut events = EventStream::new();
    let mut signals = Signals::listen()?;
    let mut second = tokio::time::interval(Duration::from_secs(1));
    second.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Skip);
    let mut pace = Pace { every: frame, drawn: Instant::now(), due: false };

    let first = app.start(clock.now());
    carry_out(first, runner, &guard, &mut screen)?;
    paint(&mut screen, |frame| app.draw(frame))?;

    loop {
        let due = pace.wait();
        let mut urgent = false;
        let effects = tokio::select! {
            biased;
            event = events.next() => match event {
                Some(Ok(event)) => {
                    urgent = true;
                    let mut effects = app.update(Msg::Tick(clock.now()));
                    effects.extend(app.update(Msg::Input(event)));
                    effects
                }
                // The terminal is gone: nobody is left to look.
                Some(Err(_)) | None => return Ok(Ended::Signal(signal_hook::consts::SIGHUP)),
            },
            number = signals.next() => match number {
                signal_hook::consts::SIGTSTP => vec![Effect::Suspend],
                number => return Ok(Ended::Signal(number)),
            },
            () = until(due) => Effects::new(),
            message = feed.recv() => match message {
                Some(message) => drain(app, message, feed),
                None => return Ok(Ended::Quit),
            },
            _ = second.tick() => app.update(Msg::Tick(clock.now())),
        };
        if carry_out(effects, runner, &guard, &mut screen)? {
            return Ok(Ended::Quit);
        }
        pace.due |= app.take_dirty();
        if pace.due && (urgent || pace.drawn.elapsed() >= pace.every) {
            paint(&mut screen, |frame| app.draw(frame))?;
            pace.drawn = Instant::now();
            pace.due = false;
        }
    }
}

async fn until(due: Option<Deadline>) {
    match due {
        Some(due) => sleep_until(due).await,
        None => std::future::pending().await,
    }
}

fn drain(app: &mut App, first: Msg, feed: &mut mpsc::Receiver<Msg>) -> Effects {
    let began = Instant::now();
    let mut effects = app.update(first);
    for _ in 1..DRAINED_AT_ONCE {
        if began.elapsed() >= DRAINED_FOR {
            break;
        }
        let Ok(message) = feed.try_recv() else { break };
        effects.extend(app.update(message));
    }
    effects
}

/// Carries out effects; says whether one of them was to quit.
fn carry_out(effects: Effects, runner: &mut Runner, guard: &Guard, screen: &mut Screen) -> io::Result<bool> {
    for effect in effects {
        match effect {
            Effect::Quit => return Ok(true),
            Effect::Suspend => guard.suspend(screen)?,
            Effect::Redraw => wipe(screen)?,
            other => runner.carry_out(other),
        }
    }
    Ok(false)
}

/// Whether an event can change anything; terminals report focus changes and key releases that do not.
pub(super) fn matters(event: &Event) -> bool {
    match event {
        Event::Key(key) => key.kind != crossterm::event::KeyEventKind::Release,
        Event::Paste(_) | Event::Resize(..) => true,
        Event::FocusGained | Event::FocusLost | Event::Mouse(_) => false,
    }
}
