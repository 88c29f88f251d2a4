//! What a drill-down is about: an alarm, a rule, a card, a chart or a metric, with its metrics, its stretch of time and its leads.

use chrono::TimeDelta;

use super::Cx;
use crate::analysis::leads::{self, Lead, Metric, Why};
use crate::analysis::{breach, card};
use crate::app::effect::Subscription;
use crate::board::{Rule, RuleKind};
use crate::clock::Time;
use crate::store::alarm::{Alarm, AlarmKind, AlarmState};
use crate::store::episode::Episode;
use crate::store::graph::{Entity, ServiceKey};
use crate::store::health::SourceId;
use crate::store::series::MetricQuery;
use crate::store::trace_list::TraceQuery;
use crate::store::window::Span;
use crate::text::{clean, time, units};

/// How many metrics' filters are asked for; an expression may stand on a hundred.
const MOST_METRICS: usize = 8;

/// Where a drill-down starts.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum About {
    /// An alarm, by name; a composite stands for those of its children that fire.
    Alarm(String),
    /// A card of the board, by id.
    Card(String),
    /// A chart of the board, by id.
    Chart(String),
    /// Any metric or expression.
    Metric(MetricQuery),
    /// A local rule of the board, by id.
    Rule(String),
    /// Requests to a service or along an edge.
    Calls(Entity),
}

/// What there is to look into.
#[derive(Debug, Clone, PartialEq)]
pub struct Inquiry {
    /// What it is about, clean.
    pub name: String,
    /// The metrics behind it.
    pub metrics: Vec<Metric>,
    /// When it went wrong; for what is not an alarm, the window on screen.
    pub span: Span,
    /// Until when a change may have been the cause: the end of the first period that breached, not its start.
    pub onset: Time,
    /// Where the log lines are, the most telling first; empty while the filters are not known yet.
    pub leads: Vec<Lead>,
    /// Whether metric filters are still asked for.
    pub waiting: bool,
    /// The service in X-Ray, where it is known.
    pub service: Option<ServiceKey>,
    /// Who calls it, where it is about those calls alone.
    pub caller: Option<ServiceKey>,
    /// The filter expression of the traces that show what is wrong, where that is not just their faults.
    pub filter: Option<String>,
}

impl About {
    /// What there is to look into; `None` for what is not there, or not known yet.
    pub fn inquire(&self, cx: &Cx<'_>) -> Option<Inquiry> {
        let (name, queries) = self.queries(cx)?;
        let mut metrics: Vec<Metric> = Vec::new();
        for metric in queries.iter().flat_map(leads::metrics) {
            if !metrics.contains(&metric) {
                metrics.push(metric);
            }
        }
        let unanswered =
            |metric: &Metric| !cx.store.metric_filters.contains_key(&(metric.namespace.clone(), metric.name.clone()));
        let refused = cx.store.health(SourceId::MetricFilters).trouble().is_some();
        let waiting = !refused && metrics.iter().take(MOST_METRICS).any(unanswered);
        let alarm = self.alarm(cx);
        let span = self.span(cx);
        let onset = match alarm {
            Some(alarm) => breach::onset(alarm, cx.store, cx.window, cx.now),
            None => self.episode(cx).map_or(span.from, |(_, episode)| episode.began),
        };
        let mut found = Vec::new();
        if !waiting {
            let culprits = alarm.map(|alarm| breach::culprits(alarm, cx.store)).unwrap_or_default();
            found.extend(culprits.into_iter().flat_map(leads::of_logs_alarm));
            found.extend(self.rule(cx).into_iter().flat_map(counted));
            found.extend(self.entity().into_iter().flat_map(|entity| leads::of_service(entity.service(), cx.board)));
            if self.entity().is_none() && (found.is_empty() || !metrics.is_empty()) {
                found.extend(leads::leads(&metrics, cx.board, cx.store));
            }
        }
        let service = leads::service(&metrics, cx.board).map(|name| ServiceKey { kind: String::new(), name });
        let own = self.entity().map(|entity| (entity, entity.filter("")));
        let (entity, filter) = own.or_else(|| self.rule(cx).and_then(on_service)).unzip();
        let service = entity.map(|entity| entity.service().clone()).or(service);
        let caller = entity.and_then(|entity| match entity {
            Entity::Edge(from, _) => Some(from.clone()),
            Entity::Service(_) => None,
        });
        let name = clean(&name).into_owned();
        Some(Inquiry { name, metrics, span, onset, leads: found, waiting, service, caller, filter })
    }

    /// What has to be known before it can be looked into.
    pub fn wants(&self, cx: &Cx<'_>) -> Vec<Subscription> {
        let mut wanted = Vec::new();
        if let Self::Alarm(name) = self {
            wanted.push(Subscription::Alarms);
            if self.alarm(cx).is_some_and(|alarm| alarm.state != AlarmState::Alarm) {
                wanted.push(Subscription::AlarmHistory(name.clone()));
            }
        }
        let metrics = self.inquire(cx).map(|inquiry| inquiry.metrics).unwrap_or_default();
        wanted.extend(
            metrics
                .into_iter()
                .take(MOST_METRICS)
                .map(|metric| Subscription::MetricFilters { namespace: metric.namespace, name: metric.name }),
        );
        wanted
    }

    /// Why its lines and traces stay where they are when the window on screen moves; `None` where they go with it.
    pub fn stands_still(&self, cx: &Cx<'_>) -> Option<String> {
        let inquiry = self.inquire(cx).filter(|inquiry| inquiry.span != Span::of(cx.window, cx.now))?;
        Some(format!("this is when {} went wrong, {}: it does not move", inquiry.name, span_text(inquiry.span, cx)))
    }

    /// When it went wrong: while an alarm or rule fired, else the window on screen.
    fn span(&self, cx: &Cx<'_>) -> Span {
        if let Some(alarm) = self.alarm(cx) {
            return breach::span(alarm, cx.store, cx.window, cx.now);
        }
        match self.episode(cx) {
            Some((rule, episode)) => Span { from: episode.began - lead(rule), to: episode.ended },
            None => Span::of(cx.window, cx.now),
        }
    }

    /// A rule with its newest episode.
    fn episode<'a>(&self, cx: &Cx<'a>) -> Option<(&'a Rule, &'a Episode)> {
        let rule = self.rule(cx)?;
        let status = cx.store.rules.iter().find(|status| status.id == rule.id)?;
        Some((rule, status.episode.as_ref()?))
    }

    fn rule<'a>(&self, cx: &Cx<'a>) -> Option<&'a Rule> {
        let Self::Rule(id) = self else { return None };
        cx.board.rules.iter().find(|rule| rule.id == *id)
    }

    const fn entity(&self) -> Option<&Entity> {
        let Self::Calls(entity) = self else { return None };
        Some(entity)
    }

    fn alarm<'a>(&self, cx: &Cx<'a>) -> Option<&'a Alarm> {
        let Self::Alarm(name) = self else { return None };
        cx.store.alarm(name)
    }

    fn queries(&self, cx: &Cx<'_>) -> Option<(String, Vec<MetricQuery>)> {
        match self {
            Self::Alarm(name) => {
                let queries = breach::culprits(cx.store.alarm(name)?, cx.store).into_iter().filter_map(watched);
                Some((name.clone(), queries.collect()))
            }
            Self::Card(id) => {
                let card = cx.board.cards.iter().find(|card| card.id == *id)?;
                let queries = card::queries(card, cx.board).map(|(_, query)| query.clone());
                Some((card.title.clone(), queries.collect()))
            }
            Self::Chart(id) => {
                let chart = cx.board.charts.iter().find(|chart| chart.id == *id)?;
                let queries = chart.series.iter().filter_map(|series| cx.board.metrics.get(&series.metric).cloned());
                Some((chart.title.clone(), queries.collect()))
            }
            Self::Rule(_) => {
                let rule = self.rule(cx)?;
                Some((rule.title.clone(), watched_by(rule, cx)))
            }
            Self::Calls(entity) => Some((entity.name(), Vec::new())),
            Self::Metric(query) => {
                let name = leads::metrics(query).into_iter().next().map(|metric| metric.name);
                Some((name.unwrap_or_else(|| "metric".to_owned()), vec![query.clone()]))
            }
        }
    }
}

fn watched(alarm: &Alarm) -> Option<MetricQuery> {
    match &alarm.kind {
        AlarmKind::Metric(metric) => Some(metric.query.clone()),
        AlarmKind::Composite { .. } | AlarmKind::Logs(_) => None,
    }
}

/// The metrics that a rule looks at.
fn watched_by(rule: &Rule, cx: &Cx<'_>) -> Vec<MetricQuery> {
    match &rule.kind {
        RuleKind::Threshold { value, .. } | RuleKind::Surge { value, .. } => {
            value.queries(cx.board).map(|(_, query)| query.clone()).collect()
        }
        RuleKind::Burn { slo, .. } => {
            let slo = cx.board.slos.iter().find(|one| one.id == *slo);
            let formulas = slo.into_iter().flat_map(|slo| [&slo.good, &slo.total]);
            formulas.flat_map(|formula| formula.queries(cx.board)).map(|(_, query)| query.clone()).collect()
        }
        RuleKind::Rate { .. } | RuleKind::Service { .. } => Vec::new(),
    }
}

/// The lines that a rule counts by itself.
fn counted(rule: &Rule) -> Vec<Lead> {
    let RuleKind::Rate { events, .. } = &rule.kind else { return Vec::new() };
    let lead = |group: &String| Lead {
        metric: String::new(),
        group: group.clone(),
        pattern: events.pattern.clone().unwrap_or_default(),
        why: Why::Rule,
    };
    events.groups.iter().map(lead).collect()
}

/// The service or the calls that a rule on X-Ray looks at, and the traces that show what it measures.
fn on_service(rule: &Rule) -> Option<(&Entity, String)> {
    let RuleKind::Service { watch, bound, .. } = &rule.kind else { return None };
    Some((&watch.entity, watch.filter(*bound)))
}

/// How long before a rule fired what it looks at began to go wrong.
fn lead(rule: &Rule) -> TimeDelta {
    let span = |span| TimeDelta::from_std(span).unwrap_or_default();
    match &rule.kind {
        RuleKind::Threshold { value, datapoints, .. } | RuleKind::Surge { value, datapoints, .. } => {
            TimeDelta::seconds(i64::from(value.period_s) * i64::from(datapoints.to_alarm))
        }
        RuleKind::Service { watch, datapoints, .. } => {
            TimeDelta::seconds(i64::from(watch.period_s) * i64::from(datapoints.to_alarm))
        }
        RuleKind::Rate { window, .. } => span(*window),
        RuleKind::Burn { windows, .. } => span(windows.short),
    }
}

impl Inquiry {
    /// The traces with faults: those of its service, or of all where no service is known.
    pub fn faults(&self) -> TraceQuery {
        let filter = match (&self.filter, &self.service) {
            (Some(filter), _) => filter.clone(),
            (None, Some(key)) => Entity::Service(key.clone()).filter("fault = true"),
            (None, None) => "fault = true".to_owned(),
        };
        TraceQuery::new(filter, self.span)
    }
}

/// A stretch of time in words: `10:10 → now, 18m`.
pub fn span_text(span: Span, cx: &Cx<'_>) -> String {
    let text = |at: Time| {
        let at = cx.zone.at(at);
        let same_day = at.date_naive() == cx.zone.at(cx.now).date_naive();
        if same_day { time::minute(&at) } else { time::moment(&at, &cx.zone.at(cx.now)) }
    };
    let to = span.to.map_or_else(|| "now".to_owned(), text);
    format!("{} → {to}, {}", text(span.from), units::span((span.end(cx.now) - span.from).num_seconds()))
}
