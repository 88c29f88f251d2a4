//! DescribeAlarmContributors.

use crate::demo::Estate;
use crate::demo::cloudwatch::query::invalid;
use crate::demo::wire::{ApiError, Wire};

use super::catalogue::definitions;

/// Answers DescribeAlarmContributors: no alarm of the estate watches several time series, so none has a contributor.
pub(crate) fn describe_alarm_contributors(estate: &Estate, input: &Wire) -> Result<Wire, ApiError> {
    let Some(name) = input.text("AlarmName") else { return Err(invalid("The parameter AlarmName is required.")) };
    if input.text("NextToken").is_some() {
        return Err(ApiError::bad("InvalidNextToken", "The next token specified is invalid."));
    }
    if !definitions(estate.world.rate()).iter().any(|alarm| alarm.name == name) {
        return Err(ApiError::with_status(404, "ResourceNotFoundException", format!("Alarm {name} does not exist.")));
    }
    Ok(Wire::map([("AlarmContributors", Wire::List(Vec::new()))]))
}
