//! An X-Ray that answers GetServiceGraph with given documents, a page each.

use std::sync::Arc;

use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// Serves pages in order, over and over for each who begins; returns the endpoint.
pub(super) async fn serve(pages: Vec<String>) -> String {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let pages = Arc::new(pages);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(answer(stream, Arc::clone(&pages)));
        }
    });
    format!("http://{address}")
}

/// Answers one request and closes.
async fn answer(mut stream: TcpStream, pages: Arc<Vec<String>>) {
    let mut request = Vec::new();
    let mut chunk = [0; 4096];
    let body = loop {
        let Ok(count) = stream.read(&mut chunk).await else { return };
        request.extend_from_slice(&chunk[..count]);
        let text = String::from_utf8_lossy(&request);
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let length =
            head.lines().find_map(|line| line.to_lowercase().strip_prefix("content-length:")?.trim().parse().ok());
        if count == 0 || body.len() >= length.unwrap_or(0) {
            break body.to_owned();
        }
    };
    let asked: Value = serde_json::from_str(&body).unwrap_or_default();
    let page: usize = asked["NextToken"].as_str().and_then(|token| token.parse().ok()).unwrap_or(0);
    let page = pages.get(page).cloned().unwrap_or_default();
    let head = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
        page.len()
    );
    let _ = stream.write_all(format!("{head}{page}").as_bytes()).await;
}
