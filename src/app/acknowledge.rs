//! Acknowledging and snoozing: what is said about an alarm or a rule, on this host alone.

use chrono::TimeDelta;

use super::App;
use super::action::Action;
use super::effect::{Effect, Effects};
use super::overlay::Overlay;
use crate::board::Board;
use crate::panes::chrome::{Acknowledge, Matter, Remark};
use crate::store::episode::{Acknowledgement, Entry, Signal, Stance};
use crate::text::clean;

impl App {
    /// Opens the box in which something is said about the alarm or rule under the cursor.
    pub(super) fn ask_remark(&mut self, action: Action) -> Effects {
        let Self { known, views, active, .. } = self;
        let Some((signal, name)) = views[*active].front().subject(&known.cx(true)) else {
            return self.cannot("no alarm or rule under the cursor");
        };
        let store = known.shown();
        let matter = Matter {
            signal,
            fires: store.firing_since(signal, &name).is_some(),
            said: store.acknowledged(signal, &name).cloned(),
            now: known.now,
            zone: known.zone,
            title: title(signal, &name, &known.board).to_owned(),
            name,
        };
        if action == Action::Snooze {
            return self.overlay(Overlay::Acknowledge(Box::new(Acknowledge::snooze(matter))));
        }
        if !matter.fires && matter.said.is_none() {
            return self.cannot(&format!("{} does not fire: it can be snoozed only", clean(&matter.title)));
        }
        self.overlay(Overlay::Acknowledge(Box::new(Acknowledge::new(matter))))
    }

    /// Signs, dates and keeps what is said.
    pub(super) fn acknowledge(&mut self, remark: Remark) -> Effects {
        let now = self.known.now;
        // Of what is said about a signal the last counts, even where time stands still.
        let last = self.known.store.history.last_said(remark.signal, &remark.name);
        let at = last.map_or(now, |last| now.max(last.at + TimeDelta::milliseconds(1)));
        let place = &self.known.place;
        let said = Acknowledgement {
            stance: remark.stance,
            signal: remark.signal,
            name: remark.name,
            account: place.account.clone(),
            region: place.region.clone(),
            by: clean(&place.user).into_owned(),
            at,
            note: remark.note,
            until: remark.span.and_then(|span| TimeDelta::from_std(span).ok()).map(|span| now + span),
        };
        let name = clean(title(said.signal, &said.name, &self.known.board)).into_owned();
        self.say(match said.stance {
            Stance::Acknowledged => format!("acknowledged {name} on this host; AWS is not told"),
            Stance::Snoozed => format!("snoozed {name} on this host; AWS is not told"),
            Stance::Lifted => format!("took back what was said about {name}"),
        });
        vec![Effect::Remember(Entry::Acknowledgement(said))]
    }
}

/// What a signal is called on screen: a rule has a title beside the id that commands know it by.
fn title<'a>(signal: Signal, name: &'a str, board: &'a Board) -> &'a str {
    let rule = board.rules.iter().find(|rule| signal == Signal::Rule && rule.id == name);
    rule.map_or(name, |rule| &rule.title)
}
