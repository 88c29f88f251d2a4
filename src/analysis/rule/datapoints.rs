//! M of N: how many of the newest periods are bad.

use crate::board::rule::{Datapoints, Missing};
use crate::store::rule::RuleState;

/// What M of N says after the newest of `window`, whose entries are bad, good, or missing; `before` is what was said a
/// period earlier.
///
/// The meanings of missing data are those of the CloudWatch user guide, "Configuring how CloudWatch alarms treat missing
/// data". Other than CloudWatch, which looks further back for datapoints, nothing older than N periods counts.
pub(super) fn state(window: &[Option<bool>], m: Datapoints, missing: Missing, before: RuleState) -> (RuleState, u32) {
    let counts = |is_bad: &Option<bool>| is_bad.unwrap_or(missing == Missing::Breaching);
    let bad = window.iter().filter(|is_bad| counts(is_bad)).count() as u32;
    let nothing = window.iter().all(Option::is_none);
    let state = match missing {
        _ if bad >= m.to_alarm => RuleState::Firing,
        Missing::Missing if nothing => RuleState::NoData,
        Missing::Ignore if nothing => before,
        Missing::Missing | Missing::Ignore | Missing::Breaching | Missing::NotBreaching => RuleState::Quiet,
    };
    (state, bad)
}

#[cfg(test)]
mod tests {
    use super::*;
    use Missing::{Breaching, Ignore, Missing as Nothing, NotBreaching};
    use RuleState::{Firing, NoData, Quiet};

    /// `X` bad, `0` good, `-` missing, oldest first.
    fn window(text: &str) -> Vec<Option<bool>> {
        text.chars().map(|c| (c != '-').then_some(c == 'X')).collect()
    }

    #[test]
    fn m_of_n_with_missing_data() {
        let (three, two) = (Datapoints { to_alarm: 3, of: 3 }, Datapoints { to_alarm: 2, of: 3 });
        let modes = [Nothing, Ignore, Breaching, NotBreaching];
        for (text, m, expected) in [
            ("XXX", three, [Firing; 4]),
            ("000", three, [Quiet; 4]),
            ("0X0", three, [Quiet; 4]),
            ("---", three, [NoData, Firing, Firing, Quiet]),
            ("-X-", three, [Quiet, Quiet, Firing, Quiet]),
            ("XX-", three, [Quiet, Quiet, Firing, Quiet]),
            ("0--", three, [Quiet, Quiet, Quiet, Quiet]),
            ("XX-", two, [Firing; 4]),
            ("X-X", two, [Firing; 4]),
            ("X--", two, [Quiet, Quiet, Firing, Quiet]),
            ("0--", two, [Quiet, Quiet, Firing, Quiet]),
            ("00-", two, [Quiet; 4]),
            ("---", two, [NoData, Firing, Firing, Quiet]),
        ] {
            let found = modes.map(|missing| state(&window(text), m, missing, Firing).0);
            assert_eq!(found, expected, "{text} {m:?}");
        }
        assert_eq!(state(&window("---"), three, Ignore, Quiet).0, Quiet, "it stays as it was");
        assert_eq!(state(&window("X-X"), two, NotBreaching, Quiet).1, 2);
    }
}
