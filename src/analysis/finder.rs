//! Metrics found by a few letters of their namespace, name, dimension names and values.

use nucleo_matcher::pattern::{AtomKind, CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};

use crate::store::catalogue::MetricId;

/// How a text is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Manner {
    /// Letters in their order with others between them: for typing.
    Fuzzy,
    /// Whole words as they stand, small and capital letters alike: for scripts.
    Literal,
}

/// Finds metrics; cheap to use many times over.
pub struct Finder {
    pattern: Pattern,
    matcher: Matcher,
    text: String,
    letters: Vec<char>,
}

impl Finder {
    /// A finder of all words of a text.
    pub fn new(text: &str, manner: Manner) -> Self {
        let (case, normal) = (CaseMatching::Ignore, Normalization::Smart);
        let pattern = match manner {
            Manner::Fuzzy => Pattern::parse(text, case, normal),
            Manner::Literal => Pattern::new(text, case, normal, AtomKind::Substring),
        };
        let mut config = Config::DEFAULT;
        config.prefer_prefix = true;
        Self { pattern, matcher: Matcher::new(config), text: String::new(), letters: Vec::new() }
    }

    /// How well a metric matches, `None` where it does not; 0 for every metric where nothing is looked for.
    pub fn score(&mut self, metric: &MetricId) -> Option<u32> {
        if self.pattern.atoms.is_empty() {
            return Some(0);
        }
        self.text.clear();
        // The name first: what is found there and at its start scores higher.
        self.text.push_str(&metric.name);
        self.text.push(' ');
        self.text.push_str(&metric.namespace);
        for (key, value) in &metric.dimensions {
            self.text.push(' ');
            self.text.push_str(key);
            self.text.push('=');
            self.text.push_str(value);
        }
        self.pattern.score(Utf32Str::new(&self.text, &mut self.letters), &mut self.matcher)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn metric(namespace: &str, name: &str, dimensions: &[(&str, &str)]) -> MetricId {
        let dimensions = dimensions.iter().map(|(key, value)| ((*key).into(), (*value).into())).collect();
        MetricId { namespace: namespace.into(), name: name.into(), dimensions, account: None }
    }

    #[test]
    fn any_part_is_found() {
        let errors = metric("AWS/Lambda", "Errors", &[("FunctionName", "token-service")]);
        let cases = [
            ("", true, true),
            ("errors", true, true),
            ("lambda err", true, true),
            ("FUNCTIONNAME=token", true, true),
            ("tokserv", true, false),
            ("lmbd", true, false),
            ("dynamo", false, false),
            ("errors dynamo", false, false),
        ];
        for (text, fuzzy, literal) in cases {
            assert_eq!(Finder::new(text, Manner::Fuzzy).score(&errors).is_some(), fuzzy, "{text}");
            assert_eq!(Finder::new(text, Manner::Literal).score(&errors).is_some(), literal, "{text}");
        }
    }

    #[test]
    fn the_name_counts_most() {
        let named = metric("N", "Errors", &[]);
        let valued = metric("N", "Invocations", &[("Kind", "server-side errors")]);
        let mut finder = Finder::new("errors", Manner::Fuzzy);
        assert!(finder.score(&named) > finder.score(&valued));
    }
}
