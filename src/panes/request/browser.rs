//! A JSON tree with a cursor.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::analysis::story::ids::trace_id;
use crate::app::action::Action;
use crate::widgets::list::ListState;
use crate::widgets::print::{Align, line, put};
use crate::widgets::selection::select;
use crate::widgets::theme::{Role, Theme};
use crate::widgets::tree::{Fold, Folds, Root, TreeLine, draw_line, lines};

/// Values as a tree, with what is folded and where the cursor stands.
#[derive(Debug, Default)]
pub(in crate::panes) struct Browser {
    roots: Vec<Root>,
    folds: Folds,
    list: ListState<String>,
    lines: Vec<TreeLine>,
    keys: Vec<String>,
}

impl Browser {
    /// Shows other values; cursor and folds stay where the values are the same ones.
    pub(in crate::panes) fn show(&mut self, roots: Vec<Root>) {
        self.roots = roots;
        self.lay_out();
    }

    /// Puts the cursor on a value.
    pub(in crate::panes) fn select(&mut self, path: String) {
        self.list.select(path);
        self.list.sync(&self.keys);
    }

    /// The values.
    pub(in crate::panes) fn roots(&self) -> &[Root] {
        &self.roots
    }

    fn lay_out(&mut self) {
        self.lines = lines(&self.roots, &self.folds);
        self.keys = self.lines.iter().map(|line| line.path.clone()).collect();
        self.list.sync(&self.keys);
    }

    fn current(&self) -> Option<&TreeLine> {
        self.lines.get(self.list.row())
    }

    /// Moves, folds and unfolds; returns whether it had use for the action.
    pub(in crate::panes) fn on(&mut self, action: Action) -> bool {
        let Some(current) = self.current() else { return self.list.on(action, &self.keys) };
        let (path, fold, depth) = (current.path.clone(), current.fold, current.depth);
        match (action, fold) {
            (Action::Open, Fold::Open | Fold::Closed) | (Action::Right, Fold::Closed) | (Action::Left, Fold::Open) => {
                self.folds.toggle(&path);
                self.lay_out();
            }
            (Action::Right, Fold::Open) => return self.list.on(Action::Down, &self.keys),
            (Action::Left, Fold::Leaf | Fold::Closed) => {
                let above = self.lines.iter().take(self.list.row()).rposition(|line| line.depth < depth);
                self.list.select_row(above.unwrap_or(0), &self.keys);
            }
            (Action::Open, Fold::Leaf) => {}
            (action, _) => return self.list.on(action, &self.keys),
        }
        true
    }

    /// What copying the value under the cursor gives.
    pub(in crate::panes) fn copied(&self) -> Option<String> {
        self.current().map(|line| line.copy.clone())
    }

    /// The path of the value under the cursor.
    pub(in crate::panes) fn path(&self) -> Option<&str> {
        self.current().map(|line| line.path.as_str())
    }

    /// The value under the cursor, where it is a single one, as it may be shown.
    pub(in crate::panes) fn scalar(&self) -> Option<String> {
        self.current().filter(|line| line.fold == Fold::Leaf).map(|line| line.copy.clone())
    }

    /// The trace that the value under the cursor names.
    pub(in crate::panes) fn trace(&self) -> Option<String> {
        trace_id(&self.scalar()?)
    }

    /// The place of the value that the cursor is on or in.
    pub(in crate::panes) fn root(&self) -> Option<usize> {
        let starts = self.lines.iter().take(self.list.row() + 1).filter(|line| line.depth == 0);
        starts.count().checked_sub(1)
    }

    /// Draws the lines in view, or what is said where there are none.
    pub(in crate::panes) fn draw(
        &mut self,
        buffer: &mut Buffer,
        area: Rect,
        theme: &Theme,
        focused: bool,
        empty: &str,
    ) {
        if self.lines.is_empty() {
            put(buffer, area, empty, theme.style(Role::Muted), Align::Left);
            return;
        }
        let view = self.list.visible(self.lines.len(), usize::from(area.height));
        for (row, index) in view.enumerate() {
            let (Some(place), Some(shown)) = (line(area, row), self.lines.get(index)) else { return };
            draw_line(buffer, place, shown, theme);
            if focused && index == self.list.row() {
                select(buffer, place, theme);
            }
        }
    }
}
