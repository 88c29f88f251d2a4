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

/// What may be written at a byte of an expression.
pub(super) fn choices(text: &str, at: usize, known: &Known) -> Option<Choices> {
    let found = trace_filter::complete(text, at, known);
    // An opening quote asks for what is known, as a first letter does.
    let is_opened = found.prefix.is_empty() && text.get(found.range.clone()).is_some_and(|text| !text.is_empty());
    Choices::of(found.range, found.prefix, found.words)
        .map(|choices| if is_opened { choices.at_once() } else { choices })
}

/// Whether an expression names a group, or is about to.
pub(super) fn names_group(text: &str) -> bool {
    parts(text)
        .iter()
        .any(|(range, _)| text.get(range.clone()).is_some_and(|word| word.to_lowercase().starts_with("group")))
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
            let at = known.annotations.iter().position(|(own, _)| own == key);
            if at.is_none() {
                if clean(key) != key.as_str() {
                    continue;
                }
                known.annotations.push((key.clone(), Vec::new()));
            }
            let at = at.unwrap_or(known.annotations.len() - 1);
            let Some((_, values)) = known.annotations.get_mut(at) else { continue };
            // What is masked takes long to find out, for values that are known or too many.
            if values.len() < VALUES && !values.contains(value) && clean_field(key, value) == value.as_str() {
                add(values, value, VALUES);
            }
        }
    }
    let groups = cx.store.trace_groups.iter().map(|group| [&group.name, &group.arn, &group.filter].map(String::clone));
    known.groups = groups.filter(|texts| texts.iter().all(|text| clean(text) == text.as_str())).collect();
    known.services.sort();
    known.annotations.sort();
    known
}
