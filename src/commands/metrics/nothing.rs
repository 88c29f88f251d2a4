//! Why there may be no datapoint: the metric is not called that.

use std::io::{self, Write};

use crate::analysis::expression::Line;
use crate::sources::{Client, first_metrics};
use crate::store::catalogue::{Ending, MetricId};
use crate::store::series::{MetricQuery, MetricSource};
use crate::text::clean;

/// How much alike two names are where one is meant by the other.
const ALIKE: f64 = 0.8;

/// Says that nothing came, and by one ListMetrics what the first metric may be called that CloudWatch does not have.
pub(super) async fn explain(client: &Client, lines: &[Line], err: &mut dyn Write) -> io::Result<()> {
    writeln!(err, "baro: no datapoints in the window")?;
    let mut named = Vec::new();
    for line in lines {
        metrics(&line.query, &mut named);
    }
    let Some((namespace, _, _)) = named.first().copied() else { return Ok(()) };
    // It is a hint alone: where the list is refused, nothing is said of it.
    let Ok((known, ending)) = first_metrics(client, namespace).await else { return Ok(()) };
    let mut of_namespace = named.iter().filter(|(of, _, _)| *of == namespace);
    let hint = of_namespace.find_map(|(_, name, dimensions)| hint(namespace, name, dimensions, &known, ending));
    hint.map_or(Ok(()), |hint| writeln!(err, "baro: {}", clean(&hint)))
}

type Metric<'q> = (&'q str, &'q str, &'q [(String, String)]);

/// The metrics that a query reads.
fn metrics<'q>(query: &'q MetricQuery, found: &mut Vec<Metric<'q>>) {
    match &query.source {
        MetricSource::Stat { namespace, name, dimensions, .. } => found.push((namespace, name, dimensions)),
        MetricSource::Expression { inputs, .. } => inputs.iter().for_each(|(_, input)| metrics(input, found)),
    }
}

/// What is wrong with a metric, as far as a list of its namespace tells.
fn hint(
    namespace: &str,
    name: &str,
    dimensions: &[(String, String)],
    known: &[MetricId],
    ending: Ending,
) -> Option<String> {
    if known.is_empty() {
        return Some(format!("there is no metric in a namespace {namespace}"));
    }
    let of_name: Vec<&MetricId> = known.iter().filter(|metric| *metric.name == *name).collect();
    if of_name.is_empty() {
        let near = nearest(name, known.iter().map(|metric| &*metric.name));
        let near = near.map(|near| format!("; did you mean {near}?"));
        return match (near, ending) {
            (None, Ending::Coming | Ending::Cut) => None,
            (near, _) => Some(format!("there is no metric {name} in {namespace}{}", near.unwrap_or_default())),
        };
    }
    let same = |metric: &&MetricId| {
        let pairs = metric.dimensions.iter().map(|(key, value)| (&**key, &**value));
        pairs.eq(dimensions.iter().map(|(key, value)| (key.as_str(), value.as_str())))
    };
    if ending != Ending::Complete || of_name.iter().any(same) {
        return None;
    }
    let wanted = text(dimensions.iter().map(|(key, value)| (key.as_str(), value.as_str())));
    let texts: Vec<String> =
        of_name.iter().map(|metric| text(metric.dimensions.iter().map(|(key, value)| (&**key, &**value)))).collect();
    let near = nearest(&wanted, texts.iter().map(String::as_str)).map(|near| format!("; did you mean {near}?"));
    Some(format!("there is no metric {name} in {namespace} with {wanted}{}", near.unwrap_or_default()))
}

fn nearest<'n>(name: &str, known: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    let near = known.map(|known| (strsim::jaro_winkler(&known.to_lowercase(), &name.to_lowercase()), known));
    near.filter(|(score, _)| *score > ALIKE).max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, known)| known)
}

/// `{FunctionName=f}`; `no dimensions`.
fn text<'d>(dimensions: impl Iterator<Item = (&'d str, &'d str)>) -> String {
    let pairs: Vec<String> = dimensions.map(|(key, value)| format!("{key}={value}")).collect();
    if pairs.is_empty() { "no dimensions".to_owned() } else { format!("{{{}}}", pairs.join(",")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_there_is_named_with_what_is_meant() {
        let metric = |name: &str, function: &str| MetricId {
            namespace: "AWS/Lambda".into(),
            name: name.into(),
            dimensions: vec![("FunctionName".into(), function.into())],
            account: None,
        };
        let known = [metric("Errors", "orders"), metric("Errors", "risk"), metric("Invocations", "orders")];
        let ask = |name: &str, function: &str, ending| {
            let dimensions = [("FunctionName".to_owned(), function.to_owned())];
            hint("AWS/Lambda", name, &dimensions, &known, ending)
        };
        let complete = Ending::Complete;
        let said = "there is no metric Error in AWS/Lambda; did you mean Errors?";
        assert_eq!(ask("Error", "orders", complete).as_deref(), Some(said));
        assert_eq!(ask("Error", "orders", Ending::Coming).as_deref(), Some(said));
        assert_eq!(ask("Zzz", "orders", complete).as_deref(), Some("there is no metric Zzz in AWS/Lambda"));
        assert_eq!(ask("Zzz", "orders", Ending::Coming), None, "it may be on another page");
        let said =
            "there is no metric Errors in AWS/Lambda with {FunctionName=order}; did you mean {FunctionName=orders}?";
        assert_eq!(ask("Errors", "order", complete).as_deref(), Some(said));
        assert_eq!(ask("Errors", "orders", complete), None, "it is there, and had nothing to report");
        let nowhere = "there is no metric in a namespace AWS/Lambda";
        assert_eq!(hint("AWS/Lambda", "Errors", &[], &[], complete).as_deref(), Some(nowhere));
    }
}
