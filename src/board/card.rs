//! `[[card]]`: a number with its thresholds.

use super::metric::Metrics;
use super::{Card, ChangeUnit, Over, Severity, Threshold, Unit, ids};
use crate::analysis::math::{Expr, Kind, Node};
use crate::config::{Section, Value};

/// Functions that make one number of numbers; the others need a whole series.
const SCALAR: [&str; 11] = ["SUM", "AVG", "MIN", "MAX", "ABS", "CEIL", "FLOOR", "LOG", "LOG10", "FILL", "IF"];

/// Reads all cards of a file.
pub(super) fn read(sections: Vec<Section<'_>>, metrics: &Metrics) -> Vec<Card> {
    let mut cards: Vec<Card> = Vec::new();
    for section in sections {
        let card = card(section, &cards, metrics);
        cards.extend(card);
    }
    cards
}

fn card(mut section: Section<'_>, others: &[Card], metrics: &Metrics) -> Option<Card> {
    let id = ids::own(&mut section, others.iter().map(|card| card.id.as_str()));
    let title = section.label("title");
    let value = section.need("value").and_then(|value| arithmetic(&value, metrics, "a card's value"));
    let over = section.get("over").map_or(Some(Over::Window), |value| over(&value));
    let unit = unit(&mut section).unwrap_or(Unit::None);
    let by_unit = if unit == Unit::Percent { ChangeUnit::Points } else { ChangeUnit::Percent };
    let change = section
        .get("change")
        .and_then(|value| value.choice("change", &[("percent", ChangeUnit::Percent), ("points", ChangeUnit::Points)]));
    let below = section.section("below").and_then(|section| below(section, metrics));
    let thresholds = thresholds(&mut section);
    section.done();
    let id = id?;
    let title = title.unwrap_or_else(|| id.clone());
    Some(Card { id, title, value: value?, over: over?, unit, change: change.unwrap_or(by_unit), below, thresholds })
}

/// Reads `unit`; `None` where it is not there or wrong.
pub(super) fn unit(section: &mut Section<'_>) -> Option<Unit> {
    section.get("unit")?.choice("unit", &Unit::ALL.map(|unit| (unit.name(), unit)))
}

/// Reads arithmetic over metrics that gives one number; `place` is what it is called where it is not.
pub(super) fn arithmetic(value: &Value<'_>, metrics: &Metrics, place: &str) -> Option<Expr> {
    let text = value.name()?;
    let expr = match Expr::parse(&text) {
        Ok(expr) => expr,
        Err(error) => {
            value.fail(format!("`{}`: {error}", value.key()));
            return None;
        }
    };
    let unknown = expr.ids().iter().filter(|id| !metrics.knows(value, id)).count();
    if let Some(name) = beyond_numbers(expr.root()) {
        let message =
            format!("`{name}` cannot be used in {place}, which is one number; use it in a metric's `expression`");
        value.unknown(message, &name, SCALAR);
        return None;
    }
    (unknown == 0).then_some(expr)
}

/// The first part of an expression that is no arithmetic over plain numbers.
fn beyond_numbers(node: &Node) -> Option<String> {
    match &node.kind {
        Kind::Number(_) | Kind::Id(_) => None,
        Kind::Text(text) => Some(format!("'{text}'")),
        Kind::Word(word) => Some(word.clone()),
        Kind::Negate(inner) => beyond_numbers(inner),
        Kind::Binary(_, left, right) => beyond_numbers(left).or_else(|| beyond_numbers(right)),
        Kind::Call(name, _) if !SCALAR.contains(&name.as_str()) => Some(name.clone()),
        Kind::Call(_, items) | Kind::List(items) => items.iter().find_map(beyond_numbers),
    }
}

fn over(value: &Value<'_>) -> Option<Over> {
    match value.text()?.as_str() {
        "window" => return Some(Over::Window),
        "newest" => return Some(Over::Newest),
        text if !text.starts_with(|c: char| c.is_ascii_digit()) => {
            let message = format!("`over`: `{text}` is neither window nor newest nor a span such as \"5m\"");
            value.unknown(message, text, ["window", "newest"]);
            return None;
        }
        _ => {}
    }
    let span = value.span()?;
    if span.as_secs() % 60 != 0 {
        value.fail("`over` must be whole minutes");
        return None;
    }
    Some(Over::Last(span))
}

fn below(mut section: Section<'_>, metrics: &Metrics) -> Option<(String, String)> {
    let (label, metric) = (section.label("label"), section.need("metric"));
    section.done();
    let metric = metric.and_then(|value| value.name().filter(|id| metrics.knows(&value, id)))?;
    Some((label.unwrap_or_else(|| metric.clone()), metric))
}

/// Reads `[[….threshold]]`, the most severe first.
pub(super) fn thresholds(section: &mut Section<'_>) -> Vec<Threshold> {
    let mut thresholds: Vec<Threshold> =
        section.sections("threshold", "thresholds").into_iter().filter_map(threshold).collect();
    thresholds.sort_by_key(|threshold| std::cmp::Reverse(threshold.severity));
    thresholds
}

fn threshold(mut section: Section<'_>) -> Option<Threshold> {
    let severity = section.need("severity").and_then(|value| {
        value.choice("severity", &[("critical", Severity::Critical), ("warning", Severity::Warning)])
    });
    let (above, below) = (section.get("above"), section.get("below"));
    let (above, value) = match (above, below) {
        (Some(value), None) => (true, value),
        (None, Some(value)) => (false, value),
        (Some(_), Some(_)) | (None, None) => {
            section.fail("a threshold is either `above` or `below` a number");
            section.done();
            return None;
        }
    };
    section.done();
    Some(Threshold { severity: severity?, above, value: value.number()? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_scalar_function_gives_a_number() {
        for name in SCALAR {
            let one = [format!("{name}(m)"), format!("{name}(m, m)"), format!("{name}(m, m, m)")];
            let value = |text: &String| Expr::parse(text).expect(text).scalar(&|_| Some(2.0));
            assert!(one.iter().any(|text| value(text).is_some()), "{name}");
        }
        assert_eq!(Expr::parse("RATE(m)").expect("parses").scalar(&|_| Some(2.0)), None);
    }
}
