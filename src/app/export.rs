//! Exporting and copying: what the console does about it.

use std::sync::Arc;

use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;

use super::App;
use super::clipboard::{MOST_BYTES, fitting};
use super::effect::{Effect, Effects};
use super::overlay::Overlay;
use crate::cli::focus_text;
use crate::export::colour::Ground;
use crate::export::{Content, Goal, Job, Outcome};
use crate::panes::chrome::{ExportBox, ExportChoice, Wanted, What};
use crate::panes::exported::Exported;
use crate::text::units::{counted, thousands};

impl App {
    /// Draws the console on a screen of so many columns and lines that nobody sees.
    pub fn frame(&mut self, size: (u16, u16)) -> Buffer {
        let Ok(mut terminal) = Terminal::new(TestBackend::new(size.0, size.1));
        let Ok(_) = terminal.draw(|frame| self.draw(frame));
        terminal.backend().buffer().clone()
    }

    /// Lets the user choose what is exported.
    pub(super) fn ask_export(&mut self) -> Effects {
        let Self { known, views, active, .. } = self;
        let rows = views[*active].front().exported(&known.cx(true));
        let table = rows.as_ref().map(|rows| rows.name).unwrap_or_default().to_owned();
        let stems = (self.stem(&table), self.stem(&self.place_name()));
        self.overlay(Overlay::Export(Box::new(ExportBox::new(rows, self.export_choice, stems))))
    }

    /// The name of a file: what it is of, and when it was so.
    fn stem(&self, of: &str) -> String {
        format!("baro-{of}-{}", self.known.now.format("%Y%m%dT%H%M%SZ"))
    }

    /// The screen's name, or that of what is opened on it, without its own: that could be anything.
    fn place_name(&self) -> String {
        let detail = self.view().details.last().map(|(target, _)| focus_text(target));
        let kind = detail.as_deref().and_then(|focus| focus.split(':').next());
        kind.unwrap_or_else(|| self.screen().name()).to_owned()
    }

    /// Begins an export.
    pub(super) fn export(&mut self, wanted: Wanted) -> Effects {
        let Wanted { choice, to_clipboard, rows } = wanted;
        self.export_choice = choice;
        let partial = rows.as_ref().and_then(|rows| rows.partial.clone()).filter(|_| choice.what == What::Table);
        let Some((what, of, content)) = self.chosen(choice, rows) else {
            return self.cannot("there is nothing to export here");
        };
        let what = told(partial.as_deref(), &what, choice);
        let goal = if to_clipboard { Goal::Clipboard } else { Goal::File(self.stem(&of), choice.ending()) };
        vec![Effect::Export(Box::new(Job { what, content, goal }))]
    }

    /// What is exported, in words, by name, and itself.
    fn chosen(&mut self, choice: ExportChoice, rows: Option<Exported>) -> Option<(String, String, Content)> {
        if choice.what == What::Screen {
            let screen = self.place_name();
            return Some(("the screen".to_owned(), screen, Content::Text(self.picture(choice))));
        }
        let Exported { name, table, selected, marked, .. } = rows?;
        let table = match choice.what {
            What::Row => table.only(&[selected?]),
            What::Marked => table.only(&marked),
            What::Table | What::Screen => table,
        };
        let words = counted(table.len(), "row");
        Some((words, name.to_owned(), Content::Table(Arc::new(table), choice.form, self.known.now)))
    }

    /// The screen as it was drawn last, without what stands over it and without a notice.
    fn picture(&mut self, choice: ExportChoice) -> String {
        let notice = self.notice.take();
        let buffer = self.frame(self.size);
        self.notice = notice;
        let ground = if self.known.theme().name == "light" { Ground::LIGHT } else { Ground::DARK };
        choice.picture.of(&buffer, ground)
    }

    /// Tells what came of an export.
    pub(super) fn exported(&mut self, outcome: Outcome) -> Effects {
        match outcome {
            Outcome::Written { what, file } => {
                self.say(format!("wrote {}: {what}", file.display()));
                Effects::new()
            }
            Outcome::Ready { what, text } => self.clip(&text, Some(&what)),
            Outcome::Failed(why) => self.cannot(&why),
        }
    }

    /// Copies as much of a text as a terminal takes, and says what of it that was.
    pub(super) fn clip(&mut self, text: &str, what: Option<&str>) -> Effects {
        let copied = fitting(text);
        let named = what.map_or_else(String::new, |what| format!(": {what}"));
        self.say(if copied.len() < text.len() {
            let (some, all) = (thousands(copied.len()), thousands(text.len()));
            format!("copied the first {some} of {all} bytes{named}; x writes it to a file")
        } else {
            format!("copied {} bytes{named}", text.len())
        });
        debug_assert!(copied.len() <= MOST_BYTES, "whoever cuts it counts");
        vec![Effect::Copy(copied.to_owned())]
    }
}

/// What is exported, in words. That it is a part comes first, as the line may be cut.
fn told(partial: Option<&str>, what: &str, choice: ExportChoice) -> String {
    let partial = partial.map(|words| format!("{words}: ")).unwrap_or_default();
    format!("{partial}{what} as {}", choice.form_name())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_called_one() {
        let choice = ExportChoice::default();
        assert_eq!(told(None, "412 rows", choice), "412 rows as CSV");
        let partial = Some("partial, the query still runs");
        assert_eq!(told(partial, "412 rows", choice), "partial, the query still runs: 412 rows as CSV");
    }
}
