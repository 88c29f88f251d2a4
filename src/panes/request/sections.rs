//! How the parts of a request share its screen.

use ratatui::layout::Rect;

use crate::widgets::area::{cut_left, cut_top};

/// A part of the screen that has a cursor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Section {
    /// Log lines.
    Lines,
    /// The waterfall.
    Trace,
    /// The segment under the waterfall's cursor.
    Segment,
}

impl Section {
    /// All, in the order of `next-pane`.
    pub(super) const ALL: [Self; 3] = [Self::Lines, Self::Trace, Self::Segment];

    /// The section some steps on.
    pub(super) fn step(self, by: usize) -> Self {
        let here = Self::ALL.iter().position(|section| *section == self).unwrap_or(0);
        Self::ALL[(here + by) % Self::ALL.len()]
    }

    /// Its name.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Lines => "Lines",
            Self::Trace => "Trace",
            Self::Segment => "Segment",
        }
    }
}

/// Where everything stands.
#[derive(Debug, PartialEq)]
pub(super) struct Plan {
    /// The facts on top.
    pub(super) facts: Rect,
    /// The sections that have room.
    pub(super) sections: Vec<(Section, Rect)>,
}

/// Cells from which lines and trace stand side by side.
const WIDE: u16 = 140;
/// Lines from which two sections stand one above the other.
const TALL: u16 = 26;

/// Shares an area out; the facts need so many lines. Whole is what leaves the focused section alone.
///
/// A request is read by its lines, which stand beside its trace. Where a trace was opened, its waterfall has the whole
/// width, above the segment and the lines.
pub(super) fn arrange(area: Rect, is_trace: bool, focused: Section, facts_lines: u16, is_whole: bool) -> Plan {
    if is_whole && area.height > 0 {
        let (facts, rest) = cut_top(area, 0);
        return Plan { facts, sections: vec![(focused, rest)] };
    }
    let facts_height = match area.height {
        0..12 => area.height.min(3),
        12..20 => facts_lines.clamp(1, 2) + 2,
        _ => facts_lines.clamp(1, 5) + 2,
    };
    let (facts, rest) = cut_top(area, facts_height);
    if rest.is_empty() {
        return Plan { facts, sections: Vec::new() };
    }
    if is_trace && area.width >= WIDE && rest.height >= 16 {
        let (top, bottom) = cut_top(rest, rest.height * 11 / 20);
        let (left, right) = cut_left(bottom, bottom.width / 2);
        let sections = vec![(Section::Trace, top), (Section::Segment, left), (Section::Lines, right)];
        return Plan { facts, sections };
    }
    if area.width >= WIDE && rest.height >= 6 {
        let (left, right) = cut_left(rest, rest.width * 9 / 20);
        let mut sections = vec![(Section::Lines, left)];
        if rest.height >= 16 {
            let (top, bottom) = cut_top(right, rest.height * 9 / 20);
            sections.extend([(Section::Trace, top), (Section::Segment, bottom)]);
        } else {
            let shown = if focused == Section::Segment { Section::Segment } else { Section::Trace };
            sections.push((shown, right));
        }
        return Plan { facts, sections };
    }
    if rest.height < TALL {
        return Plan { facts, sections: vec![(focused, rest)] };
    }
    let (top, bottom) = cut_top(rest, rest.height / 2);
    let sections = match (focused, is_trace) {
        (Section::Lines | Section::Trace, false) => vec![(Section::Lines, top), (Section::Trace, bottom)],
        (Section::Lines, true) => vec![(Section::Trace, top), (Section::Lines, bottom)],
        (Section::Trace, true) | (Section::Segment, _) => vec![(Section::Trace, top), (Section::Segment, bottom)],
    };
    Plan { facts, sections }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_share_the_area_without_overlap() {
        let cases = [
            (160, 48, false, Section::Lines, vec![Section::Lines, Section::Trace, Section::Segment]),
            (160, 48, true, Section::Trace, vec![Section::Trace, Section::Segment, Section::Lines]),
            (160, 18, false, Section::Lines, vec![Section::Lines, Section::Trace]),
            (160, 18, true, Section::Segment, vec![Section::Lines, Section::Segment]),
            (100, 48, false, Section::Trace, vec![Section::Lines, Section::Trace]),
            (100, 48, true, Section::Trace, vec![Section::Trace, Section::Segment]),
            (100, 48, true, Section::Lines, vec![Section::Trace, Section::Lines]),
            (100, 48, false, Section::Segment, vec![Section::Trace, Section::Segment]),
            (80, 24, false, Section::Trace, vec![Section::Trace]),
            (20, 3, true, Section::Trace, vec![]),
        ];
        for (width, height, is_trace, focused, expected) in cases {
            let area = Rect::new(3, 2, width, height);
            let plan = arrange(area, is_trace, focused, 3, false);
            assert_eq!(plan.sections.iter().map(|(section, _)| *section).collect::<Vec<_>>(), expected);
            let parts: Vec<Rect> = plan.sections.iter().map(|(_, rect)| *rect).chain([plan.facts]).collect();
            assert_eq!(parts.iter().map(|part| part.area()).sum::<u32>(), area.area(), "all of it");
            assert!(parts.iter().all(|part| area.union(*part) == area));
            let whole = arrange(area, is_trace, focused, 3, true);
            assert_eq!(whole.sections, [(focused, area)]);
        }
    }
}
