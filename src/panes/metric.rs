//! A card's or a chart's metrics, large.

use std::borrow::Cow;

use chrono::TimeDelta;
use ratatui::Frame;
use ratatui::layout::Rect;

use super::cards::{bound, value_role};
use super::cursor::{Cursor, Scope, wall};
use super::inquiry::About;
use super::words::query_lines;
use super::{Cx, Pane, Reaction, Target, changes, plot};
use crate::analysis::card::{self, CardView, card_points, card_value};
use crate::analysis::summary::Summary;
use crate::app::action::Action;
use crate::app::effect::Subscription;
use crate::board::{Card, Chart as BoardChart, Unit};
use crate::store::health::SourceId;
use crate::text::{clean, units};
use crate::widgets::chart::{Chart, Line, Reading};
use crate::widgets::theme::Role;

mod draw;

/// What a metric pane is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// A card, by id.
    Card(String),
    /// A chart, by id.
    Chart(String),
}

impl Subject {
    /// What its log lines are about.
    fn about(&self) -> About {
        match self {
            Self::Card(id) => About::Card(id.clone()),
            Self::Chart(id) => About::Chart(id.clone()),
        }
    }
}

/// One card's or chart's metrics over the window: the curve with its thresholds, the figures, the queries.
///
/// ```text
/// ┌ Failure rate · 1 min ───────────────────────────── stale 40s · throttled ┐
/// │ 14.6 %  ▲ 12.8 pt  crit > 5 %                      ┄ the window before   │
/// │ 15%┤                                                          ⢸⠉⠉⠉⠉⠉⠉⠉⠉⠉ │
/// │ 10%┤                                                          ⢸          │
/// │  5%┤> 5 %╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌⡇          │
/// │   0┤⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⡇          │
/// │    └┬─────────────┬─────────────┬─────────────┬─────────────┬─────────── │
/// │ ● Failure rate  min 1.8 %  mean 3.1 %  max 14.6 %  last 14.6 %           │
/// │ failure_rate = 100 * failure / (success + failure)                       │
/// │ failure = TokenServices TokenProvisioningFailure · Sum · 60 s            │
/// └ 10:14 Failure rate 14.6 % ───────────────────────────────────────────────┘
/// ```
#[derive(Debug)]
pub struct MetricPane {
    subject: Subject,
    cursor: Cursor,
    rolled: bool,
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
    /// Each line's name, colour and figures over the periods that are over.
    pub summaries: Vec<(String, Role, Option<Summary>)>,
    /// Ids and what they stand for.
    pub queries: Vec<(String, String)>,
    /// The values under the cursor.
    pub reading: Option<Reading>,
}

/// A card's figures as text.
#[derive(Debug, Clone, PartialEq)]
pub struct Figures {
    /// The value and its colour.
    pub value: (String, Role),
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
        Self { subject, cursor: Cursor::default(), rolled: false }
    }

    fn card<'a>(&self, cx: &Cx<'a>) -> Option<&'a Card> {
        let Subject::Card(id) = &self.subject else { return None };
        cx.board.cards.iter().find(|card| card.id == *id)
    }

    fn chart<'a>(&self, cx: &Cx<'a>) -> Option<&'a BoardChart> {
        let Subject::Chart(id) = &self.subject else { return None };
        cx.board.charts.iter().find(|chart| chart.id == *id)
    }

    fn period_s(&self, cx: &Cx<'_>) -> i64 {
        match (self.card(cx), self.chart(cx)) {
            (Some(card), _) => card::period_s(card, cx.board),
            (None, Some(_)) if self.rolled => plot::HOUR_S,
            (None, Some(chart)) => plot::period_s(chart, cx.board),
            (None, None) => 60,
        }
    }

    fn scope(&self, cx: &Cx<'_>) -> Scope {
        Scope::new(cx.window, cx.now, self.period_s(cx))
    }

    /// What is shown; `None` where the board has no such card or chart.
    pub fn view<'a>(&self, cx: &Cx<'a>) -> Option<MetricView<'a>> {
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
        queries.extend(card::queries(card, cx.board).flat_map(|(id, query)| query_lines(&id, query)));
        MetricView {
            title: plot::title(&card.title, self.period_s(cx), false),
            figures: Some(texts(card, &figures)),
            summaries: summaries(&chart),
            queries,
            reading: chart.reading(),
            chart,
        }
    }

    fn card_chart<'a>(&self, card: &Card, figures: &CardView, cx: &Cx<'a>) -> Chart<'a> {
        let scope = self.scope(cx);
        let whole = (cx.window.span.as_secs() as i64 / scope.period_s).max(1) * scope.period_s;
        let span = TimeDelta::seconds(whole);
        let points = |from, to| card_points(card, cx.board, cx.store, from, to);
        let before = points(scope.from - span, scope.to - span).into_iter().map(|(at, value)| (at + span, value));
        let line = |label: &str, role, points: Vec<_>, faint| Line {
            label: clean(label).into_owned(),
            role,
            points: Cow::Owned(points),
            faint,
        };
        let lines = vec![
            line(&card.title, Role::Series1, points(scope.from, scope.to), false),
            line("the window before", Role::Muted, before.collect(), true),
        ];
        let health = cx.store.health(SourceId::Metrics);
        Chart {
            lines,
            bounds: card.thresholds.iter().map(bound).collect(),
            cursor: self.cursor.at(scope),
            empty: figures.message.clone().unwrap_or_else(|| plot::empty(health).to_owned()),
            annotations: changes::annotations(cx),
            ..Chart::new((scope.from, scope.to), scope.period_s, cx.now, card.unit, wall(cx.zone))
        }
    }

    fn chart_view<'a>(&self, definition: &BoardChart, cx: &Cx<'a>) -> MetricView<'a> {
        let chart = plot::chart(definition, cx, self.rolled, self.cursor);
        let named = definition.series.iter().filter_map(|series| Some((series, cx.board.metrics.get(&series.metric)?)));
        MetricView {
            title: plot::title(&definition.title, plot::period_s(definition, cx.board), self.rolled),
            figures: None,
            summaries: summaries(&chart),
            queries: named.flat_map(|(series, query)| query_lines(&series.metric, query)).collect(),
            reading: chart.reading(),
            chart,
        }
    }
}

fn summaries(chart: &Chart<'_>) -> Vec<(String, Role, Option<Summary>)> {
    let lines = chart.lines.iter().filter(|line| !line.faint);
    let summary = |line| Summary::of(plot::finished(chart, line).map(|(_, value)| value));
    lines.map(|line| (line.label.clone(), line.role, summary(line))).collect()
}

fn texts(card: &Card, figures: &CardView) -> Figures {
    let value = figures.value.map_or_else(|| units::NOTHING.to_owned(), |value| units::value(value, card.unit));
    let thresholds = card.thresholds.iter().map(|threshold| {
        let passed = figures.value.is_some_and(|value| bound(threshold).passed(value));
        (super::cards::words(threshold, card.unit), if passed { bound(threshold).role } else { Role::Muted })
    });
    Figures {
        value: (value, value_role(figures.state)),
        change: figures.change.map(|change| units::change(change, card.change)),
        thresholds: thresholds.collect(),
        message: figures.message.as_deref().map(|message| clean(message).into_owned()),
    }
}

/// A summary in one line: `min 1.8 %  mean 3.1 %  max 14.6 %  last 14.6 %`.
pub(super) fn summary_text(summary: Option<Summary>, unit: Unit) -> String {
    let Some(summary) = summary else { return "no datapoints".to_owned() };
    let parts = [("min", summary.min), ("mean", summary.mean), ("max", summary.max), ("last", summary.last)];
    parts.map(|(word, value)| format!("{word} {}", units::value(value, unit))).join("  ")
}

impl Pane for MetricPane {
    fn title(&self, cx: &Cx<'_>) -> String {
        let named = self.card(cx).map(|card| &card.title).or_else(|| self.chart(cx).map(|chart| &chart.title));
        named.map_or_else(|| "Metric".to_owned(), |title| clean(title).into_owned())
    }

    fn wants(&self, cx: &Cx<'_>) -> Vec<Subscription> {
        if let Some(chart) = self.chart(cx) {
            return plot::wants(chart, cx.board, self.rolled);
        }
        let Some(card) = self.card(cx) else { return Vec::new() };
        let named = card::queries(card, cx.board).map(|(_, query)| query.clone());
        named.map(|query| Subscription::Metric { query, before: true }).collect()
    }

    fn on(&mut self, action: Action, cx: &Cx<'_>) -> Reaction {
        match action {
            Action::Open => Reaction::Open(Target::Matches(self.subject.about())),
            Action::RollUp if self.chart(cx).is_some() => {
                self.rolled = !self.rolled;
                Reaction::Handled
            }
            _ => self.cursor.on(action, self.scope(cx), cx.window, cx.now),
        }
    }

    fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, cx: &Cx<'_>) {
        draw::draw(self.view(cx), frame.buffer_mut(), area, cx);
    }

    fn copied(&self, cx: &Cx<'_>) -> Option<String> {
        let view = self.view(cx)?;
        let reading = view.reading.map(|reading| reading.line(cx.theme).to_string());
        let value = view.figures.map(|figures| format!("{} {}", view.title, figures.value.0));
        reading.or(value)
    }
}

#[cfg(test)]
mod tests;
