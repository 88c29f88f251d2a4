//! What the failures of a bad window have in common: the values of fields that explain why more requests fail.
//!
//! A scan statistic over combinations of up to three values, one cause after the other; see `docs/suspects.md` for the
//! method, its sources, and when it names nothing.
//!
//! - [`windows`] decides what is bad and what is good to compare it with.
//! - [`fields`] decides which fields may be causes, from a sample of lines.
//! - [`query`] writes the Logs Insights queries that count attempts and failures.
//! - [`find`] names the suspects.

use super::cells::{Cell, Cells, Tally, sum};
use crate::text::{clean, clean_field};

pub mod fields;
pub mod query;
mod scan;
mod score;
pub mod windows;

#[cfg(test)]
mod tests;

use scan::{Candidate, scan};

/// Values in one suspect at most.
const FIELDS: usize = 3;
/// Suspects named at most: what needs more than that has no common cause.
const SUSPECTS: usize = 5;
/// Failures that a suspect has at least.
const LEAST_FAILURES: u64 = 10;
/// The share of the excess that a suspect explains at least.
const LEAST_SHARE: f64 = 0.05;
/// The share of otherwise good attempts that a suspect makes fail at least.
const LEAST_ADDED: f64 = 0.02;
/// How much more it makes fail than what else goes on, at least.
const LEAST_CONTRAST: f64 = 2.0;
/// How many times its own good rate a suspect fails at least.
const LEAST_RISE: f64 = 1.5;
/// The chance of naming anything where nothing is wrong, over all combinations that were looked at.
const CHANCE: f64 = 0.01;
/// The share of attempts that must have a field for those without it to be set aside, rather than be taken as a kind.
const MOSTLY: f64 = 0.5;
/// Failures of the good window from which on a field that foretells each outcome counts as an outcome itself.
const TELLING: u64 = 10;

/// Values that explain a part of the failures.
#[derive(Debug, Clone, PartialEq)]
pub struct Suspect {
    /// Field and value, in the order of the fields.
    pub fields: Vec<(String, String)>,
    /// Attempts with these values in the bad window, and how many of them failed; without those of a suspect before it.
    pub bad: Tally,
    /// The same in the good window.
    pub good: Tally,
    /// The share of the excess failures that it explains, 0–1.
    pub share_of_excess: f64,
    /// How many times as often as all other requests they fail in the bad window (the risk ratio).
    pub lift: f64,
}

impl Suspect {
    /// Its values in one line, clean: `issuer=Contoso_Bank × os=Android 14`.
    pub fn words(&self) -> String {
        let values = self.fields.iter().map(|(field, value)| format!("{field}={}", clean_field(field, value)));
        clean(&values.collect::<Vec<_>>().join(" × ")).into_owned()
    }
}

/// What came of a search for suspects.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// The suspects, the one that explains most first.
    pub suspects: Vec<Suspect>,
    /// All attempts of the bad window.
    pub bad: Tally,
    /// All attempts of the good window.
    pub good: Tally,
    /// Failures of the bad window beyond those of the good window's rate.
    pub excess: f64,
    /// Why nothing is named, where nothing is.
    pub nothing: Option<Nothing>,
}

/// Why no suspect is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nothing {
    /// Nothing was attempted in the bad window.
    NoAttempts,
    /// The failures are no more than the good window's rate lets one expect.
    NoExcess,
    /// More fails, but not for certain values.
    NoPattern,
}

impl Nothing {
    /// In words.
    pub const fn words(self) -> &'static str {
        match self {
            Self::NoAttempts => "no requests ended in the bad window",
            Self::NoExcess => "no more failures than in the good window",
            Self::NoPattern => "the failures have no values in common: they rose alike everywhere",
        }
    }
}

/// Names the values that explain why more requests fail in the bad window than in the good one.
pub fn find(cells: &Cells) -> Finding {
    let (bad, good) = cells.totals();
    let excess = bad.failures as f64 - bad.attempts as f64 * score::usual_rate(good);
    let mut finding = Finding { suspects: Vec::new(), bad, good, excess, nothing: None };
    if bad.attempts == 0 {
        finding.nothing = Some(Nothing::NoAttempts);
        return finding;
    }
    if !rose(bad, good) {
        finding.nothing = Some(Nothing::NoExcess);
        return finding;
    }
    let fields = telling_fields(cells);
    let mut left = known(cells, &fields);
    let of_known = {
        let (bad, good) = sum(&left);
        bad.failures as f64 - bad.attempts as f64 * score::usual_rate(good)
    };
    let mut found: Vec<(Candidate, Suspect)> = Vec::new();
    while found.len() < SUSPECTS {
        let (bad, good) = sum(&left);
        if !rose(bad, good) {
            break;
        }
        let scan = scan(&cells.fields, &fields, &left);
        let tested = scan.tested as f64;
        let Some(named) = scan.candidates.into_iter().find(|candidate| is_suspect(candidate, tested, of_known)) else {
            break;
        };
        left.retain(|cell| !named.covers(cell));
        let before: Vec<&Candidate> = found.iter().map(|(candidate, _)| candidate).collect();
        let suspect = suspect(&named, &before, cells, excess);
        found.push((named, suspect));
    }
    finding.suspects = found.into_iter().map(|(_, suspect)| suspect).collect();
    finding.suspects.sort_by(|a, b| b.share_of_excess.total_cmp(&a.share_of_excess));
    finding.nothing = finding.suspects.is_empty().then_some(Nothing::NoPattern);
    finding
}

/// Whether more fails than usual, beyond chance.
fn rose(bad: Tally, good: Tally) -> bool {
    bad.attempts > 0 && score::chance_of_all(bad, good) <= CHANCE
}

/// Whether a combination explains enough, beyond the chance of finding one so good among all that were tested.
fn is_suspect(candidate: &Candidate, tested: f64, excess: f64) -> bool {
    let split = &candidate.split;
    let (inside, outside) = split.added();
    let rate = split.bad.0.rate().unwrap_or_default();
    candidate.score > 0.0
        && split.excess() >= LEAST_SHARE * excess
        && inside >= LEAST_ADDED
        && inside >= LEAST_CONTRAST * outside
        && rate >= LEAST_RISE * split.usual.0
        && split.chance() * tested <= CHANCE
}

/// The fields that may be causes: not those whose values told each outcome when all was well, as a severity does.
fn telling_fields(cells: &Cells) -> Vec<usize> {
    let fails = |field: usize| {
        let mut by_value: std::collections::HashMap<Option<&str>, Tally> = std::collections::HashMap::new();
        for cell in &cells.cells {
            let tally = by_value.entry(cell.values[field].as_deref()).or_default();
            *tally = tally.plus(cell.good);
        }
        by_value.into_values().filter(|tally| tally.attempts > 0).collect::<Vec<_>>()
    };
    let is_outcome = |field: usize| {
        let values = fails(field);
        let is_pure = values.iter().all(|tally| tally.failures == 0 || tally.failures == tally.attempts);
        is_pure && values.iter().map(|tally| tally.failures).sum::<u64>() >= TELLING
    };
    (0..cells.fields.len()).filter(|field| !is_outcome(*field)).collect()
}

/// The cells whose values are known, as far as lines tend to have them: where the wallet is not logged, neither "this
/// wallet" nor "another one" can be said. Where setting them aside would lose most of the failures, all are kept.
fn known(cells: &Cells, fields: &[usize]) -> Vec<Cell> {
    let (bad, _) = cells.totals();
    let has = |field: usize| sum(cells.cells.iter().filter(|cell| cell.values[field].is_some())).0;
    let mostly: Vec<usize> =
        fields.iter().copied().filter(|field| has(*field).attempts as f64 >= MOSTLY * bad.attempts as f64).collect();
    let is_known = |cell: &&Cell| mostly.iter().all(|field| cell.values[*field].is_some());
    let known: Vec<Cell> = cells.cells.iter().filter(is_known).cloned().collect();
    let kept = sum(&known).0.failures as f64;
    if kept >= MOSTLY * bad.failures as f64 { known } else { cells.cells.clone() }
}

/// A suspect with its counts over all cells, whichever other fields their lines lack, but for what those named before
/// it explain.
fn suspect(named: &Candidate, before: &[&Candidate], cells: &Cells, excess: f64) -> Suspect {
    let is_its = |cell: &&Cell| named.covers(cell) && !before.iter().any(|other| other.covers(cell));
    let part = sum(cells.cells.iter().filter(is_its));
    let whole = cells.totals();
    let split = score::Split::new(part, whole);
    let rate = |tally: Tally| (tally.failures as f64 + 0.5) / (tally.attempts as f64 + 1.0);
    let fields = named.values.iter().map(|(field, value)| (cells.fields[*field].clone(), value.to_string()));
    Suspect {
        fields: fields.collect(),
        bad: part.0,
        good: part.1,
        share_of_excess: (split.excess() / excess.max(f64::EPSILON)).clamp(0.0, 1.0),
        lift: rate(part.0) / rate(whole.0.minus(part.0)),
    }
}
