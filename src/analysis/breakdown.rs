//! A rate split by the values of one field: how much, how well, how fast, and against the good window.

use std::collections::HashMap;

use super::cells::{COUNT, Cells, Tally};
use super::suspects::query::{P50, P99};
use super::suspects::windows::{Span, Windows};
use crate::store::rows::LogRows;

/// One value of the field.
#[derive(Debug, Clone, PartialEq)]
pub struct Slice {
    /// The value; `None` for lines that lack the field.
    pub value: Option<Box<str>>,
    /// The bad window.
    pub bad: Tally,
    /// The good window.
    pub good: Tally,
    /// Its share of the bad window's attempts, 0–1.
    pub share: f64,
    /// How many more attempts a second there are than in the good window, as a share: 0.5 is half as many again.
    /// `None` where there were none.
    pub more: Option<f64>,
    /// The median and the 99th percentile of the latency in seconds, where they are known.
    pub latency: Option<(f64, f64)>,
}

impl Slice {
    /// The share of attempts that ended well, 0–1.
    pub fn success(&self) -> Option<f64> {
        self.bad.rate().map(|rate| 1.0 - rate)
    }

    /// How many percentage points fewer (or more) end well than in the good window.
    pub fn change_points(&self) -> Option<f64> {
        Some((self.good.rate()? - self.bad.rate()?) * 100.0)
    }
}

/// By what slices are ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Order {
    /// Most failures first.
    #[default]
    Failures,
    /// Most attempts first.
    Attempts,
    /// Worst success rate first.
    Success,
    /// What became worst first.
    Change,
    /// Slowest 99th percentile first.
    Latency,
    /// By the alphabet.
    Value,
}

impl Order {
    /// The order after this one.
    pub const fn next(self) -> Self {
        match self {
            Self::Failures => Self::Attempts,
            Self::Attempts => Self::Success,
            Self::Success => Self::Change,
            Self::Change => Self::Latency,
            Self::Latency => Self::Value,
            Self::Value => Self::Failures,
        }
    }

    /// The heading of the column by which slices are ordered; `None` for the values themselves.
    pub const fn column(self) -> Option<&'static str> {
        match self {
            Self::Failures => Some("failed"),
            Self::Attempts => Some("requests"),
            Self::Success => Some("success"),
            Self::Change => Some("change"),
            Self::Latency => Some("p99"),
            Self::Value => None,
        }
    }

    /// Whether the greatest comes first.
    pub const fn falls(self) -> bool {
        match self {
            Self::Failures | Self::Attempts | Self::Latency => true,
            Self::Success | Self::Change | Self::Value => false,
        }
    }
}

/// Splits cells by a field, in this order; of equal ones by value. Empty where the cells do not have the field.
pub fn slices(cells: &Cells, field: &str, windows: Windows, order: Order) -> Vec<Slice> {
    let Some(at) = cells.fields.iter().position(|name| name == field) else { return Vec::new() };
    let mut sums: HashMap<Option<&str>, (Tally, Tally)> = HashMap::new();
    for cell in &cells.cells {
        let (bad, good) = sums.entry(cell.values[at].as_deref()).or_default();
        *bad = bad.plus(cell.bad);
        *good = good.plus(cell.good);
    }
    let all = cells.totals().0.attempts.max(1) as f64;
    let rate = |attempts: u64, span: Span| attempts as f64 / ((span.to - span.from).num_seconds().max(1) as f64);
    let mut slices: Vec<Slice> = sums
        .into_iter()
        .map(|(value, (bad, good))| Slice {
            value: value.map(Into::into),
            bad,
            good,
            share: bad.attempts as f64 / all,
            more: (good.attempts > 0)
                .then(|| rate(bad.attempts, windows.bad) / rate(good.attempts, windows.good) - 1.0),
            latency: None,
        })
        .collect();
    sort(&mut slices, order);
    slices
}

/// Adds latencies, as [`super::suspects::query::latencies`] found them, and puts the slices in order again.
pub fn add_latencies(slices: &mut [Slice], field: &str, rows: &LogRows, order: Order) {
    for row in &rows.rows {
        let get = |name: &str| row.iter().find(|(field, _)| field == name).map(|(_, value)| value.as_str());
        let number = |name: &str| get(name)?.parse::<f64>().ok().filter(|number| number.is_finite());
        let value = get(field).filter(|value| !value.is_empty() && field != COUNT);
        if let Some(slice) = slices.iter_mut().find(|slice| slice.value.as_deref() == value) {
            slice.latency = number(P50).zip(number(P99));
        }
    }
    sort(slices, order);
}

/// Turns an order round; what is not known stays last.
pub fn reverse(slices: &mut [Slice], order: Order) {
    slices.reverse();
    slices.sort_by_key(|slice| match order {
        Order::Failures | Order::Attempts | Order::Value => false,
        Order::Success => slice.success().is_none(),
        Order::Change => slice.change_points().is_none(),
        Order::Latency => slice.latency.is_none(),
    });
}

fn sort(slices: &mut [Slice], order: Order) {
    // What is not known comes last.
    let key = |slice: &Slice| match order {
        Order::Failures => -(slice.bad.failures as f64),
        Order::Attempts => -(slice.bad.attempts as f64),
        Order::Success => slice.success().unwrap_or(f64::INFINITY),
        Order::Change => slice.change_points().unwrap_or(f64::INFINITY),
        Order::Latency => slice.latency.map_or(f64::INFINITY, |(_, p99)| -p99),
        Order::Value => 0.0,
    };
    slices.sort_by(|a, b| key(a).total_cmp(&key(b)).then_with(|| a.value.cmp(&b.value)));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::cells::Cell;

    fn windows() -> Windows {
        let at = |text: &str| text.parse().expect("a time");
        Windows::of_bad(Span { from: at("2026-01-15T10:15:00Z"), to: at("2026-01-15T10:30:00Z") })
    }

    fn cells() -> Cells {
        let cell = |os: Option<&str>, issuer: &str, bad: (u64, u64), good: (u64, u64)| Cell {
            values: vec![os.map(Into::into), Some(issuer.into())],
            bad: Tally { attempts: bad.0, failures: bad.1 },
            good: Tally { attempts: good.0, failures: good.1 },
        };
        Cells {
            fields: vec!["os".into(), "issuer".into()],
            cells: vec![
                cell(Some("iOS"), "a", (300, 6), (1_200, 24)),
                cell(Some("iOS"), "b", (300, 6), (1_200, 24)),
                cell(Some("Android"), "a", (300, 270), (600, 12)),
                cell(None, "a", (100, 0), (0, 0)),
            ],
        }
    }

    fn row(os: &str, p50: &str, p99: &str) -> Vec<(String, String)> {
        let pairs = [("os", os), (COUNT, "1"), (P50, p50), (P99, p99)];
        pairs.iter().filter(|(_, text)| !text.is_empty()).map(|(n, t)| ((*n).to_owned(), (*t).to_owned())).collect()
    }

    #[test]
    fn values_stand_side_by_side() {
        let mut found = slices(&cells(), "os", windows(), Order::Failures);
        let rows = vec![row("iOS", "0.9", "2.5"), row("Android", "24.1", "24.9"), row("", "0.5", "?")];
        add_latencies(&mut found, "os", &LogRows { rows, ..LogRows::default() }, Order::Failures);
        let values: Vec<_> = found.iter().map(|slice| slice.value.as_deref()).collect();
        assert_eq!(values, [Some("Android"), Some("iOS"), None]);
        let android = &found[0];
        assert_eq!((android.bad.failures, android.share, android.latency), (270, 0.3, Some((24.1, 24.9))));
        assert!((android.success().expect("known") - 0.1).abs() < 1e-9);
        assert!((android.change_points().expect("known") + 88.0).abs() < 1e-9);
        assert!((android.more.expect("known") - 1.0).abs() < 1e-9, "twice as many a second");
        assert_eq!((found[2].more, found[2].change_points(), found[2].latency), (None, None, None));
        assert!(slices(&cells(), "country", windows(), Order::Failures).is_empty());
    }

    #[test]
    fn every_order_comes_round() {
        let first = |order| slices(&cells(), "os", windows(), order)[0].value.clone();
        let mut order = Order::default();
        let mut seen = Vec::new();
        for _ in 0..6 {
            seen.push((order.column(), first(order).as_deref().map(str::to_owned)));
            order = order.next();
        }
        assert_eq!(order, Order::Failures);
        let expected = [("failed", "Android"), ("requests", "iOS"), ("success", "Android"), ("change", "Android")];
        for ((name, value), (order, first)) in expected.iter().zip(&seen) {
            assert_eq!((*order, first.as_deref()), (Some(*name), Some(*value)));
        }
    }

    #[test]
    fn turned_round_what_is_not_known_stays_last() {
        let values = |order, turned: bool| {
            let mut found = slices(&cells(), "os", windows(), order);
            if turned {
                reverse(&mut found, order);
            }
            found.iter().map(|slice| slice.value.as_deref().map(str::to_owned)).collect::<Vec<_>>()
        };
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(values(Order::Change, false), [some("Android"), some("iOS"), None]);
        assert_eq!(values(Order::Change, true), [some("iOS"), some("Android"), None]);
        assert_eq!(values(Order::Failures, true), [None, some("iOS"), some("Android")]);
    }
}
