//! What was changed in the account: deployments, configuration, scaling, as CloudTrail saw it.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::widgets::Widget;

use super::inquiry::{About, Inquiry};
use super::request::browser::Browser;
use super::{Cx, Exported, Pane, Reaction, exported, source_note};
use crate::app::action::Action;
use crate::app::effect::Subscription;
use crate::clock::Time;
use crate::store::change::Change;
use crate::store::health::{Health, SourceId};
use crate::text::{Align, clean, pad, time, units, width};
use crate::widgets::area::{cut_top, padded};
use crate::widgets::chart::Annotation;
use crate::widgets::frame::pane_frame;
use crate::widgets::list::ListState;
use crate::widgets::print::{line, put, put_next, wrap};
use crate::widgets::selection::select;
use crate::widgets::theme::Role;
use crate::widgets::tree::Root;

/// Changes of the window, newest first. Enter opens the event as CloudTrail wrote it.
///
/// ```text
/// ┌ Changes around HighFailureRate · 10:10 ────────────────────────────────────────────────────────┐
/// │ 10:07:12  3m before  UpdateFunctionCode  token-provisioning-service  deployer/pipeline  lambda │
/// │ 08:47:31  1h 22m before  UpdateService  payments · TokenizationService  deployer/pipeline  ecs │
/// └────────────────────────────────────────────────────────────────────────────────────────────────┘
/// ```
#[derive(Debug)]
pub struct ChangesPane {
    about: Option<About>,
    list: ListState<(Time, String)>,
    filter: String,
    /// The event that is open.
    tree: Option<((Time, String), Browser)>,
}

/// A change in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangeRow {
    /// When.
    pub time: String,
    /// How long before or after what it is compared with began.
    pub relative: String,
    /// The event, without the version of the API.
    pub event: String,
    /// What was changed.
    pub what: String,
    /// Who.
    pub who: String,
    /// The service.
    pub service: String,
    /// Why it failed, if it did.
    pub error: Option<String>,
}

/// The first period that breached. The trouble began somewhere in it, nobody can tell where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Began {
    /// Its start.
    pub(super) from: Time,
    /// Its end, or the change of state where that came earlier.
    pub(super) onset: Time,
}

impl Began {
    /// When what is looked into began.
    pub(super) const fn of(inquiry: &Inquiry) -> Self {
        Self { from: inquiry.span.from, onset: inquiry.onset }
    }

    /// `3m before`, `as it began` for what was changed in the first period, `2m after`.
    fn relative(self, at: Time) -> String {
        if at <= self.from {
            format!("{} before", age(self.from, at))
        } else if at <= self.onset {
            "as it began".to_owned()
        } else {
            format!("{} after", age(at, self.from))
        }
    }
}

impl ChangeRow {
    fn new(change: &Change, began: Option<Began>, cx: &Cx<'_>) -> Self {
        let text = |text: &str| clean(text).into_owned();
        Self {
            time: time::moment(&cx.zone.at(change.at), &cx.zone.at(cx.now)),
            relative: began
                .map_or_else(|| format!("{} ago", age(cx.now, change.at)), |began| began.relative(change.at)),
            event: text(change.verb()),
            what: text(&change.what),
            who: text(&change.who),
            service: text(change.service()),
            error: change.error.as_deref().map(text),
        }
    }

    /// The change in one line, for a summary or a copy.
    fn sentence(&self) -> String {
        let failed = self.error.as_ref().map(|error| format!(" ({error})")).unwrap_or_default();
        format!("{} {} by {}, {}{failed}", self.event, self.what, self.who, self.relative)
    }
}

fn age(now: Time, then: Time) -> String {
    units::span((now - then).num_seconds().max(0))
}

/// Marks for charts: a change each, those that failed left out.
pub(super) fn annotations(cx: &Cx<'_>) -> Vec<Annotation> {
    let done = cx.store.changes.data.iter().filter(|change| change.error.is_none());
    done.map(|change| Annotation {
        at: change.at,
        label: format!("{} {}", clean(change.verb()), clean(&change.what)).trim().to_owned(),
        role: Role::Warning,
    })
    .collect()
}

/// How many changes there were before something began or as it did, and the last of them. What failed changed nothing.
pub(super) fn summary(began: Began, cx: &Cx<'_>) -> (String, String) {
    let done = cx.store.changes.data.iter().filter(|change| change.error.is_none());
    let before: Vec<&Change> = done.filter(|change| change.at <= began.onset).collect();
    let text = match (before.len(), &cx.store.changes.health) {
        (0, Health::Waiting) => "changes …".to_owned(),
        (0, Health::Failed { error, .. }) => format!("changes: {}", clean(&error.brief())),
        (0, _) => "no change until it began in this window".to_owned(),
        (1, _) => "1 change until it began".to_owned(),
        (count, _) => format!("{count} changes until it began"),
    };
    let last =
        before.iter().max_by_key(|change| change.at).map(|change| ChangeRow::new(change, Some(began), cx).sentence());
    (text, last.unwrap_or_default())
}

impl ChangesPane {
    /// The changes of the window, seen from when something began.
    pub fn new(about: Option<About>) -> Self {
        Self { about, list: ListState::new(), filter: String::new(), tree: None }
    }

    fn began(&self, cx: &Cx<'_>) -> Option<(String, Began)> {
        let About::Alarm(_) = self.about.as_ref()? else { return None };
        let inquiry = self.about.as_ref()?.inquire(cx)?;
        let began = Began::of(&inquiry);
        Some((inquiry.name, began))
    }

    /// The rows, newest first.
    pub fn rows(&self, cx: &Cx<'_>) -> Vec<ChangeRow> {
        let began = self.began(cx).map(|(_, began)| began);
        self.shown(cx).into_iter().map(|change| ChangeRow::new(change, began, cx)).collect()
    }

    fn shown<'a>(&self, cx: &Cx<'a>) -> Vec<&'a Change> {
        let wanted = self.filter.to_lowercase();
        let holds = |change: &&Change| {
            let texts = [&change.event, &change.what, &change.who, &change.source];
            wanted.is_empty() || texts.iter().any(|text| text.to_lowercase().contains(&wanted))
        };
        cx.store.changes.data.iter().filter(holds).collect()
    }

    fn empty(&self, cx: &Cx<'_>) -> String {
        if cx.board.changes.is_none() {
            return "the board does not say where CloudTrail writes: `[changes] log_group = \"…\"`".to_owned();
        }
        match &cx.store.changes.health {
            Health::Waiting => "asking for what was changed …".to_owned(),
            Health::Failed { error, .. } => clean(&error.message).into_owned(),
            Health::Live { .. } | Health::Stale { .. } if !self.filter.is_empty() => {
                "no change passes the filter".to_owned()
            }
            Health::Live { .. } | Health::Stale { .. } => "nothing was changed in the window on screen".to_owned(),
        }
    }
}

fn keys(changes: &[&Change]) -> Vec<(Time, String)> {
    changes.iter().map(|change| (change.at, change.id.clone())).collect()
}

impl Pane for ChangesPane {
    fn title(&self, cx: &Cx<'_>) -> String {
        match self.began(cx) {
            Some((name, began)) => format!("Changes around {name} · {}", time::minute(&cx.zone.at(began.from))),
            None => "Changes".to_owned(),
        }
    }

    fn wants(&self, cx: &Cx<'_>) -> Vec<Subscription> {
        let asked = self.about.iter().flat_map(|about| about.wants(cx));
        let asked = asked.filter(|wanted| !matches!(wanted, Subscription::MetricFilters { .. }));
        asked.chain([Subscription::Changes]).collect()
    }

    fn on(&mut self, action: Action, cx: &Cx<'_>) -> Reaction {
        if let Some((_, browser)) = &mut self.tree {
            if action == Action::Back {
                self.tree = None;
                return Reaction::Handled;
            }
            return if browser.on(action) { Reaction::Handled } else { Reaction::Ignored };
        }
        let changes = self.shown(cx);
        let keys = keys(&changes);
        if action != Action::Open {
            return if self.list.on(action, &keys) { Reaction::Handled } else { Reaction::Ignored };
        }
        let Some(row) = self.list.sync(&keys) else { return Reaction::Handled };
        let mut browser = Browser::default();
        let value = changes[row].document.clone();
        let head = vec![(clean(&changes[row].event).into_owned(), Role::Strong)];
        browser.show(vec![Root { id: "event".to_owned(), head, value, open: true }]);
        self.tree = Some((keys[row].clone(), browser));
        Reaction::Handled
    }

    fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, cx: &Cx<'_>) {
        let buf = frame.buffer_mut();
        let note = source_note(cx.store.health(SourceId::Changes), cx.now).filter(|_| cx.board.changes.is_some());
        let note = note.as_ref().map(|(text, role)| (text.as_str(), *role));
        let block = pane_frame(&self.title(cx), note, cx.focused, cx.theme);
        let inner = padded(block.inner(area));
        block.render(area, buf);
        let keys = keys(&self.shown(cx));
        let selected = self.list.sync(&keys);
        let rows = self.rows(cx);
        for (n, text) in wrap(&self.empty(cx), usize::from(inner.width)).iter().enumerate().filter(|_| rows.is_empty())
        {
            let Some(place) = line(inner, n) else { return };
            put(buf, place, text, cx.theme.style(Role::Muted), Align::Left);
        }
        let open = self.tree.is_some();
        let (list, tree) =
            cut_top(inner, if open { (rows.len() as u16).min(inner.height / 3).max(1) } else { inner.height });
        let widest = |text: fn(&ChangeRow) -> &str| rows.iter().map(|row| width(text(row))).max().unwrap_or(0).min(44);
        let widths = [
            widest(|row| &row.time),
            widest(|row| &row.relative),
            widest(|row| &row.event),
            widest(|row| &row.what),
            widest(|row| &row.who),
        ];
        for (n, index) in self.list.visible(rows.len(), usize::from(list.height)).enumerate() {
            let (Some(place), Some(row)) = (line(list, n), rows.get(index)) else { break };
            let cells = [
                (&row.time, Role::Muted),
                (&row.relative, Role::Text),
                (&row.event, Role::Strong),
                (&row.what, Role::Text),
                (&row.who, Role::Text),
            ];
            let mut rest = place;
            for ((text, role), cells) in cells.into_iter().zip(widths) {
                rest = put_next(buf, rest, &format!("{}  ", pad(text, cells, Align::Left)), cx.theme.style(role));
            }
            let rest = put_next(buf, rest, &row.service, cx.theme.style(Role::Muted));
            if let Some(error) = &row.error {
                put(buf, rest, &format!("  ✗ {error}"), cx.theme.style(Role::Critical), Align::Left);
            }
            if cx.focused && selected == Some(index) {
                select(buf, place, cx.theme);
            }
        }
        if let Some((_, browser)) = &mut self.tree {
            browser.draw(buf, tree, cx.theme, cx.focused, "an empty event");
        }
    }

    fn filter(&self) -> Option<&str> {
        Some(&self.filter)
    }

    fn set_filter(&mut self, text: &str, _cx: &Cx<'_>) {
        text.clone_into(&mut self.filter);
    }

    fn copied(&self, cx: &Cx<'_>) -> Option<String> {
        if let Some((_, browser)) = &self.tree {
            return browser.copied();
        }
        let row = self.list.clone().sync(&keys(&self.shown(cx)))?;
        self.rows(cx).get(row).map(|row| format!("{} {}", row.time, row.sentence()))
    }

    fn exported(&self, cx: &Cx<'_>) -> Option<Exported> {
        let changes = self.shown(cx);
        let selected = self.list.clone().sync(&keys(&changes));
        Some(exported::changes(&self.title(cx), &changes).at(selected))
    }
}

#[cfg(test)]
mod tests;
