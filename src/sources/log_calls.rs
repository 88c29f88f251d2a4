//! CloudWatch Logs `FilterLogEvents`: one page at a time.

use aws_sdk_cloudwatchlogs::types::FilteredLogEvent;

use super::client::Client;
use super::operation::FILTER_LOG_EVENTS;
use crate::clock::Time;
use crate::store::health::SourceError;

/// Which events of which group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Search {
    /// The log group's name or ARN.
    pub(super) group: String,
    /// First instant, inclusive.
    pub(super) from: Time,
    /// Last instant, inclusive: AWS leaves out what is *later*.
    pub(super) to: Time,
    /// Filter pattern; `None` for everything.
    pub(super) pattern: Option<String>,
}

impl Search {
    /// The page after `token`, and the token of the next one. An empty page with a token is normal.
    pub(super) async fn page(
        &self,
        client: &Client,
        token: Option<String>,
    ) -> Result<(Vec<FilteredLogEvent>, Option<String>), SourceError> {
        let mut request = client
            .logs
            .filter_log_events()
            .start_time(self.from.timestamp_millis())
            .end_time(self.to.timestamp_millis())
            .set_filter_pattern(self.pattern.clone())
            .set_next_token(token);
        request = if self.group.starts_with("arn:") {
            request.log_group_identifier(&self.group)
        } else {
            request.log_group_name(&self.group)
        };
        let page = client.call(&FILTER_LOG_EVENTS, request.send()).await?;
        Ok((page.events.unwrap_or_default(), page.next_token))
    }
}
