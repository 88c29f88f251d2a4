//! How long `baro find` takes beside the slowest chain of answers that depend on one another, with injected latencies.
//!
//! `cargo bench --bench find`

#![expect(clippy::expect_used, clippy::print_stdout, reason = "a bench that cannot run has nothing to say but why")]

use std::sync::Arc;
use std::time::{Duration, Instant};

use barograph::board;
use barograph::clock::{Clock, Time};
use barograph::demo::Estate;
use barograph::demo::server::{Options, serve};
use barograph::demo::world::{Schedule, World, WorldConfig};
use barograph::sources::prices::Prices;
use barograph::sources::{Connect, Meter, Tuning, connect, find};
use barograph::store::story::StoryQuery;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

/// Injected latencies in milliseconds: DescribeLogGroups, StartQuery, GetQueryResults, BatchGetTraces.
const CASES: [[u64; 4]; 4] = [[50, 100, 100, 100], [100, 200, 400, 300], [50, 100, 100, 2_000], [200, 1_000, 500, 100]];

/// Requests a second: few, as what the embedded AWS computes is not what is measured.
const RATE: f64 = 4.0;

#[tokio::main]
async fn main() {
    let now: Time = "2026-01-15T10:28:00Z".parse().expect("a time");
    let world = World::new(WorldConfig { seed: 7, rate: RATE, schedule: Schedule::Day(now) });
    let group = "/aws/lambda/token-provisioning-service";
    let lines = world.log_events(group, now - chrono::TimeDelta::minutes(2), now);
    let failed = lines.iter().rev().find(|line| line.message.contains("TSP_TIMEOUT")).expect("a failure");
    let line: Value = serde_json::from_str(&failed.message).expect("JSON");
    println!(
        "{:<14} {:>28} {:>9} {:>9} {:>9} {:>7}",
        "by", "DLG/SQ/GQR/BGT ms", "chain ms", "wall ms", "over ms", "events"
    );
    for [groups, start, results, traces] in CASES {
        // A trace leads to the request by its lines and the other way round; the lines come before what they lead to.
        let logs = start + results;
        let by_lines = groups + logs + traces.max(logs);
        let by_trace = (groups + logs).max(traces) + logs;
        for (field, chain) in [("correlationId", by_lines), ("requestId", by_lines), ("traceId", by_trace)] {
            let faults = format!(
                "slow={groups}ms:DescribeLogGroups,slow={start}ms:StartQuery,slow={results}ms:GetQueryResults,slow={traces}ms:BatchGetTraces"
            );
            let id = line[field].as_str().expect("an id");
            let (wall, events) = once(&world, now, &faults, id).await;
            let wall = wall.as_millis() as u64;
            let latencies = format!("{groups}/{start}/{results}/{traces}");
            println!("{field:<14} {latencies:>28} {chain:>9} {wall:>9} {:>9} {events:>7}", wall.saturating_sub(chain));
        }
    }
}

async fn once(world: &World, now: Time, faults: &str, id: &str) -> (Duration, usize) {
    let cancel = CancellationToken::new();
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
    let clock = Clock::fixed(now);
    let options = Options { faults: faults.parse().expect("faults"), ..Options::default() };
    let demo =
        serve(listener, Estate { world: world.clone(), clock: clock.clone() }, options, &cancel).expect("serves");
    let to = Connect {
        endpoint_url: Some(demo.endpoint()),
        region: Some(Estate::REGION.to_owned()),
        made_up_credentials: true,
        tuning: Tuning::default(),
        ..Connect::default()
    };
    let client = Box::pin(connect(&to, clock, Meter::new(Prices::default()))).await.expect("clients");
    let board = Arc::new(board::preset("token-provisioning").expect("the preset"));
    let query = StoryQuery { to: Some(now), ..StoryQuery::of(id) };
    let (tell, _pages) = mpsc::channel(4);
    // Connections are made once, in a console long before.
    let warm = StoryQuery { since: Duration::from_mins(1), ..query.clone() };
    drop(tokio::time::timeout(Duration::from_secs(30), Box::pin(find(&client, &board, &warm, &tell))).await);
    tokio::time::sleep(Duration::from_secs(2)).await;
    let began = Instant::now();
    let story = Box::pin(find(&client, &board, &query, &tell)).await;
    let wall = began.elapsed();
    drop(cancel.drop_guard());
    (wall, story.events.len())
}
