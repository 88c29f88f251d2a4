//! Secrets among the arguments of commands: `--password hunter2`, `curl -u user:password`.

use super::quotes::{Quote, Strings, put};
use super::secrets::{HIDDEN, Pattern, TOKEN_NAMES, pattern};

/// How far before its option `curl` stands at most.
const NEAR: usize = 512;
/// Characters that a secret without quotes has at least.
const SHORTEST: usize = 3;
/// Words after the name of an option that speak about it.
const WORDS: [&str; 16] = [
    "and",
    "argument",
    "cannot",
    "flag",
    "for",
    "from",
    "instead",
    "must",
    "option",
    "parameter",
    "the",
    "was",
    "were",
    "when",
    "with",
    "without",
];

static OPTION: Pattern =
    Pattern::new(|| pattern(&format!(r#"(?i)--[a-z0-9_-]*(?:{TOKEN_NAMES})(\\*"[ \t]*,[ \t]*\\*"|[ \t]+)"#)));
static USER: Pattern = Pattern::new(|| {
    pattern(
        r#"[\s"'](?:-[A-Za-z]*[uU]|--(?:proxy-)?user)(?:\\*"[ \t]*,[ \t]*|[ \t]*=?[ \t]*)((?:\\*["'])?)([^\s"'\\:,/]*):"#,
    )
});

/// Masks what follows an option that is known for a secret.
pub(super) fn options(text: &str) -> Option<String> {
    let options = Pattern::force(&OPTION).as_ref()?;
    let mut strings = Strings::default();
    let mut parts = Vec::new();
    for found in options.captures_iter(text) {
        let Some(between) = found.get(1) else { continue };
        // The next of a list of JSON begins with the quote that the last one has.
        let slashes = between.as_str().bytes().take_while(|byte| *byte == b'\\').count();
        let is_list = between.as_str().ends_with('"');
        let at = if is_list { between.end() - slashes - 1 } else { between.end() };
        let around = strings.around(text, at);
        let (start, end) = match Quote::at(text, at) {
            Some((quote, start)) if is_list || quote.opens(text, start, around) => {
                (start, quote.end(text, start, around, false).0)
            }
            Some(_) => continue,
            None => (at, bare(text, at)),
        };
        let value = text.get(start..end).unwrap_or_default();
        let is_secret = start != at || (value.len() >= SHORTEST && !value.starts_with('-') && !WORDS.contains(&value));
        if is_secret && !value.is_empty() && value != HIDDEN {
            parts.push((start..end, HIDDEN.to_owned()));
        }
    }
    put(text, parts)
}

/// Masks the password after the user that `curl` is given.
pub(super) fn users(text: &str) -> Option<String> {
    let users = Pattern::force(&USER).as_ref()?;
    let mut strings = Strings::default();
    let mut parts = Vec::new();
    for found in users.captures_iter(text) {
        let (Some(whole), Some(sign)) = (found.get(0), found.get(1)) else { continue };
        let near = &text.as_bytes()[whole.start().saturating_sub(NEAR)..whole.start()];
        if memchr::memmem::find(near, b"curl").is_none() {
            continue;
        }
        let start = whole.end();
        let around = strings.around(text, sign.start());
        let end = match Quote::at(text, sign.start()) {
            Some((quote, first)) if quote.opens(text, first, around) => quote.end(text, start, around, false).0,
            Some(_) => continue,
            None => bare(text, start),
        };
        let password = &text[start..end];
        // Numbers of a user and a group, as containers have them.
        let is_group = [&found[2], password].iter().all(|it| it.bytes().all(|byte| byte.is_ascii_digit()));
        if !password.is_empty() && !is_group && password != HIDDEN {
            parts.push((start..end, HIDDEN.to_owned()));
        }
    }
    put(text, parts)
}

/// The end of what has no quotes.
fn bare(text: &str, at: usize) -> usize {
    let rest = &text.as_bytes()[at..];
    at + rest.iter().position(|byte| b" \t\r\n\"'\\,;|&<>()[]{}".contains(byte)).unwrap_or(rest.len())
}

#[cfg(test)]
mod tests {
    use crate::text::mask::Masks;

    #[test]
    fn secrets_among_arguments_are_masked() {
        let cases = [
            ("mysql --password hunter2 -h db", "mysql --password **** -h db"),
            ("x --db-password 'two words' y", "x --db-password '****' y"),
            ("x --client-secret=abcdef y", "x --client-secret=**** y"),
            (r#"{"cmd":"x --password hunter2","n":1}"#, r#"{"cmd":"x --password ****","n":1}"#),
            (r#"{"cmd":"x --password \"two words\" y"}"#, r#"{"cmd":"x --password \"****\" y"}"#),
            (r#"["x","--password","two words","-h"]"#, r#"["x","--password","****","-h"]"#),
            (r#"{"m":"[\"--password\", \"hunter2\"]"}"#, r#"{"m":"[\"--password\", \"****\"]"}"#),
            ("curl -u user:pw https://a.example", "curl -u user:**** https://a.example"),
            ("curl -s --user 'user:p w' x", "curl -s --user 'user:****' x"),
            (r#"{"m":"curl -u \"user:p w\" x"}"#, r#"{"m":"curl -u \"user:****\" x"}"#),
            (r#"["curl","-u","user:p w","x"]"#, r#"["curl","-u","user:****","x"]"#),
        ];
        for (text, masked) in cases {
            assert_eq!(Masks::default().mask(text), masked, "{text}");
            assert_eq!(Masks::default().mask(masked), masked, "{text}");
        }
    }

    #[test]
    fn other_arguments_stay() {
        for text in [
            "the --password flag, --password -h db",
            r#"["--password","","x"]"#,
            r#"{"m":"needs --password ","n":"two words"}"#,
            "docker run -u root:wheel x",
            "docker run curl --user 1000:1000 x",
            "curl -u user: x, curl -u user https://a.example",
        ] {
            assert_eq!(Masks::default().mask(text), text);
        }
    }
}
