//! The one operation of STS that tools ask before anything else: who am I?

use super::Estate;
use super::wire::route::{Protocol, unknown_operation};
use super::wire::{ApiError, Wire};

/// Who calls the demo, whatever credentials it shows.
pub(super) const CALLER: &str = "arn:aws:sts::123456789012:assumed-role/oncall/baro";

/// Answers one operation.
pub(super) fn call(operation: &str) -> Result<Wire, ApiError> {
    match operation {
        "GetCallerIdentity" => Ok(Wire::map([
            ("Arn", CALLER.into()),
            ("UserId", "AROADEMOONCALLEXAMPLE:baro".into()),
            ("Account", Estate::ACCOUNT.into()),
        ])),
        other => Err(unknown_operation(Protocol::Query, other)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_caller_is_of_the_demos_account() {
        let identity = call("GetCallerIdentity").expect("known");
        assert_eq!(identity.text("Account"), Some(Estate::ACCOUNT));
        assert!(CALLER.contains(Estate::ACCOUNT));
        assert_eq!(call("AssumeRole").map_err(|error| error.code), Err("InvalidAction"));
    }
}
