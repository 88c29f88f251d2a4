//! The world's inside: what is decided once, and the drawing of single requests.

use super::WorldConfig;
use super::cache::Cache;
use super::cause::Cause;
use super::dice::{About, Key};
use super::incident::Incidents;
use super::load::Loading;
use super::metrics::Catalogue;
use super::plan::{Fate, Plan};
use super::quantiles::Quantiles;
use super::request::{Outcome, Reason, Request};
use super::time::MINUTE_MS;
use super::vocabulary::Cell;
use super::{LogGroup, MetricFilter, logs};

/// How long after a failure the client tries once more, in milliseconds.
pub(super) const RETRY_AFTER_MS: i64 = 5000;

/// How long the service waits for the token service provider in one try, in milliseconds.
pub(super) const TRY_MS: i64 = 8000;

/// How often it tries.
pub(super) const TRIES: i64 = 3;

/// What an affected request takes beside the tries: at least this, in milliseconds.
const REST_FROM_MS: u64 = 150;

/// … and less than this much more.
const REST_SPAN_MS: u64 = 800;

/// Everything that a world knows beforehand, and what it remembers of what it has worked out.
#[derive(Debug)]
pub(super) struct Core {
    /// What decides the world.
    pub(super) config: WorldConfig,
    /// The key of its seed.
    pub(super) key: Key,
    /// When incidents are.
    pub(super) incidents: Incidents,
    /// Every combination of wallet, issuer, system and country.
    pub(super) cells: Vec<Cell>,
    /// Which requests an incident affects.
    pub(super) cause: Cause,
    /// Calm latencies.
    quantiles: Quantiles,
    /// The published metrics.
    pub(super) catalogue: Catalogue,
    /// The log groups.
    pub(super) groups: Vec<LogGroup>,
    /// The metric filters.
    pub(super) filters: Vec<MetricFilter>,
    /// Lines beside those of requests.
    pub(super) loading: Option<Loading>,
    /// Minutes worked out before.
    pub(super) cache: Cache,
}

impl Core {
    /// Decides what there is to decide once.
    pub(super) fn new(config: WorldConfig, cause: Option<Cause>) -> Self {
        let cells = Cell::all();
        Self {
            key: Key::new(config.seed),
            incidents: Incidents::new(config.schedule),
            cause: cause.unwrap_or_else(|| Cause::of_seed(config.seed, &cells)),
            quantiles: Quantiles::new(),
            catalogue: Catalogue::new(),
            groups: logs::groups(),
            filters: logs::filters(),
            loading: None,
            cache: Cache::default(),
            cells,
            config,
        }
    }

    /// The plan of a base minute.
    pub(super) fn plan(&self, base: i64) -> Plan {
        Plan::new(self.key, self.config.rate, &self.incidents, base)
    }

    /// Draws the attempts of every client that first tried in the minute `base`.
    ///
    /// All of them end in that minute or the next: a first attempt takes at most 25 s, the client waits 5 s, and the
    /// second attempt takes at most 25 s.
    pub(super) fn each<'w>(&'w self, base: i64, mut visit: impl FnMut(&Request<'w>)) {
        let plan = self.plan(base);
        let requests = plan.key.of(About::Request);
        let mut from = 0;
        for cell in &self.cells {
            let to = plan.upto(cell);
            let guilty = self.cause.affects(cell);
            for number in from..to {
                let client = Client { key: requests.with(number), base, number: number as u32, cell };
                let start = base * MINUTE_MS + client.key.below(MINUTE_MS as u64) as i64;
                let affected = guilty && plan.incident;
                let fate = if affected { plan.fate_of_affected(number) } else { plan.fate(number) };
                let weather = Weather { incident: plan.incident, affected };
                let first = self.run(client, client.key, start, fate != Fate::Succeeds, weather);
                visit(&first);
                let Fate::Retries { refails } = fate else { continue };
                let start = first.end + RETRY_AFTER_MS;
                let incident = self.incidents.covers(start.div_euclid(MINUTE_MS));
                let affected = guilty && incident;
                let weather = Weather { incident, affected };
                let key = client.key.of(About::Retry);
                visit(&Request { second: true, ..self.run(client, key, start, refails || affected, weather) });
            }
            from = to;
        }
    }

    /// Lets one attempt run.
    #[inline]
    fn run<'w>(&self, client: Client<'w>, key: Key, start: i64, fails: bool, weather: Weather) -> Request<'w> {
        let Client { key: client_key, base, number, cell } = client;
        let latency = key.of(About::Latency);
        let (took, outcome) = if weather.affected {
            let rest = REST_FROM_MS + latency.below(REST_SPAN_MS);
            (TRIES * TRY_MS + rest as i64, Outcome::Failure(Reason::TspTimeout))
        } else {
            (i64::from(self.quantiles.draw(latency)), Outcome::calm(fails, key, weather.incident))
        };
        let incident = weather.incident;
        Request { key, client_key, base, number, second: false, incident, cell, start, end: start + took, outcome }
    }
}

/// Who tries.
#[derive(Clone, Copy)]
struct Client<'w> {
    key: Key,
    base: i64,
    number: u32,
    cell: &'w Cell,
}

/// What an attempt meets.
#[derive(Clone, Copy)]
struct Weather {
    incident: bool,
    affected: bool,
}
