//! Statistics of the values that were published in a period.

use crate::clock::Time;
use crate::demo::world::{Distribution, Readings};

/// A CloudWatch statistic.
///
/// Percentiles are by nearest rank: of `n` values in ascending order, `pX` is the one at rank `⌈X·n/100⌉`, at least 1.
/// A trimmed statistic from `a %` to `b %` keeps the ranks after `⌊a·n/100⌋` up to `⌈b·n/100⌉`; one between two values
/// keeps what is above the first and not above the second. Names as in the user guide, "CloudWatch statistics definitions".
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Statistic {
    SampleCount,
    Sum,
    Average,
    Minimum,
    Maximum,
    /// `p99.9`.
    Percentile(f64),
    /// `tm`, `wm`, `tc`, `ts`, `TM(a:b)` …, `IQM`.
    Trimmed(Trim, Bounds),
    /// `PR(a:b)`: the share of values between two values, in percent.
    Rank(f64, f64),
}

/// What is computed from what remains after trimming.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Trim {
    Mean,
    /// Values outside count as the nearest one inside.
    WinsorizedMean,
    Count,
    Sum,
}

/// What trimming keeps.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Bounds {
    Percent(f64, f64),
    Value(f64, f64),
}

impl Statistic {
    /// The statistic of AWS's name, `None` for one that AWS does not know.
    pub(super) fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "SampleCount" => Self::SampleCount,
            "Sum" => Self::Sum,
            "Average" => Self::Average,
            "Minimum" => Self::Minimum,
            "Maximum" => Self::Maximum,
            "IQM" => Self::Trimmed(Trim::Mean, Bounds::Percent(25.0, 75.0)),
            _ if name.starts_with("PR(") => match bounds(name.strip_prefix("PR")?)? {
                Bounds::Value(low, high) => Self::Rank(low, high),
                Bounds::Percent(..) => return None,
            },
            _ if name.starts_with('p') => Self::Percentile(percent(&name[1..])?),
            _ => {
                let (kind, rest) = (name.get(..2)?, name.get(2..)?);
                // Small letters take one percentage, capitals a range; nothing takes both.
                let (trim, short) = match kind {
                    "tm" => (Trim::Mean, true),
                    "wm" => (Trim::WinsorizedMean, true),
                    "tc" => (Trim::Count, true),
                    "ts" => (Trim::Sum, true),
                    "TM" => (Trim::Mean, false),
                    "WM" => (Trim::WinsorizedMean, false),
                    "TC" => (Trim::Count, false),
                    "TS" => (Trim::Sum, false),
                    _ => return None,
                };
                let bounds = if short { Bounds::Percent(0.0, percent(rest)?) } else { bounds(rest)? };
                Self::Trimmed(trim, bounds)
            }
        })
    }

    /// Its value over what was published in `[from, to)` for some metrics taken together, `None` where nothing was.
    pub(super) fn over(self, metrics: &[Readings<'_>], from: Time, to: Time, now: Time) -> Option<f64> {
        if let Self::SampleCount | Self::Sum | Self::Average = self {
            let totals = metrics.iter().map(|metric| metric.total(from, to, now));
            let (count, sum) = totals.fold((0, 0.0), |all, one| (all.0 + one.0, all.1 + one.1));
            return self.of_total(count, sum);
        }
        let mut all = metrics.iter().map(|metric| metric.all(from, to, now));
        let first = all.next()?;
        let mut others = all.peekable();
        if others.peek().is_none() {
            return self.of(&first);
        }
        self.of(&Distribution::of(first.values.into_iter().chain(others.flat_map(|other| other.values)).collect()))
    }

    fn of_total(self, count: u64, sum: f64) -> Option<f64> {
        let value = match self {
            Self::SampleCount => count as f64,
            Self::Average => sum / count as f64,
            _ => sum,
        };
        (count > 0).then_some(value)
    }

    /// Its value over a distribution, `None` where nothing was published.
    fn of(self, Distribution { values }: &Distribution) -> Option<f64> {
        let count: u64 = values.iter().map(|(_, times)| times).sum();
        if count == 0 {
            return None;
        }
        match self {
            Self::SampleCount | Self::Sum | Self::Average => {
                let sum = values.iter().map(|(value, times)| value * *times as f64).sum();
                self.of_total(count, sum)
            }
            Self::Minimum => values.first().map(|(value, _)| *value),
            Self::Maximum => values.last().map(|(value, _)| *value),
            Self::Percentile(p) => at_rank(values, rank_up(p, count).max(1)),
            Self::Trimmed(trim, bounds) => trimmed(values, count, trim, bounds),
            Self::Rank(low, high) => {
                let within: u64 = values.iter().filter(|(v, _)| *v > low && *v <= high).map(|(_, times)| times).sum();
                Some(100.0 * within as f64 / count as f64)
            }
        }
    }
}

/// `0`–`100`, at most ten decimals.
fn percent(text: &str) -> Option<f64> {
    let plain = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    text.parse().ok().filter(|value| plain && (0.0..=100.0).contains(value))
}

/// `(a%:b%)` or `(a:b)`, either end open.
fn bounds(text: &str) -> Option<Bounds> {
    let (low, high) = text.strip_prefix('(')?.strip_suffix(')')?.split_once(':')?;
    if low.is_empty() && high.is_empty() {
        return None;
    }
    if low.ends_with('%') || high.ends_with('%') {
        let end = |text: &str, open: f64| if text.is_empty() { Some(open) } else { percent(text.strip_suffix('%')?) };
        let (low, high) = (end(low, 0.0)?, end(high, 100.0)?);
        return (low < high).then_some(Bounds::Percent(low, high));
    }
    let end = |text: &str, open: f64| if text.is_empty() { Some(open) } else { text.parse::<f64>().ok() };
    let (low, high) = (end(low, f64::NEG_INFINITY)?, end(high, f64::INFINITY)?);
    (low < high).then_some(Bounds::Value(low, high))
}

/// `⌈p·n/100⌉`, immune to the last bit of a decimal percentage.
fn rank_up(p: f64, count: u64) -> u64 {
    (p * count as f64 / 100.0 - 1e-9).ceil().max(0.0) as u64
}

fn rank_down(p: f64, count: u64) -> u64 {
    (p * count as f64 / 100.0 + 1e-9).floor() as u64
}

/// The value at a rank, counted from 1.
fn at_rank(values: &[(f64, u64)], rank: u64) -> Option<f64> {
    let mut seen = 0;
    let found = values.iter().find(|(_, times)| {
        seen += times;
        seen >= rank
    });
    found.or(values.last()).map(|(value, _)| *value)
}

fn trimmed(values: &[(f64, u64)], count: u64, trim: Trim, bounds: Bounds) -> Option<f64> {
    let below: u64;
    let kept: Vec<(f64, u64)> = match bounds {
        Bounds::Value(low, high) => {
            below = values.iter().filter(|(v, _)| *v <= low).map(|(_, times)| times).sum();
            values.iter().copied().filter(|(v, _)| *v > low && *v <= high).collect()
        }
        Bounds::Percent(low, high) => {
            let (first, last) = (rank_down(low, count), rank_up(high, count));
            below = first;
            let mut seen = 0;
            let part = |&(value, times): &(f64, u64)| {
                let (start, end) = (seen, seen + times);
                seen = end;
                let times = end.min(last).saturating_sub(start.max(first));
                (times > 0).then_some((value, times))
            };
            values.iter().filter_map(part).collect()
        }
    };
    let inside: u64 = kept.iter().map(|(_, times)| times).sum();
    let sum: f64 = kept.iter().map(|(value, times)| value * *times as f64).sum();
    match trim {
        Trim::Count => Some(inside as f64),
        Trim::Sum => Some(sum),
        Trim::Mean => (inside > 0).then(|| sum / inside as f64),
        Trim::WinsorizedMean => {
            // The edge of a fixed boundary is the boundary itself; that of a percentage, the outermost value inside.
            let (lowest, highest) = match bounds {
                Bounds::Value(low, high) => (low, high),
                Bounds::Percent(..) => (kept.first()?.0, kept.last()?.0),
            };
            let above = count - inside - below;
            let outside = |edge: f64, times: u64| if times == 0 { 0.0 } else { edge * times as f64 };
            Some((sum + outside(lowest, below) + outside(highest, above)) / count as f64)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 1, 2, …, 10, in no order.
    fn ten() -> Distribution {
        Distribution::of([1, 3, 5, 7, 9, 2, 4, 6, 8, 10].map(|value| (f64::from(value), 1)).to_vec())
    }

    #[test]
    fn every_statistic_of_ten_values() {
        let cases = [
            ("SampleCount", 10.0),
            ("Sum", 55.0),
            ("Average", 5.5),
            ("Minimum", 1.0),
            ("Maximum", 10.0),
            ("p0", 1.0),
            ("p10", 1.0),
            ("p10.1", 2.0),
            ("p50", 5.0),
            ("p90", 9.0),
            ("p99.9", 10.0),
            ("p100", 10.0),
            ("tm90", 5.0),
            ("TM(10%:90%)", 5.5),
            ("TM(2:4)", 3.5),
            ("TM(:20%)", 1.5),
            ("IQM", 5.5),
            ("tc80", 8.0),
            ("TC(0.5:2)", 2.0),
            ("ts20", 3.0),
            ("wm80", (36.0 + 16.0) / 10.0),
            ("WM(10%:90%)", (44.0 + 2.0 + 9.0) / 10.0),
            ("PR(:5)", 50.0),
            ("PR(2:5)", 30.0),
        ];
        for (name, value) in cases {
            let statistic = Statistic::parse(name).expect(name);
            assert_eq!(statistic.of(&ten()), Some(value), "{name}");
            assert_eq!(statistic.of(&Distribution::default()), None, "{name} of nothing");
        }
    }

    #[test]
    fn the_user_guides_examples_hold() {
        // A thousand values, 1 to 1000: a percentage is a rank and a value at once.
        let values = (1..=1000_u32).map(|value| (f64::from(value), 1)).collect();
        let thousand = Distribution { values };
        let mean = f64::midpoint;
        let cases = [
            ("p95", 950.0),
            ("tm90", mean(1.0, 900.0)),
            ("TM(:90%)", mean(1.0, 900.0)),
            ("TM(2%:98%)", mean(21.0, 980.0)),
            ("TM(150:1000)", mean(151.0, 1000.0)),
            ("TM(10%:)", mean(101.0, 1000.0)),
            ("IQM", mean(251.0, 750.0)),
            ("TM(25%:75%)", mean(251.0, 750.0)),
            ("wm98", (mean(1.0, 980.0) * 980.0 + 980.0 * 20.0) / 1000.0),
            ("WM(80:500)", (80.0 * 80.0 + mean(81.0, 500.0) * 420.0 + 500.0 * 500.0) / 1000.0),
            ("PR(:300)", 30.0),
            ("PR(100:2000)", 90.0),
            ("PR(10:)", 99.0),
            ("tc90", 900.0),
            ("TC(80:500)", 420.0),
            ("TC(:0.5)", 0.0),
            ("ts90", mean(1.0, 900.0) * 900.0),
            ("TS(80%:)", mean(801.0, 1000.0) * 200.0),
        ];
        for (name, value) in cases {
            let found = Statistic::parse(name).expect(name).of(&thousand).expect(name);
            assert!((found - value).abs() < 1e-9, "{name}: {found} is not {value}");
        }
        for name in ["TM(:90%)", "TM(5%:95%)", "TM(100:200)"] {
            let of = |kind: &str| Statistic::parse(&name.replace("TM", kind)).expect(name).of(&thousand).expect(name);
            assert!((of("TS") - of("TM") * of("TC")).abs() < 1e-6, "{name}: sum = mean × count");
        }
        assert_eq!(Statistic::parse("TC(0.005:0.030)").expect("valid").of(&thousand), Some(0.0));
    }

    #[test]
    fn percentiles_are_those_of_the_sorted_values() {
        let values: Vec<(f64, u64)> = (0..200u32).map(|i| (f64::from(i * i % 977), u64::from(i % 7))).collect();
        let mut plain: Vec<f64> = values.iter().flat_map(|(v, times)| vec![*v; *times as usize]).collect();
        plain.sort_by(f64::total_cmp);
        let all = Distribution::of(values);
        for p in [0.1, 1.0, 33.3, 50.0, 90.0, 99.0, 99.9] {
            let rank = (p * plain.len() as f64 / 100.0).ceil().max(1.0) as usize;
            let name = format!("p{p}");
            let found = Statistic::parse(&name).expect("valid").of(&all);
            assert_eq!(found, Some(plain[rank - 1]), "{name}");
        }
    }

    #[test]
    fn unknown_names_are_refused() {
        for name in [
            "",
            "sum",
            "p",
            "p101",
            "p-1",
            "pxx",
            "tm",
            "TM",
            "TM(90%)",
            "TM(9:1)",
            "PR(1%:2%)",
            "PR(:)",
            "é9",
            "tM90",
            "Tm90",
            "tm(5%:95%)",
            "TM90",
            "pr(:3)",
        ] {
            assert_eq!(Statistic::parse(name), None, "{name}");
        }
    }
}
