//! Rows of a pane as CSV, JSON, NDJSON and Markdown.

use std::collections::HashSet;

use serde_json::{Map, Value, json};

use super::csv::{csv, heading, inert};
use super::markdown;
use crate::clock::Time;
use crate::text::time::rfc3339;
use crate::text::{clean, clean_field};

/// From here on a floating-point number no longer holds every whole number.
const WHOLE: f64 = 9_007_199_254_740_992.0;

/// What a pane lists.
///
/// Its texts may be as they came: whoever writes it cleans them, by the name of their column, so that nothing that is
/// exported goes by the masks. That takes its time for many rows, and is no work of the loop's.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// What it is about.
    pub title: String,
    /// Names of the columns, each once.
    columns: Vec<String>,
    /// The rows, each with a cell a column.
    rows: Vec<Vec<Cell>>,
}

/// What stands in a column of a row.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Cell {
    /// Nothing is known.
    #[default]
    None,
    /// A text.
    Text(Box<str>),
    /// A number that is one.
    Number(f64),
}

impl Cell {
    /// A text.
    pub fn text(text: impl AsRef<str>) -> Self {
        Self::Text(text.as_ref().into())
    }

    /// A text that may be missing.
    pub fn maybe(text: Option<impl AsRef<str>>) -> Self {
        text.map_or(Self::None, Self::text)
    }

    /// A number that may be missing; what is none (NaN, infinite) is missing.
    pub fn number(value: impl Into<Option<f64>>) -> Self {
        value.into().filter(|value| value.is_finite()).map_or(Self::None, Self::Number)
    }

    /// A number of things.
    pub const fn count(count: u64) -> Self {
        Self::Number(count as f64)
    }

    /// A time, RFC 3339 with milliseconds.
    pub fn time(at: impl Into<Option<Time>>) -> Self {
        Self::maybe(at.into().map(rfc3339))
    }

    /// As JSON has it; `column` names it.
    fn json(&self, column: &str) -> Value {
        match self {
            Self::None => Value::Null,
            Self::Text(text) => clean_field(column, text).into(),
            Self::Number(value) if value.fract() == 0.0 && value.abs() < WHOLE => (*value as i64).into(),
            Self::Number(value) => (*value).into(),
        }
    }

    /// As text; empty where nothing is known.
    fn plain(&self, column: &str) -> String {
        match self {
            Self::None => String::new(),
            Self::Text(text) => clean_field(column, text).into_owned(),
            Self::Number(value) => value.to_string(),
        }
    }
}

/// How a table is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Form {
    /// Comma-separated values.
    #[default]
    Csv,
    /// One document of the contract `barograph/v1`.
    Json,
    /// A JSON object a row.
    Ndjson,
    /// A table of GitHub's Markdown.
    Markdown,
}

impl Form {
    /// Every form.
    pub const ALL: [Self; 4] = [Self::Csv, Self::Json, Self::Ndjson, Self::Markdown];

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Csv => "CSV",
            Self::Json => "JSON",
            Self::Ndjson => "NDJSON",
            Self::Markdown => "Markdown",
        }
    }

    /// What names of its files end in.
    pub const fn ending(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Json => "json",
            Self::Ndjson => "ndjson",
            Self::Markdown => "md",
        }
    }
}

impl Table {
    /// A table of these columns and rows. A name that two columns have is counted up: `errors`, `errors (2)`.
    pub fn new<C: AsRef<str>>(
        title: impl AsRef<str>,
        columns: impl IntoIterator<Item = C>,
        rows: impl IntoIterator<Item = Vec<Cell>>,
    ) -> Self {
        let mut seen = HashSet::new();
        let mut unique = |name: C| {
            let name = clean(name.as_ref()).into_owned();
            let again = (2..).map(|n| format!("{name} ({n})"));
            let free = std::iter::once(name.clone()).chain(again).find(|name| seen.insert(name.clone()));
            free.unwrap_or(name)
        };
        let columns: Vec<String> = columns.into_iter().map(&mut unique).collect();
        let whole = |mut row: Vec<Cell>| {
            row.resize(columns.len(), Cell::None);
            row
        };
        let rows = rows.into_iter().map(whole).collect();
        Self { title: clean(title.as_ref()).into_owned(), rows, columns }
    }

    /// How many rows it has.
    pub const fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether it has no row.
    pub const fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The names of its columns.
    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    /// Its rows.
    pub fn rows(&self) -> &[Vec<Cell>] {
        &self.rows
    }

    /// The same with these rows alone.
    pub fn only(&self, rows: &[usize]) -> Self {
        let rows = rows.iter().filter_map(|row| self.rows.get(*row).cloned()).collect();
        Self { title: self.title.clone(), columns: self.columns.clone(), rows }
    }

    /// The table as text, sanitised and masked; `at` is when it was so.
    pub fn write(&self, form: Form, at: Time) -> String {
        match form {
            Form::Csv => self.csv(),
            Form::Json => {
                let rows: Vec<Value> = self.rows.iter().map(|row| self.object(row)).collect();
                let document =
                    json!({ "schema": "barograph/v1", "title": self.title, "at": rfc3339(at), "rows": rows });
                format!("{document}\n")
            }
            Form::Ndjson => self.rows.iter().fold(String::new(), |out, row| out + &self.object(row).to_string() + "\n"),
            Form::Markdown => markdown::table(&self.columns, self.rows.iter().map(|row| self.texts(row))),
        }
    }

    fn csv(&self) -> String {
        let text = |(column, cell): (&String, &Cell)| match cell {
            Cell::Text(_) => inert(cell.plain(column)),
            Cell::None | Cell::Number(_) => cell.plain(column),
        };
        let rows = self.rows.iter().map(|row| self.columns.iter().zip(row).map(text).collect::<Vec<_>>());
        let headings = self.columns.iter().map(|column| heading(column.clone()));
        let mut out = Vec::new();
        // Writing into memory cannot fail.
        let _ = csv(headings, rows, &mut out);
        String::from_utf8(out).unwrap_or_default()
    }

    fn object(&self, row: &[Cell]) -> Value {
        let cells = self.columns.iter().zip(row);
        Value::Object(cells.map(|(column, cell)| (column.clone(), cell.json(column))).collect::<Map<_, _>>())
    }

    fn texts(&self, row: &[Cell]) -> Vec<String> {
        self.columns.iter().zip(row).map(|(column, cell)| cell.plain(column)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at() -> Time {
        "2026-01-15T10:28:00Z".parse().expect("a time")
    }

    fn table() -> Table {
        let rows = vec![
            vec![Cell::time(at()), Cell::text("a, \"b\" | c\\d"), Cell::number(14.6), Cell::count(3)],
            vec![Cell::None, Cell::text("=1+1"), Cell::number(f64::NAN), Cell::number(-2.0)],
        ];
        Table::new("Requests", ["time", "reason", "latency_s", "time"], rows)
    }

    #[test]
    fn each_form_has_every_row() {
        let written = |form| table().write(form, at());
        assert_eq!(
            written(Form::Csv),
            "time,reason,latency_s,time (2)\n2026-01-15T10:28:00.000Z,\"a, \"\"b\"\" | c\\d\",14.6,3\n,'=1+1,,-2\n"
        );
        assert_eq!(
            written(Form::Json),
            "{\"schema\":\"barograph/v1\",\"title\":\"Requests\",\"at\":\"2026-01-15T10:28:00.000Z\",\"rows\":[\
             {\"time\":\"2026-01-15T10:28:00.000Z\",\"reason\":\"a, \\\"b\\\" | c\\\\d\",\"latency_s\":14.6,\"time (2)\":3},\
             {\"time\":null,\"reason\":\"=1+1\",\"latency_s\":null,\"time (2)\":-2}]}\n"
        );
        assert_eq!(written(Form::Ndjson).lines().count(), 2);
        assert_eq!(
            written(Form::Markdown),
            "| time | reason | latency_s | time (2) |\n| --- | --- | --- | --- |\n\
             | 2026-01-15T10:28:00.000Z | a, \"b\" \\| c\\\\d | 14.6 | 3 |\n|  | =1+1 |  | -2 |\n"
        );
    }

    #[test]
    fn rows_are_chosen_and_filled_up() {
        let table = Table::new("x", ["a", "b"], [vec![Cell::text("1")], vec![Cell::text("2"), Cell::text("3")]]);
        assert_eq!(table.rows()[0], [Cell::text("1"), Cell::None]);
        assert_eq!(table.only(&[1, 7]).write(Form::Csv, at()), "a,b\n2,3\n");
    }

    #[test]
    fn secrets_are_masked_in_every_form() {
        let hostile = "pan 4111111111111111 cvv=123 Bearer abcdefgh12345678 \u{1b}]52;c;eA==\u{7} \u{202e}";
        let rows = vec![vec![Cell::text(hostile), Cell::text("999"), Cell::text("jo@example.com")]];
        let table = Table::new("4111111111111111", ["message 4111111111111111", "cvv", "mail"], rows);
        for form in Form::ALL {
            let text = table.write(form, at());
            for secret in ["4111111111111111", "=123", "abcdefgh12345678", "999", "jo@"] {
                assert!(!text.contains(secret), "{form:?}: {secret} in {text}");
            }
            let plain = |c: char| c == '\n' || !c.is_control() && c != '\u{202e}';
            assert!(text.chars().all(plain), "{form:?}: {text:?}");
            assert!(text.contains("411111"), "{form:?}: what is no secret stays: {text}");
        }
    }
}
