//! What a Live Tail session tells; how it is sent is the server's.

use super::quotas::Quotas;
use super::read::{pattern, present};
use super::{INVALID, identify};
use crate::clock::Time;
use crate::demo::Estate;
use crate::demo::wire::{ApiError, Wire};
use crate::demo::world::{LogRecord, World};
use crate::insights::pattern::Pattern;

/// Log groups in one session (API Reference, StartLiveTail).
const GROUPS: usize = 10;

/// Events in one frame of the stream.
const FRAME_EVENTS: usize = 2_000;

/// A Live Tail session.
#[derive(Debug)]
pub struct Session {
    world: World,
    from: Time,
    /// Group name and ARN.
    groups: Vec<(String, String)>,
    pattern: Pattern,
    streams: Vec<String>,
    prefixes: Vec<String>,
    most: usize,
    start: Wire,
}

impl Session {
    /// Opens a session: it will tell what happens from now on.
    pub fn open(estate: &Estate, quotas: Quotas, input: &Wire, request_id: &str) -> Result<Self, ApiError> {
        let identifiers = input.texts("logGroupIdentifiers");
        if identifiers.is_empty() || identifiers.len() > GROUPS {
            return Err(ApiError::bad(INVALID, format!("A session takes 1 to {GROUPS} log group identifiers")));
        }
        if let Some(name) = identifiers.iter().find(|id| !id.starts_with("arn:")) {
            return Err(ApiError::bad(INVALID, format!("{name} is not the ARN of a log group")));
        }
        let groups = identifiers
            .iter()
            .map(|id| identify::by_arn(estate, id).map(|group| (group.name.clone(), (*id).to_owned())));
        let groups: Vec<_> = groups.collect::<Result<_, _>>()?;
        let (streams, prefixes) = (input.texts("logStreamNames"), input.texts("logStreamNamePrefixes"));
        if !(streams.is_empty() && prefixes.is_empty()) && groups.len() > 1 {
            return Err(ApiError::bad(INVALID, "Log streams can be chosen only with one log group"));
        }
        if !streams.is_empty() && !prefixes.is_empty() {
            return Err(ApiError::bad(INVALID, "logStreamNames and logStreamNamePrefixes are mutually exclusive"));
        }
        let start = Wire::map([
            ("requestId", request_id.into()),
            ("sessionId", request_id.into()),
            ("logGroupIdentifiers", Wire::list(identifiers.iter().copied())),
            ("logStreamNames", Wire::list(streams.iter().copied())),
            ("logStreamNamePrefixes", Wire::list(prefixes.iter().copied())),
            ("logEventFilterPattern", input.text("logEventFilterPattern").into()),
        ]);
        Ok(Self {
            world: estate.world.clone(),
            from: estate.now(),
            groups,
            pattern: pattern(input, "logEventFilterPattern")?,
            streams: streams.into_iter().map(str::to_owned).collect(),
            prefixes: prefixes.into_iter().map(str::to_owned).collect(),
            most: quotas.tail_events,
            start,
        })
    }

    /// The payload of `sessionStart`.
    pub const fn start(&self) -> &Wire {
        &self.start
    }

    /// When it began: events of this instant were told before.
    pub const fn from(&self) -> Time {
        self.from
    }

    /// The payloads of the `sessionUpdate`s for `(from, to]`: at most 500 events, evenly chosen where there are more. It is
    /// one payload, but where the quota is lifted and it would be too large for a frame.
    pub fn updates(&self, from: Time, to: Time) -> Vec<Wire> {
        let mut found: Vec<(LogRecord, &str)> = Vec::new();
        for (name, arn) in &self.groups {
            let records = self.world.log_events(name, present(from), present(to));
            found.extend(records.into_iter().filter(|record| self.takes(record)).map(|record| (record, arn.as_str())));
        }
        found.sort_by_key(|(record, _)| record.time);
        let sampled = found.len() > self.most;
        let total = found.len();
        let kept = found.into_iter().enumerate().filter(|(i, _)| !sampled || chosen(*i, total, self.most));
        let results = kept.map(|(_, (record, arn))| {
            Wire::map([
                ("logStreamName", (*record.stream).into()),
                ("logGroupIdentifier", arn.into()),
                ("message", record.message.into()),
                ("timestamp", record.time.timestamp_millis().into()),
                ("ingestionTime", record.time.timestamp_millis().into()),
            ])
        });
        let results: Vec<Wire> = results.collect();
        let update = |results: &[Wire]| {
            let metadata = Wire::map([("sampled", sampled.into())]);
            Wire::map([("sessionMetadata", metadata), ("sessionResults", Wire::List(results.to_vec()))])
        };
        if results.is_empty() { vec![update(&[])] } else { results.chunks(FRAME_EVENTS).map(update).collect() }
    }

    fn takes(&self, record: &LogRecord) -> bool {
        (self.streams.is_empty() || self.streams.iter().any(|name| *name == *record.stream))
            && (self.prefixes.is_empty()
                || self.prefixes.iter().any(|prefix| record.stream.starts_with(prefix.as_str())))
            && self.pattern.matches(&record.message)
    }
}

/// Whether the `i`-th of `total` is among the `most` that are spread evenly over them.
const fn chosen(i: usize, total: usize, most: usize) -> bool {
    (i * most) / total != ((i + 1) * most) / total
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sample_has_its_size_and_spreads() {
        for (total, most) in [(501, 500), (1000, 500), (27_778, 500), (7, 3)] {
            let kept: Vec<usize> = (0..total).filter(|i| chosen(*i, total, most)).collect();
            assert_eq!(kept.len(), most, "{most} of {total}");
            let widest = kept.windows(2).map(|pair| pair[1] - pair[0]).max();
            assert!(widest <= Some(total.div_ceil(most)), "{most} of {total}: a gap of {widest:?}");
        }
    }
}
