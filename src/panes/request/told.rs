//! A request that the feed does not hold, as its lines tell it.

use crate::panes::Cx;
use crate::store::log::LogEvent;
use crate::store::request::{Request, Requests};

/// The request that the lines found for a value tell of: the one of this id, or, for any other identifier, the one that
/// failed, or the newest.
pub(super) fn request(value: &str, cx: &Cx<'_>) -> Option<Request> {
    let rules = cx.board.feed.as_ref()?;
    let events: Vec<LogEvent> = cx.store.lines.get(value)?.data.lines.iter().map(|(_, event)| event.clone()).collect();
    let mut requests = Requests::default();
    requests.fold(rules, &events, &mut crate::store::lines::Lines::default());
    let failed = || requests.newest_first().find(|request| request.status == crate::board::Status::Failed);
    let found = requests.by_id(value).or_else(failed).or_else(|| requests.newest_first().next());
    found.cloned()
}
