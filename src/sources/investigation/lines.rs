//! Searching log groups for lines that hold one of several terms.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use futures::future::try_join_all;
use tokio::sync::mpsc;

use super::engine::{News, Report};
use super::plan::{Part, Way};
use crate::clock::Time;
use crate::sources::ask_once::patiently;
use crate::sources::client::Client;
use crate::sources::log_calls::Search;
use crate::sources::log_query::Running;
use crate::sources::times::from_millis;
use crate::store::health::{SourceError, SourceId};
use crate::store::rows::LogQuery;
use crate::store::story::SearchState;

/// Lines that one search gives, the newest; more are about no single thing.
const MOST: usize = 2_000;
/// Events in a page of FilterLogEvents (API Reference).
const A_PAGE: usize = 10_000;
/// How long one search may take.
const LONGEST: Duration = Duration::from_mins(1);
/// Characters of a filter pattern (API Reference, FilterLogEvents: 1,024).
const PATTERN: usize = 1_000;

/// A line that was found.
#[derive(Debug, Clone)]
pub(super) struct Line {
    pub(super) group: String,
    pub(super) time: Time,
    pub(super) text: String,
}

/// Searches a part of the groups and reports what it finds as it goes.
pub(super) async fn search(
    client: Client,
    index: usize,
    part: Part,
    terms: Vec<String>,
    (from, to): (Time, Time),
    news: mpsc::Sender<News>,
) {
    let mut report = Report::default();
    let looking = async {
        match part.way {
            Way::Filter => filter(&client, index, &part, &terms, (from, to), &news, &mut report).await,
            Way::Insights => query(&client, index, &part, &terms, (from, to), &news, &mut report).await,
        }
    };
    let state = match tokio::time::timeout(LONGEST, Box::pin(looking)).await {
        Ok(Ok(state)) => state,
        Ok(Err(error)) => SearchState::Failed(error),
        Err(_) => SearchState::TimedOut,
    };
    // The engine has gone when nobody looks any more.
    let _ = news.send(News::Searched { index, state, report }).await;
}

async fn filter(
    client: &Client,
    index: usize,
    part: &Part,
    terms: &[String],
    (from, to): (Time, Time),
    news: &mpsc::Sender<News>,
    report: &mut Report,
) -> Result<SearchState, SourceError> {
    let calls = AtomicU64::new(0);
    let searches =
        part.groups.iter().flat_map(|group| patterns(terms).into_iter().map(move |pattern| (group, pattern)));
    let searches = searches.map(async |(group, pattern)| {
        let search = Search { group: group.clone(), from, to, pattern: Some(pattern) };
        let (mut token, mut found) = (None, 0);
        loop {
            let page = patiently(client, SourceId::Story, || search.newest(client, token.clone(), A_PAGE)).await;
            let report = Report { calls: calls.fetch_add(1, Ordering::Relaxed) + 1, ..Report::default() };
            let (events, next) = page?;
            let lines: Vec<Line> = events
                .into_iter()
                .filter_map(|event| {
                    Some(Line { group: group.clone(), time: from_millis(event.timestamp?)?, text: event.message? })
                })
                .collect();
            found += lines.len();
            let heard = news.send(News::Heard { index, report }).await.is_ok();
            if !heard || (!lines.is_empty() && news.send(News::Lines { index, lines, anew: false }).await.is_err()) {
                return Ok(SearchState::Done);
            }
            token = next;
            match token {
                None => return Ok(SearchState::Done),
                Some(_) if found >= MOST => return Ok(SearchState::Cut),
                Some(_) => {}
            }
        }
    });
    let states: Result<Vec<SearchState>, SourceError> = try_join_all(searches).await;
    report.calls = calls.load(Ordering::Relaxed);
    Ok(if states?.contains(&SearchState::Cut) { SearchState::Cut } else { SearchState::Done })
}

async fn query(
    client: &Client,
    index: usize,
    part: &Part,
    terms: &[String],
    (from, to): (Time, Time),
    news: &mpsc::Sender<News>,
    report: &mut Report,
) -> Result<SearchState, SourceError> {
    let query = LogQuery { text: query_text(terms), groups: part.groups.clone(), span: None };
    let mut running = patiently(client, SourceId::Story, || Running::start(client, &query, (from, to))).await?.raw();
    report.calls += 1;
    let mut told = 0;
    loop {
        let rows = running.next().await?;
        report.calls += 1;
        report.bytes = rows.bytes_scanned;
        report.matched = rows.records_matched.max(0.0) as u64;
        if news.send(News::Heard { index, report: *report }).await.is_err() {
            return Ok(SearchState::Done);
        }
        // Rows are sorted, so that new ones may stand anywhere among them: all are told again, known ones do no harm.
        if rows.rows.len() > told || !rows.running {
            told = rows.rows.len();
            let lines: Vec<Line> = rows.rows.iter().filter_map(|row| line(row, &part.groups)).collect();
            if !lines.is_empty() && news.send(News::Lines { index, lines, anew: true }).await.is_err() {
                return Ok(SearchState::Done);
            }
        }
        if !rows.running {
            return Ok(if told >= MOST { SearchState::Cut } else { SearchState::Done });
        }
    }
}

/// The query for lines that hold one of the terms.
fn query_text(terms: &[String]) -> String {
    let quoted = |term: &String| format!("@message like \"{}\"", term.replace('\\', "\\\\").replace('"', "\\\""));
    let any = terms.iter().map(quoted).collect::<Vec<_>>().join(" or ");
    format!("fields @timestamp, @log, @message | filter {any} | sort @timestamp desc | limit {MOST}")
}

/// A row as a line; `@log` is `account:name`, which is told by the name or ARN that was asked for.
fn line(row: &[(String, String)], groups: &[String]) -> Option<Line> {
    let value = |name: &str| row.iter().find(|(field, _)| field == name).map(|(_, value)| value.as_str());
    let time = chrono::NaiveDateTime::parse_from_str(value("@timestamp")?, "%Y-%m-%d %H:%M:%S%.f").ok()?.and_utc();
    let log = value("@log").unwrap_or_default();
    let name = log.split_once(':').map_or(log, |(_, name)| name);
    let group = groups.iter().find(|group| *group == name || group.ends_with(&format!(":log-group:{name}")));
    let group = group.map_or_else(|| name.to_owned(), Clone::clone);
    Some(Line { group, time, text: value("@message")?.to_owned() })
}

/// Filter patterns for lines that hold one of the terms, as few as their length allows.
///
/// Source: filter pattern syntax for terms, CloudWatch Logs user guide: `?a ?b` takes lines with any of them.
fn patterns(terms: &[String]) -> Vec<String> {
    let quoted = |term: &String| format!("\"{}\"", term.replace('\\', "\\\\").replace('"', "\\\""));
    if let [term] = terms {
        return vec![quoted(term)];
    }
    let mut patterns: Vec<String> = Vec::new();
    for term in terms {
        let term = format!("?{}", quoted(term));
        match patterns.last_mut() {
            Some(last) if last.len() + term.len() < PATTERN => {
                last.push(' ');
                last.push_str(&term);
            }
            _ => patterns.push(term),
        }
    }
    patterns
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::insights;
    use crate::insights::pattern::Pattern;

    #[test]
    fn patterns_and_queries_take_lines_with_any_of_the_terms() {
        let terms = ["corr_1", r#"a "b" \c"#].map(str::to_owned);
        assert_eq!(patterns(&terms), [r#"?"corr_1" ?"a \"b\" \\c""#]);
        assert_eq!(patterns(&terms[..1]), [r#""corr_1""#]);
        let pattern = Pattern::parse(&patterns(&terms)[0]).expect("a pattern");
        assert!(pattern.matches("x corr_1 y") && pattern.matches(r#"a "b" \c"#) && !pattern.matches("corr_2"));
        assert!(insights::parse(&query_text(&terms)).is_ok(), "{}", query_text(&terms));
        let many: Vec<String> = (0..100).map(|n| format!("{n:040}")).collect();
        assert!(patterns(&many).len() > 1 && patterns(&many).iter().all(|pattern| pattern.len() <= 1_024));
    }

    #[test]
    fn rows_are_lines_of_the_groups_that_were_asked() {
        let arn = "arn:aws:logs:us-east-1:210987654321:log-group:/b".to_owned();
        let groups = ["/a".to_owned(), arn.clone()];
        let row = |log: &str| {
            let fields = [("@timestamp", "2026-01-15 10:28:00.123"), ("@log", log), ("@message", "m")];
            fields.map(|(field, value)| (field.to_owned(), value.to_owned()))
        };
        for (log, group) in [("123456789012:/a", "/a"), ("210987654321:/b", arn.as_str()), ("1:/c", "/c")] {
            let line = line(&row(log), &groups).expect("a line");
            assert_eq!((line.group.as_str(), line.time.timestamp_subsec_millis()), (group, 123));
        }
    }
}
