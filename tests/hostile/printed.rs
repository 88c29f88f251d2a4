//! What the commands print, where AWS answers in hostile words: a proxy before the embedded AWS puts them in.

use std::io::{BufRead, BufReader, Read};
use std::process::{Command, Stdio};

use barograph::clock::Clock;
use barograph::demo::Estate;
use barograph::demo::server::{Demo, Options, serve};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;

use super::all_hostile;
use super::estate::{CVV, PAN};
use crate::harness::console::{INCIDENT, time, world};
use crate::text::is_forbidden;

/// A token.
const SECRET: &str = "abcdefgh12345678ijkl";
/// Lines that are enough.
const LINES: usize = 200;

/// What AWS says, and what stands there instead: as many bytes, so that lengths stay right in CBOR and JSON alike.
const REPLACED: [(&[u8], &[u8]); 4] = [
    // In CBOR, raw: names and reasons of alarms.
    (b"HighFailureRate", b"Hi\x1b]0;x\x07\xc2\x9b2Jabc"),
    (b"Threshold Crossed", b"\x1b[2J\xe2\x80\xae\xc2\x8541\x0bcvv=1"),
    // In JSON, as escapes: fields of log lines, JSON themselves, and lines that are none.
    (b"Contoso_Bank", br"\u001b[2J\tx"),
    (b"DEMO_Bank", br"\u009b2Jx"),
];

/// The embedded AWS behind the proxy, and where that listens.
async fn proxied() -> (Demo, String, CancellationToken) {
    let cancel = CancellationToken::new();
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
    let estate = Estate { world: world(4.0), clock: Clock::fixed(time(INCIDENT)) };
    let demo = serve(listener, estate, Options::default(), &cancel).expect("the demo serves");
    let behind = demo.endpoint().trim_start_matches("http://").to_owned();
    let front = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
    let address = front.local_addr().expect("an address").to_string();
    tokio::spawn(async move {
        while let Ok((client, _)) = front.accept().await {
            tokio::spawn(pass_on(client, behind.clone()));
        }
    });
    (demo, format!("http://{address}"), cancel)
}

async fn pass_on(client: TcpStream, behind: String) {
    let Ok(server) = TcpStream::connect(behind).await else { return };
    let (mut from_client, mut to_client) = client.into_split();
    let (mut from_server, mut to_server) = server.into_split();
    tokio::spawn(async move { tokio::io::copy(&mut from_client, &mut to_server).await });
    let mut chunk = vec![0; 1 << 20];
    while let Ok(count) = from_server.read(&mut chunk).await {
        if count == 0 || to_client.write_all(&replaced(&chunk[..count])).await.is_err() {
            return;
        }
    }
}

fn replaced(bytes: &[u8]) -> Vec<u8> {
    let mut out = bytes.to_vec();
    for (from, to) in REPLACED {
        assert_eq!(from.len(), to.len());
        let mut at = 0;
        while let Some(found) = out[at..].windows(from.len()).position(|window| window == from) {
            out[at + found..at + found + to.len()].copy_from_slice(to);
            at += found + to.len();
        }
    }
    out
}

/// Runs the program to its end, or until it has printed enough; returns stdout and stderr.
fn run(args: &[&str], endpoint: &str) -> [Vec<u8>; 2] {
    let mut command = Command::new(env!("CARGO_BIN_EXE_baro"));
    command.env_clear().args(args).args(["--at", INCIDENT]).stdin(Stdio::null());
    let env = [("AWS_ACCESS_KEY_ID", "x"), ("AWS_SECRET_ACCESS_KEY", "x"), ("AWS_EC2_METADATA_DISABLED", "true")];
    command.envs(env).env("HOME", concat!(env!("CARGO_TARGET_TMPDIR"), "/no-home"));
    if !args.contains(&"--demo") {
        command.args(["--endpoint-url", endpoint, "--region", "us-east-1"]);
    }
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program runs");
    let mut out = Vec::new();
    let mut lines = BufReader::new(child.stdout.take().expect("a pipe"));
    // What follows log groups never ends by itself.
    let most = if args[0] == "tail" { LINES } else { usize::MAX };
    for _ in 0..most {
        if lines.read_until(b'\n', &mut out).expect("read") == 0 {
            break;
        }
    }
    if args[0] == "tail" {
        child.kill().expect("it runs");
    }
    drop(lines);
    let mut err = Vec::new();
    child.stderr.take().expect("a pipe").read_to_end(&mut err).expect("read");
    child.wait().expect("it has ended");
    [out, err]
}

#[tokio::test(flavor = "multi_thread")]
async fn commands_print_nothing_hostile() {
    let (demo, endpoint, _cancel) = proxied().await;
    let group = "/aws/lambda/token-provisioning-service";
    let commands: &[&[&str]] = &[
        &["alarms"],
        &["alarms", "--output", "json"],
        &["tail", "--log-group", group],
        &["tail", "--log-group", group, "--output", "ndjson"],
        &["suspects"],
        &["suspects", "--output", "json"],
        &["snapshot", "--size", "120x40"],
        &["snapshot", "--format", "json"],
        &["metrics", "TokenServices:TokenProvisioningFailure"],
        &["metrics", "SEARCH('{TokenServices,Issuer} TokenProvisioningFailure', 'Sum', 300)", "--output", "csv"],
        &["metrics", "nothing\u{1b}]0;x\u{7}:there\u{202e}"],
        &["alarms", "--board", "no\u{1b}[2J.toml"],
        &["history", "--history-file", "/no/\u{1b}]0;x\u{7}"],
        &["history", "--demo", "--sql", "SELECT '\u{1b}[2J' || char(155) || '4111111111111111'"],
        &["check"],
        &[
            "query",
            "fields @timestamp, issuer, @message | filter event = 'TOKEN_PROVISION_FAILURE' | limit 50",
            "--since",
            "10m",
        ],
        &["query", "stats count(*) as n by issuer", "--output", "json", "--since", "10m"],
        &["query", "fields issuer, @message | limit 20", "--output", "ndjson", "--since", "10m"],
        &["query", "fields issuer, @message | limit 20", "--output", "csv", "--since", "10m"],
        &["query", "filtre \u{1b}[2J\u{202e}", "--output", "csv"],
        &["query", "--saved", "no\u{1b}[2J\u{9b}"],
        &["query", "fields a", "--log-group", "no\u{1b}[2J*"],
        &["find", "Contoso_Bank", "--since", "2m"],
        &["find", "Contoso_Bank", "--since", "2m", "--output", "json"],
        &["find", "Contoso_Bank", "--since", "2m", "--output", "ndjson"],
        &["find", "Contoso_Bank", "--since", "2m", "--output", "markdown"],
        &["find", "no\u{1b}]0;x\u{7}\u{202e}", "--since", "1m"],
    ];
    for args in commands {
        let streams = tokio::task::block_in_place(|| run(args, &endpoint));
        for (stream, bytes) in ["stdout", "stderr"].into_iter().zip(streams) {
            let text = String::from_utf8(bytes).expect("UTF-8");
            let bad = text.lines().find(|line| line.contains(is_forbidden));
            assert!(bad.is_none(), "{args:?} on {stream}: {bad:?}");
            assert!(!text.contains(PAN), "{args:?} on {stream}");
            // Otherwise all of this would say nothing.
            match (args, stream) {
                ([one], "stdout") if *one == "alarms" => assert!(text.contains("Hi␛]0;x␇�2Jabc"), "{text}"),
                ([one, ..], "stdout") if *one == "tail" => {
                    assert!(text.contains("␛[2J") || text.contains("�2Jx"), "{text}");
                }
                _ => {}
            }
        }
    }
    demo.stop().await;
}

/// Files whose names and contents are hostile, asked in every form.
#[test]
fn queries_over_hostile_files_print_nothing_hostile() {
    use std::os::unix::ffi::OsStrExt;
    let folder = std::env::temp_dir().join(format!("baro-hostile-files-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let mut content = Vec::new();
    for text in all_hostile() {
        let line = serde_json::json!({
            "time": "2026-01-15T10:00:00Z", "text": text, text.clone(): 1, "cvv": CVV, "pan": PAN,
            "authorization": format!("Bearer {SECRET}"), "tokenReferenceId": "trm_abc123xyz",
        });
        content.extend_from_slice(format!("{line}\n2026-01-15T10:00:01Z {text} {PAN} cvv={CVV}\n").as_bytes());
    }
    content.extend_from_slice(b"\xff\xfe\xe2\x82 \x9b2J\n{\"time\":\"\xc3\n");
    let outputs = ["table", "json", "ndjson", "csv"];
    for (nth, name) in
        [&b"a\x1b[2J\x9b31m.log"[..], b"b\x1b]0;x\x07\xe2\x80\xae.log", b"c\xff\nd.log"].into_iter().enumerate()
    {
        let file = folder.join(std::ffi::OsStr::from_bytes(name));
        std::fs::write(&file, &content).expect("written");
        for query in [
            "fields @timestamp, @message, @log, @logStream | limit 10000",
            "fields text, cvv, pan, authorization, tokenReferenceId | limit 10000",
            "stats count(*) as n by text, @log",
            "pattern @message",
            "fields text | diff \u{1b}[2J",
        ] {
            for output in outputs.into_iter().take(if nth == 0 { 4 } else { 1 }) {
                let command = Command::new(env!("CARGO_BIN_EXE_baro"))
                    .env_clear()
                    .args(["query", query, "--output", output, "--file"])
                    .arg(&file)
                    .output()
                    .expect("the program runs");
                let mut whole = String::new();
                for bytes in [command.stdout, command.stderr] {
                    let text = String::from_utf8(bytes).expect("UTF-8");
                    let bad = text.lines().find(|line| line.contains(is_forbidden));
                    assert!(bad.is_none(), "{query} as {output}: {bad:?}");
                    for secret in [PAN, CVV, SECRET] {
                        assert!(!text.contains(secret), "{query} as {output}: {secret}");
                    }
                    whole.push_str(&text);
                }
                assert_ne!(whole.len(), 0, "{query} as {output}");
                assert!(!query.contains("tokenReferenceId") || whole.contains("trm_abc123xyz"), "{query} as {output}");
            }
        }
    }
    let missing = folder.join("no\u{1b}[2J\u{202e}.log");
    let command = Command::new(env!("CARGO_BIN_EXE_baro"))
        .args(["query", "fields a", "--file"])
        .arg(missing)
        .output()
        .expect("the program runs");
    let text = String::from_utf8(command.stderr).expect("UTF-8");
    assert!(text.contains("no␛[2J") && !text.contains(|c: char| c != '\n' && is_forbidden(c)), "{text:?}");
    std::fs::remove_dir_all(folder).expect("removed");
}
