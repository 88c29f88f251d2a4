//! An X-Ray that answers with given documents.

use std::sync::Arc;

use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// Serves pages in order, over and over for each who begins; returns the endpoint.
pub(super) async fn serve(pages: Vec<String>) -> String {
    answering(move |_, asked| {
        let page = asked["NextToken"].as_str().and_then(|token| token.parse().ok()).unwrap_or(0);
        pages.get::<usize>(page).cloned().unwrap_or_default()
    })
    .await
}

/// Serves what is answered to an operation and its document; returns the endpoint.
pub(crate) async fn answering(answer: impl Fn(&str, &Value) -> String + Send + Sync + 'static) -> String {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let answer = Arc::new(answer);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(reply(stream, Arc::clone(&answer)));
        }
    });
    format!("http://{address}")
}

/// Answers one request and closes.
async fn reply(mut stream: TcpStream, answer: Arc<impl Fn(&str, &Value) -> String>) {
    let mut request = Vec::new();
    let mut chunk = [0; 4096];
    let (operation, body) = loop {
        let Ok(count) = stream.read(&mut chunk).await else { return };
        request.extend_from_slice(&chunk[..count]);
        let text = String::from_utf8_lossy(&request);
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let length =
            head.lines().find_map(|line| line.to_lowercase().strip_prefix("content-length:")?.trim().parse().ok());
        if count == 0 || body.len() >= length.unwrap_or(0) {
            let path = head.split_whitespace().nth(1).unwrap_or_default();
            break (path.trim_start_matches('/').to_owned(), body.to_owned());
        }
    };
    let asked: Value = serde_json::from_str(&body).unwrap_or_default();
    let page = answer(&operation, &asked);
    let head = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
        page.len()
    );
    let _ = stream.write_all(format!("{head}{page}").as_bytes()).await;
}
