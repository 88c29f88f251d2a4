//! CloudWatch Logs `FilterLogEvents`: one page at a time.

use aws_sdk_cloudwatchlogs::operation::filter_log_events::builders::FilterLogEventsFluentBuilder;
use aws_sdk_cloudwatchlogs::types::FilteredLogEvent;

use super::client::Client;
use super::operation::FILTER_LOG_EVENTS;
use crate::clock::Time;
use crate::store::health::SourceError;

/// 2024-01-01T00:00:00Z: a search that starts earlier can't be read backward (API Reference, FilterLogEvents).
const BACKWARD_SINCE_S: i64 = 1_704_067_200;

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
        let page = client.call(&FILTER_LOG_EVENTS, self.request(client, token).send()).await?;
        Ok((page.events.unwrap_or_default(), page.next_token))
    }

    /// Like [`Self::page`], of at most `most` events, the newest first where the server can do that.
    pub(super) async fn newest(
        &self,
        client: &Client,
        token: Option<String>,
        most: usize,
    ) -> Result<(Vec<FilteredLogEvent>, Option<String>), SourceError> {
        let backward = self.from.timestamp() >= BACKWARD_SINCE_S;
        let request = self.request(client, token).limit(i32::try_from(most).unwrap_or(i32::MAX));
        let request = request.set_start_from_head(backward.then_some(false));
        let page = client.call(&FILTER_LOG_EVENTS, request.send()).await?;
        Ok((page.events.unwrap_or_default(), page.next_token))
    }

    /// Like [`Self::page`], of at most `most` events, the oldest first.
    pub(super) async fn oldest(
        &self,
        client: &Client,
        token: Option<String>,
        most: usize,
    ) -> Result<(Vec<FilteredLogEvent>, Option<String>), SourceError> {
        let request = self.request(client, token).limit(i32::try_from(most).unwrap_or(i32::MAX));
        let page = client.call(&FILTER_LOG_EVENTS, request.send()).await?;
        Ok((page.events.unwrap_or_default(), page.next_token))
    }

    fn request(&self, client: &Client, token: Option<String>) -> FilterLogEventsFluentBuilder {
        let request = client
            .logs
            .filter_log_events()
            .start_time(self.from.timestamp_millis())
            .end_time(self.to.timestamp_millis())
            .set_filter_pattern(self.pattern.clone())
            .set_next_token(token);
        if self.group.starts_with("arn:") {
            request.log_group_identifier(&self.group)
        } else {
            request.log_group_name(&self.group)
        }
    }
}
