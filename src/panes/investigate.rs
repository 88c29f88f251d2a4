//! Investigations of this run, and the story of one of them.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::widgets::Widget;

use super::{Ask, Cx, Exported, Pane, Reaction, Target, exported};
use crate::analysis::story::summary;
use crate::app::action::Action;
use crate::app::effect::Subscription;
use crate::store::story::{Outcome, StoryQuery};
use crate::text::clean;
use crate::widgets::area::{cut_top, padded};
use crate::widgets::frame::pane_frame;
use crate::widgets::list::ListState;
use crate::widgets::print::{Align, line, put, wrap};
use crate::widgets::table::{Cell, Heading, Table};
use crate::widgets::theme::Role;

mod draw;
mod scroll;
mod story;
mod table;

pub use story::StoryPane;

/// What stands where nothing has been investigated yet.
const EMPTY: &str = "A correlation id, request id, token reference, trace id (1-…, W3C, or a header with one), or any text. \
    Everything about it is then looked for in the board's log groups, X-Ray and CloudTrail. In a list or a tree, i investigates \
    what is under the cursor.";
/// How an identifier is given.
const TYPE: &str = "Press i, / or ⏎ and type an identifier, or paste one.";
/// The same where there is something to open.
const TYPE_MORE: &str = "i or / types another identifier, a paste takes one; ⏎ opens.";

/// What has been investigated in this run, newest first.
///
/// ```text
/// ┌ Investigate ── 2 in this run ──────────────────────────────────────────────────┐
/// │   Identifier            Events  Found                                          │
/// │ ✗ corr_9f27c1ab             21  Failed: TSP_TIMEOUT, 2 tries, 53.9 s in all. … │
/// │ ✓ 1-5f2aef12-6b4f7a9c…      12  Succeeded, 1.65 s in all. …                    │
/// └────────────────────────────────────────────────────────────────────────────────┘
/// ```
#[derive(Debug, Default)]
pub struct Investigations {
    list: ListState<StoryQuery>,
}

impl Investigations {
    /// A list with the cursor on the newest.
    pub fn new() -> Self {
        Self::default()
    }

    fn known<'a>(cx: &Cx<'a>) -> Vec<&'a StoryQuery> {
        let mut known: Vec<_> = cx.store.stories.iter().collect();
        known.sort_by_key(|(query, feed)| (std::cmp::Reverse(feed.health.changed()), *query));
        known.into_iter().map(|(query, _)| query).collect()
    }
}

impl Pane for Investigations {
    fn title(&self, cx: &Cx<'_>) -> String {
        match cx.store.stories.len() {
            0 => "Investigate".to_owned(),
            number => format!("Investigate ── {number} in this run"),
        }
    }

    fn wants(&self, _cx: &Cx<'_>) -> Vec<Subscription> {
        Vec::new()
    }

    fn on(&mut self, action: Action, cx: &Cx<'_>) -> Reaction {
        let keys: Vec<StoryQuery> = Self::known(cx).into_iter().cloned().collect();
        if self.list.on(action, &keys) {
            return Reaction::Handled;
        }
        match (action, self.list.sync(&keys)) {
            (Action::Open, Some(row)) => Reaction::Open(Target::Find(keys[row].identifiers.join(" "))),
            _ => Reaction::Ignored,
        }
    }

    fn prompt(&self, ask: Ask, _cx: &Cx<'_>) -> Option<String> {
        (ask == Ask::Identifier).then(String::new)
    }

    fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, cx: &Cx<'_>) {
        let block = pane_frame(&self.title(cx), None, cx.focused, cx.theme);
        let inner = padded(block.inner(area));
        let buffer = frame.buffer_mut();
        block.render(area, buffer);
        let known = Self::known(cx);
        let (hint, role) = if known.is_empty() { (TYPE, Role::Strong) } else { (TYPE_MORE, Role::Muted) };
        let room = usize::from(inner.width);
        let mut lines: Vec<(String, Role)> = wrap(hint, room).into_iter().map(|words| (words, role)).collect();
        if known.is_empty() {
            lines.push((String::new(), Role::Muted));
            lines.extend(wrap(EMPTY, room).into_iter().map(|words| (words, Role::Muted)));
        }
        let height = lines.len().min(usize::from(inner.height / 2).max(1)) as u16;
        let (top, rest) = if known.is_empty() { (inner, inner) } else { cut_top(inner, height) };
        for (row, (words, role)) in lines.iter().enumerate() {
            let Some(space) = line(top, row) else { break };
            put(buffer, space, words, cx.theme.style(*role), Align::Left);
        }
        if known.is_empty() {
            return;
        }
        let inner = rest;
        let keys: Vec<StoryQuery> = known.iter().map(|query| (*query).clone()).collect();
        let cursor = self.list.sync(&keys);
        let seen = self.list.visible(keys.len(), usize::from(inner.height.saturating_sub(1)));
        let named = (inner.width / 3).clamp(12, 44);
        let heading = |title: &str, width, align| Heading { title: title.to_owned(), width, align };
        let headings = [
            heading("", 1, Align::Left),
            heading("Identifier", named, Align::Left),
            heading("Events", 6, Align::Right),
            heading("Found", inner.width.saturating_sub(named + 10), Align::Left),
        ];
        let rows: Vec<Vec<Cell>> = keys[seen.clone()]
            .iter()
            .filter_map(|query| {
                let story = &cx.store.stories.get(query)?.data;
                let told = summary(story);
                let (glyph, role) = if told.shared { ("≡", Role::Warning) } else { mark(told.outcome) };
                // The list stands where nothing is searched for: what has not come to its end was left.
                let words = match (story.running, story.is_empty()) {
                    (false, _) => told.words(story),
                    (true, true) => "stopped".to_owned(),
                    (true, false) => format!("stopped · {}", told.words(story)),
                };
                Some(vec![
                    Cell::new(glyph, role),
                    Cell::new(clean(&query.identifiers.join(" ")), Role::Strong),
                    Cell::new(story.events.len().to_string(), Role::Text),
                    Cell::new(words, Role::Text),
                ])
            })
            .collect();
        let cursor = cursor.and_then(|row| row.checked_sub(seen.start)).filter(|_| cx.focused);
        Table { headings: &headings, headed: true, rows: &rows, cursor, theme: cx.theme }.render(inner, buffer);
    }

    fn refusal(&self, _action: Action, _cx: &Cx<'_>) -> Option<String> {
        Some("i or / types an identifier here".to_owned())
    }

    fn exported(&self, cx: &Cx<'_>) -> Option<Exported> {
        let keys: Vec<StoryQuery> = Self::known(cx).into_iter().cloned().collect();
        let row = self.list.clone().sync(&keys);
        let stories = keys.iter().filter_map(|query| Some((query, &*cx.store.stories.get(query)?.data)));
        (!keys.is_empty()).then(|| exported::investigations(stories).at(row))
    }

    fn copied(&self, cx: &Cx<'_>) -> Option<String> {
        let keys: Vec<StoryQuery> = Self::known(cx).into_iter().cloned().collect();
        let row = self.list.clone().sync(&keys)?;
        Some(clean(&keys[row].identifiers.join(" ")).into_owned())
    }
}

/// The glyph and role of an outcome.
const fn mark(outcome: Outcome) -> (&'static str, Role) {
    match outcome {
        Outcome::Failed => ("✗", Role::Critical),
        Outcome::Good => ("✓", Role::Good),
        Outcome::Pending => ("…", Role::Pending),
        Outcome::Silent => ("·", Role::Muted),
    }
}

#[cfg(test)]
mod tests;
