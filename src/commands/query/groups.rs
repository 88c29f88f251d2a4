//! The log groups of a query.

use super::Refusal;
use crate::analysis::log_query::estimate::Estimate;
use crate::board::Board;
use crate::clock::Time;
use crate::insights;
use crate::sources::{Client, log_groups, log_groups_named};
use crate::store::health::ErrorKind;
use crate::store::rows::{LogQuery, MOST_GROUPS};
use crate::text::clean;

/// Log groups that are told where none was named.
const SHOWN: usize = 5;

/// The groups that a board is about.
pub(super) fn of_board(board: &Board) -> Vec<String> {
    board.query_groups()
}

/// What to do where neither the command line nor the board names a log group.
pub(in crate::commands) async fn none(client: &Client, board: &Board) -> String {
    let found = log_groups(client, "").await.map(|found| found.groups).unwrap_or_default();
    let names: Vec<&str> = found.iter().take(SHOWN).map(|group| group.name.as_str()).collect();
    let more = found.len().saturating_sub(names.len());
    let there_are = match (names.as_slice(), more) {
        ([], _) => String::new(),
        (names, 0) => format!("; there are {}", names.join(", ")),
        (names, more) => format!("; there are {} and {more} more", names.join(", ")),
    };
    format!(
        "no log group: the board `{}` names none; give --log-group NAME or PREFIX*, or a --board that names some{there_are}",
        clean(&board.name)
    )
}

/// Names and ARNs in place of `prefix*`, each once, in the order of the command line.
pub(in crate::commands) async fn resolve(client: &Client, chosen: &[String]) -> Result<Vec<String>, Refusal> {
    let mut found: Vec<String> = Vec::new();
    for choice in chosen {
        let is_arn = choice.starts_with("arn:");
        match choice.strip_suffix('*').filter(|_| !is_arn) {
            Some(prefix) => {
                let groups = log_groups(client, prefix).await?;
                if groups.groups.is_empty() {
                    return Err(Refusal::Misused(format!("no log group begins with {}", clean(prefix))));
                }
                found.extend(groups.groups.into_iter().map(|group| group.name));
            }
            None if is_arn => found.push(choice.trim_end_matches(":*").to_owned()),
            None => found.push(choice.clone()),
        }
    }
    let mut seen = std::collections::HashSet::new();
    found.retain(|group| seen.insert(group.clone()));
    if found.len() > MOST_GROUPS {
        let words = format!("Logs Insights reads {MOST_GROUPS} log groups at most, these are {}", found.len());
        return Err(Refusal::Misused(words));
    }
    Ok(found)
}

/// What the query is likely to scan; `None` where the groups' sizes cannot be learnt, which keeps nobody from running it.
pub(super) async fn estimate(client: &Client, query: &LogQuery, now: Time) -> Result<Option<Estimate>, Refusal> {
    let Some(span) = query.span else { return Ok(None) };
    if query.groups.is_empty() {
        return Ok(None);
    }
    match log_groups_named(client, &query.groups).await {
        Ok(groups) => {
            let known = |name: &String| groups.iter().find(|group| group.name == *name || group.arn == *name);
            // What compares reads two windows.
            let windows = insights::parse(&query.text).map_or_else(|_| vec![span], |parsed| parsed.windows(span));
            let parts = windows.into_iter().map(|span| Estimate::of(query.groups.iter().map(known), span, now));
            Ok(parts.reduce(|one, two| Estimate { bytes: one.bytes + two.bytes, ..one }))
        }
        Err(mut error) if error.kind == ErrorKind::NotFound => {
            let missing = missing(client, &query.groups).await;
            if !missing.is_empty() {
                error.message = format!("there is no log group {}", clean(&missing.join(", ")));
            }
            Err(error.into())
        }
        Err(error) => {
            tracing::warn!(%error, "the sizes of the log groups are not known");
            Ok(None)
        }
    }
}

/// Those of the groups that there are not; what cannot be learnt is not among them.
async fn missing(client: &Client, names: &[String]) -> Vec<String> {
    let mut missing = Vec::new();
    for name in names.iter().filter(|name| !name.starts_with("arn:")) {
        if let Ok(found) = log_groups(client, name).await
            && !found.groups.iter().any(|group| group.name == *name)
        {
            missing.push(name.clone());
        }
    }
    missing
}
