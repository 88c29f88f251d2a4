//! Load: many padded lines a second, cheap to make, for tests and benchmarks of those who read them.

use std::ops::Range;
use std::str::FromStr;
use std::sync::Arc;

use super::LogRecord;
use super::text::{digits, hex};
use super::time;
use crate::clock::Time;

/// Lines that the token service's group has beside those of its requests. Nothing else counts them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Load {
    /// Lines a second.
    pub rate: u32,
    /// Bytes of a line.
    pub bytes: usize,
    /// How long they are written, in seconds; for ever without one.
    pub seconds: Option<u32>,
}

/// Load from an instant on.
#[derive(Debug, Clone)]
pub(super) struct Loading {
    load: Load,
    from_ms: i64,
    stream: Arc<str>,
    padding: String,
}

/// Why a load was not understood.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("write it like 27778x1200, lines a second and bytes of each, or 27778x1200x60 for so many seconds")]
pub struct LoadError;

impl FromStr for Load {
    type Err = LoadError;

    fn from_str(text: &str) -> Result<Self, LoadError> {
        let mut numbers = text.split('x').map(str::parse::<u32>);
        let mut next = || numbers.next().transpose().map_err(|_| LoadError);
        let (rate, bytes, seconds) = (next()?.ok_or(LoadError)?, next()?.ok_or(LoadError)?, next()?);
        let fits = (1..=1_000_000).contains(&rate) && bytes <= 1 << 18 && next()?.is_none();
        if fits { Ok(Self { rate, bytes: bytes as usize, seconds }) } else { Err(LoadError) }
    }
}

impl std::fmt::Display for Load {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}x{}", self.rate, self.bytes)?;
        self.seconds.map_or(Ok(()), |seconds| write!(f, "x{seconds}"))
    }
}

impl Loading {
    pub(super) fn new(load: Load, from: Time) -> Self {
        // A text that compresses neither to nothing nor not at all.
        let padding = "provisioning step took its time; ".chars().cycle().take(load.bytes).collect();
        Self { load, from_ms: from.timestamp_millis(), stream: "load/0".into(), padding }
    }

    /// The instant of the `n`-th line.
    const fn ms(&self, n: u64) -> i64 {
        self.from_ms + (n as u128 * 1000 / self.load.rate as u128) as i64
    }

    /// The number of the first line at an instant or later.
    const fn first(&self, ms: i64) -> u64 {
        let after = if ms > self.from_ms { (ms - self.from_ms) as u128 } else { 0 };
        (after * self.load.rate as u128).div_ceil(1000) as u64
    }

    /// The lines in a span of milliseconds, ascending.
    pub(super) fn records(&self, span: &Range<i64>) -> Vec<LogRecord> {
        let end = self.load.seconds.map_or(u64::MAX, |seconds| u64::from(seconds) * u64::from(self.load.rate));
        (self.first(span.start)..self.first(span.end).min(end)).map(|n| self.record(n)).collect()
    }

    fn record(&self, n: u64) -> LogRecord {
        let ms = self.ms(n);
        let mut id = String::with_capacity(56);
        id.push_str("39");
        digits(&mut id, ms.unsigned_abs(), 13);
        digits(&mut id, 0, 19);
        digits(&mut id, 0, 3);
        digits(&mut id, n, 19);
        let mut message = String::with_capacity(self.load.bytes.max(200));
        let (level, event, more) = match n % 50 {
            7 => ("ERROR", "TOKEN_PROVISION_FAILURE", "\",\"reason\":\"STORE_THROTTLED"),
            _ => ("INFO", "TOKEN_PROVISION_SUCCESS", ""),
        };
        message.push_str("{\"level\":\"");
        message.push_str(level);
        message.push_str("\",\"event\":\"");
        message.push_str(event);
        message.push_str(more);
        message.push_str("\",\"issuer\":\"DEMO_Bank\",\"requestId\":\"load-");
        hex(&mut message, n, 16);
        message.push_str("\",\"processingTime\":0.");
        digits(&mut message, n % 1000, 3);
        message.push_str(",\"note\":\"");
        let rest = self.load.bytes.saturating_sub(message.len() + 2);
        message.push_str(self.padding.get(..rest).unwrap_or_default());
        message.push_str("\"}");
        LogRecord { time: time::instant(ms), stream: Arc::clone(&self.stream), id, message }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_join_without_gap_or_double() {
        let load: Load = "27778x1200x2".parse().expect("a load");
        let from = time::instant(1_768_472_880_000);
        let loading = Loading::new(load, from);
        let all = loading.records(&(1_768_472_879_000..1_768_472_900_000));
        assert_eq!(all.len(), 2 * 27_778);
        assert!(all.iter().all(|record| record.message.len() == 1200));
        let parts: Vec<LogRecord> = (0..1_400)
            .flat_map(|n| loading.records(&(1_768_472_879_990 + n * 17..1_768_472_879_990 + n * 17 + 17)))
            .collect();
        assert_eq!(parts, all);
        assert!(all.is_sorted_by(|a, b| (a.time, &a.id) < (b.time, &b.id)));
    }

    #[test]
    fn loads_are_read_and_written() {
        for text in ["27778x1200", "1x0x60"] {
            assert_eq!(text.parse::<Load>().map(|load| load.to_string()).as_deref(), Ok(text));
        }
        for text in ["", "5", "0x10", "1x2x3x4", "x", "1x-2", "1x99999999"] {
            assert_eq!(text.parse::<Load>(), Err(LoadError), "{text}");
        }
    }
}
