//! Secrets in headers and addresses of requests: `Authorization`, `Cookie`, `https://user:password@host`.

use regex::Captures;

use super::secrets::{HIDDEN, Pattern, pattern, replace};

/// Schemes of `Authorization` that are told from the secret after them (IANA, HTTP Authentication Scheme Registry, and
/// those of AWS and of usual services).
const SCHEMES: [&str; 20] = [
    "apikey",
    "aws",
    "aws4-ecdsa-p256-sha256",
    "aws4-hmac-sha256",
    "basic",
    "bearer",
    "digest",
    "dpop",
    "gnap",
    "hawk",
    "hoba",
    "jwt",
    "key",
    "mutual",
    "negotiate",
    "ntlm",
    "oauth",
    "signature",
    "token",
    "vapid",
];
/// Letters that make a word after `authorization:` a secret and no English.
const LONG: usize = 16;

// Quotes are taken only with what cannot be JSON between them, so that JSON stays what it is.
static AUTHORIZATION: Pattern = Pattern::new(|| {
    let value = r#"(?:\\*"[^"\\,:{}\[\]\r\n]*\\*"|[^\s"'\\,;{}\[\]()<>]*)"#;
    pattern(&format!(
        r#"(?i)(authorization(?:\\*["'])?[ \t]*[:=][ \t]*(?:\[\s*)?(?:\\*["'])?)((?:[a-z][a-z0-9_-]*[ \t]+)?)((?:[a-z][a-z0-9_-]*={value}|[a-z0-9._~+/$!@#%&=-][^\s"'\\,;{{}}\[\]()<>]*))((?:[ \t]*[,;][ \t]*[a-z][a-z0-9_-]*(?:={value})?)*)"#
    ))
});
static COOKIE: Pattern = Pattern::new(|| {
    pattern(
        r#"(?i)(cookie2?(?:\\*["'])?[ \t]*[:=][ \t]*(?:\[\s*)?(?:\\*["'])?)([^\s"'\\;,={}\[\]]+=[^\s"'\\;,]*(?:;[ \t]*[^\s"'\\;,=]+(?:=[^\s"'\\;,]*)?)*)"#,
    )
});
static USER: Pattern = Pattern::new(|| pattern(r#"(:(?:\\*/){2}[^\s/?#:@"'<>\\]*:)([^\s/"'<>\\]+)(@)"#));

/// The rest of `Authorization`, its scheme kept where it is a known one.
pub(super) fn authorization(text: &str) -> Option<String> {
    replace(&AUTHORIZATION, text, |found: &Captures<'_>| {
        let (word, rest) = (found[2].trim_end(), &found[3]);
        if word.is_empty() && is_scheme(rest) {
            return None;
        }
        if is_scheme(word) {
            // What follows a comma is of the header where the scheme has parameters, and of the line else.
            let after = if rest.contains('=') && !rest.ends_with('=') { "" } else { &found[4] };
            return Some(format!("{}{}{HIDDEN}{after}", &found[1], &found[2]));
        }
        let is_prose = is_word(rest) && (word.is_empty() || is_word(word));
        (!is_prose).then(|| format!("{}{HIDDEN}{}", &found[1], &found[4]))
    })
}

/// The value of an `Authorization` that is known as a whole: its scheme and nothing else.
pub(super) fn of_authorization(value: &str) -> String {
    match value.split_once(' ') {
        Some((scheme, _)) if is_scheme(scheme) => format!("{scheme} {HIDDEN}"),
        _ => HIDDEN.to_owned(),
    }
}

fn is_scheme(word: &str) -> bool {
    SCHEMES.iter().any(|known| known.eq_ignore_ascii_case(word))
}

/// Whether it reads like a word, or like the number of a status.
fn is_word(text: &str) -> bool {
    let letters = text.trim_end_matches(['.', ':', '!', '?']);
    text.len() < LONG
        && (letters.bytes().all(|byte| byte.is_ascii_alphabetic())
            || (text.len() <= 3 && text.bytes().all(|byte| byte.is_ascii_digit())))
}

/// Pairs of `Cookie` and `Set-Cookie`.
pub(super) fn cookies(text: &str) -> Option<String> {
    let hide = |found: &Captures<'_>| Some(format!("{}{HIDDEN}", &found[1]));
    replace(&COOKIE, text, hide)
}

/// The password before the host of an address.
pub(super) fn users(text: &str) -> Option<String> {
    replace(&USER, text, |found| {
        let password = &found[2];
        // `http://one:80,jo@example.com` has a port.
        let digits = password.trim_start_matches(|it: char| it.is_ascii_digit());
        let is_port = digits.len() < password.len() && digits.starts_with(',');
        (password != HIDDEN && !is_port).then(|| format!("{}{HIDDEN}{}", &found[1], &found[3]))
    })
}

#[cfg(test)]
mod tests {
    use crate::text::mask::Masks;

    #[test]
    fn headers_are_masked() {
        let cases = [
            ("Authorization: s3cr3t-value", "Authorization: ****"),
            ("Authorization: Token abcdef", "Authorization: Token ****"),
            ("Authorization: Negotiate YIIJvwYGKwYBBQ== status=200", "Authorization: Negotiate **** status=200"),
            (
                "Authorization: AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request, SignedHeaders=host;x-amz-date, Signature=5d672d79c15b13162d9279b0855cfba6 ok",
                "Authorization: AWS4-HMAC-SHA256 **** ok",
            ),
            (
                r#"authorization: Digest username="Mufasa", realm="a b", response="6629fae49393a05397450978507c4ef1""#,
                "authorization: Digest ****",
            ),
            (
                r#"{"m":"Authorization: Digest username=\"Mufasa\", response=\"6629fae4\""}"#,
                r#"{"m":"Authorization: Digest ****"}"#,
            ),
            ("Authorization: Bearer 0123456789abcdef01, status=500", "Authorization: Bearer ****, status=500"),
            (r#"{"Authorization":"Custom a b, c=\"d\"","n":1}"#, r#"{"Authorization":"****","n":1}"#),
            (
                r#"{\"authorization\":\"Digest username=\\\"Mufasa\\\"\",\"n\":1}"#,
                r#"{\"authorization\":\"Digest ****\",\"n\":1}"#,
            ),
            ("Proxy-Authorization: x1y2z3\r\nHost: a", "Proxy-Authorization: ****\r\nHost: a"),
            ("Cookie: session=abc123; theme=dark", "Cookie: ****"),
            ("set-cookie: id=a3fWa; Path=/; HttpOnly\\r\\nDate: x", "set-cookie: ****\\r\\nDate: x"),
            (r#"{"cookie":"session=abc","a":1}"#, r#"{"cookie":"****","a":1}"#),
            (r#"{"Set-Cookie":["a=b; Path=/","c=d"],"x":[1]}"#, r#"{"Set-Cookie":["****","****"],"x":[1]}"#),
            ("postgres://app:hunter2@db.example.com:5432/x", "postgres://app:****@db.example.com:5432/x"),
            ("redis://:p@ss@cache/0", "redis://:****@cache/0"),
            (r#""url":"https:\/\/jo:pw@example.com\/""#, r#""url":"https:\/\/jo:****@example.com\/""#),
        ];
        for (text, masked) in cases {
            // As a command of a log prints it, without its line ends made visible.
            assert_eq!(Masks::default().mask(text), masked, "{text}");
            assert_eq!(Masks::default().mask(masked), masked, "{text}");
        }
    }

    #[test]
    fn prose_and_plain_addresses_stay() {
        for text in [
            "authorization: denied for user",
            "authorization: failed 403",
            "authorization failed: 12 times",
            "cookies: 3, cookie consent",
            "http://example.com:8080/a@b",
            "git@github.com:org/repo.git",
            "ssh://git@github.com/org/repo",
            r#"{"note":"authorization:"}"#,
            r#"{"authorization:":12345}"#,
        ] {
            assert_eq!(Masks::default().mask(text), text);
        }
    }
}
