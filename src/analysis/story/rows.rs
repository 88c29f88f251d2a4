//! The story as rows: events, and the gaps in which nothing happened.

use crate::store::story::{Event, Origin, Story};

/// A gap from which on it has a row of its own, in seconds.
const LONG: f64 = 1.0;

/// One row.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Row {
    /// An event, by index.
    Event(usize),
    /// Seconds in which no event came, and whether a step was under way all that time.
    Gap(f64, Option<usize>),
}

/// The rows of a story. A gap lies between two events; what was under way in it is the innermost step that spans it.
/// Between requests that have nothing to do with one another there are no gaps.
pub fn rows(story: &Story) -> Vec<Row> {
    if story.is_shared() {
        return (0..story.events.len()).map(Row::Event).collect();
    }
    let mut rows = Vec::with_capacity(story.events.len());
    for (index, event) in story.events.iter().enumerate() {
        let before = index.checked_sub(1).and_then(|before| story.events.get(before));
        if let Some(before) = before {
            let gap = (event.time - before.time).as_seconds_f64();
            if gap >= LONG {
                rows.push(Row::Gap(gap, under_way(&story.events[..index], before, event)));
            }
        }
        rows.push(Row::Event(index));
    }
    rows
}

/// The innermost step that was at work for at least half of the time between two events.
fn under_way(past: &[Event], before: &Event, after: &Event) -> Option<usize> {
    let steps = past.iter().enumerate().filter(|(_, event)| event.origin == Some(Origin::XRay));
    let running = steps.filter(|(_, event)| event.ended() > before.time && event.time <= before.time);
    let whole = |event: &Event| event.ended().min(after.time) - before.time;
    let most = (after.time - before.time) / 2;
    running.filter(|(_, event)| whole(event) >= most).max_by_key(|(_, event)| event.depth).map(|(index, _)| index)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_of_a_second_have_a_row_and_name_what_ran() {
        let at = |ms| chrono::DateTime::from_timestamp_millis(ms).expect("in range");
        let mut story = Story::default();
        for (ms, took, depth) in [(0, 24.0, 0), (100, 8.0, 1)] {
            let origin = Some(Origin::XRay);
            story.add(Event {
                time: at(ms),
                took_s: Some(took),
                depth,
                origin,
                text: ms.to_string(),
                ..Event::default()
            });
        }
        let line = |ms: i64| Event {
            time: at(ms),
            origin: Some(Origin::CloudTrail("t".into())),
            text: ms.to_string(),
            ..Event::default()
        };
        story.add(line(8_100));
        story.add(line(8_900));
        assert_eq!(rows(&story), [Row::Event(0), Row::Event(1), Row::Gap(8.0, Some(1)), Row::Event(2), Row::Event(3)]);
    }
}
