//! Suspects against the embedded AWS: what is wrong in its incidents is named first, and on quiet days nothing is.

#![expect(clippy::expect_used, reason = "helpers of tests fail as tests do")]

use std::collections::BTreeMap;
use std::sync::Arc;

use barograph::board::{self, Board};
use barograph::clock::{Clock, Time};
use barograph::commands::sheet::Output;
use barograph::commands::status::Status;
use barograph::commands::suspects::{self, Options};
use barograph::demo::Estate;
use barograph::demo::server::{self, serve};
use barograph::demo::world::{Cause, Schedule, World, WorldConfig};
use barograph::sources::{Connect, Meter, Tuning, connect};
use serde_json::Value;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

/// The middle of the scripted incident.
const INCIDENT: &str = "2026-01-15T10:28:00Z";
/// An hour on the same day when all is well.
const QUIET: &str = "2026-01-15T08:28:00Z";

fn time(text: &str) -> Time {
    text.parse().expect("a time")
}

fn config(seed: u64, rate: f64) -> WorldConfig {
    WorldConfig { seed, rate, schedule: Schedule::Day(time(INCIDENT)) }
}

fn board() -> Board {
    board::preset("token-provisioning").expect("the preset")
}

/// What `baro suspects --output json` says of a world: its exit status, the document, and what it tells on stderr.
async fn ask(world: &World, now: &str, options: Options, faults: &str) -> (Status, Value, String) {
    let clock = Clock::fixed(time(now));
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
    let estate = Estate { world: world.clone(), clock: clock.clone() };
    let with = server::Options { faults: faults.parse().expect("faults"), ..server::Options::default() };
    let demo = serve(listener, estate, with, &CancellationToken::new()).expect("a server");
    let to = Connect {
        region: Some(Estate::REGION.to_owned()),
        endpoint_url: Some(demo.endpoint()),
        made_up_credentials: true,
        tuning: Tuning { quotas: f64::INFINITY, ..Tuning::default() },
        ..Connect::default()
    };
    let client = connect(&to, clock.clone(), Meter::default()).await.expect("a client");
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let options = Options { output: Output::Json, ..options };
    let status = suspects::run(&client, &board(), clock.now(), &options, &mut out, &mut err).await.expect("written");
    demo.stop().await;
    let document = if out.is_empty() { Value::Null } else { serde_json::from_slice(&out).expect("JSON") };
    (status, document, String::from_utf8(err).expect("UTF-8"))
}

/// The values of a suspect by field.
fn fields(suspect: &Value) -> BTreeMap<&str, &str> {
    let fields = suspect["fields"].as_object().expect("fields");
    fields.iter().map(|(field, value)| (field.as_str(), value.as_str().expect("a value"))).collect()
}

/// Asserts that the first suspect is what is wrong in the world, and explains nearly all.
async fn assert_named_first(world: World, least_share: f64) {
    let cause = world.cause();
    let (status, document, err) = ask(&world, INCIDENT, Options::default(), "").await;
    assert_eq!((status, err.as_str()), (Status::Done, ""), "{cause}: {document}");
    let first = &document["suspects"][0];
    assert_eq!(fields(first), cause.values().into_iter().collect(), "{cause}: {document}");
    assert!(first["share_of_excess"].as_f64().is_some_and(|share| share >= least_share), "{cause}: {document}");
    assert!(first["lift"].as_f64().is_some_and(|lift| lift > 5.0), "{cause}: {document}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_scripted_incident_has_the_documented_suspect() {
    let world = World::new(config(7, 6.0));
    let documented =
        BTreeMap::from([("issuer", "Contoso_Bank"), ("walletProvider", "GooglePay"), ("os", "Android 14")]);
    assert_eq!(world.cause().values().into_iter().collect::<BTreeMap<_, _>>(), documented);
    let (status, document, err) = ask(&world, INCIDENT, Options::default(), "").await;
    assert_eq!((status, err.as_str()), (Status::Done, ""), "{document}");
    let suspects = document["suspects"].as_array().expect("suspects");
    assert_eq!(fields(&suspects[0]), documented);
    assert_eq!(suspects.len(), 1, "it explains all there is: {document}");

    // Its counts are those of the world's own lines.
    let bad = |key: &str| time(document["bad"][key].as_str().expect("a time"));
    assert!(bad("from") < time("2026-01-15T10:15:00Z") && bad("to") == time(INCIDENT), "{document}");
    let lines = world.log_events("/aws/lambda/token-provisioning-service", bad("from"), bad("to"));
    let failed = lines.iter().filter(|line| {
        documented.values().all(|value| line.message.contains(&format!("\"{value}\"")))
            && line.message.contains("TOKEN_PROVISION_FAILURE")
    });
    assert_eq!(suspects[0]["failures"], failed.count());
    assert_eq!(document["good"]["to"], document["bad"]["from"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn quiet_windows_name_nothing() {
    for seed in [7, 8] {
        let (status, document, err) = ask(&World::new(config(seed, 6.0)), QUIET, Options::default(), "").await;
        assert_eq!(status, Status::Found, "{document}");
        assert_eq!(document["suspects"], Value::Array(Vec::new()));
        assert!(
            err.contains("no more failures than in the good window (2026-01-15T08:13:00Z..2026-01-15T08:28:00Z"),
            "{err}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_causes_of_five_other_seeds_are_named_first() {
    let mut sizes = Vec::new();
    for seed in [1, 2, 3, 4, 5] {
        let world = World::new(config(seed, 5.0));
        sizes.push(world.cause().values().len());
        assert_named_first(world, 0.9).await;
    }
    sizes.sort_unstable();
    assert!(sizes.iter().any(|size| *size > 1), "{sizes:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn injected_causes_of_one_to_three_values_are_named_first() {
    let causes = [
        (11, "country=DE"),
        (12, "os=iOS 17"),
        (13, "issuer=DEMO_Bank,os=iOS 18"),
        (14, "walletProvider=GooglePay,country=US"),
        (15, "issuer=Northwind_CU,walletProvider=SamsungPay,os=Android 14"),
    ];
    for (seed, cause) in causes {
        let cause: Cause = cause.parse().expect("a cause");
        let world = World::with_cause(config(seed, 5.0), cause);
        assert_eq!(world.cause(), cause);
        assert_named_first(world, 0.8).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_requests_a_second_are_enough() {
    assert_named_first(World::new(config(7, 2.0)), 0.9).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn windows_may_be_given_and_are_refused_where_they_make_no_sense() {
    let world = World::new(config(7, 4.0));
    let windows = |bad: &str, good: &str| Options {
        bad: Some(bad.to_owned()),
        good: Some(good.to_owned()),
        ..Options::default()
    };
    // The first ten minutes of this one were well.
    let (status, document, _) = ask(&world, INCIDENT, windows("10:01..10:25", "09:00..09:30"), "").await;
    assert_eq!((status, &document["good"]["from"]), (Status::Done, &Value::from("2026-01-15T09:00:00.000Z")));
    assert_eq!(fields(&document["suspects"][0]), world.cause().values().into_iter().collect());
    let (status, _, err) = ask(&world, INCIDENT, windows("10:25..10:01", "09:00..09:30"), "").await;
    assert_eq!((status, err.as_str()), (Status::Misused, "baro: --bad: 10:25..10:01 does not come before its end\n"));
    let (status, _, err) = ask(&world, INCIDENT, Options::default(), "deny:StartQuery").await;
    assert_eq!(status, Status::Refused);
    assert!(err.contains("logs:StartQuery: denied"), "{err}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_board_without_a_feed_says_so() {
    let board = Arc::new(Board { feed: None, ..board() });
    let clock = Clock::fixed(time(INCIDENT));
    let to = Connect {
        region: Some("us-east-1".to_owned()),
        endpoint_url: Some("http://127.0.0.1:9".to_owned()),
        made_up_credentials: true,
        ..Connect::default()
    };
    let client = connect(&to, clock.clone(), Meter::default()).await.expect("a client");
    let mut err = Vec::new();
    let status = suspects::run(&client, &board, clock.now(), &Options::default(), &mut Vec::new(), &mut err).await;
    assert_eq!(status.expect("written"), Status::Misused);
    assert!(String::from_utf8_lossy(&err).contains("has no [feed]"));
}
