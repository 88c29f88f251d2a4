//! Semantic colours: what a thing means decides how it looks.

use ratatui::style::{Modifier, Style};

/// Declares [`Role`] with each role's name in theme files.
macro_rules! roles {
    ($($(#[doc = $doc:literal])+ $variant:ident = $name:literal;)+) => {
        /// What a piece of the screen means; a theme gives each a style.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Role { $($(#[doc = $doc])+ $variant,)+ }

        impl Role {
            /// Every role, in the order of theme files.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// Its name in theme files.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }
        }
    };
}

roles! {
    /// The screen's ground and its ordinary text.
    Text = "text";
    /// Text of less weight: units, labels, times.
    Muted = "text.muted";
    /// Text that stands out: values, names.
    Strong = "text.strong";
    /// A pane's frame.
    Border = "border";
    /// The frame of the pane that has the focus.
    BorderFocused = "border.focused";
    /// A pane's title.
    Title = "title";
    /// The title of the pane that has the focus.
    TitleFocused = "title.focused";
    /// The header line.
    Header = "header";
    /// The footer line.
    Footer = "footer";
    /// A key in footer and help.
    Key = "key";
    /// The row or value under the cursor.
    Selection = "selection";
    /// A chart's cursor line.
    Cursor = "cursor";
    /// A chart's axes, ticks and grid.
    Axis = "axis";
    /// Text that a filter or search matched.
    Match = "match";
    /// Good: within thresholds, successful, OK.
    Good = "status.good";
    /// A warning threshold is passed.
    Warning = "status.warning";
    /// A critical threshold is passed, or a request failed.
    Critical = "status.critical";
    /// Not finished yet.
    Pending = "status.pending";
    /// Unknown: no data.
    Unknown = "status.unknown";
    /// An alarm in state ALARM.
    AlarmFiring = "alarm.firing";
    /// An alarm in state INSUFFICIENT_DATA.
    AlarmNoData = "alarm.no-data";
    /// An alarm in state OK.
    AlarmOk = "alarm.ok";
    /// A threshold line or band.
    Threshold = "threshold";
    /// X-Ray fault (5xx).
    Fault = "trace.fault";
    /// X-Ray error (4xx).
    Error = "trace.error";
    /// X-Ray throttle (429).
    Throttle = "trace.throttle";
    /// A segment that went well.
    Segment = "trace.segment";
    /// The first series of a chart.
    Series1 = "series.1";
    /// The second.
    Series2 = "series.2";
    /// The third.
    Series3 = "series.3";
    /// The fourth.
    Series4 = "series.4";
    /// The fifth.
    Series5 = "series.5";
    /// The sixth.
    Series6 = "series.6";
    /// A JSON key.
    JsonKey = "json.key";
    /// A JSON string.
    JsonString = "json.string";
    /// A JSON number, boolean or null.
    JsonNumber = "json.number";
    /// Data that is old.
    Stale = "health.stale";
    /// A source that has failed.
    Failed = "health.failed";
    /// A source that is up to date.
    Live = "health.live";
    /// A banner about configuration or sources.
    Banner = "banner";
}

impl Role {
    /// The role of a name in a theme file.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|role| role.name() == name)
    }
}

/// A theme: a style a role.
#[derive(Debug, Clone, PartialEq)]
pub struct Theme {
    /// Its name: the file's, without `.toml`.
    pub name: String,
    styles: Vec<Style>,
}

impl Theme {
    /// A theme in which every role has the terminal's own colours.
    pub fn plain(name: &str) -> Self {
        Self { name: name.to_owned(), styles: vec![Style::new(); Role::ALL.len()] }
    }

    /// The style of a role.
    pub fn style(&self, role: Role) -> Style {
        self.styles.get(role as usize).copied().unwrap_or_default()
    }

    /// The colour in which a role draws lines and bars.
    ///
    /// A role that stands out by its ground or by reverse video would turn a drawing inside out: its ground becomes the
    /// ink, and what is left of a reversed one is its weight.
    pub fn ink(&self, role: Role) -> Style {
        let style = self.style(role).remove_modifier(Modifier::REVERSED | Modifier::UNDERLINED);
        Style { fg: style.bg.or(style.fg), bg: None, ..style }
    }

    /// Gives a role a style.
    pub fn set(&mut self, role: Role, style: Style) {
        if let Some(slot) = self.styles.get_mut(role as usize) {
            *slot = style;
        }
    }
}

#[cfg(test)]
mod tests {
    use ratatui::style::Color;

    use super::*;

    #[test]
    fn ink_has_no_ground() {
        let mut theme = Theme::plain("t");
        theme.set(Role::AlarmFiring, Style::new().fg(Color::White).bg(Color::Red));
        theme.set(Role::Critical, Style::new().add_modifier(Modifier::REVERSED | Modifier::BOLD));
        let (firing, critical) = (theme.ink(Role::AlarmFiring), theme.ink(Role::Critical));
        assert_eq!((firing.fg, firing.bg), (Some(Color::Red), None));
        assert_eq!(critical.add_modifier, Modifier::BOLD);
    }
}
