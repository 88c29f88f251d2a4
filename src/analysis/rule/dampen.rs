//! Dampening: few words about a signal that fires, and always one when it is over.

use chrono::TimeDelta;

use crate::clock::Time;

/// The least time between two notices that something fires.
///
/// Source: the order-flood detector that this rule engine was specified from: one notification a minute while it holds.
const AT_MOST_EVERY: TimeDelta = TimeDelta::minutes(1);

/// How a signal stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// It fires.
    Firing,
    /// Nobody knows.
    Unknown,
    /// It does not fire.
    Quiet,
}

/// What a notice says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Moment {
    /// It has begun to fire.
    Began,
    /// It still fires.
    Holds,
    /// It is over.
    Ended,
}

impl Moment {
    /// `began`, `holds` or `ended`, as in the JSON contract.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Began => "began",
            Self::Holds => "holds",
            Self::Ended => "ended",
        }
    }
}

/// Decides when a signal is worth a notice.
///
/// Notices that it fires are a minute apart or more, however often it flaps; whoever was told that it fires is told
/// once that it is over.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Dampener {
    /// When it was last said that it fires.
    said: Option<Time>,
    /// Whether the end has still to be told.
    open: bool,
    /// Whether it has fired since before anybody was told.
    silent: bool,
}

impl Dampener {
    /// A dampener for something that fires already when one begins to look: its end alone is told.
    pub const fn firing_already() -> Self {
        Self { said: None, open: true, silent: true }
    }

    /// Takes in how the signal stands at `now`, and says what there is to tell.
    pub fn tell(&mut self, phase: Phase, now: Time) -> Option<Moment> {
        match phase {
            Phase::Unknown => None,
            Phase::Quiet => {
                self.silent = false;
                std::mem::take(&mut self.open).then_some(Moment::Ended)
            }
            Phase::Firing if self.silent || self.said.is_some_and(|said| now - said < AT_MOST_EVERY) => None,
            Phase::Firing => {
                self.said = Some(now);
                Some(if std::mem::replace(&mut self.open, true) { Moment::Holds } else { Moment::Began })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn t(s: i64) -> Time {
        chrono::DateTime::from_timestamp(s, 0).expect("in range")
    }

    #[test]
    fn one_at_the_beginning_one_a_minute_one_at_the_end() {
        let mut dampener = Dampener::default();
        let mut said = Vec::new();
        for second in 0..200 {
            let phase = if (10..150).contains(&second) { Phase::Firing } else { Phase::Quiet };
            said.extend(dampener.tell(phase, t(second)).map(|moment| (second, moment)));
        }
        assert_eq!(said, [(10, Moment::Began), (70, Moment::Holds), (130, Moment::Holds), (150, Moment::Ended)]);
    }

    #[test]
    fn what_fires_at_launch_tells_its_end_alone() {
        let mut dampener = Dampener::firing_already();
        assert_eq!(dampener.tell(Phase::Firing, t(0)), None);
        assert_eq!(dampener.tell(Phase::Firing, t(600)), None);
        assert_eq!(dampener.tell(Phase::Quiet, t(601)), Some(Moment::Ended));
        assert_eq!(dampener.tell(Phase::Firing, t(602)), Some(Moment::Began));
    }

    proptest! {
        #[test]
        fn never_more_than_one_a_minute_and_one_end(steps in prop::collection::vec((1_i64..90, 0_u8..3), 1..200)) {
            let mut dampener = Dampener::default();
            let (mut now, mut fired, mut open, mut ends, mut rounds) = (0, None, false, 0, 0);
            for (wait, phase) in steps {
                now += wait;
                let phase = [Phase::Firing, Phase::Unknown, Phase::Quiet][usize::from(phase)];
                match dampener.tell(phase, t(now)) {
                    None => {}
                    Some(Moment::Ended) => {
                        prop_assert!(open && phase == Phase::Quiet);
                        open = false;
                        ends += 1;
                    }
                    Some(moment) => {
                        prop_assert!(phase == Phase::Firing);
                        prop_assert!(fired.is_none_or(|before| now - before >= 60), "{now} after {fired:?}");
                        prop_assert_eq!(moment == Moment::Holds, open);
                        rounds += i32::from(!open);
                        (fired, open) = (Some(now), true);
                    }
                }
            }
            ends += i32::from(dampener.tell(Phase::Quiet, t(now + 1)).is_some());
            prop_assert_eq!(ends, rounds, "each beginning that was told has one end");
            prop_assert_eq!(dampener.tell(Phase::Quiet, t(now + 2)), None);
        }
    }
}
