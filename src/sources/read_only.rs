//! The guard at the door: no request leaves the process unless [`operation`] lists it.

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

    fn read_before_serialization(
        &self,
        _context: &BeforeSerializationInterceptorContextRef<'_>,
        _components: &RuntimeComponents,
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Clock;
    use crate::sources::{Connect, Meter, connect};

    #[tokio::test]
    async fn a_write_fails_before_any_byte_leaves() {
        let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).expect("a port");
        listener.set_nonblocking(true).expect("not blocking");
        let to = Connect {
            region: Some("us-east-1".to_owned()),
            endpoint_url: Some(format!("http://{}", listener.local_addr().expect("an address"))),
            made_up_credentials: true,
            ..Connect::default()
        };
        let client = connect(&to, Clock::system(), Meter::default()).await.expect("a client");
        let put = client.cloudwatch.put_metric_alarm().alarm_name("a").send().await.expect_err("no write");
        let delete = client.logs.delete_log_group().log_group_name("g").send().await.expect_err("no write");
        let unlisted = client.xray.get_sampling_rules().send().await.expect_err("not in the table");
        let chains = [chain(&put), chain(&delete), chain(&unlisted)];
        assert_eq!(chains, [true; 3], "{put:?} {delete:?} {unlisted:?}");
        let nobody = listener.accept().expect_err("nobody knocked");
        assert_eq!(nobody.kind(), std::io::ErrorKind::WouldBlock);
        assert!(client.meter().spending().calls.is_empty());
    }

    /// Whether the guard is what stopped a call.
    fn chain(error: &(dyn std::error::Error + 'static)) -> bool {
        crate::sources::errors::causes(error).any(<dyn std::error::Error>::is::<NotAllowed>)
    }
}
