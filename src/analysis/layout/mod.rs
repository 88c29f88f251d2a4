//! Layered drawings of directed graphs, left to right, on a grid of cells.
//!
//! The method is that of E. R. Gansner, E. Koutsofios, S. C. North and K.-P. Vo, "A technique for drawing directed
//! graphs" (1993): circles are opened, nodes get layers, crossings are reduced by sweeps and exchanges of neighbours,
//! and rows are medians of neighbours' rows. A cell is no pixel: rows are whole, kept apart by an isotonic regression, and
//! edges run at right angles in tracks between the layers, so that the drawing can be made of box-drawing characters.
//!
//! The same graph gives the same drawing. Given where its nodes stood before, it changes their order only where that
//! has fewer crossings.

mod acyclic;
mod layers;
mod order;
mod rows;
#[cfg(test)]
mod tests;
mod tracks;
mod walk;

pub use walk::Way;

/// A directed graph: nodes are 0..nodes, edges lead from one to another. Circles, loops and repetitions are no trouble.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Graph {
    /// How many nodes there are.
    pub nodes: usize,
    /// From whom to whom.
    pub edges: Vec<(usize, usize)>,
}

/// The room of a node, in cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    /// Its columns, at least 1.
    pub width: i32,
    /// Its lines, at least 1.
    pub height: i32,
    /// The line at which edges leave and arrive, from its top.
    pub port: i32,
    /// The line at which edges that run against the layers do.
    pub back: i32,
}

/// The room between nodes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spacing {
    /// Lines between nodes of a layer.
    pub gap: i32,
    /// Columns between the last track and the next layer, its arrowheads included.
    pub room: i32,
    /// How many lines there are: rows move together where that makes it fit.
    pub height: Option<i32>,
}

/// What the drawing is but for sizes: layers, and the order in each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrangement {
    nodes: usize,
    vertices: Vec<Vertex>,
    layers: Vec<Vec<usize>>,
    segments: Vec<Segment>,
    chains: Vec<Chain>,
}

/// A node, or a place where a long edge passes a layer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Vertex {
    layer: usize,
    part: usize,
}

/// A piece of an edge between neighbouring layers; edges of one node share theirs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Segment {
    left: usize,
    right: usize,
    against: bool,
}

/// The vertices of an edge, left to right; none for a loop.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Chain {
    path: Vec<usize>,
    against: bool,
}

/// Where a node stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// Its first column.
    pub x: i32,
    /// Its first line.
    pub y: i32,
    /// Its columns.
    pub width: i32,
    /// Its lines.
    pub height: i32,
    /// Its layer, from the left.
    pub layer: usize,
}

/// How an edge runs.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Route {
    /// Its corners, left to right, each beside or above the one before; none for a loop. The ends are the cells beside
    /// the nodes.
    pub points: Vec<(i32, i32)>,
    /// Whether it points to the left.
    pub against: bool,
}

/// A drawing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Layout {
    /// Columns.
    pub width: i32,
    /// Lines.
    pub height: i32,
    /// Where each node stands.
    pub nodes: Vec<Place>,
    /// How each edge runs.
    pub routes: Vec<Route>,
}

impl Arrangement {
    /// The arrangement of a graph. `before` is where each node stood in its layer in an earlier drawing, from the top.
    pub fn of(graph: &Graph, before: &[Option<i32>]) -> Self {
        let inside = |&(from, to): &(usize, usize)| from < graph.nodes && to < graph.nodes;
        let joining = |edge: &&(usize, usize)| inside(edge) && edge.0 != edge.1;
        let mut edges: Vec<(usize, usize)> = graph.edges.iter().filter(joining).copied().collect();
        edges.sort_unstable();
        edges.dedup();
        let against = acyclic::against(graph.nodes, &edges);
        let forward: Vec<(usize, usize)> =
            edges.iter().zip(&against).map(|(&(from, to), back)| if *back { (to, from) } else { (from, to) }).collect();
        let parts = layers::parts(graph.nodes, &forward);
        let layers = layers::layers(graph.nodes, &forward, &parts);
        let is_against = |edge: &(usize, usize)| edges.binary_search(edge).is_ok_and(|at| against[at]);
        let drawn = graph.edges.iter().map(|edge| (joining(&edge)).then(|| (*edge, is_against(edge))));
        order::arrange(&layers, &parts, drawn, before)
    }

    /// How many nodes the fullest layer has, and how many layers there are.
    pub fn extent(&self) -> (usize, usize) {
        let nodes = |layer: &Vec<usize>| layer.iter().filter(|vertex| **vertex < self.nodes).count();
        (self.layers.iter().map(nodes).max().unwrap_or(0), self.layers.len())
    }

    /// Whether each node is an end of an edge that runs against the layers.
    pub fn turned(&self) -> Vec<bool> {
        let mut turned = vec![false; self.nodes];
        let ends = self.chains.iter().filter(|chain| chain.against);
        for end in ends.flat_map(|chain| [chain.path.first(), chain.path.last()]).flatten() {
            if let Some(turned) = turned.get_mut(*end) {
                *turned = true;
            }
        }
        turned
    }

    /// The layer of a node.
    pub fn layer(&self, node: usize) -> usize {
        self.vertices.get(node).map_or(0, |vertex| vertex.layer)
    }

    /// The drawing with nodes of these sizes.
    pub fn place(&self, sizes: &[Size], spacing: Spacing) -> Layout {
        let rows = rows::rows(self, sizes, spacing);
        tracks::draw(self, sizes, spacing, &rows)
    }
}

impl Layout {
    /// The node in whose room a cell is.
    pub fn at(&self, x: i32, y: i32) -> Option<usize> {
        let holds = |place: &Place| {
            (place.x..place.x + place.width).contains(&x) && (place.y..place.y + place.height).contains(&y)
        };
        self.nodes.iter().position(holds)
    }
}
