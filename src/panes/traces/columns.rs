//! What stands in the columns of a list of traces.

use std::borrow::Cow;
use std::cmp::Ordering;

use crate::analysis::trace_groups;
use crate::board::Unit;
use crate::clock::Time;
use crate::panes::Cx;
use crate::store::trace_list::{CauseKind, RootCause, TraceSummary};
use crate::text::{clean, clean_field_head, clean_head, time, truncate, units, width};
use crate::widgets::print::shorten_middle;
use crate::widgets::theme::Role;

/// Bytes of a name or value that are shown in a row; X-Ray keeps no longer ones.
const LONGEST: usize = 1_024;
/// Annotations that have a column where nobody has chosen any.
const ANNOTATIONS: usize = 5;
/// Traces that decide which columns there are.
const LOOKED_AT: usize = 1_000;
/// Response and duration differ, in seconds.
const DIFFERENT: f64 = 0.001;

/// A column.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Column {
    Start,
    Duration,
    Response,
    Status,
    Method,
    Url,
    Cause,
    Entry,
    User,
    Client,
    Agent,
    Id,
    Annotation(String),
}

/// The columns that are no annotations, by name.
const PLAIN: [(&str, Column); 12] = [
    ("start", Column::Start),
    ("duration", Column::Duration),
    ("response", Column::Response),
    ("http", Column::Status),
    ("method", Column::Method),
    ("url", Column::Url),
    ("cause", Column::Cause),
    ("entry", Column::Entry),
    ("user", Column::User),
    ("client", Column::Client),
    ("agent", Column::Agent),
    ("id", Column::Id),
];

/// The columns that suit what was seen first: that a list is read on does not change them.
pub(super) fn suited(traces: &[TraceSummary]) -> Vec<Column> {
    let traces = traces.get(..LOOKED_AT).unwrap_or(traces);
    let is_told = |column: &Column| match column {
        Column::Response => traces.iter().any(|trace| (trace.response() - trace.duration_s).abs() >= DIFFERENT),
        Column::User => traces.iter().any(|trace| !trace.users.is_empty()),
        Column::Cause => traces.iter().any(|trace| !trace.causes.is_empty()),
        Column::Client | Column::Agent | Column::Id => false,
        _ => true,
    };
    let plain = PLAIN.into_iter().map(|(_, column)| column).filter(is_told);
    let annotations = trace_groups::annotations(traces).into_iter().take(ANNOTATIONS);
    plain.chain(annotations.map(|(key, _)| Column::Annotation(key))).collect()
}

/// Every column that there is a value for, with in how many traces.
pub(super) fn known(traces: &[TraceSummary]) -> Vec<(Column, String)> {
    let plain = PLAIN.into_iter().map(|(_, column)| (column, String::new()));
    let annotated = |count: usize| format!("annotation of {}", units::counted(count, "trace"));
    let annotations = trace_groups::annotations(traces).into_iter();
    plain.chain(annotations.map(|(key, count)| (Column::Annotation(key), annotated(count)))).collect()
}

impl Column {
    /// Its name, in headings and where columns are chosen.
    pub(super) fn name(&self) -> &str {
        match self {
            Self::Annotation(key) => key,
            other => PLAIN.iter().find(|(_, column)| column == other).map_or("", |(name, _)| name),
        }
    }

    /// The column of a name; one that is none of the others is an annotation's.
    pub(super) fn parse(name: &str) -> Self {
        let plain = PLAIN.into_iter().find(|(known, _)| *known == name);
        plain.map_or_else(|| Self::Annotation(name.to_owned()), |(_, column)| column)
    }

    /// Whether it holds numbers.
    pub(super) const fn is_number(&self) -> bool {
        matches!(self, Self::Duration | Self::Response | Self::Status)
    }

    /// What a trace has there, as it is shown; empty where it has nothing.
    pub(super) fn text(&self, trace: &TraceSummary, cx: &Cx<'_>) -> String {
        let short = |text: &str| clean_head(text, LONGEST).into_owned();
        match self {
            Self::Start => trace.start.map_or_else(String::new, |at| {
                let (at, now) = (cx.zone.at(at), cx.zone.at(cx.now));
                // The date, where it is not today's, is worth more than the milliseconds.
                if at.date_naive() == now.date_naive() { time::clock_ms(&at) } else { time::moment(&at, &now) }
            }),
            Self::Duration => units::value(trace.duration_s, Unit::Seconds),
            Self::Response => units::value(trace.response(), Unit::Seconds),
            Self::Status => trace.status.map(|status| status.to_string()).unwrap_or_default(),
            Self::Method => short(&trace.method),
            Self::Url => short(&trace.url),
            Self::Cause => trace.cause().map(cause).unwrap_or_default(),
            Self::Entry => short(&trace.entry),
            Self::User => short(&trace.users.join(" ")),
            Self::Client => short(&trace.client_ip),
            Self::Agent => short(&trace.user_agent),
            Self::Id => short(&trace.id),
            Self::Annotation(key) => {
                let own = trace.annotations.iter().filter(|(name, _)| name == key);
                let values: Vec<_> = own.map(|(name, value)| clean_field_head(name, value, LONGEST)).collect();
                values.join(" ")
            }
        }
    }

    /// A text of it in so many cells: of a URL, the path tells more than the scheme and the end of the host's name.
    /// What has no better way is cut where it is drawn.
    pub(super) fn fitted(&self, text: &str, room: usize) -> String {
        if width(text) <= room {
            return text.to_owned();
        }
        // A share is worth more than the end of a name.
        if *self == Self::Cause
            && let Some((name, share)) = text.strip_suffix(" %").and_then(|text| text.rsplit_once(' '))
        {
            let share = format!(" {share} %");
            return format!("{}{share}", truncate(name, room.saturating_sub(width(&share))));
        }
        if *self != Self::Url {
            return text.to_owned();
        }
        let bare = text.split_once("://").map_or(text, |(_, bare)| bare);
        let (host, path) = bare.split_at(bare.find('/').unwrap_or(bare.len()));
        let host = truncate(host, room.saturating_sub(width(path)).max(room / 3));
        format!("{host}{}", shorten_middle(path, room.saturating_sub(width(&host))))
    }

    /// How what stands there looks.
    pub(super) fn role(&self, trace: &TraceSummary) -> Role {
        match self {
            Self::Start | Self::Method | Self::Client | Self::Agent | Self::Id => Role::Muted,
            Self::Duration | Self::Response => Role::Strong,
            Self::Status => match trace.status {
                Some(500..) => Role::Fault,
                Some(429) => Role::Throttle,
                Some(400..) => Role::Error,
                _ => Role::Text,
            },
            Self::Cause => match trace.cause().map(|cause| cause.kind) {
                Some(CauseKind::Fault) => Role::Fault,
                Some(CauseKind::Error) => Role::Error,
                Some(CauseKind::ResponseTime) | None => Role::Muted,
            },
            Self::Url | Self::Entry | Self::User | Self::Annotation(_) => Role::Text,
        }
    }

    /// Sorts places of traces by what these have there; what is missing comes last.
    pub(super) fn sort(&self, places: &mut Vec<usize>, traces: &[TraceSummary], descending: bool) {
        let mut keyed: Vec<(Option<Key<'_>>, usize)> =
            places.iter().map(|at| (traces.get(*at).and_then(|trace| self.key(trace)), *at)).collect();
        keyed.sort_by(|(a, _), (b, _)| {
            missing(a.as_ref(), b.as_ref(), |a, b| if descending { a.compare(b).reverse() } else { a.compare(b) })
        });
        places.clear();
        places.extend(keyed.into_iter().map(|(_, at)| at));
    }

    /// What a trace is sorted by there.
    fn key<'a>(&self, trace: &'a TraceSummary) -> Option<Key<'a>> {
        match self {
            Self::Start => trace.start.map(Key::At),
            Self::Duration => Some(Key::Number(trace.duration_s)),
            Self::Response => Some(Key::Number(trace.response())),
            Self::Status => trace.status.map(|status| Key::Number(f64::from(status))),
            other => {
                let text = other.raw(trace);
                let number = text.parse().ok();
                (!text.is_empty()).then_some(Key::Text(text, number))
            }
        }
    }

    /// What every one of several traces has there, where that is one and the same; of what tells traces apart, nothing.
    pub(super) fn common(&self, traces: &[TraceSummary]) -> Option<String> {
        let [first, second, rest @ ..] = traces else { return None };
        if matches!(self, Self::Start | Self::Duration | Self::Response | Self::Cause | Self::Id) {
            return None;
        }
        let value = match self {
            Self::Status => first.status.map(|status| status.to_string()).unwrap_or_default(),
            other => other.raw(first).into_owned(),
        };
        let has = |trace: &TraceSummary| match self {
            Self::Status => trace.status == first.status,
            other => other.raw(trace) == value,
        };
        let is_same = !value.is_empty() && has(second) && rest.iter().all(has);
        is_same.then(|| clean_field_head(self.name(), &value, LONGEST).into_owned())
    }

    fn raw<'a>(&self, trace: &'a TraceSummary) -> Cow<'a, str> {
        match self {
            Self::Method => Cow::from(&trace.method),
            Self::Url => Cow::from(&trace.url),
            Self::Cause => Cow::from(trace.cause().map_or("", |cause| &cause.service)),
            Self::Entry => Cow::from(&trace.entry),
            Self::User => match trace.users.as_slice() {
                [one] => Cow::from(one),
                several => Cow::from(several.join(" ")),
            },
            Self::Client => Cow::from(&trace.client_ip),
            Self::Agent => Cow::from(&trace.user_agent),
            Self::Annotation(key) => {
                let own = trace.annotations.iter().find(|(name, _)| name == key);
                Cow::from(own.map_or("", |(_, value)| value))
            }
            Self::Id | Self::Start | Self::Duration | Self::Response | Self::Status => Cow::from(&trace.id),
        }
    }
}

/// What traces are sorted by.
#[derive(Debug)]
enum Key<'a> {
    At(Time),
    Number(f64),
    /// With its number, where it is one.
    Text(Cow<'a, str>, Option<f64>),
}

impl Key<'_> {
    fn compare(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::At(a), Self::At(b)) => a.cmp(b),
            (Self::Number(a), Self::Number(b)) | (Self::Text(_, Some(a)), Self::Text(_, Some(b))) => a.total_cmp(b),
            (Self::Text(a, _), Self::Text(b, _)) => a.cmp(b),
            _ => Ordering::Equal,
        }
    }
}

fn missing<T>(a: Option<T>, b: Option<T>, compare: impl Fn(&T, &T) -> Ordering) -> Ordering {
    match (a, b) {
        (Some(a), Some(b)) => compare(&a, &b),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => Ordering::Equal,
    }
}

/// A root cause in words: `TSP: TspTimeoutException`, `TSP 93 %`.
fn cause(cause: &RootCause) -> String {
    let service = clean_head(&cause.service, LONGEST);
    match (&cause.exception, cause.coverage) {
        (Some((name, message)), _) => {
            let what = if name.is_empty() { message } else { name };
            format!("{service}: {}", clean_head(what, LONGEST))
        }
        (None, Some(coverage)) => format!("{service} {:.0} %", coverage * 100.0),
        (None, None) if cause.entity.is_empty() || cause.entity == cause.service => service.into_owned(),
        (None, None) => format!("{service}: {}", clean(&cause.entity)),
    }
}
