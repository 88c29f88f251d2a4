//! The line on top: where one is, when, and whether all is well.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::clock::Time;
use crate::panes::Zone;
use crate::store::window::Window;
use crate::text::{clean, time, units};
use crate::widgets::print::{cells, line, put_next};
use crate::widgets::theme::{Role, Theme};

/// How the sources do, in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pulse {
    /// Nothing has answered yet.
    Waiting,
    /// All sources answer.
    Live,
    /// The screen stands still while data goes on arriving.
    Frozen,
    /// There are no sources but log files, and nothing that costs.
    Files,
    /// So many sources fail.
    Trouble(usize),
}

/// What the header says.
///
/// ```text
///  baro  Token provisioning  demo · us-east-1   3h → 10:28:07 UTC  ● live      ▲ 6 firing   $0.04/h of $0.25   ? help
/// ```
#[derive(Debug, Clone)]
pub struct Header<'a> {
    /// The board's title.
    pub board: &'a str,
    /// The account's name or number, or `demo`.
    pub account: &'a str,
    /// The region.
    pub region: &'a str,
    /// The window on screen.
    pub window: Window,
    /// The present.
    pub now: Time,
    /// In which zone times are written.
    pub zone: Zone,
    /// How the sources do.
    pub pulse: Pulse,
    /// How many alarms and local rules are firing that nobody takes care of, and how many that somebody does; `None` while
    /// that is unknown.
    pub firing: Option<(usize, usize)>,
    /// What the console costs in US dollars an hour.
    pub hourly_usd: f64,
    /// What it may cost.
    pub budget_usd: Option<f64>,
    /// The key of help.
    pub help_key: &'a str,
}

/// A part of the line: the parts that matter less give way first.
#[derive(Clone)]
struct Part {
    text: String,
    /// How it says the most important half of it.
    short: Option<String>,
    role: Role,
    matters: u8,
    right: bool,
}

impl Header<'_> {
    fn parts(&self) -> Vec<Part> {
        let part = |text: String, role, matters| Part { text, short: None, role, matters, right: false };
        let right = |text: String, role, matters| Part { text, short: None, role, matters, right: true };
        let (pulse, pulse_role) = match self.pulse {
            Pulse::Waiting => ("○ waiting".to_owned(), Role::Muted),
            Pulse::Live => ("● live".to_owned(), Role::Live),
            Pulse::Frozen => ("‖ frozen".to_owned(), Role::Stale),
            Pulse::Files => ("no account".to_owned(), Role::Muted),
            Pulse::Trouble(1) => ("! 1 source fails".to_owned(), Role::Failed),
            Pulse::Trouble(count) => (format!("! {count} sources fail"), Role::Failed),
        };
        let mut parts = vec![
            part("baro".to_owned(), Role::Title, 1),
            part(clean(self.board).into_owned(), Role::Strong, 5),
            part(format!("{} · {}", clean(self.account), clean(self.region)), Role::Header, 2),
            part(self.when(), if self.window.is_live() { Role::Header } else { Role::Stale }, 7),
            part(pulse, pulse_role, 8),
        ];
        match self.firing {
            Some((0, 0)) => parts.push(right("✓ none firing".to_owned(), Role::AlarmOk, 6)),
            Some((0, count)) => parts.push(right(format!("✓ {count} acknowledged"), Role::Muted, 6)),
            // Alarms do not follow the window: they are what fires now.
            Some((count, _)) if !self.window.is_live() => {
                let short = Some(format!("▲ {count} now"));
                parts.push(Part { short, ..right(format!("▲ {count} firing now"), Role::AlarmFiring, 9) });
            }
            Some((count, _)) => parts.push(right(format!("▲ {count} firing"), Role::AlarmFiring, 9)),
            None => {}
        }
        if self.pulse != Pulse::Files {
            let short = Some(format!("{}/h", dollars(self.hourly_usd)));
            let role = if self.is_dear() { Role::Warning } else { Role::Header };
            parts.push(Part { short, ..right(self.cost(), role, 4) });
        }
        parts.push(right(format!("{} help", self.help_key), Role::Muted, 3));
        parts
    }

    fn when(&self) -> String {
        let span = units::span(i64::try_from(self.window.span.as_secs()).unwrap_or(i64::MAX));
        let zone = self.zone.name();
        match self.window.end {
            None => format!("{span} → {} {zone}", time::clock(&self.zone.at(self.now))),
            Some(end) => {
                let end = time::moment(&self.zone.at(end), &self.zone.at(self.now));
                format!("{span} until {end} {zone}")
            }
        }
    }

    fn cost(&self) -> String {
        match self.budget_usd {
            Some(budget) => format!("{}/h of ${budget:.2}", dollars(self.hourly_usd)),
            None => format!("{}/h", dollars(self.hourly_usd)),
        }
    }

    fn is_dear(&self) -> bool {
        self.budget_usd.is_some_and(|budget| self.hourly_usd > budget)
    }

    /// Draws it into the first line of the area.
    pub fn draw(&self, buffer: &mut Buffer, area: Rect, theme: &Theme) {
        let Some(row) = line(area.intersection(buffer.area), 0) else { return };
        buffer.set_style(row, theme.style(Role::Header));
        let mut parts = self.parts();
        give_way(&mut parts, row.width);
        let ends: Vec<&Part> = parts.iter().filter(|part| part.right).collect();
        let right = ends.iter().map(|part| cells(&part.text) + 2).sum::<u16>().min(row.width);
        let room = (row.width - right).saturating_sub(1);
        let mut space = Rect { x: row.x + 1.min(row.width), width: room, ..row };
        for (index, part) in parts.iter().filter(|part| !part.right).enumerate() {
            let gap = if index > 0 { "  " } else { "" };
            space = put_next(buffer, space, gap, theme.style(Role::Header));
            space = put_next(buffer, space, &part.text, theme.style(part.role));
        }
        let mut space = Rect { x: row.right() - right, width: right, ..row };
        for part in ends {
            space = put_next(buffer, space, " ", theme.style(Role::Header));
            space = put_next(buffer, space, &part.text, theme.style(part.role));
            space = put_next(buffer, space, " ", theme.style(Role::Header));
        }
    }
}

/// Makes the parts fit: each says it shorter, and those that matter most have their room first.
fn give_way(parts: &mut Vec<Part>, width: u16) {
    let need = |parts: &[Part]| parts.iter().map(|part| cells(&part.text) + 2).sum::<u16>();
    if need(parts) <= width {
        return;
    }
    let all: Vec<Part> = parts
        .iter()
        .map(|part| Part { text: part.short.clone().unwrap_or_else(|| part.text.clone()), ..part.clone() })
        .collect();
    let mut order: Vec<usize> = (0..all.len()).collect();
    order.sort_by_key(|index| std::cmp::Reverse(all[*index].matters));
    let mut kept: Vec<usize> = Vec::new();
    let mut left = width;
    for index in order {
        let size = cells(&all[index].text) + 2;
        if size <= left || kept.is_empty() {
            left = left.saturating_sub(size);
            kept.push(index);
        }
    }
    kept.sort_unstable();
    *parts = kept.into_iter().map(|index| all[index].clone()).collect();
}

/// An amount in dollars; below a cent in tenths of a cent, so that it does not flicker between nothing and a cent.
fn dollars(usd: f64) -> String {
    if usd < 0.01 { format!("${usd:.3}") } else { format!("${usd:.2}") }
}
