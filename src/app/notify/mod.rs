//! Notices outside the screen: the terminal's bell, a notice of the desktop, a command of the user's.
//!
//! `watchman` decides when there is something to tell; here it is told. Nothing waits: what takes time is a task, and a
//! task that fails says so in the footer.

use std::io::{self, Write};
use std::sync::Arc;

use tokio::sync::{Semaphore, mpsc};

use super::msg::Msg;
use super::multiplexer::Multiplexer;
use crate::analysis::rule::Moment;
use crate::board::Unit;
use crate::clock::Time;
use crate::config::{Environment, Notify};
use crate::store::episode::{Episode, Severity, Signal};
use crate::text::{clean, truncate, units};

mod command;
mod document;
mod osc;

pub use command::{Failed, run};
pub use document::document;
pub use osc::sequence;

/// Commands that may run at once; a notice that finds so many running is not passed on.
const COMMANDS: usize = 4;
/// Cells of a notice's title and of its text.
const CELLS: (usize, usize) = (80, 200);

/// That something fires, still fires or is over.
#[derive(Debug, Clone, PartialEq)]
pub struct Notification {
    /// What of these it is.
    pub moment: Moment,
    /// The rule's title or the alarm's name.
    pub title: String,
    /// The unit of the episode's values.
    pub unit: Unit,
    /// The episode as it stands.
    pub episode: Episode,
    /// The newest value, and what the signal says of it.
    pub newest: (Option<f64>, String),
    /// When it is told.
    pub at: Time,
}

impl Notification {
    /// Its title: `▲ Order flood`, sanitised.
    pub fn headline(&self) -> String {
        let glyph = match (self.moment, self.episode.severity) {
            (Moment::Began | Moment::Holds, Severity::Critical) => "▲",
            (Moment::Began | Moment::Holds, Severity::Warning) => "△",
            (Moment::Ended, _) => "✓",
        };
        let title = clean(&self.title);
        truncate(&format!("{glyph} {title}"), CELLS.0).into_owned()
    }

    /// What it says: `fires since 10:22:04 UTC: 64 matching events in 15s · demo us-east-1`, sanitised.
    pub fn words(&self) -> String {
        let Episode { began, ended, account, region, .. } = &self.episode;
        let since = began.format("%H:%M:%S UTC");
        let lasted = units::span((ended.unwrap_or(self.at) - *began).num_seconds().max(0));
        let reason = clean(if self.moment == Moment::Began { &self.episode.reason } else { &self.newest.1 });
        let why = if reason.is_empty() { String::new() } else { format!(": {reason}") };
        let what = match self.moment {
            Moment::Began => format!("fires since {since}{why}"),
            Moment::Holds => format!("has fired for {lasted}, since {since}{why}"),
            Moment::Ended => {
                let peak = self.episode.peak.map(|peak| format!(", peak {}", units::value(peak, self.unit)));
                format!("over after {lasted}{}", peak.unwrap_or_default())
            }
        };
        truncate(&format!("{what} · {} {}", clean(account), clean(region)), CELLS.1).into_owned()
    }
}

/// Tells the user.
#[derive(Debug)]
pub struct Notifier {
    chosen: Arc<Notify>,
    inside: Multiplexer,
    /// Where failures are told; weak, so that it does not keep the loop waiting for messages.
    out: mpsc::WeakSender<Msg>,
    places: Arc<Semaphore>,
}

impl Notifier {
    /// A notifier as the user chose it.
    pub fn new(chosen: Notify, env: &Environment, out: mpsc::WeakSender<Msg>) -> Self {
        let inside = Multiplexer::of(env);
        Self { chosen: Arc::new(chosen), inside, out, places: Arc::new(Semaphore::new(COMMANDS)) }
    }

    /// Tells one thing, if the user wants to hear of its kind.
    pub fn tell(&self, notification: &Notification) {
        let wanted = match notification.episode.signal {
            Signal::Rule => self.chosen.rules,
            Signal::Alarm => self.chosen.alarms,
        };
        let moments = self.chosen.moments;
        let wanted = wanted
            && match notification.moment {
                Moment::Began => moments.began,
                Moment::Holds => moments.holds,
                Moment::Ended => moments.ended,
            };
        if !wanted {
            return;
        }
        let mut bytes = if self.chosen.bell && notification.moment != Moment::Ended { "\x07" } else { "" }.to_owned();
        bytes.push_str(&sequence(self.chosen.desktop, &notification.headline(), &notification.words(), self.inside));
        if !bytes.is_empty() {
            let mut out = io::stdout();
            // The terminal that cannot be written to ends the console where it is drawn on.
            let _ = out.write_all(bytes.as_bytes()).and_then(|()| out.flush());
        }
        self.run(notification);
    }

    fn run(&self, notification: &Notification) {
        if self.chosen.command.is_empty() {
            return;
        }
        let (chosen, out) = (Arc::clone(&self.chosen), self.out.clone());
        let Ok(place) = Arc::clone(&self.places).try_acquire_owned() else {
            let text = format!("notify: {COMMANDS} commands still run, {} was not told", notification.headline());
            if let Some(out) = out.upgrade() {
                // A full queue has news enough.
                let _ = out.try_send(Msg::Notice(text));
            }
            return;
        };
        let input = format!("{}\n", document(notification));
        tokio::spawn(async move {
            let done = run(&chosen.command, &input, chosen.timeout).await;
            drop(place);
            if let Err(error) = done
                && let Some(out) = out.upgrade()
            {
                // Nobody listens when the console has ended.
                out.send(Msg::Notice(clean(&format!("notify: {error}")).into_owned())).await.ok();
            }
        });
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) fn notification(moment: Moment, title: &str) -> Notification {
        let at = |text: &str| -> Time { format!("2026-01-15T{text}Z").parse().expect("a time") };
        let episode = Episode {
            signal: Signal::Rule,
            name: "order_flood".to_owned(),
            account: "demo".to_owned(),
            region: "us-east-1".to_owned(),
            severity: Severity::Critical,
            began: at("10:22:04"),
            ended: (moment == Moment::Ended).then(|| at("10:24:10")),
            value: Some(30.0),
            peak: Some(64.0),
            threshold: Some(30.0),
            reason: "30 matching events in 15s".to_owned(),
        };
        Notification {
            moment,
            title: title.to_owned(),
            unit: Unit::Count,
            episode,
            newest: (Some(41.0), "41 matching events in 15s".to_owned()),
            at: at("10:24:10"),
        }
    }

    #[test]
    fn each_moment_has_its_words() {
        for (moment, headline, words) in [
            (Moment::Began, "▲ Order flood", "fires since 10:22:04 UTC: 30 matching events in 15s · demo us-east-1"),
            (
                Moment::Holds,
                "▲ Order flood",
                "has fired for 2m, since 10:22:04 UTC: 41 matching events in 15s · demo us-east-1",
            ),
            (Moment::Ended, "✓ Order flood", "over after 2m, peak 64 · demo us-east-1"),
        ] {
            let notification = notification(moment, "Order flood");
            assert_eq!((notification.headline().as_str(), notification.words().as_str()), (headline, words));
        }
    }
}
