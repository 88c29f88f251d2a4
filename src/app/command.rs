//! The command that reopens the view that is on screen.

use super::App;
use super::screen::ScreenId;
use crate::cli;
use crate::text::time::rfc3339_s;
use crate::text::{clean, units, visible};

impl App {
    /// `baro --demo --at … --since 3h --screen alarms --focus alarm:HighLatency`: what is on screen, as a command.
    ///
    /// It is pasted into shells: no name that AWS tells may hold what ends a paste and goes on by itself.
    pub(super) fn command(&self) -> String {
        let mut words = vec!["baro".to_owned()];
        words.extend(self.known.place.options.iter().map(|word| quoted(&visible(word))));
        let (_, to) = self.known.window.range(self.known.now);
        words.push(format!("--at {}", rfc3339_s(to)));
        words.push(format!("--since {}", units::span(self.known.window.span.as_secs() as i64).replace(' ', "")));
        if self.screen() != ScreenId::Overview {
            words.push(format!("--screen {}", self.screen().name()));
        }
        let view = self.view();
        let target = match view.details.last() {
            Some((target, _)) => Some(target.clone()),
            None => view.panes.get(view.focus).and_then(|(_, pane)| pane.here()),
        };
        if let Some(target) = target {
            words.push(format!("--focus {}", quoted(&clean(&cli::focus_text(&target)))));
        }
        words.join(" ")
    }
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
    use super::quoted;

    #[test]
    fn words_survive_the_shell() {
        assert_eq!(quoted("alarm:High"), "alarm:High");
        assert_eq!(quoted("a b"), "'a b'");
        assert_eq!(quoted("it's"), r"'it'\''s'");
        assert_eq!(quoted("$(reboot)"), "'$(reboot)'");
    }
}
