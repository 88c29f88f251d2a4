//! How often, how long and how much: every knob of the sources in one place.

use std::time::Duration;

/// The knobs. Spans marked *virtual* pass on the program's clock, the others in real time.
#[derive(Debug, Clone)]
pub struct Tuning {
    /// Longest wait for a connection.
    pub connect_timeout: Duration,
    /// Longest wait for an answer, credentials included.
    pub call_timeout: Duration,
    /// First wait after a failure; it doubles with each further one.
    pub backoff_first: Duration,
    /// Longest wait after failures.
    pub backoff_most: Duration,
    /// Wait after Live Tail was denied: permissions change rarely.
    pub tail_denied: Duration,
    /// How often a source that answers once tries before it gives up.
    pub once_attempts: u32,
    /// *Virtual* wait after a period's end until its datapoint is asked for.
    pub metric_delay: Duration,
    /// How many of the newest periods are read again, because CloudWatch still changes them.
    pub metric_reread: u32,
    /// How many periods a metric's datapoints may be late and still be found without asking for the whole window.
    pub metric_late: u32,
    /// Wait before a query that AWS refused as wrong is tried again.
    pub metric_refused: Duration,
    /// *Virtual* span between two DescribeAlarms.
    pub alarms_every: Duration,
    /// *Virtual* span between two DescribeAlarmHistory of the open alarm.
    pub history_every: Duration,
    /// *Virtual* span between two ListMetrics of what is on screen; a new metric shows up within 15 minutes.
    pub catalogue_every: Duration,
    /// *Virtual* span between two GetServiceGraph, and of the open service's statistics.
    pub services_every: Duration,
    /// *Virtual* span between two looks for lines of the open request.
    pub lines_every: Duration,
    /// *Virtual* span between two looks for changes.
    pub changes_every: Duration,
    /// *Virtual* span between two looks at a trace that is still in progress or not found yet.
    pub trace_every: Duration,
    /// Wait before a Logs Insights query is looked at for the first time; each next wait is half as long again.
    pub query_first: Duration,
    /// Longest wait between two looks at a Logs Insights query.
    pub query_most: Duration,
    /// How long a Logs Insights query is waited for; AWS itself gives up after 60 minutes.
    pub query_timeout: Duration,
    /// How long an investigation waits for one call: what is silent for so long hangs, and nobody waits for it.
    pub story_call: Duration,
    /// X-Ray is searched by annotation when log groups have not led to anything after this.
    pub story_annotation: Duration,
    /// How long a story that has its end waits for anything new from what is still under way.
    pub story_settled: Duration,
    /// *Virtual* span between two polls of the feed where it cannot be tailed.
    pub feed_every: Duration,
    /// *Virtual* span that a poll reads again, because events arrive late.
    pub feed_overlap: Duration,
    /// *Virtual* span that a poll reads again now and then, for events that arrive very late.
    pub feed_deep_overlap: Duration,
    /// *Virtual* span between two such polls.
    pub feed_deep_every: Duration,
    /// *Virtual* age at which a Live Tail session is renewed; AWS ends it after three hours.
    pub tail_longest: Duration,
    /// Log groups in one Live Tail session (CloudWatch Logs API reference, StartLiveTail).
    pub tail_groups: usize,
    /// *Virtual* silence of Live Tail after which a poll checks whether it has missed something.
    pub tail_silence: Duration,
    /// *Virtual* span between two reads of the log events that rules count.
    pub counts_every: Duration,
    /// How much of the past such a read begins with.
    pub counts_past: Duration,
    /// *Virtual* span that such a read reads again, because events arrive late.
    pub counts_overlap: Duration,
    /// Pages that one such read takes at most; what is left over is read next time.
    pub counts_pages: usize,
    /// Span of the first, newest read of the feed's past; the next ones are four times as long.
    pub backfill_first: Duration,
    /// The feed's past is read at least this far back, where the window reaches so far.
    pub backfill_least: Duration,
    /// Events after which the feed's past is deep enough.
    pub backfill_enough: usize,
    /// Events after which no older page of the feed's past is read, however short its span.
    pub backfill_most: usize,
    /// Factor on AWS's call rates; infinite where they are lifted.
    pub quotas: f64,
    /// Decides the jitter.
    pub seed: u64,
}

impl Default for Tuning {
    fn default() -> Self {
        Self {
            connect_timeout: Duration::from_millis(3_100),
            call_timeout: Duration::from_secs(12),
            backoff_first: Duration::from_secs(1),
            backoff_most: Duration::from_mins(1),
            tail_denied: Duration::from_mins(5),
            once_attempts: 3,
            metric_delay: Duration::from_secs(3),
            metric_reread: 3,
            metric_late: 15,
            metric_refused: Duration::from_mins(5),
            alarms_every: Duration::from_secs(30),
            history_every: Duration::from_mins(1),
            catalogue_every: Duration::from_mins(15),
            services_every: Duration::from_mins(1),
            lines_every: Duration::from_secs(15),
            changes_every: Duration::from_mins(1),
            trace_every: Duration::from_secs(5),
            query_first: Duration::from_millis(200),
            query_most: Duration::from_secs(5),
            query_timeout: Duration::from_mins(61),
            story_call: Duration::from_secs(6),
            story_annotation: Duration::from_secs(3),
            story_settled: Duration::from_secs(10),
            feed_every: Duration::from_secs(2),
            feed_overlap: Duration::from_secs(5),
            feed_deep_overlap: Duration::from_mins(2),
            feed_deep_every: Duration::from_secs(30),
            tail_longest: Duration::from_mins(178),
            tail_groups: 10,
            tail_silence: Duration::from_secs(10),
            counts_every: Duration::from_secs(5),
            counts_past: Duration::from_mins(15),
            counts_overlap: Duration::from_secs(10),
            counts_pages: 20,
            backfill_first: Duration::from_secs(15),
            backfill_least: Duration::from_mins(1),
            backfill_enough: 1_200,
            backfill_most: 20_000,
            quotas: 1.0,
            seed: 0,
        }
    }
}
