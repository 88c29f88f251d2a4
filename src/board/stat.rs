//! Names of statistics, as CloudWatch knows them.

/// The plain statistics.
pub const PLAIN: [&str; 6] = ["Average", "Sum", "Minimum", "Maximum", "SampleCount", "IQM"];

/// Whether CloudWatch knows a statistic of this name: a plain one, `p99.9`, `tm95`, `wm`, `tc`, `ts`, or the
/// parenthesised `TM(2%:98%)`, `WM`, `TC`, `TS` and `PR(100:2000)`. Source: CloudWatch user guide, "CloudWatch statistics
/// definitions".
pub fn exists(name: &str) -> bool {
    if PLAIN.contains(&name) {
        return true;
    }
    if let Some((head, range)) = name.strip_suffix(')').and_then(|rest| rest.split_once('(')) {
        return matches!(head, "TM" | "WM" | "TC" | "TS" | "PR") && is_range(range, head == "PR");
    }
    let number = ["tm", "wm", "tc", "ts", "p"].iter().find_map(|head| name.strip_prefix(head));
    number.is_some_and(|number| percentile(number).is_some())
}

/// Whether a text is `from:to`, either of them open; percentages are marked, and a percentile rank has none.
fn is_range(range: &str, plain_only: bool) -> bool {
    let Some((from, to)) = range.split_once(':') else { return false };
    let bound = |text: &str| match text.strip_suffix('%') {
        Some(number) => !plain_only && percentile(number).is_some(),
        None => text.is_empty() || number(text).is_some(),
    };
    !(from.is_empty() && to.is_empty()) && bound(from) && bound(to)
}

fn percentile(text: &str) -> Option<f64> {
    number(text).filter(|number| (0.0..=100.0).contains(number))
}

fn number(text: &str) -> Option<f64> {
    let plain = text.starts_with(|c: char| c.is_ascii_digit()) && text.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    if plain { text.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_cloudwatchs_statistics() {
        for name in [
            "Average",
            "SampleCount",
            "IQM",
            "p99",
            "p99.9",
            "p0",
            "p100",
            "tm90",
            "wm95.5",
            "tc1",
            "ts80",
            "TM(2%:98%)",
            "TM(150:1000)",
            "WM(:95%)",
            "TC(0.5:)",
            "PR(:300)",
        ] {
            assert!(exists(name), "{name}");
        }
        for name in [
            "",
            "average",
            "Avg",
            "p",
            "p101",
            "p-1",
            "pinf",
            "99",
            "TM(:)",
            "TM(2%)",
            "PR(1%:2%)",
            "XX(1:2)",
            "TM(1:2",
        ] {
            assert!(!exists(name), "{name}");
        }
    }
}
