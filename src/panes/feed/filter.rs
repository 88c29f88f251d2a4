//! What one types to see fewer rows.

use std::borrow::Cow;
use std::ops::Range;

use crate::board::FeedRules;
use crate::panes::Zone;
use crate::store::request::Request;
use crate::text::{clean, time};

/// A filter: terms that must all hold.
///
/// `timeout pixel` finds both words in any column, `"a b"` a phrase, `status:failed` in one column, `!reason:cvv` what
/// does not have it, `latency:>3` and `latency:<0.5` compare seconds. Case does not matter.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Filter {
    text: String,
    terms: Vec<Term>,
}

#[derive(Debug, Clone, PartialEq)]
struct Term {
    not: bool,
    test: Test,
}

#[derive(Debug, Clone, PartialEq)]
enum Test {
    /// The text stands in any column, or in one.
    Has(Option<Part>, String),
    /// The latency is more (or less) than so many seconds.
    Slower(f64),
    Faster(f64),
}

/// A part of a row that can be named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Time,
    Status,
    Id,
    Correlation,
    Trace,
    Latency,
    Reason,
    Column(usize),
}

impl Filter {
    /// Reads a filter; every text is one, and the empty one lets all through.
    pub(super) fn parse(text: &str, rules: &FeedRules) -> Self {
        let terms = words(text).into_iter().filter_map(|word| Term::parse(&word, rules)).collect();
        Self { text: text.to_owned(), terms }
    }

    /// It as it was typed.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Whether it lets everything through.
    pub(super) const fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    /// Whether it lets a request through.
    pub(super) fn matches(&self, request: &Request, zone: Zone) -> bool {
        self.terms.iter().all(|term| term.not != term.test.holds(request, zone))
    }

    /// The byte ranges of a cell's text to be marked.
    pub(super) fn marks(&self, part: Part, text: &str) -> Vec<Range<usize>> {
        let mut marks = Vec::new();
        for term in self.terms.iter().filter(|term| !term.not) {
            let Test::Has(wanted, needle) = &term.test else { continue };
            if wanted.is_none_or(|wanted| wanted == part) {
                marks.extend(find(text, needle));
            }
        }
        marks
    }
}

/// Words by blanks, phrases in double quotes; a quote that is not closed closes at the end.
fn words(text: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quoted = false;
    for c in text.chars() {
        match (c, quoted) {
            ('"', _) => quoted = !quoted,
            (c, false) if c.is_whitespace() => words.push(String::new()),
            (c, _) => {
                if let Some(word) = words.last_mut() {
                    word.push(c);
                }
            }
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

impl Term {
    fn parse(word: &str, rules: &FeedRules) -> Option<Self> {
        let (not, word) = word.strip_prefix('!').map_or((false, word), |rest| (true, rest));
        let test = match word.split_once(':').and_then(|(name, value)| Some((Part::named(name, rules)?, value))) {
            // While `status:` is being typed it asks for nothing yet.
            Some((_, "" | ">" | "<")) => return None,
            Some((Part::Latency, value)) => Test::latency(value),
            Some((part, value)) => Test::Has(Some(part), value.to_lowercase()),
            None if word.is_empty() => return None,
            None => Test::Has(None, word.to_lowercase()),
        };
        Some(Self { not, test })
    }
}

impl Test {
    fn latency(value: &str) -> Self {
        let seconds = |text: &str| text.trim_end_matches('s').parse::<f64>().ok();
        if let Some(bound) = value.strip_prefix('>').and_then(seconds) {
            return Self::Slower(bound);
        }
        if let Some(bound) = value.strip_prefix('<').and_then(seconds) {
            return Self::Faster(bound);
        }
        Self::Has(Some(Part::Latency), value.to_lowercase())
    }

    fn holds(&self, request: &Request, zone: Zone) -> bool {
        match self {
            Self::Slower(bound) => request.latency_s.is_some_and(|latency| latency > *bound),
            Self::Faster(bound) => request.latency_s.is_some_and(|latency| latency < *bound),
            Self::Has(Some(part), needle) => part.of(request, zone).is_some_and(|text| has(&text, needle)),
            Self::Has(None, needle) => {
                let columns = (0..request.columns.len()).map(Part::Column);
                let mut parts = Part::ALWAYS.iter().copied().chain(columns);
                // Times and latencies are written only for a term that could be part of one.
                let digits = needle.starts_with(|c: char| c.is_ascii_digit());
                let written = [Part::Time, Part::Latency];
                parts.any(|part| part.of(request, zone).is_some_and(|text| has(&text, needle)))
                    || digits
                        && written.iter().any(|part| part.of(request, zone).is_some_and(|text| has(&text, needle)))
            }
        }
    }
}

impl Part {
    const ALWAYS: [Self; 5] = [Self::Correlation, Self::Reason, Self::Status, Self::Id, Self::Trace];

    fn named(name: &str, rules: &FeedRules) -> Option<Self> {
        let is = |other: &str| !other.is_empty() && name.eq_ignore_ascii_case(other);
        let known = [
            (Self::Time, &["time"][..], ""),
            (Self::Status, &["status"], rules.event_field.as_str()),
            (Self::Id, &["id", "request", "request_id"], rules.id_field.as_str()),
            (Self::Correlation, &["correlation", "corr", "correlation_id"], rules.correlation_field.as_str()),
            (Self::Trace, &["trace", "trace_id"], rules.trace_field.as_str()),
            (Self::Latency, &["latency", "latency_s"], rules.latency_field.as_str()),
            (Self::Reason, &["reason"], rules.reason_field.as_str()),
        ];
        let columns = rules.columns.iter().position(|c| is(&c.id) || is(&c.field) || is(&c.title));
        let fixed = || known.iter().find(|(_, names, field)| names.iter().any(|n| is(n)) || is(field)).map(|k| k.0);
        columns.map(Self::Column).or_else(fixed)
    }

    /// What a row has there, as it is shown.
    fn of(self, request: &Request, zone: Zone) -> Option<Cow<'_, str>> {
        match self {
            Self::Time => Some(Cow::Owned(time::clock_ms(&zone.at(request.time)))),
            Self::Status => Some(Cow::Borrowed(request.status.name())),
            Self::Id => Some(clean(&request.id)),
            Self::Correlation => request.correlation_id.as_deref().map(clean),
            Self::Trace => request.trace_id.as_deref().map(clean),
            Self::Latency => request.latency_s.map(|latency| Cow::Owned(super::view::latency(latency))),
            Self::Reason => request.reason.as_deref().map(clean),
            Self::Column(column) => request.columns.get(column).map(|text| clean(text)),
        }
    }
}

/// Whether a text has a needle that is in lower case.
fn has(text: &str, needle: &str) -> bool {
    if text.is_ascii() {
        return find(text, needle).next().is_some();
    }
    text.to_lowercase().contains(needle)
}

/// Where a needle of lower case stands in a text; only its ASCII letters are found in either case.
fn find<'t>(text: &'t str, needle: &'t str) -> impl Iterator<Item = Range<usize>> + 't {
    let length = needle.len();
    let starts = 0..(text.len() + 1).saturating_sub(length.max(1));
    starts.filter_map(move |start| {
        let range = start..start + length;
        let here = text.get(range.clone())?;
        here.eq_ignore_ascii_case(needle).then_some(range)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::panes::testing;

    #[test]
    fn terms_must_all_hold() {
        let world = testing::World::live();
        let rules = world.board.feed.as_ref().expect("a feed");
        let request = world.store.requests.by_id("req-1").expect("the failed one");
        let cases = [
            ("", true),
            ("timeout", true),
            ("TIMEOUT contoso", true),
            ("timeout northwind", false),
            ("status:failed", true),
            ("status:success", false),
            ("!status:failed", false),
            ("!status:success", true),
            ("issuer:contoso", true),
            ("wallet:contoso", false),
            ("Issuer:CONTOSO reason:tsp", true),
            ("\"tsp timeout\"", false),
            ("tsp_time", true),
            ("latency:>20", true),
            ("latency:>30", false),
            ("latency:<30s", true),
            ("latency:24", true),
            ("24.3", true),
            ("10:28:06", true),
            ("unknown:field", false),
            ("status:", true),
            ("!", true),
            ("\"", true),
            (":", false),
        ];
        for (text, expected) in cases {
            assert_eq!(Filter::parse(text, rules).matches(request, Zone::Utc), expected, "{text}");
        }
    }

    #[test]
    fn matches_are_marked_where_they_stand() {
        let world = testing::World::live();
        let rules = world.board.feed.as_ref().expect("a feed");
        let filter = Filter::parse("bank issuer:oso status:ok !a", rules);
        assert_eq!(filter.marks(Part::Column(3), "Contoso_Bank"), vec![8..12, 4..7]);
        assert_eq!(filter.marks(Part::Reason, "BANK bank é"), vec![0..4, 5..9]);
        assert_eq!(filter.marks(Part::Reason, ""), Vec::<Range<usize>>::new());
    }
}
