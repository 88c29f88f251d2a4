//! How far a search has come, in words.

use std::time::Duration;

use crate::store::story::{SearchState, Story};
use crate::text::clean;
use crate::text::units::plural;

/// What is said: for how long, how much has been answered, and what is waited for.
pub(super) fn words(story: &Story, passed: Duration) -> String {
    let events = plural(story.events.len(), "event");
    let (ended, all) = (story.ended(), story.searched.len());
    let mut words = format!("{} s · {ended} of {all} searches · {events}", passed.as_secs());
    let running = || story.searched.iter().filter(|search| search.state == SearchState::Running);
    if let Some(oldest) = running().min_by_key(|search| search.from) {
        let (name, since) = (oldest.how.name(), oldest.from.format("%m-%d %H:%M"));
        words.extend([format!(" · {} since {since} UTC", name.split(':').next_back().unwrap_or(name))]);
    }
    clean(&words).into_owned()
}
