//! X-Ray `GetGroups`: the groups of an account, which filter expressions can name.

use super::desk::{Again, Closed, Desk, Source};
use super::operation::GET_GROUPS;
use crate::app::msg::Update;
use crate::store::health::{SourceError, SourceId};
use crate::store::trace_list::TraceGroup;

/// Pages that are read at most; an account may have 25 groups.
const MOST_PAGES: usize = 20;

/// The source of X-Ray's groups.
#[derive(Debug, Clone, Copy)]
pub(super) struct TraceGroups;

impl Source for TraceGroups {
    fn id(&self) -> SourceId {
        SourceId::TraceGroups
    }

    fn follows_window(&self) -> bool {
        false
    }

    async fn ask(&mut self, desk: &Desk) -> Result<Result<Again, SourceError>, Closed> {
        let mut groups = Vec::new();
        let mut token = None;
        for _ in 0..MOST_PAGES {
            let request = desk.client.xray.get_groups().set_next_token(token);
            let page = match desk.client.call(&GET_GROUPS, request.send()).await {
                Ok(page) => page,
                Err(error) => return Ok(Err(error)),
            };
            groups.extend(page.groups().iter().filter_map(|group| {
                Some(TraceGroup {
                    name: group.group_name()?.to_owned(),
                    arn: group.group_arn().unwrap_or_default().to_owned(),
                    filter: group.filter_expression().unwrap_or_default().to_owned(),
                })
            }));
            token = page.next_token.filter(|token| !token.is_empty());
            if token.is_none() {
                break;
            }
        }
        desk.tell(Update::TraceGroups { at: desk.now(), groups }).await?;
        Ok(Ok(Again::Never))
    }
}
