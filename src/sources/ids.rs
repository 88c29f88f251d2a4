//! The ids inside metric-math texts: found and renamed token by token, never inside quotes.

use super::errors::line;

/// A piece of a metric-math text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Token<'a> {
    /// A word: an id, a function or a keyword.
    Word(&'a str),
    /// A quoted string with its quotes.
    Quoted(&'a str),
    /// Anything else.
    Other(&'a str),
}

impl<'a> Token<'a> {
    const fn text(self) -> &'a str {
        match self {
            Self::Word(text) | Self::Quoted(text) | Self::Other(text) => text,
        }
    }
}

/// Cuts a text into tokens; their texts joined are the text again.
fn tokens<'a>(text: &'a str) -> Vec<Token<'a>> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let word = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let (length, make): (usize, fn(&'a str) -> Token<'a>) = if first == '"' || first == '\'' {
            let close = rest[1..].find(first).map_or(rest.len(), |at| at + 2);
            (close, Token::Quoted)
        } else if first.is_ascii_digit() || first == '.' {
            let number = |c: char| word(c) || c == '.';
            (rest.find(|c| !number(c)).unwrap_or(rest.len()), Token::Other)
        } else if word(first) {
            (rest.find(|c| !word(c)).unwrap_or(rest.len()), Token::Word)
        } else {
            (first.len_utf8(), Token::Other)
        };
        let (token, tail) = rest.split_at(length);
        found.push(make(token));
        rest = tail;
    }
    found
}

/// Whether a word can be an id: CloudWatch wants a lower-case letter first, functions and keywords are upper-case.
fn is_id(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_lowercase())
}

/// The ids that a metric-math text names, in order of appearance, each once.
pub(super) fn ids(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    for token in tokens(text) {
        if let Token::Word(word) = token
            && is_id(word)
            && !found.contains(&word)
        {
            found.push(word);
        }
    }
    found
}

/// Renames every id. `METRICS()` and `METRICS("part")`, which mean the metrics of the *request*, become lists of those
/// metrics of the expression whose own id holds the part, so that expressions can share a request.
///
/// `metrics` holds the expression's inputs that are metrics: own id and new id.
///
/// # Errors
/// A sentence, when the text names an id that `rename` does not know.
pub(super) fn rename(
    text: &str,
    metrics: &[(&str, &str)],
    rename: &dyn Fn(&str) -> Option<String>,
) -> Result<String, String> {
    let tokens = tokens(text);
    let mut renamed = String::with_capacity(text.len());
    let mut at = 0;
    while let Some(&token) = tokens.get(at) {
        at += 1;
        match token {
            Token::Word("METRICS") => {
                let Some((part, next)) = argument(&tokens, at) else {
                    return Err(format!("METRICS takes nothing or one quoted string: {}", line(text)));
                };
                at = next;
                let list: Vec<&str> =
                    metrics.iter().filter(|(own, _)| own.contains(part)).map(|(_, new)| *new).collect();
                renamed.extend(["[", &list.join(","), "]"]);
            }
            Token::Word(word) if is_id(word) => match rename(word) {
                Some(new) => renamed.push_str(&new),
                None => return Err(format!("the expression names {word}, which is none of its inputs")),
            },
            Token::Word(_) | Token::Quoted(_) | Token::Other(_) => renamed.push_str(token.text()),
        }
    }
    Ok(renamed)
}

/// The optional string between parentheses from `at` on, and where the tokens go on after them.
fn argument<'a>(tokens: &[Token<'a>], at: usize) -> Option<(&'a str, usize)> {
    let solid: Vec<(usize, Token<'a>)> = tokens
        .iter()
        .copied()
        .enumerate()
        .skip(at)
        .filter(|(_, token)| !token.text().trim().is_empty())
        .take(3)
        .collect();
    match solid.as_slice() {
        [(_, Token::Other("(")), (end, Token::Other(")")), ..] => Some(("", end + 1)),
        [(_, Token::Other("(")), (_, Token::Quoted(part)), (end, Token::Other(")"))] => {
            Some((part.trim_matches(['"', '\'']), end + 1))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_found_outside_quotes() {
        let cases: [(&str, &[&str]); 5] = [
            ("100*fail/(ok+fail)", &["fail", "ok"]),
            ("SEARCH('{TokenServices,WalletProvider} m1', 'Sum', 60)", &[]),
            ("IF(m1 > 1e5, m1, FILL(m2, 0))", &["m1", "m2"]),
            ("ANOMALY_DETECTION_BAND(m1, 2)", &["m1"]),
            ("2m1 + m1_x", &["m1_x"]),
        ];
        for (text, expected) in cases {
            assert_eq!(ids(text), expected, "{text}");
        }
    }

    #[test]
    fn renaming_touches_whole_ids_alone() {
        let new = |id: &str| ["m1", "m10"].contains(&id).then(|| format!("q_{id}"));
        let metrics = [("m1", "q_m1"), ("m10", "q_m10"), ("err", "q_err")];
        let cases = [
            ("m1+m10", Ok("q_m1+q_m10")),
            ("SUM(METRICS())/m1", Ok("SUM([q_m1,q_m10,q_err])/q_m1")),
            ("SUM(METRICS( \"err\" ))", Ok("SUM([q_err])")),
            ("SEARCH(' m1 ', 'Sum', 60)", Ok("SEARCH(' m1 ', 'Sum', 60)")),
            ("'unclosed m1", Ok("'unclosed m1")),
            ("m2+1", Err("the expression names m2, which is none of its inputs")),
        ];
        for (text, expected) in cases {
            assert_eq!(rename(text, &metrics, &new), expected.map(str::to_owned).map_err(str::to_owned), "{text}");
        }
        assert!(rename("METRICS(m1)", &metrics, &new).is_err());
    }

    #[test]
    fn tokens_joined_are_the_text() {
        for text in ["", "é + \"ü\" ' x", "a.b..1e-5", "((([", "SUM([a, b])"] {
            let joined: String = tokens(text).into_iter().map(Token::text).collect();
            assert_eq!(joined, text);
        }
    }
}
