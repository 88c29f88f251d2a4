//! Circles are opened.

/// Which edges are drawn against the layers: those that close a circle in a walk in depth from the nodes that nobody
/// calls, and then from the others, in their order.
pub(super) fn against(nodes: usize, edges: &[(usize, usize)]) -> Vec<bool> {
    #[derive(Clone, Copy, PartialEq)]
    enum Seen {
        Never,
        Open,
        Done,
    }
    let mut out = vec![Vec::new(); nodes];
    let mut called = vec![false; nodes];
    for (index, &(from, to)) in edges.iter().enumerate() {
        out[from].push(index);
        called[to] = true;
    }
    let mut seen = vec![Seen::Never; nodes];
    let mut found = vec![false; edges.len()];
    let roots = (0..nodes).filter(|node| !called[*node]);
    for root in roots.chain(0..nodes) {
        if seen[root] != Seen::Never {
            continue;
        }
        seen[root] = Seen::Open;
        // No recursion: a chain may be long.
        let mut open = vec![(root, 0)];
        while let Some((node, next)) = open.last_mut() {
            let Some(&edge) = out[*node].get(*next) else {
                seen[*node] = Seen::Done;
                open.pop();
                continue;
            };
            *next += 1;
            let to = edges[edge].1;
            match seen[to] {
                Seen::Open => found[edge] = true,
                Seen::Done => {}
                Seen::Never => {
                    seen[to] = Seen::Open;
                    open.push((to, 0));
                }
            }
        }
    }
    found
}
