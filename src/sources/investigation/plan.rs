//! How log groups are searched: FilterLogEvents where it is faster, Logs Insights where it is.

use chrono::TimeDelta;

use super::groups::Group;
use crate::clock::Time;
use crate::sources::prices::Prices;
use crate::store::cost::BYTES_PER_GB;

/// FilterLogEvents may be called five times a second: so many groups are asked at once.
const AT_ONCE: usize = 5;
/// Bytes of a group up to which FilterLogEvents reads it in a few pages.
const SMALL: f64 = 32.0 * 1_048_576.0;
/// The longest stretch that FilterLogEvents is given where a group's size is not known.
const SHORT: TimeDelta = TimeDelta::hours(1);
/// Groups of one query (API Reference, StartQuery).
const A_QUERY: usize = 50;

/// The way in which groups are searched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// FilterLogEvents: free, group by group, page by page.
    Filter,
    /// Logs Insights: many groups at once, at a price.
    Insights,
}

/// A part of a search: groups that are searched together.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Part {
    pub(super) way: Way,
    pub(super) groups: Vec<String>,
    pub(super) why: String,
}

/// What may be used.
#[derive(Debug, Clone, Copy)]
pub(super) struct Means {
    /// Whether Logs Insights may be asked: it was not refused before.
    pub(super) insights: bool,
    /// Whether FilterLogEvents may be.
    pub(super) filter: bool,
    /// US dollars that may still be spent.
    pub(super) budget: f64,
}

/// What Logs Insights costs for these groups, where their sizes are known.
pub(super) fn usd(groups: &[Group], from: Time, to: Time, now: Time) -> Option<f64> {
    let bytes: Option<f64> = groups.iter().map(|group| group.bytes_in(from, to, now)).sum();
    bytes.map(|bytes| bytes / BYTES_PER_GB * Prices::default().scanned_gb)
}

/// How groups are searched over a stretch of time.
pub(super) fn plan(groups: &[Group], from: Time, to: Time, now: Time, means: Means) -> Vec<Part> {
    let each = |why: &str| {
        let parts =
            groups.iter().map(|group| Part { way: Way::Filter, groups: vec![group.id.clone()], why: why.to_owned() });
        parts.collect::<Vec<_>>()
    };
    let together = |why: &str| {
        let parts = groups.chunks(A_QUERY).map(|groups| Part {
            way: Way::Insights,
            groups: groups.iter().map(|group| group.id.clone()).collect(),
            why: why.to_owned(),
        });
        parts.collect::<Vec<_>>()
    };
    if !means.insights {
        return each("Logs Insights was refused, or gave no answer");
    }
    if !means.filter {
        return together("FilterLogEvents was refused, or gave no answer");
    }
    let cost = usd(groups, from, to, now);
    if let Some(cost) = cost.filter(|cost| *cost > means.budget) {
        return each(&format!("Logs Insights would cost ${cost:.2}, ${:.2} are left", means.budget.max(0.0)));
    }
    if groups.len() > AT_ONCE {
        let number = groups.len();
        return together(&format!("{number} groups in one query; FilterLogEvents takes {AT_ONCE} calls a second"));
    }
    let small = |group: &Group| group.bytes_in(from, to, now).map_or(to - from <= SHORT, |bytes| bytes <= SMALL);
    if groups.iter().all(small) {
        each("few and small groups")
    } else {
        together("large groups: FilterLogEvents would read them page by page")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn t(hours: i64) -> Time {
        chrono::DateTime::from_timestamp(hours * 3600, 0).expect("in range")
    }

    fn groups(number: usize, stored: Option<u64>) -> Vec<Group> {
        (0..number).map(|n| Group { id: format!("g{n}"), stored, oldest: stored.map(|_| t(0)) }).collect()
    }

    const ALL: Means = Means { insights: true, filter: true, budget: 0.25 };

    #[test]
    fn few_and_small_groups_are_filtered_and_the_rest_is_queried() {
        let way = |groups: &[Group], from, to, means| {
            let parts = plan(groups, from, to, t(100), means);
            (parts.len(), parts[0].way)
        };
        assert_eq!(way(&groups(3, Some(1 << 20)), t(50), t(100), ALL), (3, Way::Filter));
        assert_eq!(way(&groups(3, Some(1 << 30)), t(50), t(100), ALL), (1, Way::Insights));
        assert_eq!(way(&groups(3, Some(1 << 30)), t(99), t(100), ALL), (3, Way::Filter), "an hour of it is small");
        assert_eq!(way(&groups(3, None), t(99), t(100), ALL), (3, Way::Filter));
        assert_eq!(way(&groups(3, None), t(50), t(100), ALL), (1, Way::Insights));
        assert_eq!(way(&groups(11, Some(1 << 20)), t(99), t(100), ALL), (1, Way::Insights));
        assert_eq!(way(&groups(120, Some(1 << 20)), t(99), t(100), ALL), (3, Way::Insights), "50 groups a query");
        assert_eq!(way(&groups(11, None), t(0), t(100), Means { insights: false, ..ALL }), (11, Way::Filter));
        assert_eq!(way(&groups(1, None), t(99), t(100), Means { filter: false, ..ALL }), (1, Way::Insights));
        assert_eq!(way(&groups(11, Some(1 << 40)), t(0), t(100), ALL), (11, Way::Filter), "too dear");
    }
}
