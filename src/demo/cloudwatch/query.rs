//! The queries of GetMetricData and of metric-math alarms.

use std::collections::HashSet;

use crate::analysis::insights_sql::Sql;
use crate::analysis::math::Expr;
use crate::demo::wire::{ApiError, Wire};
use crate::demo::world::MetricName;

use super::statistic::Statistic;

/// How many queries a call may have.
const MOST: usize = 500;

/// One query.
#[derive(Debug, Clone)]
pub(super) struct Query {
    /// Its id, unique in the call.
    pub(super) id: String,
    /// The label that was asked for, dynamic parts and all.
    pub(super) label: Option<String>,
    /// Whether its result is returned.
    pub(super) returned: bool,
    /// What is asked.
    pub(super) what: What,
}

/// What a query asks.
#[derive(Debug, Clone)]
pub(super) enum What {
    /// A statistic of a metric.
    Stat(Stat),
    /// An expression, and its period where it has one of its own.
    Expression(Expr, Option<u32>),
    /// Metrics Insights SQL, and its period.
    Insights(Sql, u32),
}

/// A statistic of a metric.
#[derive(Debug, Clone)]
pub(super) struct Stat {
    /// The metric.
    pub(super) metric: MetricName,
    /// The statistic.
    pub(super) value: Statistic,
    /// The statistic's name as asked.
    pub(super) name: String,
    /// The period in seconds.
    pub(super) period_s: u32,
}

/// An error in the input, in AWS's code.
pub(super) fn invalid(message: impl Into<String>) -> ApiError {
    ApiError::bad("ValidationError", message)
}

/// An absent member that is required.
pub(super) fn missing(name: &str) -> ApiError {
    ApiError::bad("MissingParameter", format!("The parameter {name} is required."))
}

/// Reads and checks `MetricDataQueries`.
pub(super) fn queries(input: &Wire) -> Result<Vec<Query>, ApiError> {
    let items = input.items("MetricDataQueries");
    if items.is_empty() {
        return Err(missing("MetricDataQueries"));
    }
    if items.len() > MOST {
        return Err(invalid("The collection MetricDataQueries must not have a size greater than 500."));
    }
    let insights = |item: &&Wire| item.text("Expression").is_some_and(Sql::is_meant);
    if items.iter().filter(insights).count() > 1 {
        return Err(invalid("At most one Metrics Insights query is allowed in a single GetMetricData request."));
    }
    let queries = items.iter().enumerate().map(|(i, item)| query(i + 1, item)).collect::<Result<Vec<_>, _>>()?;
    let mut ids = HashSet::new();
    if !queries.iter().all(|query| ids.insert(query.id.as_str())) {
        return Err(invalid("The values for parameter id in parameter MetricDataQueries are not unique."));
    }
    if !queries.iter().any(|query| query.returned) {
        return Err(invalid("At least one query in MetricDataQueries must have ReturnData set to true."));
    }
    for query in &queries {
        let What::Expression(expr, _) = &query.what else { continue };
        if let Some(unknown) = expr.ids().iter().find(|id| !ids.contains(id.as_str())) {
            return Err(in_expression(&query.id, &format!("'{unknown}' is not defined")));
        }
    }
    Ok(queries)
}

/// An error of one expression, which fails the whole call.
pub(super) fn in_expression(id: &str, message: &str) -> ApiError {
    invalid(format!("Error in expression '{id}': {message}"))
}

fn query(number: usize, item: &Wire) -> Result<Query, ApiError> {
    let id = item.text("Id").ok_or_else(|| missing(&format!("MetricDataQueries.member.{number}.Id")))?;
    if !is_id(id) {
        return Err(invalid(format!(
            "The value {id} for parameter MetricDataQueries.member.{number}.Id is not matching the expected pattern \
             ^[a-z][a-zA-Z0-9_]*$."
        )));
    }
    let what = match (item.get("MetricStat"), item.text("Expression")) {
        (Some(stat), None) => What::Stat(metric_stat(number, stat)?),
        (None, Some(text)) => expression(id, text, item)?,
        (Some(_), Some(_)) | (None, None) => {
            return Err(invalid(format!(
                "Exactly one of MetricStat and Expression must be given in MetricDataQueries.member.{number}."
            )));
        }
    };
    Ok(Query {
        id: id.to_owned(),
        label: item.text("Label").map(str::to_owned),
        returned: item.bool("ReturnData").unwrap_or(true),
        what,
    })
}

fn expression(id: &str, text: &str, item: &Wire) -> Result<What, ApiError> {
    if text.chars().count() > 2048 {
        return Err(in_expression(id, "the expression is longer than 2048 characters"));
    }
    let period_s = item.i64("Period").map(|seconds| period(seconds, "Period")).transpose()?;
    if Sql::is_meant(text) {
        let sql = Sql::parse(text).map_err(|error| in_expression(id, &error.to_string()))?;
        let missing = || invalid("Period must not be null for a Metrics Insights query");
        return Ok(What::Insights(sql, period_s.ok_or_else(missing)?));
    }
    let expr = Expr::parse(text).map_err(|error| in_expression(id, &error.to_string()))?;
    Ok(What::Expression(expr, period_s))
}

fn metric_stat(number: usize, stat: &Wire) -> Result<Stat, ApiError> {
    let at = format!("MetricDataQueries.member.{number}.MetricStat");
    let metric = stat.get("Metric").ok_or_else(|| missing(&format!("{at}.Metric")))?;
    let name = stat.text("Stat").ok_or_else(|| missing(&format!("{at}.Stat")))?;
    let seconds = stat.i64("Period").ok_or_else(|| missing(&format!("{at}.Period")))?;
    Ok(Stat {
        metric: metric_name(metric, &format!("{at}.Metric"))?,
        value: statistic(name, &format!("{at}.Stat"))?,
        name: name.to_owned(),
        period_s: period(seconds, &format!("{at}.Period"))?,
    })
}

/// A metric of `Namespace`, `MetricName` and `Dimensions`.
pub(super) fn metric_name(input: &Wire, at: &str) -> Result<MetricName, ApiError> {
    let member =
        |name: &str| input.text(name).filter(|text| !text.is_empty()).ok_or_else(|| missing(&format!("{at}.{name}")));
    let (namespace, name) = (member("Namespace")?, member("MetricName")?);
    let mut dimensions = Vec::new();
    for dimension in input.items("Dimensions") {
        let (Some(key), Some(value)) = (dimension.text("Name"), dimension.text("Value")) else {
            return Err(missing(&format!("{at}.Dimensions.member.{}.Value", dimensions.len() + 1)));
        };
        dimensions.push((key.to_owned(), value.to_owned()));
    }
    if dimensions.len() > 30 {
        return Err(invalid(format!("The collection {at}.Dimensions must not have a size greater than 30.")));
    }
    dimensions.sort();
    Ok(MetricName { namespace: namespace.to_owned(), name: name.to_owned(), dimensions })
}

/// A statistic by name.
pub(super) fn statistic(name: &str, at: &str) -> Result<Statistic, ApiError> {
    Statistic::parse(name).ok_or_else(|| invalid(format!("The value {name} for parameter {at} is not supported.")))
}

/// A period that AWS accepts: 1, 5, 10, 20, 30 or any multiple of 60 seconds.
pub(super) fn period(seconds: i64, at: &str) -> Result<u32, ApiError> {
    let fine = matches!(seconds, 1 | 5 | 10 | 20 | 30) || (seconds > 0 && seconds % 60 == 0);
    u32::try_from(seconds).ok().filter(|_| fine && seconds <= 31_536_000).ok_or_else(|| {
        invalid(format!("The value {seconds} for parameter {at} must be 1, 5, 10, 20, 30 or a multiple of 60."))
    })
}

fn is_id(id: &str) -> bool {
    id.len() <= 255
        && id.starts_with(|c: char| c.is_ascii_lowercase())
        && id.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}
