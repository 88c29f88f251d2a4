//! The Logs Insights queries that were run, kept in a file: a JSON object a line, the newest last.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, BufRead, BufReader, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::thread::JoinHandle;
use std::time::Duration;

use serde_json::{Value, json};

use super::session::Opening;
use crate::app::runner::NoteQuery;
use crate::config::Environment;
use crate::store::logbook::{Asked, MOST_ASKED};
use crate::text::mask;
use crate::text::time::rfc3339;

/// Lines beyond which the file is written anew with the newest alone.
const MOST_LINES: usize = 4 * MOST_ASKED;
/// Bytes of a line that is still read.
const LONGEST: usize = 1 << 16;
/// How long the end of a session waits for the disk.
const AT_THE_END: Duration = Duration::from_secs(1);

/// The file of an opening: beside a history that is named, else with the state; the demo's queries are kept where a
/// history is named alone.
pub(super) fn path(opening: &Opening, env: &Environment) -> Option<PathBuf> {
    if let Some(history) = &opening.history {
        return Some(history.with_extension("queries"));
    }
    if opening.demo.is_some() {
        return None;
    }
    env.state_dir().map(|folder| folder.join("queries"))
}

/// The queries that a file holds, oldest first; what cannot be read is left out.
pub(super) fn read(path: &Path) -> Vec<Asked> {
    let Ok(file) = File::open(path) else { return Vec::new() };
    let lines = BufReader::new(file).lines().map_while(Result::ok).filter(|line| line.len() <= LONGEST);
    let mut found: Vec<Asked> = lines.filter_map(|line| asked(&line)).collect();
    let old = found.len().saturating_sub(MOST_ASKED);
    found.drain(..old);
    found
}

fn asked(line: &str) -> Option<Asked> {
    let value: Value = serde_json::from_str(line).ok()?;
    let groups = value["groups"].as_array()?.iter().filter_map(|group| group.as_str().map(str::to_owned));
    Some(Asked {
        at: value["at"].as_str()?.parse().ok()?,
        text: value["query"].as_str()?.to_owned(),
        groups: groups.collect(),
    })
}

/// A query as a line, card numbers masked.
fn line(asked: &Asked) -> String {
    json!({ "at": rfc3339(asked.at), "groups": asked.groups, "query": mask(&asked.text) }).to_string()
}

/// Writes queries down as they come, on a thread of its own.
pub(super) struct Keeper {
    sender: mpsc::Sender<Asked>,
    thread: JoinHandle<()>,
}

impl Keeper {
    /// Begins; `None` where there is no thread to be had.
    pub(super) fn start(path: PathBuf) -> Option<Self> {
        let (sender, queries) = mpsc::channel::<Asked>();
        let write = move || {
            for asked in queries {
                if let Err(error) = append(&path, &asked) {
                    tracing::warn!(%error, path = %path.display(), "a query is not kept");
                }
            }
        };
        let thread = std::thread::Builder::new().name("queries".to_owned()).spawn(write).ok()?;
        Some(Self { sender, thread })
    }

    /// What takes queries for it.
    pub(super) fn note(&self) -> NoteQuery {
        let sender = self.sender.clone();
        Box::new(move |asked| drop(sender.send(asked.clone())))
    }

    /// Waits until all is written, but no longer than anybody would. Whoever notes must have gone.
    pub(super) async fn close(self) {
        drop(self.sender);
        let ended = tokio::task::spawn_blocking(move || self.thread.join().is_ok());
        if tokio::time::timeout(AT_THE_END, ended).await.is_err() {
            tracing::warn!("the queries are not written to the end");
        }
    }
}

/// Adds a query to the file, which is the owner's alone.
fn append(path: &Path, asked: &Asked) -> io::Result<()> {
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    }
    let mut file = OpenOptions::new().create(true).append(true).mode(0o600).open(path)?;
    writeln!(file, "{}", line(asked))?;
    drop(file);
    let count = BufReader::new(File::open(path)?).lines().count();
    if count > MOST_LINES { shorten(path) } else { Ok(()) }
}

/// Writes the newest anew beside the file, and puts that in its place.
fn shorten(path: &Path) -> io::Result<()> {
    let kept: Vec<String> = read(path).iter().map(line).collect();
    let new = path.with_extension("new");
    let mut file = OpenOptions::new().create(true).write(true).truncate(true).mode(0o600).open(&new)?;
    writeln!(file, "{}", kept.join("\n"))?;
    drop(file);
    fs::rename(new, path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn queries_outlive_the_session_and_the_file_stays_small() {
        let folder = std::env::temp_dir().join(format!("baro-queries-{}", std::process::id()));
        let path = folder.join("state/queries");
        let asked = |n: usize| Asked {
            at: chrono::DateTime::from_timestamp(n as i64, 0).expect("in range"),
            text: format!("filter n = {n} # 4111111111111111"),
            groups: vec!["/g".to_owned()],
        };
        for n in 0..=MOST_LINES {
            append(&path, &asked(n)).expect("written");
        }
        let found = read(&path);
        assert_eq!(found.len(), MOST_ASKED);
        let last = found.last().expect("one");
        assert_eq!((last.at, last.groups.as_slice()), (asked(MOST_LINES).at, &["/g".to_owned()][..]));
        assert!(last.text.starts_with(&format!("filter n = {MOST_LINES} # 411111")) && last.text.contains('*'));
        let text = fs::read_to_string(&path).expect("the file");
        assert_eq!(text.lines().count(), MOST_ASKED);
        fs::write(&path, format!("nonsense\n{text}{{}}\n")).expect("written");
        assert_eq!(read(&path).len(), MOST_ASKED, "what is no query is left out");
        fs::remove_dir_all(folder).expect("removed");
    }
}
