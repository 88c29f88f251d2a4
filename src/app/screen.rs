//! The screens: which panes stand on each.

use crate::board::Board;

/// A full screen of panes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ScreenId {
    /// Cards, trend, alarms, feed, services.
    Overview,
    /// All alarms.
    Alarms,
    /// The explorer of metrics.
    Metrics,
    /// The request feed.
    Requests,
    /// The map of services.
    Services,
    /// Traces by filter expression.
    Traces,
    /// Logs Insights.
    Logs,
    /// What was investigated.
    Investigate,
    /// What has fired.
    History,
}

impl ScreenId {
    /// Every screen, in the order of their keys.
    pub const ALL: [Self; 9] = [
        Self::Overview,
        Self::Alarms,
        Self::Metrics,
        Self::Requests,
        Self::Services,
        Self::Traces,
        Self::Logs,
        Self::Investigate,
        Self::History,
    ];

    /// Its name on the command line and in the JSON contract.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Overview => "overview",
            Self::Alarms => "alarms",
            Self::Metrics => "metrics",
            Self::Requests => "requests",
            Self::Services => "services",
            Self::Traces => "traces",
            Self::Logs => "logs",
            Self::Investigate => "investigate",
            Self::History => "history",
        }
    }

    /// The screen of a name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|screen| screen.name() == name)
    }

    /// Ids of the panes that it has on a board, in the order of `Tab`: where there is no feed, more charts stand in its
    /// place; what is not to be shown takes no room.
    pub fn panes_of(self, board: &Board) -> Vec<&'static str> {
        let all = self.panes().iter().copied();
        let all =
            all.map(|id| if id == "feed" && self == Self::Overview && board.feed.is_none() { "charts" } else { id });
        all.filter(|id| *id != "services" || board.services).collect()
    }

    /// Ids of its panes, in the order of `Tab`.
    pub const fn panes(self) -> &'static [&'static str] {
        match self {
            Self::Overview => &["cards", "trend", "alarms", "feed", "services"],
            Self::Alarms => &["alarms"],
            Self::Metrics => &["metrics"],
            Self::Requests => &["feed"],
            Self::Services => &["map"],
            Self::Traces => &["traces"],
            Self::Logs => &["logs"],
            Self::Investigate => &["investigate"],
            Self::History => &["history"],
        }
    }
}
