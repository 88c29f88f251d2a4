//! Which metrics there are: as ListMetrics tells, page by page, and no more of them than fit.

use std::sync::Arc;

use super::series::{MetricQuery, MetricSource};

/// How many metrics are kept, about 10 MB of them; an account can have any number.
pub const MOST: usize = 50_000;

/// Which metrics are asked for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct CatalogueScope {
    /// One namespace alone.
    pub namespace: Option<String>,
    /// Only metrics that had datapoints in the last three hours.
    pub recent: bool,
}

/// One metric. Texts that many metrics have in common are held once.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MetricId {
    /// The namespace.
    pub namespace: Arc<str>,
    /// The name.
    pub name: Arc<str>,
    /// Dimensions, sorted by name.
    pub dimensions: Vec<(Arc<str>, Arc<str>)>,
    /// The account that owns it, where linked accounts are seen too.
    pub account: Option<Arc<str>>,
}

impl MetricId {
    /// A statistic of it.
    pub fn query(&self, stat: &str, period_s: u32) -> MetricQuery {
        let dimensions = self.dimensions.iter().map(|(key, value)| (key.to_string(), value.to_string())).collect();
        let source = MetricSource::Stat {
            namespace: self.namespace.to_string(),
            name: self.name.to_string(),
            dimensions,
            stat: stat.to_owned(),
        };
        let account = self.account.as_deref().map(str::to_owned);
        MetricQuery { source, period_s, account, label: None }
    }
}

/// How far a list has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Ending {
    /// More pages are on their way.
    #[default]
    Coming,
    /// These are all.
    Complete,
    /// There are more than are kept.
    Cut,
}

/// The metrics of one scope; cheap to clone.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Catalogue {
    pages: Vec<Arc<[MetricId]>>,
    ending: Ending,
    /// A newer list on its way, while the older one is shown.
    next: Vec<Arc<[MetricId]>>,
    /// Counts what has changed.
    revision: u64,
}

impl Catalogue {
    /// Takes in a page; `first` begins the list anew, and the old one is shown until the new one has ended.
    pub fn take(&mut self, page: Arc<[MetricId]>, first: bool, ending: Ending) {
        self.revision += 1;
        if self.ending == Ending::Coming {
            if first {
                self.pages.clear();
            }
            self.pages.push(page);
            self.ending = ending;
            return;
        }
        if first {
            self.next.clear();
        }
        self.next.push(page);
        if ending != Ending::Coming {
            self.pages = std::mem::take(&mut self.next);
            self.ending = ending;
        }
    }

    /// The metrics, in AWS's order.
    pub fn metrics(&self) -> impl Iterator<Item = &MetricId> {
        self.pages.iter().flat_map(|page| page.iter())
    }

    /// How many metrics are known.
    pub fn len(&self) -> usize {
        self.pages.iter().map(|page| page.len()).sum()
    }

    /// Whether none is known.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How far the list has come.
    pub const fn ending(&self) -> Ending {
        self.ending
    }

    /// Another number after each change.
    pub const fn revision(&self) -> u64 {
        self.revision
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(names: &[&str]) -> Arc<[MetricId]> {
        let metric = |name: &&str| MetricId {
            namespace: "N".into(),
            name: (*name).into(),
            dimensions: vec![("A".into(), "1".into())],
            account: None,
        };
        names.iter().map(metric).collect()
    }

    fn names(catalogue: &Catalogue) -> Vec<&str> {
        catalogue.metrics().map(|metric| &*metric.name).collect()
    }

    #[test]
    fn a_list_grows_by_pages_and_is_replaced_as_a_whole() {
        let mut catalogue = Catalogue::default();
        catalogue.take(page(&["a", "b"]), true, Ending::Coming);
        assert_eq!((names(&catalogue), catalogue.ending()), (vec!["a", "b"], Ending::Coming));
        catalogue.take(page(&["c"]), false, Ending::Complete);
        assert_eq!((names(&catalogue), catalogue.ending()), (vec!["a", "b", "c"], Ending::Complete));
        let before = catalogue.revision();
        catalogue.take(page(&["x"]), true, Ending::Coming);
        assert_eq!(names(&catalogue), ["a", "b", "c"], "the old list stands until the new one is there");
        catalogue.take(page(&["y"]), false, Ending::Cut);
        assert_eq!((names(&catalogue), catalogue.ending()), (vec!["x", "y"], Ending::Cut));
        assert!(catalogue.revision() > before);
        catalogue.take(page(&["z"]), true, Ending::Complete);
        assert_eq!(names(&catalogue), ["z"]);
    }

    #[test]
    fn an_interrupted_list_begins_anew() {
        let mut catalogue = Catalogue::default();
        catalogue.take(page(&["a"]), true, Ending::Coming);
        catalogue.take(page(&["a"]), true, Ending::Coming);
        catalogue.take(page(&["b"]), false, Ending::Complete);
        assert_eq!(names(&catalogue), ["a", "b"]);
    }

    #[test]
    fn a_metric_becomes_a_query() {
        let query = page(&["m"])[0].query("p99", 300);
        assert_eq!(query, MetricQuery::stat("N", "m", &[("A", "1")], "p99", 300));
    }
}
