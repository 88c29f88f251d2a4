//! The HTTP server of the embedded AWS, on a listener that it is given.

mod answer;
mod connection;
mod counts;
mod live_tail;
mod refusal;
mod request;
mod work;

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::{JoinHandle, JoinSet};
use tokio_util::sync::{CancellationToken, DropGuard};

pub use counts::{Counts, Tally};

use super::Estate;
use super::faults::{FaultBoard, Faults};
use super::logs::quotas::Quotas;
use answer::Desk;

/// Connections served at once; further ones wait to be accepted.
const CONNECTIONS: usize = 512;

/// What can be chosen about the server.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The faults in force at the start.
    pub faults: Faults,
    /// Seed of the faults' chance.
    pub seed: u64,
    /// How much Logs answers at once.
    pub quotas: Quotas,
    /// Whether X-Ray's segments go to CloudWatch Logs (Transaction Search): then traces have to be retrieved.
    pub transaction_search: bool,
}

/// A running server: where it listens, and the handles to bend and to watch it. Dropping it stops the server.
#[derive(Debug)]
pub struct Demo {
    /// Where it listens.
    pub address: SocketAddr,
    /// The faults in force.
    pub faults: FaultBoard,
    /// What it was asked so far.
    pub counts: Counts,
    stopping: DropGuard,
    task: JoinHandle<()>,
}

impl Demo {
    /// The URL to point an SDK at.
    pub fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Stops the server and waits until its last task is gone.
    pub async fn stop(self) {
        let Self { stopping, task, .. } = self;
        drop(stopping);
        if let Err(error) = task.await {
            tracing::warn!(%error, "the demo's server ended badly");
        }
    }

    /// Waits until the server has stopped, because its shutdown token was cancelled.
    pub async fn stopped(self) {
        let Self { stopping, task, .. } = self;
        if let Err(error) = task.await {
            tracing::warn!(%error, "the demo's server ended badly");
        }
        drop(stopping);
    }
}

/// Serves `estate` on `listener` until `shutdown` is cancelled or the returned handle is dropped.
///
/// Must be called inside a tokio runtime. Fails only where the listener has no address.
pub fn serve(
    listener: TcpListener,
    estate: Estate,
    options: Options,
    shutdown: &CancellationToken,
) -> io::Result<Demo> {
    let address = listener.local_addr()?;
    let faults = FaultBoard::new(options.faults, options.seed);
    let counts = Counts::default();
    let shutdown = shutdown.child_token();
    let estate =
        if options.transaction_search { Estate { world: estate.world.with_spans(), ..estate } } else { estate };
    let desk = Desk::new(
        estate,
        faults.clone(),
        counts.clone(),
        (options.quotas, options.transaction_search),
        shutdown.clone(),
    );
    let task = tokio::spawn(accept(listener, Arc::new(desk), shutdown.clone()));
    Ok(Demo { address, faults, counts, stopping: shutdown.drop_guard(), task })
}

async fn accept(listener: TcpListener, desk: Arc<Desk>, shutdown: CancellationToken) {
    let permits = Arc::new(Semaphore::new(CONNECTIONS));
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            () = shutdown.cancelled() => break,
            Some(_) = connections.join_next() => {}
            accepted = next(&listener, &permits) => match accepted {
                Ok((stream, permit)) => {
                    let desk = Arc::clone(&desk);
                    connections.spawn(async move {
                        connection::serve(stream, desk).await;
                        drop(permit);
                    });
                }
                Err(error) => {
                    // Out of file descriptors, most likely: wait for some to be closed.
                    tracing::warn!(%error, "the demo cannot accept a connection");
                    tokio::time::sleep(Duration::from_millis(20)).await;
                }
            }
        }
    }
    drop(listener);
    connections.shutdown().await;
    desk.close().await;
}

async fn next(listener: &TcpListener, permits: &Arc<Semaphore>) -> io::Result<(TcpStream, OwnedSemaphorePermit)> {
    let permit = Arc::clone(permits).acquire_owned().await.map_err(io::Error::other)?;
    let (stream, _) = listener.accept().await?;
    Ok((stream, permit))
}
