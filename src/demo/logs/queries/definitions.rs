//! DescribeQueryDefinitions: the estate's saved queries.

use crate::demo::Estate;
use crate::demo::logs::{INVALID, limit};
use crate::demo::wire::token::{fingerprint, page};
use crate::demo::wire::{ApiError, Wire};

/// When they were saved: 2025-11-03T09:00:00Z, in milliseconds since the epoch.
const SAVED_MS: i64 = 1_762_160_400_000;
/// The token service's group.
const TOKENS: &str = "/aws/lambda/token-provisioning-service";

/// A saved query: id, name, text, groups, parameters with default and description.
type Saved = (
    &'static str,
    &'static str,
    &'static str,
    &'static [&'static str],
    &'static [(&'static str, &'static str, &'static str)],
);

const SAVED: [Saved; 4] = [
    (
        "3f2c7a10-0001-4ba2-8000-000000000001",
        "Tokens/Failures by reason",
        "filter event = \"TOKEN_PROVISION_FAILURE\"\n| stats count(*) as failures by reason\n| sort failures desc",
        &[TOKENS],
        &[],
    ),
    (
        "3f2c7a10-0002-4ba2-8000-000000000002",
        "Tokens/Latency over time",
        "filter event = \"TOKEN_PROVISION_SUCCESS\"\n| stats pct(processingTime, 50) as p50, pct(processingTime, 99) as p99 by bin(5m)",
        &[TOKENS],
        &[],
    ),
    (
        "3f2c7a10-0003-4ba2-8000-000000000003",
        "Tokens/Requests of an issuer",
        "fields @timestamp, event, correlationId, reason\n| filter issuer = \"{{issuer}}\"\n| sort @timestamp desc\n| limit {{most}}",
        &[TOKENS],
        &[("issuer", "Contoso_Bank", "The bank that issued the card"), ("most", "100", "")],
    ),
    (
        "3f2c7a10-0004-4ba2-8000-000000000004",
        "Who changed what",
        "filter readOnly = 0\n| stats count(*) as events by eventSource, eventName\n| sort events desc\n| limit 50",
        &["aws-cloudtrail-logs-demo"],
        &[],
    ),
];

/// Names the saved queries whose names begin so, or all.
pub(super) fn describe(_: &Estate, input: &Wire) -> Result<Wire, ApiError> {
    let prefix = input.text("queryDefinitionNamePrefix").unwrap_or_default();
    let language = input.text("queryLanguage").unwrap_or("CWLI");
    if !["CWLI", "SQL", "PPL"].contains(&language) {
        return Err(ApiError::bad(INVALID, format!("{language} is no query language")));
    }
    let kept = |saved: &&Saved| language == "CWLI" && saved.1.starts_with(prefix);
    let found: Vec<&Saved> = SAVED.iter().filter(kept).collect();
    let limit = limit(input, "maxResults", 1_000, 1_000)?;
    let print = fingerprint("DescribeQueryDefinitions", input, &["maxResults", "nextToken"]);
    let (found, next) = page(found, limit, print, input.text("nextToken"), INVALID)?;
    let found = found.into_iter().map(|(id, name, text, groups, parameters)| {
        let parameters = parameters.iter().map(|(name, default, description)| {
            let description = Some(*description).filter(|words| !words.is_empty());
            Wire::map([
                ("name", (*name).into()),
                ("defaultValue", (*default).into()),
                ("description", description.into()),
            ])
        });
        Wire::map([
            ("queryLanguage", "CWLI".into()),
            ("queryDefinitionId", (*id).into()),
            ("name", (*name).into()),
            ("queryString", (*text).into()),
            ("lastModified", SAVED_MS.into()),
            ("logGroupNames", Wire::list(groups.iter().map(|group| Wire::from(*group)))),
            ("parameters", Wire::list(parameters)),
        ])
    });
    Ok(Wire::map([("queryDefinitions", Wire::list(found)), ("nextToken", next.into())]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::log_query::parameters;

    #[test]
    fn every_saved_query_can_be_run() {
        for (_, name, text, _, given) in SAVED {
            let value = |name: &str| given.iter().find(|(known, _, _)| *known == name).map(|(_, default, _)| *default);
            let text = parameters::fill(text, value).expect(name);
            assert!(crate::insights::parse(&text).is_ok(), "{name}");
        }
    }
}
