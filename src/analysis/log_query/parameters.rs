//! Parameters of queries: `{{name}}` in a query's text, as CloudWatch's saved queries have them.

use std::ops::Range;

use super::judge::Mistake;

/// The parameters that a text names, each once, in its order.
///
/// A name begins with a letter or `_` and goes on with letters, digits and `_` (API Reference, QueryParameter). Other
/// braces are left alone: a filter on JSON or a regular expression may well have some.
pub fn names(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    for (_, name) in places(text) {
        if !found.contains(&name) {
            found.push(name);
        }
    }
    found
}

/// The text with every parameter replaced by its value.
///
/// # Errors
/// A parameter that has no value, at its place.
pub fn fill<'v>(text: &str, value: impl Fn(&str) -> Option<&'v str>) -> Result<String, Mistake> {
    match places(text).find(|(_, name)| value(name).is_none()) {
        Some((place, name)) => {
            let message = format!("the parameter `{name}` has no value; give one with --param {name}=VALUE");
            Err(Mistake { position: place.start, end: place.end, message })
        }
        None => Ok(fill_known(text, value)),
    }
}

/// The text with those parameters replaced that have a value; the others stay.
pub fn fill_known<'v>(text: &str, value: impl Fn(&str) -> Option<&'v str>) -> String {
    let mut filled = String::with_capacity(text.len());
    let mut at = 0;
    for (place, name) in places(text) {
        let Some(value) = value(name) else { continue };
        filled.push_str(&text[at..place.start]);
        filled.push_str(value);
        at = place.end;
    }
    filled.push_str(&text[at..]);
    filled
}

/// The text with `1` for every parameter, and where what follows each now begins, with where it began.
pub(super) fn stand_in(text: &str) -> (String, Vec<(usize, usize)>) {
    let (mut filled, mut shifts, mut at) = (String::with_capacity(text.len()), Vec::new(), 0);
    for (place, _) in places(text) {
        filled.push_str(&text[at..place.start]);
        filled.push('1');
        at = place.end;
        shifts.push((filled.len(), at));
    }
    filled.push_str(&text[at..]);
    (filled, shifts)
}

/// Where parameters stand, from their `{{` to their `}}`, and their names.
fn places(text: &str) -> impl Iterator<Item = (Range<usize>, &str)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let start = at + text[at..].find("{{")?;
            at = start + 2;
            let Some(end) = text[at..].find("}}") else { continue };
            let name = text[at..at + end].trim();
            if is_name(name) {
                at += end + 2;
                return Some((start..at, name));
            }
            at = start + 1;
        }
    })
}

fn is_name(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_replaced_and_other_braces_stay() {
        let text =
            r#"filter @message like /{"a":{{1,2}}/ and issuer = "{{issuer}}" and n > {{ n }} or x = "{{issuer}}""#;
        assert_eq!(names(text), ["issuer", "n"]);
        let value = |name: &str| match name {
            "issuer" => Some("X"),
            "n" => Some("3"),
            _ => None,
        };
        let expected = r#"filter @message like /{"a":{{1,2}}/ and issuer = "X" and n > 3 or x = "X""#;
        assert_eq!(fill(text, value).as_deref(), Ok(expected));
        assert_eq!(fill("{{{a}}}{{", |_| Some("v")).as_deref(), Ok("{v}{{"));
    }

    #[test]
    fn a_parameter_without_value_is_refused_at_its_place() {
        let error = fill("limit {{most}}", |_| None).expect_err("no value");
        assert_eq!(error.position, 6);
        assert!(error.message.contains("--param most=VALUE"));
    }
}
