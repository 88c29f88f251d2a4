//! The columns of the table of services and of calls, and its orders.

use std::borrow::Cow;
use std::cmp::Ordering;

use crate::analysis::concerns::Firing;
use crate::board::ChangeUnit;
use crate::store::graph::{Change, Edge, Service, ServiceKey, Statistics};
use crate::text::{clean, units};
use crate::widgets::map::FIRING;
use crate::widgets::print::{Align, cells};
use crate::widgets::table::{Cell, Heading};
use crate::widgets::theme::Role;

use super::super::{Trouble, seconds};

/// A service or a call, as the table has it.
pub(super) struct Row<'g> {
    name: String,
    kind: String,
    statistics: &'g Statistics,
    change: Option<Change>,
    /// How many alarms and rules fire about it.
    firing: usize,
}

impl<'g> Row<'g> {
    /// A service.
    pub(super) fn service(service: &'g Service, firing: &Firing) -> Self {
        Self {
            name: title(&service.key).into_owned(),
            kind: clean(&service.key.kind).into_owned(),
            statistics: &service.statistics,
            change: service.change(),
            firing: firing.on(&service.key),
        }
    }

    /// The calls of one service by another.
    pub(super) fn edge(edge: &'g Edge, firing: &Firing) -> Self {
        let arrow = if edge.is_link() { "⇢" } else { "→" };
        Self {
            name: format!("{} {arrow} {}", title(&edge.from), title(&edge.to)),
            kind: clean(&edge.to.kind).into_owned(),
            statistics: &edge.statistics,
            change: edge.change(),
            firing: firing.between(&edge.from, &edge.to),
        }
    }
}

/// A column, in the order in which they stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Column {
    Firing,
    Name,
    Kind,
    Rate,
    RateChange,
    Bad,
    BadChange,
    Ok,
    Error,
    Throttle,
    Fault,
    Average,
    P50,
    P90,
    P99,
    P99Change,
}

/// What rows are sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Order {
    pub(super) column: Column,
    /// Whether the least stands first.
    pub(super) reversed: bool,
}

/// Those that matter most first; the name is always there.
const PREFERRED: [Column; 14] = [
    Column::Bad,
    Column::P99,
    Column::Rate,
    Column::P50,
    Column::BadChange,
    Column::RateChange,
    Column::P99Change,
    Column::Average,
    Column::Fault,
    Column::Error,
    Column::Throttle,
    Column::P90,
    Column::Ok,
    Column::Kind,
];

/// The fewest cells in which a type says something.
const LEAST_KIND: u16 = 12;

/// The columns that fit `width` cells, and how wide they are.
pub(super) fn fitting(rows: &[Row<'_>], width: u16, compared: bool) -> Vec<(Column, u16)> {
    let mark = Column::Firing.width(0);
    let mut shown = Vec::new();
    let mut width = width;
    if rows.iter().any(|row| row.firing > 0) && width > mark {
        shown.push((Column::Firing, mark));
        width -= mark + 1;
    }
    let name = rows.iter().map(|row| cells(&row.name)).max().unwrap_or(0).clamp(8, 56);
    let kind = rows.iter().map(|row| cells(&row.kind)).max().unwrap_or(0).clamp(4, 24);
    let least = name.min(20).min((width / 2).max(8));
    let mut room = width.saturating_sub(least);
    let mut used = 0;
    for column in PREFERRED.into_iter().filter(|column| compared || !column.is_change()) {
        let wide = match column.width(kind) {
            wide if column == Column::Kind && room > LEAST_KIND => wide.min(room - 1),
            wide => wide,
        };
        if wide + 1 > room {
            break;
        }
        room -= wide + 1;
        used += wide + 1;
        shown.push((column, wide));
        // The name gets its full length before the lesser columns get any room.
        if column == Column::Rate {
            room = room.saturating_sub(name - least);
        }
    }
    shown.push((Column::Name, name.min(width.saturating_sub(used))));
    shown.sort_by_key(|(column, _)| *column);
    shown
}

impl Order {
    /// By the next of the columns that are shown.
    pub(super) fn next(self, shown: &[(Column, u16)]) -> Self {
        let at = shown.iter().position(|(column, _)| *column == self.column);
        let next = at.map_or(0, |at| (at + 1) % shown.len().max(1));
        Self { column: shown.get(next).map_or(self.column, |(column, _)| *column), reversed: false }
    }

    /// How two rows stand: the greatest figure first, the first name first, those without a figure last.
    pub(super) fn compare(self, a: &Row<'_>, b: &Row<'_>) -> Ordering {
        let names = || a.name.cmp(&b.name).then_with(|| a.kind.cmp(&b.kind));
        let turn = |order: Ordering| if self.reversed { order.reverse() } else { order };
        match self.column {
            Column::Name => turn(names()),
            Column::Kind => turn(a.kind.cmp(&b.kind)).then_with(names),
            column => {
                let by = match (column.figure(a), column.figure(b)) {
                    (Some(a), Some(b)) => turn(b.total_cmp(&a)),
                    (a, b) => b.is_some().cmp(&a.is_some()),
                };
                by.then_with(names)
            }
        }
    }
}

impl Column {
    const fn is_change(self) -> bool {
        matches!(self, Self::RateChange | Self::BadChange | Self::P99Change)
    }

    const fn width(self, kind: u16) -> u16 {
        match self {
            Self::Name => 0,
            Self::Firing => 1,
            Self::Kind => kind,
            Self::Ok | Self::Average | Self::P50 | Self::P90 | Self::P99 | Self::Error | Self::Fault => 7,
            Self::Bad => 8,
            Self::Rate | Self::RateChange | Self::BadChange | Self::P99Change | Self::Throttle => 9,
        }
    }

    const fn title(self) -> &'static str {
        match self {
            Self::Firing => FIRING,
            Self::Name => "service",
            Self::Kind => "type",
            Self::Rate => "requests",
            Self::RateChange | Self::BadChange | Self::P99Change => "change",
            Self::Bad => "bad",
            Self::Ok => "ok",
            Self::Error => "error",
            Self::Throttle => "throttle",
            Self::Fault => "fault",
            Self::Average => "average",
            Self::P50 => "p50",
            Self::P90 => "p90",
            Self::P99 => "p99",
        }
    }

    /// Its name where it stands alone.
    pub(super) const fn words(self) -> &'static str {
        match self {
            Self::Firing => "what fires",
            Self::RateChange => "change of requests",
            Self::BadChange => "change of bad",
            Self::P99Change => "change of p99",
            column => column.title(),
        }
    }

    pub(super) fn heading(self, width: u16, order: Order) -> Heading {
        let sign = match (self == order.column, order.reversed) {
            (false, _) => "",
            (true, false) => "▼",
            (true, true) => "▲",
        };
        let align = if self <= Self::Kind { Align::Left } else { Align::Right };
        // There is room for one sign.
        let title = if self == Self::Firing && !sign.is_empty() { "" } else { self.title() };
        Heading { title: format!("{sign}{title}"), width, align }
    }

    /// What is sorted by. The share of trouble is taken in tenths of a percent, so that services that do about as well do
    /// not change places all the time.
    fn figure(self, row: &Row<'_>) -> Option<f64> {
        let statistics = row.statistics;
        let coarse = |share: f64| (share * 1000.0).round();
        match self {
            Self::Name | Self::Kind => None,
            Self::Firing => Some(row.firing as f64),
            Self::Rate => Some(statistics.total as f64),
            Self::Bad => {
                let faults = coarse(statistics.fault_share());
                Some(faults * 10_000.0 + coarse(statistics.error_share()))
            }
            Self::Ok => Some(statistics.ok_share()),
            Self::Error => Some(statistics.error_share()),
            Self::Throttle => Some(statistics.throttle_share()),
            Self::Fault => Some(statistics.fault_share()),
            Self::Average => statistics.mean(),
            Self::P50 => statistics.percentile(0.5),
            Self::P90 => statistics.percentile(0.9),
            Self::P99 => statistics.percentile(0.99),
            Self::RateChange => row.change?.requests,
            Self::BadChange if Trouble::of(statistics).is_of_errors => row.change?.error,
            Self::BadChange => row.change?.fault,
            Self::P99Change => row.change?.p99,
        }
    }

    pub(super) fn cell(self, row: &Row<'_>, minutes: f64) -> Cell {
        let statistics = row.statistics;
        let share = |count: u64, role: Role| {
            let role = if count > 0 { role } else { Role::Muted };
            Cell::new(units::share(statistics.share(count)), role)
        };
        let change = |value: Option<f64>, unit: ChangeUnit| {
            Cell::new(value.map_or(units::NOTHING.to_owned(), |value| units::change(value, unit)), Role::Muted)
        };
        match self {
            Self::Firing => Cell::new(if row.firing > 0 { FIRING } else { "" }, Role::AlarmFiring),
            Self::Name => Cell::new(row.name.as_str(), Role::Strong),
            Self::Kind => Cell::new(row.kind.as_str(), Role::Muted),
            Self::Rate => Cell::new(rate(statistics, minutes), Role::Text),
            Self::Bad => Trouble::of(statistics).cell(),
            Self::Ok => share(statistics.ok, Role::Text),
            Self::Error => share(statistics.error, Role::Error),
            Self::Throttle => share(statistics.throttle, Role::Throttle),
            Self::Fault => share(statistics.fault, Role::Fault),
            Self::Average => seconds(statistics.mean()),
            Self::P50 => seconds(statistics.percentile(0.5)),
            Self::P90 => seconds(statistics.percentile(0.9)),
            Self::P99 => seconds(statistics.percentile(0.99)),
            Self::BadChange => change(self.figure(row), ChangeUnit::Points),
            Self::RateChange | Self::P99Change => change(self.figure(row), ChangeUnit::Percent),
        }
    }
}

/// A service's name, or what stands for it where it has none.
pub(super) fn title(key: &ServiceKey) -> Cow<'_, str> {
    let name = clean(&key.name);
    if name.trim().is_empty() { Cow::Borrowed("(no name)") } else { name }
}

/// Requests a minute: `2.22k/min`.
pub(super) fn rate(statistics: &Statistics, minutes: f64) -> String {
    units::per_minute(statistics.total, minutes * 60.0)
}
