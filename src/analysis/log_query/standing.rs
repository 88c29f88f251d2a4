//! Whether a condition stands in a query already.

use crate::insights::editor::{Kind, highlight};

/// Whether one of the conditions that a `filter` joins with `and` is this one, however it is written.
pub(super) fn stands(filter: &str, condition: &str) -> bool {
    let wanted = words(&format!("filter {condition}"));
    let found = words(filter);
    let Some((command, joined)) = found.split_first() else { return false };
    command.eq_ignore_ascii_case("filter") && parts(joined).is_some_and(|parts| parts.contains(&&wanted[1..]))
}

/// What stands between the `and`s outside parentheses; `None` where an `or` makes alternatives of it.
fn parts(words: &[String]) -> Option<Vec<&[String]>> {
    let (mut depth, mut start, mut found) = (0_usize, 0, Vec::new());
    for (at, word) in words.iter().enumerate() {
        match word.as_str() {
            "(" | "[" => depth += 1,
            ")" | "]" => depth = depth.saturating_sub(1),
            "or" if depth == 0 => return None,
            "and" if depth == 0 => {
                found.push(words.get(start..at).unwrap_or_default());
                start = at + 1;
            }
            _ => {}
        }
    }
    found.push(words.get(start..).unwrap_or_default());
    Some(found)
}

/// The words of a command, each in one spelling; pipes and comments left out.
fn words(text: &str) -> Vec<String> {
    let word = |(part, kind): (std::ops::Range<usize>, Kind)| {
        let word = text.get(part)?;
        match kind {
            Kind::Pipe | Kind::Comment => None,
            Kind::Text => Some(format!("\"{}", unquoted(word))),
            Kind::Field => Some(word.trim_matches('`').to_owned()),
            Kind::Keyword => Some(word.to_ascii_lowercase()),
            Kind::Operator if word == "==" => Some("=".to_owned()),
            _ => Some(word.to_owned()),
        }
    };
    highlight(text).into_iter().filter_map(word).collect()
}

/// What is in quotes, without the escapes.
fn unquoted(text: &str) -> String {
    let mut characters = text.chars().skip(1).take(text.chars().count().saturating_sub(2));
    let mut out = String::new();
    while let Some(character) = characters.next() {
        out.extend(if character == '\\' { characters.next() } else { Some(character) });
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_condition_is_known_however_it_is_written() {
        let condition = r#"level = "ERROR""#;
        for filter in [
            r#"filter level = "ERROR""#,
            "| FILTER level=='ERROR' # those",
            r#"filter a > 1 and `level` = "ERROR""#,
            r#"filter level = "ERROR" AND (a = 1 or b = 2)"#,
        ] {
            assert!(stands(filter, condition), "{filter}");
        }
        for filter in [
            r#"filter level = "ERROR" or a = 1"#,
            r#"filter not (level = "ERROR")"#,
            r#"filter level != "ERROR""#,
            r#"filter level = "error""#,
            "filter level = ERROR",
            r#"fields level = "ERROR""#,
            "",
        ] {
            assert!(!stands(filter, condition), "{filter}");
        }
        assert!(stands("filter not ispresent(a)", "not ispresent(a)"));
    }
}
