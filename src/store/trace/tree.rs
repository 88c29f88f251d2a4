//! Parts of documents joined to a tree, in n log n steps and without recursion.

use std::cmp::Ordering;
use std::collections::HashMap;

use serde_json::Value;

use super::document::Part;
use super::link;
use super::{Missing, Span, SpanKind};

/// A tree of spans, and what was wrong with it.
#[derive(Debug, Default)]
pub(super) struct Grown {
    pub(super) spans: Vec<Span>,
    pub(super) missing: Vec<Missing>,
    pub(super) problems: Vec<String>,
}

/// Fields of an inferred segment that say nothing of the call.
const ITS_OWN: [&str; 8] = ["id", "name", "parent_id", "trace_id", "inferred", "in_progress", "start_time", "end_time"];

/// One span: what is told best of it, and where it belongs.
#[derive(Debug)]
struct Node {
    part: Part,
    /// The node within which it stood.
    within: Option<usize>,
    /// The id that it names as its parent.
    named: Option<String>,
    parent: Option<usize>,
    /// The node whose row tells it.
    merged: Option<usize>,
    inferred: Vec<String>,
}

/// Joins parts, each after the one within which it stood.
pub(super) fn grow(parts: Vec<Part>) -> Grown {
    let (mut nodes, ids) = unite(parts);
    let mut grown = Grown::default();
    for node in &mut nodes {
        node.parent = node.within.or_else(|| ids.get(node.named.as_ref()?).copied());
    }
    merge_inferred(&mut nodes);
    grown.problems = break_circles(&mut nodes);
    let order = lay_out(&nodes);
    emit(nodes, &order, &ids, &mut grown);
    grown
}

/// One node for each id, from all that was told of it, and which that is.
fn unite(parts: Vec<Part>) -> (Vec<Node>, HashMap<String, usize>) {
    let mut nodes: Vec<Node> = Vec::with_capacity(parts.len());
    let mut known: HashMap<String, usize> = HashMap::with_capacity(parts.len());
    let mut node_of: Vec<usize> = Vec::with_capacity(parts.len());
    for mut part in parts {
        let within = part.within.and_then(|within| node_of.get(within)).copied();
        let named = part.parent.take();
        let old = known.get(&part.id).copied().filter(|_| !part.id.is_empty());
        let here = old.unwrap_or(nodes.len());
        node_of.push(here);
        let Some(node) = nodes.get_mut(here) else {
            if !part.id.is_empty() {
                known.insert(part.id.clone(), here);
            }
            let inferred = Vec::new();
            nodes.push(Node { part, within, named, parent: None, merged: None, inferred });
            continue;
        };
        if let Some(named) = named
            && node.named.as_ref().is_none_or(|old| named < *old)
        {
            node.named = Some(named);
        }
        if node.within.is_none() {
            node.within = within.filter(|within| *within != here);
        }
        let is_sub = [part.kind, node.part.kind].contains(&SpanKind::Subsegment);
        if rank(&node.part, &part) == Ordering::Less {
            node.part = part;
        }
        if is_sub && node.part.kind == SpanKind::Segment {
            node.part.kind = SpanKind::Subsegment;
        }
    }
    (nodes, known)
}

/// Which of two documents tells more of one span: the ended one, the later end, the one with more to say.
fn rank(one: &Part, other: &Part) -> Ordering {
    let end = |part: &Part| part.end_s.unwrap_or(f64::NEG_INFINITY);
    let said = |part: &Part| Value::Object(part.fields.clone()).to_string();
    let plain = end(one).total_cmp(&end(other)).then(one.fields.len().cmp(&other.fields.len()));
    if plain != Ordering::Equal || one.fields == other.fields {
        return plain;
    }
    let (one, other) = (said(one), said(other));
    one.len().cmp(&other.len()).then(one.cmp(&other))
}

/// Tells inferred segments in the row of the call that each was inferred from.
fn merge_inferred(nodes: &mut [Node]) {
    let is_call = |nodes: &[Node], n: usize| nodes.get(n).is_some_and(|node| node.part.kind == SpanKind::Subsegment);
    let mut inferred: Vec<(String, usize, usize)> = Vec::new();
    for (n, node) in nodes.iter().enumerate() {
        if node.part.kind == SpanKind::Inferred
            && let Some(call) = node.parent.filter(|call| is_call(nodes, *call))
        {
            inferred.push((node.part.id.clone(), n, call));
        }
    }
    inferred.sort_unstable();
    for (id, n, call) in inferred {
        let Some(node) = nodes.get_mut(n) else { continue };
        node.merged = Some(call);
        let fields = std::mem::take(&mut node.part.fields);
        let Some(call) = nodes.get_mut(call) else { continue };
        call.inferred.push(id);
        for (key, value) in fields {
            match (key.as_str(), value) {
                (key, _) if ITS_OWN.contains(&key) => {}
                // Of the call's own fields none is written over.
                (_, Value::Object(more)) if call.part.fields.get(&key).is_some_and(Value::is_object) => {
                    if let Some(Value::Object(own)) = call.part.fields.get_mut(&key) {
                        for (key, value) in more {
                            own.entry(key).or_insert(value);
                        }
                    }
                }
                (_, value) => {
                    call.part.fields.entry(key).or_insert(value);
                }
            }
        }
    }
    // What hangs below an inferred segment hangs below the call.
    for n in 0..nodes.len() {
        let parent = nodes.get(n).and_then(|node| node.parent).and_then(|parent| nodes.get(parent));
        if let Some(call) = parent.and_then(|parent| parent.merged)
            && let Some(node) = nodes.get_mut(n)
        {
            node.parent = Some(call);
        }
    }
    // Where what was called tells its own segment, nothing had to be inferred.
    let calls: Vec<usize> =
        nodes.iter().filter(|node| node.part.kind == SpanKind::Segment).filter_map(|node| node.parent).collect();
    let mut called = vec![false; nodes.len()];
    for call in calls {
        if let Some(called) = called.get_mut(call) {
            *called = true;
        }
    }
    for (node, called) in nodes.iter_mut().zip(called) {
        if !node.inferred.is_empty() && !called {
            node.part.kind = SpanKind::Inferred;
        }
    }
}

/// Lets circles of parents begin at their earliest span, and says which there were.
fn break_circles(nodes: &mut [Node]) -> Vec<String> {
    /// How far a node has been looked at: not at all, on the way number so, for good.
    const NEW: usize = 0;
    let mut seen = vec![NEW; nodes.len()];
    let mut firsts: Vec<usize> = Vec::new();
    for start in 0..nodes.len() {
        let walk = start + 1;
        let mut here = Some(start);
        while let Some(n) = here.filter(|n| seen.get(*n) == Some(&NEW)) {
            seen[n] = walk;
            here = nodes[n].parent;
        }
        // A way that comes back to itself has gone round a circle.
        let Some(entry) = here.filter(|n| seen.get(*n) == Some(&walk)) else { continue };
        let mut circle = vec![entry];
        let mut next = nodes[entry].parent;
        while let Some(n) = next.filter(|n| *n != entry) {
            circle.push(n);
            next = nodes[n].parent;
        }
        let first = circle.into_iter().min_by(|a, b| earlier(&nodes[*a].part, &nodes[*b].part));
        firsts.extend(first);
    }
    firsts.sort_by(|a, b| earlier(&nodes[*a].part, &nodes[*b].part));
    let mut problems = Vec::new();
    for first in firsts {
        let node = &mut nodes[first];
        (node.parent, node.within, node.named) = (None, None, None);
        problems.push(format!("{} stands below itself; its parent is left out", node.part.id));
    }
    problems
}

/// Siblings' order: start, then id; a span without a start stands with its parent.
fn earlier(one: &Part, other: &Part) -> Ordering {
    let start = |part: &Part| part.start_s.or(part.end_s).unwrap_or(f64::NEG_INFINITY);
    let name = |part: &Part| part.fields.get("name").and_then(Value::as_str).unwrap_or_default().to_owned();
    let ids = start(one).total_cmp(&start(other)).then_with(|| one.id.cmp(&other.id));
    ids.then_with(|| name(one).cmp(&name(other)))
}

/// The nodes in the order of their rows, with the row of each one's parent.
fn lay_out(nodes: &[Node]) -> Vec<(usize, Option<usize>)> {
    let mut sorted: Vec<usize> = (0..nodes.len()).filter(|n| nodes[*n].merged.is_none()).collect();
    sorted.sort_by(|a, b| earlier(&nodes[*b].part, &nodes[*a].part));
    // Last first, as a stack gives them back.
    let mut children: Vec<Vec<usize>> = vec![Vec::new(); nodes.len()];
    let mut waiting: Vec<(usize, Option<usize>)> = Vec::new();
    for n in sorted {
        match nodes[n].parent {
            Some(parent) => children[parent].push(n),
            None => waiting.push((n, None)),
        }
    }
    let mut order = Vec::with_capacity(nodes.len());
    while let Some((n, parent)) = waiting.pop() {
        let row = order.len();
        order.push((n, parent));
        waiting.extend(children[n].drain(..).map(|child| (child, Some(row))));
    }
    order
}

/// Writes the rows.
fn emit(nodes: Vec<Node>, order: &[(usize, Option<usize>)], ids: &HashMap<String, usize>, grown: &mut Grown) {
    let earliest =
        nodes.iter().filter_map(|node| node.part.start_s.or(node.part.end_s)).reduce(f64::min).unwrap_or(0.0);
    let mut nodes: Vec<Option<Node>> = nodes.into_iter().map(Some).collect();
    let mut orphans: Vec<(usize, String)> = Vec::new();
    for (n, parent) in order {
        let Some(node) = nodes.get_mut(*n).and_then(Option::take) else { continue };
        let above = parent.and_then(|parent| grown.spans.get(parent));
        let start = node.part.start_s.or(node.part.end_s);
        let (depth, before) = above.map_or((0, earliest), |above| (above.depth + 1, above.start_s));
        if let Some(named) = node.named.filter(|id| above.is_none() && !ids.contains_key(id)) {
            orphans.push((grown.spans.len(), named));
        }
        let is_dated = node.part.start_s.is_some();
        let mut span = read(node.part, start.unwrap_or(before));
        (span.depth, span.parent, span.inferred) = (depth, *parent, node.inferred);
        if !is_dated {
            grown.problems.push(format!("{} ({}) does not say when it began", span.name, span.id));
        }
        grown.spans.push(span);
    }
    for row in (0..grown.spans.len()).rev() {
        grown.spans[row].size += 1;
        let size = grown.spans[row].size;
        if let Some(parent) = grown.spans[row].parent {
            grown.spans[parent].size += size;
        }
    }
    let mut known: HashMap<String, usize> = HashMap::new();
    for (row, id) in orphans {
        let at = *known.entry(id.clone()).or_insert(grown.missing.len());
        if at == grown.missing.len() {
            grown.missing.push(Missing { id, children: 0, spans: 0 });
        }
        grown.missing[at].children += 1;
        grown.missing[at].spans += grown.spans[row].size;
    }
}

/// A span of its document.
fn read(part: Part, start_s: f64) -> Span {
    let document = Value::Object(part.fields);
    let text = |key: &str| document.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    let flag = |key: &str| document.get(key).and_then(Value::as_bool).unwrap_or(false);
    Span {
        id: part.id,
        name: text("name"),
        kind: part.kind,
        origin: text("origin"),
        namespace: text("namespace"),
        start_s,
        end_s: part.end_s,
        fault: flag("fault"),
        error: flag("error"),
        throttle: flag("throttle"),
        links: link::read(&document),
        document,
        ..Span::default()
    }
}
