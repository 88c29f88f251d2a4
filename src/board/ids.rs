//! Ids in a board file: well formed, each once, and known where they are referred to.

use crate::config::Section;

/// Reads the `id` of a section: a lower-case letter, then letters, digits and `_` (what CloudWatch allows in a query's
/// `Id`), and not one of those already `taken`.
pub(super) fn own<'a>(section: &mut Section<'_>, taken: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let value = section.need("id")?;
    let id = value.name()?;
    let well_formed =
        id.starts_with(|c: char| c.is_ascii_lowercase()) && id.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    if !well_formed {
        value.fail(format!("`{id}` is no id: a lower-case letter first, then letters, digits and _"));
        return None;
    }
    if taken.into_iter().any(|other| other == id) {
        value.fail(format!("the id `{id}` is taken"));
        return None;
    }
    Some(id)
}
