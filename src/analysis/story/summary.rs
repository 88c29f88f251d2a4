//! One paragraph on top: how it ended, why, how long it took, what was slowest, in how many tries.

use std::collections::BTreeSet;

use super::{missing, unsearched};
use crate::store::story::{Event, Origin, Outcome, Shared, Story};
use crate::text::{clean, units};

/// What is said of a story as a whole.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Summary {
    /// How it ended.
    pub outcome: Outcome,
    /// Why it failed, raw.
    pub reason: Option<String>,
    /// Seconds from the first event to the end of the last.
    pub total_s: f64,
    /// Tries: a client's retry is another request.
    pub tries: usize,
    /// Index of the first thing that failed.
    pub failing: Option<usize>,
    /// Index of the step in which most time passed.
    pub slowest: Option<usize>,
    /// Requests that are not one another's tries: those of a text that several have part in.
    pub separate: usize,
    /// Whether there is no story: what was given is shared by many requests.
    pub shared: bool,
    /// What could not be searched, where nothing says how it ended.
    pub unsearched: Vec<String>,
}

/// Sums up a story.
pub fn summary(story: &Story) -> Summary {
    if story.is_shared() {
        return Summary { shared: true, ..Summary::default() };
    }
    let events = &story.events;
    let told: Vec<&Event> =
        events.iter().filter(|event| event.segment.is_none() && event.origin != Some(Origin::XRay)).collect();
    let judged = |events: &mut dyn Iterator<Item = &Event>| {
        events
            .filter(|event| matches!(event.outcome, Outcome::Good | Outcome::Failed))
            .last()
            .map(|event| event.outcome)
    };
    let roots = || events.iter().filter(|event| event.origin == Some(Origin::XRay) && event.depth == 0);
    let outcome = judged(&mut told.iter().copied()).or_else(|| {
        if roots().any(|event| event.outcome == Outcome::Failed) { Some(Outcome::Failed) } else { judged(&mut roots()) }
    });
    let pending = events.iter().any(|event| event.outcome == Outcome::Pending);
    let outcome = outcome.unwrap_or(if pending { Outcome::Pending } else { Outcome::Silent });
    let failed = |event: &&Event| event.outcome == Outcome::Failed;
    let reason = told.iter().copied().filter(failed).rev().find_map(|event| event.reason.clone());
    let reason = reason.or_else(|| events.iter().filter(failed).find_map(|event| event.reason.clone()));
    // What failed first ended first; of what ended together, the deepest is the cause of the others.
    let failing = (0..events.len())
        .filter(|index| events[*index].outcome == Outcome::Failed)
        .min_by_key(|index| (events[*index].ended(), std::cmp::Reverse(events[*index].depth)));
    let own = |event: &Event| event.own_s.unwrap_or(0.0);
    let slowest = (0..events.len()).max_by(|a, b| own(&events[*a]).total_cmp(&own(&events[*b])));
    let requests: BTreeSet<&str> = told.iter().filter_map(|event| event.request.as_deref()).collect();
    let traces: BTreeSet<&str> = events.iter().filter_map(|event| event.trace.as_deref()).collect();
    let tries = if requests.is_empty() { traces.len() } else { requests.len() };
    let chains: BTreeSet<&str> = told.iter().filter_map(|event| event.correlation.as_deref()).collect();
    let unsearched = match outcome {
        Outcome::Silent if !story.running => unsearched(story, &values(story)),
        _ => Vec::new(),
    };
    Summary {
        outcome,
        reason: reason.filter(|_| failing.is_some()),
        total_s: story.span().map_or(0.0, |(from, to)| (to - from).as_seconds_f64()),
        tries,
        failing,
        slowest: slowest.filter(|index| own(&events[*index]) > 0.0),
        separate: chains.len(),
        shared: false,
        unsearched,
    }
}

fn values(story: &Story) -> Vec<&str> {
    story.identifiers.iter().map(|known| known.value.as_str()).collect()
}

/// A span in seconds as it is read: `820 ms`, `24.3 s`, `3m 20s`.
pub fn seconds(seconds: f64) -> String {
    if seconds >= 100.0 { units::lasted(seconds as i64) } else { units::value(seconds, crate::board::Unit::Seconds) }
}

impl Summary {
    /// The outcome in the JSON contract.
    pub const fn word(&self) -> &'static str {
        match self.outcome {
            _ if self.shared => "shared",
            Outcome::Good => "good",
            Outcome::Failed => "failed",
            Outcome::Pending => "pending",
            Outcome::Silent if !self.unsearched.is_empty() => "unfinished",
            Outcome::Silent => "silent",
        }
    }

    /// The paragraph, clean: what was not found, then what was.
    pub fn words(&self, story: &Story) -> String {
        let told = self.told(story);
        if story.is_empty() {
            return clean(&told).into_owned();
        }
        clean(&format!("{}{told}", absent(story))).into_owned()
    }

    fn told(&self, story: &Story) -> String {
        if self.shared {
            let words: Vec<String> = story.shared.iter().map(shared).collect();
            return words.join(" ");
        }
        if story.events.is_empty() {
            return match story.refusal() {
                _ if story.running => "Nothing found yet.".to_owned(),
                Some(why) => format!("Nothing could be searched: {why}."),
                None if !self.unsearched.is_empty() => {
                    format!("Not finished: {} not searched. Nothing found elsewhere.", few(&self.unsearched))
                }
                None => "Nothing found.".to_owned(),
            };
        }
        let mut words = match (self.outcome, &self.reason) {
            (Outcome::Failed, Some(reason)) => format!("Failed: {reason}"),
            (Outcome::Failed, None) => "Failed".to_owned(),
            (Outcome::Good, Some(reason)) => format!("Succeeded, after a failure: {reason}"),
            (Outcome::Good, None) => "Succeeded".to_owned(),
            (Outcome::Pending, _) => "Still pending: it has begun, and no end of it is known".to_owned(),
            (Outcome::Silent, _) if !self.unsearched.is_empty() => {
                format!(
                    "Not finished: {} not searched. No line that was found says how it ended",
                    few(&self.unsearched)
                )
            }
            (Outcome::Silent, _) => "No line says how it ended".to_owned(),
        };
        match (self.separate, self.tries) {
            (2.., _) => words.extend([format!(", the last of {} separate requests", self.separate)]),
            (_, 2..) => words.extend([format!(", {} tries", self.tries)]),
            (_, _) => {}
        }
        if self.total_s > 0.0 {
            words.extend([format!(", {} in all", seconds(self.total_s))]);
        }
        words.push('.');
        if let Some(event) = self.failing.and_then(|index| story.events.get(index)) {
            // The time is that of its row; what takes its time failed at the end of it.
            let at = event.time.format("%H:%M:%S%.3f");
            let (service, what, source) = (&event.service, &event.what, event.source());
            let after = (event.ended() - event.time).as_seconds_f64();
            let after = if after > 0.0 { format!(", failed after {}", seconds(after)) } else { String::new() };
            words.extend([format!(" First failure at {at} UTC: {service} {what} ({source}){after}.")]);
        }
        if let Some(event) = self.slowest.and_then(|index| story.events.get(index)) {
            let own = event.own_s.unwrap_or(0.0);
            let below = event.took_s.is_some_and(|took| took - own > 1e-6);
            let end = if below { " of its own." } else { "." };
            words.extend([format!(" Slowest step: {}, {}{end}", event.service, seconds(own))]);
        }
        words
    }
}

/// What is said of identifiers that were given and not found beside others that were.
fn absent(story: &Story) -> String {
    let missing = missing(story);
    if missing.is_empty() {
        return String::new();
    }
    let values: Vec<&str> = missing.iter().map(String::as_str).collect();
    let lost = if story.running { Vec::new() } else { unsearched(story, &values) };
    let yet = if story.running { " yet" } else { "" };
    let but = if lost.is_empty() { String::new() } else { format!("; {} not searched", few(&lost)) };
    format!("{}: nothing found{yet}{but}. ", few(&missing))
}

/// The first of some names, and how many more there are.
pub fn few(names: &[String]) -> String {
    const SHOWN: usize = 3;
    match names.len().saturating_sub(SHOWN) {
        0 => names.join(", "),
        more => format!("{} and {more} more", names[..SHOWN].join(", ")),
    }
}

/// What is said of a text that many requests share.
fn shared(of: &Shared) -> String {
    let Shared { value, read, lines, requests, failed, from, to, more, leads } = of;
    let span = format!("{} to {} UTC", from.format("%Y-%m-%d %H:%M:%S"), to.format("%H:%M:%S"));
    let number = units::thousands;
    let of_all = if *lines > *read as u64 {
        format!(
            "The newest {} of {} lines with it",
            number(*read),
            number(usize::try_from(*lines).unwrap_or(usize::MAX))
        )
    } else if *more {
        format!("The newest {} lines with it (there are more)", number(*read))
    } else {
        format!("The {} lines with it", number(*read))
    };
    let bad = leads.iter().filter(|lead| lead.outcome == Outcome::Failed).count();
    let told = match (bad, leads.len() - bad) {
        (0, others) => format!("the newest {others}"),
        (bad, 0) => format!("the newest {bad} that failed"),
        (bad, others) => format!("the newest {bad} that failed and {others} others"),
    };
    format!(
        "{value} is shared by many requests: there is no one story of it. {of_all}, from {span}, name {} requests, {} of which \
         failed. Go on with one of these: {told}.",
        number(*requests),
        number(*failed),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Time;
    use crate::store::story::{How, Identifier, Search, SearchState};

    fn event(at_ms: i64, origin: Origin, outcome: Outcome) -> Event {
        let time = chrono::DateTime::from_timestamp_millis(at_ms).expect("in range");
        Event {
            time,
            origin: Some(origin),
            outcome,
            what: format!("w{at_ms}"),
            text: at_ms.to_string(),
            ..Event::default()
        }
    }

    fn logs() -> Origin {
        Origin::Logs("/a".to_owned())
    }

    #[test]
    fn the_first_failure_is_the_deepest_that_ended_first() {
        let mut story = Story::default();
        for (start, took, depth) in [(0, 24.0, 0), (100, 23.5, 1), (200, 8.0, 2), (8300, 8.0, 2)] {
            let took = Some(took);
            story.add(Event { took_s: took, own_s: took, depth, ..event(start, Origin::XRay, Outcome::Failed) });
        }
        story.add(Event {
            reason: Some("TSP_TIMEOUT".into()),
            request: Some("r1".into()),
            ..event(24_000, logs(), Outcome::Failed)
        });
        let summary = summary(&story);
        assert_eq!(summary.outcome, Outcome::Failed);
        assert_eq!(summary.reason.as_deref(), Some("TSP_TIMEOUT"));
        assert_eq!(summary.failing.map(|index| story.events[index].what.as_str()), Some("w200"));
        assert_eq!((summary.total_s, summary.tries), (24.0, 1));
        // The time in words is the time in its row.
        let words = summary.words(&story);
        assert!(words.contains("First failure at 00:00:00.200 UTC:  w200 (xray), failed after 8.00 s."), "{words}");
    }

    #[test]
    fn what_many_share_has_no_outcome_but_requests_to_go_on_with() {
        let mut story = Story::default();
        story.identifiers.push(Identifier { field: String::new(), value: "GooglePay".into(), join: None });
        let lead = |ms, outcome| Event { request: Some(format!("r{ms}")), ..event(ms, logs(), outcome) };
        story.shared.push(Shared {
            value: "GooglePay".into(),
            read: 2_000,
            lines: 1_234_567,
            requests: 1_003,
            failed: 31,
            leads: vec![lead(1, Outcome::Failed), lead(2, Outcome::Good)],
            ..Shared::default()
        });
        story.offer();
        let told = summary(&story);
        assert_eq!((told.word(), told.failing, told.tries, story.events.len()), ("shared", None, 0, 2));
        let words = told.words(&story);
        for part in [
            "shared by many requests",
            "The newest 2,000 of 1,234,567 lines",
            "1,003 requests, 31 of which",
            "1 that failed and 1 others",
        ] {
            assert!(words.contains(part), "{part}: {words}");
        }
    }

    #[test]
    fn several_requests_of_one_text_are_no_tries() {
        let mut story = Story::default();
        for (ms, id) in [(1_000, "c1"), (2_000, "c2"), (3_000, "c2")] {
            let (request, correlation) = (Some(format!("r{ms}")), Some(id.into()));
            story.add(Event { request, correlation, ..event(ms, logs(), Outcome::Good) });
        }
        let words = summary(&story).words(&story);
        assert!(words.starts_with("Succeeded, the last of 2 separate requests"), "{words}");
    }

    #[test]
    fn a_retry_that_succeeds_is_a_success_after_a_failure() {
        let mut story = Story::default();
        story.add(Event {
            request: Some("r1".into()),
            reason: Some("X".into()),
            ..event(1_000, logs(), Outcome::Failed)
        });
        story.add(Event { request: Some("r2".into()), ..event(7_000, logs(), Outcome::Good) });
        let summary = summary(&story);
        assert_eq!((summary.outcome, summary.tries), (Outcome::Good, 2));
        assert!(
            summary.words(&story).starts_with("Succeeded, after a failure: X, 2 tries, 6.00 s in all."),
            "{}",
            summary.words(&story)
        );
    }

    #[test]
    fn what_only_began_is_pending_and_nothing_is_said_plainly() {
        let mut story = Story::default();
        assert_eq!(summary(&story).words(&story), "Nothing found.");
        story.add(event(1, logs(), Outcome::Pending));
        assert_eq!(summary(&story).outcome, Outcome::Pending);
    }

    #[test]
    fn what_was_not_found_beside_others_is_said() {
        let given = |value: &str| Identifier { field: String::new(), value: value.into(), join: None };
        let mut story = Story { identifiers: ["new", "old"].map(given).into(), running: true, ..Story::default() };
        assert_eq!(summary(&story).words(&story), "Nothing found yet.");
        story.add(Event { ids: vec!["new".into()], ..event(1, logs(), Outcome::Good) });
        assert_eq!(summary(&story).words(&story), "old: nothing found yet. Succeeded.");
        story.running = false;
        assert_eq!(summary(&story).words(&story), "old: nothing found. Succeeded.");
        story.add(Event { ids: vec!["old".into()], ..event(2, logs(), Outcome::Good) });
        assert!(summary(&story).words(&story).starts_with("Succeeded"));
    }

    #[test]
    fn a_verdict_that_nothing_was_found_needs_that_all_was_searched() {
        let lost = |place: &str, state| Search {
            places: vec![place.into()],
            how: How::Filter,
            why: String::new(),
            sought: vec!["x".into()],
            from: Time::default(),
            to: Time::default(),
            state,
            calls: 1,
            found: 0,
            bytes: 0.0,
            usd: 0.0,
        };
        let identifiers = vec![Identifier { field: String::new(), value: "x".into(), join: None }];
        let searched = vec![lost("/a", SearchState::Done), lost("/b", SearchState::TimedOut)];
        let mut story = Story { identifiers, searched, ..Story::default() };
        let told = summary(&story);
        assert_eq!((told.word(), story.is_refused()), ("unfinished", false));
        assert_eq!(told.words(&story), "Not finished: /b not searched. Nothing found elsewhere.");
        story.add(Event { ids: vec!["x".into()], ..event(1, logs(), Outcome::Silent) });
        let told = summary(&story);
        assert_eq!(told.word(), "unfinished");
        assert!(told.words(&story).starts_with("Not finished: /b not searched. No line"), "{}", told.words(&story));
        story.events[0].outcome = Outcome::Good;
        assert_eq!(summary(&story).word(), "good");
        story.events.clear();
        story.searched.remove(0);
        assert!(story.is_refused(), "nothing was answered");
        assert_eq!(summary(&story).words(&story), "Nothing could be searched: timed out.");
    }
}
