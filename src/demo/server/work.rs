//! Bounded work off the runtime: simulating takes processor time, and a console may share the runtime.

use std::sync::Arc;

use tokio::sync::Semaphore;

use crate::demo::wire::ApiError;

/// How many calls are computed at once.
const AT_ONCE: u32 = 4;

/// Runs computations on the blocking pool, a few at a time.
#[derive(Debug, Clone)]
pub(super) struct Work(Arc<Semaphore>);

impl Work {
    pub(super) fn new() -> Self {
        Self(Arc::new(Semaphore::new(AT_ONCE as usize)))
    }

    /// Runs one computation; one that panics is an internal failure of this call alone.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        job: impl FnOnce() -> Result<T, ApiError> + Send + 'static,
    ) -> Result<T, ApiError> {
        let unavailable = |_| ApiError::with_status(503, "ServiceUnavailableException", "The service is shutting down");
        let permit = Arc::clone(&self.0).acquire_owned().await.map_err(unavailable)?;
        let task = tokio::task::spawn_blocking(move || {
            let _permit = permit;
            job()
        });
        task.await.unwrap_or_else(|error| {
            tracing::error!(%error, "a call of the demo failed");
            Err(ApiError::with_status(500, "InternalFailure", "The request processing has failed"))
        })
    }

    /// Waits until nothing is being computed any more, and lets nothing begin.
    pub(super) async fn close(&self) {
        if self.0.acquire_many(AT_ONCE).await.is_ok() {
            self.0.close();
        }
    }
}
