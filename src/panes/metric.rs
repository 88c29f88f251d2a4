//! A card's or a chart's metrics, large.

use std::borrow::Cow;

use chrono::TimeDelta;
use ratatui::Frame;
use ratatui::layout::Rect;

use super::cards::{bound, value_role};
use super::cursor::{Scope, wall};
use super::inquiry::About;
use super::look::{self, Look};
use super::query_plot::{self, Named};
use super::words::query_lines;
use super::{Cx, Exported, Pane, Reaction, Target, changes, exported, plot};
use crate::analysis::card::{self, CardView, card_points, card_value};
use crate::analysis::expression;
use crate::analysis::statistic;
use crate::analysis::summary::Summary;
use crate::app::action::Action;
use crate::app::effect::Subscription;
use crate::board::{Card, Chart as BoardChart, Over, Unit};
use crate::clock::Time;
use crate::store::health::SourceId;
use crate::store::series::{MetricQuery, MetricSource};
use crate::store::window::Shift;
use crate::text::{clean, units};
use crate::widgets::axis::Scaling;
use crate::widgets::chart::{Chart, Kind, Line, Reading};
use crate::widgets::theme::Role;

mod draw;

/// What a metric pane is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// A card, by id.
    Card(String),
    /// A chart, by id.
    Chart(String),
    /// A metric or an expression that need not be on the board.
    Query(Box<MetricQuery>),
}

impl Subject {
    /// What its log lines are about.
    fn about(&self) -> About {
        match self {
            Self::Card(id) => About::Card(id.clone()),
            Self::Chart(id) => About::Chart(id.clone()),
            Self::Query(query) => About::Metric((**query).clone()),
        }
    }
}

/// One card's or chart's metrics over the window: the curve with its thresholds, the figures, the queries.
///
/// ```text
/// ┌ Failure rate · 1 min ───────────────────────────── stale 40s · throttled ┐
/// │ 14.6 %  over the last 5m  ▲ 12.8 pt  crit > 5 %      ┄ the window before │
/// │ 15%┤                                                          ⢸⠉⠉⠉⠉⠉⠉⠉⠉⠉ │
/// │ 10%┤                                                          ⢸          │
/// │  5%┤> 5 %╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌⡇          │
/// │   0┤⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⡇          │
/// │    └┬─────────────┬─────────────┬─────────────┬─────────────┬─────────── │
/// │                   min    mean     max    last  10:14                     │
/// │ ● Failure rate  1.8 %   3.1 %  14.6 %  14.6 %  2.0 %                     │
/// │                                                                          │
/// │ failure_rate = 100 * failure / (success + failure)                       │
/// │ failure = TokenServices TokenProvisioningFailure · Sum · 60 s            │
/// └ 10:14 Failure rate 2.0 % from 1.9 % ─────────────────────────────────────┘
/// ```
#[derive(Debug)]
pub struct MetricPane {
    subject: Subject,
    look: Look,
}

/// What a metric pane shows.
#[derive(Debug)]
pub struct MetricView<'a> {
    /// The title with the period.
    pub title: String,
    /// A card's figures, with its unit's texts; `None` for a chart.
    pub figures: Option<Figures>,
    /// The curve.
    pub chart: Chart<'a>,
    /// Each line's figures.
    pub summaries: Vec<SummaryRow>,
    /// Ids and what they stand for.
    pub queries: Vec<(String, String)>,
    /// The values under the cursor.
    pub reading: Option<Reading>,
}

/// A line's figures over the periods that are over.
#[derive(Debug, Clone, PartialEq)]
pub struct SummaryRow {
    /// The line's name.
    pub label: String,
    /// Its role.
    pub role: Role,
    /// Its glyph.
    pub glyph: &'static str,
    /// Its unit.
    pub unit: Unit,
    /// The figures; `None` where it has no datapoint.
    pub summary: Option<Summary>,
    /// Whether its datapoints can be added up.
    pub adds_up: bool,
    /// Its value under the cursor, as text.
    pub read: Option<String>,
}

/// A card's figures as text.
#[derive(Debug, Clone, PartialEq)]
pub struct Figures {
    /// The value and its colour.
    pub value: (String, Role),
    /// The span that it is taken over, in words.
    pub over: String,
    /// The change, if known.
    pub change: Option<String>,
    /// Its thresholds in words, each with its colour where it is passed.
    pub thresholds: Vec<(String, Role)>,
    /// AWS's message, if any.
    pub message: Option<String>,
}

impl MetricPane {
    /// A pane on a card or a chart of the board.
    pub fn new(subject: Subject) -> Self {
        let look = match subject {
            Subject::Card(_) => Look::comparing(Shift::Window),
            Subject::Chart(_) | Subject::Query(_) => Look::default(),
        };
        Self { subject, look }
    }

    fn card<'a>(&self, cx: &Cx<'a>) -> Option<&'a Card> {
        let Subject::Card(id) = &self.subject else { return None };
        cx.board.cards.iter().find(|card| card.id == *id)
    }

    fn chart<'a>(&self, cx: &Cx<'a>) -> Option<&'a BoardChart> {
        let Subject::Chart(id) = &self.subject else { return None };
        cx.board.charts.iter().find(|chart| chart.id == *id)
    }

    /// The query that it is about, under the name by which it is typed.
    fn query(&self) -> Option<Named> {
        let Subject::Query(query) = &self.subject else { return None };
        Some(Named { title: expression::title(query), query: (**query).clone(), side: None })
    }

    /// The metric that `b` splits by its dimensions: a single one, where no request feed tells more.
    fn split(&self, cx: &Cx<'_>) -> Option<MetricQuery> {
        let single = |query: &MetricQuery| matches!(query.source, MetricSource::Stat { .. }).then(|| query.clone());
        match &self.subject {
            Subject::Query(query) => single(query),
            Subject::Card(_) | Subject::Chart(_) if cx.board.feed.is_some() => None,
            Subject::Card(_) => card::queries(self.card(cx)?, cx.board).find_map(|(_, query)| single(query)),
            Subject::Chart(_) => {
                let lines = self.chart(cx)?.series.iter();
                lines.filter_map(|line| cx.board.metrics.get(&line.metric)).find_map(single)
            }
        }
    }

    fn query_view<'a>(&self, named: &Named, cx: &Cx<'a>) -> MetricView<'a> {
        let chart = query_plot::plotted(std::slice::from_ref(named), 0, cx, &self.look).chart;
        let drawn = named.query.drawn(cx.window, self.look.compare, cx.now);
        let adds_up = statistic::adds_up(&drawn);
        MetricView {
            title: plot::title(&named.title, &chart, &self.look),
            figures: None,
            summaries: summaries(&chart, |_| adds_up),
            queries: query_lines("query", &drawn),
            reading: chart.reading(),
            chart,
        }
    }

    /// A card's metrics as its curve needs them.
    fn drawn(&self, card: &Card, cx: &Cx<'_>) -> Vec<(String, MetricQuery)> {
        card::drawn(card, cx.board, cx.window, self.look.compare, cx.now)
    }

    fn scope(&self, cx: &Cx<'_>) -> Scope {
        if let Some(named) = self.query() {
            return query_plot::scope(std::iter::once(&named.query), cx, &self.look);
        }
        let period_s = match (self.card(cx), self.chart(cx)) {
            (Some(card), _) => card::period_s(&self.drawn(card, cx)),
            (None, Some(chart)) => plot::period_s(chart, cx, &self.look),
            (None, None) => 60,
        };
        Scope::new(cx.window, cx.now, period_s)
    }

    /// What is shown; `None` where the board has no such card or chart.
    pub fn view<'a>(&self, cx: &Cx<'a>) -> Option<MetricView<'a>> {
        if let Some(named) = self.query() {
            return Some(self.query_view(&named, cx));
        }
        match (self.card(cx), self.chart(cx)) {
            (Some(card), _) => Some(self.card_view(card, cx)),
            (None, Some(chart)) => Some(self.chart_view(chart, cx)),
            (None, None) => None,
        }
    }

    fn card_view<'a>(&self, card: &Card, cx: &Cx<'a>) -> MetricView<'a> {
        let figures = card_value(card, cx.board, cx.store, cx.window, cx.now);
        let chart = self.card_chart(card, &figures, cx);
        let mut queries = vec![(card.id.clone(), card.value.to_string())];
        queries.extend(self.drawn(card, cx).iter().flat_map(|(id, query)| query_lines(id, query)));
        let adds_up = matches!(card.unit, Unit::Count | Unit::Bytes | Unit::None);
        MetricView {
            title: plot::title(&card.title, &chart, &self.look),
            figures: Some(texts(card, &figures)),
            summaries: summaries(&chart, |_| adds_up),
            queries,
            reading: chart.reading(),
            chart,
        }
    }

    fn card_chart<'a>(&self, card: &Card, figures: &CardView, cx: &Cx<'a>) -> Chart<'a> {
        let (scope, queries) = (self.scope(cx), self.drawn(card, cx));
        let points = |back: TimeDelta| -> Vec<_> {
            let points = card_points(card, &queries, cx.store, scope.from - back, scope.to - back);
            points.into_iter().map(|(at, value)| (at + back, value)).collect()
        };
        let earlier = self.look.compare.map(|shift| points(shift.back(cx.window, scope.period_s as u32)));
        let label = clean(&card.title).into_owned();
        let health = cx.store.health(SourceId::Metrics);
        Chart {
            kind: self.look.kind(Kind::Lines),
            lines: vec![Line {
                earlier: Cow::Owned(earlier.unwrap_or_default()),
                ..Line::new(label, Role::Series1, Cow::Owned(points(TimeDelta::zero())))
            }],
            settling: plot::SETTLING,
            scaling: self.look.scaling(Scaling::Linear),
            bounds: card.thresholds.iter().map(bound).collect(),
            compared: self.look.compare.map(Shift::words),
            cursor: self.look.cursor.at(scope),
            empty: figures.message.clone().unwrap_or_else(|| plot::empty(health).to_owned()),
            annotations: changes::annotations(cx),
            ..Chart::new((scope.from, scope.to), scope.period_s, cx.now, card.unit, wall(cx.zone))
        }
    }

    fn chart_view<'a>(&self, definition: &BoardChart, cx: &Cx<'a>) -> MetricView<'a> {
        let chart = plot::chart(definition, cx, &self.look);
        let drawn = plot::queries(definition, cx, &self.look);
        let queries = drawn.flat_map(|(series, query)| query_lines(&series.metric, &query)).collect();
        let adds_up = plot::adds_up(definition, cx, &self.look);
        MetricView {
            title: plot::title(&definition.title, &chart, &self.look),
            figures: None,
            summaries: summaries(&chart, |index| adds_up.get(index).is_some_and(|adds_up| *adds_up)),
            queries,
            reading: chart.reading(),
            chart,
        }
    }
}

fn summaries(chart: &Chart<'_>, adds_up: impl Fn(usize) -> bool) -> Vec<SummaryRow> {
    let reading = chart.reading();
    let row = |(index, line): (usize, &Line<'_>)| SummaryRow {
        label: line.label.clone(),
        role: line.role,
        glyph: line.glyph,
        unit: chart.unit_of(line),
        summary: Summary::of(plot::finished(chart, line).map(|(_, value)| value)),
        adds_up: adds_up(index),
        read: reading.as_ref().map(|reading| reading.values[index].text()),
    };
    chart.lines.iter().enumerate().map(row).collect()
}

fn texts(card: &Card, figures: &CardView) -> Figures {
    let value = figures.value.map_or_else(|| units::NOTHING.to_owned(), |value| units::value(value, card.unit));
    let thresholds = card.thresholds.iter().map(|threshold| {
        let passed = figures.value.is_some_and(|value| bound(threshold).passed(value));
        (super::cards::words(threshold, card.unit), if passed { bound(threshold).role } else { Role::Muted })
    });
    Figures {
        over: match card.over {
            Over::Window => "over the window".to_owned(),
            Over::Last(_) => format!("over the last {}", units::span(figures.span_s)),
            Over::Newest => format!("newest {}", plot::period(figures.span_s)),
        },
        value: (value, value_role(figures.state)),
        change: figures.change.map(|change| units::change(change, card.change)),
        thresholds: thresholds.collect(),
        message: figures.message.as_deref().map(|message| clean(message).into_owned()),
    }
}

impl Pane for MetricPane {
    fn title(&self, cx: &Cx<'_>) -> String {
        if let Some(named) = self.query() {
            return clean(&named.title).into_owned();
        }
        let named = self.card(cx).map(|card| &card.title).or_else(|| self.chart(cx).map(|chart| &chart.title));
        named.map_or_else(|| "Metric".to_owned(), |title| clean(title).into_owned())
    }

    fn wants(&self, cx: &Cx<'_>) -> Vec<Subscription> {
        if let Some(named) = self.query() {
            return query_plot::wants(std::iter::once(&named.query), cx, &self.look);
        }
        if let Some(chart) = self.chart(cx) {
            return plot::wants(chart, cx, &self.look);
        }
        let Some(card) = self.card(cx) else { return Vec::new() };
        let counted = card::counted(card, cx.board, cx.window, cx.now).into_iter();
        let figures = counted.map(|(_, query)| Subscription::Metric { query, compare: Some(Shift::Window) });
        let drawn = self.drawn(card, cx).into_iter();
        let curve = drawn.map(|(_, query)| Subscription::Metric { query, compare: self.look.compare });
        let mut wanted: Vec<Subscription> = figures.collect();
        for want in curve {
            if !wanted.contains(&want) {
                wanted.push(want);
            }
        }
        wanted
    }

    fn on(&mut self, action: Action, cx: &Cx<'_>) -> Reaction {
        if action == Action::Open {
            return Reaction::Open(Target::Matches(self.subject.about()));
        }
        if action == Action::Breakdown
            && let Some(metric) = self.split(cx)
        {
            return Reaction::Open(Target::Split(Box::new(metric)));
        }
        let chart = self.chart(cx);
        if action == Action::RollUp && chart.is_none() {
            return Reaction::Ignored;
        }
        self.look.on(action, chart.map(look::own).unwrap_or_default(), self.scope(cx), cx)
    }

    fn jump(&mut self, at: Time, _cx: &Cx<'_>) -> bool {
        self.look.jump(at);
        true
    }

    fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, cx: &Cx<'_>) {
        draw::draw(self.view(cx), frame.buffer_mut(), area, cx);
    }

    fn refusal(&self, action: Action, cx: &Cx<'_>) -> Option<String> {
        let why = match action {
            Action::RecentlyActive => "the list of metrics is on screen 3",
            Action::Statistic | Action::Period if self.query().is_some() => {
                "this is one metric, opened; on screen 3 the statistic and the period of what is picked are chosen"
            }
            Action::Statistic | Action::Period => "the board names them; screen 3 charts any statistic and period",
            Action::RollUp if self.card(cx).is_some() => "a card has its own span; hourly sums are of charts",
            Action::RollUp => "hourly sums are of a board's charts",
            Action::OtherAxis => "axes are chosen on screen 3, or in the board's file",
            Action::Layout => "one chart is opened: there is nothing to lay out",
            Action::Pick => "metrics are put on a chart on screen 3",
            _ => return None,
        };
        Some(why.to_owned())
    }

    fn copied(&self, cx: &Cx<'_>) -> Option<String> {
        let view = self.view(cx)?;
        let reading = view.reading.map(|reading| reading.line(cx.theme).to_string());
        let value = view.figures.map(|figures| format!("{} {}", view.title, figures.value.0));
        reading.or(value)
    }

    fn exported(&self, cx: &Cx<'_>) -> Option<Exported> {
        let view = self.view(cx)?;
        Some(exported::charts(&self.title(cx), &[&view.chart]))
    }
}

#[cfg(test)]
mod tests;
