//! `[[slo]]`: how good a service has to be.

use std::time::Duration;

use super::card::arithmetic;
use super::ids;
use super::metric::Metrics;
use super::rule::Formula;
use crate::analysis::math::Expr;
use crate::config::Section;

/// The period of an SLO that names none.
const PERIOD: Duration = Duration::from_hours(30 * 24);

/// A service level objective: so many of all events have to be good ones.
#[derive(Debug, Clone, PartialEq)]
pub struct Slo {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Good events a period.
    pub good: Formula,
    /// All events a period.
    pub total: Formula,
    /// The share that has to be good, between 0 and 1.
    pub objective: f64,
    /// Over how long: what the error budget has to last for.
    pub period: Duration,
}

impl Slo {
    /// The share of events that may be bad.
    pub const fn budget(&self) -> f64 {
        1.0 - self.objective
    }
}

/// Reads all SLOs of a file.
pub(super) fn read(sections: Vec<Section<'_>>, metrics: &Metrics) -> Vec<Slo> {
    let mut slos: Vec<Slo> = Vec::new();
    for section in sections {
        let slo = slo(section, &slos, metrics);
        slos.extend(slo);
    }
    slos
}

fn slo(mut section: Section<'_>, others: &[Slo], metrics: &Metrics) -> Option<Slo> {
    let id = ids::own(&mut section, others.iter().map(|slo| slo.id.as_str()));
    let title = section.label("title");
    let good = section.need("good").and_then(|value| arithmetic(&value, metrics, "an SLO"));
    let total = section.need("total").and_then(|value| arithmetic(&value, metrics, "an SLO"));
    let objective = section.need("objective").and_then(|value| {
        let percent = value.number()?;
        if percent <= 0.0 || percent >= 100.0 {
            value.fail("`objective` is a percentage between 0 and 100, such as 99.9");
            return None;
        }
        Some(percent / 100.0)
    });
    let period = section.get("period").map_or(Some(PERIOD), |value| value.span());
    let named = good.iter().chain(&total).flat_map(Expr::ids);
    let period_s = named.filter_map(|id| metrics.found.get(&id)).map(|query| query.period_s.max(1)).max();
    if period_s.is_none() && good.is_some() && total.is_some() {
        section.fail("`good` and `total` name no metric");
    }
    section.done();
    let (id, period_s) = (id?, period_s?);
    let (good, total) = (good?, total?);
    let formula = |expr| Formula { expr, period_s };
    Some(Slo {
        title: title.unwrap_or_else(|| id.clone()),
        id,
        good: formula(good),
        total: formula(total),
        objective: objective?,
        period: period?,
    })
}
