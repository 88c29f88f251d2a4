//! The list of metrics: namespaces, names and dimension sets that fold, or what a search finds, best first.

use std::collections::{BTreeMap, HashSet};

use crate::analysis::finder::{Finder, Manner};
use crate::store::catalogue::{Catalogue, MetricId};

/// How many finds of a search are listed.
const MOST_FOUND: usize = 500;

/// What a row stands for.
#[derive(Debug, Clone, PartialEq)]
pub enum Item {
    /// A namespace or a name with others below it: how many metrics, and whether they are shown.
    Group {
        /// The metrics below it.
        count: usize,
        /// Whether they are shown.
        open: bool,
    },
    /// One metric.
    Metric(MetricId),
}

/// One row.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Names it, stable while the screen is open.
    pub key: String,
    /// How far it is indented.
    pub depth: u16,
    /// What is written on it, not yet cleaned.
    pub text: String,
    /// The values of a metric's dimensions, which tell it from others of its name.
    pub values: String,
    /// What stands behind that with less weight: keys of dimensions, a namespace.
    pub more: String,
    /// What it stands for.
    pub item: Item,
}

/// The rows of a catalogue, and what they were made of.
#[derive(Debug, Default)]
pub struct Tree {
    opened: HashSet<String>,
    rows: Vec<Row>,
    keys: Vec<String>,
    made_of: Option<(u64, bool, String)>,
    stale: bool,
}

impl Row {
    /// Whether its text is made of dimensions, values included.
    pub const fn is_dimensions(&self) -> bool {
        self.depth == 2
    }
}

impl Tree {
    /// The rows.
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// The keys of the rows.
    pub fn keys(&self) -> &[String] {
        &self.keys
    }

    /// Shows or hides what lies below a row.
    pub fn fold(&mut self, key: &str, open: bool) {
        self.stale |= if open { self.opened.insert(key.to_owned()) } else { self.opened.remove(key) };
    }

    /// Makes the rows anew if something has changed.
    pub fn sync(&mut self, catalogue: Option<&Catalogue>, recent: bool, search: &str) {
        let made_of = (catalogue.map_or(0, Catalogue::revision), recent, search.to_owned());
        if !self.stale && self.made_of.as_ref() == Some(&made_of) {
            return;
        }
        self.rows = match catalogue {
            None => Vec::new(),
            Some(catalogue) if search.trim().is_empty() => self.folded(catalogue),
            Some(catalogue) => found(catalogue, search),
        };
        self.keys = self.rows.iter().map(|row| row.key.clone()).collect();
        self.made_of = Some(made_of);
        self.stale = false;
    }

    fn folded(&self, catalogue: &Catalogue) -> Vec<Row> {
        let mut namespaces: BTreeMap<&str, BTreeMap<&str, Vec<&MetricId>>> = BTreeMap::new();
        for metric in catalogue.metrics() {
            namespaces.entry(&metric.namespace).or_default().entry(&metric.name).or_default().push(metric);
        }
        let mut rows = Vec::new();
        for (namespace, names) in namespaces {
            let key = format!("{namespace}\u{1f}");
            let count = names.values().map(Vec::len).sum();
            let open = self.opened.contains(&key);
            rows.push(group(key, 0, namespace, count, open));
            if !open {
                continue;
            }
            for (name, mut metrics) in names {
                if let [metric] = metrics[..] {
                    rows.push(Row { depth: 1, ..leaf(metric, name.to_owned(), keys(metric)) });
                    continue;
                }
                let key = format!("{namespace}\u{1f}{name}\u{1f}");
                let open = self.opened.contains(&key);
                rows.push(group(key, 1, name, metrics.len(), open));
                if open {
                    metrics.sort();
                    rows.extend(metrics.iter().map(|metric| {
                        let text = dimensions(metric);
                        let text = if text.is_empty() { "no dimensions".to_owned() } else { text };
                        Row { depth: 2, ..leaf(metric, text, String::new()) }
                    }));
                }
            }
        }
        rows
    }
}

fn group(key: String, depth: u16, text: &str, count: usize, open: bool) -> Row {
    Row {
        key,
        depth,
        text: text.to_owned(),
        values: String::new(),
        more: String::new(),
        item: Item::Group { count, open },
    }
}

fn leaf(metric: &MetricId, text: String, more: String) -> Row {
    let account = metric.account.as_deref().unwrap_or_default();
    let key = format!("{}\u{1f}{}\u{1f}{}\u{1f}{account}", metric.namespace, metric.name, dimensions(metric));
    let values: Vec<&str> = metric.dimensions.iter().map(|(_, value)| &**value).collect();
    Row { key, depth: 0, text, values: values.join(" "), more, item: Item::Metric(metric.clone()) }
}

/// `FunctionName=f, Resource=g`.
fn dimensions(metric: &MetricId) -> String {
    let pairs: Vec<String> = metric.dimensions.iter().map(|(key, value)| format!("{key}={value}")).collect();
    pairs.join(", ")
}

/// `FunctionName, Resource`.
fn keys(metric: &MetricId) -> String {
    let keys: Vec<&str> = metric.dimensions.iter().map(|(key, _)| &**key).collect();
    keys.join(", ")
}

/// What a search finds, best first.
fn found(catalogue: &Catalogue, search: &str) -> Vec<Row> {
    let mut finder = Finder::new(search, Manner::Close);
    let mut found: Vec<(u32, &MetricId)> =
        catalogue.metrics().filter_map(|metric| Some((finder.score(metric)?, metric))).collect();
    found.sort_by(|(a, first), (b, second)| b.cmp(a).then_with(|| first.cmp(second)));
    let row = |(_, metric): (u32, &MetricId)| {
        let keys = keys(metric);
        let gap = if keys.is_empty() { "" } else { " · " };
        leaf(metric, metric.name.to_string(), format!("{}{gap}{keys}", metric.namespace))
    };
    found.into_iter().take(MOST_FOUND).map(row).collect()
}
