//! The filter language of the alarm list.
//!
//! Words stand apart by blanks and must all hold: `state:alarm -tag:team=payments age<1h latency`.

use std::time::Duration;

use crate::clock::Time;
use crate::store::Store;
use crate::store::alarm::{AlarmKind, AlarmState};
use crate::store::episode::{Severity, Signal};
use crate::store::rule::RuleState;
use crate::text::parse_span;

use super::item::Item;

/// What a list is narrowed to.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Filter {
    terms: Vec<Term>,
    /// What could not be read, in words; the rest is applied all the same.
    pub faults: Vec<String>,
}

/// One word of a filter.
#[derive(Debug, Clone, PartialEq)]
struct Term {
    /// Whether it begins with `-`: what it names is left out.
    negated: bool,
    asks: Asks,
    /// The word as it was written.
    text: String,
}

/// What a word asks for.
#[derive(Debug, Clone, PartialEq)]
enum Asks {
    /// A part of the name, in lower case.
    Name(String),
    State(AlarmState),
    Kind(Kind),
    Severity(Severity),
    /// A tag, and its value where one is given.
    Tag(String, Option<String>),
    /// Whether the state is younger (`true`) or older than so long.
    Age(bool, Duration),
    /// Whether somebody has acknowledged or snoozed it.
    Acknowledged(bool),
    /// Whether its actions are enabled.
    Actions(bool),
}

/// What an alarm is, as a filter names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Metric,
    Composite,
    Log,
    Rule,
}

/// Tags or values that are named where a filter matches none.
const MOST_NAMES: usize = 8;
/// The words that a filter knows, for the message on one that it does not.
const WORDS: &str = "state: kind: severity: tag: age< age> ack: actions:";

impl Filter {
    /// Reads a filter.
    pub fn parse(text: &str) -> Self {
        let mut filter = Self::default();
        for whole in text.split_whitespace() {
            let word = whole;
            let (negated, word) = match word.strip_prefix('-') {
                Some(rest) if !rest.is_empty() => (true, rest),
                Some(_) | None => (false, word),
            };
            match asks(word) {
                Ok(Some(asks)) => filter.terms.push(Term { negated, asks, text: whole.to_owned() }),
                Ok(None) => {}
                Err(fault) => filter.faults.push(fault),
            }
        }
        filter
    }

    /// Whether it lets everything through.
    pub const fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    /// Whether it asks for tags, which have to be asked of AWS.
    pub fn asks_for_tags(&self) -> bool {
        self.terms.iter().any(|term| matches!(term.asks, Asks::Tag(..)))
    }

    /// Whether it asks what people have said, which only the console knows.
    pub fn asks_for_people(&self) -> bool {
        self.terms.iter().any(|term| matches!(term.asks, Asks::Acknowledged(_)))
    }

    /// Whether something passes; an alarm whose tags are not known yet has none.
    pub fn passes(&self, item: &Item<'_>, store: &Store, severity: Severity, now: Time) -> bool {
        self.terms.iter().all(|term| term.passes(item, store, severity, now))
    }

    /// Why nothing passes: the word that nothing matches, with the values that there are of a tag; or how many match each.
    /// `None` where something passes, or where there is nothing at all.
    pub fn why_none(
        &self,
        items: &[Item<'_>],
        store: &Store,
        severity: &dyn Fn(&Item<'_>) -> Severity,
        now: Time,
    ) -> Option<String> {
        let passes = |term: &Term, item: &Item<'_>| term.passes(item, store, severity(item), now);
        if items.is_empty() || items.iter().any(|item| self.terms.iter().all(|term| passes(term, item))) {
            return None;
        }
        let count = |term: &Term| items.iter().filter(|item| passes(term, item)).count();
        if let Some(term) = self.terms.iter().find(|term| count(term) == 0) {
            return Some(match &term.asks {
                Asks::Tag(key, _) if !term.negated => without_tag(&term.text, key, items, store),
                _ => format!("nothing matches `{}`", term.text),
            });
        }
        let counts: Vec<String> = self.terms.iter().map(|term| format!("`{}` {}", term.text, count(term))).collect();
        Some(format!("nothing matches all of {}", counts.join(", ")))
    }
}

impl Term {
    fn passes(&self, item: &Item<'_>, store: &Store, severity: Severity, now: Time) -> bool {
        holds(&self.asks, item, store, severity, now) != self.negated
    }
}

/// That no alarm has a tag, or not of that value, and which there are.
fn without_tag(text: &str, key: &str, items: &[Item<'_>], store: &Store) -> String {
    let names = items.iter().filter_map(|item| match item {
        Item::Alarm(alarm) => store.alarm_tags.get(&alarm.name),
        Item::Rule(_) => None,
    });
    let all: Vec<&(String, String)> = names.flatten().collect();
    let listed = |mut names: Vec<&str>| {
        names.sort_unstable();
        names.dedup();
        let more = names.len().saturating_sub(MOST_NAMES);
        let rest = if more == 0 { String::new() } else { format!(" and {more} more") };
        format!("{}{rest}", names[..names.len().min(MOST_NAMES)].join(", "))
    };
    let values: Vec<&str> =
        all.iter().filter(|(known, _)| known.eq_ignore_ascii_case(key)).map(|(_, value)| value.as_str()).collect();
    if !values.is_empty() {
        return format!("nothing matches `{text}`: the values of {key} are {}", listed(values));
    }
    let keys: Vec<&str> = all.iter().map(|(key, _)| key.as_str()).collect();
    let there = if keys.is_empty() { "no alarm has tags".to_owned() } else { format!("the tags are {}", listed(keys)) };
    format!("nothing matches `{text}`: {there}")
}

fn holds(asks: &Asks, item: &Item<'_>, store: &Store, severity: Severity, now: Time) -> bool {
    match asks {
        Asks::Name(part) => item.name().to_lowercase().contains(part) || item.title().to_lowercase().contains(part),
        Asks::State(state) => item.state() == *state,
        Asks::Kind(kind) => kind_of(item) == *kind,
        Asks::Severity(wanted) => severity == *wanted,
        Asks::Tag(key, value) => match item {
            Item::Alarm(alarm) => store.alarm_tags.get(&alarm.name).is_some_and(|tags| {
                let is_value = |known: &str| value.as_ref().is_none_or(|value| known.eq_ignore_ascii_case(value));
                tags.iter().any(|(known, of)| known.eq_ignore_ascii_case(key) && is_value(of))
            }),
            Item::Rule(_) => false,
        },
        Asks::Age(younger, span) => item.since().is_some_and(|since| {
            let age = (now - since).to_std().unwrap_or_default();
            if *younger { age < *span } else { age > *span }
        }),
        Asks::Acknowledged(wanted) => store.acknowledged(item.signal(), item.name()).is_some() == *wanted,
        Asks::Actions(wanted) => match item {
            Item::Alarm(alarm) => alarm.actions_enabled == *wanted,
            Item::Rule(_) => false,
        },
    }
}

const fn kind_of(item: &Item<'_>) -> Kind {
    match item {
        Item::Alarm(alarm) => match alarm.kind {
            AlarmKind::Metric(_) => Kind::Metric,
            AlarmKind::Composite { .. } => Kind::Composite,
            AlarmKind::Logs(_) => Kind::Log,
        },
        Item::Rule(_) => Kind::Rule,
    }
}

/// What a word asks for; `None` for a word that is still being typed.
fn asks(word: &str) -> Result<Option<Asks>, String> {
    if let Some((_, span)) = word.split_once(['<', '>']).filter(|(key, _)| key.eq_ignore_ascii_case("age")) {
        if span.is_empty() {
            return Ok(None);
        }
        let younger = word.contains('<');
        let span = parse_span(span).map_err(|_| format!("`{word}`: write an age like age<30m, age>1h or age>2d"))?;
        return Ok(Some(Asks::Age(younger, span)));
    }
    let Some((key, value)) = word.split_once(':') else { return Ok(Some(Asks::Name(word.to_lowercase()))) };
    let key = key.to_ascii_lowercase();
    if value.is_empty() && ["state", "kind", "severity", "tag", "ack", "actions"].contains(&key.as_str()) {
        return Ok(None);
    }
    let lower = value.to_ascii_lowercase();
    match key.as_str() {
        "state" => one_of(word, &lower, &STATES).map(Asks::State),
        "kind" => one_of(word, &lower, &KINDS).map(Asks::Kind),
        "severity" => one_of(word, &lower, &[("critical", Severity::Critical), ("warning", Severity::Warning)])
            .map(Asks::Severity),
        "ack" => one_of(word, &lower, &YES_OR_NO).map(Asks::Acknowledged),
        "actions" => one_of(word, &lower, &[("on", true), ("off", false)]).map(Asks::Actions),
        "tag" => {
            let (key, value) = value.split_once('=').map_or((value, None), |(key, value)| (key, Some(value)));
            Ok(Asks::Tag(key.to_owned(), value.filter(|value| !value.is_empty()).map(str::to_owned)))
        }
        "age" => Err(format!("`{word}`: write an age like age<30m, age>1h or age>2d")),
        _ => Err(format!("`{word}`: there is no `{key}:`; there are {WORDS}")),
    }
    .map(Some)
}

const STATES: [(&str, AlarmState); 5] = [
    ("alarm", AlarmState::Alarm),
    ("ok", AlarmState::Ok),
    ("nodata", AlarmState::InsufficientData),
    ("insufficient_data", AlarmState::InsufficientData),
    ("no-data", AlarmState::InsufficientData),
];
const KINDS: [(&str, Kind); 4] =
    [("metric", Kind::Metric), ("composite", Kind::Composite), ("log", Kind::Log), ("rule", Kind::Rule)];
const YES_OR_NO: [(&str, bool); 2] = [("yes", true), ("no", false)];

/// The value of a word, or of the only one that begins so.
fn one_of<T: Copy + PartialEq>(whole: &str, word: &str, known: &[(&str, T)]) -> Result<T, String> {
    if let Some((_, value)) = known.iter().find(|(name, _)| *name == word) {
        return Ok(*value);
    }
    let mut begun = known.iter().filter(|(name, _)| name.starts_with(word)).map(|(_, value)| *value);
    match (begun.next(), begun.next()) {
        (Some(one), None) => Ok(one),
        (Some(one), Some(other)) if one == other => Ok(one),
        (_, _) => {
            let names: Vec<&str> = known.iter().map(|(name, _)| *name).collect();
            Err(format!("`{whole}`: there are {}", names.join(", ")))
        }
    }
}

/// The state of a rule, as that of an alarm.
pub(super) const fn state_of(state: RuleState) -> AlarmState {
    match state {
        RuleState::Firing => AlarmState::Alarm,
        RuleState::NoData => AlarmState::InsufficientData,
        RuleState::Quiet => AlarmState::Ok,
    }
}

/// The signal of an item, for what people said about it.
impl Item<'_> {
    /// Whether an alarm or a rule.
    pub const fn signal(&self) -> Signal {
        match self {
            Self::Alarm(_) => Signal::Alarm,
            Self::Rule(_) => Signal::Rule,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::panes::incident;

    /// Names that pass, at the fixture's time.
    fn passing(text: &str) -> Vec<String> {
        let mut world = incident::live();
        let tags = |value: &str| vec![("team".to_owned(), value.to_owned())];
        world.store.alarm_tags.insert("HighLatency".into(), tags("payments"));
        world.store.alarm_tags.insert("RequestSpike".into(), tags("wallets"));
        let filter = Filter::parse(text);
        assert_eq!(filter.faults, Vec::<String>::new(), "{text}");
        let all = world.store.alarms.data.iter().map(Item::Alarm);
        let severity = |item: &Item<'_>| world.board.alarms.severity(item.name(), None);
        let passing = all.filter(|item| filter.passes(item, &world.store, severity(item), world.now));
        passing.map(|item| item.name().to_owned()).filter(|name| !name.ends_with("ConsumerLag")).collect()
    }

    #[test]
    fn words_narrow_the_list() {
        let cases: [(&str, &[&str]); 12] = [
            ("latency", &["HighLatency"]),
            ("HIGH rate", &["HighFailureRate"]),
            ("high -rate", &["HighLatency"]),
            ("state:nodata", &["DeadLetters"]),
            ("state:al age<5m", &["HighLatency"]),
            ("state:alarm age>13m", &["RequestSpike", "SuccessRateDecline"]),
            ("kind:composite", &["TokenProvisioningUnhealthy"]),
            ("tag:team=payments", &["HighLatency"]),
            ("tag:TEAM", &["HighLatency", "RequestSpike"]),
            ("kind:metric tag:team -tag:team=payments", &["RequestSpike"]),
            ("severity:warning", &[]),
            ("state:alarm ack:no actions:on kind:comp", &["TokenProvisioningUnhealthy"]),
        ];
        for (text, expected) in cases {
            assert_eq!(passing(text), expected, "{text}");
        }
        assert!(Filter::parse("latency tag:team").asks_for_tags() && !Filter::parse("team").asks_for_tags());
    }

    #[test]
    fn what_cannot_be_read_is_said_and_what_is_being_typed_is_not() {
        let cases = [
            ("age<1x", "`age<1x`: write an age like age<30m, age>1h or age>2d"),
            ("age:1h", "`age:1h`: write an age like age<30m, age>1h or age>2d"),
            ("state:fine", "`state:fine`: there are alarm, ok, nodata, insufficient_data, no-data"),
            ("kind:x", "`kind:x`: there are metric, composite, log, rule"),
            ("ack:maybe", "`ack:maybe`: there are yes, no"),
            (
                "owner:me",
                "`owner:me`: there is no `owner:`; there are state: kind: severity: tag: age< age> ack: actions:",
            ),
        ];
        for (text, fault) in cases {
            assert_eq!(Filter::parse(text).faults, [fault], "{text}");
        }
        for text in ["", "  ", "state:", "age<", "tag:", "-", "-state:"] {
            let filter = Filter::parse(text);
            assert_eq!(filter.faults, Vec::<String>::new(), "{text}");
        }
        assert!(Filter::parse("state:").is_empty());
    }
}
