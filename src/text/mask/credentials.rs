//! Credentials that are known by their shape, wherever they stand: what `Authorization` carries, without its name.

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use super::quotes::{Quote, Strings, put};
use super::secrets::{HIDDEN, Pattern, pattern};

/// Cut texts have no padding, and end anywhere.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent),
);
/// Characters that make a word after `Basic` a secret.
const SHORTEST: usize = 8;

/// Parameters of a scheme, and those without which it carries no secret.
struct Scheme {
    known: &'static [&'static str],
    secret: &'static [&'static str],
}

const DIGEST: Scheme = Scheme {
    known: &[
        "username",
        "username*",
        "realm",
        "nonce",
        "uri",
        "response",
        "algorithm",
        "cnonce",
        "opaque",
        "qop",
        "nc",
        "userhash",
        "auth",
        "charset",
    ],
    secret: &["username", "username*", "response"],
};
const AWS: Scheme =
    Scheme { known: &["credential", "signedheaders", "signature"], secret: &["credential", "signature"] };

static SCHEME: Pattern = Pattern::new(|| {
    pattern(r"(?i)(?:\b|\\[nrtbf])(?:(basic)|(digest)|aws4-(?:hmac-sha256|ecdsa-p256-sha256))(?:[ \t]|%20|\+)+")
});

/// Masks what follows `Basic`, `Digest` and AWS's schemes, where it can be nothing else.
pub(super) fn mask(text: &str) -> Option<String> {
    let schemes = Pattern::force(&SCHEME).as_ref()?;
    let mut strings = Strings::default();
    let mut parts = Vec::new();
    for found in schemes.captures_iter(text) {
        let Some(start) = found.get(0).map(|found| found.end()) else { continue };
        let end = if found.get(1).is_some() {
            basic(text, start)
        } else {
            let scheme = if found.get(2).is_some() { &DIGEST } else { &AWS };
            parameters(text, start, scheme, strings.around(text, start))
        };
        parts.extend(end.map(|end| (start..end, HIDDEN.to_owned())));
    }
    put(text, parts)
}

/// The end of base64 of a user and a password.
fn basic(text: &str, start: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let (mut at, mut token) = (start, String::new());
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'+' | b'/' => token.push(char::from(*byte)),
            // The alphabet for addresses, which some take.
            b'-' => token.push('+'),
            b'_' => token.push('/'),
            b'=' => token.push('='),
            b'\\' => {
                let slashes = bytes[at..].iter().take_while(|byte| **byte == b'\\').count();
                if bytes.get(at + slashes) != Some(&b'/') {
                    break;
                }
                token.push('/');
                at += slashes;
            }
            b'%' => {
                let Some(sign) = bytes.get(at + 1..at + 3).and_then(percent) else { break };
                token.push(sign);
                at += 2;
            }
            _ => break,
        }
        at += 1;
    }
    let letters = token.split('=').next().unwrap_or_default();
    // One letter more than whole bytes is of a cut text.
    let whole = if letters.len() % 4 == 1 { &letters[..letters.len() - 1] } else { letters };
    let is_secret = token.len() >= SHORTEST && LENIENT.decode(whole).is_ok_and(|decoded| is_user(&decoded));
    is_secret.then_some(at)
}

/// A sign of base64 that addresses write in hexadecimal.
fn percent(code: &[u8]) -> Option<char> {
    match code {
        b"3D" | b"3d" => Some('='),
        b"2B" | b"2b" => Some('+'),
        b"2F" | b"2f" => Some('/'),
        _ => None,
    }
}

/// Whether it is a user, a colon and a password: a text, the password in any encoding.
fn is_user(decoded: &[u8]) -> bool {
    let Some(colon) = memchr::memchr(b':', decoded) else { return false };
    let is_text = decoded[..colon].is_ascii() || std::str::from_utf8(decoded).is_ok();
    is_text && !decoded.iter().any(u8::is_ascii_control)
}

/// The end of the last parameter that the scheme knows.
fn parameters(text: &str, start: usize, scheme: &Scheme, around: Option<usize>) -> Option<usize> {
    let bytes = text.as_bytes();
    let is_one_of = |names: &[&str], name: &str| names.iter().any(|known| known.eq_ignore_ascii_case(name));
    let length =
        |from: usize, is_part: &dyn Fn(u8) -> bool| bytes[from..].iter().take_while(|byte| is_part(**byte)).count();
    let (mut at, mut end, mut is_secret) = (start, start, false);
    loop {
        let named = at + length(at, &|byte| byte.is_ascii_alphanumeric() || b"-_*".contains(&byte));
        if named == at || bytes.get(named) != Some(&b'=') {
            break;
        }
        let name = &text[at..named];
        at = match Quote::at(text, named + 1) {
            Some((quote, start)) if quote.sign == b'"' && quote.opens(text, start, around) => {
                quote.end(text, start, around, false).1
            }
            _ => named + 1 + length(named + 1, &|byte| !b"\"'\\,{}[]()<> \t\r\n".contains(&byte)),
        };
        if is_one_of(scheme.known, name) {
            end = at;
            is_secret |= is_one_of(scheme.secret, name);
        }
        let blank = at + length(at, &|byte| matches!(byte, b' ' | b'\t'));
        let comma = blank + length(blank, &|byte| byte == b',').min(1);
        at = comma + length(comma, &|byte| matches!(byte, b' ' | b'\t'));
    }
    (is_secret && end > start).then_some(end)
}

#[cfg(test)]
mod tests {
    use crate::text::mask::Masks;

    #[test]
    fn credentials_are_known_by_their_shape() {
        let cases = [
            ("Basic dXNlcjpwYXNz", "Basic ****"),
            ("got basic dXNlcjpwYXNzd29yZA== and on", "got basic **** and on"),
            (r#"{"x":"Basic dXNlcjpwYXNz","n":1}"#, r#"{"x":"Basic ****","n":1}"#),
            (r#"{"x":["Basic dXNlcjpwYXNz","Basic am86cHc="]}"#, r#"{"x":["Basic ****","Basic ****"]}"#),
            (r"\nBasic dXNlcjpw\/z8_", r"\nBasic ****"),
            ("h=Basic%20dXNlcjpwYXNzd29yZA%3D%3D&n=1", "h=Basic%20****&n=1"),
            // Cut.
            ("Basic dXNlcjpwYXNzd", "Basic ****"),
            (r#"Digest username="Mufasa", realm="a: b", uri="/x?y=1,2:z", response="6629fae4" ok"#, "Digest **** ok"),
            (
                r#"{"x":"Digest username=\"Mufasa\", realm=\"a, b\", response=\"6629fae4\"","n":1}"#,
                r#"{"x":"Digest ****","n":1}"#,
            ),
            (r#"{"x":"Digest username=Mufasa, nc=1","n":1}"#, r#"{"x":"Digest ****","n":1}"#),
            (r#"{"x":"Digest username=","n":"a"}"#, r#"{"x":"Digest ****","n":"a"}"#),
            (r#"Digest username="Muf"#, "Digest ****"),
            (
                "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request, SignedHeaders=host;x-amz-date, Signature=5d672d79 ok",
                "AWS4-HMAC-SHA256 **** ok",
            ),
            ("x AWS4-HMAC-SHA256 Credential=a/b,Signature=5d672d79, status=500", "x AWS4-HMAC-SHA256 ****, status=500"),
            ("AWS4-HMAC-SHA256 Credential=a/b SignedHeaders=host Signature=5d67", "AWS4-HMAC-SHA256 ****"),
            ("Bearer abcdefghijklmnop", "Bearer ****"),
        ];
        for (text, masked) in cases {
            assert_eq!(Masks::default().mask(text), masked, "{text}");
            assert_eq!(Masks::default().mask(masked), masked, "{text}");
        }
    }

    #[test]
    fn words_after_schemes_stay() {
        for text in [
            "Basic training, basic authentication, basic information=1",
            "Basic QUJDREVGR0g=",
            "digest sha256=abcdef, digest mismatch",
            r#"Digest realm="a", nonce="b""#,
            r"AWS4-HMAC-SHA256\n20150830T123600Z\n20150830/us-east-1",
            "the bearer authentication failed",
            "Bearer responsible.",
        ] {
            assert_eq!(Masks::default().mask(text), text);
        }
    }
}
