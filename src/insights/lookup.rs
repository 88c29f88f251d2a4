//! The command `lookup`: columns of a table beside the log.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use super::ast::Expr;
use super::eval::{Column, Scope};
use super::value::Value;

/// A table with a name for each of its columns.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sheet {
    /// The names of the columns.
    pub names: Vec<String>,
    /// The cells of each row.
    pub rows: Vec<Vec<String>>,
}

/// The cells that are shown of a row, by those that it is found by.
type Found = Arc<HashMap<Vec<String>, Vec<String>>>;

/// A table that a query looks things up in. Whoever runs the query gives it the table first.
#[derive(Debug)]
pub struct Lookup {
    /// What the table is called.
    pub name: String,
    /// The bytes of that name in the query.
    pub place: Range<usize>,
    /// Columns of the table, and what must be equal to them.
    pub(super) keys: Vec<(Arc<str>, Expr)>,
    /// Columns of the table that the rows get.
    pub(super) columns: Vec<Arc<str>>,
    pub(super) found: OnceLock<Found>,
}

impl Lookup {
    /// Takes the table; the first one counts, and of rows with the same key the first.
    ///
    /// # Errors
    /// The name of a column that the table does not have.
    pub fn answer(&self, sheet: &Sheet) -> Result<(), String> {
        let at =
            |name: &Arc<str>| sheet.names.iter().position(|known| *known == **name).ok_or_else(|| name.to_string());
        let keys: Vec<usize> = self.keys.iter().map(|(name, _)| at(name)).collect::<Result<_, _>>()?;
        let columns: Vec<usize> = self.columns.iter().map(at).collect::<Result<_, _>>()?;
        let cells = |row: &[String], places: &[usize]| -> Vec<String> {
            places.iter().map(|place| row.get(*place).cloned().unwrap_or_default()).collect()
        };
        let mut found = HashMap::new();
        for row in &sheet.rows {
            found.entry(cells(row, &keys)).or_insert_with(|| cells(row, &columns));
        }
        let _ = self.found.set(Arc::new(found));
        Ok(())
    }

    /// Whether it has its table.
    pub fn is_answered(&self) -> bool {
        self.found.get().is_some()
    }

    /// The columns that a row gets: none where the table has no such row.
    pub(super) fn columns(&self, scope: Scope<'_>) -> Vec<Column> {
        let text = |expr: &Expr| expr.eval(scope).as_text().map(std::borrow::Cow::into_owned);
        let key: Option<Vec<String>> = self.keys.iter().map(|(_, expr)| text(expr)).collect();
        let row = key.and_then(|key| self.found.get()?.get(&key));
        let cells = row.into_iter().flat_map(|row| self.columns.iter().zip(row));
        cells.map(|(name, cell)| (Arc::clone(name), Value::text(cell.clone()))).collect()
    }
}
