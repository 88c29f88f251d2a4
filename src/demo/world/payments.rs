//! The payment stages behind provisioning: what one success in twenty goes on to.

use std::ops::Range;

use super::core::Core;
use super::dice::{About, Key};
use super::logs::Draft;
use super::request::{Outcome, Request};
use super::text::{digits, field, hex, number};

/// One success in so many goes on.
const ONE_IN: u64 = 20;

/// Payments in 1,000 that die at some stage.
const DIE: u64 = 4;

/// One success in so many becomes a payment that dies.
pub(super) const DEATH_ONE_IN: u64 = ONE_IN * 1000 / DIE;

/// Tenants and how many payments in 1,000 are theirs.
const TENANTS: [(&str, u64); 4] = [("NA", 430), ("EMEA", 300), ("LATAM", 150), ("APAC", 120)];

/// A stage of a payment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stage {
    /// Its name, the last part of its log group.
    pub(super) name: &'static str,
    /// The event of a line.
    pub(super) event: &'static str,
    /// How long it takes at least, in milliseconds.
    from_ms: u64,
    /// … and less than this much more.
    span_ms: u64,
}

/// The stages in the order in which a payment passes them; all together take less than 30 s.
pub(super) const STAGES: [Stage; 7] = [
    Stage { name: "initiation", event: "PAYMENT_INITIATED", from_ms: 40, span_ms: 160 },
    Stage { name: "risk", event: "RISK_ASSESSED", from_ms: 60, span_ms: 340 },
    Stage { name: "execution", event: "PAYMENT_EXECUTED", from_ms: 200, span_ms: 900 },
    Stage { name: "tracking", event: "STATUS_TRACKED", from_ms: 50, span_ms: 250 },
    Stage { name: "billing", event: "FEE_BILLED", from_ms: 80, span_ms: 420 },
    Stage { name: "settlement", event: "PAYMENT_SETTLED", from_ms: 900, span_ms: 3100 },
    Stage { name: "reconciliation", event: "PAYMENT_RECONCILED", from_ms: 1500, span_ms: 6500 },
];

/// A payment that a provisioned token made.
#[derive(Debug, Clone, Copy)]
pub(super) struct Payment {
    key: Key,
    /// When the token was there, in milliseconds since the epoch.
    start: i64,
}

impl Payment {
    /// The payment that comes of an attempt, if one does.
    pub(super) fn of(request: &Request<'_>) -> Option<Self> {
        let key = request.key.of(About::Payment);
        (request.outcome == Outcome::Success && key.below(ONE_IN) == 0).then_some(Self { key, start: request.end })
    }

    /// The stage at which it dies, if it does.
    pub(super) const fn dies_at(&self) -> Option<usize> {
        let chance = self.key.with(1);
        if chance.below(1000) >= DIE { None } else { Some(chance.with(1).below(STAGES.len() as u64) as usize) }
    }

    /// When it dies, in milliseconds since the epoch.
    pub(super) fn died(&self) -> Option<i64> {
        self.dies_at().map(|stage| self.stage(stage).0)
    }

    /// When a stage is done with it, in milliseconds since the epoch, and how long the stage took.
    pub(super) fn stage(&self, stage: usize) -> (i64, u64) {
        let took =
            |number: usize, stage: &Stage| stage.from_ms + self.key.with(2).with(number as u64).below(stage.span_ms);
        let until: u64 = STAGES.iter().enumerate().take(stage + 1).map(|(number, stage)| took(number, stage)).sum();
        (self.start + until as i64, took(stage, &STAGES[stage]))
    }

    /// The tenant.
    pub(super) fn tenant(&self) -> &'static str {
        let place = self.key.with(3).below(1000);
        let mut sum = 0;
        TENANTS
            .iter()
            .find(|(_, share)| {
                sum += share;
                place < sum
            })
            .map_or(TENANTS[0].0, |(name, _)| name)
    }

    /// The region that carries it.
    pub(super) fn region(&self) -> &'static str {
        let european = if self.tenant() == "EMEA" { 90 } else { 10 };
        if self.key.with(4).below(100) < european { "eu-west-1" } else { "us-east-1" }
    }

    /// Its amount in cents.
    pub(super) const fn cents(&self) -> u64 {
        let size = self.key.with(5);
        100 + size.below(20_000) * (1 + size.with(1).below(6)) / 2
    }

    /// Its id's 12 hex digits.
    pub(super) const fn id(&self) -> u64 {
        self.key.with(6).bits() >> 16
    }
}

/// A payment at one stage.
#[derive(Debug, Clone, Copy)]
pub(super) struct Passage {
    payment: Payment,
    stage: usize,
    correlation: u64,
}

impl Core {
    /// Payments that passed a stage in a span of milliseconds.
    pub(super) fn payment_drafts(&self, stage: usize, span: &Range<i64>) -> Vec<Draft<Passage>> {
        let mut drafts = Vec::new();
        self.each_near(span, 2, |request| {
            let Some(payment) = Payment::of(request) else { return };
            let (ms, _) = payment.stage(stage);
            if span.contains(&ms) && payment.dies_at().is_none_or(|last| stage <= last) {
                let about = Passage { payment, stage, correlation: request.correlation(self.key) };
                drafts.push(Draft { ms, sequence: request.sequence(true), key: request.key, about });
            }
        });
        drafts
    }
}

/// Writes the line of a payment at a stage.
pub(super) fn write(passage: &Passage, line: &mut String) {
    let Passage { payment, stage, correlation } = passage;
    let has_died = payment.dies_at() == Some(*stage);
    line.push_str("{\"level\":\"");
    line.push_str(if has_died { "ERROR" } else { "INFO" });
    line.push('"');
    field(line, "event", STAGES[*stage].event);
    field(line, "stage", STAGES[*stage].name);
    line.push_str(",\"paymentId\":\"pay_");
    hex(line, payment.id(), 12);
    line.push_str("\",\"correlationId\":\"corr_");
    hex(line, *correlation, 13);
    line.push('"');
    field(line, "tenant", payment.tenant());
    field(line, "region", payment.region());
    field(line, "status", if has_died { "FAILED" } else { "OK" });
    line.push_str(",\"amount\":");
    number(line, payment.cents() / 100);
    line.push('.');
    digits(line, payment.cents() % 100, 2);
    line.push_str(",\"currency\":\"USD\",\"durationMs\":");
    number(line, payment.stage(*stage).1);
    if has_died {
        field(line, "reason", "DEAD_LETTERED");
    }
    line.push('}');
}
