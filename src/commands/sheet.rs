//! Rows as columns for people, and as comma-separated values.

use std::io::{self, Write};
use std::ops::Range;

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
    columns_right(rows, 0..0, out)
}

/// The same, with the cells of the columns in `right` at their right end.
///
/// # Errors
/// Where `out` cannot be written to.
pub(super) fn columns_right<R: AsRef<[String]>>(
    rows: &[R],
    right: Range<usize>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let count = rows.first().map_or(0, |row| row.as_ref().len());
    let widest = |i: usize| rows.iter().map(|row| width(&row.as_ref()[i])).max().unwrap_or_default();
    let widths: Vec<usize> = (0..count).map(widest).collect();
    for row in rows {
        let mut line = String::new();
        for (at, (cell, wide)) in row.as_ref().iter().zip(&widths).enumerate() {
            let (before, after) = if right.contains(&at) { (wide - width(cell), 0) } else { (0, wide - width(cell)) };
            line.extend(std::iter::repeat_n(' ', before));
            line.push_str(cell);
            line.extend(std::iter::repeat_n(' ', after + 2));
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
    fn figures_end_below_one_another() {
        let rows = [["NAME", "RATE", "LAST"], ["a", "2.3", "x"], ["bc", "12.3", "y"]];
        let mut out = Vec::new();
        columns_right(&rows.map(|row| row.map(str::to_owned)), 1..2, &mut out).expect("written");
        let text = String::from_utf8(out).expect("UTF-8");
        assert_eq!(text, "NAME  RATE  LAST\na      2.3  x\nbc    12.3  y\n");
    }

    #[test]
    fn numbers_have_no_needless_zero() {
        let cases = [(5.0, 4, "5"), (14.6, 4, "14.6"), (0.123_456_7, 6, "0.123457"), (100.0, 6, "100")];
        for (value, decimals, expected) in cases {
            assert_eq!(plain(value, decimals), expected);
        }
    }
}
