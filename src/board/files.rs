//! The board of log files on this machine.

use super::Board;

/// The name of the board of files; no file of a board can have it.
const FILES: &str = "(files)";

impl Board {
    /// A board of files in place of log groups, by their paths, with the queries, variables and masks of another.
    pub fn of_files(files: Vec<String>, own: &Self) -> Self {
        let name = |path: &String| path.rsplit('/').next().unwrap_or(path).to_owned();
        let title = match files.as_slice() {
            [one] => name(one),
            [first, others @ ..] => format!("{} and {} more", name(first), others.len()),
            [] => "no file".to_owned(),
        };
        Self {
            title,
            logs: files,
            queries: own.queries.clone(),
            vars: own.vars.clone(),
            masks: own.masks.clone(),
            services: false,
            ..Self::empty(FILES)
        }
    }

    /// Whether its logs are files: then there is no account.
    pub fn is_of_files(&self) -> bool {
        self.name == FILES
    }
}
