//! Where the log lines and traces behind a metric are, where the board says it: keys of `[[metric]]`.

use crate::config::Section;
use crate::insights::pattern::Pattern;
use crate::store::series::{MetricQuery, MetricSource};

/// What a board says of the evidence behind a metric.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Evidence {
    /// The log group whose lines tell of it.
    pub log_group: Option<String>,
    /// The filter pattern of those lines.
    pub pattern: Option<String>,
    /// The name of the service in X-Ray.
    pub service: Option<String>,
}

impl Evidence {
    /// Whether nothing is said.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// Reads the keys `log_group`, `pattern` and `service`; a pattern that is none is reported with its position.
pub(super) fn read(section: &mut Section<'_>) -> Evidence {
    let log_group = section.name("log_group");
    let service = section.name("service");
    let pattern = section.get("pattern").and_then(|value| {
        let text = value.name()?;
        match Pattern::parse(&text) {
            Ok(_) => Some(text),
            Err(error) => {
                value.fail(format!("`pattern`: {error}"));
                None
            }
        }
    });
    Evidence { log_group, pattern, service }
}

/// What is said of a metric of this namespace and name, by whatever statistic the board asks for it.
pub(super) fn find<'b>(
    metrics: impl Iterator<Item = (&'b MetricQuery, &'b Evidence)>,
    namespace: &str,
    name: &str,
) -> Option<&'b Evidence> {
    let is_it = |query: &MetricQuery| match &query.source {
        MetricSource::Stat { namespace: theirs, name: other, .. } => theirs == namespace && other == name,
        MetricSource::Expression { .. } => false,
    };
    metrics.filter(|(query, _)| is_it(query)).map(|(_, evidence)| evidence).find(|evidence| !evidence.is_empty())
}
