//! All rules of a board: their states, their episodes, and what has changed.

use std::collections::HashMap;
use std::time::Duration;

use chrono::TimeDelta;

use super::memory::Memory;
use super::needs::{Need, needs};
use super::reason::reason;
use super::spell::{Spell, spells};
use super::trace::{Look, Trace};
use super::{dampen::Phase, trace};
use crate::app::msg::Update;
use crate::board::{Board, Rule};
use crate::clock::Time;
use crate::store::Store;
use crate::store::episode::{Episode, Signal};
use crate::store::rule::{RuleState, RuleStatus, RuleTrack};

/// Episodes that are kept of a rule, the newest.
const KEPT: usize = 100;

/// Where the signals are: part of an episode's identity.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Place {
    /// The account's name.
    pub account: String,
    /// The region.
    pub region: String,
}

/// What has changed about a rule.
#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    /// An episode has begun, or goes on after it had seemed over.
    Began(Episode),
    /// The episode under way has reached a new peak.
    Grew(Episode),
    /// An episode is over.
    Ended(Episode),
    /// An episode that was over before the rule was looked at.
    Found(Episode),
}

impl Change {
    /// The episode.
    pub const fn episode(&self) -> &Episode {
        match self {
            Self::Began(episode) | Self::Grew(episode) | Self::Ended(episode) | Self::Found(episode) => episode,
        }
    }
}

/// What is known of one rule.
#[derive(Debug, Default)]
struct Known {
    /// Episodes, ascending.
    episodes: Vec<Episode>,
    /// Whether something that it stands on has changed.
    news: bool,
    /// When it has to be looked at anyhow.
    due: Option<Time>,
    /// What its last look leaves for the next.
    memory: Memory,
    /// How it stood when it was last looked at, and since when.
    state: Option<(RuleState, Option<Time>)>,
}

/// Evaluates the rules of a board whenever something is learnt about them.
#[derive(Debug)]
pub struct RuleEngine {
    place: Place,
    look_back: Duration,
    /// What each rule of the board stands on.
    needs: Vec<(String, Vec<Need>)>,
    known: HashMap<String, Known>,
}

impl RuleEngine {
    /// An engine for the rules of a board that, when it begins, looks at the last `look_back`.
    pub fn new(board: &Board, place: Place, look_back: Duration) -> Self {
        let needs = board.rules.iter().map(|rule| (rule.id.clone(), needs(rule, board, look_back)));
        Self { place, look_back, needs: needs.collect(), known: HashMap::new() }
    }

    /// What the rules need, each thing once; of a metric, the longest span.
    pub fn needs(&self) -> Vec<Need> {
        let mut found: Vec<Need> = Vec::new();
        for need in self.needs.iter().flat_map(|(_, needs)| needs) {
            if !found.iter_mut().any(|other| other.take_in(need)) {
                found.push(need.clone());
            }
        }
        found
    }

    /// Notes which rules some news concerns.
    pub fn note(&mut self, update: &Update) {
        let concerns = |need: &Need| match (need, update) {
            (Need::Metric { query, .. }, Update::Metrics(batch)) => {
                batch.results.iter().any(|result| result.query == *query)
            }
            (Need::Counts(query), Update::Counts(batch)) => batch.query == *query,
            (Need::Service { query, .. }, Update::ServiceTrend { query: told, followed: true, .. }) => told == query,
            (Need::Metric { .. } | Need::Counts(_) | Need::Service { .. }, _) => false,
        };
        for (id, _) in self.needs.iter().filter(|(_, needs)| needs.iter().any(concerns)) {
            self.known.entry(id.clone()).or_default().news = true;
        }
    }

    /// Notes that something may have changed about every rule, such as that a source fails.
    pub fn note_all(&mut self) {
        self.known.values_mut().for_each(|known| known.news = true);
    }

    /// Looks at the rules that there are news of, or whose time has come; puts their states into the store and says
    /// what has changed, in the order of the board.
    pub fn look(&mut self, board: &Board, store: &mut Store, now: Time) -> Vec<Change> {
        let mut changes = Vec::new();
        for (index, rule) in board.rules.iter().enumerate() {
            let known = self.known.entry(rule.id.clone()).or_default();
            let is_due = known.due.is_none_or(|due| now >= due);
            if !known.news && !is_due {
                continue;
            }
            let from = now - TimeDelta::from_std(self.look_back).unwrap_or_default();
            let trace = trace(rule, (board, store), &mut known.memory, from, now);
            known.adopt(&rule.id, store);
            known.news = false;
            known.due = Some(trace.due);
            changes.extend(known.take(rule, &self.place, &trace, now));
            let status = known.status(rule, &trace, now);
            match store.rules.iter_mut().find(|other| other.id == rule.id) {
                Some(other) => *other = status,
                None => store.rules.insert(index.min(store.rules.len()), status),
            }
            store.rule_tracks.insert(rule.id.clone(), known.track(trace));
        }
        changes
    }

    /// A rule's episode under way, else its newest.
    pub fn newest(&self, id: &str) -> Option<&Episode> {
        self.known.get(id)?.episodes.last()
    }

    /// How a rule stands.
    pub fn phase(&self, id: &str) -> Phase {
        match self.known.get(id).and_then(|known| known.state) {
            Some((RuleState::Firing, _)) => Phase::Firing,
            Some((RuleState::Quiet, _)) => Phase::Quiet,
            Some((RuleState::NoData, _)) | None => Phase::Unknown,
        }
    }
}

impl Known {
    /// Takes over what an earlier run has kept of the rule: an episode that it left open, and how those that are still
    /// to be seen are dated.
    fn adopt(&mut self, id: &str, store: &Store) {
        let kept = store.history.episodes.iter().filter(|it| it.signal == Signal::Rule && it.name == id);
        for episode in kept.take(KEPT) {
            if !self.episodes.iter().any(|known| known.is_same(episode)) {
                self.episodes.push(episode.clone());
            }
        }
        self.episodes.sort_by_key(|episode| episode.began);
    }

    /// Holds the spells of a trace against the episodes that are known.
    fn take(&mut self, rule: &Rule, place: &Place, trace: &Trace, now: Time) -> Vec<Change> {
        let found = spells(trace);
        let mut changes = Vec::new();
        for spell in &found {
            let same = self.episodes.iter_mut().rev().find(|episode| meets(episode, spell));
            match same {
                Some(episode) => changes.extend(update(episode, spell)),
                // When it began is what tells it from others: without that it would be kept again at each launch.
                None if !spell.whole && spell.ended.is_some() => {}
                None => {
                    let episode = begin(rule, place, trace, spell);
                    self.episodes.push(episode.clone());
                    changes.push(if spell.ended.is_some() { Change::Found(episode) } else { Change::Began(episode) });
                }
            }
        }
        // An episode without a spell is over since before one looked, or never was, as is known by now.
        for episode in self.episodes.iter_mut().filter(|episode| episode.ended.is_none()) {
            if found.iter().any(|spell| meets(episode, spell)) {
                continue;
            }
            let quiet = |look: &&Look| look.state == RuleState::Quiet && look.at >= episode.began;
            if let Some(look) = trace.looks.iter().find(quiet) {
                episode.ended = Some(look.at.min(now));
                changes.push(Change::Ended(episode.clone()));
            }
        }
        self.episodes.sort_by_key(|episode| episode.began);
        let spare = self.episodes.len().saturating_sub(KEPT);
        self.episodes.drain(..spare);
        changes
    }

    fn status(&mut self, rule: &Rule, trace: &Trace, now: Time) -> RuleStatus {
        let state = trace.state();
        let newest = self.episodes.last();
        let before = self.state.filter(|(before, _)| *before == state).map(|(_, since)| since);
        let since = match (state, newest) {
            (RuleState::Firing, Some(episode)) => Some(episode.began),
            (RuleState::Quiet, Some(episode)) => episode.ended,
            (RuleState::NoData, _) => before.unwrap_or(Some(now)),
            (RuleState::Firing | RuleState::Quiet, None) => None,
        };
        self.state = Some((state, since));
        let look = trace.looks.last();
        RuleStatus {
            id: rule.id.clone(),
            title: rule.title.clone(),
            severity: rule.severity,
            state,
            since,
            value: look.and_then(|look| look.value),
            threshold: look.and_then(|look| look.threshold),
            reason: reason(rule, trace),
            episode: newest.cloned(),
        }
    }

    fn track(&self, trace: Trace) -> RuleTrack {
        RuleTrack {
            points: trace.points,
            lower: trace.lower,
            upper: trace.upper,
            period_s: trace.period_s,
            known_from: trace.looks.first().map(|look| look.at),
            episodes: self.episodes.iter().rev().cloned().collect(),
        }
    }
}

/// Whether an episode and a spell share an instant, so that they are the same stretch of firing.
fn meets(episode: &Episode, spell: &Spell) -> bool {
    let before_end = |at: Time, end: Option<Time>| end.is_none_or(|end| at <= end);
    before_end(episode.began, spell.ended) && before_end(spell.began, episode.ended)
}

/// Takes into an episode what a spell knows better; its beginning stays, for that is what it is known by.
fn update(episode: &mut Episode, spell: &Spell) -> Option<Change> {
    let (was, peak) = (episode.ended, episode.peak);
    episode.ended = spell.ended.map(|ended| ended.max(episode.began));
    if spell.whole || spell.peak.is_some() {
        episode.peak = spell.peak;
    }
    match (was, episode.ended) {
        (None, Some(_)) => Some(Change::Ended(episode.clone())),
        (Some(_), None) => Some(Change::Began(episode.clone())),
        (Some(before), Some(after)) if before != after => Some(Change::Ended(episode.clone())),
        (None, None) | (Some(_), Some(_)) => (peak != episode.peak).then(|| Change::Grew(episode.clone())),
    }
}

fn begin(rule: &Rule, place: &Place, trace: &Trace, spell: &Spell) -> Episode {
    let at_begin = trace.looks.iter().find(|look| look.at >= spell.began).copied();
    let reason = at_begin.map(|look| super::reason::of_look(rule, &look));
    Episode {
        signal: Signal::Rule,
        name: rule.id.clone(),
        account: place.account.clone(),
        region: place.region.clone(),
        severity: rule.severity,
        began: spell.began,
        ended: spell.ended,
        value: spell.value,
        peak: spell.peak,
        threshold: spell.threshold,
        reason: reason.unwrap_or_default(),
    }
}
