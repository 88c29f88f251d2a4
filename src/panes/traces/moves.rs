//! What keys do in each part of a list of traces.

use std::collections::HashSet;

use crossterm::event::KeyCode;

use super::{Part, TracesPane, completion};
use crate::analysis::trace_groups;
use crate::app::action::Action;
use crate::panes::picker::Item;
use crate::panes::{Cx, Reaction, Target};
use crate::store::trace_list::TraceSummary;
use crate::text::units;

impl TracesPane {
    /// Goes to another part; in the editor, completes a word first.
    pub(super) fn next_part(&mut self, action: Action, cx: &Cx<'_>) -> Reaction {
        let forward = action == Action::NextPane;
        if let Some((picker, items)) = &mut self.fields {
            let code = if forward { KeyCode::Down } else { KeyCode::Up };
            picker.key(code.into(), items);
            return Reaction::Handled;
        }
        if self.typing && forward {
            let known = completion::known(self.traces(cx), cx);
            if self.editor.complete(&|text, at| completion::choices(text, at, &known)) {
                return Reaction::Handled;
            }
        }
        let mut parts = vec![Part::Editor, Part::Histogram, Part::List];
        parts.retain(|part| match part {
            Part::Editor => self.is_search(),
            Part::Histogram => !self.traces(cx).is_empty() && self.groups.is_none(),
            Part::List => true,
        });
        let at = parts.iter().position(|part| *part == self.part).unwrap_or(0);
        let to = if forward { (at + 1) % parts.len() } else { (at + parts.len() - 1) % parts.len() };
        self.part = parts.get(to).copied().unwrap_or_default();
        self.typing = self.part == Part::Editor;
        self.editor.choices = None;
        if self.part == Part::Histogram
            && let Some(histogram) = self.sliced(cx)
            && histogram.counts.get(self.bars.at).is_none_or(|count| *count == 0)
        {
            self.bars.on(Action::Top, &histogram);
        }
        Reaction::Handled
    }

    pub(super) fn back(&mut self) -> Reaction {
        if self.fields.take().is_some() || self.editor.choices.take().is_some() {
            return Reaction::Handled;
        }
        match self.part {
            _ if self.typing => (self.typing, self.part) = (false, Part::List),
            Part::Histogram if self.bars.anchor.take().is_some() => {}
            Part::Editor | Part::Histogram => self.part = Part::List,
            Part::List if self.groups.take().is_some() => {}
            Part::List if !self.table.filter.is_empty() => self.table.filter.clear(),
            Part::List if self.narrowing.widen() => {}
            Part::List => return Reaction::Ignored,
        }
        Reaction::Handled
    }

    pub(super) fn on_histogram(&mut self, action: Action, cx: &Cx<'_>) -> Reaction {
        let Some(histogram) = self.sliced(cx) else { return Reaction::Ignored };
        if action == Action::Open {
            let (from, to) = self.bars.selected();
            self.narrowing.slice = Some(histogram.bounds(from, to));
            (self.part, self.bars.anchor) = (Part::List, None);
            self.table.begin();
            return Reaction::Handled;
        }
        if self.bars.on(action, &histogram) { Reaction::Handled } else { Reaction::Ignored }
    }

    pub(super) fn on_groups(&mut self, action: Action, cx: &Cx<'_>) -> Reaction {
        let values: Vec<Option<String>> = self.grouped(cx).into_iter().map(|group| group.value).collect();
        let Some(grouping) = &mut self.groups else { return Reaction::Ignored };
        match action {
            Action::Open => {}
            Action::Sort => {
                grouping.sort();
                return Reaction::Handled;
            }
            Action::Reverse => {
                grouping.reverse();
                return Reaction::Handled;
            }
            _ => return if grouping.list.on(action, &values) { Reaction::Handled } else { Reaction::Ignored },
        }
        let Some(value) = grouping.list.sync(&values).and_then(|row| values.get(row).cloned()) else {
            return Reaction::Handled;
        };
        self.narrowing.group = Some((grouping.field.clone(), value));
        self.groups = None;
        self.table.begin();
        Reaction::Handled
    }

    pub(super) fn on_list(&mut self, action: Action, cx: &Cx<'_>) -> Reaction {
        let look = self.look(cx);
        let row = self.table.list.sync(look.keys());
        let current = row.and_then(|row| look.shown.get(row));
        match (current, look.more) {
            (None, Some(more)) if row.is_some() && more.is_taken_by(action) => {
                self.read_on(cx);
                Reaction::Handled
            }
            (Some(trace), _) if action == Action::Open => Reaction::Open(Target::Trace(trace.id.clone())),
            (None, _) if action == Action::Open => Reaction::Handled,
            _ if self.table.on(action, &look) => Reaction::Handled,
            _ => Reaction::Ignored,
        }
    }
}

/// The fields to group by, to pick from.
pub(super) fn fields(traces: &[TraceSummary]) -> Vec<Item> {
    let item = |field: &trace_groups::Field| {
        let values: HashSet<String> = traces.iter().flat_map(|trace| field.values(trace)).collect();
        let values = values.len();
        Item { name: field.name().to_owned(), detail: units::counted(values, "value"), chosen: false }
    };
    trace_groups::fields(traces).iter().map(item).collect()
}
