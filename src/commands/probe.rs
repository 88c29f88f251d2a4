//! Trying every action that a board needs, for `baro check`.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{mpsc, watch};
use tokio_util::sync::CancellationToken;

use super::check::{Probe, needed};
use crate::app::effect::{AlarmRef, Subscription, Watch};
use crate::app::msg::{Msg, Update};
use crate::board::{Board, RuleKind};
use crate::clock::Clock;
use crate::sources::{Client, Mode, Poller};
use crate::store::catalogue::CatalogueScope;
use crate::store::graph::{Entity, ServiceKey, TrendQuery};
use crate::store::health::{ErrorKind, SourceError, SourceId};
use crate::store::log::TailOrigin;
use crate::store::logbook::LogAsk;
use crate::store::rows::LogQuery;
use crate::store::trace_list::TraceQuery;
use crate::store::window::{Span, Window};

/// A name that nothing in an account has: asking about it shows whether one may ask.
const NOBODY: &str = "baro-check";
/// A well-formed trace id of 1970, which no account has any more.
const NO_TRACE: &str = "1-00000001-000000000000000000000000";
/// The window that is asked about: enough to be allowed or refused.
const SPAN: Duration = Duration::from_mins(5);

/// Asks each source that the board needs once, for at most `wait`, and says what came of it.
pub async fn probe(client: Client, board: &Arc<Board>, clock: &Clock, wait: Duration) -> Vec<Probe> {
    let sources: Vec<SourceId> = needed(board).into_iter().map(|(source, _)| source).collect();
    let cancel = CancellationToken::new();
    let (messages, mut news) = mpsc::channel(64);
    let (_refresh, refreshes) = mpsc::channel(1);
    // It follows the clock: a window that stands still would not open a Live Tail session.
    let window = Window::live(SPAN);
    let wanted = sources.iter().filter_map(|source| question(*source, board)).collect::<BTreeSet<_>>();
    let (_watch, watched) = watch::channel(Watch { window, wanted });
    let poller = Poller::start(
        client,
        Arc::clone(board),
        clock.clone(),
        Mode::Live,
        watched,
        refreshes,
        messages,
        cancel.clone(),
    );

    let mut answers: BTreeMap<SourceId, Result<(), SourceError>> = BTreeMap::new();
    let deadline = tokio::time::Instant::now() + wait;
    while sources.iter().any(|source| !answers.contains_key(source)) {
        let Ok(Some(message)) = tokio::time::timeout_at(deadline, news.recv()).await else { break };
        if let Some((source, result)) = answer(message) {
            answers.insert(source, result);
        }
    }
    cancel.cancel();
    drop(news);
    if let Err(error) = poller.await {
        tracing::warn!(%error, "the poller ended badly");
    }
    let silent = |source: SourceId| SourceError {
        kind: ErrorKind::TimedOut,
        operation: source.name().to_owned(),
        message: format!("no answer within {}s", wait.as_secs()),
        at: clock.now(),
        retry_in: None,
    };
    let mut probes: Vec<Probe> = Vec::new();
    for source in sources {
        let result = answers.remove(&source).unwrap_or_else(|| Err(silent(source)));
        probes.push(Probe { source, result });
    }
    probes
}

/// What to subscribe to so that a source is asked.
fn question(source: SourceId, board: &Board) -> Option<Subscription> {
    Some(match source {
        SourceId::Catalogue => {
            Subscription::Catalogue(CatalogueScope { namespace: Some(NOBODY.to_owned()), recent: true })
        }
        SourceId::Metrics => Subscription::Metric { query: board.metrics.values().next()?.clone(), compare: None },
        SourceId::Alarms => Subscription::Alarms,
        SourceId::AlarmHistory => Subscription::AlarmHistory(NOBODY.to_owned()),
        SourceId::Transitions => Subscription::Transitions,
        SourceId::AlarmDetail => Subscription::AlarmDetail(nobody()),
        SourceId::AlarmTags => Subscription::AlarmTags(nobody()),
        SourceId::Tail | SourceId::Poll => Subscription::Feed,
        SourceId::Counts => Subscription::Counts(board.rules.iter().find_map(|rule| match &rule.kind {
            RuleKind::Rate { events, .. } => Some(events.clone()),
            RuleKind::Threshold { .. } | RuleKind::Surge { .. } | RuleKind::Burn { .. } | RuleKind::Service { .. } => {
                None
            }
        })?),
        SourceId::Lines => Subscription::Lines(NOBODY.to_owned()),
        SourceId::MetricFilters => {
            Subscription::MetricFilters { namespace: NOBODY.to_owned(), name: NOBODY.to_owned() }
        }
        // Reading lines is tried by the feed and by the lines of a request; a record needs the pointer that a query gives;
        // what a story asks is tried by others, as are the graph of the window before and what rules ask of services, but for Transaction Search, which few accounts have.
        SourceId::Matches
        | SourceId::LogRecord
        | SourceId::Story
        | SourceId::ServicesBefore
        | SourceId::ServiceRules => return None,
        SourceId::Changes => Subscription::Changes,
        SourceId::Rows => Subscription::Logs(LogQuery {
            text: "fields @timestamp | limit 1".to_owned(),
            groups: board.feed.as_ref()?.log_groups.iter().take(1).cloned().collect(),
            span: None,
        }),
        SourceId::LogGroups => Subscription::Logbook(LogAsk::Groups(NOBODY.to_owned())),
        SourceId::QueryDefinitions => Subscription::Logbook(LogAsk::Definitions),
        SourceId::LogFields => Subscription::Logbook(LogAsk::Fields(board.feed.as_ref()?.log_groups.first().cloned()?)),
        SourceId::Services => Subscription::Services,
        SourceId::ServiceTrend => {
            let entity = Entity::Service(ServiceKey { kind: String::new(), name: NOBODY.to_owned() });
            Subscription::ServiceTrend(TrendQuery::over(entity, 0))
        }
        SourceId::Trace => Subscription::Trace(NO_TRACE.to_owned()),
        SourceId::TraceGroups => Subscription::TraceGroups,
        SourceId::TraceSummaries => {
            // The first second of 1970 holds no trace: nothing is gone through, nothing is charged.
            let from = chrono::DateTime::UNIX_EPOCH;
            let span = Span { from, to: Some(from + chrono::TimeDelta::seconds(1)) };
            Subscription::TraceSummaries(TraceQuery::new("", span))
        }
    })
}

/// An alarm that no account has.
fn nobody() -> AlarmRef {
    let arn = format!("arn:aws:cloudwatch:us-east-1:000000000000:alarm:{NOBODY}");
    AlarmRef { name: NOBODY.to_owned(), arn, children: Vec::new(), contributors: false }
}

/// The source that a message speaks of, and whether it answered.
fn answer(message: Msg) -> Option<(SourceId, Result<(), SourceError>)> {
    let source = match message {
        Msg::Failed(source, error) => {
            // That nothing has the name is an answer.
            let answered = error.kind == ErrorKind::NotFound
                && !matches!(source, SourceId::Poll | SourceId::Tail | SourceId::Counts);
            return Some((source, if answered { Ok(()) } else { Err(error) }));
        }
        Msg::Feed(update) => match update {
            Update::Metrics(_) => SourceId::Metrics,
            Update::Catalogue { .. } => SourceId::Catalogue,
            Update::Alarms { .. } => SourceId::Alarms,
            Update::AlarmHistory { .. } => SourceId::AlarmHistory,
            Update::Transitions { .. } => SourceId::Transitions,
            Update::AlarmDetail { .. } => SourceId::AlarmDetail,
            Update::AlarmTags { .. } => SourceId::AlarmTags,
            Update::Tail(batch) if batch.origin == TailOrigin::Live => SourceId::Tail,
            Update::Tail(_) => SourceId::Poll,
            Update::TailUp { .. } => SourceId::Tail,
            Update::Counts(_) => SourceId::Counts,
            Update::Lines { .. } => SourceId::Lines,
            Update::MetricFilters { .. } => SourceId::MetricFilters,
            Update::Matches { .. } => SourceId::Matches,
            Update::Changes { .. } => SourceId::Changes,
            Update::Services { .. } => SourceId::Services,
            Update::ServiceTrend { .. } => SourceId::ServiceTrend,
            Update::Trace { .. } => SourceId::Trace,
            Update::TraceSummaries { .. } => SourceId::TraceSummaries,
            Update::TraceGroups { .. } => SourceId::TraceGroups,
            Update::Rows { .. } => SourceId::Rows,
            Update::Logbook { ask, .. } => ask.source(),
            Update::Story { .. } => SourceId::Story,
            Update::RowsFailed { .. }
            | Update::ServicesBefore { .. }
            | Update::Asked(_)
            | Update::Found(_)
            | Update::History(_)
            | Update::HistoryTrouble(_)
            | Update::Spent(_)
            | Update::Settled { .. } => return None,
        },
        Msg::Input(_) | Msg::Tick(_) | Msg::Notice(_) | Msg::Exported(_) | Msg::Terminate => return None,
    };
    Some((source, Ok(())))
}
