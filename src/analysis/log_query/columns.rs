//! Rows of a query as columns.

use indexmap::IndexMap;

/// The column that holds the pointer to the whole record.
pub const POINTER: &str = "@ptr";

/// The names of all columns, in the order in which they first come, the pointer left out.
pub fn names(rows: &[Vec<(String, String)>]) -> Vec<String> {
    let mut found: IndexMap<&str, ()> = IndexMap::new();
    for (name, _) in rows.iter().flatten() {
        if name != POINTER && !found.contains_key(name.as_str()) {
            found.insert(name, ());
        }
    }
    found.into_keys().map(str::to_owned).collect()
}

/// A row's value of a column.
pub fn value<'r>(row: &'r [(String, String)], column: &str) -> Option<&'r str> {
    row.iter().find(|(name, _)| name == column).map(|(_, value)| value.as_str())
}

/// Compares two values as a table sorts them: numbers by size and before texts, what is missing last.
pub fn compare(a: Option<&str>, b: Option<&str>) -> std::cmp::Ordering {
    use std::cmp::Ordering::{Equal, Greater, Less};
    match (a.filter(|a| !a.is_empty()), b.filter(|b| !b.is_empty())) {
        (None, None) => Equal,
        (None, Some(_)) => Greater,
        (Some(_), None) => Less,
        (Some(a), Some(b)) => match (number(a), number(b)) {
            (Some(a), Some(b)) => a.total_cmp(&b),
            (Some(_), None) => Less,
            (None, Some(_)) => Greater,
            (None, None) => a.cmp(b),
        },
    }
}

/// A value as a number, if it is one.
pub fn number(text: &str) -> Option<f64> {
    text.parse::<f64>().ok().filter(|number| number.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_come_in_the_order_of_the_rows() {
        let row = |pairs: &[(&str, &str)]| pairs.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
        let rows: Vec<Vec<(String, String)>> = vec![row(&[("b", "1"), ("@ptr", "x")]), row(&[("b", "2"), ("a", "3")])];
        assert_eq!(names(&rows), ["b", "a"]);
        assert_eq!((value(&rows[1], "a"), value(&rows[0], "a")), (Some("3"), None));
    }

    #[test]
    fn numbers_sort_by_size() {
        let mut values = vec![Some("x"), None, Some("10"), Some("9.5"), Some("a"), Some("")];
        values.sort_by(|a, b| compare(*a, *b));
        assert_eq!(values, [Some("9.5"), Some("10"), Some("a"), Some("x"), None, Some("")]);
    }
}
