//! `baro alarms`: what is firing.

use std::io::{self, Write};

use chrono::SecondsFormat;
use serde_json::{Value, json};
use unicode_width::UnicodeWidthStr;

use super::snapshot;
use super::status::Status;
use crate::sources::{Client, all_alarms};
use crate::store::alarm::{Alarm, AlarmKind, AlarmState};
use crate::text::clean;

/// How the alarms are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Output {
    /// Columns for people.
    #[default]
    Table,
    /// The contract `barograph/v1`.
    Json,
}

/// What was asked for.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Alarms in this state alone.
    pub state: Option<AlarmState>,
    /// How they are written.
    pub output: Output,
    /// Whether a firing alarm among them makes the exit status 1.
    pub exit_code: bool,
}

/// Writes the alarms to `out`, those that fire first; what went wrong to `err`.
///
/// # Errors
/// Where `out` or `err` cannot be written to; a closed pipe ends quietly.
pub async fn run(client: &Client, options: &Options, out: &mut dyn Write, err: &mut dyn Write) -> io::Result<Status> {
    let mut alarms = match all_alarms(client).await {
        Ok(alarms) => alarms,
        Err(error) => {
            writeln!(err, "baro: {error}")?;
            return Ok(Status::Refused);
        }
    };
    alarms.retain(|alarm| options.state.is_none_or(|state| alarm.state == state));
    alarms.sort_by(|a, b| (a.state, &a.name).cmp(&(b.state, &b.name)));
    let written = match options.output {
        Output::Table => table(&alarms, out),
        Output::Json => writeln!(out, "{}", document(&alarms)),
    };
    match written {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => return Err(error),
        Err(_) | Ok(()) => {}
    }
    let firing = alarms.iter().any(|alarm| alarm.state == AlarmState::Alarm);
    Ok(if options.exit_code && firing || !options.exit_code && alarms.is_empty() {
        Status::Found
    } else {
        Status::Done
    })
}

/// The alarms as the contract has them.
fn document(alarms: &[Alarm]) -> Value {
    let alarms: Vec<Value> = alarms.iter().map(snapshot::alarm).collect();
    json!({ "schema": "barograph/v1", "alarms": alarms })
}

/// Writes the alarms in columns as wide as their widest cell; the reason, which comes last, as long as it is.
fn table(alarms: &[Alarm], out: &mut dyn Write) -> io::Result<()> {
    let mut rows = vec![["STATE", "SINCE", "NAME", "VALUE", "REASON"].map(str::to_owned)];
    rows.extend(alarms.iter().map(|alarm| {
        let since = alarm.since.map_or_else(|| "-".to_owned(), |at| at.to_rfc3339_opts(SecondsFormat::Secs, true));
        [
            alarm.state.name().to_owned(),
            since,
            clean(&alarm.name).into_owned(),
            measured(alarm),
            clean(&alarm.reason).into_owned(),
        ]
    }));
    let widths: [usize; 4] = std::array::from_fn(|i| rows.iter().map(|row| row[i].width()).max().unwrap_or_default());
    for row in &rows {
        for (cell, width) in row.iter().zip(widths) {
            write!(out, "{cell}{:space$}  ", "", space = width - cell.width())?;
        }
        writeln!(out, "{}", row[4])?;
    }
    Ok(())
}

/// The newest value against the threshold, such as `14.6 > 5`.
fn measured(alarm: &Alarm) -> String {
    let value = alarm.value.map_or_else(|| "-".to_owned(), plain);
    match (&alarm.kind, alarm.threshold()) {
        (AlarmKind::Metric(metric), Some(threshold)) => format!("{value} {} {}", metric.sign(), plain(threshold)),
        (AlarmKind::Metric(metric), None) => format!("{value} {} band", metric.sign()),
        (AlarmKind::Logs(_), Some(threshold)) => format!("{value} / {}", plain(threshold)),
        (AlarmKind::Logs(_), None) => value,
        (AlarmKind::Composite { .. }, _) => "-".to_owned(),
    }
}

/// A number with at most four decimals, none of them a needless zero.
fn plain(value: f64) -> String {
    let text = format!("{value:.4}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
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
        table(&[alarm("HighFailureRate", Some(14.6), Some(5.0)), alarm("警報", None, None)], &mut out)
            .expect("written");
        let text = String::from_utf8(out).expect("UTF-8");
        let starts: Vec<usize> =
            text.lines().skip(1).map(|l| l[..l.find("Threshold").expect("reason")].width()).collect();
        assert_eq!(starts[0], starts[1], "{text}");
        assert!(text.contains("ALARM  2026-01-15T10:20:00Z  HighFailureRate  14.6 > 5"), "{text}");
    }

    #[test]
    fn the_document_is_the_contract() {
        let document = document(&[alarm("A", Some(14.6), Some(5.0))]);
        assert_eq!(
            document.to_string(),
            r#"{"schema":"barograph/v1","alarms":[{"name":"A","kind":"metric","state":"ALARM","since":"2026-01-15T10:20:00.000Z","reason":"Threshold Crossed","value":14.6,"threshold":5.0}]}"#
        );
    }
}
