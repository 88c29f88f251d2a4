//! The trace of a request as a waterfall.

use std::collections::HashSet;
use std::sync::Arc;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::answer_health;
use crate::analysis::waterfall::label;
use crate::app::action::Action;
use crate::board::Unit;
use crate::clock::Time;
use crate::panes::{Cx, verdict};
use crate::store::health::{Health, SourceId};
use crate::store::log::RequestLines;
use crate::store::trace::{Span, Trace};
use crate::text::{clean, units, width};
use crate::widgets::legend::glyph;
use crate::widgets::list::ListState;
use crate::widgets::print::{Align, line, put};
use crate::widgets::theme::{Role, Theme};
use crate::widgets::tree::Root;
use crate::widgets::waterfall::{Bar, Waterfall};

mod beside;
mod document;
mod figures;
mod own_lines;
mod rows;

use beside::Beside;
use figures::Figures;

/// Cells of another trace's id in a title that has no room for it.
const SHORT: usize = 15;

/// Spans with a cursor.
#[derive(Debug, Default)]
pub(super) struct Spans {
    id: Option<String>,
    /// Which answer is shown.
    shown: Option<Time>,
    trace: Option<Arc<Trace>>,
    figures: Figures,
    /// What each span of the trace is known by.
    names: Vec<String>,
    folded: HashSet<String>,
    filter: String,
    /// The spans on screen, in order.
    rows: Vec<usize>,
    /// What they are known by.
    keys: Vec<String>,
    list: ListState<String>,
    /// The segment that the cursor is put on when it is there.
    sought: Option<String>,
    /// What it is compared with.
    beside: Option<Beside>,
    /// The span that the walk from the slowest down has come to.
    walked: Option<usize>,
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
        let first = self.list.key().is_none();
        self.trace.clone_from(&answer.data);
        if let (Some(trace), Some(beside)) = (&self.trace, self.beside.take()) {
            self.beside = beside.again(trace, cx);
        }
        let trace = self.trace.as_deref();
        self.figures = trace.map(Figures::of).unwrap_or_default();
        self.names = trace.map(Trace::keys).unwrap_or_default();
        self.lay_out();
        let sought = self.sought.as_ref().and_then(|id| self.trace.as_ref()?.find(id));
        if sought.is_some() {
            self.sought = None;
        }
        if let Some(span) = sought.or(self.figures.culprit().filter(|_| first)) {
            self.go(span);
        }
    }

    /// Finds out again what is shown, after it was folded or looked through.
    fn lay_out(&mut self) {
        let shown = |trace: &Trace| rows::shown(trace, &self.names, &self.folded, &self.filter);
        self.rows = self.trace.as_deref().map(shown).unwrap_or_default();
        self.keys = match &self.beside {
            None => self.rows.iter().filter_map(|&at| self.names.get(at).cloned()).collect(),
            // A step that the other one has alone has no name here.
            Some(beside) => (0..beside.steps.len())
                .map(|step| match beside.row_of(step).and_then(|row| self.names.get(row)) {
                    Some(name) => name.clone(),
                    None => format!("beside {step}"),
                })
                .collect(),
        };
        self.list.sync(&self.keys);
    }

    /// Puts the cursor on a span, and opens what hides it.
    fn go(&mut self, span: usize) {
        if self.rows.binary_search(&span).is_err() {
            self.filter.clear();
            let parent = |at: usize| self.trace.as_ref()?.spans.get(at)?.parent;
            for above in std::iter::successors(parent(span), |&at| parent(at)) {
                if let Some(name) = self.names.get(above) {
                    self.folded.remove(name);
                }
            }
            self.lay_out();
        }
        if let Ok(row) = self.rows.binary_search(&span) {
            self.list.select_row(row, &self.keys);
        }
    }

    /// What the span under the cursor is known by.
    pub(super) fn key(&self) -> Option<String> {
        self.keys.get(self.list.row()).cloned()
    }

    /// The place of the span under the cursor in its trace.
    fn at(&self) -> Option<usize> {
        match &self.beside {
            Some(beside) => beside.row_of(self.list.row()),
            None => self.rows.get(self.list.row()).copied(),
        }
    }

    fn span(&self) -> Option<&Span> {
        self.trace.as_ref()?.spans.get(self.at()?)
    }

    /// The trace that is shown.
    pub(super) fn trace(&self) -> Option<&Trace> {
        self.trace.as_deref()
    }

    /// Which answer is shown.
    pub(super) const fn shown(&self) -> Option<Time> {
        self.shown
    }

    /// The place of the span under the cursor among all of its trace.
    pub(super) fn row(&self) -> usize {
        self.at().unwrap_or(0)
    }

    /// What is looked for among the spans.
    pub(super) fn filter(&self) -> &str {
        &self.filter
    }

    /// Looks for something among the spans; the cursor goes to the first that has it where its own span has it not.
    pub(super) fn set_filter(&mut self, text: &str) {
        text.clone_into(&mut self.filter);
        let before = self.key();
        self.lay_out();
        let wanted = text.trim().to_lowercase();
        let has = |at: &usize| {
            self.trace.as_ref().and_then(|trace| trace.spans.get(*at)).is_some_and(|span| rows::holds(span, &wanted))
        };
        let stays = self.key() == before && self.at().as_ref().is_some_and(has);
        if !wanted.is_empty() && !stays {
            let found = self.rows.iter().position(has).unwrap_or(0);
            self.list.select_row(found, &self.keys);
        }
    }

    /// The request id of its own that the service of the span under the cursor has.
    pub(super) fn request_id(&self) -> Option<&str> {
        own_lines::request_id(self.trace.as_ref()?, self.at()?)
    }

    /// Whether it stands beside another trace.
    pub(super) const fn is_compared(&self) -> bool {
        self.beside.is_some()
    }

    /// The title, in so many cells where that can be.
    pub(super) fn title(&self, room: usize) -> String {
        let Some(trace) = &self.trace else { return "Trace".to_owned() };
        let took = units::value(trace.duration_s, Unit::Seconds);
        let bad = match trace.spans.iter().filter(|span| span.fault).count() {
            0 => String::new(),
            1 => " · 1 fault".to_owned(),
            bad => format!(" · {bad} faults"),
        };
        if let Some(beside) = &self.beside {
            let whole = format!("Trace · {took}{}", beside.title(usize::MAX));
            return if width(&whole) <= room { whole } else { format!("Trace · {took}{}", beside.title(SHORT)) };
        }
        let shown = match self.rows.len() {
            rows if rows == trace.spans.len() => String::new(),
            rows => format!(" · {rows} of {} spans", trace.spans.len()),
        };
        let filter = if self.filter.is_empty() { String::new() } else { format!(" · \"{}\"", clean(&self.filter)) };
        format!("Trace · {took}{bad}{shown}{filter}")
    }

    pub(super) fn segment_title(&self) -> String {
        self.span().map_or_else(|| "Segment".to_owned(), |span| format!("Segment · {}", name(span)))
    }

    pub(super) fn health<'a>(&self, cx: &Cx<'a>) -> Option<&'a Health> {
        let id = self.id.as_ref()?;
        Some(answer_health(cx, SourceId::Trace, cx.store.traces.get(id).map(|answer| &answer.health)))
    }

    pub(super) fn on(&mut self, action: Action, cx: &Cx<'_>) -> bool {
        if action == Action::Compare {
            return self.compare(cx);
        }
        if self.beside.is_some() {
            if action == Action::Back {
                self.beside = None;
                self.lay_out();
                return true;
            }
            return self.list.on(action, &self.keys);
        }
        let (Some(trace), Some(here)) = (&self.trace, self.at()) else { return self.list.on(action, &self.keys) };
        let folds = trace.spans.get(here).is_some_and(|span| span.size > 1) && self.filter.is_empty();
        let is_folded = folds && self.names.get(here).is_some_and(|name| self.folded.contains(name));
        let to = match action {
            Action::NextError => {
                trace.spans.iter().skip(here + 1).position(Span::has_failed).map(|step| here + 1 + step)
            }
            Action::PreviousError => trace.spans.iter().take(here).rposition(Span::has_failed),
            Action::FirstFault => self.figures.culprit(),
            // From the slowest down, and up again.
            Action::Sort if self.walked != Some(here) => self.figures.slowest(),
            Action::Sort => self.figures.faster(here),
            Action::Reverse => self.figures.slower(here),
            Action::Left if folds && !is_folded => return self.fold(here),
            Action::Right if is_folded => return self.fold(here),
            Action::Left => trace.spans.get(here).and_then(|span| span.parent),
            Action::Right => return self.list.on(Action::Down, &self.keys),
            action => return self.list.on(action, &self.keys),
        };
        if let Some(span) = to {
            self.go(span);
            self.walked = matches!(action, Action::Sort | Action::Reverse).then_some(span);
        }
        true
    }

    /// Compares with the trace that was looked at before, with the one before that, and no more; `false` where there is
    /// none.
    fn compare(&mut self, cx: &Cx<'_>) -> bool {
        let after = self.beside.take();
        self.beside =
            self.trace.as_ref().and_then(|trace| Beside::next(trace, after.as_ref().map(|it| it.id.as_str()), cx));
        self.lay_out();
        self.beside.is_some() || after.is_some()
    }

    fn fold(&mut self, span: usize) -> bool {
        if let Some(name) = self.names.get(span)
            && !self.folded.remove(name)
        {
            self.folded.insert(name.clone());
        }
        self.lay_out();
        true
    }

    pub(super) fn copied(&self) -> Option<String> {
        let bar = self.bar(self.at()?)?;
        Some(format!("{} {} {}", bar.glyph, bar.name, bar.took).trim().to_owned())
    }

    /// The document of the span under the cursor, what explains a failure first, and its own lines last.
    pub(super) fn document(&self, lines: &[&RequestLines], cx: &Cx<'_>) -> Vec<Root> {
        let (Some(trace), Some(at)) = (&self.trace, self.at()) else { return Vec::new() };
        let mut roots = document::roots(trace, at);
        roots.extend(document::lines(&own_lines::own_lines(trace, at, lines), cx));
        roots
    }

    fn bar(&self, at: usize) -> Option<Bar> {
        let trace = self.trace.as_ref()?;
        let span = trace.spans.get(at)?;
        let (start, end) = self.figures.extent;
        let whole = if end > start { end - start } else { 1.0 };
        let place = |at: f64| (at - start) / whole;
        let role = role(span);
        let in_words =
            |seconds: Option<f64>| seconds.map_or_else(|| "…".to_owned(), |s| units::value(s, Unit::Seconds));
        let is_folded = self.names.get(at).is_some_and(|name| self.folded.contains(name)) && self.filter.is_empty();
        let more = if is_folded { format!("▸{} ", span.size.saturating_sub(1)) } else { String::new() };
        Some(Bar {
            name: format!("{more}{}", name(span)),
            depth: span.depth,
            from: place(span.start_s),
            to: span.end_s.map_or(1.0, place),
            open: span.end_s.is_none(),
            took: in_words(span.took_s()),
            own: in_words(span.end_s.and_then(|_| self.figures.own_s(at))),
            critical: self.figures.critical(at).iter().map(|&(from, to)| (place(from), place(to))).collect(),
            glyph: if role == Role::Segment { " " } else { glyph(role) },
            role,
        })
    }

    pub(super) fn draw(&mut self, buffer: &mut Buffer, area: Rect, theme: &Theme, focused: bool, why: Option<&str>) {
        if self.names.is_empty() {
            let text = match (&self.id, self.shown) {
                (None, _) => "The request names no trace.",
                (Some(_), None) => why.unwrap_or("Asking X-Ray for it …"),
                (Some(_), Some(_)) => "X-Ray does not have it: not sampled, or not there yet (up to a minute).",
            };
            put(buffer, area, text, theme.style(Role::Muted), Align::Left);
            return;
        }
        if let Some(beside) = &self.beside {
            let view = self.list.visible(beside.steps.len(), usize::from(area.height).saturating_sub(1));
            let cursor = self.list.row().checked_sub(view.start).filter(|_| focused);
            return beside.draw(buffer, area, view, (cursor, theme));
        }
        let said = &self.figures.notes;
        let lines = said.len().min(usize::from(area.height) / 4);
        let room = usize::from(area.height).saturating_sub(1 + lines);
        let view = self.list.visible(self.rows.len(), room);
        let cursor = self.list.row().checked_sub(view.start).filter(|_| focused);
        let bars: Vec<Bar> = self.rows[view].iter().filter_map(|&at| self.bar(at)).collect();
        let length = self.figures.extent.1 - self.figures.extent.0;
        let tick = |share: f64| units::value(length * share, Unit::Seconds);
        let ticks = ["0", &tick(0.5), &tick(1.0)];
        Waterfall { bars: &bars, names: self.figures.names, cursor, ticks, theme }.draw(area, buffer);
        if self.rows.is_empty()
            && let Some(place) = line(area, 1)
        {
            put(buffer, place, "No span has that.", theme.style(Role::Muted), Align::Left);
        }
        for (n, text) in said.iter().take(lines).enumerate() {
            let more =
                if n + 1 == lines && said.len() > lines { format!(" ({} in all)", said.len()) } else { String::new() };
            let Some(foot) = line(area, 1 + room + n) else { break };
            put(buffer, foot, &format!("{}{more}", clean(text)), theme.style(Role::Warning), Align::Left);
        }
    }
}

/// The colour of a bar; that it is still open its form says.
const fn role(span: &Span) -> Role {
    match verdict::role(span.verdict()) {
        Role::Pending => Role::Segment,
        role => role,
    }
}

/// A span's name, with the operation of an AWS call.
fn name(span: &Span) -> String {
    let state = if span.end_s.is_none() { " (in progress)" } else { "" };
    format!("{}{state}", clean(&label(span)))
}
