//! One run of a query: what was asked, and how far it is.

use std::cell::OnceCell;

use crate::analysis::log_query::parameters;
use crate::clock::Time;
use crate::panes::Cx;
use crate::store::health::{ErrorKind, Feed, Health, SourceError};
use crate::store::rows::{LogQuery, LogRows, MOST_GROUPS};

/// A query that was started.
#[derive(Debug)]
pub(super) struct Run {
    /// The text as it was written.
    pub(super) written: String,
    /// The groups as they were chosen; the board's where nothing was.
    chosen: OnceCell<Vec<String>>,
    /// When it was started, and the window then; set when it is first looked at.
    asked: OnceCell<(Time, (Time, Time))>,
    /// What AWS is asked, once all groups are known by name.
    query: OnceCell<LogQuery>,
    /// Whether it was stopped by hand.
    pub(super) stopped: bool,
}

/// How far a run is.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Phase {
    /// The groups that a prefix stands for are being looked up.
    Resolving,
    /// AWS is at work.
    Running,
    /// All rows are here.
    Done,
    /// It was stopped by hand; the rows are those that there were.
    Stopped,
    /// AWS, or what was asked, gave no answer.
    Failed(String, Option<SourceError>),
}

impl Run {
    pub(super) fn new(written: String, given: Option<Vec<String>>) -> Self {
        let chosen = OnceCell::new();
        if let Some(given) = given {
            chosen.get_or_init(|| given);
        }
        Self { written, chosen, asked: OnceCell::new(), query: OnceCell::new(), stopped: false }
    }

    /// When it was started, and over what.
    pub(super) fn asked(&self, cx: &Cx<'_>) -> (Time, (Time, Time)) {
        *self.asked.get_or_init(|| (cx.now, cx.window.range(cx.now)))
    }

    /// The groups as they were chosen.
    pub(super) fn chosen(&self, cx: &Cx<'_>) -> &[String] {
        self.chosen.get_or_init(|| cx.board.query_groups())
    }

    /// What AWS is asked.
    pub(super) fn query(&self, cx: &Cx<'_>) -> Option<&LogQuery> {
        if let Some(query) = self.query.get() {
            return Some(query);
        }
        let (_, span) = self.asked(cx);
        let groups = resolved(self.chosen(cx), cx).ok().flatten()?;
        let value = |name: &str| cx.board.vars.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
        let text = parameters::fill(&self.written, value).unwrap_or_else(|_| self.written.clone());
        let query = LogQuery { text, groups, span: Some(span) };
        Some(self.query.get_or_init(|| query))
    }

    /// What is known of its answer.
    pub(super) fn answer<'a>(&self, cx: &Cx<'a>) -> Option<&'a Feed<LogRows>> {
        cx.store.rows.get(self.query(cx)?)
    }

    /// How far it is.
    pub(super) fn phase(&self, cx: &Cx<'_>) -> Phase {
        if let Err(words) = resolved(self.chosen(cx), cx) {
            return Phase::Failed(words, None);
        }
        if self.query(cx).is_none() {
            return if self.stopped { Phase::Stopped } else { Phase::Resolving };
        }
        let Some(feed) = self.answer(cx) else {
            return if self.stopped { Phase::Stopped } else { Phase::Running };
        };
        match &feed.health {
            Health::Failed { error, .. } | Health::Stale { error, .. } if !self.stopped && !is_passing(error) => {
                Phase::Failed(error.message.clone(), Some(error.clone()))
            }
            Health::Live { .. } if !feed.data.running => Phase::Done,
            _ if self.stopped => Phase::Stopped,
            _ => Phase::Running,
        }
    }

    /// Whether AWS is to be asked.
    pub(super) fn is_under_way(&self, cx: &Cx<'_>) -> bool {
        matches!(self.phase(cx), Phase::Resolving | Phase::Running)
    }
}

/// Trouble that the source tries again by itself.
const fn is_passing(error: &SourceError) -> bool {
    matches!(error.kind, ErrorKind::Throttled | ErrorKind::Unreachable)
}

/// The groups by name in place of `prefix*`; `None` while that is not known.
///
/// # Errors
/// Why there is nothing to ask.
pub(super) fn resolved(chosen: &[String], cx: &Cx<'_>) -> Result<Option<Vec<String>>, String> {
    let mut found: Vec<String> = Vec::new();
    for choice in chosen {
        match prefix(choice) {
            Some(prefix) => {
                let Some(feed) = cx.store.logbook.groups.get(prefix) else { return Ok(None) };
                if feed.data.groups.is_empty() {
                    return Err(format!("no log group begins with {prefix}"));
                }
                found.extend(feed.data.groups.iter().map(|group| group.name.clone()));
            }
            None => found.push(choice.trim_end_matches(":*").to_owned()),
        }
    }
    let mut seen = std::collections::HashSet::new();
    found.retain(|group| seen.insert(group.clone()));
    match found.len() {
        0 => Err("no log group is chosen".to_owned()),
        count if count > MOST_GROUPS && !cx.board.is_of_files() => {
            Err(format!("Logs Insights reads {MOST_GROUPS} log groups at most, these are {count}"))
        }
        _ => Ok(Some(found)),
    }
}

/// The prefix that a choice stands for, if it ends in `*` and is no ARN.
pub(super) fn prefix(choice: &str) -> Option<&str> {
    choice.strip_suffix('*').filter(|_| !choice.starts_with("arn:"))
}
