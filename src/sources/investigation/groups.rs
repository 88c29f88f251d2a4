//! CloudWatch Logs `DescribeLogGroups`: which groups names, prefixes and ARNs stand for, and how large they are.

use aws_sdk_cloudwatchlogs::types;
use chrono::TimeDelta;
use futures::future::join_all;

use crate::clock::Time;
use crate::sources::ask_once::patiently;
use crate::sources::client::Client;
use crate::sources::operation::DESCRIBE_LOG_GROUPS;
use crate::sources::times::from_millis;
use crate::store::health::{SourceError, SourceId};

/// Names in one call (API Reference, DescribeLogGroups).
const NAMES: usize = 50;
/// Groups that a prefix may stand for; more are not one board's.
const MOST: usize = 500;

/// The log group of spans.
const SPANS: &str = "aws/spans";

/// A log group and what is known of its size.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Group {
    /// Its name, or its ARN where it was named so.
    pub(super) id: String,
    /// Bytes that it holds; `None` where AWS does not say.
    pub(super) stored: Option<u64>,
    /// Events before this are not there.
    pub(super) oldest: Option<Time>,
}

impl Group {
    fn unknown(id: &str) -> Self {
        Self { id: id.to_owned(), stored: None, oldest: None }
    }

    /// The bytes that a stretch of it holds, if it is as busy at all times.
    pub(super) fn bytes_in(&self, from: Time, to: Time, now: Time) -> Option<f64> {
        let (stored, oldest) = (self.stored? as f64, self.oldest?);
        let whole = (now - oldest).as_seconds_f64().max(1.0);
        let part = (to.min(now) - from.max(oldest)).as_seconds_f64().max(0.0);
        Some(stored * (part / whole).min(1.0))
    }
}

/// What the wanted groups are.
#[derive(Debug, Clone, Default)]
pub(super) struct Found {
    pub(super) groups: Vec<Group>,
    /// What could not be found out.
    pub(super) failed: Vec<(String, SourceError)>,
    pub(super) calls: u64,
    /// Prefixes that no group begins with, and those that too many do.
    pub(super) notes: Vec<String>,
}

/// Finds out what names, ARNs and prefixes stand for. Names are taken as they are where AWS does not say.
pub(super) async fn resolve(client: &Client, wanted: &[String]) -> Found {
    let (prefixes, names): (Vec<&String>, Vec<&String>) = wanted.iter().partition(|name| name.ends_with('*'));
    let by_name = join_all(names.chunks(NAMES).map(|names| named(client, names)));
    let by_prefix = join_all(prefixes.iter().map(|prefix| of_prefix(client, prefix)));
    let (by_name, by_prefix) = futures::join!(by_name, by_prefix);
    let mut found = Found::default();
    for groups in by_name {
        found.calls += 1;
        found.groups.extend(groups);
    }
    for (prefix, answer) in prefixes.into_iter().zip(by_prefix) {
        match answer {
            Ok((groups, calls)) => {
                found.calls += calls;
                if groups.is_empty() {
                    found.notes.push(format!("no log group begins with {}", prefix.trim_end_matches('*')));
                }
                if groups.len() >= MOST {
                    found
                        .notes
                        .push(format!("{prefix} stands for more than {MOST} log groups: the rest is not searched"));
                }
                found.groups.extend(groups);
            }
            Err(error) => {
                found.calls += 1;
                found.failed.push((prefix.clone(), error));
            }
        }
    }
    let mut seen = std::collections::HashSet::new();
    found.groups.retain(|group| seen.insert(group.id.clone()));
    found
}

/// The group to which Transaction Search writes spans, where there is one.
///
/// Source: CloudWatch User Guide, "Transaction Search".
pub(super) async fn spans(client: &Client) -> Option<Group> {
    let (groups, _) = of_prefix(client, SPANS).await.ok()?;
    groups.into_iter().find(|group| group.id == SPANS)
}

async fn named(client: &Client, names: &[&String]) -> Vec<Group> {
    let ask = || {
        let identifiers = names.iter().map(|name| (*name).clone()).collect();
        let request = client.logs.describe_log_groups().set_log_group_identifiers(Some(identifiers));
        client.call(&DESCRIBE_LOG_GROUPS, request.send())
    };
    // Whether a name exists is said by the search; sizes are all that is lost here.
    let page = match ask().await {
        Ok(page) => page.log_groups.unwrap_or_default(),
        Err(error) => {
            tracing::debug!(%error, "log groups are taken as they are named");
            Vec::new()
        }
    };
    let now = client.now();
    let known = |name: &String| {
        let same =
            |group: &&types::LogGroup| group.log_group_name() == Some(name) || group.log_group_arn() == Some(name);
        page.iter().find(same).map(|group| Group { id: name.clone(), ..read(group, now) })
    };
    names.iter().map(|name| known(name).unwrap_or_else(|| Group::unknown(name))).collect()
}

async fn of_prefix(client: &Client, prefix: &str) -> Result<(Vec<Group>, u64), SourceError> {
    let prefix = Some(prefix.trim_end_matches('*').to_owned()).filter(|prefix| !prefix.is_empty());
    let (mut groups, mut calls, mut token) = (Vec::new(), 0, None::<String>);
    loop {
        let page = patiently(client, SourceId::Story, || {
            let request = client.logs.describe_log_groups().set_log_group_name_prefix(prefix.clone());
            client.call(&DESCRIBE_LOG_GROUPS, request.set_next_token(token.clone()).send())
        })
        .await?;
        calls += 1;
        groups.extend(page.log_groups().iter().map(|group| read(group, client.now())));
        token = page.next_token;
        if token.is_none() || groups.len() >= MOST {
            groups.truncate(MOST);
            return Ok((groups, calls));
        }
    }
}

fn read(group: &types::LogGroup, now: Time) -> Group {
    let created = group.creation_time().and_then(from_millis);
    let kept = group.retention_in_days().map(|days| now - TimeDelta::days(i64::from(days)));
    Group {
        id: group.log_group_name().unwrap_or_default().to_owned(),
        stored: group.stored_bytes().and_then(|bytes| u64::try_from(bytes).ok()).filter(|bytes| *bytes > 0),
        oldest: created.max(kept),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_of_a_group_is_its_share_of_the_time() {
        let t = |hours: i64| chrono::DateTime::from_timestamp(hours * 3600, 0).expect("in range");
        let group = Group { id: "a".into(), stored: Some(1_000), oldest: Some(t(0)) };
        assert_eq!(group.bytes_in(t(50), t(75), t(100)), Some(250.0));
        assert_eq!(group.bytes_in(t(-50), t(10), t(100)), Some(100.0));
        assert_eq!(Group::unknown("a").bytes_in(t(0), t(1), t(2)), None);
    }
}
