//! Any tree of segments, cut into documents in any legal way and in any order, gives the same waterfall.

use std::collections::HashSet;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::{Value, json};

use super::{SpanKind, Trace};

/// A span of a tree that is to be cut.
#[derive(Debug, Clone)]
struct Node {
    parent: Option<usize>,
    kind: SpanKind,
    start: f64,
    /// None while in progress.
    end: Option<f64>,
    flags: u8,
}

/// How a span is told.
#[derive(Debug, Clone)]
struct Cut {
    /// A subsegment in a document of its own.
    is_apart: bool,
    /// Told while it ran, too, with those of its subsegments that this picks.
    early: Option<u8>,
    /// Told so many times more.
    repeats: usize,
}

type Drawn = (Index, u8, u8, u8, u8);

fn nodes() -> impl Strategy<Value = Vec<Node>> {
    vec((any::<Index>(), any::<u8>(), 0_u8..24, 0_u8..24, any::<u8>()), 1..40).prop_map(|drawn| tree(&drawn))
}

fn tree(drawn: &[Drawn]) -> Vec<Node> {
    let mut nodes: Vec<Node> = Vec::new();
    for (parent, kind, start, took, flags) in drawn {
        let parent = (!nodes.is_empty() && kind % 16 != 0).then(|| parent.index(nodes.len()));
        let above = parent.map(|parent| nodes[parent].kind);
        let kind = match (above, kind % 4) {
            // A call that was inferred from is told in the call's row: nothing is below it.
            (Some(SpanKind::Inferred), _) => continue,
            (None, _) | (Some(_), 0) => SpanKind::Segment,
            (Some(SpanKind::Subsegment), 1) => SpanKind::Inferred,
            (Some(_), _) => SpanKind::Subsegment,
        };
        let start = f64::from(*start) / 4.0;
        let end = (took % 5 != 0).then(|| start + f64::from(*took) / 4.0);
        nodes.push(Node { parent, kind, start, end, flags: *flags });
    }
    nodes
}

fn cuts() -> impl Strategy<Value = Vec<Cut>> {
    let cut = (any::<bool>(), prop::option::of(any::<u8>()), 0_usize..3);
    vec(cut.prop_map(|(is_apart, early, repeats)| Cut { is_apart, early, repeats }), 40)
}

fn id(n: usize) -> String {
    // In another order than that of the tree.
    format!("{:016x}", (n as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15))
}

/// A span as a document says it, without its subsegments.
fn document(nodes: &[Node], n: usize, is_apart: bool, is_early: bool) -> Value {
    let node = &nodes[n];
    let mut value = json!({ "id": id(n), "name": format!("n{}", n % 5), "start_time": node.start });
    match node.end.filter(|_| !is_early) {
        Some(end) => value["end_time"] = json!(end),
        None => value["in_progress"] = json!(true),
    }
    if !is_early {
        for (bit, flag) in [(1, "fault"), (2, "error"), (4, "throttle")] {
            if node.flags & bit != 0 {
                value[flag] = json!(true);
            }
        }
        value["annotations"] = json!({ "number": n });
    }
    if node.kind != SpanKind::Subsegment {
        value["trace_id"] = json!("1-x");
        value["origin"] = json!(format!("AWS::{}", n % 3));
        if node.kind == SpanKind::Inferred {
            value["inferred"] = json!(true);
        }
    } else if is_apart {
        value["type"] = json!("subsegment");
        value["trace_id"] = json!("1-x");
    } else {
        value["namespace"] = json!("remote");
    }
    if node.kind == SpanKind::Subsegment {
        value["namespace"] = json!("remote");
    }
    if let Some(parent) = node.parent.filter(|_| is_apart || node.kind != SpanKind::Subsegment) {
        value["parent_id"] = json!(id(parent));
    }
    value
}

/// The documents that tell a tree.
fn documents(nodes: &[Node], cuts: &[Cut]) -> Vec<String> {
    let apart = |n: usize| nodes[n].kind != SpanKind::Subsegment || cuts[n].is_apart;
    let mut told: Vec<Value> = (0..nodes.len()).map(|n| document(nodes, n, apart(n), false)).collect();
    let mut early: Vec<Option<Value>> =
        (0..nodes.len()).map(|n| cuts[n].early.filter(|_| apart(n)).map(|_| document(nodes, n, true, true))).collect();
    // Children have higher numbers than their parents: from the last on, each is whole when it is put into its parent.
    let push = |into: &mut Value, child: Value| match into["subsegments"].as_array_mut() {
        Some(list) => list.insert(0, child),
        None => into["subsegments"] = json!([child]),
    };
    let mut texts = Vec::new();
    for n in (0..nodes.len()).rev() {
        let whole = std::mem::take(&mut told[n]);
        if apart(n) {
            for _ in 0..=cuts[n].repeats {
                texts.push(whole.to_string());
            }
            texts.extend(early[n].take().map(|value| value.to_string()));
            continue;
        }
        let Some(parent) = nodes[n].parent else { continue };
        if let (Some(picked), Some(into)) = (cuts[parent].early, early[parent].as_mut()) {
            match (picked >> (n % 8)) & 1 {
                // A part that had ended by then need not be told again.
                1 if cuts[n].repeats == 0 => {
                    push(into, whole);
                    continue;
                }
                1 => push(into, document(nodes, n, false, true)),
                _ => {}
            }
        }
        push(&mut told[parent], whole);
    }
    texts
}

/// The rows as they should stand: id and depth.
fn rows(nodes: &[Node]) -> Vec<(String, usize)> {
    let mut rows = Vec::new();
    let mut waiting: Vec<(usize, usize)> = Vec::new();
    let below = |parent: Option<usize>, depth: usize, waiting: &mut Vec<(usize, usize)>| {
        let is_call = |n: usize| nodes[n].kind == SpanKind::Inferred;
        let mut found: Vec<usize> = (0..nodes.len()).filter(|n| nodes[*n].parent == parent && !is_call(*n)).collect();
        found.sort_by(|a, b| nodes[*b].start.total_cmp(&nodes[*a].start).then_with(|| id(*b).cmp(&id(*a))));
        waiting.extend(found.into_iter().map(|n| (n, depth)));
    };
    below(None, 0, &mut waiting);
    while let Some((n, depth)) = waiting.pop() {
        rows.push((id(n), depth));
        below(Some(n), depth + 1, &mut waiting);
    }
    rows
}

fn read(texts: &[String]) -> Trace {
    Trace::from_documents("1-x", 1.0, texts.iter().map(String::as_str))
}

proptest! {
    #[test]
    fn any_cut_in_any_order_gives_the_same_waterfall(
        nodes in nodes(), cuts in cuts(), order in vec(any::<u64>(), 400),
    ) {
        let plain = Cut { is_apart: false, early: None, repeats: 0 };
        let expected = read(&documents(&nodes, &vec![plain; nodes.len()]));
        let shown: Vec<_> = expected.spans.iter().map(|span| (span.id.clone(), span.depth)).collect();
        prop_assert_eq!(shown, rows(&nodes));
        let ids: HashSet<&String> = expected.spans.iter().map(|span| &span.id).collect();
        prop_assert_eq!(ids.len(), expected.spans.len());

        let mut texts: Vec<(u64, String)> = documents(&nodes, &cuts).into_iter().zip(order.iter().cycle()).map(|(text, key)| (*key, text)).collect();
        texts.sort();
        let texts: Vec<String> = texts.into_iter().map(|(_, text)| text).collect();
        let cut = read(&texts);
        prop_assert!(cut.problems.is_empty() && cut.missing.is_empty());
        prop_assert_eq!(&cut, &expected);
    }
}
