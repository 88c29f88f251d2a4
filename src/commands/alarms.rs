//! `baro alarms`: what is firing, and what happened to an alarm.

use std::io::{self, Write};

use super::sheet::{Output, columns, csv, plain};
use super::status::Status;
use crate::app::msg::Update;
use crate::board::Board;
use crate::config::{Loaded, Problem};
use crate::panes::alarms::filter::Filter;
use crate::panes::alarms::item::Item;
use crate::sources::{Client, alarm_history, alarm_tags, all_alarms};
use crate::store::Store;
use crate::store::alarm::{Alarm, AlarmEvent, AlarmKind, AlarmState};
use crate::store::health::SourceError;
use crate::text::clean;
use crate::text::time::{rfc3339, rfc3339_s};

mod document;

/// Decimals of a value in a table.
const DECIMALS: usize = 4;

/// What was asked for.
#[derive(Debug, Clone, Default)]
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
    let alarms: Vec<&Alarm> = found.alarms.iter().collect();
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
        write(&alarms, &found.store, &loaded.board, options.output, out)
    };
    match written {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => return Err(error),
        Err(_) | Ok(()) => {}
    }
    report(&loaded.problems, err)?;
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
    if filter.asks_for_tags() {
        for alarm in &alarms {
            let tags = alarm_tags(client, &alarm.setup.arn).await?;
            store.fold(board, Update::AlarmTags { at, alarm: alarm.name.clone(), tags });
        }
    }
    alarms.retain(|alarm| filter.passes(&Item::Alarm(alarm), &store, severity(alarm, &store, board), at));
    alarms.sort_by(|a, b| (a.state, &a.name).cmp(&(b.state, &b.name)));
    Ok(Found { alarms, store })
}

fn severity(alarm: &Alarm, store: &Store, board: &Board) -> crate::store::episode::Severity {
    board.alarms.severity(&alarm.name, store.alarm_tags.get(&alarm.name).map(Vec::as_slice))
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

fn report(problems: &[Problem], err: &mut dyn Write) -> io::Result<()> {
    problems.iter().try_for_each(|problem| writeln!(err, "baro: {problem}"))
}

fn write(alarms: &[&Alarm], store: &Store, board: &Board, output: Output, out: &mut dyn Write) -> io::Result<()> {
    match output {
        Output::Table => table(alarms, out),
        Output::Json => writeln!(out, "{}", document::alarms(alarms, |alarm| severity(alarm, store, board))),
        Output::Csv => {
            let number = |value: Option<f64>| value.map(|value| value.to_string()).unwrap_or_default();
            let rows = alarms.iter().map(|alarm| {
                [
                    clean(&alarm.name).into_owned(),
                    alarm.kind.name().to_owned(),
                    alarm.state.name().to_owned(),
                    alarm.since.map(rfc3339).unwrap_or_default(),
                    severity(alarm, store, board).name().to_owned(),
                    number(alarm.value),
                    number(alarm.threshold()),
                    clean(&alarm.reason).into_owned(),
                ]
            });
            csv(["name", "kind", "state", "since", "severity", "value", "threshold", "reason"], rows, out)
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
fn table(alarms: &[&Alarm], out: &mut dyn Write) -> io::Result<()> {
    let mut rows = vec![["STATE", "SINCE", "NAME", "VALUE", "REASON"].map(str::to_owned)];
    rows.extend(alarms.iter().map(|alarm| {
        [
            alarm.state.name().to_owned(),
            alarm.since.map_or_else(|| "-".to_owned(), rfc3339_s),
            clean(&alarm.name).into_owned(),
            measured(alarm),
            clean(&alarm.reason).into_owned(),
        ]
    }));
    columns(&rows, out)
}

fn figure(value: f64) -> String {
    plain(value, DECIMALS)
}

/// The newest value against the threshold, such as `14.6 > 5`.
fn measured(alarm: &Alarm) -> String {
    let value = alarm.value.map_or_else(|| "-".to_owned(), figure);
    match (&alarm.kind, alarm.threshold()) {
        (AlarmKind::Metric(metric), Some(threshold)) => format!("{value} {} {}", metric.sign(), figure(threshold)),
        (AlarmKind::Metric(metric), None) => format!("{value} {} band", metric.sign()),
        (AlarmKind::Logs(_), Some(threshold)) => format!("{value} / {}", figure(threshold)),
        (AlarmKind::Logs(_), None) => value,
        (AlarmKind::Composite { .. }, _) => "-".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use unicode_width::UnicodeWidthStr;

    use super::*;
    use crate::store::alarm::{AlarmSetup, MetricAlarm};
    use crate::store::series::MetricQuery;

    fn alarm(name: &str, value: Option<f64>, threshold: Option<f64>) -> Alarm {
        let metric = MetricAlarm {
            query: MetricQuery::stat("N", "m", &[], "Sum", 60),
            band: None,
            comparison: "GreaterThanThreshold".to_owned(),
            threshold,
            evaluation_periods: 1,
            datapoints_to_alarm: 1,
            treat_missing: "missing".to_owned(),
        };
        Alarm {
            name: name.to_owned(),
            description: String::new(),
            kind: AlarmKind::Metric(Box::new(metric)),
            state: AlarmState::Alarm,
            since: "2026-01-15T10:20:00Z".parse().ok(),
            reason: "Threshold Crossed".to_owned(),
            value,
            actions_enabled: true,
            actions: Vec::new(),
            evaluation_state: None,
            setup: AlarmSetup::default(),
        }
    }

    #[test]
    fn columns_line_up() {
        let mut out = Vec::new();
        table(&[&alarm("HighFailureRate", Some(14.6), Some(5.0)), &alarm("警報", None, None)], &mut out)
            .expect("written");
        let text = String::from_utf8(out).expect("UTF-8");
        let starts: Vec<usize> =
            text.lines().skip(1).map(|l| l[..l.find("Threshold").expect("reason")].width()).collect();
        assert_eq!(starts[0], starts[1], "{text}");
        assert!(text.contains("ALARM  2026-01-15T10:20:00Z  HighFailureRate  14.6 > 5"), "{text}");
    }

    #[test]
    fn the_document_begins_as_the_contract_has_it() {
        let one = alarm("A", Some(14.6), Some(5.0));
        let document = document::alarms(&[&one], |_| crate::store::episode::Severity::Warning).to_string();
        let start = r#"{"schema":"barograph/v1","alarms":[{"name":"A","kind":"metric","state":"ALARM","since":"2026-01-15T10:20:00.000Z","reason":"Threshold Crossed","value":14.6,"threshold":5.0,"severity":"warning""#;
        assert!(document.starts_with(start), "{document}");
        assert!(document.contains(r#""datapoints_to_alarm":1,"evaluation_periods":1,"period_s":60"#), "{document}");
    }

    #[test]
    fn history_is_written_in_every_form() {
        let one = alarm("A, \"b\"", None, None);
        let event = AlarmEvent {
            at: "2026-01-15T10:20:00.500Z".parse().expect("a time"),
            kind: "StateUpdate".into(),
            summary: "Alarm updated from OK to ALARM".into(),
            change: Some((AlarmState::Ok, AlarmState::Alarm)),
        };
        let histories = [(&one, vec![event])];
        let written = |output| {
            let mut out = Vec::new();
            write_history(&histories, output, &mut out).expect("written");
            String::from_utf8(out).expect("UTF-8")
        };
        assert_eq!(
            written(Output::Csv),
            "alarm,time,type,summary\n\"A, \"\"b\"\"\",2026-01-15T10:20:00.500Z,StateUpdate,Alarm updated from OK to ALARM\n"
        );
        assert!(
            written(Output::Table).ends_with("2026-01-15T10:20:00Z  StateUpdate  Alarm updated from OK to ALARM\n")
        );
        assert_eq!(
            written(Output::Json).trim(),
            r#"{"schema":"barograph/v1","alarms":[{"name":"A, \"b\"","history":[{"time":"2026-01-15T10:20:00.500Z","type":"StateUpdate","summary":"Alarm updated from OK to ALARM","from":"OK","to":"ALARM"}]}]}"#
        );
    }
}
