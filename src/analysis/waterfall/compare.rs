//! Two traces side by side: the same steps aligned.
//!
//! Steps are the same where their parents are and where they bear one name. On each level the longest common sequence of
//! names is aligned; of what is left over, the first of a name goes with the first of that name, as calls that run at once
//! begin in any order.

use std::collections::HashMap;

use super::words::label;
use crate::store::trace::Trace;

/// Cells of a table of two levels, above which only the numbers within a name are compared.
const MOST_CELLS: usize = 1_000_000;

/// Which of the traces has a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Both, in these rows.
    Both(usize, usize),
    /// The first alone.
    Left(usize),
    /// The second alone.
    Right(usize),
}

/// A row of two traces.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// Its rows in them.
    pub side: Side,
    /// How many steps are above it.
    pub depth: usize,
    /// Its name.
    pub name: String,
    /// Seconds that it took in the first.
    pub left_s: Option<f64>,
    /// Seconds that it took in the second.
    pub right_s: Option<f64>,
}

impl Step {
    /// Seconds that it took longer in the second; `None` where one of them does not know.
    pub fn difference_s(&self) -> Option<f64> {
        Some(self.right_s? - self.left_s?)
    }
}

/// The steps of two traces, parents before their children.
pub fn compare(left: &Trace, right: &Trace) -> Vec<Step> {
    let names = |trace: &Trace| trace.spans.iter().map(label).collect::<Vec<_>>();
    let (left_names, right_names) = (names(left), names(right));
    let of = |side: Side, depth: usize| {
        let (ours, theirs) = match side {
            Side::Both(left, right) => (Some(left), Some(right)),
            Side::Left(left) => (Some(left), None),
            Side::Right(right) => (None, Some(right)),
        };
        let took = |trace: &Trace, row: Option<usize>| row.and_then(|row| trace.spans.get(row)?.took_s());
        let name = ours.and_then(|row| left_names.get(row)).or_else(|| theirs.and_then(|row| right_names.get(row)));
        let (left_s, right_s) = (took(left, ours), took(right, theirs));
        Step { side, depth, name: name.cloned().unwrap_or_default(), left_s, right_s }
    };
    let align = |ours: Vec<usize>, theirs: Vec<usize>| {
        let name = |names: &[String], rows: &[usize]| {
            rows.iter().filter_map(|row| names.get(*row).cloned()).collect::<Vec<_>>()
        };
        let (left_level, right_level) = (name(&left_names, &ours), name(&right_names, &theirs));
        let pairs = pairs(&left_level, &right_level);
        merge(&pairs, &ours, &theirs)
    };
    let mut steps = Vec::with_capacity(left.spans.len().max(right.spans.len()));
    let level = align(left.roots().collect(), right.roots().collect());
    let mut waiting: Vec<(Side, usize)> = level.into_iter().rev().map(|side| (side, 0)).collect();
    while let Some((side, depth)) = waiting.pop() {
        steps.push(of(side, depth));
        let below: Vec<Side> = match side {
            Side::Both(ours, theirs) => align(left.children(ours).collect(), right.children(theirs).collect()),
            Side::Left(row) => left.children(row).map(Side::Left).collect(),
            Side::Right(row) => right.children(row).map(Side::Right).collect(),
        };
        waiting.extend(below.into_iter().rev().map(|side| (side, depth + 1)));
    }
    steps
}

/// For each of the left ones the right one that it goes with.
fn pairs(left: &[String], right: &[String]) -> Vec<Option<usize>> {
    let mut pairs: Vec<Option<usize>> = vec![None; left.len()];
    let start = left.iter().zip(right).take_while(|(a, b)| a == b).count();
    let (ours, theirs) = (&left[start..], &right[start..]);
    let end = ours.iter().rev().zip(theirs.iter().rev()).take_while(|(a, b)| a == b).count();
    let (ours, theirs) = (&ours[..ours.len() - end], &theirs[..theirs.len() - end]);
    for (n, pair) in pairs.iter_mut().enumerate().take(start) {
        *pair = Some(n);
    }
    for n in 1..=end {
        pairs[left.len() - n] = Some(right.len() - n);
    }
    for (a, b) in common(ours, theirs) {
        pairs[start + a] = Some(start + b);
    }
    // The first of a name that is left over goes with the first of that name.
    let mut taken = vec![false; right.len()];
    for n in pairs.iter().flatten() {
        taken[*n] = true;
    }
    let mut free: HashMap<&str, Vec<usize>> = HashMap::new();
    for (n, name) in right.iter().enumerate().rev().filter(|(n, _)| !taken[*n]) {
        free.entry(name).or_default().push(n);
    }
    for (pair, name) in pairs.iter_mut().zip(left).filter(|(pair, _)| pair.is_none()) {
        *pair = free.get_mut(name.as_str()).and_then(Vec::pop);
    }
    pairs
}

/// A longest common sequence, as pairs of numbers; none where the table would be too large.
fn common(left: &[String], right: &[String]) -> Vec<(usize, usize)> {
    let width = right.len() + 1;
    if left.is_empty() || right.is_empty() || (left.len() + 1).saturating_mul(width) > MOST_CELLS {
        return Vec::new();
    }
    // Lengths of what is common from here on.
    let mut table = vec![0_u32; (left.len() + 1) * width];
    for a in (0..left.len()).rev() {
        for b in (0..right.len()).rev() {
            table[a * width + b] = if left[a] == right[b] {
                table[(a + 1) * width + b + 1] + 1
            } else {
                table[(a + 1) * width + b].max(table[a * width + b + 1])
            };
        }
    }
    let (mut a, mut b) = (0, 0);
    let mut found = Vec::new();
    while a < left.len() && b < right.len() {
        if left[a] == right[b] {
            found.push((a, b));
            (a, b) = (a + 1, b + 1);
        } else if table[(a + 1) * width + b] >= table[a * width + b + 1] {
            a += 1;
        } else {
            b += 1;
        }
    }
    found
}

/// A level of both in one order: that of the left, with what the right alone has after what stands before it there.
fn merge(pairs: &[Option<usize>], left: &[usize], right: &[usize]) -> Vec<Side> {
    let mut taken = vec![false; right.len()];
    for n in pairs.iter().flatten() {
        taken[*n] = true;
    }
    let (mut merged, mut next) = (Vec::new(), 0);
    for (row, pair) in left.iter().zip(pairs) {
        let Some(n) = pair else {
            merged.push(Side::Left(*row));
            continue;
        };
        while next < *n {
            if !taken[next] {
                merged.push(Side::Right(right[next]));
            }
            next += 1;
        }
        merged.push(Side::Both(*row, right[*n]));
    }
    merged.extend((next..right.len()).filter(|n| !taken[*n]).map(|n| Side::Right(right[n])));
    merged
}
