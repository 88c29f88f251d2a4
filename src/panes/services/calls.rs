//! Who calls whom, below a list of services that leaves the room.

use std::collections::HashSet;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::Widget;

use super::{Trouble, seconds};
use crate::panes::Cx;
use crate::store::graph::{Edge, ServiceGraph, ServiceKey};
use crate::text::clean;
use crate::widgets::print::{Align, cells};
use crate::widgets::table::{Cell, Heading, Table};
use crate::widgets::theme::Role;

/// Cells of the share and of a time.
const BAD: u16 = 8;
const TIME: u16 = 7;
/// The fewest lines it is drawn in: the headings and a few calls.
const FEWEST: u16 = 4;

/// A call in the tree: its branch, and the edge.
struct Call<'g> {
    branch: String,
    edge: &'g Edge,
}

/// Draws the calls as a tree, callers above those they call, as many as fit. The figures are those of the calls.
///
/// ```text
/// calls                               bad     p99
/// └ token-api                     ✗  2.1 %  24.6 s
///   └ TokenProvisioningService    ✗  2.1 %  24.6 s
///     ├ TokenStore                ✓  0.0 %  388 ms
///     └ TokenizationService       ✗  2.1 %  24.3 s
///       └ TSP                     ✗  6.2 %  8.00 s
/// ```
pub(super) fn draw(buffer: &mut Buffer, area: Rect, cx: &Cx<'_>) {
    let calls = tree(&cx.store.graph.data);
    if area.height < FEWEST || calls.is_empty() {
        return;
    }
    let name = |call: &Call<'_>| format!("{}{}", call.branch, clean(&call.edge.to.name));
    let longest = calls.iter().map(|call| cells(&name(call))).max().unwrap_or(0);
    let heading = |title: &str, width, align| Heading { title: title.to_owned(), width, align };
    let shown = usize::from(area.height - 1).min(calls.len());
    let title = if shown < calls.len() { format!("calls, {shown} of {}", calls.len()) } else { "calls".to_owned() };
    let names = longest.max(cells(&title)).min(area.width.saturating_sub(BAD + 1));
    let mut headings = vec![heading(&title, names, Align::Left), heading("bad", BAD, Align::Right)];
    if area.width >= names + BAD + TIME + 2 {
        headings.push(heading("p99", TIME, Align::Right));
    }
    let row = |call: &Call<'_>| {
        let statistics = &call.edge.statistics;
        vec![Cell::new(name(call), Role::Text), Trouble::of(statistics).cell(), seconds(statistics.percentile(0.99))]
    };
    let rows: Vec<Vec<Cell>> = calls.iter().map(row).collect();
    Table { headings: &headings, headed: true, rows: &rows, cursor: None, theme: cx.theme }.render(area, buffer);
}

/// The calls from those who are not called themselves; a call stands once, so that circles end.
fn tree(graph: &ServiceGraph) -> Vec<Call<'_>> {
    let mut seen = HashSet::new();
    let mut calls = Vec::new();
    let called: HashSet<&ServiceKey> = graph.edges.iter().map(|edge| &edge.to).collect();
    for edge in graph.edges.iter().filter(|edge| !called.contains(&edge.from)) {
        place(graph, edge, ("└ ", "  "), "", &mut seen, &mut calls);
    }
    calls
}

fn place<'g>(
    graph: &'g ServiceGraph,
    edge: &'g Edge,
    (fork, line): (&str, &str),
    above: &str,
    seen: &mut HashSet<(&'g ServiceKey, &'g ServiceKey)>,
    calls: &mut Vec<Call<'g>>,
) {
    if !seen.insert((&edge.from, &edge.to)) {
        return;
    }
    calls.push(Call { branch: format!("{above}{fork}"), edge });
    let below = format!("{above}{line}");
    let next: Vec<&Edge> = graph.edges.iter().filter(|next| next.from == edge.to).collect();
    for (index, next_edge) in next.iter().enumerate() {
        let branch = if index + 1 == next.len() { ("└ ", "  ") } else { ("├ ", "│ ") };
        place(graph, next_edge, branch, &below, seen, calls);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(pairs: &[(&str, &str)]) -> Vec<String> {
        let key = |name: &str| ServiceKey { kind: "remote".to_owned(), name: name.to_owned() };
        let edge = |(from, to): &(&str, &str)| Edge { from: key(from), to: key(to), ..Edge::default() };
        let graph = ServiceGraph { edges: pairs.iter().map(edge).collect(), ..ServiceGraph::default() };
        tree(&graph).iter().map(|call| format!("{}{}", call.branch, call.edge.to.name)).collect()
    }

    #[test]
    fn calls_are_a_tree() {
        let pairs =
            [("service", "store"), ("service", "tokens"), ("tokens", "tsp"), ("client", "api"), ("api", "service")];
        assert_eq!(lines(&pairs), ["└ api", "  └ service", "    ├ store", "    └ tokens", "      └ tsp"]);
    }

    #[test]
    fn circles_end() {
        assert_eq!(lines(&[("client", "a"), ("a", "b"), ("b", "a")]), ["└ a", "  └ b", "    └ a"]);
        assert!(lines(&[("a", "b"), ("b", "a")]).is_empty());
    }
}
