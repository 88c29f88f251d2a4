//! The trace of a request as a waterfall.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use serde_json::Value;

use super::answer_health;
use crate::app::action::Action;
use crate::board::Unit;
use crate::clock::Time;
use crate::panes::Cx;
use crate::store::health::{Health, SourceId};
use crate::store::trace::{Span, Trace};
use crate::text::{clean, units};
use crate::widgets::legend::glyph;
use crate::widgets::list::ListState;
use crate::widgets::print::{Align, line, put};
use crate::widgets::theme::{Role, Theme};
use crate::widgets::tree::Root;
use crate::widgets::waterfall::{Bar, Waterfall};

/// How many spans are shown at most; a trace has no bound of its own.
const MOST_SPANS: usize = 2_000;

/// Spans with a cursor.
#[derive(Debug, Default)]
pub(super) struct Spans {
    id: Option<String>,
    /// Which answer is shown.
    shown: Option<Time>,
    trace: Option<Trace>,
    bars: Vec<Bar>,
    /// What each row is known by.
    keys: Vec<String>,
    list: ListState<String>,
    /// The segment that the cursor is put on when it is there.
    sought: Option<String>,
}

impl Spans {
    /// Those of a trace, with the cursor on a segment as soon as there is one of this id.
    pub(super) fn at_segment(trace: &str, segment: &str) -> Self {
        Self { id: Some(trace.to_owned()), sought: Some(segment.to_owned()), ..Self::default() }
    }

    /// Takes over a newer answer.
    pub(super) fn keep_up(&mut self, cx: &Cx<'_>, id: Option<&str>) {
        if self.id.as_deref() != id {
            *self = Self { id: id.map(str::to_owned), ..Self::default() };
        }
        let Some(answer) = id.and_then(|id| cx.store.traces.get(id)) else { return };
        let Health::Live { at } = answer.health else { return };
        if self.shown == Some(at) {
            return;
        }
        self.shown = Some(at);
        self.trace.clone_from(&answer.data);
        (self.bars, self.keys) = self.trace.as_ref().map(bars).unwrap_or_default();
        let row = self.sought.as_ref().and_then(|id| self.trace.as_ref()?.find(id));
        let row = row.filter(|row| *row < self.keys.len());
        let culprit = || self.culprit().filter(|_| self.list.key().is_none());
        if let Some(row) = row.or_else(culprit) {
            self.list.select_row(row, &self.keys);
        }
        if row.is_some() {
            self.sought = None;
        }
        self.list.sync(&self.keys);
    }

    /// The span under the cursor.
    pub(super) fn key(&self) -> Option<String> {
        self.keys.get(self.list.row()).cloned()
    }

    /// The failure that others only pass on: a fault before a refused call; the deepest, those that say why before
    /// others, the first of them.
    fn culprit(&self) -> Option<usize> {
        let has = |roles: &[Role]| self.bars.iter().any(|bar| roles.contains(&bar.role));
        let roles: &[Role] = if has(&[Role::Fault]) { &[Role::Fault] } else { &[Role::Throttle, Role::Error] };
        let faults = self.bars.iter().enumerate().filter(|(_, bar)| roles.contains(&bar.role));
        let explained = |row: usize| self.at(row).is_some_and(|span| span.document.get("cause").is_some());
        faults.map(|(row, bar)| (explained(row), bar.depth, std::cmp::Reverse(row))).max().map(|(_, _, row)| row.0)
    }

    /// The trace that is shown.
    pub(super) const fn trace(&self) -> Option<&Trace> {
        self.trace.as_ref()
    }

    /// The row under the cursor.
    pub(super) const fn row(&self) -> usize {
        self.list.row()
    }

    fn segment(&self) -> Option<&Span> {
        self.at(self.list.row())
    }

    fn at(&self, row: usize) -> Option<&Span> {
        self.trace.as_ref()?.spans.get(row)
    }

    pub(super) fn title(&self) -> String {
        let Some(trace) = &self.trace else { return "Trace".to_owned() };
        let bad = self.bars.iter().filter(|bar| bar.role == Role::Fault).count();
        let took = units::value(trace.duration_s, Unit::Seconds);
        match bad {
            0 => format!("Trace · {took}"),
            1 => format!("Trace · {took} · 1 fault"),
            _ => format!("Trace · {took} · {bad} faults"),
        }
    }

    pub(super) fn segment_title(&self) -> String {
        self.segment().map_or_else(|| "Segment".to_owned(), |segment| format!("Segment · {}", name(segment)))
    }

    pub(super) fn health<'a>(&self, cx: &Cx<'a>) -> Option<&'a Health> {
        let id = self.id.as_ref()?;
        Some(answer_health(cx, SourceId::Trace, cx.store.traces.get(id).map(|answer| &answer.health)))
    }

    pub(super) fn on(&mut self, action: Action) -> bool {
        let bad = |bar: &Bar| bar.role == Role::Fault || bar.role == Role::Error || bar.role == Role::Throttle;
        let here = self.list.row();
        let found = match action {
            Action::NextError => self.bars.iter().skip(here + 1).position(bad).map(|step| here + 1 + step),
            Action::PreviousError => self.bars.iter().take(here).rposition(bad),
            action => return self.list.on(action, &self.keys),
        };
        if let Some(row) = found {
            self.list.select_row(row, &self.keys);
        }
        true
    }

    pub(super) fn copied(&self) -> Option<String> {
        let bar = self.bars.get(self.list.row())?;
        Some(format!("{} {} {}", bar.glyph, bar.name, bar.took).trim().to_owned())
    }

    /// The document of the span under the cursor, what explains a failure first.
    pub(super) fn document(&self) -> Vec<Root> {
        let Some(segment) = self.segment() else { return Vec::new() };
        let mut rest = match &segment.document {
            Value::Object(fields) => fields.clone(),
            _ => return Vec::new(),
        };
        let head = |name: &str| vec![(name.to_owned(), Role::Strong)];
        let mut roots = Vec::new();
        for part in ["cause", "http", "annotations", "metadata", "aws", "sql"] {
            if let Some(value) = rest.shift_remove(part) {
                roots.push(Root { id: part.to_owned(), head: head(part), value, open: true });
            }
        }
        if !rest.is_empty() {
            roots.push(Root { id: "rest".to_owned(), head: head("segment"), value: Value::Object(rest), open: false });
        }
        roots
    }

    pub(super) fn draw(&mut self, buffer: &mut Buffer, area: Rect, theme: &Theme, focused: bool, why: Option<&str>) {
        let problems = self.trace.as_ref().map_or(&[][..], |trace| &trace.problems);
        let room = usize::from(area.height).saturating_sub(1 + usize::from(!problems.is_empty()));
        if self.bars.is_empty() {
            let text = match (&self.id, self.shown) {
                (None, _) => "The request names no trace.",
                (Some(_), None) => why.unwrap_or("Asking X-Ray for it …"),
                (Some(_), Some(_)) => "X-Ray does not have it: not sampled, or not there yet (up to a minute).",
            };
            put(buffer, area, text, theme.style(Role::Muted), Align::Left);
            return;
        }
        let view = self.list.visible(self.bars.len(), room);
        let cursor = self.list.row().checked_sub(view.start).filter(|_| focused);
        let end = self.trace.as_ref().and_then(Trace::span).map_or(0.0, |(start, end)| end - start);
        let tick = |share: f64| units::value(end * share, Unit::Seconds);
        let ticks = ["0", &tick(0.5), &tick(1.0)];
        Waterfall { bars: &self.bars[view], cursor, ticks, theme }.draw(area, buffer);
        if let (Some(problem), Some(foot)) = (problems.first(), line(area, room + 1)) {
            let text = format!("{} ({} in all)", clean(problem), problems.len());
            put(buffer, foot, &text, theme.style(Role::Failed), Align::Left);
        }
    }
}

/// A bar a span, parents before their children.
fn bars(trace: &Trace) -> (Vec<Bar>, Vec<String>) {
    let (mut bars, mut keys) = (Vec::new(), Vec::new());
    let Some((start, end)) = trace.span() else { return (bars, keys) };
    let whole = if end > start { end - start } else { 1.0 };
    for (row, span) in trace.spans.iter().enumerate().take(MOST_SPANS) {
        let role = role(span);
        let took = span.took_s().map(|took| units::value(took, Unit::Seconds));
        bars.push(Bar {
            name: name(span),
            depth: span.depth,
            from: (span.start_s - start) / whole,
            to: span.end_s.map_or(1.0, |end| (end - start) / whole),
            open: span.end_s.is_none(),
            took: took.unwrap_or_else(|| "…".to_owned()),
            glyph: if role == Role::Segment { " " } else { glyph(role) },
            role,
        });
        keys.extend(trace.key(row));
    }
    (bars, keys)
}

const fn role(segment: &Span) -> Role {
    if segment.fault {
        Role::Fault
    } else if segment.throttle {
        Role::Throttle
    } else if segment.error {
        Role::Error
    } else {
        Role::Segment
    }
}

/// A segment's name, with the operation of an AWS call.
fn name(segment: &Span) -> String {
    let operation = segment.document.get("aws").and_then(|aws| aws.get("operation")).and_then(Value::as_str);
    let state = if segment.end_s.is_none() { " (in progress)" } else { "" };
    match operation {
        Some(operation) => format!("{} {}{state}", clean(&segment.name), clean(operation)),
        None => format!("{}{state}", clean(&segment.name)),
    }
}
