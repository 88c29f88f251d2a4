//! The program's own log: what it could not say on a screen that belongs to somebody's account.

use std::fs::{self, OpenOptions};
use std::path::PathBuf;
use std::sync::Mutex;

use tracing::level_filters::LevelFilter;

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
        .with_writer(Mutex::new(file))
        .finish();
    // A second subscriber can only come from a test, which then keeps its own.
    let _ = tracing::subscriber::set_global_default(subscriber);
}
