//! Episodes: a stretch of time in which an alarm or a local rule fired, and what people said about it.

use std::fmt;

use chrono::TimeDelta;

use crate::clock::Time;
use crate::text::clean;

/// What fired.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Signal {
    /// A CloudWatch alarm.
    Alarm,
    /// A local rule of the board.
    Rule,
}

impl Signal {
    /// `alarm` or `rule`, as in the database and in the JSON contract.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Alarm => "alarm",
            Self::Rule => "rule",
        }
    }

    /// The signal of a name.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Alarm, Self::Rule].into_iter().find(|signal| signal.name() == name)
    }
}

impl fmt::Display for Signal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// How much something matters. The order is the order of attention.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub enum Severity {
    /// Somebody has to act now.
    #[default]
    Critical,
    /// Somebody should look.
    Warning,
}

impl Severity {
    /// `critical` or `warning`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Critical => "critical",
            Self::Warning => "warning",
        }
    }

    /// The severity of a name.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Critical, Self::Warning].into_iter().find(|severity| severity.name() == name)
    }
}

/// One stretch of firing. What fired, where and since when identify it: told twice, it is still one.
#[derive(Debug, Clone, PartialEq)]
pub struct Episode {
    /// What fired.
    pub signal: Signal,
    /// The alarm's name or the rule's id.
    pub name: String,
    /// The account's name, as the header shows it.
    pub account: String,
    /// The region.
    pub region: String,
    /// How much it matters.
    pub severity: Severity,
    /// When it began to fire.
    pub began: Time,
    /// When it stopped, `None` while it fires.
    pub ended: Option<Time>,
    /// The value that made it fire, in the signal's unit.
    pub value: Option<f64>,
    /// The value farthest beyond the threshold so far.
    pub peak: Option<f64>,
    /// The threshold that was crossed; of a band, the edge.
    pub threshold: Option<f64>,
    /// Why, in one line, sanitised.
    pub reason: String,
}

impl Episode {
    /// Whether two tellings speak of the same episode; times are told apart by the millisecond, as they are kept.
    pub fn is_same(&self, other: &Self) -> bool {
        self.began.timestamp_millis() == other.began.timestamp_millis()
            && self.signal == other.signal
            && self.name == other.name
            && self.account == other.account
            && self.region == other.region
    }

    /// Takes in another telling of the same episode, whichever of the two came first: the earliest end counts, since
    /// who tells a later one has looked later; the peak is the one farthest beyond the threshold.
    pub fn merge(&mut self, other: &Self) {
        self.severity = self.severity.min(other.severity);
        self.ended = match (self.ended, other.ended) {
            (Some(one), Some(two)) => Some(one.min(two)),
            (one, two) => one.or(two),
        };
        self.value = self.value.or(other.value);
        self.threshold = self.threshold.or(other.threshold);
        self.peak = match (self.peak, other.peak) {
            (Some(one), Some(two)) => Some(self.farther(one, two)),
            (one, two) => one.or(two),
        };
        if self.reason.is_empty() {
            self.reason.clone_from(&other.reason);
        }
    }

    /// Which of two values lies farther beyond the threshold, on the side on which it was crossed.
    fn farther(&self, one: f64, two: f64) -> f64 {
        let below = self.value.zip(self.threshold).is_some_and(|(value, threshold)| value < threshold);
        if below { one.min(two) } else { one.max(two) }
    }

    /// How long it has lasted by `now`; what has ended lasts no longer.
    pub fn lasted(&self, now: Time) -> TimeDelta {
        (self.ended.unwrap_or(now) - self.began).max(TimeDelta::zero())
    }
}

/// What somebody says about a firing signal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Stance {
    /// They have seen it and take care of it; notices of its end still come.
    #[default]
    Acknowledged,
    /// They want to hear nothing of it for a while.
    Snoozed,
    /// They take back what was said before.
    Lifted,
}

impl Stance {
    /// Every stance.
    pub const ALL: [Self; 3] = [Self::Acknowledged, Self::Snoozed, Self::Lifted];

    /// Its word on screen and in the database: `acknowledged`, `snoozed` or `lifted`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Acknowledged => "acknowledged",
            Self::Snoozed => "snoozed",
            Self::Lifted => "lifted",
        }
    }

    /// The stance of a word.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|stance| stance.name() == name)
    }
}

/// That somebody has seen an alarm or a rule fire.
#[derive(Debug, Clone, PartialEq)]
pub struct Acknowledgement {
    /// What is said.
    pub stance: Stance,
    /// What fired.
    pub signal: Signal,
    /// The alarm's name or the rule's id.
    pub name: String,
    /// The account's name.
    pub account: String,
    /// The region.
    pub region: String,
    /// Who: the user's name on this host.
    pub by: String,
    /// When.
    pub at: Time,
    /// What they wrote.
    pub note: String,
    /// Until when it is snoozed; without an end, until the signal stops firing.
    pub until: Option<Time>,
}

impl Acknowledgement {
    /// Who says what, clean: `eva: it is the TSP`; the stance where they wrote nothing.
    pub fn words(&self) -> String {
        let words = if self.note.is_empty() { self.stance.name() } else { &self.note };
        format!("{}: {}", clean(&self.by), clean(words))
    }
}

impl Acknowledgement {
    /// Whether two tellings speak of the same thing said.
    pub fn is_same(&self, other: &Self) -> bool {
        self.at.timestamp_millis() == other.at.timestamp_millis()
            && self.signal == other.signal
            && self.name == other.name
            && self.by == other.by
            && self.account == other.account
            && self.region == other.region
    }
}

/// Something for the history to keep.
#[derive(Debug, Clone, PartialEq)]
pub enum Entry {
    /// An episode, told when it begins, when its peak moves and when it ends; told again, it is still one.
    Episode(Episode),
    /// What somebody says about a firing signal.
    Acknowledgement(Acknowledgement),
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minute: u32) -> Time {
        format!("2026-01-15T10:{minute:02}:00Z").parse().expect("a time")
    }

    fn told(ended: Option<u32>, peak: Option<f64>) -> Episode {
        Episode {
            signal: Signal::Alarm,
            name: "HighFailureRate".to_owned(),
            account: "demo".to_owned(),
            region: "us-east-1".to_owned(),
            severity: Severity::Critical,
            began: at(20),
            ended: ended.map(at),
            value: Some(7.0),
            peak,
            threshold: Some(5.0),
            reason: String::new(),
        }
    }

    #[test]
    fn tellings_of_one_episode_come_to_the_same_in_any_order() {
        let tellings = [
            told(None, Some(7.0)),
            Episode { reason: "Threshold Crossed".to_owned(), ..told(None, Some(14.6)) },
            told(Some(41), None),
            told(Some(40), Some(9.0)),
            told(None, None),
        ];
        let whole = Episode { reason: "Threshold Crossed".to_owned(), ..told(Some(40), Some(14.6)) };
        for start in 0..tellings.len() {
            let mut order: Vec<&Episode> = tellings.iter().cycle().skip(start).take(tellings.len()).collect();
            for _ in 0..2 {
                let mut episode = order[0].clone();
                for other in &order {
                    episode.merge(other);
                }
                assert_eq!(episode, whole, "from {start}");
                order.reverse();
            }
        }
    }

    #[test]
    fn below_a_threshold_the_peak_is_the_lowest_value() {
        let fall = |peak| Episode { value: Some(4.0), ..told(None, Some(peak)) };
        let mut episode = fall(4.0);
        for peak in [1.5, 9.0, 3.0] {
            episode.merge(&fall(peak));
        }
        assert_eq!(episode.peak, Some(1.5));
    }

    #[test]
    fn what_has_ended_lasts_no_longer() {
        assert_eq!(told(Some(41), None).lasted(at(59)), TimeDelta::minutes(21));
        assert_eq!(told(None, None).lasted(at(59)), TimeDelta::minutes(39));
        assert_eq!(told(None, None).lasted(at(10)), TimeDelta::zero(), "a clock may run behind AWS's");
    }
}
