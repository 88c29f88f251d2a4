use super::*;

fn t(text: &str) -> Time {
    format!("2026-01-15T{text}Z").parse().expect("a time")
}

fn stat(name: &str, period_s: u32) -> MetricQuery {
    MetricQuery::stat("TokenServices", name, &[], "Sum", period_s)
}

fn ask(query: MetricQuery, from: &str, to: &str) -> Ask {
    Ask { query, from: t(from), to: t(to), alone: false }
}

fn hour(query: MetricQuery) -> Ask {
    ask(query, "09:00:00", "10:00:00")
}

fn rate() -> MetricQuery {
    MetricQuery::expression("100*f/(s+f)", vec![("s".into(), stat("ok", 60)), ("f".into(), stat("bad", 60))], 60)
}

#[test]
fn inputs_are_shared_and_not_returned() {
    let plan = plan(&[hour(rate()), hour(stat("ok", 60))]);
    assert_eq!(plan.calls.len(), 1);
    let call = &plan.calls[0];
    let seen: Vec<(&str, bool)> = call.entries.iter().map(|e| (e.id.as_str(), e.returned)).collect();
    assert_eq!(seen, [("q0", true), ("q1", false), ("q2", true)]);
    assert_eq!(call.entries[2].source, EntrySource::Expression("100*q1/(q0+q1)".into()));
    let answers: Vec<&str> = call.answers.iter().map(|(id, _)| id.as_str()).collect();
    assert_eq!(answers, ["q2", "q0"]);
}

#[test]
fn same_local_ids_of_two_expressions_stay_apart() {
    let other = MetricQuery::expression("f*2", vec![("f".into(), stat("other", 60))], 60);
    let call = &plan(&[hour(rate()), hour(other)]).calls[0];
    assert_eq!(call.entries[4].source, EntrySource::Expression("q3*2".into()));
}

#[test]
fn nested_expressions_and_metrics_of_the_request_are_spelt_out() {
    let nested =
        MetricQuery::expression("MAX(METRICS())+r", vec![("r".into(), rate()), ("m".into(), stat("m", 60))], 60);
    let call = &plan(&[hour(nested)]).calls[0];
    let last = call.entries.last().expect("entries");
    assert_eq!(last.source, EntrySource::Expression("MAX([q3])+q2".into()));
    assert_eq!(call.entries.iter().filter(|e| e.returned).count(), 1);
}

#[test]
fn five_hundred_queries_are_one_call_and_one_more_is_two() {
    let many = |n: usize| (0..n).map(|i| hour(stat(&format!("m{i}"), 60))).collect::<Vec<_>>();
    assert_eq!(plan(&many(500)).calls.len(), 1);
    let calls = plan(&many(501)).calls;
    assert_eq!(calls.iter().map(|c| c.entries.len()).collect::<Vec<_>>(), [500, 1]);
}

#[test]
fn datapoints_limit_a_call() {
    let days: Vec<Ask> = (0..8)
        .map(|i| Ask {
            query: stat(&format!("m{i}"), 60),
            from: "2026-01-01T00:00:00Z".parse().expect("a time"),
            to: "2026-01-15T00:00:00Z".parse().expect("a time"),
            alone: false,
        })
        .collect();
    assert_eq!(plan(&days).calls.iter().map(|c| c.entries.len()).collect::<Vec<_>>(), [4, 4]);
}

#[test]
fn periods_share_a_call_aligned_to_all_of_them() {
    let asks = [ask(stat("a", 60), "09:57:00", "10:03:00"), ask(stat("b", 300), "09:45:00", "10:00:00")];
    let calls = plan(&asks).calls;
    assert_eq!(calls.len(), 1);
    assert_eq!((calls[0].from, calls[0].to), (t("09:45:00"), t("10:03:00")));
    let asks = [ask(stat("a", 60), "09:57:00", "10:03:00"), ask(stat("b", 86_400), "00:00:00", "10:00:00")];
    assert_eq!(plan(&asks).calls.len(), 2, "a day's boundary is too far for a minute's query");
}

#[test]
fn one_metrics_insights_query_a_call() {
    let sql = |what: &str| hour(MetricQuery::expression(&format!("SELECT {what} FROM \"AWS/Lambda\""), vec![], 60));
    let calls = plan(&[sql("SUM(Errors)"), hour(stat("a", 60)), sql("MAX(Duration)")]).calls;
    assert_eq!(calls.iter().map(|c| c.entries.len()).collect::<Vec<_>>(), [2, 1]);
}

#[test]
fn what_names_unknown_ids_is_refused_here_and_the_rest_lives() {
    let bad = MetricQuery::expression("q0*2", vec![], 60);
    let plan = plan(&[hour(bad.clone()), hour(stat("a", 60)), hour(MetricQuery::expression(" ", vec![], 60))]);
    assert_eq!(plan.calls.len(), 1);
    assert_eq!(plan.rejected.len(), 2);
    assert_eq!(plan.rejected[0].0.query, bad);
    assert_eq!(plan.rejected[0].1, "the expression names q0, which is none of its inputs");
}

#[test]
fn a_suspect_stays_alone() {
    let mut suspect = hour(stat("s", 60));
    suspect.alone = true;
    assert_eq!(plan(&[hour(stat("a", 60)), suspect, hour(stat("b", 60))]).calls.len(), 2);
}
