//! CloudWatch Logs `StartLiveTail`: one session, its updates passed on as they come.

use aws_sdk_cloudwatchlogs::config::StalledStreamProtectionConfig;
use aws_sdk_cloudwatchlogs::types::{LiveTailSessionLogEvent, LiveTailSessionMetadata, StartLiveTailResponseStream};
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::endpoint::EndpointPrefix;
use aws_smithy_runtime_api::client::interceptors::Intercept;
use aws_smithy_runtime_api::client::interceptors::context::BeforeSerializationInterceptorContextMut;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::ConfigBag;
use aws_types::endpoint_config::EndpointUrl;
use tokio::sync::mpsc;
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
}

/// Runs one session until it ends; says why it ended. AWS ends every session after three hours.
///
/// An event stream has no time-outs of its own: an open one that tells nothing is noticed by who listens.
pub(super) async fn follow(
    client: &Client,
    arns: Vec<String>,
    pattern: Option<String>,
    news: &mpsc::Sender<TailNews>,
) -> SourceError {
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
        Err(error) => return error,
    };
    let mut counted = Instant::now();
    let mut patience = Some(client.tuning.call_timeout);
    loop {
        let event = match patience.take() {
            None => stream.recv().await,
            Some(patience) => match tokio::time::timeout(patience, stream.recv()).await {
                Ok(event) => event,
                Err(_) => {
                    return told(ErrorKind::TimedOut, &START_LIVE_TAIL, "the session does not start", client.now());
                }
            },
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
            Ok(None) => return told(ErrorKind::Unreachable, &START_LIVE_TAIL, "the session has ended", client.now()),
            Err(error) => return source_error(&START_LIVE_TAIL, &error, client.now()),
        };
        if news.send(told_news).await.is_err() {
            return told(ErrorKind::Unreachable, &START_LIVE_TAIL, "nobody listens", client.now());
        }
    }
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
