//! The groups of a list of traces: their order, and how they are drawn.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::Widget;

use super::TracesPane;
use crate::analysis::trace_groups::{Field, Group};
use crate::board::Unit;
use crate::panes::Cx;
use crate::text::{Align, clean, clean_field, units};
use crate::widgets::list::ListState;
use crate::widgets::print::cells;
use crate::widgets::table::{Cell, Heading, Table};
use crate::widgets::theme::Role;

/// The groups of a list by a field.
#[derive(Debug)]
pub(super) struct Grouping {
    pub(super) field: Field,
    pub(super) list: ListState<Option<String>>,
    order: Order,
    is_reversed: bool,
}

/// What groups are sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Order {
    #[default]
    Count,
    Faults,
    Errors,
    Throttles,
    P50,
    P90,
    P99,
}

impl Order {
    const ALL: [Self; 7] = [Self::Count, Self::Faults, Self::Errors, Self::Throttles, Self::P50, Self::P90, Self::P99];

    fn next(self) -> Self {
        let at = Self::ALL.iter().position(|order| *order == self).unwrap_or(0);
        Self::ALL.get(at + 1).copied().unwrap_or_default()
    }

    const fn of(self, group: &Group) -> f64 {
        let [p50, p90, p99] = group.percentiles;
        match self {
            Self::Count => group.count as f64,
            Self::Faults => group.faults as f64,
            Self::Errors => group.errors as f64,
            Self::Throttles => group.throttles as f64,
            Self::P50 => p50,
            Self::P90 => p90,
            Self::P99 => p99,
        }
    }
}

impl Grouping {
    pub(super) fn by(field: Field) -> Self {
        Self { field, list: ListState::new(), order: Order::Count, is_reversed: false }
    }

    /// Sorts by the next figure, the greatest first, and begins with the first row.
    pub(super) fn sort(&mut self) {
        (self.order, self.is_reversed) = (self.order.next(), false);
        self.list = ListState::new();
    }

    /// Turns the order round.
    pub(super) fn reverse(&mut self) {
        self.is_reversed = !self.is_reversed;
        self.list = ListState::new();
    }

    fn arrow(&self, order: Option<Order>) -> &'static str {
        match (order == Some(self.order), self.is_reversed) {
            (false, _) => "",
            (true, false) => "▼",
            (true, true) => "▲",
        }
    }
}

impl TracesPane {
    /// The groups, in their order; none where nothing is grouped.
    pub(super) fn grouped(&self, cx: &Cx<'_>) -> Vec<Group> {
        let Some(Grouping { field, order, is_reversed, .. }) = &self.groups else { return Vec::new() };
        let mut groups = self.groups_of(field, cx).to_vec();
        groups.sort_by(|a, b| {
            let by = order.of(a).total_cmp(&order.of(b));
            if *is_reversed { by } else { by.reverse() }
        });
        groups
    }
}

/// The headings of the figures, what they sort by, and their cells.
const FIGURES: [(&str, Option<Order>, u16); 8] = [
    ("count", Some(Order::Count), 6),
    ("share", None, 6),
    ("faults", Some(Order::Faults), 7),
    ("errors", Some(Order::Errors), 7),
    ("throttles", Some(Order::Throttles), 9),
    ("p50", Some(Order::P50), 7),
    ("p90", Some(Order::P90), 7),
    ("p99", Some(Order::P99), 7),
];
/// Their cells, with a gap before each.
const BESIDE: u16 = 64;

pub(super) fn draw(pane: &mut TracesPane, buffer: &mut Buffer, area: Rect, cx: &Cx<'_>) {
    let found = pane.grouped(cx);
    let Some(grouping) = &mut pane.groups else { return };
    let values: Vec<Option<String>> = found.iter().map(|group| group.value.clone()).collect();
    let selected = grouping.list.sync(&values);
    let visible = grouping.list.visible(values.len(), usize::from(area.height.saturating_sub(1)));
    let name = clean(grouping.field.name()).into_owned();
    let text = |group: &Group| match &group.value {
        Some(value) => clean_field(grouping.field.name(), value).into_owned(),
        None => "none".to_owned(),
    };
    let texts: Vec<String> = found.iter().map(text).collect();
    let most = area.width.saturating_sub(BESIDE).max(12);
    let wide = texts.iter().map(|text| cells(text)).max().unwrap_or(0).max(cells(&name)).clamp(8, most);
    let figure = |(title, order, width): (&str, Option<Order>, u16)| {
        let arrow = grouping.arrow(order);
        let title = format!("{title}{arrow}");
        // The longest word gives way to its arrow.
        let title = if cells(&title) > width { title.replace('s', "") } else { title };
        Heading { title, width, align: Align::Right }
    };
    let mut headings = vec![Heading { title: name, width: wide, align: Align::Left }];
    headings.extend(FIGURES.map(figure));
    let seconds = |value: f64| Cell::new(units::value(value, Unit::Seconds), Role::Text);
    let count =
        |count: usize, role: Role| Cell::new(units::thousands(count), if count == 0 { Role::Muted } else { role });
    let row = |at: usize| {
        let (group, text) = (found.get(at)?, texts.get(at)?);
        let role = if group.value.is_some() { Role::Strong } else { Role::Muted };
        let [p50, p90, p99] = group.percentiles.map(seconds);
        Some(vec![
            Cell::new(text.as_str(), role),
            count(group.count, Role::Text),
            Cell::new(units::value(group.share * 100.0, Unit::Percent), Role::Muted),
            count(group.faults, Role::Fault),
            count(group.errors, Role::Error),
            count(group.throttles, Role::Throttle),
            p50,
            p90,
            p99,
        ])
    };
    let rows: Vec<Vec<Cell>> = visible.clone().filter_map(row).collect();
    let cursor = selected.filter(|_| cx.focused).and_then(|row| row.checked_sub(visible.start));
    Table { headings: &headings, headed: true, rows: &rows, cursor, theme: cx.theme }.render(area, buffer);
}
