//! The parts that rules are made of, read.

use super::{Datapoints, Formula, Limit, Missing, Sign};
use crate::board::FeedRules;
use crate::board::card::arithmetic;
use crate::board::metric::Metrics;
use crate::board::metric::period as metric_period;
use crate::config::{Section, Value};
use crate::insights::pattern::Pattern;
use crate::store::counts::CountQuery;

/// The most periods that a rule looks at.
const MOST_PERIODS: i64 = 1_440;

/// Reads `value` and `period`: arithmetic over metrics, on the longest of their periods or a multiple of it.
pub(super) fn formula(section: &mut Section<'_>, metrics: &Metrics) -> Option<Formula> {
    let expr = section.need("value").and_then(|value| arithmetic(&value, metrics, "a rule's value"));
    let period = section.get("period");
    let given = period.as_ref().map(|value| metric_period(value).map(|seconds| (value, seconds)));
    let expr = expr?;
    let ids = expr.ids();
    let own: Vec<u32> = ids.iter().filter_map(|id| metrics.found.get(id)).map(|it| it.period_s.max(1)).collect();
    let Some(longest) = own.iter().copied().max() else {
        section.fail("`value` names no metric");
        return None;
    };
    let period_s = match given {
        None => longest,
        Some(None) => return None,
        Some(Some((value, seconds))) if own.iter().any(|period| seconds % period != 0) => {
            value.fail(format!("`period` must be a multiple of the metrics' own, the longest of which is {longest}s"));
            return None;
        }
        Some(Some((_, seconds))) => seconds,
    };
    Some(Formula { expr, period_s })
}

/// Reads the one of `above`, `at_least`, `below`, `at_most` that is there.
pub(super) fn limit(section: &mut Section<'_>) -> Option<Limit> {
    let given: Vec<(Sign, Value<'_>)> =
        Sign::KEYS.iter().filter_map(|(key, sign)| Some((*sign, section.get(key)?))).collect();
    let [(sign, value)] = given.as_slice() else {
        section.fail("a threshold takes one of `above`, `at_least`, `below` and `at_most`");
        return None;
    };
    Some(Limit { sign: *sign, value: value.number()? })
}

/// Reads `datapoints_to_alarm` and `evaluation_periods`, CloudWatch's words for M and N.
pub(super) fn datapoints(section: &mut Section<'_>, default: Datapoints) -> Option<Datapoints> {
    let (to_alarm, of) = (section.get("datapoints_to_alarm"), section.get("evaluation_periods"));
    let count = |value: &Value<'_>| value.integer(1, MOST_PERIODS).and_then(|count| u32::try_from(count).ok());
    let (m, n) = (to_alarm.as_ref().map(count), of.as_ref().map(count));
    let both = match (m, n) {
        (None, None) => default,
        (None, Some(n)) => Datapoints { to_alarm: n?, of: n? },
        (Some(m), None) => Datapoints { to_alarm: m?, of: m?.max(default.of) },
        (Some(m), Some(n)) => Datapoints { to_alarm: m?, of: n? },
    };
    if both.to_alarm > both.of {
        to_alarm?.fail("`datapoints_to_alarm` must not be more than `evaluation_periods`");
        return None;
    }
    Some(both)
}

/// Reads `treat_missing`.
pub(super) fn missing(value: &Value<'_>) -> Option<Missing> {
    value.choice("treatment of missing data", &Missing::WORDS)
}

/// Reads `log_groups` (the feed's where there are none) and `pattern`, a CloudWatch Logs filter pattern.
pub(super) fn events(section: &mut Section<'_>, feed: Option<&FeedRules>) -> Option<CountQuery> {
    let named = section.get("log_groups").map(|value| {
        let groups = value.names().unwrap_or_default();
        if groups.is_empty() {
            value.fail("`log_groups` must name at least one log group");
        }
        groups
    });
    let pattern = section.get("pattern").map(|value| {
        let text = value.name()?;
        match Pattern::parse(&text) {
            Ok(_) => Some(text),
            Err(error) => {
                value.fail(format!("`pattern`: {error}"));
                None
            }
        }
    });
    let groups = match (named, feed) {
        (Some(groups), _) => groups,
        (None, Some(feed)) => feed.log_groups.clone(),
        (None, None) => {
            section.fail("`rule` needs `log_groups`, since the board has no feed");
            return None;
        }
    };
    let pattern = match pattern {
        None => None,
        Some(given) => Some(given?),
    };
    (!groups.is_empty()).then_some(CountQuery { groups, pattern })
}
