//! Which minutes of the distant past are drawn.
//!
//! CloudWatch itself keeps datapoints of less than 5 minutes for 15 days, and of less than an hour for 63 days (user guide,
//! "Metrics retention"). Nobody can tell minutes apart there, so one minute is drawn for all of its 5 or its 60. Which one
//! depends on the clock alone: it moves from stretch to stretch, so that nothing that repeats every quarter of an hour or
//! every hour is always met at the same point.

use std::ops::Range;

use super::time::DAY_MINUTES;

/// Up to this age, in minutes, every minute is drawn.
const FINE: i64 = 15 * DAY_MINUTES;

/// Up to this age, one in [`FEW`]; beyond, one in [`FEWER`].
const COARSE: i64 = 63 * DAY_MINUTES;

/// Minutes of a stretch of the 5-minute datapoints, and how far the drawn one moves from stretch to stretch.
const FEW: (i64, i64) = (5, 3);

/// The same of the hourly datapoints.
const FEWER: (i64, i64) = (60, 37);

/// A minute to draw.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Drawn {
    /// Its number since the epoch.
    pub(super) minute: i64,
    /// For how many minutes it stands.
    pub(super) weight: u64,
    /// Whether it stands for others than itself: it then shows what its own clients did, whenever they did it.
    pub(super) is_sample: bool,
}

impl Drawn {
    /// A minute that stands for itself.
    pub(super) const fn itself(minute: i64) -> Self {
        Self { minute, weight: 1, is_sample: false }
    }
}

/// The minutes to draw for a span of minutes, when it is the minute `now`.
pub(super) fn drawn(span: Range<i64>, now: i64) -> impl Iterator<Item = Drawn> {
    // Whole hours, so that no stretch is of two kinds.
    let border = |age: i64| ((now - age).div_euclid(FEWER.0) * FEWER.0).clamp(span.start, span.end);
    let (coarse, fine) = (border(COARSE), border(FINE));
    let every = (fine..span.end).map(Drawn::itself);
    samples(span.start..coarse, FEWER).chain(samples(coarse..fine, FEW)).chain(every)
}

/// One minute for each stretch; one that the span holds in part stands for that part.
fn samples(span: Range<i64>, (stretch, step): (i64, i64)) -> impl Iterator<Item = Drawn> {
    // An empty span has no stretch, not even one that it would touch.
    let last = if span.is_empty() { span.start } else { span.end + stretch - 1 };
    (span.start.div_euclid(stretch)..last.div_euclid(stretch)).map(move |number| {
        let start = number * stretch;
        let within = span.end.min(start + stretch) - span.start.max(start);
        let minute = start + (number * step).rem_euclid(stretch);
        Drawn { minute, weight: within as u64, is_sample: true }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 29_471_668;

    #[test]
    fn every_minute_is_stood_for_once() {
        for start in [NOW - 5000, NOW - FINE - 47, NOW - FINE - 60, NOW - COARSE - 1234, NOW - COARSE - 90_000] {
            for length in [0, 1, 5, 60, 720, 1337, 50_000] {
                let span = start..(start + length).min(NOW);
                let all: Vec<Drawn> = drawn(span.clone(), NOW).collect();
                assert_eq!(
                    all.iter().map(|drawn| drawn.weight).sum::<u64>(),
                    (span.end - span.start) as u64,
                    "{span:?}"
                );
                assert!(all.iter().all(|drawn| drawn.is_sample || *drawn == Drawn::itself(drawn.minute)));
                assert!(all.iter().all(|drawn| drawn.minute < NOW - FINE || !drawn.is_sample), "{span:?}");
            }
        }
    }

    #[test]
    fn the_choice_depends_on_the_clock_alone() {
        let start = (NOW - COARSE - 10_000).div_euclid(60) * 60;
        let whole: Vec<i64> = drawn(start..start + 7200, NOW).map(|drawn| drawn.minute).collect();
        let parts = (0..120).flat_map(|hour| drawn(start + hour * 60..start + hour * 60 + 60, NOW + 777));
        assert_eq!(parts.map(|drawn| drawn.minute).collect::<Vec<_>>(), whole);
        let of_quarter: std::collections::BTreeSet<i64> = whole.iter().map(|minute| minute.rem_euclid(15)).collect();
        assert_eq!(of_quarter.len(), 15, "no point of a quarter of an hour is left out");
    }
}
