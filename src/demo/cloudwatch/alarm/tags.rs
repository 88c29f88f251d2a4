//! ListTagsForResource.

use crate::demo::Estate;
use crate::demo::cloudwatch::query::invalid;
use crate::demo::wire::{ApiError, Wire};

use super::catalogue::definitions;

/// Answers ListTagsForResource for an alarm's ARN.
pub(crate) fn list_tags_for_resource(estate: &Estate, input: &Wire) -> Result<Wire, ApiError> {
    let Some(arn) = input.text("ResourceARN") else { return Err(invalid("The parameter ResourceARN is required.")) };
    let alarms = definitions(estate.world.rate());
    let Some(alarm) = alarms.iter().find(|alarm| alarm.arn() == arn) else {
        let status = 404;
        return Err(ApiError::with_status(status, "ResourceNotFoundException", format!("{arn} does not exist")));
    };
    let tag = |(key, value): &(&str, &str)| Wire::map([("Key", (*key).into()), ("Value", (*value).into())]);
    Ok(Wire::map([("Tags", Wire::List(alarm.tags.iter().map(tag).collect()))]))
}
