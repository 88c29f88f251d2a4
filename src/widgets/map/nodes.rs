//! Nodes as boxes, or as lines of text.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};

use super::wires::Leads;
use super::{Density, Kind, Map, Node};
use crate::analysis::layout::Place;
use crate::text::Align;
use crate::text::width::split;
use crate::widgets::print::{cells, put, shorten_middle};
use crate::widgets::selection::select;
use crate::widgets::theme::Role;

/// What marks that an alarm or a rule fires.
pub const FIRING: &str = "!";

/// Lines of text in pieces, each with its style.
type Pieces = Vec<(String, Style)>;

/// A node to be drawn.
pub(super) struct Drawn<'n> {
    pub(super) node: &'n Node,
    pub(super) place: &'n Place,
    /// The lines that lead to its edges.
    pub(super) leads: Leads,
    pub(super) at_cursor: bool,
}

/// Draws a node, or what of it is seen.
///
/// ```text
/// ┌ ! TSP ─────────────────┐   ✗ TSP !          ✗ TSP ! 31%
/// │ ✗ 31.0 %     2.1k/min  │     31.0 % 8.00 s
/// │ p99 8.00 s  p50 400 ms │
/// └────────────────────────┘
/// ```
pub(super) fn draw(map: &Map<'_>, drawn: &Drawn<'_>, area: Rect, buffer: &mut Buffer) {
    let &Drawn { node, place, leads, at_cursor } = drawn;
    let lead = leads.on.map(|(lit, style)| (if lit { "━" } else { "─" }, style));
    let width = usize::try_from(place.width).unwrap_or(0);
    let lines = match map.plan.density {
        Density::Box => boxed(map, node, width),
        Density::Pair => pair(map, node, width, lead),
        Density::Line if place.height > 1 => vec![line(map, node, width, lead), turns(width, leads)],
        Density::Line => vec![line(map, node, width, lead)],
    };
    for (row, mut pieces) in (0..).zip(lines) {
        if node.dim {
            for (_, style) in &mut pieces {
                *style = style.remove_modifier(Modifier::BOLD).add_modifier(Modifier::DIM);
            }
        }
        write(map, &pieces, (place.x, place.y + row), place.width, area, buffer);
    }
    if at_cursor {
        for y in place.y..place.y + place.height {
            for x in place.x..place.x + place.width {
                if let Some((x, y)) = map.seen((x, y), area) {
                    select(buffer, Rect::new(x, y, 1, 1), map.theme);
                }
            }
        }
    }
}

/// Writes pieces of text side by side; what lies left of the screen is left out cell by cell.
fn write(map: &Map<'_>, pieces: &Pieces, (x, y): (i32, i32), width: i32, area: Rect, buffer: &mut Buffer) {
    let end = x + width;
    let mut x = x;
    for (text, style) in pieces {
        let mut rest = text.as_str();
        while !rest.is_empty() && x < end {
            // A cluster at a time: some are two cells wide, and one of them may be off the screen.
            let (one, more) = first(rest);
            let wide = i32::from(cells(one));
            if wide > 0
                && x + wide <= end
                && let (Some((left, row)), Some(_)) = (map.seen((x, y), area), map.seen((x + wide - 1, y), area))
            {
                put(buffer, Rect::new(left, row, cells(one), 1), one, *style, Align::Left);
            }
            x += wide;
            rest = more;
        }
    }
}

fn first(text: &str) -> (&str, &str) {
    let (one, more) = split(text, 1);
    if !one.is_empty() {
        return (one, more);
    }
    let (one, more) = split(text, 2);
    if one.is_empty() { text.split_at(text.chars().next().map_or(0, char::len_utf8)) } else { (one, more) }
}

/// A name in so many cells, with what marks its kind where no frame does.
fn name(node: &Node, room: usize) -> String {
    match node.kind {
        Kind::Inferred => format!("({})", shorten_middle(&node.name, room.saturating_sub(2))),
        Kind::Plain | Kind::Client => shorten_middle(&node.name, room),
    }
}

fn blank(cells: usize, style: Style) -> (String, Style) {
    (" ".repeat(cells), style)
}

/// The mark of a firing alarm, with a blank before it.
fn firing(map: &Map<'_>, node: &Node) -> Pieces {
    if node.firing {
        vec![(" ".to_owned(), Style::new()), (FIRING.to_owned(), map.theme.style(Role::AlarmFiring))]
    } else {
        Vec::new()
    }
}

fn used(pieces: &Pieces) -> usize {
    pieces.iter().map(|(text, _)| usize::from(cells(text))).sum()
}

/// Fills what is left of a line: with the line that leads on, a blank apart from the text, or with blanks.
fn fill(pieces: &mut Pieces, width: usize, lead: Option<(&str, Style)>) {
    let left = width.saturating_sub(used(pieces));
    match lead.filter(|_| left > 1) {
        Some((line, style)) => pieces.extend([blank(1, Style::new()), (line.repeat(left - 1), style)]),
        None => pieces.push(blank(left, Style::new())),
    }
}

fn line(map: &Map<'_>, node: &Node, width: usize, lead: Option<(&str, Style)>) -> Pieces {
    let theme = map.theme;
    let alarm = firing(map, node);
    let share = &node.brief;
    let room = width.saturating_sub(2 + used(&alarm) + usize::from(cells(share)) + usize::from(!share.is_empty()));
    let mut pieces = vec![
        (node.sign.to_owned(), theme.style(node.role)),
        blank(1, Style::new()),
        (name(node, room), theme.style(Role::Strong)),
    ];
    pieces.extend(alarm);
    if share.is_empty() {
        fill(&mut pieces, width, lead);
        return pieces;
    }
    let left = width.saturating_sub(used(&pieces) + usize::from(cells(share)));
    pieces.push(blank(left, Style::new()));
    pieces.push((share.clone(), theme.style(node.role)));
    pieces
}

/// The second line of a node of one line, from which edges lead back to the left, and to which they lead from the right.
fn turns(width: usize, leads: Leads) -> Pieces {
    let mut pieces = Vec::new();
    if let Some((lit, style)) = leads.back {
        pieces.push(((if lit { "━━┛" } else { "──┘" }).to_owned(), style));
    }
    if let Some((lit, style)) = leads.returns {
        pieces.push(blank(2, Style::new()));
        let (corner, line) = if lit { ("┗", "━") } else { ("└", "─") };
        pieces.push((format!("{corner}{}", line.repeat(width.saturating_sub(used(&pieces) + 1))), style));
    }
    fill(&mut pieces, width, None);
    pieces
}

fn pair(map: &Map<'_>, node: &Node, width: usize, lead: Option<(&str, Style)>) -> Vec<Pieces> {
    let theme = map.theme;
    let alarm = firing(map, node);
    let room = width.saturating_sub(2 + used(&alarm));
    let mut above = vec![
        (node.sign.to_owned(), theme.style(node.role)),
        blank(1, Style::new()),
        (name(node, room), theme.style(Role::Strong)),
    ];
    above.extend(alarm);
    let mut below = vec![blank(2, Style::new())];
    if node.kind == Kind::Client {
        below.push(("client".to_owned(), theme.style(Role::Muted)));
    } else {
        below.push((node.share.clone(), theme.style(node.role)));
        for text in node.times.first().into_iter().chain([&node.rate]) {
            if used(&below) + 1 + usize::from(cells(text)) <= width {
                below.push((format!(" {text}"), theme.style(Role::Text)));
            }
        }
    }
    fill(&mut above, width, lead);
    fill(&mut below, width, None);
    vec![above, below]
}

fn boxed(map: &Map<'_>, node: &Node, width: usize) -> Vec<Pieces> {
    let theme = map.theme;
    let troubled = !matches!(node.role, Role::Good | Role::Muted);
    let edge = if troubled { theme.ink(node.role) } else { theme.style(Role::Border) };
    let (across, down) = if node.kind == Kind::Inferred { ("╌", "╎") } else { ("─", "│") };
    let inner = width.saturating_sub(2);
    let mut top = vec![("┌ ".to_owned(), edge)];
    if node.firing {
        top.push((format!("{FIRING} "), theme.style(Role::AlarmFiring)));
    }
    let room = width.saturating_sub(used(&top) + 2);
    top.push((shorten_middle(&node.name, room), theme.style(Role::Strong)));
    top.push((" ".to_owned(), edge));
    let left = width.saturating_sub(used(&top) + 1);
    top.push((across.repeat(left), edge));
    top.push(("┐".to_owned(), edge));
    let row = |left: Pieces, right: Pieces| {
        let gap = inner.saturating_sub(2 + used(&left) + used(&right));
        let mut row = vec![(down.to_owned(), edge), blank(1, Style::new())];
        row.extend(left);
        row.push(blank(gap, Style::new()));
        row.extend(right);
        row.extend([blank(1, Style::new()), (down.to_owned(), edge)]);
        row
    };
    let text = |text: &str| vec![(text.to_owned(), theme.style(Role::Text))];
    let (first, second) = if node.kind == Kind::Client {
        (row(vec![("client".to_owned(), theme.style(Role::Muted))], Vec::new()), row(Vec::new(), Vec::new()))
    } else {
        let share = vec![(format!("{} {}", node.sign, node.share), theme.style(node.role))];
        let time = |index: usize| node.times.get(index).map_or("", String::as_str);
        let both = usize::from(cells(time(0)) + cells(time(1))) < inner.saturating_sub(2);
        let other = if both { text(time(1)) } else { Vec::new() };
        (row(share, text(&node.rate)), row(text(time(0)), other))
    };
    let bottom = vec![("└".to_owned(), edge), (across.repeat(inner), edge), ("┘".to_owned(), edge)];
    vec![top, first, second, bottom]
}
