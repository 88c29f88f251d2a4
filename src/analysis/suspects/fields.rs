//! Which fields of the log lines may be causes: from a sample of lines.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde_json::Value;

use crate::analysis::cells::{COUNT, status_of};
use crate::board::{FeedRules, Status};

/// Fields that are counted together at most: each more doubles the work of the scan.
pub const MOST_FIELDS: usize = 8;
/// Combinations of values that one query may come to: Logs Insights returns 10,000 rows, and each has its event, too.
const MOST_CELLS: f64 = 4_000.0;
/// Values that a field has at most in the sample; what has more is an identifier or a measurement.
const MOST_VALUES: usize = 40;
/// Whole numbers that a field has at most: more are a measurement.
const MOST_NUMBERS: usize = 12;
/// Characters of a value at most: more are a message.
const LONGEST: usize = 64;
/// Lines that a sample needs; with fewer, the board's columns are all that is known.
const LEAST_LINES: usize = 20;
/// The share of lines that must have a field.
const LEAST_PRESENT: f64 = 0.05;
/// How deep into objects fields are looked for: `a.b` is, `a.b.c` is not.
const DEPTH: usize = 2;

/// Names, or beginnings of names, of fields that tell how a request ended, and therefore not why.
const OUTCOMES: &[&str] =
    &["level", "severity", "status", "error", "exception", "reason", "message", "msg", "result", "outcome", "fault"];

/// The fields of a feed, as a sample of its lines shows them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Fields {
    /// Fields that may be causes, the board's columns first, those with fewer values before those with more: what
    /// suspects are looked for in.
    pub causes: Vec<String>,
    /// Other fields with few values, such as the reason: worth a breakdown.
    pub others: Vec<String>,
}

impl Fields {
    /// What the board alone tells: its columns.
    pub fn of_board(rules: &FeedRules) -> Self {
        let columns = columns(rules).filter(|name| !is_excluded(name, rules)).take(MOST_FIELDS);
        let others = Some(rules.reason_field.clone()).filter(|name| !name.is_empty());
        Self { causes: columns.map(str::to_owned).collect(), others: others.into_iter().collect() }
    }

    /// What a sample of lines tells; what the board tells where it is too small.
    pub fn of_lines<'a>(rules: &FeedRules, lines: impl IntoIterator<Item = &'a str>) -> Self {
        let sample = Sample::read(rules, lines);
        if sample.ends.len() < LEAST_LINES {
            return Self::of_board(rules);
        }
        let mut seen: BTreeMap<&str, Seen<'_>> = BTreeMap::new();
        for (failed, values) in &sample.ends {
            for (name, value) in values {
                seen.entry(name).or_default().add(*failed, value);
            }
        }
        let total = sample.ends.len();
        let few = |seen: &Seen<'_>| seen.is_kind(total);
        let place = |name: &str| columns(rules).position(|column| column == name).unwrap_or(usize::MAX);
        let mut causes: Vec<&str> = Vec::new();
        let mut others: Vec<&str> = Vec::new();
        for (name, seen) in &seen {
            if is_identifier(name, rules) || !few(seen) {
                continue;
            }
            let is_cause = !is_excluded(name, rules) && !seen.is_of_failures() && seen.varies(total);
            if is_cause { causes.push(name) } else { others.push(name) }
        }
        causes.sort_by_key(|name| (place(name) == usize::MAX, seen[name].values.len(), place(name), *name));
        others.sort_by_key(|name| (**name != *rules.reason_field, place(name), *name));
        Self {
            causes: sample.that_fit_together(&causes),
            others: others.into_iter().take(MOST_FIELDS).map(str::to_owned).collect(),
        }
    }

    /// All of them, those that may be causes first.
    pub fn all(&self) -> impl Iterator<Item = &str> {
        self.causes.iter().chain(&self.others).map(String::as_str)
    }
}

/// The fields of the board's columns, each once.
fn columns(rules: &FeedRules) -> impl Iterator<Item = &str> {
    let names = rules.columns.iter().map(|column| column.field.as_str());
    let first = |at: usize, name: &str| rules.columns.iter().position(|column| column.field == name) == Some(at);
    names.enumerate().filter(move |(at, name)| first(*at, name)).map(|(_, name)| name)
}

/// Whether a field identifies a request, or measures it.
fn is_identifier(name: &str, rules: &FeedRules) -> bool {
    let own = [&rules.id_field, &rules.correlation_field, &rules.trace_field, &rules.latency_field, &rules.event_field];
    own.iter().any(|field| *field == name) || rules.identifiers.iter().any(|field| field == name) || name == COUNT
}

/// Whether a field cannot be a cause: an identifier, or an outcome.
fn is_excluded(name: &str, rules: &FeedRules) -> bool {
    let last = name.rsplit('.').next().unwrap_or(name).to_ascii_lowercase();
    is_identifier(name, rules) || name == rules.reason_field || OUTCOMES.iter().any(|word| last.starts_with(word))
}

/// One end of a request: whether it failed, and its fields.
type End = (bool, Vec<(String, String)>);

/// The ends of requests among some lines.
struct Sample {
    ends: Vec<End>,
}

impl Sample {
    fn read<'a>(rules: &FeedRules, lines: impl IntoIterator<Item = &'a str>) -> Self {
        let end = |line: &'a str| {
            let line: Value = serde_json::from_str(line).ok()?;
            let event = line.get(&rules.event_field)?.as_str()?;
            let failed = match status_of(rules, event)? {
                Status::Pending => return None,
                Status::Success => false,
                Status::Failed => true,
            };
            let mut values = Vec::new();
            collect(&line, "", DEPTH, &mut values);
            Some((failed, values))
        };
        Self { ends: lines.into_iter().filter_map(end).collect() }
    }

    /// As many of these fields, from the first on, as have few enough combinations of values together.
    fn that_fit_together(&self, names: &[&str]) -> Vec<String> {
        let mut chosen: Vec<&str> = Vec::new();
        for name in names {
            if chosen.len() == MOST_FIELDS {
                break;
            }
            chosen.push(name);
            if self.combinations(&chosen) > MOST_CELLS {
                chosen.pop();
            }
        }
        chosen.into_iter().map(str::to_owned).collect()
    }

    /// How many combinations of values there may be in all: those seen, and those that the many seen only once suggest
    /// (Chao's estimator, 1984).
    fn combinations(&self, names: &[&str]) -> f64 {
        let mut times: HashMap<Vec<Option<&str>>, usize> = HashMap::new();
        for (_, values) in &self.ends {
            let value = |name: &&str| values.iter().find(|(field, _)| field == name).map(|(_, value)| value.as_str());
            *times.entry(names.iter().map(value).collect()).or_default() += 1;
        }
        let seen = |n: usize| times.values().filter(|times| **times == n).count() as f64;
        times.len() as f64 + seen(1) * (seen(1) - 1.0).max(0.0) / (2.0 * (seen(2) + 1.0))
    }
}

/// Scalars of an object, by name, `a.b` below an object.
fn collect(value: &Value, name: &str, depth: usize, into: &mut Vec<(String, String)>) {
    match value {
        Value::Object(fields) if depth > 0 => {
            for (key, value) in fields {
                let name = if name.is_empty() { key.clone() } else { format!("{name}.{key}") };
                collect(value, &name, depth - 1, into);
            }
        }
        Value::String(text) if !text.is_empty() => into.push((name.to_owned(), text.clone())),
        Value::Bool(truth) => into.push((name.to_owned(), truth.to_string())),
        Value::Number(number) => into.push((name.to_owned(), number.to_string())),
        Value::Null | Value::String(_) | Value::Array(_) | Value::Object(_) => {}
    }
}

/// What a field was seen to hold.
#[derive(Default)]
struct Seen<'a> {
    values: BTreeSet<&'a str>,
    good: usize,
    failed: usize,
}

impl<'a> Seen<'a> {
    fn add(&mut self, failed: bool, value: &'a str) {
        self.values.insert(value);
        if failed {
            self.failed += 1;
        } else {
            self.good += 1;
        }
    }

    const fn lines(&self) -> usize {
        self.good + self.failed
    }

    /// Whether it names a kind of request: few short values, each of them often.
    fn is_kind(&self, total: usize) -> bool {
        let is_number = |value: &&&str| value.parse::<f64>().is_ok();
        let numbers = self.values.iter().filter(is_number).count();
        self.lines() as f64 >= LEAST_PRESENT * total as f64
            && self.values.len() <= MOST_VALUES.min(self.lines() / 3)
            && numbers <= MOST_NUMBERS
            && self.values.iter().all(|value| value.chars().count() <= LONGEST)
    }

    /// Whether it tells lines apart.
    fn varies(&self, total: usize) -> bool {
        self.values.len() > 1 || self.lines() < total
    }

    /// Whether failures alone have it, so that it is a part of the failure.
    const fn is_of_failures(&self) -> bool {
        self.good == 0 && self.failed > 0
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::analysis::cells::fixture::rules;
    use crate::board::Column;

    fn with_columns(names: &[&str]) -> FeedRules {
        let column = |name: &&str| Column { id: (*name).into(), title: (*name).into(), field: (*name).into() };
        FeedRules { columns: names.iter().map(column).collect(), identifiers: vec!["token".into()], ..rules() }
    }

    fn of<'a>(values: &[&'a str], n: usize) -> &'a str {
        values[n % values.len()]
    }

    fn lines() -> Vec<String> {
        let line = |n: usize| {
            let failed = n.is_multiple_of(5);
            let mut line = json!({
                "event": if failed { "BAD" } else { "OK" },
                "id": format!("r{n}"), "token": format!("t{}", n % 3), "correlation": n, "took": 0.5 + n as f64,
                "level": if failed { "ERROR" } else { "INFO" },
                "issuer": of(&["a", "b", "c"], n), "os": of(&["x", "y"], n / 2), "shard": n % 4,
                "bytes": n * 17, "session": format!("s{}", n / 2), "fixed": "same",
                "client": { "version": of(&["1.0", "1.1"], n / 7), "deep": { "er": n % 2 } },
                "text": format!("{} {}", "word ".repeat(20), n % 2),
            });
            if failed {
                line["reason"] = of(&["timeout", "declined"], n / 5).into();
                line["step"] = json!("pay");
            }
            line.to_string()
        };
        let mut lines: Vec<String> = (0..200).map(line).collect();
        lines.push("no JSON".into());
        lines.push(json!({ "event": "START", "issuer": "z" }).to_string());
        lines
    }

    #[test]
    fn kinds_are_causes_and_neither_identifiers_nor_outcomes_are() {
        let lines = lines();
        let fields = Fields::of_lines(&with_columns(&["os", "reason"]), lines.iter().map(String::as_str));
        assert_eq!(fields.causes, ["os", "client.version", "issuer", "shard"]);
        assert_eq!(fields.others, ["reason", "fixed", "level", "step"]);
        assert_eq!(fields.all().count(), 8);
    }

    #[test]
    fn a_small_sample_leaves_it_to_the_board() {
        let lines = lines();
        let rules = with_columns(&["os", "os", "token", "level", "issuer"]);
        let fields = Fields::of_lines(&rules, lines.iter().map(String::as_str).take(10));
        assert_eq!(fields.causes, ["os", "issuer"]);
        assert_eq!(fields, Fields::of_board(&rules));
        assert_eq!(fields.others, ["reason"]);
    }

    #[test]
    fn fields_that_would_make_too_many_combinations_are_left_out() {
        let line = |n: usize| {
            let spread = |by: usize, of: usize| format!("v{}", n.wrapping_mul(2_654_435_761) / by % of);
            json!({ "event": "OK", "a": spread(1, 3), "b": spread(7, 30), "c": spread(263, 30), "d": spread(8_191, 30),
                "e": spread(131_071, 2) })
            .to_string()
        };
        let lines: Vec<String> = (0..2_000).map(line).collect();
        let fields = Fields::of_lines(&with_columns(&["a", "b", "c", "d"]), lines.iter().map(String::as_str));
        assert!(fields.causes.starts_with(&["a".into(), "b".into()]), "{fields:?}");
        assert!(!fields.causes.contains(&"d".to_owned()) || !fields.causes.contains(&"c".to_owned()), "{fields:?}");
    }
}
