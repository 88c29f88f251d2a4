//! What every message does. Synchronous: no clock, no file, no network, no waiting.

use std::collections::BTreeSet;
use std::time::Duration;

use chrono::TimeDelta;

use super::action::Action;
use super::effect::{Effect, Effects, Subscription, Watch};
use super::msg::{Msg, Update};
use super::overlay::Overlay;
use super::screen::ScreenId;
use super::{App, Known, Lent, NOTICE_SECONDS, episodes, freeze};
use crate::clock::Time;
use crate::panes::breakdown::Breakdown;
use crate::panes::chrome::{FilterLine, JumpLine, Notice, Problems, Prompt, RangePicker, Tone};
use crate::panes::{self, Ask, Reaction, Target, Zone};
use crate::store::episode::Entry;
use crate::store::health::SourceId;
use crate::store::window::Window;
use crate::text::truncate;

/// The shortest window that zooming reaches: five datapoints of a minute.
const SHORTEST_WINDOW: Duration = Duration::from_mins(5);
/// The longest window that zooming reaches: CloudWatch keeps datapoints of an hour this long.
const LONGEST_WINDOW: Duration = Duration::from_hours(455 * 24);

impl App {
    /// Sets the clock and asks for what the first screen needs.
    pub fn start(&mut self, now: Time) -> Effects {
        self.known.now = now;
        self.known.store.pass(now);
        self.dirty = true;
        let mut effects = self.look();
        effects.extend(self.watch());
        effects
    }

    /// Takes in one message and returns what is to be done about it.
    pub fn update(&mut self, msg: Msg) -> Effects {
        let mut effects = match msg {
            Msg::Input(event) => self.input(&event),
            Msg::Feed(update) => self.fold(update),
            // A failure of what was closed meanwhile is no news, and no later answer would take it back.
            Msg::Failed(source, _) if !self.asks(source) => Effects::new(),
            Msg::Failed(source, error) => {
                if let Some(frozen) = self.known.frozen.as_mut().filter(|_| source.is_of_detail()) {
                    frozen.fail(source, &error);
                }
                self.known.store.fail(source, &error);
                self.watchman.note_failure(source);
                self.dirty = true;
                Effects::new()
            }
            Msg::Tick(now) => {
                let mut effects = self.tick(now);
                effects.extend(self.look());
                effects
            }
            Msg::Notice(text) => {
                self.tell(Tone::Failed, text);
                Effects::new()
            }
            Msg::Exported(outcome) => self.exported(outcome),
            Msg::Terminate => vec![Effect::Quit],
        };
        effects.extend(self.watch());
        effects.extend(self.scan());
        self.remember(&effects);
        effects
    }

    /// Puts what is to be kept into the store, so that it shows at once and whatever becomes of the database.
    fn remember(&mut self, effects: &Effects) {
        for effect in effects {
            if let Effect::Remember(entry) = effect {
                self.known.store.remember(entry.clone());
                if let Some(frozen) = &mut self.known.frozen {
                    frozen.remember(entry.clone());
                }
                self.dirty = true;
            }
        }
    }

    fn fold(&mut self, update: Update) -> Effects {
        let news = !matches!(update, Update::Settled { .. });
        if let Update::HistoryTrouble(Some(trouble)) = &update {
            self.tell(Tone::Warning, trouble.clone());
        }
        let Known { store, frozen, board, place, .. } = &mut self.known;
        let told = episodes::told(&update, place, board, store);
        // A frozen screen shows only how much has arrived: the next tick is soon enough for that. What is opened while
        // it is frozen has been asked for, and shows.
        let shows = match frozen {
            None => news,
            Some(frozen) => freeze::thaw(&update, frozen).is_some_and(|answer| {
                frozen.fold(board, answer);
                true
            }),
        };
        self.watchman.note(&update);
        store.fold(board, update);
        self.dirty |= shows;
        let mut effects: Effects = told.into_iter().map(Entry::Episode).map(Effect::Remember).collect();
        effects.extend(self.look());
        effects
    }

    /// Evaluates the local rules that there are news of, or whose time has come.
    fn look(&mut self) -> Effects {
        let Known { store, board, place, now, .. } = &mut self.known;
        self.watchman.look(board, store, place, *now)
    }

    /// Whether a source serves something that is watched.
    fn asks(&self, source: SourceId) -> bool {
        let serves = |wanted: &Subscription| {
            wanted.source() == source || (source == SourceId::Tail && *wanted == Subscription::Feed)
        };
        self.watched.as_ref().is_none_or(|watch| watch.wanted.iter().any(serves))
    }

    fn tick(&mut self, now: Time) -> Effects {
        let second_passed = self.known.now.timestamp() != now.timestamp();
        self.known.now = now;
        self.known.store.pass(now);
        if let Some(frozen) = &mut self.known.frozen {
            frozen.pass(now);
        }
        if let Some((since, _)) = &self.notice
            && now - *since > TimeDelta::seconds(NOTICE_SECONDS)
            && self.known.problems.is_empty()
        {
            self.notice = None;
        }
        self.dirty |= second_passed;
        Effects::new()
    }

    /// Says that something was done.
    pub(super) fn say(&mut self, text: String) {
        self.tell(Tone::Done, text);
    }

    fn tell(&mut self, tone: Tone, text: String) {
        self.notice = Some((self.known.now, Notice { tone, text }));
        self.dirty = true;
    }

    /// Carries out an action: the program's own here, all others by the pane in front.
    #[expect(clippy::too_many_lines, reason = "one arm for each thing that can be done")]
    pub fn act(&mut self, action: Action) -> Effects {
        self.dirty = true;
        if moves_window(action)
            && let Some(why) = self.view().visible().first().and_then(|pane| pane.stands_still(&self.known.cx(true)))
            && !self.view().details.is_empty()
        {
            return self.cannot(&why);
        }
        match action {
            Action::ScreenOverview => self.show(ScreenId::Overview),
            Action::ScreenAlarms => self.show(ScreenId::Alarms),
            Action::ScreenMetrics => self.show(ScreenId::Metrics),
            Action::ScreenRequests => self.show(ScreenId::Requests),
            Action::ScreenServices => self.show(ScreenId::Services),
            Action::ScreenTraces => self.show(ScreenId::Traces),
            Action::ScreenLogs => self.show(ScreenId::Logs),
            Action::ScreenInvestigate => self.show(ScreenId::Investigate),
            Action::ScreenHistory => self.show(ScreenId::History),
            Action::NextPane | Action::PreviousPane => self.offer(action).unwrap_or_else(|| self.turn(action)),
            Action::Back => self.offer(action).unwrap_or_else(|| self.back()),
            Action::Maximise if self.view().details.is_empty() && self.view().panes.len() > 1 => {
                let view = &mut self.views[self.active];
                view.maximised = !view.maximised;
                Effects::new()
            }
            Action::TimeRange => {
                self.overlay(Overlay::Range(RangePicker::new(self.known.window, self.known.now, self.known.zone)))
            }
            Action::JumpToTime => self.overlay(Overlay::Jump(JumpLine::new(self.known.now, self.known.zone))),
            Action::Earlier => self.pan(-1),
            Action::Later => self.pan(1),
            Action::ZoomIn | Action::ZoomOut => self.zoom(action),
            Action::Now => self.show_window(Window::live(self.known.board.window)),
            Action::ToggleZone => {
                self.known.zone = match self.known.zone {
                    Zone::Utc => Zone::Local,
                    Zone::Local => Zone::Utc,
                };
                Effects::new()
            }
            Action::Filter => match self.filterable() {
                Some(text) => self.overlay(Overlay::Filter(FilterLine::new(&text))),
                None if self.view().id == ScreenId::Investigate => self.ask(Ask::Identifier),
                None => self.cannot("nothing to filter here"),
            },
            Action::Breakdown => self.offer(action).unwrap_or_else(|| self.break_down()),
            Action::Investigate => self.investigate(),
            Action::Open if self.view().id == ScreenId::Investigate => {
                self.offer(action).unwrap_or_else(|| self.ask(Ask::Identifier))
            }
            Action::Acknowledge | Action::Snooze => self.ask_remark(action),
            Action::Expression => self.ask(Ask::Expression),
            Action::Statistic => self.offer(action).unwrap_or_else(|| self.ask(Ask::Statistic)),
            Action::Period => self.ask(Ask::Period),
            Action::Columns => self.ask(Ask::Columns),
            Action::Freeze => self.freeze(),
            Action::Copy => self.copy(),
            Action::CopyCommand => self.copy_command(),
            Action::Export => self.ask_export(),
            Action::Palette => {
                let overlay = Overlay::palette(&self.known.keymap, self.views[self.active].front());
                self.overlay(overlay)
            }
            Action::Help => {
                let overlay = Overlay::help(&self.known.keymap, self.views[self.active].front());
                self.overlay(overlay)
            }
            Action::Problems => self.overlay(Overlay::Problems(Problems::new())),
            Action::Refresh => self.refresh(),
            Action::NextTheme => {
                self.known.theme = (self.known.theme + 1) % self.known.themes.len();
                self.say(format!("theme {}", self.known.theme().name));
                Effects::new()
            }
            Action::Redraw => vec![Effect::Redraw],
            Action::Suspend => vec![Effect::Suspend],
            Action::Quit => vec![Effect::Quit],
            Action::Open
            | Action::Maximise
            | Action::Down
            | Action::Up
            | Action::Left
            | Action::Right
            | Action::Top
            | Action::Bottom
            | Action::HalfPageDown
            | Action::HalfPageUp
            | Action::PageDown
            | Action::PageUp
            | Action::NextError
            | Action::PreviousError
            | Action::Follow
            | Action::Mark
            | Action::NextMark
            | Action::Shape
            | Action::Wrap
            | Action::Sort
            | Action::Reverse
            | Action::FirstFault
            | Action::RollUp
            | Action::Layout
            | Action::RecentlyActive
            | Action::ChartKind
            | Action::LogScale
            | Action::Compare
            | Action::OtherAxis
            | Action::RunQuery
            | Action::StopQuery
            | Action::LogGroups
            | Action::Queries
            | Action::TimeRangeType
            | Action::Sampling
            | Action::FieldStatistics
            | Action::Patterns
            | Action::HideColumn
            | Action::ShowColumns
            | Action::WidenColumn
            | Action::CopyPath
            | Action::Pick => self.offer(action).unwrap_or_else(|| self.idle(action)),
        }
    }

    /// Lets the pane in front carry out an action; `None` where it has no use for it.
    fn offer(&mut self, action: Action) -> Option<Effects> {
        match self.react(action) {
            Reaction::Ignored => return None,
            Reaction::Handled => {}
            Reaction::Open(target) => self.open(&target),
            Reaction::Window(window) => return Some(self.show_window(window)),
            Reaction::OpenIn(target, window) => {
                self.open(&target);
                let depth = self.views[self.active].details.len();
                self.lent = Some(Lent { screen: self.active, depth, before: self.known.window, given: window });
                return Some(self.show_window(window));
            }
            Reaction::Do(effects) => return Some(self.done(effects)),
        }
        Some(Effects::new())
    }

    /// Takes in what effects mean for what is known, before what is wanted is looked at again.
    fn done(&mut self, effects: Effects) -> Effects {
        let Known { store, frozen, .. } = &mut self.known;
        for store in std::iter::once(store).chain(frozen.as_deref_mut()) {
            for effect in &effects {
                match effect {
                    Effect::Forget(queries) => queries.iter().for_each(|query| drop(store.rows.remove(query))),
                    Effect::Note(asked) => store.logbook.note(asked.clone()),
                    _ => {}
                }
            }
        }
        if let Some(Effect::Copy(text)) = effects.first() {
            self.say(format!("copied {text}"));
        }
        effects
    }

    /// Moves the focus to another pane of the screen; what is opened on top has no neighbours.
    fn turn(&mut self, action: Action) -> Effects {
        let view = &mut self.views[self.active];
        if view.details.is_empty() {
            view.turn(action == Action::NextPane);
        }
        Effects::new()
    }

    fn react(&mut self, action: Action) -> Reaction {
        let Self { known, views, active, .. } = self;
        views[*active].front().on(action, &known.cx(true))
    }

    /// Opens a target one level down on the screen that is shown.
    pub(super) fn open(&mut self, target: &Target) {
        let view = &mut self.views[self.active];
        if view.details.is_empty() && view.front().accepts(target) {
            return;
        }
        view.details.push((target.clone(), panes::detail(target)));
    }

    /// Opens the breakdown since the oldest firing alarm began, where the pane in front has no window of its own.
    fn break_down(&mut self) -> Effects {
        self.open(&Target::Breakdown(Breakdown::default()));
        Effects::new()
    }

    /// Opens the story of the value under the cursor; where there is none, the user types one.
    fn investigate(&mut self) -> Effects {
        let Self { known, views, active, .. } = self;
        let value = views[*active].front().identifier(&known.cx(true));
        // Nothing, and a text of several words, is no identifier.
        match value.filter(|value| !value.is_empty() && !value.contains(char::is_whitespace)) {
            Some(value) => {
                self.open(&Target::Find(value));
                Effects::new()
            }
            None => self.overlay(Overlay::Prompt(Box::new(Prompt::new(Ask::Identifier, "")))),
        }
    }

    fn show(&mut self, screen: ScreenId) -> Effects {
        self.active = ScreenId::ALL.iter().position(|id| *id == screen).unwrap_or(self.active);
        Effects::new()
    }

    /// Goes back one step: the filter, the opened detail, the maximised pane.
    fn back(&mut self) -> Effects {
        let own = self.views[self.active].front().own_filter().unwrap_or_default().to_owned();
        if self.filterable().is_some_and(|text| text != own) {
            self.filter(&own);
            return Effects::new();
        }
        let view = &mut self.views[self.active];
        if view.details.pop().is_none() {
            view.maximised = false;
        }
        self.give_back()
    }

    /// Gives back the window that was on screen before what is now left was opened in another, unless it was changed since.
    fn give_back(&mut self) -> Effects {
        let depth = self.views[self.active].details.len();
        let left = |lent: &&Lent| lent.screen == self.active && lent.depth > depth;
        let Some(&Lent { before, given, .. }) = self.lent.as_ref().filter(left) else { return Effects::new() };
        self.lent = None;
        if self.known.window == given { self.show_window(before) } else { Effects::new() }
    }

    fn filterable(&mut self) -> Option<String> {
        self.views[self.active].front().filter().map(str::to_owned)
    }

    pub(super) fn overlay(&mut self, overlay: Overlay) -> Effects {
        self.overlays.push(overlay);
        Effects::new()
    }

    /// Says why something is not done.
    pub(super) fn cannot(&mut self, why: &str) -> Effects {
        self.tell(Tone::Failed, why.to_owned());
        Effects::new()
    }

    pub(super) fn show_window(&mut self, window: Window) -> Effects {
        let span = window.span.clamp(SHORTEST_WINDOW, LONGEST_WINDOW);
        // A window that reaches the present follows it.
        let end = window.end.filter(|end| *end < self.known.now);
        self.known.window = Window { span, end };
        Effects::new()
    }

    /// Lets the user type something for the pane in front.
    fn ask(&mut self, ask: Ask) -> Effects {
        let Self { known, views, active, .. } = self;
        match views[*active].front().prompt(ask, &known.cx(true)) {
            Some(text) => {
                let choices = views[*active].front().choices(ask, &known.cx(true));
                self.overlay(Overlay::Prompt(Box::new(Prompt::new(ask, &text).choosing_from(choices))))
            }
            None => self.idle(match ask {
                Ask::Expression => Action::Expression,
                Ask::Statistic => Action::Statistic,
                Ask::Period => Action::Period,
                Ask::Identifier => Action::Investigate,
                Ask::Columns => Action::Columns,
            }),
        }
    }

    /// Goes to an instant: the window moves so that it is in the middle, unless it is in the window already.
    pub(super) fn jump(&mut self, at: Time) -> Effects {
        let window = self.known.window;
        let (from, to) = window.range(self.known.now);
        if at < from || at >= to {
            let half = TimeDelta::from_std(window.span / 2).unwrap_or_default();
            self.show_window(Window { span: window.span, end: Some(at + half) });
        }
        let Self { known, views, active, .. } = self;
        views[*active].front().jump(at, &known.cx(true));
        Effects::new()
    }

    fn pan(&mut self, steps: i32) -> Effects {
        let Window { span, .. } = self.known.window;
        let (_, to) = self.known.window.range(self.known.now);
        let half = TimeDelta::from_std(span / 2).unwrap_or_default();
        self.show_window(Window { span, end: Some(to + half * steps) })
    }

    fn zoom(&mut self, action: Action) -> Effects {
        match self.react(action) {
            Reaction::Window(window) => return self.show_window(window),
            Reaction::Do(effects) => return self.done(effects),
            Reaction::Ignored | Reaction::Handled | Reaction::Open(_) | Reaction::OpenIn(..) => {}
        }
        let Window { span, end } = self.known.window;
        let span = if action == Action::ZoomIn { span / 2 } else { span * 2 };
        self.show_window(Window { span, end })
    }

    fn freeze(&mut self) -> Effects {
        self.known.frozen = match self.known.frozen.take() {
            Some(_) => None,
            None => Some(Box::new(self.known.store.clone())),
        };
        Effects::new()
    }

    fn copy(&mut self) -> Effects {
        let Self { known, views, active, .. } = self;
        match views[*active].front().copied(&known.cx(true)) {
            // Its beginning says what it is.
            Some(text) => self.clip(&text, Some(&truncate(text.lines().next().unwrap_or_default(), 48))),
            None => self.cannot("nothing to copy here"),
        }
    }

    fn copy_command(&mut self) -> Effects {
        let command = self.command();
        self.say(format!("copied: {command}"));
        vec![Effect::Copy(command)]
    }

    fn refresh(&mut self) -> Effects {
        // A pane that shows an answer without asking for it asks anew.
        self.react(Action::Refresh);
        let Some(watch) = &self.watched else { return Effects::new() };
        let sources: BTreeSet<SourceId> = watch.wanted.iter().map(Subscription::source).collect();
        self.say("asking AWS again".to_owned());
        sources.into_iter().map(Effect::Refresh).collect()
    }

    /// The new watch, if what is visible needs something else than before.
    fn watch(&mut self) -> Option<Effect> {
        let cx = self.known.cx(true);
        // The header counts alarms and the feed may not miss a line, whatever is in front.
        let mut wanted = BTreeSet::from([Subscription::Alarms]);
        if self.known.board.feed.is_some() {
            wanted.insert(Subscription::Feed);
        }
        // What fired while nobody looked belongs into the history; it is asked once.
        wanted.insert(Subscription::Transitions);
        // Rules are evaluated whatever is in front.
        wanted.extend(self.watchman.wants());
        // Every chart marks what was changed.
        if self.known.board.changes.is_some() {
            wanted.insert(Subscription::Changes);
        }
        wanted.extend(self.view().visible().iter().flat_map(|pane| pane.wants(&cx)));
        let panes = self
            .views
            .iter()
            .flat_map(|view| view.panes.iter().map(|(_, pane)| pane).chain(view.details.iter().map(|(_, pane)| pane)));
        wanted.extend(panes.flat_map(|pane| pane.lasting(&cx)));
        let watch = Watch { window: self.known.window, wanted };
        if self.watched.as_ref() == Some(&watch) {
            return None;
        }
        let sources = |watch: &Watch| watch.wanted.iter().map(Subscription::source).collect::<BTreeSet<_>>();
        if let Some(before) = &self.watched {
            for source in sources(before).difference(&sources(&watch)) {
                self.known.store.rest(*source);
            }
        }
        self.watched = Some(watch.clone());
        Some(Effect::Watch(watch))
    }
}

/// Whether an action moves the window on screen to another stretch of time.
const fn moves_window(action: Action) -> bool {
    matches!(
        action,
        Action::Earlier | Action::Later | Action::ZoomIn | Action::ZoomOut | Action::TimeRange | Action::JumpToTime
    )
}
