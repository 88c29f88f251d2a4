//! The order in each layer, with few crossings.

use std::collections::BTreeMap;

use super::{Arrangement, Chain, Segment, Vertex};

/// Sweeps over the layers, and after how many without gain they end.
const SWEEPS: usize = 16;
const IDLE: usize = 4;

/// The arrangement of nodes with these layers and parts; an edge is `None` where it is not drawn, else its nodes, and
/// whether it runs against the layers.
pub(super) fn arrange(
    layers: &[usize],
    parts: &[usize],
    edges: impl Iterator<Item = Option<((usize, usize), bool)>>,
    before: &[Option<i32>],
) -> Arrangement {
    let nodes = layers.len();
    let mut vertices: Vec<Vertex> =
        layers.iter().zip(parts).map(|(layer, part)| Vertex { layer: *layer, part: *part }).collect();
    // The edges of a node that go far share their way through the layers between.
    let mut passing: BTreeMap<(usize, bool, usize), usize> = BTreeMap::new();
    let mut chains = Vec::new();
    for edge in edges {
        let Some(((from, to), against)) = edge else {
            chains.push(Chain { path: Vec::new(), against: false });
            continue;
        };
        let (left, right) = if against { (to, from) } else { (from, to) };
        let mut path = vec![left];
        for layer in layers[left] + 1..layers[right] {
            let vertex = *passing.entry((left, against, layer)).or_insert_with(|| {
                vertices.push(Vertex { layer, part: parts[left] });
                vertices.len() - 1
            });
            path.push(vertex);
        }
        path.push(right);
        chains.push(Chain { path, against });
    }
    let pairs = chains.iter().flat_map(|chain| {
        chain.path.windows(2).map(|pair| Segment { left: pair[0], right: pair[1], against: chain.against })
    });
    let mut segments: Vec<Segment> = pairs.collect();
    segments.sort_unstable();
    segments.dedup();
    let layers = best(&vertices, nodes, &segments, before);
    Arrangement { nodes, vertices, layers, segments, chains }
}

/// A graph of neighbouring layers.
struct Sides {
    left: Vec<Vec<usize>>,
    right: Vec<Vec<usize>>,
}

fn best(vertices: &[Vertex], nodes: usize, segments: &[Segment], before: &[Option<i32>]) -> Vec<Vec<usize>> {
    let mut sides = Sides { left: vec![Vec::new(); vertices.len()], right: vec![Vec::new(); vertices.len()] };
    for segment in segments {
        sides.left[segment.right].push(segment.left);
        sides.right[segment.left].push(segment.right);
    }
    let mut layers = first(vertices, nodes, &sides, before);
    let mut at = vec![0; vertices.len()];
    number(&layers, &mut at);
    let mut found = (crossings(&layers, &sides, &at), layers.clone());
    let mut idle = 0;
    for sweep in 0..SWEEPS {
        if found.0 == 0 || idle == IDLE {
            break;
        }
        let to_right = sweep % 2 == 0;
        let count = layers.len();
        for step in 1..count {
            let index = if to_right { step } else { count - 1 - step };
            let fixed = if to_right { &sides.left } else { &sides.right };
            sort(&mut layers[index], vertices, fixed, &mut at);
        }
        exchange(&mut layers, vertices, &sides, &mut at);
        let crossed = crossings(&layers, &sides, &at);
        idle += 1;
        if crossed < found.0 {
            found = (crossed, layers.clone());
            idle = 0;
        }
    }
    found.1
}

/// The order to begin with: where nodes stood before, or else as a walk from the left meets them.
fn first(vertices: &[Vertex], nodes: usize, sides: &Sides, before: &[Option<i32>]) -> Vec<Vec<usize>> {
    let mut layers = vec![Vec::new(); vertices.iter().map(|vertex| vertex.layer + 1).max().unwrap_or(0)];
    let mut roots: Vec<usize> = (0..vertices.len()).filter(|vertex| sides.left[*vertex].is_empty()).collect();
    roots.sort_by_key(|root| (vertices[*root].part, vertices[*root].layer, *root));
    let mut seen = vec![false; vertices.len()];
    let mut open: Vec<usize> = roots.into_iter().rev().collect();
    while let Some(vertex) = open.pop() {
        if std::mem::replace(&mut seen[vertex], true) {
            continue;
        }
        layers[vertices[vertex].layer].push(vertex);
        open.extend(sides.right[vertex].iter().rev());
    }
    let stood = |vertex: usize| before.get(vertex).copied().flatten().filter(|_| vertex < nodes);
    for layer in &mut layers {
        // What was not there before stands behind whom the walk met before it.
        let mut last = i32::MIN;
        let mut keyed: Vec<(usize, i32, usize)> = Vec::new();
        for &vertex in layer.iter() {
            last = stood(vertex).unwrap_or(last);
            keyed.push((vertices[vertex].part, last, vertex));
        }
        keyed.sort_by_key(|(part, row, _)| (*part, *row));
        *layer = keyed.into_iter().map(|(_, _, vertex)| vertex).collect();
    }
    layers
}

fn number(layers: &[Vec<usize>], at: &mut [usize]) {
    for layer in layers {
        for (index, vertex) in layer.iter().enumerate() {
            at[*vertex] = index;
        }
    }
}

/// Sorts a layer by the mean place of each vertex's neighbours in the fixed layer; parts stay together.
fn sort(layer: &mut [usize], vertices: &[Vertex], fixed: &[Vec<usize>], at: &mut [usize]) {
    let mean = |vertex: usize| {
        let near = &fixed[vertex];
        if near.is_empty() {
            return at[vertex] as f64;
        }
        near.iter().map(|other| at[*other] as f64).sum::<f64>() / near.len() as f64
    };
    let mut keyed: Vec<(usize, f64, usize)> =
        layer.iter().map(|vertex| (vertices[*vertex].part, mean(*vertex), *vertex)).collect();
    keyed.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
    for (index, (slot, (_, _, vertex))) in layer.iter_mut().zip(keyed).enumerate() {
        *slot = vertex;
        at[vertex] = index;
    }
}

/// Exchanges neighbours where that has fewer crossings, until nothing is gained.
fn exchange(layers: &mut [Vec<usize>], vertices: &[Vertex], sides: &Sides, at: &mut [usize]) {
    for _ in 0..IDLE {
        let mut gained = false;
        for layer in layers.iter_mut() {
            for index in 1..layer.len() {
                let (upper, lower) = (layer[index - 1], layer[index]);
                if vertices[upper].part != vertices[lower].part {
                    continue;
                }
                let crossed = |first: usize, second: usize| {
                    between(&sides.left[first], &sides.left[second], at)
                        + between(&sides.right[first], &sides.right[second], at)
                };
                if crossed(lower, upper) < crossed(upper, lower) {
                    layer.swap(index - 1, index);
                    (at[upper], at[lower]) = (index, index - 1);
                    gained = true;
                }
            }
        }
        if !gained {
            break;
        }
    }
}

/// Crossings of the edges of two vertices, the first above the second.
fn between(first: &[usize], second: &[usize], at: &[usize]) -> usize {
    first.iter().map(|one| second.iter().filter(|other| at[**other] < at[*one]).count()).sum()
}

/// All crossings, after W. Barth, M. Jünger and P. Mutzel, "Simple and Efficient Bilayer Cross Counting" (2002).
fn crossings(layers: &[Vec<usize>], sides: &Sides, at: &[usize]) -> usize {
    let mut count = 0;
    for pair in layers.windows(2) {
        let mut seen = vec![0_usize; pair[1].len() + 1];
        let mut all = 0;
        for vertex in &pair[0] {
            let mut ends: Vec<usize> = sides.right[*vertex].iter().map(|other| at[*other]).collect();
            ends.sort_unstable();
            for &end in &ends {
                let (mut below, mut slot) = (0, end + 1);
                while slot > 0 {
                    below += seen[slot];
                    slot &= slot - 1;
                }
                count += all - below;
            }
            for end in ends {
                all += 1;
                let mut slot = end + 1;
                while slot < seen.len() {
                    seen[slot] += 1;
                    slot += slot & slot.wrapping_neg();
                }
            }
        }
    }
    count
}
