//! Rows of a query as columns.

use indexmap::IndexMap;

use crate::insights;

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

/// The names of all columns, and of those that the query asks for and no row has: each stands behind the one before it in
/// the query.
pub fn all(rows: &[Vec<(String, String)>], asked: &[String]) -> Vec<String> {
    let mut found = names(rows);
    let mut before: Option<&String> = None;
    for name in asked {
        // How AWS names what is computed is its own affair; plain names are the query's.
        if is_plain(name) && !found.contains(name) {
            let at = before.and_then(|before| found.iter().position(|known| known == before)).map_or(0, |at| at + 1);
            found.insert(at, name.clone());
        }
        before = Some(name);
    }
    found
}

fn is_plain(name: &str) -> bool {
    name != POINTER && name.chars().all(|c| c.is_alphanumeric() || "@_.-".contains(c))
}

/// What a query asks for, as far as it tells.
pub fn asked(text: &str) -> Vec<String> {
    insights::parse(text).map(|query| query.columns().iter().map(ToString::to_string).collect()).unwrap_or_default()
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
    fn what_the_query_asks_for_stays_where_no_row_has_it() {
        let rows = vec![vec![("n".to_owned(), "3".to_owned()), ("os".to_owned(), "x".to_owned())]];
        let asked = asked("stats count(*) as n by os, nowhere");
        assert!(asked.contains(&"nowhere".to_owned()), "{asked:?}");
        assert_eq!(all(&rows, &asked).iter().filter(|name| *name == "nowhere").count(), 1);
        assert_eq!(all(&rows, &["os".to_owned(), "nowhere".to_owned(), "f(x)".to_owned()]), ["n", "os", "nowhere"]);
        assert_eq!(all(&rows, &["nowhere".to_owned(), "@ptr".to_owned()]), ["nowhere", "n", "os"]);
    }

    #[test]
    fn numbers_sort_by_size() {
        let mut values = vec![Some("x"), None, Some("10"), Some("9.5"), Some("a"), Some("")];
        values.sort_by(|a, b| compare(*a, *b));
        assert_eq!(values, [Some("9.5"), Some("10"), Some("a"), Some("x"), None, Some("")]);
    }
}
