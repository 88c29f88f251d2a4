//! How the feed is looked at, and what a row of it holds then.

use crate::board::FeedRules;
use crate::store::Store;
use crate::store::lines::{Line, Reader};
use crate::store::request::{Place, Request, read};

/// How the feed is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Shape {
    /// A row a request, put together of its lines.
    #[default]
    Requests,
    /// A row a line, its fields in columns.
    Parsed,
    /// A row a line, as it was logged.
    Raw,
}

impl Shape {
    /// The next one.
    pub(super) const fn next(self) -> Self {
        match self {
            Self::Requests => Self::Parsed,
            Self::Parsed => Self::Raw,
            Self::Raw => Self::Requests,
        }
    }

    /// Whether its rows are lines.
    pub(super) const fn is_of_lines(self) -> bool {
        matches!(self, Self::Parsed | Self::Raw)
    }
}

/// A row with all that is drawn of it.
#[derive(Debug, Clone)]
pub(super) struct Row {
    pub(super) place: Place,
    pub(super) request: Option<Request>,
    pub(super) line: Option<Line>,
}

impl Row {
    /// Reads the row of a place: as a request, with its line where that is wanted too, or as a line.
    pub(super) fn read(
        place: Place,
        store: &Store,
        rules: &FeedRules,
        shape: Shape,
        with_line: bool,
        reader: &mut Reader,
    ) -> Self {
        if shape.is_of_lines() {
            return Self { place, request: None, line: reader.read(&store.tail, place) };
        }
        let kept = store.requests.at(place).cloned();
        let line = if with_line || kept.is_none() { reader.read(&store.tail, place) } else { None };
        let request = kept.or_else(|| read(rules, line.as_ref()?));
        Self { place, request, line }
    }
}
