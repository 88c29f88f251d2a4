//! The command that reopens the view that is on screen.

use super::App;
use super::screen::ScreenId;
use crate::cli;
use crate::panes::Target;
use crate::text::time::{rfc3339, rfc3339_s};
use crate::text::{clean, visible};

/// The shortest window that `--since` takes, in seconds.
const SHORTEST_S: i64 = 60;

impl App {
    /// `baro --demo --at … --since 3h --screen alarms --focus alarm:HighLatency`: what is on screen, as a command.
    ///
    /// It is pasted into shells: no name that AWS tells may hold what ends a paste and goes on by itself.
    pub(super) fn command(&self) -> String {
        let mut words = vec!["baro".to_owned()];
        words.extend(self.known.place.options.iter().map(|word| quoted(&visible(word))));
        let view = self.view();
        let (opened, pane) = match (view.details.last(), view.panes.get(view.focus)) {
            (Some((target, pane)), _) => (Some(target.clone()), Some(pane)),
            (None, Some((_, pane))) => (None, Some(pane)),
            (None, None) => (None, None),
        };
        let cx = self.known.cx(true);
        let own = pane.and_then(|pane| pane.span(&cx));
        let (from, to) = own.unwrap_or_else(|| cx.window.range(cx.now));
        let is_whole = own.is_none() || to.timestamp_subsec_millis() == 0;
        words.push(format!("--at {}", if is_whole { rfc3339_s(to) } else { rfc3339(to) }));
        words.push(format!("--since {}", exactly((to - from).num_seconds().max(SHORTEST_S))));
        // The screen of the services takes a service for where its cursor is to be: one that is opened stands alone.
        let stands_alone = self.screen() == ScreenId::Services && matches!(opened, Some(Target::Service(_)));
        if self.screen() != ScreenId::Overview && !stands_alone {
            words.push(format!("--screen {}", self.screen().name()));
        }
        // What is opened may show something else by now.
        if let Some(target) = pane.and_then(|pane| pane.here(&cx)).or(opened) {
            words.push(format!("--focus {}", quoted(&clean(&cli::focus_text(&target)))));
        }
        words.join(" ")
    }
}

/// A span to the second, as `--since` takes it: `3h`, `1d2h`, `49m3s`.
fn exactly(seconds: i64) -> String {
    let parts = [(seconds / 86_400, 'd'), (seconds / 3_600 % 24, 'h'), (seconds / 60 % 60, 'm'), (seconds % 60, 's')];
    let said = parts.iter().filter(|(count, _)| *count > 0).map(|(count, unit)| format!("{count}{unit}"));
    said.collect::<Vec<_>>().concat()
}

/// A word as a POSIX shell takes it.
pub(crate) fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=@,+".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::{exactly, quoted};

    #[test]
    fn a_span_loses_nothing() {
        for (seconds, expected) in [(10_800, "3h"), (93_784, "1d2h3m4s"), (2_943, "49m3s"), (60, "1m")] {
            assert_eq!(exactly(seconds), expected);
        }
    }

    #[test]
    fn words_survive_the_shell() {
        assert_eq!(quoted("alarm:High"), "alarm:High");
        assert_eq!(quoted("a b"), "'a b'");
        assert_eq!(quoted("it's"), r"'it'\''s'");
        assert_eq!(quoted("$(reboot)"), "'$(reboot)'");
    }
}
