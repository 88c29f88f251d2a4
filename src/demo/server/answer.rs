//! From a request to its response: faults first, then the operation.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use bytes::Bytes;
use http::{Request, Response};
use hyper::body::Incoming;
use tokio_util::sync::CancellationToken;

use super::counts::Counts;
use super::work::Work;
use super::{live_tail, refusal, request};
use crate::demo::faults::{Fault, FaultBoard};
use crate::demo::logs::queries::QueryDesk;
use crate::demo::logs::quotas::Quotas;
use crate::demo::logs::tail::Session;
use crate::demo::wire::reply::{self, Body};
use crate::demo::wire::route::{self, Call, Service};
use crate::demo::wire::{ApiError, Wire};
use crate::demo::{Estate, cloudwatch, logs, sts, xray};

/// The call is not answered: its connection breaks off.
#[derive(Debug, thiserror::Error)]
#[error("the connection is reset on request")]
pub(super) struct Reset;

/// Everything that answering needs, shared by all connections.
#[derive(Debug)]
pub(super) struct Desk {
    pub(super) estate: Estate,
    pub(super) faults: FaultBoard,
    pub(super) counts: Counts,
    pub(super) work: Work,
    queries: Arc<QueryDesk>,
    quotas: Quotas,
    transaction_search: bool,
    shutdown: CancellationToken,
    requests: AtomicU64,
}

impl Desk {
    pub(super) fn new(
        estate: Estate,
        faults: FaultBoard,
        counts: Counts,
        (quotas, transaction_search): (Quotas, bool),
        shutdown: CancellationToken,
    ) -> Self {
        let queries = Arc::new(QueryDesk::new(estate.clone()));
        let (work, requests) = (Work::new(), AtomicU64::new(0));
        Self { estate, faults, counts, work, queries, quotas, transaction_search, shutdown, requests }
    }

    /// Waits for what is still being computed.
    pub(super) async fn close(&self) {
        self.queries.close().await;
        self.work.close().await;
    }

    /// Answers a request, or says that its connection is to break off.
    pub(super) async fn answer(self: &Arc<Self>, request: Request<Incoming>) -> Result<Response<Body>, Reset> {
        let number = self.requests.fetch_add(1, Ordering::Relaxed);
        let id = format!("{:08x}-ba20-4000-8000-{:012x}", number >> 48, number & 0xFFFF_FFFF_FFFF);
        let (parts, body) = request.into_parts();
        let (call, body) = match request::read(&parts, body).await {
            Ok(read) => read,
            Err((protocol, error)) => return Ok(reply::failure(protocol, &error, &id)),
        };
        self.counts.called(&call.operation);
        if !request::is_signed(&parts) {
            return Ok(reply::failure(call.protocol, &refusal::unsigned(call.service), &id));
        }
        let verdict = self.faults.judge(&call.operation);
        if !verdict.delay.is_zero() {
            tokio::time::sleep(verdict.delay).await;
        }
        if let Some(fault) = verdict.fault {
            return self.fail(fault, &call, &id).await;
        }
        let answered = self.perform(&call, body, &id).await;
        Ok(answered.unwrap_or_else(|error| {
            let unknown = error.code == "UnknownOperationException";
            let error = if unknown { route::unknown_operation(call.protocol, &call.operation) } else { error };
            reply::failure(call.protocol, &error, &id)
        }))
    }

    async fn fail(&self, fault: Fault, call: &Call, id: &str) -> Result<Response<Body>, Reset> {
        if let Some(error) = refusal::of(fault, call) {
            return Ok(reply::failure(call.protocol, &error, id));
        }
        match fault {
            Fault::Hang => {
                self.shutdown.cancelled().await;
                Err(Reset)
            }
            Fault::Garbage => Ok(reply::garbage(call.protocol, id)),
            Fault::Reset | Fault::Slow(_) | Fault::Throttle | Fault::Internal | Fault::Deny | Fault::Expired => {
                Err(Reset)
            }
        }
    }

    async fn perform(self: &Arc<Self>, call: &Call, body: Bytes, id: &str) -> Result<Response<Body>, ApiError> {
        let input = route::decode(call.protocol, &body)?;
        self.counts.asked(&call.operation, &input);
        if call.service == Service::Logs && call.operation == "StartLiveTail" {
            let session = Session::open(&self.estate, self.quotas, &input, id)?;
            return Ok(reply::stream(live_tail::body(session, self), id));
        }
        let output = self.output(call, input).await?;
        Ok(reply::success(call.protocol, &call.operation, &output, id))
    }

    async fn output(&self, call: &Call, input: Wire) -> Result<Wire, ApiError> {
        let (estate, quotas, operation) = (self.estate.clone(), self.quotas, call.operation.clone());
        match call.service {
            Service::CloudWatch => self.work.run(move || cloudwatch::call(&estate, &operation, &input)).await,
            Service::XRay => {
                let searches = self.transaction_search;
                self.work.run(move || xray::call(&estate, searches, &operation, &input)).await
            }
            Service::Logs if QueryDesk::takes(&operation) => {
                let queries = Arc::clone(&self.queries);
                self.work.run(move || queries.call(&operation, &input)).await
            }
            Service::Logs => self.work.run(move || logs::call(&estate, quotas, &operation, &input)).await,
            Service::Sts => sts::call(&operation),
        }
    }
}
