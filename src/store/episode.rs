//! Episodes: a stretch of time in which an alarm or a local rule fired, and what people said about it.

use std::fmt;

use crate::clock::Time;

/// What fired.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Signal {
    /// A CloudWatch alarm.
    Alarm,
    /// A local rule of the board.
    Rule,
}

impl Signal {
    /// `alarm` or `rule`, as in the database and in the JSON contract.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Alarm => "alarm",
            Self::Rule => "rule",
        }
    }

    /// The signal of a name.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Alarm, Self::Rule].into_iter().find(|signal| signal.name() == name)
    }
}

impl fmt::Display for Signal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// How much something matters. The order is the order of attention.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub enum Severity {
    /// Somebody has to act now.
    #[default]
    Critical,
    /// Somebody should look.
    Warning,
}

impl Severity {
    /// `critical` or `warning`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Critical => "critical",
            Self::Warning => "warning",
        }
    }

    /// The severity of a name.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Critical, Self::Warning].into_iter().find(|severity| severity.name() == name)
    }
}

/// One stretch of firing. What fired, where and since when identify it: told twice, it is still one.
#[derive(Debug, Clone, PartialEq)]
pub struct Episode {
    /// What fired.
    pub signal: Signal,
    /// The alarm's name or the rule's id.
    pub name: String,
    /// The account's name, as the header shows it.
    pub account: String,
    /// The region.
    pub region: String,
    /// How much it matters.
    pub severity: Severity,
    /// When it began to fire.
    pub began: Time,
    /// When it stopped, `None` while it fires.
    pub ended: Option<Time>,
    /// The value that made it fire, in the signal's unit.
    pub value: Option<f64>,
    /// The value farthest beyond the threshold so far.
    pub peak: Option<f64>,
    /// The threshold that was crossed; of a band, the edge.
    pub threshold: Option<f64>,
    /// Why, in one line, sanitised.
    pub reason: String,
}

/// That somebody has seen an alarm or a rule fire.
#[derive(Debug, Clone, PartialEq)]
pub struct Acknowledgement {
    /// What fired.
    pub signal: Signal,
    /// The alarm's name or the rule's id.
    pub name: String,
    /// The account's name.
    pub account: String,
    /// The region.
    pub region: String,
    /// Who: the user's name on this host.
    pub by: String,
    /// When.
    pub at: Time,
    /// What they wrote.
    pub note: String,
    /// Until when it is snoozed; without an end, until the signal stops firing.
    pub until: Option<Time>,
}
