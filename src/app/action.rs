//! Everything a user can do, declared once: names, help, palette and keymaps derive from this list.

/// Declares [`Action`] with each variant's name in keymaps and its sentence in help and palette.
macro_rules! actions {
    ($($(#[doc = $doc:literal])+ $variant:ident = $name:literal, $group:ident;)+) => {
        /// Something the user can do. The first line of its documentation is what help and palette show.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Action { $($(#[doc = $doc])+ $variant,)+ }

        impl Action {
            /// Every action, in the order of help.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// Its name in keymap files and in the palette.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }

            /// What it does, in one sentence.
            pub fn help(self) -> &'static str {
                match self { $(Self::$variant => concat!($($doc,)+).trim(),)+ }
            }

            /// The heading it stands under in help.
            pub const fn group(self) -> Group {
                match self { $(Self::$variant => Group::$group,)+ }
            }
        }
    };
}

/// A heading of the help screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Group {
    /// Screens and panes.
    Go,
    /// Moving inside a pane.
    Move,
    /// The window on screen.
    Time,
    /// Looking closer.
    Look,
    /// The program itself.
    Program,
}

impl Group {
    /// Its heading.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Go => "Screens and panes",
            Self::Move => "Moving",
            Self::Time => "Time",
            Self::Look => "Looking closer",
            Self::Program => "Program",
        }
    }
}

actions! {
    /// Shows the Overview.
    ScreenOverview = "screen-overview", Go;
    /// Shows all alarms.
    ScreenAlarms = "screen-alarms", Go;
    /// Shows the explorer of metrics.
    ScreenMetrics = "screen-metrics", Go;
    /// Shows the request feed on the whole screen.
    ScreenRequests = "screen-requests", Go;
    /// Shows the services and who calls whom, as a map or as a table.
    ScreenServices = "screen-services", Go;
    /// Shows the traces that a filter expression takes.
    ScreenTraces = "screen-traces", Go;
    /// Shows Logs Insights: an editor of queries, and what they find.
    ScreenLogs = "screen-logs", Go;
    /// Shows what was investigated, and takes an identifier.
    ScreenInvestigate = "screen-investigate", Go;
    /// Shows what has fired, by day and by rule.
    ScreenHistory = "screen-history", Go;
    /// Moves to the next pane.
    NextPane = "next-pane", Go;
    /// Moves to the previous pane.
    PreviousPane = "previous-pane", Go;
    /// Opens what is under the cursor.
    Open = "open", Go;
    /// Goes back to where one was.
    Back = "back", Go;
    /// Gives the focused pane the whole screen, or gives it back.
    Maximise = "maximise", Go;

    /// Moves down.
    Down = "down", Move;
    /// Moves up.
    Up = "up", Move;
    /// Moves left, or folds.
    Left = "left", Move;
    /// Moves right, or unfolds.
    Right = "right", Move;
    /// Moves to the first row.
    Top = "top", Move;
    /// Moves to the last row.
    Bottom = "bottom", Move;
    /// Moves down by half a page.
    HalfPageDown = "half-page-down", Move;
    /// Moves up by half a page.
    HalfPageUp = "half-page-up", Move;
    /// Moves down by a page.
    PageDown = "page-down", Move;
    /// Moves up by a page.
    PageUp = "page-up", Move;
    /// Moves to the next failure.
    NextError = "next-error", Move;
    /// Moves to the previous failure.
    PreviousError = "previous-error", Move;

    /// Chooses the time range.
    TimeRange = "time-range", Time;
    /// Moves the window earlier by half its length.
    Earlier = "earlier", Time;
    /// Moves the window later by half its length.
    Later = "later", Time;
    /// Halves the window, around the cursor where there is one.
    ZoomIn = "zoom-in", Time;
    /// Doubles the window.
    ZoomOut = "zoom-out", Time;
    /// Goes to a time, with the cursor on it.
    JumpToTime = "jump-to-time", Time;
    /// Returns to the board's window, following the clock.
    Now = "now", Time;
    /// Shows times in UTC or in local time.
    ToggleZone = "toggle-zone", Time;

    /// Filters the rows of the focused pane.
    Filter = "filter", Look;
    /// Names what failures have in common, and splits requests by a field.
    Breakdown = "breakdown", Look;
    /// Tells everything about the value under the cursor, or one that is typed.
    Investigate = "investigate", Look;
    /// Sorts by the next column; log lines newest or oldest first.
    Sort = "sort", Look;
    /// Turns the order round.
    Reverse = "reverse", Look;
    /// Freezes the screen while data goes on arriving, or lets it go on.
    Freeze = "freeze", Look;
    /// Follows the newest rows.
    Follow = "follow", Look;
    /// Marks the row under the cursor, or takes the mark off.
    Mark = "mark", Look;
    /// Goes to the next older mark.
    NextMark = "next-mark", Look;
    /// Shows the feed as requests, as lines with columns, or as raw lines.
    Shape = "shape", Look;
    /// Wraps long lines of the feed, or cuts them.
    Wrap = "wrap", Look;
    /// Chooses the columns of the feed from the fields that its lines have.
    Columns = "columns", Look;
    /// Acknowledges the alarm under the cursor, on this host alone.
    Acknowledge = "acknowledge", Look;
    /// Snoozes the alarm under the cursor, on this host alone.
    Snooze = "snooze", Look;
    /// Switches a chart between its own period and hourly sums.
    RollUp = "roll-up", Look;
    /// Compares a chart with the window, day or week before.
    Compare = "compare", Look;
    /// Draws a chart as lines, stacked areas, bars or numbers.
    ChartKind = "chart-kind", Look;
    /// Measures a chart on a logarithmic scale, or a linear one.
    LogScale = "log-scale", Look;
    /// Measures a line of the chart of metrics on the other axis.
    OtherAxis = "other-axis", Look;
    /// Puts the metric under the cursor on the chart, or takes it off.
    Pick = "pick", Look;
    /// Adds metric math, a search or Metrics Insights SQL to the chart.
    Expression = "expression", Look;
    /// Chooses the statistic.
    Statistic = "statistic", Look;
    /// Chooses the period.
    Period = "period", Look;
    /// Switches between one chart of all and a grid of a chart each.
    Layout = "layout", Look;
    /// Lists the metrics with datapoints in the last three hours alone, or all.
    RecentlyActive = "recently-active", Look;
    /// Runs the Logs Insights query.
    RunQuery = "run-query", Look;
    /// Stops the Logs Insights query, on AWS too.
    StopQuery = "stop-query", Look;
    /// Chooses the log groups that a query reads.
    LogGroups = "log-groups", Look;
    /// Lists saved queries and those that were run before.
    Queries = "queries", Look;
    /// Switches the time that traces are asked by: TraceId, Event, Service.
    TimeRangeType = "time-range-type", Look;
    /// Lets X-Ray leave out traces, or asks for every one.
    Sampling = "sampling", Look;
    /// Counts the values of the field under the cursor.
    FieldStatistics = "field-statistics", Look;
    /// Groups log lines that differ in their variable parts alone.
    Patterns = "patterns", Look;
    /// Hides the column under the cursor.
    HideColumn = "hide-column", Look;
    /// Shows all columns again, each as wide as it was at first.
    ShowColumns = "show-columns", Look;
    /// Makes the column under the cursor wide, narrow, or as wide as its values.
    WidenColumn = "widen-column", Look;
    /// Copies the path of the value under the cursor, or the name of its column.
    CopyPath = "copy-path", Look;
    /// Copies the row or value under the cursor to the clipboard.
    Copy = "copy", Look;
    /// Copies the command that reopens this view.
    CopyCommand = "copy-command", Look;
    /// Exports the rows or the screen to a file or the clipboard.
    Export = "export", Look;

    /// Lists every action.
    Palette = "palette", Program;
    /// Lists the keys.
    Help = "help", Program;
    /// Asks AWS again now.
    Refresh = "refresh", Program;
    /// Lists what is wrong with sources and configuration.
    Problems = "problems", Program;
    /// Switches to the next theme.
    NextTheme = "next-theme", Program;
    /// Paints the screen again.
    Redraw = "redraw", Program;
    /// Suspends the program, to be continued with `fg`.
    Suspend = "suspend", Program;
    /// Quits.
    Quit = "quit", Program;
}

impl Action {
    /// Whether its key works while text is typed into a pane: all others are text.
    pub const fn works_while_typing(self) -> bool {
        matches!(
            self,
            Self::NextPane
                | Self::PreviousPane
                | Self::Back
                | Self::RunQuery
                | Self::StopQuery
                | Self::LogGroups
                | Self::Queries
                | Self::Redraw
                | Self::Suspend
                | Self::Quit
        )
    }

    /// The action of a name, `None` for a name that no action has.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|action| action.name() == name)
    }
}
