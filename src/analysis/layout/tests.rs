use proptest::prelude::*;

use super::*;

const SPACING: Spacing = Spacing { gap: 1, room: 2, height: None };

fn size(node: usize) -> Size {
    let height = [1, 2, 4][node % 3];
    Size { width: 5 + (node % 7) as i32, height, port: i32::from(height > 2), back: i32::from(height > 1) }
}

fn drawn(graph: &Graph, spacing: Spacing) -> Layout {
    let sizes: Vec<Size> = (0..graph.nodes).map(size).collect();
    Arrangement::of(graph, &[]).place(&sizes, spacing)
}

fn overlap(a: &Place, b: &Place) -> bool {
    a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height
}

/// What must hold for every drawing.
fn check(graph: &Graph, layout: &Layout) {
    for (index, one) in layout.nodes.iter().enumerate() {
        assert!(one.x >= 0 && one.y >= 0 && one.x + one.width <= layout.width && one.y + one.height <= layout.height);
        for other in &layout.nodes[..index] {
            assert!(!overlap(one, other), "{one:?} {other:?}");
        }
    }
    for (&(from, to), route) in graph.edges.iter().zip(&layout.routes) {
        if from == to {
            assert!(route.points.is_empty());
            continue;
        }
        let (left, right) = if route.against { (to, from) } else { (from, to) };
        let (left, right) = (layout.nodes[left], layout.nodes[right]);
        let (first, last) = (route.points[0], *route.points.last().expect("an end"));
        assert_eq!(first.0, left.x + left.width, "it leaves beside its node");
        assert!((left.y..left.y + left.height).contains(&first.1));
        assert_eq!(last.0, right.x - 1, "it arrives beside its node");
        assert!((right.y..right.y + right.height).contains(&last.1));
        for pair in route.points.windows(2) {
            let ((a, b), (c, d)) = (pair[0], pair[1]);
            assert!((a == c) != (b == d), "{route:?} runs aslant");
            assert!(c >= a, "{route:?} turns back");
            for place in &layout.nodes {
                let cross = a.min(c) < place.x + place.width
                    && place.x <= a.max(c)
                    && b.min(d) < place.y + place.height
                    && place.y <= b.max(d);
                assert!(!cross, "{route:?} runs over {place:?}");
            }
        }
    }
}

fn any_graph() -> impl Strategy<Value = Graph> {
    (0..24_usize).prop_flat_map(|nodes| {
        let node = 0..nodes.max(1);
        let edges = prop::collection::vec((node.clone(), node), 0..if nodes == 0 { 1 } else { 50 });
        edges.prop_map(move |edges| Graph { nodes, edges: if nodes == 0 { Vec::new() } else { edges } })
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn any_graph_is_drawn(graph in any_graph()) {
        check(&graph, &drawn(&graph, SPACING));
        check(&graph, &drawn(&graph, Spacing { gap: 0, room: 1, height: Some(10) }));
        prop_assert_eq!(Arrangement::of(&graph, &[]), Arrangement::of(&graph, &[]));
    }

    #[test]
    fn every_step_leads_somewhere_else(graph in any_graph()) {
        let layout = drawn(&graph, SPACING);
        for node in 0..graph.nodes {
            for way in [Way::Left, Way::Right, Way::Up, Way::Down] {
                prop_assert_ne!(layout.step(node, way, &graph.edges), Some(node));
            }
        }
        prop_assert_eq!(layout.reading().len(), graph.nodes);
    }
}

#[test]
fn edges_outside_the_graph_are_not_drawn() {
    let graph = Graph { nodes: 2, edges: vec![(0, 9), (0, 1)] };
    let layout = drawn(&graph, SPACING);
    assert!(layout.routes[0].points.is_empty());
    assert!(!layout.routes[1].points.is_empty());
}

#[test]
fn callers_stand_left_and_chains_are_straight() {
    let graph = Graph { nodes: 4, edges: vec![(0, 1), (1, 2), (2, 3)] };
    let layout = Arrangement::of(&graph, &[]).place(&[Size { width: 4, height: 1, port: 0, back: 0 }; 4], SPACING);
    let places: Vec<(i32, i32)> = layout.nodes.iter().map(|place| (place.x, place.y)).collect();
    assert_eq!(places, [(0, 0), (7, 0), (14, 0), (21, 0)]);
    assert_eq!(layout.routes[0].points, [(4, 0), (6, 0)]);
}

#[test]
fn crossings_that_need_not_be_are_not() {
    // Two callers, whose services stand the other way round in the list.
    let graph = Graph { nodes: 4, edges: vec![(0, 3), (1, 2)] };
    let layout = Arrangement::of(&graph, &[]).place(&[Size { width: 4, height: 1, port: 0, back: 0 }; 4], SPACING);
    let straight = |route: &Route| route.points.len() == 2;
    assert!(layout.routes.iter().all(straight), "{layout:?}");
}

#[test]
fn a_circle_has_one_edge_that_points_left() {
    let graph = Graph { nodes: 3, edges: vec![(0, 1), (1, 2), (2, 0), (1, 1)] };
    let layout = drawn(&graph, SPACING);
    assert_eq!(layout.routes.iter().map(|route| route.against).collect::<Vec<_>>(), [false, false, true, false]);
}

#[test]
fn nodes_stay_in_order_when_one_comes() {
    let mut graph = Graph { nodes: 8, edges: (1..8).map(|node| (0, node)).collect() };
    let rows = |layout: &Layout| layout.nodes.iter().map(|place| Some(place.y)).collect::<Vec<_>>();
    let mut before = rows(&drawn(&graph, SPACING));
    // As they were dragged, so to speak.
    before[1..].reverse();
    graph.nodes = 9;
    graph.edges.push((0, 8));
    before.push(None);
    let sizes: Vec<Size> = (0..9).map(size).collect();
    let layout = Arrangement::of(&graph, &before).place(&sizes, SPACING);
    let after = rows(&layout);
    assert!(after[1..8].windows(2).all(|pair| pair[0] > pair[1]), "{after:?}");
}
