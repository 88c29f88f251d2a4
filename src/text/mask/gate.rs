//! What a text may hold, found in one go: most texts hold nothing, and are looked through no further.

use std::sync::LazyLock;

use regex::RegexSet;

/// Words without which there is no secret of a kind.
static WORDS: LazyLock<Option<RegexSet>> = LazyLock::new(|| {
    RegexSet::new([
        r"AKIA|ASIA|(?i:secret[_-]?access[_-]?key|aws[_-]?secret[_-]?key|session[_-]?token|amz-security-token)",
        r"eyJ|(?i:pass(?:word|wd|phrase)|private[_-]?key|(?:access|auth|csrf|refresh|id)[_-]?token|client[_-]?secret)",
        r"(?i:api[_-]?key|x-amz-signature|authorization|cookie|bearer)",
        r"(?i:cvv|cvc|cav2|cid2|security[_-]?code|verification[_-]?(?:value|code))",
        super::api_keys::PREFIXES,
        r"(?i:basic(?:[ \t]|%20|\+)|digest(?:[ \t]|%20|\+)|aws4-)",
        r#"curl[ \t"'\\]"#,
    ])
    .ok()
});

/// Which kinds of secrets there may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each kind is looked for by itself")]
pub(super) struct Found {
    pub(super) access: bool,
    pub(super) tokens: bool,
    pub(super) codes: bool,
    pub(super) api_keys: bool,
    /// Schemes of `Authorization`.
    pub(super) schemes: bool,
    /// A command that takes a user and a password.
    pub(super) curl: bool,
    /// An `@`, as it stands in addresses and before hosts.
    pub(super) at: bool,
}

/// Looks a text through once.
pub(super) fn look(text: &str) -> Found {
    let at = memchr::memchr(b'@', text.as_bytes()).is_some();
    let encoded = text.contains("%40");
    let Some(words) = LazyLock::force(&WORDS).as_ref() else {
        return Found { access: true, tokens: true, codes: true, api_keys: true, schemes: true, curl: true, at: true };
    };
    let found = words.matches(text);
    Found {
        access: found.matched(0),
        tokens: found.matched(1) || found.matched(2),
        codes: found.matched(3),
        api_keys: found.matched(4),
        schemes: found.matched(5),
        curl: found.matched(6),
        at: at || encoded,
    }
}
