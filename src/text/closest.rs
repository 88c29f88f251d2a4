//! Words that are spelt like others.

/// The name that resembles a word most, if one is near enough to have been meant.
pub fn closest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = word.to_lowercase();
    let reach = (word.chars().count() / 3).max(1);
    known
        .into_iter()
        .map(|name| (strsim::damerau_levenshtein(&word, &name.to_lowercase()), name))
        .filter(|(distance, _)| *distance <= reach)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suggestions_are_near() {
        let known = ["title", "window", "half-page-down", "half-page-up"];
        for (word, expected) in [
            ("titel", Some("title")),
            ("Window", Some("window")),
            ("half-page-dwon", Some("half-page-down")),
            ("metric", None),
            ("", None),
            ("halfpageup", Some("half-page-up")),
        ] {
            assert_eq!(closest(word, known), expected, "{word}");
        }
    }
}
