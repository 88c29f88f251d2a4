//! Lists of traces: screen 6, where an expression is typed, and what stands behind an alarm or a metric.

use super::editor::Editor;
use super::inquiry::About;
use super::picker::{Item, Picker};
use super::{Cx, Reaction};
use crate::store::health::{Feed, Health, SourceError, SourceId};
use crate::store::trace_list::{TraceList, TraceQuery, TraceSummary};

mod columns;
mod completion;
mod draw;
mod draw_rows;
mod grouping;
mod more;
#[cfg(test)]
mod more_tests;
mod moves;
mod narrowing;
mod pane;
mod search;
mod table;
#[cfg(test)]
mod tests;
mod view;
mod words;
mod worked;

use grouping::Grouping;
use more::More;
use narrowing::{Bars, Narrowing};
use search::Run;
pub use search::Search;
use table::Table;
pub use view::TracesView;
use worked::Memory;

/// Which part the keys go to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Part {
    Editor,
    Histogram,
    #[default]
    List,
}

/// Where the list comes from.
#[derive(Debug)]
enum Origin {
    /// What failed behind an alarm or a metric.
    About(About),
    /// An expression over the window on screen.
    Search(Run),
}

impl Origin {
    /// What X-Ray is asked; `None` while nothing is known of what the list is about.
    fn query(&self, cx: &Cx<'_>) -> Option<TraceQuery> {
        match self {
            Self::About(about) => about.inquire(cx).map(|inquiry| inquiry.faults()),
            Self::Search(run) => Some(run.query(cx)),
        }
    }

    fn found<'a>(&self, cx: &Cx<'a>) -> Option<&'a Feed<TraceList>> {
        cx.store.trace_lists.get(&self.query(cx)?)
    }

    fn traces<'a>(&self, cx: &Cx<'a>) -> &'a [TraceSummary] {
        self.found(cx).map_or(&[], |answer| &answer.data.traces)
    }
}

/// Traces in a list. Enter opens a trace's waterfall.
///
/// ```text
/// ┌ Filter expression · TraceId, by start ──────────────────────────────────────── every trace ┐
/// │ service("TSP") { fault }                                                                   │
/// └────────────────────────────────────────────────────────────────────────────────────────────┘
/// ┌ 1,000 traces · newest first · there are more before 10:02 ──────────────── 09:28 – 10:28 ──┐
/// │ ▁▂▅█▇▅▃▂▁▁      ▁▁▂▁                                            p50 0.84 s p90 7.9 s p99 24 s │
/// │ 0.31 s                            2.7 s                                             24.3 s │
/// │   start         duration  http  method  url               cause               Issuer       │
/// │ ✗ 10:27:35.612    24.3 s   504  POST    https://…/tokens  TSP: TspTimeout     Contoso_Bank │
/// └────────────────────────────────────────────────────────────────────────────────────────────┘
/// ```
#[derive(Debug)]
pub struct TracesPane {
    origin: Origin,
    editor: Editor,
    /// Whether keys are text.
    typing: bool,
    part: Part,
    table: Table,
    bars: Bars,
    narrowing: Narrowing,
    groups: Option<Grouping>,
    /// The fields to group by, while one is picked.
    fields: Option<(Picker, Vec<Item>)>,
    last: Last,
    /// What stood at the end of the list when it was read on, until traces have come.
    went_on: Option<More>,
    memory: Box<Memory>,
}

/// What the last look has shown: the keys that are offered follow from it.
#[derive(Debug, Clone, Copy, Default)]
struct Last {
    /// Whether X-Ray is being asked.
    running: bool,
    /// Whether there are traces.
    any: bool,
    /// What the cursor stands on, where that is the end of the list.
    end: Option<More>,
}

impl Default for TracesPane {
    fn default() -> Self {
        Self::search(&Search::default())
    }
}

impl TracesPane {
    /// The traces behind something.
    pub fn new(about: About) -> Self {
        Self::from(Origin::About(about))
    }

    /// The traces that an expression takes; one that cannot be read stands in the editor, and is not asked.
    pub fn search(search: &Search) -> Self {
        let mut pane = Self::from(Origin::Search(Run::new(Search::default())));
        pane.take(search);
        pane
    }

    fn from(origin: Origin) -> Self {
        Self {
            origin,
            editor: Editor::new("", completion::judge),
            typing: false,
            part: Part::default(),
            table: Table::default(),
            bars: Bars::default(),
            narrowing: Narrowing::default(),
            groups: None,
            fields: None,
            last: Last::default(),
            went_on: None,
            memory: Box::default(),
        }
    }

    fn take(&mut self, search: &Search) {
        let expression = one_line(&search.expression);
        self.editor.set(&expression);
        self.start(Search { expression, ..search.clone() });
    }

    /// Asks, unless something is wrong with the expression.
    fn start(&mut self, search: Search) {
        if let Some(mistake) = completion::judge(&search.expression) {
            (self.part, self.typing) = (Part::Editor, true);
            return self.editor.point(mistake);
        }
        self.origin = Origin::Search(Run::new(search));
        (self.part, self.typing) = (Part::List, false);
        (self.groups, self.fields, self.editor.choices) = (None, None, None);
        self.narrowing = Narrowing::default();
        self.bars = Bars::default();
        self.table.begin();
    }

    /// Asks what stands in the editor.
    fn run_written(&mut self) {
        if let Origin::Search(run) = &self.origin {
            let search = Search { expression: self.editor.text(), ..run.search.clone() };
            self.start(search);
        }
    }

    /// Asks the same in another way.
    fn change(&mut self, change: impl FnOnce(&mut Search)) -> Reaction {
        let Origin::Search(run) = &self.origin else { return Reaction::Ignored };
        let mut search = run.search.clone();
        change(&mut search);
        self.start(search);
        Reaction::Handled
    }

    const fn is_search(&self) -> bool {
        matches!(self.origin, Origin::Search(_))
    }

    fn found<'a>(&self, cx: &Cx<'a>) -> Option<&'a Feed<TraceList>> {
        self.origin.found(cx)
    }

    fn traces<'a>(&self, cx: &Cx<'a>) -> &'a [TraceSummary] {
        self.origin.traces(cx)
    }

    /// The trace under the cursor.
    fn current<'a>(&self, cx: &Cx<'a>) -> Option<&'a TraceSummary> {
        let look = self.look(cx);
        look.shown.get(self.table.list.clone().sync(look.keys())?).copied()
    }

    /// What went wrong since it was asked.
    fn trouble<'a>(&self, cx: &Cx<'a>) -> Option<&'a SourceError> {
        let (error, _) = cx.store.health(SourceId::TraceSummaries).trouble()?;
        match &self.origin {
            // What an earlier question failed for says nothing of this one.
            Origin::Search(run) => (error.at >= run.asked(cx).at && self.asks(cx).is_some()).then_some(error),
            Origin::About(_) => Some(error),
        }
    }

    fn health<'a>(&self, cx: &Cx<'a>) -> &'a Health {
        let general = cx.store.health(SourceId::TraceSummaries);
        match (general.trouble(), self.found(cx)) {
            (None, Some(answer)) => &answer.health,
            (Some(_), _) | (None, None) => general,
        }
    }
}

/// An expression in one line: the language takes any blank for any other.
fn one_line(text: &str) -> String {
    text.replace(['\n', '\r', '\t'], " ")
}
