//! Nothing depends on the order of asking.

use super::*;

#[test]
fn two_worlds_agree_whatever_is_asked_first() {
    let (one, other) = (world(3.0), world(3.0));
    let span = minutes("2026-01-15T10:09:00Z", 2);
    let late = at(LATE);
    let first: Vec<_> = one.metrics().iter().map(|m| one.samples(m, span.0, span.1, late)).collect();
    let lines = other.log_events(TOKENS, span.0, span.1);
    let mut second: Vec<_> = other.metrics().iter().rev().map(|m| other.samples(m, span.0, span.1, late)).collect();
    second.reverse();
    assert_eq!(first, second);
    assert_eq!(one.log_events(TOKENS, span.0, span.1), lines);
    let halves: Vec<_> = [(0, 777), (777, 120_000)]
        .into_iter()
        .flat_map(|(a, b)| {
            let after = |ms| span.0 + TimeDelta::milliseconds(ms);
            one.log_events(TOKENS, after(a), after(b))
        })
        .collect();
    assert_eq!(halves, lines);
    assert!(lines.is_sorted_by(|a, b| (a.time, &a.id) < (b.time, &b.id)));
    assert!(lines.iter().all(|l| l.id.len() == 56 && l.id.bytes().all(|b| b.is_ascii_digit())));
    let another = World::new(WorldConfig { seed: 8, ..one.0.config.clone() });
    assert_ne!(another.log_events(TOKENS, span.0, span.1), lines);
}
