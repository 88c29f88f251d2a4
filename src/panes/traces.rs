//! The traces behind an alarm or a metric: those with faults, in the stretch in which it went wrong.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::widgets::Widget;

use super::inquiry::{About, span_text};
use super::{Cx, Exported, Pane, Reaction, Target, exported, source_note};
use crate::app::action::Action;
use crate::app::effect::Subscription;
use crate::board::Unit;
use crate::store::health::{Feed, Health, SourceId};
use crate::store::trace_list::{TraceList, TraceQuery, TraceSummary};
use crate::text::{Align, clean, clean_field_head, clean_head, pad, time, units, width};
use crate::widgets::area::{cut_top, padded};
use crate::widgets::frame::pane_frame;
use crate::widgets::legend::glyph;
use crate::widgets::list::ListState;
use crate::widgets::print::{line, put, put_next, wrap};
use crate::widgets::selection::select;
use crate::widgets::theme::Role;

/// Bytes of a name or value that are shown in a row; X-Ray keeps no longer ones.
const ANNOTATION: usize = 1_024;

/// Traces in a list. Enter opens a trace's waterfall.
///
/// ```text
/// ┌ Traces behind HighFailureRate · 10:10 → now, 18m ─────────────────────────────────────┐
/// │ service("TokenProvisioningService") { fault = true }                                  │
/// │ ✗ 10:27:35.612  24.3 s  token-api/prod  POST https://…/tokens 504  Issuer Contoso_Ba… │
/// │ ✗ 10:27:35.511  24.2 s  token-api/prod  POST https://…/tokens 504  Issuer Contoso_Ba… │
/// │ 200 traces, newest first · there are more · X-Ray went through 4,120                  │
/// └───────────────────────────────────────────────────────────────────────────────────────┘
/// ```
#[derive(Debug)]
pub struct TracesPane {
    about: About,
    list: ListState<String>,
    filter: String,
}

/// What the pane shows.
#[derive(Debug, PartialEq)]
pub struct TracesView {
    /// The title.
    pub title: String,
    /// X-Ray's filter expression.
    pub expression: String,
    /// The rows, newest first.
    pub rows: Vec<TraceRow>,
    /// How many there are.
    pub foot: String,
    /// What is said where there is none.
    pub empty: String,
}

/// A trace in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TraceRow {
    /// Its id.
    pub id: String,
    /// What is wrong with it.
    pub role: Role,
    /// When it started.
    pub start: String,
    /// How long it took.
    pub took: String,
    /// By which service it came in.
    pub entry: String,
    /// Its request, and what is annotated.
    pub text: String,
}

impl TracesPane {
    /// The traces behind something.
    pub fn new(about: About) -> Self {
        Self { about, list: ListState::new(), filter: String::new() }
    }

    fn query(&self, cx: &Cx<'_>) -> Option<TraceQuery> {
        self.about.inquire(cx).map(|inquiry| inquiry.faults())
    }

    fn answer<'a>(&self, cx: &Cx<'a>) -> Option<&'a Feed<TraceList>> {
        cx.store.trace_lists.get(&self.query(cx)?)
    }

    /// What is shown; `None` while nothing is known of what it is about.
    pub fn view(&self, cx: &Cx<'_>) -> Option<TracesView> {
        let inquiry = self.about.inquire(cx)?;
        let answer = self.answer(cx);
        let traces = answer.map_or(&[][..], |answer| &answer.data.traces);
        let wanted = self.filter.to_lowercase();
        let rows: Vec<TraceRow> = traces.iter().map(|trace| row(trace, cx)).collect();
        let rows: Vec<TraceRow> = rows.into_iter().filter(|row| row.holds(&wanted)).collect();
        let trouble = cx.store.health(SourceId::TraceSummaries).trouble();
        let foot = answer.map(|answer| foot(&answer.data, rows.len(), &self.filter)).unwrap_or_default();
        let empty = match (answer, trouble) {
            (Some(answer), _) if !answer.data.traces.is_empty() => "no trace passes the filter".to_owned(),
            (Some(_), _) => "X-Ray has no such trace in this stretch of time".to_owned(),
            (None, Some((error, _))) => clean(&error.message).into_owned(),
            (None, None) => "asking X-Ray …".to_owned(),
        };
        Some(TracesView {
            title: format!("Traces behind {} · {}", inquiry.name, span_text(inquiry.span, cx)),
            expression: clean(&inquiry.faults().filter).into_owned(),
            rows,
            foot,
            empty,
        })
    }

    fn ids(&self, cx: &Cx<'_>) -> Vec<String> {
        self.view(cx).map(|view| view.rows.into_iter().map(|row| row.id).collect()).unwrap_or_default()
    }

    fn health<'a>(&self, cx: &Cx<'a>) -> &'a Health {
        let general = cx.store.health(SourceId::TraceSummaries);
        match (general.trouble(), self.answer(cx)) {
            (None, Some(answer)) => &answer.health,
            (Some(_), _) | (None, None) => general,
        }
    }
}

fn foot(list: &TraceList, shown: usize, filter: &str) -> String {
    let count = if list.traces.len() == 1 { "1 trace".to_owned() } else { format!("{} traces", list.traces.len()) };
    let count = if filter.is_empty() { count } else { format!("{shown} of {count} · filter \"{}\"", clean(filter)) };
    let more = if list.more { " · there are more" } else { "" };
    format!("{count}, newest first{more} · X-Ray went through {}", list.scanned)
}

impl TraceRow {
    fn holds(&self, wanted: &str) -> bool {
        wanted.is_empty() || [&self.id, &self.entry, &self.text].iter().any(|text| text.to_lowercase().contains(wanted))
    }
}

fn row(trace: &TraceSummary, cx: &Cx<'_>) -> TraceRow {
    let role = match trace {
        TraceSummary { fault: true, .. } => Role::Fault,
        TraceSummary { throttle: true, .. } => Role::Throttle,
        TraceSummary { error: true, .. } => Role::Error,
        _ => Role::Segment,
    };
    let annotations = trace.annotations.iter().map(|(name, value)| {
        let value = clean_field_head(name, value, ANNOTATION);
        format!("{} {value}", clean_head(name, ANNOTATION))
    });
    let parts = std::iter::once(clean_head(&trace.http(), ANNOTATION).into_owned())
        .filter(|text| !text.is_empty())
        .chain(annotations);
    TraceRow {
        id: trace.id.clone(),
        role,
        start: trace.start.map_or_else(|| units::NOTHING.to_owned(), |at| time::clock_ms(&cx.zone.at(at))),
        took: units::value(trace.duration_s, Unit::Seconds),
        entry: clean(&trace.entry).into_owned(),
        text: parts.collect::<Vec<_>>().join("  "),
    }
}

impl Pane for TracesPane {
    fn title(&self, cx: &Cx<'_>) -> String {
        self.view(cx).map_or_else(|| "Traces".to_owned(), |view| view.title)
    }

    fn wants(&self, cx: &Cx<'_>) -> Vec<Subscription> {
        let asked = self.about.wants(cx).into_iter();
        // Whose traces these are does not depend on metric filters.
        let asked = asked.filter(|wanted| !matches!(wanted, Subscription::MetricFilters { .. }));
        asked.chain(self.query(cx).map(Subscription::TraceSummaries)).collect()
    }

    fn on(&mut self, action: Action, cx: &Cx<'_>) -> Reaction {
        let ids = self.ids(cx);
        if action == Action::Open {
            return self
                .list
                .sync(&ids)
                .map_or(Reaction::Handled, |row| Reaction::Open(Target::Trace(ids[row].clone())));
        }
        let step = match action {
            // Every trace of this list has failed.
            Action::NextError => Action::Down,
            Action::PreviousError => Action::Up,
            action => action,
        };
        if self.list.on(step, &ids) { Reaction::Handled } else { Reaction::Ignored }
    }

    fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, cx: &Cx<'_>) {
        let buf = frame.buffer_mut();
        let note = source_note(self.health(cx), cx.now);
        let view = self.view(cx);
        let title = view.as_ref().map_or("Traces", |view| view.title.as_str());
        let note = note.as_ref().map(|(text, role)| (text.as_str(), *role));
        let block = pane_frame(title, note, cx.focused, cx.theme);
        let inner = padded(block.inner(area));
        block.render(area, buf);
        let Some(view) = view else {
            put(buf, inner, "waiting for what these traces are about", cx.theme.style(Role::Muted), Align::Left);
            return;
        };
        let (head, rest) = cut_top(inner, 1);
        put(buf, head, &view.expression, cx.theme.style(Role::Strong), Align::Left);
        let (list, foot) = cut_top(rest, rest.height.saturating_sub(1));
        put(buf, foot, &view.foot, cx.theme.style(Role::Muted), Align::Left);
        for (n, text) in wrap(&view.empty, usize::from(list.width)).iter().enumerate().filter(|_| view.rows.is_empty())
        {
            let Some(place) = line(list, n) else { return };
            put(buf, place, text, cx.theme.style(Role::Muted), Align::Left);
        }
        let ids: Vec<String> = view.rows.iter().map(|row| row.id.clone()).collect();
        let selected = self.list.sync(&ids);
        let entries = view.rows.iter().map(|row| width(&row.entry)).max().unwrap_or(0).min(30);
        for (n, index) in self.list.visible(ids.len(), usize::from(list.height)).enumerate() {
            let (Some(place), Some(row)) = (line(list, n), view.rows.get(index)) else { break };
            let rest = put_next(buf, place, &format!("{} ", glyph(row.role)), cx.theme.style(row.role));
            let rest = put_next(buf, rest, &format!("{}  ", row.start), cx.theme.style(Role::Muted));
            let took = format!("{}  ", pad(&row.took, 7, Align::Right));
            let rest = put_next(buf, rest, &took, cx.theme.style(Role::Strong));
            let rest = put_next(buf, rest, &pad(&row.entry, entries + 2, Align::Left), cx.theme.style(Role::Text));
            put(buf, rest, &row.text, cx.theme.style(Role::Muted), Align::Left);
            if cx.focused && selected == Some(index) {
                select(buf, place, cx.theme);
            }
        }
    }

    fn stands_still(&self, cx: &Cx<'_>) -> Option<String> {
        self.about.stands_still(cx)
    }

    fn filter(&self) -> Option<&str> {
        Some(&self.filter)
    }

    fn set_filter(&mut self, text: &str, _cx: &Cx<'_>) {
        text.clone_into(&mut self.filter);
    }

    fn identifier(&self, cx: &Cx<'_>) -> Option<String> {
        let ids = self.ids(cx);
        let row = self.list.clone().sync(&ids)?;
        Some(ids[row].clone())
    }

    fn copied(&self, cx: &Cx<'_>) -> Option<String> {
        let ids = self.ids(cx);
        let row = self.list.clone().sync(&ids)?;
        Some(clean(&ids[row]).into_owned())
    }

    fn exported(&self, cx: &Cx<'_>) -> Option<Exported> {
        let ids = self.ids(cx);
        let traces = &self.answer(cx)?.data.traces;
        let shown: Vec<&TraceSummary> = traces.iter().filter(|trace| ids.contains(&trace.id)).collect();
        Some(exported::traces(&self.title(cx), &shown).at(self.list.clone().sync(&ids)))
    }
}

#[cfg(test)]
mod tests;
