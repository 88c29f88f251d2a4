//! A server that answers GetTraceSummaries with given documents, and what the sources make of them.

#![expect(clippy::expect_used, reason = "helpers of tests fail as tests do")]

use std::sync::{Arc, Mutex};
use std::time::Duration;

use barograph::app::effect::{Subscription, Watch};
use barograph::app::msg::{Msg, Update};
use barograph::board::Board;
use barograph::clock::Clock;
use barograph::sources::tuning::Tuning;
use barograph::sources::{Connect, Meter, Mode, Poller, connect};
use barograph::store::Store;
use barograph::store::health::SourceError;
use barograph::store::trace_list::{TraceList, TraceQuery};
use barograph::store::window::Window;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::sync::{mpsc, watch};
use tokio_util::sync::CancellationToken;

use crate::harness::console::{INCIDENT, time};

/// What a client said and was answered, in turn: a status and a document each, the last for all that follow.
pub(crate) struct Server {
    endpoint: String,
    pub(crate) heard: Arc<Mutex<Vec<String>>>,
}

pub(crate) async fn serve(answers: Vec<(u16, String)>) -> Server {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
    let endpoint = format!("http://{}", listener.local_addr().expect("an address"));
    let heard = Arc::new(Mutex::new(Vec::new()));
    let ears = Arc::clone(&heard);
    tokio::spawn(async move {
        let mut answers = answers.into_iter().peekable();
        while let Ok((mut stream, _)) = listener.accept().await {
            let Some((status, document)) = answers.peek().cloned() else { return };
            let mut read = vec![0; 8_192];
            let mut length = 0;
            // The body may come after the head.
            while !read[..length].ends_with(b"}") {
                match stream.read(&mut read[length..]).await {
                    Ok(more) if more > 0 => length += more,
                    _ => break,
                }
            }
            ears.lock().expect("ears").push(String::from_utf8_lossy(&read[..length]).into_owned());
            let opening = format!(
                "HTTP/1.1 {status} so\r\ncontent-type: application/json\r\nconnection: close\r\ncontent-length:"
            );
            let _ = stream.write_all(format!("{opening} {}\r\n\r\n{document}", document.len()).as_bytes()).await;
            if answers.len() > 1 {
                answers.next();
            }
        }
    });
    Server { endpoint, heard }
}

/// What the sources make of the answers of a server, folded as the console folds it.
pub(crate) async fn read(server: &Server, query: TraceQuery) -> Result<TraceList, Option<SourceError>> {
    let to = Connect {
        region: Some("us-east-1".to_owned()),
        endpoint_url: Some(server.endpoint.clone()),
        made_up_credentials: true,
        tuning: Tuning { backoff_first: Duration::from_millis(10), ..Tuning::default() },
        ..Connect::default()
    };
    let clock = Clock::fixed(time(INCIDENT));
    let client = Box::pin(connect(&to, clock.clone(), Meter::default())).await.expect("a client");
    let wanted = [Subscription::TraceSummaries(query)].into();
    let (_watch, watched) = watch::channel(Watch { window: Window::live(Duration::from_mins(2)), wanted });
    let (_refresh, refreshes) = mpsc::channel(1);
    let (out, mut messages) = mpsc::channel(16);
    let cancel = CancellationToken::new();
    let board = Arc::new(Board::empty("test"));
    let poller = Poller::start(client, Arc::clone(&board), clock, Mode::Once, watched, refreshes, out, cancel.clone());
    let mut store = Store::default();
    let mut failed = None;
    loop {
        match messages.recv().await.expect("an answer") {
            Msg::Feed(Update::Settled { .. }) => break,
            Msg::Feed(update) => store.fold(&board, update),
            Msg::Failed(_, error) => failed = Some(error),
            _ => {}
        }
    }
    cancel.cancel();
    messages.close();
    poller.await.expect("the poller ends well");
    store.trace_lists.into_values().next().map(|feed| feed.data).ok_or(failed)
}
