//! Screen 7: Logs Insights, an editor above what its query finds.

use crossterm::event::KeyEvent;
use ratatui::Frame;
use ratatui::layout::Rect;

use super::{Cx, Exported, Pane, Reaction, Target};
use crate::analysis::log_query::refine::Wanted;
use crate::analysis::log_query::shape::{broken, joined};
use crate::app::action::Action;
use crate::app::effect::{Effect, Subscription};
use crate::clock::Time;
use crate::store::rows::LogRows;
use crate::text::{clean, clean_field};

mod acting;
mod asking;
mod charting;
mod draw;
mod editor;
mod expected;
mod exported;
mod hints;
mod items;
mod patterns;
mod picker;
mod question;
mod record;
mod run;
mod table;
#[cfg(test)]
mod tests;
mod values;
mod wants;
mod words;

use charting::Charting;
use editor::Editor;
use hints::State;
use patterns::Patterns;
use picker::Picker;
pub use question::Question;
use record::Record;
use run::Run;
use table::Table;
use values::Values;

/// What the editor begins with.
const DEFAULT: &str = "fields @timestamp, @message\n| sort @timestamp desc\n| limit 100";

/// Which part the keys go to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Part {
    #[default]
    Editor,
    Results,
}

/// What stands over the results.
#[derive(Debug)]
enum Over {
    /// A record as a tree.
    Record(Box<Record>),
    /// The values of the field of this name.
    Values(Box<Values>),
    /// The patterns of the lines.
    Patterns(Box<Patterns>),
}

/// What is picked from a list.
#[derive(Debug)]
enum Popup {
    Groups(Picker),
    Queries(Picker),
}

/// An editor of Logs Insights queries with what the query finds.
///
/// ```text
/// ┌ Logs Insights · token-provisioning-service · 1h ─────────────── ≈ 8.1 MB, < $0.001 ┐
/// │ filter event = "TOKEN_PROVISION_FAILURE"                                            │
/// │ | stats count(*) as n by reason                                                     │
/// └─────────────────────────────────────────────────────────────────────────────────────┘
/// ┌ 5 rows · 1,113 of 28,848 records · 9.4 MB, < $0.001 ────────────────────────────────┐
/// │ reason               n ▼                                                            │
/// │ TSP_TIMEOUT          841                                                            │
/// └─────────────────────────────────────────────────────────────────────────────────────┘
/// ```
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is something that can be looked at in two ways")]
pub struct Logs {
    editor: Editor,
    /// Whether keys are text.
    typing: bool,
    part: Part,
    /// The groups that were chosen; the board's where nothing was.
    chosen: Option<Vec<String>>,
    run: Option<Run>,
    table: Table,
    /// Whether the rows are drawn as a chart.
    charted: bool,
    charting: Charting,
    over: Option<Over>,
    popup: Option<Popup>,
    whole: bool,
    /// What the last action could not do, until the next key.
    trouble: Option<String>,
    /// Whether the failure of the run has moved the cursor to its place.
    pointed: bool,
    /// What there is, as of the last look: it decides which keys are of use.
    state: State,
}

impl Default for Logs {
    fn default() -> Self {
        Self::new()
    }
}

impl Logs {
    /// An editor with a query that shows the newest lines.
    pub fn new() -> Self {
        Self {
            editor: Editor::new(DEFAULT),
            typing: false,
            part: Part::Editor,
            chosen: None,
            run: None,
            table: Table::default(),
            charted: false,
            charting: Charting::default(),
            over: None,
            popup: None,
            whole: false,
            trouble: None,
            pointed: false,
            state: State::default(),
        }
    }

    /// An editor with this query, which runs at once.
    pub fn of(question: &Question) -> Self {
        let mut logs = Self::new();
        logs.take(question);
        logs
    }

    /// Takes a query and runs it, unless something is wrong with it.
    fn take(&mut self, question: &Question) {
        if question.groups.is_some() {
            self.chosen.clone_from(&question.groups);
        }
        self.editor.set(&broken(&question.text));
        match self.editor.mistake().cloned() {
            Some(mistake) => {
                (self.run, self.part) = (None, Part::Editor);
                self.editor.point(mistake);
            }
            None => self.start(),
        }
    }

    /// The groups that were chosen; the board's where nothing was.
    fn groups(&self, cx: &Cx<'_>) -> Vec<String> {
        self.chosen.clone().unwrap_or_else(|| cx.board.query_groups())
    }

    /// The groups that the text in the editor reads; `None` where it names some that nobody here knows.
    fn reads(&self, cx: &Cx<'_>) -> Option<Vec<String>> {
        run::reads(&self.editor.text(), &self.groups(cx), cx)
    }

    fn rows<'a>(&self, cx: &Cx<'a>) -> Option<&'a LogRows> {
        self.run.as_ref()?.answer(cx).map(|feed| &feed.data)
    }

    /// The field and value that a filter, a copy or an investigation is about, as they may be shown.
    fn value(&self, cx: &Cx<'_>) -> Option<(String, Option<String>)> {
        match &self.over {
            Some(Over::Record(record)) => record.field().map(|(name, value)| (name, Some(value))),
            Some(Over::Values(values)) => {
                let value = clean_field(&values.column, values.list.key()?).into_owned();
                Some((values.column.clone(), Some(value)))
            }
            Some(Over::Patterns(_)) => None,
            None if self.charted => {
                let (name, value) = self.charting.key()?;
                Some((name.clone(), Some(clean_field(&name, &value).into_owned())))
            }
            None => {
                let (name, value) = self.table.value(self.rows(cx)?)?;
                let value = value.map(|value| clean_field(&name, value).into_owned());
                Some((name, value))
            }
        }
    }

    /// Brings what is derived from the rows up to date.
    fn sync(&mut self, cx: &Cx<'_>) {
        self.state = State::of(self, cx);
        self.point(cx);
        let (Some(rows), Some(run)) = (self.rows(cx), &self.run) else { return };
        self.table.sync(rows, run.columns());
        self.table.list.sync(&self.table.order);
        self.charting.sync(rows, self.table.revision);
        let earlier = self.earlier(cx).filter(|_| self.wants_earlier()).and_then(|query| cx.store.rows.get(&query));
        match &mut self.over {
            Some(Over::Record(record)) => record.sync(cx),
            Some(Over::Patterns(patterns)) => {
                let complete = earlier.filter(|feed| !feed.data.running && feed.health.trouble().is_none());
                patterns.sync(rows, &self.table, complete.map(|feed| &feed.data));
            }
            Some(Over::Values(_)) | None => {}
        }
        // What has come in just now counts.
        self.state = State::of(self, cx);
    }
}

impl Pane for Logs {
    fn title(&self, _cx: &Cx<'_>) -> String {
        "Logs Insights".to_owned()
    }

    fn wants(&self, cx: &Cx<'_>) -> Vec<Subscription> {
        wants::wants(self, cx)
    }

    fn lasting(&self, cx: &Cx<'_>) -> Vec<Subscription> {
        wants::lasting(self, cx)
    }

    fn on(&mut self, action: Action, cx: &Cx<'_>) -> Reaction {
        self.trouble = None;
        self.sync(cx);
        let reaction = match action {
            Action::RunQuery => self.run(cx),
            Action::StopQuery => {
                if self.stop(cx) {
                    Reaction::Handled
                } else {
                    Reaction::Ignored
                }
            }
            Action::LogGroups | Action::Queries => {
                self.toggle(action);
                Reaction::Handled
            }
            Action::Back => self.back(cx),
            Action::NextPane | Action::PreviousPane => self.next_part(action, cx),
            Action::Maximise if self.run.is_some() => {
                self.whole = !self.whole;
                self.part = Part::Results;
                Reaction::Handled
            }
            Action::ZoomIn if self.part == Part::Results => self.narrow(Wanted::With, cx),
            Action::ZoomOut if self.part == Part::Results => self.narrow(Wanted::Without, cx),
            Action::FieldStatistics => self.field_statistics(cx),
            Action::Patterns if !self.table.order.is_empty() && self.rows(cx).is_some() => {
                self.part = Part::Results;
                self.over = Some(Over::Patterns(Box::default()));
                Reaction::Handled
            }
            Action::CopyPath => {
                let name =
                    if let Some(Over::Record(record)) = &self.over { record.path() } else { self.table.current() };
                name.map_or(Reaction::Ignored, |name| Reaction::Do(vec![Effect::Copy(clean(&name).into_owned())]))
            }
            Action::Open if self.part == Part::Editor => {
                self.typing = true;
                Reaction::Handled
            }
            action if self.part == Part::Results && self.over.is_some() => self.on_over(action, cx),
            action if self.part == Part::Results => self.on_results(action, cx),
            _ => Reaction::Ignored,
        };
        self.sync(cx);
        reaction
    }

    fn takes_keys(&self) -> bool {
        self.popup.is_some() || self.typing
    }

    fn on_key(&mut self, key: KeyEvent, cx: &Cx<'_>) {
        self.trouble = None;
        if self.popup.is_some() {
            self.popup_key(key, cx);
        } else {
            let fields = self.fields(cx);
            self.editor.key(key, &fields);
        }
    }

    fn on_paste(&mut self, text: &str, _cx: &Cx<'_>) {
        match &mut self.popup {
            Some(Popup::Groups(picker) | Popup::Queries(picker)) => picker.paste(text),
            None => {
                if !self.typing {
                    (self.part, self.typing) = (Part::Editor, true);
                }
                self.editor.paste(text);
            }
        }
    }

    fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, cx: &Cx<'_>) {
        self.sync(cx);
        draw::draw(self, frame, area, cx);
    }

    fn filter(&self) -> Option<&str> {
        match (&self.over, self.part) {
            (Some(Over::Record(record)), _) => Some(&record.search),
            (None, Part::Results) if self.run.is_some() && !self.charted => Some(&self.table.filter),
            _ => None,
        }
    }

    fn set_filter(&mut self, text: &str, cx: &Cx<'_>) {
        if let Some(Over::Record(record)) = &mut self.over {
            text.clone_into(&mut record.search);
            record.sync(cx);
            return;
        }
        text.clone_into(&mut self.table.filter);
        if let Some(rows) = self.rows(cx) {
            self.table.arrange(rows);
        }
    }

    fn hints(&self) -> Option<&'static [(Action, &'static str)]> {
        Some(self.keys())
    }

    fn copied(&self, cx: &Cx<'_>) -> Option<String> {
        match &self.over {
            Some(Over::Record(record)) => record.browser.copied(),
            Some(Over::Patterns(patterns)) => patterns.current().map(|pattern| clean(&pattern.template).into_owned()),
            None if self.part == Part::Editor => Some(self.editor.text()),
            None if self.charted => self.charting.name().map(|name| clean(name).into_owned()),
            Some(Over::Values(_)) | None => self.value(cx)?.1,
        }
    }

    fn exported(&self, cx: &Cx<'_>) -> Option<Exported> {
        exported::exported(self, cx)
    }

    fn identifier(&self, cx: &Cx<'_>) -> Option<String> {
        self.value(cx).filter(|_| self.part == Part::Results)?.1
    }

    fn accepts(&mut self, target: &Target) -> bool {
        match target {
            Target::Query(question) => {
                self.take(question);
                true
            }
            _ => false,
        }
    }

    fn here(&self, cx: &Cx<'_>) -> Option<Target> {
        let run = self.run.as_ref()?;
        let groups = run.chosen(cx).to_vec();
        // The board has its own with it.
        let is_said = groups != cx.board.query_groups() && !run::names_groups(&run.written, cx);
        Some(Target::Query(Question { text: joined(&run.written), groups: is_said.then_some(groups) }))
    }

    fn span(&self, cx: &Cx<'_>) -> Option<(Time, Time)> {
        self.run.as_ref().map(|run| run.asked(cx).1)
    }

    fn offers(&self, action: Action) -> bool {
        self.is_of_use(action)
    }

    fn sentence(&self, action: Action) -> Option<&'static str> {
        words::sentence(action)
    }

    fn typing_keys(&self) -> &'static [(&'static str, &'static str)] {
        words::TYPING
    }
}
