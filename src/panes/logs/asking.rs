//! Running the query, stopping it, and what changes its text.

use super::run::{self, Phase, Run};
use super::{Cx, Logs, Over, Part, Reaction};
use crate::analysis::log_query::judge::{Mistake, pointed};
use crate::analysis::log_query::parameters;
use crate::analysis::log_query::refine::{Wanted, refine};
use crate::app::effect::Effect;
use crate::store::logbook::{Asked, SavedQuery};
use crate::store::rows::LogQuery;
use crate::text::clean_lines;

impl Logs {
    /// Starts the text of the editor; window and groups are those of when it is first looked at.
    pub(super) fn start(&mut self) {
        self.run = Some(Run::new(self.editor.text(), self.chosen.clone()));
        self.settle_in();
    }

    pub(super) fn settle_in(&mut self) {
        self.typing = false;
        self.part = Part::Results;
        self.over = None;
        self.popup = None;
        self.pointed = false;
        self.editor.choices = None;
        self.table.renew();
    }

    /// Runs the query, unless something is wrong with it.
    pub(super) fn run(&mut self, cx: &Cx<'_>) -> Reaction {
        let text = self.editor.text();
        let chosen = self.groups(cx);
        let run = Run::new(text.clone(), Some(chosen.clone()));
        if let Some(mistake) = run.refusal(cx).or_else(|| self.editor.mistake().cloned()) {
            self.part = Part::Editor;
            self.editor.point(mistake);
            return Reaction::Handled;
        }
        if let Err(words) = run::resolved(&chosen, cx)
            && !run::names_groups(&text, cx)
        {
            self.trouble = Some(format!("{words}: choose log groups first"));
            return Reaction::Handled;
        }
        let mut done = Vec::new();
        // What the last run has found makes room for what this one finds.
        let old: Vec<LogQuery> = self.run.as_ref().and_then(|run| run.query(cx)).cloned().into_iter().collect();
        let next = run.query(cx).cloned();
        done.push(Effect::Forget(old.into_iter().chain(next).collect()));
        done.push(Effect::Note(Asked { at: cx.now, text, groups: chosen }));
        self.run = Some(run);
        self.settle_in();
        Reaction::Do(done)
    }

    pub(super) fn stop(&mut self, cx: &Cx<'_>) -> bool {
        match &mut self.run {
            Some(run) if run.is_under_way(cx) => {
                run.stopped = Some(cx.now);
                true
            }
            Some(_) | None => false,
        }
    }

    /// Puts a saved query, or one that was run before, into the editor.
    pub(super) fn load(&mut self, query: &SavedQuery, cx: &Cx<'_>) {
        let default = |name: &str| query.parameters.iter().find(|parameter| parameter.name == name)?.default.as_deref();
        let own = |name: &str| cx.board.vars.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
        let text = clean_lines(&query.text).collect::<Vec<_>>().join("\n");
        self.editor.set(&parameters::fill_known(&text, |name| default(name).or_else(|| own(name))));
        if !query.groups.is_empty() {
            self.chosen = Some(query.groups.clone());
        }
        self.part = Part::Editor;
        self.typing = true;
    }

    pub(super) fn narrow(&mut self, wanted: Wanted, cx: &Cx<'_>) -> Reaction {
        let Some((name, value)) = self.value(cx) else {
            self.trouble = Some("a filter needs a value under the cursor".to_owned());
            return Reaction::Do(Vec::new());
        };
        match refine(&self.editor.text(), &name, value.as_deref(), wanted) {
            Ok(text) => {
                self.editor.set(&text);
                match self.run(cx) {
                    Reaction::Do(done) => Reaction::Do(done),
                    // The window on screen stays as it is, whatever came of it.
                    _ => Reaction::Do(Vec::new()),
                }
            }
            Err(words) => {
                self.trouble = Some(words);
                Reaction::Do(Vec::new())
            }
        }
    }

    /// The query over the window before, that patterns are compared with.
    pub(super) fn earlier(&self, cx: &Cx<'_>) -> Option<LogQuery> {
        let query = self.run.as_ref()?.query(cx)?;
        let (from, to) = query.span?;
        Some(LogQuery { span: Some((from - (to - from), from)), ..query.clone() })
    }

    pub(super) fn wants_earlier(&self) -> bool {
        matches!(&self.over, Some(Over::Patterns(patterns)) if patterns.compares)
    }

    /// Puts the cursor where AWS says that the query is wrong.
    pub(super) fn point(&mut self, cx: &Cx<'_>) {
        let Some(run) = self.run.as_ref().filter(|_| !self.pointed) else { return };
        if let Some(mistake) = run.refusal(cx) {
            (self.pointed, self.part) = (true, Part::Editor);
            return self.editor.point(mistake);
        }
        let Phase::Failed(message, _) = run.phase(cx) else { return };
        self.pointed = true;
        let text = self.editor.text();
        if let Some(at) = pointed(&text, &message).filter(|_| text == run.written) {
            // The words themselves stand in the results.
            self.editor.point(Mistake::new(at, "AWS refuses the query here, see below"));
        }
    }
}
