//! What is exported, and where to; carried out away from the loop.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::table::{Form, Table};
use crate::clock::Time;

/// Files of one name that are told apart by a number.
const SAME_NAME: usize = 1_000;
/// What is exported is the account's: nobody else on the host reads it.
const OWNER_ONLY: u32 = 0o600;

/// Something to be exported.
#[derive(Debug, Clone, PartialEq)]
pub struct Job {
    /// What it is, in words: `1,234 rows as CSV`.
    pub what: String,
    /// What is in it.
    pub content: Content,
    /// Where it goes.
    pub goal: Goal,
}

/// What is in an export.
#[derive(Debug, Clone, PartialEq)]
pub enum Content {
    /// A table that is still to be written, as it was at that time.
    Table(Arc<Table>, Form, Time),
    /// Text.
    Text(String),
}

/// Where an export goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Goal {
    /// Into a file of this name and ending in the working directory.
    File(String, &'static str),
    /// To the clipboard.
    Clipboard,
}

/// What came of a job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It stands in a file.
    Written {
        /// What it is.
        what: String,
        /// The file, with its full name.
        file: PathBuf,
    },
    /// It is text, ready for the clipboard.
    Ready {
        /// What it is.
        what: String,
        /// The text.
        text: String,
    },
    /// Why it could not be done, and what to do about it.
    Failed(String),
}

impl Job {
    /// Writes the text, and the file below this folder.
    pub fn carry_out(self, folder: io::Result<PathBuf>) -> Outcome {
        let Self { what, content, goal } = self;
        let text = match content {
            Content::Table(table, form, at) => table.write(form, at),
            Content::Text(text) => text,
        };
        let Goal::File(stem, ending) = goal else { return Outcome::Ready { what, text } };
        let folder = match folder {
            Ok(folder) => folder,
            Err(error) => return Outcome::Failed(format!("the working directory is gone: {error}; y copies instead")),
        };
        match save(&folder, &stem, ending, text.as_bytes()) {
            Ok(file) => Outcome::Written { what, file },
            Err(error) => {
                let todo = match error.kind() {
                    io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
                        "start baro in a folder that you may write to; until then y copies instead"
                    }
                    io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => "make room, or copy with y instead",
                    _ => "y copies instead",
                };
                Outcome::Failed(format!("nothing is written in {}: {error}; {todo}", folder.display()))
            }
        }
    }
}

/// Writes a file that was not there before, readable by its owner alone, and returns its full name.
///
/// # Errors
/// Where the folder takes no such file; nothing of it is left then.
fn save(folder: &Path, stem: &str, ending: &str, bytes: &[u8]) -> io::Result<PathBuf> {
    let (path, mut file) = create(folder, stem, ending)?;
    let written = file.write_all(bytes).and_then(|()| file.flush());
    if let Err(error) = written {
        drop(file);
        // Half a table would pass for a whole one. What cannot be removed either is beyond help.
        let _ = fs::remove_file(&path);
        return Err(error);
    }
    Ok(path)
}

fn create(folder: &Path, stem: &str, ending: &str) -> io::Result<(PathBuf, File)> {
    for n in 1..=SAME_NAME {
        let number = if n == 1 { String::new() } else { format!("-{n}") };
        let path = folder.join(format!("{stem}{number}.{ending}"));
        // A name that is taken, by a link too, is left alone.
        match OpenOptions::new().write(true).create_new(true).mode(OWNER_ONLY).open(&path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            opened => return Ok((path, opened?)),
        }
    }
    Err(io::Error::new(io::ErrorKind::AlreadyExists, format!("there are {SAME_NAME} files of that name")))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn folder(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("baro-export-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).expect("a folder");
        folder
    }

    fn job(goal: Goal) -> Job {
        Job { what: "1 row as CSV".to_owned(), content: Content::Text("a\n1\n".to_owned()), goal }
    }

    #[test]
    fn a_file_is_the_owners_and_overwrites_nothing() {
        let folder = folder("files");
        let goal = Goal::File("baro-x".to_owned(), "csv");
        let names = ["baro-x.csv", "baro-x-2.csv", "baro-x-3.csv"];
        for name in names {
            let file = folder.join(name);
            let expected = Outcome::Written { what: "1 row as CSV".to_owned(), file: file.clone() };
            assert_eq!(job(goal.clone()).carry_out(Ok(folder.clone())), expected);
            assert_eq!(fs::read_to_string(&file).expect("written"), "a\n1\n");
            assert_eq!(fs::metadata(&file).expect("there").permissions().mode() & 0o777, 0o600);
        }
        std::os::unix::fs::symlink(folder.join("elsewhere"), folder.join("baro-x-4.csv")).expect("a link");
        assert!(
            matches!(job(goal).carry_out(Ok(folder.clone())), Outcome::Written { file, .. } if file.ends_with("baro-x-5.csv"))
        );
        assert!(!folder.join("elsewhere").exists());
        fs::remove_dir_all(folder).expect("removed");
    }

    #[test]
    fn what_goes_wrong_says_what_next() {
        let folder = folder("gone");
        fs::remove_dir_all(&folder).expect("removed");
        let goal = || Goal::File("baro-x".to_owned(), "csv");
        let Outcome::Failed(words) = job(goal()).carry_out(Ok(folder.clone())) else { panic!("it is gone") };
        assert!(words.starts_with(&format!("nothing is written in {}: ", folder.display())), "{words}");
        assert!(words.ends_with("; y copies instead"), "{words}");
        let missing = Err(io::Error::from(io::ErrorKind::NotFound));
        assert!(matches!(job(goal()).carry_out(missing), Outcome::Failed(_)));
        let ready = Outcome::Ready { what: "1 row as CSV".to_owned(), text: "a\n1\n".to_owned() };
        assert_eq!(job(Goal::Clipboard).carry_out(Ok(folder)), ready);
    }
}
