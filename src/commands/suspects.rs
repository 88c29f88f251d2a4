//! `baro suspects`: what the failures of a bad window have in common.

use std::io::{self, Write};

use serde_json::{Map, Value, json};

use super::sheet::{Output, columns, csv};
use super::status::Status;
use crate::analysis::cells::{Cells, Tally};
use crate::analysis::suspects::fields::Fields;
use crate::analysis::suspects::windows::{Span, Windows};
use crate::analysis::suspects::{Finding, Suspect, find, query};
use crate::board::{Board, FeedRules};
use crate::clock::Time;
use crate::sources::{Client, all_alarms, log_rows};
use crate::store::health::SourceError;
use crate::store::rows::LogRows;
use crate::text::time::{rfc3339, rfc3339_s};
use crate::text::units::round;
use crate::text::{clean, clean_field, parse_time};

/// The columns of the comma-separated form.
const COLUMNS: [&str; 7] =
    ["suspect", "share_of_excess", "failures", "attempts", "good_failures", "good_attempts", "lift"];

/// What was asked for.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// `FROM..TO` of the bad window; since the oldest firing alarm began where nothing is said.
    pub bad: Option<String>,
    /// `FROM..TO` of the good window; the hour before the bad one where nothing is said.
    pub good: Option<String>,
    /// How the suspects are written.
    pub output: Output,
}

/// Writes the suspects to `out`, what went wrong, and why nothing is found where nothing is, to `err`.
///
/// # Errors
/// Where `out` or `err` cannot be written to; a closed pipe ends quietly.
pub async fn run(
    client: &Client,
    board: &Board,
    now: Time,
    options: &Options,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> io::Result<Status> {
    let Some(rules) = &board.feed else {
        writeln!(err, "baro: the board {} has no [feed], whose lines suspects are found in", clean(&board.name))?;
        return Ok(Status::Misused);
    };
    let spans =
        (options.bad.as_deref().map(|text| span(text, now)), options.good.as_deref().map(|text| span(text, now)));
    let (bad, good) = match (spans.0.transpose(), spans.1.transpose()) {
        (Ok(bad), Ok(good)) => (bad, good),
        (Err(words), _) => return misused("--bad", &words, err),
        (_, Err(words)) => return misused("--good", &words, err),
    };
    let (windows, finding) = match Box::pin(look(client, board, rules, now, (bad, good))).await {
        Ok(found) => found,
        Err(error) => {
            writeln!(err, "baro: {error}")?;
            return Ok(Status::Refused);
        }
    };
    let written = match options.output {
        Output::Table => table(&finding, out),
        Output::Json => writeln!(out, "{}", document(windows, &finding)),
        Output::Csv => csv(COLUMNS, finding.suspects.iter().map(record), out),
    };
    match written {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => return Err(error),
        Err(_) | Ok(()) => {}
    }
    if let Some(nothing) = finding.nothing {
        writeln!(err, "baro: {} ({})", nothing.words(), words(windows))?;
    }
    Ok(if finding.suspects.is_empty() { Status::Found } else { Status::Done })
}

fn misused(flag: &str, words: &str, err: &mut dyn Write) -> io::Result<Status> {
    writeln!(err, "baro: {flag}: {words}")?;
    Ok(Status::Misused)
}

/// Asks for what is needed, one thing after the other as each decides the next, both windows at once.
async fn look(
    client: &Client,
    board: &Board,
    rules: &FeedRules,
    now: Time,
    (bad, good): (Option<Span>, Option<Span>),
) -> Result<(Windows, Finding), SourceError> {
    let windows = match bad {
        Some(bad) => Windows::of_bad(bad),
        None => Windows::of_alarms(&all_alarms(client).await?, &board.alarms, now),
    };
    let windows = Windows { good: good.unwrap_or(windows.good), ..windows };
    let sample = log_rows(client, &query::sample(rules, windows.bad)).await?;
    let fields = Fields::of_lines(rules, messages(&sample));
    let [bad, good] = [windows.bad, windows.good].map(|span| query::counts(rules, &fields.causes, &[], span));
    let (bad, good) = tokio::try_join!(log_rows(client, &bad), log_rows(client, &good))?;
    let cells = Cells::gather(&fields.causes, rules, &bad, &good);
    Ok((windows, find(&cells)))
}

/// The messages of rows that have one.
fn messages(rows: &LogRows) -> impl Iterator<Item = &str> {
    let message = |row: &'_ &Vec<(String, String)>| row.iter().any(|(field, _)| field == "@message");
    let found = rows.rows.iter().filter(message).flatten();
    found.filter(|(field, _)| field == "@message").map(|(_, text)| text.as_str())
}

/// `FROM..TO` as a span in whole seconds; times as `--at` takes them.
fn span(text: &str, now: Time) -> Result<Span, String> {
    let (from, to) = text.split_once("..").ok_or("write it like 10:13..10:28 or -15m..now")?;
    let time = |text: &str| match text.trim() {
        "" | "now" => Ok(now),
        text => parse_time(text, now).map_err(|error| error.to_string()),
    };
    let (from, to) = (time(from)?, time(to)?);
    let second = |time| crate::clock::floor(time, 1);
    let span = Span { from: second(from), to: second(to) };
    if span.from < span.to { Ok(span) } else { Err(format!("{} does not come before its end", text.trim())) }
}

fn words(windows: Windows) -> String {
    let Windows { bad, good } = windows;
    format!("{}..{} against {}..{}", rfc3339_s(bad.from), rfc3339_s(bad.to), rfc3339_s(good.from), rfc3339_s(good.to))
}

/// The suspects as the contract has them.
fn document(windows: Windows, finding: &Finding) -> Value {
    let window = |span: Span, tally: Tally| json!({ "from": rfc3339(span.from), "to": rfc3339(span.to), "attempts": tally.attempts, "failures": tally.failures });
    let suspect = |suspect: &Suspect| {
        let fields = suspect.fields.iter();
        let fields: Map<String, Value> =
            fields.map(|(field, value)| (field.clone(), clean_field(field, value).into_owned().into())).collect();
        json!({
            "fields": fields,
            "failures": suspect.bad.failures,
            "attempts": suspect.bad.attempts,
            "share_of_excess": round(suspect.share_of_excess, 4),
            "lift": round(suspect.lift, 2),
        })
    };
    json!({
        "schema": "barograph/v1",
        "bad": window(windows.bad, finding.bad),
        "good": window(windows.good, finding.good),
        "suspects": finding.suspects.iter().map(suspect).collect::<Vec<_>>(),
    })
}

/// A suspect in the columns of the comma-separated form.
fn record(suspect: &Suspect) -> [String; 7] {
    [
        suspect.words(),
        round(suspect.share_of_excess, 4).to_string(),
        suspect.bad.failures.to_string(),
        suspect.bad.attempts.to_string(),
        suspect.good.failures.to_string(),
        suspect.good.attempts.to_string(),
        round(suspect.lift, 2).to_string(),
    ]
}

/// Writes the suspects in columns as wide as their widest cell.
fn table(finding: &Finding, out: &mut dyn Write) -> io::Result<()> {
    if finding.suspects.is_empty() {
        return Ok(());
    }
    let mut rows = vec![["SHARE", "FAILED", "RATE", "BEFORE", "LIFT", "SUSPECT"].map(str::to_owned)];
    let percent = |rate: Option<f64>| rate.map_or_else(|| "-".to_owned(), |rate| format!("{:.1} %", rate * 100.0));
    rows.extend(finding.suspects.iter().map(|suspect| {
        [
            format!("{:.0} %", suspect.share_of_excess * 100.0),
            format!("{} of {}", suspect.bad.failures, suspect.bad.attempts),
            percent(suspect.bad.rate()),
            percent(suspect.good.rate()),
            format!("{:.1}", suspect.lift),
            suspect.words(),
        ]
    }));
    columns(&rows, out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Time {
        format!("2026-01-15T{text}Z").parse().expect("a time")
    }

    fn finding() -> (Windows, Finding) {
        let tally = |attempts, failures| Tally { attempts, failures };
        let fields = [("issuer", "Contoso_Bank"), ("os", "Android\u{1b} 14")];
        let suspect = Suspect {
            fields: fields.map(|(field, value)| (field.to_owned(), value.to_owned())).to_vec(),
            bad: tally(1_000, 990),
            good: tally(4_000, 80),
            share_of_excess: 0.987_654_3,
            lift: 49.514_9,
        };
        let finding = Finding {
            suspects: vec![suspect],
            bad: tally(9_000, 1_150),
            good: tally(36_000, 720),
            excess: 970.0,
            nothing: None,
        };
        (Windows::of_bad(Span { from: at("10:13:00"), to: at("10:28:00") }), finding)
    }

    #[test]
    fn the_document_is_the_contract() {
        let (windows, finding) = finding();
        assert_eq!(
            document(windows, &finding).to_string(),
            "{\"schema\":\"barograph/v1\",\
             \"bad\":{\"from\":\"2026-01-15T10:13:00.000Z\",\"to\":\"2026-01-15T10:28:00.000Z\",\"attempts\":9000,\"failures\":1150},\
             \"good\":{\"from\":\"2026-01-15T09:13:00.000Z\",\"to\":\"2026-01-15T10:13:00.000Z\",\"attempts\":36000,\"failures\":720},\
             \"suspects\":[{\"fields\":{\"issuer\":\"Contoso_Bank\",\"os\":\"Android␛ 14\"},\"failures\":990,\"attempts\":1000,\
             \"share_of_excess\":0.9877,\"lift\":49.51}]}"
        );
    }

    #[test]
    fn columns_line_up() {
        let (_, finding) = finding();
        let mut out = Vec::new();
        table(&finding, &mut out).expect("written");
        let expected = "SHARE  FAILED       RATE    BEFORE  LIFT  SUSPECT\n\
                        99 %   990 of 1000  99.0 %  2.0 %   49.5  issuer=Contoso_Bank × os=Android␛ 14\n";
        assert_eq!(String::from_utf8(out).expect("UTF-8"), expected);
    }

    #[test]
    fn spans_are_read_and_refused() {
        let now = at("10:28:00.250");
        assert_eq!(span("10:13..10:20", now), Ok(Span { from: at("10:13:00"), to: at("10:20:00") }));
        assert_eq!(span("-15m..now", now).map(|span| span.to), Ok(at("10:28:00")));
        assert_eq!(span("10:00..", now), Ok(Span { from: at("10:00:00"), to: at("10:28:00") }));
        for (text, words) in [("10:13", "write it like"), ("10:28..10:13", "does not come before"), ("x..y", "")] {
            assert!(span(text, now).expect_err(text).contains(words), "{text}");
        }
    }
}
