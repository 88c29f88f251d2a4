//! Screen 7: Logs Insights, an editor above what its query finds.

use crossterm::event::KeyEvent;
use ratatui::Frame;
use ratatui::layout::Rect;

use super::{Cx, Pane, Reaction, Target};
use crate::analysis::log_query::judge::{Mistake, pointed};
use crate::analysis::log_query::refine::{Wanted, refine};
use crate::analysis::log_query::{columns, facets, parameters};
use crate::app::action::Action;
use crate::app::effect::{Effect, Subscription};
use crate::store::logbook::{Asked, LogAsk, SavedQuery};
use crate::store::rows::{LogQuery, LogRows};
use crate::text::clean;
use crate::widgets::chart::Kind;
use crate::widgets::list::ListState;

mod draw;
mod editor;
mod hints;
mod items;
mod patterns;
mod picker;
mod record;
mod run;
mod table;
#[cfg(test)]
mod tests;

use editor::Editor;
use patterns::Patterns;
use picker::{Item, Picked, Picker};
use record::Record;
use run::{Phase, Run};
use table::Table;

/// What the editor begins with.
const DEFAULT: &str = "fields @timestamp, @message\n| sort @timestamp desc\n| limit 100";
/// Groups whose fields are asked for completion.
const FIELDS_OF: usize = 3;
/// Values of a field that are listed.
const MOST_VALUES: usize = 100;

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

/// The most frequent values of a field.
#[derive(Debug, Default)]
struct Values {
    column: String,
    facet: Option<facets::Facet>,
    list: ListState<String>,
    /// How many rows there were.
    of: usize,
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
    /// Whether the rows are drawn as a chart, and how.
    charted: bool,
    kind: Kind,
    over: Option<Over>,
    popup: Option<Popup>,
    whole: bool,
    /// What the last action could not do, until the next key.
    trouble: Option<String>,
    /// Whether the failure of the run has moved the cursor to its place.
    pointed: bool,
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
            kind: Kind::Lines,
            over: None,
            popup: None,
            whole: false,
            trouble: None,
            pointed: false,
        }
    }

    /// An editor with this query, which runs at once.
    pub fn of(text: &str) -> Self {
        let mut logs = Self::new();
        logs.take(text);
        logs
    }

    fn take(&mut self, text: &str) {
        self.editor.set(text);
        self.start();
    }

    /// The groups that the query reads, as they were chosen.
    fn groups(&self, cx: &Cx<'_>) -> Vec<String> {
        self.chosen.clone().unwrap_or_else(|| cx.board.query_groups())
    }

    fn rows<'a>(&self, cx: &Cx<'a>) -> Option<&'a LogRows> {
        self.run.as_ref()?.answer(cx).map(|feed| &feed.data)
    }

    /// Starts the text of the editor; window and groups are those of when it is first looked at.
    fn start(&mut self) {
        self.run = Some(Run::new(self.editor.text(), self.chosen.clone()));
        self.settle_in();
    }

    fn settle_in(&mut self) {
        self.typing = false;
        self.part = Part::Results;
        self.over = None;
        self.popup = None;
        self.pointed = false;
        self.editor.choices = None;
        self.table.renew();
    }

    /// Runs the query, unless something is wrong with it.
    fn run(&mut self, cx: &Cx<'_>) -> Reaction {
        let text = self.editor.text();
        let value = |name: &str| cx.board.vars.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
        let mistake = match parameters::fill(&text, value) {
            Err(mistake) => {
                let message = mistake.message.split(';').next().unwrap_or_default();
                Some(Mistake { message: format!("{message}: write one in its place"), ..mistake })
            }
            Ok(_) => self.editor.mistake().cloned(),
        };
        if let Some(mistake) = mistake {
            self.part = Part::Editor;
            self.editor.point(mistake);
            return Reaction::Handled;
        }
        let chosen = self.groups(cx);
        if let Err(words) = run::resolved(&chosen, cx)
            && !names_its_own(&text)
        {
            self.trouble = Some(format!("{words}: choose log groups first"));
            return Reaction::Handled;
        }
        let mut done = Vec::new();
        // What the last run has found makes room for what this one finds.
        let old: Vec<LogQuery> = self.run.as_ref().and_then(|run| run.query(cx)).cloned().into_iter().collect();
        let run = Run::new(text.clone(), Some(chosen.clone()));
        let next = run.query(cx).cloned();
        done.push(Effect::Forget(old.into_iter().chain(next).collect()));
        done.push(Effect::Note(Asked { at: cx.now, text, groups: chosen }));
        self.run = Some(run);
        self.settle_in();
        Reaction::Do(done)
    }

    fn stop(&mut self, cx: &Cx<'_>) -> bool {
        match &mut self.run {
            Some(run) if run.is_under_way(cx) => {
                run.stopped = true;
                true
            }
            Some(_) | None => false,
        }
    }

    /// Puts a saved query, or one that was run before, into the editor.
    fn load(&mut self, query: &SavedQuery, cx: &Cx<'_>) {
        let default = |name: &str| query.parameters.iter().find(|parameter| parameter.name == name)?.default.as_deref();
        let own = |name: &str| cx.board.vars.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
        let mut text = query.text.clone();
        for name in parameters::names(&query.text) {
            if let Some(value) = default(name).or_else(|| own(name)) {
                text = replaced(&text, name, value);
            }
        }
        self.editor.set(&text);
        if !query.groups.is_empty() {
            self.chosen = Some(query.groups.clone());
        }
        self.part = Part::Editor;
        self.typing = true;
    }

    /// The fields that completion offers, with a word on each.
    fn fields(&self, cx: &Cx<'_>) -> Vec<(String, String)> {
        let mut found: Vec<(String, String)> = Vec::new();
        let groups = run::resolved(&self.groups(cx), cx).ok().flatten().unwrap_or_default();
        for group in groups.iter().take(FIELDS_OF) {
            let Some(feed) = cx.store.logbook.fields.get(group) else { continue };
            for field in &feed.data {
                if !found.iter().any(|(name, _)| *name == field.name) {
                    found.push((field.name.clone(), format!("in {} % of events", field.percent)));
                }
            }
        }
        let rows = self.rows(cx).map(|rows| columns::names(rows.rows.get(..200).unwrap_or(&rows.rows)));
        for name in rows.into_iter().flatten() {
            if !found.iter().any(|(known, _)| *known == name) && !name.contains('(') {
                found.push((name, "in the rows".to_owned()));
            }
        }
        for name in ["@timestamp", "@message", "@logStream", "@log", "@ingestionTime"] {
            if !found.iter().any(|(known, _)| known == name) {
                found.push((name.to_owned(), String::new()));
            }
        }
        found
    }

    /// The field and value that a filter or an investigation is about.
    fn value(&self, cx: &Cx<'_>) -> Option<(String, Option<String>)> {
        match &self.over {
            Some(Over::Record(record)) => record.field().map(|(name, value)| (name, Some(value))),
            Some(Over::Values(values)) => Some((values.column.clone(), Some(values.list.key()?.clone()))),
            Some(Over::Patterns(_)) => None,
            None => {
                let (name, value) = self.table.value(self.rows(cx)?)?;
                Some((name, value.map(str::to_owned)))
            }
        }
    }

    fn narrow(&mut self, wanted: Wanted, cx: &Cx<'_>) -> Reaction {
        let Some((name, value)) = self.value(cx) else {
            self.trouble = Some("a filter needs a value under the cursor".to_owned());
            return Reaction::Do(Vec::new());
        };
        match refine(&self.editor.text(), &name, value.as_deref(), wanted) {
            Ok(text) => {
                self.editor.set(&text);
                match self.run(cx) {
                    Reaction::Do(done) => Reaction::Do(done),
                    // The window on screen stays as it is, whatever came of it.
                    _ => Reaction::Do(Vec::new()),
                }
            }
            Err(words) => {
                self.trouble = Some(words);
                Reaction::Do(Vec::new())
            }
        }
    }

    /// The query over the window before, that patterns are compared with.
    fn earlier(&self, cx: &Cx<'_>) -> Option<LogQuery> {
        let query = self.run.as_ref()?.query(cx)?;
        let (from, to) = query.span?;
        Some(LogQuery { span: Some((from - (to - from), from)), ..query.clone() })
    }

    fn wants_earlier(&self) -> bool {
        matches!(&self.over, Some(Over::Patterns(patterns)) if patterns.compares)
    }

    /// Brings what is derived from the rows up to date.
    fn sync(&mut self, cx: &Cx<'_>) {
        let Some(rows) = self.rows(cx) else { return };
        self.table.sync(rows);
        self.table.list.sync(&self.table.order);
        let earlier = self.earlier(cx).filter(|_| self.wants_earlier()).and_then(|query| cx.store.rows.get(&query));
        match &mut self.over {
            Some(Over::Record(record)) => record.sync(cx),
            Some(Over::Patterns(patterns)) => {
                let complete = earlier.filter(|feed| !feed.data.running && feed.health.trouble().is_none());
                patterns.sync(rows, complete.map(|feed| &feed.data));
            }
            Some(Over::Values(_)) | None => {}
        }
        self.point(cx);
    }

    /// Puts the cursor where AWS says that the query is wrong.
    fn point(&mut self, cx: &Cx<'_>) {
        let Some(run) = self.run.as_ref().filter(|_| !self.pointed) else { return };
        let Phase::Failed(message, _) = run.phase(cx) else { return };
        self.pointed = true;
        let text = self.editor.text();
        if let Some(at) = pointed(&text, &message).filter(|_| text == run.written) {
            self.editor.point(Mistake::new(at, message));
        }
    }

    fn count_values(&mut self, column: String, cx: &Cx<'_>) {
        let Some(rows) = self.rows(cx) else { return };
        let order = self.table.order.iter().filter_map(|at| rows.rows.get(*at)).map(Vec::as_slice);
        let facet = facets::facet(order, &column, MOST_VALUES);
        let mut values = Values { column, facet: None, list: ListState::new(), of: self.table.order.len() };
        values.list.sync(&facet.top.iter().map(|(value, _)| value.clone()).collect::<Vec<_>>());
        values.facet = Some(facet);
        self.over = Some(Over::Values(Box::new(values)));
    }

    fn on_over(&mut self, action: Action, cx: &Cx<'_>) -> Reaction {
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
                action => patterns.list.on(action, &patterns.keys()),
            },
            None => false,
        };
        if handled { Reaction::Handled } else { Reaction::Ignored }
    }

    fn on_results(&mut self, action: Action, cx: &Cx<'_>) -> Reaction {
        let Some(rows) = self.rows(cx) else { return Reaction::Ignored };
        match action {
            Action::Open if !self.charted => {
                if let Some(row) = self.table.row(rows) {
                    let mut record = Record::new(row.clone());
                    record.sync(cx);
                    self.over = Some(Over::Record(Box::new(record)));
                }
            }
            Action::Layout => self.charted = !self.charted,
            Action::ChartKind if self.charted => self.kind = self.kind.next(),
            action if self.table.on(action, rows) => {}
            _ => return Reaction::Ignored,
        }
        Reaction::Handled
    }

    fn back(&mut self, cx: &Cx<'_>) -> Reaction {
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
            None if self.part == Part::Results && !self.table.filter.is_empty() => {
                self.table.filter.clear();
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
    fn toggle(&mut self, action: Action) {
        self.popup = match (self.popup.take(), action) {
            (Some(Popup::Groups(_)), Action::LogGroups) | (Some(Popup::Queries(_)), Action::Queries) => None,
            (_, Action::LogGroups) => Some(Popup::Groups(Picker::default())),
            _ => Some(Popup::Queries(Picker::default())),
        };
        self.editor.choices = None;
    }

    fn popup_key(&mut self, key: KeyEvent, cx: &Cx<'_>) {
        let items = self.items(cx);
        let picked = match &mut self.popup {
            Some(Popup::Groups(picker) | Popup::Queries(picker)) => picker.key(key, &items),
            None => return,
        };
        let is_groups = matches!(self.popup, Some(Popup::Groups(_)));
        let toggled = matches!(&self.popup, Some(Popup::Groups(list)) if list.toggled);
        match picked {
            Picked::Toggled(name) if is_groups => self.toggle_group(name, cx),
            Picked::Nothing | Picked::Toggled(_) => {}
            Picked::Taken(name) => {
                self.popup = None;
                let Some(name) = name else { return };
                if is_groups {
                    // One alone is taken by Enter; those that were chosen by Tab stay.
                    if !toggled {
                        self.chosen = Some(vec![name]);
                    }
                } else if let Some(query) = self.query_named(&name, cx) {
                    self.load(&query, cx);
                }
            }
        }
    }

    fn toggle_group(&mut self, name: String, cx: &Cx<'_>) {
        let mut chosen = self.groups(cx);
        match chosen.iter().position(|known| *known == name) {
            Some(at) => drop(chosen.remove(at)),
            None => chosen.push(name),
        }
        self.chosen = Some(chosen);
    }
}

/// Whether a query says by itself which groups it reads.
fn names_its_own(text: &str) -> bool {
    crate::insights::parse(text).is_ok_and(|query| !query.sources().is_empty())
}

/// The text with one parameter replaced.
fn replaced(text: &str, name: &str, value: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find("{{") {
        let Some(end) = rest[start..].find("}}") else { break };
        let inside = &rest[start + 2..start + end];
        out.push_str(&rest[..start]);
        if inside.trim() == name {
            out.push_str(value);
        } else {
            out.push_str(&rest[start..start + end + 2]);
        }
        rest = &rest[start + end + 2..];
    }
    out.push_str(rest);
    out
}

impl Pane for Logs {
    fn title(&self, _cx: &Cx<'_>) -> String {
        "Logs Insights".to_owned()
    }

    fn wants(&self, cx: &Cx<'_>) -> Vec<Subscription> {
        let ask = |ask: LogAsk| Subscription::Logbook(ask);
        let chosen = self.groups(cx);
        // Sizes, for what a query will cost, and the names behind prefixes.
        let sized = chosen.iter().filter(|group| !group.starts_with("arn:"));
        let mut wants: Vec<Subscription> =
            sized.map(|group| ask(LogAsk::Groups(run::prefix(group).unwrap_or(group).to_owned()))).collect();
        if self.typing {
            let groups = run::resolved(&chosen, cx).ok().flatten().unwrap_or_default();
            wants.extend(groups.into_iter().take(FIELDS_OF).map(|group| ask(LogAsk::Fields(group))));
        }
        match &self.popup {
            Some(Popup::Groups(_)) => wants.push(ask(LogAsk::Groups(String::new()))),
            Some(Popup::Queries(_)) => wants.push(ask(LogAsk::Definitions)),
            None => {}
        }
        if let Some(Over::Record(record)) = &self.over
            && let Some(pointer) = record.pointer()
            && !cx.store.logbook.records.contains_key(pointer)
        {
            wants.push(ask(LogAsk::Record(pointer.to_owned())));
        }
        wants.extend(self.lasting(cx));
        wants
    }

    fn lasting(&self, cx: &Cx<'_>) -> Vec<Subscription> {
        let Some(run) = &self.run else { return Vec::new() };
        let mut wants = Vec::new();
        if run.is_under_way(cx) {
            let prefixes = run.chosen(cx).iter().filter_map(|choice| run::prefix(choice));
            wants.extend(prefixes.map(|prefix| Subscription::Logbook(LogAsk::Groups(prefix.to_owned()))));
            wants.extend(run.query(cx).cloned().map(Subscription::Logs));
        }
        let earlier = self.earlier(cx).filter(|_| self.wants_earlier());
        let open = |query: &LogQuery| {
            cx.store.rows.get(query).is_none_or(|feed| feed.data.running && feed.health.trouble().is_none())
        };
        wants.extend(earlier.filter(open).map(Subscription::Logs));
        wants
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
            Action::NextPane | Action::PreviousPane => {
                let completes = self.typing && action == Action::NextPane;
                if let (true, Some(_)) = (self.popup.is_some(), &self.popup) {
                    let code = if action == Action::NextPane {
                        crossterm::event::KeyCode::Tab
                    } else {
                        crossterm::event::KeyCode::Up
                    };
                    self.popup_key(code.into(), cx);
                } else if !(completes && self.editor.complete(&self.fields(cx))) {
                    self.part = match self.part {
                        Part::Editor if self.run.is_some() => Part::Results,
                        Part::Editor | Part::Results => Part::Editor,
                    };
                    self.typing = self.part == Part::Editor;
                }
                Reaction::Handled
            }
            Action::Maximise if self.run.is_some() => {
                self.whole = !self.whole;
                self.part = Part::Results;
                Reaction::Handled
            }
            Action::ZoomIn if self.part == Part::Results => self.narrow(Wanted::With, cx),
            Action::ZoomOut if self.part == Part::Results => self.narrow(Wanted::Without, cx),
            Action::FieldStatistics => match self.value(cx).map(|(name, _)| name).or_else(|| self.table.current()) {
                Some(column) if self.run.is_some() => {
                    let column =
                        if self.table.shown().contains(&column.as_str()) { Some(column) } else { self.table.current() };
                    if let Some(column) = column {
                        self.part = Part::Results;
                        self.count_values(column, cx);
                    }
                    Reaction::Handled
                }
                Some(_) | None => Reaction::Ignored,
            },
            Action::Patterns if self.rows(cx).is_some_and(|rows| !rows.rows.is_empty()) => {
                self.part = Part::Results;
                self.over = Some(Over::Patterns(Box::default()));
                Reaction::Handled
            }
            Action::CopyPath => match &self.over {
                Some(Over::Record(record)) => record
                    .path()
                    .map_or(Reaction::Ignored, |path| Reaction::Do(vec![Effect::Copy(clean(&path).into_owned())])),
                _ => self.table.current().map_or(Reaction::Ignored, |name| Reaction::Do(vec![Effect::Copy(name)])),
            },
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
            Some(Over::Values(values)) => values.list.key().cloned(),
            Some(Over::Patterns(patterns)) => patterns.current().map(|pattern| pattern.template.clone()),
            None if self.part == Part::Editor => Some(self.editor.text()),
            None => self.table.value(self.rows(cx)?)?.1.map(str::to_owned),
        }
    }

    fn identifier(&self, cx: &Cx<'_>) -> Option<String> {
        if self.part == Part::Editor {
            return None;
        }
        self.value(cx)?.1.filter(|value| !value.is_empty() && !value.contains(char::is_whitespace))
    }

    fn accepts(&mut self, target: &Target) -> bool {
        match target {
            Target::Query(text) => {
                self.take(text);
                true
            }
            _ => false,
        }
    }

    fn here(&self) -> Option<Target> {
        self.run.as_ref().map(|run| Target::Query(run.written.clone()))
    }
}

/// The item of a group.
fn group_item(name: &str, detail: String, chosen: &[String]) -> Item {
    Item { name: name.to_owned(), detail, chosen: chosen.iter().any(|known| known == name) }
}
