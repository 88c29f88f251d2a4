//! Which alarm stands where.

use std::collections::{HashMap, HashSet};

use chrono::TimeDelta;

use super::filter::Filter;
use super::item::Item;
use crate::clock::Time;
use crate::panes::Cx;
use crate::store::alarm::{Alarm, AlarmState};
use crate::store::episode::Severity;

/// How deep composites of composites are drawn.
const DEEPEST: usize = 4;
/// What begins to fire within this time after something else of an incident belongs to the incident.
const TOGETHER: TimeDelta = TimeDelta::minutes(10);

/// A row of the list.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Placed<'a> {
    /// What stands there.
    pub(super) what: What<'a>,
    /// Its branch of the tree of composites and incidents: `├ `, ` │ └ `.
    pub(super) tree: String,
}

/// What stands in a row.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum What<'a> {
    /// The heading of an incident.
    Incident(Incident<'a>),
    /// An alarm or a rule.
    Item(Item<'a>),
}

/// Several things that began to fire one soon after the other.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Incident<'a> {
    /// When the first of them began.
    pub(super) began: Time,
    /// All of them that fire, children of composites among them.
    pub(super) members: Vec<Item<'a>>,
    /// Whether they are hidden behind the heading.
    pub(super) folded: bool,
}

/// What a row is, wherever it stands.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Key {
    /// An incident, by its beginning.
    Incident(Time),
    /// An alarm, by name.
    Alarm(String),
    /// A rule, by id.
    Rule(String),
}

impl Placed<'_> {
    /// The key of the row.
    pub(super) fn key(&self) -> Key {
        match &self.what {
            What::Incident(incident) => Key::Incident(incident.began),
            What::Item(Item::Alarm(alarm)) => Key::Alarm(alarm.name.clone()),
            What::Item(Item::Rule(rule)) => Key::Rule(rule.id.clone()),
        }
    }
}

/// The rows of the list.
///
/// What fires comes first, then what fires and is taken care of, then what has no data, then the rest. Among what fires,
/// what matters more comes first, then what began first, which is nearest to the cause. A composite stands above those of
/// its children that are shown, and an alarm stands once, under the first composite that names it; a family goes by its
/// worst member. Families and single things that began to fire within ten minutes of one another stand under one heading.
/// A filter shows what passes, without tree and headings.
pub(super) fn placed<'a>(cx: &Cx<'a>, filter: &Filter, folded: &HashSet<Time>) -> Vec<Placed<'a>> {
    let tree = Tree::new(cx);
    if !filter.is_empty() {
        let passes = |item: &Item<'a>| filter.passes(item, cx.store, item.severity(cx), cx.now);
        let mut passing: Vec<Family<'a>> =
            Item::all(cx).filter(passes).map(|item| Family::of(vec![item], cx)).collect();
        passing.sort_by(|a, b| a.order().cmp(&b.order()));
        let row = |family: Family<'a>| Placed { what: What::Item(family.members[0]), tree: String::new() };
        return passing.into_iter().map(row).collect();
    }
    let mut families: Vec<Family<'a>> =
        tree.roots().into_iter().map(|root| Family::of(tree.family(root), cx)).collect();
    families.sort_by(|a, b| a.order().cmp(&b.order()));
    let open = families.iter().take_while(|family| family.rank == Rank::Open).count();
    let calm = families.split_off(open);
    let mut rows = Rows { tree, seen: HashSet::new(), placed: Vec::new() };
    for together in incidents(families) {
        rows.incident(&together, folded);
    }
    for family in calm {
        rows.place(family.members[0], "", "");
    }
    // Composites that name each other have no root; they are shown all the same.
    for item in Item::all(cx) {
        rows.place(item, "", "");
    }
    rows.placed
}

/// Families that began within [`TOGETHER`] of one another; those that matter more first, then the earliest.
fn incidents(mut families: Vec<Family<'_>>) -> Vec<Vec<Family<'_>>> {
    families.sort_by_key(|family| (family.began.is_none(), family.began));
    let mut groups: Vec<(Option<Time>, Vec<Family<'_>>)> = Vec::new();
    for family in families {
        match groups.last_mut() {
            Some((Some(newest), group)) if family.began.is_some_and(|began| began <= *newest + TOGETHER) => {
                *newest = (*newest).max(family.newest.unwrap_or(*newest));
                group.push(family);
            }
            Some(_) | None => groups.push((family.newest, vec![family])),
        }
    }
    let mut groups: Vec<Vec<Family<'_>>> = groups.into_iter().map(|(_, group)| group).collect();
    for group in &mut groups {
        group.sort_by(|a, b| a.order().cmp(&b.order()));
    }
    let worst = |group: &[Family<'_>]| group.iter().map(|family| family.severity).min();
    groups.sort_by_key(|group| (worst(group), group.iter().filter_map(|family| family.began).min()));
    groups
}

/// Where a family stands among others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    /// Something in it fires, and nobody takes care of it.
    Open,
    /// What fires in it is taken care of.
    Acknowledged,
    /// Nothing fires, something has no data.
    NoData,
    /// All is well.
    Ok,
}

/// A thing with what stands under it.
struct Family<'a> {
    /// The thing, then its children, in the order of the rule.
    members: Vec<Item<'a>>,
    rank: Rank,
    severity: Severity,
    /// When the first of what fires began; of a calm one, since when the thing has been in its state.
    began: Option<Time>,
    /// When the last of what fires began.
    newest: Option<Time>,
}

impl<'a> Family<'a> {
    fn of(members: Vec<Item<'a>>, cx: &Cx<'a>) -> Self {
        let worst = members.iter().map(Item::state).min().unwrap_or(AlarmState::Ok);
        let firing = || members.iter().filter(|item| item.state() == AlarmState::Alarm);
        let rank = match worst {
            AlarmState::Alarm if firing().any(|item| item.is_open(cx)) => Rank::Open,
            AlarmState::Alarm => Rank::Acknowledged,
            AlarmState::InsufficientData => Rank::NoData,
            AlarmState::Ok => Rank::Ok,
        };
        let severity = firing().map(|item| item.severity(cx)).min().unwrap_or_default();
        let since = || firing().filter_map(Item::since);
        let (began, newest) = (since().min(), since().max());
        let began = began.or_else(|| members[0].since());
        Self { members, rank, severity, began, newest }
    }

    fn order(&self) -> impl Ord + use<'a> {
        let single = self.members.len() == 1;
        (self.rank, self.severity, single, self.began.is_none(), self.began, self.members[0].name())
    }
}

struct Tree<'a> {
    all: Vec<Item<'a>>,
    by_name: HashMap<&'a str, &'a Alarm>,
    named: HashSet<&'a str>,
}

impl<'a> Tree<'a> {
    fn new(cx: &Cx<'a>) -> Self {
        let alarms = &cx.store.alarms.data;
        let by_name = alarms.iter().map(|alarm| (alarm.name.as_str(), alarm)).collect();
        let named = |alarm: &'a Alarm| alarm.children().iter().filter(move |name| **name != alarm.name);
        let named = alarms.iter().flat_map(named).map(String::as_str).collect();
        Self { all: Item::all(cx).collect(), by_name, named }
    }

    /// What stands under nothing.
    fn roots(&self) -> Vec<Item<'a>> {
        let is_root = |item: &Item<'a>| match item {
            Item::Alarm(alarm) => !self.named.contains(alarm.name.as_str()),
            Item::Rule(_) => true,
        };
        self.all.iter().copied().filter(is_root).collect()
    }

    fn children(&self, item: Item<'a>) -> Vec<Item<'a>> {
        let Item::Alarm(alarm) = item else { return Vec::new() };
        let names = alarm.children().iter().filter(|name| **name != alarm.name);
        names.filter_map(|name| self.by_name.get(name.as_str())).map(|child| Item::Alarm(child)).collect()
    }

    /// A thing with all that its rule stands on, each once.
    fn family(&self, root: Item<'a>) -> Vec<Item<'a>> {
        let mut members = vec![root];
        let mut next = 0;
        while next < members.len() {
            for child in self.children(members[next]) {
                if !members.iter().any(|known| known.name() == child.name()) {
                    members.push(child);
                }
            }
            next += 1;
        }
        members
    }
}

struct Rows<'a> {
    tree: Tree<'a>,
    seen: HashSet<Key>,
    placed: Vec<Placed<'a>>,
}

impl<'a> Rows<'a> {
    /// A single family as it is; several under a heading.
    fn incident(&mut self, families: &[Family<'a>], folded: &HashSet<Time>) {
        let began = families.iter().filter_map(|family| family.began).min();
        let (Some(began), true) = (began, families.len() > 1) else {
            for family in families {
                self.place(family.members[0], "", "");
            }
            return;
        };
        let heading = self.placed.len();
        for family in families {
            self.place(family.members[0], " ", " ");
        }
        let below = self.placed.split_off(heading);
        let mut members: Vec<Item<'a>> = Vec::new();
        for row in &below {
            if let What::Item(item) = row.what
                && item.state() == AlarmState::Alarm
            {
                members.push(item);
            }
        }
        let folded = folded.contains(&began);
        self.placed.push(Placed { what: What::Incident(Incident { began, members, folded }), tree: String::new() });
        if !folded {
            self.placed.extend(below);
        }
    }

    fn place(&mut self, item: Item<'a>, branch: &str, below: &str) {
        let row = Placed { what: What::Item(item), tree: branch.to_owned() };
        if !self.seen.insert(row.key()) {
            return;
        }
        self.placed.push(row);
        let deep = below.chars().count() / 2 >= DEEPEST;
        let is_new = |child: &Item<'a>| !self.seen.contains(&Key::Alarm(child.name().to_owned()));
        let children: Vec<_> = self.tree.children(item).into_iter().filter(|child| !deep && is_new(child)).collect();
        for (i, child) in children.iter().enumerate() {
            let last = i + 1 == children.len();
            let (fork, line) = if last { ("└ ", "  ") } else { ("├ ", "│ ") };
            self.place(*child, &format!("{below}{fork}"), &format!("{below}{line}"));
        }
    }
}

#[cfg(test)]
mod tests;
