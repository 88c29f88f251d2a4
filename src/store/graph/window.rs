//! Of which window a graph is.

use chrono::TimeDelta;

use super::ServiceGraph;
use crate::clock::Time;
use crate::store::window::Window;

/// How long X-Ray keeps traces (developer guide, "Concepts": 30 days); before that there is nothing to ask for.
pub const KEPT: TimeDelta = TimeDelta::days(30);

/// By how much less the ends of a graph's window may differ from those of the window that was asked for: the slice at
/// either end may have been asked for a little earlier.
pub fn slack((from, to): (Time, Time)) -> TimeDelta {
    ((to - from) / 72).clamp(TimeDelta::minutes(1), TimeDelta::hours(1))
}

impl ServiceGraph {
    /// Whether it is of this window, given when it was answered. A graph without a window is of any.
    pub fn is_of(&self, window: Window, answered: Time) -> bool {
        let Some((start, end)) = self.window else { return true };
        let (from, to) = window.range(answered);
        let from = from.max(answered - KEPT);
        let slack = slack((from, to));
        if !window.is_live() {
            return (start - from).abs() < slack && (end - to).abs() < slack;
        }
        // It takes a while until a long window has been read; one that was on screen before ended half a window earlier.
        let late = ((to - from) / 4).max(TimeDelta::minutes(2));
        ((end - start) - (to - from)).abs() < slack && (to - end).abs() < late
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_graph_is_of_the_window_that_was_asked_for() {
        let now: Time = "2026-01-15T10:28:00Z".parse().expect("a time");
        let (minute, hour) = (TimeDelta::minutes(1), TimeDelta::hours(1));
        let of = |from: TimeDelta, to: TimeDelta| ServiceGraph {
            window: Some((now - from, now - to)),
            ..ServiceGraph::default()
        };
        let zero = TimeDelta::zero();
        let live = |hours| Window::live(Duration::from_hours(hours));
        let past = |hours, end| Window { end: Some(now - end), ..live(hours) };
        let cases = [
            (of(hour * 3, zero), live(3), true),
            (of(hour * 3 + minute * 2, minute * 2), live(3), true),
            (of(hour * 3, zero), live(1), false),
            (of(hour * 3, zero), live(7 * 24), false),
            (of(hour * 3, zero), live(4), false),
            (of(hour * 24 + minute * 15, zero), live(24), true),
            (of(hour * 3, zero), past(3, minute * 90), false),
            (of(hour * 3, hour), past(2, hour), true),
            (of(minute * 270, minute * 90), live(3), false),
            (of(minute * 270, minute * 90), past(3, minute * 90), true),
            (of(hour * 24 * 30, zero), live(45 * 24), true),
            (of(hour * 24 * 30, zero), live(24 * 24), false),
            (ServiceGraph::default(), live(3), true),
        ];
        for (graph, window, expected) in cases {
            assert_eq!(graph.is_of(window, now), expected, "{:?} {window:?}", graph.window);
        }
    }
}
