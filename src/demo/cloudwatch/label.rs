//! Labels: AWS's defaults, and dynamic ones such as `${PROP('Dim.Issuer')}: ${LAST}`.

use crate::clock::Time;
use crate::demo::Estate;
use crate::demo::world::MetricName;

use super::query::Stat;

/// What a dynamic label can say of a line.
pub(super) struct Facts<'a> {
    /// The label the line would have without one.
    pub(super) plain: &'a str,
    /// The metric behind it, if it is one metric's statistic.
    pub(super) stat: Option<&'a Stat>,
    /// Its datapoints, ascending.
    pub(super) points: &'a [(Time, f64)],
}

/// A label with its dynamic parts filled in; one that AWS does not know stays as written.
///
/// Values have up to three decimals; `-` stands for no data.
pub(super) fn filled(label: &str, facts: &Facts<'_>) -> String {
    let mut text = String::with_capacity(label.len());
    let mut rest = label;
    while let Some(start) = rest.find("${") {
        let Some(length) = rest[start..].find('}') else { break };
        text.push_str(&rest[..start]);
        let part = &rest[start + 2..start + length];
        match known(part.trim(), facts) {
            Some(value) => text.push_str(&value),
            None => text.push_str(&rest[start..=start + length]),
        }
        rest = &rest[start + length + 1..];
    }
    text.push_str(rest);
    text
}

/// Whether a label has dynamic parts.
pub(super) fn is_dynamic(label: &str) -> bool {
    label.contains("${")
}

fn known(part: &str, facts: &Facts<'_>) -> Option<String> {
    let values = || facts.points.iter().map(|(_, value)| *value);
    let sum = values().sum::<f64>();
    let value = match part {
        "LABEL" => return Some(facts.plain.to_owned()),
        "LAST" => values().next_back(),
        "FIRST" => values().next(),
        "MAX" => values().reduce(f64::max),
        "MIN" => values().reduce(f64::min),
        "SUM" => (!facts.points.is_empty()).then_some(sum),
        "AVG" => (!facts.points.is_empty()).then(|| sum / facts.points.len() as f64),
        "DATAPOINT_COUNT" => return Some(facts.points.len().to_string()),
        "FIRST_LAST_RANGE" => return Some(range(values().next(), values().next_back())),
        "MIN_MAX_RANGE" => return Some(range(values().reduce(f64::min), values().reduce(f64::max))),
        _ => return property(part, facts.stat),
    };
    Some(value.map_or_else(|| "-".to_owned(), number))
}

fn number(value: f64) -> String {
    ((value * 1000.0).round() / 1000.0).to_string()
}

fn range(from: Option<f64>, to: Option<f64>) -> String {
    from.zip(to).map_or_else(|| "-".to_owned(), |(from, to)| format!("{} - {}", number(from), number(to)))
}

fn property(part: &str, stat: Option<&Stat>) -> Option<String> {
    let name = part.strip_prefix("PROP(")?.strip_suffix(')')?.trim();
    let name = name.trim_matches(|c| c == '\'' || c == '"');
    let of_metric = |pick: &dyn Fn(&Stat) -> Option<String>| stat.map_or_else(|| Some(String::new()), pick);
    match name {
        "AccountId" | "AccountLabel" => Some(Estate::ACCOUNT.to_owned()),
        "Region" => Some(Estate::REGION.to_owned()),
        "MetricName" => of_metric(&|stat| Some(stat.metric.name.clone())),
        "Namespace" => of_metric(&|stat| Some(stat.metric.namespace.clone())),
        "Stat" => of_metric(&|stat| Some(stat.name.clone())),
        "Period" => of_metric(&|stat| Some(stat.period_s.to_string())),
        _ => {
            let key = name.strip_prefix("Dim.")?;
            let value = stat.and_then(|stat| stat.metric.dimensions.iter().find(|(name, _)| name == key));
            Some(value.map(|(_, value)| value.clone()).unwrap_or_default())
        }
    }
}

/// The labels of metrics that a search found: whatever tells them apart.
///
/// Values of dimensions that differ, then the name if that differs; the name alone where nothing does.
pub(super) fn apart(metrics: &[&MetricName]) -> Vec<String> {
    let differs =
        |pick: &dyn Fn(&MetricName) -> Option<String>| metrics.windows(2).any(|pair| pick(pair[0]) != pick(pair[1]));
    let value = |metric: &MetricName, key: &str| {
        metric.dimensions.iter().find(|(name, _)| name == key).map(|(_, value)| value.clone())
    };
    let names_differ = differs(&|metric| Some(metric.name.clone()));
    let label = |metric: &&MetricName| {
        let of_dimensions = metric.dimensions.iter().filter(|(key, _)| differs(&|other| value(other, key)));
        let mut parts: Vec<&str> = of_dimensions.map(|(_, value)| value.as_str()).collect();
        if names_differ || parts.is_empty() {
            parts.push(&metric.name);
        }
        parts.join(" ")
    };
    metrics.iter().map(label).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::cloudwatch::statistic::Statistic;

    fn metric(name: &str, dimensions: &[(&str, &str)]) -> MetricName {
        MetricName {
            namespace: "TokenServices".to_owned(),
            name: name.to_owned(),
            dimensions: dimensions.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect(),
        }
    }

    #[test]
    fn dynamic_parts_are_filled_in() {
        let at = |s| chrono::DateTime::from_timestamp(s, 0).expect("in range");
        let stat = Stat {
            metric: metric("Failures", &[("Issuer", "DEMO_Bank")]),
            value: Statistic::Sum,
            name: "Sum".to_owned(),
            period_s: 60,
        };
        let points = [(at(0), 1.0), (at(60), 4.0), (at(120), 2.0)];
        let facts = Facts { plain: "Failures", stat: Some(&stat), points: &points };
        let cases = [
            ("plain", "plain"),
            ("${LABEL}", "Failures"),
            ("${PROP('Dim.Issuer')}: ${LAST}", "DEMO_Bank: 2"),
            ("[${MIN}, ${MAX}] ${AVG} ${SUM}", "[1, 4] 2.333 7"),
            (
                "${PROP('Namespace')}/${PROP('MetricName')} ${PROP('Stat')} ${PROP('Period')}",
                "TokenServices/Failures Sum 60",
            ),
            ("${PROP('Dim.None')}|${PROP('Region')}", "|us-east-1"),
            ("${FIRST_LAST_RANGE} of ${DATAPOINT_COUNT}", "1 - 2 of 3"),
            ("${NOPE} ${", "${NOPE} ${"),
        ];
        for (label, expected) in cases {
            assert_eq!(filled(label, &facts), expected);
        }
        let none = Facts { plain: "e1", stat: None, points: &[] };
        assert_eq!(filled("${LABEL} ${LAST} ${AVG}${PROP('MetricName')}", &none), "e1 - -");
    }

    #[test]
    fn found_metrics_are_told_apart() {
        let a = metric("Failures", &[("Issuer", "A"), ("WalletProvider", "X")]);
        let b = metric("Failures", &[("Issuer", "B"), ("WalletProvider", "X")]);
        let c = metric("Requests", &[("Issuer", "B"), ("WalletProvider", "Y")]);
        let bare = metric("Failures", &[]);
        assert_eq!(apart(&[&a, &b]), ["A", "B"]);
        assert_eq!(apart(&[&a, &c]), ["A X Failures", "B Y Requests"]);
        assert_eq!(apart(&[&a]), ["Failures"]);
        assert_eq!(apart(&[&a, &bare]), ["A X", "Failures"]);
        assert_eq!(apart(&[]), Vec::<String>::new());
    }
}
