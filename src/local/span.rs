//! From when until when inputs have entries.

use std::time::{Duration, Instant};

use super::entries::Entries;
use super::reader::Source;
use super::{Input, STRIDE};
use crate::clock::Time;

/// From the first entry of the inputs to just behind the last, in whole seconds; `None` where nothing has an entry.
///
/// They are read for so long at most. Of what is beyond, the first entries count, and `now`: logs grow at their ends.
/// What cannot be read is left out: a query over it says so.
pub fn span(inputs: &[Input], now: Time, patience: Duration) -> Option<(Time, Time)> {
    let until = Instant::now() + patience;
    let mut found: Option<(Time, Time)> = None;
    let mut take = |time: Time| {
        found = Some(found.map_or((time, time), |(first, last)| (first.min(time), last.max(time))));
    };
    let mut is_whole = true;
    for input in inputs.iter().filter(|input| **input != Input::Stdin) {
        let Ok(mut entries) = Source::open(input, now).and_then(Entries::new) else { continue };
        let mut count = 0_u64;
        while let Ok(Some(entry)) = entries.next() {
            take(entry.time);
            count += 1;
            if (count == 1 || count.is_multiple_of(STRIDE)) && Instant::now() >= until {
                is_whole = false;
                break;
            }
        }
    }
    let (first, last) = found?;
    let last = if is_whole { last } else { last.max(now) };
    let second = |time: Time| crate::clock::floor(time, 1);
    Some((second(first), second(last) + chrono::TimeDelta::seconds(1)))
}
