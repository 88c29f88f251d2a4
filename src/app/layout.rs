//! Where the panes of the Overview stand, at any size.

use ratatui::layout::{Constraint, Layout, Rect};

/// Below this the focused pane has the screen to itself.
const ROOM_FOR_ALL: (u16, u16) = (64, 19);

/// Splits the screen into header, body and footer; the chrome goes first where there is no room.
pub(super) fn frame(area: Rect) -> (Rect, Rect, Rect) {
    let (header, footer) = match area.height {
        0..=3 => (0, 0),
        4..=7 => (1, 0),
        _ => (1, 1),
    };
    let [head, body, foot] =
        Layout::vertical([Constraint::Length(header), Constraint::Min(0), Constraint::Length(footer)]).areas(area);
    (head, body, foot)
}

/// Whether a screen of several panes shows all of them.
pub(super) const fn shows_all(body: Rect) -> bool {
    body.width >= ROOM_FOR_ALL.0 && body.height >= ROOM_FOR_ALL.1
}

/// Places cards, trend, alarms, feed (or charts) and services, in this order; the last has no place where it is not shown.
pub(super) fn overview(body: Rect, with_services: bool) -> [Rect; 5] {
    let cards_height = if body.height >= 28 { 5 } else { 4 };
    let rest = body.height.saturating_sub(cards_height);
    let middle_height = (rest * 48 / 100).clamp(8, 24);
    let [cards, middle, bottom] =
        Layout::vertical([Constraint::Length(cards_height), Constraint::Length(middle_height), Constraint::Min(0)])
            .areas(body);
    let side = side_width(body.width);
    let [trend, alarms] = Layout::horizontal([Constraint::Min(0), Constraint::Length(side)]).areas(middle);
    if !with_services {
        return [cards, trend, alarms, bottom, Rect::ZERO];
    }
    if body.width >= 110 {
        let [feed, services] = Layout::horizontal([Constraint::Min(0), Constraint::Length(side)]).areas(bottom);
        return [cards, trend, alarms, feed, services];
    }
    // Narrow: the feed needs every column; the services get a strip below it.
    let strip = match bottom.height {
        0..=2 => 0,
        3..=7 => 3,
        8..=12 => 4,
        13..=17 => 6,
        _ => 9,
    };
    let [feed, services] = Layout::vertical([Constraint::Min(0), Constraint::Length(strip)]).areas(bottom);
    [cards, trend, alarms, feed, services]
}

const fn side_width(width: u16) -> u16 {
    match width {
        0..=89 => 37,
        90..=129 => 45,
        130..=179 => 54,
        _ => 64,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn panes_tile_the_body() {
        for (width, height) in [(64, 19), (80, 22), (120, 30), (160, 46), (200, 58), (300, 88)] {
            let body = Rect::new(0, 1, width, height);
            for places in [overview(body, true), overview(body, false)] {
                let cells: u32 = places.iter().map(|r| u32::from(r.width) * u32::from(r.height)).sum();
                assert_eq!(cells, u32::from(width) * u32::from(height), "at {width}×{height}");
                assert!(places.iter().all(|r| r.is_empty() || body.union(*r) == body));
            }
        }
    }
}
