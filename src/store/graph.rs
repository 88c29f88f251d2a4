//! The X-Ray service graph: services, edges, counts and response-time histograms.

use crate::clock::Time;

/// What makes a service the same service from call to call: X-Ray's ReferenceId is not stable, type and name are.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ServiceKey {
    /// AWS's type, such as `AWS::ApiGateway::Stage`, `client` or `remote`.
    pub kind: String,
    /// Its name.
    pub name: String,
}

/// Counts and times of a service or an edge over a window.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Statistics {
    /// Requests without error or fault.
    pub ok: u64,
    /// 4xx, throttles included (as X-Ray counts them).
    pub error: u64,
    /// 429.
    pub throttle: u64,
    /// 5xx.
    pub fault: u64,
    /// All requests.
    pub total: u64,
    /// Sum of response times in seconds.
    pub total_time_s: f64,
    /// Response-time histogram: seconds and count, ascending.
    pub histogram: Vec<(f64, u64)>,
}

impl Statistics {
    /// Adds another slice of time.
    pub fn add(&mut self, other: &Self) {
        self.ok += other.ok;
        self.error += other.error;
        self.throttle += other.throttle;
        self.fault += other.fault;
        self.total += other.total;
        self.total_time_s += other.total_time_s;
        self.histogram.extend_from_slice(&other.histogram);
        self.histogram.sort_by(|a, b| a.0.total_cmp(&b.0));
        self.histogram.dedup_by(|next, kept| {
            let same = next.0.total_cmp(&kept.0).is_eq();
            if same {
                kept.1 += next.1;
            }
            same
        });
    }

    /// The response time in seconds below which a fraction `q` of the requests stayed, from the histogram.
    pub fn percentile(&self, q: f64) -> Option<f64> {
        let all: u64 = self.histogram.iter().map(|(_, n)| n).sum();
        if all == 0 {
            return None;
        }
        let rank = (q * all as f64).ceil().max(1.0) as u64;
        let mut seen = 0;
        self.histogram.iter().find_map(|&(value, n)| {
            seen += n;
            (seen >= rank).then_some(value)
        })
    }

    /// Mean response time in seconds.
    pub fn mean(&self) -> Option<f64> {
        (self.total > 0).then(|| self.total_time_s / self.total as f64)
    }

    /// Share of requests that were faults, 0–1.
    pub fn fault_share(&self) -> f64 {
        if self.total == 0 { 0.0 } else { self.fault as f64 / self.total as f64 }
    }

    /// Share of requests that were errors (throttles included), 0–1.
    pub fn error_share(&self) -> f64 {
        if self.total == 0 { 0.0 } else { self.error as f64 / self.total as f64 }
    }
}

/// A node of the graph.
#[derive(Debug, Clone, PartialEq)]
pub struct Service {
    /// Type and name.
    pub key: ServiceKey,
    /// Whether it is where requests enter.
    pub root: bool,
    /// What it answered over the window.
    pub statistics: Statistics,
}

/// Calls from one service to another.
#[derive(Debug, Clone, PartialEq)]
pub struct Edge {
    /// The caller.
    pub from: ServiceKey,
    /// The called service.
    pub to: ServiceKey,
    /// What the calls came to.
    pub statistics: Statistics,
}

/// The service graph over one window, slices merged.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ServiceGraph {
    /// Nodes, those nearer to the client first, then by name.
    pub services: Vec<Service>,
    /// Edges, by caller and called.
    pub edges: Vec<Edge>,
    /// The window it covers.
    pub window: Option<(Time, Time)>,
}

impl ServiceGraph {
    /// The node of a key.
    pub fn service(&self, key: &ServiceKey) -> Option<&Service> {
        self.services.iter().find(|s| &s.key == key)
    }
}

/// One period of GetTimeSeriesServiceStatistics.
#[derive(Debug, Clone, PartialEq)]
pub struct ServicePoint {
    /// Start of the period.
    pub at: Time,
    /// What the service answered in it.
    pub statistics: Statistics,
}
