//! Moving through a drawing, from node to node.

use super::{Layout, Place};

/// Where to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// To a caller, or whatever stands left.
    Left,
    /// To what is called, or whatever stands right.
    Right,
    /// To the node above.
    Up,
    /// To the node below.
    Down,
}

impl Layout {
    /// The node that comes next on a way from one: along an edge where there is one, else the nearest.
    pub fn step(&self, from: usize, way: Way, edges: &[(usize, usize)]) -> Option<usize> {
        let here = self.nodes.get(from)?;
        let off = |place: &Place| (place.y - here.y).abs();
        let others = || self.nodes.iter().enumerate().filter(|(node, _)| *node != from);
        let aside = |place: &Place| match way {
            Way::Left => here.layer.checked_sub(place.layer).filter(|layers| *layers > 0),
            Way::Right | Way::Up | Way::Down => place.layer.checked_sub(here.layer).filter(|layers| *layers > 0),
        };
        match way {
            Way::Left | Way::Right => {
                let joined = |node: usize| edges.iter().any(|edge| *edge == (from, node) || *edge == (node, from));
                let beside = others().filter_map(|(node, place)| Some((node, place, aside(place)?)));
                let best = beside.min_by_key(|(node, place, layers)| (!joined(*node), *layers, off(place), *node));
                best.map(|(node, _, _)| node)
            }
            Way::Up | Way::Down => {
                let beyond = |place: &Place| if way == Way::Up { place.y < here.y } else { place.y > here.y };
                let column = |place: &Place| place.layer.abs_diff(here.layer);
                let found = others().filter(|(_, place)| beyond(place));
                found.min_by_key(|(node, place)| (column(place), off(place), *node)).map(|(node, _)| node)
            }
        }
    }

    /// The nodes as they are read: layer by layer, each from the top.
    pub fn reading(&self) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.nodes.len()).collect();
        order.sort_by_key(|node| (self.nodes[*node].layer, self.nodes[*node].y, *node));
        order
    }
}
