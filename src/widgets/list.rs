//! A list's cursor and scroll, which survive that the list changes.

use std::ops::Range;

use crate::app::action::Action;

/// Where the cursor of a list stands and what part of it is on screen.
///
/// The cursor belongs to an item, by key, not to a row: when rows come, go or change places, it goes with its item.
/// When the item itself is gone, the cursor stays at its row.
#[derive(Debug, Clone, PartialEq)]
pub struct ListState<K> {
    key: Option<K>,
    row: usize,
    offset: usize,
    page: usize,
}

impl<K> Default for ListState<K> {
    fn default() -> Self {
        Self { key: None, row: 0, offset: 0, page: 0 }
    }
}

impl<K: Clone + PartialEq> ListState<K> {
    /// A list with the cursor on its first row.
    pub fn new() -> Self {
        Self::default()
    }

    /// The key under the cursor, as of the last [`sync`](Self::sync) or move.
    pub const fn key(&self) -> Option<&K> {
        self.key.as_ref()
    }

    /// The row under the cursor.
    pub const fn row(&self) -> usize {
        self.row
    }

    /// The first row on screen, as of the last [`visible`](Self::visible).
    pub const fn offset(&self) -> usize {
        self.offset
    }

    /// The rows that fit on screen, as of the last [`visible`](Self::visible); 0 before it.
    pub const fn page(&self) -> usize {
        self.page
    }

    /// Puts the cursor on the item of this key, wherever it may be.
    pub fn select(&mut self, key: K) {
        self.key = Some(key);
    }

    /// Puts the cursor on a row and remembers its item.
    pub fn select_row(&mut self, row: usize, keys: &[K]) {
        self.row = row.min(keys.len().saturating_sub(1));
        self.key = keys.get(self.row).cloned();
    }

    /// Finds the cursor's item again among `keys`; returns its row, `None` for an empty list.
    pub fn sync(&mut self, keys: &[K]) -> Option<usize> {
        if keys.is_empty() {
            return None;
        }
        match self.key.as_ref().and_then(|key| keys.iter().position(|k| k == key)) {
            Some(row) => self.row = row,
            None => self.select_row(self.row, keys),
        }
        Some(self.row)
    }

    /// Moves the cursor; returns whether the action is one that moves.
    ///
    /// `keys` are the rows as they stand. Pages are as high as the last [`visible`](Self::visible) said.
    pub fn on(&mut self, action: Action, keys: &[K]) -> bool {
        let page = self.page.max(2);
        let row = self.sync(keys).unwrap_or(0);
        let to = match action {
            Action::Down => row.saturating_add(1),
            Action::Up => row.saturating_sub(1),
            Action::Top => 0,
            Action::Bottom => usize::MAX,
            Action::HalfPageDown => row.saturating_add(page / 2),
            Action::HalfPageUp => row.saturating_sub(page / 2),
            Action::PageDown => row.saturating_add(page),
            Action::PageUp => row.saturating_sub(page),
            _ => return false,
        };
        if !keys.is_empty() {
            self.select_row(to, keys);
        }
        true
    }

    /// The rows to draw in `height` lines of a list of `count`, scrolled as little as keeps the cursor in view.
    pub fn visible(&mut self, count: usize, height: usize) -> Range<usize> {
        self.page = height;
        let row = self.row.min(count.saturating_sub(1));
        self.offset = self.offset.min(row).max((row + 1).saturating_sub(height)).min(count.saturating_sub(height));
        self.offset..(self.offset + height).min(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cursor_stays_on_its_item() {
        let mut list = ListState::new();
        list.on(Action::Down, &["a", "b", "c"]);
        assert_eq!(list.key(), Some(&"b"));
        assert_eq!(list.sync(&["x", "y", "b"]), Some(2));
        assert_eq!(list.sync(&["b"]), Some(0));
        assert_eq!(list.sync(&[]), None);
        assert_eq!(list.sync(&["a", "b"]), Some(1), "it comes back with its item");
    }

    #[test]
    fn a_lost_item_leaves_the_cursor_at_its_row() {
        let mut list = ListState::new();
        list.select_row(1, &["a", "b", "c"]);
        assert_eq!(list.sync(&["a", "c"]), Some(1));
        assert_eq!(list.key(), Some(&"c"));
        assert_eq!(list.sync(&["a"]), Some(0));
    }

    #[test]
    fn actions_move_within_the_list() {
        let keys: Vec<usize> = (0..100).collect();
        let mut list = ListState::new();
        list.visible(100, 10);
        let cases = [
            (Action::Down, 1),
            (Action::HalfPageDown, 6),
            (Action::PageDown, 16),
            (Action::PageUp, 6),
            (Action::HalfPageUp, 1),
            (Action::Up, 0),
            (Action::Up, 0),
            (Action::Bottom, 99),
            (Action::Down, 99),
            (Action::Top, 0),
        ];
        for (action, row) in cases {
            assert!(list.on(action, &keys));
            assert_eq!(list.row(), row, "{action:?}");
        }
        assert!(!list.on(Action::Open, &keys));
        assert!(list.on(Action::Down, &[]), "an empty list still takes the key");
    }

    #[test]
    fn scrolling_keeps_the_cursor_in_view() {
        let keys: Vec<usize> = (0..10).collect();
        let mut list = ListState::new();
        assert_eq!(list.visible(10, 3), 0..3);
        list.select_row(3, &keys);
        assert_eq!(list.visible(10, 3), 1..4);
        list.select_row(2, &keys);
        assert_eq!(list.visible(10, 3), 1..4, "no scroll while in view");
        list.select_row(9, &keys);
        assert_eq!(list.visible(10, 3), 7..10);
        assert_eq!(list.visible(10, 30), 0..10, "a taller pane shows all");
        assert_eq!(list.visible(0, 3), 0..0);
        assert!(list.visible(10, 0).is_empty());
    }
}
