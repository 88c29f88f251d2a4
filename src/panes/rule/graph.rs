//! What a rule watches, over time.

use std::borrow::Cow;

use chrono::TimeDelta;

use super::facts::sign;
use crate::analysis::rule;
use crate::board::{Rule, RuleKind};
use crate::clock::Time;
use crate::panes::cursor::{Cursor, Scope, wall};
use crate::panes::{Cx, plot};
use crate::store::episode::Episode;
use crate::store::health::SourceId;
use crate::store::rule::{RuleState, RuleTrack};
use crate::widgets::chart::{Band, Chart, Line};
use crate::widgets::sparkline::Bound;
use crate::widgets::theme::Role;

/// The chart of a rule over the window, with its threshold or its band.
pub(super) fn chart<'a>(
    rule: &Rule,
    track: Option<&'a RuleTrack>,
    cx: &Cx<'a>,
    scope: Scope,
    cursor: Cursor,
) -> Chart<'a> {
    let followed = || track.map_or(Cow::Borrowed(&[][..]), |track| Cow::Borrowed(&track.points[..]));
    let (label, source, points) = match &rule.kind {
        RuleKind::Threshold { value, .. } | RuleKind::Surge { value, .. } => {
            let points = rule::points(value, cx.board, cx.store, scope.from, scope.to);
            (value.expr.to_string(), SourceId::Metrics, Cow::Owned(points))
        }
        RuleKind::Rate { .. } => ("matching events".to_owned(), SourceId::Counts, followed()),
        RuleKind::Service { watch, .. } => {
            (format!("{} · {}", watch.measure.words(), watch.entity.name()), SourceId::ServiceRules, followed())
        }
        RuleKind::Burn { .. } => ("burn rate".to_owned(), SourceId::Metrics, followed()),
    };
    let band = track.filter(|track| !track.lower.is_empty() || !track.upper.is_empty());
    let empty = match &rule.kind {
        RuleKind::Rate { .. } | RuleKind::Burn { .. } | RuleKind::Service { .. }
            if track.is_some_and(|track| !track.points.is_empty()) =>
        {
            "the rule has not been followed in this window"
        }
        RuleKind::Threshold { .. }
        | RuleKind::Surge { .. }
        | RuleKind::Rate { .. }
        | RuleKind::Burn { .. }
        | RuleKind::Service { .. } => plot::empty(cx.store.health(source)),
    };
    Chart {
        lines: vec![Line::new(crate::text::clean(&label).into_owned(), Role::Series1, points)],
        bounds: bound(rule).into_iter().collect(),
        band: band.map(|track| Band { lower: Cow::Borrowed(&track.lower), upper: Cow::Borrowed(&track.upper) }),
        cursor: cursor.at(scope),
        empty: empty.to_owned(),
        ..Chart::new((scope.from, scope.to), scope.period_s, cx.now, rule.unit, wall(cx.zone))
    }
}

/// The fixed threshold of a rule.
fn bound(rule: &Rule) -> Option<Bound> {
    let value = match &rule.kind {
        RuleKind::Threshold { bound, .. } | RuleKind::Service { bound, .. } => bound.value,
        RuleKind::Rate { at_least, .. } => f64::from(*at_least),
        RuleKind::Burn { windows, .. } => windows.factor,
        RuleKind::Surge { .. } => return None,
    };
    let above = sign(&rule.kind).is_none_or(|sign| matches!(sign, ">" | "≥"));
    Some(Bound { value, above, role: Role::Threshold })
}

/// The states of `columns` equal parts of the scope, the worst in each; `None` before the rule was followed and for
/// the future.
pub(super) fn states(
    episodes: &[Episode],
    known_from: Option<Time>,
    state: RuleState,
    scope: Scope,
    now: Time,
    columns: u16,
) -> Vec<Option<RuleState>> {
    let span = (scope.to - scope.from).num_milliseconds();
    let edge = |column: u16| scope.from + TimeDelta::milliseconds(span * i64::from(column) / i64::from(columns.max(1)));
    let part = |column: u16| {
        let (start, end) = (edge(column), edge(column + 1));
        let fires = |episode: &Episode| episode.began < end && episode.ended.unwrap_or(now) > start && start < now;
        if episodes.iter().any(fires) {
            return Some(RuleState::Firing);
        }
        known_from.filter(|from| *from < end && start < now)?;
        let is_newest = start < now && end >= now;
        Some(if is_newest && state == RuleState::NoData { RuleState::NoData } else { RuleState::Quiet })
    };
    (0..columns).map(part).collect()
}

/// How a state looks in the ribbon: its height and its colour say the same.
pub(super) const fn cell(state: Option<RuleState>) -> (&'static str, Role) {
    match state {
        Some(RuleState::Firing) => ("█", Role::AlarmFiring),
        Some(RuleState::NoData) => ("▒", Role::AlarmNoData),
        Some(RuleState::Quiet) => ("▁", Role::AlarmOk),
        None => (" ", Role::Muted),
    }
}
