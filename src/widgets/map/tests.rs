use super::wires::{Cell, glyph};
use super::*;
use crate::analysis::layout::Graph;
use crate::widgets::screen::drawn;

fn node(name: &str, role: Role) -> Node {
    let sign = match role {
        Role::Good => "✓",
        Role::Muted => "○",
        role => crate::widgets::legend::glyph(role),
    };
    Node {
        name: name.to_owned(),
        sign,
        role,
        share: "14.6 %".to_owned(),
        brief: if role == Role::Good { String::new() } else { "15%".to_owned() },
        rate: "2.22k/min".to_owned(),
        times: vec!["p99 24.9 s".to_owned(), "p50 900 ms".to_owned()],
        firing: name.len() == 3,
        kind: match name {
            "client" => Kind::Client,
            "TSP" | "TokenStore" => Kind::Inferred,
            _ => Kind::Plain,
        },
        dim: false,
    }
}

fn edge(from: usize, to: usize, role: Role) -> Edge {
    let troubled = role != Role::Good;
    let (label, sign) = if troubled { ("✗ 31.0 %", "✗") } else { ("2.2k/min", "") };
    Edge { from, to, label: label.to_owned(), sign, role, firing: false }
}

fn show(nodes: &[Node], edges: &[Edge], cursor: usize, (width, height): (u16, u16)) -> (Plan, Vec<String>) {
    let graph = Graph { nodes: nodes.len(), edges: edges.iter().map(|edge| (edge.from, edge.to)).collect() };
    let plan = plan(nodes, &Arrangement::of(&graph, &[]), (width, height));
    let lit: Vec<usize> =
        (0..edges.len()).filter(|edge| edges[*edge].from == cursor || edges[*edge].to == cursor).collect();
    let theme = Theme::plain("t");
    let mut scroll = Scroll::default();
    let rows = drawn(width, height, |area, buffer| {
        scroll.follow(plan.layout.nodes.get(cursor), &plan.layout, area);
        Map { nodes, edges, plan: &plan, scroll, cursor: Some(cursor), lit: &lit, theme: &theme }.draw(area, buffer);
    });
    (plan, rows)
}

fn tokens() -> (Vec<Node>, Vec<Edge>) {
    let nodes = vec![
        node("client", Role::Muted),
        node("token-api", Role::Good),
        node("TokenProvisioningService", Role::Fault),
        node("TokenStore", Role::Throttle),
        node("TokenizationService", Role::Fault),
        node("IssuerAuthorization", Role::Good),
        node("TSP", Role::Fault),
    ];
    let edges = vec![
        edge(0, 1, Role::Good),
        edge(1, 2, Role::Fault),
        edge(2, 3, Role::Throttle),
        edge(2, 4, Role::Fault),
        edge(4, 5, Role::Good),
        edge(4, 6, Role::Fault),
    ];
    (nodes, edges)
}

/// A hundred graphs in one: layers of services that call two or three of the next, with circles and loops.
pub(super) fn crowd(count: usize) -> (Vec<Node>, Vec<Edge>) {
    let names = ["orders", "payments-authorise", "risk", "token-vault", "notification-dispatcher", "ledger"];
    let roles = [Role::Good, Role::Good, Role::Good, Role::Good, Role::Fault, Role::Good, Role::Error, Role::Good];
    let nodes = (0..count).map(|n| node(&format!("{}-{n}", names[n % names.len()]), roles[n % roles.len()])).collect();
    let mut edges: Vec<Edge> = (1..count).map(|n| edge((n - 1) / 3, n, roles[n % roles.len()])).collect();
    edges.extend((0..count / 2).map(|n| edge(n * 7 % count, (n * 5 + 11) % count, roles[n % roles.len()])));
    (nodes, edges)
}

#[test]
fn small_graphs_are_boxes() {
    let (nodes, edges) = tokens();
    let (plan, rows) = show(&nodes, &edges, 2, (158, 30));
    assert_eq!((plan.density, plan.fits), (Density::Box, true));
    let text = rows.join("\n");
    for part in ["┌ TokenProvisioningService", "✗ 14.6 %", "p99 24.9 s", "━►", "┌ ! TSP ╌", "╎"] {
        assert!(text.contains(part), "{part}\n{text}");
    }
}

#[test]
fn the_demo_fits_eighty_columns() {
    let (nodes, edges) = tokens();
    let (plan, rows) = show(&nodes, &edges, 2, (78, 18));
    assert!(plan.fits, "{}", rows.join("\n"));
    assert_ne!(plan.density, Density::Box);
    let text = rows.join("\n");
    assert!(text.contains("(TSP) !") && text.contains('✗'), "{text}");
}

#[test]
fn sixty_nodes_fit_a_wide_screen() {
    let (nodes, edges) = crowd(60);
    let (plan, rows) = show(&nodes, &edges, 4, (158, 42));
    println!("{plan:?}");
    assert!(rows.iter().any(|row| row.contains("orders-0")));
    let (_, rows) = show(&nodes[..40], &edges[..39], 4, (158, 42));
    assert!(rows.iter().any(|row| row.contains("orders-0")));
}

#[test]
fn what_lies_outside_is_counted() {
    let (nodes, edges) = crowd(60);
    let (plan, _) = show(&nodes, &edges, 4, (40, 10));
    assert!(!plan.fits);
    let mut scroll = Scroll::default();
    let area = Rect::new(0, 0, 40, 10);
    let last = plan.layout.reading()[59];
    scroll.follow(plan.layout.nodes.get(last), &plan.layout, area);
    let outside = scroll.outside(&plan.layout, area);
    assert!(outside.left > 0 && outside.right == 0);
    let seen = plan.layout.nodes.len() - outside.left - outside.right - outside.above - outside.below;
    assert!(seen > 0);
}

#[test]
fn lines_that_cross_do_not_join() {
    let cell = |turns| Cell { sides: 15, turns, across: Some(0), down: Some(1), edges: 2, ..Cell::default() };
    assert_eq!(glyph(&cell(false)), ("│", Some(1)));
    assert_eq!(glyph(&cell(true)), ("┼", Some(0)));
    assert_eq!(glyph(&Cell { lit: 12, ..cell(false) }), ("━", Some(0)));
    assert_eq!(glyph(&Cell { lit: 3, ..cell(false) }), ("┃", Some(1)));
}

#[test]
fn any_size_draws() {
    let (nodes, edges) = tokens();
    for size in [(0, 0), (1, 1), (3, 2), (20, 5), (300, 90)] {
        show(&nodes, &edges, 6, size);
    }
    show(&[], &[], 0, (20, 5));
    let odd = ["", "日本語日本語日本語日本語日本語", &"x".repeat(200), "e\u{301}"].map(|name| node(name, Role::Error));
    for width in [10, 30, 31, 32, 33, 160] {
        show(&odd, &[edge(0, 1, Role::Error), edge(1, 1, Role::Good), edge(2, 1, Role::Fault)], 1, (width, 12));
    }
}

#[test]
fn what_room_is_left_is_for_labels_and_between_boxes() {
    let (nodes, edges) = tokens();
    let (plan, rows) = show(&nodes, &edges, 2, (158, 40));
    let text = rows.join("\n");
    assert_eq!(plan.density, Density::Box);
    assert!(text.contains("━✗ 31.0 %►") && !text.contains("2.2k/min►") && plan.layout.width > 150, "{text}");
    let (above, below) = (plan.layout.nodes[3], plan.layout.nodes[4]);
    assert_eq!((above.layer, above.y + above.height + 1), (below.layer, below.y), "{text}");
    let (plan, _) = show(&nodes, &edges, 2, (158, 14));
    assert_eq!((plan.density, plan.layout.height), (Density::Box, 8), "no room is made where there is none");
}

#[test]
fn calls_back_have_a_line_of_their_own() {
    let nodes = ["orders", "payments", "ledger", "a", "b", "c"].map(|name| node(name, Role::Good));
    let back = edge(2, 1, Role::Fault);
    let on = [(0, 1), (1, 2), (0, 3), (0, 4), (0, 5)].map(|(from, to)| edge(from, to, Role::Good));
    let edges: Vec<Edge> = on.into_iter().chain([back]).collect();
    let (plan, rows) = show(&nodes, &edges, 0, (60, 6));
    let text = rows.join("\n");
    assert_eq!((plan.density, plan.fits), (Density::Line, true), "{text}");
    let heights: Vec<i32> = plan.layout.nodes.iter().map(|place| place.height).collect();
    assert_eq!(heights, [1, 2, 2, 1, 1, 1], "{text}");
    let at = rows.iter().position(|row| row.contains("payments")).expect("it is drawn");
    let (first, second) = (rows[at].as_str(), rows[at + 1].as_str());
    // The call on leaves `payments` in its own line, and the one back arrives below.
    assert!(first.contains("✓ payments") && !first.contains('◄'), "{text}");
    assert!(second.contains("└") && second.contains('◄') && second.contains("──┘"), "{text}");
}

#[test]
fn a_rule_that_fires_on_an_edge_is_marked() {
    let (nodes, mut edges) = tokens();
    edges[5].firing = true;
    let (_, rows) = show(&nodes, &edges, 0, (198, 20));
    assert!(rows.join("\n").contains("! ✗ 31.0 %"), "{}", rows.join("\n"));
    let (_, rows) = show(&nodes, &edges, 0, (78, 18));
    assert!(rows.join("\n").contains("!►"), "{}", rows.join("\n"));
}
