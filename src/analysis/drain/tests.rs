use proptest::prelude::*;

use super::*;

fn templates(lines: &[&str]) -> Vec<(String, u64)> {
    let mut drain = Drain::new(Settings::default());
    for line in lines {
        drain.add(line);
    }
    drain.clusters().map(|(_, cluster)| (cluster.template(), cluster.count())).collect()
}

#[test]
fn variable_parts_are_found() {
    let lines = [
        "2026-01-15T10:28:00Z INFO user anna logged in from 192.0.2.7:443 after 12ms",
        "2026-01-15T10:28:01Z INFO user bert logged in from 192.0.2.9:443 after 7ms",
        "2026-01-15T10:28:02Z ERROR order 5f1c0a77-0000-4000-8000-00000000002a failed: timeout",
        "2026-01-15T10:28:03Z ERROR order 5f1c0a78-0000-4000-8000-00000000002b failed: refused",
    ];
    assert_eq!(
        templates(&lines),
        [
            ("<TIME> INFO user <*> logged in from <IP> after <NUM>".to_owned(), 2),
            ("<TIME> ERROR order <ID> failed: <*>".to_owned(), 2),
        ]
    );
}

#[test]
fn json_keeps_its_signs() {
    let lines = [
        r#"{"status":"SUCCESS","latency":0.8,"user":"anna","n":-3}"#,
        r#"{"status":"SUCCESS","latency":12,"user":"bert","n":4}"#,
    ];
    assert_eq!(templates(&lines), [(r#"{"status":"SUCCESS","latency":<NUM>,"user":"<*>","n":<NUM>}"#.to_owned(), 2)]);
}

#[test]
fn looks() {
    let cases = [
        ("12", Some(Variable::Number)),
        ("-1.5e3", Some(Variable::Number)),
        ("250ms", Some(Variable::Number)),
        ("10.0.0.1", Some(Variable::Address)),
        ("2001:db8::1", Some(Variable::Address)),
        ("::", Some(Variable::Address)),
        ("10:28:00,123", Some(Variable::Time)),
        ("15/Jan/2026:10:28:00", Some(Variable::Time)),
        ("deadbeef01", Some(Variable::Id)),
        ("AKIAIOSFODNN7EXAMPLE12345", Some(Variable::Id)),
        ("user42", None),
        ("timeout", None),
        ("1.2.3", None),
    ];
    for (word, mask) in cases {
        assert_eq!(Variable::of(word), mask, "{word}");
    }
}

#[test]
fn there_are_never_too_many_patterns() {
    let mut drain = Drain::new(Settings { clusters: 5, ..Settings::default() });
    let letters = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"];
    for letter in letters {
        drain.add(&format!("{letter} {letter}x {letter}y"));
    }
    let found: Vec<_> = drain.clusters().map(|(_, cluster)| (cluster.template(), cluster.count())).collect();
    assert_eq!(found.len(), 5);
    assert_eq!(found[4], ("<*>".to_owned(), 6));
    // Lines that fit an earlier pattern are still counted there.
    assert_eq!(drain.add("a ax ay").index(), 0);
}

#[test]
fn odd_lines_do_no_harm() {
    let mut drain = Drain::new(Settings::default());
    let long = "word ".repeat(300_000);
    for line in ["", "\u{202e}é – ü", &long] {
        let id = drain.add(line);
        assert_eq!(drain.cluster(id).map(Cluster::example), Some(line));
    }
    assert_eq!(drain.add("   "), drain.add("///"));
}

proptest! {
    #[test]
    fn every_line_is_counted_once(lines in prop::collection::vec("[a-c0-9 :.\"{}éx-]{0,24}", 0..60), most in 1..6_usize) {
        let mut drain = Drain::new(Settings { clusters: most, children: 2, ..Settings::default() });
        let mut again = drain.clone();
        for line in &lines {
            let id = drain.add(line);
            prop_assert_eq!(id, again.add(line));
            prop_assert!(drain.cluster(id).is_some());
        }
        let counts: Vec<u64> = drain.clusters().map(|(_, cluster)| cluster.count()).collect();
        prop_assert!(counts.len() <= most);
        prop_assert_eq!(counts.iter().sum::<u64>(), lines.len() as u64);
        for (_, cluster) in drain.clusters() {
            prop_assert!(lines.iter().any(|line| line == cluster.example()));
            cluster.template();
        }
    }
}
