//! `baro tail`: log events as they come.

use std::io::{self, Write};
use std::time::Duration;

use serde_json::json;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::query::{Refusal, groups as of_queries};
use super::status::Status;
use crate::app::msg::{Msg, Update};
use crate::board::Board;
use crate::sources::{Client, LogScope, follow_logs};
use crate::store::health::{ErrorKind, SourceError, SourceId};
use crate::store::log::{LogEvent, TailOrigin};
use crate::text::clean;
use crate::text::time::rfc3339;

/// Messages that may wait to be written; a slow reader slows the sources down.
const WAITING: usize = 16;

/// How the events are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Output {
    /// Time and text; the log group too, where there are several.
    #[default]
    Text,
    /// One JSON object a line, schema `barograph/v1`.
    Ndjson,
}

/// What was asked for.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The log groups, by name or ARN.
    pub log_groups: Vec<String>,
    /// A filter pattern.
    pub filter: Option<String>,
    /// How much of the past is written first. Where the clock stands still, this is all there is.
    pub since: Duration,
    /// How the events are written.
    pub output: Output,
}

/// The log groups to follow: those given, else those of the board's feed, else all of the board; names in place of `prefix*`.
///
/// # Errors
/// How the command ends, and why.
pub async fn groups(client: &Client, board: &Board, given: &[String]) -> Result<Vec<String>, (Status, String)> {
    let of_feed = board.feed.as_ref().map(|feed| feed.log_groups.clone()).unwrap_or_default();
    let chosen = match (given, of_feed) {
        ([], feed) if !feed.is_empty() => feed,
        ([], _) => board.query_groups(),
        (given, _) => given.to_vec(),
    };
    if chosen.is_empty() {
        return Err((Status::Misused, of_queries::none(client, board).await));
    }
    of_queries::resolve(client, &chosen).await.map_err(|refusal| match refusal {
        Refusal::Misused(words) => (Status::Misused, words),
        Refusal::Refused(error) => (Status::Refused, error.to_string()),
    })
}

/// Writes events to `out` until `cancel` is cancelled, or up to now where the clock stands still; trouble to `err`.
///
/// Exit status 1 where the clock stands still and there was no event, 3 where neither way to the events is open.
///
/// # Errors
/// Where `out` or `err` cannot be written to; a closed pipe ends quietly.
pub async fn run(
    client: &Client,
    options: &Options,
    cancel: &CancellationToken,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> io::Result<Status> {
    let (tell, mut news) = mpsc::channel(WAITING);
    let logs = LogScope { groups: options.log_groups.clone(), pattern: options.filter.clone() };
    let follow = follow_logs(client.clone(), logs, options.since, tell);
    // The receiver goes with it: that is how the following ends.
    let print = async move {
        let mut printer = Printer::new(options);
        while let Some(message) = news.recv().await {
            match printer.take(message, out, err) {
                Ok(None) => {}
                Ok(Some(status)) => return Ok(status),
                Err(error) if error.kind() == io::ErrorKind::BrokenPipe => return Ok(Status::Done),
                Err(error) => return Err(error),
            }
        }
        Ok(if printer.written == 0 { Status::Found } else { Status::Done })
    };
    tokio::select! {
        () = cancel.cancelled() => Ok(Status::Done),
        (status, ()) = async { tokio::join!(print, follow) } => status,
    }
}

/// Where a source's failure is kept: Live Tail's first.
const fn index(source: SourceId) -> usize {
    match source {
        SourceId::Tail => 0,
        _ => 1,
    }
}

/// Writes what comes.
struct Printer<'a> {
    options: &'a Options,
    /// Events of the past, which come newest first, until all are there.
    past: Vec<LogEvent>,
    written: usize,
    /// What Live Tail and FilterLogEvents have failed with since they last answered.
    failed: [Option<SourceError>; 2],
    /// Whether a Live Tail session is open.
    tailing: bool,
    /// Whether either has ever answered: what follows may be an interruption.
    answered: bool,
}

impl<'a> Printer<'a> {
    const fn new(options: &'a Options) -> Self {
        Self { options, past: Vec::new(), written: 0, failed: [None, None], tailing: false, answered: false }
    }

    fn take(&mut self, message: Msg, out: &mut dyn Write, err: &mut dyn Write) -> io::Result<Option<Status>> {
        match message {
            Msg::Feed(Update::Tail(mut batch)) => {
                self.recover(if batch.origin == TailOrigin::Live { SourceId::Tail } else { SourceId::Poll }, err)?;
                if batch.origin == TailOrigin::Backfill {
                    self.past.append(&mut batch.events);
                    if batch.complete_to.is_none() {
                        return Ok(None);
                    }
                    batch.events = std::mem::take(&mut self.past);
                }
                if batch.sampled {
                    writeln!(err, "baro: Live Tail left events out; they are read in afterwards")?;
                }
                batch.events.sort_by_key(|event| event.time);
                for event in &batch.events {
                    self.write(event, out)?;
                }
                out.flush()?;
            }
            Msg::Feed(Update::TailUp { .. }) => self.recover(SourceId::Tail, err)?,
            Msg::Failed(source, error) => {
                self.tailing &= source != SourceId::Tail;
                let slot = &self.failed[index(source)];
                // Each further try of the same trouble is no news.
                if slot.as_ref().is_none_or(|known| (known.kind, &known.message) != (error.kind, &error.message)) {
                    writeln!(err, "baro: {error}{}", self.consequence(source))?;
                }
                self.failed[index(source)] = Some(error);
                if self.is_over() {
                    return Ok(Some(Status::Refused));
                }
            }
            Msg::Feed(_) | Msg::Input(_) | Msg::Tick(_) | Msg::Notice(_) | Msg::Exported(_) | Msg::Terminate => {}
        }
        Ok(None)
    }

    /// A source has answered.
    fn recover(&mut self, source: SourceId, err: &mut dyn Write) -> io::Result<()> {
        self.answered = true;
        self.tailing |= source == SourceId::Tail;
        match self.failed[index(source)].take() {
            Some(_) => writeln!(err, "baro: {source}: works again"),
            None => Ok(()),
        }
    }

    /// What follows from a source's failure, where something does.
    const fn consequence(&self, source: SourceId) -> &'static str {
        match source {
            SourceId::Tail if self.failed[1].is_none() => "; polling with FilterLogEvents instead",
            _ => "",
        }
    }

    /// Whether there is nothing to wait for: both ways are barred, or where the clock stands still the only one.
    fn is_over(&self) -> bool {
        let [tail, poll] = &self.failed;
        let barred = |failed: &Option<SourceError>| failed.as_ref().is_some_and(|error| self.is_final(error));
        let only = !self.tailing && poll.as_ref().is_some_and(|error| error.retry_in.is_none());
        barred(poll) && (barred(tail) || only)
    }

    /// Whether waiting is no help: what has never worked is set up wrongly, what has worked is interrupted.
    const fn is_final(&self, error: &SourceError) -> bool {
        match error.kind {
            _ if error.retry_in.is_none() => true,
            ErrorKind::Denied | ErrorKind::NotFound => true,
            ErrorKind::Credentials | ErrorKind::Unreachable | ErrorKind::Invalid => !self.answered,
            ErrorKind::Throttled | ErrorKind::TimedOut | ErrorKind::Garbled | ErrorKind::Server => false,
        }
    }

    fn write(&mut self, event: &LogEvent, out: &mut dyn Write) -> io::Result<()> {
        self.written += 1;
        let time = rfc3339(event.time);
        let groups = &self.options.log_groups;
        let group = groups.get(usize::from(event.group)).map(|group| clean(group)).unwrap_or_default();
        let message = clean(event.message.trim_end());
        match self.options.output {
            Output::Text if groups.len() > 1 => writeln!(out, "{time} {group} {message}"),
            Output::Text => writeln!(out, "{time} {message}"),
            Output::Ndjson => {
                let line = json!({ "schema": "barograph/v1", "time": time, "log_group": group, "message": message });
                writeln!(out, "{line}")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::log::TailBatch;

    fn batch(origin: TailOrigin, complete: bool, events: &[(i64, &str)]) -> Msg {
        let time = |s| chrono::DateTime::from_timestamp(s, 0).expect("in range");
        let event = |&(s, message): &(i64, &str)| LogEvent { time: time(s), group: 0, message: message.into() };
        Msg::Feed(Update::Tail(TailBatch {
            at: time(0),
            events: events.iter().map(event).collect(),
            origin,
            sampled: false,
            complete_to: complete.then(|| time(9)),
        }))
    }

    fn failed(source: SourceId, kind: ErrorKind) -> Msg {
        let at = chrono::DateTime::from_timestamp(0, 0).expect("in range");
        let retry_in = Some(Duration::from_secs(1));
        Msg::Failed(source, SourceError { kind, operation: source.name().into(), message: "no".into(), at, retry_in })
    }

    /// The failure, with no further try.
    fn for_good(message: Msg) -> Msg {
        match message {
            Msg::Failed(source, error) => Msg::Failed(source, SourceError { retry_in: None, ..error }),
            other => other,
        }
    }

    fn print(options: &Options, messages: Vec<Msg>) -> (String, Option<Status>) {
        let mut printer = Printer::new(options);
        let mut out = Vec::new();
        let mut last = None;
        for message in messages {
            last = printer.take(message, &mut out, &mut io::sink()).expect("written");
        }
        (String::from_utf8(out).expect("UTF-8"), last)
    }

    fn options(output: Output) -> Options {
        Options { log_groups: vec!["/g".to_owned()], output, ..Options::default() }
    }

    #[test]
    fn the_past_comes_out_in_order_of_time_before_what_follows() {
        let messages = vec![
            batch(TailOrigin::Backfill, false, &[(5, "c"), (6, "d")]),
            batch(TailOrigin::Backfill, false, &[(1, "a"), (2, "b")]),
            batch(TailOrigin::Backfill, true, &[]),
            batch(TailOrigin::Live, false, &[(7, "e")]),
        ];
        let (text, _) = print(&options(Output::Text), messages);
        let words: Vec<&str> = text.lines().filter_map(|line| line.split(' ').nth(1)).collect();
        assert_eq!(words, ["a", "b", "c", "d", "e"]);
    }

    #[test]
    fn a_line_of_ndjson_is_the_contract() {
        let (text, _) = print(&options(Output::Ndjson), vec![batch(TailOrigin::Live, false, &[(1, "hi\n")])]);
        assert_eq!(
            text,
            "{\"schema\":\"barograph/v1\",\"time\":\"1970-01-01T00:00:01.000Z\",\"log_group\":\"/g\",\"message\":\"hi\"}\n"
        );
    }

    #[test]
    fn it_gives_up_when_waiting_is_no_help() {
        use ErrorKind::{Denied, NotFound, Server, Throttled, Unreachable};
        use SourceId::{Poll, Tail};
        let up = || Msg::Feed(Update::TailUp { at: chrono::DateTime::UNIX_EPOCH });
        let polled = || batch(TailOrigin::Poll, true, &[]);
        let cases = [
            ("one way is barred", vec![failed(Tail, Denied), failed(Poll, Throttled)], None),
            ("both are denied", vec![failed(Tail, Denied), failed(Poll, Denied)], Some(Status::Refused)),
            ("no such group", vec![failed(Poll, NotFound), failed(Tail, NotFound)], Some(Status::Refused)),
            ("never reached", vec![failed(Poll, Unreachable), failed(Tail, Unreachable)], Some(Status::Refused)),
            ("interrupted", vec![polled(), failed(Poll, Unreachable), failed(Tail, Unreachable)], None),
            ("it may recover", vec![failed(Poll, Server), failed(Tail, Server)], None),
            ("Live Tail alone", vec![up(), for_good(failed(Poll, Denied))], None),
            ("the past alone", vec![for_good(failed(Poll, Denied))], Some(Status::Refused)),
        ];
        for (what, messages, status) in cases {
            assert_eq!(print(&options(Output::Text), messages).1, status, "{what}");
        }
    }

    #[test]
    fn trouble_is_told_once_and_so_is_its_end() {
        let messages = vec![
            failed(SourceId::Tail, ErrorKind::Server),
            failed(SourceId::Tail, ErrorKind::Server),
            batch(TailOrigin::Poll, true, &[(1, "a")]),
            failed(SourceId::Tail, ErrorKind::Denied),
            batch(TailOrigin::Live, false, &[]),
            batch(TailOrigin::Live, false, &[]),
        ];
        let mut err = Vec::new();
        let options = options(Output::Text);
        let mut printer = Printer::new(&options);
        for message in messages {
            printer.take(message, &mut io::sink(), &mut err).expect("written");
        }
        assert_eq!(
            String::from_utf8(err).expect("UTF-8"),
            "baro: logs:StartLiveTail: AWS error: no; polling with FilterLogEvents instead\n\
             baro: logs:StartLiveTail: denied: no; polling with FilterLogEvents instead\n\
             baro: logs:StartLiveTail: works again\n"
        );
    }
}
