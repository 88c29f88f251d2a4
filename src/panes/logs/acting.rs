//! What keys do in the results, in what stands over them, and in the lists.

use crossterm::event::{KeyCode, KeyEvent};

use super::record::Record;
use super::{Cx, Logs, Over, Part, Popup, Reaction, choices};
use crate::app::action::Action;
use crate::panes::picker::{Picked, Picker};
use crate::store::rows::LogRows;

impl Logs {
    /// Completes a word, or goes on to the other part; in a list, moves there.
    pub(super) fn next_part(&mut self, action: Action, cx: &Cx<'_>) -> Reaction {
        let completes = self.typing && action == Action::NextPane;
        let fields = if completes { self.fields(cx) } else { Vec::new() };
        if self.popup.is_some() {
            let code = if action == Action::NextPane { KeyCode::Tab } else { KeyCode::BackTab };
            self.popup_key(code.into(), cx);
        } else if !(completes && self.editor.complete(&|text, at| choices(text, at, &fields))) {
            self.part = match self.part {
                Part::Editor if self.run.is_some() => Part::Results,
                Part::Editor | Part::Results => Part::Editor,
            };
            self.typing = self.part == Part::Editor;
        }
        Reaction::Handled
    }

    /// Counts the values of the field under the cursor, if it is a column.
    pub(super) fn field_statistics(&mut self, cx: &Cx<'_>) -> Reaction {
        let under = self.value(cx).map(|(name, _)| name).or_else(|| self.table.current());
        let Some(column) = under.filter(|_| self.run.is_some()) else { return Reaction::Ignored };
        let is_shown = self.table.shown().contains(&column.as_str());
        if let Some(column) = if is_shown { Some(column) } else { self.table.current() } {
            self.part = Part::Results;
            self.count_values(column, cx);
        }
        Reaction::Handled
    }

    pub(super) fn on_over(&mut self, action: Action, cx: &Cx<'_>) -> Reaction {
        let handled = match &mut self.over {
            Some(Over::Record(record)) => record.on(action),
            Some(Over::Values(values)) => match action {
                Action::Left | Action::Right => {
                    self.table.on(action, self.rows(cx).unwrap_or(&LogRows::default()));
                    if let Some(column) = self.table.current() {
                        self.count_values(column, cx);
                    }
                    true
                }
                // The rows that have the value, without another query.
                Action::Open => {
                    let value = values.list.key().cloned();
                    self.over = None;
                    if let (Some(value), Some(rows)) = (value, self.rows(cx)) {
                        self.table.filter = value;
                        self.table.arrange(rows);
                    }
                    true
                }
                action => {
                    let top = values.facet.iter().flat_map(|facet| &facet.top);
                    values.list.on(action, &top.map(|(value, _)| value.clone()).collect::<Vec<_>>())
                }
            },
            Some(Over::Patterns(patterns)) => match action {
                Action::Compare => {
                    patterns.compares = !patterns.compares;
                    true
                }
                // The lines that have the pattern, without another query.
                Action::Open => {
                    let pattern = patterns.current().cloned();
                    self.over = None;
                    if let (Some(pattern), Some(rows)) = (pattern, self.rows(cx)) {
                        self.table.show_alike(pattern.template, pattern.example, rows);
                    }
                    true
                }
                action => patterns.list.on(action, &patterns.keys()),
            },
            None => false,
        };
        if handled { Reaction::Handled } else { Reaction::Ignored }
    }

    pub(super) fn on_results(&mut self, action: Action, cx: &Cx<'_>) -> Reaction {
        let Some(rows) = self.rows(cx) else { return Reaction::Ignored };
        match action {
            Action::Layout if !self.charted && !self.charting.is_chart() => {
                self.trouble = Some("no chart of these rows: it needs stats … by bin(…) with a number".to_owned());
            }
            Action::Layout => self.charted = !self.charted,
            action if self.charted && self.charting.on(action) => {}
            // What belongs to columns has no place in a chart.
            _ if self.charted => return Reaction::Ignored,
            Action::Open => {
                if let Some(row) = self.table.row(rows) {
                    let mut record = Record::new(row.clone());
                    record.sync(cx);
                    self.over = Some(Over::Record(Box::new(record)));
                }
            }
            action if self.table.on(action, rows) => {}
            _ => return Reaction::Ignored,
        }
        Reaction::Handled
    }

    pub(super) fn back(&mut self, cx: &Cx<'_>) -> Reaction {
        if self.popup.take().is_some() || self.editor.choices.take().is_some() {
            return Reaction::Handled;
        }
        if self.typing {
            self.typing = false;
            return Reaction::Handled;
        }
        let stopped = self.over.is_none() && self.stop(cx);
        match &mut self.over {
            Some(Over::Record(record)) if !record.search.is_empty() => record.search.clear(),
            Some(_) => self.over = None,
            None if stopped => {}
            None if self.part == Part::Results && self.table.is_filtered() && !self.charted => {
                if self.table.alike.take().is_none() {
                    self.table.filter.clear();
                }
                if let Some(rows) = self.rows(cx) {
                    self.table.arrange(rows);
                }
            }
            None if self.part == Part::Results => {
                self.part = Part::Editor;
                self.whole = false;
            }
            None => return Reaction::Ignored,
        }
        Reaction::Handled
    }

    /// Opens the list of groups or of queries, or closes it.
    pub(super) fn toggle(&mut self, action: Action) {
        self.popup = match (self.popup.take(), action) {
            (Some(Popup::Groups(_)), Action::LogGroups) | (Some(Popup::Queries(_)), Action::Queries) => None,
            (_, Action::LogGroups) => Some(Popup::Groups(Picker::several())),
            _ => Some(Popup::Queries(Picker::default())),
        };
        self.editor.choices = None;
    }

    pub(super) fn popup_key(&mut self, key: KeyEvent, cx: &Cx<'_>) {
        let items = self.items(cx);
        let picked = match &mut self.popup {
            Some(Popup::Groups(picker) | Popup::Queries(picker)) => picker.key(key, &items),
            None => return,
        };
        let is_groups = matches!(self.popup, Some(Popup::Groups(_)));
        let Picked::Taken(names) = picked else { return };
        self.popup = None;
        if is_groups {
            self.chosen = Some(names);
        } else if let Some(query) = names.first().and_then(|name| self.query_named(name, cx)) {
            self.load(&query, cx);
        }
    }
}
