//! Every combination of up to three values, with what it explains.

use std::collections::{BTreeSet, HashMap};

use super::score::Split;
use super::{FIELDS, LEAST_FAILURES};
use crate::analysis::cells::{Cell, Tally, sum};

/// Index of field and value, ascending by field.
type Values = Vec<(usize, Box<str>)>;

/// A combination that was looked at.
#[derive(Debug, Clone)]
pub(super) struct Candidate {
    /// Index of field and value, ascending by field.
    pub(super) values: Values,
    /// How it splits the cells.
    pub(super) split: Split,
    /// The log-likelihood ratio, less what it takes to write its values down (minimum description length): each further
    /// value must explain more than could be found by choosing among all values.
    pub(super) score: f64,
}

impl Candidate {
    /// Whether a cell has all its values.
    pub(super) fn covers(&self, cell: &Cell) -> bool {
        self.values.iter().all(|(field, value)| cell.values[*field].as_ref() == Some(value))
    }
}

/// What a scan has looked at.
#[derive(Debug, Default)]
pub(super) struct Scan {
    /// Combinations by descending score; of equal ones the shorter first, then by name.
    pub(super) candidates: Vec<Candidate>,
    /// How many had enough failures to be looked at, for the correction of chances.
    pub(super) tested: usize,
}

/// Looks at every combination of up to [`FIELDS`] values with enough failures.
pub(super) fn scan(names: &[String], fields: &[usize], cells: &[Cell]) -> Scan {
    let whole = sum(cells);
    let mut scan = Scan::default();
    let mut a_value = 0.0;
    for size in 1..=FIELDS {
        let mut found: Vec<(Values, Split)> = Vec::new();
        for chosen in choose(fields, size) {
            for (values, part) in grouped(&chosen, cells) {
                if part.0.failures >= LEAST_FAILURES {
                    let values = chosen.iter().copied().zip(values.into_iter().map(Into::into)).collect();
                    found.push((values, Split::new(part, whole)));
                }
            }
        }
        if size == 1 {
            a_value = (found.len().max(2) as f64).ln();
        }
        scan.tested += found.len();
        let cost = a_value * size as f64;
        let scored = found.into_iter().map(|(values, split)| {
            let score = split.log_likelihood_ratio() - cost;
            Candidate { values, split, score }
        });
        scan.candidates.extend(scored);
    }
    scan.candidates.sort_by(|a, b| {
        let key = |c: &Candidate| -> BTreeSet<(String, Box<str>)> {
            c.values.iter().map(|(field, value)| (names[*field].clone(), value.clone())).collect()
        };
        // Scores that differ by rounding alone are equal.
        let (one, two) = ((a.score * 1e6).round(), (b.score * 1e6).round());
        two.total_cmp(&one).then_with(|| a.values.len().cmp(&b.values.len())).then_with(|| key(a).cmp(&key(b)))
    });
    scan
}

/// Cells added up by their values of some fields; those that lack one are left out.
fn grouped<'a>(fields: &[usize], cells: &'a [Cell]) -> HashMap<Vec<&'a str>, (Tally, Tally)> {
    let mut groups: HashMap<Vec<&str>, (Tally, Tally)> = HashMap::new();
    for cell in cells {
        let values: Option<Vec<&str>> = fields.iter().map(|field| cell.values[*field].as_deref()).collect();
        if let Some(values) = values {
            let (bad, good) = groups.entry(values).or_default();
            *bad = bad.plus(cell.bad);
            *good = good.plus(cell.good);
        }
    }
    groups
}

/// Every choice of so many of these, in order.
fn choose(of: &[usize], size: usize) -> Vec<Vec<usize>> {
    if size == 0 {
        return vec![Vec::new()];
    }
    let mut found = Vec::new();
    for (at, first) in of.iter().enumerate() {
        for mut rest in choose(&of[at + 1..], size - 1) {
            rest.insert(0, *first);
            found.push(rest);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn choices_are_all_there_and_each_once() {
        assert_eq!(choose(&[3, 5, 8], 2), [[3, 5], [3, 8], [5, 8]]);
        assert_eq!(choose(&[1, 2, 3, 4, 5, 6, 7, 8], 3).len(), 56);
        assert!(choose(&[1], 2).is_empty());
    }
}
