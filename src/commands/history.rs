//! `baro history`: what has fired on this host's watch.

use std::io::{self, Write};
use std::time::Duration;

use chrono::TimeDelta;
use serde_json::{Map, Value as Json, json};
use tokio_util::sync::CancellationToken;

use super::keeping;
use super::session::{self, Opening};
use super::sheet::{Output, columns, csv, plain};
use super::status::Status;
use crate::app::{Place, episodes};
use crate::board::Board;
use crate::clock::Time;
use crate::config::Environment;
use crate::demo::Estate;
use crate::history::{Answer, Reader, Trouble, Value};
use crate::panes::exported::EPISODE_COLUMNS;
use crate::sources::{Mode, all_transitions};
use crate::store::Store;
use crate::store::episode::{Acknowledgement, Entry, Episode};
use crate::store::history::History;
use crate::text::time::{rfc3339, rfc3339_s};
use crate::text::{clean, units};

/// What is listed where no span is given.
const SPAN: Duration = Duration::from_hours(30 * 24);
/// Decimals of a value in a table.
const DECIMALS: usize = 4;
/// What was asked for.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// A statement to answer instead of listing episodes.
    pub sql: Option<String>,
    /// How it is written.
    pub output: Output,
}

/// Writes episodes, or the answer to a statement, to `out`; what went wrong to `err`. With the demo and no file of its
/// own, the history is what DescribeAlarmHistory tells of the made-up account.
///
/// Exit status 1 where there is nothing, 2 for a wrong statement or a history that cannot be read.
///
/// # Errors
/// Where `out` or `err` cannot be written to, or the demo cannot be started.
pub async fn run(
    opening: &Opening,
    options: &Options,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> anyhow::Result<Status> {
    let loaded = session::configuration(opening, false);
    session::report(&loaded.problems, err)?;
    let now = session::clock(opening, Mode::Once).now();
    let since = now - TimeDelta::from_std(opening.since.unwrap_or(SPAN))?;
    let env = Environment::of_process();
    let reader = match keeping::location(opening, &loaded.settings.history, &env) {
        Some(location) => Reader::open(&location),
        None if opening.demo.is_some() => match told(opening, &loaded.board, since).await? {
            Ok(entries) => Reader::of(&entries),
            Err(error) => {
                writeln!(err, "baro: {error}")?;
                return Ok(Status::Refused);
            }
        },
        None => {
            writeln!(err, "baro: no place for a history: set XDG_STATE_HOME or HOME, or give --history-file FILE")?;
            return Ok(Status::Misused);
        }
    };
    let reader = match reader {
        Ok(reader) => reader,
        Err(trouble) => {
            writeln!(err, "baro: {trouble}")?;
            let missing = matches!(trouble, Trouble::Missing { .. });
            return Ok(if missing { Status::Found } else { Status::Misused });
        }
    };
    match print(reader, options, since, now, out, err) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(Status::Done),
        printed => Ok(printed?),
    }
}

/// What DescribeAlarmHistory tells of the demo's account.
async fn told(
    opening: &Opening,
    board: &Board,
    since: Time,
) -> anyhow::Result<Result<Vec<Entry>, crate::store::health::SourceError>> {
    let cancel = CancellationToken::new();
    let clock = session::clock(opening, Mode::Once);
    let (client, _demo) = session::client(opening, clock, &cancel).await?;
    let place = Place { account: "demo".to_owned(), region: Estate::REGION.to_owned(), ..Place::default() };
    let transitions = match all_transitions(&client, since).await {
        Ok(transitions) => transitions,
        Err(error) => return Ok(Err(error)),
    };
    let told = episodes::of_transitions(&transitions, &place, board, &Store::default());
    Ok(Ok(told.into_iter().map(Entry::Episode).collect()))
}

fn print(
    mut reader: Reader,
    options: &Options,
    since: Time,
    now: Time,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> io::Result<Status> {
    if let Some(sql) = &options.sql {
        let answer = match reader.query(sql) {
            Ok(answer) => answer,
            Err(error) => {
                writeln!(err, "baro: --sql: {error}")?;
                return Ok(Status::Misused);
            }
        };
        if answer.cut {
            writeln!(err, "baro: only the first {} rows are written", answer.rows.len())?;
        }
        match options.output {
            Output::Table => table(&answer, out)?,
            Output::Json => writeln!(out, "{}", answered(&answer))?,
            Output::Csv => csv(&answer.columns, answer.rows.iter().map(|row| row.iter().map(text)), out)?,
        }
        return Ok(if answer.rows.is_empty() { Status::Found } else { Status::Done });
    }
    let (episodes, said) = match reader.since(since) {
        Ok(read) => read,
        Err(trouble) => {
            writeln!(err, "baro: {trouble}")?;
            return Ok(Status::Misused);
        }
    };
    let mut history = History::default();
    said.into_iter().rev().for_each(|said| history.remember(Entry::Acknowledgement(said)));
    let listed = episodes.iter().map(|episode| (episode, history.said_during(episode)));
    match options.output {
        Output::Table => list(listed, now, out)?,
        Output::Json => {
            let episodes: Vec<Json> = listed.map(|(episode, said)| document(episode, said)).collect();
            writeln!(out, "{}", json!({ "schema": "barograph/v1", "since": rfc3339(since), "episodes": episodes }))?;
        }
        Output::Csv => csv(EPISODE_COLUMNS, listed.map(|(episode, said)| record(episode, said)), out)?,
    }
    Ok(if episodes.is_empty() { Status::Found } else { Status::Done })
}

/// One episode of the contract, with what was last said while it was under way.
pub fn document(episode: &Episode, said: Option<&Acknowledgement>) -> Json {
    json!({
        "signal": episode.signal.name(),
        "name": clean(&episode.name),
        "account": clean(&episode.account),
        "region": clean(&episode.region),
        "severity": episode.severity.name(),
        "began": rfc3339(episode.began),
        "ended": episode.ended.map(rfc3339),
        "duration_s": duration_s(episode),
        "value": episode.value,
        "peak": episode.peak,
        "threshold": episode.threshold,
        "reason": clean(&episode.reason),
        "acknowledgement": said.map(|said| json!({
            "stance": said.stance.name(),
            "by": clean(&said.by),
            "at": rfc3339(said.at),
            "note": clean(&said.note),
            "until": said.until.map(rfc3339),
        })),
    })
}

/// How long an episode lasted, in seconds; nothing while it is under way.
fn duration_s(episode: &Episode) -> Option<f64> {
    episode.ended.map(|ended| (ended - episode.began).num_milliseconds() as f64 / 1000.0)
}

fn record(episode: &Episode, said: Option<&Acknowledgement>) -> Vec<String> {
    let number = |value: Option<f64>| value.map(|value| value.to_string()).unwrap_or_default();
    let time = |at: Option<Time>| at.map(rfc3339).unwrap_or_default();
    let safe = |text: &str| clean(text).into_owned();
    vec![
        episode.signal.name().to_owned(),
        safe(&episode.name),
        safe(&episode.account),
        safe(&episode.region),
        episode.severity.name().to_owned(),
        rfc3339(episode.began),
        time(episode.ended),
        number(duration_s(episode)),
        number(episode.value),
        number(episode.peak),
        number(episode.threshold),
        safe(&episode.reason),
        said.map(|said| said.stance.name().to_owned()).unwrap_or_default(),
        said.map(|said| safe(&said.by)).unwrap_or_default(),
        said.map(|said| safe(&said.note)).unwrap_or_default(),
        time(said.and_then(|said| said.until)),
    ]
}

/// Episodes in columns, the note last.
fn list<'a>(
    episodes: impl Iterator<Item = (&'a Episode, Option<&'a Acknowledgement>)>,
    now: Time,
    out: &mut dyn Write,
) -> io::Result<()> {
    let figure = |value: Option<f64>| value.map_or_else(|| "-".to_owned(), |value| plain(value, DECIMALS));
    let mut rows = vec![["BEGAN", "LASTED", "SIGNAL", "NAME", "VALUE", "PEAK", "THRESHOLD", "NOTE"].map(str::to_owned)];
    rows.extend(episodes.map(|(episode, said)| {
        let span = if episode.ended.is_some() { units::lasted } else { units::span };
        let lasted = span(episode.lasted(now).num_seconds());
        [
            rfc3339_s(episode.began),
            if episode.ended.is_some() { lasted } else { format!("{lasted} on") },
            episode.signal.name().to_owned(),
            clean(&episode.name).into_owned(),
            figure(episode.value),
            figure(episode.peak),
            figure(episode.threshold),
            said.map(Acknowledgement::words).unwrap_or_default(),
        ]
    }));
    columns(&rows, out)
}

/// The answer to a statement in columns.
fn table(answer: &Answer, out: &mut dyn Write) -> io::Result<()> {
    let mut rows = vec![answer.columns.iter().map(|name| clean(name).into_owned()).collect::<Vec<_>>()];
    rows.extend(answer.rows.iter().map(|row| row.iter().map(text).collect()));
    columns(&rows, out)
}

/// The answer to a statement as a document.
fn answered(answer: &Answer) -> Json {
    let row = |row: &Vec<Value>| {
        let cells = answer.columns.iter().zip(row);
        Json::Object(cells.map(|(name, value)| (clean(name).into_owned(), json(value))).collect::<Map<_, _>>())
    };
    let rows: Vec<Json> = answer.rows.iter().map(row).collect();
    json!({ "schema": "barograph/v1", "columns": answer.columns, "rows": rows })
}

fn json(value: &Value) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Integer(number) => (*number).into(),
        Value::Real(number) => (*number).into(),
        Value::Text(text) => clean(text).into(),
        Value::Blob(bytes) => hex(bytes).into(),
    }
}

fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Integer(number) => number.to_string(),
        Value::Real(number) => number.to_string(),
        Value::Text(text) => clean(text).into_owned(),
        Value::Blob(bytes) => hex(bytes),
    }
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing into a text cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::episode::{Severity, Signal, Stance};

    fn at(text: &str) -> Time {
        format!("2026-01-15T{text}Z").parse().expect("a time")
    }

    fn entries() -> Vec<Entry> {
        let episode = Episode {
            signal: Signal::Alarm,
            name: "HighFailureRate".to_owned(),
            account: "demo".to_owned(),
            region: "us-east-1".to_owned(),
            severity: Severity::Critical,
            began: at("10:20:00"),
            ended: Some(at("10:40:00.5")),
            value: Some(13.2),
            peak: Some(14.6),
            threshold: Some(5.0),
            reason: "Threshold Crossed".to_owned(),
        };
        let open = Episode {
            signal: Signal::Rule,
            name: "order_flood".to_owned(),
            began: at("10:22:00"),
            ended: None,
            peak: None,
            ..episode.clone()
        };
        let said = Acknowledgement {
            stance: Stance::Snoozed,
            signal: Signal::Alarm,
            name: "HighFailureRate".to_owned(),
            account: "demo".to_owned(),
            region: "us-east-1".to_owned(),
            by: "eva".to_owned(),
            at: at("10:25:00"),
            note: "the TSP, \"again\"".to_owned(),
            until: Some(at("11:25:00")),
        };
        vec![Entry::Episode(episode), Entry::Episode(open), Entry::Acknowledgement(said)]
    }

    fn printed(options: &Options) -> (String, String, Status) {
        let reader = Reader::of(&entries()).expect("a history");
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let status = print(reader, options, at("00:00:00"), at("10:28:00"), &mut out, &mut err).expect("written");
        (String::from_utf8(out).expect("UTF-8"), String::from_utf8(err).expect("UTF-8"), status)
    }

    fn options(sql: Option<&str>, output: Output) -> Options {
        Options { sql: sql.map(str::to_owned), output }
    }

    #[test]
    fn the_document_is_the_contract() {
        let (text, _, status) = printed(&options(None, Output::Json));
        assert_eq!(status, Status::Done);
        let document: Json = serde_json::from_str(&text).expect("JSON");
        assert_eq!(document["schema"], "barograph/v1");
        assert_eq!(
            document["episodes"][1].to_string(),
            r#"{"signal":"alarm","name":"HighFailureRate","account":"demo","region":"us-east-1","severity":"critical","began":"2026-01-15T10:20:00.000Z","ended":"2026-01-15T10:40:00.500Z","duration_s":1200.5,"value":13.2,"peak":14.6,"threshold":5.0,"reason":"Threshold Crossed","acknowledgement":{"stance":"snoozed","by":"eva","at":"2026-01-15T10:25:00.000Z","note":"the TSP, \"again\"","until":"2026-01-15T11:25:00.000Z"}}"#
        );
        let open = &document["episodes"][0];
        assert!(open["ended"].is_null() && open["duration_s"].is_null() && open["acknowledgement"].is_null());
    }

    #[test]
    fn tables_and_values_have_the_same_rows() {
        let (text, ..) = printed(&options(None, Output::Table));
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines[0], "BEGAN                 LASTED  SIGNAL  NAME             VALUE  PEAK  THRESHOLD  NOTE");
        assert_eq!(lines[1], "2026-01-15T10:22:00Z  6m on   rule    order_flood      13.2   -     5");
        assert!(lines[2].ends_with("HighFailureRate  13.2   14.6  5          eva: the TSP, \"again\""), "{text}");
        let (text, ..) = printed(&options(None, Output::Csv));
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines[0], EPISODE_COLUMNS.join(","));
        assert!(lines[2].ends_with(r#"snoozed,eva,"the TSP, ""again""",2026-01-15T11:25:00.000Z"#), "{text}");
    }

    #[test]
    fn a_statement_is_answered_in_each_form() {
        let sql = Some("SELECT name, peak, ended_ms, x'0aff' AS b FROM episodes ORDER BY name DESC");
        let (text, ..) = printed(&options(sql, Output::Json));
        assert_eq!(
            text.trim(),
            r#"{"schema":"barograph/v1","columns":["name","peak","ended_ms","b"],"rows":[{"name":"order_flood","peak":null,"ended_ms":null,"b":"0aff"},{"name":"HighFailureRate","peak":14.6,"ended_ms":1768473600500,"b":"0aff"}]}"#
        );
        let (text, ..) = printed(&options(sql, Output::Csv));
        assert_eq!(text.lines().nth(2), Some("HighFailureRate,14.6,1768473600500,0aff"));
        let (text, ..) = printed(&options(sql, Output::Table));
        assert_eq!(text.lines().nth(2), Some("HighFailureRate  14.6  1768473600500  0aff"));
    }

    #[test]
    fn what_is_wrong_or_nothing_has_its_status() {
        let cases = [
            ("SELECT * FROM history WHERE day = '1999-01-01'", Status::Found, ""),
            ("SELECT nme FROM history", Status::Misused, "baro: --sql: no such column: nme at character 8\n"),
            ("DELETE FROM episodes", Status::Misused, "baro: --sql: the history is only read here"),
        ];
        for (sql, expected, message) in cases {
            let (_, err, status) = printed(&options(Some(sql), Output::Csv));
            assert_eq!(status, expected, "{sql}");
            assert!(err.starts_with(message), "{sql}: {err}");
        }
    }
}
