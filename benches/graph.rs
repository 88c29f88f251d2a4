//! How long a service graph takes to be laid out, at several sizes: 200 nodes and 600 edges are to take 100 ms at most.
//!
//! `cargo bench --bench graph`

#![expect(clippy::print_stdout, reason = "a bench prints its figures")]

use std::time::{Duration, Instant};

use barograph::analysis::layout::{Arrangement, Graph, Size, Spacing};

/// Nodes, edges, and of how many edges one closes a circle.
const CASES: [(usize, usize, usize); 5] =
    [(20, 40, 20), (60, 120, 20), (200, 600, 20), (200, 600, 3), (200, 2_000, 20)];
/// What the graph of [`LIMITED`] may take.
const LIMIT: Duration = Duration::from_millis(100);
const LIMITED: (usize, usize) = (200, 600);
const RUNS: u32 = 10;

fn main() {
    println!("{:>6} {:>6} {:>8} {:>12} {:>11} {:>10}", "nodes", "edges", "circles", "order ms", "place ms", "size");
    let mut late = false;
    for (nodes, edges, circles) in CASES {
        let graph = graph(nodes, edges, circles);
        let start = Instant::now();
        for _ in 1..RUNS {
            std::hint::black_box(Arrangement::of(&graph, &[]));
        }
        let arrangement = Arrangement::of(&graph, &[]);
        let ordered = start.elapsed() / RUNS;
        let sizes = vec![Size { width: 20, height: 2, port: 0, back: 1 }; nodes];
        let start = Instant::now();
        for _ in 1..RUNS {
            std::hint::black_box(arrangement.place(&sizes, Spacing { gap: 1, room: 3, height: Some(60) }));
        }
        let layout = arrangement.place(&sizes, Spacing { gap: 1, room: 3, height: Some(60) });
        let placed = start.elapsed() / RUNS;
        let size = format!("{}×{}", layout.width, layout.height);
        let ms = |time: Duration| format!("{:.2}", time.as_secs_f64() * 1000.0);
        println!("{nodes:>6} {edges:>6} {:>8} {:>12} {:>11} {size:>10}", edges / circles, ms(ordered), ms(placed));
        late |= (nodes, edges) == LIMITED && ordered + placed > LIMIT;
    }
    println!("200 nodes and 600 edges in {} ms: {}", LIMIT.as_millis(), if late { "MISSED" } else { "kept" });
}

/// A graph as services make it: calls go mostly to what is newer, some services are called by many.
fn graph(nodes: usize, edges: usize, circles: usize) -> Graph {
    let mut state = 7_u64;
    let mut random = move |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((state >> 33) as usize) % below.max(1)
    };
    let mut drawn: Vec<(usize, usize)> = (1..nodes).map(|node| (random(node), node)).collect();
    while drawn.len() < edges {
        let to = 1 + random(nodes - 1);
        let from = random(to);
        drawn.push(if drawn.len().is_multiple_of(circles) { (to, from) } else { (from, to) });
    }
    Graph { nodes, edges: drawn }
}
