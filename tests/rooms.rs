//! Who may know whom: the rules between the rooms, read off the `use` lines and paths of the source.

#![expect(clippy::expect_used, reason = "helpers of tests fail as tests do")]

use std::fs;
use std::path::{Path, PathBuf};

/// A rule: files below these folders may not name any of these paths, outside their tests.
struct Rule {
    rooms: &'static [&'static str],
    banned: &'static [&'static str],
    /// Paths below the banned ones that may be named all the same.
    but: &'static [&'static str],
    why: &'static str,
}

const RULES: &[Rule] = &[
    Rule {
        rooms: &[
            "analysis", "app", "board", "config", "export", "insights", "local", "panes", "store", "text", "widgets",
        ],
        banned: &["aws_"],
        but: &[],
        why: "only sources/ and demo/ know AWS's types",
    },
    Rule {
        rooms: &["analysis", "store", "text"],
        banned: &["tokio", "ratatui", "crossterm", "std::fs", "std::net"],
        but: &[],
        why: "what is known and what it means need no IO and no terminal",
    },
    Rule {
        rooms: &["panes", "widgets"],
        banned: &["tokio", "crate::sources", "std::fs"],
        but: &[],
        why: "drawing waits for nothing",
    },
    Rule {
        rooms: &["widgets"],
        banned: &["crate::store", "crate::panes", "crate::app"],
        // Moving in a list is the same in every list, and actions are plain values without any state.
        but: &["crate::app::action::Action;"],
        why: "widgets draw plain data",
    },
    Rule {
        rooms: &["history"],
        banned: &["aws_", "tokio", "ratatui", "crossterm", "crate::sources", "crate::panes", "crate::widgets"],
        but: &[],
        why: "the history keeps plain data, on any thread",
    },
    Rule {
        rooms: &["analysis", "app", "board", "panes", "sources", "store", "text", "widgets"],
        banned: &["crate::history", "rusqlite"],
        but: &[],
        why: "the loop never waits for the disk: what is to be kept is an effect",
    },
    Rule {
        rooms: &["insights"],
        banned: &[
            "tokio",
            "ratatui",
            "crossterm",
            "std::fs",
            "std::net",
            "crate::sources",
            "crate::store",
            "crate::panes",
        ],
        but: &[],
        why: "the query language takes records, from wherever they are",
    },
    Rule {
        rooms: &["local"],
        banned: &["tokio", "ratatui", "crossterm", "crate::sources", "crate::store", "crate::panes", "crate::widgets"],
        but: &[],
        why: "files of this machine are read without AWS, without a terminal, on any thread",
    },
    Rule {
        rooms: &["sources"],
        banned: &["crate::panes", "crate::widgets", "ratatui"],
        but: &[],
        why: "sources do not draw",
    },
    Rule {
        rooms: &[
            "analysis", "app", "board", "config", "export", "history", "panes", "sources", "store", "text", "widgets",
        ],
        banned: &["crate::demo"],
        but: &[],
        why: "nothing but commands/ knows whether it talks to the demo",
    },
];

fn sources_below(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()) {
        if entry.is_dir() {
            sources_below(&entry, found);
        } else if entry.extension().is_some_and(|extension| extension == "rs") {
            found.push(entry);
        }
    }
}

/// The lines of a file that are code and not test, with their numbers. Tests stand last, in a module of their own.
fn code(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let lines: Vec<&str> = text.lines().collect();
    let tests = lines.windows(2).position(|two| two[0].trim() == "#[cfg(test)]" && two[1].trim_end().ends_with('{'));
    let end = tests.unwrap_or(lines.len());
    lines
        .into_iter()
        .take(end)
        .enumerate()
        .map(|(number, line)| (number + 1, line.split("//").next().unwrap_or_default()))
}

/// Whether a line names a path: as a word of its own, not as a part of another.
fn names(line: &str, path: &str) -> bool {
    line.match_indices(path).any(|(at, _)| {
        !line[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == '"')
            && (path.ends_with('_') || line[at + path.len()..].starts_with([':', ';', ',', '}', ' ']))
    })
}

#[test]
fn every_room_knows_only_its_neighbours() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut broken = Vec::new();
    for rule in RULES {
        for room in rule.rooms {
            let mut files = Vec::new();
            sources_below(&root.join(room), &mut files);
            assert!(!files.is_empty(), "the room {room} is empty");
            for file in files {
                let text = fs::read_to_string(&file).expect("a source file");
                for (number, line) in code(&text) {
                    let line = rule.but.iter().fold(line.to_owned(), |line, path| line.replace(path, ""));
                    for banned in rule.banned.iter().filter(|banned| names(&line, banned)) {
                        let place = file.strip_prefix(&root).expect("below src").display();
                        broken.push(format!("src/{place}:{number}: names {banned}: {}", rule.why));
                    }
                }
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn the_reader_sees_what_it_should() {
    assert!(names("use aws_sdk_xray::Client;", "aws_"));
    assert!(names("use crate::{app::msg, demo};", "app") || names("use crate::app::msg;", "crate::app"));
    assert!(names("    tokio::spawn(f);", "tokio"));
    assert!(!names("let laws_of = 1;", "aws_"));
    assert!(!names("\"tokio is a word\"", "tokio"));
    assert_eq!(code("a\n#[cfg(test)]\nmod tests {\n    use tokio::x;\n}").count(), 1);
    assert_eq!(code("a\n#[cfg(test)]\nmod tests;\nuse tokio::x;").count(), 4);
}
