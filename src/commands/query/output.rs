//! Rows of a query as lines, JSON and comma-separated values.

use std::io::{self, Write};

use serde_json::{Map, Value, json};

use crate::analysis::log_query::capped::Capped;
use crate::analysis::log_query::columns::value;
use crate::analysis::log_query::estimate::cost_words;
use crate::commands::sheet;
use crate::store::rows::LogRows;
use crate::text::{clean, clean_field};

/// How the rows are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Output {
    /// Columns for people.
    #[default]
    Table,
    /// The contract `barograph/v1`.
    Json,
    /// A JSON object a row.
    Ndjson,
    /// Comma-separated values, with a line of names on top.
    Csv,
}

/// Writes the rows, clean: what is a secret by the name of its field is hidden in every form. `names` are the columns,
/// whether a row has them or not; `problems` what could not be read of files.
pub(in crate::commands) fn write(
    rows: &LogRows,
    names: &[String],
    problems: Option<Vec<Value>>,
    output: Output,
    out: &mut dyn Write,
) -> io::Result<()> {
    match output {
        Output::Table => table(rows, names, out),
        Output::Json => writeln!(out, "{}", document(rows, &cleaned(names), problems)),
        Output::Ndjson => rows.rows.iter().try_for_each(|row| writeln!(out, "{}", Value::Object(object(row)))),
        Output::Csv => {
            let record = |row: &Vec<(String, String)>| -> Vec<String> {
                names.iter().map(|name| clean_field(name, value(row, name).unwrap_or_default()).into_owned()).collect()
            };
            sheet::csv(cleaned(names), rows.rows.iter().map(record), out)
        }
    }
}

/// What was matched and scanned, and what that has cost.
pub(super) fn summary(rows: &LogRows, usd_per_gb: f64) -> String {
    let count = rows.rows.len();
    let word = if count == 1 { "row" } else { "rows" };
    let cost = cost_words(rows.bytes_scanned, usd_per_gb);
    format!(
        "{count} {word}, {:.0} of {:.0} records matched, {cost} scanned",
        rows.records_matched, rows.records_scanned
    )
}

/// Why there are no rows, and what to ask next; `empty` says it where no record was there at all.
pub(in crate::commands) fn hint<'t>(rows: &LogRows, empty: &'t str) -> &'t str {
    if rows.records_scanned < 1.0 {
        empty
    } else if rows.records_matched < 1.0 {
        "none passes the filters; `fields @timestamp, @message | limit 5` shows what there is"
    } else {
        "what passes the filters is left out by later commands"
    }
}

/// That rows were cut without the query's wish, and what gives more.
pub(in crate::commands) fn capped(text: &str, rows: &LogRows) -> Option<String> {
    let capped = Capped::of(text, rows)?;
    Some(format!("these are {}: a query without a limit gives no more; {}", capped.words(), Capped::ADVICE))
}

/// The rows as the contract has them: values are texts, as AWS gives them.
fn document(rows: &LogRows, columns: &[String], problems: Option<Vec<Value>>) -> Value {
    let mut document = json!({
        "schema": "barograph/v1",
        "status": if rows.running { "Running" } else { "Complete" },
        "columns": columns,
        "rows": rows.rows.iter().map(|row| Value::Object(object(row))).collect::<Vec<_>>(),
        "statistics": {
            "records_matched": rows.records_matched as u64,
            "records_scanned": rows.records_scanned as u64,
            "bytes_scanned": rows.bytes_scanned as u64,
        },
    });
    if let Some(problems) = problems {
        document["problems"] = Value::Array(problems);
    }
    document
}

fn object(row: &[(String, String)]) -> Map<String, Value> {
    row.iter().map(|(field, value)| (clean(field).into_owned(), Value::from(clean_field(field, value)))).collect()
}

/// Names as they may be shown.
fn cleaned(names: &[String]) -> Vec<String> {
    names.iter().map(|name| clean(name).into_owned()).collect()
}

fn table(rows: &LogRows, names: &[String], out: &mut dyn Write) -> io::Result<()> {
    if rows.rows.is_empty() || names.is_empty() {
        return Ok(());
    }
    let line = |row: &Vec<(String, String)>| -> Vec<String> {
        names.iter().map(|name| clean_field(name, value(row, name).unwrap_or("-")).into_owned()).collect()
    };
    let lines: Vec<Vec<String>> = std::iter::once(cleaned(names)).chain(rows.rows.iter().map(line)).collect();
    sheet::columns(&lines, out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::log_query::columns;

    fn rows() -> LogRows {
        let row = |pairs: &[(&str, &str)]| pairs.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
        LogRows {
            rows: vec![row(&[("reason", "TSP_TIMEOUT"), ("n", "12"), ("@ptr", "p")]), row(&[("n", "3")])],
            running: false,
            records_matched: 15.0,
            records_scanned: 4_000.0,
            bytes_scanned: 2_097_152.0,
        }
    }

    fn written(output: Output) -> String {
        let mut out = Vec::new();
        let rows = rows();
        write(&rows, &columns::all(&rows.rows, &[]), None, output, &mut out).expect("written");
        String::from_utf8(out).expect("UTF-8")
    }

    #[test]
    fn a_column_that_no_row_has_stays_in_every_form() {
        let row = vec![("count(*)".to_owned(), "12".to_owned())];
        let rows = LogRows { rows: vec![row], ..LogRows::default() };
        let names = columns::all(&rows.rows, &columns::asked("stats count(*) by reson"));
        let written = |output| {
            let mut out = Vec::new();
            write(&rows, &names, None, output, &mut out).expect("written");
            String::from_utf8(out).expect("UTF-8")
        };
        assert_eq!(written(Output::Table), "reson  count(*)\n-      12\n");
        assert_eq!(written(Output::Csv), "reson,count(*)\n,12\n");
        assert!(written(Output::Json).contains("\"columns\":[\"reson\",\"count(*)\"]"), "{}", written(Output::Json));
        assert_eq!(written(Output::Ndjson), "{\"count(*)\":\"12\"}\n", "a row holds what it has");
    }

    #[test]
    fn rows_that_were_cut_are_told_with_what_gives_more() {
        let rows = LogRows { rows: vec![Vec::new(); 10_000], records_matched: 20_200.0, ..LogRows::default() };
        let words = "these are the newest 10,000 of 20,200 rows: a query without a limit gives no more; \
                     | limit 100000 gives up to 100,000";
        assert_eq!(capped("fields @timestamp", &rows).as_deref(), Some(words));
        assert_eq!(capped("fields @timestamp | limit 10000", &rows), None);
    }

    #[test]
    fn the_document_is_the_contract() {
        assert_eq!(
            written(Output::Json),
            "{\"schema\":\"barograph/v1\",\"status\":\"Complete\",\"columns\":[\"reason\",\"n\"],\"rows\":[{\"reason\":\"TSP_TIMEOUT\",\"n\":\"12\",\"@ptr\":\"p\"},{\"n\":\"3\"}],\
             \"statistics\":{\"records_matched\":15,\"records_scanned\":4000,\"bytes_scanned\":2097152}}\n"
        );
    }

    #[test]
    fn rows_are_lines() {
        assert_eq!(written(Output::Table), "reason       n\nTSP_TIMEOUT  12\n-            3\n");
        assert_eq!(written(Output::Csv), "reason,n\nTSP_TIMEOUT,12\n,3\n");
        assert_eq!(
            written(Output::Ndjson),
            "{\"reason\":\"TSP_TIMEOUT\",\"n\":\"12\",\"@ptr\":\"p\"}\n{\"n\":\"3\"}\n"
        );
        assert_eq!(summary(&rows(), 0.005), "2 rows, 15 of 4000 records matched, 2.0 MiB, < $0.001 scanned");
    }
}
