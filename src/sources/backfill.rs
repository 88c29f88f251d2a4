//! How the past is read: newest first, in stretches that grow fourfold.

use std::time::Duration;

use chrono::TimeDelta;

use crate::clock::Time;

/// Stretches `[from, to]` of whole milliseconds, newest first, that cover a window without overlap.
#[derive(Debug, Clone)]
pub(super) struct Stretches {
    window_from: Time,
    newest: Time,
    /// Where the next stretch ends; `None` when the window is covered.
    next_to: Option<Time>,
    reach: TimeDelta,
}

impl Stretches {
    /// Stretches from `to` back to `from`, the first one `first` long.
    pub(super) fn new(from: Time, to: Time, first: Duration) -> Self {
        let reach = TimeDelta::from_std(first).unwrap_or_default().max(TimeDelta::milliseconds(1));
        Self { window_from: from, newest: to, next_to: (from <= to).then_some(to), reach }
    }
}

impl Iterator for Stretches {
    type Item = (Time, Time);

    fn next(&mut self) -> Option<Self::Item> {
        let to = self.next_to?;
        let from = (self.newest - self.reach).max(self.window_from);
        let before = from - TimeDelta::milliseconds(1);
        self.next_to = (before >= self.window_from).then_some(before);
        self.reach = self.reach.checked_mul(4).unwrap_or(TimeDelta::MAX / 8);
        Some((from, to))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn t(text: &str) -> Time {
        format!("2026-01-15T{text}Z").parse().expect("a time")
    }

    #[test]
    fn stretches_grow_and_cover_each_millisecond_once() {
        let seen: Vec<_> = Stretches::new(t("10:18:00"), t("10:28:00"), Duration::from_secs(15)).collect();
        let expected = [
            (t("10:27:45"), t("10:28:00")),
            (t("10:27:00"), t("10:27:44.999")),
            (t("10:24:00"), t("10:26:59.999")),
            (t("10:18:00"), t("10:23:59.999")),
        ];
        assert_eq!(seen, expected);
    }

    #[test]
    fn the_ends_of_windows_hold() {
        let one = |from: &str, to: &str| Stretches::new(t(from), t(to), Duration::from_secs(15)).collect::<Vec<_>>();
        assert_eq!(one("10:00:00", "10:00:00"), [(t("10:00:00"), t("10:00:00"))]);
        assert_eq!(one("10:00:01", "10:00:00"), []);
        assert_eq!(one("10:00:00", "10:00:05"), [(t("10:00:00"), t("10:00:05"))]);
    }
}
