use chrono::{DateTime, FixedOffset};

use super::*;
use crate::analysis::filter::Filter;
use crate::store::lines::Lines;
use crate::store::log::LogEvent;

fn rules() -> crate::board::FeedRules {
    crate::board::preset("token-provisioning").expect("the preset").feed.expect("a feed")
}

fn filled(count: i64) -> Lines {
    let mut lines = Lines::default();
    for n in 0..count {
        let kind = [Kind::Success, Kind::Success, Kind::Failed, Kind::Start, Kind::Other][(n % 5) as usize];
        let message = format!(
            r#"{{"requestId":"req-{n}","issuer":"Bank {}","processingTime":{}.5,"detail":"{}"}}"#,
            n % 3,
            n % 10,
            "padding ".repeat(60)
        );
        let time = DateTime::from_timestamp_millis(1_768_472_880_000 + n).expect("in range");
        lines.push(&LogEvent { time, group: 0, message: message.into() }, kind);
    }
    lines
}

fn search(lines: &Lines, filter: &str, scope: Scope, since: u64) -> Search {
    let filter = Filter::parse(filter, &rules());
    assert_eq!(filter.error(), None);
    let utc = FixedOffset::east_opt(0).expect("UTC");
    Search { snapshot: lines.snapshot(), since, scope, judge: Arc::new(Judge::new(&filter, utc)) }
}

fn numbers(search: &Search, threads: usize) -> Vec<i64> {
    let mut found = Vec::new();
    let mut seen = 0;
    assert!(search.run(threads, &|| false, &mut |batch| {
        found.extend(batch.hits.iter().map(|hit| hit.place.ms - 1_768_472_880_000));
        seen += batch.seen;
        true
    }));
    assert_eq!(seen, search.lines());
    found
}

#[test]
fn what_is_found_is_what_looking_at_each_line_finds() {
    let lines = filled(12_000);
    let cases: [(&str, &dyn Fn(i64) -> bool); 9] = [
        ("req-1234", &|n| n.to_string().starts_with("1234")),
        ("bank", &|_| true),
        ("BANK", &|_| false),
        ("~ req-\\d{2}\"", &|n| (10..100).contains(&n)),
        ("issuer = \"Bank 1\"", &|n| n % 3 == 1),
        ("latency > 8 and issuer = \"bank 2\"", &|n| n % 10 >= 8 && n % 3 == 2),
        ("status = failed", &|n| n % 5 == 2),
        ("not bank or latency >= 9.5", &|n| n % 10 == 9),
        ("status != failed and req-77", &|n| n % 5 != 2 && n.to_string().starts_with("77")),
    ];
    for (filter, expected) in cases {
        for threads in [1, 3] {
            let mut found = numbers(&search(&lines, filter, Scope::Lines, 0), threads);
            found.sort_unstable();
            let expected: Vec<i64> = (0..12_000).filter(|n| expected(*n)).collect();
            assert_eq!(found, expected, "{filter}");
        }
    }
    let requests = numbers(&search(&lines, "bank", Scope::Requests, 0), 2);
    assert_eq!(requests.len(), 12_000 / 5 * 4);
}

#[test]
fn the_newest_are_told_first_and_soon() {
    let lines = filled(30_000);
    let mut batches: Vec<Batch> = Vec::new();
    let search = search(&lines, "bank", Scope::Lines, 0);
    assert!(search.run(2, &|| false, &mut |batch| {
        batches.push(batch);
        true
    }));
    assert!(batches.len() > 3 && batches[0].seen < 3_000, "{} of {}", batches[0].seen, batches.len());
    let newest = batches[0].hits.iter().map(|hit| hit.place.ms).max();
    assert_eq!(newest, Some(1_768_472_880_000 + 29_999));
}

#[test]
fn a_cancelled_scan_stops() {
    let lines = filled(30_000);
    let search = search(&lines, "bank", Scope::Lines, 0);
    let asked = AtomicUsize::new(0);
    let mut seen = 0;
    let ended = search.run(2, &|| asked.fetch_add(1, Ordering::Relaxed) >= 6, &mut |batch| {
        seen += batch.seen;
        true
    });
    assert!(!ended && seen < 20_000, "{seen}");
    assert!(!search.run(2, &|| false, &mut |_| false), "nobody listens");
}

#[test]
fn only_what_came_since_is_looked_at() {
    let mut lines = filled(5_000);
    let before = lines.arrived();
    // One that is late, and one that is not.
    for ms in [17, 70_000] {
        let time = DateTime::from_timestamp_millis(1_768_472_880_000 + ms).expect("in range");
        lines.push(&LogEvent { time, group: 0, message: "a bank".into() }, Kind::Other);
    }
    let search = search(&lines, "bank", Scope::Lines, before);
    let mut found = Vec::new();
    search.run(2, &|| false, &mut |batch| {
        found.extend(batch.hits.iter().map(|hit| hit.place.ms - 1_768_472_880_000));
        true
    });
    found.sort_unstable();
    assert_eq!(found, [17, 70_000]);
}
