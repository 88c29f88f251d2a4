//! CloudWatch `ListMetrics`: which metrics there are, told page by page as they arrive.

use std::collections::HashSet;
use std::sync::Arc;

use aws_sdk_cloudwatch::types::{Metric, RecentlyActive};

use super::client::Client;
use super::desk::{Again, Closed, Desk, Source};
use super::errors::line;
use super::operation::LIST_METRICS;
use crate::app::msg::Update;
use crate::store::catalogue::{CatalogueScope, Ending, MOST, MetricId};
use crate::store::health::{SourceError, SourceId};

/// The source of a list of metrics.
#[derive(Debug)]
pub(super) struct Metrics {
    pub(super) scope: CatalogueScope,
}

impl Source for Metrics {
    fn id(&self) -> SourceId {
        SourceId::Catalogue
    }

    fn follows_window(&self) -> bool {
        false
    }

    async fn ask(&mut self, desk: &Desk) -> Result<Result<Again, SourceError>, Closed> {
        let mut reader = Reader::new(self.scope.clone(), MOST);
        let mut first = true;
        loop {
            let (page, ending) = match reader.next(&desk.client).await {
                Ok(page) => page,
                Err(error) => return Ok(Err(error)),
            };
            desk.tell(Update::Catalogue { at: desk.now(), scope: self.scope.clone(), page, first, ending }).await?;
            first = false;
            if ending != Ending::Coming {
                return Ok(Ok(Again::After(desk.client.tuning.catalogue_every)));
            }
        }
    }
}

/// Reads one list, page by page.
pub(super) struct Reader {
    scope: CatalogueScope,
    token: Option<String>,
    left: usize,
    texts: HashSet<Arc<str>>,
}

impl Reader {
    /// A reader that takes no more than `most` metrics.
    pub(super) fn new(scope: CatalogueScope, most: usize) -> Self {
        Self { scope, token: None, left: most, texts: HashSet::new() }
    }

    /// The next page, and whether another one follows.
    pub(super) async fn next(&mut self, client: &Client) -> Result<(Arc<[MetricId]>, Ending), SourceError> {
        let request = client
            .cloudwatch
            .list_metrics()
            .set_namespace(self.scope.namespace.clone())
            .set_recently_active(self.scope.recent.then_some(RecentlyActive::Pt3H))
            .include_linked_accounts(true)
            .set_next_token(self.token.take());
        let answer = client.call(&LIST_METRICS, request.send()).await?;
        self.token = answer.next_token().map(str::to_owned);
        let metrics = answer.metrics();
        // An account alone needs no name; only among several does it tell metrics apart.
        let owners = answer.owning_accounts();
        let several = owners.windows(2).any(|pair| pair[0] != pair[1]);
        let owner = |index: usize| owners.get(index).filter(|_| several).map(String::as_str);
        let found: Vec<(&Metric, Option<&str>)> =
            metrics.iter().take(self.left).enumerate().map(|(index, metric)| (metric, owner(index))).collect();
        let page: Arc<[MetricId]> = found.into_iter().map(|(metric, owner)| self.metric(metric, owner)).collect();
        let cut = metrics.len() > self.left || (page.len() == self.left && self.token.is_some());
        self.left -= page.len();
        let ending = match (&self.token, cut) {
            (_, true) => Ending::Cut,
            (Some(_), false) => Ending::Coming,
            (None, false) => Ending::Complete,
        };
        Ok((page, ending))
    }

    fn metric(&mut self, metric: &Metric, owner: Option<&str>) -> MetricId {
        let mut dimensions: Vec<(Arc<str>, Arc<str>)> = metric
            .dimensions()
            .iter()
            .map(|d| (self.shared(d.name().unwrap_or_default()), self.shared(d.value().unwrap_or_default())))
            .collect();
        dimensions.sort();
        MetricId {
            namespace: self.shared(metric.namespace().unwrap_or_default()),
            name: self.shared(metric.metric_name().unwrap_or_default()),
            dimensions,
            account: owner.map(|owner| self.shared(&line(owner))),
        }
    }

    /// A text that is held once, however many metrics have it.
    fn shared(&mut self, text: &str) -> Arc<str> {
        if let Some(known) = self.texts.get(text) {
            return Arc::clone(known);
        }
        let new: Arc<str> = text.into();
        self.texts.insert(Arc::clone(&new));
        new
    }
}
