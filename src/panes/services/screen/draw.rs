//! Drawing the screen of the services.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, Paragraph, Widget, Wrap};

use super::columns::title;
use super::picture::{self, Picture};
use super::tables::NOTHING_FOUND;
use super::tell::Told;
use super::view::Scene;
use super::{Form, Part, ServiceScreen};
use crate::panes::Cx;
use crate::panes::services::{Trouble, graph_note, nothing, stand_back};
use crate::text::clean;
use crate::widgets::area::{cut_left, cut_top, padded};
use crate::widgets::frame::pane_frame;
use crate::widgets::map::{Density, FIRING, Map, Node, Outside};
use crate::widgets::print::{Align, cells, put, put_next};
use crate::widgets::theme::Role;

/// Lines from which on the map has a line for the service under the cursor, and one for its signs.
const ROOM_FOR_TOLD: u16 = 6;
const ROOM_FOR_LEGEND: u16 = 12;

impl ServiceScreen {
    /// Draws it, frame included.
    pub(super) fn draw_all(&mut self, buffer: &mut Buffer, area: Rect, cx: &Cx<'_>) {
        self.sync(cx);
        let graph = &cx.store.graph.data;
        let inner = Rect {
            x: area.x + area.width.min(1),
            y: area.y + area.height.min(1),
            width: area.width.saturating_sub(2),
            height: area.height.saturating_sub(2),
        };
        self.width = padded(inner).width;
        let told = u16::from(inner.height >= ROOM_FOR_TOLD) + u16::from(inner.height >= ROOM_FOR_LEGEND);
        let (place, below) = cut_top(inner, inner.height - told);
        let scene = Scene::of(graph, &self.filter, &self.reach);
        let minutes = graph.seconds() / 60.0;
        let nodes = picture::nodes(&scene, self.marks.firing(), minutes);
        if self.form != Form::Table {
            let picture = Picture::renewed(self.picture.take(), &scene, &nodes, (place.width, place.height));
            self.picture = Some(picture);
        }
        let is_map = self.is_map() && !graph.services.is_empty();
        let block = self.frame(cx, area.width, is_map.then_some(&scene));
        if graph.services.is_empty() {
            block.render(area, buffer);
            let (text, role) = nothing(cx);
            Paragraph::new(text).style(cx.theme.style(role)).wrap(Wrap { trim: true }).render(padded(inner), buffer);
            return;
        }
        if !is_map {
            block.title_bottom(self.foot(cx)).render(area, buffer);
            self.draw_table(buffer, padded(inner), cx);
            stand_back(buffer, inner, cx);
            return;
        }
        let keys: Vec<_> = scene.services.iter().map(|service| service.key.clone()).collect();
        self.list.sync(&keys);
        if self.part == Part::Calls {
            let keys = self.call_keys(cx);
            self.calls.sync(&keys);
        }
        // What the map leaves free has tables.
        let free = self.picture.as_ref().map_or(0, |picture| i32::from(place.height) - picture.plan.layout.height - 2);
        let calls = self.listed(cx).len();
        let lines = match scene.services.len() {
            0 => 0,
            _ => self.lines_below(place.height, u16::try_from(free).unwrap_or(0), calls),
        };
        let (map, panel) = cut_top(place, place.height - lines);
        let panel = padded(panel);
        self.is_listed = !panel.is_empty();
        let outside = self.follow(map, &scene);
        // The frame first: it gives all that is in it the colour of text.
        block.title_bottom(beyond(outside, cx).right_aligned()).title_bottom(self.foot(cx)).render(area, buffer);
        self.draw_map(buffer, map, &scene, &nodes, cx);
        self.draw_below(buffer, panel, &scene, cx);
        let (told, signs) = cut_top(padded(below), 1);
        if let Some(under) = self.under_cursor(&scene, cx) {
            under.draw(buffer, told, cx);
        }
        if let Some(picture) = self.picture.as_ref().filter(|_| !signs.is_empty()) {
            legend(buffer, signs, picture.plan.density, cx);
        }
        stand_back(buffer, inner, cx);
    }

    /// What is under the cursor: a call where it is in the calls, else a service, where that is on the map.
    fn under_cursor<'a>(&self, scene: &Scene<'_>, cx: &Cx<'a>) -> Option<Told<'a>> {
        let (graph, firing) = (&cx.store.graph.data, self.marks.firing());
        if self.part == Part::Calls
            && let Some(edge) = self.calls.key().and_then(|(from, to)| graph.edge(from, to))
            && scene.place(&edge.from).is_some()
            && scene.place(&edge.to).is_some()
        {
            return Some(Told::call(edge, firing));
        }
        let service = self.list.key().filter(|key| scene.place(key).is_some()).and_then(|key| graph.service(key))?;
        Some(Told::service(service, firing, &graph.edges))
    }

    fn frame(&self, cx: &Cx<'_>, width: u16, map: Option<&Scene<'_>>) -> Block<'static> {
        let mut services = self.rows(cx);
        services.retain(|service| map.is_none_or(|scene| scene.place(&service.key).is_some()));
        let troubled = services.iter().filter(|it| Trouble::of(&it.statistics).role != Role::Good).count();
        let mut words = match (services.len(), troubled) {
            (0, _) => "Services".to_owned(),
            (all, 0) => format!("Services · {all} well"),
            (all, some) => format!("Services · {some} of {all} in trouble"),
        };
        let reach = self.reach.words().filter(|_| map.is_some());
        for part in reach.into_iter().chain(self.narrowed()) {
            words = format!("{words} · {part}");
        }
        if map.is_none() && self.form == Form::Fitting && !services.is_empty() {
            words = format!("{words} · too large for a map here: v shows it");
        }
        let graph = &cx.store.graph;
        let note = graph_note(cx, width).filter(|_| cx.board.services);
        let note = note.or_else(|| graph.data.flaws.words().map(|words| (words, Role::Warning)));
        pane_frame(&words, note.as_ref().map(|(text, role)| (text.as_str(), *role)), cx.focused, cx.theme)
    }

    /// What stands in the lower frame: the order of rows, and what has gone.
    fn foot(&self, cx: &Cx<'_>) -> Line<'static> {
        let mut parts = Vec::new();
        if !self.is_map() || self.is_listed {
            let turned = if self.order.reversed { ", the least first" } else { "" };
            parts.push(format!("by {}{turned}", self.order.column.words()));
        }
        let graph = &cx.store.graph.data;
        if let Some(group) = &graph.group {
            let otherwise = if graph.old_group { ", defined otherwise in part of the window" } else { "" };
            parts.push(format!("group {}{otherwise}", clean(group)));
        }
        let gone = &graph.gone;
        if !gone.is_empty() {
            let names: Vec<_> = gone.iter().take(3).map(title).collect();
            let more = if gone.len() > 3 { format!(" and {} more", gone.len() - 3) } else { String::new() };
            parts.push(format!("no requests since the window before: {}{more}", names.join(", ")));
        }
        if parts.is_empty() {
            return Line::default();
        }
        Line::styled(format!(" {} ", parts.join(" · ")), cx.theme.style(Role::Muted))
    }

    /// Brings the service under the cursor into view; returns how many lie outside it.
    fn follow(&mut self, area: Rect, scene: &Scene<'_>) -> Outside {
        let Some(picture) = &self.picture else { return Outside::default() };
        let layout = &picture.plan.layout;
        let cursor = self.list.key().and_then(|key| scene.place(key));
        self.scroll.follow(cursor.and_then(|cursor| layout.nodes.get(cursor)), layout, area);
        self.scroll.outside(layout, area)
    }

    fn draw_map(&self, buffer: &mut Buffer, area: Rect, scene: &Scene<'_>, nodes: &[Node], cx: &Cx<'_>) {
        let Some(picture) = &self.picture else { return };
        if scene.services.is_empty() {
            put(buffer, padded(area), NOTHING_FOUND, cx.theme.style(Role::Muted), Align::Left);
        }
        let cursor = self.list.key().and_then(|key| scene.place(key));
        let call = self.calls.key().filter(|_| self.part == Part::Calls);
        let call = call.and_then(|(from, to)| Some((scene.place(from)?, scene.place(to)?)));
        let is_lit = |ends: &(usize, usize)| match call {
            Some(call) => *ends == call,
            None => cursor.is_some_and(|cursor| ends.0 == cursor || ends.1 == cursor),
        };
        let lit: Vec<usize> = (0..scene.ends.len()).filter(|edge| is_lit(&scene.ends[*edge])).collect();
        let edges = picture::edges(scene, self.marks.firing(), cx.store.graph.data.seconds() / 60.0);
        let (plan, scroll) = (&picture.plan, self.scroll);
        Map { nodes, edges: &edges, plan, scroll, cursor, lit: &lit, theme: cx.theme }.draw(area, buffer);
    }
}

/// Says what the signs of the map mean.
fn legend(buffer: &mut Buffer, space: Rect, density: Density, cx: &Cx<'_>) {
    let inferred = if density == Density::Box { ("╌", "inferred or remote") } else { ("( )", "inferred or remote") };
    let signs = [
        ("✗", Role::Fault, "faults"),
        ("▲", Role::Error, "errors"),
        ("◇", Role::Throttle, "throttles"),
        (FIRING, Role::AlarmFiring, "firing"),
        (inferred.0, Role::Muted, inferred.1),
        ("○", Role::Muted, "client"),
        ("✓", Role::Good, "well"),
        ("━", Role::Strong, "calls of the service under the cursor"),
    ];
    let mut space = space;
    for (sign, role, words) in signs {
        if cells(sign) + cells(words) + 1 > space.width {
            break;
        }
        space = put_next(buffer, space, sign, cx.theme.style(role));
        space = put_next(buffer, space, &format!(" {words}"), cx.theme.style(Role::Muted));
        space = cut_left(space, 2).1;
    }
}

/// Says how many services lie outside what is seen.
fn beyond(outside: Outside, cx: &Cx<'_>) -> Line<'static> {
    let sides = [("◄", outside.left), ("►", outside.right), ("▲", outside.above), ("▼", outside.below)];
    let told: Vec<String> =
        sides.iter().filter(|(_, count)| *count > 0).map(|(sign, count)| format!("{sign} {count}")).collect();
    if told.is_empty() {
        return Line::default();
    }
    Line::from(Span::styled(format!(" {} outside ", told.join("  ")), cx.theme.style(Role::Muted)))
}
