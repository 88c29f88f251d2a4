//! One connection: requests one after the other, until it is closed or broken off.

use std::future::poll_fn;
use std::sync::Arc;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use super::answer::Desk;

/// Serves a connection. Where a call is to break off, the peer gets a TCP reset instead of an answer.
pub(super) async fn serve(stream: TcpStream, desk: Arc<Desk>) {
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "no TCP_NODELAY");
    }
    let service = service_fn(move |request| {
        let desk = Arc::clone(&desk);
        Box::pin(async move { desk.answer(request).await })
    });
    let mut connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
    let Err(error) = poll_fn(|cx| connection.poll_without_shutdown(cx)).await else { return };
    tracing::debug!(%error, "a connection of the demo broke off");
    let stream = connection.into_parts().io.into_inner();
    if let Err(error) = stream.set_zero_linger() {
        tracing::debug!(%error, "the connection closes without a reset");
    }
}
