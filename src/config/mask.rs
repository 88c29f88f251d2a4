//! `mask`: which secrets are masked, and what else is one.

use regex::Regex;

use super::document::Section;
use super::value::Value;
use crate::text::mask::{Masks, Secret};

/// Reads `mask = false`, which leaves everything as it is, or a table of switches and patterns; what is wrong is masked.
pub(super) fn read(value: &Value<'_>) -> Masks {
    if !value.is_table() {
        return if value.flag() == Some(false) { Masks::none() } else { Masks::default() };
    }
    let Some(mut section) = value.section() else { return Masks::default() };
    let mut masks = patterns(&mut section);
    for (name, secret) in Secret::ALL {
        if let Some(masked) = section.get(name).and_then(|value| value.flag()) {
            masks = masks.with(secret, masked);
        }
    }
    section.done();
    masks
}

/// Reads the `patterns` of a `[mask]` table: regular expressions, whose first group is the secret where there is one.
pub(crate) fn patterns(section: &mut Section<'_>) -> Masks {
    let Some(values) = section.get("patterns").and_then(|value| value.list()) else { return Masks::default() };
    let mut masks = Masks::default();
    for value in values {
        let Some(text) = value.name() else { continue };
        match Regex::new(&text) {
            Ok(pattern) if pattern.is_match("") => {
                value.fail(format!("`{text}` matches where there is nothing: say what at least must be there"));
            }
            Ok(pattern) => masks = masks.and(pattern),
            Err(error) => {
                let why = error.to_string();
                let why = why.lines().last().unwrap_or_default().trim_start_matches("error: ");
                value.fail(format!("`{text}` is no regular expression: {why}"));
            }
        }
    }
    masks
}
