//! Where one can go from something that fires: the log lines behind it, failing traces, what was changed.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::inquiry::{About, Inquiry};
use super::{Cx, Target, changes, matches};
use crate::app::action::Action;
use crate::app::effect::Subscription;
use crate::text::clean;
use crate::widgets::area::cut_top;
use crate::widgets::list::ListState;
use crate::widgets::print::{Align, line, put, put_next};
use crate::widgets::selection::select;
use crate::widgets::theme::Role;

/// One way on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// The log lines that match while it fired.
    Lines,
    /// The traces with faults in that time.
    Traces,
    /// What was changed before it began.
    Changes,
}

/// The ways on with a cursor.
#[derive(Debug, Default)]
pub struct Ways {
    list: ListState<Way>,
}

/// A way on in words: where it leads, what it leads to, and more of less weight.
type Row = (Way, String, String);

impl Ways {
    /// What has to be known to say where they lead.
    pub fn wants(about: &About, cx: &Cx<'_>) -> Vec<Subscription> {
        let changes = cx.board.changes.as_ref().map(|_| Subscription::Changes);
        matches::wants(about, cx).into_iter().chain(changes).collect()
    }

    /// Opens the way under the cursor, or moves the cursor; `None` for what it has no use for.
    pub fn on(&mut self, action: Action, about: &About, cx: &Cx<'_>) -> Option<Option<Target>> {
        let ways: Vec<Way> = about.inquire(cx).map(|inquiry| ways(&inquiry, cx)).unwrap_or_default();
        let row = self.list.sync(&ways)?;
        match action {
            Action::Open => Some(Some(match ways[row] {
                Way::Lines => Target::Matches(about.clone()),
                Way::Traces => Target::Traces(about.clone()),
                Way::Changes => Target::Changes(Some(about.clone())),
            })),
            Action::Down | Action::Up => self.list.on(action, &ways).then_some(None),
            _ => None,
        }
    }

    /// Draws them, one a line; returns what is left below.
    pub fn draw(&self, about: &About, area: Rect, buf: &mut Buffer, cx: &Cx<'_>) -> Rect {
        let rows = about.inquire(cx).map(|inquiry| rows(&inquiry, cx)).unwrap_or_default();
        let ways: Vec<Way> = rows.iter().map(|(way, _, _)| *way).collect();
        let chosen = self.list.clone().sync(&ways);
        for (n, (_, text, more)) in rows.iter().enumerate() {
            let Some(place) = line(area, n) else { break };
            let sign = if chosen == Some(n) { "▸ " } else { "  " };
            let rest = put_next(buf, place, sign, cx.theme.style(Role::Strong));
            let rest = put_next(buf, rest, text, cx.theme.style(Role::Strong));
            put(buf, rest, &format!("  {more}"), cx.theme.style(Role::Muted), Align::Left);
            if chosen == Some(n) && cx.focused {
                select(buf, place, cx.theme);
            }
        }
        cut_top(area, (rows.len() as u16).min(area.height)).1
    }
}

/// The ways that lead somewhere, the most telling first.
fn ways(inquiry: &Inquiry, cx: &Cx<'_>) -> Vec<Way> {
    let lines = (inquiry.waiting || !inquiry.leads.is_empty()).then_some(Way::Lines);
    let traces = inquiry.service.as_ref().map(|_| Way::Traces);
    let changes = cx.board.changes.as_ref().map(|_| Way::Changes);
    lines.into_iter().chain(traces).chain(changes).collect()
}

fn rows(inquiry: &Inquiry, cx: &Cx<'_>) -> Vec<Row> {
    let row = |way| {
        let (text, more) = match way {
            Way::Lines => matches::line_count(inquiry, cx),
            Way::Traces => ("traces with faults".to_owned(), clean(&inquiry.faults().filter).into_owned()),
            Way::Changes => changes::summary(changes::Began::of(inquiry), cx),
        };
        (way, text, more)
    };
    ways(inquiry, cx).into_iter().map(row).collect()
}
