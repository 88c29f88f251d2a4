//! Which terms a search asks for, one of which every line that it finds must hold.

/// The terms of a filter pattern of quoted terms: `"a"`, or `?"a" ?"b"`; `None` for any other.
pub(super) fn of_pattern(text: &str) -> Option<Vec<String>> {
    let text = text.trim();
    if let Some((term, rest)) = quoted(text) {
        return rest.is_empty().then(|| vec![term]);
    }
    let mut terms = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let (term, after) = quoted(rest.strip_prefix('?')?)?;
        terms.push(term);
        rest = after.trim_start();
    }
    (!terms.is_empty()).then_some(terms)
}

/// The terms of a query that goes on with `filter @message like "a" or @message like "b"`; `None` for any other.
pub(super) fn of_query(text: &str) -> Option<Vec<String>> {
    let mut commands = text.split('|').map(str::trim);
    let filter = commands.find(|command| !command.starts_with("fields "))?;
    let mut rest = filter.strip_prefix("filter ")?.trim();
    let mut terms = Vec::new();
    loop {
        let (term, after) = quoted(rest.strip_prefix("@message like ")?.trim_start())?;
        terms.push(term);
        match after.trim_start() {
            "" => return Some(terms),
            more => rest = more.strip_prefix("or ")?.trim_start(),
        }
    }
}

/// A quoted text without escapes, and what follows it.
fn quoted(text: &str) -> Option<(String, &str)> {
    let (term, rest) = text.strip_prefix('"')?.split_once('"')?;
    (!term.is_empty() && !term.contains('\\')).then(|| (term.to_owned(), rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_surely_demanded_is_told() {
        let terms = |terms: &[&str]| Some(terms.iter().map(|term| (*term).to_owned()).collect::<Vec<_>>());
        assert_eq!(of_pattern(r#""a b""#), terms(&["a b"]));
        assert_eq!(of_pattern(r#"?"a" ?"b""#), terms(&["a", "b"]));
        for other in ["", "a", r#""a" -b"#, r#"?"a" b"#, r#"{ $.a = "b" }"#, r#""a\"b""#] {
            assert_eq!(of_pattern(other), None, "{other}");
        }
        assert_eq!(
            of_query(r#"fields @message | filter @message like "a" or @message like "b" | limit 5"#),
            terms(&["a", "b"])
        );
        for other in [
            "fields a",
            r#"filter not @message like "a""#,
            r#"filter @message like "a" and b = 1"#,
            r#"stats count(*) | filter @message like "a""#,
        ] {
            assert_eq!(of_query(other), None, "{other}");
        }
    }
}
