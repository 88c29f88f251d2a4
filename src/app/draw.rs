//! One frame: header, panes, footer, and what stands over them.

use ratatui::Frame;
use ratatui::layout::Rect;

use super::action::Action;
use super::focus::View;
use super::{App, Known, hints, layout};
use crate::panes::alarms::{self, item::Item};
use crate::panes::chrome::{Header, Pulse, draw_footer};
use crate::store::health::{Health, SourceId};
use crate::widgets::theme::Role;

/// Cells that the keys of the footer need beside a notice.
const ROOM_FOR_KEYS: u16 = 40;

impl App {
    /// Draws the whole screen from what is known.
    pub fn draw(&mut self, frame: &mut Frame<'_>) {
        let area = frame.area();
        self.size = (area.width, area.height);
        let Self { known, views, active, overlays, notice, .. } = self;
        frame.buffer_mut().set_style(area, known.theme().style(Role::Text));
        let (head, body, foot) = layout::frame(area);
        header(known).draw(frame.buffer_mut(), head, known.theme());
        let view = &mut views[*active];
        panes(view, known, frame, body);
        match notice {
            Some((_, notice)) => {
                let (keys, said) = beside(foot, notice.width());
                notice.draw(frame.buffer_mut(), said, known.theme());
                if !keys.is_empty() {
                    draw_footer(frame.buffer_mut(), keys, &hints::keys(view, known), known.theme());
                }
            }
            None => draw_footer(frame.buffer_mut(), foot, &hints::keys(view, known), known.theme()),
        }
        if let Some(overlay) = overlays.last_mut() {
            let line = if foot.height == 0 { last_line(area) } else { foot };
            overlay.draw(frame, body, line, known);
        }
    }
}

/// Where the keys and a notice of so many cells stand: side by side where there is room for both.
fn beside(foot: Rect, notice: u16) -> (Rect, Rect) {
    if foot.width < notice + ROOM_FOR_KEYS {
        return (Rect { width: 0, ..foot }, foot);
    }
    let keys = Rect { width: foot.width - notice, ..foot };
    (keys, Rect { x: keys.right(), width: notice, ..foot })
}

fn last_line(area: Rect) -> Rect {
    let height = area.height.min(1);
    Rect { y: area.bottom().saturating_sub(height), height, ..area }
}

fn panes(view: &mut View, known: &Known, frame: &mut Frame<'_>, body: Rect) {
    if let Some((_, pane)) = view.details.last_mut() {
        pane.draw(frame, body, &known.cx(true));
        return;
    }
    let focus = view.focus;
    if view.panes.len() == 1 || view.maximised || !layout::shows_all(body) {
        view.panes[focus].1.draw(frame, body, &known.cx(true));
        return;
    }
    let places = layout::overview(body, view.panes.len() > 4);
    for (index, ((_, pane), place)) in view.panes.iter_mut().zip(places).enumerate() {
        pane.draw(frame, place, &known.cx(index == focus));
    }
}

fn header(known: &Known) -> Header<'_> {
    let cx = known.cx(false);
    let firing = alarms::firing(Item::all(&cx), &cx);
    let asked = matches!(known.shown().health(SourceId::Alarms), Health::Live { .. } | Health::Stale { .. });
    Header {
        board: &known.board.title,
        account: &known.place.account,
        region: &known.place.region,
        window: known.window,
        now: known.now,
        zone: known.zone,
        pulse: pulse(known),
        firing: asked.then_some(firing),
        hourly_usd: known.store.spending.hourly_usd,
        budget_usd: known.board.budget_usd_per_hour,
        help_key: known.keymap.first_key(Action::Help).unwrap_or("?"),
    }
}

fn pulse(known: &Known) -> Pulse {
    if known.frozen.is_some() {
        return Pulse::Frozen;
    }
    if known.board.is_of_files() {
        return Pulse::Files;
    }
    match known.store.problems().count() {
        0 if SourceId::ALL.iter().all(|id| *known.store.health(*id) == Health::Waiting) => Pulse::Waiting,
        0 => Pulse::Live,
        failing => Pulse::Trouble(failing),
    }
}
