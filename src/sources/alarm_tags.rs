//! CloudWatch `ListTagsForResource`: the tags of one alarm.
//!
//! DescribeAlarms tells no tags, so that each alarm costs a call: it is made once, when a filter asks for tags.

use aws_sdk_cloudwatch::types::Tag;

use super::client::Client;
use super::desk::{Again, Closed, Desk, Source};
use super::errors::line;
use super::operation::LIST_TAGS;
use crate::app::effect::AlarmRef;
use crate::app::msg::Update;
use crate::store::health::{SourceError, SourceId};

/// The tags of one alarm.
#[derive(Debug)]
pub(super) struct AlarmTags {
    pub(super) alarm: AlarmRef,
}

impl Source for AlarmTags {
    fn id(&self) -> SourceId {
        SourceId::AlarmTags
    }

    async fn ask(&mut self, desk: &Desk) -> Result<Result<Again, SourceError>, Closed> {
        let tags = match of(&desk.client, &self.alarm.arn).await {
            Ok(tags) => tags,
            Err(error) => return Ok(Err(error)),
        };
        desk.tell(Update::AlarmTags { at: desk.now(), alarm: self.alarm.name.clone(), tags }).await?;
        Ok(Ok(Again::Never))
    }
}

/// The tags of the alarm of an ARN: keys and values.
pub(super) async fn of(client: &Client, arn: &str) -> Result<Vec<(String, String)>, SourceError> {
    let request = client.cloudwatch.list_tags_for_resource().resource_arn(arn);
    let answer = client.call(&LIST_TAGS, request.send()).await?;
    let pair = |tag: &Tag| (line(tag.key().unwrap_or_default()), line(tag.value().unwrap_or_default()));
    Ok(answer.tags().iter().map(pair).collect())
}
