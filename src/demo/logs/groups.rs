//! DescribeLogGroups.

use chrono::{TimeDelta, Timelike};

use super::{INVALID, identify, limit};
use crate::demo::Estate;
use crate::demo::wire::token::{fingerprint, page};
use crate::demo::wire::{ApiError, Wire};
use crate::demo::world::LogGroup;

/// Names the log groups by prefix, by substring, by identifier, or all, 50 a page.
pub(super) fn describe(estate: &Estate, input: &Wire) -> Result<Wire, ApiError> {
    let (prefix, pattern) = (input.text("logGroupNamePrefix"), input.text("logGroupNamePattern"));
    if prefix.is_some() && pattern.is_some() {
        let message = "LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.";
        return Err(ApiError::bad(INVALID, message));
    }
    let identifiers = input.texts("logGroupIdentifiers");
    let mut groups: Vec<&LogGroup> = if identifiers.is_empty() {
        let kept = |group: &&LogGroup| {
            prefix.is_none_or(|prefix| group.name.starts_with(prefix))
                && pattern.is_none_or(|pattern| group.name.contains(pattern))
        };
        estate.world.log_groups().iter().filter(kept).collect()
    } else {
        identifiers.iter().map(|id| identify::by_identifier(estate, id)).collect::<Result<_, _>>()?
    };
    groups.sort_by(|a, b| a.name.cmp(&b.name));
    let limit = limit(input, "limit", 50, 50)?;
    let print = fingerprint("DescribeLogGroups", input, &["limit", "nextToken"]);
    let (groups, next) = page(groups, limit, print, input.text("nextToken"), INVALID)?;
    let groups = groups.into_iter().map(|group| describe_one(estate, group));
    Ok(Wire::map([("logGroups", Wire::list(groups)), ("nextToken", next.into())]))
}

/// Bytes that a group holds: what it takes in a second, for as long as it keeps it.
fn stored(estate: &Estate, group: &LogGroup) -> i64 {
    let kept = chrono::TimeDelta::days(i64::from(group.retention_days.max(1)));
    let age = (estate.now() - group.created).clamp(chrono::TimeDelta::zero(), kept);
    (estate.world.bytes_a_second(&group.name) * age.as_seconds_f64()) as i64
}

fn describe_one(estate: &Estate, group: &LogGroup) -> Wire {
    let arn = identify::arn(&group.name);
    let filters = estate.world.metric_filters().iter().filter(|filter| filter.log_group == group.name).count();
    Wire::map([
        ("logGroupName", group.name.as_str().into()),
        ("creationTime", group.created.timestamp_millis().into()),
        ("retentionInDays", i64::from(group.retention_days).into()),
        ("metricFilterCount", (filters as i64).into()),
        ("storedBytes", stored(estate, group).into()),
        ("arn", format!("{arn}:*").into()),
        ("logGroupArn", arn.into()),
        ("storedBytes", stored_bytes(estate, group).into()),
        ("logGroupClass", "STANDARD".into()),
    ])
}

/// Bytes that a group holds: what it wrote in a few seconds of yesterday, for as long as it keeps events.
///
/// AWS counts them now and then: the figure changes once a day.
fn stored_bytes(estate: &Estate, group: &LogGroup) -> i64 {
    /// Hours at which is looked, and for how long.
    const HOURS: [i64; 4] = [3, 9, 15, 21];
    const LOOK: TimeDelta = TimeDelta::seconds(5);
    let now = estate.now();
    let midnight = now - TimeDelta::seconds(i64::from(now.num_seconds_from_midnight()));
    let kept = (midnight - group.created).min(TimeDelta::days(i64::from(group.retention_days)));
    let looked = |hour: i64| {
        let from = midnight - TimeDelta::days(1) + TimeDelta::hours(hour);
        estate.world.log_events(&group.name, from, from + LOOK)
    };
    // What AWS counts beside each message (CloudWatch pricing, "Logs").
    let bytes: usize = HOURS.into_iter().flat_map(looked).map(|event| event.message.len() + 26).sum();
    let looks = LOOK.num_seconds() * HOURS.len() as i64;
    kept.num_seconds().max(0).saturating_mul(bytes as i64) / looks
}
