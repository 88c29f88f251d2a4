//! A text in which stretches were replaced, and where each of its places stood before.

/// A text that is put together from pieces of another one and from what replaces them.
#[derive(Debug, Default)]
pub(super) struct Replaced {
    text: String,
    /// Start in the new text, start in the old one, whether the piece was copied.
    pieces: Vec<(usize, usize, bool)>,
}

impl Replaced {
    /// Copies a stretch of the old text that starts at `from`.
    pub(super) fn copy(&mut self, from: usize, piece: &str) {
        self.pieces.push((self.text.len(), from, true));
        self.text.push_str(piece);
    }

    /// Puts something else in place of a stretch that starts at `from`.
    pub(super) fn replace(&mut self, from: usize, by: &str) {
        self.pieces.push((self.text.len(), from, false));
        self.text.push_str(by);
    }

    /// The new text.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Where a place of the new text stood in the old one; of a replaced stretch, its start.
    pub(super) fn origin(&self, at: usize) -> usize {
        let piece = self.pieces.iter().rev().find(|(start, _, _)| *start <= at);
        piece.map_or(at, |(start, from, copied)| if *copied { from + at - start } else { *from })
    }
}
