//! Which services have an alarm that fires.

use std::collections::HashSet;

use crate::analysis::leads;
use crate::panes::Cx;
use crate::store::alarm::AlarmState;
use crate::store::graph::ServiceKey;

/// The values of the dimensions of all metrics that a firing alarm watches.
pub(super) struct Alarmed(HashSet<String>);

impl Alarmed {
    /// What fires at present.
    pub(super) fn of(cx: &Cx<'_>) -> Self {
        let firing = cx.store.alarms.data.iter().filter(|alarm| alarm.state == AlarmState::Alarm);
        let metrics = firing.filter_map(|alarm| alarm.metric()).flat_map(|alarm| leads::metrics(&alarm.query));
        Self(metrics.flat_map(|metric| metric.dimensions).map(|(_, value)| value).collect())
    }

    /// Whether an alarm fires on a metric of a service: one with a dimension that has its name. Stages of an API are
    /// named `API/STAGE`, while metrics have the API in a dimension of its own.
    pub(super) fn on(&self, key: &ServiceKey) -> bool {
        let api = key.name.split_once('/').map(|(api, _)| api).filter(|_| key.kind.starts_with("AWS::ApiGateway"));
        [Some(key.name.as_str()), api].into_iter().flatten().any(|name| !name.is_empty() && self.0.contains(name))
    }
}
