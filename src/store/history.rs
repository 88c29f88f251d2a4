//! What fired lately and what people said about it, as far as the console keeps it in memory.

use crate::clock::Time;
use crate::store::episode::{Acknowledgement, Entry, Episode, Signal, Stance};

/// How many episodes are kept in memory; the database keeps more.
pub const KEPT_EPISODES: usize = 5_000;
/// How many acknowledgements are kept in memory.
pub const KEPT_ACKNOWLEDGEMENTS: usize = 2_000;

/// Episodes and acknowledgements of this account and region.
#[derive(Debug, Clone, Default)]
pub struct History {
    /// The newest episodes, newest first.
    pub episodes: Vec<Episode>,
    /// The newest acknowledgements, oldest first; of several about one signal the last one holds.
    pub acknowledgements: Vec<Acknowledgement>,
    /// Why nothing is kept beyond this run, in one line, where that is so.
    pub trouble: Option<String>,
}

impl History {
    /// Takes in an entry. Told twice, it is still one.
    pub fn remember(&mut self, entry: Entry) {
        match entry {
            Entry::Episode(episode) => self.tell(episode),
            Entry::Acknowledgement(said) => self.say(said),
        }
    }

    fn tell(&mut self, episode: Episode) {
        if let Some(known) = self.episodes.iter_mut().find(|known| known.is_same(&episode)) {
            known.merge(&episode);
            return;
        }
        let place = self.episodes.partition_point(|known| known.began > episode.began);
        self.episodes.insert(place, episode);
        self.episodes.truncate(KEPT_EPISODES);
    }

    fn say(&mut self, said: Acknowledgement) {
        if self.acknowledgements.iter().any(|known| known.is_same(&said)) {
            return;
        }
        let place = self.acknowledgements.partition_point(|known| known.at <= said.at);
        self.acknowledgements.insert(place, said);
        let surplus = self.acknowledgements.len().saturating_sub(KEPT_ACKNOWLEDGEMENTS);
        self.acknowledgements.drain(..surplus);
    }

    /// The episode of a signal that is under way.
    pub fn under_way(&self, signal: Signal, name: &str) -> Option<&Episode> {
        let mut of_signal = self.episodes.iter().filter(|e| e.signal == signal && e.name == name);
        of_signal.next().filter(|newest| newest.ended.is_none())
    }

    /// What was last said about a signal, whether or not it holds.
    pub fn last_said(&self, signal: Signal, name: &str) -> Option<&Acknowledgement> {
        self.acknowledgements.iter().rev().find(|said| said.signal == signal && said.name == name)
    }

    /// What was last said about a signal that fires since `firing`, if it holds at `now`.
    ///
    /// What has a time holds until then, through every episode; what has none holds for the episode in which it was said.
    pub fn said(&self, signal: Signal, name: &str, firing: Option<Time>, now: Time) -> Option<&Acknowledgement> {
        let said = self.last_said(signal, name)?;
        let holds = match (said.stance, said.until) {
            (Stance::Lifted, _) => false,
            (Stance::Acknowledged | Stance::Snoozed, Some(until)) => now < until,
            (Stance::Acknowledged | Stance::Snoozed, None) => firing.is_some_and(|since| since <= said.at),
        };
        holds.then_some(said)
    }

    /// What was said about an episode while it was under way, the last of it.
    pub fn said_during(&self, episode: &Episode) -> Option<&Acknowledgement> {
        self.acknowledgements.iter().rev().find(|said| {
            said.signal == episode.signal
                && said.name == episode.name
                && said.at >= episode.began
                && episode.ended.is_none_or(|ended| said.at <= ended)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::episode::Severity;

    fn at(minute: u32) -> Time {
        format!("2026-01-15T10:{minute:02}:00Z").parse().expect("a time")
    }

    fn episode(name: &str, began: u32, ended: Option<u32>) -> Episode {
        Episode {
            signal: Signal::Alarm,
            name: name.to_owned(),
            account: "demo".to_owned(),
            region: "us-east-1".to_owned(),
            severity: Severity::Critical,
            began: at(began),
            ended: ended.map(at),
            value: None,
            peak: None,
            threshold: None,
            reason: String::new(),
        }
    }

    fn said(stance: Stance, minute: u32, until: Option<u32>) -> Acknowledgement {
        Acknowledgement {
            stance,
            signal: Signal::Alarm,
            name: "a".to_owned(),
            account: "demo".to_owned(),
            region: "us-east-1".to_owned(),
            by: "eva".to_owned(),
            at: at(minute),
            note: format!("at {minute}"),
            until: until.map(at),
        }
    }

    fn history(entries: Vec<Entry>) -> History {
        let mut history = History::default();
        for entry in entries {
            history.remember(entry);
        }
        history
    }

    #[test]
    fn episodes_stand_newest_first_and_once() {
        let tellings =
            [episode("a", 10, None), episode("b", 30, None), episode("a", 20, None), episode("a", 10, Some(15))];
        let history = history(tellings.into_iter().map(Entry::Episode).collect());
        let listed: Vec<(&str, Option<Time>)> = history.episodes.iter().map(|e| (e.name.as_str(), e.ended)).collect();
        assert_eq!(listed, [("b", None), ("a", None), ("a", Some(at(15)))]);
        assert_eq!(history.under_way(Signal::Alarm, "a").map(|e| e.began), Some(at(20)));
        assert_eq!(history.under_way(Signal::Rule, "a"), None);
    }

    #[test]
    fn an_acknowledgement_holds_for_its_episode_and_a_snooze_for_its_time() {
        use Stance::{Acknowledged, Lifted, Snoozed};
        let cases = [
            ("nothing was said", vec![], Some(20), None),
            ("in this episode", vec![said(Acknowledged, 25, None)], Some(20), Some(25)),
            ("in the one before", vec![said(Acknowledged, 15, None)], Some(20), None),
            ("it no longer fires", vec![said(Acknowledged, 25, None)], None, None),
            ("snoozed until later", vec![said(Snoozed, 15, Some(45))], Some(20), Some(15)),
            ("snoozed before it fires", vec![said(Snoozed, 15, Some(45))], None, Some(15)),
            ("the snooze is over", vec![said(Snoozed, 15, Some(30))], Some(20), None),
            ("lifted", vec![said(Acknowledged, 25, None), said(Lifted, 26, None)], Some(20), None),
            ("said again", vec![said(Lifted, 24, None), said(Snoozed, 26, None)], Some(20), Some(26)),
            ("told out of order", vec![said(Lifted, 26, None), said(Acknowledged, 25, None)], Some(20), None),
        ];
        for (what, entries, firing, expected) in cases {
            let history = history(entries.into_iter().map(Entry::Acknowledgement).collect());
            let found = history.said(Signal::Alarm, "a", firing.map(at), at(30));
            assert_eq!(found.map(|said| said.at), expected.map(at), "{what}");
        }
    }

    #[test]
    fn a_note_belongs_to_the_episode_in_which_it_was_written() {
        let history = history(vec![Entry::Acknowledgement(said(Stance::Acknowledged, 25, None))]);
        let note = |e: Episode| history.said_during(&e).map(|said| said.note.clone());
        assert_eq!(note(episode("a", 20, Some(30))), Some("at 25".to_owned()));
        assert_eq!(note(episode("a", 20, None)), Some("at 25".to_owned()));
        assert_eq!(note(episode("a", 26, None)), None);
        assert_eq!(note(episode("a", 10, Some(20))), None);
        assert_eq!(note(episode("b", 20, None)), None);
    }
}
