//! The embedded AWS, asked through the real SDKs over HTTP.

#![expect(clippy::expect_used, reason = "helpers of tests fail as tests do")]

mod cloudwatch;
mod faults;
mod logs;
mod queries;
mod raw;
mod tail;
mod xray;

use std::time::Duration;

use aws_credential_types::Credentials;
use aws_smithy_types::retry::RetryConfig;
use aws_smithy_types::timeout::TimeoutConfig;
use barograph::clock::{Clock, Time};
use barograph::demo::Estate;
use barograph::demo::server::{Demo, Options, serve};
use barograph::demo::world::{Schedule, World, WorldConfig};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

/// The middle of the scripted incident.
const NOW: &str = "2026-01-15T10:28:00Z";

/// The token service's log group.
const GROUP: &str = "/aws/lambda/token-provisioning-service";

fn at(text: &str) -> Time {
    text.parse().expect("a time")
}

fn millis(text: &str) -> i64 {
    at(text).timestamp_millis()
}

fn seconds(text: &str) -> aws_smithy_types::DateTime {
    aws_smithy_types::DateTime::from_secs(at(text).timestamp())
}

fn world() -> World {
    World::new(WorldConfig { seed: 7, rate: 40.0, schedule: Schedule::Day(at(NOW)) })
}

/// A demo on a port of its own whose clock stands at [`NOW`].
async fn fixed() -> Demo {
    start(Clock::fixed(at(NOW)), "").await
}

async fn start(clock: Clock, faults: &str) -> Demo {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let options = Options { faults: faults.parse().expect("faults"), seed: 7, ..Options::default() };
    serve(listener, Estate { world: world(), clock }, options, &CancellationToken::new()).expect("a server")
}

fn credentials() -> Credentials {
    Credentials::new("AKIDEXAMPLE", "secret", None, None, "test")
}

/// Fails soon rather than late: nothing is retried, an answer takes at most this long.
fn timeouts(longest: Duration) -> TimeoutConfig {
    TimeoutConfig::builder().operation_timeout(longest).build()
}

macro_rules! client {
    ($service:ident, $demo:expr, $longest:expr) => {
        $service::Client::from_conf(
            $service::Config::builder()
                .behavior_version_latest()
                .region($service::config::Region::new("us-east-1"))
                .endpoint_url($demo.endpoint())
                .credentials_provider(credentials())
                .retry_config(RetryConfig::disabled())
                .timeout_config(timeouts($longest))
                .build(),
        )
    };
}

fn logs(demo: &Demo) -> aws_sdk_cloudwatchlogs::Client {
    client!(aws_sdk_cloudwatchlogs, demo, Duration::from_mins(1))
}

fn xray(demo: &Demo) -> aws_sdk_xray::Client {
    client!(aws_sdk_xray, demo, Duration::from_mins(1))
}

fn impatient_logs(demo: &Demo) -> aws_sdk_cloudwatchlogs::Client {
    client!(aws_sdk_cloudwatchlogs, demo, Duration::from_millis(300))
}

fn cloudwatch(demo: &Demo) -> aws_sdk_cloudwatch::Client {
    client!(aws_sdk_cloudwatch, demo, Duration::from_mins(1))
}
