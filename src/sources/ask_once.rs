//! Sources without the console: for subcommands that print.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Notify, mpsc, watch};
use tokio_util::sync::CancellationToken;

use super::alarm_history as history;
use super::alarm_tags as tags;
use super::alarms;
use super::backoff::{Backoff, is_transient};
use super::catalogue;
use super::client::Client;
use super::desk::{Desk, LogScope, Work};
use super::feed;
use super::log_query;
use super::logbook;
use super::poller::{Key, Mode, Poller};
use super::transitions;
use crate::app::effect::{Subscription, Watch};
use crate::app::msg::{Msg, Update};
use crate::board::Board;
use crate::clock::Time;
use crate::store::Store;
use crate::store::alarm::{Alarm, AlarmEvent, Transition};
use crate::store::catalogue::{CatalogueScope, Ending, MOST, MetricId};
use crate::store::health::{SourceError, SourceId};
use crate::store::logbook::{LogGroup, LogGroups, SavedQuery};
use crate::store::rows::{LogQuery, LogRows};
use crate::store::series::MetricQuery;
use crate::store::window::Window;

/// Answers that may wait to be taken in.
const ANSWERS: usize = 64;

/// All alarms of the account and region; trouble that tends to pass is given a few tries.
pub async fn all_alarms(client: &Client) -> Result<Vec<Alarm>, SourceError> {
    patiently(client, SourceId::Alarms, || alarms::all(client)).await
}

/// The newest events of one alarm, newest first; trouble that tends to pass is given a few tries.
pub async fn alarm_history(client: &Client, name: &str) -> Result<Vec<AlarmEvent>, SourceError> {
    patiently(client, SourceId::AlarmHistory, || history::all(client, name)).await
}

/// The tags of one alarm, by ARN; trouble that tends to pass is given a few tries.
pub async fn alarm_tags(client: &Client, arn: &str) -> Result<Vec<(String, String)>, SourceError> {
    patiently(client, SourceId::AlarmTags, || tags::of(client, arn)).await
}

pub(super) async fn patiently<T, F: Future<Output = Result<T, SourceError>>>(
    client: &Client,
    source: SourceId,
    ask: impl Fn() -> F,
) -> Result<T, SourceError> {
    let mut backoff = Backoff::new(&client.tuning, source as u64 + 1);
    loop {
        let error = match Box::pin(ask()).await {
            Ok(answer) => return Ok(answer),
            Err(error) => error,
        };
        let wait = backoff.after(error.kind);
        if client.gives_up(error.kind) || !is_transient(error.kind) || backoff.failures() >= client.tuning.once_attempts
        {
            return Err(error);
        }
        tokio::time::sleep(wait).await;
    }
}

/// All metrics of a scope, at most [`MOST`] of them, and whether these are all; trouble that tends to pass is given a few
/// tries a page.
pub async fn all_metrics(client: &Client, scope: &CatalogueScope) -> Result<(Vec<MetricId>, Ending), SourceError> {
    patiently(client, SourceId::Catalogue, || read_metrics(client, scope)).await
}

async fn read_metrics(client: &Client, scope: &CatalogueScope) -> Result<(Vec<MetricId>, Ending), SourceError> {
    let mut reader = catalogue::Reader::new(scope.clone(), MOST);
    let mut found = Vec::new();
    loop {
        let (page, ending) = reader.next(client).await?;
        found.extend(page.iter().cloned());
        if ending != Ending::Coming {
            return Ok((found, ending));
        }
    }
}

/// The first page of the metrics of a namespace, and whether these are all: one call, for a hint at a mistake.
pub async fn first_metrics(client: &Client, namespace: &str) -> Result<(Vec<MetricId>, Ending), SourceError> {
    let scope = CatalogueScope { namespace: Some(namespace.to_owned()), recent: false };
    let (page, ending) = catalogue::Reader::new(scope, MOST).next(client).await?;
    Ok((page.to_vec(), ending))
}

/// Those of the namespaces that have had datapoints in the last three hours; a namespace that cannot be asked in time is
/// taken to have none.
pub async fn active_namespaces(client: &Client, namespaces: &[String], patience: Duration) -> Vec<String> {
    let ask = |namespace: &String| {
        let scope = CatalogueScope { namespace: Some(namespace.clone()), recent: true };
        let namespace = namespace.clone();
        async move {
            let page = tokio::time::timeout(patience, catalogue::Reader::new(scope, 1).next(client)).await;
            match page {
                Ok(Ok((metrics, _))) => (!metrics.is_empty()).then_some(namespace),
                Ok(Err(error)) => {
                    tracing::warn!(%error, namespace, "no metrics could be listed");
                    None
                }
                Err(_) => None,
            }
        }
    };
    futures::future::join_all(namespaces.iter().map(ask)).await.into_iter().flatten().collect()
}

/// Datapoints of queries over a window, as the console would hold them, and what went wrong.
///
/// They share calls, pages and second tries with those of the console.
pub async fn metric_data(
    client: &Client,
    board: Arc<Board>,
    window: Window,
    queries: &[MetricQuery],
) -> (Store, Option<SourceError>) {
    let wanted = queries.iter().map(|query| Subscription::Metric { query: query.clone(), compare: None }).collect();
    let (out, mut news) = mpsc::channel(ANSWERS);
    let (_watch, watched) = watch::channel(Watch { window, wanted });
    let (_refresh, refreshes) = mpsc::channel(1);
    let cancel = CancellationToken::new();
    let clock = client.clock.clone();
    let task =
        Poller::start(client.clone(), Arc::clone(&board), clock, Mode::Once, watched, refreshes, out, cancel.clone());
    let (mut store, mut failed) = (Store::default(), None);
    while let Some(message) = news.recv().await {
        match message {
            Msg::Feed(Update::Settled { .. }) => break,
            Msg::Feed(update) => store.fold(&board, update),
            Msg::Failed(_, error) => failed = error.retry_in.is_none().then_some(error),
            Msg::Input(_) | Msg::Tick(_) | Msg::Notice(_) | Msg::Exported(_) | Msg::Terminate => {}
        }
    }
    cancel.cancel();
    drop(news);
    if let Err(error) = task.await {
        tracing::warn!(%error, "the poller ended badly");
    }
    (store, failed)
}

/// The changes of state of all alarms since then, oldest first; trouble that tends to pass is given a few tries.
pub async fn all_transitions(client: &Client, since: Time) -> Result<Vec<Transition>, SourceError> {
    patiently(client, SourceId::Transitions, || transitions::all(client, since)).await
}

/// All rows of a Logs Insights query; trouble that tends to pass is given a few tries. The query is stopped on AWS when
/// the future is dropped.
///
/// # Errors
/// AWS's refusal, a query that AWS ended without an answer, more than 50 groups, or a query without a span.
pub async fn log_rows(client: &Client, query: &LogQuery) -> Result<LogRows, SourceError> {
    log_query::all(client, query).await
}

/// The log groups whose names begin so; trouble that tends to pass is given a few tries.
pub async fn log_groups(client: &Client, prefix: &str) -> Result<LogGroups, SourceError> {
    patiently(client, SourceId::LogGroups, || logbook::groups(client, prefix)).await
}

/// The log groups of these names and ARNs, those that do not exist left out; trouble that tends to pass is given a few
/// tries.
pub async fn log_groups_named(client: &Client, identifiers: &[String]) -> Result<Vec<LogGroup>, SourceError> {
    patiently(client, SourceId::LogGroups, || logbook::named(client, identifiers)).await
}

/// The account's saved queries; trouble that tends to pass is given a few tries.
pub async fn query_definitions(client: &Client) -> Result<Vec<SavedQuery>, SourceError> {
    patiently(client, SourceId::QueryDefinitions, || logbook::definitions(client)).await
}

/// Sends all events of the last `since`, then, unless the clock stands still, what follows, for as long as `out` is open.
///
/// Batches of [`crate::store::log::TailOrigin::Backfill`] come newest first; the last of them says `complete_to`.
pub async fn follow_logs(mut client: Client, logs: LogScope, since: Duration, out: mpsc::Sender<Msg>) {
    let mut tuning = (*client.tuning).clone();
    tuning.backfill_least = since;
    tuning.backfill_most = usize::MAX;
    client.tuning = Arc::new(tuning);
    let mode = if client.clock.is_fixed() { Mode::Once } else { Mode::Live };
    let watch = Watch { window: Window::live(since), wanted: [Subscription::Feed].into() };
    let work = watch::Sender::new(Work { number: 1, watch });
    let (done, mut answered) = mpsc::channel(1);
    let closed = out.clone();
    let desk = Desk {
        key: Key::One(Subscription::Feed),
        client,
        board: Arc::new(Board::empty("")),
        logs: Arc::new(logs),
        changes: None,
        mode,
        work: work.subscribe(),
        refresh: Arc::new(Notify::new()),
        out,
        done,
    };
    tokio::select! {
        _ = Box::pin(feed::run(desk)) => {}
        _ = answered.recv() => {}
        () = closed.closed() => {}
    }
}
