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
use crate::text::clean;
use crate::widgets::print::put_next;
use crate::widgets::theme::{Role, Theme};

/// How many alarms are in each state, firing first, those that somebody takes care of apart, and how many local rules
/// fire; a count of none is left out.
pub(super) fn counts(cx: &Cx<'_>) -> String {
    let alarms = || cx.store.alarms.data.iter().map(Item::Alarm);
    let in_state = |state| alarms().filter(|item| item.state() == state).count();
    let open = alarms().filter(|item| item.is_open(cx)).count();
    let rules = cx.store.rules.iter().map(Item::Rule).filter(|item| item.is_open(cx)).count();
    let parts = [
        (open, "ALARM".to_owned()),
        (in_state(AlarmState::Alarm) - open, "acknowledged".to_owned()),
        (rules, plural(rules, "local rule", "local rules")),
        (in_state(AlarmState::InsufficientData), "no data".to_owned()),
        (in_state(AlarmState::Ok), "OK".to_owned()),
    ];
    let parts = parts.into_iter().filter(|(count, _)| *count > 0);
    parts.map(|(count, word)| format!("{count} {word}")).collect::<Vec<_>>().join(" · ")
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
        parts.push((format!("{warnings} {}", plural(warnings, "warning", "warnings")), Role::Warning));
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

fn plural(count: usize, one: &str, more: &str) -> String {
    if count == 1 { one } else { more }.to_owned()
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
