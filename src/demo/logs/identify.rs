//! Log groups by name or ARN.

use super::INVALID;
use crate::demo::Estate;
use crate::demo::wire::{ApiError, Wire};
use crate::demo::world::LogGroup;

/// The ARN of a log group, without the `:*` that stands for its streams.
pub(super) fn arn(name: &str) -> String {
    format!("arn:aws:logs:{}:{}:log-group:{name}", Estate::REGION, Estate::ACCOUNT)
}

/// The log group that a request names by `logGroupName` or `logGroupIdentifier`; exactly one of them.
pub(super) fn one<'a>(estate: &'a Estate, input: &Wire) -> Result<&'a LogGroup, ApiError> {
    match (input.text("logGroupName"), input.text("logGroupIdentifier")) {
        (Some(name), None) => by_name(estate, name),
        (None, Some(identifier)) => by_identifier(estate, identifier),
        (None, None) => Err(ApiError::bad(INVALID, "One of logGroupName and logGroupIdentifier must be specified")),
        (Some(_), Some(_)) => {
            Err(ApiError::bad(INVALID, "Only one of logGroupName and logGroupIdentifier can be specified"))
        }
    }
}

/// The log group of a name or an ARN.
pub(super) fn by_identifier<'a>(estate: &'a Estate, identifier: &str) -> Result<&'a LogGroup, ApiError> {
    if identifier.starts_with("arn:") { by_arn(estate, identifier) } else { by_name(estate, identifier) }
}

/// The log group of an ARN; one that ends in `*` is refused, as AWS refuses it.
pub(super) fn by_arn<'a>(estate: &'a Estate, identifier: &str) -> Result<&'a LogGroup, ApiError> {
    if identifier.ends_with('*') {
        return Err(ApiError::bad(
            INVALID,
            format!("The log group identifier {identifier} can't end with an asterisk"),
        ));
    }
    let Some(name) = identifier.strip_prefix(&arn("")) else {
        return Err(ApiError::bad(INVALID, format!("{identifier} is not the ARN of a log group of this account")));
    };
    by_name(estate, name)
}

fn by_name<'a>(estate: &'a Estate, name: &str) -> Result<&'a LogGroup, ApiError> {
    let found = estate.world.log_groups().iter().find(|group| group.name == name);
    found.ok_or_else(|| ApiError::bad("ResourceNotFoundException", "The specified log group does not exist."))
}
