//! What can be said of all alarms in a line.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::filter::Filter;
use super::item::Item;
use super::order::{Placed, What};
use crate::panes::Cx;
use crate::panes::note::age;
use crate::store::alarm::{Alarm, AlarmState};
use crate::store::episode::Severity;
use crate::store::health::SourceId;
use crate::text::units::plural;
use crate::text::{clean, width};
use crate::widgets::print::{put_next, wrap};
use crate::widgets::theme::{Role, Theme};

/// How many alarms and local rules fire: those that nobody takes care of, and those that somebody does.
///
/// Whatever counts what fires counts so: the header, the title, the headings of incidents.
pub fn firing<'a>(items: impl Iterator<Item = Item<'a>>, cx: &Cx<'a>) -> (usize, usize) {
    let (mut open, mut answered) = (0, 0);
    for item in items.filter(|item| item.state() == AlarmState::Alarm) {
        let count = if item.is_open(cx) { &mut open } else { &mut answered };
        *count += 1;
    }
    (open, answered)
}

/// How many alarms and local rules are in each state, firing first, those that somebody takes care of apart; a count of
/// none is left out.
pub(super) fn counts(cx: &Cx<'_>) -> Vec<String> {
    let (open, answered) = firing(Item::all(cx), cx);
    let in_state = |state| Item::all(cx).filter(|item| item.state() == state).count();
    let parts = [
        (open, "firing"),
        (answered, "acknowledged"),
        (in_state(AlarmState::InsufficientData), "no data"),
        (in_state(AlarmState::Ok), "OK"),
    ];
    let parts = parts.into_iter().filter(|(count, _)| *count > 0);
    parts.map(|(count, word)| format!("{count} {word}")).collect()
}

/// The parts of the summary, the most needed first; what is wrong has [`Role::Failed`].
pub(super) fn parts(filter: &Filter, placed: &[Placed<'_>], cx: &Cx<'_>) -> Vec<(String, Role)> {
    let mut parts: Vec<(String, Role)> =
        filter.faults.iter().map(|fault| (clean(fault).into_owned(), Role::Failed)).collect();
    if filter.asks_for_tags() {
        parts.extend(tags(cx));
    }
    if !filter.is_empty() {
        let all = Item::all(cx).count();
        parts.push((format!("{} of {all} shown", placed.len()), Role::Muted));
        return parts;
    }
    let open: Vec<Item<'_>> = Item::all(cx).filter(|item| item.is_open(cx)).collect();
    let of = |severity| open.iter().filter(|item| item.severity(cx) == severity).count();
    let (critical, warnings) = (of(Severity::Critical), of(Severity::Warning));
    if critical > 0 {
        parts.push((format!("{critical} critical"), Role::AlarmFiring));
    }
    if warnings > 0 {
        parts.push((plural(warnings, "warning"), Role::Warning));
    }
    let newest = open.iter().filter(|item| item.since().is_some()).max_by_key(|item| item.since());
    if let Some((newest, since)) = newest.and_then(|item| Some((item, item.since()?))) {
        parts.push((format!("the newest {} ago: {}", age(since, cx.now), clean(newest.title())), Role::Text));
    }
    if open.is_empty() && !cx.store.alarms.data.is_empty() {
        parts.push(("nothing fires that nobody takes care of".to_owned(), Role::AlarmOk));
    }
    let disabled = cx.store.alarms.data.iter().filter(|alarm| !alarm.actions_enabled).count();
    if disabled > 0 {
        parts.push((format!("{disabled} with actions disabled"), Role::Muted));
    }
    let incidents = placed.iter().filter(|row| matches!(row.what, What::Incident(_))).count();
    if incidents > 1 {
        parts.push((format!("{incidents} incidents"), Role::Muted));
    }
    parts
}

/// How the asking for tags goes.
fn tags(cx: &Cx<'_>) -> Option<(String, Role)> {
    let unknown = without_tags(cx).count();
    match cx.store.health(SourceId::AlarmTags).trouble() {
        Some((error, _)) if unknown > 0 => Some((format!("tags: {}", clean(&error.brief())), Role::Failed)),
        Some(_) | None if unknown > 0 => Some((format!("tags of {unknown} alarms are on their way"), Role::Muted)),
        Some(_) | None => None,
    }
}

/// The alarms whose tags are not known.
pub(super) fn without_tags<'a>(cx: &Cx<'a>) -> impl Iterator<Item = &'a Alarm> {
    let known = &cx.store.alarm_tags;
    cx.store.alarms.data.iter().filter(|alarm| !known.contains_key(&alarm.name) && !alarm.setup.arn.is_empty())
}

/// The parts in lines: each of what is wrong on lines of its own, so that all of it can be read, then the rest on one.
/// Where there is more wrong than there are lines, the last says how much.
pub(super) fn lines(parts: Vec<(String, Role)>, cells: usize, most: usize) -> Vec<Vec<(String, Role)>> {
    let (wrong, rest): (Vec<_>, Vec<_>) = parts.into_iter().partition(|(_, role)| *role == Role::Failed);
    if wrong.len() < 2 && wrong.iter().chain(&rest).map(|(text, _)| width(text) + 3).sum::<usize>() <= cells + 3 {
        return vec![wrong.into_iter().chain(rest).collect()];
    }
    let room = most.saturating_sub(usize::from(!rest.is_empty())).max(1);
    let all: Vec<Vec<String>> = wrong.iter().map(|(text, _)| wrap(text, cells)).collect();
    let mut lines: Vec<Vec<(String, Role)>> = Vec::new();
    for (i, fault) in all.iter().enumerate() {
        let left = all.len() - i - 1;
        // Each of those below needs a line, or all of them together one.
        let free = room.saturating_sub(lines.len() + usize::from(left > 0)).max(1);
        if lines.len() + 1 >= room && left > 0 {
            lines.push(vec![(format!("and {} more words that can't be read", left + 1), Role::Failed)]);
            break;
        }
        for (n, text) in fault.iter().take(free).enumerate() {
            let text = if n + 1 == free && fault.len() > free { format!("{text}…") } else { text.clone() };
            lines.push(vec![(text, Role::Failed)]);
        }
    }
    if !rest.is_empty() {
        lines.push(rest);
    }
    lines
}

/// Draws the parts one after the other, as far as there is room.
pub(super) fn draw(parts: &[(String, Role)], line: Rect, buf: &mut Buffer, theme: &Theme) {
    let mut rest = line;
    for (i, (text, role)) in parts.iter().enumerate() {
        if i > 0 {
            rest = put_next(buf, rest, " · ", theme.style(Role::Muted));
        }
        rest = put_next(buf, rest, text, theme.style(*role));
    }
}
