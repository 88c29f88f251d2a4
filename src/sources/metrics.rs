//! CloudWatch `GetMetricData`: one planned call, its pages joined, its answers given back to the queries.

use std::collections::HashMap;

use aws_sdk_cloudwatch::types::{
    Dimension, LabelOptions, MessageData, Metric, MetricDataQuery, MetricDataResult, MetricStat, ScanBy, StatusCode,
};

use super::client::Client;
use super::errors::line;
use super::operation::GET_METRIC_DATA;
use super::plan::{Ask, Call, Entry, EntrySource, plan};
use super::times::{from_aws, to_aws};
use crate::clock::Time;
use crate::store::health::{ErrorKind, SourceError};
use crate::store::series::{MetricResult, Series};

/// Pages that one call may have before it counts as garbled; 500 queries of 100 series each fit well.
const PAGES: usize = 200;

/// What came of one planned call, however often it had to be split.
#[derive(Debug, Default)]
pub(super) struct Outcome {
    /// Answers, with AWS's message where a query was refused.
    pub(super) answered: Vec<(Ask, MetricResult)>,
    /// Queries that AWS refuses.
    pub(super) refused: Vec<(Ask, MetricResult)>,
    /// Queries that were not answered, and why.
    pub(super) failed: Vec<(Ask, SourceError)>,
}

/// Makes a call; when AWS refuses it as wrong, finds the guilty query by halving, so that the others are answered.
pub(super) async fn ask(client: &Client, call: Call) -> Outcome {
    let mut outcome = Outcome::default();
    let mut waiting = vec![call];
    while let Some(call) = waiting.pop() {
        match fetch(client, &call).await {
            Ok(series) => outcome.take(client.now(), call, &series),
            Err(error) if !matches!(error.kind, ErrorKind::Invalid | ErrorKind::NotFound) => {
                outcome.failed.extend(call.answers.into_iter().map(|(_, ask)| (ask, error.clone())));
            }
            Err(error) => {
                let asks: Vec<Ask> = call.answers.into_iter().map(|(_, ask)| ask).collect();
                let alone = asks.iter().all(|ask| ask.query == asks[0].query);
                if alone {
                    outcome.refused.extend(asks.into_iter().map(|ask| refused(ask, error.message.clone())));
                } else {
                    let (one, other) = asks.split_at(asks.len() / 2);
                    waiting.extend(plan(one).calls);
                    waiting.extend(plan(other).calls);
                }
            }
        }
    }
    outcome
}

/// The answer to a query that can't be asked.
pub(super) fn refused(ask: Ask, message: String) -> (Ask, MetricResult) {
    let (query, from, to) = (ask.query.clone(), ask.from, ask.to);
    (ask, MetricResult { query, from, to, series: Vec::new(), message: Some(message) })
}

/// One entry's series, and what AWS says about them.
#[derive(Debug, Default)]
struct Answer {
    series: Vec<Series>,
    failed: bool,
    message: Option<String>,
}

impl Outcome {
    fn take(&mut self, at: Time, call: Call, answers: &HashMap<String, Answer>) {
        for (id, ask) in call.answers {
            let none = Answer::default();
            let answer = answers.get(&id).unwrap_or(&none);
            let part = |series: &Series| Series {
                label: series.label.clone(),
                points: series.range(ask.from, ask.to).to_vec(),
            };
            let result = MetricResult {
                query: ask.query.clone(),
                from: ask.from,
                to: ask.to,
                series: answer.series.iter().map(part).collect(),
                message: answer.message.clone(),
            };
            if answer.failed && answer.series.iter().all(|series| series.points.is_empty()) {
                let words = answer.message.as_deref().unwrap_or("no datapoints came");
                let error = super::errors::told(ErrorKind::Server, &GET_METRIC_DATA, words, at);
                self.refused.push((ask.clone(), result));
                self.failed.push((ask, error));
            } else {
                self.answered.push((ask, result));
            }
        }
    }
}

/// All pages of a call: series by the id of their entry.
async fn fetch(client: &Client, call: &Call) -> Result<HashMap<String, Answer>, SourceError> {
    let queries: Vec<MetricDataQuery> = call.entries.iter().map(query).collect();
    let mut answers: HashMap<String, Answer> = HashMap::new();
    let mut token = None;
    for _ in 0..PAGES {
        let request = client
            .cloudwatch
            .get_metric_data()
            .set_metric_data_queries(Some(queries.clone()))
            .start_time(to_aws(call.from))
            .end_time(to_aws(call.to))
            .scan_by(ScanBy::TimestampAscending)
            .label_options(LabelOptions::builder().timezone("+0000").build())
            .set_next_token(token);
        let page = client.call(&GET_METRIC_DATA, request.send()).await?;
        let mut nth: HashMap<(String, String), usize> = HashMap::new();
        for result in page.metric_data_results() {
            let key = (result.id().unwrap_or_default().to_owned(), result.label().unwrap_or_default().to_owned());
            let n = nth.entry(key).or_default();
            join(&mut answers, result, *n);
            *n += 1;
        }
        token = page.next_token;
        if token.is_none() {
            return Ok(answers);
        }
    }
    let words = format!("more than {PAGES} pages");
    Err(super::errors::told(ErrorKind::Garbled, &GET_METRIC_DATA, &words, client.now()))
}

/// Joins one result to what earlier pages brought: the n-th series of the same id and label is the same series.
fn join(answers: &mut HashMap<String, Answer>, result: &MetricDataResult, n: usize) {
    let answer = answers.entry(result.id().unwrap_or_default().to_owned()).or_default();
    let label = line(result.label().unwrap_or_default());
    let mut points: Vec<(Time, f64)> =
        result.timestamps().iter().filter_map(from_aws).zip(result.values().iter().copied()).collect();
    points.sort_by_key(|(time, _)| *time);
    points.dedup_by_key(|(time, _)| *time);
    match answer.series.iter_mut().filter(|series| series.label == label).nth(n) {
        Some(series) => series.merge(&points),
        None => answer.series.push(Series { label, points }),
    }
    answer.failed = matches!(result.status_code(), Some(StatusCode::InternalError | StatusCode::Forbidden));
    answer.message = said(result.status_code(), result.messages()).or(answer.message.take());
}

/// AWS's words about one result, `None` where it is simply complete.
fn said(status: Option<&StatusCode>, messages: &[MessageData]) -> Option<String> {
    let words: Vec<String> = messages
        .iter()
        .map(|message| {
            line(&format!("{}: {}", message.code().unwrap_or("Message"), message.value().unwrap_or_default()))
        })
        .collect();
    match status {
        _ if !words.is_empty() => Some(words.join("; ")),
        Some(status @ (StatusCode::InternalError | StatusCode::Forbidden)) => Some(status.as_str().to_owned()),
        Some(_) | None => None,
    }
}

/// An entry as the SDK wants it.
fn query(entry: &Entry) -> MetricDataQuery {
    let query = MetricDataQuery::builder()
        .id(&entry.id)
        .return_data(entry.returned)
        .set_account_id(entry.account.clone())
        .set_label(entry.label.clone());
    let period = entry.period_s as i32;
    match &entry.source {
        EntrySource::Expression(text) => query.expression(text).period(period).build(),
        EntrySource::Stat(namespace, name, dimensions, stat) => {
            let mut metric = Metric::builder().namespace(namespace).metric_name(name);
            for (name, value) in dimensions {
                metric = metric.dimensions(Dimension::builder().name(name).value(value).build());
            }
            query.metric_stat(MetricStat::builder().metric(metric.build()).stat(stat).period(period).build()).build()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(id: &str, label: &str, points: &[(i64, f64)]) -> MetricDataResult {
        let mut result = MetricDataResult::builder().id(id).label(label).status_code(StatusCode::Complete);
        for &(at, value) in points {
            result = result.timestamps(aws_smithy_types::DateTime::from_secs(at)).values(value);
        }
        result.build()
    }

    #[test]
    fn a_series_split_over_pages_is_one_series() {
        let mut answers = HashMap::new();
        join(&mut answers, &page("q0", "a", &[(120, 2.0), (60, 1.0)]), 0);
        join(&mut answers, &page("q0", "a", &[(60, 9.0)]), 1);
        join(&mut answers, &page("q0", "a", &[(180, 3.0)]), 0);
        let values: Vec<Vec<f64>> =
            answers["q0"].series.iter().map(|s| s.points.iter().map(|(_, v)| *v).collect()).collect();
        assert_eq!(values, [vec![1.0, 2.0, 3.0], vec![9.0]], "and two series of one label stay two");
    }

    #[test]
    fn messages_are_kept_in_words() {
        let message = MessageData::builder().code("ArithmeticError").value("One or more\ndata-points").build();
        assert_eq!(
            said(Some(&StatusCode::Complete), &[message]),
            Some("ArithmeticError: One or more data-points".into())
        );
        assert_eq!(said(Some(&StatusCode::Forbidden), &[]), Some("Forbidden".into()));
        assert_eq!(said(Some(&StatusCode::PartialData), &[]), None);
    }
}
