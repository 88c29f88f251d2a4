//! Flags and subcommands, nothing else: what is typed becomes values here and is acted upon elsewhere.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::error::ErrorKind;
use clap::{Args, CommandFactory, Parser, Subcommand, ValueEnum};

use crate::app::screen::ScreenId;
use crate::clock::Time;
use crate::config::Choice;
use crate::demo::world::{Cause, Load};
use crate::panes::{Target, Zone};
use crate::store::alarm::AlarmState;

mod find;
mod focus;
pub mod query;
mod services;
mod trace;
mod values;

pub use find::{Find, FindOutput};
pub use focus::focus_text;
pub use query::{Query, QueryOutput};
pub use services::{Services, ServicesOutput};
pub use trace::{Trace, TraceOutput};

use focus::{FORMS, focus};
use values::{alarm_state, endpoint, metric_period, not_negative, positive, time, window};

/// What was typed.
#[derive(Debug, Clone, Parser)]
#[command(name = "baro", version, about, long_about = LONG_ABOUT, after_help = EXAMPLES, max_term_width = 100)]
#[command(
    subcommand_help_heading = "Commands that print instead of opening the console",
    disable_help_subcommand = true
)]
pub struct Cli {
    /// What to do; the console where nothing is said.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// Options that every command takes.
    #[command(flatten)]
    pub options: Options,
}

const LONG_ABOUT: &str = "\
Barograph is a terminal console for AWS: metric cards, trends, a live request feed, alarms and traces. It says what is \
wrong, since when, and where to look next. It only reads: nothing in the account is ever changed.

Without a command it opens the console. Credentials, profile, region and endpoint come from where the AWS CLI takes them.";

const EXAMPLES: &str = "\
Examples:
  baro --demo                                   try it: no account, an incident to solve
  baro --profile prod --region eu-west-1        the console on an account
  baro --board ./orders.toml --since 1h         another board, the last hour
  baro --at 2026-01-15T10:28:00Z --screen alarms
  baro snapshot --size 160x48                   one frame as text, for a ticket
  baro alarms --state ALARM --exit-code         for scripts: status 1 when something fires
  baro find corr_9f27c1ab                       what happened to one request, everywhere
  baro metrics success_rate --output spark      what a chart shows, for scripts
  baro query 'stats count(*) by reason' --since 1h
  baro query --file app.log.gz 'stats count(*) by bin(5m)'
  baro services --since 1h --output dot         who calls whom, and how it goes
  baro history --since 7d                       what has fired, how long, how far
  baro check --board orders                     is it right, and may I read what it needs?

Exit status: 0 done; 1 nothing found (with --exit-code: something firing); 2 bad usage or
configuration; 3 AWS refused or could not be reached.";

/// A subcommand.
#[derive(Debug, Clone, Subcommand)]
pub enum Command {
    /// Prints one frame of a screen; needs no terminal.
    Snapshot(Snapshot),
    /// Lists alarms: what is firing, since when and why.
    Alarms(Alarms),
    /// Names what the failures have in common: the values of fields that explain them.
    Suspects(Suspects),
    /// Tells the story of an identifier: every log line, trace and CloudTrail event about it.
    Find(Find),
    /// Shows traces as waterfalls: own time, critical path, exceptions, what is missing.
    Trace(Trace),
    /// Prints the service graph: services and the calls between them.
    Services(Services),
    /// Prints datapoints of metrics, or lists which metrics there are.
    Metrics(Metrics),
    /// Runs a Logs Insights query and prints its rows.
    Query(Query),
    /// Prints log events as they arrive.
    Tail(Tail),
    /// Lists what has fired: episodes of alarms and rules, from this host's history.
    History(History),
    /// Checks the configuration, and every permission that the board needs.
    Check,
    /// Serves the embedded AWS alone, for the AWS CLI, SDKs and tests.
    Demo(Demo),
    /// Prints a completion script for a shell.
    Completions {
        /// The shell.
        shell: clap_complete::Shell,
    },
}

/// Options that every command takes.
#[derive(Debug, Clone, Default, Args)]
pub struct Options {
    /// Board: a name from the boards folder or a preset's, or a path to a TOML file
    #[arg(long, global = true, value_name = "NAME|FILE", help_heading = "View")]
    pub board: Option<String>,
    /// Takes this time for now: RFC 3339, `2026-01-15 10:28`, `10:28` or `-2h` (UTC unless it says otherwise)
    ///
    /// Commands that print take the world as it stands at that instant; the console and `baro demo` run on from it.
    /// Against AWS, the window ends there.
    #[arg(long, global = true, value_name = "TIME", value_parser = time, allow_hyphen_values = true, help_heading = "View")]
    pub at: Option<Time>,
    /// Length of the window, such as 15m, 3h or 2d [default: the board's]
    #[arg(long, global = true, value_name = "SPAN", value_parser = window, help_heading = "View")]
    pub since: Option<Duration>,
    /// Screen to open with
    #[arg(long, global = true, value_name = "NAME", help_heading = "View")]
    pub screen: Option<Screen>,
    /// What to open at once, such as alarm:NAME, trace:ID or traces:EXPRESSION; --help has every form
    #[arg(long, global = true, value_name = "WHAT", value_parser = focus, long_help = FORMS, help_heading = "View")]
    pub focus: Option<Target>,
    /// Writes times in UTC
    #[arg(long, global = true, conflicts_with = "local", help_heading = "View")]
    pub utc: bool,
    /// Writes times in this machine's zone
    #[arg(long, global = true, help_heading = "View")]
    pub local: bool,

    /// Profile of the AWS configuration [default: $AWS_PROFILE]
    #[arg(long, global = true, value_name = "NAME", help_heading = "AWS")]
    pub profile: Option<String>,
    /// Region [default: $AWS_REGION, then the profile's]
    #[arg(long, global = true, value_name = "REGION", help_heading = "AWS")]
    pub region: Option<String>,
    /// Endpoint in place of AWS's own [default: $AWS_ENDPOINT_URL]
    #[arg(long, global = true, value_name = "URL", value_parser = endpoint, help_heading = "AWS")]
    pub endpoint_url: Option<String>,

    /// Theme
    #[arg(long, global = true, value_name = "NAME", help_heading = "Configuration")]
    pub theme: Option<String>,
    /// Keymap
    #[arg(long, global = true, value_name = "NAME", help_heading = "Configuration")]
    pub keymap: Option<String>,
    /// Configuration file [default: $XDG_CONFIG_HOME/barograph/config.toml]
    #[arg(long, global = true, value_name = "FILE", help_heading = "Configuration")]
    pub config: Option<PathBuf>,

    /// File that episodes are kept in [default: `[history] path`, else $XDG_STATE_HOME/barograph/history.db]
    ///
    /// With --demo nothing is kept unless a file is named.
    #[arg(long, global = true, value_name = "FILE", help_heading = "Configuration")]
    pub history_file: Option<PathBuf>,

    /// Runs on the embedded AWS: no account needed
    #[arg(long, global = true, conflicts_with_all = ["profile", "endpoint_url"], help_heading = "Demo")]
    pub demo: bool,
    /// Decides the demo's traffic and the cause of its incident [default: 7]
    #[arg(long, global = true, value_name = "N", help_heading = "Demo")]
    pub seed: Option<u64>,
    /// Requests a second in the demo [default: 40]
    #[arg(long, global = true, value_name = "N", value_parser = positive, help_heading = "Demo")]
    pub rate: Option<f64>,
    /// Virtual seconds a second in the demo; 0 stops the time [default: 1]
    #[arg(long, global = true, value_name = "N", value_parser = not_negative, help_heading = "Demo")]
    pub speed: Option<f64>,
    /// Faults of the demo, comma-separated KIND:OPERATION, KIND=ARG:OPERATION or with :PROBABILITY behind
    ///
    /// OPERATION is a name or `*`. For example: throttle:*:0.2, deny:StartQuery, hang:GetMetricData, slow=800ms:*,
    /// 500:*:0.1, reset:*:0.1, garbage:GetServiceGraph, expired:*
    #[arg(long, global = true, value_name = "SPEC", help_heading = "Demo")]
    pub faults: Option<String>,
    /// Lines that the demo logs beside those of its requests, such as 27778x1200: lines a second and bytes of each
    ///
    /// A third number says for how many seconds. They stand in the token service's log group and in no metric.
    #[arg(long, global = true, value_name = "LOAD", help_heading = "Demo")]
    pub load: Option<Load>,
    /// Whether the demo keeps AWS's quotas of CloudWatch Logs [default: on]
    #[arg(long, global = true, value_name = "on|off", help_heading = "Demo")]
    pub quotas: Option<QuotasChoice>,
    /// What is wrong in the demo's incidents, FIELD=VALUE[,FIELD=VALUE]… as log lines name them [default: the seed's]
    ///
    /// For example issuer=DEMO_Bank,os='iOS 18'; fields are issuer, walletProvider, os and country.
    #[arg(long, global = true, value_name = "VALUES", help_heading = "Demo")]
    pub cause: Option<Cause>,
}

/// Whether quotas are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum QuotasChoice {
    /// AWS's are kept.
    On,
    /// They are out of the way, of calls as well.
    Off,
}

impl QuotasChoice {
    /// Its name on the command line.
    const fn name(self) -> &'static str {
        match self {
            Self::On => "on",
            Self::Off => "off",
        }
    }
}

/// A screen by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum Screen {
    /// Cards, trend, alarms, feed and services.
    #[default]
    Overview,
    /// All alarms.
    Alarms,
    /// The explorer of metrics.
    Metrics,
    /// The request feed.
    Requests,
    /// The map of services, and their table.
    Services,
    /// Traces by filter expression.
    Traces,
    /// Logs Insights.
    Logs,
    /// What was investigated; --focus find:ID investigates.
    Investigate,
    /// What has fired.
    History,
}

impl From<Screen> for ScreenId {
    fn from(screen: Screen) -> Self {
        match screen {
            Screen::Overview => Self::Overview,
            Screen::Alarms => Self::Alarms,
            Screen::Metrics => Self::Metrics,
            Screen::Requests => Self::Requests,
            Screen::Services => Self::Services,
            Screen::Traces => Self::Traces,
            Screen::Logs => Self::Logs,
            Screen::Investigate => Self::Investigate,
            Screen::History => Self::History,
        }
    }
}

impl Screen {
    /// Its name on the command line and in the JSON contract.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Overview => "overview",
            Self::Alarms => "alarms",
            Self::Metrics => "metrics",
            Self::Requests => "requests",
            Self::Services => "services",
            Self::Traces => "traces",
            Self::Logs => "logs",
            Self::Investigate => "investigate",
            Self::History => "history",
        }
    }
}

/// Options of `baro snapshot`.
#[derive(Debug, Clone, Args)]
pub struct Snapshot {
    /// Columns and rows
    #[arg(long, value_name = "WxH", default_value = "160x48")]
    pub size: Size,
    /// What to write
    #[arg(long, default_value = "text")]
    pub format: SnapshotFormat,
    /// How long to wait for the data
    #[arg(long, value_name = "SPAN", default_value = "10s", value_parser = crate::text::parse_span)]
    pub wait: Duration,
}

/// What `baro snapshot` writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SnapshotFormat {
    /// Plain lines.
    Text,
    /// Lines with colours.
    Ansi,
    /// A picture.
    Svg,
    /// The figures as a document, `barograph/v1`.
    Json,
}

/// Columns and rows of a screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    /// Columns.
    pub width: u16,
    /// Rows.
    pub height: u16,
}

impl std::str::FromStr for Size {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let side = |text: &str| text.parse().ok().filter(|side| (1..=1000).contains(side));
        let sides = text.split_once('x').and_then(|(width, height)| Some((side(width)?, side(height)?)));
        let (width, height) = sides.ok_or("write it like 160x48, each side from 1 to 1000")?;
        Ok(Self { width, height })
    }
}

/// What a command that lists writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ListOutput {
    /// Lines with columns.
    Table,
    /// A document, `barograph/v1`.
    Json,
    /// Comma-separated values (RFC 4180), headed.
    Csv,
}

/// Options of `baro alarms`.
#[derive(Debug, Clone, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the command line")]
pub struct Alarms {
    /// Only alarms of these names
    #[arg(value_name = "NAME")]
    pub names: Vec<String>,
    /// Only alarms in this state: ALARM, OK or INSUFFICIENT_DATA
    #[arg(long, value_name = "STATE", value_parser = alarm_state)]
    pub state: Option<AlarmState>,
    /// Only alarms that pass this filter, in the language of the alarm list: `team age<1h tag:service=pay`
    #[arg(long, value_name = "FILTER", default_value = "", hide_default_value = true, allow_hyphen_values = true)]
    pub filter: String,
    /// Also alarms that the board does not show
    #[arg(long)]
    pub all: bool,
    /// Writes what happened to the alarms, newest first, instead of how they are
    #[arg(long, requires = "names", conflicts_with = "exit_code")]
    pub events: bool,
    /// Also asks for their tags, a call an alarm: for the severity that they say, and for JSON
    #[arg(long, conflicts_with = "events")]
    pub tags: bool,
    /// What to write
    #[arg(long, default_value = "table")]
    pub output: ListOutput,
    /// Exits with status 1 when one of the alarms listed is in state ALARM
    #[arg(long)]
    pub exit_code: bool,
}

/// Options of `baro metrics`.
#[derive(Debug, Clone, Args)]
#[command(after_help = METRICS)]
pub struct Metrics {
    /// What to read; without it, the metrics there are
    ///
    /// An id of the board (metric, card, series, chart), `NAMESPACE:NAME{Dimension=value,…}:STATISTIC[:PERIOD]`, metric
    /// math over these, SEARCH('…', 'STATISTIC', SECONDS), or Metrics Insights SQL. `id = EXPR` names it for those after
    /// it, `EXPR as "LABEL"` labels it.
    #[arg(value_name = "EXPR")]
    pub expressions: Vec<String>,
    /// Period of what names none, the board's metrics included, such as 60s or 5m
    #[arg(long, value_name = "PERIOD", value_parser = metric_period)]
    pub period: Option<u32>,
    /// Lists metrics with all these words in namespace, name or dimensions
    #[arg(long, value_name = "WORDS")]
    pub search: Option<String>,
    /// Lists metrics of this namespace
    #[arg(long, value_name = "NAMESPACE")]
    pub namespace: Option<String>,
    /// Lists metrics that had datapoints in the last three hours
    #[arg(long)]
    pub recent: bool,
    /// What to write
    #[arg(long, default_value = "table")]
    pub output: MetricsOutput,
}

const METRICS: &str = "\
Examples:
  baro metrics success_rate --since 3h
  baro metrics 'AWS/Lambda:Duration{FunctionName=checkout}:p99:5m' --output spark
  baro metrics 'e = AWS/Lambda:Errors:Sum' 'i = AWS/Lambda:Invocations:Sum' '100 * e / i as \"error rate\"'
  baro metrics \"SEARCH('{AWS/Lambda,FunctionName} Errors', 'Sum', 300)\" --output csv
  baro metrics 'SELECT SUM(Errors) FROM SCHEMA(\"AWS/Lambda\", FunctionName) GROUP BY FunctionName'
  baro metrics --search lambda --recent";

/// What `baro metrics` writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum MetricsOutput {
    /// A line a period, a column a series.
    Table,
    /// A document, `barograph/v1`.
    Json,
    /// The table, comma-separated.
    Csv,
    /// A line a series: bars, smallest, mean, largest and last value.
    Spark,
}

/// Options of `baro history`.
#[derive(Debug, Clone, Args)]
pub struct History {
    /// Answers one SELECT over the history instead; it only reads
    #[arg(long, value_name = "SELECT")]
    pub sql: Option<String>,
    /// What to write
    #[arg(long, default_value = "table")]
    pub output: ListOutput,
}

/// Options of `baro suspects`.
#[derive(Debug, Clone, Args)]
pub struct Suspects {
    /// When it was bad, such as 10:13..10:28 [default: since the oldest firing alarm began, or the last 15 minutes]
    #[arg(long, value_name = "FROM..TO", allow_hyphen_values = true)]
    pub bad: Option<String>,
    /// When it was good [default: the hour before the bad window]
    #[arg(long, value_name = "FROM..TO", allow_hyphen_values = true)]
    pub good: Option<String>,
    /// What to write
    #[arg(long, default_value = "table")]
    pub output: ListOutput,
}

/// Options of `baro tail`.
#[derive(Debug, Clone, Args)]
pub struct Tail {
    /// Log group by name or ARN, or all that begin so with `PREFIX*`; may be given several times [default: the board's]
    #[arg(long = "log-group", value_name = "GROUP")]
    pub log_groups: Vec<String>,
    /// CloudWatch Logs filter pattern
    #[arg(long, value_name = "PATTERN", allow_hyphen_values = true)]
    pub filter: Option<String>,
    /// What to write
    #[arg(long, default_value = "text")]
    pub output: TailOutput,
}

/// What `baro tail` writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum TailOutput {
    /// Time and message.
    Text,
    /// A JSON object a line.
    Ndjson,
}

/// Options of `baro demo`.
#[derive(Debug, Clone, Args)]
pub struct Demo {
    /// Address to listen on; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:4577")]
    pub listen: SocketAddr,
}

impl Cli {
    /// Reads a command line, the program's name included. The error prints itself and knows its exit status: 2, or 0
    /// for `--help` and `--version`.
    pub fn read<I, T>(arguments: I) -> Result<Self, clap::Error>
    where
        I: IntoIterator<Item = T>,
        T: Into<std::ffi::OsString> + Clone,
    {
        let cli = Self::try_parse_from(arguments)?;
        let Options { seed, rate, speed, faults, cause, load, quotas, demo, .. } = &cli.options;
        let of_demo = [
            ("--seed", seed.is_some()),
            ("--rate", rate.is_some()),
            ("--speed", speed.is_some()),
            ("--faults", faults.is_some()),
            ("--cause", cause.is_some()),
            ("--load", load.is_some()),
            ("--quotas", quotas.is_some()),
        ];
        let stray = of_demo.iter().find(|(_, given)| *given).map(|(flag, _)| *flag);
        if let Some(flag) = stray.filter(|_| !demo && !matches!(cli.command, Some(Command::Demo(_)))) {
            let message = format!("{flag} goes with --demo, or with the command `demo`");
            return Err(Self::command().error(ErrorKind::MissingRequiredArgument, message));
        }
        Ok(cli)
    }
}

impl Options {
    /// The part that decides about the configuration.
    pub fn choice(&self) -> Choice {
        let zone = match (self.utc, self.local) {
            (true, _) => Some(Zone::Utc),
            (false, true) => Some(Zone::Local),
            (false, false) => None,
        };
        let Self { config, board, theme, keymap, .. } = self.clone();
        Choice { config, board, theme, keymap, zone, finds: false, vars: Vec::new() }
    }

    /// The part that decides what is looked at, as words of a command that looks at the same.
    pub fn place(&self) -> Vec<String> {
        let number = |n: Option<f64>| n.map(|n| n.to_string());
        let valued = [
            ("--seed", self.seed.map(|n| n.to_string())),
            ("--rate", number(self.rate)),
            ("--speed", number(self.speed)),
            ("--faults", self.faults.clone()),
            ("--cause", self.cause.map(|cause| cause.to_string())),
            ("--load", self.load.map(|load| load.to_string())),
            ("--quotas", self.quotas.map(|quotas| quotas.name().to_owned())),
            ("--profile", self.profile.clone()),
            ("--region", self.region.clone()),
            ("--endpoint-url", self.endpoint_url.clone()),
            ("--board", self.board.clone()),
            ("--config", self.config.as_ref().map(|path| path.display().to_string())),
            ("--history-file", self.history_file.as_ref().map(|path| path.display().to_string())),
        ];
        let demo = self.demo.then(|| "--demo".to_owned());
        let given = valued.into_iter().filter_map(|(flag, value)| Some([flag.to_owned(), value?]));
        demo.into_iter().chain(given.flatten()).collect()
    }
}

#[cfg(test)]
mod tests;
