use std::sync::LazyLock;

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

fn judge(filter: &str) -> Arc<Judge> {
    let filter = Filter::parse(filter, &rules());
    assert_eq!(filter.error(), None);
    let utc = FixedOffset::east_opt(0).expect("UTC");
    Arc::new(Judge::new(&filter, utc))
}

fn search(lines: &Lines, filter: &str, scope: Scope, since: u64) -> Search {
    Search { snapshot: lines.snapshot(), since, scope, judge: judge(filter) }
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
    let cases: [(&str, &dyn Fn(i64) -> bool); 12] = [
        ("req-1234", &|n| n.to_string().starts_with("1234")),
        ("bank", &|_| true),
        ("BANK", &|_| false),
        ("~ req-\\d{2}\"", &|n| (10..100).contains(&n)),
        ("issuer = \"Bank 1\"", &|n| n % 3 == 1),
        ("latency > 8 and issuer = \"bank 2\"", &|n| n % 10 >= 8 && n % 3 == 2),
        ("status = failed", &|n| n % 5 == 2),
        ("latency > 8.9", &|n| n % 10 == 9),
        ("latency <= 0.5 or latency >= 9.5", &|n| n % 10 == 0 || n % 10 == 9),
        ("not (status = failed or status = pending)", &|n| n % 5 != 2 && n % 5 != 3),
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

#[test]
fn what_the_kinds_decide_opens_no_block() {
    let lines = filled(5_000);
    let search = search(&lines, "status = failed", Scope::Lines, 0);
    let (mut raw, mut hits) = (Vec::new(), Vec::new());
    search.snapshot.blocks.iter().for_each(|block| search.look(block, &mut raw, &mut hits));
    assert_eq!((hits.len(), raw.len()), (1_000, 0));
}

#[test]
fn it_is_told_how_far_back_has_been_looked() {
    let mut lines = Lines::default();
    for n in 0..300_000 {
        let time = DateTime::from_timestamp_millis(1_768_472_880_000 + n).expect("in range");
        lines.push(&LogEvent { time, group: 0, message: "short".into() }, Kind::Other);
    }
    // A late one, on its own.
    let time = DateTime::from_timestamp_millis(1_768_472_880_000 + 17).expect("in range");
    lines.push(&LogEvent { time, group: 0, message: "late".into() }, Kind::Other);
    let search = search(&lines, "nothing_like_this", Scope::Lines, 0);
    let (mut back, mut seen) = (Vec::new(), 0);
    assert!(search.run(2, &|| false, &mut |batch| {
        seen += batch.seen as i64;
        back.push((batch.back_to, seen));
        true
    }));
    assert!(back.len() > 3 && back.is_sorted_by(|one, next| one.0 > next.0), "{back:?}");
    for (at, seen) in &back[..back.len() - 1] {
        // The late one is seen early.
        assert_eq!(at.map(|at| at - 1_768_472_880_000), Some(300_000 - seen));
    }
    assert_eq!(back.last(), Some(&(None, 300_001)));
}

/// Parts of lines that are nearly JSON, put together in any way.
fn nearly_json() -> impl proptest::strategy::Strategy<Value = String> {
    let parts = proptest::sample::select(vec![
        r#"{"processingTime":"#,
        r#","processingTime" : "#,
        r#""processingTime":"#,
        r#"\"processingTime\":"#,
        "3.95",
        "4",
        "-1e3",
        r#""3.95""#,
        r#""4\u0030""#,
        "null",
        "true",
        r#"[4,"x"]"#,
        r#"{"processingTime":5}"#,
        "\n",
        ",",
        "}",
        " ",
        "é",
        r#","issuer":"Bank_é""#,
        r#","reason":"x-10-0-7-y""#,
        "-10-0-7-",
        "STATUS:504,host",
        "\u{212a}",
        "sſ",
    ]);
    proptest::strategy::Strategy::prop_map(proptest::collection::vec(parts, 0..9), |parts| parts.concat())
}

/// Filters of every kind, made ready once.
static JUDGES: LazyLock<Vec<(&str, Arc<Judge>)>> = LazyLock::new(|| {
    let filters = [
        "latency > 3.9",
        "latency >= 3.95",
        "latency <= 4 or latency = 40",
        "latency != 4",
        "latency ~ 4",
        "latency contains x",
        "issuer = bank_é",
        "~ [x0]-10-0-7-",
        "-10-0-7-y",
        "~ status:50[0-9],host",
        "status = failed",
        "not status = success",
        "~ k",
        "status = failed or latency > 4",
        "~ ^$",
        "latency > 3 and reason contains 10-0-7",
        "~ \\s",
        "",
    ];
    filters.into_iter().map(|filter| (filter, judge(filter))).collect()
});

proptest::proptest! {
    #[test]
    fn any_lines_are_found_as_each_alone_is_judged(
        texts in proptest::collection::vec((nearly_json(), 0..5_usize), 1..40)
    ) {
        let mut lines = Lines::default();
        for (n, (text, kind)) in texts.iter().enumerate() {
            let time = DateTime::from_timestamp_millis(1_768_472_880_000 + n as i64).expect("in range");
            lines.push(&LogEvent { time, group: 0, message: text.as_str().into() }, KINDS[*kind]);
        }
        for (filter, judge) in JUDGES.iter() {
            let search =
                Search { snapshot: lines.snapshot(), since: 0, scope: Scope::Lines, judge: Arc::clone(judge) };
            let mut found = numbers(&search, 1);
            found.sort_unstable();
            let judged = |(n, (text, kind)): (usize, &(String, usize))| {
                let view = LineView { ms: 1_768_472_880_000 + n as i64, kind: KINDS[*kind], text: text.as_bytes() };
                search.judge.passes(view).then_some(n as i64)
            };
            let expected: Vec<i64> = texts.iter().enumerate().filter_map(judged).collect();
            proptest::prop_assert_eq!(found, expected, "{}", filter);
        }
    }
}
