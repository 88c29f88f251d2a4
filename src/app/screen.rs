//! The screens: which panes stand on each.

/// A full screen of panes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ScreenId {
    /// Cards, trend, alarms, feed, services.
    Overview,
    /// All alarms.
    Alarms,
    /// The request feed.
    Requests,
}

impl ScreenId {
    /// Every screen, in the order of their keys.
    pub const ALL: [Self; 3] = [Self::Overview, Self::Alarms, Self::Requests];

    /// Its name on the command line and in the JSON contract.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Overview => "overview",
            Self::Alarms => "alarms",
            Self::Requests => "requests",
        }
    }

    /// The screen of a name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|screen| screen.name() == name)
    }

    /// Ids of its panes, in the order of `Tab`.
    pub const fn panes(self) -> &'static [&'static str] {
        match self {
            Self::Overview => &["cards", "trend", "alarms", "feed", "services"],
            Self::Alarms => &["alarms"],
            Self::Requests => &["feed"],
        }
    }
}
