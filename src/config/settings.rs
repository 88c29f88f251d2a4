//! `config.toml`: what the user chose once and for all.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::document::{Document, Section};
use super::mask;
use super::notify::Notify;
use super::problem::{Place, Problem};
use super::shelf::{self, Kind};
use crate::board;
use crate::panes::Zone;
use crate::store::lines;
use crate::text::mask::Masks;

/// The shortest time between two frames; a slow line may ask for more.
pub const SHORTEST_FRAME: Duration = Duration::from_millis(16);

/// A name with the place that it was written at, so that a wrong one can be reported there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chosen {
    /// The name, or a path.
    pub name: String,
    /// Where it was chosen.
    pub place: Place,
}

impl Chosen {
    /// The default of a kind, chosen by nobody.
    pub fn default_of(kind: Kind) -> Self {
        Self { name: kind.default_name().to_owned(), place: Place::whole("default") }
    }
}

/// The settings of a run: the defaults, over them `config.toml`, over it the command line.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// The board.
    pub board: Chosen,
    /// The theme; `None` leaves it to the terminal.
    pub theme: Option<Chosen>,
    /// The keymap.
    pub keymap: Chosen,
    /// In which zone times are written.
    pub zone: Zone,
    /// The least time between two frames, at least [`SHORTEST_FRAME`].
    pub frame: Duration,
    /// What is masked.
    pub masks: Masks,
    /// How the user is told that something fires.
    pub notify: Notify,
    /// US dollars an hour that the console may cost, in place of the board's own budget.
    pub budget_usd_per_hour: Option<f64>,
    /// What is kept of episodes, and where.
    pub history: HistorySettings,
    /// Bytes of memory that the feed's lines may take, compressed.
    pub feed_bytes: usize,
}

/// `[history]`: what is kept of episodes, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistorySettings {
    /// The file, absolute or below `~/`; `None` for the one in the user's folder.
    pub path: Option<PathBuf>,
    /// Episodes that are kept.
    pub episodes: usize,
    /// Days before the newest episode that are kept.
    pub days: u32,
}

impl Default for HistorySettings {
    fn default() -> Self {
        Self { path: None, episodes: 50_000, days: 400 }
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            board: Chosen::default_of(Kind::Board),
            theme: None,
            keymap: Chosen::default_of(Kind::Keymap),
            zone: Zone::Utc,
            frame: SHORTEST_FRAME,
            masks: Masks::default(),
            notify: Notify::default(),
            budget_usd_per_hour: None,
            history: HistorySettings::default(),
            feed_bytes: lines::KEPT_BYTES,
        }
    }
}

/// What the command line decides; it wins over `config.toml`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Choice {
    /// `--config`: the file to read in place of the user's `config.toml`.
    pub config: Option<PathBuf>,
    /// `--board`.
    pub board: Option<String>,
    /// `--theme`.
    pub theme: Option<String>,
    /// `--keymap`.
    pub keymap: Option<String>,
    /// `--utc` or `--local`.
    pub zone: Option<Zone>,
    /// Whether, where no board is named anywhere, one is made of what the account has.
    pub finds: bool,
    /// Values of the board's variables.
    pub vars: Vec<(String, String)>,
}

impl Settings {
    /// Reads `config.toml`: the file that was asked for, else the one in the user's folder, if there is one.
    pub fn load(choice: &Choice, config_dir: Option<&Path>) -> (Self, Vec<Problem>) {
        let own = config_dir.map(|dir| dir.join("config.toml")).filter(|path| path.exists());
        let (mut settings, problems) = match choice.config.clone().or(own) {
            None => (Self::default(), Vec::new()),
            Some(path) => match shelf::read(&path) {
                Ok(asset) => Self::parse(&asset.file, &asset.text),
                Err(problem) => (Self::default(), vec![problem]),
            },
        };
        settings.overlay(choice);
        (settings, problems)
    }

    /// Reads the text of a `config.toml` that is called `file` in its problems. What is wrong keeps its default.
    pub fn parse(file: &str, text: &str) -> (Self, Vec<Problem>) {
        let mut settings = Self::default();
        let doc = Document::new(file, text);
        if let Some(table) = doc.parse() {
            settings.take(doc.root(&table));
        }
        (settings, doc.finish())
    }

    fn take(&mut self, mut root: Section<'_>) {
        let mut chosen = |key| {
            let value = root.get(key)?;
            Some(Chosen { name: value.name()?, place: value.place() })
        };
        let (board, theme, keymap) = (chosen("board"), chosen("theme"), chosen("keymap"));
        if let Some(board) = board {
            self.board = board;
        }
        if let Some(keymap) = keymap {
            self.keymap = keymap;
        }
        self.theme = theme;
        if let Some(zone) = root.get("zone").and_then(|value| value.choice("zone", &ZONES)) {
            self.zone = zone;
        }
        if let Some(frame) = root.get("frame_ms").and_then(|value| value.integer(16, 10_000)) {
            self.frame = Duration::from_millis(frame.unsigned_abs());
        }
        if let Some(value) = root.get("mask") {
            self.masks = mask::read(&value);
        }
        if let Some(notify) = root.section("notify") {
            self.notify = Notify::read(notify);
        }
        if let Some(mut cost) = root.section("cost") {
            self.budget_usd_per_hour = budget(&mut cost);
            cost.done();
        }
        if let Some(mut history) = root.section("history") {
            self.history.take(&mut history);
            history.done();
        }
        if let Some(mut feed) = root.section("feed") {
            if let Some(mib) = feed.get("keep_mib").and_then(|value| value.integer(1, 65_536)) {
                self.feed_bytes = (mib as usize) << 20;
            }
            feed.done();
        }
        root.done();
    }

    fn overlay(&mut self, choice: &Choice) {
        let chosen = |name: &Option<String>, flag| {
            name.as_ref().map(|name| Chosen { name: name.clone(), place: Place::whole(flag) })
        };
        if let Some(board) = chosen(&choice.board, "--board") {
            self.board = board;
        } else if choice.finds && self.board == Chosen::default_of(Kind::Board) {
            board::FOUND.clone_into(&mut self.board.name);
        }
        if let Some(theme) = chosen(&choice.theme, "--theme") {
            self.theme = Some(theme);
        }
        if let Some(keymap) = chosen(&choice.keymap, "--keymap") {
            self.keymap = keymap;
        }
        self.zone = choice.zone.unwrap_or(self.zone);
    }
}

impl HistorySettings {
    fn take(&mut self, section: &mut Section<'_>) {
        if let Some(value) = section.get("path") {
            // What is relative would be another file wherever the console is started.
            match value.name().map(PathBuf::from) {
                Some(path) if path.is_absolute() || path.starts_with("~") => self.path = Some(path),
                Some(_) => value.fail("`path` must begin with `/` or `~/`"),
                None => {}
            }
        }
        if let Some(episodes) = section.get("episodes").and_then(|value| value.integer(1, 10_000_000)) {
            self.episodes = episodes as usize;
        }
        if let Some(days) = section.get("days").and_then(|value| value.integer(1, 36_500)) {
            self.days = days as u32;
        }
    }
}

const ZONES: [(&str, Zone); 2] = [("utc", Zone::Utc), ("local", Zone::Local)];

/// Reads `usd_per_hour` of a `[cost]` table: more than nothing.
pub(crate) fn budget(cost: &mut Section<'_>) -> Option<f64> {
    let value = cost.get("usd_per_hour")?;
    let usd = value.number()?;
    if usd <= 0.0 {
        value.fail("`usd_per_hour` must be more than 0; leave it out for no budget");
        return None;
    }
    Some(usd)
}
