//! Which axis the lines of a query are measured on.

use super::{Named, Part, common};
use crate::analysis::math::{Expr, Kind, Node, Op};
use crate::analysis::unit::query_unit;
use crate::board::{Board, Unit};
use crate::panes::Cx;
use crate::panes::cursor::Scope;
use crate::store::series::{MetricQuery, MetricSource};
use crate::widgets::axis::Scaling;
use crate::widgets::chart::{Line, Side};

/// How many times as large something is that makes a flat line of what stands beside it.
const APART: f64 = 50.0;

/// What decides about a query's axis.
#[derive(Debug, Clone, Copy)]
struct Measure<'q> {
    query: &'q MetricQuery,
    unit: Unit,
    /// The largest value in the chart, its sign left out.
    size: Option<f64>,
}

/// Puts each query's lines on an axis, and gives the units of the left and the right one.
///
/// The left one is that of the first query with a value. What has another unit goes to the right one, and, where the
/// units don't tell, what is so much larger or smaller that one of the two would be flat. What was chosen by hand stays.
pub(super) fn assign(
    queries: &[Named],
    parts: &mut [Part],
    lines: &mut [Line<'_>],
    scope: Scope,
    scaling: Scaling,
    cx: &Cx<'_>,
) -> [Unit; 2] {
    let measures: Vec<Measure<'_>> = queries
        .iter()
        .zip(parts.iter())
        .map(|(named, part)| Measure {
            query: &named.query,
            unit: unit_of(&named.query, cx.board),
            size: size(lines.get(part.lines.clone()).unwrap_or_default(), scope),
        })
        .collect();
    let first = || queries.iter().zip(&measures).filter(|(named, _)| named.side != Some(Side::Right));
    let left =
        first().find(|(_, measure)| measure.size.is_some()).or_else(|| first().next()).map(|(_, measure)| *measure);
    let side = |named: &Named, measure: &Measure<'_>| match (named.side, left) {
        (Some(side), _) => side,
        (None, Some(left)) if differs(left, *measure, scaling) => Side::Right,
        (None, _) => Side::Left,
    };
    let mut sides: Vec<Side> = queries.iter().zip(&measures).map(|(named, measure)| side(named, measure)).collect();
    let has_line = |side: Side| sides.iter().zip(parts.iter()).any(|(of, part)| *of == side && !part.lines.is_empty());
    if !has_line(Side::Left) {
        sides.fill(Side::Left);
    }
    for (part, side) in parts.iter_mut().zip(&sides) {
        part.side = *side;
        for line in lines.get_mut(part.lines.clone()).unwrap_or_default() {
            line.side = *side;
            if *side == Side::Right {
                line.label.push_str(" →");
            }
        }
    }
    [Side::Left, Side::Right].map(|of| {
        let on = sides.iter().zip(&measures).filter(|(side, _)| **side == of);
        common(on.map(|(_, measure)| measure.unit))
    })
}

fn differs(left: Measure<'_>, other: Measure<'_>, scaling: Scaling) -> bool {
    if left.unit != Unit::None && other.unit != Unit::None {
        return left.unit != other.unit;
    }
    if (left.unit == Unit::Percent) != (other.unit == Unit::Percent) {
        return true;
    }
    // One metric of several functions, queues or tables is there to be compared; a logarithmic axis has room for both.
    if scaling == Scaling::Log || metric(left.query).is_some_and(|known| Some(known) == metric(other.query)) {
        return false;
    }
    let (Some(a), Some(b)) = (left.size, other.size) else { return false };
    a > 0.0 && b > 0.0 && (a / b >= APART || b / a >= APART)
}

fn metric(query: &MetricQuery) -> Option<(&str, &str)> {
    match &query.source {
        MetricSource::Stat { namespace, name, .. } => Some((namespace, name)),
        MetricSource::Expression { .. } => None,
    }
}

fn size(lines: &[Line<'_>], scope: Scope) -> Option<f64> {
    let points = lines.iter().flat_map(|line| line.points.iter());
    let inside = points.filter(|(at, value)| *at >= scope.from && *at < scope.to && value.is_finite());
    inside.map(|(_, value)| value.abs()).max_by(f64::total_cmp)
}

/// The unit of a query: the board's; of shares and utilisations, percent.
fn unit_of(query: &MetricQuery, board: &Board) -> Unit {
    match (query_unit(query, board), &query.source) {
        (Unit::None, MetricSource::Stat { name, stat, .. }) => {
            let name = name.to_lowercase();
            let is_share = ["utilization", "percent"].iter().any(|word| name.contains(word));
            if is_share && stat != "Sum" && stat != "SampleCount" { Unit::Percent } else { Unit::None }
        }
        (Unit::None, MetricSource::Expression { text, .. }) => {
            let is_share = Expr::parse(text).is_ok_and(|expr| is_share(expr.root()));
            if is_share { Unit::Percent } else { Unit::None }
        }
        (unit, _) => unit,
    }
}

/// `100 * a / b`, `a / b * 100`, `100 - 100 * a / b`.
fn is_share(node: &Node) -> bool {
    let Kind::Binary(op, left, right) = &node.kind else { return false };
    let hundred = |node: &Node| matches!(node.kind, Kind::Number(n) if n.to_bits() == 100_f64.to_bits());
    let divides = |node: &Node| matches!(node.kind, Kind::Binary(Op::Divide, ..));
    match op {
        Op::Multiply => (hundred(left) && divides(right)) || (divides(left) && hundred(right)),
        Op::Divide => match &left.kind {
            Kind::Binary(Op::Multiply, a, b) => hundred(a) || hundred(b),
            _ => false,
        },
        Op::Subtract => hundred(left) && is_share(right),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_known_by_their_hundred() {
        let cases = [
            ("100 * m1 / m2", true),
            ("m1 / m2 * 100", true),
            ("100 * (m1 / (m1 + m2))", true),
            ("100 - 100 * m1 / m2", true),
            ("m1 / m2", false),
            ("100 * m1", false),
            ("1000 * m1 / m2", false),
            ("m1", false),
        ];
        for (text, expected) in cases {
            assert_eq!(is_share(Expr::parse(text).expect("valid").root()), expected, "{text}");
        }
    }

    #[test]
    fn the_unit_decides_and_else_the_size() {
        let stat = |name: &str| MetricQuery::stat("N", name, &[], "Sum", 60);
        let (calls, errors) = (stat("Calls"), stat("Errors"));
        let of = |query, unit, size| Measure { query, unit, size: Some(size) };
        let cases = [
            (of(&calls, Unit::None, 500.0), of(&errors, Unit::Percent, 20.0), true),
            (of(&calls, Unit::Count, 500.0), of(&errors, Unit::Count, 1.0), false),
            (of(&calls, Unit::Count, 500.0), of(&errors, Unit::Seconds, 500.0), true),
            (of(&calls, Unit::None, 500.0), of(&errors, Unit::None, 10.0), true),
            (of(&calls, Unit::None, 500.0), of(&errors, Unit::None, 11.0), false),
            (of(&errors, Unit::None, 10.0), of(&calls, Unit::None, 500.0), true),
            (of(&calls, Unit::None, 500.0), of(&calls, Unit::None, 1.0), false),
            (of(&calls, Unit::None, 500.0), of(&errors, Unit::None, 0.0), false),
        ];
        for (left, other, expected) in cases {
            assert_eq!(differs(left, other, Scaling::Linear), expected, "{left:?} {other:?}");
        }
        let (left, other) = (of(&calls, Unit::None, 500.0), of(&errors, Unit::None, 1.0));
        assert!(!differs(left, other, Scaling::Log));
    }
}
