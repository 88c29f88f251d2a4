//! Which period a metric is asked with: its own, or a longer one where the window is too old or too long for it.

use chrono::TimeDelta;

use super::series::{MetricQuery, MetricSource};
use super::window::{Shift, Window};
use crate::clock::Time;

/// How many days CloudWatch keeps datapoints of periods below so many seconds; those of less than a minute, hours.
///
/// Source: CloudWatch User Guide, "Metrics retention".
const RETENTION: [(u32, TimeDelta); 4] = [
    (60, TimeDelta::hours(3)),
    (300, TimeDelta::days(15)),
    (3_600, TimeDelta::days(63)),
    (u32::MAX, TimeDelta::days(455)),
];
/// The longest span that CloudWatch has any datapoint of.
pub const LONGEST: TimeDelta = TimeDelta::days(455);

/// Periods to widen to, in seconds: each divides a day, and a longer one each of its shorter ones from a minute on.
const PERIODS: [u32; 10] = [60, 300, 900, 1_800, 3_600, 10_800, 21_600, 43_200, 86_400, 7 * 86_400];

/// Datapoints beyond which a line has no more to show: a wide terminal has some 600 columns of dots.
const MOST_POINTS: i64 = 1_500;

/// How long CloudWatch keeps datapoints of this period.
pub fn retention(period_s: u32) -> TimeDelta {
    RETENTION.iter().find(|(below, _)| period_s < *below).map_or(LONGEST, |(_, kept)| *kept)
}

/// The period in seconds that a metric of period `own_s` is drawn with over a window: not finer than its own, still kept
/// by CloudWatch for all that is shown, and at most 1,500 datapoints.
///
/// `compare` names the earlier windows that are drawn with it: they need the same period.
pub fn drawn(own_s: u32, window: Window, compare: Option<Shift>, now: Time) -> u32 {
    let span = window.span.as_secs() as i64;
    let fits = |period: u32| span / i64::from(period) <= MOST_POINTS;
    widened(own_s, |period| is_kept(period, window, compare, now) && fits(period))
}

/// The period in seconds that a metric of period `own_s` is counted with over a window: its own, unless CloudWatch no
/// longer keeps that.
pub fn counted(own_s: u32, window: Window, compare: Option<Shift>, now: Time) -> u32 {
    widened(own_s, |period| is_kept(period, window, compare, now))
}

fn is_kept(period_s: u32, window: Window, compare: Option<Shift>, now: Time) -> bool {
    let (from, _) = window.range(now);
    let back = compare.map_or_else(TimeDelta::zero, |shift| shift.back(window, period_s));
    let age = now - from + back;
    // What is older than everything is asked with the longest period that is kept at all.
    age <= retention(period_s) || period_s >= 3_600
}

fn widened(own_s: u32, fits: impl Fn(u32) -> bool) -> u32 {
    let own_s = own_s.max(1);
    if fits(own_s) && keeps_step(own_s) {
        return own_s;
    }
    let mut longer = PERIODS.into_iter().filter(|period| *period >= own_s);
    longer.clone().find(|period| fits(*period)).or_else(|| longer.next_back()).unwrap_or(own_s)
}

/// Whether CloudWatch takes a period: 1, 5, 10, 20, 30 or a multiple of 60 (API reference, `MetricStat`).
const fn keeps_step(period_s: u32) -> bool {
    matches!(period_s, 1 | 5 | 10 | 20 | 30) || period_s.is_multiple_of(60)
}

impl MetricQuery {
    /// The query as a chart of this window draws it; see [`drawn`].
    pub fn drawn(&self, window: Window, compare: Option<Shift>, now: Time) -> Self {
        self.at_least(drawn(self.period_s, window, compare, now), &|own| drawn(own, window, compare, now))
    }

    /// The query as a figure over this window counts it; see [`counted`].
    pub fn counted(&self, window: Window, compare: Option<Shift>, now: Time) -> Self {
        self.at_least(counted(self.period_s, window, compare, now), &|own| counted(own, window, compare, now))
    }

    /// The query with its period widened to `period_s`, its inputs' with it and each as far as it needs itself.
    ///
    /// AWS takes the statistic over the longer period: a p99 is the p99 of the hour, not a mean of sixty.
    fn at_least(&self, period_s: u32, fitting: &impl Fn(u32) -> u32) -> Self {
        let grown = period_s > self.period_s;
        let source = match &self.source {
            MetricSource::Stat { .. } => self.source.clone(),
            MetricSource::Expression { text, inputs } => {
                let inputs = inputs.iter().map(|(id, input)| {
                    let least = if grown { period_s } else { 0 };
                    (id.clone(), input.at_least(fitting(input.period_s).max(least).max(input.period_s), fitting))
                });
                let text = if grown { search_with_period(text, period_s) } else { text.clone() };
                MetricSource::Expression { text, inputs: inputs.collect() }
            }
        };
        Self { source, period_s: period_s.max(self.period_s), ..self.clone() }
    }
}

/// A text whose `SEARCH('…', 'Sum', 60)` have no shorter period than `period_s`.
fn search_with_period(text: &str, period_s: u32) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(found) = rest.find("SEARCH") {
        let (before, call) = rest.split_at(found + "SEARCH".len());
        out.push_str(before);
        rest = call;
        let Some((start, end)) = period_argument(call) else { continue };
        match call[start..end].parse::<u32>() {
            Ok(own) if own < period_s => out.extend([&call[..start], &period_s.to_string()]),
            Ok(_) | Err(_) => out.push_str(&call[..end]),
        }
        rest = &call[end..];
    }
    out.push_str(rest);
    out
}

/// Where the third argument of `('…', 'Sum', 60)` stands, if it is a number.
fn period_argument(call: &str) -> Option<(usize, usize)> {
    let mut quoted = false;
    let mut commas = 0;
    let mut start = None;
    for (at, c) in call.char_indices() {
        match c {
            '\'' => quoted = !quoted,
            _ if quoted => {}
            ',' => commas += 1,
            ')' => return start.map(|start| (start, at)).filter(|_| commas == 2).map(|(s, _)| (s, digits(call, s))),
            _ if commas == 2 && c.is_ascii_digit() && start.is_none() => start = Some(at),
            _ => {}
        }
    }
    None
}

fn digits(text: &str, start: usize) -> usize {
    start + text[start..].bytes().take_while(u8::is_ascii_digit).count()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn now() -> Time {
        "2026-01-15T10:28:07Z".parse().expect("a time")
    }

    fn window(hours: u64, hours_ago: i64) -> Window {
        let end = (hours_ago > 0).then(|| now() - TimeDelta::hours(hours_ago));
        Window { span: Duration::from_hours(hours), end }
    }

    const DAY: u64 = 24;

    #[test]
    fn the_period_fits_the_window() {
        // Own period, hours of the window, hours since it ended, compared with: the period to draw and the one to count.
        let cases = [
            (60, 3, 0, None, 60, 60),
            (1, 3, 0, None, 60, 1),
            (10, 3, 0, None, 10, 10),
            (10, 3, 0, Some(Shift::Window), 60, 60),
            (10, 3, 1, None, 60, 60),
            (60, DAY, 0, None, 60, 60),
            (60, 3 * DAY, 0, None, 300, 60),
            (60, 7 * DAY, 0, None, 900, 60),
            (60, 7 * DAY, 0, Some(Shift::Window), 900, 60),
            (60, 8 * DAY, 0, Some(Shift::Window), 900, 300),
            (60, 14 * DAY, 0, None, 900, 60),
            (300, 14 * DAY, 0, None, 900, 300),
            (60, 30 * DAY, 0, None, 1_800, 300),
            (60, 63 * DAY, 0, None, 10_800, 300),
            (60, 64 * DAY, 0, None, 10_800, 3_600),
            (60, 455 * DAY, 0, None, 43_200, 3_600),
            (86_400, 455 * DAY, 0, None, 86_400, 86_400),
            (60, 3, 20 * 24, None, 300, 300),
            (60, 3, 70 * 24, None, 3_600, 3_600),
            (60, 3, 0, Some(Shift::Week), 60, 60),
            (60, 3, 12 * 24, Some(Shift::Week), 300, 300),
            (420, 3, 0, None, 420, 420),
            (420, 30 * DAY, 0, None, 1_800, 420),
            (7_200, 455 * DAY, 0, None, 43_200, 7_200),
            (60, 3, 500 * 24, None, 3_600, 3_600),
        ];
        for (own, hours, ago, compare, draw, count) in cases {
            let window = window(hours, ago);
            let got = (drawn(own, window, compare, now()), counted(own, window, compare, now()));
            assert_eq!(got, (draw, count), "{own} s over {hours} h, {ago} h ago, {compare:?}");
        }
    }

    #[test]
    fn no_period_is_finer_than_its_own_and_none_is_gone() {
        for own in [1, 30, 60, 120, 300, 900, 3_600, 86_400] {
            for hours in (1..455 * DAY).step_by(37) {
                for ago in [0, 5, 400, 2_000] {
                    let window = window(hours, ago);
                    let period = drawn(own, window, None, now());
                    assert!(period >= own && keeps_step(period), "{own}: {period}");
                    let (from, _) = window.range(now());
                    let age = now() - from;
                    assert!(age <= retention(period) || age > LONGEST, "{own}: {period}");
                    assert!(hours as i64 * 3_600 / i64::from(period) <= MOST_POINTS || period == own);
                }
            }
        }
    }

    #[test]
    fn inputs_and_searches_are_widened_too() {
        let stat = |period| MetricQuery::stat("N", "m", &[], "p99", period);
        let rate = MetricQuery::expression("100*a/b", vec![("a".into(), stat(60)), ("b".into(), stat(3_600))], 60);
        let wide = rate.drawn(window(7 * DAY, 0), None, now());
        let MetricSource::Expression { text, inputs } = &wide.source else { panic!("an expression") };
        assert_eq!((wide.period_s, text.as_str()), (900, "100*a/b"));
        assert_eq!((inputs[0].1.period_s, inputs[1].1.period_s), (900, 3_600));
        assert_eq!(rate.drawn(window(3, 0), None, now()), rate, "nothing to widen");

        let old = MetricQuery::expression("m1", vec![("m1".into(), stat(60))], 300);
        let MetricSource::Expression { inputs, .. } = old.counted(window(3, 20 * 24), None, now()).source else {
            panic!("an expression")
        };
        assert_eq!(inputs[0].1.period_s, 300, "an input may be too fine though the expression is not");

        let cases = [
            ("SEARCH('{N,D} m', 'Sum', 60)", "SEARCH('{N,D} m', 'Sum', 900)"),
            ("SUM(SEARCH(' a, b ) ', 'Sum' , 60 ))", "SUM(SEARCH(' a, b ) ', 'Sum' , 900 ))"),
            ("SEARCH('m', 'Sum', 3600)+SEARCH('n', 'p99', 300)", "SEARCH('m', 'Sum', 3600)+SEARCH('n', 'p99', 900)"),
            ("SEARCH('m', 'Sum')", "SEARCH('m', 'Sum')"),
            ("SEARCH", "SEARCH"),
            ("SEARCH('é 60", "SEARCH('é 60"),
        ];
        for (text, expected) in cases {
            assert_eq!(search_with_period(text, 900), expected);
        }
    }
}
