//! CloudWatch Logs `DescribeMetricFilters`: which log lines a metric is made of.

use aws_sdk_cloudwatchlogs::types;

use super::desk::{Again, Closed, Desk, Source};
use super::operation::DESCRIBE_METRIC_FILTERS;
use crate::app::msg::Update;
use crate::store::health::{SourceError, SourceId};
use crate::store::matches::MetricFilter;

/// The filters that feed a metric, over all log groups: asked by the metric's name and namespace, no group is needed.
#[derive(Debug)]
pub(super) struct MetricFilters {
    pub(super) namespace: String,
    pub(super) name: String,
}

impl Source for MetricFilters {
    fn id(&self) -> SourceId {
        SourceId::MetricFilters
    }

    async fn ask(&mut self, desk: &Desk) -> Result<Result<Again, SourceError>, Closed> {
        let filters = match self.read(desk).await {
            Ok(filters) => filters,
            Err(error) => return Ok(Err(error)),
        };
        let (namespace, name) = (self.namespace.clone(), self.name.clone());
        desk.tell(Update::MetricFilters { at: desk.now(), namespace, name, filters }).await?;
        // Filters change with deployments, not while one looks: asked again when the user asks.
        Ok(Ok(Again::Never))
    }
}

impl MetricFilters {
    async fn read(&self, desk: &Desk) -> Result<Vec<MetricFilter>, SourceError> {
        let mut filters = Vec::new();
        let mut token = None;
        loop {
            let request = desk
                .client
                .logs
                .describe_metric_filters()
                .metric_namespace(&self.namespace)
                .metric_name(&self.name)
                .set_next_token(token);
            let page = desk.client.call(&DESCRIBE_METRIC_FILTERS, request.send()).await?;
            filters.extend(page.metric_filters().iter().filter_map(|filter| self.filter(filter)));
            token = page.next_token;
            if token.is_none() {
                return Ok(filters);
            }
        }
    }

    /// A filter with its transformation into this metric; servers that ignore what is asked for name others too.
    fn filter(&self, filter: &types::MetricFilter) -> Option<MetricFilter> {
        let mine = filter.metric_transformations().iter().find(|transformation| {
            transformation.metric_name() == self.name && transformation.metric_namespace() == self.namespace
        })?;
        Some(MetricFilter {
            name: filter.filter_name().unwrap_or_default().to_owned(),
            log_group: filter.log_group_name()?.to_owned(),
            pattern: filter.filter_pattern().unwrap_or_default().to_owned(),
            value: mine.metric_value().to_owned(),
        })
    }
}
