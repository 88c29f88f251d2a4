//! Charts and cards as tables.

use std::collections::BTreeMap;

use super::Exported;
use crate::analysis::card::card_value;
use crate::board::{ChangeUnit, Unit};
use crate::clock::Time;
use crate::export::{Cell, Table};
use crate::panes::Cx;
use crate::widgets::chart::Chart;

/// Charts over the same window in one table: a row a time, a column a line, its unit in the heading. What a line is
/// compared with has a column of its own, at the times of this window.
pub fn charts(title: &str, charts: &[&Chart<'_>]) -> Exported {
    let mut columns = vec!["time".to_owned()];
    let mut rows: BTreeMap<Time, Vec<Cell>> = BTreeMap::new();
    for chart in charts {
        for line in &chart.lines {
            // The arrow of the right axis means nothing without the axes.
            let label = line.label.trim_end_matches(" →");
            let unit = match chart.unit_of(line) {
                Unit::None => String::new(),
                unit => format!(" ({})", unit.name()),
            };
            let earlier = chart.compared.filter(|_| !line.earlier.is_empty());
            let curves = [(String::new(), &line.points)];
            let before = earlier.map(|words| (format!(", {words}"), &line.earlier));
            for (words, points) in curves.into_iter().chain(before) {
                columns.push(format!("{label}{words}{unit}"));
                for (at, value) in points.iter().filter(|(at, _)| *at >= chart.from && *at < chart.to) {
                    let row = rows.entry(*at).or_insert_with(|| vec![Cell::time(*at)]);
                    row.resize(columns.len() - 1, Cell::None);
                    row.push(Cell::number(*value));
                }
            }
        }
    }
    let cursor = charts.iter().find_map(|chart| chart.cursor);
    let selected = cursor.and_then(|cursor| rows.keys().position(|at| *at == cursor));
    Exported::new("metrics", Table::new(title, columns, rows.into_values())).at(selected)
}

/// The board's cards, as the contract of `baro snapshot` has them.
pub fn cards(cx: &Cx<'_>, chosen: usize) -> Exported {
    let columns = ["id", "title", "value", "unit", "change", "change_unit", "state", "health"];
    let rows = cx.board.cards.iter().map(|card| {
        let view = card_value(card, cx.board, cx.store, cx.window, cx.now);
        vec![
            Cell::text(&card.id),
            Cell::text(&card.title),
            Cell::number(view.value),
            Cell::text(card.unit.name()),
            Cell::number(view.change),
            Cell::text(match card.change {
                ChangeUnit::Percent => "percent",
                ChangeUnit::Points => "points",
            }),
            Cell::text(view.state.name()),
            Cell::text(view.health),
        ]
    });
    Exported::new("cards", Table::new("Cards", columns, rows)).at(Some(chosen))
}
