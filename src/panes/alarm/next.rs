//! Where one can go from an alarm: the log lines behind it, failing traces, what was changed, its children.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::AlarmPane;
use crate::panes::inquiry::About;
use crate::panes::matches::line_count;
use crate::panes::{Cx, Target, changes};
use crate::widgets::area::cut_top;
use crate::widgets::print::{Align, line, put, put_next};
use crate::widgets::selection::select;
use crate::widgets::theme::Role;

/// One way on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// The log lines that match in the breaching window.
    Lines,
    /// The traces with faults in it.
    Traces,
    /// What was changed before it began, and as it did.
    Changes,
    /// A child of a composite.
    Child(String),
}

impl Step {
    /// What it opens.
    pub(super) fn target(&self, alarm: &str) -> Target {
        let about = || About::Alarm(alarm.to_owned());
        match self {
            Self::Lines => Target::Matches(about()),
            Self::Traces => Target::Traces(about()),
            Self::Changes => Target::Changes(Some(about())),
            Self::Child(name) => Target::Alarm(name.clone()),
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
    let mut steps = vec![Step::Lines, Step::Traces];
    if cx.board.changes.is_some() {
        steps.push(Step::Changes);
    }
    steps.extend(pane.child_names(cx).into_iter().map(Step::Child));
    steps
}

/// The first way that leads somewhere: not to log lines where none are known.
pub(super) fn first(pane: &AlarmPane, cx: &Cx<'_>) -> Step {
    let Some(inquiry) = About::Alarm(pane.name.clone()).inquire(cx) else { return Step::Lines };
    if inquiry.waiting || !inquiry.leads.is_empty() {
        return Step::Lines;
    }
    let child = pane.child_names(cx).into_iter().next().map(Step::Child);
    let traces = inquiry.service.is_some().then_some(Step::Traces);
    let changes = cx.board.changes.as_ref().map(|_| Step::Changes);
    traces.or(child).or(changes).unwrap_or(Step::Traces)
}

/// The ways on in words, without the children.
pub(super) fn rows(pane: &AlarmPane, cx: &Cx<'_>) -> Vec<NextRow> {
    let Some(inquiry) = About::Alarm(pane.name.clone()).inquire(cx) else { return Vec::new() };
    let row = |step| {
        let (text, more) = match step {
            Step::Lines => line_count(&inquiry, cx),
            Step::Traces => {
                ("traces with faults".to_owned(), crate::text::clean(&inquiry.faults().filter).into_owned())
            }
            Step::Changes => changes::summary(changes::Began::of(&inquiry), cx),
            Step::Child(_) => return None,
        };
        Some(NextRow { step, text, more })
    };
    steps(pane, cx).into_iter().filter_map(row).collect()
}

/// Draws the ways on, one a line; returns what is left below.
pub(super) fn draw(pane: &AlarmPane, area: Rect, buf: &mut Buffer, cx: &Cx<'_>) -> Rect {
    let rows = rows(pane, cx);
    for (n, row) in rows.iter().enumerate() {
        let Some(place) = line(area, n) else { break };
        let chosen = pane.next.key().unwrap_or(&Step::Lines) == &row.step;
        let rest = put_next(buf, place, if chosen { "▸ " } else { "  " }, cx.theme.style(Role::Strong));
        let rest = put_next(buf, rest, &row.text, cx.theme.style(Role::Strong));
        put(buf, rest, &format!("  {}", row.more), cx.theme.style(Role::Muted), Align::Left);
        if chosen && cx.focused {
            select(buf, place, cx.theme);
        }
    }
    cut_top(area, (rows.len() as u16).min(area.height)).1
}
