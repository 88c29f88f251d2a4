//! What the program is doing: the loop, its messages, its actions and their effects.

use std::sync::Arc;

use crate::board::Board;
use crate::clock::Time;
use crate::config::{Keymap, Problem};
use crate::panes::chrome::{ExportChoice, Notice, Tone};
use crate::panes::{Cx, Zone};
use crate::store::Store;
use crate::store::window::Window;
use crate::widgets::theme::Theme;

mod acknowledge;
pub mod action;
pub mod clipboard;
pub(crate) mod command;
mod draw;
pub mod effect;
pub mod episodes;
mod export;
mod focus;
mod freeze;
mod hints;
mod input;
mod layout;
pub mod msg;
pub mod multiplexer;
pub mod notify;
mod overlay;
mod refusal;
pub mod run;
pub mod runner;
pub mod scans;
pub mod screen;
pub mod searcher;
mod update;
mod watchman;

use effect::Watch;
use focus::View;
use overlay::Overlay;
use scans::Scans;
use screen::ScreenId;
use watchman::Watchman;

/// How long a notice stays in the footer.
const NOTICE_SECONDS: i64 = 6;

/// Columns and lines of a screen that has not been drawn.
const SIZE: (u16, u16) = (80, 24);

/// The console's state; the loop owns it, nobody else.
pub struct App {
    known: Known,
    views: Vec<View>,
    active: usize,
    overlays: Vec<Overlay>,
    typed: Vec<crossterm::event::KeyEvent>,
    notice: Option<(Time, Notice)>,
    watched: Option<Watch>,
    watchman: Watchman,
    scans: Scans,
    /// The window that something was opened in, until it is left.
    lent: Option<Lent>,
    /// What was exported last, and as what.
    export_choice: ExportChoice,
    /// Columns and lines of the screen as it was drawn last.
    size: (u16, u16),
    dirty: bool,
}

/// A window that something was opened in, and what was on screen before.
#[derive(Debug, Clone, Copy)]
struct Lent {
    /// The screen, by place.
    screen: usize,
    /// How many levels are open with it.
    depth: usize,
    before: Window,
    given: Window,
}

/// What panes look at: everything but their own state.
struct Known {
    store: Store,
    /// The store as it was when the screen was frozen.
    frozen: Option<Box<Store>>,
    board: Arc<Board>,
    themes: Vec<Theme>,
    theme: usize,
    keymap: Keymap,
    problems: Vec<Problem>,
    place: Place,
    now: Time,
    window: Window,
    zone: Zone,
}

/// Where the console is pointed, for the header and for the command that reopens a view.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Place {
    /// The account's name: a profile, an id, or `demo`.
    pub account: String,
    /// The region.
    pub region: String,
    /// The options that lead here, such as `--demo --seed 7`.
    pub options: Vec<String>,
    /// The user's name on this host, for what they say about an alarm.
    pub user: String,
}

/// What a console starts with.
#[derive(Debug)]
pub struct Start {
    /// What is watched.
    pub board: Arc<Board>,
    /// Themes to choose from; the first is shown.
    pub themes: Vec<Theme>,
    /// The keys.
    pub keymap: Keymap,
    /// What is wrong with the configuration.
    pub problems: Vec<Problem>,
    /// Where the console is pointed.
    pub place: Place,
    /// The window on screen.
    pub window: Window,
    /// In which zone times are written.
    pub zone: Zone,
    /// The screen to show.
    pub screen: ScreenId,
    /// What is opened on it, if anything.
    pub focus: Option<crate::panes::Target>,
    /// The present.
    pub now: Time,
}

impl App {
    /// A console that has not asked for anything yet.
    pub fn new(start: Start) -> Self {
        let banner = start.problems.first().map(|problem| {
            let more = start.problems.len() - 1;
            let rest = if more == 0 { String::new() } else { format!(" (+{more} more, see problems)") };
            (start.now, Notice { tone: Tone::Warning, text: format!("{problem}{rest}") })
        });
        let views = ScreenId::ALL.iter().map(|id| View::new(*id, &start.board)).collect();
        let watchman = Watchman::new(&start.board, &start.place, start.window.span);
        let mut app = Self {
            known: Known {
                store: Store::default(),
                frozen: None,
                board: start.board,
                themes: start.themes,
                theme: 0,
                keymap: start.keymap,
                problems: start.problems,
                place: start.place,
                now: start.now,
                window: start.window,
                zone: start.zone,
            },
            lent: None,
            export_choice: ExportChoice::default(),
            size: SIZE,
            views,
            active: 0,
            overlays: Vec::new(),
            typed: Vec::new(),
            notice: banner,
            watched: None,
            watchman,
            scans: Scans::default(),
            dirty: true,
        };
        app.active = ScreenId::ALL.iter().position(|id| *id == start.screen).unwrap_or(0);
        if let Some(target) = start.focus {
            app.open(&target);
        }
        app
    }

    /// Keeps at most so many bytes of the feed's lines.
    pub fn keep_lines(&mut self, bytes: usize) {
        self.known.store.tail.keep(bytes);
    }

    /// What is known.
    pub const fn store(&self) -> &Store {
        &self.known.store
    }

    /// The board that is shown.
    pub fn board(&self) -> &Board {
        &self.known.board
    }

    /// The window on screen.
    pub const fn window(&self) -> Window {
        self.known.window
    }

    /// The present, as the console knows it.
    pub const fn now(&self) -> Time {
        self.known.now
    }

    /// Whether this is what the console wants at present.
    pub fn is_watching(&self, watch: &Watch) -> bool {
        self.watched.as_ref() == Some(watch)
    }

    /// What is wrong with the configuration.
    pub fn problems(&self) -> &[Problem] {
        &self.known.problems
    }

    /// Where the console is pointed.
    pub const fn place(&self) -> &Place {
        &self.known.place
    }

    /// Whether something changed since the last call.
    pub fn take_dirty(&mut self) -> bool {
        std::mem::take(&mut self.dirty)
    }

    /// The screen that is shown.
    pub fn screen(&self) -> ScreenId {
        self.view().id
    }

    fn view(&self) -> &View {
        &self.views[self.active]
    }
}

impl Known {
    /// What is shown: the frozen store while the screen is frozen.
    fn shown(&self) -> &Store {
        self.frozen.as_deref().unwrap_or(&self.store)
    }

    fn theme(&self) -> &Theme {
        &self.themes[self.theme]
    }

    fn cx(&self, focused: bool) -> Cx<'_> {
        let shown = self.shown();
        Cx {
            store: shown,
            board: &self.board,
            theme: self.theme(),
            now: self.now,
            window: self.window,
            zone: self.zone,
            focused,
            frozen: self
                .frozen
                .as_ref()
                .map(|frozen| self.store.requests.counts().events.saturating_sub(frozen.requests.counts().events)),
        }
    }
}
