//! The wire as other clients speak it, byte by byte.

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::*;

/// One answer: status, headers in lower case, body.
#[derive(Debug)]
struct Answer {
    status: u16,
    head: String,
    body: Vec<u8>,
}

impl Answer {
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

/// Sends a request on an open connection and reads the answer by its content length.
async fn send(stream: &mut TcpStream, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
    let mut request = format!("POST {path} HTTP/1.1\r\nhost: demo\r\ncontent-length: {}\r\n", body.len());
    for (name, value) in headers {
        request += name;
        request += ": ";
        request += value;
        request += "\r\n";
    }
    request.push_str("\r\n");
    stream.write_all(request.as_bytes()).await.expect("sent");
    stream.write_all(body).await.expect("sent");
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.expect("a head"));
    }
    let head = String::from_utf8(head).expect("text").to_ascii_lowercase();
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok()).expect("a length");
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await.expect("a body");
    Answer { status, head, body }
}

const SIGNED: (&str, &str) = ("authorization", "AWS4-HMAC-SHA256 whatever");

#[tokio::test]
async fn one_connection_carries_many_protocols() {
    let demo = fixed().await;
    let mut stream = TcpStream::connect(demo.address).await.expect("a connection");
    let groups = ("x-amz-target", "Logs_20140328.DescribeLogGroups");
    let answer = send(&mut stream, "/", &[SIGNED, groups], b"{\"limit\":1}").await;
    assert_eq!(answer.status, 200);
    assert!(answer.head.contains("content-type: application/x-amz-json-1.1"), "{}", answer.head);
    assert!(answer.head.contains("x-amzn-requestid: "), "{}", answer.head);
    assert!(answer.text().starts_with("{\"logGroups\":[{\"logGroupName\":"), "{}", answer.text());

    let destination = send(&mut stream, "/GetTraceSegmentDestination", &[SIGNED], b"{}").await;
    assert_eq!(destination.text(), "{\"Destination\":\"XRay\",\"Status\":\"ACTIVE\"}");

    let form = ("content-type", "application/x-www-form-urlencoded; charset=utf-8");
    let caller = send(&mut stream, "/", &[SIGNED, form], b"Action=GetCallerIdentity&Version=2011-06-15").await;
    assert!(caller.text().contains("<Account>123456789012</Account>"), "{}", caller.text());
    let old = send(&mut stream, "/", &[SIGNED, form], b"Action=ListMetrics&Version=2010-08-01").await;
    assert_eq!(old.status, 400);
    assert!(old.text().contains("<Code>InvalidAction</Code>"), "{}", old.text());
    demo.stop().await;
}

/// Path, headers and body of a request; status and a part of the answer.
type Case<'a> = (&'a str, &'a [(&'a str, &'a str)], &'a [u8], u16, &'a str);

#[tokio::test]
async fn what_is_not_known_or_not_signed_is_said() {
    let demo = fixed().await;
    let cbor = "/service/GraniteServiceVersion20100801/operation/";
    let protocol = ("smithy-protocol", "rpc-v2-cbor");
    let target = |target| ("x-amz-target", target);
    let unknown = format!("{cbor}PutDashboard");
    let metrics = format!("{cbor}ListMetrics");
    let cases: &[Case<'_>] = &[
        (&unknown, &[SIGNED, protocol], b"\xA0", 404, "UnknownOperationException"),
        (&metrics, &[SIGNED, protocol], b"\xFF\xFF", 400, "SerializationException"),
        (&metrics, &[protocol], b"\xA0", 403, "MissingAuthenticationTokenException"),
        ("/", &[SIGNED, target("GraniteServiceVersion20100801.PutDashboard")], b"{}", 400, "UnknownOperationException"),
        ("/", &[SIGNED, target("Logs_20140328.PutLogEvents")], b"{}", 400, "UnknownOperationException"),
        ("/", &[SIGNED, target("Logs_20140328.FilterLogEvents")], b"{\"logGroup", 400, "SerializationException"),
        ("/", &[SIGNED, target("Logs_20140328.FilterLogEvents")], b"[]", 400, "SerializationException"),
        ("/", &[target("Logs_20140328.FilterLogEvents")], b"{}", 403, "MissingAuthenticationTokenException"),
        ("/ServiceGraph", &[], b"{}", 403, "x-amzn-errortype: missingauthenticationtokenexception"),
        ("/GetSamplingRules", &[SIGNED], b"{}", 404, "x-amzn-errortype: unknownoperationexception"),
        ("/nowhere", &[SIGNED], b"{}", 404, "x-amzn-errortype: unknownoperationexception"),
    ];
    let mut stream = TcpStream::connect(demo.address).await.expect("a connection");
    for (path, headers, body, status, said) in cases {
        let answer = send(&mut stream, path, headers, body).await;
        let shown = format!("{}{}", answer.head, answer.text());
        assert_eq!(answer.status, *status, "{path} {headers:?}: {shown}");
        assert!(shown.contains(said), "{path} {headers:?}: {shown}");
    }
    demo.stop().await;
}

#[tokio::test]
async fn times_in_json_carry_their_fraction() {
    let demo = fixed().await;
    let mut stream = TcpStream::connect(demo.address).await.expect("a connection");
    let start = at("2026-01-15T10:27:00Z").timestamp();
    let body = format!("{{\"StartTime\":{start}.5,\"EndTime\":{}}}", at(NOW).timestamp());
    let answer = send(&mut stream, "/ServiceGraph", &[SIGNED], body.as_bytes()).await;
    assert!(answer.text().contains(&format!("\"StartTime\":{start}.5,")), "{}", answer.text());
    demo.stop().await;
}

#[tokio::test]
async fn a_server_whose_shutdown_is_cancelled_closes_its_port() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let shutdown = CancellationToken::new();
    let estate = Estate { world: world(), clock: Clock::fixed(at(NOW)) };
    let demo = serve(listener, estate, Options::default(), &shutdown).expect("a server");
    let address = demo.address;
    let idle = TcpStream::connect(address).await.expect("a connection");
    shutdown.cancel();
    demo.stopped().await;
    assert!(TcpStream::connect(address).await.is_err());
    drop(idle);
}
