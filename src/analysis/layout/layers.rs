//! Each node's layer: callers stand left of those they call.

/// The part of the graph that each node belongs to: 0 for the largest, nodes that belong to none last.
pub(super) fn parts(nodes: usize, edges: &[(usize, usize)]) -> Vec<usize> {
    let mut near = vec![Vec::new(); nodes];
    for &(from, to) in edges {
        near[from].push(to);
        near[to].push(from);
    }
    let mut found: Vec<Vec<usize>> = Vec::new();
    let mut seen = vec![false; nodes];
    for root in 0..nodes {
        if std::mem::replace(&mut seen[root], true) {
            continue;
        }
        let mut part = vec![root];
        let mut next = 0;
        while let Some(&node) = part.get(next) {
            next += 1;
            for &other in &near[node] {
                if !std::mem::replace(&mut seen[other], true) {
                    part.push(other);
                }
            }
        }
        found.push(part);
    }
    found.sort_by_key(|part| (std::cmp::Reverse(part.len()), part[0]));
    let mut parts = vec![0; nodes];
    for (index, part) in found.iter().enumerate() {
        for &node in part {
            parts[node] = index;
        }
    }
    parts
}

/// The layer of each node, from the left, of edges without circles: as far left as its callers let it, but callers that
/// nobody calls stand next to those they call. Nodes without any edge fill the layers in turn.
pub(super) fn layers(nodes: usize, edges: &[(usize, usize)], parts: &[usize]) -> Vec<usize> {
    let (mut out, mut into) = (vec![Vec::new(); nodes], vec![Vec::new(); nodes]);
    for &(from, to) in edges {
        out[from].push(to);
        into[to].push(from);
    }
    let mut waits: Vec<usize> = into.iter().map(Vec::len).collect();
    let mut order: Vec<usize> = (0..nodes).filter(|node| waits[*node] == 0).collect();
    let mut layers = vec![0; nodes];
    let mut next = 0;
    while let Some(&node) = order.get(next) {
        next += 1;
        for &to in &out[node] {
            layers[to] = layers[to].max(layers[node] + 1);
            waits[to] -= 1;
            if waits[to] == 0 {
                order.push(to);
            }
        }
    }
    // Who calls more than is called is pulled to the right, which makes more edges short than long.
    for &node in order.iter().rev() {
        let nearest: Option<usize> = out[node].iter().map(|to| layers[*to]).min();
        if let Some(nearest) = nearest.filter(|_| out[node].len() > into[node].len()) {
            layers[node] = layers[node].max(nearest.saturating_sub(1));
        }
    }
    let deepest = layers.iter().copied().max().unwrap_or(0);
    let mut alone: Vec<usize> = (0..nodes).filter(|node| out[*node].is_empty() && into[*node].is_empty()).collect();
    alone.sort_by_key(|node| parts[*node]);
    let columns = (deepest + 1).max(if alone.len() == nodes { nodes.isqrt() } else { 1 });
    for (index, node) in alone.into_iter().enumerate() {
        layers[node] = index % columns;
    }
    layers
}
