//! What could not be searched: without it a verdict that nothing was found is none.

use crate::store::health::ErrorKind;
use crate::store::story::{Search, SearchState, Story};

/// The places that could not be searched for some of these values, each once: searches that were refused, failed or were
/// given up, where no other made up for them. A log group that there is not holds nothing.
pub fn unsearched(story: &Story, values: &[&str]) -> Vec<String> {
    let mut places: Vec<String> = Vec::new();
    for search in &story.searched {
        let is_lost = match &search.state {
            SearchState::TimedOut => true,
            SearchState::Failed(error) => error.kind != ErrorKind::NotFound,
            _ => false,
        };
        let sought: Vec<&str> =
            search.sought.iter().map(String::as_str).filter(|value| values.contains(value)).collect();
        if !is_lost || (sought.is_empty() && !search.sought.is_empty()) {
            continue;
        }
        for place in &search.places {
            let made_up = |value: &&str| story.searched.iter().any(|other| makes_up(other, search, place, value));
            let is_whole = !sought.is_empty() && sought.iter().all(made_up);
            if !is_whole && !places.contains(place) {
                places.push(place.clone());
            }
        }
    }
    places
}

/// Whether a search has looked in a place for what another one was to find there.
fn makes_up(other: &Search, lost: &Search, place: &String, value: &str) -> bool {
    let has_ended = other.state.has_answered() || other.state == SearchState::OutsideRetention;
    let is_there = other.how.is_of_logs() == lost.how.is_of_logs() && other.places.contains(place);
    let is_then = other.from <= lost.from && other.to >= lost.to;
    has_ended && is_there && is_then && other.sought.iter().any(|sought| sought == value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Time;
    use crate::store::story::How;

    fn search(how: How, place: &str, sought: &str, state: SearchState) -> Search {
        let at = Time::default();
        Search {
            places: vec![place.to_owned()],
            how,
            why: String::new(),
            sought: vec![sought.to_owned()],
            from: at,
            to: at,
            state,
            calls: 1,
            found: 0,
            bytes: 0.0,
            usd: 0.0,
        }
    }

    #[test]
    fn what_was_given_up_is_not_searched_unless_another_search_made_up_for_it() {
        let lost = [How::Insights, How::Annotation].map(|how| search(how, "/a", "x", SearchState::TimedOut));
        let mut story = Story { searched: lost.into(), ..Story::default() };
        story.searched[1].places = vec!["xray".to_owned()];
        assert_eq!(unsearched(&story, &["x"]), ["/a", "xray"]);
        assert_eq!(unsearched(&story, &["y"]), Vec::<String>::new(), "not looked for");
        story.searched.push(search(How::Filter, "/a", "x", SearchState::Done));
        assert_eq!(unsearched(&story, &["x"]), ["xray"]);
        story.searched[2].from += chrono::TimeDelta::seconds(1);
        assert_eq!(unsearched(&story, &["x"]), ["/a", "xray"], "not all of the time");
    }
}
