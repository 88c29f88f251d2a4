//! What `--focus` opens, as text and back.

use crate::analysis::{expression, leads, trace_filter};
use crate::panes::Target;
use crate::panes::breakdown::Breakdown;
use crate::panes::feed::Given;
use crate::panes::inquiry::About;
use crate::panes::logs::Question;
use crate::panes::traces::Search;
use crate::store::graph::{Entity, ServiceKey};
use crate::store::series::{MetricQuery, MetricSource};

/// Every form, for `--help` and for who has written none of them.
pub(super) const FORMS: &str = "\
What to open at once:
  card:ID  chart:ID  metric:EXPR  split:NAMESPACE:NAME:STATISTIC
  alarm:NAME  rule:ID
  service:NAME  edge:CALLER->CALLED, where a NAME@TYPE tells services of one name apart
  request:ID  trace:ID  trace:ID@SEGMENT  find:ID
  requests:FILTER  the feed with a filter
  breakdown:FIELD=VALUE,FIELD  breakdown:*  what failures have in common
  traces:EXPRESSION  traces[Event,sampled]:EXPRESSION  what X-Ray finds
  query:TEXT  query[GROUP,GROUP*]:TEXT  what Logs Insights finds
  lines:WHAT  traces:WHAT  changes:WHAT  what is behind card:ID, chart:ID, alarm:NAME, rule:ID or metric:NAMESPACE:NAME
  traces:service:NAME  traces:edge:CALLER->CALLED  changes:all";

/// The target of `--focus`.
pub(super) fn focus(text: &str) -> Result<Target, String> {
    let form = || format!("there is no such form. {FORMS}");
    if let Some(rest) = text.strip_prefix("query") {
        return Question::parse(rest).map(Target::Query).ok_or_else(form);
    }
    if let Some(rest) = text.strip_prefix("traces")
        && about(rest.trim_start_matches(':')).is_none()
    {
        let options = || "write it as traces:EXPRESSION or traces[OPTION,OPTION]:EXPRESSION, of the options TraceId, Event, Service and sampled";
        return trace_search(rest).unwrap_or_else(|| Err(options().to_owned()));
    }
    let (kind, name) = text.split_once(':').filter(|(_, name)| !name.is_empty()).ok_or_else(form)?;
    let name = name.to_owned();
    match kind {
        "card" => Ok(Target::Card(name)),
        "chart" => Ok(Target::Chart(name)),
        "metric" => metric_focus(&name),
        "split" => match metric_focus(&name)? {
            Target::Metric(query) if matches!(query.source, MetricSource::Stat { .. }) => Ok(Target::Split(query)),
            _ => Err("one metric alone can be split: NAMESPACE:NAME:STATISTIC".to_owned()),
        },
        "alarm" => Ok(Target::Alarm(name)),
        "rule" => Ok(Target::Rule(name)),
        "request" => Ok(Target::Request(name)),
        "requests" => Ok(Target::Requests(Given { filter: name, span: None })),
        "breakdown" => Ok(Target::Breakdown(breakdown(&name))),
        "trace" => Ok(match name.split_once('@') {
            Some((trace, segment)) => Target::Segment { trace: trace.to_owned(), segment: segment.to_owned() },
            None => Target::Trace(name),
        }),
        "find" => Ok(Target::Find(name)),
        "changes" => Ok(Target::Changes(about(&name))),
        "traces" => match about(&name).ok_or_else(form)? {
            About::Calls(entity) => Ok(Target::TraceSearch(Search::of(entity.filter("")))),
            about => Ok(Target::Traces(about)),
        },
        "lines" => about(&name).map(Target::Matches).ok_or_else(form),
        "service" => Ok(Target::Service(service(&name))),
        "edge" => {
            let ends = name.split_once("->").filter(|(from, to)| !from.is_empty() && !to.is_empty());
            let (from, to) = ends.ok_or("write it as edge:CALLER->CALLED, each of them NAME or NAME@TYPE")?;
            Ok(Target::Edge(service(from), service(to)))
        }
        _ => Err(form()),
    }
}

/// The target of `--focus traces:EXPR`; `None` where that is written in another way.
fn trace_search(text: &str) -> Option<Result<Target, String>> {
    let search = Search::parse(text)?;
    let read = trace_filter::parse(&search.expression).map_err(|error| error.to_string());
    Some(read.map(|_| Target::TraceSearch(search)))
}

/// A service as `NAME` or `NAME@TYPE`.
fn service(text: &str) -> ServiceKey {
    let (name, kind) = text.rsplit_once('@').unwrap_or((text, ""));
    ServiceKey { kind: kind.to_owned(), name: name.to_owned() }
}

fn service_text(ServiceKey { kind, name }: &ServiceKey) -> String {
    if kind.is_empty() { name.clone() } else { format!("{name}@{kind}") }
}

/// The target of `--focus metric:EXPR`, which knows no board.
fn metric_focus(text: &str) -> Result<Target, String> {
    let lines = expression::parse(text, &expression::Scope::free(), 1).map_err(|error| error.to_string())?;
    let line = lines.into_iter().next().ok_or("there is no expression")?;
    Ok(Target::Metric(Box::new(line.query)))
}

/// `FIELD=VALUE,FIELD=VALUE,FIELD`, the last by which requests are split; `*` for the first there is.
fn breakdown(text: &str) -> Breakdown {
    let mut found = Breakdown::default();
    for part in text.split(',').filter(|part| *part != "*" && !part.is_empty()) {
        match part.split_once('=') {
            Some((field, value)) => found.path.push((field.to_owned(), value.to_owned())),
            None => found.field = Some(part.to_owned()),
        }
    }
    found
}

/// What a drill-down is about: `alarm:NAME`, `card:ID`, `chart:ID` or `metric:NAMESPACE:NAME`.
fn about(text: &str) -> Option<About> {
    let (kind, name) = text.split_once(':').filter(|(_, name)| !name.is_empty())?;
    match kind {
        "alarm" => Some(About::Alarm(name.to_owned())),
        "card" => Some(About::Card(name.to_owned())),
        "chart" => Some(About::Chart(name.to_owned())),
        "rule" => Some(About::Rule(name.to_owned())),
        "service" => Some(About::Calls(Entity::Service(service(name)))),
        "edge" => {
            let (from, to) = name.split_once("->")?;
            Some(About::Calls(Entity::Edge(service(from), service(to))))
        }
        "metric" => {
            let (namespace, name) = name.split_once(':').filter(|(_, name)| !name.is_empty())?;
            Some(About::Metric(MetricQuery::stat(namespace, name, &[], "Sum", 60)))
        }
        _ => None,
    }
}

/// The text of a drill-down's subject. An expression is told by the first metric that it stands on.
fn about_text(about: &About) -> String {
    match about {
        About::Alarm(name) => format!("alarm:{name}"),
        About::Card(id) => format!("card:{id}"),
        About::Chart(id) => format!("chart:{id}"),
        About::Rule(id) => format!("rule:{id}"),
        About::Calls(Entity::Service(key)) => format!("service:{}", service_text(key)),
        About::Calls(Entity::Edge(from, to)) => format!("edge:{}->{}", service_text(from), service_text(to)),
        About::Metric(query) => leads::metrics(query)
            .first()
            .map_or_else(|| "metric".to_owned(), |metric| format!("metric:{}:{}", metric.namespace, metric.name)),
    }
}

/// The text of `--focus` that opens a target.
pub fn focus_text(target: &Target) -> String {
    match target {
        Target::Card(id) => format!("card:{id}"),
        Target::Chart(id) => format!("chart:{id}"),
        Target::Metric(query) => format!("metric:{}", expression::text(query)),
        Target::Split(query) => format!("split:{}", expression::text(query)),
        Target::Alarm(name) => format!("alarm:{name}"),
        Target::Rule(id) => format!("rule:{id}"),
        Target::Request(id) => format!("request:{id}"),
        Target::Requests(given) => format!("requests:{}", given.filter),
        Target::Breakdown(Breakdown { path, field, .. }) => {
            let path = path.iter().map(|(field, value)| format!("{field}={value}"));
            let words: Vec<String> = path.chain(field.clone()).collect();
            format!("breakdown:{}", if words.is_empty() { "*".to_owned() } else { words.join(",") })
        }
        Target::Query(question) => format!("query{}", question.told()),
        Target::Trace(id) => format!("trace:{id}"),
        Target::Segment { trace, segment } => format!("trace:{trace}@{segment}"),
        Target::Find(text) => format!("find:{text}"),
        Target::Traces(about) => format!("traces:{}", about_text(about)),
        Target::TraceSearch(search) => format!("traces{}", search.told()),
        Target::Changes(about) => {
            format!("changes:{}", about.as_ref().map_or_else(|| "all".to_owned(), about_text))
        }
        Target::Matches(about) => format!("lines:{}", about_text(about)),
        Target::Service(key) => format!("service:{}", service_text(key)),
        Target::Edge(from, to) => format!("edge:{}->{}", service_text(from), service_text(to)),
    }
}
