//! What the lists of groups and of queries offer.

use super::picker::Item;
use super::wants::FIELDS_OF;
use super::{Cx, Logs, Popup, run};
use crate::analysis::log_query::columns;
use crate::analysis::log_query::estimate::bytes_words;
use crate::store::logbook::{LogGroup, SavedQuery};
use crate::text::{clean, units};

impl Logs {
    /// The fields that completion offers, with a word on each.
    pub(super) fn fields(&self, cx: &Cx<'_>) -> Vec<(String, String)> {
        let mut found: Vec<(String, String)> = Vec::new();
        let groups = run::resolved(&self.groups(cx), cx).ok().flatten().unwrap_or_default();
        for group in groups.iter().take(FIELDS_OF) {
            let Some(feed) = cx.store.logbook.fields.get(group) else { continue };
            for field in &feed.data {
                if !found.iter().any(|(name, _)| *name == field.name) {
                    found.push((field.name.clone(), format!("in {} % of events", field.percent)));
                }
            }
        }
        let rows = self.rows(cx).map(|rows| columns::names(rows.rows.get(..200).unwrap_or(&rows.rows)));
        for name in rows.into_iter().flatten() {
            if !found.iter().any(|(known, _)| *known == name) && !name.contains('(') {
                found.push((name, "in the rows".to_owned()));
            }
        }
        for name in ["@timestamp", "@message", "@logStream", "@log", "@ingestionTime"] {
            if !found.iter().any(|(known, _)| known == name) {
                found.push((name.to_owned(), String::new()));
            }
        }
        found
    }

    /// The items of the list that is open.
    pub(super) fn items(&self, cx: &Cx<'_>) -> Vec<Item> {
        match &self.popup {
            Some(Popup::Groups(picker)) => self.group_items(picker.typed(), cx),
            Some(Popup::Queries(_)) => queries(cx).into_iter().map(|(item, _)| item).collect(),
            None => Vec::new(),
        }
    }

    /// Groups of the account, those that are chosen first, and the prefix that is typed where it ends in `*`.
    fn group_items(&self, typed: &str, cx: &Cx<'_>) -> Vec<Item> {
        let chosen = self.groups(cx);
        let known = cx.store.logbook.groups.get("").map(|feed| feed.data.groups.as_slice()).unwrap_or_default();
        let mut items: Vec<Item> = Vec::new();
        if let Some(prefix) = typed.strip_suffix('*')
            && !chosen.iter().any(|name| name == typed)
        {
            let count = known.iter().filter(|group| group.name.starts_with(prefix)).count();
            items.push(group_item(typed, format!("all {count} that begin so"), &chosen));
        }
        let detail = |name: &str| known.iter().find(|group| group.name == name).map(size).unwrap_or_default();
        items.extend(chosen.iter().map(|name| group_item(name, detail(name), &chosen)));
        let others = known.iter().filter(|group| !chosen.contains(&group.name));
        items.extend(others.map(|group| group_item(&group.name, size(group), &chosen)));
        items
    }

    /// The query of an item.
    #[expect(clippy::unused_self, reason = "it is the query of this pane's list")]
    pub(super) fn query_named(&self, name: &str, cx: &Cx<'_>) -> Option<SavedQuery> {
        queries(cx).into_iter().find(|(item, _)| item.name == name).map(|(_, query)| query)
    }
}

/// The item of a group.
fn group_item(name: &str, detail: String, chosen: &[String]) -> Item {
    Item { name: name.to_owned(), detail, chosen: chosen.iter().any(|known| known == name) }
}

fn size(group: &LogGroup) -> String {
    let stored = group.stored_bytes.map(|bytes| bytes_words(bytes as f64));
    let kept = group.retention_days.map_or_else(|| "for ever".to_owned(), |days| format!("{days} d"));
    stored.map_or_else(String::new, |stored| format!("{stored} · {kept}"))
}

/// Saved queries of the board, of the account, and those that were run, newest first.
fn queries(cx: &Cx<'_>) -> Vec<(Item, SavedQuery)> {
    let one_line = |text: &str| clean(&text.split_whitespace().collect::<Vec<_>>().join(" ")).into_owned();
    let mut found: Vec<(Item, SavedQuery)> = Vec::new();
    let saved = |query: &SavedQuery, whose: &str| {
        let detail = format!("{whose} · {}", one_line(&query.text));
        (Item { name: query.name.clone(), detail, chosen: false }, query.clone())
    };
    found.extend(cx.board.queries.iter().map(|query| saved(query, "board")));
    for query in &cx.store.logbook.definitions.data {
        if !found.iter().any(|(item, _)| item.name == query.name) {
            found.push(saved(query, "account"));
        }
    }
    for asked in &cx.store.logbook.asked {
        let name = one_line(&asked.text);
        if found.iter().any(|(item, _)| item.name == name) {
            continue;
        }
        let ago = units::span((cx.now - asked.at).num_seconds().max(0));
        let query = SavedQuery {
            name: name.clone(),
            text: asked.text.clone(),
            groups: asked.groups.clone(),
            parameters: Vec::new(),
        };
        found.push((Item { name, detail: format!("run {ago} ago"), chosen: false }, query));
    }
    found
}
