use proptest::prelude::*;

use super::*;

fn event(ms: i64, group: u16, text: &str) -> LogEvent {
    let time = chrono::DateTime::from_timestamp_millis(1_768_472_880_000 + ms).expect("in range");
    LogEvent { time, group, message: text.into() }
}

/// A text of many bytes, so that few lines fill a block.
fn long(n: usize) -> String {
    format!("line {n} {}", "x".repeat(n * 7919 % 20_000))
}

fn all(lines: &Lines) -> Vec<Line> {
    let mut reader = Reader::default();
    let mut found = Vec::new();
    let mut at = lines.oldest();
    while let Some(place) = at {
        found.push(reader.read(lines, place).expect("a line that is kept"));
        at = lines.newer(place, |_| true);
    }
    found
}

/// What a plain sorted list would hold.
fn expected(events: &[LogEvent]) -> Vec<(i64, u16, String)> {
    let mut all: Vec<_> =
        events.iter().map(|event| (event.time.timestamp_millis(), event.group, event.message.to_string())).collect();
    all.sort();
    all
}

fn told(lines: &Lines) -> Vec<(i64, u16, String)> {
    let mut all: Vec<_> =
        all(lines).into_iter().map(|line| (line.place.ms, line.group, line.text.into_string())).collect();
    assert!(all.is_sorted_by_key(|(ms, ..)| *ms), "in order of time");
    all.sort();
    all
}

fn filled(events: &[LogEvent]) -> Lines {
    let mut lines = Lines::default();
    for event in events {
        lines.push(event, Kind::Other);
    }
    lines
}

#[test]
fn nothing_is_taken_before_there_is_something() {
    let lines = Lines::default();
    assert_eq!((lines.bytes_held(), lines.len(), lines.oldest(), lines.newest()), (0, 0, None, None));
    assert!(lines.snapshot().blocks.is_empty());
}

#[test]
fn lines_come_back_in_order_whatever_the_order_they_came_in() {
    // As they come; the past in stretches, newest first; and every third line late.
    let straight: Vec<LogEvent> = (0..900).map(|n| event(n, 0, &long(n as usize))).collect();
    let mut stretches: Vec<LogEvent> = straight.rchunks(300).flatten().cloned().collect();
    let late = straight.iter().enumerate().filter(|(n, _)| n % 3 != 0).map(|(_, event)| event.clone());
    let late: Vec<LogEvent> = late.chain(straight.iter().step_by(3).cloned()).collect();
    for events in [&straight, &stretches, &late] {
        let lines = filled(events);
        assert!(lines.blocks.len() > 10, "{} blocks", lines.blocks.len());
        assert_eq!(told(&lines), expected(events));
        assert_eq!(lines.len(), 900);
        let apart = lines.blocks.iter().zip(lines.blocks.iter().skip(1));
        assert!(apart.into_iter().all(|(one, next)| one.last() < next.first()), "blocks overlap");
    }
    stretches.truncate(10);
    assert_eq!(told(&filled(&stretches)), expected(&stretches));
}

#[test]
fn the_oldest_lines_go_when_there_are_too_many_bytes() {
    let mut lines = Lines::default();
    lines.keep(100_000);
    let random = |n: u64| (0..40).map(move |i| format!("{:016x}", (n * 40 + i).wrapping_mul(0x9e37_79b9_7f4a_7c15)));
    for n in 0..4_000_u64 {
        lines.push(&event(n as i64, 0, &random(n).collect::<String>()), Kind::Other);
    }
    // What is not packed yet is not dropped.
    assert!(lines.bytes_held() <= 100_000 + 2 * BLOCK_BYTES, "{}", lines.bytes_held());
    assert_eq!(lines.len() as u64 + lines.dropped(), 4_000);
    assert_eq!(lines.newest().map(|place| place.ms % 10_000), Some(1_768_472_883_999 % 10_000));
    assert!(lines.dropped() > 1_000);
}

#[test]
fn repetitive_lines_are_kept_small() {
    let line =
        |n: usize| format!(r#"{{"level":"INFO","requestId":"{n:032x}","detail":"{}"}}"#, "the same again ".repeat(70));
    let events: Vec<LogEvent> = (0..2_000).map(|n| event(n as i64, 0, &line(n))).collect();
    let lines = filled(&events);
    assert!(lines.bytes_kept() > 2_000_000 && lines.packed_cost < 400_000, "{} bytes", lines.packed_cost);
}

#[test]
fn kinds_are_found_in_both_directions() {
    let mut lines = Lines::default();
    for n in 0..2_000 {
        let kind = if n % 500 == 7 { Kind::Failed } else { Kind::Success };
        lines.push(&event(n, 0, &long(n as usize % 90)), kind);
    }
    let base = 1_768_472_880_000;
    let mut at = lines.newest().expect("lines");
    let mut seen = Vec::new();
    while let Some(place) = lines.older(at, Kind::is_error) {
        seen.push(place.ms - base);
        at = place;
    }
    assert_eq!(seen, [1507, 1007, 507, 7]);
    assert_eq!(lines.newer(at, Kind::is_error).map(|place| place.ms - base), Some(507));
    assert!(lines.contains(at) && !lines.contains(Place::before(base + 7)));
}

#[test]
fn a_snapshot_stays_while_lines_come_and_go() {
    let events: Vec<LogEvent> = (0..600).map(|n| event(n, 0, &long(n as usize))).collect();
    let mut lines = filled(&events);
    let snapshot = lines.snapshot();
    lines.keep(0);
    let mut raw = Vec::new();
    let count: usize = snapshot
        .blocks
        .iter()
        .map(|block| {
            block.open(&mut raw);
            raw.windows(END.len()).filter(|bytes| *bytes == END).count()
        })
        .sum();
    assert_eq!((count, snapshot.arrived), (600, 600));
    assert!(lines.len() < 600);
}

#[test]
fn equal_lines_are_two() {
    let lines = filled(&[event(5, 0, "same"), event(5, 0, "same"), event(5, 1, "same")]);
    assert_eq!(all(&lines).len(), 3);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn any_lines_in_any_order_are_all_there(
        lines in proptest::collection::vec((0..40_i64, 0..3_u16, 0..60_000_usize), 0..80)
    ) {
        let events: Vec<LogEvent> =
            lines.iter().map(|(s, group, size)| event(s * 60_000, *group, &"é".repeat(*size / 2))).collect();
        prop_assert_eq!(told(&filled(&events)), expected(&events));
    }
}
