//! What a pane's frame says about its source.

use crate::clock::Time;
use crate::store::health::Health;
use crate::text::{clean, units};
use crate::widgets::theme::Role;

/// The note for a source's health: `None` while it is live.
///
/// `waiting…`, `stale 40s · throttled, retry in 8s`, `denied: logs:StartLiveTail`. A stale age counts from the last
/// answer, a failure's from the first failed call.
pub fn source_note(health: &Health, now: Time) -> Option<(String, Role)> {
    match health {
        Health::Live { .. } => None,
        Health::Waiting => Some(("waiting…".to_owned(), Role::Muted)),
        Health::Stale { at, error, .. } => {
            Some((format!("stale {} · {}", age(*at, now), clean(&error.brief())), Role::Stale))
        }
        Health::Failed { since, error } => {
            let brief = error.brief();
            let text = match age_s(*since, now) {
                0..5 => clean(&brief).into_owned(),
                seconds => format!("{} · for {}", clean(&brief), units::span(seconds)),
            };
            Some((text, Role::Failed))
        }
    }
}

/// The time from `then` to `now` as people read it; `0s` for a `then` in the future.
pub fn age(then: Time, now: Time) -> String {
    units::span(age_s(then, now))
}

fn age_s(then: Time, now: Time) -> i64 {
    (now - then).num_seconds().max(0)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::store::health::{ErrorKind, SourceError};

    fn t(s: i64) -> Time {
        chrono::DateTime::from_timestamp(s, 0).expect("in range")
    }

    fn error(kind: ErrorKind, retry_s: Option<u64>) -> SourceError {
        SourceError {
            kind,
            operation: "logs:StartLiveTail".into(),
            message: "no".into(),
            at: t(60),
            retry_in: retry_s.map(Duration::from_secs),
        }
    }

    #[test]
    fn each_state_has_its_note() {
        let throttled = error(ErrorKind::Throttled, Some(8));
        let denied = error(ErrorKind::Denied, None);
        let cases = [
            (Health::Live { at: t(0) }, None),
            (Health::Waiting, Some(("waiting…", Role::Muted))),
            (
                Health::Stale { at: t(60), since: t(61), error: throttled },
                Some(("stale 40s · throttled, retry in 8s", Role::Stale)),
            ),
            (
                Health::Failed { since: t(99), error: denied.clone() },
                Some(("denied: logs:StartLiveTail", Role::Failed)),
            ),
            (
                Health::Failed { since: t(60), error: denied },
                Some(("denied: logs:StartLiveTail · for 40s", Role::Failed)),
            ),
        ];
        for (health, expected) in cases {
            let got = source_note(&health, t(100));
            assert_eq!(got.as_ref().map(|(text, role)| (text.as_str(), *role)), expected);
        }
    }
}
