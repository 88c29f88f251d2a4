//! How a chart is looked at: where its cursor stands, and what keys have changed about it.

use super::cursor::{Cursor, Scope};
use super::{Cx, Reaction};
use crate::app::action::Action;
use crate::board::Chart as BoardChart;
use crate::clock::Time;
use crate::store::window::Shift;
use crate::widgets::axis::Scaling;
use crate::widgets::chart::Kind;

/// A chart's cursor, roll-up, comparison, kind and scale.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Look {
    /// Where the cursor stands.
    pub cursor: Cursor,
    /// Whether counts are added up to hours.
    pub rolled: bool,
    /// Which earlier window the curves are compared with.
    pub compare: Option<Shift>,
    kind: Option<Kind>,
    scaling: Option<Scaling>,
}

impl Look {
    /// A look that compares from the beginning.
    pub fn comparing(shift: Shift) -> Self {
        Self { compare: Some(shift), ..Self::default() }
    }

    /// The kind that is drawn: what was chosen, else what the board says.
    pub fn kind(&self, board: Kind) -> Kind {
        self.kind.unwrap_or(board)
    }

    /// The scale that is drawn: what was chosen, else what the board says.
    pub fn scaling(&self, board: Scaling) -> Scaling {
        self.scaling.unwrap_or(board)
    }

    /// How far back datapoints are needed: an hour's roll-up may begin in the window before.
    pub fn reach(&self) -> Option<Shift> {
        self.compare.or(self.rolled.then_some(Shift::Window))
    }

    /// Changes what is looked at, moves the cursor or zooms; [`Reaction::Ignored`] for anything else.
    ///
    /// `own` is what the board says of the chart: its kind and scale.
    pub fn on(&mut self, action: Action, own: (Kind, Scaling), scope: Scope, cx: &Cx<'_>) -> Reaction {
        match action {
            Action::Compare => self.compare = Shift::next(self.compare),
            Action::ChartKind => self.kind = Some(self.kind(own.0).next()),
            Action::LogScale => {
                self.scaling = Some(match self.scaling(own.1) {
                    Scaling::Linear => Scaling::Log,
                    Scaling::Log => Scaling::Linear,
                });
            }
            Action::RollUp => self.rolled = !self.rolled,
            _ => return self.cursor.on(action, scope, cx.window, cx.now),
        }
        Reaction::Handled
    }

    /// Puts the cursor on the period that holds an instant.
    pub fn jump(&mut self, at: Time) {
        self.cursor = Cursor::on_time(at);
    }
}

/// What the board says of a chart's kind and scale.
pub fn own(chart: &BoardChart) -> (Kind, Scaling) {
    (chart.kind, chart.scaling)
}
