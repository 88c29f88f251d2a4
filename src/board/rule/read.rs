//! `[[rule]]`: reading.

use std::time::Duration;

use super::reading::{datapoints, events, formula, limit, missing};
use super::{Beyond, BurnWindows, Datapoints, Missing, Rule, RuleKind, service};
use crate::board::card::unit;
use crate::board::metric::Metrics;
use crate::board::slo::Slo;
use crate::board::{FeedRules, Unit, ids};
use crate::config::{Section, Value};
use crate::store::episode::Severity;

/// M of N of a rule that says nothing else.
const ONE: Datapoints = Datapoints { to_alarm: 1, of: 1 };
/// How much of the past a spike or decline learns from.
const HISTORY: Duration = Duration::from_hours(72);
/// The most that it may learn from: CloudWatch keeps datapoints of a minute no longer.
const MOST_HISTORY: Duration = Duration::from_hours(15 * 24);
/// The longest sliding window.
const LONGEST_WINDOW: Duration = Duration::from_hours(1);
/// The words of a rule's kind.
const KINDS: [(&str, Word); 7] = [
    ("threshold", Word::Threshold),
    ("spike", Word::Surge(Beyond::Above)),
    ("decline", Word::Surge(Beyond::Below)),
    ("outside", Word::Surge(Beyond::Both)),
    ("rate", Word::Rate),
    ("burn", Word::Burn),
    ("service", Word::Service),
];

#[derive(Debug, Clone, Copy)]
enum Word {
    Threshold,
    Surge(Beyond),
    Rate,
    Burn,
    Service,
}

/// What rules may refer to.
pub(in crate::board) struct Around<'a> {
    pub(in crate::board) metrics: &'a Metrics,
    pub(in crate::board) slos: &'a [Slo],
    pub(in crate::board) feed: Option<&'a FeedRules>,
}

/// Reads all rules of a file.
pub(in crate::board) fn read(sections: Vec<Section<'_>>, around: &Around<'_>) -> Vec<Rule> {
    let mut rules: Vec<Rule> = Vec::new();
    for section in sections {
        let rule = rule(section, &rules, around);
        rules.extend(rule);
    }
    rules
}

fn rule(mut section: Section<'_>, others: &[Rule], around: &Around<'_>) -> Option<Rule> {
    let id = ids::own(&mut section, others.iter().map(|rule| rule.id.as_str()));
    let title = section.label("title");
    let about = section.label("about").unwrap_or_default();
    let severities = [Severity::Critical, Severity::Warning].map(|severity| (severity.name(), severity));
    let severity = section.get("severity").map_or(Some(Severity::Warning), |it| it.choice("severity", &severities));
    let word = section.need("kind").and_then(|value| value.choice("kind of rule", &KINDS));
    let Some(word) = word else {
        // Which keys belong here depends on the kind: nothing more can be said.
        return None;
    };
    let mut unit_of_kind = match word {
        Word::Threshold | Word::Surge(_) => unit(&mut section).unwrap_or(Unit::None),
        Word::Rate => Unit::Count,
        Word::Burn | Word::Service => Unit::None,
    };
    let kind = match word {
        Word::Threshold => threshold(&mut section, around),
        Word::Surge(side) => surge(&mut section, side, around),
        Word::Rate => rate(&mut section, around),
        Word::Burn => burn(&mut section, around),
        Word::Service => service::read(&mut section).map(|(kind, of_measure)| {
            unit_of_kind = of_measure;
            kind
        }),
    };
    section.done();
    let id = id?;
    let title = title.unwrap_or_else(|| id.clone());
    Some(Rule { id, title, about, severity: severity?, unit: unit_of_kind, kind: kind? })
}

fn threshold(section: &mut Section<'_>, around: &Around<'_>) -> Option<RuleKind> {
    let value = formula(section, around.metrics);
    let bound = limit(section);
    let datapoints = datapoints(section, ONE);
    let missing = section.get("treat_missing").map_or(Some(Missing::Missing), |value| missing(&value));
    Some(RuleKind::Threshold { value: value?, bound: bound?, datapoints: datapoints?, missing: missing? })
}

fn surge(section: &mut Section<'_>, side: Beyond, around: &Around<'_>) -> Option<RuleKind> {
    let value = formula(section, around.metrics);
    let datapoints = datapoints(section, ONE);
    let history = section.get("history").map_or(Some(HISTORY), |value| within(&value, MOST_HISTORY, "15d"));
    let sensitivity = section.get("sensitivity").map(|value| {
        let given = value.number()?;
        if !(0.1..=100.0).contains(&given) {
            value.fail("`sensitivity` must be from 0.1 to 100: 1 is the detector's own band, less tells of more");
            return None;
        }
        Some(given)
    });
    let sensitivity = match sensitivity {
        None => None,
        Some(given) => Some(given?),
    };
    Some(RuleKind::Surge { value: value?, side, datapoints: datapoints?, history: history?, sensitivity })
}

fn rate(section: &mut Section<'_>, around: &Around<'_>) -> Option<RuleKind> {
    let events = events(section, around.feed);
    let window = section.need("window").and_then(|value| within(&value, LONGEST_WINDOW, "1h"));
    let at_least = section.need("at_least").and_then(|value| value.integer(1, 1_000_000));
    let at_least = at_least.and_then(|number| u32::try_from(number).ok());
    Some(RuleKind::Rate { events: events?, window: window?, at_least: at_least? })
}

fn burn(section: &mut Section<'_>, around: &Around<'_>) -> Option<RuleKind> {
    let slo = section.need("slo").and_then(|value| {
        let name = value.name()?;
        let known = around.slos.iter().any(|slo| slo.id == name);
        if !known {
            value.unknown(format!("no slo `{name}`"), &name, around.slos.iter().map(|slo| slo.id.as_str()));
        }
        known.then_some(name)
    });
    let named = section.get("windows");
    let own = [section.get("long"), section.get("short"), section.get("factor")];
    let windows = match (&named, own) {
        (Some(named), [None, None, None]) => named.choice("windows", &BurnWindows::NAMED),
        (None, [Some(long), Some(short), Some(factor)]) => own_windows(&long, &short, &factor),
        (Some(_) | None, _) => {
            section.fail("a burn rate takes `windows = \"fast\"`, `\"slow\"` or `\"ticket\"`, or all of `long`, `short` and `factor`");
            None
        }
    };
    Some(RuleKind::Burn { slo: slo?, windows: windows? })
}

fn own_windows(long: &Value<'_>, short: &Value<'_>, factor: &Value<'_>) -> Option<BurnWindows> {
    let minutes = |value: &Value<'_>| {
        let span = within(value, MOST_HISTORY, "15d")?;
        if span.as_secs() % 60 != 0 {
            value.fail(format!("`{}` must be whole minutes", value.key()));
            return None;
        }
        Some(span)
    };
    let (long_span, short_span, rate) = (minutes(long), minutes(short), factor.number());
    let (long_span, short_span, rate) = (long_span?, short_span?, rate?);
    if short_span >= long_span {
        short.fail("`short` must be shorter than `long`");
        return None;
    }
    if rate <= 0.0 {
        factor.fail("`factor` must be more than 0");
        return None;
    }
    Some(BurnWindows { long: long_span, short: short_span, factor: rate })
}

/// A span of at most `most`, which is written `text`.
fn within(value: &Value<'_>, most: Duration, text: &str) -> Option<Duration> {
    let span = value.span()?;
    if span > most {
        value.fail(format!("`{}` must be at most {text}", value.key()));
        return None;
    }
    Some(span)
}
