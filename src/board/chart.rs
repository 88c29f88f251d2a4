//! `[[chart]]`: values over time.

use super::card::{thresholds, unit};
use super::metric::Metrics;
use super::{Chart, ChartSeries, Unit, ids};
use crate::config::{Section, Value};
use crate::store::series::{MetricQuery, MetricSource};
use crate::widgets::axis::Scaling;
use crate::widgets::chart::{Kind, Side};
use crate::widgets::theme::Role;

/// The roles of lines that name none, in order.
const ROLES: [Role; 6] = [Role::Series1, Role::Series2, Role::Series3, Role::Series4, Role::Series5, Role::Series6];

/// What `scale` takes.
const SCALES: [(&str, Scaling); 2] = [("linear", Scaling::Linear), ("log", Scaling::Log)];

/// Reads all charts of a file.
pub(super) fn read(sections: Vec<Section<'_>>, metrics: &Metrics) -> Vec<Chart> {
    let mut charts: Vec<Chart> = Vec::new();
    for section in sections {
        let chart = chart(section, &charts, metrics);
        charts.extend(chart);
    }
    charts
}

fn chart(mut section: Section<'_>, others: &[Chart], metrics: &Metrics) -> Option<Chart> {
    let id = ids::own(&mut section, others.iter().map(|chart| chart.id.as_str()));
    let title = section.label("title");
    let kinds = Kind::ALL.map(|kind| (kind.name(), kind));
    let kind = section.get("kind").and_then(|value| value.choice("kind", &kinds)).unwrap_or_default();
    let unit = unit(&mut section).unwrap_or(Unit::Count);
    let (right_unit, scale) = (section.get("right_unit"), section.get("scale"));
    let scaling = scale.as_ref().and_then(|value| value.choice("scale", &SCALES)).unwrap_or_default();
    if let Some(value) = scale.filter(|_| kind == Kind::Stacked && scaling == Scaling::Log) {
        value.fail("stacked areas add up, which a log scale cannot show; use kind = \"lines\" or scale = \"linear\"");
    }
    let thresholds = thresholds(&mut section);
    let mut series: Vec<ChartSeries> = Vec::new();
    let lines = section.get("series").map(|value| value.sections("series")).unwrap_or_default();
    if lines.is_empty() {
        section.fail("`chart` needs at least one [[chart.series]]");
    }
    for section in lines {
        let line = line(section, &series, metrics);
        series.extend(line);
    }
    let right = series.iter().any(|series| series.side == Side::Right);
    if let Some(value) = right_unit.as_ref().filter(|_| !right) {
        value.fail("`right_unit` has no series: give one of them axis = \"right\"");
    }
    let units = Unit::ALL.map(|unit| (unit.name(), unit));
    let right_unit = right_unit.and_then(|value| value.choice("right_unit", &units)).unwrap_or(unit);
    section.done();
    let id = id?;
    let title = title.unwrap_or_else(|| id.clone());
    Some(Chart { id, title, kind, unit, right_unit, scaling, thresholds, series })
}

fn line(mut section: Section<'_>, others: &[ChartSeries], metrics: &Metrics) -> Option<ChartSeries> {
    let id = ids::own(&mut section, others.iter().map(|series| series.id.as_str()));
    let label = section.label("label");
    // The metric of the same id, unless another is named.
    let own = id.as_ref().is_some_and(|id| metrics.found.contains_key(id));
    let metric = if own { section.get("metric") } else { section.need("metric") };
    let role = section.get("role").map_or(Some(ROLES[others.len() % ROLES.len()]), |value| role(&value));
    let sides = [("left", Side::Left), ("right", Side::Right)];
    let side = section.get("axis").and_then(|value| value.choice("axis", &sides)).unwrap_or_default();
    let adds_up = section.get("roll_up").and_then(|value| value.choice("roll-up", &[("sum", true), ("last", false)]));
    section.done();
    let id = id?;
    let metric = match metric {
        Some(value) => value.name().filter(|metric| metrics.knows(&value, metric))?,
        None if own => id.clone(),
        None => return None,
    };
    let adds_up = adds_up.unwrap_or_else(|| metrics.found.get(&metric).is_some_and(counts));
    Some(ChartSeries { label: label.unwrap_or_else(|| id.clone()), id, metric, role: role?, side, adds_up })
}

fn role(value: &Value<'_>) -> Option<Role> {
    let name = value.name()?;
    let role = Role::parse(&name);
    if role.is_none() {
        value.unknown(format!("no role `{name}`"), &name, Role::ALL.iter().map(|role| role.name()));
    }
    role
}

/// Whether a query counts things, so that its datapoints can be added up.
fn counts(query: &MetricQuery) -> bool {
    match &query.source {
        MetricSource::Stat { stat, .. } => matches!(stat.as_str(), "Sum" | "SampleCount"),
        MetricSource::Expression { .. } => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::board::load_text;

    const METRIC: &str = "title = \"b\"\n[[metric]]\nid = \"m\"\nname = \"M\"\nnamespace = \"N\"\nstat = \"Sum\"\n[[chart]]\nid = \"c\"\n";

    fn read(chart: &str) -> (Option<Chart>, Vec<String>) {
        let (board, problems) = load_text("b.toml", &format!("{METRIC}{chart}"), &[]);
        (board.and_then(|board| board.charts.first().cloned()), problems.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn kinds_axes_scales_and_thresholds_are_read() {
        let text = "kind = \"bars\"\nunit = \"Count\"\nright_unit = \"Seconds\"\nscale = \"log\"\n\
                    thresholds = [{ severity = \"warning\", above = 3 }]\nseries = [{ id = \"m\", axis = \"right\" }]\n";
        let (chart, problems) = read(text);
        let chart = chart.expect("a chart");
        assert_eq!(problems, [""; 0]);
        assert_eq!((chart.kind, chart.scaling, chart.right_unit), (Kind::Bars, Scaling::Log, Unit::Seconds));
        assert_eq!((chart.series[0].side, chart.thresholds.len()), (Side::Right, 1));
        let (chart, problems) = read("series = [{ id = \"m\" }]\n");
        let chart = chart.expect("a chart");
        assert_eq!((problems.len(), chart.kind, chart.scaling), (0, Kind::Lines, Scaling::Linear));
    }

    #[test]
    fn what_is_wrong_has_its_line() {
        let cases = [
            ("kind = \"stackd\"\nseries = [{ id = \"m\" }]\n", "b.toml:9", "stacked"),
            ("kind = \"stacked\"\nscale = \"log\"\nseries = [{ id = \"m\" }]\n", "b.toml:10", "add up"),
            ("right_unit = \"Seconds\"\nseries = [{ id = \"m\" }]\n", "b.toml:9", "axis = \"right\""),
            ("series = [{ id = \"m\", axis = \"top\" }]\n", "b.toml:9", "axis"),
            ("thresholds = [{ severity = \"bad\", above = 3 }]\nseries = [{ id = \"m\" }]\n", "b.toml:9", "severity"),
        ];
        for (text, place, words) in cases {
            let (_, problems) = read(text);
            assert!(
                problems.len() == 1 && problems[0].starts_with(place) && problems[0].contains(words),
                "{problems:?}"
            );
        }
    }
}
