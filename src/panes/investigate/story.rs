//! One story: summary, identifiers, events, and what was searched.

use std::sync::Arc;

use ratatui::Frame;
use ratatui::layout::Rect;
use serde_json::Value;

use super::draw;
use super::scroll::Scroll;
use crate::analysis::story::{Row, pasted, rows};
use crate::app::action::Action;
use crate::app::effect::Subscription;
use crate::clock::Time;
use crate::panes::request::browser::Browser;
use crate::panes::{Ask, Cx, Exported, Pane, Reaction, Target, exported};
use crate::store::story::{Event, Origin, Outcome, Story, StoryQuery};
use crate::text::clean;
use crate::text::time::clock_ms;
use crate::widgets::list::ListState;
use crate::widgets::theme::Role;
use crate::widgets::tree::Root;

/// What tells a row apart: its time and its text, or where a gap ends.
pub(super) type Key = (Time, String);

/// One story.
///
/// ```text
/// ┌ Investigate corr_9f27c1ab ─────────────────────────────────────────── searching, 3 of 5 ┐
/// │ Failed: TSP_TIMEOUT, 24.7 s in all. First failure at 10:27:43.407 UTC: TSP POST https:… │
/// │ correlationId corr_9f27c1ab · requestId 8b291a22-… · traceId 1-6968c117-…               │
/// ├ Events · 13 ────────────────────────────────────────────────────────────────────────────┤
/// │   10:27:35.004  24.7 s xray  token-api                FAULT   POST https://token-api…   │
/// │   10:27:35.004         logs  token-provisioning-se…   PENDING TOKEN_PROVISION_START     │
/// │ ▶ 10:27:35.407  8.00 s xray      TSP                  FAULT   POST https://tsp.exampl…  │
/// │   …     8.00 s                                                TSP at work               │
/// ├ Searched · $0.0004 ─────────────────────────────────────────────────────────────────────┤
/// │ 10 log groups  logs:StartQuery  10:27 yesterday → 10:28  12 events  $0.0003             │
/// └─────────────────────────────────────────────────────────────────────────────────────────┘
/// ```
#[derive(Debug)]
pub struct StoryPane {
    pub(super) query: StoryQuery,
    pub(super) list: ListState<Key>,
    pub(super) filter: String,
    /// The log line or document that is open, with its tree.
    pub(super) record: Option<(Key, Browser)>,
    /// Whether the cursor was moved by hand: until then it stands on the failing event.
    pub(super) placed: bool,
    /// The part that keys go to.
    pub(super) section: Section,
    /// Whether that has the whole screen.
    pub(super) is_whole: bool,
    /// How far the summary is scrolled.
    pub(super) summary: Scroll,
    /// How far what was searched is.
    pub(super) searched: Scroll,
    /// The finished story that another one is asked for in place of.
    stale: Option<Arc<Story>>,
}

/// A part of the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Section {
    /// What happened.
    #[default]
    Events,
    /// What was searched, and what a reader should know.
    Searched,
    /// The paragraph on top, and the identifiers.
    Summary,
}

impl Section {
    const ALL: [Self; 3] = [Self::Events, Self::Searched, Self::Summary];

    fn step(self, by: usize) -> Self {
        let at = Self::ALL.iter().position(|section| *section == self).unwrap_or(0);
        Self::ALL[(at + by) % Self::ALL.len()]
    }
}

impl StoryPane {
    /// The story of one or several identifiers, apart by blanks, as they are typed or pasted.
    pub fn new(text: &str) -> Self {
        let identifiers = pasted::values(text);
        Self {
            query: StoryQuery { identifiers, ..StoryQuery::of("") },
            list: ListState::new(),
            filter: String::new(),
            record: None,
            placed: false,
            section: Section::Events,
            is_whole: false,
            summary: Scroll::default(),
            searched: Scroll::default(),
            stale: None,
        }
    }

    pub(super) fn story(&self, cx: &Cx<'_>) -> Option<Arc<Story>> {
        cx.store.stories.get(&self.query).map(|feed| Arc::clone(&feed.data))
    }

    /// Whether the story is whole, and no other is wanted: it is shown as it is, as asking costs again.
    fn is_kept(&self, cx: &Cx<'_>) -> bool {
        let is_stale = |story: &Arc<Story>| self.stale.as_ref().is_some_and(|stale| Arc::ptr_eq(stale, story));
        self.story(cx).is_some_and(|story| !story.running && !is_stale(&story))
    }

    /// The rows that pass the filter, with their keys.
    pub(super) fn rows(&self, story: &Story) -> Vec<(Key, Row)> {
        let wanted = self.filter.to_lowercase();
        let passes = |event: &Event| {
            let texts = [&event.what, &event.service, &event.status, &event.source(), &event.text];
            texts.iter().any(|text| text.to_lowercase().contains(&wanted))
        };
        let keyed = rows(story).into_iter().enumerate().filter_map(|(place, row)| match row {
            Row::Event(index) => {
                let event = story.events.get(index)?;
                (wanted.is_empty() || passes(event)).then(|| (key(event), row))
            }
            Row::Gap(..) if !wanted.is_empty() => None,
            Row::Gap(..) => Some(((Time::MIN_UTC, place.to_string()), row)),
        });
        keyed.collect()
    }

    /// The row under the cursor.
    fn row(&self, story: &Story) -> Option<Row> {
        let rows = self.rows(story);
        let keys: Vec<Key> = rows.iter().map(|(key, _)| key.clone()).collect();
        rows.get(self.list.clone().sync(&keys)?).map(|(_, row)| *row)
    }

    /// The event under the cursor.
    fn current(&self, story: &Story) -> Option<Event> {
        match self.row(story)? {
            Row::Event(index) => story.events.get(index).cloned(),
            Row::Gap(..) => None,
        }
    }

    fn seek(&mut self, story: &Story, later: bool) -> bool {
        let rows = self.rows(story);
        let keys: Vec<Key> = rows.iter().map(|(key, _)| key.clone()).collect();
        let Some(now) = self.list.sync(&keys) else { return false };
        let failed = |row: &Row| match row {
            Row::Event(index) => story.events.get(*index).is_some_and(|event| event.outcome == Outcome::Failed),
            Row::Gap(..) => false,
        };
        let mut failing = rows.iter().enumerate().filter(|(_, (_, row))| failed(row)).map(|(index, _)| index);
        let next = if later { failing.find(|index| *index > now) } else { failing.rfind(|index| *index < now) };
        if let Some(next) = next {
            self.list.select_row(next, &keys);
        }
        next.is_some()
    }

    /// Opens what is under the cursor: a trace, or the whole line as a tree; of a gap the segment that was at work.
    fn open(&mut self, cx: &Cx<'_>) -> Reaction {
        let Some(story) = self.story(cx) else { return Reaction::Ignored };
        let event = match self.row(&story) {
            Some(Row::Event(index) | Row::Gap(_, Some(index))) => story.events.get(index).cloned(),
            Some(Row::Gap(_, None)) => return Reaction::Handled,
            None => None,
        };
        let Some(event) = event else { return Reaction::Ignored };
        if story.is_shared()
            && let Some(request) = &event.request
        {
            return Reaction::Open(Target::Find(request.clone()));
        }
        match (&event.origin, &event.trace, &event.segment) {
            (Some(Origin::XRay), Some(trace), Some(segment)) => {
                return Reaction::Open(Target::Segment { trace: trace.clone(), segment: segment.clone() });
            }
            (Some(Origin::XRay), Some(trace), None) => return Reaction::Open(Target::Trace(trace.clone())),
            (_, _, _) => {}
        }
        let mut browser = Browser::default();
        browser.show(vec![root(&event, cx)]);
        self.record = Some((key(&event), browser));
        Reaction::Handled
    }
}

impl StoryPane {
    fn on_section(&mut self, action: Action, cx: &Cx<'_>) -> Reaction {
        let scrolled = match self.section {
            Section::Events => return self.on_events(action, cx),
            Section::Searched => self.searched.on(action),
            Section::Summary => self.summary.on(action),
        };
        if scrolled { Reaction::Handled } else { Reaction::Ignored }
    }

    fn on_events(&mut self, action: Action, cx: &Cx<'_>) -> Reaction {
        let Some(story) = self.story(cx) else { return Reaction::Ignored };
        let keys: Vec<Key> = self.rows(&story).into_iter().map(|(key, _)| key).collect();
        if self.list.on(action, &keys) {
            self.placed = true;
            return Reaction::Handled;
        }
        match action {
            Action::Open => self.open(cx),
            Action::NextError | Action::PreviousError => {
                self.placed = true;
                if self.seek(&story, action == Action::NextError) { Reaction::Handled } else { Reaction::Ignored }
            }
            _ => Reaction::Ignored,
        }
    }
}

fn key(event: &Event) -> Key {
    (event.time, event.segment.clone().unwrap_or_else(|| format!("{}{}", event.source(), event.text)))
}

/// The whole line as a tree.
fn root(event: &Event, cx: &Cx<'_>) -> Root {
    let value = event.text.find('{').and_then(|at| serde_json::from_str::<Value>(event.text[at..].trim_end()).ok());
    let head = vec![
        (clock_ms(&cx.zone.at(event.time)), Role::Muted),
        (format!(" {} ", clean(&event.source())), Role::Strong),
        (clean(&event.what).into_owned(), Role::Text),
    ];
    let value = value.unwrap_or_else(|| Value::String(event.text.trim_end().to_owned()));
    Root { id: "record".to_owned(), head, value, open: true }
}

impl Pane for StoryPane {
    fn title(&self, _cx: &Cx<'_>) -> String {
        format!("Investigate {}", clean(&self.query.identifiers.join(" ")))
    }

    fn wants(&self, cx: &Cx<'_>) -> Vec<Subscription> {
        if self.is_kept(cx) { Vec::new() } else { vec![Subscription::Story(self.query.clone())] }
    }

    fn on(&mut self, action: Action, cx: &Cx<'_>) -> Reaction {
        if action == Action::Refresh {
            self.stale = self.story(cx).filter(|story| !story.running);
            return Reaction::Handled;
        }
        if let Some((_, browser)) = &mut self.record {
            if action == Action::Back {
                self.record = None;
                return Reaction::Handled;
            }
            return if browser.on(action) { Reaction::Handled } else { Reaction::Ignored };
        }
        match action {
            Action::NextPane => self.section = self.section.step(1),
            Action::PreviousPane => self.section = self.section.step(Section::ALL.len() - 1),
            Action::Maximise => self.is_whole = !self.is_whole,
            Action::Back if self.is_whole || self.section != Section::Events => {
                (self.is_whole, self.section) = (false, Section::Events);
            }
            _ => return self.on_section(action, cx),
        }
        Reaction::Handled
    }

    fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, cx: &Cx<'_>) {
        draw::draw(self, frame, area, cx);
    }

    fn filter(&self) -> Option<&str> {
        Some(&self.filter)
    }

    fn set_filter(&mut self, text: &str, _cx: &Cx<'_>) {
        text.clone_into(&mut self.filter);
        self.placed = true;
        self.section = Section::Events;
    }

    fn prompt(&self, ask: Ask, _cx: &Cx<'_>) -> Option<String> {
        (ask == Ask::Identifier).then(String::new)
    }

    fn stands_still(&self, _cx: &Cx<'_>) -> Option<String> {
        Some("a story is looked for whatever window is on screen".to_owned())
    }

    fn identifier(&self, cx: &Cx<'_>) -> Option<String> {
        if let Some((_, browser)) = &self.record {
            return browser.scalar();
        }
        // A shared text leads to its requests.
        let story = self.story(cx).filter(|story| story.is_shared())?;
        self.current(&story)?.request
    }

    fn exported(&self, cx: &Cx<'_>) -> Option<Exported> {
        let story = self.story(cx)?;
        let rows = self.rows(&story);
        let of_event = |row: &Row| match row {
            Row::Event(index) => Some(*index),
            Row::Gap(..) => None,
        };
        let events: Vec<usize> = rows.iter().filter_map(|(_, row)| of_event(row)).collect();
        let keys: Vec<Key> = rows.iter().map(|(key, _)| key.clone()).collect();
        let at = self.list.clone().sync(&keys).and_then(|row| of_event(&rows.get(row)?.1));
        let at = at.and_then(|index| events.iter().position(|event| *event == index));
        Some(exported::story(&self.title(cx), &story, &events).at(at))
    }

    fn copied(&self, cx: &Cx<'_>) -> Option<String> {
        if let Some((_, browser)) = &self.record {
            return browser.copied();
        }
        let story = self.story(cx)?;
        match self.current(&story) {
            Some(Event { request: Some(request), .. }) if story.is_shared() => Some(clean(&request).into_owned()),
            Some(event) => Some(clean(&event.text).into_owned()),
            None => Some(clean(&self.query.identifiers.join(" ")).into_owned()),
        }
    }
}
