//! How long a trace of 10,000 segments takes from its documents to its rows.
//!
//! `cargo bench --bench trace`; ends with status 1 where the target is missed.

#![expect(clippy::print_stdout, reason = "a bench prints its figures")]

use std::fmt::Write;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use barograph::analysis::waterfall::{Waterfall, compare};
use barograph::store::trace::Trace;

/// Segments of the trace.
const SEGMENTS: usize = 10_000;
/// The target, from documents to rows.
const TARGET: Duration = Duration::from_millis(100);
/// Runs, of which the middle one counts.
const RUNS: usize = 9;

/// Documents of so many segments: each a service with a call or two, called by an earlier one.
fn documents(shape: impl Fn(usize) -> usize) -> Vec<String> {
    let documents = (0..SEGMENTS).map(|n| {
        let (start, end) = (1_768_472_880.0 + n as f64 / 1e3, 1_768_472_980.0 - n as f64 / 1e4);
        let mut text =
            format!(r#"{{"id":"{n:016x}","name":"service-{}","start_time":{start},"end_time":{end}"#, n % 60);
        if n > 0 {
            let _ = write!(text, r#","parent_id":"c{:015x}""#, shape(n));
        }
        let mut called =
            format!(r#"{{"id":"c{n:015x}","name":"next","namespace":"remote","start_time":{start},"end_time":{end}}}"#);
        if n % 4 == 0 {
            let end = start + 0.02;
            let _ = write!(
                called,
                r#",{{"id":"d{n:015x}","name":"DynamoDB","namespace":"aws","start_time":{start},"end_time":{end},
                "aws":{{"operation":"GetItem","table_name":"t"}}}}"#
            );
        }
        let _ = write!(
            text,
            r#","trace_id":"1-6968c1b0-0123456789abcdef01234567","origin":"AWS::ECS::Container",
            "http":{{"request":{{"method":"GET","url":"https://example.com/{n}"}},"response":{{"status":200}}}},
            "annotations":{{"tenant":"EMEA","order":{n}}},"subsegments":[{called}]}}"#
        );
        text
    });
    let mut documents: Vec<String> = documents.collect();
    documents.reverse();
    documents
}

/// The parent of a segment, by its number.
type Shape = fn(usize) -> usize;

fn main() -> ExitCode {
    let mut good = true;
    let shapes: [(&str, Shape); 3] = [("a tree", |n| (n - 1) / 4), ("a chain", |n| n - 1), ("a fan", |_| 0)];
    println!(
        "{:<8} {:>8} {:>10} {:>10} {:>10} {:>10} {:>10}",
        "shape", "spans", "read ms", "work ms", "keys ms", "all ms", "compare"
    );
    for (name, shape) in shapes {
        let documents = documents(shape);
        let mut runs: Vec<[Duration; 3]> = Vec::new();
        let mut spans = 0;
        for _ in 0..RUNS {
            let start = Instant::now();
            let trace = Trace::from_documents("1-x", 1.0, documents.iter().map(String::as_str));
            let read = start.elapsed();
            let waterfall = Waterfall::of(&trace);
            let work = start.elapsed();
            let keys = trace.keys();
            spans = trace.spans.len().min(keys.len()).min(waterfall.own_s.len());
            runs.push([read, work, start.elapsed()]);
        }
        runs.sort_by_key(|run| run[2]);
        let [read, work, all] = runs[RUNS / 2];
        let trace = Trace::from_documents("1-x", 1.0, documents.iter().map(String::as_str));
        let start = Instant::now();
        let steps = compare(&trace, &trace).len();
        let compared = start.elapsed();
        let ms = |time: Duration| time.as_secs_f64() * 1e3;
        println!(
            "{name:<8} {spans:>8} {:>10.1} {:>10.1} {:>10.1} {:>10.1} {:>10.1}",
            ms(read),
            ms(work.saturating_sub(read)),
            ms(all.saturating_sub(work)),
            ms(all),
            ms(compared)
        );
        good &= all <= TARGET && steps == spans;
    }
    println!("target {} ms: {}", TARGET.as_millis(), if good { "met" } else { "missed" });
    if good { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
