//! The critical path: what the end of a trace waited for.
//!
//! The walk goes backwards from a span's end to the child that ended last before it, through that child to its start, and
//! on from there to the child that ended last before that. Children that reach out of their parent are clipped to it;
//! those outside of it are not on the path. So it is the path to the answer: what runs on afterwards is not on it.
//!
//! Source: Zhang et al., "CRISP: Critical Path Analysis of Large-Scale Microservice Architectures", USENIX ATC 2022; the
//! same walk stands in Jaeger's UI.

use super::interval::{self, within};
use crate::store::trace::Trace;

/// The critical path of a trace.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Path {
    /// Its sections, one after the other in time.
    pub sections: Vec<Section>,
    /// Seconds of the path that are spent in each row itself; 0 for rows that are not on it.
    pub seconds: Vec<f64>,
}

/// A time that the path spends in one span.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Section {
    /// The span's row.
    pub row: usize,
    /// From when, in epoch seconds.
    pub from_s: f64,
    /// To when.
    pub to_s: f64,
}

impl Path {
    /// Whether the path goes through a span itself.
    pub fn takes(&self, row: usize) -> bool {
        self.seconds.get(row).is_some_and(|seconds| *seconds > 0.0)
    }

    /// From when to when it goes through each row, in epoch seconds.
    pub fn by_row(&self) -> Vec<Vec<(f64, f64)>> {
        let mut rows = vec![Vec::new(); self.seconds.len()];
        for section in &self.sections {
            if let Some(row) = rows.get_mut(section.row) {
                row.push((section.from_s, section.to_s));
            }
        }
        rows
    }
}

/// A span whose time is walked through, backwards.
struct Walk {
    /// None for the trace as a whole, which the roots are children of.
    row: Option<usize>,
    /// What is left of it.
    from: f64,
    to: f64,
    /// Its children, that which ends last at the end.
    children: Vec<(f64, f64, usize)>,
}

/// The critical path of a trace.
pub fn path(trace: &Trace) -> Path {
    let mut path = Path { sections: Vec::new(), seconds: vec![0.0; trace.spans.len()] };
    let Some(whole) = trace.span() else { return path };
    let mut open = vec![Walk::of(trace, None, whole, whole.1)];
    while let Some(walk) = open.last_mut() {
        // What ended after this ran beside it.
        let Some((from, to, child)) = walk.next() else {
            path.add(walk.row, walk.from, walk.to);
            open.pop();
            continue;
        };
        path.add(walk.row, to, walk.to);
        walk.to = from;
        open.push(Walk::of(trace, Some(child), (from, to), whole.1));
    }
    path.sections.reverse();
    path
}

impl Walk {
    fn of(trace: &Trace, row: Option<usize>, (from, to): (f64, f64), now: f64) -> Self {
        let interval = |child: usize| {
            let (from, to) = within(interval::of(trace.spans.get(child)?, now), (from, to))?;
            Some((from, to, child))
        };
        let mut children: Vec<(f64, f64, usize)> = match row {
            Some(row) => trace.children(row).filter_map(interval).collect(),
            None => trace.roots().filter_map(interval).collect(),
        };
        // Of two that end together the path goes through the one that took longer, then through the first.
        children.sort_by(|a, b| a.1.total_cmp(&b.1).then(b.0.total_cmp(&a.0)).then(b.2.cmp(&a.2)));
        Self { row, from, to, children }
    }

    /// The child that ended last before what is left begins.
    fn next(&mut self) -> Option<(f64, f64, usize)> {
        while let Some(child) = self.children.pop() {
            if child.1 <= self.to {
                return Some(child);
            }
        }
        None
    }
}

impl Path {
    fn add(&mut self, row: Option<usize>, from_s: f64, to_s: f64) {
        let Some(row) = row.filter(|_| from_s < to_s) else { return };
        self.sections.push(Section { row, from_s, to_s });
        if let Some(seconds) = self.seconds.get_mut(row) {
            *seconds += to_s - from_s;
        }
    }
}
