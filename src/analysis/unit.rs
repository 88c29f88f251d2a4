//! What a number without a unit is measured in.

use crate::analysis::card::queries;
use crate::board::{Board, Unit};
use crate::store::alarm::{Alarm, AlarmKind};
use crate::store::series::{MetricQuery, MetricSource};

/// The unit of what an alarm watches.
///
/// A card of the board that is computed from the same metrics has one, and a chart that draws the metric. Where the board
/// knows nothing of the metric it is the unit that the alarm itself names, then what the query says: `100 * a / b` is a
/// percentage, and so is what AWS calls a utilization. Else it is [`Unit::None`]: nothing is guessed of a name.
pub fn alarm_unit(alarm: &Alarm, board: &Board) -> Unit {
    let AlarmKind::Metric(metric) = &alarm.kind else { return Unit::None };
    match query_unit(&metric.query, board) {
        Unit::None => {
            let named = alarm.setup.unit.as_deref().and_then(Unit::parse);
            named.or_else(|| said_unit(&metric.query)).unwrap_or(Unit::None)
        }
        unit => unit,
    }
}

/// The unit that the query itself says.
fn said_unit(query: &MetricQuery) -> Option<Unit> {
    match &query.source {
        MetricSource::Stat { namespace, name, .. } => {
            (namespace.starts_with("AWS/") && name.ends_with("Utilization")).then_some(Unit::Percent)
        }
        MetricSource::Expression { text, inputs } => {
            let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
            let is_share = text.contains('/') && !text.contains("PERIOD(") && !inputs.is_empty();
            (is_share && (text.starts_with("100*") || text.ends_with("*100"))).then_some(Unit::Percent)
        }
    }
}

/// The unit of what a query reads, as far as the board and the statistic tell.
pub fn query_unit(query: &MetricQuery, board: &Board) -> Unit {
    let watched = names(query);
    let card = board.cards.iter().find(|card| {
        let mut named: Vec<_> = queries(card, board).flat_map(|(_, query)| names(query)).collect();
        named.sort_unstable();
        named.dedup();
        named == watched
    });
    let is_count = |stat: &str| stat == "SampleCount" || stat.starts_with("tc") || stat.starts_with("TC(");
    let counted = matches!(&query.source, MetricSource::Stat { stat, .. } if is_count(stat));
    let ranked = matches!(&query.source, MetricSource::Stat { stat, .. } if stat.starts_with("PR("));
    match card {
        _ if watched.is_empty() => Unit::None,
        _ if counted => Unit::Count,
        _ if ranked => Unit::Percent,
        Some(card) => card.unit,
        None => drawn_unit(&watched, board),
    }
}

fn drawn_unit(watched: &[(&str, &str)], board: &Board) -> Unit {
    let draws = |metric: &String| board.metrics.get(metric).is_some_and(|query| names(query) == watched);
    let chart = board.charts.iter().find(|chart| chart.series.iter().any(|series| draws(&series.metric)));
    chart.map_or(Unit::None, |chart| chart.unit)
}

/// The metrics a query reads, as namespace and name, sorted, each once.
fn names(query: &MetricQuery) -> Vec<(&str, &str)> {
    let mut names = match &query.source {
        MetricSource::Stat { namespace, name, .. } => vec![(namespace.as_str(), name.as_str())],
        MetricSource::Expression { inputs, .. } => inputs.iter().flat_map(|(_, query)| names(query)).collect(),
    };
    names.sort_unstable();
    names.dedup();
    names
}

#[cfg(test)]
mod tests {

    use super::*;
    use crate::analysis::math::Expr;
    use crate::board::{Card, ChangeUnit, Over};
    use crate::store::alarm::{AlarmSetup, AlarmState, MetricAlarm};

    fn query(name: &str, stat: &str, period_s: u32) -> MetricQuery {
        MetricQuery::stat("N", name, &[], stat, period_s)
    }

    fn board() -> Board {
        let card = |formula: &str, unit| Card {
            id: formula.into(),
            title: String::new(),
            value: Expr::parse(formula).expect("a formula"),
            over: Over::Window,
            unit,
            change: ChangeUnit::Percent,
            below: None,
            thresholds: Vec::new(),
        };
        let metric = |id: &str, name: &str, stat: &str| (id.to_owned(), query(name, stat, 60));
        Board {
            metrics: [metric("s", "Success", "Sum"), metric("f", "Failure", "Sum"), metric("l", "Latency", "Sum")]
                .into_iter()
                .chain([metric("n", "Latency", "SampleCount")])
                .collect(),
            cards: vec![card("100*f/(s+f)", Unit::Percent), card("l/n", Unit::Seconds)],
            ..Board::empty("b")
        }
    }

    fn alarm(query: MetricQuery) -> Alarm {
        Alarm {
            name: "a".into(),
            description: String::new(),
            kind: AlarmKind::Metric(Box::new(MetricAlarm {
                query,
                band: None,
                comparison: "GreaterThanThreshold".into(),
                threshold: Some(5.0),
                evaluation_periods: 1,
                datapoints_to_alarm: 1,
                treat_missing: "missing".into(),
            })),
            state: AlarmState::Ok,
            since: None,
            reason: String::new(),
            value: None,
            actions_enabled: true,
            actions: Vec::new(),
            evaluation_state: None,
            setup: AlarmSetup::default(),
        }
    }

    #[test]
    fn the_board_knows_the_unit() {
        let inputs = |names: &[&str]| names.iter().map(|name| ((*name).to_owned(), query(name, "Sum", 300))).collect();
        let rate = MetricQuery::expression("100*a/(a+b)", inputs(&["Failure", "Success"]), 300);
        let cases = [
            (rate, Unit::Percent),
            (query("Latency", "Average", 300), Unit::Seconds),
            (query("Latency", "p99", 60), Unit::Seconds),
            (query("Latency", "SampleCount", 60), Unit::Count),
            (query("Success", "Sum", 60), Unit::None),
            (MetricQuery::expression("1", Vec::new(), 60), Unit::None),
        ];
        for (query, unit) in cases {
            assert_eq!(alarm_unit(&alarm(query.clone()), &board()), unit, "{query:?}");
        }
    }

    #[test]
    fn where_the_board_knows_nothing_the_alarm_says() {
        let other = Board::empty("other");
        let share = |text: &str| MetricQuery::expression(text, vec![("f".into(), query("F", "Sum", 60))], 60);
        let cpu = MetricQuery::stat("AWS/ECS", "CPUUtilization", &[], "Average", 60);
        let cases = [
            (share("100 * f / (f + s)"), None, Unit::Percent),
            (share("(f/(f+s))*100"), None, Unit::Percent),
            (share("100*f"), None, Unit::None),
            (share("100*f/PERIOD(f)"), None, Unit::None),
            (cpu, None, Unit::Percent),
            (query("Latency", "Average", 60), None, Unit::None),
            (query("Latency", "Average", 60), Some("Seconds"), Unit::Seconds),
            (query("Latency", "Average", 60), Some("Count/Second"), Unit::None),
            (query("Latency", "SampleCount", 60), Some("Seconds"), Unit::Count),
        ];
        for (query, unit, expected) in cases {
            let mut alarm = alarm(query.clone());
            alarm.setup.unit = unit.map(str::to_owned);
            assert_eq!(alarm_unit(&alarm, &other), expected, "{query:?}");
        }
    }
}
