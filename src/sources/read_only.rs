//! The guard at the door: no request leaves the process unless [`operation`](super::operation) lists it.

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::Intercept;
use aws_smithy_runtime_api::client::interceptors::context::{
    BeforeSerializationInterceptorContextRef, BeforeTransmitInterceptorContextMut,
};
use aws_smithy_runtime_api::client::orchestrator::Metadata;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::ConfigBag;

use super::operation;

/// Refuses every operation that is not in the table, before credentials are looked for and again before transmission.
#[derive(Debug, Clone, Copy)]
pub struct ReadOnly;

/// An operation that this program never calls.
#[derive(Debug, thiserror::Error)]
#[error("{service} {operation} is not among the operations that this program may call")]
pub struct NotAllowed {
    service: String,
    operation: String,
}

/// Whether the call that `config` describes is in the table.
fn check(config: &ConfigBag) -> Result<(), BoxError> {
    let (service, name) =
        config.load::<Metadata>().map_or(("unknown", "unknown"), |call| (call.service(), call.name()));
    match operation::allowed(service, name) {
        Some(_) => Ok(()),
        None => Err(Box::new(NotAllowed { service: service.to_owned(), operation: name.to_owned() })),
    }
}

impl Intercept for ReadOnly {
    fn name(&self) -> &'static str {
        "ReadOnly"
    }

    fn read_before_execution(
        &self,
        _context: &BeforeSerializationInterceptorContextRef<'_>,
        config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        check(config)
    }

    fn modify_before_transmit(
        &self,
        _context: &mut BeforeTransmitInterceptorContextMut<'_>,
        _components: &RuntimeComponents,
        config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        check(config)
    }
}
