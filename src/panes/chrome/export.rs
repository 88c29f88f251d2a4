//! What is exported, as what, and where to.

use crossterm::event::{KeyCode, KeyEvent, KeyEventKind};
use ratatui::Frame;
use ratatui::layout::Rect;

use super::OverlayOutcome;
use super::popup::popup;
use crate::export::{Form, Picture};
use crate::panes::exported::Exported;
use crate::text::units::counted;
use crate::widgets::area::{cut_left, cut_top};
use crate::widgets::print::{Align, line, put};
use crate::widgets::theme::{Role, Theme};

/// Cells of the popup: it fits a screen of 40 columns.
const SIZE: (u16, u16) = (40, 8);
/// Cells of its first column.
const FIRST: u16 = 24;

/// A part of what is on screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum What {
    /// All rows that pass the filter.
    #[default]
    Table,
    /// The row under the cursor.
    Row,
    /// The marked rows.
    Marked,
    /// The screen as it is drawn.
    Screen,
}

/// What was chosen last; the next time it stands there at first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ExportChoice {
    /// What is exported.
    pub what: What,
    /// How rows are written.
    pub form: Form,
    /// How the screen is written.
    pub picture: Picture,
}

impl ExportChoice {
    /// What names of its files end in.
    pub const fn ending(self) -> &'static str {
        match self.what {
            What::Screen => self.picture.ending(),
            What::Table | What::Row | What::Marked => self.form.ending(),
        }
    }

    /// The name of its form.
    pub const fn form_name(self) -> &'static str {
        match self.what {
            What::Screen => self.picture.name(),
            What::Table | What::Row | What::Marked => self.form.name(),
        }
    }
}

/// An export that is to be made.
#[derive(Debug, Clone, PartialEq)]
pub struct Wanted {
    /// What was chosen.
    pub choice: ExportChoice,
    /// Whether it goes to the clipboard, and not into a file.
    pub to_clipboard: bool,
    /// The rows, as they were when the choice was offered; `None` where the pane has none.
    pub rows: Option<Exported>,
}

/// Which column the keys go to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column {
    What,
    As,
}

/// The choice of an export: what on the left, as what on the right.
///
/// ```text
/// ┌ Export ──────────────────────────────┐
/// │ what                    as           │
/// │ ● table: 1,234 rows     ● CSV        │
/// │   row under the cursor    JSON       │
/// │   screen                  NDJSON     │
/// │                           Markdown   │
/// │ baro-requests-20260115T102800Z.csv   │
/// └─────────── ⏎ file  y copy  Tab  Esc ─┘
/// ```
#[derive(Debug)]
pub struct ExportBox {
    rows: Option<Exported>,
    offered: Vec<What>,
    choice: ExportChoice,
    column: Column,
    /// Names of files of a table and of the screen, without their endings.
    stems: (String, String),
}

impl ExportBox {
    /// The choice among what there is, standing on what was chosen last.
    pub fn new(rows: Option<Exported>, last: ExportChoice, stems: (String, String)) -> Self {
        let has = |what: &What| match (what, &rows) {
            (What::Screen, _) | (What::Table, Some(_)) => true,
            (_, None) => false,
            (What::Row, Some(rows)) => rows.selected.is_some(),
            (What::Marked, Some(rows)) => !rows.marked.is_empty(),
        };
        let offered: Vec<What> = [What::Table, What::Row, What::Marked, What::Screen].into_iter().filter(has).collect();
        let what = if offered.contains(&last.what) { last.what } else { offered.first().copied().unwrap_or_default() };
        Self { rows, offered, choice: ExportChoice { what, ..last }, column: Column::As, stems }
    }

    /// Takes a key.
    pub fn on_key(&mut self, key: KeyEvent) -> OverlayOutcome {
        if key.kind == KeyEventKind::Release {
            return OverlayOutcome::Stay;
        }
        match key.code {
            KeyCode::Esc | KeyCode::Backspace | KeyCode::Char('q') => return OverlayOutcome::Close,
            KeyCode::Enter => return self.wanted(false),
            KeyCode::Char('y') => return self.wanted(true),
            KeyCode::Tab | KeyCode::BackTab => {
                self.column = if self.column == Column::As { Column::What } else { Column::As };
            }
            KeyCode::Left | KeyCode::Char('h') => self.column = Column::What,
            KeyCode::Right | KeyCode::Char('l') => self.column = Column::As,
            KeyCode::Down | KeyCode::Char('j') => self.step(true),
            KeyCode::Up | KeyCode::Char('k') => self.step(false),
            _ => {}
        }
        OverlayOutcome::Stay
    }

    fn wanted(&mut self, to_clipboard: bool) -> OverlayOutcome {
        OverlayOutcome::Export(Box::new(Wanted { choice: self.choice, to_clipboard, rows: self.rows.take() }))
    }

    fn step(&mut self, down: bool) {
        let choice = &mut self.choice;
        match (self.column, choice.what) {
            (Column::What, _) => choice.what = next(&self.offered, choice.what, down),
            (Column::As, What::Screen) => choice.picture = next(&Picture::ALL, choice.picture, down),
            (Column::As, _) => choice.form = next(&Form::ALL, choice.form, down),
        }
    }

    fn label(&self, what: What) -> String {
        match (what, &self.rows) {
            (What::Table, Some(rows)) => format!("table: {}", counted(rows.table.len(), "row")),
            (What::Marked, Some(rows)) => format!("marked: {}", counted(rows.marked.len(), "row")),
            (What::Table | What::Marked, None) => String::new(),
            (What::Row, _) => "row under the cursor".to_owned(),
            (What::Screen, _) => "screen".to_owned(),
        }
    }

    /// Draws it over the area.
    pub fn draw(&self, frame: &mut Frame<'_>, area: Rect, theme: &Theme) {
        let inner = popup(frame, area, SIZE, "Export", "⏎ file  y copy  Tab  Esc", theme);
        let buffer = frame.buffer_mut();
        let (lists, foot) = cut_top(inner, inner.height.saturating_sub(1));
        let (left, right) = cut_left(lists, FIRST.min(lists.width));
        let is_screen = self.choice.what == What::Screen;
        let whats = self.offered.iter().map(|what| (self.label(*what), *what == self.choice.what)).collect();
        let forms: Vec<(String, bool)> = if is_screen {
            Picture::ALL.iter().map(|form| (form.name().to_owned(), *form == self.choice.picture)).collect()
        } else {
            Form::ALL.iter().map(|form| (form.name().to_owned(), *form == self.choice.form)).collect()
        };
        for (column, heading, entries, area) in [(Column::What, "what", whats, left), (Column::As, "as", forms, right)]
        {
            let entries: Vec<(String, bool)> = entries;
            if let Some(space) = line(area, 0) {
                put(buffer, space, heading, theme.style(Role::Muted), Align::Left);
            }
            for (row, (text, chosen)) in entries.iter().enumerate() {
                let Some(space) = line(area, row + 1) else { break };
                let space = Rect { width: space.width.saturating_sub(u16::from(column == Column::What)), ..space };
                let mark = if *chosen { "● " } else { "  " };
                put(buffer, space, &format!("{mark}{text}"), theme.style(Role::Text), Align::Left);
                if *chosen && column == self.column {
                    buffer.set_style(space, theme.style(Role::Selection));
                }
            }
        }
        let stem = if is_screen { &self.stems.1 } else { &self.stems.0 };
        put(buffer, foot, &format!("{stem}.{}", self.choice.ending()), theme.style(Role::Muted), Align::Left);
    }
}

/// The neighbour of a value, which the ends have not.
fn next<T: Copy + PartialEq>(all: &[T], at: T, down: bool) -> T {
    let here = all.iter().position(|one| *one == at).unwrap_or(0);
    let to = if down { here + 1 } else { here.saturating_sub(1) };
    all.get(to).copied().unwrap_or(at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::{Cell, Table};
    use crate::panes::testing::drawn;

    fn rows(count: usize) -> Exported {
        let table = Table::new("Requests", ["id"], (0..count).map(|n| vec![Cell::count(n as u64)]));
        Exported::new("requests", table).at(Some(0))
    }

    fn offered(rows: Option<Exported>, last: ExportChoice) -> ExportBox {
        let stems = ("baro-requests-20260115T102800Z".to_owned(), "baro-overview-20260115T102800Z".to_owned());
        ExportBox::new(rows, last, stems)
    }

    fn press(export: &mut ExportBox, keys: &str) -> OverlayOutcome {
        let key = |c| match c {
            '\n' => KeyCode::Enter,
            '\t' => KeyCode::Tab,
            c => KeyCode::Char(c),
        };
        keys.chars().map(|c| export.on_key(key(c).into())).last().expect("a key")
    }

    #[test]
    fn the_common_case_is_one_key() {
        let OverlayOutcome::Export(wanted) = press(&mut offered(Some(rows(3)), ExportChoice::default()), "\n") else {
            panic!("it is exported")
        };
        assert_eq!((wanted.choice.what, wanted.choice.form, wanted.to_clipboard), (What::Table, Form::Csv, false));
        let OverlayOutcome::Export(wanted) = press(&mut offered(Some(rows(3)), wanted.choice), "jjhjy") else {
            panic!("it is exported")
        };
        assert_eq!((wanted.choice.what, wanted.choice.form, wanted.to_clipboard), (What::Row, Form::Ndjson, true));
        let again = offered(Some(rows(3)), wanted.choice);
        assert_eq!(again.choice, wanted.choice, "it is remembered");
        assert_eq!(offered(None, wanted.choice).choice.what, What::Screen, "where it is not there, what is there");
    }

    #[test]
    fn it_draws_at_any_size() {
        let export = offered(Some(rows(1234)), ExportChoice::default());
        for (width, height) in crate::panes::testing::SIZES {
            drawn(width, height, |frame| export.draw(frame, frame.area(), &Theme::plain("t")));
        }
        let lines = drawn(40, 8, |frame| export.draw(frame, frame.area(), &Theme::plain("t")));
        assert_eq!(
            lines,
            [
                "┌ Export ──────────────────────────────┐",
                "│ what                    as           │",
                "│ ● table: 1,234 rows     ● CSV        │",
                "│   row under the cursor    JSON       │",
                "│   screen                  NDJSON     │",
                "│                           Markdown   │",
                "│ baro-requests-20260115T102800Z.csv   │",
                "└──────────── ⏎ file  y copy  Tab  Esc ┘",
            ]
        );
    }
}
