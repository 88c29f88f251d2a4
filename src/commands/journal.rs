//! The program's own log: what it could not say on a screen that belongs to somebody's account.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::Mutex;

use tracing::level_filters::LevelFilter;

use crate::text::clean_lines;

/// A file whose lines are clean: what AWS answered may hold a secret, or a sequence for the terminal that reads the log.
struct Clean<W>(W);

impl<W: Write> Write for Clean<W> {
    /// Takes whole events: the subscriber writes each at once.
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(bytes);
        for line in clean_lines(text.strip_suffix('\n').unwrap_or(&text)) {
            writeln!(self.0, "{line}")?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// Where the log stands: `$XDG_STATE_HOME/barograph/log`, else `~/.local/state/barograph/log`.
fn path() -> Option<PathBuf> {
    let state = std::env::var_os("XDG_STATE_HOME").map(PathBuf::from).filter(|path| path.is_absolute());
    let base = state.or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".local/state")))?;
    Some(base.join("barograph").join("log"))
}

/// Writes warnings of this run to the log. A console that cannot write its log still comes up: then there is none.
pub fn open() {
    let Some(path) = path() else { return };
    let Some(folder) = path.parent() else { return };
    if fs::create_dir_all(folder).is_err() {
        return;
    }
    // Each run begins anew, so that the log never grows beyond one run's warnings.
    let Ok(file) = OpenOptions::new().create(true).write(true).truncate(true).open(&path) else { return };
    let subscriber = tracing_subscriber::fmt()
        .with_ansi(false)
        .with_target(true)
        .with_max_level(LevelFilter::WARN)
        .with_writer(Mutex::new(Clean::<File>(file)))
        .finish();
    // A second subscriber can only come from a test, which then keeps its own.
    let _ = tracing::subscriber::set_global_default(subscriber);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_logged_is_clean() {
        let mut log = Clean(Vec::new());
        let event = "WARN card 4111111111111111 of \u{1b}[2J jo@example.com\n";
        assert_eq!(log.write(event.as_bytes()).expect("memory"), event.len());
        assert_eq!(String::from_utf8_lossy(&log.0), "WARN card 411111******1111 of ␛[2J j***@example.com\n");
    }
}
