//! The most frequent values of a field, counted in the rows that are here.

use super::{Cx, Logs, Over};
use crate::analysis::log_query::facets;
use crate::widgets::list::ListState;

/// Values of a field that are listed.
const MOST_VALUES: usize = 100;

/// The most frequent values of a field.
#[derive(Debug, Default)]
pub(super) struct Values {
    pub(super) column: String,
    pub(super) facet: Option<facets::Facet>,
    pub(super) list: ListState<String>,
    /// How many rows there were.
    pub(super) of: usize,
}

impl Logs {
    pub(super) fn count_values(&mut self, column: String, cx: &Cx<'_>) {
        let Some(rows) = self.rows(cx) else { return };
        let order = self.table.order.iter().filter_map(|at| rows.rows.get(*at)).map(Vec::as_slice);
        let facet = facets::facet(order, &column, MOST_VALUES);
        let mut values = Values { column, facet: None, list: ListState::new(), of: self.table.order.len() };
        values.list.sync(&facet.top.iter().map(|(value, _)| value.clone()).collect::<Vec<_>>());
        values.facet = Some(facet);
        self.over = Some(Over::Values(Box::new(values)));
    }
}
