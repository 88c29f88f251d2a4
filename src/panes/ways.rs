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
    /// The service in X-Ray that it is about, or the calls to it.
    Service,
    /// What was changed before it began.
    Changes,
}

impl Way {
    /// What it opens.
    pub(super) fn target(self, about: &About, cx: &Cx<'_>) -> Target {
        match self {
            Self::Service => {
                let (caller, service) = about.inquire(cx).map(|it| (it.caller, it.service)).unwrap_or_default();
                match (caller, service) {
                    (Some(caller), Some(service)) => Target::Edge(caller, service),
                    (None, Some(service)) => Target::Service(service),
                    (_, None) => Target::Traces(about.clone()),
                }
            }
            Self::Lines => Target::Matches(about.clone()),
            Self::Traces => Target::Traces(about.clone()),
            Self::Changes => Target::Changes(Some(about.clone())),
        }
    }

    /// In words: what it leads to, and more of less weight.
    pub(super) fn words(self, inquiry: &Inquiry, cx: &Cx<'_>) -> (String, String) {
        match self {
            Self::Lines => matches::line_count(inquiry, cx),
            Self::Traces => {
                let what = if inquiry.filter.is_some() { "traces that show it" } else { "traces with faults" };
                (what.to_owned(), clean(&inquiry.faults().filter).into_owned())
            }
            Self::Service => {
                let name = inquiry.service.as_ref().map(|key| clean(&key.name).into_owned());
                let name = name.unwrap_or_default();
                match &inquiry.caller {
                    Some(caller) => ("the calls".to_owned(), format!("{} → {name}", clean(&caller.name))),
                    None => ("the service".to_owned(), name),
                }
            }
            Self::Changes => changes::summary(changes::Began::of(inquiry), cx),
        }
    }
}

/// The ways on with a cursor.
#[derive(Debug, Default)]
pub struct Ways {
    list: ListState<Way>,
}

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
            Action::Open => Some(Some(ways[row].target(about, cx))),
            Action::Down | Action::Up => self.list.on(action, &ways).then_some(None),
            _ => None,
        }
    }

    /// Draws them, one a line; returns what is left below.
    pub fn draw(&self, about: &About, area: Rect, buf: &mut Buffer, cx: &Cx<'_>) -> Rect {
        let inquiry = about.inquire(cx);
        let ways = inquiry.as_ref().map(|inquiry| ways(inquiry, cx)).unwrap_or_default();
        let rows = inquiry.iter().flat_map(|inquiry| ways.iter().map(|way| way.words(inquiry, cx))).collect::<Vec<_>>();
        draw(&rows, self.list.clone().sync(&ways), area, buf, cx)
    }
}

/// Draws ways on in words, one a line, the chosen one marked; returns what is left below.
pub(super) fn draw(
    rows: &[(String, String)],
    chosen: Option<usize>,
    area: Rect,
    buf: &mut Buffer,
    cx: &Cx<'_>,
) -> Rect {
    for (n, (text, more)) in rows.iter().enumerate() {
        let Some(place) = line(area, n) else { break };
        let is_chosen = chosen == Some(n);
        let rest = put_next(buf, place, if is_chosen { "▸ " } else { "  " }, cx.theme.style(Role::Strong));
        let rest = put_next(buf, rest, text, cx.theme.style(Role::Strong));
        put(buf, rest, &format!("  {more}"), cx.theme.style(Role::Muted), Align::Left);
        if is_chosen && cx.focused {
            select(buf, place, cx.theme);
        }
    }
    cut_top(area, (rows.len() as u16).min(area.height)).1
}

/// The ways that lead somewhere, the most telling first.
fn ways(inquiry: &Inquiry, cx: &Cx<'_>) -> Vec<Way> {
    let lines = (inquiry.waiting || !inquiry.leads.is_empty()).then_some(Way::Lines);
    let traces = inquiry.service.as_ref().map(|_| Way::Traces);
    let service = inquiry.filter.as_ref().and(inquiry.service.as_ref()).map(|_| Way::Service);
    let changes = cx.board.changes.as_ref().map(|_| Way::Changes);
    service.into_iter().chain(lines).chain(traces).chain(changes).collect()
}
