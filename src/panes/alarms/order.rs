//! Which alarm stands where.

use std::collections::{HashMap, HashSet};

use crate::store::alarm::{Alarm, AlarmKind, AlarmState};

/// How deep composites of composites are drawn.
const DEEPEST: usize = 4;

/// The alarms in the order of the list, each with its branch of the tree (`├ `, `│ └ `).
///
/// A composite stands above those of its children that are shown; an alarm stands once, under the first composite that
/// names it. What fires comes first: a family goes by its worst state. Among those, families come before single alarms, and
/// what changed first, which is nearest to the cause, before what followed. A filter shows what matches, without a tree.
pub(super) fn placed<'a>(alarms: &'a [Alarm], filter: &str) -> Vec<(&'a Alarm, String)> {
    if !filter.is_empty() {
        let wanted = filter.to_lowercase();
        let matching = alarms.iter().filter(|alarm| matches(alarm, &wanted));
        return matching.map(|alarm| (alarm, String::new())).collect();
    }
    let mut tree = Tree::new(alarms);
    let mut roots: Vec<&Alarm> = alarms.iter().filter(|alarm| !tree.has_parent(alarm)).collect();
    roots.sort_by_key(|alarm| {
        let single = tree.children(alarm).is_empty();
        (tree.worst(alarm, 0), single, alarm.since.is_none(), alarm.since, alarm.name.as_str())
    });
    let mut placed = Vec::new();
    for root in roots {
        tree.place(root, "", "", &mut placed);
    }
    // Composites that name each other have no root; they are shown all the same.
    for alarm in alarms {
        tree.place(alarm, "", "", &mut placed);
    }
    placed
}

fn matches(alarm: &Alarm, wanted: &str) -> bool {
    [alarm.name.as_str(), alarm.state.name(), alarm.reason.as_str(), alarm.description.as_str()]
        .iter()
        .any(|text| text.to_lowercase().contains(wanted))
}

struct Tree<'a> {
    by_name: HashMap<&'a str, &'a Alarm>,
    named: HashSet<&'a str>,
    seen: HashSet<&'a str>,
}

impl<'a> Tree<'a> {
    fn new(alarms: &'a [Alarm]) -> Self {
        let by_name = alarms.iter().map(|alarm| (alarm.name.as_str(), alarm)).collect();
        let named = alarms.iter().flat_map(|alarm| names(alarm).filter(move |name| *name != alarm.name)).collect();
        Self { by_name, named, seen: HashSet::new() }
    }

    fn has_parent(&self, alarm: &Alarm) -> bool {
        self.named.contains(alarm.name.as_str())
    }

    fn children(&self, alarm: &'a Alarm) -> Vec<&'a Alarm> {
        names(alarm).filter(|name| *name != alarm.name).filter_map(|name| self.by_name.get(name).copied()).collect()
    }

    fn worst(&self, alarm: &'a Alarm, depth: usize) -> AlarmState {
        if depth > DEEPEST {
            return alarm.state;
        }
        let children = self.children(alarm).into_iter().map(|child| self.worst(child, depth + 1));
        children.fold(alarm.state, AlarmState::min)
    }

    fn place(&mut self, alarm: &'a Alarm, branch: &str, below: &str, placed: &mut Vec<(&'a Alarm, String)>) {
        if !self.seen.insert(&alarm.name) {
            return;
        }
        placed.push((alarm, branch.to_owned()));
        let deep = below.chars().count() / 2 >= DEEPEST;
        let children: Vec<_> = self
            .children(alarm)
            .into_iter()
            .filter(|child| !deep && !self.seen.contains(child.name.as_str()))
            .collect();
        for (i, child) in children.iter().enumerate() {
            let last = i + 1 == children.len();
            let (fork, line) = if last { ("└ ", "  ") } else { ("├ ", "│ ") };
            self.place(child, &format!("{below}{fork}"), &format!("{below}{line}"), placed);
        }
    }
}

fn names(alarm: &Alarm) -> impl Iterator<Item = &str> {
    let children = match &alarm.kind {
        AlarmKind::Composite { children, .. } => children.as_slice(),
        AlarmKind::Metric(_) | AlarmKind::Logs(_) => &[],
    };
    children.iter().map(String::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::alarm::AlarmSetup;

    fn composite(name: &str, state: AlarmState, children: &[&str]) -> Alarm {
        Alarm {
            name: name.into(),
            description: String::new(),
            kind: AlarmKind::Composite {
                rule: String::new(),
                children: children.iter().map(|child| (*child).to_owned()).collect(),
            },
            state,
            since: None,
            reason: format!("because of {name}"),
            value: None,
            actions_enabled: true,
            actions: Vec::new(),
            evaluation_state: None,
            setup: AlarmSetup::default(),
        }
    }

    fn order(alarms: &[Alarm], filter: &str) -> Vec<String> {
        placed(alarms, filter).into_iter().map(|(alarm, tree)| format!("{tree}{}", alarm.name)).collect()
    }

    #[test]
    fn families_stand_together_and_the_worst_first() {
        use AlarmState::{Alarm as Firing, InsufficientData, Ok};
        let alarms = [
            composite("b", Ok, &["c", "d", "gone"]),
            composite("a", InsufficientData, &[]),
            composite("c", Ok, &[]),
            composite("d", Firing, &["e"]),
            composite("e", Ok, &[]),
            composite("f", Ok, &["c"]),
        ];
        assert_eq!(order(&alarms, ""), ["b", "├ c", "└ d", "  └ e", "a", "f"]);
        assert_eq!(order(&alarms, "OF A"), ["a"]);
        assert_eq!(order(&alarms, "insufficient"), ["a"]);
        assert!(order(&alarms, "zzz").is_empty());
    }

    #[test]
    fn composites_that_name_each_other_end() {
        let alarms = [
            composite("a", AlarmState::Ok, &["b", "a"]),
            composite("b", AlarmState::Alarm, &["a"]),
            composite("c", AlarmState::Ok, &["c"]),
        ];
        assert_eq!(order(&alarms, ""), ["c", "a", "└ b"]);
    }
}
