//! The columns of the strip of services.

use super::{Trouble, seconds};
use crate::board::Unit;
use crate::store::graph::{Service, Statistics};
use crate::text::{clean, units};
use crate::widgets::print::{Align, cells};
use crate::widgets::table::{Cell, Heading};
use crate::widgets::theme::Role;

/// A column, in the order in which they stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Column {
    Name,
    Kind,
    Rate,
    Bad,
    Error,
    Throttle,
    Fault,
    P50,
    P90,
    P99,
}

/// The columns that fit, what matters most first, and how wide they are; the name takes what is left.
pub(super) fn columns(services: &[&Service], width: u16) -> Vec<(Column, u16)> {
    const ORDER: [Column; 9] = [
        Column::Bad,
        Column::P99,
        Column::P50,
        Column::Rate,
        Column::Kind,
        Column::Fault,
        Column::Error,
        Column::Throttle,
        Column::P90,
    ];
    let longest = |text: fn(&Service) -> &str| services.iter().map(|s| cells(&clean(text(s)))).max().unwrap_or(0);
    let name = longest(|service| &service.key.name).clamp(8, 48);
    let kind = longest(|service| &service.key.kind).clamp(4, 28);
    let mut room = width.saturating_sub(name.min(18));
    let mut shown = Vec::new();
    for column in ORDER {
        let wide = column.width(kind);
        if wide + 1 > room {
            break;
        }
        room -= wide + 1;
        shown.push((column, wide));
        // The name gets its full length before the lesser columns get any room.
        if column == Column::P99 {
            room = room.saturating_sub(name.saturating_sub(18));
        }
    }
    let used: u16 = shown.iter().map(|(_, wide)| wide + 1).sum();
    shown.push((Column::Name, name.min(width.saturating_sub(used))));
    shown.sort_by_key(|(column, _)| *column as u8);
    shown
}

impl Column {
    const fn width(self, kind: u16) -> u16 {
        match self {
            Self::Name => 0,
            Self::Kind => kind,
            Self::Bad => 8,
            Self::Rate | Self::Error | Self::Throttle | Self::Fault => 9,
            Self::P50 | Self::P90 | Self::P99 => 7,
        }
    }

    pub(super) fn heading(self, width: u16) -> Heading {
        let (title, align) = match self {
            Self::Name => ("service", Align::Left),
            Self::Kind => ("type", Align::Left),
            Self::Rate => ("requests", Align::Right),
            Self::Bad => ("bad", Align::Right),
            Self::Error => ("error", Align::Right),
            Self::Throttle => ("throttle", Align::Right),
            Self::Fault => ("fault", Align::Right),
            Self::P50 => ("p50", Align::Right),
            Self::P90 => ("p90", Align::Right),
            Self::P99 => ("p99", Align::Right),
        };
        Heading { title: title.to_owned(), width, align }
    }

    pub(super) fn cell(self, service: &Service, statistics: &Statistics, minutes: f64) -> Cell {
        let count = |count: u64| Cell::new(units::value(count as f64, Unit::Count), Role::Text);
        match self {
            Self::Name => Cell::new(clean(&service.key.name), Role::Strong),
            Self::Kind => Cell::new(clean(&service.key.kind), Role::Muted),
            Self::Rate => Cell::new(units::per_minute(statistics.total, minutes * 60.0), Role::Text),
            Self::Bad => Trouble::of(statistics).cell(),
            Self::Error => count(statistics.error),
            Self::Throttle => count(statistics.throttle),
            Self::Fault => count(statistics.fault),
            Self::P50 => seconds(statistics.percentile(0.5)),
            Self::P90 => seconds(statistics.percentile(0.9)),
            Self::P99 => seconds(statistics.percentile(0.99)),
        }
    }
}
