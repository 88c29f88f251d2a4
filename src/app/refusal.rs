//! Why a key has done nothing.

use super::App;
use super::action::Action;
use super::effect::Effects;

impl App {
    /// Says why an action does nothing here, where that is no matter of course.
    pub(super) fn idle(&mut self, action: Action) -> Effects {
        let Self { known, views, active, .. } = self;
        let own = views[*active].front().refusal(action, &known.cx(true));
        match own.as_deref().or_else(|| general(action)) {
            Some(why) => self.cannot(why),
            None => Effects::new(),
        }
    }
}

/// What can be said wherever one is.
const fn general(action: Action) -> Option<&'static str> {
    match action {
        Action::Compare => Some("no chart to compare here: Tab to one, or open one"),
        Action::ChartKind | Action::LogScale | Action::RollUp => Some("no chart here: Tab to one, or open one"),
        Action::Pick => Some("no metric to put on a chart here"),
        Action::Expression
        | Action::Statistic
        | Action::Period
        | Action::OtherAxis
        | Action::Layout
        | Action::RecentlyActive => Some("nothing to choose here: that belongs to the screen of the metrics"),
        _ => None,
    }
}
