//! Lists of traces: screen 6, where an expression is typed, and what stands behind an alarm or a metric.

use crossterm::event::{KeyCode, KeyEvent};
use ratatui::Frame;
use ratatui::layout::Rect;

use super::editor::Editor;
use super::inquiry::{About, span_text};
use super::picker::{Item, Picked, Picker};
use super::{Ask, Cx, Exported, Pane, Reaction, Target, exported};
use crate::analysis::math::MathError;
use crate::analysis::trace_groups::{self, Group, Histogram};
use crate::app::action::Action;
use crate::app::effect::Subscription;
use crate::board::Unit;
use crate::clock::Time;
use crate::store::health::{Feed, Health, SourceError, SourceId};
use crate::store::trace_list::{TimeRangeType, TraceList, TraceQuery, TraceSummary};
use crate::text::units::{counted, thousands};
use crate::text::{clean, clean_field, units};
use crate::widgets::list::ListState;

mod columns;
mod completion;
mod draw;
mod narrowing;
mod search;
mod table;
#[cfg(test)]
mod tests;
mod words;

use columns::Column;
use narrowing::{Bars, Grouping, Narrowing};
use search::Run;
pub use search::Search;
use table::Table;

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
    fields: Option<Picker>,
    /// Whether more is being read, as of the last look.
    running: bool,
}

/// What the pane shows.
#[derive(Debug, PartialEq)]
pub struct TracesView {
    /// The title.
    pub title: String,
    /// X-Ray's filter expression.
    pub expression: String,
    /// What is narrowed, in words.
    pub narrowed: Option<String>,
    /// The ids of the rows, in order.
    pub ids: Vec<String>,
    /// How many there are.
    pub foot: String,
    /// What is said where there is none.
    pub empty: String,
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
            running: false,
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
        self.table.list = ListState::new();
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

    fn query(&self, cx: &Cx<'_>) -> Option<TraceQuery> {
        match &self.origin {
            Origin::About(about) => about.inquire(cx).map(|inquiry| inquiry.faults()),
            Origin::Search(run) => Some(run.query(cx)),
        }
    }

    fn found<'a>(&self, cx: &Cx<'a>) -> Option<&'a Feed<TraceList>> {
        cx.store.trace_lists.get(&self.query(cx)?)
    }

    fn traces<'a>(&self, cx: &Cx<'a>) -> &'a [TraceSummary] {
        self.found(cx).map_or(&[], |answer| &answer.data.traces)
    }

    /// What is asked of X-Ray at present: what has been answered is not asked again.
    fn asks(&self, cx: &Cx<'_>) -> Option<TraceQuery> {
        let query = self.query(cx)?;
        let follows = query.span.to.is_none();
        let stopped = matches!(&self.origin, Origin::Search(run) if run.stopped);
        let is_over = cx.store.trace_lists.get(&query).is_some_and(|answer| !answer.data.running);
        (follows || !(stopped || is_over)).then_some(query)
    }

    /// The traces of the histogram: those that pass the filter and are in the group.
    fn sliced(&self, cx: &Cx<'_>) -> Option<Histogram> {
        let narrowing = Narrowing { slice: None, ..self.narrowing.clone() };
        let columns = self.columns(cx);
        let passing = self.traces(cx).iter().filter(|trace| narrowing.holds(trace));
        Histogram::of(self.table.arranged(passing, &columns, cx).into_iter())
    }

    /// The traces that are shown, in order.
    fn shown<'a>(&self, cx: &Cx<'a>) -> Vec<&'a TraceSummary> {
        let columns = self.columns(cx);
        let passing = self.traces(cx).iter().filter(|trace| self.narrowing.holds(trace));
        self.table.arranged(passing, &columns, cx)
    }

    fn columns(&self, cx: &Cx<'_>) -> Vec<Column> {
        self.table.columns(self.traces(cx))
    }

    /// The trace under the cursor.
    fn current<'a>(&self, cx: &Cx<'a>) -> Option<&'a TraceSummary> {
        let shown = self.shown(cx);
        let ids: Vec<String> = shown.iter().map(|trace| trace.id.clone()).collect();
        shown.get(self.table.list.clone().sync(&ids)?).copied()
    }

    fn grouped(&self, cx: &Cx<'_>) -> Vec<Group> {
        let Some(grouping) = &self.groups else { return Vec::new() };
        trace_groups::groups(self.shown(cx).into_iter(), &grouping.field)
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

    /// What is shown; `None` while nothing is known of what it is about.
    pub fn view(&self, cx: &Cx<'_>) -> Option<TracesView> {
        let answer = self.found(cx);
        let shown = self.shown(cx);
        let list = answer.map(|answer| &answer.data);
        let count = list.map_or(0, |list| list.traces.len());
        let all = counted(count, "trace");
        let told = if count == shown.len() { all } else { format!("{} of {all}", thousands(shown.len())) };
        let more = list.filter(|list| list.more && !list.running).map(|list| match list.read_from {
            Some(from) if self.is_search() => {
                format!(" · there are more before {}", crate::text::time::clock(&cx.zone.at(from)))
            }
            _ => " · there are more".to_owned(),
        });
        let more = more.unwrap_or_default();
        let order = if self.table.sort.is_some() { "sorted" } else { "newest first" };
        let scanned = list.map(|list| {
            format!("X-Ray went through {}", thousands(usize::try_from(list.scanned).unwrap_or(usize::MAX)))
        });
        let scanned = scanned.unwrap_or_default();
        let filter = &self.table.filter;
        let filtered = if filter.is_empty() { String::new() } else { format!(" · filter \"{}\"", clean(filter)) };
        let (title, expression, foot) = match &self.origin {
            Origin::About(about) => {
                let inquiry = about.inquire(cx)?;
                let title = format!("Traces behind {} · {}", inquiry.name, span_text(inquiry.span, cx));
                let foot = list.map(|_| format!("{told}{filtered}, {order}{more} · {scanned}"));
                (title, inquiry.faults().filter, foot.unwrap_or_default())
            }
            Origin::Search(run) => {
                let title = match list {
                    Some(_) => format!("{told} · {order}{more}"),
                    None => "Traces".to_owned(),
                };
                let [p50, p90, p99] = trace_groups::percentiles(shown.iter().map(|trace| trace.response()))
                    .map(|seconds| units::value(seconds, Unit::Seconds));
                let figures = format!("p50 {p50} · p90 {p90} · p99 {p99} · {scanned}{filtered}");
                let foot =
                    list.filter(|_| !shown.is_empty()).map_or_else(|| format!("{scanned}{filtered}"), |_| figures);
                (title, run.search.expression.clone(), foot)
            }
        };
        let stopped = matches!(&self.origin, Origin::Search(run) if run.stopped);
        let empty = match (list, self.trouble(cx)) {
            (Some(list), _) if !list.traces.is_empty() => "no trace passes the filter".to_owned(),
            (_, Some(error)) => clean(&error.message).into_owned(),
            (Some(list), None) if list.running && !stopped => "reading …".to_owned(),
            (_, None) if stopped => "stopped".to_owned(),
            (Some(_), None) => "X-Ray has no such trace in this stretch of time".to_owned(),
            (None, None) => "asking X-Ray …".to_owned(),
        };
        Some(TracesView {
            title,
            expression: clean(&expression).into_owned(),
            narrowed: self.narrowing.words(),
            ids: shown.iter().map(|trace| trace.id.clone()).collect(),
            foot,
            empty,
        })
    }

    /// Goes to another part; in the editor, completes a word first.
    fn next_part(&mut self, action: Action, cx: &Cx<'_>) -> Reaction {
        let forward = action == Action::NextPane;
        if let Some(picker) = &mut self.fields {
            let code = if forward { KeyCode::Down } else { KeyCode::Up };
            picker.key(code.into(), &fields(cx, &self.origin));
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

    fn back(&mut self) -> Reaction {
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

    fn on_histogram(&mut self, action: Action, cx: &Cx<'_>) -> Reaction {
        let Some(histogram) = self.sliced(cx) else { return Reaction::Ignored };
        if action == Action::Open {
            let (from, to) = self.bars.selected();
            self.narrowing.slice = Some(histogram.bounds(from, to));
            (self.part, self.bars.anchor) = (Part::List, None);
            self.table.list = ListState::new();
            return Reaction::Handled;
        }
        if self.bars.on(action, &histogram) { Reaction::Handled } else { Reaction::Ignored }
    }

    fn on_groups(&mut self, action: Action, cx: &Cx<'_>) -> Reaction {
        let values: Vec<Option<String>> = self.grouped(cx).into_iter().map(|group| group.value).collect();
        let Some(grouping) = &mut self.groups else { return Reaction::Ignored };
        if action != Action::Open {
            return if grouping.list.on(action, &values) { Reaction::Handled } else { Reaction::Ignored };
        }
        let Some(value) = grouping.list.sync(&values).and_then(|row| values.get(row).cloned()) else {
            return Reaction::Handled;
        };
        self.narrowing.group = Some((grouping.field.clone(), value));
        self.groups = None;
        self.table.list = ListState::new();
        Reaction::Handled
    }

    fn on_list(&mut self, action: Action, cx: &Cx<'_>) -> Reaction {
        if action == Action::Open {
            let id = self.current(cx).map(|trace| trace.id.clone());
            return id.map_or(Reaction::Handled, |id| Reaction::Open(Target::Trace(id)));
        }
        let (columns, shown) = (self.columns(cx), self.shown(cx));
        if self.table.on(action, &columns, &shown) { Reaction::Handled } else { Reaction::Ignored }
    }
}

/// The fields to group by, to pick from.
fn fields(cx: &Cx<'_>, origin: &Origin) -> Vec<Item> {
    let query = match origin {
        Origin::About(about) => about.inquire(cx).map(|inquiry| inquiry.faults()),
        Origin::Search(run) => Some(run.query(cx)),
    };
    let traces = query.and_then(|query| cx.store.trace_lists.get(&query)).map_or(&[][..], |feed| &feed.data.traces);
    let item = |field: &trace_groups::Field| {
        let groups = trace_groups::groups(traces.iter(), field);
        let values = groups.iter().filter(|group| group.value.is_some()).count();
        Item { name: field.name().to_owned(), detail: units::plural(values, "value"), chosen: false }
    };
    trace_groups::fields(traces).iter().map(item).collect()
}

/// An expression in one line: the language takes any blank for any other.
fn one_line(text: &str) -> String {
    text.replace(['\n', '\r', '\t'], " ")
}

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
        asked.chain(self.asks(cx).map(Subscription::TraceSummaries)).collect()
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
        self.running = self.asks(cx).is_some();
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
                Origin::Search(run) if self.running => {
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
                self.fields = Some(Picker::default());
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
        if let Some(picker) = &mut self.fields {
            let items = fields(cx, &self.origin);
            let Picked::Taken(names) = picker.key(key, &items) else { return };
            self.fields = None;
            let fields = trace_groups::fields(self.traces(cx));
            let field = names.first().and_then(|name| fields.into_iter().find(|field| field.name() == name));
            self.groups = field.map(|field| Grouping { field, list: ListState::new() });
        } else if key.code == KeyCode::Enter {
            self.run_written();
        } else {
            let known = completion::known(self.traces(cx), cx);
            self.editor.key(key, &|text, at| completion::choices(text, at, &known));
        }
    }

    fn on_paste(&mut self, text: &str, _cx: &Cx<'_>) {
        if let Some(picker) = &mut self.fields {
            picker.paste(text);
        } else if self.is_search() {
            (self.part, self.typing) = (Part::Editor, true);
            self.editor.paste(&one_line(text));
        }
    }

    fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, cx: &Cx<'_>) {
        self.running = self.asks(cx).is_some();
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
        let columns = self.columns(cx);
        let names = || columns.iter().map(|column| clean(column.name()).into_owned()).collect::<Vec<_>>().join(", ");
        (ask == Ask::Columns && self.groups.is_none()).then(names)
    }

    fn choices(&self, _ask: Ask, cx: &Cx<'_>) -> Vec<(String, String)> {
        let shown = self.columns(cx);
        let choice = |(column, what): (Column, String)| {
            let sign = if shown.contains(&column) { '-' } else { '+' };
            (format!("{sign} {}", clean(column.name())), what)
        };
        let suited = ("all".to_owned(), "those that suit what was found".to_owned());
        columns::known(self.traces(cx)).into_iter().map(choice).chain([suited]).collect()
    }

    fn answer(&mut self, _ask: Ask, text: &str, cx: &Cx<'_>) -> Result<(), MathError> {
        let mut columns = self.columns(cx);
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
            Action::StopQuery => self.running && self.is_search(),
            Action::Reverse => self.table.sort.is_some(),
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
        let shown = self.shown(cx);
        let ids: Vec<String> = shown.iter().map(|trace| trace.id.clone()).collect();
        let title = match &self.origin {
            Origin::About(_) => self.title(cx),
            Origin::Search(run) if run.search.expression.is_empty() => "Traces".to_owned(),
            Origin::Search(run) => format!("Traces {}", clean(&run.search.expression)),
        };
        if let Some(grouping) = &self.groups {
            return Some(exported::trace_groups(&title, grouping.field.name(), &self.grouped(cx)));
        }
        Some(exported::traces(&title, &shown).at(self.table.list.clone().sync(&ids)))
    }
}
