//! What the failures have in common: suspects, and the requests split by one field.

use std::cell::OnceCell;

use ratatui::Frame;
use ratatui::layout::Rect;

use crate::analysis::breakdown::Order;
use crate::analysis::suspects::fields::Fields;
use crate::analysis::suspects::windows::Windows;
use crate::app::action::Action;
use crate::app::effect::Subscription;
use crate::clock::Time;
use crate::panes::feed::Given;
use crate::panes::{Cx, Exported, Pane, Reaction, Target, exported};
use crate::store::window::Span;
use crate::text::{clean, clean_field};
use crate::widgets::list::ListState;

mod ask;
mod draw;
mod known;
mod view;

pub(super) use draw::draw_fields;
use known::{Known, complete};
pub use view::{BreakdownView, Row};

/// What is broken down.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Breakdown {
    /// The windows; since the oldest firing alarm began where nothing is said.
    pub windows: Option<Windows>,
    /// Values that requests must have, the first chosen first.
    pub path: Vec<(String, String)>,
    /// The field by which they are split; the first that there is where nothing is said.
    pub field: Option<String>,
}

impl Breakdown {
    /// Of a few periods around a point in time.
    pub fn around(at: Time, period_s: i64, now: Time) -> Self {
        Self { windows: Some(Windows::around(at, period_s, now)), ..Self::default() }
    }
}

/// Suspects on top, below them the requests split by one field.
///
/// ```text
/// ┌ Breakdown · bad 10:13–10:28 · good 09:13–10:13 ───────── 31.2 MB scanned ┐
/// │ Suspects: what the failures have in common                               │
/// │ ✗ 98 % of the excess  walletProvider=GooglePay × issuer=Contoso_Bank × … │
/// │     1,811 of 1,811 failed, 8.1 % before, 49.6 times as often as the rest │
/// │                                                                          │
/// │ ‹ device  ▸os  walletProvider  issuer  country  reason ›  by failures    │
/// │ os           requests share   failed success change  requests  p50   p99 │
/// │ Android 14      3,211  43 %    1,861  42.0 % ▼ 56 pt    ▲ 4 % 1.1s 24.9s │
/// └──────────────────────────────────────────────────────────────────────────┘
/// ```
///
/// Left and right choose the field; Enter on a suspect shows its requests, on a value the breakdown by the next field of
/// the requests that have it.
#[derive(Debug)]
pub struct BreakdownPane {
    target: Breakdown,
    /// The windows, once it is known what fires: they stand still from then on, as each further one would cost.
    windows: OnceCell<Windows>,
    /// The fields, once a sample of lines is there.
    fields: OnceCell<Fields>,
    order: Order,
    /// Whether the order is turned round.
    is_reversed: bool,
    list: ListState<Row>,
    known: Option<Known>,
}

impl BreakdownPane {
    /// A pane on a breakdown.
    pub fn new(target: Breakdown) -> Self {
        Self {
            target,
            windows: OnceCell::new(),
            fields: OnceCell::new(),
            order: Order::default(),
            is_reversed: false,
            list: ListState::new(),
            known: None,
        }
    }

    /// The field by which requests are split at present.
    fn field(&self, fields: &Fields) -> Option<String> {
        let chosen = self.target.field.as_deref().filter(|field| fields.all().any(|name| name == *field));
        let open = |name: &&str| !self.target.path.iter().any(|(field, _)| field == name);
        chosen.or_else(|| fields.all().find(open)).map(str::to_owned)
    }

    fn turn(&mut self, forward: bool, cx: &Cx<'_>) -> Reaction {
        let Some(fields) = self.fields(cx) else { return Reaction::Handled };
        let open: Vec<String> = fields
            .all()
            .filter(|name| !self.target.path.iter().any(|(field, _)| field == name))
            .map(str::to_owned)
            .collect();
        let Some(at) = self.field(fields).and_then(|field| open.iter().position(|name| *name == field)) else {
            return Reaction::Handled;
        };
        let to = if forward { at + 1 } else { at + open.len() - 1 } % open.len();
        self.target.field = open.into_iter().nth(to);
        Reaction::Handled
    }

    /// What Enter opens on a row: a suspect's requests, or a value's further breakdown.
    fn open(&self, row: &Row, cx: &Cx<'_>) -> Reaction {
        match row {
            Row::Suspect(at) => {
                let suspect = self.known.as_ref().and_then(|known| known.finding.suspects.get(*at));
                suspect.map_or(Reaction::Handled, |suspect| self.requests(&suspect.fields, cx))
            }
            Row::Value(Some(value)) => {
                let (Some(fields), Some(windows)) = (self.fields(cx), self.windows(cx)) else {
                    return Reaction::Handled;
                };
                let Some(field) = self.field(fields) else { return Reaction::Handled };
                let path: Vec<(String, String)> =
                    self.target.path.iter().cloned().chain([(field, value.to_string())]).collect();
                if fields.all().all(|name| path.iter().any(|(field, _)| field == name)) {
                    return self.requests(&path, cx);
                }
                Reaction::Open(Target::Breakdown(Breakdown { windows: Some(windows), path, field: None }))
            }
            Row::Value(None) => Reaction::Handled,
        }
    }

    /// Opens the failed requests that have these values: as far as the feed knows their fields.
    fn requests(&self, values: &[(String, String)], cx: &Cx<'_>) -> Reaction {
        let columns = cx.board.feed.iter().flat_map(|rules| &rules.columns);
        let columns: Vec<&str> = columns.map(|column| column.field.as_str()).collect();
        let known = values.iter().filter(|(field, _)| columns.contains(&field.as_str()));
        let terms = known.map(|(field, value)| {
            let term = format!("{field}:{}", value.replace('"', ""));
            if term.contains(char::is_whitespace) { format!("\"{term}\"") } else { term }
        });
        let filter = std::iter::once("status:failed".to_owned()).chain(terms).collect::<Vec<_>>().join(" ");
        let span = self.windows(cx).map(|windows| Span { from: windows.bad.from, to: Some(windows.bad.to) });
        Reaction::Open(Target::Requests(Given { filter, span }))
    }
}

impl Pane for BreakdownPane {
    fn title(&self, _cx: &Cx<'_>) -> String {
        let path = self.target.path.iter().map(|(field, value)| format!("{field}={}", clean_field(field, value)));
        let crumbs: Vec<String> = std::iter::once("Breakdown".to_owned()).chain(path).collect();
        clean(&crumbs.join(" › ")).into_owned()
    }

    fn wants(&self, cx: &Cx<'_>) -> Vec<Subscription> {
        // What has been counted is not counted again: it would cost as much as the first time.
        let open = self.asks(cx).into_iter().filter(|query| complete(cx, query).is_none());
        open.map(Subscription::Logs).chain([Subscription::Alarms]).collect()
    }

    fn on(&mut self, action: Action, cx: &Cx<'_>) -> Reaction {
        self.keep_up(cx);
        let rows = self.rows(cx);
        match action {
            Action::Left | Action::Right => self.turn(action == Action::Right, cx),
            Action::Sort => {
                (self.order, self.is_reversed) = (self.order.next(), false);
                Reaction::Handled
            }
            Action::Reverse => {
                self.is_reversed = !self.is_reversed;
                Reaction::Handled
            }
            Action::Open | Action::Follow => {
                let row = self.list.sync(&rows).and_then(|at| rows.get(at).cloned());
                match (action, row) {
                    (_, None) => Reaction::Handled,
                    (Action::Follow, Some(Row::Value(Some(value)))) => {
                        let field = self.fields(cx).and_then(|fields| self.field(fields));
                        let here = field.map(|field| (field, value.to_string()));
                        let values: Vec<_> = self.target.path.iter().cloned().chain(here).collect();
                        self.requests(&values, cx)
                    }
                    (_, Some(row)) => self.open(&row, cx),
                }
            }
            // It is one already.
            Action::Breakdown => Reaction::Handled,
            action if self.list.on(action, &rows) => Reaction::Handled,
            _ => Reaction::Ignored,
        }
    }

    fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, cx: &Cx<'_>) {
        self.keep_up(cx);
        let rows = self.rows(cx);
        self.list.sync(&rows);
        let view = self.view(cx);
        draw::draw(&view, &mut self.list, frame.buffer_mut(), area, cx);
    }

    fn stands_still(&self, cx: &Cx<'_>) -> Option<String> {
        self.windows(cx)?;
        Some("a breakdown keeps its windows while it is open: back, and open it anew for others".to_owned())
    }

    fn copied(&self, cx: &Cx<'_>) -> Option<String> {
        self.view(cx).copied(self.list.key()?)
    }

    fn exported(&self, cx: &Cx<'_>) -> Option<Exported> {
        if let Some(Row::Suspect(at)) = self.list.key()
            && let Some(known) = &self.known
        {
            return Some(exported::suspects(&known.finding.suspects, *at));
        }
        let (field, slices) = self.slices(cx)?;
        let here = |value: &Row| slices.iter().position(|slice| *value == Row::Value(slice.value.clone()));
        Some(exported::slices(&self.title(cx), &field, &slices, self.list.key().and_then(here)))
    }
}

#[cfg(test)]
mod tests;
