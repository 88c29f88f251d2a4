//! Counts and times of a service or an edge, and how they have changed.

use crate::store::trace::Verdict;

/// Counts and times of a service or an edge over a window.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Statistics {
    /// Requests without error or fault.
    pub ok: u64,
    /// 4xx, throttles included (as X-Ray counts them).
    pub error: u64,
    /// 429.
    pub throttle: u64,
    /// 4xx other than throttles.
    pub error_other: u64,
    /// 5xx.
    pub fault: u64,
    /// 5xx that X-Ray counts as of no kind of their own: at present all of them.
    pub fault_other: u64,
    /// All requests.
    pub total: u64,
    /// Sum of response times in seconds.
    pub total_time_s: f64,
    /// Response-time histogram, as callers see it: seconds and count, ascending.
    pub histogram: Vec<(f64, u64)>,
    /// Duration histogram, with work that goes on after the answer: seconds and count, ascending. Edges have none.
    pub durations: Vec<(f64, u64)>,
}

/// How statistics differ from those of the window before. `None` where there was nothing to compare with.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Change {
    /// Requests, in percent.
    pub requests: Option<f64>,
    /// The share of requests that were ok, in points.
    pub ok: Option<f64>,
    /// The share of errors (throttles included), in points.
    pub error: Option<f64>,
    /// The share of throttles, in points.
    pub throttle: Option<f64>,
    /// The share of faults, in points.
    pub fault: Option<f64>,
    /// The mean response time, in percent.
    pub mean: Option<f64>,
    /// The median response time, in percent.
    pub p50: Option<f64>,
    /// The 90th percentile, in percent.
    pub p90: Option<f64>,
    /// The 99th percentile, in percent.
    pub p99: Option<f64>,
}

impl Statistics {
    /// Adds another slice of time. Counts end at the greatest that there is.
    pub fn add(&mut self, other: &Self) {
        self.ok = self.ok.saturating_add(other.ok);
        self.error = self.error.saturating_add(other.error);
        self.throttle = self.throttle.saturating_add(other.throttle);
        self.error_other = self.error_other.saturating_add(other.error_other);
        self.fault = self.fault.saturating_add(other.fault);
        self.fault_other = self.fault_other.saturating_add(other.fault_other);
        self.total = self.total.saturating_add(other.total);
        self.total_time_s += other.total_time_s;
        merge(&mut self.histogram, &other.histogram);
        merge(&mut self.durations, &other.durations);
    }

    /// The response time in seconds below which a fraction `q` of the requests stayed, from the histogram.
    pub fn percentile(&self, q: f64) -> Option<f64> {
        percentile(&self.histogram, q)
    }

    /// The duration in seconds below which a fraction `q` of the requests stayed, from the histogram.
    pub fn duration(&self, q: f64) -> Option<f64> {
        percentile(&self.durations, q)
    }

    /// Mean response time in seconds.
    pub fn mean(&self) -> Option<f64> {
        (self.total > 0).then(|| self.total_time_s / self.total as f64)
    }

    /// Requests that X-Ray counts as neither ok nor error nor fault.
    pub const fn unknown(&self) -> u64 {
        self.total.saturating_sub(self.ok.saturating_add(self.error).saturating_add(self.fault))
    }

    /// Share of requests that were ok, 0–1.
    pub fn ok_share(&self) -> f64 {
        self.share(self.ok)
    }

    /// Share of requests that were faults, 0–1.
    pub fn fault_share(&self) -> f64 {
        self.share(self.fault)
    }

    /// Share of requests that were errors (throttles included), 0–1.
    pub fn error_share(&self) -> f64 {
        self.share(self.error)
    }

    /// Share of requests that were throttled, 0–1.
    pub fn throttle_share(&self) -> f64 {
        self.share(self.throttle)
    }

    /// What part of all requests a count is, 0–1.
    pub fn share(&self, count: u64) -> f64 {
        if self.total == 0 { 0.0 } else { count as f64 / self.total as f64 }
    }

    /// How its requests went, told by the worst that a notable share of them had; errors are throttles where most are.
    pub fn verdict(&self) -> Verdict {
        /// From this share of requests on something counts as troubled.
        const TROUBLED: f64 = 0.01;
        let is_error = self.error_share() >= TROUBLED;
        let is_throttle = is_error && self.throttle * 2 > self.error;
        Verdict::of(self.fault_share() >= TROUBLED, is_error, is_throttle, false)
    }

    /// How it differs from the window before.
    pub fn change_from(&self, before: &Self) -> Change {
        let both = self.total > 0 && before.total > 0;
        let points = |of: fn(&Self) -> f64| both.then(|| 100.0 * (of(self) - of(before)));
        let percent = |now: Option<f64>, was: Option<f64>| {
            let was = was.filter(|was| *was > 0.0)?;
            Some(100.0 * (now? - was) / was)
        };
        let time = |q| percent(self.percentile(q), before.percentile(q));
        Change {
            requests: percent(Some(self.total as f64), Some(before.total as f64)),
            ok: points(Self::ok_share),
            error: points(Self::error_share),
            throttle: points(Self::throttle_share),
            fault: points(Self::fault_share),
            mean: percent(self.mean(), before.mean()),
            p50: time(0.5),
            p90: time(0.9),
            p99: time(0.99),
        }
    }
}

/// Adds a histogram to another, both ascending.
fn merge(histogram: &mut Vec<(f64, u64)>, other: &[(f64, u64)]) {
    if other.is_empty() {
        return;
    }
    histogram.extend_from_slice(other);
    histogram.sort_by(|a, b| a.0.total_cmp(&b.0));
    histogram.dedup_by(|next, kept| {
        let same = next.0.total_cmp(&kept.0).is_eq();
        if same {
            kept.1 = kept.1.saturating_add(next.1);
        }
        same
    });
}

fn percentile(histogram: &[(f64, u64)], q: f64) -> Option<f64> {
    let all = histogram.iter().fold(0_u64, |all, (_, n)| all.saturating_add(*n));
    if all == 0 {
        return None;
    }
    let rank = (q * all as f64).ceil().max(1.0) as u64;
    let mut seen = 0;
    histogram.iter().find_map(|&(value, n)| {
        seen = u64::saturating_add(seen, n);
        (seen >= rank).then_some(value)
    })
}
