//! One paragraph on top: how it ended, why, how long it took, what was slowest, in how many tries.

use std::collections::BTreeSet;

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
    Summary {
        outcome,
        reason: reason.filter(|_| failing.is_some()),
        total_s: story.span().map_or(0.0, |(from, to)| (to - from).as_seconds_f64()),
        tries,
        failing,
        slowest: slowest.filter(|index| own(&events[*index]) > 0.0),
        separate: chains.len(),
        shared: false,
    }
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
            Outcome::Silent => "silent",
        }
    }

    /// The paragraph, clean.
    pub fn words(&self, story: &Story) -> String {
        if self.shared {
            let words: Vec<String> = story.shared.iter().map(shared).collect();
            return clean(&words.join(" ")).into_owned();
        }
        if story.events.is_empty() {
            return match story.refusal() {
                _ if story.running => "Nothing found yet.".to_owned(),
                Some(why) => clean(&format!("Nothing could be searched: {why}.")).into_owned(),
                None => "Nothing found.".to_owned(),
            };
        }
        let mut words = match (self.outcome, &self.reason) {
            (Outcome::Failed, Some(reason)) => format!("Failed: {reason}"),
            (Outcome::Failed, None) => "Failed".to_owned(),
            (Outcome::Good, Some(reason)) => format!("Succeeded, after a failure: {reason}"),
            (Outcome::Good, None) => "Succeeded".to_owned(),
            (Outcome::Pending, _) => "Still pending: it has begun, and no end of it is known".to_owned(),
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
        clean(&words).into_owned()
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
    use crate::store::story::Identifier;

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
}
