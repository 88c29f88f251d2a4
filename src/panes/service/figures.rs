//! The figures of a service or an edge in words.

use crate::board::{ChangeUnit, Unit};
use crate::store::graph::{Change, ServiceGraph, Statistics};
use crate::store::health::Health;
use crate::text::units;
use crate::widgets::facts::Fact;
use crate::widgets::theme::Role;

/// The figures, each with its change against the window before where that is known.
pub(super) fn facts(statistics: &Statistics, change: Option<Change>, graph: &ServiceGraph) -> Vec<Fact> {
    let share =
        |count: u64| format!("{} ({})", units::value(count as f64, Unit::Count), units::share(statistics.share(count)));
    let seconds = |value: Option<f64>| {
        value.map_or_else(|| units::NOTHING.to_owned(), |value| units::value(value, Unit::Seconds))
    };
    let changed = |value: Option<f64>, unit: ChangeUnit| {
        value.map_or_else(String::new, |value| format!(" {}", units::change(value, unit)))
    };
    let change = change.unwrap_or_default();
    let percent = |value| changed(value, ChangeUnit::Percent);
    let points = |value| changed(value, ChangeUnit::Points);
    let bad = |count: u64, role: Role| if count > 0 { role } else { Role::Text };
    let s = statistics;
    let requests = format!("{}{}", units::value(s.total as f64, Unit::Count), percent(change.requests));
    let mut facts = vec![
        Fact::new("requests", &requests, Role::Strong),
        Fact::new("ok", &share(s.ok), Role::Text),
        Fact::new("✗ fault", &format!("{}{}", share(s.fault), points(change.fault)), bad(s.fault, Role::Fault)),
        Fact::new("▲ error", &format!("{}{}", share(s.error), points(change.error)), bad(s.error, Role::Error)),
        Fact::new("◇ of them throttle", &share(s.throttle), bad(s.throttle, Role::Throttle)),
        Fact::new("p50", &format!("{}{}", seconds(s.percentile(0.5)), percent(change.p50)), Role::Strong),
        Fact::new("p90", &format!("{}{}", seconds(s.percentile(0.9)), percent(change.p90)), Role::Strong),
        Fact::new("p99", &format!("{}{}", seconds(s.percentile(0.99)), percent(change.p99)), Role::Strong),
        Fact::new("mean", &format!("{}{}", seconds(s.mean()), percent(change.mean)), Role::Strong),
    ];
    if s.unknown() > 0 {
        facts.push(Fact::new("neither", &share(s.unknown()), Role::Muted));
    }
    if let Some(group) = &graph.group {
        facts.push(Fact::new("group", group, Role::Muted));
    }
    if let Some(words) = graph.flaws.words() {
        facts.push(Fact::new("", &words, Role::Muted));
    }
    facts
}

/// What stands there where the graph does not have it.
pub(super) fn nothing(health: &Health) -> Vec<Fact> {
    let text = match health {
        Health::Waiting => "Asking X-Ray …".to_owned(),
        Health::Live { .. } => "X-Ray saw no requests to it in this window.".to_owned(),
        Health::Stale { error, .. } | Health::Failed { error, .. } => error.message.clone(),
    };
    vec![Fact::new("", &text, Role::Muted)]
}
