//! Security codes, tokens, AWS keys, e-mail addresses, and whatever a pattern matches.
//!
//! Names of fields are followed by `:` or `=`, in JSON, in JSON within JSON (`\"cvv\":\"123\"`), in query strings and in
//! prose alike.

use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::fields::{self, Value};
use super::{Secret, headers};

/// What stands for a secret whose length is hidden too.
pub(super) const HIDDEN: &str = "****";
/// Letters that make a word after `Bearer` a token and no English.
const TOKEN: usize = 16;
/// Letters that a secret key has at least.
const KEY: usize = 8;

pub(super) type Pattern = LazyLock<Option<Regex>>;

/// Names of security codes, without underscores, in small letters, as ends of names.
const CODES: [&str; 9] =
    ["cvv", "cvv2", "cvc", "cvc2", "cav2", "cid2", "securitycode", "verificationvalue", "verificationcode"];
const TOKENS: [&str; 14] = [
    "password",
    "passwd",
    "passphrase",
    "privatekey",
    "accesstoken",
    "authtoken",
    "csrftoken",
    "refreshtoken",
    "idtoken",
    "clientsecret",
    "apikey",
    "authorization",
    "cookie",
    "amzsignature",
];
const KEYS: [&str; 4] = ["secretaccesskey", "awssecretkey", "sessiontoken", "amzsecuritytoken"];

/// Names of what a card's magnetic stripe says.
const TRACKS: [&str; 5] = ["track1", "track2", "trackdata", "track1data", "track2data"];

/// What the name of a field says of its value.
pub(super) fn by_name(name: &str) -> Option<Secret> {
    let last = name.rsplit(['.', '[', '/']).next().unwrap_or(name);
    let name: String =
        last.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_lowercase()).collect();
    let ends = |names: &[&str]| names.iter().any(|end| name.ends_with(end));
    match () {
        () if ends(&CODES) => Some(Secret::SecurityCodes),
        () if ends(&KEYS) => Some(Secret::AwsKeys),
        () if ends(&TOKENS) => Some(Secret::Tokens),
        () if ends(&TRACKS) => Some(Secret::Cards),
        () => None,
    }
}

static CODE_FIELD: Pattern = LazyLock::new(|| {
    pattern(
        r#"(?i)((?:cvv2?|cvc2?|cav2|cid2|security[_-]?code|verification[_-]?(?:value|code))(?:\\*["'])?\s*[:=>]\s*(?:\[\s*|\{\s*(?:\\*["'])?\w+(?:\\*["'])?\s*:\s*)?(?:\\*["'])?\s*)([0-9]{3,4})\b"#,
    )
});
static TOKEN_FIELD: Pattern = LazyLock::new(|| {
    pattern(
        r#"(?i)((?:password|passwd|passphrase|private[_-]?key|access[_-]?token|auth[_-]?token|csrf[_-]?token|refresh[_-]?token|id[_-]?token|client[_-]?secret|api[_-]?key|x-amz-signature)(?:\\*["'])?\s*(?:=>|[:=>]) ?(?:\[\s*)?(?:\\*["'])?)([^\s"'\\,;&*{}\[\]()<>]{3,})"#,
    )
});
/// Names of fields whose values are masked whole, whatever they are: in quotes, in lists, in elements of XML.
pub(super) const TOKEN_NAMES: &str = "password|passwd|passphrase|private[_-]?key|access[_-]?token|auth[_-]?token|csrf[_-]?token|\
     refresh[_-]?token|id[_-]?token|client[_-]?secret|api[_-]?key|authorization|cookie2?|x-amz-signature";
static TOKEN_NAME: Pattern = LazyLock::new(|| pattern(&format!("(?i)(?:{TOKEN_NAMES})")));
static KEY_NAME: Pattern = LazyLock::new(|| {
    pattern("(?i)(?:secret[_-]?access[_-]?key|aws[_-]?secret[_-]?key|session[_-]?token|amz-security-token)")
});
static CODE_NAME: Pattern =
    LazyLock::new(|| pattern("(?i)(?:cvv2?|cvc2?|cav2|cid2|security[_-]?code|verification[_-]?(?:value|code))"));
static BEARER: Pattern = LazyLock::new(|| pattern(r"(?i)\b(bearer(?:\s|%20)+)([a-z0-9._~+/=-]{8,})"));
static JWT: Pattern =
    LazyLock::new(|| pattern(r"((?:\b|\\[nrtbf])eyJ)([A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]{5,}(?:\.[A-Za-z0-9_-]*)?)"));
static KEY_ID: Pattern = LazyLock::new(|| pattern(r"((?:\b|\\[nrtbf])(?:AKIA|ASIA))([A-Z0-9]{12})([A-Z0-9]{4})\b"));
static KEY_FIELD: Pattern = LazyLock::new(|| {
    pattern(
        r#"(?i)((?:secret[_-]?access[_-]?key|aws[_-]?secret[_-]?key|session[_-]?token|amz-security-token)(?:\\*["'])?\s*[:=]\s*(?:\\*["'])?)((?:[a-z0-9/+=%-]|\\+/){8,})"#,
    )
});
static EMAIL: Pattern = LazyLock::new(|| {
    pattern(r"([\w.%+'-])([\w.%+'-]*)((?:@|%40)(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?\.)+[a-zA-Z]{2,})")
});

static ESCAPE: Pattern = LazyLock::new(|| pattern(r"\\+u00([2-7][0-9a-fA-F])"));

/// The text with JSON's escapes of printable ASCII written out, where it has any.
pub(super) fn without_escapes(text: &str) -> Option<String> {
    if !text.contains(r"\u00") {
        return None;
    }
    replace(&ESCAPE, text, |found| {
        let character = u8::from_str_radix(&found[1], 16).ok().map(char::from)?;
        // What has a meaning inside JSON stays an escape.
        (!matches!(character, '"' | '\\' | '\u{7f}')).then(|| character.to_string())
    })
}

pub(super) fn pattern(text: &str) -> Option<Regex> {
    Regex::new(text).ok()
}

pub(super) fn security_codes(text: &str) -> Option<String> {
    let lists = fields::mask(&CODE_NAME, text, &|value: Value<'_>| {
        let code = value.text.trim();
        let is_code = matches!(code.len(), 3..=4) && code.bytes().all(|byte| byte.is_ascii_digit());
        is_code.then(|| value.text.replace(code, "***"))
    });
    let codes = replace(&CODE_FIELD, lists.as_deref().unwrap_or(text), |found| Some(format!("{}***", &found[1])));
    codes.or(lists)
}

/// Of `Authorization` the scheme stays.
fn token(value: Value<'_>) -> Option<String> {
    if value.is_bare && (value.text.len() < 3 || is_no_text(value.text)) {
        return None;
    }
    let is_header = value.name.eq_ignore_ascii_case("authorization");
    Some(if is_header { headers::of_authorization(value.text) } else { HIDDEN.to_owned() })
}

fn is_no_text(word: &str) -> bool {
    matches!(word, "null" | "true" | "false" | "None" | "nil" | "undefined")
}

/// One of several searches through a text: what it makes of it, where it finds something.
type Step<'s> = &'s dyn Fn(&str) -> Option<String>;

pub(super) fn tokens(text: &str) -> Option<String> {
    let hide = |found: &Captures<'_>| Some(format!("{}{HIDDEN}", &found[1]));
    let bearer = |found: &Captures<'_>| {
        let token = found[2].trim_end_matches('.');
        let is_token = token.len() >= TOKEN || token.bytes().any(|byte| byte.is_ascii_digit());
        is_token.then(|| format!("{}{HIDDEN}", &found[1]))
    };
    // A word that is no text is no secret.
    let field = |found: &Captures<'_>| (!is_no_text(&found[2])).then(|| format!("{}{HIDDEN}", &found[1]));
    let steps: [Step<'_>; 6] = [
        &|text| replace(&BEARER, text, bearer),
        &|text| replace(&JWT, text, hide),
        &|text| fields::mask(&TOKEN_NAME, text, &token),
        &headers::authorization,
        &headers::cookies,
        &|text| replace(&TOKEN_FIELD, text, field),
    ];
    let mut masked: Option<String> = None;
    for step in steps {
        let now = step(masked.as_deref().unwrap_or(text));
        masked = now.or(masked);
    }
    masked
}

pub(super) fn access_keys(text: &str) -> Option<String> {
    let ids = replace(&KEY_ID, text, |found| Some(format!("{}************{}", &found[1], &found[3])));
    let lists = fields::mask(&KEY_NAME, ids.as_deref().unwrap_or(text), &|value: Value<'_>| {
        (value.text.len() >= KEY).then(|| HIDDEN.to_owned())
    });
    let lists = lists.or(ids);
    let keys = replace(&KEY_FIELD, lists.as_deref().unwrap_or(text), |found| Some(format!("{}{HIDDEN}", &found[1])));
    keys.or(lists)
}

pub(super) fn emails(text: &str) -> Option<String> {
    replace(&EMAIL, text, |found| {
        // The user of a repository, as in `git@github.com:org/repo`, is nobody.
        if &found[1] == "g" && &found[2] == "it" {
            return None;
        }
        // X-Ray's SDKs name a call to a database `database@host`.
        if found[3].ends_with(".rds.amazonaws.com") {
            return None;
        }
        let first = if found[2].is_empty() { "" } else { &found[1] };
        Some(format!("{first}***{}", &found[3]))
    })
}

/// Masks what a pattern matches, or its first group, character by character.
pub(super) fn own(pattern: &Regex, text: &str) -> Option<String> {
    let mut out = String::new();
    let mut from = 0;
    for found in pattern.captures_iter(text) {
        let Some(part) = found.get(1).or_else(|| found.get(0)).filter(|part| !part.is_empty()) else { continue };
        if part.as_str().bytes().all(|byte| byte == b'*') {
            continue;
        }
        out.push_str(&text[from..part.start()]);
        out.extend(part.as_str().chars().map(|_| '*'));
        from = part.end();
    }
    (from > 0).then(|| out + &text[from..])
}

/// Replaces what a pattern finds where `by` says with what; `None` where nothing changes.
pub(super) fn replace(pattern: &Pattern, text: &str, by: impl Fn(&Captures<'_>) -> Option<String>) -> Option<String> {
    let pattern = LazyLock::force(pattern).as_ref()?;
    let mut out = String::new();
    let mut from = 0;
    for found in pattern.captures_iter(text) {
        let (Some(whole), Some(now)) = (found.get(0), by(&found)) else { continue };
        out.push_str(&text[from..whole.start()]);
        out.push_str(&now);
        from = whole.end();
    }
    (from > 0).then(|| out + &text[from..])
}

#[cfg(test)]
mod tests {
    use crate::text::mask::Masks;

    #[test]
    fn secrets_are_masked() {
        let cases = [
            ("cvv=123", "cvv=***"),
            (r#"{"cvv":"123","a":1}"#, r#"{"cvv":"***","a":1}"#),
            (r#"{"cardCvv2": 1234}"#, r#"{"cardCvv2": "***"}"#),
            (r#"{\"card_security_code\":\"\u0031\u0032\u0033\"}"#, r#"{\"card_security_code\":\"***\"}"#),
            (r#""{\\\"cvc\\\":\\\"999\\\"}""#, r#""{\\\"cvc\\\":\\\"***\\\"}""#),
            (r#""card_cvc":" 123""#, r#""card_cvc":" ***""#),
            (r#""cvv":["123"]"#, r#""cvv":["***"]"#),
            (r#""cvv":{"value":"123"}"#, r#""cvv":{"value":"***"}"#),
            ("<cvv>123</cvv>", "<cvv>***</cvv>"),
            ("authorization: Bearer abc.def-ghi_jkl0", "authorization: Bearer ****"),
            ("Authorization: Basic dXNlcjpwYXNz", "Authorization: Basic ****"),
            ("got eyJhbGciOi.eyJzdWIiOi.c2ln and on", "got eyJ**** and on"),
            (r#"{"access_token":"abcd1234"}"#, r#"{"access_token":"****"}"#),
            (r#"{"password":"a b, \"c\" d","n":1}"#, r#"{"password":"****","n":1}"#),
            (r"x\nAKIAIOSFODNN7EXAMPLE", r"x\nAKIA************MPLE"),
            ("POST /login?password=hunter2&next=/", "POST /login?password=****&next=/"),
            (r#""accessKeyId":"ASIAIOSFODNN7EXAMPLE""#, r#""accessKeyId":"ASIA************MPLE""#),
            ("aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "aws_secret_access_key = ****"),
            (r#"{"sessionToken":"FwoGZXIvYXdzEB\/aDH=="}"#, r#"{"sessionToken":"****"}"#),
            ("mail jo.doe+x@mail.example.com now", "mail j***@mail.example.com now"),
            (r"jo\u0040example.com", "j***@example.com"),
            ("?to=jo%40example.com", "?to=j***%40example.com"),
            ("a@b.example", "***@b.example"),
            ("jörg@example.de", "j***@example.de"),
        ];
        for (text, masked) in cases {
            assert_eq!(Masks::default().mask(text), masked, "{text}");
            assert_eq!(Masks::default().mask(masked), masked, "{text}");
        }
    }

    #[test]
    fn other_text_stays() {
        for text in [
            r"caf\u00e9 \u0041\u0022\u005c and 1",
            r#"{"tokenReferenceId":"trm_abc123xyz","event":"TOKEN_PROVISION_FAILURE","reason":"CVV_MISMATCH"}"#,
            "the bearer authentication scheme",
            "cvv check failed 3 times",
            "cvv: 12345",
            "user@host git@github:me",
            "git clone git@github.com:org/repo.git",
            "ebdb@aawijb5u25wdoy.cpamxznpdoq8.us-west-2.rds.amazonaws.com",
            "pkg@1.2.3",
            "AKIA is a prefix, AKIAIOSFODNN7EXAMPLELONGER is no key",
            "password: ",
            "password: null",
            "nextToken=abcdefgh",
        ] {
            assert_eq!(Masks::default().mask(text), text);
        }
    }
}
