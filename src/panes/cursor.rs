//! A cursor on a chart's time axis, and zooming around it.

use std::time::Duration;

use chrono::{NaiveDateTime, TimeDelta};

use super::breakdown::Breakdown;
use super::{Reaction, Target, Zone};
use crate::app::action::Action;
use crate::clock::{Time, floor};
use crate::store::window::Window;
use crate::widgets::axis::Wall;

/// The shortest window that zooming leads to.
const SHORTEST: Duration = Duration::from_mins(5);
/// The longest: CloudWatch keeps datapoints of an hour this long.
const LONGEST: Duration = Duration::from_hours(455 * 24);

/// The periods of a window that a chart shows: from the one that holds its start to the one that holds its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scope {
    /// Start of the first period.
    pub from: Time,
    /// End of the last period.
    pub to: Time,
    /// Seconds of a period.
    pub period_s: i64,
    /// Start of the newest period that is over.
    pub newest: Time,
}

impl Scope {
    /// The periods of `period_s` seconds in a window.
    pub fn new(window: Window, now: Time, period_s: i64) -> Self {
        let period = TimeDelta::seconds(period_s);
        let (from, to) = window.range(now);
        let (from, last) = (floor(from, period_s), floor(to, period_s));
        let to = if last == to { to } else { last + period };
        let newest = (floor(now, period_s) - period).min(to - period).max(from);
        Self { from, to, period_s, newest }
    }
}

/// A cursor that stands on one period, once it has been moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Cursor(Option<Time>);

impl Cursor {
    /// A cursor on the period that holds an instant.
    pub const fn on_time(at: Time) -> Self {
        Self(Some(at))
    }

    /// The start of the period under the cursor, if it is in view.
    pub fn at(self, scope: Scope) -> Option<Time> {
        let at = floor(self.0?, scope.period_s);
        (at >= scope.from && at < scope.to).then_some(at)
    }

    /// Moves by a period, leaves, or zooms the window; [`Reaction::Ignored`] for anything else.
    ///
    /// The first move puts the cursor on the newest period that is over.
    pub fn on(&mut self, action: Action, scope: Scope, window: Window, now: Time) -> Reaction {
        let step = TimeDelta::seconds(scope.period_s);
        let last = scope.to - step;
        let at = self.at(scope);
        let to = match (action, at) {
            (Action::Left | Action::Right, None) | (Action::Bottom, _) => scope.newest,
            (Action::Left, Some(at)) => at - step,
            (Action::Right, Some(at)) => at + step,
            (Action::Top, _) => scope.from,
            (Action::Back, Some(_)) => {
                self.0 = None;
                return Reaction::Handled;
            }
            (Action::Breakdown, Some(at)) => {
                return Reaction::Open(Target::Breakdown(Breakdown::around(at, scope.period_s, now)));
            }
            (Action::ZoomIn, at) => return Reaction::Window(zoomed(window, 0.5, at, now)),
            (Action::ZoomOut, at) => return Reaction::Window(zoomed(window, 2.0, at, now)),
            (_, _) => return Reaction::Ignored,
        };
        self.0 = Some(to.min(last).max(scope.from));
        Reaction::Handled
    }
}

/// A window `factor` times as long, in whole minutes.
///
/// What is at `around` stays where it is on screen; without it the end stays. A window that would end after the
/// present follows the clock.
pub fn zoomed(window: Window, factor: f64, around: Option<Time>, now: Time) -> Window {
    let minutes = (window.span.mul_f64(factor).as_secs_f64() / 60.0).round();
    let span = Duration::from_secs(minutes as u64 * 60).clamp(SHORTEST, LONGEST);
    let Some(around) = around else { return Window { span, end: window.end } };
    let (from, to) = window.range(now);
    let right_of = (to - around).num_seconds() as f64 / (to - from).num_seconds().max(1) as f64;
    let end = around + TimeDelta::seconds((span.as_secs_f64() * right_of).round() as i64);
    Window { span, end: (end < now).then_some(end) }
}

/// The clock on the wall of a zone.
pub fn wall(zone: Zone) -> Wall {
    match zone {
        Zone::Utc => |at: Time| -> NaiveDateTime { Zone::Utc.at(at).naive_local() },
        Zone::Local => |at: Time| -> NaiveDateTime { Zone::Local.at(at).naive_local() },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Time {
        format!("2026-01-15T{text}Z").parse().expect("a time")
    }

    const THREE_HOURS: Window = Window::live(Duration::from_hours(3));

    #[test]
    fn a_scope_holds_the_running_period_if_there_is_one() {
        let scope = Scope::new(THREE_HOURS, at("10:28:07"), 60);
        assert_eq!((scope.from, scope.to, scope.newest), (at("07:28:00"), at("10:29:00"), at("10:27:00")));
        let scope = Scope::new(THREE_HOURS, at("10:28:00"), 60);
        assert_eq!((scope.from, scope.to, scope.newest), (at("07:28:00"), at("10:28:00"), at("10:27:00")));
    }

    #[test]
    fn the_cursor_moves_by_periods_and_leaves() {
        let now = at("10:28:07");
        let scope = Scope::new(THREE_HOURS, now, 60);
        let mut cursor = Cursor::default();
        assert_eq!(cursor.on(Action::Back, scope, THREE_HOURS, now), Reaction::Ignored);
        let steps = [
            (Action::Left, "10:27:00"),
            (Action::Left, "10:26:00"),
            (Action::Right, "10:27:00"),
            (Action::Right, "10:28:00"),
            (Action::Right, "10:28:00"),
            (Action::Top, "07:28:00"),
            (Action::Left, "07:28:00"),
            (Action::Bottom, "10:27:00"),
        ];
        for (action, expected) in steps {
            assert_eq!(cursor.on(action, scope, THREE_HOURS, now), Reaction::Handled);
            assert_eq!(cursor.at(scope), Some(at(expected)), "{action:?}");
        }
        assert_eq!(cursor.on(Action::Back, scope, THREE_HOURS, now), Reaction::Handled);
        assert_eq!(cursor.at(scope), None);
        assert_eq!(cursor.on(Action::Down, scope, THREE_HOURS, now), Reaction::Ignored);
    }

    #[test]
    fn zooming_keeps_what_is_under_the_cursor_in_place() {
        let now = at("10:00:00");
        let window = Window::live(Duration::from_hours(2));
        let half = zoomed(window, 0.5, Some(at("09:00:00")), now);
        assert_eq!(half, Window { span: Duration::from_hours(1), end: Some(at("09:30:00")) });
        assert_eq!(half.range(now), (at("08:30:00"), at("09:30:00")));
        assert_eq!(zoomed(window, 0.5, Some(now), now), Window::live(Duration::from_hours(1)));
        assert_eq!(zoomed(window, 2.0, Some(at("09:00:00")), now), Window::live(Duration::from_hours(4)));
        assert_eq!(zoomed(half, 2.0, None, now).end, half.end);
        assert_eq!(zoomed(window, 0.0, None, now).span, SHORTEST);
        assert_eq!(zoomed(window, 1e6, None, now).span, LONGEST);
    }
}
