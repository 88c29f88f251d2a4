//! Lists of traces: what X-Ray knows of each without its segments.

use std::cmp::Ordering;
use std::collections::HashSet;

use crate::clock::Time;
use crate::store::trace::Verdict;
use crate::store::window::Span;

/// How many traces a list keeps, where nothing else is asked.
pub const MOST: usize = 200;

/// Which traces are asked for; its equality decides whether two panes share one answer.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TraceQuery {
    /// X-Ray's filter expression, such as `service("TSP") { fault = true }`; the empty one takes every trace.
    pub filter: String,
    /// From when until when.
    pub span: Span,
    /// Which time of a trace must lie there.
    pub by: TimeRangeType,
    /// Whether X-Ray may leave some out.
    pub sampled: bool,
    /// After how many traces reading stops, at the end of a page.
    pub most: usize,
    /// Where reading goes on; `None` to begin with the newest. The store keeps a list under its query without this.
    pub rest: Option<Rest>,
}

/// Where a list that was not read to its end can be read on.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Rest {
    /// The end of the stretch of time that is read next.
    pub to: Time,
    /// X-Ray's token of the next page of that stretch; `None` for its first.
    pub token: Option<String>,
    /// Pages that came before.
    pub pages: u64,
}

/// Which time of a trace must lie in the stretch that is asked for (API Reference, GetTraceSummaries).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum TimeRangeType {
    /// When the trace started.
    #[default]
    TraceId,
    /// When the trace was updated.
    Event,
    /// When one of its segments ended.
    Service,
}

impl TimeRangeType {
    /// Every type, in the order in which they are switched.
    pub const ALL: [Self; 3] = [Self::TraceId, Self::Event, Self::Service];

    /// AWS's name of it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::TraceId => "TraceId",
            Self::Event => "Event",
            Self::Service => "Service",
        }
    }

    /// Which time that is.
    pub const fn words(self) -> &'static str {
        match self {
            Self::TraceId => "by start",
            Self::Event => "by update",
            Self::Service => "by segment end",
        }
    }

    /// The type of a name, in any case.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name().eq_ignore_ascii_case(name))
    }
}

impl TraceQuery {
    /// The newest traces that an expression takes, by when they started.
    pub fn new(filter: impl Into<String>, span: Span) -> Self {
        Self { filter: filter.into(), span, by: TimeRangeType::TraceId, sampled: false, most: MOST, rest: None }
    }
}

/// One of X-Ray's groups: the traces that an expression takes, under a name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TraceGroup {
    /// Its name.
    pub name: String,
    /// Its ARN, empty where X-Ray gives none.
    pub arn: String,
    /// Its filter expression; the empty one takes every trace.
    pub filter: String,
}

/// One trace in a list.
#[derive(Debug, Clone, Default, PartialEq)]
#[expect(clippy::struct_excessive_bools, reason = "each is what X-Ray says of a trace, and any of them may hold")]
pub struct TraceSummary {
    /// Trace id.
    pub id: String,
    /// When it started, `None` where X-Ray does not say.
    pub start: Option<Time>,
    /// Seconds from its first start to its last end.
    pub duration_s: f64,
    /// Seconds from the start to the end of its root, `None` where X-Ray does not say.
    pub response_s: Option<f64>,
    /// Whether the root failed with a 5xx.
    pub fault: bool,
    /// Whether the root failed with a 4xx.
    pub error: bool,
    /// Whether a call was throttled (429).
    pub throttle: bool,
    /// Whether a segment is still in progress.
    pub partial: bool,
    /// The service that the request came in by.
    pub entry: String,
    /// Method of the request, empty where there is none.
    pub method: String,
    /// URL of the request, empty where there is none.
    pub url: String,
    /// HTTP status of the response.
    pub status: Option<i32>,
    /// Address of who asked, empty where it is not known.
    pub client_ip: String,
    /// User agent of the request, empty where it is not known.
    pub user_agent: String,
    /// Users of its segments.
    pub users: Vec<String>,
    /// Services that took part, by name.
    pub services: Vec<String>,
    /// Annotations and their values, by name.
    pub annotations: Vec<(String, String)>,
    /// What it failed for, or took long for.
    pub causes: Vec<RootCause>,
}

/// What a root cause is the cause of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CauseKind {
    /// A fault.
    Fault,
    /// An error.
    Error,
    /// The response time.
    ResponseTime,
}

/// Where a trace failed, or where its time went: the end of one path through its services.
#[derive(Debug, Clone, PartialEq)]
pub struct RootCause {
    /// What it is the cause of.
    pub kind: CauseKind,
    /// The last service of the path.
    pub service: String,
    /// The last segment or subsegment of that service, empty where there is none.
    pub entity: String,
    /// The type and the message of its last exception.
    pub exception: Option<(String, String)>,
    /// Its share of the root's response time, from 0 to 1.
    pub coverage: Option<f64>,
}

impl TraceSummary {
    /// Method, URL and status of the request, as far as they are known.
    pub fn http(&self) -> String {
        let status = self.status.map(|status| status.to_string()).unwrap_or_default();
        let parts = [self.method.as_str(), self.url.as_str(), status.as_str()];
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
    }

    /// Seconds until the response: those of the whole where X-Ray says no others.
    pub fn response(&self) -> f64 {
        self.response_s.unwrap_or(self.duration_s)
    }

    /// How it went, in one word.
    pub const fn verdict(&self) -> Verdict {
        Verdict::of(self.fault, self.error, self.throttle, self.partial)
    }

    /// Whether anything is wrong with it.
    pub const fn failed(&self) -> bool {
        self.verdict().has_failed()
    }

    /// What it failed for; where it did not, what it took its time for.
    pub fn cause(&self) -> Option<&RootCause> {
        let of = |kind| self.causes.iter().find(|cause| cause.kind == kind);
        of(CauseKind::Fault).or_else(|| of(CauseKind::Error)).or_else(|| of(CauseKind::ResponseTime))
    }
}

/// Traces that were found, as far as was read.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct TraceList {
    /// The traces, newest first.
    pub traces: Vec<TraceSummary>,
    /// Where the traces that were not read begin; `None` where X-Ray has no more.
    pub rest: Option<Rest>,
    /// Whether more is being read.
    pub running: bool,
    /// How many traces X-Ray went through, which is what it charges.
    pub scanned: u64,
    /// Calls that it took.
    pub pages: u64,
    /// Since when everything has been read, where not all has.
    pub read_from: Option<Time>,
}

impl TraceList {
    /// Takes in the pages that come next. What is there already stays as it is.
    pub fn join(&mut self, next: Self) {
        let mut known: HashSet<String> = self.traces.iter().map(|trace| trace.id.clone()).collect();
        self.traces.extend(next.traces.into_iter().filter(|trace| known.insert(trace.id.clone())));
        self.traces.sort_by(newest_first);
        self.scanned += next.scanned;
        self.pages += next.pages;
        self.running = next.running;
        self.read_from = next.read_from.or(self.read_from).filter(|_| next.rest.is_some());
        self.rest = next.rest;
    }
}

fn newest_first(a: &TraceSummary, b: &TraceSummary) -> Ordering {
    b.start.cmp(&a.start).then_with(|| a.id.cmp(&b.id))
}
