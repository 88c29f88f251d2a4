//! Several identifiers: one story each, and one for those that turn out to belong together.

use std::collections::HashMap;

use crate::store::story::{Shared, Story};

/// The stories in one, in the order in which their identifiers were given. Searches and problems are of all of them.
pub fn parts(story: &Story) -> Vec<Story> {
    let given = story.identifiers.iter().filter(|known| known.join.is_none()).count();
    if given <= 1 {
        return vec![story.clone()];
    }
    let number: HashMap<&str, usize> =
        story.identifiers.iter().enumerate().map(|(index, known)| (known.value.as_str(), index)).collect();
    let mut leader: Vec<usize> = (0..story.identifiers.len()).collect();
    let find = |leader: &[usize], mut index: usize| {
        while leader[index] != index {
            index = leader[index];
        }
        index
    };
    let joins = story.identifiers.iter().enumerate();
    let joins = joins.filter_map(|(index, known)| Some((index, *number.get(known.join.as_ref()?.with.as_str())?)));
    let mut links: Vec<(usize, usize)> = joins.collect();
    for event in &story.events {
        let mut ids = event.ids.iter().filter_map(|id| number.get(id.as_str()).copied());
        if let Some(first) = ids.next() {
            links.extend(ids.map(|other| (first, other)));
        }
    }
    for (a, b) in links {
        let (a, b) = (find(&leader, a), find(&leader, b));
        let (low, high) = (a.min(b), a.max(b));
        leader[high] = low;
    }
    let mut order: Vec<usize> = Vec::new();
    for index in 0..story.identifiers.len() {
        let part = find(&leader, index);
        if story.identifiers[index].join.is_none() && !order.contains(&part) {
            order.push(part);
        }
    }
    let is_of = |id: &str, part: usize| number.get(id).is_some_and(|index| find(&leader, *index) == part);
    let part = |part: &usize| {
        let shared: Vec<Shared> = story.shared.iter().filter(|shared| is_of(&shared.value, *part)).cloned().collect();
        let mut one = Story {
            identifiers: story.identifiers.iter().filter(|known| is_of(&known.value, *part)).cloned().collect(),
            events: story.events.iter().filter(|event| event.ids.iter().any(|id| is_of(id, *part))).cloned().collect(),
            shared,
            searched: story.searched.clone(),
            problems: story.problems.clone(),
            running: story.running,
        };
        one.offer();
        one
    };
    order.iter().map(part).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::story::{Event, Identifier, Join};

    #[test]
    fn what_belongs_together_is_one_story() {
        let given = |value: &str| Identifier { field: String::new(), value: value.into(), join: None };
        let mut story = Story { identifiers: ["a", "b", "c"].map(given).into(), ..Story::default() };
        let join = Some(Join { source: "xray".into(), with: "b".into() });
        story.identifiers.push(Identifier { field: "f".into(), value: "d".into(), join });
        for (n, ids) in [vec!["a", "x"], vec!["b"], vec!["d", "a"], vec!["c"]].into_iter().enumerate() {
            let ids = ids.into_iter().map(str::to_owned).collect();
            story.add(Event { ids, text: n.to_string(), ..Event::default() });
        }
        let parts = parts(&story);
        let told = |story: &Story| (story.identifiers.len(), story.events.len());
        assert_eq!(parts.iter().map(told).collect::<Vec<_>>(), [(3, 3), (1, 1)]);
        assert_eq!(parts[1].identifiers[0].value, "c");
    }
}
