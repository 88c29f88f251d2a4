//! The heading of an incident: several alarms that began to fire one soon after the other.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::item::Item;
use super::order::Incident;
use super::row::moment;
use super::summary::firing;
use crate::panes::Cx;
use crate::panes::note::age;
use crate::text::clean;
use crate::widgets::area::padded;
use crate::widgets::print::{Align, put};
use crate::widgets::theme::{Role, Theme};

/// `▾ 6 firing since 10:13:00, 15m`; folded, with the names.
pub(super) fn words<'a>(incident: &Incident<'a>, cx: &Cx<'a>) -> String {
    let (open, answered) = firing(incident.members.iter().copied(), cx);
    let fold = if incident.folded { "▸" } else { "▾" };
    let since = moment(incident.began, cx.now, cx.zone);
    let answered = if answered == 0 { String::new() } else { format!(" · {answered} acknowledged") };
    let words = format!("{fold} {open} firing since {since}, {}{answered}", age(incident.began, cx.now));
    if !incident.folded {
        return words;
    }
    let names: Vec<_> = incident.members.iter().map(Item::title).map(clean).collect();
    format!("{words}: {}", names.join(", "))
}

/// Draws a heading over a line of the list.
pub(super) fn draw(words: &str, line: Rect, buf: &mut Buffer, theme: &Theme) {
    let line = padded(line);
    put(buf, line, words, theme.style(Role::Title), Align::Left);
}
