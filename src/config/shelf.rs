//! Where themes, keymaps and boards are kept: the user's folder first, then those that come with the program.

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use rust_embed::{Embed, EmbeddedFile};

use super::problem::{Place, Problem};

#[derive(Embed)]
#[folder = "themes/"]
#[include = "*.toml"]
struct Themes;

#[derive(Embed)]
#[folder = "keymaps/"]
#[include = "*.toml"]
struct Keymaps;

#[derive(Embed)]
#[folder = "src/board/presets/"]
#[include = "*.toml"]
struct Boards;

/// What is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Colours.
    Theme,
    /// Keys.
    Keymap,
    /// What to watch.
    Board,
}

impl Kind {
    /// Its word in problems and on the command line.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Theme => "theme",
            Self::Keymap => "keymap",
            Self::Board => "board",
        }
    }

    /// The folder in the user's configuration.
    pub const fn folder(self) -> &'static str {
        match self {
            Self::Theme => "themes",
            Self::Keymap => "keymaps",
            Self::Board => "boards",
        }
    }

    /// The one that is taken where none was chosen or the chosen one is not there.
    pub const fn default_name(self) -> &'static str {
        match self {
            Self::Theme => "dark",
            Self::Keymap => "default",
            Self::Board => "token-provisioning",
        }
    }

    fn embedded(self, file: &str) -> Option<EmbeddedFile> {
        match self {
            Self::Theme => Themes::get(file),
            Self::Keymap => Keymaps::get(file),
            Self::Board => Boards::get(file),
        }
    }

    fn embedded_files(self) -> Vec<Cow<'static, str>> {
        match self {
            Self::Theme => Themes::iter().collect(),
            Self::Keymap => Keymaps::iter().collect(),
            Self::Board => Boards::iter().collect(),
        }
    }
}

/// A file's text and what it is called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asset {
    /// The name: the file's, without `.toml`.
    pub name: String,
    /// The file as problems name it.
    pub file: String,
    /// Its text.
    pub text: String,
    /// Whether it came with the program.
    pub built_in: bool,
}

/// All files of one kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shelf {
    kind: Kind,
    user: Option<PathBuf>,
}

impl Shelf {
    /// The shelf of a kind; `config_dir` is the user's configuration folder, if there is one.
    pub fn new(kind: Kind, config_dir: Option<&Path>) -> Self {
        Self { kind, user: config_dir.map(|dir| dir.join(kind.folder())) }
    }

    /// What is kept here.
    pub const fn kind(&self) -> Kind {
        self.kind
    }

    /// The names that can be chosen, sorted.
    pub fn names(&self) -> Vec<String> {
        let stem = |file: &str| file.strip_suffix(".toml").map(str::to_owned);
        let mut names: Vec<String> = self.kind.embedded_files().iter().filter_map(|file| stem(file)).collect();
        let entries = self.user.iter().filter_map(|dir| std::fs::read_dir(dir).ok()).flatten().flatten();
        names.extend(entries.filter_map(|entry| stem(entry.file_name().to_str()?)));
        names.sort();
        names.dedup();
        names
    }

    /// The file of a name, or of a path (with `/` or ending in `.toml`). `place` is where the name was written.
    pub fn open(&self, name: &str, place: &Place) -> Result<Asset, Problem> {
        if is_path(name) {
            return read(Path::new(name));
        }
        let file = format!("{name}.toml");
        match self.user.as_ref().map(|dir| dir.join(&file)).filter(|path| path.exists()) {
            Some(path) => read(&path),
            None => self.built_in(name, place),
        }
    }

    /// The file of this name that came with the program.
    pub fn built_in(&self, name: &str, place: &Place) -> Result<Asset, Problem> {
        let file = format!("{name}.toml");
        let found = self.kind.embedded(&file).and_then(|found| String::from_utf8(found.data.into_owned()).ok());
        let Some(text) = found else {
            let names = self.names();
            let message = format!("no {} `{name}`, there are {}", self.kind.word(), names.join(", "));
            return Err(Problem::unknown(place.clone(), message, name, names.iter().map(String::as_str)));
        };
        let file = format!("{}/{file}", self.kind.folder());
        Ok(Asset { name: name.to_owned(), file, text, built_in: true })
    }
}

/// Whether a board, theme or keymap is given as a path rather than by its name.
fn is_path(name: &str) -> bool {
    name.contains('/') || Path::new(name).extension().is_some_and(|extension| extension == "toml")
}

/// Reads a file as it stands on disk.
pub(super) fn read(path: &Path) -> Result<Asset, Problem> {
    let file = path.display().to_string();
    let name = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    match std::fs::read_to_string(path) {
        Ok(text) => Ok(Asset { name, file, text, built_in: false }),
        Err(error) => Err(Problem::new(Place::whole(&file), format!("cannot be read: {error}"))),
    }
}
