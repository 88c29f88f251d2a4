//! The log lines of a request.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use serde_json::Value;

use super::answer_health;
use super::browser::Browser;
use crate::app::action::Action;
use crate::board::{FeedRules, Status};
use crate::clock::Time;
use crate::panes::feed::status_role;
use crate::panes::{Cx, Zone};
use crate::store::health::{Health, SourceId};
use crate::store::log::{LogEvent, RequestLines};
use crate::text::{clean, time};
use crate::widgets::print::shorten_middle;
use crate::widgets::theme::{Role, Theme};
use crate::widgets::tree::Root;

/// Lines as trees; the one that failed is open and under the cursor.
#[derive(Debug, Default)]
pub(super) struct Lines {
    browser: Browser,
    lookup: String,
    complete: bool,
    /// Which answer is shown, in which zone.
    shown: Option<(Time, usize, Zone)>,
}

impl Lines {
    /// Takes over a newer answer.
    pub(super) fn keep_up(&mut self, cx: &Cx<'_>, lookup: &str, request: &str) {
        if self.lookup != lookup {
            *self = Self { lookup: lookup.to_owned(), ..Self::default() };
        }
        let Some(answer) = cx.store.lines.get(lookup) else { return };
        let identity = (answer.data.at, answer.data.lines.len(), cx.zone);
        if self.shown == Some(identity) {
            return;
        }
        let first = self.browser.roots().is_empty();
        self.complete = answer.data.complete;
        self.shown = Some(identity);
        self.browser.show(roots(&answer.data, cx.board.feed.as_ref(), request, cx.zone));
        let telling = self.browser.roots().iter().find(|root| root.open).map(|root| root.id.clone());
        if let (true, Some(path)) = (first, telling) {
            self.browser.select(path);
        }
    }

    pub(super) fn title(&self) -> String {
        let more = if self.shown.is_some() && !self.complete { " so far" } else { "" };
        match self.browser.roots().len() {
            0 => "Lines".to_owned(),
            count => format!("Lines · {count}{more}"),
        }
    }

    pub(super) fn health<'a>(&self, cx: &Cx<'a>) -> &'a Health {
        let answer = cx.store.lines.get(&self.lookup).map(|answer| &answer.health);
        answer_health(cx, SourceId::Lines, answer)
    }

    pub(super) fn on(&mut self, action: Action) -> bool {
        let failed = |root: &&Root| root.head.iter().any(|(_, role)| *role == Role::Critical);
        match action {
            Action::NextError | Action::PreviousError => {
                let failed = self.browser.roots().iter().rfind(failed).map(|root| root.id.clone());
                if let Some(path) = failed {
                    self.browser.select(path);
                }
                true
            }
            action => self.browser.on(action),
        }
    }

    /// The value under the cursor, if it is one alone.
    pub(super) fn value(&self) -> Option<String> {
        self.browser.scalar()
    }

    /// The trace that the value under the cursor names.
    pub(super) fn trace(&self) -> Option<String> {
        self.browser.trace()
    }

    pub(super) fn copied(&self) -> Option<String> {
        self.browser.copied()
    }

    /// The line that the cursor is on or in.
    pub(super) fn row(&self) -> Option<usize> {
        self.browser.root()
    }

    pub(super) fn draw(&mut self, buffer: &mut Buffer, area: Rect, theme: &Theme, focused: bool, why: Option<&str>) {
        let empty = match (self.shown.is_some(), self.complete) {
            (true, true) => "No line carries this id in the window on screen.",
            (true, false) | (false, _) => why.unwrap_or("Looking for its lines …"),
        };
        self.browser.draw(buffer, area, theme, focused, empty);
    }
}

/// A tree a line. Open are the lines that say a request failed; where none does, the newest one of this request.
fn roots(answer: &RequestLines, rules: Option<&FeedRules>, request: &str, zone: Zone) -> Vec<Root> {
    let read: Vec<Read<'_>> = answer.lines.iter().map(|(group, event)| Read::new(group, event, rules)).collect();
    let failed = read.iter().any(|line| line.status == Some(Status::Failed) && line.is_of(request));
    let newest = read.iter().rposition(|line| line.status.is_some() && line.is_of(request));
    let open = |index: usize, line: &Read<'_>| {
        if failed { line.status == Some(Status::Failed) && line.is_of(request) } else { Some(index) == newest }
    };
    let mut roots: Vec<Root> = Vec::with_capacity(read.len());
    for (index, line) in read.iter().enumerate() {
        let same = roots.iter().rev().take_while(|root| root.id.starts_with(&line.id)).count();
        let id = format!("{}#{same}", line.id);
        roots.push(Root { id, head: line.head(request, zone), open: open(index, line), value: line.value.clone() });
    }
    roots
}

/// A line as far as the board's rules understand it.
struct Read<'a> {
    id: String,
    group: &'a str,
    event: &'a LogEvent,
    value: Value,
    name: Option<String>,
    request: Option<String>,
    status: Option<Status>,
}

impl<'a> Read<'a> {
    fn new(group: &'a str, event: &'a LogEvent, rules: Option<&FeedRules>) -> Self {
        let value = serde_json::from_str(&event.message)
            .ok()
            .filter(Value::is_object)
            .unwrap_or_else(|| Value::String(event.message.trim_end().to_owned()));
        let field = |name: &str| value.get(name).and_then(Value::as_str).map(str::to_owned);
        let name = rules.and_then(|rules| field(&rules.event_field));
        let request = rules.and_then(|rules| field(&rules.id_field));
        let known = rules.iter().flat_map(|rules| &rules.statuses);
        let status = known.filter(|(event, _)| Some(event) == name.as_ref()).map(|(_, status)| *status).next();
        Self { id: event.time.timestamp_millis().to_string(), group, event, value, name, request, status }
    }

    fn is_of(&self, request: &str) -> bool {
        self.request.as_deref().is_none_or(|id| id == request)
    }

    fn head(&self, request: &str, zone: Zone) -> Vec<(String, Role)> {
        let mut head = vec![(format!("{} ", time::clock_ms(&zone.at(self.event.time))), Role::Muted)];
        if let Some(status) = self.status {
            head.push((format!("{} ", status.glyph()), status_role(status)));
        }
        if let Some(name) = &self.name {
            head.push((format!("{} ", clean(name)), self.status.map_or(Role::Strong, status_role)));
        }
        if let Some(other) = self.request.as_ref().filter(|_| !self.is_of(request)) {
            head.push((format!("of request {} ", shorten_middle(&clean(other), 13)), Role::Muted));
        }
        if !matches!(self.value, Value::String(_)) {
            head.push((clean(self.group).into_owned(), Role::Muted));
        }
        head
    }
}
