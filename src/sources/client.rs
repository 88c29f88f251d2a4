//! The three AWS clients, built quickly and alike: read-only, metered, paced, with time-outs, without hidden retries.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use aws_config::{BehaviorVersion, Region, profile};
use aws_sdk_cloudwatchlogs::config::{Credentials, StalledStreamProtectionConfig};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use aws_smithy_types::retry::RetryConfig;
use aws_smithy_types::timeout::TimeoutConfig;
use aws_types::os_shim_internal::{Env, Fs};

use super::cost::Meter;
use super::errors;
use super::farewell::Farewells;
use super::operation::Operation;
use super::pace::Pace;
use super::read_only::ReadOnly;
use super::services::KeptSlices;
use super::tuning::Tuning;
use crate::clock::{Clock, Time};
use crate::store::health::{ErrorKind, SourceError};

/// What decides where the calls go and in whose name.
#[derive(Debug, Clone, Default)]
pub struct Connect {
    /// Profile of the AWS configuration files; else `AWS_PROFILE`, else `default`.
    pub profile: Option<String>,
    /// Region; else as the AWS CLI finds it.
    pub region: Option<String>,
    /// Endpoint of all three services; else `AWS_ENDPOINT_URL` and its kin, else AWS.
    pub endpoint_url: Option<String>,
    /// Made-up credentials instead of the user's, for an endpoint that checks none.
    pub made_up_credentials: bool,
    /// Time-outs, schedules and limits.
    pub tuning: Tuning,
}

/// The clients of all three services; cheap to clone.
#[derive(Debug, Clone)]
pub struct Client {
    pub(super) cloudwatch: aws_sdk_cloudwatch::Client,
    pub(super) logs: aws_sdk_cloudwatchlogs::Client,
    pub(super) xray: aws_sdk_xray::Client,
    pub(super) meter: Meter,
    pub(super) tuning: Arc<Tuning>,
    pub(super) clock: Clock,
    pub(super) farewells: Farewells,
    /// Slices of the service graph that are over.
    pub(super) graphs: KeptSlices,
    /// How long one call is waited for where somebody waits for the answer, and then not tried again.
    limit: Option<Duration>,
    pace: Arc<Pace>,
    region: Arc<str>,
    /// The endpoint in place of AWS's own.
    endpoint: Option<Arc<str>>,
}

/// Why no client can be built: the configuration does not say enough. The words say what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Misconfigured {
    /// No region is named anywhere.
    #[error("no region: give --region, AWS_REGION or a profile that names one")]
    NoRegion,
    /// The profile that was asked for is not in the files.
    #[error("no profile `{name}` in the AWS configuration{}", there_are(.known))]
    NoProfile {
        /// The profile that was asked for.
        name: String,
        /// Those that exist, in order.
        known: Vec<String>,
    },
    /// The files cannot be read.
    #[error("the AWS configuration cannot be read: {0}")]
    Unreadable(String),
}

fn there_are(known: &[String]) -> String {
    if known.is_empty() { String::new() } else { format!("; there are {}", known.join(", ")) }
}

/// Builds the clients. Reads configuration files, but looks for no credentials before the first call.
///
/// Credentials are found as the AWS CLI finds them: environment, profile (SSO, assumed roles, `credential_process`), web
/// identity, container, IMDSv2. Calls that fetch credentials pass neither the allow-list nor the meter.
///
/// # Errors
/// When no region is configured anywhere, or the profile that is asked for does not exist.
pub async fn connect(connect: &Connect, clock: Clock, meter: Meter) -> Result<Client, Misconfigured> {
    if !connect.made_up_credentials {
        look_up_profile(connect.profile.clone()).await?;
    }
    let mut loader = aws_config::defaults(BehaviorVersion::latest());
    if let Some(profile) = &connect.profile {
        loader = loader.profile_name(profile);
    }
    if let Some(region) = &connect.region {
        loader = loader.region(Region::new(region.clone()));
    }
    if connect.made_up_credentials {
        loader = loader.credentials_provider(Credentials::new("demo", "demo", None, None, "demo"));
    }
    let config = loader.load().await;
    let Some(region) = config.region().map(ToString::to_string) else {
        return Err(Misconfigured::NoRegion);
    };
    let tuning = &connect.tuning;
    let timeouts = TimeoutConfig::builder()
        .connect_timeout(tuning.connect_timeout)
        .operation_attempt_timeout(tuning.call_timeout)
        .operation_timeout(tuning.call_timeout)
        .build();
    let stalls = StalledStreamProtectionConfig::enabled().grace_period(tuning.call_timeout / 2).build();
    macro_rules! build {
        ($sdk:ident) => {{
            let mut service = $sdk::config::Builder::from(&config)
                .retry_config(RetryConfig::disabled())
                .timeout_config(timeouts.clone())
                .stalled_stream_protection(stalls.clone())
                .interceptor(ReadOnly)
                .interceptor(meter.clone());
            if let Some(url) = &connect.endpoint_url {
                service = service.endpoint_url(url);
            }
            $sdk::Client::from_conf(service.build())
        }};
    }
    Ok(Client {
        cloudwatch: build!(aws_sdk_cloudwatch),
        logs: build!(aws_sdk_cloudwatchlogs),
        xray: build!(aws_sdk_xray),
        pace: Arc::new(Pace::new(tuning.quotas)),
        tuning: Arc::new(tuning.clone()),
        region: region.into(),
        endpoint: connect.endpoint_url.as_deref().or(config.endpoint_url()).map(|url| errors::line(url).into()),
        clock,
        farewells: Farewells::default(),
        graphs: KeptSlices::default(),
        limit: None,
        meter,
    })
}

/// Looks whether the profile that is asked for, here or by `AWS_PROFILE`, exists: the SDK goes on without it.
async fn look_up_profile(asked_for: Option<String>) -> Result<(), Misconfigured> {
    #[expect(clippy::default_trait_access, reason = "the type's own name is in a crate that is not used otherwise")]
    let files = Default::default();
    let profiles = profile::load(&Fs::real(), &Env::real(), &files, asked_for.map(Into::into)).await;
    let profiles = profiles.map_err(|error| Misconfigured::Unreadable(errors::line(&errors::root(&error))))?;
    let name = profiles.selected_profile();
    if name == "default" || profiles.get_profile(name).is_some() {
        return Ok(());
    }
    let mut known: Vec<String> = profiles.profiles().map(errors::line).collect();
    known.sort();
    Err(Misconfigured::NoProfile { name: errors::line(name), known })
}

impl Client {
    /// The region that is asked.
    pub fn region(&self) -> &str {
        &self.region
    }

    /// What the calls count on.
    pub const fn meter(&self) -> &Meter {
        &self.meter
    }

    /// Waits for what is owed to AWS by calls that were cancelled, but not for long.
    pub async fn settled(&self) {
        self.farewells.said().await;
    }

    /// The present of the program's clock.
    pub(crate) fn now(&self) -> Time {
        self.clock.now()
    }

    /// The same client, which waits so long for each call and gives it up then.
    pub(super) fn within(&self, limit: Duration) -> Self {
        Self { limit: Some(limit), ..self.clone() }
    }

    /// The same client, for a call whose answer has to be awaited.
    pub(super) fn unlimited(&self) -> Self {
        Self { limit: None, ..self.clone() }
    }

    /// Whether a call that failed so is not tried again.
    pub(super) fn gives_up(&self, kind: ErrorKind) -> bool {
        self.limit.is_some() && kind == ErrorKind::TimedOut
    }

    /// Waits for what a call is to give, no longer than the limit.
    pub(super) async fn limited<T>(
        &self,
        operation: &Operation,
        answer: impl Future<Output = T>,
    ) -> Result<T, SourceError> {
        let Some(limit) = self.limit else { return Ok(answer.await) };
        tokio::time::timeout(limit, answer).await.map_err(|_| {
            let words = format!("no answer within {} s", limit.as_secs());
            errors::told(ErrorKind::TimedOut, operation, &words, self.now())
        })
    }

    /// Makes one call within its rate; a failure comes back as the program's own error.
    pub(super) async fn call<T, E>(
        &self,
        operation: &Operation,
        call: impl Future<Output = Result<T, SdkError<E, HttpResponse>>>,
    ) -> Result<T, SourceError>
    where
        E: ProvideErrorMetadata + std::error::Error + 'static,
    {
        self.pace.wait(operation).await;
        self.limited(operation, Box::pin(call)).await?.map_err(|error| {
            let mut error = errors::source_error(operation, &error, self.now());
            if let (ErrorKind::Unreachable, Some(endpoint)) = (error.kind, &self.endpoint) {
                error.message = format!("{endpoint}: {}", error.message);
            }
            error
        })
    }
}
