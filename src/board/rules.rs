//! `[feed]`: how log lines become requests.

use std::time::Duration;

use super::feed::{Column, FeedRules, Status};
use super::ids;
use crate::config::{Section, Value};

/// How long a request may stay pending where the board does not say.
const OVERDUE_AFTER: Duration = Duration::from_mins(1);
/// What an event may mean.
const STATUSES: [(&str, Status); 3] =
    [("pending", Status::Pending), ("success", Status::Success), ("failed", Status::Failed)];

/// Reads the feed's rules; `None` where one that it cannot do without is missing or wrong.
pub(super) fn read(mut section: Section<'_>) -> Option<FeedRules> {
    let log_groups = section.need("log_groups").and_then(|value| groups(&value));
    let event_field = section.need_name("event_field");
    let id_field = section.need_name("id_field");
    let statuses = section.need("statuses").and_then(|value| value.section()).map(statuses);
    let mut field = |key| section.name(key).unwrap_or_default();
    let correlation_field = field("correlation_field");
    let trace_field = field("trace_field");
    let latency_field = field("latency_field");
    let reason_field = field("reason_field");
    let mut columns: Vec<Column> = Vec::new();
    for section in section.sections("column", "columns") {
        let column = column(section, &columns);
        columns.extend(column);
    }
    let identifiers = section.get("identifiers").and_then(|value| value.names());
    let annotations = section.get("annotations").and_then(|value| value.names());
    let overdue_after = section.get("overdue_after").and_then(|value| value.span()).unwrap_or(OVERDUE_AFTER);
    section.done();
    let id_field = id_field?;
    let identifiers = identifiers.unwrap_or_else(|| {
        [&id_field, &correlation_field, &trace_field].into_iter().filter(|name| !name.is_empty()).cloned().collect()
    });
    let annotations = annotations
        .unwrap_or_else(|| Some(correlation_field.clone()).filter(|name| !name.is_empty()).into_iter().collect());
    Some(FeedRules {
        log_groups: log_groups?,
        event_field: event_field?,
        statuses: statuses?,
        id_field,
        correlation_field,
        trace_field,
        latency_field,
        reason_field,
        columns,
        identifiers,
        annotations,
        overdue_after,
    })
}

fn groups(value: &Value<'_>) -> Option<Vec<String>> {
    let names = value.names()?;
    if names.is_empty() {
        value.fail("`log_groups` must name at least one log group");
        return None;
    }
    Some(names)
}

fn statuses(section: Section<'_>) -> Vec<(String, Status)> {
    let entries = section.entries().into_iter();
    entries.filter_map(|(key, value)| Some((key.key().to_owned(), value.choice("status", &STATUSES)?))).collect()
}

fn column(mut section: Section<'_>, others: &[Column]) -> Option<Column> {
    let id = ids::own(&mut section, others.iter().map(|column| column.id.as_str()));
    let (title, field) = (section.label("title"), section.name("field"));
    section.done();
    let id = id?;
    Some(Column { title: title.unwrap_or_else(|| id.clone()), field: field.unwrap_or_else(|| id.clone()), id })
}
