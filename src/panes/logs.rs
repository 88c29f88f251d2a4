//! Screen 7: Logs Insights, an editor above what its query finds.

use super::editor::Editor;
use super::picker::Picker;
use super::{Cx, Exported, Reaction};
use crate::analysis::log_query::capped::Capped;
use crate::analysis::log_query::judge::judge_written;
use crate::analysis::log_query::shape::broken;
use crate::store::rows::LogRows;
use crate::text::clean_field;

mod acting;
mod asking;
mod charting;
mod completion;
mod draw;
mod expected;
mod exported;
mod hints;
mod items;
mod pane;
mod patterns;
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
pub(in crate::panes) use completion::choices;
use hints::State;
use patterns::Patterns;
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
/// ┌ Logs Insights · token-provisioning-service · 1h ─────────────── ≈ 8.1 MiB, < $0.001 ┐
/// │ filter event = "TOKEN_PROVISION_FAILURE"                                            │
/// │ | stats count(*) as n by reason                                                     │
/// └─────────────────────────────────────────────────────────────────────────────────────┘
/// ┌ 5 rows · 1,113 of 28,848 records · 9.4 MiB, < $0.001 ───────────────────────────────┐
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
            editor: Editor::new(DEFAULT, judge_written),
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

    /// How many rows there are of how many, where the query got fewer than it asks for.
    fn capped(&self, cx: &Cx<'_>) -> Option<Capped> {
        Capped::of(&self.run.as_ref()?.query(cx)?.text, self.rows(cx)?)
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
