//! Alarms, what they did, and what was changed, as tables.

use super::Exported;
use crate::analysis::unit::alarm_unit;
use crate::export::{Cell, Table};
use crate::panes::Cx;
use crate::panes::alarms::item::Item;
use crate::panes::alarms::versus;
use crate::store::alarm::AlarmEvent;
use crate::store::change::Change;
use crate::store::episode::{Acknowledgement, Episode};

/// The columns of episodes, as `baro history` names them.
pub const EPISODE_COLUMNS: [&str; 16] = [
    "signal",
    "name",
    "account",
    "region",
    "severity",
    "began",
    "ended",
    "duration_s",
    "value",
    "peak",
    "threshold",
    "reason",
    "stance",
    "said_by",
    "note",
    "until",
];

/// Alarms and local rules, by the names of `baro alarms`; a rule's kind is `rule`.
pub fn alarms(items: &[Item<'_>], cx: &Cx<'_>) -> Table {
    let columns = [
        "name",
        "kind",
        "state",
        "since",
        "severity",
        "value",
        "threshold",
        "newest",
        "newest_at",
        "unit",
        "reason",
        "description",
        "arn",
    ];
    Table::new("Alarms", columns, items.iter().map(|item| alarm(*item, cx)))
}

fn alarm(item: Item<'_>, cx: &Cx<'_>) -> Vec<Cell> {
    let severity = Cell::text(item.severity(cx).name());
    match item {
        Item::Alarm(alarm) => {
            let newest = versus::newest(alarm, cx.store, cx.now);
            vec![
                Cell::text(&alarm.name),
                Cell::text(alarm.kind.name()),
                Cell::text(alarm.state.name()),
                Cell::time(alarm.since),
                severity,
                Cell::number(alarm.value),
                Cell::number(alarm.threshold()),
                Cell::number(newest.map(|(_, value)| value)),
                Cell::time(newest.map(|(at, _)| at)),
                Cell::text(alarm_unit(alarm, cx.board).name()),
                Cell::text(&alarm.reason),
                Cell::text(&alarm.description),
                Cell::text(&alarm.setup.arn),
            ]
        }
        Item::Rule(rule) => vec![
            Cell::text(&rule.id),
            Cell::text("rule"),
            Cell::text(item.state().name()),
            Cell::time(rule.since),
            severity,
            Cell::number(rule.value),
            Cell::number(rule.threshold),
            Cell::None,
            Cell::None,
            Cell::None,
            Cell::text(&rule.reason),
            Cell::text(&rule.title),
            Cell::None,
        ],
    }
}

/// What happened to an alarm, by the names of `baro alarms --history`.
pub fn events(name: &str, events: &[AlarmEvent], first: usize) -> Exported {
    let row = |event: &AlarmEvent| {
        vec![
            Cell::time(event.at),
            Cell::text(&event.kind),
            Cell::text(&event.summary),
            Cell::maybe(event.change.map(|(before, _)| before.name())),
            Cell::maybe(event.change.map(|(_, after)| after.name())),
        ]
    };
    let table = Table::new(name, ["time", "type", "summary", "from", "to"], events.iter().map(row));
    Exported::new("alarm-history", table).at(Some(first))
}

/// Episodes with what was last said while they were under way.
pub fn episodes<'a>(
    title: &str,
    episodes: impl IntoIterator<Item = (&'a Episode, Option<&'a Acknowledgement>)>,
) -> Exported {
    let row = |(episode, said): (&Episode, Option<&Acknowledgement>)| {
        let lasted = episode.ended.map(|ended| (ended - episode.began).num_milliseconds() as f64 / 1000.0);
        vec![
            Cell::text(episode.signal.name()),
            Cell::text(&episode.name),
            Cell::text(&episode.account),
            Cell::text(&episode.region),
            Cell::text(episode.severity.name()),
            Cell::time(episode.began),
            Cell::time(episode.ended),
            Cell::number(lasted),
            Cell::number(episode.value),
            Cell::number(episode.peak),
            Cell::number(episode.threshold),
            Cell::text(&episode.reason),
            Cell::maybe(said.map(|said| said.stance.name())),
            Cell::maybe(said.map(|said| &said.by)),
            Cell::maybe(said.map(|said| &said.note)),
            Cell::time(said.and_then(|said| said.until)),
        ]
    };
    Exported::new("history", Table::new(title, EPISODE_COLUMNS, episodes.into_iter().map(row)))
}

/// What was changed, newest first.
pub fn changes(title: &str, changes: &[&Change]) -> Exported {
    let row = |change: &&Change| {
        vec![
            Cell::time(change.at),
            Cell::text(&change.event),
            Cell::text(&change.source),
            Cell::text(&change.what),
            Cell::text(&change.who),
            Cell::maybe(change.error.as_ref()),
            Cell::text(&change.id),
        ]
    };
    let columns = ["time", "event", "source", "what", "who", "error", "id"];
    Exported::new("changes", Table::new(title, columns, changes.iter().map(row)))
}
