//! What the user chose: settings, keymap, theme, and the problems found in their files.
//!
//! Whatever is wrong in a file is a [`Problem`] and the default in its place: the console always starts. Files are
//! looked up by name in the user's folder first (`$XDG_CONFIG_HOME/barograph/{themes,keymaps,boards}`), then among those
//! that come with the program.

mod chain;
mod colour;
mod depth;
mod document;
mod environment;
mod key;
mod keymap;
mod mask;
mod notify;
mod problem;
mod settings;
mod shelf;
mod theme;
mod value;
mod vars;

pub use depth::Depth;
pub use document::{Document, Section};
pub use environment::Environment;
pub use keymap::{Found, Keymap};
pub use notify::{Desktop, Moments, Notify};
pub use problem::{Place, Problem};
pub use settings::{Choice, Chosen, HistorySettings, SHORTEST_FRAME, Settings};
pub use shelf::{Asset, Kind, Shelf};
pub use theme::fit;
pub use value::Value;
pub use vars::Vars;

pub(crate) use mask::patterns;
pub(crate) use settings::budget;

#[cfg(test)]
mod tests;

use crate::board::{self, Board};
use crate::text::mask::Masks;
use crate::widgets::theme::Theme;

/// All that was chosen, ready to use, and what was wrong with it.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// The settings.
    pub settings: Settings,
    /// The theme, in the colours that the terminal shows.
    pub theme: Theme,
    /// The keymap.
    pub keymap: Keymap,
    /// The board.
    pub board: Board,
    /// What is wrong, for the banner and for `baro check`.
    pub problems: Vec<Problem>,
}

/// Reads settings, theme, keymap and board.
pub fn load(choice: &Choice, env: &Environment) -> Loaded {
    let dir = env.config_dir();
    let (settings, mut problems) = Settings::load(choice, dir.as_deref());
    let (theme, more) = chosen_theme(&settings, choice, env);
    problems.extend(more);
    let (keymap, more) = load_keymap(&settings.keymap, env);
    problems.extend(more);
    let shelf = Shelf::new(Kind::Board, dir.as_deref());
    let (mut board, more) = if settings.board.name == board::FOUND {
        (Board::to_find(), Vec::new())
    } else {
        board::load(&shelf, &settings.board.name, &settings.board.place, &choice.vars)
    };
    problems.extend(more);
    if settings.budget_usd_per_hour.is_some() {
        board.budget_usd_per_hour = settings.budget_usd_per_hour;
    }
    Loaded { settings, theme, keymap, board, problems }
}

impl Loaded {
    /// What is masked: what the user chose, and the patterns of the board.
    pub fn masks(&self) -> Masks {
        self.settings.masks.clone().and_all(&self.board.masks)
    }
}

/// The names of all themes, for the action that goes through them.
pub fn theme_names(env: &Environment) -> Vec<String> {
    Shelf::new(Kind::Theme, env.config_dir().as_deref()).names()
}

/// A theme by name, in the colours that the terminal shows.
pub fn load_theme(chosen: &Chosen, env: &Environment) -> (Theme, Vec<Problem>) {
    let shelf = Shelf::new(Kind::Theme, env.config_dir().as_deref());
    let (asset, mut problems) = open(&shelf, chosen);
    let Some(asset) = asset else { return (Theme::plain(&chosen.name), problems) };
    let (theme, more) = theme::read(&shelf, asset);
    problems.extend(more);
    (fit(&theme, env.depth()), problems)
}

/// A keymap by name.
pub fn load_keymap(chosen: &Chosen, env: &Environment) -> (Keymap, Vec<Problem>) {
    let shelf = Shelf::new(Kind::Keymap, env.config_dir().as_deref());
    let (asset, mut problems) = open(&shelf, chosen);
    let Some(asset) = asset else { return (Keymap::bare(&chosen.name), problems) };
    let (keymap, more) = Keymap::read(&shelf, asset);
    problems.extend(more);
    (keymap, problems)
}

/// The theme that was asked for; else, or where `NO_COLOR` stands against a theme of `config.toml`, the one that suits
/// the terminal.
fn chosen_theme(settings: &Settings, choice: &Choice, env: &Environment) -> (Theme, Vec<Problem>) {
    let wanted = if env.no_color { Depth::Mono } else { env.depth() };
    let suited = match wanted {
        Depth::Mono => "mono",
        Depth::Ansi16 => "ansi16",
        Depth::Indexed | Depth::True => Kind::Theme.default_name(),
    };
    let suited = Chosen { name: suited.to_owned(), ..Chosen::default_of(Kind::Theme) };
    let overruled = env.no_color && choice.theme.is_none();
    match &settings.theme {
        Some(chosen) if !overruled => load_theme(chosen, env),
        Some(_) | None => load_theme(&suited, env),
    }
}

/// The file of a name; the default where there is none, with the problem.
fn open(shelf: &Shelf, chosen: &Chosen) -> (Option<Asset>, Vec<Problem>) {
    match shelf.open(&chosen.name, &chosen.place) {
        Ok(asset) => (Some(asset), Vec::new()),
        Err(problem) => (shelf.built_in(shelf.kind().default_name(), &chosen.place).ok(), vec![problem]),
    }
}
