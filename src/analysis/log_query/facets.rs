//! Statistics of fields, computed from the rows at hand: how often a field is there, and its most frequent values.

use std::collections::HashMap;

use super::columns;

/// A field's values.
#[derive(Debug, Clone, PartialEq)]
pub struct Facet {
    /// The field.
    pub name: String,
    /// Rows that have it.
    pub present: usize,
    /// How many different values it has.
    pub distinct: usize,
    /// The most frequent values with their rows, most frequent first.
    pub top: Vec<(String, usize)>,
    /// Smallest, mean and greatest, where all values are numbers.
    pub range: Option<(f64, f64, f64)>,
}

/// The statistics of one field over rows.
pub fn facet<'r>(rows: impl Iterator<Item = &'r [(String, String)]>, name: &str, most: usize) -> Facet {
    let mut counts: HashMap<&str, usize> = HashMap::new();
    let (mut present, mut sum) = (0_usize, 0.0);
    let mut extent: Option<(f64, f64)> = None;
    let mut is_numeric = true;
    for row in rows {
        let Some(value) = columns::value(row, name).filter(|value| !value.is_empty()) else { continue };
        present += 1;
        *counts.entry(value).or_default() += 1;
        match columns::number(value).filter(|_| is_numeric) {
            Some(number) => {
                sum += number;
                extent = Some(extent.map_or((number, number), |(low, high)| (low.min(number), high.max(number))));
            }
            None => is_numeric = false,
        }
    }
    let distinct = counts.len();
    let mut top: Vec<(&str, usize)> = counts.into_iter().collect();
    top.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| columns::compare(Some(a.0), Some(b.0))));
    top.truncate(most);
    let top = top.into_iter().map(|(value, count)| (value.to_owned(), count)).collect();
    let range = extent.filter(|_| is_numeric).map(|(low, high)| (low, sum / present.max(1) as f64, high));
    Facet { name: name.to_owned(), present, distinct, top, range }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_frequent_value_comes_first() {
        let row =
            |issuer: &str, n: &str| vec![("issuer".to_owned(), issuer.to_owned()), ("n".to_owned(), n.to_owned())];
        let rows = [row("a", "1"), row("b", "2"), row("b", "3"), row("", "6")];
        let issuer = facet(rows.iter().map(Vec::as_slice), "issuer", 1);
        assert_eq!((issuer.present, issuer.distinct, issuer.range), (3, 2, None));
        assert_eq!(issuer.top, [("b".to_owned(), 2)]);
        let n = facet(rows.iter().map(Vec::as_slice), "n", 9);
        assert_eq!(n.range, Some((1.0, 3.0, 6.0)));
    }
}
