//! CloudWatch Logs `StartLiveTail`: one session, its updates passed on as they come.

use aws_sdk_cloudwatchlogs::config::StalledStreamProtectionConfig;
use aws_sdk_cloudwatchlogs::error::SdkError;
use aws_sdk_cloudwatchlogs::types::error::StartLiveTailResponseStreamError;
use aws_sdk_cloudwatchlogs::types::{LiveTailSessionLogEvent, LiveTailSessionMetadata, StartLiveTailResponseStream};
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::endpoint::EndpointPrefix;
use aws_smithy_runtime_api::client::interceptors::Intercept;
use aws_smithy_runtime_api::client::interceptors::context::BeforeSerializationInterceptorContextMut;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::ConfigBag;
use aws_types::endpoint_config::EndpointUrl;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::Instant;

use super::client::Client;
use super::errors::{source_error, told};
use super::operation::START_LIVE_TAIL;
use crate::store::health::{ErrorKind, SourceError};

/// What a session tells.
#[derive(Debug)]
pub(super) enum TailNews {
    /// It is open.
    Up,
    /// Events of about one second.
    Update {
        /// The events.
        events: Vec<LiveTailSessionLogEvent>,
        /// Whether the server left some out.
        sampled: bool,
    },
    /// It has ended, or could not be opened.
    Down(SourceError),
    /// It has become as old as a session may: another one goes on.
    Aged,
}

/// Updates of one of several sessions that may wait.
const WAITING: usize = 4;

/// Follows groups in as many sessions as they need, until one of them ends; says how that ended.
///
/// They are told of as one: up when all are, sampled when one is.
pub(super) async fn follow_all(
    client: &Client,
    arns: &[String],
    pattern: Option<&String>,
    news: &mpsc::Sender<TailNews>,
) -> TailNews {
    let parts: Vec<Vec<String>> = arns.chunks(client.tuning.tail_groups.max(1)).map(<[String]>::to_vec).collect();
    let mut sessions = JoinSet::new();
    let (tell, mut told_news) = mpsc::channel(WAITING);
    let mut sampled: Vec<Option<bool>> = vec![None; parts.len()];
    for (part, arns) in parts.into_iter().enumerate() {
        let (client, pattern, tell) = (client.clone(), pattern.cloned(), tell.clone());
        sessions.spawn(async move {
            let (own, mut heard) = mpsc::channel(1);
            let forward = async {
                while let Some(news) = heard.recv().await {
                    if tell.send((part, news)).await.is_err() {
                        return;
                    }
                }
            };
            let run = async {
                let ended = follow(&client, arns, pattern, &own).await;
                drop(own);
                ended
            };
            tokio::join!(run, forward).0
        });
    }
    drop(tell);
    loop {
        let (part, heard) = tokio::select! {
            Some(heard) = told_news.recv() => heard,
            Some(ended) = sessions.join_next() => {
                let broken = || TailNews::Down(told(ErrorKind::Server, &START_LIVE_TAIL, "the session broke", client.now()));
                return ended.unwrap_or_else(|_| broken());
            }
            else => return TailNews::Aged,
        };
        let Some(state) = sampled.get_mut(part) else { continue };
        let heard = match heard {
            TailNews::Up => {
                *state = Some(false);
                // The others are not up yet, or one has been for some time.
                if sampled.iter().any(Option::is_none) {
                    continue;
                }
                TailNews::Up
            }
            TailNews::Update { events, sampled: left_out } => {
                *state = Some(left_out);
                TailNews::Update { events, sampled: sampled.contains(&Some(true)) }
            }
            ended @ (TailNews::Down(_) | TailNews::Aged) => ended,
        };
        if news.send(heard).await.is_err() {
            return TailNews::Aged;
        }
    }
}

/// Runs one session until it ends; says how it ended. AWS ends every session after three hours.
///
/// An event stream has no time-outs of its own: an open one that tells nothing is noticed by who listens.
async fn follow(
    client: &Client,
    arns: Vec<String>,
    pattern: Option<String>,
    news: &mpsc::Sender<TailNews>,
) -> TailNews {
    // A session is as long as it is silent: no least throughput is asked of it.
    let quiet =
        aws_sdk_cloudwatchlogs::Config::builder().stalled_stream_protection(StalledStreamProtectionConfig::disabled());
    let request = client
        .logs
        .start_live_tail()
        .set_log_group_identifiers(Some(arns))
        .set_log_event_filter_pattern(pattern)
        .customize()
        .config_override(quiet)
        .interceptor(PlainHost);
    let mut stream = match client.call(&START_LIVE_TAIL, request.send()).await {
        Ok(answer) => answer.response_stream,
        Err(error) => return TailNews::Down(error),
    };
    let renewed = Instant::now() + client.clock.real(client.tuning.tail_longest);
    let mut counted = Instant::now();
    let mut patience = Some(client.tuning.call_timeout);
    loop {
        let wait = patience.take();
        let until = wait.map_or(renewed, |wait| renewed.min(Instant::now() + wait));
        let Ok(event) = tokio::time::timeout_at(until, stream.recv()).await else {
            client.meter.tailed(counted.elapsed());
            if wait.is_none() {
                return TailNews::Aged;
            }
            let words = "the session does not start";
            return TailNews::Down(told(ErrorKind::TimedOut, &START_LIVE_TAIL, words, client.now()));
        };
        client.meter.tailed(counted.elapsed());
        counted = Instant::now();
        let told_news = match event {
            Ok(Some(StartLiveTailResponseStream::SessionStart(_))) => TailNews::Up,
            Ok(Some(StartLiveTailResponseStream::SessionUpdate(update))) => TailNews::Update {
                sampled: update.session_metadata().is_some_and(LiveTailSessionMetadata::sampled),
                events: update.session_results.unwrap_or_default(),
            },
            Ok(Some(_)) => continue,
            Ok(None) => {
                let words = "the session has ended";
                return TailNews::Down(told(ErrorKind::Unreachable, &START_LIVE_TAIL, words, client.now()));
            }
            Err(error) if is_aged(&error) => return TailNews::Aged,
            Err(error) => return TailNews::Down(source_error(&START_LIVE_TAIL, &error, client.now())),
        };
        if news.send(told_news).await.is_err() {
            return TailNews::Aged;
        }
    }
}

/// Whether a session has ended because of its age.
fn is_aged<R>(error: &SdkError<StartLiveTailResponseStreamError, R>) -> bool {
    error.as_service_error().is_some_and(StartLiveTailResponseStreamError::is_session_timeout_exception)
}

/// Keeps the SDK from putting `stream-` before the host of an endpoint that the user chose.
#[derive(Debug, Clone, Copy)]
struct PlainHost;

impl Intercept for PlainHost {
    fn name(&self) -> &'static str {
        "PlainHost"
    }

    fn modify_before_serialization(
        &self,
        _context: &mut BeforeSerializationInterceptorContextMut<'_>,
        _components: &RuntimeComponents,
        config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        if config.load::<EndpointUrl>().is_some() {
            config.interceptor_state().unset::<EndpointPrefix>();
        }
        Ok(())
    }
}
