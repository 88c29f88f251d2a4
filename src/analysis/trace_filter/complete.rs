//! What may be written at a place in an expression.

use std::ops::Range;

use super::parts::{JOINS, Kind, TESTS, parts};
use super::words::{self, Sort, TextKey, WORDS};
use super::{GroupKey, quoted};

/// What is known beside the language.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Known {
    /// Names of services.
    pub services: Vec<String>,
    /// Types of services.
    pub kinds: Vec<String>,
    /// Keys of annotations, with values that were seen.
    pub annotations: Vec<(String, Vec<String>)>,
    /// URLs that were seen.
    pub urls: Vec<String>,
    /// Users that were seen.
    pub users: Vec<String>,
    /// Groups: name, ARN and filter expression.
    pub groups: Vec<[String; 3]>,
}

/// What fits at the cursor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Completion {
    /// The bytes that a choice replaces.
    pub range: Range<usize>,
    /// What has been written of it, up to the cursor.
    pub prefix: String,
    /// What can be written, and what each is, the most likely first.
    pub words: Vec<(String, String)>,
}

/// What comes at a place.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Fits {
    Condition,
    Compare,
    Test,
    Equality,
    Truth,
    Join,
    Key,
    Value(Values),
    Nothing,
}

/// Which values are known.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Values {
    Service,
    Kind,
    Url,
    Method,
    User,
    Group(GroupKey),
    Annotation(String),
    None,
}

/// A part with its text.
type Part<'t> = (&'t str, Kind);

/// What may be written at the cursor, a byte offset; one that is no boundary of characters counts as the one before.
pub fn complete(text: &str, cursor: usize, known: &Known) -> Completion {
    let mut cursor = cursor.min(text.len());
    while !text.is_char_boundary(cursor) {
        cursor -= 1;
    }
    let all = parts(text);
    let touched = all.iter().find(|(range, kind)| {
        let is_word = !matches!(kind, Kind::Operator | Kind::Punctuation);
        let closed = *kind == Kind::Text && range.end == cursor && is_closed(&text[range.clone()]);
        is_word && !closed && range.start < cursor && cursor <= range.end
    });
    let (range, prefix) = match touched {
        Some((range, Kind::Text)) => (range.clone(), text[range.start..cursor].get(1..).unwrap_or_default()),
        Some((range, _)) => (range.clone(), &text[range.start..cursor]),
        None => (cursor..cursor, ""),
    };
    let in_text = touched.is_some_and(|(_, kind)| *kind == Kind::Text);
    let before: Vec<Part<'_>> = all
        .iter()
        .filter(|(part, _)| part.end <= range.start)
        .map(|(part, kind)| (&text[part.clone()], *kind))
        .collect();
    let fits = fits(&before);
    let mut words = match fits {
        Fits::Value(_) => words_of(&fits, known),
        // Between quotes nothing else has a place.
        _ if in_text => Vec::new(),
        _ => words_of(&fits, known),
    };
    let start = prefix.to_lowercase();
    words.retain(|(word, _)| word.trim_start_matches('"').to_lowercase().starts_with(&start));
    Completion { range, prefix: prefix.to_owned(), words }
}

fn is_closed(text: &str) -> bool {
    let quote = text.chars().next();
    text.chars().count() > 1 && text.chars().last() == quote && !text.ends_with("\\\"")
}

/// What the parts before a place ask for.
fn fits(before: &[Part<'_>]) -> Fits {
    let Some((last, rest)) = before.split_last() else { return Fits::Condition };
    match last {
        ("[", _) => Fits::Key,
        ("(" | ",", _) if is_selector(rest) => Fits::Value(Values::Service),
        ("(" | "{" | "!", _) => Fits::Condition,
        (":", _) => match rest.last() {
            Some((member, _)) if member.eq_ignore_ascii_case("type") => Fits::Value(Values::Kind),
            _ => Fits::Value(Values::Service),
        },
        (word, Kind::Word) if is_one(word, &JOINS) => Fits::Condition,
        (word, Kind::Word) if is_one(word, &TESTS) => after_operator(rest),
        (_, Kind::Operator) => after_operator(rest),
        ("]", _) => Fits::Test,
        (word, Kind::Complex) if words::annotation_key(word).is_some() => Fits::Test,
        (word, Kind::Keyword) => match words::find(word).map(|word| word.sort) {
            Some(Sort::Number(_)) => Fits::Compare,
            Some(Sort::Text(_)) => Fits::Test,
            _ => Fits::Join,
        },
        (word, Kind::Complex) if group_key(word).is_some() => Fits::Equality,
        (_, Kind::Complex) => Fits::Nothing,
        (")" | "}", _) | (_, Kind::Text | Kind::Number | Kind::Word) => Fits::Join,
        _ => Fits::Nothing,
    }
}

/// Whether a parenthesis or comma, with what is before it, is that of a service or an edge.
fn is_selector(before: &[Part<'_>]) -> bool {
    let at = before.iter().rposition(|(text, _)| *text == "(").map_or(before.len(), |at| at);
    let named = |part: Option<&Part<'_>>| {
        part.is_some_and(|(text, _)| text.eq_ignore_ascii_case("service") || text.eq_ignore_ascii_case("edge"))
    };
    named(before.last()) || (at < before.len() && named(before[..at].last()))
}

/// What is compared with.
fn after_operator(before: &[Part<'_>]) -> Fits {
    match before.last() {
        Some(("]", _)) => {
            let key = before.len().checked_sub(2).and_then(|at| before.get(at)).map_or("", |(key, _)| *key);
            Fits::Value(Values::Annotation(key.trim_matches(['"', '\'']).to_owned()))
        }
        Some((word, Kind::Complex)) => match words::annotation_key(word) {
            Some(key) => Fits::Value(Values::Annotation(key.to_owned())),
            None => group_key(word).map_or(Fits::Nothing, |key| Fits::Value(Values::Group(key))),
        },
        Some((word, Kind::Keyword)) => match words::find(word).map(|word| word.sort) {
            Some(Sort::Flag(_)) => Fits::Truth,
            Some(Sort::Text(TextKey::Name)) => Fits::Value(Values::Service),
            Some(Sort::Text(TextKey::Type)) => Fits::Value(Values::Kind),
            Some(Sort::Text(TextKey::HttpUrl)) => Fits::Value(Values::Url),
            Some(Sort::Text(TextKey::HttpMethod)) => Fits::Value(Values::Method),
            Some(Sort::Text(TextKey::User)) => Fits::Value(Values::User),
            Some(Sort::Text(_)) => Fits::Value(Values::None),
            _ => Fits::Nothing,
        },
        _ => Fits::Nothing,
    }
}

/// By what `group.name` and `group.arn` name a group.
fn group_key(word: &str) -> Option<GroupKey> {
    match words::find(word)?.sort {
        Sort::Group(key) => Some(key),
        _ => None,
    }
}

fn is_one(word: &str, known: &[&str]) -> bool {
    known.iter().any(|known| known.eq_ignore_ascii_case(word))
}

fn words_of(fits: &Fits, known: &Known) -> Vec<(String, String)> {
    let plain = |words: &[(&str, &str)]| words.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
    match fits {
        Fits::Condition => {
            let keys = known.annotations.iter().map(|(key, values)| (annotation(key), seen(values)));
            let words = WORDS.iter().filter(|word| word.sort != Sort::Annotation);
            words.map(|word| (written(word), word.doc.to_owned())).chain(keys).collect()
        }
        Fits::Compare => plain(&[("=", ""), ("!=", ""), ("<", ""), ("<=", ""), (">", ""), (">=", "")]),
        Fits::Test => plain(&[
            ("=", "is this text"),
            ("!=", "is another text"),
            ("CONTAINS", "has this in it"),
            ("BEGINSWITH", "begins so"),
            ("ENDSWITH", "ends so"),
            ("AND", "both"),
            ("OR", "either"),
        ]),
        Fits::Equality => plain(&[("=", "is in this group"), ("!=", "is not in it")]),
        Fits::Truth => plain(&[("true", ""), ("false", "")]),
        Fits::Join => plain(&[("AND", "both"), ("OR", "either")]),
        Fits::Key => known.annotations.iter().map(|(key, values)| (format!("{key}]"), seen(values))).collect(),
        Fits::Value(values) => {
            let quote = |text: &String| (quoted(text), String::new());
            match values {
                Values::Service => known.services.iter().map(quote).collect(),
                Values::Kind => known.kinds.iter().map(quote).collect(),
                Values::Url => known.urls.iter().map(quote).collect(),
                Values::User => known.users.iter().map(quote).collect(),
                Values::Method => ["GET", "POST", "PUT", "PATCH", "DELETE"].map(|text| quote(&text.to_owned())).into(),
                Values::Group(key) => {
                    let told = |[name, arn, filter]: &[String; 3]| {
                        let every = "every trace".to_owned();
                        let filter = if filter.is_empty() { every } else { filter.clone() };
                        (quoted(if *key == GroupKey::Name { name } else { arn }), filter)
                    };
                    known.groups.iter().map(told).filter(|(text, _)| text != "\"\"").collect()
                }
                Values::Annotation(key) => {
                    let values = known.annotations.iter().find(|(known, _)| known == key);
                    values.into_iter().flat_map(|(_, values)| values).map(quote).collect()
                }
                Values::None => Vec::new(),
            }
        }
        Fits::Nothing => Vec::new(),
    }
}

/// An annotation as a condition names it.
pub(super) fn annotation(key: &str) -> String {
    let plain = key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    if plain { format!("annotation.{key}") } else { format!("annotation[{key}]") }
}

fn seen(values: &[String]) -> String {
    values.first().map(|value| format!("such as {value}")).unwrap_or_default()
}

/// A keyword as it is put in, with the bracket that it needs.
fn written(word: &words::Word) -> String {
    match word.sort {
        Sort::Service | Sort::Edge => format!("{}(", word.name),
        Sort::RootCause(..) => format!("{} {{ ", word.name),
        _ => word.name.to_owned(),
    }
}
