//! GetMetricData.

use chrono::{DateTime, TimeDelta};

use crate::clock::{Time, floor};
use crate::demo::Estate;
use crate::demo::wire::{ApiError, Wire, token};
use crate::store::series::Series;

use super::batch::{Batch, Outcome};
use super::label::{self, Facts};
use super::query::{self, Query, What, invalid, missing};
use super::sampler::Window;

/// How many datapoints a page holds unless fewer are asked for.
const MOST: i64 = 100_800;
/// AWS's code for a bad paging token.
const BAD_TOKEN: &str = "InvalidNextToken";

/// Where a page starts.
struct Place {
    /// The present when the first page was made; later pages see the same world.
    now: Time,
    /// How many lines are done.
    line: usize,
    /// How many datapoints of the next are.
    point: usize,
}

/// One line of the answer.
struct Line<'a> {
    id: &'a str,
    label: String,
    points: Vec<(Time, f64)>,
    remarks: &'a [(&'static str, String)],
}

/// Answers GetMetricData.
pub(super) fn get_metric_data(estate: &Estate, input: &Wire) -> Result<Wire, ApiError> {
    let queries = query::queries(input)?;
    let print = token::fingerprint("GetMetricData", input, &["NextToken"]);
    let place = place(estate, input, print)?;
    let window = window(input, place.now)?;
    let descending = match input.text("ScanBy") {
        None | Some("TimestampDescending") => true,
        Some("TimestampAscending") => false,
        Some(other) => return Err(invalid(format!("The value {other} for parameter ScanBy is not supported."))),
    };
    let most = input.i64("MaxDatapoints").unwrap_or(MOST);
    if !(1..=MOST).contains(&most) {
        return Err(invalid(format!("The parameter MaxDatapoints must be between 1 and {MOST}.")));
    }
    let batch = Batch::run(&estate.world, &queries, window)?;
    let lines = lines(&batch, &queries)?;
    let exceeded = lines.iter().any(|line| line.remarks.iter().any(|(code, _)| *code == "MaxMetricsExceeded"));
    let (results, next) = page(lines, &place, most as usize, descending);
    let next =
        next.map(|(line, point)| token::seal(print, &format!("{}|{line}|{point}", place.now.timestamp_micros())));
    let messages = exceeded
        .then(|| message("MaxMetricsExceeded", "The maximum number of allowed metrics, 100, has been exceeded"));
    Ok(Wire::map([
        ("MetricDataResults", Wire::List(results)),
        ("NextToken", next.into()),
        ("Messages", Wire::List(messages.into_iter().collect())),
    ]))
}

fn message(code: &str, value: &str) -> Wire {
    Wire::map([("Code", code.into()), ("Value", value.into())])
}

fn place(estate: &Estate, input: &Wire, request: u64) -> Result<Place, ApiError> {
    let now = estate.now();
    let Some(token) = input.text("NextToken") else { return Ok(Place { now, line: 0, point: 0 }) };
    let state = token::open(request, token, BAD_TOKEN)?;
    let numbers: Vec<i64> = state.split('|').filter_map(|part| part.parse().ok()).collect();
    let [at, line, point] = numbers[..] else {
        return Err(ApiError::bad(BAD_TOKEN, "The specified nextToken is invalid."));
    };
    let at = DateTime::from_timestamp_micros(at).unwrap_or(now);
    Ok(Place { now: at.min(now), line: line as usize, point: point as usize })
}

/// The window asked for; the start is rounded down the more the older it is (API reference, `StartTime`).
pub(super) fn window(input: &Wire, now: Time) -> Result<Window, ApiError> {
    let from = input.time("StartTime").ok_or_else(|| missing("StartTime"))?;
    let to = input.time("EndTime").ok_or_else(|| missing("EndTime"))?;
    if from >= to {
        return Err(invalid("The parameter StartTime must be less than the parameter EndTime."));
    }
    let age = now - from;
    let grain = if age < TimeDelta::days(15) {
        60
    } else if age < TimeDelta::days(63) {
        300
    } else {
        3600
    };
    // Nothing is known of the future, and far out in it calendar arithmetic would fail.
    let horizon = now + TimeDelta::days(1);
    Ok(Window { from: floor(from.min(horizon), grain), to: to.min(horizon), now })
}

/// The lines of all returned queries, in their order.
fn lines<'a>(batch: &'a Batch<'a>, queries: &'a [Query]) -> Result<Vec<Line<'a>>, ApiError> {
    let mut lines = Vec::new();
    for query in queries.iter().filter(|query| query.returned) {
        let Some(outcome) = batch.get(&query.id) else { continue };
        let Some(series) = outcome.value.clone().into_series() else {
            return Err(query::in_expression(
                &query.id,
                "the result must be a single time series or an array of time series",
            ));
        };
        let several = matches!(outcome.value, crate::analysis::math::Value::List(_));
        lines.extend(series.into_iter().map(|line| labelled(batch, query, outcome, several, line)));
    }
    Ok(lines)
}

fn labelled<'a>(batch: &Batch<'_>, query: &'a Query, outcome: &'a Outcome, several: bool, line: Series) -> Line<'a> {
    let found;
    let (plain, stat) = match &query.what {
        What::Stat(stat) => (line.label, Some(stat)),
        What::Expression(expr, _) if several => {
            found = batch.found(&line.label);
            let searched = matches!(&expr.root().kind, crate::analysis::math::Kind::Call(name, _) if name == "SEARCH");
            // The lines of a bare search are called after what tells them apart, those of other arrays after both.
            let plain = if searched { line.label } else { format!("{} {}", query.id, line.label) };
            (plain, found.as_ref())
        }
        What::Insights(..) if several => {
            found = batch.found(&line.label);
            (line.label, found.as_ref())
        }
        What::Expression(..) | What::Insights(..) => (query.id.clone(), None),
    };
    let label = match &query.label {
        None => plain,
        Some(label) if label::is_dynamic(label) => {
            label::filled(label, &Facts { plain: &plain, stat, points: &line.points })
        }
        Some(label) if several && !label.is_empty() => {
            let own = plain.strip_prefix(&format!("{} ", query.id)).unwrap_or(&plain);
            format!("{label} {own}")
        }
        Some(label) if label.is_empty() => plain,
        Some(label) => label.clone(),
    };
    Line { id: &query.id, label, points: line.points, remarks: &outcome.remarks }
}

/// The results of one page, and where the next starts: a line may be split between pages.
fn page(lines: Vec<Line<'_>>, place: &Place, most: usize, descending: bool) -> (Vec<Wire>, Option<(usize, usize)>) {
    let mut results = Vec::new();
    let mut left = most;
    for (number, mut line) in lines.into_iter().enumerate().skip(place.line) {
        let start = if number == place.line { place.point.min(line.points.len()) } else { 0 };
        if left == 0 && !line.points.is_empty() {
            return (results, Some((number, 0)));
        }
        if descending {
            line.points.reverse();
        }
        let end = line.points.len().min(start + left);
        let complete = end == line.points.len();
        left -= end - start;
        results.push(result(&line, start, end, complete));
        if !complete {
            return (results, Some((number, end)));
        }
    }
    (results, None)
}

fn result(line: &Line<'_>, start: usize, end: usize, complete: bool) -> Wire {
    let points = &line.points[start..end];
    let remarks = line.remarks.iter().filter(|(code, _)| *code != "MaxMetricsExceeded");
    let messages: Vec<Wire> = remarks.map(|(code, value)| message(code, value)).collect();
    Wire::map([
        ("Id", line.id.into()),
        ("Label", line.label.as_str().into()),
        ("Timestamps", Wire::list(points.iter().map(|(t, _)| *t))),
        ("Values", Wire::list(points.iter().map(|(_, value)| *value))),
        ("StatusCode", if complete { "Complete" } else { "PartialData" }.into()),
        ("Messages", if messages.is_empty() { Wire::Null } else { Wire::List(messages) }),
    ])
}
