//! A map of nodes and the edges between them, of a layered layout.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::print::cells;
use super::theme::{Role, Theme};
use crate::analysis::layout::{Arrangement, Layout, Place, Size, Spacing};

use nodes::Drawn;
pub use nodes::FIRING;

mod nodes;
#[cfg(test)]
mod tests;
mod wires;

/// What a node is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Kind {
    /// One that is known from what it says itself.
    #[default]
    Plain,
    /// One that is known from what others say of it alone.
    Inferred,
    /// Where calls come from.
    Client,
}

/// A node.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// Its name, already clean.
    pub name: String,
    /// The sign of how it does.
    pub sign: &'static str,
    /// What that means.
    pub role: Role,
    /// What is wrong with it, in one figure.
    pub share: String,
    /// The same where there is little room; empty where nothing is wrong.
    pub brief: String,
    /// How much it does.
    pub rate: String,
    /// Times, the most telling first.
    pub times: Vec<String>,
    /// Whether an alarm on it fires.
    pub firing: bool,
    /// What it is.
    pub kind: Kind,
    /// Whether it is there for its neighbours alone, and stands back.
    pub dim: bool,
}

/// An edge.
#[derive(Debug, Clone, PartialEq)]
pub struct Edge {
    /// The node it comes from.
    pub from: usize,
    /// The node it goes to.
    pub to: usize,
    /// What stands on it where there is room; may be empty.
    pub label: String,
    /// What stands there where there is less room; may be empty.
    pub sign: &'static str,
    /// How it does.
    pub role: Role,
    /// Whether a rule on it fires.
    pub firing: bool,
}

/// How much of a node is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Density {
    /// A box with rate, share and times.
    Box,
    /// Two lines: name and share, a time.
    Pair,
    /// One line.
    Line,
}

/// A drawing that was chosen for an area.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// How much of a node it shows.
    pub density: Density,
    /// Where all stands.
    pub layout: Layout,
    /// Whether the area has room for all of it.
    pub fits: bool,
}

/// Ways to draw, the one that tells most first: density, the widest node, room for labels.
const WAYS: [(Density, i32, i32); 20] = [
    (Density::Box, 30, 14),
    (Density::Box, 30, 5),
    (Density::Box, 24, 5),
    (Density::Box, 24, 3),
    (Density::Pair, 28, 5),
    (Density::Pair, 24, 4),
    (Density::Pair, 20, 3),
    (Density::Pair, 16, 2),
    (Density::Pair, 14, 2),
    (Density::Pair, 12, 2),
    (Density::Line, 34, 4),
    (Density::Line, 28, 4),
    (Density::Line, 24, 3),
    (Density::Line, 22, 3),
    (Density::Line, 20, 2),
    (Density::Line, 18, 2),
    (Density::Line, 16, 2),
    (Density::Line, 14, 2),
    (Density::Line, 13, 2),
    (Density::Line, 12, 2),
];
/// The room that the longest labels take; more leads nowhere.
const ROOMIEST: i32 = WAYS[0].2;
/// How it is drawn where nothing fits.
const WIDE: (Density, i32, i32) = (Density::Line, 26, 3);

impl Density {
    const fn height(self) -> i32 {
        match self {
            Self::Box => 4,
            Self::Pair => 2,
            Self::Line => 1,
        }
    }

    /// Lines between nodes.
    const fn gap(self) -> i32 {
        match self {
            Self::Box | Self::Line => 0,
            Self::Pair => 1,
        }
    }

    /// The room of a node. It follows from what does not change with its figures, so that nothing moves by itself.
    fn size(self, node: &Node, widest: i32, turned: bool) -> Size {
        let name = i32::from(cells(&node.name));
        let brackets = if node.kind == Kind::Inferred { 2 } else { 0 };
        let width = match self {
            // Names stand in the frame; `✗ 14.6 %  2.22k/min` and `p50 900 ms p99 24.9 s` below.
            Self::Box if node.kind == Kind::Client => (name + 4).clamp(10, widest.max(10)),
            Self::Box => (name + 6).clamp(24, widest.max(24)),
            // `✗ name !`, and `✗ name ! 15%` in one line
            Self::Pair | Self::Line if node.kind == Kind::Client => (name + 2).clamp(6, widest),
            Self::Pair => (name + 4 + brackets).clamp(10, widest.max(10)),
            Self::Line => (name + 7 + brackets).clamp(10, widest.max(10)),
        };
        let (port, back) = match self {
            Self::Box => (1, 2),
            Self::Pair => (0, 1),
            Self::Line => (0, i32::from(turned)),
        };
        Size { width, height: self.height().max(back + 1), port, back }
    }
}

/// Chooses how much of the nodes is shown in an area of this many columns and lines.
pub fn plan(nodes: &[Node], arrangement: &Arrangement, (columns, lines): (u16, u16)) -> Plan {
    let (columns, lines) = (i32::from(columns), i32::from(lines));
    let (fullest, layers) = arrangement.extent();
    let (fullest, layers) = (i32::try_from(fullest).unwrap_or(i32::MAX), i32::try_from(layers).unwrap_or(i32::MAX));
    let turned = arrangement.turned();
    let sizes = |density: Density, widest: i32| {
        nodes.iter().zip(&turned).map(|(node, turned)| density.size(node, widest, *turned)).collect::<Vec<_>>()
    };
    let layout =
        |sizes: &[Size], gap: i32, room: i32| arrangement.place(sizes, Spacing { gap, room, height: Some(lines) });
    let fits = |layout: &Layout| layout.width <= columns && layout.height <= lines;
    for (density, widest, room) in WAYS {
        // What cannot fit anyhow is not laid out.
        if fullest.saturating_mul(density.height() + density.gap()) - density.gap() > lines {
            continue;
        }
        let sizes = sizes(density, widest);
        let mut widths = vec![0; usize::try_from(layers).unwrap_or(0)];
        for (node, size) in sizes.iter().enumerate() {
            let width = &mut widths[arrangement.layer(node)];
            *width = size.width.max(*width);
        }
        if widths.iter().sum::<i32>() + (layers - 1).max(0) * (1 + room) > columns {
            continue;
        }
        let close = layout(&sizes, density.gap(), room);
        if fits(&close) {
            // What is left is room for labels, and between boxes.
            let room = (room + (columns - close.width) / (layers - 1).max(1)).min(ROOMIEST);
            let gap = density.gap() + i32::from(density == Density::Box && 2 * (close.height + fullest) <= lines);
            let layout = Some(layout(&sizes, gap, room)).filter(fits).unwrap_or(close);
            return Plan { density, layout, fits: true };
        }
    }
    let (density, widest, room) = WIDE;
    let layout = layout(&sizes(density, widest), density.gap(), room);
    let fits = fits(&layout);
    Plan { density, layout, fits }
}

/// How many nodes lie outside what is seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Outside {
    /// Left of it.
    pub left: usize,
    /// Right of it.
    pub right: usize,
    /// Above it, and neither left nor right.
    pub above: usize,
    /// Below it, and neither left nor right.
    pub below: usize,
}

/// The part of a drawing that is seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Scroll {
    x: i32,
    y: i32,
}

impl Scroll {
    /// Moves as little as shows a node in an area of this size, and no further than the drawing reaches.
    pub fn follow(&mut self, place: Option<&Place>, layout: &Layout, area: Rect) {
        let (columns, lines) = (i32::from(area.width), i32::from(area.height));
        if let Some(place) = place {
            let margin = ((columns - place.width) / 4).clamp(0, 12);
            self.x = self.x.min(place.x - margin).max(place.x + place.width + margin - columns);
            let margin = ((lines - place.height) / 4).clamp(0, 4);
            self.y = self.y.min(place.y - margin).max(place.y + place.height + margin - lines);
        }
        // What is smaller than the area stands in its middle.
        let within = |at: i32, size: i32, room: i32| {
            if size <= room { (size - room) / 2 } else { at.clamp(0, size - room) }
        };
        self.x = within(self.x, layout.width, columns);
        self.y = within(self.y, layout.height, lines);
    }

    /// How many nodes lie outside an area of this size.
    pub fn outside(self, layout: &Layout, area: Rect) -> Outside {
        let (right, bottom) = (self.x + i32::from(area.width), self.y + i32::from(area.height));
        let mut outside = Outside::default();
        for place in &layout.nodes {
            let count = if place.x + place.width <= self.x {
                &mut outside.left
            } else if place.x >= right {
                &mut outside.right
            } else if place.y + place.height <= self.y {
                &mut outside.above
            } else if place.y >= bottom {
                &mut outside.below
            } else {
                continue;
            };
            *count += 1;
        }
        outside
    }
}

/// A map, drawn by its plan. The edges are those of the layout, in its order.
#[derive(Debug)]
pub struct Map<'a> {
    /// Nodes.
    pub nodes: &'a [Node],
    /// Edges.
    pub edges: &'a [Edge],
    /// How it is drawn.
    pub plan: &'a Plan,
    /// What part of it is seen.
    pub scroll: Scroll,
    /// The node under the cursor.
    pub cursor: Option<usize>,
    /// Edges that stand out; the others are dimmed where there are any.
    pub lit: &'a [usize],
    /// How things look.
    pub theme: &'a Theme,
}

impl Map<'_> {
    /// Draws it.
    pub fn draw(&self, area: Rect, buffer: &mut Buffer) {
        let area = area.intersection(buffer.area);
        if area.is_empty() {
            return;
        }
        wires::draw(self, area, buffer);
        let places = self.nodes.iter().zip(&self.plan.layout.nodes);
        for (index, ((node, place), leads)) in places.zip(wires::leads(self)).enumerate() {
            nodes::draw(self, &Drawn { node, place, leads, at_cursor: self.cursor == Some(index) }, area, buffer);
        }
    }

    /// Where a cell of the drawing stands on the screen.
    fn seen(&self, (x, y): (i32, i32), area: Rect) -> Option<(u16, u16)> {
        let x = u16::try_from(x - self.scroll.x).ok().filter(|x| *x < area.width)?;
        let y = u16::try_from(y - self.scroll.y).ok().filter(|y| *y < area.height)?;
        Some((area.x + x, area.y + y))
    }
}
