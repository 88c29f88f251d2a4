//! GetGroups, and which traces a group takes.

use super::INVALID;
use crate::demo::Estate;
use crate::demo::wire::{ApiError, Wire};

/// A group of traces.
#[derive(Debug)]
pub(super) struct Group {
    name: &'static str,
    /// The end of its ARN.
    arn: &'static str,
    /// What its traces pass; the default group has every trace.
    pub(super) filter: Option<&'static str>,
    /// The issuer whose requests these are, as the world counts them.
    pub(super) issuer: Option<&'static str>,
}

/// Every group. X-Ray's default group is there in every account.
const GROUPS: [Group; 2] = [
    Group { name: "Default", arn: "Default", filter: None, issuer: None },
    Group {
        name: "contoso",
        arn: "contoso/4QXEXAMPLEDEMO7CONTOSO",
        filter: Some("annotation.Issuer = \"Contoso_Bank\""),
        issuer: Some("Contoso_Bank"),
    },
];

impl Group {
    fn arn(&self) -> String {
        format!("arn:aws:xray:{}:{}:group/{}", Estate::REGION, Estate::ACCOUNT, self.arn)
    }
}

/// Answers GetGroups: all of them at once.
pub(super) fn get() -> Wire {
    let group = |group: &Group| {
        Wire::map([
            ("GroupName", group.name.into()),
            ("GroupARN", group.arn().into()),
            ("FilterExpression", group.filter.into()),
            ("InsightsConfiguration", Wire::map([("InsightsEnabled", false.into())])),
        ])
    };
    Wire::map([("Groups", Wire::list(GROUPS.iter().map(group)))])
}

/// The group of a name or an ARN.
pub(super) fn find(text: &str) -> Result<&'static Group, ApiError> {
    let found = GROUPS.iter().find(|group| group.name == text || group.arn() == text);
    found.ok_or_else(|| ApiError::bad(INVALID, format!("The group {text} does not exist")))
}

/// The issuer to whose requests a call confines itself by its group, if it names one.
pub(super) fn issuer(input: &Wire) -> Result<Option<&'static str>, ApiError> {
    let named = input.text("GroupName").or(input.text("GroupARN"));
    named.map_or(Ok(None), |text| find(text).map(|group| group.issuer))
}
