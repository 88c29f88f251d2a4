//! A list of traces as a pane.

use crossterm::event::{KeyCode, KeyEvent};
use ratatui::Frame;
use ratatui::layout::Rect;

use super::columns::{self, Column};
use super::moves::fields;
use super::search::Search;
use super::{Grouping, Last, Origin, Part, TracesPane, completion, draw, one_line, words};
use crate::analysis::math::MathError;
use crate::analysis::trace_groups;
use crate::app::action::Action;
use crate::app::effect::Subscription;
use crate::clock::Time;
use crate::panes::picker::{Picked, Picker};
use crate::panes::{Ask, Cx, Exported, Pane, Reaction, Target, exported};
use crate::store::trace_list::TimeRangeType;
use crate::text::{clean, clean_field};

impl Pane for TracesPane {
    fn title(&self, cx: &Cx<'_>) -> String {
        match &self.origin {
            Origin::About(_) => self.view(cx).map_or_else(|| "Traces".to_owned(), |view| view.title),
            Origin::Search(_) => "Traces".to_owned(),
        }
    }

    fn wants(&self, cx: &Cx<'_>) -> Vec<Subscription> {
        let about = match &self.origin {
            Origin::About(about) => about.wants(cx),
            Origin::Search(_) => Vec::new(),
        };
        // Whose traces these are does not depend on metric filters.
        let asked = about.into_iter().filter(|wanted| !matches!(wanted, Subscription::MetricFilters { .. }));
        // Groups are of use where one is being named, and are asked for once.
        let is_of_groups = self.typing && cx.store.trace_groups.is_empty();
        let groups =
            (is_of_groups && completion::names_group(&self.editor.text())).then_some(Subscription::TraceGroups);
        asked.chain(self.asks(cx).map(Subscription::TraceSummaries)).chain(groups).collect()
    }

    fn lasting(&self, cx: &Cx<'_>) -> Vec<Subscription> {
        match &self.origin {
            // What was begun is read to its end, so that it is there when one comes back from a trace.
            Origin::Search(run) if run.has_begun() => {
                self.asks(cx).map(Subscription::TraceSummaries).into_iter().collect()
            }
            Origin::Search(_) | Origin::About(_) => Vec::new(),
        }
    }

    fn on(&mut self, action: Action, cx: &Cx<'_>) -> Reaction {
        self.last.running = self.asks(cx).is_some();
        self.arrive(cx);
        match action {
            Action::NextPane | Action::PreviousPane => self.next_part(action, cx),
            Action::Back => self.back(),
            Action::RunQuery if self.is_search() => {
                self.run_written();
                Reaction::Handled
            }
            // The window may have moved on since.
            Action::Refresh => self.change(|_| {}),
            Action::StopQuery => match &mut self.origin {
                Origin::Search(run) if self.last.running => {
                    run.stopped = true;
                    Reaction::Handled
                }
                Origin::Search(_) | Origin::About(_) => Reaction::Ignored,
            },
            Action::TimeRangeType => self.change(|search| {
                let at = TimeRangeType::ALL.iter().position(|by| *by == search.by).unwrap_or(0);
                search.by = TimeRangeType::ALL.get(at + 1).copied().unwrap_or_default();
            }),
            Action::Sampling => self.change(|search| search.sampled = !search.sampled),
            Action::Breakdown if !self.traces(cx).is_empty() => {
                self.fields = Some((Picker::default(), fields(self.traces(cx))));
                self.part = Part::List;
                Reaction::Handled
            }
            Action::Open if self.part == Part::Editor => {
                self.typing = true;
                Reaction::Handled
            }
            action if self.part == Part::Histogram => self.on_histogram(action, cx),
            action if self.part == Part::List && self.groups.is_some() => self.on_groups(action, cx),
            action if self.part == Part::List => self.on_list(action, cx),
            _ => Reaction::Ignored,
        }
    }

    fn takes_keys(&self) -> bool {
        self.typing || self.fields.is_some()
    }

    fn on_key(&mut self, key: KeyEvent, cx: &Cx<'_>) {
        if let Some((picker, items)) = &mut self.fields {
            let Picked::Taken(names) = picker.key(key, items) else { return };
            self.fields = None;
            let fields = trace_groups::fields(self.traces(cx));
            let field = names.first().and_then(|name| fields.into_iter().find(|field| field.name() == name));
            self.groups = field.map(Grouping::by);
        } else if key.code == KeyCode::Enter {
            self.run_written();
        } else {
            let known = completion::known(self.traces(cx), cx);
            self.editor.key(key, &|text, at| completion::choices(text, at, &known));
        }
    }

    fn on_paste(&mut self, text: &str, _cx: &Cx<'_>) {
        if let Some((picker, _)) = &mut self.fields {
            picker.paste(text);
        } else if self.is_search() {
            (self.part, self.typing) = (Part::Editor, true);
            self.editor.paste(&one_line(text));
        }
    }

    fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, cx: &Cx<'_>) {
        self.last = Last { running: self.asks(cx).is_some(), any: !self.traces(cx).is_empty(), end: None };
        self.arrive(cx);
        draw::draw(self, frame, area, cx);
    }

    fn accepts(&mut self, target: &Target) -> bool {
        match target {
            Target::TraceSearch(search) if self.is_search() => {
                self.take(search);
                true
            }
            _ => false,
        }
    }

    fn here(&self, _cx: &Cx<'_>) -> Option<Target> {
        match &self.origin {
            Origin::Search(run) if run.search != Search::default() => Some(Target::TraceSearch(run.search.clone())),
            Origin::Search(_) | Origin::About(_) => None,
        }
    }

    fn span(&self, cx: &Cx<'_>) -> Option<(Time, Time)> {
        match &self.origin {
            Origin::Search(run) => {
                let asked = run.asked(cx);
                Some((asked.from, asked.to))
            }
            Origin::About(_) => None,
        }
    }

    fn stands_still(&self, cx: &Cx<'_>) -> Option<String> {
        match &self.origin {
            Origin::About(about) => about.stands_still(cx),
            Origin::Search(_) => None,
        }
    }

    fn filter(&self) -> Option<&str> {
        (self.part != Part::Editor && self.groups.is_none()).then_some(&self.table.filter)
    }

    fn set_filter(&mut self, text: &str, _cx: &Cx<'_>) {
        text.clone_into(&mut self.table.filter);
    }

    fn prompt(&self, ask: Ask, cx: &Cx<'_>) -> Option<String> {
        let columns = self.table.columns(self.traces(cx));
        let names = || columns.iter().map(|column| clean(column.name()).into_owned()).collect::<Vec<_>>().join(", ");
        (ask == Ask::Columns && self.groups.is_none()).then(names)
    }

    fn choices(&self, _ask: Ask, cx: &Cx<'_>) -> Vec<(String, String)> {
        let shown = self.table.columns(self.traces(cx));
        let choice = |(column, what): (Column, String)| {
            let sign = if shown.contains(&column) { '-' } else { '+' };
            (format!("{sign} {}", clean(column.name())), what)
        };
        let suited = ("all".to_owned(), "those that suit what was found".to_owned());
        columns::known(self.traces(cx)).into_iter().map(choice).chain([suited]).collect()
    }

    fn answer(&mut self, _ask: Ask, text: &str, cx: &Cx<'_>) -> Result<(), MathError> {
        let mut columns = self.table.columns(self.traces(cx));
        if let Some(name) = text.strip_prefix("+ ") {
            columns.push(Column::parse(name));
        } else if let Some(name) = text.strip_prefix("- ") {
            columns.retain(|column| column.name() != name);
        } else {
            let names = text.split(',').map(str::trim).filter(|name| !name.is_empty() && *name != "all");
            columns = names.map(Column::parse).collect();
        }
        self.table.chosen = Some(columns).filter(|columns| !columns.is_empty());
        Ok(())
    }

    fn hints(&self) -> Option<&'static [(Action, &'static str)]> {
        Some(self.keys())
    }

    fn offers(&self, action: Action) -> bool {
        match action {
            Action::StopQuery => self.last.running && self.is_search(),
            Action::Reverse => self.groups.is_some() || self.table.sort.is_some(),
            Action::Open if self.part == Part::List => {
                self.last.end.map_or(self.last.any, |end| end.is_taken_by(action))
            }
            Action::Breakdown | Action::Sort | Action::NextError | Action::Columns => self.last.any,
            Action::PreviousPane if self.part == Part::List && self.is_search() => self.last.any,
            Action::TimeRangeType | Action::Sampling | Action::RunQuery => self.is_search(),
            _ => true,
        }
    }

    fn sentence(&self, action: Action) -> Option<&'static str> {
        words::sentence(action)
    }

    fn identifier(&self, cx: &Cx<'_>) -> Option<String> {
        if self.part != Part::List || self.groups.is_some() {
            return None;
        }
        let trace = self.current(cx)?;
        let under = match self.table.column() {
            Some(Column::User) => trace.users.first().cloned(),
            Some(Column::Client) => Some(trace.client_ip.clone()),
            Some(Column::Annotation(key)) => {
                trace.annotations.iter().find(|(name, _)| name == key).map(|(_, value)| value.clone())
            }
            _ => None,
        };
        under.filter(|value| !value.is_empty()).or_else(|| Some(trace.id.clone()))
    }

    fn copied(&self, cx: &Cx<'_>) -> Option<String> {
        if self.part == Part::Editor {
            return Some(self.editor.text());
        }
        if let Some(grouping) = &self.groups {
            let value = grouping.list.key()?.as_deref()?;
            return Some(clean_field(grouping.field.name(), value).into_owned());
        }
        let trace = self.current(cx)?;
        let cell = self.table.column().filter(|column| **column != Column::Start).map(|column| column.text(trace, cx));
        Some(cell.filter(|text| !text.is_empty()).unwrap_or_else(|| clean(&trace.id).into_owned()))
    }

    fn exported(&self, cx: &Cx<'_>) -> Option<Exported> {
        let look = self.look(cx);
        let title = match &self.origin {
            Origin::About(_) => self.title(cx),
            Origin::Search(run) if run.search.expression.is_empty() => "Traces".to_owned(),
            Origin::Search(run) => format!("Traces {}", clean(&run.search.expression)),
        };
        if let Some(grouping) = &self.groups {
            return Some(exported::trace_groups(&title, grouping.field.name(), &self.grouped(cx)));
        }
        let row = self.table.list.clone().sync(look.keys()).filter(|row| *row < look.shown.len());
        Some(exported::traces(&title, &look.shown).at(row))
    }
}
