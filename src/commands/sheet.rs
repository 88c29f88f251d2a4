//! Rows as columns for people, and as comma-separated values.

use std::io::{self, Write};

pub(super) use crate::export::csv::csv;
use crate::text::width;

/// How a list is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Output {
    /// Columns for people.
    #[default]
    Table,
    /// The contract `barograph/v1`.
    Json,
    /// Comma-separated values, with a line of names on top.
    Csv,
}

/// Writes rows of equally many cells in columns as wide as their widest cell, the last one as long as it is. No line
/// ends in blanks.
///
/// # Errors
/// Where `out` cannot be written to.
pub(super) fn columns<R: AsRef<[String]>>(rows: &[R], out: &mut dyn Write) -> io::Result<()> {
    let count = rows.first().map_or(0, |row| row.as_ref().len());
    let widest = |i: usize| rows.iter().map(|row| width(&row.as_ref()[i])).max().unwrap_or_default();
    let widths: Vec<usize> = (0..count).map(widest).collect();
    for row in rows {
        let mut line = String::new();
        for (cell, wide) in row.as_ref().iter().zip(&widths) {
            line.push_str(cell);
            line.extend(std::iter::repeat_n(' ', wide - width(cell) + 2));
        }
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(())
}

/// A number with at most so many decimals, none of them a needless zero.
pub(super) fn plain(value: f64, decimals: usize) -> String {
    let text = format!("{value:.decimals$}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wide_cells_line_up_and_no_line_ends_in_blanks() {
        let rows = [["A", "NAME", "LAST"], ["1", "警報", ""], ["22", "x", "as long as it is"]];
        let mut out = Vec::new();
        columns(&rows.map(|row| row.map(str::to_owned)), &mut out).expect("written");
        let text = String::from_utf8(out).expect("UTF-8");
        assert_eq!(text, "A   NAME  LAST\n1   警報\n22  x     as long as it is\n");
    }

    #[test]
    fn numbers_have_no_needless_zero() {
        let cases = [(5.0, 4, "5"), (14.6, 4, "14.6"), (0.123_456_7, 6, "0.123457"), (100.0, 6, "100")];
        for (value, decimals, expected) in cases {
            assert_eq!(plain(value, decimals), expected);
        }
    }
}
