//! Local rules: what the console itself watches, for accounts and signals that have no alarm.

use std::time::Duration;

use super::{Board, Unit};
use crate::analysis::math::Expr;
use crate::store::counts::CountQuery;
use crate::store::episode::Severity;
use crate::store::series::MetricQuery;

mod read;
mod reading;
mod service;

pub(super) use read::{Around, read};
pub use service::{Measure, ServiceWatch};

/// A rule that the console evaluates by itself.
#[derive(Debug, Clone, PartialEq)]
pub struct Rule {
    /// Its id: what episodes, `--focus` and the JSON contract call it.
    pub id: String,
    /// Its title.
    pub title: String,
    /// What to do about it, in the board author's words; may be empty.
    pub about: String,
    /// How much it matters.
    pub severity: Severity,
    /// The unit of its value.
    pub unit: Unit,
    /// When it holds.
    pub kind: RuleKind,
}

/// When a rule holds.
#[derive(Debug, Clone, PartialEq)]
pub enum RuleKind {
    /// A value lies beyond a bound.
    Threshold {
        /// What is looked at.
        value: Formula,
        /// The bound.
        bound: Limit,
        /// In how many periods.
        datapoints: Datapoints,
        /// What a period without a datapoint means.
        missing: Missing,
    },
    /// A value leaves what the recent past and the same time of earlier days let expect.
    Surge {
        /// What is looked at.
        value: Formula,
        /// On which side.
        side: Beyond,
        /// In how many periods.
        datapoints: Datapoints,
        /// How much of the past it learns from.
        history: Duration,
        /// How many times as wide as the detector's own the band is; `None` for once.
        sensitivity: Option<f64>,
    },
    /// Matching log events pile up within a sliding window.
    Rate {
        /// The events.
        events: CountQuery,
        /// The length of the sliding window.
        window: Duration,
        /// So many of them in one window make it hold.
        at_least: u32,
    },
    /// What X-Ray counts of a service or an edge lies beyond a bound.
    Service {
        /// What is looked at.
        watch: ServiceWatch,
        /// The bound, shares in percent.
        bound: Limit,
        /// In how many periods.
        datapoints: Datapoints,
        /// What a period without requests means.
        missing: Missing,
    },
    /// The error budget of an SLO burns too fast over a long and a short window at once.
    Burn {
        /// The SLO's id.
        slo: String,
        /// The windows and the rate.
        windows: BurnWindows,
    },
}

impl RuleKind {
    /// Its word in a board file.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Threshold { .. } => "threshold",
            Self::Surge { side: Beyond::Above, .. } => "spike",
            Self::Surge { side: Beyond::Below, .. } => "decline",
            Self::Surge { side: Beyond::Both, .. } => "outside",
            Self::Rate { .. } => "rate",
            Self::Burn { .. } => "burn",
            Self::Service { .. } => "service",
        }
    }
}

/// Arithmetic over metric ids, one value a period.
#[derive(Debug, Clone, PartialEq)]
pub struct Formula {
    /// The arithmetic.
    pub expr: Expr,
    /// The period in seconds, a multiple of each metric's.
    pub period_s: u32,
}

impl Formula {
    /// The metrics that it names, by id.
    pub fn queries<'b>(&self, board: &'b Board) -> impl Iterator<Item = (String, &'b MetricQuery)> {
        self.expr.ids().into_iter().filter_map(|id| board.metrics.get(&id).map(|query| (id, query)))
    }
}

/// A bound and the side of it that is bad.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limit {
    /// How a value is compared with the bound.
    pub sign: Sign,
    /// The bound, in the rule's unit.
    pub value: f64,
}

impl Limit {
    /// Whether a value breaches it.
    pub fn breached(&self, value: f64) -> bool {
        match self.sign {
            Sign::Above => value > self.value,
            Sign::AtLeast => value >= self.value,
            Sign::Below => value < self.value,
            Sign::AtMost => value <= self.value,
        }
    }
}

/// How a value is compared with a bound: CloudWatch's four comparisons with a fixed threshold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sign {
    /// `GreaterThanThreshold`.
    Above,
    /// `GreaterThanOrEqualToThreshold`.
    AtLeast,
    /// `LessThanThreshold`.
    Below,
    /// `LessThanOrEqualToThreshold`.
    AtMost,
}

impl Sign {
    /// Every comparison with its key in a board file.
    pub const KEYS: [(&'static str, Self); 4] =
        [("above", Self::Above), ("at_least", Self::AtLeast), ("below", Self::Below), ("at_most", Self::AtMost)];

    /// `>`, `≥`, `<` or `≤`.
    pub const fn text(self) -> &'static str {
        match self {
            Self::Above => ">",
            Self::AtLeast => "≥",
            Self::Below => "<",
            Self::AtMost => "≤",
        }
    }

    /// Whether it is large values that are bad.
    pub const fn is_upper(self) -> bool {
        match self {
            Self::Above | Self::AtLeast => true,
            Self::Below | Self::AtMost => false,
        }
    }
}

/// Which side of a band is bad.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Beyond {
    /// Above it: a spike.
    Above,
    /// Below it: a decline.
    Below,
    /// Either.
    Both,
}

/// M of N: how many of the newest periods must be bad.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Datapoints {
    /// M: CloudWatch's `DatapointsToAlarm`.
    pub to_alarm: u32,
    /// N: CloudWatch's `EvaluationPeriods`.
    pub of: u32,
}

/// What a period without a datapoint means: CloudWatch's `TreatMissingData`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Missing {
    /// Nothing; where all are missing, there is no data.
    Missing,
    /// Nothing; where all are missing, the state stays.
    Ignore,
    /// That it is bad.
    Breaching,
    /// That it is good.
    NotBreaching,
}

impl Missing {
    /// Every meaning with CloudWatch's word for it.
    pub const WORDS: [(&'static str, Self); 4] = [
        ("missing", Self::Missing),
        ("ignore", Self::Ignore),
        ("breaching", Self::Breaching),
        ("notBreaching", Self::NotBreaching),
    ];

    /// CloudWatch's word for it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Ignore => "ignore",
            Self::Breaching => "breaching",
            Self::NotBreaching => "notBreaching",
        }
    }
}

/// Over which windows a budget is watched, and how fast it may burn.
///
/// The named ones are those of the SRE Workbook (Google, 2018), chapter 5 "Alerting on SLOs", table 5-8: for a period of
/// 30 days, a page at 2 % of the budget in 1 h or 5 % in 6 h, a ticket at 10 % in 3 d, the short window a twelfth of
/// the long one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BurnWindows {
    /// The long window: enough of the budget must be gone.
    pub long: Duration,
    /// The short window: it must still be burning.
    pub short: Duration,
    /// The burn rate, 1 being the one that uses up the budget exactly at the end of the SLO's period.
    pub factor: f64,
}

impl BurnWindows {
    /// 14.4 over 1 h and 5 min.
    pub const FAST: Self = Self { long: Duration::from_hours(1), short: Duration::from_mins(5), factor: 14.4 };
    /// 6 over 6 h and 30 min.
    pub const SLOW: Self = Self { long: Duration::from_hours(6), short: Duration::from_mins(30), factor: 6.0 };
    /// 1 over 3 d and 6 h.
    pub const TICKET: Self = Self { long: Duration::from_hours(72), short: Duration::from_hours(6), factor: 1.0 };

    /// The named ones.
    pub const NAMED: [(&'static str, Self); 3] = [("fast", Self::FAST), ("slow", Self::SLOW), ("ticket", Self::TICKET)];
}
