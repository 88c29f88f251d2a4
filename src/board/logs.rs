//! `[logs]`: the log groups that a board's searches look into, beside those of its feed.

use crate::config::{Section, Value};

/// The longest name of a log group (API Reference, CreateLogGroup).
const LONGEST: usize = 512;

/// Reads the groups; one that cannot be a log group's name, prefix or ARN is left out with its problem.
pub(super) fn read(mut section: Section<'_>) -> Vec<String> {
    let listed = section.get("groups").and_then(|value| value.list()).unwrap_or_default();
    section.done();
    let mut groups: Vec<String> = Vec::new();
    for value in listed {
        let Some(group) = group(&value) else { continue };
        if groups.contains(&group) {
            value.fail(format!("`{group}` is listed twice"));
        } else {
            groups.push(group);
        }
    }
    groups
}

fn group(value: &Value<'_>) -> Option<String> {
    let text = value.name()?;
    match wrong(&text) {
        Some(why) => {
            value.fail(format!("`{text}`: {why}"));
            None
        }
        None => Some(text),
    }
}

/// Why a text names no log groups: it is neither a name, nor a prefix that ends in `*`, nor an ARN.
///
/// Source: API Reference, CreateLogGroup (characters of a name) and StartQuery (ARNs without a trailing `*`).
pub fn wrong(text: &str) -> Option<&'static str> {
    if text.starts_with("arn:") {
        let is_group = text.split(':').nth(2) == Some("logs") && text.contains(":log-group:");
        return (!is_group || text.contains('*')).then_some("not the ARN of a log group, which has no `*`");
    }
    let name = text.strip_suffix('*').unwrap_or(text);
    let known = |c: char| c.is_ascii_alphanumeric() || "_-/.#".contains(c);
    if name.contains('*') {
        Some("a `*` can only stand at the end")
    } else if text == "*" {
        None
    } else if name.is_empty() || name.len() > LONGEST || !name.chars().all(known) {
        Some("no name of a log group: letters, digits and _ - / . # only")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_prefixes_and_arns_are_log_groups() {
        for good in ["/payments/*", "*", "/aws/lambda/a.b-c_d#1", "arn:aws:logs:us-east-1:123456789012:log-group:/a"] {
            assert_eq!(wrong(good), None, "{good}");
        }
        for bad in ["/a*/b", "/a b", "", "arn:aws:sns:us-east-1:1:t", "arn:aws:logs:us-east-1:1:log-group:/a:*"] {
            assert!(wrong(bad).is_some(), "{bad}");
        }
    }

    #[test]
    fn the_reference_board_names_everything_that_one_request_passes() {
        let board = crate::board::preset("token-provisioning").expect("a preset");
        let groups =
            ["/aws/lambda/token-provisioning-service", "/payments/*", "/website/orders", "aws-cloudtrail-logs-demo"];
        assert_eq!(board.log_groups(), groups);
    }
}
