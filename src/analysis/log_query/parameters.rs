//! Parameters of queries: `{{name}}` in a query's text, as CloudWatch's saved queries have them.

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
    let mut filled = String::with_capacity(text.len());
    let mut at = 0;
    for (place, name) in places(text) {
        let Some(value) = value(name) else {
            let message = format!("the parameter `{name}` has no value; give one with --param {name}=VALUE");
            let end = place + text[place..].find("}}").map_or(0, |end| end + 2);
            return Err(Mistake { position: place, end, message });
        };
        filled.push_str(&text[at..place]);
        filled.push_str(value);
        at = place + text[place..].find("}}").map_or(0, |end| end + 2);
    }
    filled.push_str(&text[at..]);
    Ok(filled)
}

/// Where parameters stand, by the byte of their `{{`, and their names.
fn places(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let start = at + text[at..].find("{{")?;
            at = start + 2;
            let Some(end) = text[at..].find("}}") else { continue };
            let name = text[at..at + end].trim();
            if is_name(name) {
                at += end + 2;
                return Some((start, name));
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
