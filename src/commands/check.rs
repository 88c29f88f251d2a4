//! `baro check`: is the configuration right, and may the board read what it needs?

use std::io::{self, Write};

use crate::board::{Board, RuleKind};
use crate::config::{Environment, Loaded};
use crate::store::health::{ErrorKind, SourceError, SourceId};
use crate::text::units::plural;
use crate::text::{clean, units};

/// What came of trying an action.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Probe {
    /// What was asked.
    pub source: SourceId,
    /// Whether AWS answered.
    pub result: Result<(), SourceError>,
}

/// What the answers come to; decides the exit status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// All is well.
    Good,
    /// The configuration has problems.
    Misconfigured,
    /// AWS refused or could not be reached.
    Refused,
}

impl Verdict {
    /// The exit status.
    pub const fn exit_status(self) -> u8 {
        match self {
            Self::Good => 0,
            Self::Misconfigured => 2,
            Self::Refused => 3,
        }
    }
}

/// The actions that a board needs, and what for.
pub fn needed(board: &Board) -> Vec<(SourceId, &'static str)> {
    let mut needed = Vec::new();
    if !board.metrics.is_empty() {
        needed.push((SourceId::Metrics, "cards and charts"));
    }
    needed.push((SourceId::Catalogue, "the list of metrics"));
    needed.push((SourceId::Alarms, "alarms"));
    needed.push((SourceId::AlarmHistory, "an alarm's history"));
    needed.push((SourceId::AlarmTags, "tags of alarms"));
    if board.feed.is_some() {
        needed.push((SourceId::Tail, "the feed as it happens"));
        needed.push((SourceId::Poll, "the feed's past, a request's lines"));
        needed.push((SourceId::Rows, "Logs Insights, breakdown and suspects"));
        needed.push((SourceId::LogFields, "fields of log groups"));
        needed.push((SourceId::Trace, "a request's trace"));
    }
    if board.rules.iter().any(|rule| matches!(rule.kind, RuleKind::Rate { .. })) {
        needed.push((SourceId::Counts, "log events that rules count"));
    }
    if board.changes.is_some() {
        needed.push((SourceId::Changes, "what was changed"));
    }
    needed.push((SourceId::LogGroups, "log groups, and what a query will cost"));
    needed.push((SourceId::QueryDefinitions, "saved queries"));
    needed.push((SourceId::MetricFilters, "the log lines behind a metric"));
    let on_services = board.rules.iter().any(|rule| matches!(rule.kind, RuleKind::Service { .. }));
    if on_services && !board.services {
        needed.push((SourceId::ServiceTrend, "rules on services"));
    }
    if board.services {
        needed.push((SourceId::Services, "services"));
        needed.push((SourceId::ServiceTrend, "a service's trend"));
        needed.push((SourceId::TraceSummaries, "traces with faults"));
        needed.push((SourceId::TraceGroups, "names of X-Ray groups"));
    }
    needed
}

/// Writes the report.
pub fn write(loaded: &Loaded, env: &Environment, probes: &[Probe], out: &mut dyn Write) -> io::Result<Verdict> {
    configuration(loaded, env, out)?;
    board(&loaded.board, out)?;
    let refused = permissions(&loaded.board, probes, out)?;
    if !loaded.problems.is_empty() {
        return Ok(Verdict::Misconfigured);
    }
    Ok(if refused { Verdict::Refused } else { Verdict::Good })
}

fn configuration(loaded: &Loaded, env: &Environment, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "Configuration")?;
    if let Some(dir) = env.config_dir() {
        writeln!(out, "  folder    {}", clean(&dir.display().to_string()))?;
    }
    writeln!(out, "  theme     {}", clean(&loaded.theme.name))?;
    writeln!(out, "  keymap    {}", clean(&loaded.keymap.name))?;
    for problem in &loaded.problems {
        writeln!(out, "  problem   {problem}")?;
    }
    if loaded.problems.is_empty() {
        writeln!(out, "  no problems")?;
    }
    Ok(())
}

fn board(board: &Board, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "\nBoard {}: {}", clean(&board.name), clean(&board.title))?;
    writeln!(out, "  window    {}", units::span(board.window.as_secs() as i64))?;
    let series: usize = board.charts.iter().map(|chart| chart.series.len()).sum();
    let (metrics, cards, charts) = (board.metrics.len(), board.cards.len(), board.charts.len());
    let (cards, lines, charts) = (plural(cards, "card"), plural(series, "line"), plural(charts, "chart"));
    writeln!(out, "  metrics   {metrics}, for {cards} and {lines} in {charts}")?;
    if !board.rules.is_empty() || !board.slos.is_empty() {
        let (rules, slos) = (plural(board.rules.len(), "rule"), plural(board.slos.len(), "SLO"));
        writeln!(out, "  rules     {rules}, {slos}")?;
    }
    for group in board.feed.iter().flat_map(|feed| &feed.log_groups) {
        writeln!(out, "  feed      {}", clean(group))?;
    }
    match board.alarms.prefixes.as_slice() {
        [] => writeln!(out, "  alarms    all of the account")?,
        prefixes => writeln!(out, "  alarms    beginning with {}", clean(&prefixes.join(", ")))?,
    }
    match board.budget_usd_per_hour {
        Some(usd) => writeln!(out, "  budget    ${usd:.2} an hour"),
        None => writeln!(out, "  budget    none"),
    }
}

/// Writes a line for each action that the board needs; whether any failed.
fn permissions(board: &Board, probes: &[Probe], out: &mut dyn Write) -> io::Result<bool> {
    writeln!(out, "\nPermissions")?;
    let result = |source: SourceId| probes.iter().find(|probe| probe.source == source).map(|probe| &probe.result);
    let (mut missing, mut failed) = (Vec::new(), false);
    for (source, what) in needed(board) {
        let action = source.name();
        let (word, reason) = match result(source) {
            None => ("not tried", None),
            Some(Ok(())) => ("ok", None),
            Some(Err(error)) if error.kind == ErrorKind::Denied => ("MISSING", Some(&error.message)),
            Some(Err(error)) => ("failed", Some(&error.message)),
        };
        let line = format!("  {word:<9} {action:<40} {what}");
        writeln!(out, "{}", line.trim_end())?;
        if let Some(reason) = reason {
            writeln!(out, "            {}", clean(reason))?;
            failed = true;
        }
        if word == "MISSING" && !missing.contains(&action) {
            missing.push(action);
        }
    }
    if !missing.is_empty() {
        writeln!(out, "\nMissing actions: {}", missing.join(", "))?;
    }
    Ok(failed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Choice, load};

    fn report(choice: &Choice, failing: &[(SourceId, ErrorKind)]) -> (String, Verdict) {
        let env = Environment::default();
        let loaded = load(choice, &env);
        let at = "2026-01-15T10:28:00Z".parse().expect("a time");
        let result = |source: SourceId| match failing.iter().find(|(id, _)| *id == source) {
            None => Ok(()),
            Some((_, kind)) => Err(SourceError {
                kind: *kind,
                operation: source.name().to_owned(),
                message: "no\u{1b}[31m such luck".to_owned(),
                at,
                retry_in: None,
            }),
        };
        let probes: Vec<Probe> =
            needed(&loaded.board).into_iter().map(|(source, _)| Probe { source, result: result(source) }).collect();
        let mut out = Vec::new();
        let verdict = write(&loaded, &env, &probes, &mut out).expect("written");
        (String::from_utf8(out).expect("text"), verdict)
    }

    #[test]
    fn a_board_that_may_read_all_is_good() {
        let (text, verdict) = report(&Choice::default(), &[]);
        assert_eq!(verdict, Verdict::Good);
        assert_eq!(
            text,
            "\
Configuration
  theme     ansi16
  keymap    default
  no problems

Board token-provisioning: Token provisioning
  window    3h
  metrics   8, for 5 cards and 3 lines in 1 chart
  rules     4 rules, 1 SLO
  feed      /aws/lambda/token-provisioning-service
  alarms    all of the account
  budget    $0.25 an hour

Permissions
  ok        cloudwatch:GetMetricData                 cards and charts
  ok        cloudwatch:ListMetrics                   the list of metrics
  ok        cloudwatch:DescribeAlarms                alarms
  ok        cloudwatch:DescribeAlarmHistory          an alarm's history
  ok        cloudwatch:ListTagsForResource           tags of alarms
  ok        logs:StartLiveTail                       the feed as it happens
  ok        logs:FilterLogEvents                     the feed's past, a request's lines
  ok        logs:StartQuery                          Logs Insights, breakdown and suspects
  ok        logs:GetLogGroupFields                   fields of log groups
  ok        xray:BatchGetTraces                      a request's trace
  ok        logs:FilterLogEvents                     log events that rules count
  ok        logs:FilterLogEvents                     what was changed
  ok        logs:DescribeLogGroups                   log groups, and what a query will cost
  ok        logs:DescribeQueryDefinitions            saved queries
  ok        logs:DescribeMetricFilters               the log lines behind a metric
  ok        xray:GetServiceGraph                     services
  ok        xray:GetTimeSeriesServiceStatistics      a service's trend
  ok        xray:GetTraceSummaries                   traces with faults
  ok        xray:GetGroups                           names of X-Ray groups
"
        );
    }

    #[test]
    fn what_is_missing_is_named() {
        let failing = [
            (SourceId::Tail, ErrorKind::Denied),
            (SourceId::Trace, ErrorKind::Denied),
            (SourceId::Alarms, ErrorKind::Throttled),
        ];
        let (text, verdict) = report(&Choice::default(), &failing);
        assert_eq!(verdict.exit_status(), 3);
        assert!(text.ends_with("\nMissing actions: logs:StartLiveTail, xray:BatchGetTraces\n"), "{text}");
        assert!(text.contains("  MISSING   logs:StartLiveTail "), "{text}");
        assert!(text.contains("  failed    cloudwatch:DescribeAlarms "), "{text}");
        assert!(!text.contains('\u{1b}'), "{text}");
    }

    #[test]
    fn problems_come_before_refusals() {
        let choice = Choice { theme: Some("drak".to_owned()), ..Choice::default() };
        let (text, verdict) = report(&choice, &[(SourceId::Tail, ErrorKind::Denied)]);
        assert_eq!(verdict.exit_status(), 2);
        assert!(text.contains("  problem   --theme: no theme `drak`"), "{text}");
        assert!(text.contains("did you mean `dark`?"), "{text}");
    }

    #[test]
    fn an_action_nobody_tried_is_not_called_good() {
        let env = Environment::default();
        let mut out = Vec::new();
        write(&load(&Choice::default(), &env), &env, &[], &mut out).expect("written");
        let text = String::from_utf8(out).expect("text");
        assert!(text.contains("  not tried logs:StartLiveTail "), "{text}");
    }
}
