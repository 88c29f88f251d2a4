//! The feed at scale: how fast lines are stored, how much memory they take, how fast a filter looks through them.
//!
//! `cargo bench --bench feed` prints figures, each beside ripgrep's over the same bytes where there is something to
//! compare with. `FEED_EVENTS` and `FEED_BYTES` choose another load than a million events of 1.2 kB.

#![expect(clippy::expect_used, reason = "a bench fails as tests do")]

use std::io::{BufWriter, Write as _};
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

use barograph::analysis::filter::{Filter, Judge};
use barograph::analysis::scan::{Scope, Search};
use barograph::board::FeedRules;
use barograph::store::lines::Lines;
use barograph::store::log::LogEvent;
use barograph::store::request::Requests;
use chrono::{DateTime, FixedOffset, TimeDelta};

fn number(name: &str, default: usize) -> usize {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

/// A number that looks random, the same in every run.
fn random(n: u64) -> u64 {
    let mut x = n.wrapping_add(0x9e37_79b9_7f4a_7c15);
    x = (x ^ x >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ x >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ x >> 31
}

/// An end of a request as the token service logs it, with the headers, limits and hops that make it 1.2 kB.
fn line(n: u64, bytes: usize) -> String {
    let r = |k| random(n * 16 + k);
    let pick = |k, of: &[&'static str]| of[(r(k) % of.len() as u64) as usize];
    let failed = r(1) % 50 == 0;
    let (level, event) =
        if failed { ("ERROR", "TOKEN_PROVISION_FAILURE") } else { ("INFO", "TOKEN_PROVISION_SUCCESS") };
    let mut text = format!(
        r#"{{"level":"{level}","requestId":"{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}","event":"{event}","walletProvider":"{}","issuer":"{}","device":"{}","os":"{}","country":"{}","tokenReferenceId":"trm_{:013x}","processingTime":{}.{:03}"#,
        r(2) as u32,
        r(3) as u16,
        r(4) % 4096,
        r(5) as u16,
        r(6) % (1 << 48),
        pick(7, &["ApplePay", "GooglePay", "SamsungPay"]),
        pick(8, &["Contoso_Bank", "DEMO_Bank", "Northwind_CU"]),
        pick(9, &["iPhone15,3", "Pixel 8", "SM-S918B", "iPhone14,2"]),
        pick(10, &["iOS 18", "iOS 17", "Android 14", "Android 15"]),
        pick(11, &["US", "GB", "DE", "BR", "JP"]),
        r(12) % (1 << 52),
        r(13) % 4,
        r(14) % 1000,
    );
    if failed {
        text.push_str(r#","reason":"TSP_TIMEOUT""#);
    }
    let part = format!(
        r#","correlationId":"corr_{:013x}","traceId":"1-{:08x}-{:024x}","context":{{"functionName":"token-provisioning-service","functionVersion":"$LATEST","memoryLimitInMB":512,"remainingTimeMs":{},"coldStart":false}},"hops":["#,
        r(15) % (1 << 52),
        r(0) as u32,
        u128::from(r(2)) << 32 | u128::from(r(3) as u32),
        r(4) % 30_000,
    );
    text.push_str(&part);
    let mut hop = 0;
    while text.len() + 150 < bytes {
        let separator = if hop == 0 { "" } else { "," };
        let part = format!(
            r#"{separator}{{"service":"{}","operation":"{}","attempt":{},"tookMs":{},"status":{},"host":"ip-10-0-{}-{}.ec2.internal"}}"#,
            pick(hop, &["TokenStore", "TokenizationService", "IssuerAuthorization", "TSP"]),
            pick(hop + 1, &["GetItem", "Tokenize", "Authorize", "Provision"]),
            hop % 3 + 1,
            r(hop + 2) % 900,
            if failed { 504 } else { 200 },
            r(hop + 3) % 256,
            r(hop + 4) % 256,
        );
        text.push_str(&part);
        hop += 1;
    }
    text.push_str("],\"note\":\"");
    while text.len() + 2 < bytes {
        text.push('.');
    }
    text.push_str("\"}");
    text
}

fn event(n: u64, bytes: usize) -> LogEvent {
    // 27,778 a second.
    let time =
        DateTime::from_timestamp_millis(1_768_472_880_000).expect("in range") + TimeDelta::microseconds(n as i64 * 36);
    let ms = time.timestamp_millis();
    LogEvent { time: DateTime::from_timestamp_millis(ms).expect("in range"), group: 0, message: line(n, bytes).into() }
}

/// A figure of `/proc/self/status` in MiB.
fn memory(name: &str) -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with(name)).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|kib| kib.parse::<f64>().ok()).unwrap_or_default() / 1024.0
}

/// Seconds of CPU that this thread has used: others on the machine do not count.
fn cpu() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/schedstat").unwrap_or_default();
    stat.split_whitespace().next().and_then(|ns| ns.parse::<f64>().ok()).unwrap_or_default() / 1e9
}

fn rules() -> FeedRules {
    barograph::board::preset("token-provisioning").expect("the preset").feed.expect("a feed")
}

/// First screen and end of a scan, and how many lines it has found; the best of some runs.
fn scan(lines: &Lines, text: &str, threads: usize) -> (Duration, Duration, u64) {
    let filter = Filter::parse(text, &rules());
    assert_eq!(filter.error(), None);
    let utc = FixedOffset::east_opt(0).expect("UTC");
    let mut best = (Duration::MAX, Duration::MAX, 0);
    for _ in 0..5 {
        let began = Instant::now();
        let judge = Arc::new(Judge::new(&filter, utc));
        let search = Search { snapshot: lines.snapshot(), since: 0, scope: Scope::Lines, judge };
        let (mut first, mut count) = (None, 0);
        let whole = search.run(threads, &|| false, &mut |batch| {
            count += batch.hits.len() as u64;
            if !batch.hits.is_empty() {
                first.get_or_insert_with(|| began.elapsed());
            }
            true
        });
        assert!(whole);
        let all = began.elapsed();
        best = (best.0.min(first.unwrap_or(all)), best.1.min(all), count);
    }
    best
}

/// What ripgrep takes to count the lines that an expression finds, and how many; the best of some runs.
fn ripgrep(file: &str, arguments: &[&str]) -> Option<(Duration, u64)> {
    let mut best: Option<(Duration, u64)> = None;
    for _ in 0..5 {
        let began = Instant::now();
        let output = Command::new("rg").arg("-c").args(arguments).arg(file).output().ok()?;
        let took = began.elapsed();
        let count = String::from_utf8_lossy(&output.stdout).trim().parse().unwrap_or(0);
        best = Some((best.map_or(took, |(before, _)| before.min(took)), count));
    }
    best
}

fn main() {
    let (count, bytes) = (number("FEED_EVENTS", 1_000_000), number("FEED_BYTES", 1_200));
    let keep = number("FEED_KEEP_MIB", 360) << 20;
    let path = std::env::temp_dir().join(format!("barograph-feed-{}.log", std::process::id()));
    let file = path.to_string_lossy().into_owned();
    let mut out = BufWriter::new(std::fs::File::create(&path).expect("a file"));
    let (mut requests, mut lines, rules) = (Requests::default(), Lines::default(), rules());
    lines.keep(keep);
    println!("{count} events of {bytes} B; before: {:.1} MiB", memory("VmRSS"));

    let (mut stored, mut busy) = (0.0, 0.0);
    // Seconds of CPU for each tenth: what else the machine does slows some of them down.
    let mut tenths = [0.0; 10];
    let mut n = 0;
    while n < count {
        let events: Vec<LogEvent> = (n..count.min(n + 1_000)).map(|n| event(n as u64, bytes)).collect();
        for event in &events {
            out.write_all(event.message.as_bytes()).and_then(|()| out.write_all(b"\n")).expect("written");
        }
        let (began, cpu_before) = (Instant::now(), cpu());
        requests.fold(&rules, &events, &mut lines);
        stored += began.elapsed().as_secs_f64();
        let took = cpu() - cpu_before;
        busy += took;
        tenths[n * 10 / count] += took;
        n += events.len();
    }
    out.flush().expect("written");
    drop(out);
    let rate = |seconds: f64| count as f64 / seconds;
    let fastest = tenths.iter().copied().fold(f64::MAX, f64::min);
    println!(
        "parse and store: {:.0} events/s a core, {:.0} in the fastest tenth; {:.0} events/s by the clock",
        rate(busy),
        rate(fastest) / 10.0,
        rate(stored)
    );
    println!(
        "kept: {} lines, {:.0} MiB of text in {:.0} MiB; dropped {}; process {:.1} MiB, peak {:.1} MiB",
        lines.len(),
        lines.bytes_kept() as f64 / 1_048_576.0,
        lines.bytes_held() as f64 / 1_048_576.0,
        lines.dropped(),
        memory("VmRSS"),
        memory("VmHWM"),
    );
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let cases: [(&str, &[&str]); 8] = [
        ("TSP_TIMEOUT", &["-F", "TSP_TIMEOUT"]),
        ("timeout", &["-i", "timeout"]),
        ("\"corr_00a\"", &["-F", "-i", "corr_00a"]),
        ("nothing_like_this", &["-i", "nothing_like_this"]),
        ("~ \"status\":50[0-9],\"host\":\"ip-10-0-7-", &["-i", "\"status\":50[0-9],\"host\":\"ip-10-0-7-"]),
        (
            "latency > 3.9 and issuer = \"Contoso_Bank\"",
            &[r#""issuer":"Contoso_Bank".*"processingTime":(3\.9[0-9]*[1-9]|[4-9]|[0-9]{2})"#],
        ),
        ("status = failed", &["-F", "TOKEN_PROVISION_FAILURE"]),
        ("latency > 3.9", &[r#""processingTime":(3\.9[0-9]*[1-9]|[4-9]|[0-9]{2})"#]),
    ];
    println!("{:44} {:>9} {:>9} {:>9} {:>9} {:>6}", "filter", "lines", "first ms", "all ms", "rg ms", "ratio");
    for (filter, arguments) in cases {
        let (first, all, found) = scan(&lines, filter, threads);
        let beside = ripgrep(&file, arguments);
        assert!(beside.is_none_or(|(_, count)| count == found), "{filter}: rg finds other lines: {beside:?}");
        let ms = |time: Duration| time.as_secs_f64() * 1000.0;
        let (rg, ratio) = beside.map_or((f64::NAN, f64::NAN), |(took, _)| (ms(took), ms(all) / ms(took)));
        println!("{filter:44} {found:>9} {:>9.1} {:>9.0} {rg:>9.0} {ratio:>6.2}", ms(first), ms(all));
    }
    std::fs::remove_file(&path).ok();
}
