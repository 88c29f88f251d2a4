//! Undoing by steps as one thinks of them: a word, a run of deletions, a paste.

/// Steps that can be undone.
const MOST: usize = 200;

/// What a key did to the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Edit {
    /// A character was typed.
    Typed(char),
    /// A character was deleted.
    Deleted,
    /// Anything that is a step of its own.
    Other,
}

/// The text at one time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Moment {
    pub(super) lines: Vec<String>,
    /// Line and character of the cursor.
    pub(super) cursor: (usize, usize),
}

/// The texts before and after the present one.
#[derive(Debug, Default)]
pub(super) struct History {
    past: Vec<Moment>,
    future: Vec<Moment>,
    /// The last edit, and where it left the cursor.
    last: Option<(Edit, (usize, usize))>,
}

impl History {
    /// Takes in an edit with the text before it, and where it has left the cursor.
    pub(super) fn note(&mut self, edit: Edit, before: Moment, after: (usize, usize)) {
        let goes_on = self.last.is_some_and(|(last, place)| place == before.cursor && follows(last, edit));
        if !goes_on {
            if self.past.len() == MOST {
                self.past.remove(0);
            }
            self.past.push(before);
        }
        self.future.clear();
        self.last = Some((edit, after));
    }

    /// The text one step back.
    pub(super) fn undo(&mut self, now: Moment) -> Option<Moment> {
        let before = self.past.pop()?;
        self.future.push(now);
        self.last = None;
        Some(before)
    }

    /// The text that was left by undoing.
    pub(super) fn redo(&mut self, now: Moment) -> Option<Moment> {
        let after = self.future.pop()?;
        self.past.push(now);
        self.last = None;
        Some(after)
    }
}

/// Whether two edits are one step: a word goes as far as the blanks behind it.
const fn follows(last: Edit, next: Edit) -> bool {
    match (last, next) {
        (Edit::Typed(last), Edit::Typed(next)) => !last.is_ascii_whitespace() || next.is_ascii_whitespace(),
        (Edit::Deleted, Edit::Deleted) => true,
        _ => false,
    }
}
