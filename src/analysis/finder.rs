//! Metrics found by a few letters of their namespace, name, dimension names and values.

use nucleo_matcher::pattern::{AtomKind, CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};

use crate::store::catalogue::MetricId;

/// How a text is looked for: every word of it in the metric, in any order, small and capital letters alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Manner {
    /// A word as it stands, or nearly: letters left out of it (`lmbd`, `tokserv`), or mistyped. For typing.
    Close,
    /// A word as it stands. For scripts.
    Literal,
}

/// Words shorter than this are only found as they stand.
const SHORTEST_CLOSE: usize = 3;
/// What each letter of a word that is nearly found counts; one that stands as it was typed counts 16 and more.
const CLOSE_LETTER: u32 = 4;

/// Finds metrics; cheap to use many times over.
pub struct Finder {
    words: Vec<(Vec<char>, Pattern)>,
    manner: Manner,
    matcher: Matcher,
    text: String,
    letters: Vec<char>,
}

impl Finder {
    /// A finder of all words of a text.
    pub fn new(text: &str, manner: Manner) -> Self {
        let pattern = |word| Pattern::new(word, CaseMatching::Ignore, Normalization::Smart, AtomKind::Substring);
        let words = text.split_whitespace().map(|word| (lower(word), pattern(word))).collect();
        let mut config = Config::DEFAULT;
        config.prefer_prefix = true;
        Self { words, manner, matcher: Matcher::new(config), text: String::new(), letters: Vec::new() }
    }

    /// How well a metric matches, `None` where a word does not; 0 for every metric where nothing is looked for.
    pub fn score(&mut self, metric: &MetricId) -> Option<u32> {
        if self.words.is_empty() {
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
        let Self { words, manner, matcher, text, letters } = self;
        let score = |(word, pattern): &(Vec<char>, Pattern)| {
            let stands = pattern.score(Utf32Str::new(text, letters), matcher);
            let close = *manner == Manner::Close && stands.is_none() && is_close(word, text);
            stands.or_else(|| close.then_some(word.len() as u32 * CLOSE_LETTER))
        };
        words.iter().map(score).sum()
    }
}

fn lower(text: &str) -> Vec<char> {
    text.chars().flat_map(char::to_lowercase).collect()
}

/// Whether a word stands nearly in a text: from the beginning of one of its words on, with as many letters left out as
/// are typed at most; or with a letter or two mistyped.
fn is_close(word: &[char], text: &str) -> bool {
    if word.len() < SHORTEST_CLOSE {
        return false;
    }
    let typed: String = word.iter().collect();
    let mistyped = match word.len() {
        0..=3 => 0,
        4..=7 => 1,
        _ => 2,
    };
    let chars: Vec<char> = text.chars().collect();
    let mut starts = (0..chars.len()).filter(|at| begins_word(&chars, *at));
    starts.any(|start| {
        let rest: Vec<char> = chars[start..].iter().flat_map(|c| c.to_lowercase()).collect();
        let whole: String = rest.iter().take_while(|c| c.is_alphanumeric()).collect();
        leaves_out(word, &rest) || strsim::osa_distance(&whole, &typed) <= mistyped
    })
}

/// Whether a word begins at a place: behind what is no letter, or at a capital behind a small letter.
fn begins_word(chars: &[char], at: usize) -> bool {
    let before = at.checked_sub(1).map(|before| chars[before]);
    let is_first = before.is_none_or(|before| !before.is_alphanumeric());
    chars[at].is_alphanumeric() && (is_first || (chars[at].is_uppercase() && before.is_some_and(char::is_lowercase)))
}

/// Whether the letters of a word come in their order at the beginning of a text, others between them.
fn leaves_out(word: &[char], text: &[char]) -> bool {
    let mut places = text.iter().take(word.len() * 2);
    text.first() == word.first() && word.iter().all(|letter| places.any(|c| c == letter))
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
            ("lamdba erors", true, false),
            ("lmb", true, false),
            ("lm", false, false),
            ("es", false, false),
            ("dynamo", false, false),
            ("errors dynamo", false, false),
        ];
        for (text, close, literal) in cases {
            assert_eq!(Finder::new(text, Manner::Close).score(&errors).is_some(), close, "{text}");
            assert_eq!(Finder::new(text, Manner::Literal).score(&errors).is_some(), literal, "{text}");
        }
    }

    #[test]
    fn the_name_counts_most() {
        let named = metric("N", "Errors", &[]);
        let valued = metric("N", "Invocations", &[("Kind", "server-side errors")]);
        let mut finder = Finder::new("errors", Manner::Close);
        assert!(finder.score(&named) > finder.score(&valued));
    }

    #[test]
    fn letters_that_are_strewn_over_a_metric_are_no_find() {
        let mut finder = Finder::new("lambda errors", Manner::Close);
        for (namespace, name, key, value) in [
            ("AWS/Lambda", "IteratorAge", "FunctionName", "orders-ingest"),
            (
                "Glue",
                "glue.driver.ExecutorAllocationManager.executors.numberAllExecutors",
                "JobName",
                "orders-to-parquet",
            ),
            ("TokenServices", "TokenProvisioningLatency", "Issuer", "DEMO_Bank"),
        ] {
            assert_eq!(finder.score(&metric(namespace, name, &[(key, value)])), None, "{name}");
        }
    }

    #[test]
    fn what_stands_as_typed_comes_before_what_is_close() {
        let (close, exact) = (metric("N", "Latency", &[]), metric("N", "Delay", &[("Kind", "ltncy")]));
        let mut finder = Finder::new("ltncy", Manner::Close);
        assert!(finder.score(&exact) > finder.score(&close) && finder.score(&close).is_some());
    }
}
