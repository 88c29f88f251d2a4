//! The log group to which Transaction Search writes spans.

use super::{AFTER, BEFORE, Engine, News};
use crate::analysis::story::ids;
use crate::sources::investigation::groups::{self, Group};

impl Engine {
    /// Asks whether there is a log group of spans.
    pub(super) fn look_for_spans(&mut self) {
        let (client, news) = (self.client.clone(), self.news.0.clone());
        self.open += 1;
        self.tasks.spawn(async move {
            let group = groups::spans(&client).await;
            let _ = news.send(News::Spans(group)).await;
        });
    }

    /// Looks for all that is known in the log group of spans, and for what is known later too.
    pub(super) fn take_spans(&mut self, spans: Group) {
        let Some(groups) = &mut self.groups else {
            self.spans = Some(spans);
            return;
        };
        if groups.iter().any(|group| group.id == spans.id) {
            return;
        }
        groups.push(spans.clone());
        let spans = [spans];
        self.search_given(&spans);
        let joined = self.story.identifiers.iter().filter(|known| known.join.is_some());
        let joined: Vec<String> = joined
            .map(|known| known.value.clone())
            .filter(|value| !self.fresh.contains(value) && ids::trace_id(value).is_none())
            .collect();
        if let Some(range) = self.nearby(BEFORE, AFTER) {
            self.search_groups(&spans, &joined, range);
        }
    }
}
