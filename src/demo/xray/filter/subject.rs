//! What an expression is asked about: a trace, or one service's part in it.

use std::cell::OnceCell;

use serde_json::Value;

use super::holds;
use crate::analysis::trace_filter::{Cause, CausePart, Expr, Flag, NumberKey, ServiceSelector, TextKey};
use crate::demo::world::{TraceRecord, TraceSummary};
use crate::demo::xray::causes::{self, Trail};
use crate::store::trace::{Span, Trace};

/// Something that an expression can be asked about.
pub(super) trait Subject {
    fn flag(&self, flag: Flag) -> bool;
    fn number(&self, key: NumberKey) -> Option<f64>;
    fn text(&self, key: TextKey) -> Option<String>;
    /// The values of an annotation.
    fn annotations(&self, key: &str) -> Vec<String>;
    /// Whether a service took part, in a way that `block` holds of.
    fn has_service(&self, selector: &ServiceSelector, block: Option<&Expr>) -> bool;
    /// Whether one service called another, in a way that `block` holds of.
    fn has_edge(&self, from: &ServiceSelector, to: &ServiceSelector, block: Option<&Expr>) -> bool;
    /// Whether a root cause has a part that `block` holds of.
    fn has_cause(&self, _: Cause, _: CausePart, _: Option<&Expr>) -> bool {
        false
    }
}

/// A whole trace: its summary, and its segments when they are needed.
pub(super) struct TraceView<'a> {
    pub(super) summary: &'a TraceSummary,
    pub(super) whole: &'a dyn Fn() -> Option<TraceRecord>,
    pub(super) tree: OnceCell<Trace>,
}

impl TraceView<'_> {
    /// The trace's segments as a tree.
    fn whole(&self) -> &Trace {
        let build = || {
            let Some(record) = (self.whole)() else { return Trace::default() };
            let documents: Vec<String> = record.segments.iter().map(|(_, document)| document.to_string()).collect();
            Trace::from_documents(&record.id, record.duration_s, documents.iter().map(String::as_str))
        };
        self.tree.get_or_init(build)
    }

    /// The names of the services that took part and that a selector means.
    fn names(&self, selector: &ServiceSelector) -> Vec<&str> {
        let services = self.summary.services.iter();
        services.filter(|key| selector.takes(key)).map(|key| key.name.as_str()).collect()
    }

    /// Whether no part can be so. What a part shows the whole shows too: where it does not, the segments need not be
    /// looked at.
    fn is_hopeless(&self, block: &Expr) -> bool {
        matches!(block, Expr::Flag(flag @ (Flag::Error | Flag::Throttle | Flag::Fault)) if !self.flag(*flag))
    }
}

impl Subject for TraceView<'_> {
    fn flag(&self, flag: Flag) -> bool {
        let summary = self.summary;
        match flag {
            Flag::Ok => !(summary.fault || summary.error || summary.throttle),
            Flag::Error => summary.error,
            Flag::Throttle => summary.throttle,
            Flag::Fault => summary.fault,
            Flag::Inferred => summary.services.iter().any(|key| key.kind == "remote" || key.kind.ends_with("::Table")),
            Flag::Root => true,
            // Summaries are of traces that have ended, and are no part of a list.
            Flag::Partial | Flag::First | Flag::Last | Flag::Remote => false,
        }
    }

    fn number(&self, key: NumberKey) -> Option<f64> {
        Some(match key {
            NumberKey::ResponseTime => self.summary.response_time_s,
            NumberKey::Duration => self.summary.duration_s,
            NumberKey::HttpStatus => f64::from(self.summary.http.2),
            NumberKey::Index | NumberKey::Coverage => return None,
        })
    }

    fn text(&self, key: TextKey) -> Option<String> {
        match key {
            TextKey::HttpUrl => Some(self.summary.http.1.clone()),
            TextKey::HttpMethod => Some(self.summary.http.0.clone()),
            TextKey::Name => self.summary.services.iter().find(|key| key.kind != "client").map(|key| key.name.clone()),
            TextKey::Type => self.summary.services.iter().find(|key| key.kind != "client").map(|key| key.kind.clone()),
            TextKey::HttpUserAgent | TextKey::HttpClientIp => self.whole().spans.first()?.text(key),
            TextKey::User
            | TextKey::Message
            | TextKey::AvailabilityZone
            | TextKey::InstanceId
            | TextKey::ResourceArn => None,
        }
    }

    fn annotations(&self, key: &str) -> Vec<String> {
        let annotations = self.summary.annotations.iter();
        annotations.filter(|(name, ..)| name == key).map(|(_, value, _)| value.clone()).collect()
    }

    fn has_service(&self, selector: &ServiceSelector, block: Option<&Expr>) -> bool {
        let names = self.names(selector);
        let Some(block) = block else { return !names.is_empty() };
        if names.is_empty() || self.is_hopeless(block) {
            return false;
        }
        visit(self.whole(), &mut |node, _| names.contains(&answering(node)) && holds(block, node))
    }

    fn has_edge(&self, from: &ServiceSelector, to: &ServiceSelector, block: Option<&Expr>) -> bool {
        let (from, to) = (self.names(from), self.names(to));
        if from.is_empty() || to.is_empty() || block.is_some_and(|block| self.is_hopeless(block)) {
            return false;
        }
        visit(self.whole(), &mut |node, caller| {
            to.contains(&answering(node))
                && caller.is_some_and(|caller| from.contains(&caller))
                && block.is_none_or(|block| holds(block, node))
        })
    }

    fn has_cause(&self, cause: Cause, part: CausePart, block: Option<&Expr>) -> bool {
        let (trail, can_be) = match cause {
            Cause::Fault => (Trail::Fault, self.summary.fault),
            Cause::Error => (Trail::Error, self.summary.error),
            Cause::ResponseTime => (Trail::ResponseTime, true),
        };
        let Some(record) = can_be.then(|| (self.whole)()).flatten() else { return false };
        let parts = causes::parts(&record.segments, trail, part);
        parts.iter().any(|part| block.is_none_or(|block| holds(block, part)))
    }
}

/// The service that answers: a call of a table, which sends no segments, has the name of AWS's service.
fn answering(span: &Span) -> &str {
    span.document.pointer("/aws/table_name").and_then(Value::as_str).unwrap_or(&span.name)
}

/// Whether `found` holds of a span, given the name of the service that called it.
fn visit<'a>(trace: &'a Trace, found: &mut dyn FnMut(&'a Span, Option<&'a str>) -> bool) -> bool {
    // For each row: who calls what is below it.
    let mut callers: Vec<Option<&str>> = Vec::with_capacity(trace.spans.len());
    for (row, span) in trace.spans.iter().enumerate() {
        let caller = span.parent.and_then(|parent| callers.get(parent)).copied().flatten();
        if found(span, caller) {
            return true;
        }
        // A call and the segment of what it called often bear one name: the caller is the last with another name.
        let is_own = |child: usize| trace.spans.get(child).is_some_and(|child| child.name == span.name);
        callers.push(if trace.children(row).any(is_own) { caller } else { Some(&span.name) });
    }
    false
}

impl Subject for Span {
    fn flag(&self, flag: Flag) -> bool {
        match flag {
            Flag::Ok => !self.has_failed(),
            Flag::Error => self.error,
            Flag::Throttle => self.throttle,
            Flag::Fault => self.fault,
            Flag::Partial => self.end_s.is_none(),
            Flag::Inferred => !self.namespace.is_empty() && self.size <= 1,
            Flag::Remote => self.namespace == "remote",
            Flag::Root => self.document.get("trace_id").is_some() && self.document.get("parent_id").is_none(),
            Flag::First | Flag::Last => false,
        }
    }

    fn number(&self, key: NumberKey) -> Option<f64> {
        match key {
            NumberKey::ResponseTime | NumberKey::Duration => Some(self.end_s? - self.start_s),
            NumberKey::HttpStatus => self.document.pointer("/http/response/status").and_then(Value::as_f64),
            NumberKey::Index | NumberKey::Coverage => None,
        }
    }

    fn text(&self, key: TextKey) -> Option<String> {
        let read = |pointer: &str| self.document.pointer(pointer).and_then(Value::as_str).map(str::to_owned);
        match key {
            TextKey::HttpUrl => read("/http/request/url"),
            TextKey::HttpMethod => read("/http/request/method"),
            TextKey::HttpUserAgent => read("/http/request/user_agent"),
            TextKey::HttpClientIp => read("/http/request/client_ip"),
            TextKey::User => read("/user"),
            TextKey::Name => Some(self.name.clone()),
            TextKey::Type => read("/origin"),
            TextKey::Message => read("/cause/exceptions/0/message"),
            TextKey::AvailabilityZone => read("/aws/ec2/availability_zone"),
            TextKey::InstanceId => read("/aws/ec2/instance_id"),
            TextKey::ResourceArn => read("/resource_arn"),
        }
    }

    fn annotations(&self, key: &str) -> Vec<String> {
        match self.document.get("annotations").and_then(|annotations| annotations.get(key)) {
            None => Vec::new(),
            Some(Value::String(text)) => vec![text.clone()],
            Some(other) => vec![other.to_string()],
        }
    }

    fn has_service(&self, _: &ServiceSelector, _: Option<&Expr>) -> bool {
        // The parser allows no service within a service's block.
        false
    }

    fn has_edge(&self, _: &ServiceSelector, _: &ServiceSelector, _: Option<&Expr>) -> bool {
        false
    }
}
