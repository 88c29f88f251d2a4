//! Paging tokens: opaque to the client, bound to the request they continue.

use std::hash::Hasher;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::{ApiError, Wire};

/// What makes two requests the same request but for their place in its pages: a hash of `input` without `place`.
///
/// `place` names the members that may differ from page to page.
pub fn fingerprint(operation: &str, input: &Wire, place: &[&str]) -> u64 {
    let mut hasher = Fnv::new();
    hasher.write(operation.as_bytes());
    digest(input, place, &mut hasher);
    hasher.finish()
}

/// The token of a page that starts at `state`.
pub fn seal(fingerprint: u64, state: &str) -> String {
    URL_SAFE_NO_PAD.encode(format!("{fingerprint:016x}{state}"))
}

/// The state in a token; a token of another request, or of no request, is an error with this code.
pub fn open(fingerprint: u64, token: &str, code: &'static str) -> Result<String, ApiError> {
    let invalid = || ApiError::bad(code, "The specified nextToken is invalid.");
    let bytes = URL_SAFE_NO_PAD.decode(token).map_err(|_| invalid())?;
    let text = String::from_utf8(bytes).map_err(|_| invalid())?;
    let state = text.strip_prefix(&format!("{fingerprint:016x}")).ok_or_else(invalid)?;
    Ok(state.to_owned())
}

/// The page of a list that starts where `token` says: at most `limit` items, and the token of the next page.
pub fn page<T>(
    items: Vec<T>,
    limit: usize,
    fingerprint: u64,
    token: Option<&str>,
    code: &'static str,
) -> Result<(Vec<T>, Option<String>), ApiError> {
    let start = match token {
        None => 0,
        Some(token) => open(fingerprint, token, code)?
            .parse()
            .map_err(|_| ApiError::bad(code, "The specified nextToken is invalid."))?,
    };
    let total = items.len();
    let end = total.min(start + limit.max(1));
    let next = (end < total).then(|| seal(fingerprint, &end.to_string()));
    Ok((items.into_iter().skip(start).take(end.saturating_sub(start)).collect(), next))
}

fn digest(value: &Wire, place: &[&str], hasher: &mut Fnv) {
    match value {
        Wire::Null => hasher.write_u8(0),
        Wire::Bool(value) => hasher.write_u8(1 + u8::from(*value)),
        Wire::Int(value) => hasher.write_u64((*value as f64).to_bits()),
        Wire::Float(value) => hasher.write_u64(value.to_bits()),
        Wire::Text(text) => hasher.write(text.as_bytes()),
        Wire::Time(time) => hasher.write_i64(time.timestamp_micros()),
        Wire::List(items) => items.iter().for_each(|item| digest(item, place, hasher)),
        Wire::Map(members) => {
            let mut members: Vec<_> = members.iter().filter(|(key, _)| !place.contains(&key.as_str())).collect();
            members.sort_by(|a, b| a.0.cmp(&b.0));
            for (key, value) in members {
                hasher.write(key.as_bytes());
                digest(value, &[], hasher);
            }
        }
    }
}

/// FNV-1a, 64 bits: stable from build to build, which the standard hasher does not promise.
#[derive(Debug)]
pub struct Fnv(u64);

impl Fnv {
    /// A hasher with FNV's offset basis.
    pub const fn new() -> Self {
        Self(0xCBF2_9CE4_8422_2325)
    }
}

impl Default for Fnv {
    fn default() -> Self {
        Self::new()
    }
}

impl Hasher for Fnv {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01B3);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_continues_its_own_request_only() {
        let request = |limit: i64| Wire::map([("group", "a".into()), ("limit", limit.into())]);
        let first = fingerprint("FilterLogEvents", &request(10), &["limit", "nextToken"]);
        let same = fingerprint("FilterLogEvents", &request(20), &["limit", "nextToken"]);
        let other = fingerprint("GetLogEvents", &request(10), &["limit", "nextToken"]);
        let token = seal(first, "17|x");
        assert_eq!(open(same, &token, "E").as_deref(), Ok("17|x"));
        assert_eq!(open(other, &token, "E").map_err(|error| error.code), Err("E"));
        for broken in ["", "!!", "AAAA", &token[1..]] {
            assert!(open(first, broken, "E").is_err(), "{broken}");
        }
    }

    #[test]
    fn pages_join_to_the_whole() {
        let mut seen = Vec::new();
        let mut token = None;
        for _ in 0..4 {
            let (items, next) = page((0..7).collect(), 3, 1, token.as_deref(), "E").expect("a page");
            seen.extend(items);
            token = next;
            if token.is_none() {
                break;
            }
        }
        assert_eq!(seen, (0..7).collect::<Vec<_>>());
        assert_eq!(token, None);
        let beyond = seal(1, "99");
        assert_eq!(page(vec![1], 3, 1, Some(&beyond), "E"), Ok((vec![], None)));
    }
}
