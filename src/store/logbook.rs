//! What is known about the logs themselves: groups, saved queries, fields, single records, and the queries that were run.

use std::collections::HashMap;

use super::health::{Feed, SourceId};
use crate::clock::Time;

/// How many queries that were run are kept.
pub const MOST_ASKED: usize = 200;
/// Answers about prefixes, fields and records that are kept of each kind.
const MOST_ANSWERS: usize = 128;

/// A log group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogGroup {
    /// Its name.
    pub name: String,
    /// Its ARN, without `:*`.
    pub arn: String,
    /// When it was created.
    pub created: Option<Time>,
    /// Bytes that it holds, as AWS last counted them.
    pub stored_bytes: Option<u64>,
    /// For how many days events are kept; `None` for ever.
    pub retention_days: Option<u32>,
}

/// Log groups that a prefix finds.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LogGroups {
    /// The groups, by name.
    pub groups: Vec<LogGroup>,
    /// Whether there are more than were read.
    pub more: bool,
}

/// A query with a name: of the account (`DescribeQueryDefinitions`) or of the board (`[[query]]`).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SavedQuery {
    /// Its name; folders are told apart by `/`.
    pub name: String,
    /// The query's text, with `{{name}}` where a parameter goes.
    pub text: String,
    /// The groups that it is meant for; none where it is meant for any.
    pub groups: Vec<String>,
    /// Its parameters.
    pub parameters: Vec<Parameter>,
}

/// A parameter of a saved query.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Parameter {
    /// Its name, as it stands between `{{` and `}}`.
    pub name: String,
    /// What it is where nothing is said.
    pub default: Option<String>,
    /// What it is for.
    pub description: Option<String>,
}

/// A field that AWS has discovered in a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogField {
    /// Its name.
    pub name: String,
    /// In how many of a hundred events it is.
    pub percent: u8,
}

/// A query that was run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// When.
    pub at: Time,
    /// The query's text.
    pub text: String,
    /// Its groups, as they were chosen: names, `prefix*` or ARNs.
    pub groups: Vec<String>,
}

/// A question about the logs.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum LogAsk {
    /// The groups whose names begin so.
    Groups(String),
    /// The account's saved queries.
    Definitions,
    /// The fields of a group.
    Fields(String),
    /// A whole record, by the `@ptr` of a row.
    Record(String),
}

/// An answer to it.
#[derive(Debug, Clone, PartialEq)]
pub enum LogAnswer {
    /// The groups.
    Groups(LogGroups),
    /// The saved queries.
    Definitions(Vec<SavedQuery>),
    /// The fields.
    Fields(Vec<LogField>),
    /// Fields and values.
    Record(Vec<(String, String)>),
}

/// All of it.
#[derive(Debug, Clone, Default)]
pub struct Logbook {
    /// Groups by prefix.
    pub groups: HashMap<String, Feed<LogGroups>>,
    /// The account's saved queries.
    pub definitions: Feed<Vec<SavedQuery>>,
    /// Fields by group.
    pub fields: HashMap<String, Feed<Vec<LogField>>>,
    /// Records by `@ptr`.
    pub records: HashMap<String, Feed<Vec<(String, String)>>>,
    /// Queries that were run, newest first, each text once.
    pub asked: Vec<Asked>,
}

impl LogAsk {
    /// The source that answers it.
    pub const fn source(&self) -> SourceId {
        match self {
            Self::Groups(_) => SourceId::LogGroups,
            Self::Definitions => SourceId::QueryDefinitions,
            Self::Fields(_) => SourceId::LogFields,
            Self::Record(_) => SourceId::LogRecord,
        }
    }
}

impl Logbook {
    /// Takes in an answer.
    pub fn take(&mut self, at: Time, ask: LogAsk, answer: LogAnswer) {
        match (ask, answer) {
            (LogAsk::Groups(prefix), LogAnswer::Groups(groups)) => put(&mut self.groups, prefix, groups, at),
            (LogAsk::Definitions, LogAnswer::Definitions(queries)) => {
                self.definitions.data = queries;
                self.definitions.health.succeed(at);
            }
            (LogAsk::Fields(group), LogAnswer::Fields(fields)) => put(&mut self.fields, group, fields, at),
            (LogAsk::Record(pointer), LogAnswer::Record(record)) => put(&mut self.records, pointer, record, at),
            // An answer to something else is of no use.
            (LogAsk::Groups(_) | LogAsk::Definitions | LogAsk::Fields(_) | LogAsk::Record(_), _) => {}
        }
    }

    /// Takes in that a query was run: it stands first from now on.
    pub fn note(&mut self, asked: Asked) {
        self.asked.retain(|known| known.text != asked.text);
        self.asked.insert(0, asked);
        self.asked.truncate(MOST_ASKED);
    }
}

fn put<T: Default>(known: &mut HashMap<String, Feed<T>>, key: String, data: T, at: Time) {
    if known.len() >= MOST_ANSWERS && !known.contains_key(&key) {
        let oldest = known.iter().min_by_key(|(key, feed)| (feed.health.changed(), key.as_str()));
        if let Some(oldest) = oldest.map(|(key, _)| key.clone()) {
            known.remove(&oldest);
        }
    }
    let feed = known.entry(key).or_default();
    feed.data = data;
    feed.health.succeed(at);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn t(s: i64) -> Time {
        chrono::DateTime::from_timestamp(s, 0).expect("in range")
    }

    #[test]
    fn a_query_that_is_run_again_moves_to_the_front() {
        let mut book = Logbook::default();
        for (at, text) in [(1, "a"), (2, "b"), (3, "a")] {
            book.note(Asked { at: t(at), text: text.to_owned(), groups: Vec::new() });
        }
        let texts: Vec<&str> = book.asked.iter().map(|asked| asked.text.as_str()).collect();
        assert_eq!(texts, ["a", "b"]);
        for n in 0..2 * MOST_ASKED {
            book.note(Asked { at: t(9), text: n.to_string(), groups: Vec::new() });
        }
        assert_eq!(book.asked.len(), MOST_ASKED);
    }

    #[test]
    fn an_answer_to_another_question_is_dropped() {
        let mut book = Logbook::default();
        book.take(t(1), LogAsk::Record("p".to_owned()), LogAnswer::Fields(Vec::new()));
        assert!(book.records.is_empty() && book.fields.is_empty());
        for n in 0..2 * MOST_ANSWERS {
            book.take(t(n as i64), LogAsk::Fields(n.to_string()), LogAnswer::Fields(Vec::new()));
        }
        assert_eq!(book.fields.len(), MOST_ANSWERS);
        assert!(book.fields.contains_key(&(2 * MOST_ANSWERS - 1).to_string()), "the newest stays");
    }
}
