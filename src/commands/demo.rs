//! `baro demo`: the embedded AWS alone, for any AWS client.

use std::io::Write;
use std::net::SocketAddr;

use anyhow::Context;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

use super::session::{DemoChoice, demo_clock, start_demo};
use super::status::Status;
use crate::clock::Time;

/// Serves the embedded AWS on `listen` until SIGINT, SIGTERM or SIGHUP; its first line on `out` is its endpoint.
///
/// # Errors
/// Where it cannot listen.
pub async fn run(
    choice: &DemoChoice,
    at: Option<Time>,
    listen: SocketAddr,
    out: &mut dyn Write,
) -> anyhow::Result<Status> {
    let listener = TcpListener::bind(listen).await.with_context(|| format!("cannot listen on {listen}"))?;
    let shutdown = CancellationToken::new();
    let demo = start_demo(choice, at, demo_clock(choice, at), listener, &shutdown)?;
    writeln!(out, "listening on {}", demo.endpoint())?;
    out.flush()?;
    let mut signals = [SignalKind::interrupt(), SignalKind::terminate(), SignalKind::hangup()].map(signal);
    let [interrupt, terminate, hangup] = &mut signals;
    let (Ok(interrupt), Ok(terminate), Ok(hangup)) = (interrupt, terminate, hangup) else {
        anyhow::bail!("cannot listen to signals");
    };
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
        _ = hangup.recv() => {}
    }
    demo.stop().await;
    Ok(Status::Done)
}
