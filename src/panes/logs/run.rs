//! One run of a query: what was asked, and how far it is.

use std::cell::OnceCell;

use chrono::SubsecRound;

use crate::analysis::log_query::judge::Mistake;
use crate::analysis::log_query::{columns, parameters, source};
use crate::clock::Time;
use crate::insights::editor;
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
    /// The columns that it asks for.
    columns: OnceCell<Vec<String>>,
    /// When it was stopped by hand.
    pub(super) stopped: Option<Time>,
}

/// How far a run is.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Phase {
    /// Something is wrong with it, and AWS is not asked.
    Unsent,
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
        let (asked, query, columns) = (OnceCell::new(), OnceCell::new(), OnceCell::new());
        Self { written, chosen, asked, query, columns, stopped: None }
    }

    /// When it was started, and over what: to whole seconds, as AWS reads them, so that it can be asked again.
    pub(super) fn asked(&self, cx: &Cx<'_>) -> (Time, (Time, Time)) {
        *self.asked.get_or_init(|| (cx.now, cx.window.range(cx.now.trunc_subsecs(0))))
    }

    /// The columns that it asks for, as far as its text tells.
    pub(super) fn columns(&self) -> &[String] {
        self.columns.get_or_init(|| columns::asked(&self.written))
    }

    /// The text as it is sent.
    ///
    /// # Errors
    /// A parameter without a value.
    fn filled(&self, cx: &Cx<'_>) -> Result<String, Mistake> {
        let value = |name: &str| cx.board.vars.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
        parameters::fill(&self.written, value).map_err(|mistake| {
            let message = mistake.message.split(';').next().unwrap_or_default();
            Mistake { message: format!("{message}: write one in its place"), ..mistake }
        })
    }

    /// Why it is not sent, and where that stands.
    pub(super) fn refusal(&self, cx: &Cx<'_>) -> Option<Mistake> {
        self.filled(cx).err()
    }

    /// The groups that it reads, as they were chosen or as it names them itself; `None` where nobody here knows.
    pub(super) fn reads(&self, cx: &Cx<'_>) -> Option<Vec<String>> {
        reads(&self.written, self.chosen(cx), cx)
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
        let text = self.filled(cx).ok()?;
        // What the query names by itself is not named again.
        let groups = if names_groups(&text, cx) { Vec::new() } else { resolved(self.chosen(cx), cx).ok().flatten()? };
        let query = LogQuery { text, groups, span: Some(span) };
        Some(self.query.get_or_init(|| query))
    }

    /// What is known of its answer.
    pub(super) fn answer<'a>(&self, cx: &Cx<'a>) -> Option<&'a Feed<LogRows>> {
        cx.store.rows.get(self.query(cx)?)
    }

    /// How far it is.
    pub(super) fn phase(&self, cx: &Cx<'_>) -> Phase {
        let stopped = self.stopped.is_some();
        if self.refusal(cx).is_some() {
            return Phase::Unsent;
        }
        if let Some(words) = self.query(cx).is_none().then(|| resolved(self.chosen(cx), cx).err()).flatten() {
            return Phase::Failed(words, None);
        }
        if self.query(cx).is_none() {
            return if stopped { Phase::Stopped } else { Phase::Resolving };
        }
        let Some(feed) = self.answer(cx) else {
            return if stopped { Phase::Stopped } else { Phase::Running };
        };
        match &feed.health {
            Health::Failed { error, .. } | Health::Stale { error, .. } if !stopped && !is_passing(error) => {
                Phase::Failed(error.message.clone(), Some(error.clone()))
            }
            Health::Live { .. } if !feed.data.running => Phase::Done,
            _ if stopped => Phase::Stopped,
            _ => Phase::Running,
        }
    }

    /// Whether AWS is to be asked.
    pub(super) fn is_under_way(&self, cx: &Cx<'_>) -> bool {
        matches!(self.phase(cx), Phase::Resolving | Phase::Running)
    }
}

/// Whether a query says itself which groups it reads. Over files it does not: what is read there was said before.
pub(super) fn names_groups(text: &str, cx: &Cx<'_>) -> bool {
    !cx.board.is_of_files() && editor::names_groups(text)
}

/// The groups that a query reads, as they were chosen or as it names them itself; `None` where nobody here knows.
pub(super) fn reads(text: &str, chosen: &[String], cx: &Cx<'_>) -> Option<Vec<String>> {
    match source::named(text).filter(|_| !cx.board.is_of_files()) {
        None => Some(chosen.to_vec()),
        Some(source::Named::Groups(groups)) => Some(groups),
        Some(source::Named::Unknown) => None,
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
