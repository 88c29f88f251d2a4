//! Comma-separated values (RFC 4180).

use std::io::{self, Write};

/// Characters with which a spreadsheet takes a cell for a formula, and their full-width forms; from OWASP's "CSV
/// Injection". The control characters of that list never reach a cell.
const FORMULA: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];

/// Writes headings and rows as comma-separated values.
///
/// # Errors
/// Where `out` cannot be written to; a closed pipe is known as one.
pub fn csv<H: AsRef<[u8]>, R: IntoIterator<Item: AsRef<[u8]>>>(
    headings: impl IntoIterator<Item = H>,
    rows: impl IntoIterator<Item = R>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut writer = csv::Writer::from_writer(out);
    writer.write_record(headings).map_err(beneath)?;
    for row in rows {
        writer.write_record(row).map_err(beneath)?;
    }
    writer.flush()
}

/// The error beneath one of the CSV writer.
fn beneath(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}

/// A text that no spreadsheet takes for a formula: an apostrophe stands before one that could be one.
///
/// What callers of an API send ends up in these cells, and whoever opens the file would run it. A number is none,
/// whatever its sign.
pub fn inert(text: String) -> String {
    let formula = text.trim_start().starts_with(FORMULA) && text.trim().parse::<f64>().is_err();
    if formula { format!("'{text}") } else { text }
}

/// The name of a column as inert as a value, but fields that begin with `@`, which are names and compute nothing, keep
/// theirs: whoever reads the file looks for `@timestamp`.
pub fn heading(name: String) -> String {
    let is_plain = |rest: &str| {
        rest.starts_with(|first: char| first.is_ascii_alphabetic())
            && rest.chars().all(|it| it.is_ascii_alphanumeric() || matches!(it, '_' | '.'))
    };
    if name.strip_prefix('@').is_some_and(is_plain) { name } else { inert(name) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_is_a_formula() {
        let cases = [
            ("=HYPERLINK(\"http://x\")", "'=HYPERLINK(\"http://x\")"),
            ("+1+cmd|' /C calc'!A0", "'+1+cmd|' /C calc'!A0"),
            ("-2+3", "'-2+3"),
            ("  @SUM(A1)", "'  @SUM(A1)"),
            ("＝1", "'＝1"),
            ("-12.5", "-12.5"),
            ("+3", "+3"),
            ("a=b", "a=b"),
            ("", ""),
        ];
        for (text, expected) in cases {
            assert_eq!(inert(text.to_owned()), expected);
        }
    }

    #[test]
    fn a_field_keeps_its_name_as_a_heading() {
        let cases = [
            ("@timestamp", "@timestamp"),
            ("@entity.KeyAttributes.Name", "@entity.KeyAttributes.Name"),
            ("count(*)", "count(*)"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("@", "'@"),
            ("=1+1", "'=1+1"),
        ];
        for (name, expected) in cases {
            assert_eq!(heading(name.to_owned()), expected);
        }
    }
}
