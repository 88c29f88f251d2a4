//! Parts of documents joined to a tree, in n log n steps and without recursion.

use std::cmp::Ordering;
use std::collections::HashMap;

use compact_str::CompactString;

use super::head::Said;
use super::reading::Part;
use super::{Missing, Span, SpanKind};

/// A tree of spans, and what was wrong with it.
#[derive(Debug, Default)]
pub(super) struct Grown {
    pub(super) spans: Vec<Span>,
    pub(super) missing: Vec<Missing>,
    pub(super) problems: Vec<String>,
}

/// One span: where it belongs, and which part tells it best.
#[derive(Debug, Default)]
struct Node {
    part: usize,
    kind: SpanKind,
    /// The node within which it stood.
    within: Option<usize>,
    /// The id that it names as its parent.
    named: Option<CompactString>,
    parent: Option<usize>,
    /// The node whose row tells it.
    merged: Option<usize>,
    inferred: Vec<CompactString>,
}

/// Joins parts, each after the one within which it stood.
pub(super) fn grow(mut parts: Vec<Part>) -> Grown {
    let (mut nodes, ids) = unite(&mut parts);
    let mut grown = Grown::default();
    for node in &mut nodes {
        node.parent = node.within.or_else(|| ids.get(node.named.as_ref()?).copied());
    }
    merge_inferred(&mut nodes, &mut parts);
    grown.problems = break_circles(&mut nodes, &parts);
    let order = lay_out(&nodes, &parts);
    emit(nodes, parts, &order, &ids, &mut grown);
    grown
}

/// Which node has an id.
type Ids = HashMap<CompactString, usize>;

/// One node for each id, from all that was told of it, and which that is.
fn unite(parts: &mut [Part]) -> (Vec<Node>, Ids) {
    let mut nodes: Vec<Node> = Vec::with_capacity(parts.len());
    let mut known = Ids::with_capacity(parts.len());
    let mut node_of: Vec<usize> = Vec::with_capacity(parts.len());
    for n in 0..parts.len() {
        let named = parts[n].head.parent.take();
        let part = &parts[n];
        let within = part.within.and_then(|within| node_of.get(within)).copied();
        let id = Some(&part.head.id).filter(|id| !id.is_empty());
        let here = id.and_then(|id| known.get(id)).copied().unwrap_or(nodes.len());
        node_of.push(here);
        let Some(node) = nodes.get_mut(here) else {
            known.extend(id.map(|id| (id.clone(), here)));
            nodes.push(Node {
                part: n,
                kind: part.kind,
                within,
                named,
                parent: None,
                merged: None,
                inferred: Vec::new(),
            });
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
        let is_sub = [part.kind, node.kind].contains(&SpanKind::Subsegment);
        if rank(&parts[node.part], part) == Ordering::Less {
            (node.part, node.kind) = (n, part.kind);
        }
        if is_sub && node.kind == SpanKind::Segment {
            node.kind = SpanKind::Subsegment;
        }
    }
    (nodes, known)
}

/// Which of two documents tells more of one span: the ended one, the later end, the one with more to say.
fn rank(one: &Part, other: &Part) -> Ordering {
    let end = |part: &Part| part.head.end_s.unwrap_or(f64::NEG_INFINITY);
    let plain = end(one).total_cmp(&end(other)).then(one.fields.cmp(&other.fields));
    if plain != Ordering::Equal || one.document == other.document {
        return plain;
    }
    let (one, other) = (one.document.to_string(), other.document.to_string());
    one.len().cmp(&other.len()).then(one.cmp(&other))
}

/// Tells inferred segments in the row of the call that each was inferred from.
fn merge_inferred(nodes: &mut [Node], parts: &mut [Part]) {
    let is_call = |nodes: &[Node], n: usize| nodes.get(n).is_some_and(|node| node.kind == SpanKind::Subsegment);
    let mut inferred: Vec<(CompactString, usize, usize)> = Vec::new();
    for (n, node) in nodes.iter().enumerate() {
        if node.kind == SpanKind::Inferred
            && let Some(call) = node.parent.filter(|call| is_call(nodes, *call))
        {
            inferred.push((parts[node.part].head.id.clone(), n, call));
        }
    }
    inferred.sort_unstable();
    for (id, n, call) in inferred {
        nodes[n].merged = Some(call);
        let part = &mut parts[nodes[n].part];
        let (said, document) = (std::mem::take(&mut part.head.said), std::mem::take(&mut part.document));
        let call = &mut nodes[call];
        call.inferred.push(id);
        let part = &mut parts[call.part];
        part.head.said.add(said);
        part.document.add(document);
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
        nodes.iter().filter(|node| node.kind == SpanKind::Segment).filter_map(|node| node.parent).collect();
    let mut called = vec![false; nodes.len()];
    for call in calls {
        if let Some(called) = called.get_mut(call) {
            *called = true;
        }
    }
    for (node, called) in nodes.iter_mut().zip(called) {
        if !node.inferred.is_empty() && !called {
            node.kind = SpanKind::Inferred;
        }
    }
}

/// Lets circles of parents begin at their earliest span, and says which there were.
fn break_circles(nodes: &mut [Node], parts: &[Part]) -> Vec<String> {
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
        let first = circle.into_iter().min_by(|a, b| earlier(&parts[nodes[*a].part], &parts[nodes[*b].part]));
        firsts.extend(first);
    }
    firsts.sort_by(|a, b| earlier(&parts[nodes[*a].part], &parts[nodes[*b].part]));
    let mut problems = Vec::new();
    for first in firsts {
        let node = &mut nodes[first];
        (node.parent, node.within, node.named) = (None, None, None);
        problems.push(format!("{} stands below itself; its parent is left out", parts[node.part].head.id));
    }
    problems
}

/// Siblings' order: start, then id; a span without a start stands with its parent.
fn earlier(one: &Part, other: &Part) -> Ordering {
    let start = |part: &Part| part.head.first_s().unwrap_or(f64::NEG_INFINITY);
    let ids = start(one).total_cmp(&start(other)).then_with(|| one.head.id.cmp(&other.head.id));
    ids.then_with(|| one.head.name.cmp(&other.head.name))
}

/// The nodes in the order of their rows, with the row of each one's parent.
fn lay_out(nodes: &[Node], parts: &[Part]) -> Vec<(usize, Option<usize>)> {
    let mut sorted: Vec<usize> = (0..nodes.len()).filter(|n| nodes[*n].merged.is_none()).collect();
    sorted.sort_by(|a, b| earlier(&parts[nodes[*b].part], &parts[nodes[*a].part]));
    // From the last to the first, so that each finds the sibling that comes after it.
    let mut below: Vec<Option<usize>> = vec![None; nodes.len()];
    let mut beside: Vec<Option<usize>> = vec![None; nodes.len()];
    let mut root: Option<usize> = None;
    for n in sorted {
        let first = nodes[n].parent.map_or(&mut root, |parent| &mut below[parent]);
        beside[n] = first.replace(n);
    }
    let mut order = Vec::with_capacity(nodes.len());
    let mut waiting: Vec<(usize, Option<usize>)> = root.map(|n| (n, None)).into_iter().collect();
    while let Some((n, parent)) = waiting.pop() {
        let row = order.len();
        order.push((n, parent));
        waiting.extend(beside[n].map(|next| (next, parent)));
        waiting.extend(below[n].map(|child| (child, Some(row))));
    }
    order
}

/// Writes the rows.
fn emit(mut nodes: Vec<Node>, mut parts: Vec<Part>, order: &[(usize, Option<usize>)], ids: &Ids, grown: &mut Grown) {
    let starts = nodes.iter().filter_map(|node| parts[node.part].head.first_s());
    let earliest = starts.reduce(f64::min).unwrap_or(0.0);
    let mut orphans: Vec<(usize, CompactString)> = Vec::new();
    grown.spans.reserve(order.len());
    for (n, parent) in order {
        let node = std::mem::take(&mut nodes[*n]);
        let part = std::mem::take(&mut parts[node.part]);
        let above = parent.and_then(|parent| grown.spans.get(parent));
        let start = part.head.first_s();
        let (depth, before) = above.map_or((0, earliest), |above| (above.depth + 1, above.start_s));
        if let Some(named) = node.named.filter(|id| above.is_none() && !ids.contains_key(id)) {
            orphans.push((grown.spans.len(), named));
        }
        let is_dated = part.head.start_s.is_some();
        let mut span = read(part, start.unwrap_or(before));
        (span.kind, span.depth, span.parent) = (node.kind, depth, *parent);
        span.inferred = node.inferred.into_iter().map(String::from).collect();
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
    let mut known = Ids::new();
    for (row, id) in orphans {
        let at = *known.entry(id.clone()).or_insert(grown.missing.len());
        if at == grown.missing.len() {
            grown.missing.push(Missing { id: id.into(), children: 0, spans: 0 });
        }
        grown.missing[at].children += 1;
        grown.missing[at].spans += grown.spans[row].size;
    }
}

/// A span of its document.
fn read(part: Part, start_s: f64) -> Span {
    let Said { origin, namespace, fault, error, throttle, aws, precursors, links, cause } = part.head.said;
    let aws = aws.unwrap_or_default();
    let text = |text: Option<CompactString>| text.unwrap_or_default().into();
    Span {
        id: part.head.id.into(),
        name: part.head.name.into(),
        origin: text(origin),
        namespace: text(namespace),
        start_s,
        end_s: part.head.end_s,
        fault: fault.unwrap_or(false),
        error: error.unwrap_or(false),
        throttle: throttle.unwrap_or(false),
        operation: text(aws.operation),
        log_groups: aws.log_groups.unwrap_or_default(),
        has_cause: cause,
        links: precursors.into_iter().chain(links).flatten().collect(),
        document: part.document,
        ..Span::default()
    }
}
