//! What the lists of groups and of queries offer.

use std::collections::HashSet;

use super::expected::group;
use super::wants::FIELDS_OF;
use super::{Cx, Logs, Popup, run};
use crate::analysis::log_query::columns;
use crate::analysis::log_query::estimate::bytes_words;
use crate::panes::picker::{Item, Picker};
use crate::store::logbook::{LogGroup, SavedQuery};
use crate::text::{clean, units};

impl Logs {
    /// The fields that completion offers, with a word on each.
    pub(super) fn fields(&self, cx: &Cx<'_>) -> Vec<(String, String)> {
        let mut found: Vec<(String, String)> = Vec::new();
        let reads = self.reads(cx).unwrap_or_default();
        let groups = run::resolved(&reads, cx).ok().flatten().unwrap_or_default();
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
            Some(Popup::Groups(picker)) => self.group_items(picker, cx),
            Some(Popup::Queries(_)) => queries(cx).into_iter().map(|(item, _)| item).collect(),
            None => Vec::new(),
        }
    }

    /// What is typed where it is a prefix or an ARN, the groups that are read now, those that are marked, the others of the
    /// board, and all others of the account.
    fn group_items(&self, picker: &Picker, cx: &Cx<'_>) -> Vec<Item> {
        let now = self.groups(cx);
        let defaults = cx.board.query_groups();
        let of_board = if cx.board.is_of_files() { Vec::new() } else { cx.board.log_groups() };
        let known = cx.store.logbook.groups.get("").map(|feed| feed.data.groups.as_slice()).unwrap_or_default();
        let typed = picker.typed();
        let as_typed =
            Some(typed).filter(|typed| typed.len() > 1 && (typed.ends_with('*') || typed.starts_with("arn:")));
        let first = as_typed.map(str::to_owned).into_iter().chain(now.iter().cloned());
        let first = first.chain(picker.marked().iter().cloned()).chain(of_board.iter().cloned());
        let mut seen = HashSet::new();
        let names = first.chain(known.iter().map(|group| group.name.clone())).filter(|name| seen.insert(name.clone()));
        let item = |name: String| {
            let is_of_board = of_board.contains(&name);
            let belongs = match (defaults.contains(&name), is_of_board) {
                (true, _) => Some("default"),
                (false, true) => Some("not by default"),
                (false, false) => None,
            };
            let detail = belongs.map(str::to_owned).into_iter().chain(detail(&name, known, cx));
            let detail = detail.collect::<Vec<_>>().join(" · ");
            Item { chosen: now.contains(&name), name, detail }
        };
        names.map(item).collect()
    }

    /// The query of an item.
    #[expect(clippy::unused_self, reason = "it is the query of this pane's list")]
    pub(super) fn query_named(&self, name: &str, cx: &Cx<'_>) -> Option<SavedQuery> {
        queries(cx).into_iter().find(|(item, _)| item.name == name).map(|(_, query)| query)
    }
}

/// What is known of a group, or of all that a prefix stands for.
fn detail(name: &str, known: &[LogGroup], cx: &Cx<'_>) -> Option<String> {
    let Some(prefix) = run::prefix(name) else { return group(&cx.store.logbook, name).map(size) };
    let own = cx.store.logbook.groups.get(prefix).map(|feed| feed.data.groups.as_slice());
    let found: Vec<&LogGroup> = own.unwrap_or(known).iter().filter(|group| group.name.starts_with(prefix)).collect();
    if found.is_empty() {
        // As long as nothing is known of any group, nothing is known of these.
        return (own.is_some() || !known.is_empty()).then(|| "none begins so".to_owned());
    }
    let stored: u64 = found.iter().filter_map(|group| group.stored_bytes).sum();
    Some(format!("all {} that begin so · {}", found.len(), bytes_words(stored as f64)))
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
