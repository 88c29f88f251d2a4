//! One request: its facts, its log lines and its trace.

use std::borrow::Cow;

use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::Widget;

use crate::app::action::Action;
use crate::app::effect::Subscription;
use crate::clock::Time;
use crate::panes::{Cx, Exported, Pane, Reaction, Target, exported, fit, source_note};
use crate::store::health::{Health, SourceId};
use crate::store::log::RequestLines;
use crate::store::request::Request;
use crate::text::{clean, width};
use crate::widgets::area::padded;
use crate::widgets::facts::{draw as draw_facts, lines as facts_lines};
use crate::widgets::frame::pane_frame;

pub(in crate::panes) mod browser;
mod facts;
mod lines;
mod sections;
mod spans;
mod told;
mod words;

use browser::Browser;
use lines::Lines;
use sections::{Section, arrange};
use spans::Spans;

/// What is done in the waterfall alone, and reaches it from the lines and the segment too.
const OF_TRACE: [Action; 4] = [Action::Compare, Action::FirstFault, Action::Sort, Action::Reverse];

/// One request, from its row in the feed down to the exception in a segment.
///
/// ```text
/// ┌ Request corr_9f27c1ab ─────────────────────────────────────────────────────┐
/// │ ✗ FAILED  TSP_TIMEOUT  latency 24.3s  ended 10:28:06.747  started 10:27:42 │
/// │ wallet GooglePay  issuer Contoso_Bank  device Pixel 8  trace 1-5f2aef12-6… │
/// ├ Lines · 2 ──────────────────────────┬ Trace · 24.3 s · 3 faults ───────────┤
/// │ ▸ 10:27:42.447 … TOKEN_PROVISION_S… │   segment       took  0      24.3 s  │
/// │ ▾ 10:28:06.747 ✗ TOKEN_PROVISION_F… │ ✗ TokenProvis… 24.3 s ━━━━━━━━━━━━━  │
/// │     reason: TSP_TIMEOUT             │ ◇   DynamoDB   260 ms ━              │
/// │     processingTime: 24.3            │ ✗   Tokeniza…  23.8 s  ━━━━━━━━━━━━  │
/// └─────────────────────────────────────┴──────────────────────────────────────┘
/// ```
///
/// Lines, trace and the segment under the cursor stand side by side, one above the other, or one at a time, as there
/// is room. Where a trace was opened, its waterfall stands above the other two; `next-pane` goes round them, and `maximise` gives one the whole screen.
#[derive(Debug)]
pub struct RequestDetail {
    id: String,
    /// The trace, where it was opened by its own id.
    trace: Option<String>,
    /// The request as it was last seen: the feed may have dropped it meanwhile.
    known: Option<Request>,
    section: Section,
    /// Whether one section has the whole screen.
    is_whole: bool,
    lines: Lines,
    spans: Spans,
    segment: Browser,
    /// The span whose document `segment` is about, the answer that it is from, and those that its lines are from.
    segment_of: (Option<String>, Option<Time>, Vec<(Time, usize)>),
}

impl RequestDetail {
    /// The detail of a request of the feed, by its request id.
    pub fn new(id: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            trace: None,
            known: None,
            section: Section::Lines,
            is_whole: false,
            lines: Lines::default(),
            spans: Spans::default(),
            segment: Browser::default(),
            segment_of: (None, None, Vec::new()),
        }
    }

    /// The detail of a trace, by its id: its waterfall, and the lines that carry the id.
    pub fn of_trace(id: impl Into<String>) -> Self {
        let id = id.into();
        Self { trace: Some(id.clone()), section: Section::Trace, ..Self::new(id) }
    }

    /// The detail of a trace with the cursor on one of its segments.
    pub fn of_segment(trace: &str, segment: &str) -> Self {
        Self { spans: Spans::at_segment(trace, segment), ..Self::of_trace(trace) }
    }

    fn request<'a>(&'a self, cx: &Cx<'a>) -> Option<Cow<'a, Request>> {
        let known = cx.store.requests.by_id(&self.id).or(self.known.as_ref()).map(Cow::Borrowed);
        known.or_else(|| told::request(&self.id, cx).map(Cow::Owned))
    }

    /// The value by which its lines are found.
    fn lookup(&self, cx: &Cx<'_>) -> String {
        let request = self.request(cx);
        let correlation = request.as_ref().and_then(|request| request.correlation_id.as_deref());
        correlation.unwrap_or(&self.id).to_owned()
    }

    /// The values by which lines are found: what joins the request's, and what the service under the cursor calls it.
    fn lookups(&self, cx: &Cx<'_>) -> Vec<String> {
        let mut values = vec![self.lookup(cx)];
        let own =
            self.spans.request_id().filter(|id| *id != values[0] && self.request(cx).is_none_or(|it| &*it.id != *id));
        values.extend(own.map(str::to_owned));
        values
    }

    fn trace_id(&self, cx: &Cx<'_>) -> Option<String> {
        self.trace.clone().or_else(|| self.request(cx)?.trace_id.as_deref().map(str::to_owned))
    }

    /// Brings what is remembered up to date with the store.
    fn keep_up(&mut self, cx: &Cx<'_>) {
        let request = self.request(cx).filter(|request| self.known.as_ref() != Some(request)).map(Cow::into_owned);
        if request.is_some() {
            self.known = request;
        }
        let id = self.known.as_ref().map_or(self.id.as_str(), |request| &request.id).to_owned();
        self.lines.keep_up(cx, &self.lookup(cx), &id);
        self.spans.keep_up(cx, self.trace_id(cx).as_deref());
        let lookups = self.lookups(cx);
        let answers: Vec<&RequestLines> =
            lookups.iter().filter_map(|value| Some(&cx.store.lines.get(value)?.data)).collect();
        let lines = answers.iter().map(|answer| (answer.at, answer.lines.len())).collect();
        let now = (self.spans.key(), self.spans.shown(), lines);
        if now != self.segment_of {
            self.segment.show(self.spans.document(&answers, cx));
            self.segment_of = now;
        }
    }

    fn on_section(&mut self, action: Action, cx: &Cx<'_>) -> Reaction {
        let under = match self.section {
            Section::Lines => self.lines.trace(),
            Section::Segment => self.segment.trace(),
            Section::Trace => None,
        };
        // Another trace, which this one links to; the same is at hand.
        if let (Action::Open, Some(id)) = (action, under) {
            if self.trace_id(cx).as_ref() != Some(&id) {
                return Reaction::Open(Target::Trace(id));
            }
            self.section = Section::Trace;
            return Reaction::Handled;
        }
        // What only a waterfall has a use for goes to it from wherever the cursor is.
        if self.section != Section::Trace && OF_TRACE.contains(&action) {
            let taken = self.spans.on(action, cx);
            if taken {
                self.section = Section::Trace;
            }
            return if taken { Reaction::Handled } else { Reaction::Ignored };
        }
        let taken = match self.section {
            Section::Lines => self.lines.on(action),
            Section::Trace if action == Action::Open && self.spans.key().is_some() => {
                self.section = Section::Segment;
                true
            }
            Section::Trace => self.spans.on(action, cx),
            Section::Segment if action == Action::Back => {
                self.section = Section::Trace;
                true
            }
            Section::Segment => self.segment.on(action),
        };
        if taken { Reaction::Handled } else { Reaction::Ignored }
    }

    fn draw_section(&mut self, section: Section, alone: bool, buffer: &mut Buffer, area: Rect, cx: &Cx<'_>) {
        let health = match section {
            Section::Lines => Some(self.lines.health(cx)),
            Section::Trace => self.spans.health(cx),
            Section::Segment => None,
        };
        let focused = cx.focused && self.section == section;
        let why = health.and_then(Health::trouble).map(|(error, _)| clean(&error.message).into_owned());
        let note = health.and_then(|health| source_note(health, cx.now));
        let room = fit::room(area.width, note.as_ref().map(|(text, _)| text.as_str()));
        let mut title = match section {
            Section::Lines => self.lines.title(),
            Section::Trace => self.spans.title(room),
            Section::Segment => self.spans.segment_title(),
        };
        if alone {
            // In the order in which `next-pane` goes to them, as far as there is room.
            let next = format!(" · next: {}", section.step(1).name());
            let others = [format!("{next}, {}", section.step(2).name()), next];
            let told = others.iter().find(|told| width(&title) + width(told) <= room);
            title.extend(told.map(String::as_str));
        }
        let block = pane_frame(&title, note.as_ref().map(|(text, role)| (text.as_str(), *role)), focused, cx.theme);
        let inner = padded(block.inner(area));
        block.render(area, buffer);
        match section {
            Section::Lines => self.lines.draw(buffer, inner, cx.theme, focused, why.as_deref()),
            Section::Trace => self.spans.draw(buffer, inner, cx.theme, focused, why.as_deref()),
            Section::Segment => self.segment.draw(buffer, inner, cx.theme, focused, "No segment."),
        }
    }
}

impl Pane for RequestDetail {
    fn title(&self, cx: &Cx<'_>) -> String {
        match &self.trace {
            Some(id) => format!("Trace {}", clean(id)),
            None => format!("Request {}", clean(&self.lookup(cx))),
        }
    }

    fn wants(&self, cx: &Cx<'_>) -> Vec<Subscription> {
        let mut wants: Vec<Subscription> = self.lookups(cx).into_iter().map(Subscription::Lines).collect();
        wants.extend(self.trace_id(cx).map(Subscription::Trace));
        wants
    }

    fn on(&mut self, action: Action, cx: &Cx<'_>) -> Reaction {
        self.keep_up(cx);
        match action {
            Action::NextPane => self.section = self.section.step(1),
            Action::Maximise => self.is_whole = !self.is_whole,
            Action::PreviousPane => self.section = self.section.step(Section::ALL.len() - 1),
            _ => return self.on_section(action, cx),
        }
        Reaction::Handled
    }

    fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, cx: &Cx<'_>) {
        self.keep_up(cx);
        let facts = match (self.request(cx), &self.trace) {
            (Some(request), _) => facts::of(&request, cx),
            (None, Some(id)) => facts::of_trace(id, self.spans.trace(), cx),
            (None, None) => vec![facts::unknown(&self.id)],
        };
        let is_trace = self.trace.is_some();
        let plan =
            arrange(area, is_trace, self.section, facts_lines(&facts, area.width.saturating_sub(4)), self.is_whole);
        let block = pane_frame(&self.title(cx), None, false, cx.theme);
        let inner = padded(block.inner(plan.facts));
        let buffer = frame.buffer_mut();
        block.render(plan.facts, buffer);
        draw_facts(&facts, buffer, inner, cx.theme);
        let alone = plan.sections.len() == 1;
        for (section, area) in plan.sections {
            self.draw_section(section, alone, buffer, area, cx);
        }
    }

    fn hints(&self) -> Option<&'static [(Action, &'static str)]> {
        (self.section == Section::Trace).then(|| words::keys(self.spans.is_compared()))
    }

    fn sentence(&self, action: Action) -> Option<&'static str> {
        words::sentence(action)
    }

    fn refusal(&self, action: Action, cx: &Cx<'_>) -> Option<String> {
        if !OF_TRACE.contains(&action) {
            return None;
        }
        let why = match (self.trace_id(cx), self.spans.trace()) {
            (None, _) => words::NO_TRACE,
            (Some(_), None) => words::NOT_THERE,
            (Some(_), Some(_)) if self.spans.is_compared() => words::COMPARED_ALREADY,
            (Some(_), Some(_)) if action == Action::Compare => words::LONELY,
            (Some(_), Some(_)) => return None,
        };
        Some(why.to_owned())
    }

    fn filter(&self) -> Option<&str> {
        (self.section == Section::Trace).then(|| self.spans.filter())
    }

    fn set_filter(&mut self, text: &str, _cx: &Cx<'_>) {
        self.spans.set_filter(text);
    }

    fn identifier(&self, cx: &Cx<'_>) -> Option<String> {
        let value = match self.section {
            Section::Lines => self.lines.value(),
            Section::Trace => self.trace_id(cx),
            Section::Segment => self.segment.scalar(),
        };
        value.or_else(|| Some(self.lookup(cx)))
    }

    fn copied(&self, cx: &Cx<'_>) -> Option<String> {
        match self.section {
            Section::Lines => self.lines.copied(),
            Section::Trace => self.spans.copied().or_else(|| self.trace_id(cx).map(|id| clean(&id).into_owned())),
            Section::Segment => self.segment.copied(),
        }
    }

    fn exported(&self, cx: &Cx<'_>) -> Option<Exported> {
        if self.section != Section::Lines
            && let Some(trace) = self.spans.trace()
        {
            return Some(exported::spans(trace).at(Some(self.spans.row())));
        }
        let lines = &cx.store.lines.get(&self.lookup(cx))?.data.lines;
        let rows = lines.iter().map(|(group, line)| (line.time, group.as_str(), &*line.message));
        Some(exported::lines(&self.title(cx), rows).at(self.lines.row()))
    }
}

/// The health of an answer: the source's where its newest call failed, as that is news about this answer too.
fn answer_health<'a>(cx: &Cx<'a>, source: SourceId, answer: Option<&'a Health>) -> &'a Health {
    let general = cx.store.health(source);
    match (general.trouble(), answer) {
        (Some(_), _) => general,
        (None, Some(health)) => health,
        (None, None) => &Health::Waiting,
    }
}

#[cfg(test)]
mod tests;
