//! Which keys the footer names: those that matter where one is.

use super::Known;
use super::action::Action;
use super::focus::View;
use super::screen::ScreenId;
use crate::panes::Target;
use crate::store::alarm::AlarmKind;

/// The footer's keys on a screen of panes, most useful first.
const OVERVIEW_KEYS: &[(Action, &str)] = &[
    (Action::NextPane, "pane"),
    (Action::Open, "open"),
    (Action::Down, "next chart"),
    (Action::Filter, "filter"),
    (Action::NextError, "next error"),
    (Action::Compare, "compare"),
    (Action::Freeze, "freeze"),
    (Action::TimeRange, "time"),
    (Action::Maximise, "maximise"),
    (Action::Palette, "commands"),
    (Action::Quit, "quit"),
];

/// The footer's keys on the screen of the alarms.
const ALARMS_KEYS: &[(Action, &str)] = &[
    (Action::Open, "open"),
    (Action::Filter, "filter"),
    (Action::NextError, "next firing"),
    (Action::Acknowledge, "acknowledge"),
    (Action::Snooze, "snooze"),
    (Action::Freeze, "freeze"),
    (Action::TimeRange, "time"),
    (Action::ScreenOverview, "overview"),
    (Action::ScreenRequests, "requests"),
    (Action::Palette, "commands"),
    (Action::Quit, "quit"),
];

/// The footer's keys on the screen of the requests.
const REQUESTS_KEYS: &[(Action, &str)] = &[
    (Action::Open, "open"),
    (Action::Filter, "filter"),
    (Action::NextError, "next error"),
    (Action::Investigate, "investigate"),
    (Action::Follow, "follow"),
    (Action::Shape, "lines"),
    (Action::Mark, "mark"),
    (Action::Columns, "columns"),
    (Action::Freeze, "freeze"),
    (Action::TimeRange, "time"),
    (Action::ScreenOverview, "overview"),
    (Action::ScreenAlarms, "alarms"),
    (Action::Palette, "commands"),
    (Action::Quit, "quit"),
];

/// The footer's keys on the screen of the investigations.
const INVESTIGATE_KEYS: &[(Action, &str)] = &[
    (Action::Investigate, "type an identifier"),
    (Action::Open, "open"),
    (Action::Copy, "copy"),
    (Action::ScreenOverview, "overview"),
    (Action::ScreenRequests, "requests"),
    (Action::Palette, "commands"),
    (Action::Quit, "quit"),
];

/// The footer's keys in a story.
const STORY_KEYS: &[(Action, &str)] = &[
    (Action::Back, "back"),
    (Action::Open, "open"),
    (Action::NextPane, "searched, summary"),
    (Action::NextError, "next error"),
    (Action::Filter, "filter"),
    (Action::Maximise, "whole screen"),
    (Action::Investigate, "investigate"),
    (Action::Copy, "copy"),
    (Action::CopyCommand, "copy command"),
    (Action::Palette, "commands"),
    (Action::Quit, "quit"),
];

/// The footer's keys on the screen of the history.
const HISTORY_KEYS: &[(Action, &str)] = &[
    (Action::NextPane, "days, names, episodes"),
    (Action::Open, "when it happened"),
    (Action::Filter, "filter"),
    (Action::Acknowledge, "acknowledge"),
    (Action::Snooze, "snooze"),
    (Action::Copy, "copy"),
    (Action::ScreenOverview, "overview"),
    (Action::ScreenAlarms, "alarms"),
    (Action::Palette, "commands"),
    (Action::Quit, "quit"),
];

/// The footer's keys in a detail of one chart.
const CHART_KEYS: &[(Action, &str)] = &[
    (Action::Back, "back"),
    (Action::Open, "log lines"),
    (Action::Left, "read a point"),
    (Action::Compare, "compare"),
    (Action::ZoomIn, "zoom in"),
    (Action::ZoomOut, "out"),
    (Action::Earlier, "earlier"),
    (Action::Later, "later"),
    (Action::JumpToTime, "go to"),
    (Action::ChartKind, "kind"),
    (Action::TimeRange, "time"),
    (Action::Copy, "copy"),
    (Action::Palette, "commands"),
    (Action::Quit, "quit"),
];

/// The footer's keys in an alarm.
const ALARM_KEYS: &[(Action, &str)] = &[
    (Action::Back, "back"),
    (Action::Open, "open"),
    (Action::Down, "next way on"),
    (Action::NextPane, "all in words"),
    (Action::Acknowledge, "acknowledge"),
    (Action::Snooze, "snooze"),
    (Action::Left, "read a point"),
    (Action::ZoomIn, "zoom in"),
    (Action::ZoomOut, "out"),
    (Action::Earlier, "earlier"),
    (Action::Later, "later"),
    (Action::HalfPageDown, "older history"),
    (Action::Copy, "copy"),
    (Action::Palette, "commands"),
    (Action::Quit, "quit"),
];

/// The footer's keys in a local rule.
const RULE_KEYS: &[(Action, &str)] = &[
    (Action::Back, "back"),
    (Action::Open, "open"),
    (Action::Down, "next way on"),
    (Action::Left, "read a point"),
    (Action::ZoomIn, "zoom in"),
    (Action::ZoomOut, "out"),
    (Action::Acknowledge, "acknowledge"),
    (Action::Snooze, "snooze"),
    (Action::Earlier, "earlier"),
    (Action::Later, "later"),
    (Action::HalfPageDown, "older episodes"),
    (Action::Copy, "copy"),
    (Action::Palette, "commands"),
    (Action::Quit, "quit"),
];

/// The footer's keys in an alarm that is made of others.
const COMPOSITE_KEYS: &[(Action, &str)] = &[
    (Action::Back, "back"),
    (Action::Open, "open"),
    (Action::Down, "next way on"),
    (Action::NextPane, "all in words"),
    (Action::Acknowledge, "acknowledge"),
    (Action::Snooze, "snooze"),
    (Action::Copy, "copy"),
    (Action::TimeRange, "time"),
    (Action::Palette, "commands"),
    (Action::Quit, "quit"),
];

/// The footer's keys in a request.
const REQUEST_KEYS: &[(Action, &str)] = &[
    (Action::Back, "back"),
    (Action::NextPane, "lines, trace, segment"),
    (Action::Open, "unfold"),
    (Action::Maximise, "whole screen"),
    (Action::NextError, "next fault"),
    (Action::Copy, "copy"),
    (Action::CopyCommand, "copy command"),
    (Action::Palette, "commands"),
    (Action::Quit, "quit"),
];

/// The footer's keys in requests that something else has led to.
const FOUND_KEYS: &[(Action, &str)] = &[
    (Action::Back, "back"),
    (Action::Open, "open"),
    (Action::Filter, "filter"),
    (Action::Down, "next request"),
    (Action::Follow, "follow"),
    (Action::Freeze, "freeze"),
    (Action::Copy, "copy"),
    (Action::Palette, "commands"),
    (Action::Quit, "quit"),
];

/// The footer's keys in a breakdown.
const BREAKDOWN_KEYS: &[(Action, &str)] = &[
    (Action::Back, "back"),
    (Action::Open, "requests of a suspect, or into a value"),
    (Action::Right, "next field"),
    (Action::Sort, "sort"),
    (Action::Reverse, "turn round"),
    (Action::Follow, "failed requests"),
    (Action::Copy, "copy"),
    (Action::Palette, "commands"),
    (Action::Quit, "quit"),
];

/// The footer's keys in a metric that is split by a dimension.
const SPLIT_KEYS: &[(Action, &str)] = &[
    (Action::Back, "back"),
    (Action::Open, "chart"),
    (Action::Right, "next dimension"),
    (Action::Breakdown, "breakdown of requests"),
    (Action::Copy, "copy"),
    (Action::Palette, "commands"),
    (Action::Quit, "quit"),
];

/// The footer's keys in the log lines behind a metric.
const MATCHES_KEYS: &[(Action, &str)] = &[
    (Action::Back, "back"),
    (Action::Open, "request"),
    (Action::Bottom, "read on"),
    (Action::Sort, "other end"),
    (Action::Follow, "only like this"),
    (Action::NextPane, "other lines"),
    (Action::Filter, "filter"),
    (Action::Right, "right"),
    (Action::Copy, "copy"),
    (Action::Palette, "commands"),
    (Action::Quit, "quit"),
];

/// The footer's keys in the changes.
const CHANGES_KEYS: &[(Action, &str)] = &[
    (Action::Back, "back"),
    (Action::Open, "event"),
    (Action::Down, "next change"),
    (Action::Filter, "filter"),
    (Action::TimeRange, "time"),
    (Action::Copy, "copy"),
    (Action::Palette, "commands"),
    (Action::Quit, "quit"),
];

/// The footer's keys in a service.
const SERVICE_KEYS: &[(Action, &str)] = &[
    (Action::Back, "back"),
    (Action::Open, "open"),
    (Action::Down, "next"),
    (Action::Follow, "traces"),
    (Action::Statistic, "other measure"),
    (Action::Earlier, "earlier"),
    (Action::Later, "later"),
    (Action::TimeRange, "time"),
    (Action::Copy, "copy"),
    (Action::Palette, "commands"),
    (Action::Quit, "quit"),
];

/// The keys and what they do here, the most useful first; the last one is how to get out.
pub(super) fn keys(view: &View, known: &Known) -> Vec<(String, &'static str)> {
    let hints = match (view.details.last(), view.id) {
        (Some((target, pane)), _) => pane.hints().unwrap_or_else(|| detail_keys(target, known)),
        (None, ScreenId::Overview) => OVERVIEW_KEYS,
        (None, ScreenId::Alarms) => ALARMS_KEYS,
        (None, ScreenId::Metrics | ScreenId::Services | ScreenId::Traces | ScreenId::Logs) => {
            view.panes.get(view.focus).and_then(|(_, pane)| pane.hints()).unwrap_or(&[])
        }
        (None, ScreenId::Requests) => REQUESTS_KEYS,
        (None, ScreenId::Investigate) => INVESTIGATE_KEYS,
        (None, ScreenId::History) => HISTORY_KEYS,
    };
    let key = |action| known.keymap.first_key(action).map(str::to_owned);
    let useful = hints.iter().filter(|(action, _)| is_of_use(*action, view));
    useful.filter_map(|(action, words)| Some((key(*action)?, *words))).collect()
}

/// Whether the pane in front has a use for an action that only some have.
fn is_of_use(action: Action, view: &View) -> bool {
    let (focused, pane) = match (view.details.last(), view.panes.get(view.focus)) {
        (Some((_, pane)), _) => return pane.offers(action),
        (None, None) => return true,
        (None, Some((focused, pane))) => (*focused, pane),
    };
    // A pane that names its own keys knows which of them are of use.
    if matches!(view.id, ScreenId::Services | ScreenId::Traces | ScreenId::Logs) {
        return pane.offers(action);
    }
    match action {
        Action::Filter => pane.filter().is_some(),
        Action::NextError => matches!(focused, "alarms" | "feed"),
        Action::Compare => matches!(focused, "trend" | "charts" | "metrics"),
        Action::Down if view.id == ScreenId::Overview => focused == "charts",
        _ => true,
    }
}

fn detail_keys(target: &Target, known: &Known) -> &'static [(Action, &'static str)] {
    match target {
        Target::Card(_) | Target::Chart(_) | Target::Metric(_) => CHART_KEYS,
        Target::Alarm(name) => match known.shown().alarm(name).map(|alarm| &alarm.kind) {
            Some(AlarmKind::Composite { .. }) => COMPOSITE_KEYS,
            Some(AlarmKind::Metric(_) | AlarmKind::Logs(_)) | None => ALARM_KEYS,
        },
        Target::Request(_) | Target::Trace(_) | Target::Segment { .. } => REQUEST_KEYS,
        Target::Find(_) => STORY_KEYS,
        Target::Requests(_) => FOUND_KEYS,
        Target::Matches(_) => MATCHES_KEYS,
        Target::Changes(_) => CHANGES_KEYS,
        Target::Rule(_) => RULE_KEYS,
        Target::Breakdown(_) => BREAKDOWN_KEYS,
        Target::Split(_) => SPLIT_KEYS,
        Target::Query(_) | Target::Traces(_) | Target::TraceSearch(_) => &[],
        Target::Service(_) | Target::Edge(..) => SERVICE_KEYS,
    }
}
