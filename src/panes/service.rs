//! One service: its figures, its trend, its edges and its response times.

use std::borrow::Cow;

use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::Widget;

use crate::app::action::Action;
use crate::app::effect::Subscription;
use crate::board::Unit;
use crate::panes::{Cx, Pane, Reaction, Target, Zone, source_note};
use crate::store::graph::{Entity, ServiceKey, ServicePoint, Statistics, TrendQuery};
use crate::store::health::{Health, SourceId};
use crate::text::{clean, units};
use crate::widgets::area::{cut_top, padded};
use crate::widgets::chart::{Chart, Line};
use crate::widgets::facts::{self, Fact};
use crate::widgets::frame::pane_frame;
use crate::widgets::legend::{Entry, legend};
use crate::widgets::list::ListState;
use crate::widgets::theme::Role;

mod edges;
mod plan;
mod times;

use edges::EdgeKey;
use plan::arrange;

/// One service.
///
/// ```text
/// ┌ TSP · remote ────────────────────────────────────────────────────┐
/// │ ✗ 31.0 % faults  requests 400 k  ok 245 k  p50 400 ms  p99 8.0 s │
/// ├ Trend · 1m ──────────────────────────────────────────────────────┤
/// │  3k┤   ⢀⡠⠤⠤⠒⠒⠤⠤⠤⣀⣀                                               │
/// ├ Edges · 1 in · 0 out ────────────┬ Response times ───────────────┤
/// │ ← TokenizationService  ✗ 30.1 %  │ ≤ 400 ms ████████████▌  200 k │
/// └──────────────────────────────────┴───────────────────────────────┘
/// ```
#[derive(Debug)]
pub struct ServiceDetail {
    key: ServiceKey,
    list: ListState<EdgeKey>,
}

impl ServiceDetail {
    /// The detail of a service.
    pub fn new(key: ServiceKey) -> Self {
        Self { key, list: ListState::new() }
    }

    /// Its key in the graph: a name given without a type means the busiest service of that name.
    fn resolved(&self, cx: &Cx<'_>) -> ServiceKey {
        if !self.key.kind.is_empty() {
            return self.key.clone();
        }
        let named = cx.store.graph.data.services.iter().filter(|service| service.key.name == self.key.name);
        let busiest = named.max_by_key(|service| service.statistics.total);
        busiest.map_or_else(|| self.key.clone(), |service| service.key.clone())
    }

    /// What its trend is asked by.
    fn query(&self, cx: &Cx<'_>) -> TrendQuery {
        TrendQuery::over(Entity::Service(self.key.clone()), cx.window.span.as_secs())
    }

    /// Its figures.
    pub fn facts(&self, cx: &Cx<'_>) -> Vec<Fact> {
        let Some(service) = cx.store.graph.data.service(&self.resolved(cx)) else {
            let text = match &cx.store.graph.health {
                Health::Waiting => "Asking X-Ray …".to_owned(),
                Health::Live { .. } => "X-Ray saw no requests to it in this window.".to_owned(),
                Health::Stale { error, .. } | Health::Failed { error, .. } => error.message.clone(),
            };
            return vec![Fact::new("", &text, Role::Muted)];
        };
        let statistics = &service.statistics;
        let share = |count: u64| {
            let share = count as f64 * 100.0 / statistics.total.max(1) as f64;
            format!("{} ({share:.1} %)", units::value(count as f64, Unit::Count))
        };
        let seconds = |value: Option<f64>| {
            value.map_or_else(|| units::NOTHING.to_owned(), |value| units::value(value, Unit::Seconds))
        };
        let bad = |count: u64, role: Role| if count > 0 { role } else { Role::Text };
        vec![
            Fact::new("requests", &units::value(statistics.total as f64, Unit::Count), Role::Strong),
            Fact::new("ok", &share(statistics.ok), Role::Text),
            Fact::new("✗ fault", &share(statistics.fault), bad(statistics.fault, Role::Fault)),
            Fact::new("▲ error", &share(statistics.error), bad(statistics.error, Role::Error)),
            Fact::new("◇ of them throttle", &share(statistics.throttle), bad(statistics.throttle, Role::Throttle)),
            Fact::new("p50", &seconds(statistics.percentile(0.5)), Role::Strong),
            Fact::new("p90", &seconds(statistics.percentile(0.9)), Role::Strong),
            Fact::new("p99", &seconds(statistics.percentile(0.99)), Role::Strong),
            Fact::new("mean", &seconds(statistics.mean()), Role::Strong),
        ]
    }

    fn draw_trend(&self, buffer: &mut Buffer, area: Rect, cx: &Cx<'_>) {
        let query = self.query(cx);
        let trend = cx.store.service_trends.get(&query);
        let points: &[ServicePoint] = trend.map_or(&[], |trend| &trend.data.points);
        let period_s = i64::from(query.period_s);
        let general = cx.store.health(SourceId::ServiceTrend);
        let health = if general.trouble().is_some() { general } else { trend.map_or(general, |t| &t.health) };
        let note = source_note(health, cx.now).filter(|_| general.trouble().is_some() || trend.is_none());
        let note = note.as_ref().map(|(text, role)| (text.as_str(), *role));
        let inner = framed(buffer, area, &format!("Trend · {}", units::span(period_s)), note, false, cx);
        if inner.is_empty() {
            return;
        }
        let (from, to) = cx.window.range(cx.now);
        let series = |label: &str, role, value: fn(&Statistics) -> u64| {
            let points = points.iter().map(|p| (p.at, value(&p.statistics) as f64)).collect();
            Line::new(label.to_owned(), role, Cow::Owned(points))
        };
        let lines = vec![
            series("faults", Role::Fault, |s| s.fault),
            series("errors", Role::Error, |s| s.error),
            series("requests", Role::Series1, |s| s.total),
        ];
        let newest = |line: &Line<'_>| line.points.last().map(|(_, value)| units::value(*value, Unit::Count));
        let entries: Vec<Entry> = lines
            .iter()
            .rev()
            .map(|line| Entry { label: line.label.clone(), value: newest(line).unwrap_or_default(), role: line.role })
            .collect();
        let (head, body) = cut_top(inner, u16::from(inner.height > 4));
        if !head.is_empty() {
            legend(&entries, usize::from(head.width), cx.theme).render(head, buffer);
        }
        let empty = health
            .trouble()
            .map_or_else(|| "No datapoints yet.".to_owned(), |(error, _)| clean(&error.message).into_owned());
        let wall = match cx.zone {
            Zone::Utc => |at| Zone::Utc.at(at).naive_local(),
            Zone::Local => |at| Zone::Local.at(at).naive_local(),
        };
        let chart = Chart { lines, empty, ..Chart::new((from, to), period_s, cx.now, Unit::Count, wall) };
        chart.draw(body, buffer, cx.theme);
    }
}

/// Draws a frame and returns what is inside.
fn framed(
    buffer: &mut Buffer,
    area: Rect,
    title: &str,
    note: Option<(&str, Role)>,
    focused: bool,
    cx: &Cx<'_>,
) -> Rect {
    let block = pane_frame(title, note, focused, cx.theme);
    let inner = padded(block.inner(area));
    block.render(area, buffer);
    inner
}

impl Pane for ServiceDetail {
    fn title(&self, cx: &Cx<'_>) -> String {
        let key = self.resolved(cx);
        let kind = clean(&key.kind);
        if kind.is_empty() { clean(&key.name).into_owned() } else { format!("{} · {kind}", clean(&key.name)) }
    }

    fn wants(&self, cx: &Cx<'_>) -> Vec<Subscription> {
        vec![Subscription::Services, Subscription::ServiceTrend(self.query(cx))]
    }

    fn on(&mut self, action: Action, cx: &Cx<'_>) -> Reaction {
        let keys = edges::keys(&cx.store.graph.data, &self.resolved(cx));
        match action {
            Action::Open => {
                let row = self.list.sync(&keys);
                let edge = row.and_then(|row| keys.into_iter().nth(row));
                edge.map_or(Reaction::Handled, |edge| Reaction::Open(Target::Service(edge.other)))
            }
            action if self.list.on(action, &keys) => Reaction::Handled,
            _ => Reaction::Ignored,
        }
    }

    fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, cx: &Cx<'_>) {
        let key = self.resolved(cx);
        let shown = self.facts(cx);
        let plan = arrange(area, facts::lines(&shown, area.width.saturating_sub(4)));
        let buffer = frame.buffer_mut();
        let note = source_note(&cx.store.graph.health, cx.now);
        let note = note.as_ref().map(|(text, role)| (text.as_str(), *role));
        let inner = framed(buffer, plan.facts, &self.title(cx), note, false, cx);
        facts::draw(&shown, buffer, inner, cx.theme);
        if !plan.trend.is_empty() {
            self.draw_trend(buffer, plan.trend, cx);
        }
        if !plan.edges.is_empty() {
            let (title, rows) = edges::view(&cx.store.graph.data, &key);
            let inner = framed(buffer, plan.edges, &title, None, cx.focused, cx);
            self.list.sync(&edges::keys(&cx.store.graph.data, &key));
            edges::draw(&rows, &mut self.list, buffer, inner, cx);
        }
        if !plan.times.is_empty() {
            let inner = framed(buffer, plan.times, "Response times", None, false, cx);
            let histogram = cx.store.graph.data.service(&key).map_or(&[][..], |s| &s.statistics.histogram);
            times::draw(&times::buckets(histogram, inner.height), buffer, inner, cx.theme);
        }
    }

    fn copied(&self, cx: &Cx<'_>) -> Option<String> {
        let service = cx.store.graph.data.service(&self.resolved(cx))?;
        let s = &service.statistics;
        let line = format!(
            "{} requests {} ok {} error {} throttle {} fault {}",
            self.key.name, s.total, s.ok, s.error, s.throttle, s.fault
        );
        Some(clean(&line).into_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::panes::testing::{SIZES, World, key};

    fn pane() -> ServiceDetail {
        ServiceDetail::new(key("AWS::Lambda", "TokenProvisioningService"))
    }

    fn show(world: &World, width: u16, height: u16) -> String {
        let text = world.draw(&mut pane(), width, height).join("\n");
        println!("{text}");
        text
    }

    #[test]
    fn every_state_draws_at_every_size() {
        for world in World::all() {
            for (width, height) in SIZES {
                world.draw(&mut pane(), width, height);
                world.draw(&mut ServiceDetail::new(key("remote", "nobody")), width, height);
            }
        }
    }

    #[test]
    fn figures_edges_and_times_are_shown() {
        let world = World::live();
        let screen = show(&world, 140, 40);
        for part in [
            "requests 432.0 k",
            "✗ fault 63.00 k (14.6 %)",
            "p50 900 ms",
            "← token-api/prod",
            "→ TokenizationService",
            "Edges · 1 in · 2 out",
            "Response times",
            "● requests",
        ] {
            assert!(screen.contains(part), "{part}");
        }
        assert!(show(&world, 80, 24).contains("→ TokenStore"));
    }

    #[test]
    fn a_name_alone_is_enough() {
        let world = World::live();
        let screen = world.draw(&mut ServiceDetail::new(key("", "TSP")), 100, 40).join("\n");
        assert!(screen.contains("← TokenizationService") && screen.contains("TSP · remote"), "{screen}");
    }

    #[test]
    fn opening_follows_an_edge() {
        let world = World::live();
        let mut pane = pane();
        world.draw(&mut pane, 100, 40);
        pane.on(Action::Bottom, &world.cx());
        let expected = Target::Service(key("AWS::ECS::Container", "TokenizationService"));
        assert_eq!(pane.on(Action::Open, &world.cx()), Reaction::Open(expected));
    }

    #[test]
    fn what_is_missing_is_said() {
        let screen = show(&World::failed(), 120, 30);
        assert!(screen.contains("not authorized to perform xray:GetServiceGraph"));
        assert!(screen.contains("denied: xray:GetTimeSeriesServiceStatistics"));
    }
}
