//! CloudWatch Logs about itself: `DescribeLogGroups`, `DescribeQueryDefinitions`, `GetLogGroupFields`, `GetLogRecord`.

use std::time::Duration;

use aws_sdk_cloudwatchlogs::types::{self, QueryLanguage};
use chrono::DateTime;

use super::client::Client;
use super::desk::{Again, Closed, Desk, Source};
use super::operation::{DESCRIBE_LOG_GROUPS, DESCRIBE_QUERY_DEFINITIONS, GET_LOG_GROUP_FIELDS, GET_LOG_RECORD};
use crate::app::msg::Update;
use crate::store::health::{SourceError, SourceId};
use crate::store::logbook::{LogAnswer, LogAsk, LogField, LogGroup, LogGroups, Parameter, SavedQuery};
use crate::text;

/// Pages of log groups that are read for one prefix, 50 groups each.
const MOST_PAGES: usize = 40;
/// Saved queries in a page (API Reference, DescribeQueryDefinitions).
const DEFINITIONS: i32 = 1_000;
/// Pages of saved queries that are read.
const DEFINITION_PAGES: usize = 10;
/// Groups that can be named in one DescribeLogGroups (API Reference).
const IDENTIFIERS: usize = 50;
/// *Virtual* span between two looks at groups, fields and saved queries while somebody looks at them.
const EVERY: Duration = Duration::from_mins(15);

/// One question about the logs.
#[derive(Debug)]
pub(super) struct Reading {
    pub(super) ask: LogAsk,
}

impl Source for Reading {
    fn id(&self) -> SourceId {
        self.ask.source()
    }

    fn follows_window(&self) -> bool {
        false
    }

    async fn ask(&mut self, desk: &Desk) -> Result<Result<Again, SourceError>, Closed> {
        let client = &desk.client;
        let answer = match &self.ask {
            LogAsk::Groups(prefix) => groups(client, prefix).await.map(LogAnswer::Groups),
            LogAsk::Definitions => definitions(client).await.map(LogAnswer::Definitions),
            LogAsk::Fields(group) => fields(client, group).await.map(LogAnswer::Fields),
            LogAsk::Record(pointer) => record(client, pointer).await.map(LogAnswer::Record),
        };
        match answer {
            Ok(answer) => {
                desk.tell(Update::Logbook { at: desk.now(), ask: self.ask.clone(), answer }).await?;
                Ok(Ok(if matches!(self.ask, LogAsk::Record(_)) { Again::Never } else { Again::After(EVERY) }))
            }
            Err(error) => Ok(Err(error)),
        }
    }
}

/// The groups whose names begin with a prefix, or all, as many as a few pages hold.
pub(super) async fn groups(client: &Client, prefix: &str) -> Result<LogGroups, SourceError> {
    let mut found = LogGroups::default();
    let mut token = None;
    for _ in 0..MOST_PAGES {
        let prefix = Some(prefix.to_owned()).filter(|prefix| !prefix.is_empty());
        let request = client.logs.describe_log_groups().set_log_group_name_prefix(prefix).set_next_token(token);
        let page = client.call(&DESCRIBE_LOG_GROUPS, request.send()).await?;
        found.groups.extend(page.log_groups.unwrap_or_default().into_iter().map(group));
        token = page.next_token;
        if token.is_none() {
            return Ok(found);
        }
    }
    found.more = true;
    Ok(found)
}

/// The groups of these names and ARNs, as far as they are found; those of linked accounts need their ARN.
pub(super) async fn named(client: &Client, identifiers: &[String]) -> Result<Vec<LogGroup>, SourceError> {
    let mut found = Vec::new();
    for some in identifiers.chunks(IDENTIFIERS) {
        let request = client.logs.describe_log_groups().set_log_group_identifiers(Some(some.to_vec()));
        let page = client.call(&DESCRIBE_LOG_GROUPS, request.send()).await?;
        found.extend(page.log_groups.unwrap_or_default().into_iter().map(group));
    }
    // A server that does not know this parameter returns all groups.
    found.retain(|group| identifiers.iter().any(|id| *id == group.name || *id == group.arn));
    Ok(found)
}

fn group(group: types::LogGroup) -> LogGroup {
    let arn = group.log_group_arn.or(group.arn).unwrap_or_default();
    LogGroup {
        name: clean(&group.log_group_name.unwrap_or_default()),
        arn: clean(arn.trim_end_matches(":*")),
        created: group.creation_time.and_then(DateTime::from_timestamp_millis),
        stored_bytes: group.stored_bytes.and_then(|bytes| u64::try_from(bytes).ok()),
        retention_days: group.retention_in_days.and_then(|days| u32::try_from(days).ok()),
    }
}

/// The account's saved queries in the language of Logs Insights, by name.
pub(super) async fn definitions(client: &Client) -> Result<Vec<SavedQuery>, SourceError> {
    let mut found = Vec::new();
    let mut token = None;
    for _ in 0..DEFINITION_PAGES {
        let request = client.logs.describe_query_definitions().max_results(DEFINITIONS).set_next_token(token);
        let page = client.call(&DESCRIBE_QUERY_DEFINITIONS, request.send()).await?;
        let ours = |query: &types::QueryDefinition| {
            query.query_language.as_ref().is_none_or(|language| *language == QueryLanguage::Cwli)
        };
        found.extend(page.query_definitions.unwrap_or_default().into_iter().filter(ours).map(definition));
        token = page.next_token;
        if token.is_none() {
            break;
        }
    }
    found.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(found)
}

fn definition(query: types::QueryDefinition) -> SavedQuery {
    let parameter = |parameter: types::QueryParameter| Parameter {
        name: clean(&parameter.name),
        default: parameter.default_value.map(|value| clean(&value)),
        description: parameter.description.map(|words| clean(&words)),
    };
    SavedQuery {
        name: clean(&query.name.unwrap_or_default()),
        text: lines(&query.query_string.unwrap_or_default()),
        groups: query.log_group_names.unwrap_or_default(),
        parameters: query.parameters.unwrap_or_default().into_iter().map(parameter).collect(),
    }
}

/// The fields that AWS has discovered in the events of a group around now, the most frequent first.
pub(super) async fn fields(client: &Client, group: &str) -> Result<Vec<LogField>, SourceError> {
    let request = client.logs.get_log_group_fields();
    let request =
        if group.starts_with("arn:") { request.log_group_identifier(group) } else { request.log_group_name(group) };
    let answer = client.call(&GET_LOG_GROUP_FIELDS, request.time(client.now().timestamp()).send()).await?;
    let field = |field: types::LogGroupField| LogField {
        name: clean(&field.name.unwrap_or_default()),
        percent: u8::try_from(field.percent.clamp(0, 100)).unwrap_or(100),
    };
    let mut found: Vec<LogField> = answer.log_group_fields.unwrap_or_default().into_iter().map(field).collect();
    found.sort_by(|a, b| b.percent.cmp(&a.percent).then_with(|| a.name.cmp(&b.name)));
    Ok(found)
}

/// All fields of the record that a pointer stands for. What is masked stays masked: unmasking is never asked for.
pub(super) async fn record(client: &Client, pointer: &str) -> Result<Vec<(String, String)>, SourceError> {
    let request = client.logs.get_log_record().log_record_pointer(pointer);
    let answer = client.call(&GET_LOG_RECORD, request.send()).await?;
    let fields = answer.log_record.unwrap_or_default().into_iter();
    let mut fields: Vec<(String, String)> =
        fields.map(|(name, value)| (clean(&name), field_lines(&name, &value))).collect();
    fields.sort();
    Ok(fields)
}

fn clean(text: &str) -> String {
    text::clean(text).into_owned()
}

/// The value of a field, of several lines, each clean.
fn field_lines(name: &str, value: &str) -> String {
    value.lines().map(|line| text::clean_field(name, line)).collect::<Vec<_>>().join("\n")
}

/// A text of several lines, each clean.
fn lines(text: &str) -> String {
    text::clean_lines(text).collect::<Vec<_>>().join("\n")
}
