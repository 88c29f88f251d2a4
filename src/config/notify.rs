//! `[notify]` of `config.toml`: how the user is told that something fires.

use std::path::Path;
use std::time::Duration;

use super::document::Section;
use super::value::Value;

/// How long the user's command may take where nothing else is said.
const TIMEOUT: Duration = Duration::from_secs(10);
/// The longest that it may be given.
const LONGEST: Duration = Duration::from_mins(5);

/// How the user is told that something fires or is over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notify {
    /// Whether the terminal's bell rings.
    pub bell: bool,
    /// By which sequence the terminal is asked for a notice on the desktop.
    pub desktop: Desktop,
    /// A program and its arguments, which reads the episode on its standard input; empty for none.
    pub command: Vec<String>,
    /// How long the command may take.
    pub timeout: Duration,
    /// Whether local rules are told.
    pub rules: bool,
    /// Whether CloudWatch alarms are told.
    pub alarms: bool,
    /// Of which moments of an episode.
    pub moments: Moments,
}

/// Moments of an episode that the user is told of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moments {
    /// When it begins.
    pub began: bool,
    /// Each minute while it holds.
    pub holds: bool,
    /// When it is over.
    pub ended: bool,
}

impl Moments {
    /// Each of them.
    pub const ALL: Self = Self { began: true, holds: true, ended: true };
}

/// A sequence by which terminals show a notice on the desktop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Desktop {
    /// None.
    Off,
    /// OSC 9: iTerm2, WezTerm, Windows Terminal, Ghostty.
    Osc9,
    /// OSC 777: rxvt-unicode, foot, VTE.
    Osc777,
    /// OSC 99: kitty, foot.
    Osc99,
}

impl Desktop {
    /// Every choice with its word.
    pub const WORDS: [(&'static str, Self); 4] =
        [("off", Self::Off), ("osc9", Self::Osc9), ("osc777", Self::Osc777), ("osc99", Self::Osc99)];
}

impl Default for Notify {
    fn default() -> Self {
        Self {
            bell: true,
            desktop: Desktop::Off,
            command: Vec::new(),
            timeout: TIMEOUT,
            rules: true,
            alarms: true,
            moments: Moments::ALL,
        }
    }
}

impl Notify {
    /// Reads the section; what is wrong keeps its default.
    pub(super) fn read(mut section: Section<'_>) -> Self {
        let mut notify = Self::default();
        if let Some(bell) = section.get("bell").and_then(|value| value.flag()) {
            notify.bell = bell;
        }
        if let Some(desktop) = section.get("desktop").and_then(|value| value.choice("sequence", &Desktop::WORDS)) {
            notify.desktop = desktop;
        }
        if let Some(value) = section.get("command") {
            let words = value.list().unwrap_or_default();
            let command: Option<Vec<String>> = words.iter().map(Value::text).collect();
            match command.as_deref() {
                Some([program, ..]) if program.trim().is_empty() => value.fail("`command` must begin with a program"),
                Some([program, ..]) if program.contains('/') && !Path::new(program).is_file() => {
                    value.fail(format!("there is no program `{program}`"));
                }
                Some(command) => notify.command = command.to_vec(),
                None => {}
            }
        }
        if let Some(value) = section.get("timeout")
            && let Some(timeout) = value.span()
        {
            if timeout > LONGEST {
                value.fail("`timeout` must be at most 5m");
            } else {
                notify.timeout = timeout;
            }
        }
        if let Some(signals) = section.get("on").and_then(|value| value.list()) {
            let known = [("rules", 0), ("alarms", 1)];
            let chosen: Vec<i32> = signals.iter().filter_map(|value| value.choice("signal", &known)).collect();
            (notify.rules, notify.alarms) = (chosen.contains(&0), chosen.contains(&1));
        }
        if let Some(moments) = section.get("moments").and_then(|value| value.list()) {
            let known = [("began", 0), ("holds", 1), ("ended", 2)];
            let chosen: Vec<i32> = moments.iter().filter_map(|value| value.choice("moment", &known)).collect();
            let has = |moment| chosen.contains(&moment);
            notify.moments = Moments { began: has(0), holds: has(1), ended: has(2) };
        }
        section.done();
        notify
    }
}
