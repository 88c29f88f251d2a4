use super::*;
use crate::store::window::Window;

fn t(text: &str) -> Time {
    format!("2026-01-15T{text}Z").parse().expect("a time")
}

fn stat(period_s: u32) -> MetricQuery {
    MetricQuery::stat("N", "m", &[], "Sum", period_s)
}

fn watch(query: &MetricQuery, compare: Option<Shift>, end: Option<Time>) -> Watch {
    let wanted = [Subscription::Metric { query: query.clone(), compare }].into();
    Watch { window: Window { span: Duration::from_hours(1), end }, wanted }
}

struct Run {
    schedule: Schedule,
    instant: Instant,
}

impl Run {
    fn new() -> Self {
        Self { schedule: Schedule::new(&Tuning::default()), instant: Instant::now() }
    }

    /// What is due, as clock times, answered at once with datapoints up to `newest`.
    fn step(&mut self, watch: &Watch, now: &str, newest: &str) -> Vec<(String, String)> {
        let asks = self.schedule.due(watch, t(now), self.instant);
        let newest = Some(t(newest));
        let mut seen = Vec::new();
        for ask in &asks {
            self.schedule.answered(ask, t(now), newest);
            seen.push((ask.from.format("%H:%M").to_string(), ask.to.format("%H:%M").to_string()));
        }
        seen
    }
}

fn range(from: &str, to: &str) -> Vec<(String, String)> {
    vec![(from.to_owned(), to.to_owned())]
}

#[test]
fn the_window_first_then_the_tail_once_a_period() {
    let (mut run, query) = (Run::new(), stat(60));
    let watch = watch(&query, None, None);
    assert_eq!(run.step(&watch, "10:28:30", "10:28:00"), range("09:28", "10:28"));
    assert_eq!(run.step(&watch, "10:28:40", "10:28:00"), []);
    assert_eq!(run.step(&watch, "10:29:01", "10:28:00"), [], "its datapoint may not exist yet");
    assert_eq!(run.step(&watch, "10:29:03", "10:29:00"), range("10:25", "10:29"));
    assert_eq!(run.step(&watch, "10:29:50", "10:29:00"), []);
    assert_eq!(run.step(&watch, "10:30:03", "10:30:00"), range("10:26", "10:30"));
}

#[test]
fn a_first_look_that_came_too_early_is_repeated() {
    let (mut run, query) = (Run::new(), stat(60));
    let watch = watch(&query, None, None);
    assert_eq!(run.step(&watch, "10:28:01", "10:28:00"), range("09:28", "10:28"));
    assert_eq!(run.step(&watch, "10:28:03", "10:28:00"), range("10:25", "10:28"));
    assert_eq!(run.step(&watch, "10:28:59", "10:28:00"), []);
}

#[test]
fn late_datapoints_are_looked_for_where_they_are_missing() {
    let (mut run, query) = (Run::new(), stat(60));
    let watch = watch(&query, None, None);
    run.step(&watch, "10:28:30", "10:23:00");
    assert_eq!(run.step(&watch, "10:29:03", "10:23:00"), range("10:20", "10:29"));
    let mut silent = Run::new();
    silent.step(&watch, "10:28:30", "09:30:00");
    assert_eq!(silent.step(&watch, "10:29:03", "09:30:00"), range("10:10", "10:29"), "but not for ever");
}

#[test]
fn the_window_before_is_twice_as_long() {
    let (mut run, query) = (Run::new(), stat(300));
    assert_eq!(run.step(&watch(&query, Some(Shift::Window), None), "10:28:30", "10:25:00"), range("08:25", "10:25"));
    assert_eq!(run.step(&watch(&query, Some(Shift::Window), None), "10:29:30", "10:25:00"), []);
    assert_eq!(run.step(&watch(&query, Some(Shift::Window), None), "10:30:03", "10:30:00"), range("10:10", "10:30"));
}

#[test]
fn another_window_fetches_what_is_missing() {
    let (mut run, query) = (Run::new(), stat(60));
    run.step(&watch(&query, None, None), "10:28:30", "10:28:00");
    let earlier = watch(&query, None, Some(t("09:58:00")));
    assert_eq!(run.step(&earlier, "10:28:40", "10:28:00"), range("08:58", "09:28"));
    assert_eq!(run.step(&earlier, "10:40:00", "10:28:00"), [], "a window that stands still is read once");
    let live = watch(&query, None, None);
    assert_eq!(run.step(&live, "10:40:10", "10:40:00"), range("10:25", "10:40"));
}

#[test]
fn an_expression_over_its_range_is_asked_whole() {
    let input = || vec![("m".to_owned(), stat(60))];
    let cases = [
        ("m*2", false),
        ("m-AVG(m)", true),
        ("AVG([m,m])", false),
        ("SUM(METRICS())", false),
        ("RUNNING_SUM(m)", true),
        ("FILL(m, REPEAT)", true),
        ("FILL(m, 0)", false),
        ("RATE(m)", true),
        ("SELECT SUM(x) FROM y", true),
        ("ANOMALY_DETECTION_BAND(m, 2)", false),
    ];
    for (text, whole) in cases {
        assert_eq!(needs_whole_range(&MetricQuery::expression(text, input(), 60)), whole, "{text}");
    }
    let (mut run, query) = (Run::new(), MetricQuery::expression("m-AVG(m)", input(), 60));
    let watch = watch(&query, None, None);
    run.step(&watch, "10:28:30", "10:28:00");
    assert_eq!(run.step(&watch, "10:28:59", "10:28:00"), []);
    assert_eq!(run.step(&watch, "10:29:03", "10:29:00"), range("09:29", "10:29"));
}

#[test]
fn what_is_under_way_or_failed_waits() {
    let (mut run, query) = (Run::new(), stat(60));
    let watch = watch(&query, None, None);
    let asks = run.schedule.due(&watch, t("10:28:30"), run.instant);
    assert_eq!(asks.len(), 1);
    assert!(run.schedule.due(&watch, t("10:28:31"), run.instant).is_empty());
    let later = run.instant + Duration::from_secs(8);
    run.schedule.failed(&query, later, false);
    assert!(run.schedule.due(&watch, t("10:28:32"), run.instant).is_empty());
    assert_eq!(run.schedule.next(&watch, t("10:28:32")), (Some(TimeDelta::seconds(31)), Some(later)));
    assert_eq!(run.schedule.due(&watch, t("10:28:40"), later).len(), 1);
}

#[test]
fn a_refresh_asks_for_the_tail_again() {
    let (mut run, query) = (Run::new(), stat(60));
    let watch = watch(&query, None, None);
    run.step(&watch, "10:28:30", "10:28:00");
    run.schedule.refresh();
    assert_eq!(run.step(&watch, "10:28:35", "10:28:00"), range("10:25", "10:28"));
}

/// What is due, with dates, answered at once.
fn dated(run: &mut Run, watch: &Watch, now: &str) -> Vec<String> {
    let now: Time = now.parse().expect("a time");
    let asks = run.schedule.due(watch, now, run.instant);
    let text = |at: Time| at.format("%m-%d %H:%M").to_string();
    asks.iter()
        .map(|ask| {
            run.schedule.answered(ask, now, Some(ask.to));
            format!("{} .. {}", text(ask.from), text(ask.to))
        })
        .collect()
}

#[test]
fn an_earlier_window_is_asked_for_once_a_window() {
    for (shift, day) in [(Shift::Day, "01-14"), (Shift::Week, "01-08")] {
        let (mut run, query) = (Run::new(), stat(60));
        let watch = watch(&query, Some(shift), None);
        let first = dated(&mut run, &watch, "2026-01-15T10:28:30Z");
        assert_eq!(first, ["01-15 09:28 .. 01-15 10:28".to_owned(), format!("{day} 09:28 .. {day} 11:28")]);
        let mut earlier = 0;
        for minute in 29..=59 {
            let asks = dated(&mut run, &watch, &format!("2026-01-15T10:{minute}:30Z"));
            earlier += asks.iter().filter(|ask| ask.starts_with(day)).count();
            assert!(!asks.is_empty(), "the present goes on");
        }
        assert_eq!(earlier, 0, "it was read ahead");
        let later = dated(&mut run, &watch, "2026-01-15T11:29:30Z");
        assert!(later.contains(&format!("{day} 11:28 .. {day} 12:29")), "{later:?}");
    }
}

#[test]
fn an_earlier_window_that_touches_is_one_with_the_window() {
    let query = stat(60);
    let mut watch = watch(&query, Some(Shift::Day), None);
    watch.window.span = Duration::from_hours(36);
    assert_eq!(dated(&mut Run::new(), &watch, "2026-01-15T10:28:30Z"), ["01-12 22:28 .. 01-15 10:28"]);
}

#[test]
fn nothing_is_asked_that_cloudwatch_no_longer_keeps() {
    let query = stat(60);
    let mut watch = watch(&query, Some(Shift::Window), None);
    watch.window.span = Duration::from_hours(14 * 24);
    assert_eq!(dated(&mut Run::new(), &watch, "2026-01-15T10:28:30Z"), ["12-31 10:29 .. 01-15 10:28"]);
    watch.window.end = Some("2025-11-01T00:00:00Z".parse().expect("a time"));
    assert!(dated(&mut Run::new(), &watch, "2026-01-15T10:28:30Z").is_empty());
}

#[test]
fn the_running_period_of_a_long_one_is_looked_at_while_it_grows() {
    let (mut run, query) = (Run::new(), stat(3_600));
    let mut watch = watch(&query, None, None);
    watch.window.span = Duration::from_hours(48);
    assert_eq!(dated(&mut run, &watch, "2026-01-15T10:28:30Z"), ["01-13 10:00 .. 01-15 11:00"]);
    assert!(dated(&mut run, &watch, "2026-01-15T10:29:30Z").is_empty());
    assert_eq!(dated(&mut run, &watch, "2026-01-15T10:30:03Z"), ["01-15 08:00 .. 01-15 11:00"]);
}

/// A watch on a query over the window and, for a rule, over the last three hours.
fn followed(end: Option<Time>) -> Watch {
    let query = stat(60);
    let mut watch = watch(&query, None, end);
    watch.wanted.insert(Subscription::Recent { query, span: Duration::from_hours(3) });
    watch
}

#[test]
fn what_a_rule_stands_on_is_asked_for_after_what_is_on_screen() {
    let (mut run, watch) = (Run::new(), followed(None));
    assert_eq!(run.step(&watch, "10:28:07", "10:28:00"), range("09:28", "10:28"));
    assert_eq!(run.step(&watch, "10:28:07", "10:28:00"), range("07:28", "09:28"));
    assert_eq!(run.step(&watch, "10:28:30", "10:28:00"), []);
    assert_eq!(run.step(&watch, "10:29:05", "10:29:00"), range("10:25", "10:29"), "one tail for both");

    let mut run = Run::new();
    assert_eq!(run.schedule.due(&watch, t("10:28:07"), run.instant).len(), 1);
    assert_eq!(run.schedule.due(&watch, t("10:28:07"), run.instant), [], "the screen's answer is under way");
}

#[test]
fn a_rule_goes_on_while_the_window_stands_still() {
    let (mut run, watch) = (Run::new(), followed(Some(t("06:00:00"))));
    assert_eq!(run.step(&watch, "10:28:07", "06:00:00"), range("05:00", "06:00"));
    assert_eq!(run.step(&watch, "10:28:07", "10:28:00"), range("07:28", "10:28"));
    assert!(run.schedule.next(&watch, t("10:28:07")).0.is_some_and(|wait| wait <= TimeDelta::minutes(1)));
    assert_eq!(run.step(&watch, "10:29:05", "10:29:00"), range("10:25", "10:29"));
}
