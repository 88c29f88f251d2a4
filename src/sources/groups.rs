//! CloudWatch Logs `DescribeLogGroups`: the ARNs of log groups that are known by name.

use super::client::Client;
use super::errors::told;
use super::operation::DESCRIBE_LOG_GROUPS;
use crate::store::health::{ErrorKind, SourceError};

/// The ARNs of log groups, in the order of their names, as StartLiveTail wants them: without `:*`.
pub(super) async fn arns(client: &Client, names: &[String]) -> Result<Vec<String>, SourceError> {
    let mut arns = Vec::with_capacity(names.len());
    for name in names {
        arns.push(arn(client, name).await?);
    }
    Ok(arns)
}

async fn arn(client: &Client, name: &str) -> Result<String, SourceError> {
    if name.starts_with("arn:") {
        return Ok(name.trim_end_matches(":*").to_owned());
    }
    let mut token = None;
    loop {
        let request = client.logs.describe_log_groups().log_group_name_prefix(name).set_next_token(token);
        let page = client.call(&DESCRIBE_LOG_GROUPS, request.send()).await?;
        let found = page.log_groups().iter().find(|group| group.log_group_name() == Some(name));
        if let Some(arn) = found.and_then(|group| group.log_group_arn().or(group.arn())) {
            return Ok(arn.trim_end_matches(":*").to_owned());
        }
        token = page.next_token;
        if token.is_none() {
            let words = format!("the log group {name} does not exist");
            return Err(told(ErrorKind::NotFound, &DESCRIBE_LOG_GROUPS, &words, client.now()));
        }
    }
}

/// The index of the group that a Live Tail event names by `account:name` or ARN.
pub(super) fn index(names: &[String], identifier: &str) -> Option<u16> {
    let same = |name: &String| {
        let plain = name.rsplit_once(":log-group:").map_or(name.as_str(), |(_, plain)| plain);
        let plain = plain.trim_end_matches(":*");
        let identifier = identifier.trim_end_matches(":*");
        identifier == plain || identifier.strip_suffix(plain).is_some_and(|before| before.ends_with(':'))
    };
    let found = names.iter().position(same).or((names.len() == 1).then_some(0))?;
    u16::try_from(found).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_of_all_forms_find_their_group() {
        let names = ["/a".to_owned(), "/b/a".to_owned(), "arn:aws:logs:us-east-1:1:log-group:/c".to_owned()];
        let cases = [
            ("/a", Some(0)),
            ("123456789012:/a", Some(0)),
            ("123456789012:/b/a", Some(1)),
            ("arn:aws:logs:us-east-1:1:log-group:/b/a:*", Some(1)),
            ("123456789012:/c", Some(2)),
            ("123456789012:/d", None),
        ];
        for (identifier, expected) in cases {
            assert_eq!(index(&names, identifier), expected, "{identifier}");
        }
        assert_eq!(index(&names[..1], "whatever"), Some(0), "one group needs no name");
    }
}
