//! How one attempt spends its time: the calls behind it, which traces show and the service graph counts.

use super::core::{TRIES, TRY_MS};
use super::dice::About;
use super::request::{Outcome, Reason, Request};

/// How often the service asks the token store before it gives up.
pub(super) const READS: u32 = 3;

/// How a call ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Verdict {
    /// Well.
    #[default]
    Ok,
    /// With a 4xx other than 429.
    Error,
    /// With 429, or a service's own way to say it.
    Throttle,
    /// With a 5xx.
    Fault,
}

impl Verdict {
    /// What the client sees of an attempt.
    pub(super) const fn of(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Success => Self::Ok,
            Outcome::Failure(reason) => Self::of_failure(reason),
        }
    }

    const fn of_failure(reason: Reason) -> Self {
        match reason {
            Reason::IssuerDeclined | Reason::CvvMismatch | Reason::DeviceNotEligible => Self::Error,
            Reason::StoreThrottled => Self::Throttle,
            Reason::TspTimeout => Self::Fault,
        }
    }
}

/// A call, in milliseconds after the attempt's start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Call {
    /// Its start.
    pub(super) from: u32,
    /// Its end.
    pub(super) to: u32,
    /// How it ended.
    pub(super) verdict: Verdict,
}

/// The calls behind an attempt.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Steps {
    reads: [Call; READS as usize],
    read_count: usize,
    /// The call to the tokenization service.
    pub(super) tokenization: Option<Call>,
    /// Its call to the issuer.
    pub(super) issuer: Option<Call>,
    tries: [Call; TRIES as usize],
    try_count: usize,
}

impl Steps {
    /// The calls behind an attempt.
    pub(super) fn of(request: &Request<'_>) -> Self {
        let reason = request.outcome.reason();
        let took = request.took();
        let waiting = if reason == Some(Reason::TspTimeout) { (TRIES * TRY_MS) as u32 } else { 0 };
        let body = took - waiting;
        let chance = request.key.of(About::Steps);
        // Places in the time that is not spent waiting for the provider, in parts of 1,000 with some play.
        let part = |number: u64, from: u32, play: u64| body * (from + chance.with(number).below(play) as u32) / 1000;
        let mut steps = Self::default();
        let asked = part(0, 30, 30);
        let answered = if reason == Some(Reason::StoreThrottled) { part(1, 930, 40) } else { asked + part(1, 110, 90) };
        steps.read(request, asked, answered);
        if matches!(reason, Some(Reason::StoreThrottled | Reason::DeviceNotEligible)) {
            return steps;
        }
        let verdict = Verdict::of(request.outcome);
        let call = Call { from: answered + body * 30 / 1000, to: took - part(2, 20, 40), verdict };
        let authorizing = call.from + body * 40 / 1000;
        let declined = verdict == Verdict::Error;
        let authorized = authorizing + part(3, 240, 120);
        steps.tokenization = Some(call);
        if declined {
            steps.issuer = Some(Call { from: authorizing, to: call.to - body * 20 / 1000, verdict });
            return steps;
        }
        steps.issuer = Some(Call { from: authorizing, to: authorized, verdict: Verdict::Ok });
        let asking = authorized + body * 20 / 1000;
        if waiting == 0 {
            steps.tries[0] = Call { from: asking, to: call.to - body * 20 / 1000, verdict: Verdict::Ok };
            steps.try_count = 1;
            return steps;
        }
        steps.try_count = steps.tries.len();
        for (number, slot) in (0..).zip(&mut steps.tries) {
            let from = asking + number * TRY_MS as u32;
            *slot = Call { from, to: from + TRY_MS as u32, verdict: Verdict::Fault };
        }
        steps
    }

    /// Reads from the token store, one after the other, each after a short pause.
    fn read(&mut self, request: &Request<'_>, from: u32, to: u32) {
        let throttled = throttled_reads(request);
        let count = (throttled + 1).min(READS);
        let each = (to - from) / count;
        for number in 0..count {
            let is_last = number + 1 == count;
            let verdict = if number < throttled { Verdict::Throttle } else { Verdict::Ok };
            let start = from + number * each;
            let end = if is_last { to } else { start + each * 3 / 4 };
            self.reads[number as usize] = Call { from: start, to: end, verdict };
        }
        self.read_count = count as usize;
    }

    /// The reads from the token store.
    pub(super) fn reads(&self) -> &[Call] {
        &self.reads[..self.read_count]
    }

    /// The calls to the token service provider.
    pub(super) fn tries(&self) -> &[Call] {
        &self.tries[..self.try_count]
    }
}

/// Reads of the token store that are throttled in an attempt; the store is short of capacity only in incidents, when
/// second attempts find it busy.
pub(super) fn throttled_reads(request: &Request<'_>) -> u32 {
    if request.outcome.reason() == Some(Reason::StoreThrottled) {
        return READS;
    }
    if !request.incident {
        return 0;
    }
    let chance = if request.second { 50 } else { 2 };
    u32::from(request.key.of(About::Throttle).below(100) < chance)
}
