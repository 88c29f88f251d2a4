//! What the results export: rows, values of a field, patterns.

use super::run::Phase;
use super::{Cx, Exported, Logs, Over};
use crate::analysis::log_query::capped::Capped;
use crate::analysis::log_query::columns;
use crate::export::{Cell, Table};
use crate::text::clean_field;

/// What stands in the results: with a record open, or as a chart, the rows that it is of.
pub(super) fn exported(logs: &Logs, cx: &Cx<'_>) -> Option<Exported> {
    Some(found(logs, cx)?.part(partial(logs, cx)))
}

/// That the rows are not all there are.
fn partial(logs: &Logs, cx: &Cx<'_>) -> Option<String> {
    match logs.run.as_ref()?.phase(cx) {
        Phase::Running | Phase::Resolving => Some("partial, the query still runs".to_owned()),
        Phase::Stopped => Some("partial, the query was stopped".to_owned()),
        Phase::Failed(..) => Some("partial, the query failed".to_owned()),
        Phase::Unsent => None,
        Phase::Done => logs.capped(cx).map(|capped| format!("{}, {}", capped.words(), Capped::ADVICE)),
    }
}

fn found(logs: &Logs, cx: &Cx<'_>) -> Option<Exported> {
    match &logs.over {
        Some(Over::Values(values)) => {
            let facet = values.facet.as_ref()?;
            let share = |count: usize| count as f64 / values.of.max(1) as f64;
            let row = |(value, count): &(String, usize)| {
                // The value is what it is for the field, whose column may not have that name alone.
                let value = clean_field(&facet.name, value);
                vec![Cell::text(value), Cell::count(*count as u64), Cell::number(share(*count))]
            };
            let table = Table::new("Values", [facet.name.as_str(), "rows", "share"], facet.top.iter().map(row));
            Some(Exported::new("values", table).at(Some(values.list.row())))
        }
        Some(Over::Patterns(patterns)) => {
            let share = |count: usize| count as f64 / patterns.lines.max(1) as f64;
            let rows = patterns.found.iter().map(|pattern| {
                let before = pattern.before.map(|before| before as f64);
                vec![
                    Cell::text(&pattern.template),
                    Cell::count(pattern.count as u64),
                    Cell::number(share(pattern.count)),
                    Cell::number(before),
                    Cell::text(&pattern.example),
                ]
            });
            let table = Table::new("Patterns", ["pattern", "lines", "share", "lines_before", "example"], rows);
            Some(Exported::new("patterns", table).at(Some(patterns.list.row())))
        }
        Some(Over::Record(_)) | None => {
            let rows = logs.rows(cx)?;
            let shown = logs.table.shown();
            let row = |row: &Vec<(String, String)>| {
                shown
                    .iter()
                    .map(|name| columns::value(row, name).map_or(Cell::None, |value| cell(name, value)))
                    .collect()
            };
            let in_order = logs.table.order.iter().filter_map(|at| rows.rows.get(*at));
            let table = Table::new("Logs Insights", &shown, in_order.map(row));
            Some(Exported::new("logs", table).at(Some(logs.table.list.row())))
        }
    }
}

/// A value: a number where it is written as one, and as nothing else, and where there is nothing in it to be masked.
fn cell(name: &str, value: &str) -> Cell {
    let shown = clean_field(name, value);
    let number = value.parse::<f64>().ok().filter(|number| number.is_finite() && number.to_string() == shown);
    number.map_or_else(|| Cell::text(shown), Cell::number)
}
