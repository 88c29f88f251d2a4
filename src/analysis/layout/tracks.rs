//! The tracks between layers in which edges change rows, and the drawing that comes of it.

use std::collections::{BTreeMap, BTreeSet};

use super::{Arrangement, Layout, Place, Route, Segment, Size, Spacing};

/// Passes that exchange neighbouring tracks.
const PASSES: usize = 8;

/// What leaves one vertex to the right: a line to its track, the track, and lines to where it goes.
#[derive(Debug)]
struct Trunk {
    start: i32,
    ends: BTreeSet<i32>,
}

impl Trunk {
    fn span(&self) -> (i32, i32) {
        let (first, last) = (self.ends.first(), self.ends.last());
        (first.map_or(self.start, |end| self.start.min(*end)), last.map_or(self.start, |end| self.start.max(*end)))
    }

    fn is_straight(&self) -> bool {
        let (first, last) = self.span();
        first == last
    }

    /// Lines of the other one that its track meets, with its track left of the other's.
    fn crossed_left_of(&self, other: &Self) -> usize {
        let ((first, last), (top, bottom)) = (self.span(), other.span());
        usize::from((first..=last).contains(&other.start)) + self.ends.range(top..=bottom).count()
    }

    /// Whether its track may not stand right of the other's: the line to its track would lie on a line from the other's.
    fn precedes(&self, other: &Self) -> bool {
        other.ends.contains(&self.start) && !self.ends.contains(&self.start)
    }
}

/// The row at which a segment leaves, and at which it arrives.
fn ends(segment: Segment, sizes: &[Size], rows: &[i32]) -> (i32, i32) {
    let row = |vertex: usize| {
        let port = sizes.get(vertex).map_or(0, |size| if segment.against { size.back - size.port } else { 0 });
        rows[vertex] + port
    };
    (row(segment.left), row(segment.right))
}

pub(super) fn draw(arrangement: &Arrangement, sizes: &[Size], spacing: Spacing, rows: &[i32]) -> Layout {
    let count = arrangement.layers.len();
    let mut channels: Vec<BTreeMap<(usize, bool), Trunk>> = (0..count).map(|_| BTreeMap::new()).collect();
    for segment in &arrangement.segments {
        let (start, end) = ends(*segment, sizes, rows);
        let channel = &mut channels[arrangement.vertices[segment.left].layer];
        let trunk = channel.entry((segment.left, segment.against)).or_insert(Trunk { start, ends: BTreeSet::new() });
        trunk.ends.insert(end);
    }
    let mut layout = Layout::default();
    let mut lefts = Vec::new();
    let mut columns: Vec<BTreeMap<(usize, bool), i32>> = Vec::new();
    let mut x = 0;
    for (layer, channel) in arrangement.layers.iter().zip(&channels) {
        lefts.push(x);
        let width = layer.iter().filter_map(|vertex| sizes.get(*vertex)).map(|size| size.width).max().unwrap_or(1);
        let tracks = assign(channel);
        let used = tracks.iter().map(|track| track + 1).max().unwrap_or(0);
        let first = x + width + 1;
        columns.push(channel.keys().copied().zip(tracks.iter().map(|track| first + track)).collect());
        layout.width = x + width;
        x = first + used + spacing.room;
    }
    layout.nodes = (0..arrangement.nodes)
        .map(|node| {
            let (layer, size) = (arrangement.vertices[node].layer, sizes[node]);
            let y = rows[node] - size.port;
            Place { x: lefts[layer], y, width: size.width, height: size.height, layer }
        })
        .collect();
    layout.routes = arrangement
        .chains
        .iter()
        .map(|chain| {
            let mut points: Vec<(i32, i32)> = Vec::new();
            for pair in chain.path.windows(2) {
                let segment = Segment { left: pair[0], right: pair[1], against: chain.against };
                let (start, end) = ends(segment, sizes, rows);
                let layer = arrangement.vertices[segment.left].layer;
                let column = columns[layer].get(&(segment.left, segment.against)).copied().unwrap_or(lefts[layer]);
                let from = sizes.get(segment.left).map_or(lefts[layer], |size| lefts[layer] + size.width);
                let to = lefts[layer + 1] - i32::from(segment.right < arrangement.nodes);
                points.extend([(from, start), (column, start), (column, end), (to, end)]);
            }
            Route { points: corners(&points), against: chain.against }
        })
        .collect();
    let bottom = layout.nodes.iter().map(|place| place.y + place.height).max().unwrap_or(0);
    let deepest = layout.routes.iter().flat_map(|route| &route.points).map(|(_, y)| y + 1).max().unwrap_or(0);
    layout.height = bottom.max(deepest);
    layout
}

/// The points but for those on the way between their neighbours.
fn corners(points: &[(i32, i32)]) -> Vec<(i32, i32)> {
    let mut kept: Vec<(i32, i32)> = Vec::new();
    for &point in points {
        if kept.last() == Some(&point) {
            continue;
        }
        if let [.., a, b] = kept[..]
            && ((a.0 == b.0 && b.0 == point.0) || (a.1 == b.1 && b.1 == point.1))
        {
            kept.pop();
        }
        kept.push(point);
    }
    kept
}

/// The track of each trunk, from the left: in an order with few crossings, as far left as those before it let it.
fn assign(channel: &BTreeMap<(usize, bool), Trunk>) -> Vec<i32> {
    let trunks: Vec<&Trunk> = channel.values().collect();
    let mut order: Vec<usize> = (0..trunks.len()).filter(|index| !trunks[*index].is_straight()).collect();
    // What goes down stands left of what starts below it, what goes up right of it.
    order.sort_by_key(|index| {
        let trunk = trunks[*index];
        let goes_up = trunk.span().0 < trunk.start;
        (goes_up, if goes_up { trunk.start } else { -trunk.start })
    });
    for _ in 0..PASSES {
        let mut gained = false;
        for index in 1..order.len() {
            let (one, other) = (trunks[order[index - 1]], trunks[order[index]]);
            // Lines that lie on one another say what is not so: they are worse than any crossings.
            let cost = |left: &Trunk, right: &Trunk| (right.precedes(left), left.crossed_left_of(right));
            if cost(other, one) < cost(one, other) {
                order.swap(index - 1, index);
                gained = true;
            }
        }
        if !gained {
            break;
        }
    }
    untangle(&mut order, &trunks);
    let mut tracks = vec![-1; trunks.len()];
    for (index, &trunk) in order.iter().enumerate() {
        let meets = |earlier: &&usize| {
            let (one, other) = (trunks[**earlier], trunks[trunk]);
            let ((a, b), (c, d)) = (one.span(), other.span());
            (a <= d && c <= b) || one.precedes(other)
        };
        tracks[trunk] = order[..index].iter().filter(meets).map(|earlier| tracks[*earlier] + 1).max().unwrap_or(0);
    }
    tracks
}

/// Moves trunks before those they must precede, where that does not go round in circles.
fn untangle(order: &mut Vec<usize>, trunks: &[&Trunk]) {
    let before = |one: usize, other: usize| one != other && trunks[one].precedes(trunks[other]);
    let waits_for = |trunk: usize| order.iter().filter(|other| before(**other, trunk)).count();
    let mut waits: Vec<usize> = order.iter().map(|trunk| waits_for(*trunk)).collect();
    if waits.iter().all(|count| *count == 0) {
        return;
    }
    let mut done: Vec<usize> = Vec::with_capacity(order.len());
    while !order.is_empty() {
        let next = waits.iter().position(|count| *count == 0).unwrap_or(0);
        waits.remove(next);
        let trunk = order.remove(next);
        for (count, other) in waits.iter_mut().zip(order.iter()) {
            *count -= usize::from(before(trunk, *other)).min(*count);
        }
        done.push(trunk);
    }
    *order = done;
}
