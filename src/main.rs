//! The `baro` command: parses arguments, chooses live or demo, runs.

use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicI32, Ordering};
use std::time::Duration;

use anyhow::Context;
use barograph::analysis::log_query::judge;
use barograph::cli::{
    Alarms, Cli, Command, Find, FindOutput, ListOutput, Metrics, MetricsOutput, Options, Query, QueryOutput,
    QuotasChoice, Services, ServicesOutput, Snapshot, SnapshotFormat, Suspects, Tail, TailOutput, Trace, TraceOutput,
};
use barograph::commands::session::{self, DemoChoice, Opening, Session};
use barograph::commands::snapshot::{self, Format};
use barograph::commands::status::Status;
use barograph::commands::{
    alarms, check, completions, console, demo, find, history, metrics, probe, query, query_file, services, sheet,
    suspects, tail, trace,
};
use barograph::config::{Choice, Environment, Loaded};
use barograph::demo::faults::Faults;
use barograph::export::colour::Ground;
use barograph::panes::Target;
use barograph::sources::{Connect, Misconfigured, Mode};
use barograph::store::window::Window;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

/// The demo's baseline, in requests a second.
const DEMO_RATE: f64 = 40.0;
/// The documented world.
const DEMO_SEED: u64 = 7;
/// How long `baro check` waits for answers.
const CHECK_WAIT: Duration = Duration::from_secs(15);
/// How much of the past `baro tail` prints first where time stands still and nothing else is said.
const TAIL_PAST: Duration = Duration::from_mins(1);

fn main() -> ExitCode {
    let cli = match Cli::read(std::env::args_os()) {
        Ok(cli) => cli,
        Err(error) => {
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    match start(cli) {
        Ok(status) => status.into(),
        Err(error) if broken_pipe(&error) => Status::Done.into(),
        Err(error) => {
            let _ = writeln!(io::stderr(), "baro: {error:#}");
            if error.is::<Misconfigured>() { Status::Misused.into() } else { Status::Refused.into() }
        }
    }
}

/// Whether the reader of our output has gone: that ends quietly.
fn broken_pipe(error: &anyhow::Error) -> bool {
    error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}

fn start(cli: Cli) -> anyhow::Result<Status> {
    if let Some(Command::Completions { shell }) = cli.command {
        completions::write(shell, &mut io::stdout())?;
        return Ok(Status::Done);
    }
    let is_demo = cli.options.demo || matches!(cli.command, Some(Command::Demo(_)));
    let opening = match opening(&cli.options, is_demo) {
        Ok(opening) => opening,
        Err(error) => {
            writeln!(io::stderr(), "baro: {error:#}")?;
            return Ok(Status::Misused);
        }
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().context("no runtime")?;
    let status = runtime.block_on(run(cli.command, opening));
    // A world that is still being computed for an answer nobody waits for does not keep the program.
    runtime.shutdown_background();
    status
}

async fn run(command: Option<Command>, opening: Opening) -> anyhow::Result<Status> {
    match command {
        None => console::run(opening).await,
        Some(Command::Snapshot(options)) => print_snapshot(opening, &options).await,
        Some(Command::Alarms(options)) => {
            let clock = session::clock(&opening, Mode::Once);
            let cancel = CancellationToken::new();
            let (client, _demo) = session::client(&opening, clock, &cancel).await?;
            let output = listed(options.output);
            let loaded = session::configuration(&opening, false);
            let Alarms { names, state, filter, all, events, tags, output: _, exit_code } = options;
            let options = alarms::Options { names, state, filter, all, events, tags, output, exit_code };
            Ok(alarms::run(&client, &loaded, &options, &mut io::stdout(), &mut io::stderr()).await?)
        }
        Some(Command::Metrics(options)) => {
            let board = configured(&opening)?.board;
            let clock = session::clock(&opening, Mode::Once);
            let now = clock.now();
            let cancel = CancellationToken::new();
            let (client, _demo) = session::client(&opening, clock, &cancel).await?;
            let window = Window::live(opening.since.unwrap_or(board.window));
            let output = match options.output {
                MetricsOutput::Table => metrics::Output::Table,
                MetricsOutput::Json => metrics::Output::Json,
                MetricsOutput::Csv => metrics::Output::Csv,
                MetricsOutput::Spark => metrics::Output::Spark,
            };
            let Metrics { expressions, period: period_s, search, namespace, recent, .. } = options;
            let options = metrics::Options { expressions, period_s, search, namespace, recent, output };
            let (out, err) = (&mut io::stdout(), &mut io::stderr());
            Ok(metrics::run(&client, &board, window, now, &options, out, err).await?)
        }
        Some(Command::Services(options)) => print_services(&opening, options).await,
        Some(Command::Find(options)) => print_story(&opening, options).await,
        Some(Command::Trace(options)) => print_trace(&opening, &options).await,
        Some(Command::Suspects(options)) => print_suspects(&opening, options).await,
        Some(Command::Query(options)) => run_query(&opening, options).await,
        Some(Command::Tail(options)) => follow(opening, options).await,
        Some(Command::History(options)) => {
            let output = listed(options.output);
            let options = history::Options { sql: options.sql, output };
            history::run(&opening, &options, &mut io::stdout(), &mut io::stderr()).await
        }
        Some(Command::Check) => run_check(&opening).await,
        Some(Command::Demo(options)) => {
            let choice = opening.demo.context("the demo has no settings")?;
            demo::run(&choice, opening.at, options.listen, &mut io::stdout()).await
        }
        Some(Command::Completions { .. }) => Ok(Status::Done),
    }
}

fn listed(output: ListOutput) -> sheet::Output {
    match output {
        ListOutput::Table => sheet::Output::Table,
        ListOutput::Json => sheet::Output::Json,
        ListOutput::Csv => sheet::Output::Csv,
    }
}

async fn print_suspects(opening: &Opening, options: Suspects) -> anyhow::Result<Status> {
    let board = configured(opening)?.board;
    let clock = session::clock(opening, Mode::Once);
    let cancel = CancellationToken::new();
    let (client, _demo) = session::client(opening, clock.clone(), &cancel).await?;
    let output = listed(options.output);
    let options = suspects::Options { bad: options.bad, good: options.good, output };
    Ok(suspects::run(&client, &board, clock.now(), &options, &mut io::stdout(), &mut io::stderr()).await?)
}

async fn print_services(opening: &Opening, options: Services) -> anyhow::Result<Status> {
    let board = configured(opening)?.board;
    let clock = session::clock(opening, Mode::Once);
    let now = clock.now();
    let cancel = CancellationToken::new();
    let (client, _demo) = session::client(opening, clock, &cancel).await?;
    let window = Window::live(opening.since.unwrap_or(board.window)).range(now);
    let output = match options.output {
        ServicesOutput::Table => services::Output::Table,
        ServicesOutput::Json => services::Output::Json,
        ServicesOutput::Dot => services::Output::Dot,
    };
    let group = options.group.or(board.traces.group);
    let options = services::Options { group, output, progress: io::stderr().is_terminal() };
    Ok(services::run(&client, window, &options, &mut io::stdout(), &mut io::stderr()).await?)
}

async fn print_story(opening: &Opening, options: Find) -> anyhow::Result<Status> {
    let board = Arc::new(configured(opening)?.board);
    let clock = session::clock(opening, Mode::Once);
    let now = clock.now();
    let cancel = CancellationToken::new();
    let (client, _demo) = session::client(opening, clock, &cancel).await?;
    let output = match options.output {
        FindOutput::Text => find::Output::Text,
        FindOutput::Json => find::Output::Json,
        FindOutput::Ndjson => find::Output::Ndjson,
        FindOutput::Markdown => find::Output::Markdown,
    };
    let options = find::Options {
        identifiers: options.identifiers,
        groups: options.log_groups,
        since: opening.since,
        output,
        place: opening.options.clone(),
        progress: io::stderr().is_terminal(),
    };
    let (out, err) = (&mut io::stdout(), &mut io::stderr());
    let status = find::run(&client, &board, now, &options, &mut io::stdin().lock(), out, err).await;
    client.settled().await;
    Ok(status?)
}

async fn print_trace(opening: &Opening, options: &Trace) -> anyhow::Result<Status> {
    // The configuration says what is masked.
    configured(opening)?;
    let cancel = CancellationToken::new();
    let (client, _demo) = session::client(opening, session::clock(opening, Mode::Once), &cancel).await?;
    let output = match options.output {
        TraceOutput::Text => trace::Output::Text,
        TraceOutput::Json => trace::Output::Json,
    };
    let (out, err) = (&mut io::stdout(), &mut io::stderr());
    let status = trace::run(&client, &options.id, &mut io::stdin().lock(), output, out, err).await;
    client.settled().await;
    Ok(status?)
}

async fn print_snapshot(opening: Opening, options: &Snapshot) -> anyhow::Result<Status> {
    // A script must not pay for a query that cannot be read, nor look for its error in a picture.
    if let Some(Target::Query(question)) = &opening.focus
        && let Some(mistake) = judge::judge_written(&question.text)
    {
        let caret = judge::caret(&question.text, &mistake);
        writeln!(io::stderr(), "baro: the query cannot be read: {caret}")?;
        return Ok(Status::Misused);
    }
    let mut session = Session::open(opening, Mode::Once).await?;
    let Session { app, feed, runner, clock, .. } = &mut session;
    let answered = snapshot::settle(app, feed, runner, clock, options.wait).await;
    let format = match options.format {
        SnapshotFormat::Text => Format::Text,
        SnapshotFormat::Ansi => Format::Ansi,
        SnapshotFormat::Svg => Format::Svg,
        SnapshotFormat::Json => Format::Json,
    };
    let ground = if session.light { Ground::LIGHT } else { Ground::DARK };
    let size = (options.size.width, options.size.height);
    snapshot::write(&mut session.app, size, format, ground, &mut io::stdout().lock())?;
    let mut refused = !answered;
    if !answered {
        writeln!(io::stderr(), "baro: {}", snapshot::unfinished(&session.app, options.wait))?;
    }
    let mut told: Vec<(Vec<&str>, String)> = Vec::new();
    for (source, health) in session.app.store().problems() {
        refused = true;
        let Some((error, _)) = health.trouble() else { continue };
        let words = format!("{}: {}", error.kind.word(), error.message);
        match told.iter_mut().find(|(_, known)| *known == words) {
            Some((sources, _)) if sources.contains(&source.name()) => {}
            Some((sources, _)) => sources.push(source.name()),
            None => told.push((vec![source.name()], words)),
        }
    }
    // What several sources say is said once.
    for (sources, words) in told {
        writeln!(io::stderr(), "baro: {}: {words}", sources.join(", "))?;
    }
    // A script must not take the figures of a default board for those of the board that it named.
    let misused = !session.app.problems().is_empty();
    session::report(session.app.problems(), &mut io::stderr())?;
    session.close().await;
    Ok(match (misused, refused) {
        (true, _) => Status::Misused,
        (false, true) => Status::Refused,
        (false, false) => Status::Done,
    })
}

async fn follow(opening: Opening, options: Tail) -> anyhow::Result<Status> {
    let mode = if opening.at.is_some() { Mode::Once } else { Mode::Live };
    let clock = session::clock(&opening, mode);
    let (cancel, _) = interrupted()?;
    let board = configured(&opening)?.board;
    let past = opening.since.unwrap_or(if clock.is_fixed() { TAIL_PAST } else { Duration::ZERO });
    let (client, _demo) = session::client(&opening, clock, &cancel).await?;
    let output = match options.output {
        TailOutput::Text => tail::Output::Text,
        TailOutput::Ndjson => tail::Output::Ndjson,
    };
    let log_groups = match tail::groups(&client, &board, &options.log_groups).await {
        Ok(groups) => groups,
        Err((status, words)) => {
            writeln!(io::stderr(), "baro: {words}")?;
            return Ok(status);
        }
    };
    let options = tail::Options { log_groups, filter: options.filter, since: past, output };
    Ok(tail::run(&client, &options, &cancel, &mut io::stdout(), &mut io::stderr()).await?)
}

async fn run_query(opening: &Opening, options: Query) -> anyhow::Result<Status> {
    let text = match options.query.as_deref().map(query_text).transpose() {
        Ok(text) => text,
        Err(error) => {
            writeln!(io::stderr(), "baro: {error:#}")?;
            return Ok(Status::Misused);
        }
    };
    let output = match options.output {
        QueryOutput::Table => query::Output::Table,
        QueryOutput::Json => query::Output::Json,
        QueryOutput::Ndjson => query::Output::Ndjson,
        QueryOutput::Csv => query::Output::Csv,
    };
    let board = configured(opening)?.board;
    let clock = session::clock(opening, Mode::Once);
    let now = clock.now();
    if !options.file.is_empty() && text.is_none() && options.saved.is_none() {
        return console::over_files(opening.clone(), options.file, options.lookups).await;
    }
    if !options.file.is_empty() {
        let window = opening.since.map(|since| Window::live(since).range(now));
        let text = match query::of_files(&board, text, options.saved.as_deref(), &options.parameters) {
            Ok(text) => text,
            Err(words) => {
                writeln!(io::stderr(), "baro: {words}")?;
                return Ok(Status::Misused);
            }
        };
        let (out, err) = (&mut io::stdout().lock(), &mut io::stderr());
        let text = query::limited(text, options.limit);
        let options = query_file::Options { text, files: options.file, tables: options.lookups, window, output };
        return Ok(query_file::run(&options, now, out, err)?);
    }
    let cancel = CancellationToken::new();
    let (stop, number) = interrupted()?;
    let (client, _demo) = session::client(opening, clock, &cancel).await?;
    let window = Window::live(opening.since.unwrap_or(board.window));
    let Query { saved, log_groups, parameters, limit, .. } = options;
    let options = query::Options { text, saved, log_groups, parameters, limit, output };
    let to = (&mut io::stdout() as &mut dyn Write, &mut io::stderr() as &mut dyn Write);
    let status = Box::pin(query::run(&client, &board, (window, now), &options, &stop, to)).await?;
    Ok(if let Status::Signal(_) = status { Status::Signal(number.load(Ordering::Relaxed)) } else { status })
}

/// A query as it is given: itself, `-` for stdin, `@FILE`.
fn query_text(given: &str) -> anyhow::Result<String> {
    match (given, given.strip_prefix('@')) {
        ("-", _) => io::read_to_string(io::stdin()).context("stdin"),
        (_, Some(path)) => std::fs::read_to_string(path).with_context(|| path.to_owned()),
        (text, None) => Ok(text.to_owned()),
    }
}

/// Cancelled by the first SIGINT or SIGTERM, whose number is told.
fn interrupted() -> io::Result<(CancellationToken, Arc<AtomicI32>)> {
    let token = CancellationToken::new();
    let number = Arc::new(AtomicI32::new(SignalKind::interrupt().as_raw_value()));
    let (stop, told) = (token.clone(), Arc::clone(&number));
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    tokio::spawn(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => told.store(SignalKind::terminate().as_raw_value(), Ordering::Relaxed),
        }
        stop.cancel();
    });
    Ok((token, number))
}

/// The configuration, for commands that print; what is wrong with it is told, as it may be that a mask is not in force.
fn configured(opening: &Opening) -> io::Result<Loaded> {
    let loaded = session::configuration(opening, false);
    session::report(&loaded.problems, &mut io::stderr())?;
    Ok(loaded)
}

async fn run_check(opening: &Opening) -> anyhow::Result<Status> {
    let loaded = session::configuration(opening, true);
    let clock = session::clock(opening, Mode::Live);
    let cancel = CancellationToken::new();
    let (client, _demo) = session::client(opening, clock.clone(), &cancel).await?;
    let probes = probe::probe(client, &Arc::new(loaded.board.clone()), &clock, CHECK_WAIT).await;
    let verdict = check::write(&loaded, &Environment::of_process(), &probes, &mut io::stdout())?;
    Ok(match verdict {
        check::Verdict::Good => Status::Done,
        check::Verdict::Misconfigured => Status::Misused,
        check::Verdict::Refused => Status::Refused,
    })
}

fn opening(options: &Options, is_demo: bool) -> anyhow::Result<Opening> {
    let demo = if is_demo {
        let faults: Faults = options.faults.as_deref().unwrap_or_default().parse().context("--faults")?;
        Some(DemoChoice {
            seed: options.seed.unwrap_or(DEMO_SEED),
            rate: options.rate.unwrap_or(DEMO_RATE),
            speed: options.speed.unwrap_or(1.0),
            faults,
            cause: options.cause,
            load: options.load,
            unlimited: options.quotas == Some(QuotasChoice::Off),
        })
    } else {
        None
    };
    let connect = Connect {
        profile: options.profile.clone(),
        region: options.region.clone(),
        endpoint_url: options.endpoint_url.clone(),
        ..Connect::default()
    };
    let screen = options.screen.unwrap_or_default().into();
    Ok(Opening {
        choice: Choice { finds: !is_demo, ..options.choice() },
        at: options.at,
        since: options.since,
        screen,
        focus: options.focus.clone(),
        history: options.history_file.clone(),
        connect,
        demo,
        options: options.place(),
    })
}
