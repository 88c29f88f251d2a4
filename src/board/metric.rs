//! `[[metric]]`: what is asked of CloudWatch.

use indexmap::IndexMap;

use super::evidence::{self, Evidence};
use super::{ids, stat};
use crate::analysis::insights_sql::Sql;
use crate::analysis::math::Expr;
use crate::analysis::search::Search;
use crate::config::{Section, Value};
use crate::store::series::{MetricQuery, MetricSource};

/// The period of a metric that names none, in seconds.
const PERIOD_S: u32 = 60;
/// How many queries one expression may stand on; GetMetricData takes 500 in a call.
const MOST_INPUTS: usize = 100;

/// A metric as it is written, before its inputs are looked up.
struct Draft<'d> {
    id: String,
    period_s: Option<u32>,
    account: Option<String>,
    label: Option<String>,
    source: Source<'d>,
    evidence: Evidence,
}

enum Source<'d> {
    /// Needs no other metric.
    Ready(MetricSource),
    /// Metric math over other metrics of the file.
    Math(String, Vec<String>, Value<'d>),
}

/// The metrics of a file.
pub(super) struct Metrics {
    /// Those that can be asked for.
    pub(super) found: IndexMap<String, MetricQuery>,
    /// What is said of the log lines behind them.
    pub(super) evidence: IndexMap<String, Evidence>,
    /// The ids of all, also of those that something is wrong with.
    declared: Vec<String>,
}

impl Metrics {
    /// Whether a metric can be asked for; `value` is where it is referred to. Nothing is said of a metric whose own
    /// lines already have a problem.
    pub(super) fn knows(&self, value: &Value<'_>, id: &str) -> bool {
        if !self.declared.iter().any(|declared| declared == id) {
            value.unknown(format!("no metric `{id}`"), id, self.declared.iter().map(String::as_str));
        }
        self.found.contains_key(id)
    }
}

/// Reads all metrics of a file.
pub(super) fn read(sections: Vec<Section<'_>>) -> Metrics {
    let mut declared: Vec<String> = Vec::new();
    let drafts: Vec<Draft<'_>> = sections.into_iter().filter_map(|section| draft(section, &mut declared)).collect();
    let found = resolve(&drafts, &declared);
    let said = drafts.into_iter().filter(|draft| !draft.evidence.is_empty());
    let evidence = said.map(|draft| (draft.id, draft.evidence)).collect();
    Metrics { found, evidence, declared }
}

fn draft<'d>(mut section: Section<'d>, declared: &mut Vec<String>) -> Option<Draft<'d>> {
    let id = ids::own(&mut section, declared.iter().map(String::as_str));
    declared.extend(id.clone());
    let period_s = section.get("period").and_then(|value| period(&value));
    let account = section.get("account").and_then(|value| account(&value));
    let label = section.get("label").and_then(|value| value.name());
    let source = source(&mut section, period_s.unwrap_or(PERIOD_S));
    let evidence = evidence::read(&mut section);
    section.done();
    Some(Draft { id: id?, period_s, account, label, source: source?, evidence })
}

fn source<'d>(section: &mut Section<'d>, period_s: u32) -> Option<Source<'d>> {
    let (expression, search, name) = (section.get("expression"), section.get("search"), section.get("name"));
    let sql = section.get("sql");
    let (namespace, dimensions) = (section.get("namespace"), section.section("dimensions"));
    let statistic = section.get("stat");
    match (expression, search, name, sql) {
        (Some(text), None, None, None) => math(text),
        (None, None, None, Some(text)) => sql_of(&text),
        (None, Some(text), None, None) => {
            let stat = statistic.or_else(|| section.need("stat")).and_then(|value| known_stat(&value))?;
            search_of(&text, &stat, period_s)
        }
        (None, None, Some(name), None) => {
            let stat = statistic.or_else(|| section.need("stat")).and_then(|value| known_stat(&value));
            let namespace = namespace.or_else(|| section.need("namespace")).and_then(|value| value.name());
            let dimensions = dimensions.map(sorted).unwrap_or_default();
            let (namespace, name, stat) = (namespace?, name.name()?, stat?);
            Some(Source::Ready(MetricSource::Stat { namespace, name, dimensions, stat }))
        }
        (None, None, None, None) => {
            section.fail("`metric` needs `name` (with `namespace` and `stat`), `expression`, `search` or `sql`");
            None
        }
        _ => {
            section.fail("`metric` takes one of `name`, `expression`, `search` and `sql`, not several");
            None
        }
    }
}

fn sorted(section: Section<'_>) -> Vec<(String, String)> {
    let entries = section.entries().into_iter();
    let mut dimensions: Vec<(String, String)> =
        entries.filter_map(|(key, value)| Some((key.key().to_owned(), value.name()?))).collect();
    dimensions.sort();
    dimensions
}

fn known_stat(value: &Value<'_>) -> Option<String> {
    let name = value.name()?;
    if stat::exists(&name) {
        return Some(name);
    }
    let message = format!("no statistic `{name}`; there are {}, p99, tm90 and the like", stat::PLAIN.join(", "));
    value.unknown(message, &name, stat::PLAIN);
    None
}

/// A period that CloudWatch takes: 1, 5, 10, 20 or 30 seconds, or whole minutes.
pub(super) fn period(value: &Value<'_>) -> Option<u32> {
    let seconds = u32::try_from(value.span()?.as_secs()).ok();
    let seconds = seconds.filter(|seconds| matches!(seconds, 1 | 5 | 10 | 20 | 30) || seconds % 60 == 0);
    if seconds.is_none() {
        value.fail("`period` must be 1s, 5s, 10s, 20s, 30s or whole minutes");
    }
    seconds
}

fn account(value: &Value<'_>) -> Option<String> {
    let account = value.name()?;
    if account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(account);
    }
    value.fail("`account` must be the twelve digits of an account id");
    None
}

fn math(value: Value<'_>) -> Option<Source<'_>> {
    let text = value.name()?;
    let expr = match Expr::parse(&text) {
        Ok(expr) => expr,
        Err(error) => {
            value.fail(format!("`expression`: {error}"));
            return None;
        }
    };
    if expr.root().calls("METRICS") {
        value.fail("METRICS() would take in every metric of the board; name the ids that are meant");
        return None;
    }
    Some(Source::Math(text, expr.ids(), value))
}

/// Metrics Insights SQL, which brings its own function and finds its own metrics.
fn sql_of<'d>(value: &Value<'d>) -> Option<Source<'d>> {
    let text = value.name()?;
    if let Err(error) = Sql::parse(&text) {
        value.fail(format!("`sql`: {error}"));
        return None;
    }
    Some(Source::Ready(MetricSource::Expression { text, inputs: Vec::new() }))
}

/// `SEARCH('…', 'Sum', 60)` of a search text.
fn search_of<'d>(value: &Value<'d>, stat: &str, period_s: u32) -> Option<Source<'d>> {
    let text = value.name()?;
    if text.contains('\'') {
        value.fail("`search` takes \" where a quote is needed, never '");
        return None;
    }
    if let Err(error) = Search::parse(&text) {
        value.fail(format!("`search`: {error}"));
        return None;
    }
    let text = format!("SEARCH('{text}', '{stat}', {period_s})");
    Some(Source::Ready(MetricSource::Expression { text, inputs: Vec::new() }))
}

/// Looks up the inputs of expressions, in as many rounds as they stand on one another.
fn resolve(drafts: &[Draft<'_>], declared: &[String]) -> IndexMap<String, MetricQuery> {
    let mut found: IndexMap<String, MetricQuery> = IndexMap::new();
    let mut waiting: Vec<&Draft<'_>> = drafts.iter().collect();
    loop {
        let before = waiting.len();
        waiting.retain(|draft| match query(draft, &found) {
            Some(query) => found.insert(draft.id.clone(), query).is_some(),
            None => true,
        });
        if waiting.is_empty() || waiting.len() == before {
            break;
        }
    }
    for draft in waiting {
        explain(draft, declared, drafts, &found);
    }
    // The order of the file, not that of the rounds.
    found.sort_by_cached_key(|id, _| drafts.iter().position(|draft| draft.id == *id));
    found
}

fn query(draft: &Draft<'_>, found: &IndexMap<String, MetricQuery>) -> Option<MetricQuery> {
    let (source, inputs_period) = match &draft.source {
        Source::Ready(source) => (source.clone(), PERIOD_S),
        Source::Math(text, ids, _) => {
            let inputs: Option<Vec<_>> = ids.iter().map(|id| Some((id.clone(), found.get(id)?.clone()))).collect();
            let inputs =
                inputs.filter(|inputs| inputs.iter().map(|(_, input)| size(input)).sum::<usize>() < MOST_INPUTS)?;
            let longest = inputs.iter().map(|(_, input)| input.period_s).max().unwrap_or(PERIOD_S);
            (MetricSource::Expression { text: text.clone(), inputs }, longest)
        }
    };
    Some(MetricQuery {
        source,
        period_s: draft.period_s.unwrap_or(inputs_period),
        account: draft.account.clone(),
        label: draft.label.clone(),
    })
}

/// How many queries a query is, its inputs counted.
fn size(query: &MetricQuery) -> usize {
    match &query.source {
        MetricSource::Stat { .. } => 1,
        MetricSource::Expression { inputs, .. } => 1 + inputs.iter().map(|(_, input)| size(input)).sum::<usize>(),
    }
}

/// Says why an expression could not be resolved.
fn explain(draft: &Draft<'_>, declared: &[String], drafts: &[Draft<'_>], found: &IndexMap<String, MetricQuery>) {
    let Source::Math(_, ids, value) = &draft.source else { return };
    let missing: Vec<&String> = ids.iter().filter(|id| !found.contains_key(*id)).collect();
    if missing.is_empty() {
        value.fail(format!("`{}` stands on more than {MOST_INPUTS} metrics", draft.id));
    }
    for id in missing {
        if !declared.contains(id) {
            value.unknown(format!("no metric `{id}`"), id, declared.iter().map(String::as_str));
        } else if drafts.iter().any(|other| other.id == *id) {
            value.fail(format!("`{}` waits for `{id}`, which cannot be had", draft.id));
        }
    }
}
