//! Several identifiers: one story each, and one for those that turn out to belong together.

use std::collections::{HashMap, HashSet};

use crate::store::story::{Event, Shared, Story};

/// Which identifiers of a story belong together.
#[derive(Debug)]
pub struct Links<'a> {
    number: HashMap<&'a str, usize>,
    /// The part that each identifier belongs to: the place of the first one in it.
    part: Vec<usize>,
}

impl<'a> Links<'a> {
    /// The links that joins and events make.
    pub fn of(story: &'a Story) -> Self {
        let places = story.identifiers.iter().enumerate();
        let number: HashMap<&str, usize> = places.map(|(index, known)| (known.value.as_str(), index)).collect();
        let mut leader: Vec<usize> = (0..story.identifiers.len()).collect();
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
            let (a, b) = (first_of(&leader, a), first_of(&leader, b));
            leader[a.max(b)] = a.min(b);
        }
        let part = (0..leader.len()).map(|index| first_of(&leader, index)).collect();
        Self { number, part }
    }

    /// The part that an identifier belongs to.
    pub fn part(&self, value: &str) -> Option<usize> {
        self.part.get(*self.number.get(value)?).copied()
    }

    /// The part that an event belongs to.
    pub fn part_of(&self, event: &Event) -> Option<usize> {
        event.ids.iter().find_map(|id| self.part(id))
    }
}

fn first_of(leader: &[usize], mut index: usize) -> usize {
    while leader[index] != index {
        index = leader[index];
    }
    index
}

/// The identifiers that were given and of which nothing has been found.
pub fn missing(story: &Story) -> Vec<String> {
    let given = || story.identifiers.iter().filter(|known| known.join.is_none()).map(|known| known.value.clone());
    if story.is_empty() {
        return given().collect();
    }
    if given().nth(1).is_none() {
        return Vec::new();
    }
    let links = Links::of(story);
    let mut found: HashSet<usize> = story.events.iter().filter_map(|event| links.part_of(event)).collect();
    found.extend(story.shared.iter().filter_map(|shared| links.part(&shared.value)));
    given().filter(|value| links.part(value).is_none_or(|part| !found.contains(&part))).collect()
}

/// The stories in one, in the order in which their identifiers were given. Searches and problems are of all of them.
pub fn parts(story: &Story) -> Vec<Story> {
    let given = story.identifiers.iter().filter(|known| known.join.is_none()).count();
    if given <= 1 {
        return vec![story.clone()];
    }
    let links = Links::of(story);
    let mut order: Vec<usize> = Vec::new();
    for (known, part) in story.identifiers.iter().zip(&links.part) {
        if known.join.is_none() && !order.contains(part) {
            order.push(*part);
        }
    }
    let is_of = |id: &str, part: usize| links.part(id) == Some(part);
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
    use crate::store::story::{Identifier, Join};

    fn given(value: &str) -> Identifier {
        Identifier { field: String::new(), value: value.into(), join: None }
    }

    #[test]
    fn what_belongs_together_is_one_story() {
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

    #[test]
    fn what_has_led_to_nothing_is_missing() {
        let mut story = Story { identifiers: ["a", "b", "c"].map(given).into(), ..Story::default() };
        assert_eq!(missing(&story), ["a", "b", "c"]);
        let join = Some(Join { source: "xray".into(), with: "b".into() });
        story.identifiers.push(Identifier { field: "f".into(), value: "d".into(), join });
        story.add(Event { ids: vec!["d".into()], ..Event::default() });
        assert_eq!(missing(&story), ["a", "c"], "b by what it led to");
        story.shared.push(Shared { value: "c".into(), ..Shared::default() });
        assert_eq!(missing(&story), ["a"]);
    }
}
