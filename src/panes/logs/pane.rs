//! The screen of the logs as a pane.

use crossterm::event::KeyEvent;
use ratatui::Frame;
use ratatui::layout::Rect;

use super::question::Question;
use super::{Cx, Exported, Logs, Over, Part, Popup, Reaction, choices, draw, exported, run, wants, words};
use crate::analysis::log_query::refine::Wanted;
use crate::analysis::log_query::shape::joined;
use crate::app::action::Action;
use crate::app::effect::{Effect, Subscription};
use crate::clock::Time;
use crate::panes::{Pane, Target};
use crate::text::clean;

impl Pane for Logs {
    fn title(&self, _cx: &Cx<'_>) -> String {
        "Logs Insights".to_owned()
    }

    fn wants(&self, cx: &Cx<'_>) -> Vec<Subscription> {
        wants::wants(self, cx)
    }

    fn lasting(&self, cx: &Cx<'_>) -> Vec<Subscription> {
        wants::lasting(self, cx)
    }

    fn on(&mut self, action: Action, cx: &Cx<'_>) -> Reaction {
        self.trouble = None;
        self.sync(cx);
        let reaction = match action {
            Action::RunQuery => self.run(cx),
            Action::StopQuery => {
                if self.stop(cx) {
                    Reaction::Handled
                } else {
                    Reaction::Ignored
                }
            }
            Action::LogGroups | Action::Queries => {
                self.toggle(action);
                Reaction::Handled
            }
            Action::Back => self.back(cx),
            Action::NextPane | Action::PreviousPane => self.next_part(action, cx),
            Action::Maximise if self.run.is_some() => {
                self.whole = !self.whole;
                self.part = Part::Results;
                Reaction::Handled
            }
            Action::ZoomIn if self.part == Part::Results => self.narrow(Wanted::With, cx),
            Action::ZoomOut if self.part == Part::Results => self.narrow(Wanted::Without, cx),
            Action::FieldStatistics => self.field_statistics(cx),
            Action::Patterns if !self.table.order.is_empty() && self.rows(cx).is_some() => {
                self.part = Part::Results;
                self.over = Some(Over::Patterns(Box::default()));
                Reaction::Handled
            }
            Action::CopyPath => {
                let name =
                    if let Some(Over::Record(record)) = &self.over { record.path() } else { self.table.current() };
                name.map_or(Reaction::Ignored, |name| Reaction::Do(vec![Effect::Copy(clean(&name).into_owned())]))
            }
            Action::Open if self.part == Part::Editor => {
                self.typing = true;
                Reaction::Handled
            }
            action if self.part == Part::Results && self.over.is_some() => self.on_over(action, cx),
            action if self.part == Part::Results => self.on_results(action, cx),
            _ => Reaction::Ignored,
        };
        self.sync(cx);
        reaction
    }

    fn takes_keys(&self) -> bool {
        self.popup.is_some() || self.typing
    }

    fn on_key(&mut self, key: KeyEvent, cx: &Cx<'_>) {
        self.trouble = None;
        if self.popup.is_some() {
            self.popup_key(key, cx);
        } else {
            let fields = self.fields(cx);
            self.editor.key(key, &|text, at| choices(text, at, &fields));
        }
    }

    fn on_paste(&mut self, text: &str, _cx: &Cx<'_>) {
        match &mut self.popup {
            Some(Popup::Groups(picker) | Popup::Queries(picker)) => picker.paste(text),
            None => {
                if !self.typing {
                    (self.part, self.typing) = (Part::Editor, true);
                }
                self.editor.paste(text);
            }
        }
    }

    fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, cx: &Cx<'_>) {
        self.sync(cx);
        draw::draw(self, frame, area, cx);
    }

    fn filter(&self) -> Option<&str> {
        match (&self.over, self.part) {
            (Some(Over::Record(record)), _) => Some(&record.search),
            (None, Part::Results) if self.run.is_some() && !self.charted => Some(&self.table.filter),
            _ => None,
        }
    }

    fn set_filter(&mut self, text: &str, cx: &Cx<'_>) {
        if let Some(Over::Record(record)) = &mut self.over {
            text.clone_into(&mut record.search);
            record.sync(cx);
            return;
        }
        text.clone_into(&mut self.table.filter);
        if let Some(rows) = self.rows(cx) {
            self.table.arrange(rows);
        }
    }

    fn hints(&self) -> Option<&'static [(Action, &'static str)]> {
        Some(self.keys())
    }

    fn copied(&self, cx: &Cx<'_>) -> Option<String> {
        match &self.over {
            Some(Over::Record(record)) => record.browser.copied(),
            Some(Over::Patterns(patterns)) => patterns.current().map(|pattern| clean(&pattern.template).into_owned()),
            None if self.part == Part::Editor => Some(self.editor.text()),
            None if self.charted => self.charting.name().map(|name| clean(name).into_owned()),
            Some(Over::Values(_)) | None => self.value(cx)?.1,
        }
    }

    fn exported(&self, cx: &Cx<'_>) -> Option<Exported> {
        exported::exported(self, cx)
    }

    fn identifier(&self, cx: &Cx<'_>) -> Option<String> {
        self.value(cx).filter(|_| self.part == Part::Results)?.1
    }

    fn accepts(&mut self, target: &Target) -> bool {
        match target {
            Target::Query(question) => {
                self.take(question);
                true
            }
            _ => false,
        }
    }

    fn here(&self, cx: &Cx<'_>) -> Option<Target> {
        let run = self.run.as_ref()?;
        let groups = run.chosen(cx).to_vec();
        // The board has its own with it.
        let is_said = groups != cx.board.query_groups() && !run::names_groups(&run.written, cx);
        Some(Target::Query(Question { text: joined(&run.written), groups: is_said.then_some(groups) }))
    }

    fn span(&self, cx: &Cx<'_>) -> Option<(Time, Time)> {
        self.run.as_ref().map(|run| run.asked(cx).1)
    }

    fn offers(&self, action: Action) -> bool {
        self.is_of_use(action)
    }

    fn sentence(&self, action: Action) -> Option<&'static str> {
        words::sentence(action)
    }

    fn typing_keys(&self) -> &'static [(&'static str, &'static str)] {
        words::TYPING
    }
}
