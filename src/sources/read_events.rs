//! Reads a stretch of the feed's groups with FilterLogEvents, page by page, newest stretch first.

use aws_sdk_cloudwatchlogs::types::FilteredLogEvent;
use chrono::TimeDelta;
use tokio::sync::mpsc;

use super::backfill::Stretches;
use super::client::Client;
use super::desk::LogScope;
use super::log_calls::Search;
use crate::clock::Time;
use crate::store::health::SourceError;

/// What a read tells: pages, then how it ended.
#[derive(Debug)]
pub(super) enum ReadNews {
    /// Events of one page.
    Page {
        /// Index of the group among the board's feed groups.
        group: u16,
        /// The events.
        events: Vec<FilteredLogEvent>,
    },
    /// The read has ended.
    Done(Result<(), SourceError>),
}

/// Reads everything in `[from, to]`.
pub(super) async fn all(
    client: &Client,
    logs: &LogScope,
    from: Time,
    to: Time,
    pages: &mpsc::Sender<ReadNews>,
) -> Result<(), SourceError> {
    for (group, name) in (0..).zip(&logs.groups) {
        let search = Search { group: name.clone(), from, to, pattern: logs.pattern.clone() };
        one(client, &search, group, pages).await?;
    }
    Ok(())
}

/// Reads the past from `to` back until there are enough events, or `from` is reached; whole stretches only, so that
/// what is read depends on the stretches alone.
pub(super) async fn past(
    client: &Client,
    logs: &LogScope,
    from: Time,
    to: Time,
    pages: &mpsc::Sender<ReadNews>,
) -> Result<(), SourceError> {
    let tuning = &client.tuning;
    let least = TimeDelta::from_std(tuning.backfill_least).unwrap_or_default();
    let mut read = 0;
    for (start, end) in Stretches::new(from, to, tuning.backfill_first) {
        for (group, name) in (0..).zip(&logs.groups) {
            let search = Search { group: name.clone(), from: start, to: end, pattern: logs.pattern.clone() };
            read += one(client, &search, group, pages).await?;
        }
        let enough = read >= tuning.backfill_enough && to - start >= least;
        if enough || read >= tuning.backfill_most {
            break;
        }
    }
    Ok(())
}

/// Reads all pages of one search; how many events there were.
async fn one(
    client: &Client,
    search: &Search,
    group: u16,
    pages: &mpsc::Sender<ReadNews>,
) -> Result<usize, SourceError> {
    let mut read = 0;
    let mut token = None;
    loop {
        let (events, next) = search.page(client, token).await?;
        read += events.len();
        if !events.is_empty() && pages.send(ReadNews::Page { group, events }).await.is_err() {
            return Ok(read);
        }
        token = next;
        if token.is_none() {
            return Ok(read);
        }
    }
}
