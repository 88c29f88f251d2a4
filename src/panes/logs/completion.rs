//! What completes a word of a query: words of the language, and fields that are known.

use crate::insights::editor::{WordKind, completion_at};
use crate::panes::editor::Choices;

/// What may be written at a byte of a query; fields come with what is known of each.
pub(in crate::panes) fn choices(text: &str, at: usize, fields: &[(String, String)]) -> Option<Choices> {
    let completion = completion_at(text, at);
    // Where nothing is written yet, all the language would fit.
    if completion.prefix.is_empty() {
        return None;
    }
    let begins = |name: &str| {
        name.get(..completion.prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(&completion.prefix))
    };
    let mut words: Vec<(String, String)> = Vec::new();
    if completion.takes_fields() {
        let quoted = |name: &str| {
            let plain = name.chars().all(|c| c.is_ascii_alphanumeric() || "@_.".contains(c));
            if plain { name.to_owned() } else { format!("`{name}`") }
        };
        words.extend(fields.iter().filter(|(name, _)| begins(name)).map(|(name, what)| (quoted(name), what.clone())));
    }
    words.extend(completion.words().into_iter().map(|word| {
        let name = match word.kind {
            WordKind::Function | WordKind::Aggregate => format!("{}(", word.name),
            WordKind::Command | WordKind::Keyword => word.name.to_owned(),
        };
        (name, word.signature.to_owned())
    }));
    Choices::of(completion.range, completion.prefix, words)
}
