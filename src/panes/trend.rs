//! The board's first chart: how it goes, at a glance.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;
use ratatui::widgets::Widget;

use super::cursor::Scope;
use super::look::{self, Look};
use super::{Cx, Exported, Pane, Reaction, Target, exported, plot, source_note};
use crate::app::action::Action;
use crate::app::effect::Subscription;
use crate::clock::Time;
use crate::store::health::SourceId;
use crate::text::width;
use crate::widgets::chart::{Chart, Reading};
use crate::widgets::frame::pane_frame;
use crate::widgets::legend::{Entry, legend};
use crate::widgets::theme::Role;

/// Rows inside the frame from which on the legend may take one of its own.
const ROWS_FOR_LEGEND: u16 = 6;

/// The trend chart, with a cursor that reads its values.
///
/// ```text
/// ┌ Provisioning trend · 1 min ──── ● success 2,204  ✗ failed 231  … pending 40 ┐
/// │ 3k┤                         ⢀⡠⠤⠤⠤⠒⠒⠒⠒⠤⠤⠤⠤⣀⣀⣀⣀          ╷   ⢠⠒⠒●              │
/// │   │     ⣀⣀⣀⡠⠤⠤⠒⠒⠒⠒⠉⠉⠉                       ⠉⠉⠉⠉⠒⠒⠒⠤⠤│                     │
/// │  0┤⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀│⣀⣀⣀⣇⣀⣀✗            │
/// │   └──┬──────────┬──────────┬──────────┬──────────┬────┴─────┬───            │
/// │    07:30      08:00      08:30      09:00      09:30      10:00             │
/// └ 10:14 success 2,204 · failed 231 · pending 40 ──────────────────────────────┘
/// ```
#[derive(Debug, Default)]
pub struct Trend {
    look: Look,
}

/// What the trend shows.
#[derive(Debug)]
pub struct TrendView<'a> {
    /// The title with the period.
    pub title: String,
    /// Names, colours and newest values.
    pub legend: Vec<Entry>,
    /// The lines.
    pub chart: Chart<'a>,
    /// The values under the cursor.
    pub reading: Option<Reading>,
}

impl Trend {
    /// A trend without a cursor, on the metrics' own period.
    pub fn new() -> Self {
        Self::default()
    }

    /// What is shown; `None` where the board has no chart.
    pub fn view<'a>(&self, cx: &Cx<'a>) -> Option<TrendView<'a>> {
        let definition = cx.board.charts.first()?;
        let chart = plot::chart(definition, cx, &self.look);
        Some(TrendView {
            title: plot::title(&definition.title, &chart, &self.look),
            legend: plot::legend(&chart),
            reading: chart.reading(),
            chart,
        })
    }
}

impl Pane for Trend {
    fn title(&self, cx: &Cx<'_>) -> String {
        self.view(cx).map_or_else(|| "Trend".to_owned(), |view| view.title)
    }

    fn wants(&self, cx: &Cx<'_>) -> Vec<Subscription> {
        cx.board.charts.first().map_or_else(Vec::new, |chart| plot::wants(chart, cx, &self.look))
    }

    fn on(&mut self, action: Action, cx: &Cx<'_>) -> Reaction {
        let Some(chart) = cx.board.charts.first() else { return Reaction::Ignored };
        if action == Action::Open {
            return Reaction::Open(Target::Chart(chart.id.clone()));
        }
        let scope = Scope::new(cx.window, cx.now, plot::period_s(chart, cx, &self.look));
        self.look.on(action, look::own(chart), scope, cx)
    }

    fn jump(&mut self, at: Time, _cx: &Cx<'_>) -> bool {
        self.look.jump(at);
        true
    }

    fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, cx: &Cx<'_>) {
        let note = source_note(cx.store.health(SourceId::Metrics), cx.now);
        let note = note.as_ref().map(|(text, role)| (text.as_str(), *role));
        let buf = frame.buffer_mut();
        let Some(view) = self.view(cx) else {
            let block = pane_frame("Trend", note, cx.focused, cx.theme);
            let inner = block.inner(area);
            block.render(area, buf);
            Line::styled("this board has no chart", cx.theme.style(Role::Muted)).render(inner, buf);
            return;
        };
        let mut block = pane_frame(&view.title, note, cx.focused, cx.theme);
        let room = usize::from(area.width).saturating_sub(width(&view.title) + 6);
        let entries = legend(&view.legend, room, cx.theme);
        let in_title = note.is_none() && entries.spans.len() == legend(&view.legend, usize::MAX, cx.theme).spans.len();
        if in_title {
            let mut spans = vec![" ".into()];
            spans.extend(entries.spans);
            spans.push(" ".into());
            block = block.title(Line::from(spans).right_aligned());
        }
        if let Some(reading) = &view.reading {
            block = block.title_bottom(reading.foot(cx.theme));
        }
        let mut inner = block.inner(area);
        block.render(area, buf);
        if !in_title && inner.height >= ROWS_FOR_LEGEND {
            let row = Rect { height: 1, ..inner };
            legend(&view.legend, usize::from(row.width), cx.theme).render(row, buf);
            inner = Rect { y: inner.y + 1, height: inner.height - 1, ..inner };
        }
        view.chart.draw(inner, buf, cx.theme);
    }

    fn copied(&self, cx: &Cx<'_>) -> Option<String> {
        Some(self.view(cx)?.reading?.line(cx.theme).to_string())
    }

    fn exported(&self, cx: &Cx<'_>) -> Option<Exported> {
        let view = self.view(cx)?;
        Some(exported::charts(&view.title, &[&view.chart]))
    }
}

#[cfg(test)]
mod tests;
