//! `baro alarms`: what is firing, and what happened to an alarm.

use std::io::{self, Write};

use super::session;
use super::sheet::{Output, columns, csv};
use super::status::Status;
use crate::analysis::unit::alarm_unit;
use crate::app::msg::Update;
use crate::board::Board;
use crate::clock::Time;
use crate::config::Loaded;
use crate::panes::alarms::filter::Filter;
use crate::panes::alarms::item::Item;
use crate::panes::alarms::versus;
use crate::sources::{Client, alarm_history, alarm_tags, all_alarms};
use crate::store::Store;
use crate::store::alarm::{Alarm, AlarmEvent, AlarmState};
use crate::store::episode::Severity;
use crate::store::health::SourceError;
use crate::text::clean;
use crate::text::time::{rfc3339, rfc3339_s};

mod document;
mod newest;

/// The columns of the comma-separated values.
const COLUMNS: [&str; 11] =
    ["name", "kind", "state", "since", "severity", "value", "threshold", "reason", "newest", "newest_at", "unit"];

/// What was asked for.
#[derive(Debug, Clone, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the command line")]
pub struct Options {
    /// The alarms of these names alone; all where there is none.
    pub names: Vec<String>,
    /// Alarms in this state alone.
    pub state: Option<AlarmState>,
    /// A filter, in the language of the alarm list.
    pub filter: String,
    /// Whether alarms that the board does not show are among them.
    pub all: bool,
    /// Whether it is what happened to them that is asked for: their history at AWS.
    pub events: bool,
    /// Whether their tags are told, which costs a call for each.
    pub tags: bool,
    /// How they are written.
    pub output: Output,
    /// Whether a firing alarm among them makes the exit status 1.
    pub exit_code: bool,
}

/// Writes the alarms of the board to `out`, those that fire first; what went wrong to `err`.
///
/// What is wrong with the configuration is said, and makes the exit status 2: a script must not take what a default board
/// shows for what the board that it named shows.
///
/// # Errors
/// Where `out` or `err` cannot be written to; a closed pipe ends quietly.
pub async fn run(
    client: &Client,
    loaded: &Loaded,
    options: &Options,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> io::Result<Status> {
    let filter = Filter::parse(&options.filter);
    let mut faults = filter.faults.clone();
    if filter.asks_for_people() {
        faults.push("`ack:`: who has acknowledged what is for the console to tell, and for `baro history`".to_owned());
    }
    if !faults.is_empty() {
        faults.iter().try_for_each(|fault| writeln!(err, "baro: --filter: {fault}"))?;
        return Ok(Status::Misused);
    }
    let found = match find(client, &loaded.board, options, &filter).await {
        Ok(found) => found,
        Err(error) => {
            writeln!(err, "baro: {error}")?;
            return Ok(Status::Refused);
        }
    };
    let Found { alarms, mut store, why_none } = found;
    let alarms: Vec<&Alarm> = alarms.iter().collect();
    if let Some(why) = why_none {
        writeln!(err, "baro: --filter: {}", clean(&why))?;
    }
    for name in options.names.iter().filter(|name| !alarms.iter().any(|alarm| alarm.name == **name)) {
        let hint = if options.all { "" } else { " on this board; --all looks beyond it" };
        writeln!(err, "baro: no alarm `{}`{hint}", clean(name))?;
    }
    let written = if options.events {
        match histories(client, &alarms).await {
            Ok(histories) => write_history(&histories, options.output, out),
            Err(error) => {
                writeln!(err, "baro: {error}")?;
                return Ok(Status::Refused);
            }
        }
    } else {
        // What could not be asked is told as it was when the alarm changed its state.
        if let Some(error) = newest::ask(client, &loaded.board, &alarms, &mut store).await {
            writeln!(err, "baro: the newest values: {error}")?;
        }
        let seen = Seen { store: &store, board: &loaded.board, now: client.now() };
        write(&alarms, &seen, options.output, out)
    };
    match written {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => return Err(error),
        Err(_) | Ok(()) => {}
    }
    session::report(&loaded.problems, err)?;
    if !loaded.problems.is_empty() {
        return Ok(Status::Misused);
    }
    let firing = alarms.iter().any(|alarm| alarm.state == AlarmState::Alarm);
    Ok(if options.exit_code && firing || !options.exit_code && alarms.is_empty() {
        Status::Found
    } else {
        Status::Done
    })
}

/// The alarms that were asked for, with what is known of them.
struct Found {
    alarms: Vec<Alarm>,
    store: Store,
    /// Why the filter matches none, where it does not.
    why_none: Option<String>,
}

/// What is known beside the alarms.
struct Seen<'a> {
    store: &'a Store,
    board: &'a Board,
    now: Time,
}

impl Seen<'_> {
    fn severity(&self, alarm: &Alarm) -> Severity {
        self.store.severity(&alarm.name, self.board)
    }
}

async fn find(client: &Client, board: &Board, options: &Options, filter: &Filter) -> Result<Found, SourceError> {
    let (at, alarms) = (client.now(), all_alarms(client).await?);
    let mut store = Store::default();
    if options.all {
        store.alarms.data = alarms;
    } else {
        store.fold(board, Update::Alarms { at, alarms });
    }
    let mut alarms = store.alarms.data.clone();
    alarms.retain(|alarm| options.names.is_empty() || options.names.contains(&alarm.name));
    alarms.retain(|alarm| options.state.is_none_or(|state| alarm.state == state));
    if filter.asks_for_tags() || options.tags {
        for alarm in &alarms {
            let tags = alarm_tags(client, &alarm.setup.arn).await?;
            store.fold(board, Update::AlarmTags { at, alarm: alarm.name.clone(), tags });
        }
    }
    let why_none = {
        let items: Vec<Item<'_>> = alarms.iter().map(Item::Alarm).collect();
        let of_item = |item: &Item<'_>| match item {
            Item::Alarm(alarm) => store.severity(&alarm.name, board),
            Item::Rule(rule) => rule.severity,
        };
        filter.why_none(&items, &store, &of_item, at)
    };
    alarms.retain(|alarm| filter.passes(&Item::Alarm(alarm), &store, store.severity(&alarm.name, board), at));
    alarms.sort_by(|a, b| place(a, &store, board).cmp(&place(b, &store, board)));
    Ok(Found { alarms, store, why_none })
}

/// Where an alarm stands, as in the list of the console: firing first, then by severity, then by age.
fn place<'a>(alarm: &'a Alarm, store: &Store, board: &Board) -> impl Ord + use<'a> {
    // What does not fire is as it is whatever its severity.
    let severity = (alarm.state == AlarmState::Alarm).then(|| store.severity(&alarm.name, board));
    (alarm.state, severity, alarm.since.is_none(), alarm.since, alarm.name.as_str())
}

async fn histories<'a>(
    client: &Client,
    alarms: &[&'a Alarm],
) -> Result<Vec<(&'a Alarm, Vec<AlarmEvent>)>, SourceError> {
    let mut histories = Vec::new();
    for alarm in alarms {
        histories.push((*alarm, alarm_history(client, &alarm.name).await?));
    }
    Ok(histories)
}

fn write(alarms: &[&Alarm], seen: &Seen<'_>, output: Output, out: &mut dyn Write) -> io::Result<()> {
    match output {
        Output::Table => table(alarms, seen, out),
        Output::Json => writeln!(out, "{}", document::alarms(alarms, seen)),
        Output::Csv => {
            let number = |value: Option<f64>| value.map(|value| value.to_string()).unwrap_or_default();
            let rows = alarms.iter().map(|alarm| {
                let newest = versus::newest(alarm, seen.store, seen.now);
                [
                    clean(&alarm.name).into_owned(),
                    alarm.kind.name().to_owned(),
                    alarm.state.name().to_owned(),
                    alarm.since.map(rfc3339).unwrap_or_default(),
                    seen.severity(alarm).name().to_owned(),
                    number(alarm.value),
                    number(alarm.threshold()),
                    clean(&alarm.reason).into_owned(),
                    number(newest.map(|(_, value)| value)),
                    newest.map(|(at, _)| rfc3339(at)).unwrap_or_default(),
                    alarm_unit(alarm, seen.board).name().to_owned(),
                ]
            });
            csv(COLUMNS, rows, out)
        }
    }
}

fn write_history(histories: &[(&Alarm, Vec<AlarmEvent>)], output: Output, out: &mut dyn Write) -> io::Result<()> {
    let row = |alarm: &Alarm, event: &AlarmEvent, at: String| {
        [clean(&alarm.name).into_owned(), at, clean(&event.kind).into_owned(), clean(&event.summary).into_owned()]
    };
    let events = || histories.iter().flat_map(|(alarm, events)| events.iter().map(move |event| (*alarm, event)));
    match output {
        Output::Json => writeln!(out, "{}", document::history(histories)),
        Output::Table => {
            let mut rows = vec![["ALARM", "TIME", "TYPE", "SUMMARY"].map(str::to_owned)];
            rows.extend(events().map(|(alarm, event)| row(alarm, event, rfc3339_s(event.at))));
            columns(&rows, out)
        }
        Output::Csv => {
            let rows = events().map(|(alarm, event)| row(alarm, event, rfc3339(event.at)));
            csv(["alarm", "time", "type", "summary"], rows, out)
        }
    }
}

/// Writes the alarms in columns as wide as their widest cell; the reason, which comes last, as long as it is.
fn table(alarms: &[&Alarm], seen: &Seen<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut rows = vec![["STATE", "SINCE", "NAME", "VALUE", "REASON"].map(str::to_owned)];
    rows.extend(alarms.iter().map(|alarm| {
        [
            alarm.state.name().to_owned(),
            alarm.since.map_or_else(|| "-".to_owned(), rfc3339_s),
            clean(&alarm.name).into_owned(),
            Some(versus::versus(alarm, seen.store, seen.board, seen.now).text)
                .filter(|text| !text.is_empty())
                .unwrap_or_else(|| "-".to_owned()),
            clean(&alarm.reason).into_owned(),
        ]
    }));
    columns(&rows, out)
}

#[cfg(test)]
mod tests;
