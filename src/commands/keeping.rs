//! Whether and where a session keeps its history.

use std::path::PathBuf;
use std::time::Duration;

use tokio::sync::mpsc;

use super::session::Opening;
use crate::app::App;
use crate::app::msg::{Msg, Update};
use crate::config::{Environment, HistorySettings};
use crate::history::{Bounds, Location, Reader, Recorder, Trouble};
use crate::sources::Mode;

/// How long the end of a session waits for the disk.
const AT_THE_END: Duration = Duration::from_secs(3);

/// What a session does about the history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Keeping {
    /// It reads and writes.
    Writing(Location, Bounds),
    /// It reads once: what prints or looks at another time than now has nothing to add.
    Reading(Location),
    /// Neither.
    Nothing,
}

/// The file of an opening; `None` where there is none: the demo's made-up episodes stay out of the operator's history.
pub(super) fn location(opening: &Opening, settings: &HistorySettings, env: &Environment) -> Option<Location> {
    if let Some(path) = &opening.history {
        return Some(Location::new(path));
    }
    if opening.demo.is_some() {
        return None;
    }
    let own = || env.state_dir().map(|folder| folder.join("history.db"));
    settings.path.as_ref().and_then(|path| at_home(path, env)).or_else(own).map(Location::new)
}

/// A path with `~` in place of the user's folder.
fn at_home(path: &std::path::Path, env: &Environment) -> Option<PathBuf> {
    match path.strip_prefix("~") {
        Ok(below) => env.home.as_ref().map(|home| home.join(below)),
        Err(_) => Some(path.to_owned()),
    }
}

/// What a session does about the history.
pub(super) fn choose(opening: &Opening, settings: &HistorySettings, mode: Mode, env: &Environment) -> Keeping {
    let Some(location) = location(opening, settings, env) else { return Keeping::Nothing };
    let another_time = opening.at.is_some() && opening.demo.is_none();
    if mode == Mode::Once || another_time {
        return Keeping::Reading(location);
    }
    Keeping::Writing(location, Bounds { episodes: settings.episodes, days: settings.days })
}

impl Keeping {
    /// Begins: a thread that writes and tells, or what there is to read at once.
    pub(super) fn begin(self, app: &App, messages: &mpsc::Sender<Msg>) -> Option<Recorder> {
        let (account, region) = (app.place().account.clone(), app.place().region.clone());
        let update = match self {
            Self::Nothing => return None,
            Self::Writing(location, bounds) => {
                let messages = messages.clone();
                let tell = Box::new(move |update| messages.blocking_send(Msg::Feed(update)).is_ok());
                match Recorder::start(location, bounds, (account, region), tell) {
                    Ok(recorder) => return Some(recorder),
                    Err(error) => Update::HistoryTrouble(Some(format!("no thread for the history: {error}"))),
                }
            }
            Self::Reading(location) => {
                match Reader::open(&location).and_then(|reader| reader.newest(&account, &region)) {
                    Ok(entries) => Update::History(entries),
                    // Nobody has written one yet.
                    Err(Trouble::Missing { .. }) => return None,
                    Err(trouble) => Update::HistoryTrouble(Some(trouble.to_string())),
                }
            }
        };
        // By the loop's own way in: an update by hand would take the first watch, which nobody would carry out then. The
        // queue is new and empty.
        if messages.try_send(Msg::Feed(update)).is_err() {
            tracing::warn!("the loop has gone before it began");
        }
        None
    }
}

/// Waits until all is written, but no longer than anybody would.
pub(super) async fn end(recorder: Recorder) {
    let ended = tokio::task::spawn_blocking(move || recorder.close(AT_THE_END)).await;
    if !ended.unwrap_or(false) {
        tracing::warn!("the history is not written to the end");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::screen::ScreenId;
    use crate::commands::session::DemoChoice;
    use crate::config::Choice;
    use crate::demo::faults::Faults;
    use crate::sources::Connect;

    fn opening(demo: bool, at: Option<&str>, history: Option<&str>) -> Opening {
        let demo = demo.then(|| DemoChoice {
            seed: 7,
            rate: 1.0,
            speed: 1.0,
            faults: Faults::default(),
            cause: None,
            load: None,
            unlimited: false,
        });
        Opening {
            choice: Choice::default(),
            at: at.map(|at| at.parse().expect("a time")),
            since: None,
            screen: ScreenId::Overview,
            focus: None,
            history: history.map(PathBuf::from),
            connect: Connect::default(),
            demo,
            options: Vec::new(),
        }
    }

    #[test]
    fn only_a_console_on_the_present_writes_and_a_demo_only_where_it_is_told_to() {
        let env = Environment { home: Some("/home/u".into()), ..Environment::default() };
        let configured = HistorySettings { path: Some("~/shared/h.db".into()), ..HistorySettings::default() };
        let then = Some("2026-01-15T10:28:00Z");
        let (own, shared, named) = ("/home/u/.local/state/barograph/history.db", "/home/u/shared/h.db", "/n.db");
        let writing = |path: &str| Keeping::Writing(Location::new(path), Bounds::default());
        let reading = |path: &str| Keeping::Reading(Location::new(path));
        let default = HistorySettings::default();
        let cases = [
            (opening(false, None, None), &default, Mode::Live, writing(own)),
            (opening(false, None, None), &configured, Mode::Live, writing(shared)),
            (opening(false, None, Some(named)), &configured, Mode::Live, writing(named)),
            (opening(false, None, None), &default, Mode::Once, reading(own)),
            (opening(false, then, None), &default, Mode::Live, reading(own)),
            (opening(true, None, None), &configured, Mode::Live, Keeping::Nothing),
            (opening(true, then, Some(named)), &default, Mode::Live, writing(named)),
            (opening(true, then, Some(named)), &default, Mode::Once, reading(named)),
        ];
        for (opening, settings, mode, expected) in cases {
            assert_eq!(choose(&opening, settings, mode, &env), expected, "{opening:?}");
        }
        assert_eq!(
            choose(&opening(false, None, None), &default, Mode::Live, &Environment::default()),
            Keeping::Nothing
        );
    }
}
