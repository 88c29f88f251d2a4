//! The configuration as a whole: files on disk, the command line, the environment.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use proptest::prelude::*;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::style::{Color, Modifier};

use super::*;
use crate::app::action::Action;
use crate::panes::Zone;
use crate::text::mask::Masks;
use crate::widgets::theme::Role;

/// A user's configuration folder that is gone after the test.
struct Home(PathBuf);

impl Home {
    fn new(name: &str, files: &[(&str, &str)]) -> Self {
        let root = std::env::temp_dir().join(format!("barograph-{}-{name}", std::process::id()));
        for (file, text) in files {
            let path = root.join("barograph").join(file);
            fs::create_dir_all(path.parent().expect("a folder")).expect("made");
            fs::write(path, text).expect("written");
        }
        Self(root)
    }

    fn env(&self) -> Environment {
        let colorterm = Some("truecolor".to_owned());
        Environment { xdg_config_home: Some(self.0.clone()), colorterm, ..Environment::default() }
    }

    fn load(&self, choice: &Choice) -> Loaded {
        load(choice, &self.env())
    }

    /// The problems, with the folder taken out of their places.
    fn problems(&self, loaded: &Loaded) -> Vec<String> {
        let folder = format!("{}/barograph/", self.0.display());
        loaded.problems.iter().map(|problem| problem.to_string().replace(&folder, "")).collect()
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).ok();
    }
}

#[test]
fn nothing_configured_is_the_default() {
    let loaded = load(&Choice::default(), &Environment::default().without_terminal());
    assert_eq!(loaded.problems, []);
    assert_eq!(loaded.settings, Settings::default());
    assert_eq!((loaded.theme.name.as_str(), loaded.keymap.name.as_str()), ("dark", "default"));
    assert_eq!(loaded.board.name, "token-provisioning");
    assert_eq!(loaded.board.budget_usd_per_hour, Some(0.25));
}

#[test]
fn the_users_files_come_first_and_the_command_line_before_them() {
    let home = Home::new(
        "layers",
        &[
            (
                "config.toml",
                "theme = 'night'\nkeymap = 'mine'\nzone = 'local'\nframe_ms = 100\nmask = false\n[cost]\nusd_per_hour = 2\n",
            ),
            ("themes/night.toml", "inherits = 'dark'\n[palette]\ncoral = '#ff0000'\n[roles]\nborder = 'coral'\n"),
            ("themes/dark.toml", "inherits = 'dark'\n[roles]\naxis = 17\n"),
            ("keymaps/mine.toml", "inherits = 'vim'\n[keys]\nx = 'quit'\nq = 'none'\n"),
        ],
    );
    let loaded = home.load(&Choice::default());
    assert_eq!(home.problems(&loaded), Vec::<String>::new());
    let red = Some(Color::Rgb(255, 0, 0));
    assert_eq!(loaded.theme.style(Role::Border).fg, red);
    // The palette of the nearer file colours the roles of the further one.
    assert_eq!(loaded.theme.style(Role::Critical).fg, red);
    assert_eq!(loaded.theme.style(Role::Axis).fg, Some(Color::Indexed(17)));
    assert_eq!(loaded.keymap.keys_for(Action::Quit), ["x", "ZZ", "ZQ", "^c"]);
    let settings = &loaded.settings;
    assert_eq!((settings.zone, settings.frame), (Zone::Local, Duration::from_millis(100)));
    assert_eq!(settings.masks, Masks::none());
    assert_eq!(loaded.board.budget_usd_per_hour, Some(2.0));

    let choice = Choice { theme: Some("light".to_owned()), zone: Some(Zone::Utc), ..Choice::default() };
    let loaded = home.load(&choice);
    assert_eq!((loaded.theme.name.as_str(), loaded.settings.zone), ("light", Zone::Utc));
}

#[test]
fn wrong_names_are_problems_and_defaults() {
    let home =
        Home::new("names", &[("config.toml", "theme = 'drak'\nkeymap = 'emacs'\nboard = 'token-provisionin'\n")]);
    let loaded = home.load(&Choice::default());
    let boards = crate::board::presets().join(", ");
    assert_eq!(
        home.problems(&loaded),
        [
            "config.toml:1: no theme `drak`, there are ansi16, colour-blind, dark, light, mono; did you mean `dark`?",
            "config.toml:2: no keymap `emacs`, there are default, vim",
            &format!(
                "config.toml:3: no board `token-provisionin`, there are {boards}; did you mean `token-provisioning`?"
            ),
        ]
    );
    assert_eq!((loaded.theme.name.as_str(), loaded.keymap.name.as_str()), ("dark", "default"));
    assert_eq!(loaded.board.cards.len(), 5);
}

#[test]
fn unreadable_files_are_problems() {
    let home = Home::new("unreadable", &[("config.toml", "theme = \n"), ("themes/x.toml/file", "")]);
    fs::create_dir_all(home.0.join("barograph/boards")).expect("made");
    fs::write(home.0.join("barograph/boards/latin.toml"), b"title = '\xff'").expect("written");
    let choice = Choice { theme: Some("x".to_owned()), board: Some("latin".to_owned()), ..Choice::default() };
    let loaded = home.load(&choice);
    let problems = home.problems(&loaded);
    assert_eq!(problems.len(), 3, "{problems:?}");
    assert!(problems[0].starts_with("config.toml:1: not TOML: "), "{problems:?}");
    assert!(problems[1].starts_with("themes/x.toml: cannot be read: "), "{problems:?}");
    assert!(problems[2].starts_with("boards/latin.toml: cannot be read: "), "{problems:?}");
    assert_eq!((loaded.theme.name.as_str(), loaded.board.cards.len()), ("dark", 5));
    let missing = Choice { config: Some(PathBuf::from("/no/such.toml")), ..Choice::default() };
    assert!(
        load(&missing, &Environment::default()).problems[0].to_string().starts_with("/no/such.toml: cannot be read")
    );
}

#[test]
fn circles_end() {
    let home = Home::new(
        "circle",
        &[
            ("themes/a.toml", "inherits = 'b'\n"),
            ("themes/b.toml", "inherits = 'a'\n"),
            ("keymaps/default.toml", "inherits = 'default'\n[keys]\nq = 'none'\n'ctrl-c' = 'none'\n"),
        ],
    );
    let loaded = home.load(&Choice { theme: Some("a".to_owned()), ..Choice::default() });
    assert_eq!(
        home.problems(&loaded),
        [
            "themes/b.toml:1: `inherits = \"a\"` goes round in a circle",
            "keymaps/default.toml: no key quits; `ctrl-c` does now",
        ]
    );
    let quit = KeyEvent::new(KeyCode::Char('c'), KeyModifiers::CONTROL);
    assert_eq!(loaded.keymap.find(&[quit]), Found::Action(Action::Quit));
}

#[test]
fn the_terminal_decides_what_was_not_chosen() {
    let env = |term: &str, no_color| Environment { term: Some(term.to_owned()), no_color, ..Environment::default() };
    let named = |theme: &str| Choice { theme: Some(theme.to_owned()), ..Choice::default() };
    for (term, no_color, choice, expected) in [
        ("xterm-kitty", false, Choice::default(), "dark"),
        ("xterm-256color", false, Choice::default(), "dark"),
        ("linux", false, Choice::default(), "ansi16"),
        ("xterm-kitty", true, Choice::default(), "mono"),
        ("dumb", false, Choice::default(), "mono"),
        ("linux", false, named("dark"), "dark"),
        ("xterm-kitty", true, named("dark"), "dark"),
    ] {
        let loaded = load(&choice, &env(term, no_color));
        assert_eq!(loaded.theme.name, expected, "{term} {no_color}");
    }
    let colours = |loaded: &Loaded| -> Vec<Color> {
        let styles = Role::ALL.iter().map(|role| loaded.theme.style(*role));
        styles.flat_map(|style| [style.fg, style.bg]).flatten().collect()
    };
    let wanted = load(&named("dark"), &env("xterm-kitty", true));
    assert!(colours(&wanted).iter().any(|color| matches!(color, Color::Rgb(..))));
    let indexed = load(&Choice::default(), &env("xterm-256color", false));
    assert!(colours(&indexed).iter().all(|color| matches!(color, Color::Indexed(_) | Color::Reset)));
    let sixteen = load(&named("dark"), &env("linux", false));
    assert!(colours(&sixteen).iter().all(|color| !matches!(color, Color::Indexed(_) | Color::Rgb(..))));
    // A ground that would be lost on a black screen is a reversed one instead.
    let selection = sixteen.theme.style(Role::Selection);
    assert!(selection.add_modifier.contains(Modifier::REVERSED) && selection.bg.is_none(), "{selection:?}");
}

#[test]
fn a_board_may_be_a_path_with_variables() {
    let text = "title = 'Orders ${stage}'\n[vars]\nstage = 'dev'\n[[metric]]\nid = 'm'\nname = 'N'\nnamespace = 'X/${stage}'\nstat = 'Sum'\n";
    let home = Home::new("path", &[("boards/orders.toml", text)]);
    let path = home.0.join("barograph/boards/orders.toml").display().to_string();
    for board in ["orders", path.as_str()] {
        let vars = vec![("stage".to_owned(), "prod".to_owned())];
        let loaded = home.load(&Choice { board: Some(board.to_owned()), vars, ..Choice::default() });
        assert_eq!(home.problems(&loaded), Vec::<String>::new());
        assert_eq!((loaded.board.name.as_str(), loaded.board.title.as_str()), ("orders", "Orders prod"));
    }
    let vars = vec![("stag".to_owned(), "prod".to_owned())];
    let loaded = home.load(&Choice { board: Some(path), vars, ..Choice::default() });
    assert_eq!(home.problems(&loaded), ["--var: this board has no variable `stag`; did you mean `stage`?"]);
}

#[test]
fn names_cannot_leave_the_folder() {
    let (_, problems) =
        load_theme(&Chosen { name: "..".to_owned(), place: Place::whole("--theme") }, &Environment::default());
    assert!(problems[0].to_string().starts_with("--theme: no theme `..`"), "{problems:?}");
    assert!(Path::new("themes/dark.toml").exists());
}

/// A board, theme or keymap with a piece of it cut out or overwritten.
fn damaged() -> impl Strategy<Value = String> {
    let texts: Vec<String> = ["src/board/presets/token-provisioning.toml", "themes/dark.toml", "keymaps/vim.toml"]
        .iter()
        .map(|path| fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).expect(path))
        .collect();
    let junk = prop_oneof![
        "\\PC{0,8}",
        Just("\"".to_owned()),
        Just("[[".to_owned()),
        Just("= {".to_owned()),
        Just("\0\u{1b}".to_owned())
    ];
    (prop::sample::select(texts), 0.0..1.0, 0usize..40, junk).prop_map(|(text, at, length, junk)| {
        let chars: Vec<char> = text.chars().collect();
        let at = (chars.len() as f64 * at) as usize;
        let end = (at + length).min(chars.len());
        chars[..at].iter().chain(&junk.chars().collect::<Vec<_>>()).chain(&chars[end..]).collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_text_brings_the_readers_down(text in prop_oneof![damaged(), "\\PC{0,200}"]) {
        let asset = Asset { name: "x".to_owned(), file: "x.toml".to_owned(), text: text.clone(), built_in: false };
        let (_, mut problems) = theme::read(&Shelf::new(Kind::Theme, None), asset.clone());
        let (keymap, more) = Keymap::read(&Shelf::new(Kind::Keymap, None), asset);
        problems.extend(more);
        problems.extend(Settings::parse("x.toml", &text).1);
        problems.extend(crate::board::load_text("x.toml", &text, &[]).1);
        prop_assert!(keymap.first_key(Action::Quit).is_some());
        for problem in problems.iter().filter(|problem| problem.place.file == "x.toml") {
            let shown = problem.to_string();
            prop_assert!(!shown.contains(char::is_control), "{shown:?}");
            prop_assert!(problem.place.line.is_none_or(|line| line <= text.lines().count() + 1), "{shown}");
        }
    }
}

#[test]
fn masks_are_the_users_and_the_boards() {
    let home = Home::new(
        "masks",
        &[
            (
                "config.toml",
                "board = 'mine'\n[mask]\nemails = false\npatterns = ['ACC-[0-9]+', '(', 'x*']\nmails = true\n",
            ),
            ("boards/mine.toml", "[mask]\npatterns = ['iban=([A-Z0-9]+)']\nemails = true\n"),
        ],
    );
    let loaded = home.load(&Choice::default());
    assert_eq!(
        home.problems(&loaded),
        [
            "config.toml:4: `(` is no regular expression: unclosed group",
            "config.toml:4: `x*` matches where there is nothing: say what at least must be there",
            "config.toml:5: no key `mails` in `mask`; did you mean `emails`?",
            "boards/mine.toml:3: no key `emails` in `mask`",
        ]
    );
    let masks = loaded.masks();
    assert_eq!(masks.mask("ACC-12 iban=DE89 jo@example.com cvv=123"), "****** iban=**** jo@example.com cvv=***");
}
