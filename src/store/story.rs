//! The story of an identifier: everything that log groups, X-Ray and CloudTrail say about it, in order of time.

use std::time::Duration;

use super::health::SourceError;
use crate::clock::Time;

/// What is investigated; its equality decides whether two panes share one answer.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StoryQuery {
    /// The identifiers as they were given.
    pub identifiers: Vec<String>,
    /// Log groups to look into in place of the board's: names, prefixes that end in `*`, ARNs.
    pub groups: Vec<String>,
    /// How far back from `to` is looked at first.
    pub since: Duration,
    /// Until when; `None` for the present.
    pub to: Option<Time>,
}

impl StoryQuery {
    /// The default of `since`.
    pub const SINCE: Duration = Duration::from_hours(24);

    /// The investigation of one value in the board's log groups.
    pub fn of(value: &str) -> Self {
        let identifiers = vec![value.trim().to_owned()];
        Self { identifiers, groups: Vec::new(), since: Self::SINCE, to: None }
    }
}

/// What is known of it, as far as answers have come.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Story {
    /// The identifiers that belong together, those that were given first.
    pub identifiers: Vec<Identifier>,
    /// What happened, in order of time, each thing once.
    pub events: Vec<Event>,
    /// What was searched, in the order in which the searches began.
    pub searched: Vec<Search>,
    /// Texts that many requests share: they have no story of their own.
    pub shared: Vec<Shared>,
    /// What a reader should know: refusals, cuts, identifiers that were not followed.
    pub problems: Vec<String>,
    /// Whether answers are still on their way.
    pub running: bool,
}

/// A text that was given and that many requests share, with requests to go on with.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Shared {
    /// The text.
    pub value: String,
    /// Lines with it that were read, the newest of them.
    pub read: usize,
    /// Lines with it that there are, as far as that is known: never fewer than were read.
    pub lines: u64,
    /// Requests that these lines name.
    pub requests: usize,
    /// Those of them that failed.
    pub failed: usize,
    /// From when the lines are that were read.
    pub from: Time,
    /// Until when.
    pub to: Time,
    /// Whether there is more than was read.
    pub more: bool,
    /// The newest word on some of the requests, those that failed before the others, in order of time.
    pub leads: Vec<Event>,
}

/// An identifier and how it was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identifier {
    /// The field that holds it, such as `correlationId`; empty while that is not known.
    pub field: String,
    /// Its value, raw.
    pub value: String,
    /// How it was found; `None` where it was given.
    pub join: Option<Join>,
}

/// Where an identifier was found beside another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Join {
    /// The source of the event that holds both.
    pub source: String,
    /// The identifier that led to that event.
    pub with: String,
}

/// Where an event comes from.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Origin {
    /// X-Ray.
    XRay,
    /// A log group, by name.
    Logs(String),
    /// CloudTrail, by way of this log group.
    CloudTrail(String),
}

impl Origin {
    /// Its name in the JSON contract: `logs:GROUP`, `xray` or `cloudtrail`.
    pub fn name(&self) -> String {
        match self {
            Self::XRay => "xray".to_owned(),
            Self::Logs(group) => format!("logs:{group}"),
            Self::CloudTrail(_) => "cloudtrail".to_owned(),
        }
    }

    /// The log group that it was read in.
    pub const fn group(&self) -> Option<&String> {
        match self {
            Self::XRay => None,
            Self::Logs(group) | Self::CloudTrail(group) => Some(group),
        }
    }
}

/// What an event says about how it went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Outcome {
    /// Nothing.
    #[default]
    Silent,
    /// Something began.
    Pending,
    /// It went well.
    Good,
    /// It failed.
    Failed,
}

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Event {
    /// When: of a log line its time, of a segment its start.
    pub time: Time,
    /// How long it took, in seconds, where it says so.
    pub took_s: Option<f64>,
    /// The part of that during which nothing below it ran, in seconds; of segments.
    pub own_s: Option<f64>,
    /// Where it comes from.
    pub origin: Option<Origin>,
    /// Who says so: the service.
    pub service: String,
    /// The status in its own words.
    pub status: String,
    /// What that means.
    pub outcome: Outcome,
    /// What happened, in a few words, raw.
    pub what: String,
    /// Why it failed, if it says so.
    pub reason: Option<String>,
    /// The whole line or document, raw.
    pub text: String,
    /// The request that it belongs to: a retry is another one.
    pub request: Option<String>,
    /// What ties a request to its retries.
    pub correlation: Option<String>,
    /// The trace that it belongs to.
    pub trace: Option<String>,
    /// The segment's id.
    pub segment: Option<String>,
    /// How deep the segment stands in its trace.
    pub depth: u16,
    /// The identifiers that it holds.
    pub ids: Vec<String>,
}

impl Event {
    /// When it was over: a line is written when the thing is over, a segment begins at its time.
    pub fn ended(&self) -> Time {
        let begins = self.segment.is_some() || self.origin == Some(Origin::XRay);
        match self.took_s.filter(|_| begins) {
            Some(took) => self.time + chrono::TimeDelta::microseconds((took.max(0.0) * 1e6).round() as i64),
            None => self.time,
        }
    }

    /// The source's name in the JSON contract.
    pub fn source(&self) -> String {
        self.origin.as_ref().map(Origin::name).unwrap_or_default()
    }

    /// What it is ordered by.
    fn place(&self) -> (Time, &Option<Origin>, u16, &str, Option<&str>) {
        (self.time, &self.origin, self.depth, &self.text, self.segment.as_deref())
    }
}

/// How a search went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SearchState {
    /// Under way.
    Running,
    /// Read to its end.
    Done,
    /// Ended at a bound: there is more.
    Cut,
    /// It took too long.
    TimedOut,
    /// Everything of that time has been deleted, or is older than the group.
    OutsideRetention,
    /// Not made, and why.
    Skipped(String),
    /// Ended before its end, as nothing depended on it any more, and why.
    Ended(String),
    /// AWS refused it, or failed.
    Failed(SourceError),
}

impl SearchState {
    /// Its word in the JSON contract.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Done => "done",
            Self::Cut => "truncated",
            Self::TimedOut => "timed out",
            Self::OutsideRetention => "outside retention",
            Self::Skipped(_) => "not searched",
            Self::Ended(_) => "ended early",
            Self::Failed(error) => error.kind.word(),
        }
    }

    /// Whether what was asked for has been looked through as far as it was asked.
    pub const fn has_answered(&self) -> bool {
        matches!(self, Self::Done | Self::Cut)
    }
}

/// By which operation of AWS something is searched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum How {
    /// Which log groups a prefix stands for.
    LogGroups,
    /// FilterLogEvents: lines of one log group, page by page.
    Filter,
    /// A Logs Insights query: lines of many log groups at once.
    Insights,
    /// Traces by their ids.
    Traces,
    /// Traces by an annotation.
    Annotation,
    /// Traces that Transaction Search keeps in CloudWatch Logs.
    Retrieval,
}

impl How {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::LogGroups, Self::Filter, Self::Insights, Self::Traces, Self::Annotation, Self::Retrieval];

    /// Its name in the JSON contract: the operation, as `service:Operation`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::LogGroups => "logs:DescribeLogGroups",
            Self::Filter => "logs:FilterLogEvents",
            Self::Insights => "logs:StartQuery",
            Self::Traces => "xray:BatchGetTraces",
            Self::Annotation => "xray:GetTraceSummaries",
            Self::Retrieval => "xray:ListRetrievedTraces",
        }
    }

    /// Whether what is searched are log groups.
    pub const fn is_of_logs(self) -> bool {
        matches!(self, Self::LogGroups | Self::Filter | Self::Insights)
    }
}

/// One search: where, how, for what, and what came of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Search {
    /// What was searched: log groups by name, or `xray`.
    pub places: Vec<String>,
    /// By which operation.
    pub how: How,
    /// Why it was done in this way, where there was a choice.
    pub why: String,
    /// The identifiers that were looked for.
    pub sought: Vec<String>,
    /// From when.
    pub from: Time,
    /// Until when.
    pub to: Time,
    /// How it went.
    pub state: SearchState,
    /// Calls that it took.
    pub calls: u64,
    /// Events that it found, those that others found too included.
    pub found: usize,
    /// Bytes that Logs Insights read.
    pub bytes: f64,
    /// What it cost in US dollars.
    pub usd: f64,
}

impl Search {
    /// What was searched, in few words: the first place, and how many more.
    pub fn named(&self) -> String {
        match self.places.as_slice() {
            [one] => one.clone(),
            [first, rest @ ..] => format!("{first} and {} more", rest.len()),
            [] => String::new(),
        }
    }
}

impl Story {
    /// Whether there is nothing but texts that many requests share: its events are requests to go on with.
    pub fn is_shared(&self) -> bool {
        let mut given = self.identifiers.iter().filter(|known| known.join.is_none()).peekable();
        given.peek().is_some() && given.all(|known| self.shared.iter().any(|shared| shared.value == known.value))
    }

    /// Has the requests to go on with as its events, where it is nothing but shared.
    pub fn offer(&mut self) {
        if self.is_shared() {
            self.events.clear();
            let leads: Vec<Event> = self.shared.iter().flat_map(|shared| shared.leads.iter().cloned()).collect();
            for lead in leads {
                self.add(lead);
            }
        }
    }

    /// Whether nothing has been found.
    pub fn is_empty(&self) -> bool {
        self.events.is_empty() && self.shared.is_empty()
    }

    /// How many searches have ended.
    pub fn ended(&self) -> usize {
        self.searched.iter().filter(|search| search.state != SearchState::Running).count()
    }

    /// Why nothing could be searched: what the first search came to, where none was answered.
    pub fn refusal(&self) -> Option<String> {
        if self.searched.is_empty() || self.searched.iter().any(|search| search.state.has_answered()) {
            return None;
        }
        let first = self.searched.first().map(|search| &search.state)?;
        Some(match first {
            SearchState::Failed(error) => error.brief(),
            state => state.word().to_owned(),
        })
    }

    /// Takes in an event in its place; `false` where it is known.
    pub fn add(&mut self, event: Event) -> bool {
        match self.events.binary_search_by(|known| known.place().cmp(&event.place())) {
            Ok(_) => false,
            Err(at) => {
                self.events.insert(at, event);
                true
            }
        }
    }

    /// What all searches cost in US dollars.
    pub fn usd(&self) -> f64 {
        self.searched.iter().map(|search| search.usd).sum()
    }

    /// From the first event to the end of the last.
    pub fn span(&self) -> Option<(Time, Time)> {
        let first = self.events.first()?.time;
        let last = self.events.iter().map(Event::ended).max()?;
        Some((first, last.max(first)))
    }

    /// Whether nothing was answered at all, and something was refused or not answered in time.
    pub fn is_refused(&self) -> bool {
        let answered = self.searched.iter().any(|search| search.state.has_answered());
        let is_lost = |search: &Search| matches!(search.state, SearchState::Failed(_) | SearchState::TimedOut);
        !answered && self.searched.iter().any(is_lost)
    }

    /// Says something once.
    pub fn note(&mut self, words: String) {
        if !self.problems.contains(&words) {
            self.problems.push(words);
        }
    }
}
