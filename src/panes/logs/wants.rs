//! What the screen asks of the sources.

use super::{Cx, Logs, Over, Popup, run};
use crate::app::effect::Subscription;
use crate::store::logbook::LogAsk;
use crate::store::rows::LogQuery;

/// Groups whose fields are asked for completion.
pub(super) const FIELDS_OF: usize = 3;

/// What it needs while it is visible.
pub(super) fn wants(logs: &Logs, cx: &Cx<'_>) -> Vec<Subscription> {
    let ask = |ask: LogAsk| Subscription::Logbook(ask);
    let chosen = logs.reads(cx).unwrap_or_default();
    // Sizes, for what a query will cost, and the names behind prefixes.
    let sized = chosen.iter().filter(|group| !group.starts_with("arn:"));
    let mut wants: Vec<Subscription> =
        sized.map(|group| ask(LogAsk::Groups(run::prefix(group).unwrap_or(group).to_owned()))).collect();
    if logs.typing {
        let groups = run::resolved(&chosen, cx).ok().flatten().unwrap_or_default();
        wants.extend(groups.into_iter().take(FIELDS_OF).map(|group| ask(LogAsk::Fields(group))));
    }
    match &logs.popup {
        Some(Popup::Groups(_)) => wants.push(ask(LogAsk::Groups(String::new()))),
        Some(Popup::Queries(_)) => wants.push(ask(LogAsk::Definitions)),
        None => {}
    }
    if let Some(Over::Record(record)) = &logs.over
        && let Some(pointer) = record.pointer()
        && !cx.store.logbook.records.contains_key(pointer)
    {
        wants.push(ask(LogAsk::Record(pointer.to_owned())));
    }
    wants.extend(lasting(logs, cx));
    wants
}

/// What goes on while something else is looked at: a query that runs.
pub(super) fn lasting(logs: &Logs, cx: &Cx<'_>) -> Vec<Subscription> {
    let Some(run) = &logs.run else { return Vec::new() };
    let mut wants = Vec::new();
    if run.is_under_way(cx) {
        let reads = run.reads(cx).unwrap_or_default();
        let prefixes = reads.iter().filter_map(|choice| run::prefix(choice));
        wants.extend(prefixes.map(|prefix| Subscription::Logbook(LogAsk::Groups(prefix.to_owned()))));
        wants.extend(run.query(cx).cloned().map(Subscription::Logs));
    }
    let earlier = logs.earlier(cx).filter(|_| logs.wants_earlier());
    let open = |query: &LogQuery| {
        cx.store.rows.get(query).is_none_or(|feed| feed.data.running && feed.health.trouble().is_none())
    };
    wants.extend(earlier.filter(open).map(Subscription::Logs));
    wants
}
