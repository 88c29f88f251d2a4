//! What the configuration takes from the process's environment, as a value.

use std::path::PathBuf;

use super::depth::Depth;

/// The environment variables that matter to the configuration; tests make their own.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Environment {
    /// `$XDG_CONFIG_HOME`.
    pub xdg_config_home: Option<PathBuf>,
    /// `$HOME`.
    pub home: Option<PathBuf>,
    /// `$XDG_STATE_HOME`.
    pub xdg_state_home: Option<PathBuf>,
    /// The user's name on this host: `$LOGNAME`, else `$USER`.
    pub user: Option<String>,
    /// Whether `$NO_COLOR` is set to anything (<https://no-color.org>).
    pub no_color: bool,
    /// Whether it is tmux that shows the program: `$TMUX` is set.
    pub tmux: bool,
    /// Whether it is GNU Screen: `$STY` is set.
    pub screen: bool,
    /// `$TERM`.
    pub term: Option<String>,
    /// `$COLORTERM`.
    pub colorterm: Option<String>,
}

impl Environment {
    /// The environment of this process.
    pub fn of_process() -> Self {
        let path = |name| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
        Self {
            xdg_config_home: path("XDG_CONFIG_HOME"),
            home: path("HOME"),
            xdg_state_home: path("XDG_STATE_HOME"),
            user: ["LOGNAME", "USER"].iter().find_map(|name| std::env::var(name).ok().filter(|name| !name.is_empty())),
            no_color: std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty()),
            tmux: std::env::var_os("TMUX").is_some_and(|value| !value.is_empty()),
            screen: std::env::var_os("STY").is_some_and(|value| !value.is_empty()),
            term: std::env::var("TERM").ok(),
            colorterm: std::env::var("COLORTERM").ok(),
        }
    }

    /// The same files, but on a terminal that shows every colour: for output that must not depend on the terminal.
    pub fn without_terminal(self) -> Self {
        Self { no_color: false, term: None, colorterm: Some("truecolor".to_owned()), ..self }
    }

    /// The folder of the user's configuration: `$XDG_CONFIG_HOME/barograph`, else `~/.config/barograph`.
    pub fn config_dir(&self) -> Option<PathBuf> {
        // The XDG specification has relative paths ignored.
        let xdg = self.xdg_config_home.clone().filter(|path| path.is_absolute());
        let base = xdg.or_else(|| self.home.as_ref().map(|home| home.join(".config")))?;
        Some(base.join("barograph"))
    }

    /// The folder of what the program keeps: `$XDG_STATE_HOME/barograph`, else `~/.local/state/barograph`.
    pub fn state_dir(&self) -> Option<PathBuf> {
        let xdg = self.xdg_state_home.clone().filter(|path| path.is_absolute());
        let base = xdg.or_else(|| self.home.as_ref().map(|home| home.join(".local/state")))?;
        Some(base.join("barograph"))
    }

    /// How many colours the terminal shows; `NO_COLOR` is about what is wanted of it, not about what it can.
    pub fn depth(&self) -> Depth {
        Depth::of_terminal(self.term.as_deref().unwrap_or_default(), self.colorterm.as_deref().unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_folder_follows_xdg() {
        let home = Some(PathBuf::from("/home/u"));
        for (xdg, expected) in [
            (None, "/home/u/.config/barograph"),
            (Some("/x"), "/x/barograph"),
            (Some("relative"), "/home/u/.config/barograph"),
        ] {
            let env =
                Environment { xdg_config_home: xdg.map(PathBuf::from), home: home.clone(), ..Environment::default() };
            assert_eq!(env.config_dir(), Some(PathBuf::from(expected)), "{xdg:?}");
        }
        assert_eq!(Environment::default().config_dir(), None);
        let env = Environment { home, ..Environment::default() };
        assert_eq!(env.state_dir(), Some(PathBuf::from("/home/u/.local/state/barograph")));
        let env = Environment { xdg_state_home: Some("/s".into()), ..env };
        assert_eq!(env.state_dir(), Some(PathBuf::from("/s/barograph")));
    }

    #[test]
    fn output_may_be_freed_from_the_terminal() {
        let env = Environment { no_color: true, term: Some("dumb".to_owned()), ..Environment::default() };
        assert_eq!(env.depth(), Depth::Mono);
        let free = env.without_terminal();
        assert_eq!((free.depth(), free.no_color), (Depth::True, false));
    }
}
