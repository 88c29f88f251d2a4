//! The rest of the estate: resources of other AWS services, which publish metrics and do nothing else.
//!
//! They are what the presets of `src/board/presets/` are proved against. Names of namespaces, metrics and dimensions are
//! those that the services' own user guides list under "CloudWatch metrics".

mod analytics;
mod compute;
mod data;
mod edge;
mod messaging;
mod shape;

use shape::Shape;

use super::dice::{About, Key};

/// A resource: its dimensions, and what each of its metrics is like.
pub(super) struct Resource {
    /// The namespace.
    pub(super) namespace: &'static str,
    /// Dimension names and values, sorted by name.
    pub(super) dimensions: &'static [(&'static str, &'static str)],
    /// Metric names and shapes.
    pub(super) metrics: &'static [(&'static str, Shape)],
}

/// Every resource.
pub(super) fn all() -> impl Iterator<Item = &'static Resource> {
    [compute::ALL, messaging::ALL, data::ALL, analytics::ALL, edge::ALL].into_iter().flatten()
}

/// One metric of a resource.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Published {
    shape: Shape,
    /// Tells metrics apart that have the same shape.
    number: u64,
}

impl Published {
    /// The metric of a shape; `number` is another one for each.
    pub(super) const fn new(shape: Shape, number: u64) -> Self {
        Self { shape, number }
    }

    /// Value and count of what it publishes in a minute.
    pub(super) fn values(self, world: Key, minute: i64) -> Vec<(f64, u64)> {
        self.shape.values(world.of(About::Resource).with(self.number), minute)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dimensions_are_sorted_and_no_metric_is_there_twice() {
        let mut seen = std::collections::HashSet::new();
        for resource in all() {
            assert!(resource.dimensions.is_sorted(), "{:?}", resource.dimensions);
            for (name, _) in resource.metrics {
                assert!(seen.insert((resource.namespace, resource.dimensions, *name)), "{name} is there twice");
            }
        }
        assert!(seen.len() > 150, "{}", seen.len());
    }
}
