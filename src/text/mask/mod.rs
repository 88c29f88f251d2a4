//! Secrets, masked: card numbers, security codes, tokens, keys, e-mail addresses, and what a board adds.
//!
//! What is masked is decided once, when the configuration is read, and holds for the whole process: on screen, in
//! copies, exports, notices and the program's own log. It is no argument of the hundred places that show text, so that
//! none of them can forget it; where nobody has decided, everything is masked.

use std::borrow::Cow;
use std::sync::OnceLock;

use regex::Regex;

mod api_keys;
mod arguments;
mod cards;
mod credentials;
mod fields;
mod gate;
mod headers;
mod json;
mod quotes;
mod secrets;
mod track;

/// A kind of secret that can be left as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Secret {
    /// Numbers of payment cards: the first six and last four digits stay; nothing of what a magnetic stripe says beyond.
    Cards,
    /// Values of fields such as `cvv`: nothing stays.
    SecurityCodes,
    /// Bearer tokens, JSON Web Tokens, authorization, cookies, passwords in addresses, and values of fields such as
    /// `password`: nothing stays.
    Tokens,
    /// Keys that say by their beginning what they are: that stays.
    ApiKeys,
    /// Access key ids (first four and last four characters stay), secret access keys and session tokens.
    AwsKeys,
    /// E-mail addresses: the first character and the domain stay.
    Emails,
}

impl Secret {
    /// Every kind, with its name in the configuration.
    pub const ALL: [(&'static str, Self); 6] = [
        ("cards", Self::Cards),
        ("security_codes", Self::SecurityCodes),
        ("tokens", Self::Tokens),
        ("api_keys", Self::ApiKeys),
        ("aws_keys", Self::AwsKeys),
        ("emails", Self::Emails),
    ];
}

/// How often a text is looked through again at most; a pattern of the user's may find its own stars.
const PASSES: usize = 8;

/// What is masked.
#[derive(Debug, Clone, Default)]
pub struct Masks {
    /// Kinds that stay as they are.
    left: Vec<Secret>,
    /// Whatever these match is masked, or their first group where they have one.
    patterns: Vec<Regex>,
}

impl PartialEq for Masks {
    fn eq(&self, other: &Self) -> bool {
        let texts = |masks: &Self| masks.patterns.iter().map(ToString::to_string).collect::<Vec<_>>();
        self.left == other.left && texts(self) == texts(other)
    }
}

impl Masks {
    /// Masks nothing.
    pub fn none() -> Self {
        Self { left: Secret::ALL.iter().map(|(_, secret)| *secret).collect(), patterns: Vec::new() }
    }

    /// The same, with one kind masked or left as it is.
    pub fn with(mut self, secret: Secret, masked: bool) -> Self {
        self.left.retain(|left| *left != secret);
        if !masked {
            self.left.push(secret);
        }
        self
    }

    /// The same, with what a pattern matches masked too: its first group, where it has one.
    pub fn and(mut self, pattern: Regex) -> Self {
        self.patterns.push(pattern);
        self
    }

    /// The same, with the patterns of another.
    pub fn and_all(mut self, other: &Self) -> Self {
        self.patterns.extend(other.patterns.iter().cloned());
        self
    }

    /// Masks what is to be masked; each character that is hidden becomes `*`, but where it says `****` the length is
    /// hidden too.
    ///
    /// A secret may be written with JSON's escapes (`\u0034` for `4`), also in JSON within JSON: then they are written out.
    /// A bare number of JSON gets quotes, so that JSON stays JSON.
    pub fn mask<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let masked = self.mask_in_place(text);
        if matches!(masked, Cow::Borrowed(_)) {
            return masked;
        }
        let Some(quoted) = json::quoted(&masked) else { return masked };
        // What stands in quotes may be known for a secret as a whole.
        match self.mask_plain(&quoted) {
            Cow::Owned(again) => Cow::Owned(again),
            Cow::Borrowed(_) => Cow::Owned(quoted),
        }
    }

    /// The same without quotes around bare numbers.
    fn mask_in_place<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let Some(plain) = secrets::without_escapes(text) else { return self.mask_plain(text) };
        match self.mask_plain(&plain) {
            Cow::Owned(masked) => Cow::Owned(masked),
            Cow::Borrowed(_) => Cow::Borrowed(text),
        }
    }

    /// Masks until nothing more is found: what is masked may leave another secret behind.
    fn mask_plain<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let mut masked = self.pass(text);
        if matches!(masked, Cow::Borrowed(_)) {
            return masked;
        }
        for _ in 0..PASSES {
            match self.pass(&masked) {
                Cow::Owned(again) if *again != *masked => masked = Cow::Owned(again),
                Cow::Owned(_) | Cow::Borrowed(_) => break,
            }
        }
        masked
    }

    fn pass<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let found = gate::look(text);
        let mut masked = Cow::Borrowed(text);
        let mut apply = |by: &dyn Fn(&str) -> Option<String>| {
            if let Some(now) = by(&masked) {
                masked = Cow::Owned(now);
            }
        };
        if found.access && self.masks(Secret::AwsKeys) {
            apply(&secrets::access_keys);
        }
        if found.api_keys && self.masks(Secret::ApiKeys) {
            apply(&api_keys::mask);
        }
        if self.masks(Secret::Tokens) {
            if found.schemes {
                apply(&credentials::mask);
            }
            if found.tokens {
                apply(&secrets::tokens);
                apply(&arguments::options);
            }
            if found.curl {
                apply(&arguments::users);
            }
        }
        if found.at && self.masks(Secret::Tokens) {
            apply(&headers::users);
        }
        if found.codes && self.masks(Secret::SecurityCodes) {
            apply(&secrets::security_codes);
        }
        if found.at && self.masks(Secret::Emails) {
            apply(&secrets::emails);
        }
        for pattern in &self.patterns {
            apply(&|text| secrets::own(pattern, text));
        }
        if self.masks(Secret::Cards) {
            apply(&track::mask);
            apply(&cards::mask);
        }
        masked
    }

    /// Masks the value of a field: where the name alone says that it is a secret, the whole of it.
    pub fn mask_field<'t>(&self, name: &str, value: &'t str) -> Cow<'t, str> {
        let hidden = secrets::by_name(name).is_some_and(|secret| self.masks(secret) && !value.is_empty());
        if hidden { Cow::Owned(secrets::HIDDEN.to_owned()) } else { self.mask(value) }
    }

    fn masks(&self, secret: Secret) -> bool {
        !self.left.contains(&secret)
    }
}

/// What this process masks; empty until the configuration is read, which means everything.
static CHOSEN: OnceLock<Masks> = OnceLock::new();

/// Decides what this process masks, once: a later choice changes nothing, so that nothing masked comes to light.
pub fn choose(masks: Masks) {
    let _ = CHOSEN.set(masks);
}

fn chosen() -> &'static Masks {
    static EVERYTHING: Masks = Masks { left: Vec::new(), patterns: Vec::new() };
    CHOSEN.get().unwrap_or(&EVERYTHING)
}

/// Masks what this process masks. What it leaves holds nothing more to mask.
pub fn mask(text: &str) -> Cow<'_, str> {
    chosen().mask(text)
}

/// Masks what this process masks, but puts no quotes around bare numbers: every character but the masked ones stays where
/// it is.
pub fn mask_in_place(text: &str) -> Cow<'_, str> {
    chosen().mask_in_place(text)
}

/// Masks the value of a field as this process masks it: the whole of it, where its name says that it is a secret.
pub fn mask_field<'t>(name: &str, value: &'t str) -> Cow<'t, str> {
    chosen().mask_field(name, value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn everything() -> Masks {
        Masks::default()
    }

    #[test]
    fn each_kind_can_be_left() {
        let text = "4111111111111111 cvv=123 Bearer abcdef0123456789 AKIAIOSFODNN7EXAMPLE jo@example.com ghp_0123456789abcdefghij";
        let parts: Vec<&str> = text.split(' ').collect();
        for (name, secret) in Secret::ALL {
            let shown = everything().with(secret, false).mask(text).into_owned();
            let left = parts.iter().filter(|part| shown.contains(*part)).count();
            // `Bearer` is no secret, its token is one.
            assert_eq!(left, 2, "{name}: {shown}");
        }
        assert_eq!(Masks::none().mask(text), text);
        assert_eq!(
            everything().mask(text),
            "411111******1111 cvv=*** Bearer **** AKIA************MPLE j***@example.com ghp_****"
        );
    }

    #[test]
    fn what_one_mask_leaves_another_finds() {
        let once = everything().mask("AKIAIOSFODNN7EXAMPLo@example.comLo@example.com").into_owned();
        assert_eq!(everything().mask(&once), once);
        assert!(!once.contains("Lo@"), "{once}");
    }

    #[test]
    fn own_patterns_are_masked() {
        let pattern = |text: &str| Regex::new(text).expect("a pattern");
        let masks = Masks::none().and(pattern("ACC-[0-9]+")).and(pattern("iban=([A-Z0-9]+)"));
        assert_eq!(masks.mask("ACC-1234 iban=DE89 ACC-"), "******** iban=**** ACC-");
        assert_eq!(Masks::default().and_all(&masks).mask("ACC-12 ab@c.example"), "****** a***@c.example");
        assert!(matches!(masks.mask("nothing"), Cow::Borrowed(_)));
    }

    #[test]
    fn a_name_makes_a_value_a_secret() {
        for (name, value, shown) in [
            ("cvv", "123", "****"),
            ("card.cvv2", "9999", "****"),
            ("password", "x", "****"),
            ("responseElements.credentials.sessionToken", "FwoG", "****"),
            ("tokenReferenceId", "trm_abc123xyz", "trm_abc123xyz"),
            ("nextToken", "abc", "abc"),
            ("pan", "4111111111111111", "411111******1111"),
            ("cvv", "", ""),
        ] {
            assert_eq!(everything().mask_field(name, value), shown, "{name}");
        }
        assert_eq!(Masks::none().mask_field("cvv", "123"), "123");
    }
}
