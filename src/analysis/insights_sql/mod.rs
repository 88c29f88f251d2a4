//! CloudWatch Metrics Insights: the grammar of its SQL, parsed with positions.
//!
//! ```text
//! SELECT FUNCTION(metricName) FROM namespace | SCHEMA(namespace [, labelKey …])
//!   [ WHERE labelKey = | != 'labelValue' [ AND … ] ] [ GROUP BY labelKey [, …] ]
//!   [ ORDER BY FUNCTION() [ ASC | DESC ] ] [ LIMIT number ]
//! ```
//!
//! Source: CloudWatch user guide, "Metrics Insights query components and syntax". `OR`, `IN`, `LIKE` and parentheses,
//! which the console's builder has grown since, are not in that page and are refused with their place.

mod parse;
#[cfg(test)]
mod tests;
mod token;

use std::fmt;

use super::math::MathError;

/// The most series that one query returns, and the largest `LIMIT`.
pub const MOST_SERIES: usize = 500;

/// An aggregate function.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Function {
    /// `AVG`
    Avg,
    /// `COUNT`
    Count,
    /// `MAX`
    Max,
    /// `MIN`
    Min,
    /// `SUM`
    Sum,
}

impl Function {
    /// Every function.
    pub const ALL: [Self; 5] = [Self::Avg, Self::Count, Self::Max, Self::Min, Self::Sum];

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Avg => "AVG",
            Self::Count => "COUNT",
            Self::Max => "MAX",
            Self::Min => "MIN",
            Self::Sum => "SUM",
        }
    }
}

/// Which metrics a query reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// The namespace.
    pub namespace: String,
    /// The names of all dimensions that a metric must have, sorted; empty for metrics without any; `None` where any
    /// dimensions will do.
    pub schema: Option<Vec<String>>,
}

/// One condition of `WHERE`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    /// The dimension's name.
    pub key: String,
    /// Whether its value must be this one, or must not.
    pub equal: bool,
    /// The value.
    pub value: String,
}

/// The order in which series are returned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Order {
    /// What one number is made of each series.
    pub function: Function,
    /// Whether the largest comes first.
    pub descending: bool,
}

/// A parsed query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sql {
    /// How the observations of a period are taken together.
    pub function: Function,
    /// The metric's name.
    pub metric: String,
    /// Which metrics of that name.
    pub source: Source,
    /// Conditions, all of which must hold.
    pub conditions: Vec<Condition>,
    /// Dimension names, each combination of whose values is a series of its own.
    pub group_by: Vec<String>,
    /// The order, where it is not that of the group's values.
    pub order: Option<Order>,
    /// How many series are returned at most.
    pub limit: Option<usize>,
}

impl Sql {
    /// Parses a query.
    ///
    /// # Errors
    /// What is wrong, and the byte offset at which.
    pub fn parse(text: &str) -> Result<Self, MathError> {
        parse::parse(text)
    }

    /// Whether a text is meant as one: its first word is `SELECT`.
    pub fn is_meant(text: &str) -> bool {
        let text = text.trim_start();
        let word = text.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').map_or(text, |end| &text[..end]);
        word.eq_ignore_ascii_case("SELECT")
    }

    /// Whether it reads the metric of this namespace, name and dimensions, which are sorted by name.
    pub fn reads(&self, namespace: &str, name: &str, dimensions: &[(String, String)]) -> bool {
        let value = |key: &str| dimensions.iter().find(|(name, _)| name == key).map(|(_, value)| value.as_str());
        let schema = |keys: &Vec<String>| keys.iter().eq(dimensions.iter().map(|(name, _)| name));
        namespace == self.source.namespace
            && name == self.metric
            && self.source.schema.as_ref().is_none_or(schema)
            && self.conditions.iter().all(|condition| {
                // A metric without the dimension has no value that could be the one that is excluded.
                let same = value(&condition.key) == Some(condition.value.as_str());
                same == condition.equal
            })
    }
}

impl fmt::Display for Sql {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Source { namespace, schema } = &self.source;
        write!(f, "SELECT {}({}) FROM ", self.function.name(), name(&self.metric))?;
        match schema {
            None => f.write_str(&name(namespace))?,
            Some(keys) => {
                let all: Vec<String> = std::iter::once(namespace).chain(keys).map(|key| name(key)).collect();
                write!(f, "SCHEMA({})", all.join(", "))?;
            }
        }
        for (nth, Condition { key, equal, value }) in self.conditions.iter().enumerate() {
            let value = value.replace('\\', "\\\\").replace('\'', "\\'");
            let (before, sign) = (if nth == 0 { "WHERE" } else { "AND" }, if *equal { "=" } else { "!=" });
            write!(f, " {before} {} {sign} '{value}'", name(key))?;
        }
        if !self.group_by.is_empty() {
            let keys: Vec<String> = self.group_by.iter().map(|key| name(key)).collect();
            write!(f, " GROUP BY {}", keys.join(", "))?;
        }
        if let Some(Order { function, descending }) = self.order {
            write!(f, " ORDER BY {}() {}", function.name(), if descending { "DESC" } else { "ASC" })?;
        }
        self.limit.map_or(Ok(()), |limit| write!(f, " LIMIT {limit}"))
    }
}

/// A name as a query has it: in quotes, which are always right.
fn name(name: &str) -> String {
    format!("\"{}\"", name.replace('\\', "\\\\").replace('"', "\\\""))
}
