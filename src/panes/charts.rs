//! The board's charts after the first: a grid of small ones.

use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;
use ratatui::widgets::Widget;

use super::cursor::Scope;
use super::look::{self, Look};
use super::{Cx, Exported, Pane, Reaction, Target, exported, plot, query_plot, source_note};
use crate::app::action::Action;
use crate::app::effect::Subscription;
use crate::board::Chart as BoardChart;
use crate::store::health::SourceId;
use crate::widgets::chart::Chart;
use crate::widgets::frame::pane_frame;
use crate::widgets::theme::{Role, Theme};

/// The least columns that a chart of the grid is given.
const COLUMNS: u16 = 44;
/// The least rows that a chart of the grid is given, its frame included.
const ROWS: u16 = 7;

/// A grid of charts; the one under the cursor has the focused frame, Enter opens it.
///
/// ```text
/// ┌ Errors by function · 1 min ─────────┐┌ Duration p99 by function · 1 min ───┐
/// │ 10┤            ⢀⡠⠤⠒⠒●               ││ 20 s┤                ⢀⡠⠤⠒●          │
/// │  0┤⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⡰⠁                    ││    0┤⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⡰⠁                │
/// └ ● token-service 12  ■ orders 1  +2 ─┘└ ● token-service 18 s  ■ orders 1 s ─┘
/// ```
#[derive(Debug, Default)]
pub struct Charts {
    chosen: usize,
    /// How many charts stand side by side, as last drawn.
    across: usize,
    /// How all of them are looked at.
    look: Look,
}

/// One chart of the grid.
#[derive(Debug)]
pub struct ChartView<'a> {
    /// The title with the period.
    pub title: String,
    /// The chart.
    pub chart: Chart<'a>,
}

impl Charts {
    /// A grid with its cursor on the first chart.
    pub fn new() -> Self {
        Self::default()
    }

    /// The charts that are shown: all of the board but the trend.
    fn shown<'a>(cx: &Cx<'a>) -> &'a [BoardChart] {
        cx.board.charts.get(1..).unwrap_or_default()
    }

    /// What is shown.
    pub fn view<'a>(&self, cx: &Cx<'a>) -> Vec<ChartView<'a>> {
        let view = |definition: &BoardChart| {
            let chart = plot::chart(definition, cx, &self.look);
            ChartView { title: plot::title(&definition.title, &chart, &self.look), chart }
        };
        Self::shown(cx).iter().map(view).collect()
    }

    /// Where the charts stand: rows of equal charts, as many side by side as have room, the first of them visible.
    pub(super) fn places(area: Rect, count: usize, chosen: usize) -> (usize, Vec<(usize, Rect)>) {
        let most_across = usize::from((area.width / COLUMNS).max(1));
        let most_down = usize::from((area.height / ROWS).max(1));
        let across = count.div_ceil(most_down).clamp(1, most_across).min(count.max(1));
        let down = count.div_ceil(across).clamp(1, most_down);
        let page = across * down;
        let first = chosen / page * page;
        let place = |index: usize| {
            let (column, row) = ((index - first) % across, (index - first) / across);
            let edge = |n: usize, length: u16, of: usize| (usize::from(length) * n / of) as u16;
            let (left, right) = (edge(column, area.width, across), edge(column + 1, area.width, across));
            let (top, bottom) = (edge(row, area.height, down), edge(row + 1, area.height, down));
            Rect { x: area.x + left, y: area.y + top, width: right - left, height: bottom - top }
        };
        (across, (first..count.min(first + page)).map(|index| (index, place(index))).collect())
    }
}

/// Which chart of how many it is, as part of its title, where not all are in view.
pub(super) fn nth(index: usize, count: usize) -> String {
    format!(" · chart {} of {count}", index + 1)
}

/// One chart of a grid: its legend stands in the frame's foot, where it takes no row from the curve.
pub(super) fn draw_chart(
    title: &str,
    chart: &Chart<'_>,
    note: Option<(&str, Role)>,
    focused: bool,
    area: Rect,
    buf: &mut Buffer,
    theme: &Theme,
) {
    let mut block = pane_frame(title, note, focused, theme);
    let reading = chart.reading().map(|reading| reading.foot(theme));
    let legend = || {
        let mut legend = chart.legend(usize::from(area.width).saturating_sub(4), theme);
        if !legend.spans.is_empty() {
            legend.spans.insert(0, " ".into());
            legend.push_span(" ");
        }
        legend
    };
    // The legend has the values under the cursor too, but neither their time nor events.
    let foot = reading.filter(|reading| reading.width() + 2 <= usize::from(area.width)).unwrap_or_else(legend);
    if !foot.spans.is_empty() {
        block = block.title_bottom(foot);
    }
    let inner = block.inner(area);
    block.render(area, buf);
    chart.draw(inner, buf, theme);
}

impl Pane for Charts {
    fn title(&self, _cx: &Cx<'_>) -> String {
        "Charts".to_owned()
    }

    fn wants(&self, cx: &Cx<'_>) -> Vec<Subscription> {
        Self::shown(cx).iter().flat_map(|chart| plot::wants(chart, cx, &self.look)).collect()
    }

    fn on(&mut self, action: Action, cx: &Cx<'_>) -> Reaction {
        let charts = Self::shown(cx);
        let Some(last) = charts.len().checked_sub(1) else { return Reaction::Ignored };
        let across = self.across.max(1);
        let chosen = self.chosen.min(last);
        self.chosen = match action {
            Action::Open => return Reaction::Open(Target::Chart(charts[chosen].id.clone())),
            Action::Left => chosen.saturating_sub(1),
            Action::Right => (chosen + 1).min(last),
            Action::Up => chosen.checked_sub(across).unwrap_or(chosen),
            Action::Down => (chosen + across).min(last),
            Action::Top => 0,
            Action::Bottom => last,
            Action::Compare | Action::ChartKind | Action::LogScale | Action::RollUp => {
                let scope = Scope::new(cx.window, cx.now, plot::period_s(&charts[chosen], cx, &self.look));
                return self.look.on(action, look::own(&charts[chosen]), scope, cx);
            }
            _ => return Reaction::Ignored,
        };
        Reaction::Handled
    }

    fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, cx: &Cx<'_>) {
        let note = source_note(cx.store.health(SourceId::Metrics), cx.now);
        let note = note.as_ref().map(|(text, role)| (text.as_str(), *role));
        let charts = self.view(cx);
        if charts.is_empty() {
            let block = pane_frame("Charts", note, cx.focused, cx.theme);
            let inner = block.inner(area);
            block.render(area, frame.buffer_mut());
            let text = Line::styled("This board has no further chart.", cx.theme.style(Role::Muted));
            text.render(inner, frame.buffer_mut());
            return;
        }
        self.chosen = self.chosen.min(charts.len() - 1);
        let (across, places) = Self::places(area, charts.len(), self.chosen);
        self.across = across;
        let all = places.len() == charts.len();
        for (index, place) in places {
            let ChartView { title, chart } = &charts[index];
            let which = if all { String::new() } else { nth(index, charts.len()) };
            let title = format!("{title}{}{which}", query_plot::compared(chart));
            let focused = cx.focused && index == self.chosen;
            draw_chart(&title, chart, note, focused, place, frame.buffer_mut(), cx.theme);
        }
    }

    fn copied(&self, cx: &Cx<'_>) -> Option<String> {
        Some(self.view(cx).get(self.chosen)?.title.clone())
    }

    fn exported(&self, cx: &Cx<'_>) -> Option<Exported> {
        let views = self.view(cx);
        let chosen = views.get(self.chosen)?;
        Some(exported::charts(&chosen.title, &[&chosen.chart]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_grid_fills_its_area_and_turns_pages() {
        let area = Rect::new(0, 12, 160, 20);
        let (across, places) = Charts::places(area, 4, 0);
        assert_eq!((across, places.len()), (2, 4));
        let cells: u32 = places.iter().map(|(_, r)| u32::from(r.width) * u32::from(r.height)).sum();
        assert_eq!(cells, 160 * 20);
        let (across, places) = Charts::places(Rect::new(0, 0, 80, 8), 5, 3);
        assert_eq!((across, places.as_slice()), (1, &[(3, Rect::new(0, 0, 80, 8))][..]));
        for (width, height) in [(1, 1), (0, 0), (300, 90), (43, 6)] {
            let (_, places) = Charts::places(Rect::new(3, 4, width, height), 7, 6);
            assert!(places.iter().any(|(index, _)| *index == 6), "the chosen one is always there");
        }
    }

    #[test]
    fn a_grid_names_its_lines_and_how_many_charts_there_are() {
        use crate::panes::testing::{World, at};
        use crate::store::series::{MetricBatch, MetricResult, Series};

        let mut world = World::empty();
        world.board = crate::board::preset("lambda").expect("the preset");
        let (from, to) = (at("2026-01-15T07:28:00Z"), world.now);
        let query = world.board.metrics.get("errors_by_function").expect("its metric").clone();
        let query = query.drawn(world.cx().window, None, world.now);
        let points = |value: f64| (0..180).map(|minute| (from + chrono::TimeDelta::minutes(minute), value)).collect();
        let series = [("orders", 2.0), ("token-service", 500.0), ("risk", 0.0)];
        let series = series.map(|(label, value)| Series { label: label.to_owned(), points: points(value) }).to_vec();
        let results = vec![MetricResult { query, from, to, series, message: None }];
        let update = crate::app::msg::Update::Metrics(MetricBatch { at: to, results });
        world.store.fold(&world.board, update);
        let drawn = world.draw(&mut Charts::new(), 80, 6);
        assert!(drawn[0].contains("Errors by function · 1 min · chart 1 of 4"), "{}", drawn[0]);
        assert!(drawn[5].starts_with("└ ■ token-service 500  ● orders 2  ▲ risk 0 ─"), "{}", drawn[5]);
        let drawn = world.draw(&mut Charts::new(), 34, 6);
        assert!(drawn[5].starts_with("└ ■ token-service 500  +2 ─"), "{}", drawn[5]);
        let mut charts = Charts::new();
        world.draw(&mut charts, 80, 6);
        assert_eq!(charts.on(Action::Down, &world.cx()), Reaction::Handled);
        assert!(world.draw(&mut charts, 80, 6)[0].contains("chart 2 of 4"));
    }
}
