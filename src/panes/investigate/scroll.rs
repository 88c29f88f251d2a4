//! How far a text is scrolled.

use std::ops::Range;

use crate::app::action::Action;

/// The part of a text that is in view.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Scroll {
    first: usize,
    page: usize,
    count: usize,
}

impl Scroll {
    /// Moves; returns whether the action is one that moves.
    pub(super) fn on(&mut self, action: Action) -> bool {
        let page = self.page.max(2);
        let to = match action {
            Action::Down => self.first + 1,
            Action::Up => self.first.saturating_sub(1),
            Action::Top => 0,
            Action::Bottom => self.count,
            Action::HalfPageDown => self.first + page / 2,
            Action::HalfPageUp => self.first.saturating_sub(page / 2),
            Action::PageDown => self.first + page,
            Action::PageUp => self.first.saturating_sub(page),
            _ => return false,
        };
        self.first = to.min(self.count.saturating_sub(self.page));
        true
    }

    /// The lines of `count` that are in view in `height` lines.
    pub(super) fn visible(&mut self, count: usize, height: usize) -> Range<usize> {
        (self.count, self.page) = (count, height);
        self.first = self.first.min(count.saturating_sub(height));
        self.first..(self.first + height).min(count)
    }

    /// Where one is, where not all is in view: `3–7 of 12`.
    pub(super) fn place(&self) -> Option<String> {
        let last = (self.first + self.page).min(self.count);
        (self.page < self.count).then(|| format!("{}–{last} of {}", self.first + 1, self.count))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_scrolled_no_further_than_its_end() {
        let mut scroll = Scroll::default();
        assert_eq!(scroll.visible(5, 8), 0..5);
        assert_eq!(scroll.place(), None);
        assert_eq!(scroll.visible(12, 5), 0..5);
        for (action, first) in
            [(Action::Down, 1), (Action::Bottom, 7), (Action::Down, 7), (Action::Up, 6), (Action::Top, 0)]
        {
            assert!(scroll.on(action));
            assert_eq!(scroll.visible(12, 5), first..first + 5, "{action:?}");
        }
        assert_eq!(scroll.place().as_deref(), Some("1–5 of 12"));
        assert!(!scroll.on(Action::Open));
    }
}
