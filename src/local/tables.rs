//! Lookup tables from files of comma-separated values.

use std::fs::File;
use std::io::{self, Read};
use std::path::PathBuf;

use super::LocalError;
use crate::insights::{Query, Sheet};

/// What an exported sheet may begin with.
const MARK: &str = "\u{feff}";

/// A lookup table: its name in queries, and its file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// What queries call it.
    pub name: String,
    /// Comma-separated values, headed by the names of the columns.
    pub file: PathBuf,
}

/// Gives a query the tables that it looks things up in.
///
/// # Errors
/// A table that there is not, that cannot be read, or that lacks a column.
pub fn furnish(query: &Query, tables: &[Table]) -> Result<(), LocalError> {
    for lookup in query.lookups() {
        let refuse = |message: String| LocalError::Refused { place: lookup.place.clone(), message };
        let Some(table) = tables.iter().rfind(|table| table.name == lookup.name) else {
            let name = &lookup.name;
            return Err(refuse(format!("there is no lookup table `{name}`: give it with --lookup {name}=FILE.csv")));
        };
        let sheet =
            read(table).map_err(|source| LocalError::Read { input: table.file.display().to_string(), source })?;
        lookup.answer(&sheet).map_err(|column| {
            let names = sheet.names.join(", ");
            refuse(format!("{} has no column `{column}`, there are {names}", table.file.display()))
        })?;
    }
    Ok(())
}

fn read(table: &Table) -> io::Result<Sheet> {
    let mut text = String::new();
    File::open(&table.file)?.read_to_string(&mut text)?;
    let text = text.strip_prefix(MARK).unwrap_or(&text);
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    let cells = |record: &csv::StringRecord| record.iter().map(str::to_owned).collect::<Vec<String>>();
    let names = cells(reader.headers().map_err(io::Error::from)?);
    let rows = reader.records().map(|row| row.map(|row| cells(&row)).map_err(io::Error::from));
    Ok(Sheet { names, rows: rows.collect::<io::Result<_>>()? })
}
