//! Questions in SQL: one statement, which reads, for a while.

use std::time::{Duration, Instant};

use rusqlite::hooks::{AuthAction, AuthContext, Authorization};
use rusqlite::limits::Limit;
use rusqlite::types::Value;
use rusqlite::{Error, ErrorCode};

use super::reader::Reader;
use crate::text::clean;

/// How long a question may take.
const DEADLINE: Duration = Duration::from_secs(10);
/// Steps of SQLite's machine between two looks at the clock.
const STEPS: i32 = 10_000;
/// Rows that are answered with; the history itself holds fewer episodes by default.
const MOST_ROWS: usize = 100_000;
/// The longest text or blob, in bytes, so that a question cannot eat the memory.
const LONGEST: i32 = 4 << 20;

/// Columns and rows.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// Names of the columns, each once.
    pub columns: Vec<String>,
    /// The rows.
    pub rows: Vec<Vec<Value>>,
    /// Whether there were more rows than are answered with.
    pub cut: bool,
}

/// Why a question is not answered.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum QueryError {
    /// The statement is wrong; where that is known, with the place.
    #[error("{message}{}", at.map(|at| format!(" at character {at}")).unwrap_or_default())]
    Wrong {
        /// SQLite's words.
        message: String,
        /// The character, counted from 1.
        at: Option<usize>,
    },
    /// It would do something else than read the history.
    #[error("the history is only read here: one SELECT (or WITH … SELECT, EXPLAIN, PRAGMA table_info)")]
    Forbidden,
    /// There is more than one statement, or none.
    #[error("write one statement, not several and not none")]
    NotOne,
    /// It took too long.
    #[error("not answered within {}s; narrow it down, `WHERE day >= …` say", DEADLINE.as_secs())]
    TooSlow,
}

impl Reader {
    /// Answers one statement that reads.
    ///
    /// # Errors
    /// Where the statement is wrong, does anything but read, or takes longer than ten seconds.
    pub fn query(&mut self, sql: &str) -> Result<Answer, QueryError> {
        self.answer(sql, DEADLINE)
    }

    pub(super) fn answer(&mut self, sql: &str, deadline: Duration) -> Result<Answer, QueryError> {
        let until = Instant::now() + deadline;
        let guard = self
            .connection
            .authorizer(Some(authorise))
            .and_then(|()| self.connection.progress_handler(STEPS, Some(move || Instant::now() >= until)))
            .and_then(|()| self.connection.set_limit(Limit::SQLITE_LIMIT_LENGTH, LONGEST).map(drop))
            .and_then(|()| self.connection.set_limit(Limit::SQLITE_LIMIT_ATTACHED, 0).map(drop));
        guard.and_then(|()| self.ask(sql)).map_err(|error| explain(&error, sql))?.ok_or(QueryError::Forbidden)
    }

    /// Columns and rows; `None` for a statement that would write.
    fn ask(&self, sql: &str) -> rusqlite::Result<Option<Answer>> {
        let mut statement = self.connection.prepare(sql)?;
        if !statement.readonly() {
            return Ok(None);
        }
        let columns = distinct(statement.column_names());
        if columns.is_empty() {
            return Err(Error::MultipleStatement);
        }
        let mut rows = Vec::new();
        let mut cut = false;
        let mut found = statement.query([])?;
        while let Some(row) = found.next()? {
            if rows.len() == MOST_ROWS {
                cut = true;
                break;
            }
            rows.push((0..columns.len()).map(|column| row.get(column)).collect::<rusqlite::Result<_>>()?);
        }
        Ok(Some(Answer { columns, rows, cut }))
    }
}

/// Reading is allowed, and nothing else: neither another file nor a setting.
fn authorise(context: AuthContext<'_>) -> Authorization {
    match context.action {
        AuthAction::Select
        | AuthAction::Read { .. }
        | AuthAction::Function { .. }
        | AuthAction::Recursive
        | AuthAction::Pragma { pragma_name: "table_info" | "table_xinfo" | "table_list" | "user_version", .. } => {
            Authorization::Allow
        }
        _ => Authorization::Deny,
    }
}

/// Column names that can be keys: of several with one name, the second is `name_2`.
fn distinct<'a>(names: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut columns: Vec<String> = Vec::new();
    for name in names {
        let mut column = name.to_owned();
        let mut nth = 2;
        while columns.contains(&column) {
            column = format!("{name}_{nth}");
            nth += 1;
        }
        columns.push(column);
    }
    columns
}

fn explain(error: &Error, sql: &str) -> QueryError {
    let wrong = |message: &str, at| QueryError::Wrong { message: clean(message).into_owned(), at };
    match error {
        Error::MultipleStatement => QueryError::NotOne,
        Error::SqlInputError { error, .. } if error.code == ErrorCode::AuthorizationForStatementDenied => {
            QueryError::Forbidden
        }
        Error::SqlInputError { msg, offset, .. } => {
            let before = usize::try_from(*offset).ok().and_then(|offset| sql.get(..offset));
            wrong(msg, before.map(|before| before.chars().count() + 1))
        }
        error => match error.sqlite_error_code() {
            Some(ErrorCode::AuthorizationForStatementDenied | ErrorCode::ReadOnly) => QueryError::Forbidden,
            Some(ErrorCode::OperationInterrupted) => QueryError::TooSlow,
            Some(_) | None => wrong(&error.to_string(), None),
        },
    }
}
