//! What a drill-down asks: metric filters, matching lines, traces, changes.

use barograph::board::ChangeRules;
use barograph::store::health::ErrorKind;
use barograph::store::matches::{LineQuery, Matches, Reach};
use barograph::store::trace_list::TraceQuery;
use barograph::store::window::Span;
use chrono::TimeDelta;

use super::*;

const START: &str = r#"{ $.event = "TOKEN_PROVISION_START" }"#;

fn span(minutes: i64) -> Span {
    Span { from: time(INCIDENT) - TimeDelta::minutes(minutes), to: None }
}

fn matching(pattern: &str, minutes: i64) -> LineQuery {
    LineQuery { group: GROUP.to_owned(), pattern: pattern.to_owned(), span: span(minutes), reach: Reach::Newest }
}

async fn matches(setting: Setting, query: &LineQuery) -> (Matches, u64) {
    let mut rig = Rig::start(setting, [Subscription::Matches(query.clone())]).await;
    let found = rig.settled().await.into_iter().rev().find_map(|update| match update {
        Update::Matches { matches, query: asked, .. } if asked == *query => Some(matches),
        _ => None,
    });
    let calls = rig.demo.counts.snapshot().of("FilterLogEvents");
    rig.stop().await;
    (found.expect("matches"), calls)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_newest_lines_that_match_come_and_what_was_not_read_is_said() {
    let query = matching(START, 10);
    let (found, calls) = matches(Setting::fixed(Mode::Once), &query).await;
    let (from, to) = (query.span.from, time(INCIDENT) + TimeDelta::milliseconds(1));
    let mut all = world(4.0).log_events(GROUP, from, to);
    all.retain(|record| record.message.contains("TOKEN_PROVISION_START"));
    assert!(all.len() > 1_500, "{}", all.len());
    let newest: Vec<&str> = all.iter().rev().take(1_000).map(|record| record.message.as_str()).collect();
    let mut shown: Vec<&str> = found.lines.iter().map(|line| &*line.message).collect();
    assert!(found.lines.is_sorted_by(|a, b| a.time >= b.time));
    let mut expected = newest;
    expected.sort_unstable();
    shown.sort_unstable();
    assert_eq!(shown, expected);
    let oldest = found.lines.last().expect("a line").time;
    assert_eq!((found.unread, found.running), (Some((from, oldest)), false));
    assert_eq!((found.pages as u64, calls), (1, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pattern_that_finds_nothing_ends_after_so_many_empty_pages() {
    let mut setting = Setting::fixed(Mode::Once);
    setting.options.quotas.scanned_events = 50;
    let query = matching("nobody-logs-this".replace('-', "_").as_str(), 10);
    let (found, calls) = matches(setting, &query).await;
    assert_eq!(found.lines, []);
    assert_eq!((found.pages, calls), (30, 30));
    assert_eq!(found.unread.map(|(from, _)| from), Some(query.span.from));
    let (found, _) = matches(Setting::fixed(Mode::Once), &query).await;
    assert_eq!((found.lines.len(), found.unread), (0, None), "with pages as large as AWS's all of it is read");
}

#[tokio::test(flavor = "multi_thread")]
async fn new_lines_join_those_that_are_known() {
    let mut setting = Setting::fixed(Mode::Live);
    setting.clock = Clock::running(time(INCIDENT), 20.0);
    setting.tuning.lines_every = Duration::from_secs(4);
    let query = matching(START, 1);
    let mut rig = Rig::start(setting, [Subscription::Matches(query.clone())]).await;
    let mut last: Option<Matches> = None;
    let mut grown = 0;
    while grown < 3 {
        let Some(Update::Matches { matches, .. }) = update(rig.next().await) else { continue };
        if let Some(before) = &last {
            assert!(before.lines.iter().all(|line| matches.lines.contains(line)), "nothing that was known goes");
            grown += usize::from(matches.lines.len() > before.lines.len());
        }
        assert!(matches.lines.is_sorted_by(|a, b| a.time >= b.time));
        let mut texts: Vec<_> = matches.lines.iter().map(|line| &line.message).collect();
        texts.sort_unstable();
        texts.dedup();
        assert_eq!(texts.len(), matches.lines.len(), "each line once");
        last = Some(matches);
    }
    rig.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_metric_names_its_filters_in_one_call() {
    let filters = |name: &str| Subscription::MetricFilters { namespace: "TokenServices".into(), name: name.into() };
    let wanted = [filters("FailedTokenProvisioning"), filters("TokenProvisioningFailure")];
    let mut rig = Rig::start(Setting::fixed(Mode::Once), wanted).await;
    let mut found = Vec::new();
    for update in rig.settled().await {
        if let Update::MetricFilters { name, filters, .. } = update {
            found.push((name, filters));
        }
    }
    found.sort_by(|a, b| a.0.cmp(&b.0));
    let [(_, filters), (_, none)] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!(none.len(), 0, "the service publishes it");
    assert_eq!(filters[0].pattern, r#"{ $.event = "TOKEN_PROVISION_FAILURE" }"#);
    assert_eq!((filters[0].log_group.as_str(), filters[0].value.as_str()), (GROUP, "1"));
    assert_eq!(rig.demo.counts.snapshot().of("DescribeMetricFilters"), 2);
    rig.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn traces_with_faults_come_newest_first_and_are_counted() {
    let query = TraceQuery::new(r#"service("TSP") { fault = true }"#, span(10));
    let mut rig = Rig::start(Setting::fixed(Mode::Once), [Subscription::TraceSummaries(query)]).await;
    let list = rig.settled().await.into_iter().find_map(|update| match update {
        Update::TraceSummaries { list, .. } if !list.running => Some(list),
        _ => None,
    });
    let list = list.expect("a list");
    assert!(list.traces.len() > 20 && list.traces.iter().all(|trace| trace.fault), "{list:?}");
    assert!(list.traces.is_sorted_by(|a, b| a.start >= b.start));
    assert!(list.traces.iter().all(|trace| trace.annotations.contains(&("Issuer".into(), "Contoso_Bank".into()))));
    assert!(list.scanned as usize >= list.traces.len());
    assert!(
        rig.client.meter().spending().calls.iter().any(|(name, count)| name == "xray:GetTraceSummaries" && *count > 0)
    );
    rig.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn changes_are_read_once_and_then_only_where_they_may_be_late() {
    let mut setting = Setting::fixed(Mode::Live);
    setting.clock = Clock::running(time(INCIDENT), 60.0);
    setting.span = Duration::from_hours(3);
    setting.tuning.changes_every = Duration::from_mins(1);
    let board = Board {
        changes: Some(ChangeRules { log_group: "aws-cloudtrail-logs-demo".into(), ignore: Vec::new() }),
        ..board()
    };
    let mut rig = Rig::start_on(board, setting, [Subscription::Changes]).await;
    let mut answers = 0;
    let mut first = 0;
    while answers < 3 {
        let Some(Update::Changes { changes, .. }) = update(rig.next().await) else { continue };
        let events: Vec<&str> = changes.iter().map(|change| change.event.as_str()).collect();
        assert_eq!(&events[..2], ["UpdateFunctionCode20150331v2", "UpdateService"], "newest first");
        assert_eq!(
            (changes[0].who.as_str(), changes[0].what.as_str()),
            ("deployer/pipeline", "token-provisioning-service")
        );
        answers += 1;
        if answers == 1 {
            first = rig.demo.counts.snapshot().of("FilterLogEvents");
        }
    }
    // Three hours are read in stretches of 15 minutes, 45, 2 hours; later looks need one call each.
    let calls = rig.demo.counts.snapshot().of("FilterLogEvents");
    assert!(first >= 2 && calls - first <= 4, "{first} and then {calls}");
    rig.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_board_without_a_trail_has_no_changes_and_makes_no_call() {
    let mut rig = Rig::start(Setting::fixed(Mode::Once), [Subscription::Changes]).await;
    let updates = rig.settled().await;
    assert!(updates.iter().any(|update| matches!(update, Update::Changes { changes, .. } if changes.is_empty())));
    assert_eq!(rig.demo.counts.snapshot().of("FilterLogEvents"), 0);
    rig.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_denied_look_is_told_with_its_action() {
    let mut setting = Setting::fixed(Mode::Once);
    let denied = "deny:DescribeMetricFilters,deny:FilterLogEvents,deny:GetTraceSummaries";
    setting.options.faults = denied.parse().expect("faults");
    let filters = Subscription::MetricFilters { namespace: "N".into(), name: "M".into() };
    let traces = Subscription::TraceSummaries(TraceQuery::new("", span(1)));
    let mut rig = Rig::start(setting, [filters, Subscription::Matches(matching(START, 1)), traces]).await;
    let messages = rig.until(|message| matches!(message, Msg::Feed(Update::Settled { .. }))).await;
    let mut told: Vec<String> = messages
        .into_iter()
        .filter_map(|message| match message {
            Msg::Failed(_, error) if error.kind == ErrorKind::Denied => Some(error.operation),
            _ => None,
        })
        .collect();
    told.sort();
    assert_eq!(told, ["logs:DescribeMetricFilters", "logs:FilterLogEvents", "xray:GetTraceSummaries"]);
    rig.stop().await;
}
