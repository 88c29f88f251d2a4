//! What StartQuery asks for.

use chrono::{DateTime, TimeDelta};

use crate::clock::Time;
use crate::demo::Estate;
use crate::demo::logs::read::present;
use crate::demo::logs::{INVALID, identify};
use crate::demo::wire::{ApiError, Wire};
use crate::insights::{self, Query};

/// Log groups in one query (API Reference, StartQuery).
const GROUPS: usize = 50;

/// Rows that a query may return (API Reference, StartQuery).
const MOST_ROWS: i64 = 100_000;

/// A query with what it runs over.
#[derive(Debug)]
pub(super) struct Spec {
    pub(super) query: Query,
    pub(super) text: String,
    pub(super) groups: Vec<String>,
    /// The groups of each query in parentheses.
    pub(super) others: Vec<Vec<String>>,
    /// `[from, to)`, nothing later than the present.
    pub(super) from: Time,
    pub(super) to: Time,
    /// Rows to return at most, besides the query's own limit.
    pub(super) limit: usize,
    pub(super) created: Time,
}

impl Spec {
    /// Reads a request. Times are epoch seconds, both ends inclusive; a query that cannot be read is a
    /// `MalformedQueryException` with its position.
    pub(super) fn read(estate: &Estate, input: &Wire) -> Result<Self, ApiError> {
        if let Some(language) = input.text("queryLanguage").filter(|language| *language != "CWLI") {
            return Err(ApiError::bad(INVALID, format!("The query language {language} is not supported here")));
        }
        let Some(text) = input.text("queryString") else {
            return Err(ApiError::bad(INVALID, "queryString must be specified"));
        };
        let (from, last) = (instant(input, "startTime")?, instant(input, "endTime")?);
        if from > last {
            return Err(ApiError::bad(INVALID, "startTime must not be later than endTime"));
        }
        let query = insights::parse(text).map_err(|error| malformed(text, error.position, &error.message))?;
        let now = estate.now();
        query.at(now);
        if let Some(lookup) = query.lookups().next() {
            let message = format!("Lookup table {} does not exist", lookup.name);
            return Err(malformed(text, lookup.place.start, &message));
        }
        let groups = groups(estate, input, &query)?;
        let others = query.subqueries().iter().map(|subquery| named(estate, subquery.query().sources()));
        let others = others.collect::<Result<_, _>>()?;
        let limit = match input.i64("limit") {
            None => MOST_ROWS,
            Some(limit) if (1..=MOST_ROWS).contains(&limit) => limit,
            Some(limit) => {
                return Err(ApiError::bad(INVALID, format!("limit {limit} is not within 1 and {MOST_ROWS}")));
            }
        };
        let to = present(now).min(last + TimeDelta::milliseconds(1));
        query.over((from, to));
        Ok(Self { query, text: text.to_owned(), groups, others, from, to, limit: limit as usize, created: now })
    }
}

/// A parse error as Logs says it: the line and the place in it, and the offset in characters.
fn malformed(text: &str, position: usize, message: &str) -> ApiError {
    let before = text.get(..position).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    let message = format!("{message} (line {line}, position {column})");
    ApiError::bad("MalformedQueryException", message).at(before.chars().count())
}

fn instant(input: &Wire, key: &str) -> Result<Time, ApiError> {
    let seconds = input.i64(key).filter(|seconds| *seconds >= 0);
    let time = seconds.and_then(|seconds| DateTime::from_timestamp(seconds, 0));
    time.ok_or_else(|| ApiError::bad(INVALID, format!("{key} must be given in epoch seconds")))
}

fn groups(estate: &Estate, input: &Wire, query: &Query) -> Result<Vec<String>, ApiError> {
    let (name, names, identifiers) =
        (input.text("logGroupName"), input.texts("logGroupNames"), input.texts("logGroupIdentifiers"));
    let mut sources: Vec<&str> = query.sources().iter().map(String::as_str).collect();
    if let Some(selection) = query.selection() {
        let all = estate.world.log_groups().iter().map(|group| group.name.as_str());
        sources.extend(all.filter(|name| selection.takes(name)));
    }
    let given = [name.into_iter().collect(), names, identifiers, sources];
    let mut given = given.into_iter().filter(|list: &Vec<&str>| !list.is_empty());
    let (Some(chosen), None) = (given.next(), given.next()) else {
        let message = "Exactly one of logGroupName, logGroupNames and logGroupIdentifiers must be specified";
        return Err(ApiError::bad(INVALID, message));
    };
    if chosen.len() > GROUPS {
        return Err(ApiError::bad(INVALID, format!("A query takes at most {GROUPS} log groups")));
    }
    named(estate, &chosen)
}

/// The log groups of these names and ARNs.
fn named(estate: &Estate, chosen: &[impl AsRef<str>]) -> Result<Vec<String>, ApiError> {
    let found =
        chosen.iter().map(AsRef::as_ref).map(|id| identify::by_identifier(estate, id).map(|group| group.name.clone()));
    let mut found: Vec<String> = found.collect::<Result<_, _>>()?;
    found.sort();
    found.dedup();
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_placed_by_line_and_by_character() {
        let error = malformed("fields ä\n| filtre x", 12, "no such command");
        assert_eq!(error.message, "no such command (line 2, position 3)");
        assert_eq!((error.code, error.offset), ("MalformedQueryException", Some(11)));
    }
}
