//! One card, at any size.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;

use super::CardPanel;
use crate::analysis::card::CardState;
use crate::board::{Severity, Threshold, Unit};
use crate::panes::Cx;
use crate::text::{Align, clean, truncate, units, width};
use crate::widgets::chart::limit;
use crate::widgets::frame::pane_frame;
use crate::widgets::print::put;
use crate::widgets::sparkline::{Bound, Scale, Sparkline};
use crate::widgets::theme::Role;

/// The cells inside a card from which on its change has its spaces.
const SPACIOUS: u16 = 16;

/// A text in the lower edge, with its colour.
type Foot = (String, Role);

/// A card in its frame; `more` cards are hidden right of it.
pub(super) fn panel(panel: &CardPanel, more: usize, area: Rect, buf: &mut Buffer, cx: &Cx<'_>) {
    if area.height < 3 {
        put(buf, area, &sentence(panel), cx.theme.style(role(panel.figures.state)), Align::Left);
        return;
    }
    let title = clean(&panel.card.title);
    let room = usize::from(area.width).saturating_sub(2);
    let block = pane_frame("", None, panel.selected, cx.theme);
    let heading = cx.theme.style(if panel.selected { Role::TitleFocused } else { Role::Title });
    let heading = if width(&title) + 2 <= room {
        Span::styled(format!(" {title} "), heading)
    } else {
        Span::styled(truncate(&title, room).into_owned(), heading)
    };
    let (left, right) = feet(panel, more, room);
    let line = |(text, role): (String, Role)| Line::styled(text, cx.theme.style(role));
    let mut block = block.title(heading);
    if let Some(left) = left {
        block = block.title_bottom(line(left));
    }
    if let Some(right) = right {
        block = block.title_bottom(line(right).right_aligned());
    }
    let inner = block.inner(area);
    block.render(area, buf);
    let wide = self::room(usize::from(area.width)) as u16;
    let inner = Rect { x: inner.x + inner.width.saturating_sub(wide) / 2, width: wide.min(inner.width), ..inner };
    figures(panel, inner, buf, cx);
    let Some(below) = inner.height.checked_sub(2) else { return };
    let spark = Rect { y: inner.y + 1, height: 1, ..inner };
    if panel.figures.value.is_none() && panel.spark.iter().all(Option::is_none) {
        let text = panel.figures.message.as_deref().or(panel.trouble.as_deref()).unwrap_or_default();
        put(buf, spark, &clean(text), cx.theme.style(Role::Failed), Align::Left);
        return;
    }
    let spark = Rect { height: below + 1, ..spark };
    let bounds: Vec<Bound> = panel.card.thresholds.iter().map(bound).collect();
    let scale = match panel.card.unit {
        Unit::Percent => Scale::Fit,
        Unit::Count | Unit::Seconds | Unit::Milliseconds | Unit::Bytes | Unit::None => Scale::FromZero,
    };
    Sparkline { values: &panel.spark, scale, role: Role::Series1, bounds: &bounds, air: 0 }.draw(spark, buf, cx.theme);
}

/// The cells inside a card of this width: in the frame, and with air where there is enough.
pub(super) fn room(width: usize) -> usize {
    if width >= 18 { width - 4 } else { width.saturating_sub(2) }
}

/// Value left, change right; the change gives up its spaces, then its unit, before the value gives up anything.
fn figures(panel: &CardPanel, area: Rect, buf: &mut Buffer, cx: &Cx<'_>) {
    let value = value(panel);
    let used = put(buf, area, &value, cx.theme.style(role(panel.figures.state)), Align::Left);
    let Some(change) = panel.figures.change else { return };
    let room = usize::from(area.width.saturating_sub(used + 1));
    let full = units::change(change, panel.card.change);
    let tight = full.replace(' ', "");
    let bare = tight.trim_end_matches(['%', 'p', 't']).to_owned();
    // Narrow cards are alike: one with a space among others without would look like another kind of figure.
    let spacious = area.width >= SPACIOUS;
    let forms = [spacious.then_some(full), Some(tight), Some(bare)];
    let Some(text) = forms.into_iter().flatten().find(|text| width(text) <= room) else { return };
    put(buf, area, &text, cx.theme.style(Role::Muted), Align::Right);
}

/// What stands in the lower edge, left and right: the second figure or the trouble, and the threshold that is passed.
fn feet(panel: &CardPanel, more: usize, room: usize) -> (Option<Foot>, Option<Foot>) {
    let more = (more > 0).then(|| (format!(" {more} more "), Role::Muted));
    let right = more.or_else(|| {
        panel.figures.passed.map(|passed| (format!(" {} ", words(&passed, panel.card.unit)), severity(passed.severity)))
    });
    let trouble = panel.trouble.as_ref().filter(|_| panel.figures.value.is_some());
    let left = trouble.map(|text| (format!(" {text} "), Role::Stale)).or_else(|| below(panel));
    let used = right.as_ref().map_or(0, |(text, _)| width(text) + 1);
    (left.filter(|(text, _)| width(text) + used <= room), right.filter(|(text, _)| width(text) <= room))
}

fn below(panel: &CardPanel) -> Option<Foot> {
    let (label, value) = panel.figures.below.as_ref()?;
    let value = units::value((*value)?, panel.card.unit);
    Some((format!(" {} {value} ", clean(label)), Role::Muted))
}

/// A threshold in words: `crit > 3 s`.
pub(in crate::panes) fn words(threshold: &Threshold, unit: Unit) -> String {
    let word = match threshold.severity {
        Severity::Warning => "warn",
        Severity::Critical => "crit",
    };
    let sign = if threshold.above { '>' } else { '<' };
    format!("{word} {sign} {}", limit(threshold.value, unit))
}

/// A threshold as a coloured line.
pub(in crate::panes) fn bound(threshold: &Threshold) -> Bound {
    Bound { value: threshold.value, above: threshold.above, role: severity(threshold.severity) }
}

const fn severity(severity: Severity) -> Role {
    match severity {
        Severity::Warning => Role::Warning,
        Severity::Critical => Role::Critical,
    }
}

/// The colour of a value in this state.
pub(in crate::panes) const fn role(state: CardState) -> Role {
    match state {
        CardState::Ok => Role::Strong,
        CardState::Warning => Role::Warning,
        CardState::Critical => Role::Critical,
        CardState::NoData => Role::Unknown,
    }
}

fn value(panel: &CardPanel) -> String {
    match panel.figures.value {
        Some(value) => units::value(value, panel.card.unit),
        None if panel.figures.health == "waiting" => "waiting…".to_owned(),
        None if panel.figures.health == "failed" => units::NOTHING.to_owned(),
        None => "no data".to_owned(),
    }
}

/// A card in one line: `Failure rate 14.6 % ▲ 12.7 pt (crit > 5 %)`.
pub(super) fn sentence(panel: &CardPanel) -> String {
    let change = panel.figures.change.map(|change| units::change(change, panel.card.change));
    let passed = panel.figures.passed.map(|passed| format!("({})", words(&passed, panel.card.unit)));
    let parts = [Some(clean(&panel.card.title).into_owned()), Some(value(panel)), change, passed];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
}
