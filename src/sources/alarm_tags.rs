//! CloudWatch `ListTagsForResource`: the tags of one alarm.
//!
//! DescribeAlarms tells no tags, so that each alarm costs a call: it is made once, when a filter asks for tags.

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
        let request = desk.client.cloudwatch.list_tags_for_resource().resource_arn(&self.alarm.arn);
        let answer = match desk.client.call(&LIST_TAGS, request.send()).await {
            Ok(answer) => answer,
            Err(error) => return Ok(Err(error)),
        };
        let pair = |tag: &aws_sdk_cloudwatch::types::Tag| {
            (line(tag.key().unwrap_or_default()), line(tag.value().unwrap_or_default()))
        };
        let tags = answer.tags().iter().map(pair).collect();
        desk.tell(Update::AlarmTags { at: desk.now(), alarm: self.alarm.name.clone(), tags }).await?;
        Ok(Ok(Again::Never))
    }
}
