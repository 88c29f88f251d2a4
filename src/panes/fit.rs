//! Titles that fit their frame: what matters least goes first.

use crate::text::width;

/// The cells of a title in a frame of this width, beside a note on the right.
pub(in crate::panes) fn room(wide: u16, note: Option<&str>) -> usize {
    // A corner and a blank on either side, and a piece of the frame between the two.
    usize::from(wide).saturating_sub(4 + note.map_or(0, |note| width(note) + 3))
}

/// The parts in their order, as many as have room: those of the highest number go first.
pub(in crate::panes) fn fitted(mut parts: Vec<(u8, String)>, room: usize) -> String {
    loop {
        let text = parts.iter().map(|(_, part)| part.as_str()).collect::<Vec<_>>().join(" · ");
        let last = parts.iter().map(|(rank, _)| *rank).max().unwrap_or(0);
        if width(&text) <= room || parts.len() < 2 {
            return text;
        }
        parts.retain(|(rank, _)| *rank < last);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_matters_least_goes_first() {
        let parts = || vec![(0, "100 rows".to_owned()), (2, "5 of 9 records".to_owned()), (1, "9.4 MiB".to_owned())];
        assert_eq!(fitted(parts(), 40), "100 rows · 5 of 9 records · 9.4 MiB");
        assert_eq!(fitted(parts(), 30), "100 rows · 9.4 MiB");
        assert_eq!(fitted(parts(), 5), "100 rows");
    }
}
