//! Edges as lines at right angles, with arrowheads and labels.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};

use super::{Edge, FIRING, Map};
use crate::analysis::layout::Route;
use crate::text::Align;
use crate::widgets::print::{cells, put};
use crate::widgets::theme::Role;

const UP: u8 = 1;
const DOWN: u8 = 2;
const LEFT: u8 = 4;
const RIGHT: u8 = 8;

/// Lines by the sides that they lead to, none, thin or thick: up counts 27, down 9, left 3, right 1.
const LINES: &str = " ╶╺╴─╼╸╾━╷┌┍┐┬┮┑┭┯╻┎┏┒┰┲┓┱┳╵└┕┘┴┶┙┵┷│├┝┤┼┾┥┽┿╽┟┢┧╁╆┪╅╈╹┖┗┚┸┺┛┹┻╿┞┡┦╀╄┩╃╇┃┠┣┨╂╊┫╉╋";

/// The line to these sides, thick to those that stand out.
fn lines(sides: u8, lit: u8) -> &'static str {
    let weight = |side: u8| usize::from(sides & side != 0) + usize::from(lit & side != 0);
    let index = [UP, DOWN, LEFT, RIGHT].iter().fold(0, |index, side| 3 * index + weight(*side));
    let at = LINES.char_indices().nth(index);
    at.map_or("", |(start, line)| &LINES[start..start + line.len_utf8()])
}

/// What edges have in one cell.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Cell {
    /// The sides to which lines lead, of all edges and of those that stand out.
    pub(super) sides: u8,
    pub(super) lit: u8,
    /// Whether an edge turns here: lines that only cross do not join.
    pub(super) turns: bool,
    /// The edge that lies across and the one that goes down, the one that matters most.
    pub(super) across: Option<usize>,
    pub(super) down: Option<usize>,
    /// An arrowhead, and whether it points to the left.
    pub(super) head: Option<bool>,
    /// How many edges there are.
    pub(super) edges: u16,
}

/// The edges, those that matter most last.
fn order(map: &Map<'_>) -> Vec<usize> {
    let mut order: Vec<usize> = (0..map.edges.len().min(map.plan.layout.routes.len())).collect();
    order.sort_by_key(|edge| (map.lit.contains(edge), weight(map.edges[*edge].role), *edge));
    order
}

/// The lines within a node's room that lead to what its edges begin and end at.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Leads {
    /// On from it, for what its text leaves free before the edge.
    pub(super) on: Option<(bool, Style)>,
    /// Back from it, to the left: the edge begins on its second line.
    pub(super) back: Option<(bool, Style)>,
    /// Back to it, from the right: the edge ends on its second line.
    pub(super) returns: Option<(bool, Style)>,
}

/// The lines within each node's room; whether they stand out, and their style.
pub(super) fn leads(map: &Map<'_>) -> Vec<Leads> {
    let mut leads = vec![Leads::default(); map.nodes.len()];
    for edge in order(map) {
        let (Edge { from, to, .. }, route) = (&map.edges[edge], &map.plan.layout.routes[edge]);
        if route.points.is_empty() {
            continue;
        }
        let line = Some((map.lit.contains(&edge), style(map, edge)));
        if !route.against {
            if let Some(from) = leads.get_mut(*from) {
                from.on = line;
            }
            continue;
        }
        if let Some(from) = leads.get_mut(*from) {
            from.back = line;
        }
        if let Some(to) = leads.get_mut(*to) {
            to.returns = line;
        }
    }
    leads
}

/// Draws all edges, those that matter most on top.
pub(super) fn draw(map: &Map<'_>, area: Rect, buffer: &mut Buffer) {
    let order = order(map);
    let mut grid = vec![Cell::default(); usize::from(area.width) * usize::from(area.height)];
    let slot = |cell: (i32, i32)| {
        let (x, y) = map.seen(cell, area)?;
        Some(usize::from(y - area.y) * usize::from(area.width) + usize::from(x - area.x))
    };
    for &edge in &order {
        let route = &map.plan.layout.routes[edge];
        let lit = map.lit.contains(&edge);
        mark(route, &mut |cell, sides, head| {
            let Some(cell) = slot(cell).and_then(|slot| grid.get_mut(slot)) else { return };
            cell.sides |= sides;
            cell.lit |= if lit { sides } else { 0 };
            cell.edges += 1;
            let turns = sides != UP | DOWN && sides != LEFT | RIGHT;
            cell.turns |= turns;
            cell.across = if turns || sides & LEFT != 0 { Some(edge) } else { cell.across };
            cell.down = if turns || sides & UP != 0 { Some(edge) } else { cell.down };
            cell.head = head.or(cell.head);
        });
    }
    for (index, cell) in grid.iter().enumerate().filter(|(_, cell)| cell.sides != 0) {
        let (x, y) = (index % usize::from(area.width), index / usize::from(area.width));
        let (text, edge) = glyph(cell);
        let style = edge.map_or_else(Style::new, |edge| style(map, edge));
        put(buffer, Rect::new(area.x + x as u16, area.y + y as u16, 1, 1), text, style, Align::Left);
    }
    for &edge in &order {
        let cell = |at: (i32, i32)| slot(at).and_then(|slot| grid.get(slot)).copied();
        label(map, edge, &cell, area, buffer);
    }
}

/// What matters more is drawn over what matters less.
const fn weight(role: Role) -> u8 {
    match role {
        Role::Fault => 3,
        Role::Error => 2,
        Role::Throttle => 1,
        _ => 0,
    }
}

fn style(map: &Map<'_>, edge: usize) -> Style {
    let role = map.edges[edge].role;
    let lit = map.lit.contains(&edge);
    let style = match (weight(role), lit) {
        (0, true) => map.theme.style(Role::Strong),
        (0, false) => map.theme.style(Role::Axis),
        (_, _) => map.theme.ink(role),
    };
    // Lines without trouble are faint as they are.
    if map.lit.is_empty() || lit || weight(role) == 0 {
        style
    } else {
        style.remove_modifier(Modifier::BOLD).add_modifier(Modifier::DIM)
    }
}

/// The character of a cell, and the edge whose colour it has.
pub(super) fn glyph(cell: &Cell) -> (&'static str, Option<usize>) {
    let lit = cell.lit != 0;
    if let Some(to_left) = cell.head {
        return (if to_left { "◄" } else { "►" }, cell.across);
    }
    // One line passes over the other: they do not join. What stands out passes over what does not.
    if !cell.turns && cell.sides == UP | DOWN | LEFT | RIGHT {
        return match cell.lit {
            0 => ("│", cell.down),
            lit if lit & UP != 0 => ("┃", cell.down),
            _ => ("━", cell.across),
        };
    }
    let lies = if lit { cell.lit } else { cell.sides } & (LEFT | RIGHT) != 0;
    (lines(cell.sides, cell.lit), if lies { cell.across.or(cell.down) } else { cell.down })
}

/// Tells each cell of a route, with the sides to which its line leads, and the arrowhead.
fn mark(route: &Route, tell: &mut impl FnMut((i32, i32), u8, Option<bool>)) {
    let (Some(&first), Some(&last)) = (route.points.first(), route.points.last()) else { return };
    // Edges leave to the right and arrive from the left.
    let mut entered = LEFT;
    let head = |at: (i32, i32)| {
        if at == last && !route.against {
            return Some(false);
        }
        (at == first && route.against).then_some(true)
    };
    let mut at = first;
    for &to in &route.points {
        while at != to {
            let (leaves, enters, next) = if to.0 > at.0 {
                (RIGHT, LEFT, (at.0 + 1, at.1))
            } else if to.1 > at.1 {
                (DOWN, UP, (at.0, at.1 + 1))
            } else {
                (UP, DOWN, (at.0, at.1 - 1))
            };
            tell(at, entered | leaves, head(at));
            (at, entered) = (next, enters);
        }
    }
    tell(at, entered | RIGHT, head(at));
}

/// Writes what is to be said of an edge on its last stretch, or its first, where that is its own.
fn label(map: &Map<'_>, edge: usize, cell: &impl Fn((i32, i32)) -> Option<Cell>, area: Rect, buffer: &mut Buffer) {
    let Edge { label, sign, firing, .. } = &map.edges[edge];
    let route = &map.plan.layout.routes[edge];
    let (Some(&first), Some(&last)) = (route.points.first(), route.points.last()) else { return };
    let own = |at: (i32, i32)| {
        cell(at).is_some_and(|cell| cell.edges == 1 && cell.sides == LEFT | RIGHT && cell.head.is_none())
    };
    // From the ends inwards, as far as it is its own.
    let most = i32::from(area.width);
    let arrives = (1..most).take_while(|step| own((last.0 - step, last.1))).count() as i32;
    let leaves = (1..most).take_while(|step| own((first.0 + step, first.1))).count() as i32;
    let style = if *firing { map.theme.style(Role::AlarmFiring) } else { style(map, edge) };
    let (label, marked) = (label.as_str(), format!("{FIRING} {label}"));
    let texts = if *firing { [marked.as_str(), FIRING] } else { [label, sign] };
    for text in texts.into_iter().filter(|text| !text.is_empty()) {
        let is_long = text.chars().count() > 1;
        let mut spaced = if is_long { format!(" {text} ") } else { text.to_owned() };
        let wide = i32::from(cells(&spaced));
        let enough = wide + i32::from(is_long);
        let start = if arrives >= enough {
            (last.0 - 1 - (arrives - wide) / 2 - wide + 1, last.1)
        } else if is_long && (*firing || !sign.is_empty()) && arrives > wide - 2 {
            // Trouble is said without blanks round it rather than not at all.
            text.clone_into(&mut spaced);
            (last.0 - wide + 2, last.1)
        } else if leaves >= enough {
            (first.0 + 1 + (leaves - wide) / 2, first.1)
        } else {
            continue;
        };
        if let Some((x, y)) = map.seen(start, area) {
            put(buffer, Rect::new(x, y, cells(&spaced), 1), &spaced, style, Align::Left);
        }
        return;
    }
}
