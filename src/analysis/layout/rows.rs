//! The row of each vertex: near its neighbours' rows, in order and apart.

use super::{Arrangement, Size, Spacing};

/// Sweeps to the right and back: freely, and then within the lines that there are.
const SWEEPS: usize = 4;
const SWEEPS_WITHIN: usize = 2;

/// The row of each vertex at which its edges leave and arrive, from 0 on.
pub(super) fn rows(arrangement: &Arrangement, sizes: &[Size], spacing: Spacing) -> Vec<i32> {
    let layers = Lines::of(arrangement, sizes, spacing);
    let near = Near::of(arrangement);
    let mut rows = vec![0; arrangement.vertices.len()];
    for lines in &layers {
        let first = lines.above.first().copied().unwrap_or(0);
        for (vertex, offset) in lines.vertices.iter().zip(&lines.offset) {
            rows[*vertex] = first + offset;
        }
    }
    settle(&layers, &near, &mut rows, SWEEPS, None);
    let Some(height) = spacing.height else { return rows };
    let needed = layers.iter().map(Lines::height).max().unwrap_or(0);
    let lowest = layers.iter().flat_map(|lines| lines.below.iter().zip(&lines.vertices));
    let used = lowest.map(|(below, vertex)| rows[*vertex] + below + 1).max().unwrap_or(0);
    if used > height {
        settle(&layers, &near, &mut rows, SWEEPS_WITHIN, Some(needed.max(height)));
    }
    rows
}

/// The neighbours of each vertex on either side, and how strongly they pull.
struct Near {
    left: Vec<Vec<(usize, u32)>>,
    right: Vec<Vec<(usize, u32)>>,
}

impl Near {
    fn of(arrangement: &Arrangement) -> Self {
        let count = arrangement.vertices.len();
        let mut near = Self { left: vec![Vec::new(); count], right: vec![Vec::new(); count] };
        for segment in &arrangement.segments {
            // What passes on is pulled straight rather than what ends.
            let passing = [segment.left, segment.right].iter().filter(|vertex| **vertex >= arrangement.nodes).count();
            let pull = [1, 2, 8][passing];
            near.left[segment.right].push((segment.left, pull));
            near.right[segment.left].push((segment.right, pull));
        }
        near
    }
}

/// A layer: how far its vertices reach, and how far they stand from the first at least.
struct Lines {
    vertices: Vec<usize>,
    above: Vec<i32>,
    below: Vec<i32>,
    offset: Vec<i32>,
}

impl Lines {
    fn of(arrangement: &Arrangement, sizes: &[Size], spacing: Spacing) -> Vec<Self> {
        let reach = |vertex: usize| sizes.get(vertex).map_or((0, 0), |size| (size.port, size.height - 1 - size.port));
        let layer = |vertices: &Vec<usize>| {
            let (above, below): (Vec<i32>, Vec<i32>) = vertices.iter().map(|vertex| reach(*vertex)).unzip();
            let mut offset = vec![0; vertices.len()];
            for index in 1..vertices.len() {
                let both = vertices[index - 1] < arrangement.nodes && vertices[index] < arrangement.nodes;
                let gap = if both { spacing.gap } else { 0 };
                offset[index] = offset[index - 1] + below[index - 1] + above[index] + 1 + gap;
            }
            Self { vertices: vertices.clone(), above, below, offset }
        };
        arrangement.layers.iter().map(layer).collect()
    }

    /// The lines it takes at least.
    fn height(&self) -> i32 {
        let ends = |values: &[i32], last: bool| (if last { values.last() } else { values.first() }).copied();
        ends(&self.above, false).unwrap_or(0)
            + ends(&self.offset, true).unwrap_or(0)
            + ends(&self.below, true).unwrap_or(0)
            + 1
    }
}

/// Sweeps over the layers; each vertex goes to the median of its neighbours as far as the others let it.
fn settle(layers: &[Lines], near: &Near, rows: &mut [i32], sweeps: usize, height: Option<i32>) {
    let mut wanted: Vec<(i32, u32)> = Vec::new();
    let mut wishes: Vec<(i32, u32)> = Vec::new();
    let mut move_to = |lines: &Lines, sides: &[&Vec<Vec<(usize, u32)>>], rows: &mut [i32]| {
        wishes.clear();
        for vertex in &lines.vertices {
            wanted.clear();
            wanted.extend(sides.iter().flat_map(|near| &near[*vertex]).map(|(other, pull)| (rows[*other], *pull)));
            wanted.sort_unstable();
            let pull: u32 = wanted.iter().map(|(_, pull)| pull).sum();
            let row = if wanted.is_empty() { rows[*vertex] } else { median(&wanted) };
            wishes.push((row, pull.clamp(1, 8)));
        }
        for (vertex, row) in lines.vertices.iter().zip(nearest(lines, &wishes, height)) {
            rows[*vertex] = row;
        }
    };
    for _ in 0..sweeps {
        for lines in layers.iter().skip(1) {
            move_to(lines, &[&near.left], rows);
        }
        for lines in layers.iter().rev().skip(1) {
            move_to(lines, &[&near.right], rows);
        }
    }
    for lines in layers {
        move_to(lines, &[&near.left, &near.right], rows);
    }
    let top =
        |lines: &Lines| lines.vertices.iter().zip(&lines.above).map(|(vertex, above)| rows[*vertex] - above).min();
    let highest = layers.iter().filter_map(top).min().unwrap_or(0);
    for row in rows {
        *row -= highest;
    }
}

/// The weighted median of sorted values, the lower of two.
fn median(sorted: &[(i32, u32)]) -> i32 {
    let half = sorted.iter().map(|(_, pull)| pull).sum::<u32>().div_ceil(2);
    let mut seen = 0;
    let found = sorted.iter().find(|(_, pull)| {
        seen += pull;
        seen >= half
    });
    found.map_or(0, |(row, _)| *row)
}

/// The rows nearest to those that are wished, by the sum of the distances, that keep order and distances: an isotonic
/// regression by pooling neighbours that would stand in each other's way.
fn nearest(lines: &Lines, wishes: &[(i32, u32)], height: Option<i32>) -> Vec<i32> {
    // A value, the wishes that it is the median of, and how many vertices have it.
    type Pool = (i32, Vec<(i32, u32)>, usize);
    let mut pools: Vec<Pool> = Vec::new();
    for ((row, pull), offset) in wishes.iter().zip(&lines.offset) {
        let mut pool = (row - offset, vec![(row - offset, *pull)], 1);
        while let Some((value, wanted, count)) = pools.pop_if(|(value, _, _)| *value > pool.0) {
            debug_assert!(value > pool.0);
            pool.1.extend(wanted);
            pool.1.sort_unstable();
            pool = (median(&pool.1), pool.1, pool.2 + count);
        }
        pools.push(pool);
    }
    let lowest = lines.above.first().copied().unwrap_or(0);
    let highest = height.map_or(i32::MAX, |height| {
        let last = lines.offset.last().copied().unwrap_or(0) + lines.below.last().copied().unwrap_or(0);
        (height - 1 - last).max(lowest)
    });
    let bounded = |value: i32| if height.is_some() { value.clamp(lowest, highest) } else { value };
    let values = pools.into_iter().flat_map(|(value, _, count)| std::iter::repeat_n(bounded(value), count));
    values.zip(&lines.offset).map(|(value, offset)| value + offset).collect()
}
