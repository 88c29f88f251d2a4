//! Where one can go from an alarm: the log lines behind it, failing traces, what was changed, its children.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::AlarmPane;
use crate::panes::inquiry::About;
use crate::panes::ways::{self, Way};
use crate::panes::{Cx, Target};

/// The way that is taken where nothing is known yet.
const LINES: Step = Step::On(Way::Lines);

/// One way on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// What is behind the alarm.
    On(Way),
    /// A child of a composite.
    Child(String),
}

impl Step {
    /// What it opens.
    pub(super) fn target(&self, alarm: &str, cx: &Cx<'_>) -> Target {
        match self {
            Self::On(way) => way.target(&About::Alarm(alarm.to_owned()), cx),
            Self::Child(name) => Target::Alarm(name.clone()),
        }
    }

    /// The child that it is.
    pub(super) fn child(&self) -> Option<&String> {
        match self {
            Self::On(_) => None,
            Self::Child(name) => Some(name),
        }
    }
}

/// A way on in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NextRow {
    /// Where it leads.
    pub step: Step,
    /// What it leads to.
    pub text: String,
    /// More about it, of less weight.
    pub more: String,
}

/// The ways on, the most telling first; children of a composite come last, they are listed by themselves.
pub(super) fn steps(pane: &AlarmPane, cx: &Cx<'_>) -> Vec<Step> {
    let changes = cx.board.changes.as_ref().map(|_| Way::Changes);
    let ways = [Way::Lines, Way::Traces].into_iter().chain(changes).map(Step::On);
    ways.chain(pane.child_names(cx).into_iter().map(Step::Child)).collect()
}

/// The first way that leads somewhere: not to log lines where none are known.
pub(super) fn first(pane: &AlarmPane, cx: &Cx<'_>) -> Step {
    let Some(inquiry) = About::Alarm(pane.name.clone()).inquire(cx) else { return LINES };
    if inquiry.waiting || !inquiry.leads.is_empty() {
        return LINES;
    }
    let child = pane.child_names(cx).into_iter().next().map(Step::Child);
    let traces = inquiry.service.is_some().then_some(Step::On(Way::Traces));
    let changes = cx.board.changes.as_ref().map(|_| Step::On(Way::Changes));
    traces.or(child).or(changes).unwrap_or(Step::On(Way::Traces))
}

/// The ways on in words, without the children.
pub(super) fn rows(pane: &AlarmPane, cx: &Cx<'_>) -> Vec<NextRow> {
    let Some(inquiry) = About::Alarm(pane.name.clone()).inquire(cx) else { return Vec::new() };
    let row = |step: Step| {
        let Step::On(way) = step else { return None };
        let (text, more) = way.words(&inquiry, cx);
        Some(NextRow { step, text, more })
    };
    steps(pane, cx).into_iter().filter_map(row).collect()
}

/// Draws the ways on, one a line; returns what is left below.
pub(super) fn draw(pane: &AlarmPane, area: Rect, buf: &mut Buffer, cx: &Cx<'_>) -> Rect {
    let rows = rows(pane, cx);
    let chosen = pane.next.key().unwrap_or(&LINES);
    let chosen = rows.iter().position(|row| row.step == *chosen);
    let words: Vec<(String, String)> = rows.into_iter().map(|row| (row.text, row.more)).collect();
    ways::draw(&words, chosen, area, buf, cx)
}
