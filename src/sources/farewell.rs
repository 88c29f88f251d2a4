//! Calls that must still go out when the task that owes them has been cancelled.

use std::future::Future;
use std::time::Duration;

use tokio::sync::watch;

/// Longest wait for what is owed when the program ends: a quit must not hang on AWS.
const PATIENCE: Duration = Duration::from_secs(2);

/// What is owed at present; clones share it.
#[derive(Debug, Clone, Default)]
pub(super) struct Farewells {
    owed: watch::Sender<usize>,
}

/// Something that is owed, until it is dropped.
#[derive(Debug)]
pub(super) struct Owed {
    all: Farewells,
}

impl Farewells {
    /// Owes a call from now on.
    pub(super) fn owe(&self) -> Owed {
        self.owed.send_modify(|owed| *owed += 1);
        Owed { all: self.clone() }
    }

    /// Waits until nothing is owed any more, or the patience is at its end.
    pub(super) async fn said(&self) {
        let mut owed = self.owed.subscribe();
        let said = owed.wait_for(|owed| *owed == 0);
        if tokio::time::timeout(PATIENCE, said).await.is_err() {
            tracing::warn!("gave up on calls that were to end something on AWS");
        }
    }
}

impl Owed {
    /// Makes the call by itself, whoever is cancelled meanwhile.
    pub(super) fn pay(self, call: impl Future<Output = ()> + Send + 'static) {
        // Outside a runtime the program is ending, and nothing can be called any more.
        let Ok(runtime) = tokio::runtime::Handle::try_current() else { return };
        runtime.spawn(async move {
            call.await;
            drop(self);
        });
    }
}

impl Drop for Owed {
    fn drop(&mut self) {
        self.all.owed.send_modify(|owed| *owed = owed.saturating_sub(1));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn an_end_waits_for_what_is_owed() {
        let farewells = Farewells::default();
        farewells.said().await;
        let (told, heard) = tokio::sync::oneshot::channel();
        let owed = farewells.owe();
        let waiting = tokio::spawn({
            let farewells = farewells.clone();
            async move { farewells.said().await }
        });
        owed.pay(async move {
            heard.await.expect("told");
        });
        tokio::task::yield_now().await;
        assert!(!waiting.is_finished(), "the call is under way");
        told.send(()).expect("somebody hears");
        waiting.await.expect("it ends");
    }
}
