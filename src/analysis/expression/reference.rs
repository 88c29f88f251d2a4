//! `AWS/Lambda:Errors{FunctionName=f}:Sum:60s`: one metric's statistic.

use crate::analysis::math::MathError;
use crate::analysis::statistic::usual;
use crate::board::stat;
use crate::store::series::{MetricQuery, MetricSource};

use super::{DEFAULT_PERIOD_S, Scope, period};

/// Statistics whose range stands in parentheses.
const RANGED: [&str; 5] = ["TM", "WM", "TC", "TS", "PR"];

/// Whether a character may stand in a namespace or a name without quotes.
pub(super) fn is_bare(c: char) -> bool {
    c.is_ascii_alphanumeric() || "._/#-%".contains(c)
}

/// Whether a namespace begins here: a bare run or a quoted one, with a colon right behind it.
pub(super) fn begins(rest: &str) -> bool {
    let length = match rest.chars().next() {
        Some('"') => quoted_length(rest),
        Some(c) if c.is_ascii_alphabetic() || c == '_' => rest.find(|c| !is_bare(c)).unwrap_or(rest.len()),
        Some(_) | None => return false,
    };
    rest.get(length..).is_some_and(|rest| rest.starts_with(':'))
}

/// The length of a quoted text with its quotes; all there is where it is never closed.
pub(super) fn quoted_length(rest: &str) -> usize {
    let mut chars = rest.char_indices().skip(1);
    while let Some((at, c)) = chars.next() {
        match c {
            '\\' => drop(chars.next()),
            '"' => return at + 1,
            _ => {}
        }
    }
    rest.len()
}

/// Reads the reference that begins at `at`; the query, and where the text goes on.
pub(super) fn read(text: &str, at: usize, scope: &Scope<'_>) -> Result<(MetricQuery, usize), MathError> {
    let mut reader = Reader { text, at };
    let namespace = reader.part("a namespace")?;
    reader.sign(':');
    let name = reader.part("the metric's name")?;
    let dimensions = if reader.sign('{') { reader.dimensions()? } else { Vec::new() };
    let statistic = if reader.sign(':') {
        reader.statistic()?
    } else {
        scope.statistic.unwrap_or_else(|| usual(&namespace, &name)).to_owned()
    };
    let period_s = if reader.sign(':') { Some(reader.period()?) } else { scope.period_s };
    let account = if reader.sign('@') { Some(reader.account()?) } else { None };
    let source = MetricSource::Stat { namespace, name, dimensions, stat: statistic };
    let query = MetricQuery { source, period_s: period_s.unwrap_or(DEFAULT_PERIOD_S), account, label: None };
    Ok((query, reader.at))
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Reader<'a> {
    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn fault(&self, message: impl Into<String>) -> MathError {
        MathError::new(self.at, message)
    }

    fn sign(&mut self, sign: char) -> bool {
        let found = self.rest().starts_with(sign);
        self.at += if found { sign.len_utf8() } else { 0 };
        found
    }

    fn run(&mut self, fits: impl Fn(char) -> bool) -> &'a str {
        let rest = self.rest();
        let length = rest.find(|c| !fits(c)).unwrap_or(rest.len());
        self.at += length;
        &rest[..length]
    }

    fn spaces(&mut self) {
        self.run(char::is_whitespace);
    }

    /// A quoted text, its escapes taken back.
    fn quoted(&mut self) -> Result<String, MathError> {
        let length = quoted_length(self.rest());
        let whole = &self.rest()[..length];
        if length < 2 || !whole.ends_with('"') {
            return Err(self.fault("this \" is never closed"));
        }
        let mut inside = String::new();
        let mut chars = whole[1..length - 1].chars();
        while let Some(c) = chars.next() {
            if c == '\\' { inside.extend(chars.next()) } else { inside.push(c) }
        }
        if inside.is_empty() {
            return Err(self.fault("there is nothing between these quotes"));
        }
        self.at += length;
        Ok(inside)
    }

    fn part(&mut self, what: &str) -> Result<String, MathError> {
        if self.rest().starts_with('"') {
            return self.quoted();
        }
        let part = self.run(is_bare);
        if part.is_empty() {
            return Err(
                self.fault(format!("expected {what}; what is not letters, digits or . _ / # - % stands in \"\""))
            );
        }
        Ok(part.to_owned())
    }

    fn dimensions(&mut self) -> Result<Vec<(String, String)>, MathError> {
        let mut dimensions: Vec<(String, String)> = Vec::new();
        loop {
            let at = self.at;
            let key = self.side(|c| !"=,{}\"".contains(c), "a dimension's name")?;
            if !self.sign('=') {
                return Err(self.fault("expected = and the dimension's value"));
            }
            if dimensions.iter().any(|(known, _)| *known == key) {
                return Err(MathError::new(at, format!("the dimension {key} is named twice")));
            }
            let value = self.side(|c| !",{}\"".contains(c), "the dimension's value")?;
            dimensions.push((key, value));
            if self.sign('}') {
                dimensions.sort();
                return Ok(dimensions);
            }
            if !self.sign(',') {
                return Err(self.fault("expected , or }"));
            }
        }
    }

    /// One side of a dimension: quoted, or as it is without the spaces around it.
    fn side(&mut self, fits: impl Fn(char) -> bool, what: &str) -> Result<String, MathError> {
        self.spaces();
        let side = if self.rest().starts_with('"') {
            let side = self.quoted()?;
            self.spaces();
            side
        } else {
            let at = self.at;
            let side = self.run(fits).trim();
            if side.is_empty() {
                return Err(MathError::new(at, format!("expected {what}")));
            }
            side.to_owned()
        };
        Ok(side)
    }

    fn statistic(&mut self) -> Result<String, MathError> {
        let at = self.at;
        let word = self.run(|c| c.is_ascii_alphanumeric() || c == '.');
        if RANGED.contains(&word) && self.rest().starts_with('(') {
            let Some(end) = self.rest().find(')') else { return Err(self.fault("this ( is never closed")) };
            self.at += end + 1;
        }
        let name = &self.text[at..self.at];
        if stat::exists(name) {
            return Ok(name.to_owned());
        }
        Err(MathError::new(at, no_statistic(name)))
    }

    fn period(&mut self) -> Result<u32, MathError> {
        let at = self.at;
        let text = self.run(|c| c.is_ascii_alphanumeric());
        period(text).ok_or_else(|| MathError::new(at, NO_PERIOD))
    }

    fn account(&mut self) -> Result<String, MathError> {
        let at = self.at;
        let digits = self.run(|c| c.is_ascii_digit());
        if digits.len() == 12 {
            return Ok(digits.to_owned());
        }
        Err(MathError::new(at, "an account is twelve digits"))
    }
}

/// What is said of a period that CloudWatch does not take.
pub const NO_PERIOD: &str = "a period is 1s, 5s, 10s, 20s, 30s or whole minutes, such as 60s, 5m or 1h";

/// What is said of a statistic that CloudWatch does not know.
pub fn no_statistic(name: &str) -> String {
    let typed = name.to_lowercase();
    let near = stat::PLAIN.into_iter().find(|plain| strsim::jaro_winkler(&plain.to_lowercase(), &typed) > 0.8);
    let there_are = format!("{}, p99, tm99, TM(5%:95%), PR(:300) and the like", stat::PLAIN.join(", "));
    match near {
        Some(plain) => format!("no statistic '{name}'; did you mean {plain}? There are {there_are}"),
        None => format!("no statistic '{name}'; there are {there_are}"),
    }
}
