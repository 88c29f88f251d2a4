//! The focus ring of a screen and its drill-down stack.

use super::screen::ScreenId;
use crate::board::Board;
use crate::panes::{self, Pane, Target};

/// One screen: its panes, which of them has the focus, and what has been opened on top.
pub(super) struct View {
    pub(super) id: ScreenId,
    pub(super) panes: Vec<(&'static str, Box<dyn Pane>)>,
    pub(super) focus: usize,
    pub(super) maximised: bool,
    pub(super) details: Vec<(Target, Box<dyn Pane>)>,
}

impl View {
    pub(super) fn new(id: ScreenId, board: &Board) -> Self {
        let names = id.panes_of(board);
        let alone = names.len() == 1;
        let panes = names
            .iter()
            .filter_map(|name| panes::PANES.iter().find(|row| row.id == *name))
            .map(|row| (row.id, if alone { (row.full)() } else { (row.small)() }))
            .collect::<Vec<_>>();
        // The list one works in has the focus at first: on the Overview that is the alarms.
        let focus = panes.iter().position(|(name, _)| *name == "alarms").unwrap_or(0);
        Self { id, panes, focus, maximised: false, details: Vec::new() }
    }

    /// The pane that keys go to: what was opened last, or else the focused pane.
    pub(super) fn front(&mut self) -> &mut dyn Pane {
        match self.details.last_mut() {
            Some((_, pane)) => pane.as_mut(),
            None => self.panes[self.focus].1.as_mut(),
        }
    }

    /// The panes that are visible.
    pub(super) fn visible(&self) -> Vec<&dyn Pane> {
        match self.details.last() {
            Some((_, pane)) => vec![pane.as_ref()],
            None if self.maximised => vec![self.panes[self.focus].1.as_ref()],
            None => self.panes.iter().map(|(_, pane)| pane.as_ref()).collect(),
        }
    }

    pub(super) fn turn(&mut self, forward: bool) {
        let count = self.panes.len();
        self.focus = if forward { (self.focus + 1) % count } else { (self.focus + count - 1) % count };
    }
}
