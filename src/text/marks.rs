//! Places in a text, found again in what is shown of it.

use std::ops::Range;

use super::mask::mask_in_place;
use super::{both, clean, visible};

/// A text as it may be shown on one line, and where byte ranges of the raw text are in it.
///
/// Ranges that nothing is shown of are left out.
pub fn clean_marked(text: &str, marks: &[Range<usize>]) -> (String, Vec<Range<usize>>) {
    let shown = clean(text).into_owned();
    let in_place = |text: &str| both(visible(text), mask_in_place).into_owned();
    let narrow = in_place(text);
    // What comes before a place decides where it is; inside a secret that is not exact, and need not be.
    let place = |at: usize| {
        let at = floor(text, at);
        // The letter at the end keeps a line end before it, which would be left out at the end of a text.
        floor(&shown, wide(&narrow, &shown, in_place(&format!("{}x", &text[..at])).len() - 1))
    };
    let marks = marks.iter().map(|mark| place(mark.start)..place(mark.end)).filter(|mark| !mark.is_empty()).collect();
    (shown, marks)
}

/// Where a byte of a text is in the same text with quotes put in.
fn wide(narrow: &str, wide: &str, at: usize) -> usize {
    if narrow.len() == wide.len() {
        return at;
    }
    let mut left = narrow.bytes().take(at).peekable();
    let mut bytes = wide.bytes().enumerate();
    while let Some(next) = left.peek() {
        match bytes.next() {
            Some((_, byte)) if byte == *next => drop(left.next()),
            Some(_) => {}
            None => return wide.len(),
        }
    }
    bytes.next().map_or(wide.len(), |(at, _)| at)
}

/// The last boundary of a character at or before a place.
fn floor(text: &str, at: usize) -> usize {
    let at = at.min(text.len());
    (0..=at).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marked(text: &str, mark: &str) -> Vec<String> {
        let at = text.find(mark).expect("the mark");
        let (shown, marks) = clean_marked(text, std::slice::from_ref(&(at..at + mark.len())));
        marks.into_iter().map(|mark| shown[mark].to_owned()).collect()
    }

    #[test]
    fn marks_stay_on_their_words() {
        let cases = [
            ("plain ERROR here", "ERROR", "ERROR"),
            ("\u{1b}[31mred ERROR\u{1b}[0m", "ERROR", "ERROR"),
            ("caf\u{e9}\u{200b} ERROR", "ERROR", "ERROR"),
            ("pan 4111111111111111 ERROR", "ERROR", "ERROR"),
            ("pan 4111111111111111 ERROR", "4111111111111111", "411111******1111"),
            ("from jo.doe@example.com with Bearer 0123456789abcdef ERROR", "ERROR", "ERROR"),
            ("a\tb\r\nERROR\n", "ERROR", "ERROR"),
            (r#"{"pan":4111111111111111,"a":"ERROR"}"#, "ERROR", "ERROR"),
            ("ERROR \u{1f600} \u{8b66}\u{544a}", "\u{8b66}\u{544a}", "\u{8b66}\u{544a}"),
        ];
        for (text, mark, expected) in cases {
            assert_eq!(marked(text, mark), [expected], "{text:?}");
        }
        assert_eq!(marked("a\u{200b}b", "\u{200b}"), Vec::<String>::new());
        let beyond = std::slice::from_ref(&(1..9));
        let (shown, marks) = clean_marked("\u{e9}", beyond);
        assert_eq!((shown.as_str(), marks.first()), ("\u{e9}", Some(&(0..2))));
    }
}
