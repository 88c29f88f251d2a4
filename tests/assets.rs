//! Every theme, keymap and board loads; files with faults give exactly their messages.

#![expect(clippy::expect_used, reason = "a fixture that cannot be read fails its test")]

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use barograph::app::action::Action;
use barograph::board::{self, Over};
use barograph::config::{Choice, Chosen, Environment, Kind, Loaded, Place, Problem, Settings, Shelf};
use barograph::config::{load, load_keymap, load_theme};
use barograph::widgets::theme::Role;
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

fn env() -> Environment {
    Environment::default().without_terminal()
}

fn chosen(name: &str) -> Chosen {
    Chosen { name: name.to_owned(), place: Place::whole("test") }
}

fn names(kind: Kind) -> Vec<String> {
    let names = Shelf::new(kind, None).names();
    assert!(!names.is_empty());
    names
}

#[test]
fn every_theme_styles_every_role() {
    for name in names(Kind::Theme) {
        let (theme, problems) = load_theme(&chosen(&name), &env());
        assert_eq!(problems, [], "{name}");
        // Alarms, selection and focus must stand out from ordinary text in every theme.
        let text = theme.style(Role::Text);
        for role in [Role::AlarmFiring, Role::Critical, Role::Selection, Role::BorderFocused, Role::Banner] {
            assert_ne!(theme.style(role), text, "{name} {}", role.name());
        }
        assert_ne!(theme.style(Role::Good), theme.style(Role::Critical), "{name}");
    }
}

#[test]
fn every_keymap_loads_and_leads_everywhere() {
    for name in names(Kind::Keymap) {
        let (keymap, problems) = load_keymap(&chosen(&name), &env());
        assert_eq!(problems, [], "{name}");
        for action in Action::ALL {
            assert!(keymap.first_key(*action).is_some(), "{name} has no key for {}", action.name());
        }
    }
}

#[test]
fn the_default_keys_are_the_documented_ones() {
    let (keymap, _) = load_keymap(&chosen("default"), &env());
    let shown = |action| keymap.keys_for(action).join(" ");
    for (action, keys) in [
        (Action::ScreenOverview, "1"),
        (Action::ScreenAlarms, "2"),
        (Action::ScreenMetrics, "3"),
        (Action::ScreenRequests, "4"),
        (Action::NextPane, "Tab"),
        (Action::PreviousPane, "⇧Tab"),
        (Action::Open, "⏎"),
        (Action::Back, "Esc"),
        (Action::Down, "j ↓"),
        (Action::Up, "k ↑"),
        (Action::Left, "h ←"),
        (Action::Right, "l →"),
        (Action::Top, "g Home"),
        (Action::Bottom, "G End"),
        (Action::HalfPageDown, "^d"),
        (Action::HalfPageUp, "^u"),
        (Action::PageDown, "PgDn"),
        (Action::PageUp, "PgUp"),
        (Action::Filter, "/"),
        (Action::Palette, ":"),
        (Action::Help, "?"),
        (Action::TimeRange, "t"),
        (Action::Earlier, "["),
        (Action::Later, "]"),
        (Action::ZoomIn, "+ ="),
        (Action::ZoomOut, "-"),
        (Action::Freeze, "Space"),
        (Action::Follow, "F"),
        (Action::NextError, "e"),
        (Action::PreviousError, "E"),
        (Action::Maximise, "z"),
        (Action::Copy, "y"),
        (Action::CopyCommand, "Y"),
        (Action::Refresh, "r"),
        (Action::Quit, "q ^c"),
        (Action::Suspend, "^z"),
        (Action::Redraw, "^l"),
    ] {
        assert_eq!(shown(action), keys, "{}", action.name());
    }
}

#[test]
fn sequences_are_found_key_by_key() {
    use barograph::config::Found;
    let (keymap, _) = load_keymap(&chosen("vim"), &env());
    let key = |c| KeyEvent::new(KeyCode::Char(c), KeyModifiers::NONE);
    for (typed, expected) in [
        ("", Found::None),
        ("g", Found::Prefix),
        ("gg", Found::Action(Action::Top)),
        ("gx", Found::None),
        ("ggg", Found::None),
        ("Z", Found::Prefix),
        ("ZZ", Found::Action(Action::Quit)),
        ("j", Found::Action(Action::Down)),
        ("§", Found::None),
    ] {
        let typed: Vec<KeyEvent> = typed.chars().map(key).collect();
        assert_eq!(keymap.find(&typed), expected, "{typed:?}");
    }
    assert_eq!(keymap.first_key(Action::Top), Some("gg"));
}

#[test]
fn every_board_loads() {
    for name in board::presets() {
        let asset = Shelf::new(Kind::Board, None).open(&name, &Place::whole("test")).expect("a board");
        let (board, problems) = board::load_text(&asset.file, &asset.text, &[]);
        assert_eq!(problems, [], "{name}");
        assert_eq!(board, board::preset(&name));
    }
}

#[test]
fn the_reference_board_is_the_documented_one() {
    let board = board::preset("token-provisioning").expect("a board");
    let cards: Vec<(&str, String, Over)> =
        board.cards.iter().map(|card| (card.id.as_str(), card.value.to_string(), card.over)).collect();
    let five = Over::Last(std::time::Duration::from_mins(5));
    assert_eq!(
        cards,
        [
            ("requests", "requests".to_owned(), Over::Window),
            ("success_rate", "100 * success / (success + failure)".to_owned(), five),
            ("average_time", "latency_sum / latency_count".to_owned(), five),
            ("failure_rate", "100 * failure / (success + failure)".to_owned(), five),
            ("active_tokens", "active_tokens".to_owned(), Over::Newest),
        ]
    );
    assert!(board.metrics.values().all(|query| query.period_s == 60));
    let feed = board.feed.expect("a feed");
    assert_eq!(feed.log_groups, ["/aws/lambda/token-provisioning-service"]);
    let columns: Vec<(&str, &str)> =
        feed.columns.iter().map(|column| (column.id.as_str(), column.field.as_str())).collect();
    assert_eq!(columns, [("device", "device"), ("os", "os"), ("wallet", "walletProvider"), ("issuer", "issuer")]);
    let series: Vec<(&str, &str, bool)> =
        board.charts[0].series.iter().map(|s| (s.id.as_str(), s.metric.as_str(), s.adds_up)).collect();
    assert_eq!(series, [("success", "success", true), ("failed", "failure", true), ("pending", "pending", false)]);
}

/// The files of a fixture folder, with the kind that their names begin with.
fn fixtures(folder: &str) -> Vec<(PathBuf, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(folder);
    let entries = fs::read_dir(&folder).expect("the folder").map(|entry| entry.expect("an entry").path());
    let mut files: Vec<PathBuf> = entries.filter(|path| path.extension().is_some_and(|e| e == "toml")).collect();
    files.sort();
    assert!(files.len() >= 4, "{} holds {}", folder.display(), files.len());
    let kind = |path: &PathBuf| {
        let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
        name.split('-').next().unwrap_or_default().to_owned()
    };
    files.into_iter().map(|path| (path.clone(), kind(&path))).collect()
}

fn problems(path: &Path, kind: &str) -> Vec<Problem> {
    let name = path.display().to_string();
    match kind {
        "theme" => load_theme(&chosen(&name), &env()).1,
        "keymap" => load_keymap(&chosen(&name), &env()).1,
        "config" => Settings::parse(&name, &fs::read_to_string(path).expect("text")).1,
        "board" => board::load_text(&name, &fs::read_to_string(path).expect("text"), &[]).1,
        other => panic!("{name}: what is a {other}?"),
    }
}

#[test]
fn good_files_have_no_problem() {
    for (path, kind) in fixtures("good") {
        assert_eq!(problems(&path, &kind), [], "{}", path.display());
    }
}

#[test]
fn bad_files_give_exactly_their_messages() {
    let mut wrong = String::new();
    for (path, kind) in fixtures("bad") {
        let folder = format!("{}/", path.parent().expect("a folder").display());
        let found: String =
            problems(&path, &kind).iter().map(|problem| problem.to_string().replace(&folder, "") + "\n").collect();
        let expected = fs::read_to_string(path.with_extension("txt")).unwrap_or_default();
        if found.is_empty() || found != expected {
            writeln!(wrong, "{}\n--- found\n{found}--- expected\n{expected}", path.display()).expect("written");
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn bad_files_do_not_stop_the_console() {
    for (path, kind) in fixtures("bad") {
        let name = Some(path.display().to_string());
        let choice = match kind.as_str() {
            "theme" => Choice { theme: name, ..Choice::default() },
            "keymap" => Choice { keymap: name, ..Choice::default() },
            "board" => Choice { board: name, ..Choice::default() },
            _ => Choice { config: name.map(PathBuf::from), ..Choice::default() },
        };
        let Loaded { problems, keymap, .. } = load(&choice, &env());
        assert!(!problems.is_empty(), "{}", path.display());
        assert!(keymap.first_key(Action::Quit).is_some(), "{}", path.display());
    }
}

#[test]
fn the_documentation_names_every_key_and_role() {
    let read =
        |name: &str| fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs").join(name)).expect(name);
    let (keys, themes) = (read("keys.md"), read("themes.md"));
    let (keymap, _) = load_keymap(&chosen("default"), &env());
    for action in Action::ALL {
        let key = keymap.first_key(*action).unwrap_or_default();
        assert!(keys.contains(&format!("`{key}`")), "{} ({key})", action.name());
    }
    // The six series stand there as a range.
    for role in Role::ALL.iter().map(|role| role.name()).filter(|name| !name.starts_with("series.")) {
        assert!(themes.contains(&format!("`{role}`")), "{role}");
    }
    for name in names(Kind::Theme) {
        assert!(themes.contains(&format!("`{name}`")), "{name}");
    }
}
