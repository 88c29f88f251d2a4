//! What the editor of filter expressions knows: what is wrong, what completes a word, and colours.

use std::ops::Range;

use crate::analysis::log_query::judge::Mistake;
use crate::analysis::trace_filter::{self, Kind, Known};
use crate::panes::Cx;
use crate::panes::editor::Choices;
use crate::store::trace_list::TraceSummary;
use crate::text::{clean, clean_field};
use crate::widgets::theme::Role;

/// Values of one annotation that are offered.
const VALUES: usize = 20;
/// URLs and users that are offered.
const OTHERS: usize = 30;

/// What is wrong with an expression.
pub(super) fn judge(text: &str) -> Option<Mistake> {
    let error = trace_filter::parse(text).err()?;
    Some(Mistake { position: error.position, end: error.end, message: error.message })
}

/// What may be written at a byte of an expression. Before a first letter only what follows a sign is offered.
pub(super) fn choices(text: &str, at: usize, known: &Known) -> Option<Choices> {
    let found = trace_filter::complete(text, at, known);
    Choices::of(found.range, found.prefix, found.words)
}

/// The parts of an expression with their roles.
pub(super) fn parts(text: &str) -> Vec<(Range<usize>, Role)> {
    let role = |kind| match kind {
        Kind::Keyword => Role::Key,
        Kind::Complex => Role::Series1,
        Kind::Word => Role::JsonKey,
        Kind::Text => Role::JsonString,
        Kind::Number => Role::JsonNumber,
        Kind::Operator | Kind::Punctuation => Role::Muted,
        Kind::Name => Role::Text,
    };
    trace_filter::parts(text).into_iter().map(|(range, kind)| (range, role(kind))).collect()
}

/// What has been seen of services and traces. What has to be masked is not offered.
pub(super) fn known(traces: &[TraceSummary], cx: &Cx<'_>) -> Known {
    let mut known = Known::default();
    let add = |list: &mut Vec<String>, text: &str, most: usize| {
        let is_new = !text.is_empty() && list.len() < most && !list.iter().any(|own| own == text);
        if is_new && clean(text) == text {
            list.push(text.to_owned());
        }
    };
    for service in &cx.store.graph.data.services {
        add(&mut known.services, &service.key.name, usize::MAX);
        add(&mut known.kinds, &service.key.kind, usize::MAX);
    }
    for trace in traces {
        for service in &trace.services {
            add(&mut known.services, service, usize::MAX);
        }
        add(&mut known.urls, &trace.url, OTHERS);
        for user in &trace.users {
            add(&mut known.users, user, OTHERS);
        }
        for (key, value) in &trace.annotations {
            if clean(key) != key.as_str() {
                continue;
            }
            let at = known.annotations.iter().position(|(own, _)| own == key).unwrap_or_else(|| {
                known.annotations.push((key.clone(), Vec::new()));
                known.annotations.len() - 1
            });
            if clean_field(key, value) == value.as_str()
                && let Some((_, values)) = known.annotations.get_mut(at)
            {
                add(values, value, VALUES);
            }
        }
    }
    known.services.sort();
    known.annotations.sort();
    known
}
