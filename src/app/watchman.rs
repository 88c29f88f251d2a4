//! The watch on rules and alarms: what has begun, what is over, and who is to be told.

use std::collections::{BTreeSet, HashMap};
use std::time::Duration;

use super::Place;
use super::effect::{Effect, Effects, Subscription};
use super::msg::Update;
use super::notify::Notification;
use crate::analysis::rule::{Change, Dampener, Moment, Need, Phase, RuleEngine};
use crate::analysis::unit::alarm_unit;
use crate::board::{Board, Unit};
use crate::clock::Time;
use crate::store::Store;
use crate::store::alarm::{Alarm, AlarmState};
use crate::store::episode::{Entry, Episode, Severity, Signal, Stance};
use crate::store::health::SourceId;
use crate::text::clean;

/// How far rules look back at most when the console begins, however long the window: each day of it costs calls.
const LOOK_BACK: Duration = Duration::from_hours(24);

/// Evaluates the board's rules as news come and time passes, and tells of them and of the alarms.
#[derive(Debug)]
pub(super) struct Watchman {
    engine: RuleEngine,
    wants: BTreeSet<Subscription>,
    /// When it first looked: what fired before that does not ring.
    launched: Option<Time>,
    dampeners: HashMap<(Signal, String), Dampener>,
    /// Alarms that fire, as episodes for their notices.
    alarms: HashMap<String, Episode>,
    /// Whether the alarms have been told anew.
    alarm_news: bool,
}

impl Watchman {
    /// A watch on a board whose rules begin with a look at the last `look_back`.
    pub(super) fn new(board: &Board, place: &Place, look_back: Duration) -> Self {
        let here = crate::analysis::rule::Place { account: place.account.clone(), region: place.region.clone() };
        let engine = RuleEngine::new(board, here, look_back.min(LOOK_BACK));
        let wants = engine.needs().into_iter().map(|need| match need {
            Need::Metric { query, span } => Subscription::Recent { query, span },
            Need::Service { query, span } => Subscription::FollowedService { query, span },
            Need::Counts(query) => Subscription::Counts(query),
        });
        Self {
            wants: wants.collect(),
            engine,
            launched: None,
            dampeners: HashMap::new(),
            alarms: HashMap::new(),
            alarm_news: false,
        }
    }

    /// What the rules need, whatever is on screen.
    pub(super) fn wants(&self) -> impl Iterator<Item = Subscription> {
        self.wants.iter().cloned()
    }

    /// Notes what some news concerns, before the store takes it in.
    pub(super) fn note(&mut self, update: &Update) {
        self.engine.note(update);
        self.alarm_news |= matches!(update, Update::Alarms { .. });
    }

    /// Notes that a source fails: what stands on it may be unknown from now on.
    pub(super) fn note_failure(&mut self, source: SourceId) {
        if matches!(source, SourceId::Metrics | SourceId::Counts | SourceId::ServiceRules) {
            self.engine.note_all();
        }
    }

    /// Looks at everything that there are news of, or whose time has come.
    pub(super) fn look(&mut self, board: &Board, store: &mut Store, place: &Place, now: Time) -> Effects {
        let launched = *self.launched.get_or_insert(now);
        let mut effects = Effects::new();
        for change in self.engine.look(board, store, now) {
            effects.push(Effect::Remember(Entry::Episode(change.episode().clone())));
            // A whole episode between two looks: nobody would hear of it otherwise.
            if let Change::Found(episode) = &change
                && episode.ended.is_some_and(|ended| ended >= launched)
            {
                effects.extend(self.tell_rule(board, store, episode, Phase::Firing, now));
                effects.extend(self.tell_rule(board, store, episode, Phase::Quiet, now));
            }
        }
        for rule in &board.rules {
            let phase = self.engine.phase(&rule.id);
            let Some(episode) = self.engine.newest(&rule.id).cloned() else { continue };
            let key = (Signal::Rule, rule.id.clone());
            if phase == Phase::Firing && episode.began < launched && !self.dampeners.contains_key(&key) {
                self.dampeners.insert(key, Dampener::firing_already());
            }
            effects.extend(self.tell_rule(board, store, &episode, phase, now));
        }
        if std::mem::take(&mut self.alarm_news) {
            effects.extend(self.look_at_alarms(board, store, place, now));
        }
        effects
    }

    fn tell_rule(
        &mut self,
        board: &Board,
        store: &Store,
        episode: &Episode,
        phase: Phase,
        now: Time,
    ) -> Option<Effect> {
        let dampener = self.dampeners.entry((Signal::Rule, episode.name.clone())).or_default();
        let moment = dampener.tell(phase, now)?;
        let rule = board.rules.iter().find(|rule| rule.id == episode.name)?;
        let status = store.rules.iter().find(|status| status.id == rule.id);
        let newest = status.map(|status| (status.value, status.reason.clone())).unwrap_or_default();
        let (title, unit, episode) = (rule.title.clone(), rule.unit, episode.clone());
        notice(store, Notification { moment, title, unit, episode, newest, at: now })
    }

    fn look_at_alarms(&mut self, board: &Board, store: &Store, place: &Place, now: Time) -> Effects {
        let launched = self.launched.unwrap_or(now);
        let mut effects = Effects::new();
        for alarm in &store.alarms.data {
            let phase = phase(alarm.state);
            let fires = phase == Phase::Firing;
            if fires {
                let severity = store.severity(&alarm.name, board);
                self.alarms.entry(alarm.name.clone()).or_insert_with(|| begun(alarm, severity, place, now));
            }
            let key = (Signal::Alarm, alarm.name.clone());
            let since = alarm.since.unwrap_or(launched);
            let fresh = || if fires && since <= launched { Dampener::firing_already() } else { Dampener::default() };
            let said = self.dampeners.entry(key).or_insert_with(fresh).tell(phase, now);
            let Some(mut episode) = self.alarms.get(&alarm.name).cloned() else { continue };
            if phase == Phase::Quiet {
                episode.ended = Some(alarm.since.unwrap_or(now).max(episode.began));
                self.alarms.remove(&alarm.name);
            }
            // Whoever wants to be reminded of an alarm has AWS do it.
            let Some(moment) = said.filter(|moment| *moment != Moment::Holds) else { continue };
            let (title, unit) = (alarm.name.clone(), alarm_unit(alarm, board));
            let newest = (alarm.value, alarm.reason.clone());
            effects.extend(notice(store, Notification { moment, title, unit, episode, newest, at: now }));
        }
        // An alarm that is gone is over.
        let gone: Vec<String> = self.alarms.keys().filter(|name| store.alarm(name).is_none()).cloned().collect();
        for name in gone {
            let Some(mut episode) = self.alarms.remove(&name) else { continue };
            episode.ended = Some(now);
            let dampener = self.dampeners.entry((Signal::Alarm, name.clone())).or_default();
            let Some(moment) = dampener.tell(Phase::Quiet, now) else { continue };
            let (unit, newest) = (Unit::None, (None, String::new()));
            effects.extend(notice(store, Notification { moment, title: name, unit, episode, newest, at: now }));
        }
        effects
    }
}

/// A notice, unless somebody on this host wants none: a snoozed signal is silent, of an acknowledged one the end alone
/// is told.
fn notice(store: &Store, notification: Notification) -> Option<Effect> {
    let episode = &notification.episode;
    let said = store.acknowledged(episode.signal, &episode.name).map(|said| said.stance);
    match (said, notification.moment) {
        (Some(Stance::Snoozed), _) | (Some(Stance::Acknowledged), Moment::Began | Moment::Holds) => None,
        (Some(Stance::Acknowledged), Moment::Ended) | (Some(Stance::Lifted) | None, _) => {
            Some(Effect::Notify(Box::new(notification)))
        }
    }
}

const fn phase(state: AlarmState) -> Phase {
    match state {
        AlarmState::Alarm => Phase::Firing,
        AlarmState::InsufficientData => Phase::Unknown,
        AlarmState::Ok => Phase::Quiet,
    }
}

/// The episode of an alarm that has begun to fire.
fn begun(alarm: &Alarm, severity: Severity, place: &Place, now: Time) -> Episode {
    Episode {
        signal: Signal::Alarm,
        name: alarm.name.clone(),
        account: place.account.clone(),
        region: place.region.clone(),
        severity,
        began: alarm.since.unwrap_or(now),
        ended: None,
        value: alarm.value,
        peak: alarm.value,
        threshold: alarm.threshold(),
        reason: clean(&alarm.reason).into_owned(),
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;
    use crate::panes::incident;

    #[test]
    fn a_notice_says_of_an_alarm_how_much_it_matters_as_the_board_does() {
        let mut world = incident::live();
        world.board.alarms.severities = vec![("HighFailureRate".to_owned(), Severity::Warning)];
        let mut watchman = Watchman::new(&world.board, &Place::default(), Duration::ZERO);
        watchman.launched = Some(world.now - TimeDelta::days(1));
        let effects = watchman.look_at_alarms(&world.board, &world.store, &Place::default(), world.now);
        let told: Vec<(&str, Severity)> = effects
            .iter()
            .filter_map(|effect| match effect {
                Effect::Notify(told) => Some((told.episode.name.as_str(), told.episode.severity)),
                _ => None,
            })
            .collect();
        assert!(told.contains(&("HighFailureRate", Severity::Warning)), "{told:?}");
        assert!(told.iter().any(|(_, severity)| *severity == Severity::Critical), "{told:?}");
    }
}
