//! ListAlarmMuteRules and GetAlarmMuteRule: one rule that mutes an alarm for an hour every night.

use chrono::Timelike;

use crate::clock::Time;
use crate::demo::Estate;
use crate::demo::cloudwatch::query::invalid;
use crate::demo::wire::{ApiError, Wire, token};

use super::definition::created;
use super::describe::{BAD_TOKEN, max_records};

const NAME: &str = "nightly-load-test";
const DESCRIPTION: &str = "The load test is slow on purpose";
/// What it mutes.
const TARGETS: [&str; 1] = ["ProvisioningP95"];
/// When it begins, as AWS writes it and as an hour of the day in UTC, and how long it goes on.
const SCHEDULE: (&str, u32, &str) = ("cron(0 2 * * *)", 2, "PT1H");
/// AWS's words for what a rule is doing.
const STATUSES: [&str; 3] = ["SCHEDULED", "ACTIVE", "EXPIRED"];

/// Answers ListAlarmMuteRules.
pub(crate) fn list_alarm_mute_rules(estate: &Estate, input: &Wire) -> Result<Wire, ApiError> {
    let statuses = input.texts("Statuses");
    if let Some(unknown) = statuses.iter().find(|status| !STATUSES.contains(status)) {
        return Err(invalid(format!("The value {unknown} for parameter Statuses is not supported.")));
    }
    let now = estate.now();
    let targeted = input.text("AlarmName").is_none_or(|name| TARGETS.contains(&name));
    let wanted = targeted && (statuses.is_empty() || statuses.contains(&status(now)));
    let found = if wanted { vec![summary(now)] } else { Vec::new() };
    let print = token::fingerprint("ListAlarmMuteRules", input, &["NextToken", "MaxRecords"]);
    let (page, next) = token::page(found, max_records(input)?, print, input.text("NextToken"), BAD_TOKEN)?;
    Ok(Wire::map([("AlarmMuteRuleSummaries", Wire::List(page)), ("NextToken", next.into())]))
}

/// Answers GetAlarmMuteRule.
pub(crate) fn get_alarm_mute_rule(estate: &Estate, input: &Wire) -> Result<Wire, ApiError> {
    let Some(name) = input.text("AlarmMuteRuleName") else {
        return Err(invalid("The parameter AlarmMuteRuleName is required."));
    };
    if name != NAME {
        let message = format!("Alarm mute rule {name} does not exist.");
        return Err(ApiError::with_status(404, "ResourceNotFoundException", message));
    }
    let schedule =
        Wire::map([("Expression", SCHEDULE.0.into()), ("Duration", SCHEDULE.2.into()), ("Timezone", "UTC".into())]);
    Ok(Wire::map([
        ("Name", NAME.into()),
        ("AlarmMuteRuleArn", arn().into()),
        ("Description", DESCRIPTION.into()),
        ("Rule", Wire::map([("Schedule", schedule)])),
        ("MuteTargets", Wire::map([("AlarmNames", Wire::list(TARGETS))])),
        ("StartDate", created(estate.now()).into()),
        ("Status", status(estate.now()).into()),
        ("LastUpdatedTimestamp", created(estate.now()).into()),
        ("MuteType", "RECURRING".into()),
    ]))
}

fn arn() -> String {
    format!("arn:aws:cloudwatch:{}:{}:alarm-mute-rule:{NAME}", Estate::REGION, Estate::ACCOUNT)
}

fn summary(now: Time) -> Wire {
    Wire::map([
        ("AlarmMuteRuleArn", arn().into()),
        ("Status", status(now).into()),
        ("MuteType", "RECURRING".into()),
        ("LastUpdatedTimestamp", created(now).into()),
    ])
}

/// Whether the rule mutes at this time.
fn status(now: Time) -> &'static str {
    if now.hour() == SCHEDULE.1 { "ACTIVE" } else { "SCHEDULED" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_mutes_for_an_hour_of_the_night() {
        let at = |text: &str| status(format!("2026-01-15T{text}Z").parse().expect("a time"));
        assert_eq!(
            ["01:59:59", "02:00:00", "02:59:59", "03:00:00"].map(at),
            ["SCHEDULED", "ACTIVE", "ACTIVE", "SCHEDULED"]
        );
    }
}
