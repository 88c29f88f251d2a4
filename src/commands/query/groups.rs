//! The log groups of a query.

use super::Refusal;
use crate::analysis::log_query::estimate::Estimate;
use crate::board::Board;
use crate::clock::Time;
use crate::sources::{Client, log_groups, log_groups_named};
use crate::store::health::ErrorKind;
use crate::store::rows::{LogQuery, MOST_GROUPS};
use crate::text::clean;

/// The groups that a board is about.
pub(super) fn of_board(board: &Board) -> Vec<String> {
    board.query_groups()
}

/// Names and ARNs in place of `prefix*`, each once, in the order of the command line.
pub(super) async fn resolve(client: &Client, chosen: &[String]) -> Result<Vec<String>, Refusal> {
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
            Ok(Some(Estimate::of(query.groups.iter().map(known), span, now)))
        }
        Err(mut error) if error.kind == ErrorKind::NotFound => {
            error.message = format!("{} (one of {})", error.message, clean(&query.groups.join(", ")));
            Err(error.into())
        }
        Err(error) => {
            tracing::warn!(%error, "the sizes of the log groups are not known");
            Ok(None)
        }
    }
}
