//! The service graph for Graphviz.

use std::io::{self, Write};

use crate::board::Unit;
use crate::store::graph::{Nature, ServiceGraph, ServiceKey, Statistics};
use crate::store::trace::Verdict;
use crate::text::{clean, units};

/// Writes the graph: nodes and edges with their figures, red for faults, orange for errors, purple for throttles.
pub(super) fn write(graph: &ServiceGraph, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "digraph services {{")?;
    writeln!(out, "  rankdir=LR;")?;
    writeln!(out, "  node [shape=box, style=rounded, fontname=\"Helvetica\"];")?;
    writeln!(out, "  edge [fontname=\"Helvetica\", fontsize=10];")?;
    for service in &graph.services {
        let mut lines = vec![service.key.name.clone(), service.key.kind.clone()];
        lines.extend(figures(&service.statistics, graph.seconds()));
        let style = match service.nature {
            Nature::Reporting => "",
            Nature::Inferred => ", style=\"rounded,dashed\"",
            Nature::Remote => ", style=dashed",
            Nature::Client => ", shape=ellipse",
        };
        let (label, colour) = (label(&lines), colour(&service.statistics));
        writeln!(out, "  {} [label={label}, color=\"{colour}\"{style}];", id(&service.key))?;
    }
    for edge in &graph.edges {
        let (label, colour) = (label(&figures(&edge.statistics, graph.seconds())), colour(&edge.statistics));
        let style = if edge.is_link() { ", style=dashed" } else { "" };
        let (from, to) = (id(&edge.from), id(&edge.to));
        writeln!(out, "  {from} -> {to} [label={label}, color=\"{colour}\"{style}];")?;
    }
    writeln!(out, "}}")
}

fn figures(statistics: &Statistics, seconds: f64) -> Vec<String> {
    if statistics.total == 0 {
        return Vec::new();
    }
    let mut lines = vec![units::per_minute(statistics.total, seconds)];
    let shares = [
        ("fault", statistics.fault_share()),
        ("error", statistics.error_share()),
        ("throttle", statistics.throttle_share()),
    ];
    let some = shares.into_iter().filter(|(_, share)| *share > 0.0);
    lines.extend(some.map(|(what, share)| format!("{what} {}", units::share(share))));
    lines.extend(statistics.percentile(0.99).map(|time| format!("p99 {}", units::value(time, Unit::Seconds))));
    lines
}

fn colour(statistics: &Statistics) -> &'static str {
    match statistics.verdict() {
        _ if statistics.total == 0 => "#808080",
        Verdict::Fault => "#c62828",
        Verdict::Throttle => "#7b1fa2",
        Verdict::Error => "#ef6c00",
        Verdict::Ok | Verdict::Pending => "#2e7d32",
    }
}

/// A node's name in the graph: type and name, since neither alone is one service's.
fn id(key: &ServiceKey) -> String {
    quoted(&format!("{} {}", clean(&key.kind), clean(&key.name)))
}

/// Lines of a label, cleaned.
fn label(lines: &[String]) -> String {
    let lines = lines.iter().filter(|line| !line.is_empty()).map(|line| escaped(&clean(line)));
    format!("\"{}\"", lines.collect::<Vec<_>>().join("\\n"))
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", escaped(text))
}

/// A text within quotes: of what Graphviz gives a meaning there, the quote ends it and the backslash begins an escape.
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::graph::{Edge, Service};

    #[test]
    fn names_cannot_leave_their_quotes() {
        let key = ServiceKey { kind: "remote".to_owned(), name: "a\"];\\N\u{1b}[2J\n}".to_owned() };
        let graph = ServiceGraph {
            services: vec![Service { key: key.clone(), nature: Nature::Remote, ..Service::default() }],
            edges: vec![Edge { from: key.clone(), to: key, kind: "link".to_owned(), ..Edge::default() }],
            ..ServiceGraph::default()
        };
        let mut out = Vec::new();
        write(&graph, &mut out).expect("written");
        let text = String::from_utf8(out).expect("UTF-8");
        println!("{text}");
        let (node, edge) = (text.lines().nth(4).expect("a node"), text.lines().nth(5).expect("an edge"));
        assert!(node.starts_with("  \"remote a\\\"];\\\\N"), "{node}");
        assert!(node.ends_with(", color=\"#808080\", style=dashed];"), "{node}");
        assert!(edge.contains(" -> ") && edge.ends_with("style=dashed];"), "{edge}");
        // Outside of quotes, nothing of the name is left.
        let bare: String = node.replace("\\\\", "").replace("\\\"", "").split('"').step_by(2).collect();
        assert_eq!(bare, "   [label=, color=, style=dashed];");
        assert_eq!(text.lines().count(), 7);
    }

    #[test]
    fn hostile_names_are_one_line_each_and_tame() {
        let long = "x".repeat(300);
        let names = ["\u{1b}]0;x\u{7}\u{202e}evil", long.as_str(), "日本語\u{200b}", "", "שלום", "a\u{2028}b\r\nc\0"];
        let key = |name: &&str| ServiceKey { kind: "AWS::Lambda\u{9b}2J".to_owned(), name: (*name).to_owned() };
        let keys: Vec<ServiceKey> = names.iter().map(key).collect();
        let graph = ServiceGraph {
            services: keys.iter().map(|key| Service { key: key.clone(), ..Service::default() }).collect(),
            edges: keys
                .windows(2)
                .map(|two| Edge { from: two[0].clone(), to: two[1].clone(), ..Edge::default() })
                .collect(),
            ..ServiceGraph::default()
        };
        let mut out = Vec::new();
        write(&graph, &mut out).expect("written");
        let text = String::from_utf8(out).expect("UTF-8");
        let is_odd = |c: char| c != '\n' && (c.is_control() || ['\u{202e}', '\u{200b}', '\u{2028}'].contains(&c));
        assert!(!text.contains(is_odd), "{text:?}");
        assert_eq!(text.lines().count(), 5 + names.len() + names.len() - 1, "{text}");
        assert!(text.contains(&long));
    }
}
