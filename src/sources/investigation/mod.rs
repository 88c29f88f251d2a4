//! Investigating identifiers: log groups, X-Ray and CloudTrail at once, and again for whatever they lead to.
//!
//! ```text
//! identifiers ─► groups ─► FilterLogEvents or Logs Insights ─┐
//!             └► BatchGetTraces ─────────────────────────────┤► events, and new identifiers ─► the same for these
//! ```
//!
//! `engine` decides what is asked next, `groups` finds the log groups, `plan` how each is searched, `lines` and `xray` ask.

use std::sync::Arc;

use tokio::sync::mpsc;

use super::client::Client;
use super::desk::{Again, Closed, Desk, Source};
use crate::app::msg::Update;
use crate::board::Board;
use crate::store::health::{SourceError, SourceId};
use crate::store::story::{Story, StoryQuery};

mod engine;
mod groups;
mod lines;
mod plan;
mod xray;

use engine::Engine;

/// Stories that may wait to be taken in: each is whole, so that little is gained by more.
const WAITING: usize = 4;

/// Investigates identifiers. The story is sent to `out` as it grows, for as long as that is open; the whole one is returned.
/// Dropping the future cancels its calls, and stops its queries on AWS.
pub async fn find(client: &Client, board: &Arc<Board>, query: &StoryQuery, out: &mpsc::Sender<Arc<Story>>) -> Story {
    Engine::new(client, Arc::clone(board), query.clone()).run(out).await
}

/// The story of a screen, asked for once: what it costs is not spent twice.
#[derive(Debug)]
pub(super) struct Investigation {
    pub(super) query: StoryQuery,
}

impl Source for Investigation {
    fn id(&self) -> SourceId {
        SourceId::Story
    }

    fn follows_window(&self) -> bool {
        false
    }

    async fn ask(&mut self, desk: &Desk) -> Result<Result<Again, SourceError>, Closed> {
        let (out, mut pages) = mpsc::channel(WAITING);
        let tell = |story: Arc<Story>| Update::Story { at: desk.now(), query: self.query.clone(), story };
        let mut search = Box::pin(find(&desk.client, &desk.board, &self.query, &out));
        let story = loop {
            tokio::select! {
                story = &mut search => break story,
                Some(page) = pages.recv() => desk.tell(tell(page)).await?,
            }
        };
        desk.tell(tell(Arc::new(story))).await?;
        Ok(Ok(Again::Never))
    }
}

#[cfg(test)]
mod tests {
    use crate::sources::operation::ALLOWED;
    use crate::store::story::How;

    #[test]
    fn searches_are_named_by_operations_that_there_are() {
        for how in How::ALL {
            assert!(ALLOWED.iter().any(|operation| operation.to_string() == how.name()), "{how:?}");
        }
    }
}
