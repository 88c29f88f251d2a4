//! `baro metrics`: datapoints of what is named, or which metrics there are.

mod list;
mod nothing;
mod output;

use std::io::{self, Write};
use std::sync::Arc;

use super::status::Status;
use crate::analysis::expression::{self, Line, Scope};
use crate::analysis::math::MathError;
use crate::board::Board;
use crate::clock::Time;
use crate::sources::{Client, metric_data};
use crate::store::Store;
use crate::store::series::MetricSource;
use crate::store::window::Window;
use crate::text::{clean, width};

/// How they are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Output {
    /// Columns for people: a time, and a value for each series.
    #[default]
    Table,
    /// The contract `barograph/v1`.
    Json,
    /// RFC 4180, the same columns as the table.
    Csv,
    /// A line a series: bars and four figures.
    Spark,
}

/// What was asked for.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// What to read, each as [`expression`] has it; nothing lists metrics instead.
    pub expressions: Vec<String>,
    /// The period in seconds of what names none.
    pub period_s: Option<u32>,
    /// Lists metrics with all these words in namespace, name or dimensions.
    pub search: Option<String>,
    /// Lists metrics of this namespace.
    pub namespace: Option<String>,
    /// Lists metrics with datapoints in the last three hours.
    pub recent: bool,
    /// How they are written.
    pub output: Output,
}

/// One series as it is written.
#[derive(Debug, Clone, PartialEq)]
struct Printed {
    id: String,
    label: String,
    period_s: u32,
    /// The statistic, where the series is one metric's.
    stat: Option<String>,
    points: Vec<(Time, f64)>,
}

/// Writes datapoints, or the list of metrics, to `out`; what went wrong to `err`.
///
/// Exit status 1 where there is no datapoint or no metric, 2 where an expression is wrong, 3 where AWS refused.
///
/// # Errors
/// Where `out` or `err` cannot be written to; a closed pipe ends quietly.
pub async fn run(
    client: &Client,
    board: &Board,
    window: Window,
    now: Time,
    options: &Options,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> io::Result<Status> {
    if options.expressions.is_empty() {
        return list::run(client, now, options, out, err).await;
    }
    if options.search.is_some() || options.namespace.is_some() || options.recent {
        writeln!(err, "baro: --search, --namespace and --recent list metrics; they take no expressions")?;
        return Ok(Status::Misused);
    }
    let scope = Scope { period_s: options.period_s, ..Scope::new(board) };
    let mut lines = match expression::parse_all(&options.expressions, scope) {
        Ok(lines) => lines,
        Err((index, error)) => {
            explain(&options.expressions[index], index, &error, err)?;
            return Ok(Status::Misused);
        }
    };
    // As a chart of this window would be drawn: what CloudWatch no longer keeps is read with a longer period.
    for line in &mut lines {
        line.query = line.query.drawn(window, None, now);
    }
    let queries: Vec<_> = lines.iter().map(|line| line.query.clone()).collect();
    let (store, failed) = metric_data(client, Arc::new(board.clone()), window, &queries).await;
    let mut refused = false;
    if let Some(error) = failed {
        writeln!(err, "baro: {error}")?;
        refused = true;
    }
    for line in &lines {
        let Some(set) = store.series(&line.query) else { continue };
        if let Some(message) = &set.message {
            writeln!(err, "baro: {}: {}", line.id, clean(message))?;
            refused |= set.series.iter().all(|series| series.points.is_empty());
        }
    }
    let printed: Vec<Printed> = lines.iter().flat_map(|line| series(line, &store, window, now)).collect();
    let empty = printed.iter().all(|series| series.points.is_empty());
    if refused && empty {
        return Ok(Status::Refused);
    }
    if empty {
        nothing::explain(client, &lines, err).await?;
    }
    let written = output::write(&printed, window, now, options.output, out);
    match written {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => return Err(error),
        Err(_) | Ok(()) => {}
    }
    Ok(match (refused, empty) {
        (true, _) => Status::Refused,
        (false, true) => Status::Found,
        (false, false) => Status::Done,
    })
}

/// The series of one line over the window.
fn series(line: &Line, store: &Store, window: Window, now: Time) -> Vec<Printed> {
    let (from, to) = window.whole_periods(now, line.query.period_s);
    let (several, stat) = match &line.query.source {
        MetricSource::Stat { stat, .. } => (false, Some(stat.clone())),
        MetricSource::Expression { .. } => (true, None),
    };
    let found = store.series(&line.query).map_or(&[][..], |set| &set.series);
    let several = several && found.len() > 1;
    let printed = |label: &str, points: &[(Time, f64)]| Printed {
        id: line.id.clone(),
        label: clean(label).into_owned(),
        period_s: line.query.period_s,
        stat: stat.clone(),
        points: points.to_vec(),
    };
    if found.is_empty() {
        return vec![printed(&line.title, &[])];
    }
    let own = several || line.query.label.is_some();
    found.iter().map(|series| printed(if own { &series.label } else { &line.title }, series.range(from, to))).collect()
}

/// Says what is wrong with an expression, and marks the place.
fn explain(text: &str, index: usize, error: &MathError, err: &mut dyn Write) -> io::Result<()> {
    writeln!(err, "baro: expression {}, position {}: {}", index + 1, error.position, error.message)?;
    if text.contains('\n') {
        return Ok(());
    }
    let before = text.get(..error.position).unwrap_or(text);
    writeln!(err, "  {}", clean(text))?;
    writeln!(err, "  {}^", " ".repeat(width(&clean(before))))
}
