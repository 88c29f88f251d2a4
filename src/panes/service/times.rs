//! Response times as bars, a line a range.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::board::Unit;
use crate::text::units;
use crate::widgets::bar;
use crate::widgets::print::{Align, line, put};
use crate::widgets::theme::{Role, Theme};

/// Requests whose response time was no longer than this, and longer than the bucket before.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Bucket {
    /// The longest, in seconds.
    upto_s: f64,
    /// How many requests.
    count: u64,
}

/// A histogram in at most so many buckets, each reaching the same factor further than the one before.
pub(super) fn buckets(histogram: &[(f64, u64)], most: u16) -> Vec<Bucket> {
    let times = || histogram.iter().map(|(seconds, _)| *seconds).filter(|s| s.is_finite() && *s > 0.0);
    let (Some(low), Some(high)) = (times().reduce(f64::min), times().reduce(f64::max)) else { return Vec::new() };
    let most = usize::from(most.clamp(1, 12));
    if histogram.len() <= most {
        return histogram.iter().map(|(upto_s, count)| Bucket { upto_s: *upto_s, count: *count }).collect();
    }
    let factor = (high / low).powf(1.0 / most as f64).max(1.01);
    let mut buckets: Vec<Bucket> =
        (1..=most).map(|n| Bucket { upto_s: low * factor.powi(n as i32), count: 0 }).collect();
    for (seconds, count) in histogram {
        let slot = buckets.iter().position(|bucket| *seconds <= bucket.upto_s * 1.000_001);
        if let Some(bucket) = buckets.get_mut(slot.unwrap_or(most - 1)) {
            bucket.count += count;
        }
    }
    buckets
}

/// Draws a line a bucket.
pub(super) fn draw(buckets: &[Bucket], buffer: &mut Buffer, area: Rect, theme: &Theme) {
    const LABEL: u16 = 9;
    const COUNT: u16 = 8;
    if buckets.is_empty() {
        put(buffer, area, "No response times.", theme.style(Role::Muted), Align::Left);
        return;
    }
    let most = buckets.iter().map(|bucket| bucket.count).max().unwrap_or(0);
    for (row, bucket) in buckets.iter().enumerate() {
        let Some(space) = line(area, row) else { return };
        let label = format!("≤ {}", units::value(bucket.upto_s, Unit::Seconds));
        put(buffer, Rect { width: LABEL.min(space.width), ..space }, &label, theme.style(Role::Muted), Align::Right);
        let left = (LABEL + 1).min(space.width);
        let right = if space.width > LABEL + COUNT + 6 { COUNT + 1 } else { 0 };
        let track = Rect { x: space.x + left, width: (space.width - left).saturating_sub(right), ..space };
        bar::lying(buffer, track, bucket.count as f64, most as f64, theme.ink(Role::Segment));
        if right > 0 {
            let count = Rect { x: space.right() - COUNT, width: COUNT, ..space };
            let text = units::value(bucket.count as f64, Unit::Count);
            put(buffer, count, &text, theme.style(Role::Text), Align::Right);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_request_is_lost_in_bucketing() {
        let histogram: Vec<(f64, u64)> = (1..=100).map(|n| (f64::from(n) * 0.013, u64::from(n as u32))).collect();
        for most in [1, 3, 8, 12, 200] {
            let buckets = buckets(&histogram, most);
            assert!(buckets.len() <= usize::from(most.clamp(1, 12)));
            assert_eq!(buckets.iter().map(|bucket| bucket.count).sum::<u64>(), 5050);
            assert!(buckets.windows(2).all(|two| two[0].upto_s < two[1].upto_s));
        }
        assert_eq!(buckets(&[(0.5, 3), (1.0, 4)], 8).len(), 2);
        assert!(buckets(&[], 8).is_empty());
    }
}
