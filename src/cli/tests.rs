//! Command lines as they are typed.

use super::*;
use crate::panes::inquiry::About;
use crate::panes::traces::Search;
use crate::store::graph::ServiceKey;
use crate::store::series::MetricQuery;

fn read(line: &str) -> Result<Cli, clap::Error> {
    Cli::read(std::iter::once("baro").chain(line.split_whitespace()))
}

#[test]
fn the_declaration_is_sound() {
    Cli::command().debug_assert();
}

/// clap lets a command's own option stand over a global one of that name, and panics when the global one is read.
#[test]
fn no_command_has_an_option_of_all_commands_name() {
    let cli = Cli::command();
    let global: Vec<&clap::Id> = cli.get_arguments().filter(|a| a.is_global_set()).map(clap::Arg::get_id).collect();
    assert!(global.len() > 10, "{global:?}");
    for command in cli.get_subcommands() {
        for argument in command.get_arguments() {
            assert!(!global.contains(&argument.get_id()), "{} --{}", command.get_name(), argument.get_id());
        }
    }
}

#[test]
fn nothing_typed_is_the_console() {
    let cli = read("").expect("valid");
    assert!(cli.command.is_none() && !cli.options.demo);
    assert_eq!(cli.options.choice(), Choice::default());
}

#[test]
fn options_stand_before_or_after_the_command() {
    for line in [
        "snapshot --demo --seed 7 --at 2026-01-15T10:28:00Z --screen alarms --size 80x24 --format json",
        "--demo --seed 7 --at 2026-01-15T10:28:00Z --screen alarms snapshot --size 80x24 --format json",
    ] {
        let cli = read(line).expect(line);
        let Some(Command::Snapshot(snapshot)) = cli.command else { panic!("{line}") };
        assert_eq!(snapshot.size, Size { width: 80, height: 24 });
        assert_eq!((snapshot.format, snapshot.wait), (SnapshotFormat::Json, Duration::from_secs(10)));
        assert_eq!(cli.options.at, Some("2026-01-15T10:28:00Z".parse().expect("a time")));
        assert_eq!((cli.options.seed, cli.options.screen), (Some(7), Some(Screen::Alarms)));
    }
}

#[test]
fn commands_take_their_options() {
    let Some(Command::Alarms(alarms)) = read("alarms --state ALARM --output json --exit-code").expect("valid").command
    else {
        panic!("alarms")
    };
    assert_eq!((alarms.state, alarms.output, alarms.exit_code), (Some(AlarmState::Alarm), ListOutput::Json, true));
    let Some(Command::Tail(tail)) =
        read("tail --log-group /a --log-group /b --filter -DEBUG --output ndjson").expect("valid").command
    else {
        panic!("tail")
    };
    assert_eq!(tail.log_groups, ["/a", "/b"]);
    assert_eq!((tail.filter.as_deref(), tail.output), (Some("-DEBUG"), TailOutput::Ndjson));
    let cli = read("demo --listen 127.0.0.1:0 --rate 1000 --speed 60 --faults throttle:*:0.2").expect("valid");
    let Some(Command::Demo(demo)) = cli.command else { panic!("demo") };
    assert_eq!(demo.listen.port(), 0);
    assert_eq!((cli.options.rate, cli.options.speed), (Some(1000.0), Some(60.0)));
    assert!(read("--at -2h --since 90m --local").expect("valid").options.choice().zone == Some(Zone::Local));
}

#[test]
fn bad_usage_exits_with_2() {
    for line in [
        "--bord x",
        "snapshoot",
        "snapshot --size 80",
        "snapshot --size 0x24",
        "snapshot --size 80x99999",
        "snapshot --format png",
        "--since 5",
        "--since 10s",
        "--at yesterday",
        "--screen maps",
        "--focus card",
        "--focus pod:x",
        "--utc --local",
        "--demo --profile p",
        "--seed 3",
        "alarms --rate 10",
        "--demo --rate 0",
        "--demo --rate inf",
        "--endpoint-url localhost:4577",
        "alarms --state FIRING",
        "completions perl",
        "demo --listen 4577",
        "find",
        "query --output yaml x",
    ] {
        let error = read(line).map(|_| ()).expect_err(line);
        assert_eq!(error.exit_code(), 2, "{line}");
    }
    assert_eq!(read("--help").map(|_| ()).expect_err("help").exit_code(), 0);
}

#[test]
fn help_and_refusal_of_a_focus_name_every_form() {
    let refused = focus("pod:x").expect_err("no form");
    let help = read("--help").expect_err("help").to_string();
    for form in [
        "card:ID",
        "chart:ID",
        "metric:EXPR",
        "split:",
        "alarm:NAME",
        "rule:ID",
        "service:NAME",
        "edge:CALLER->CALLED",
        "NAME@TYPE",
        "request:ID",
        "requests:FILTER",
        "trace:ID",
        "trace:ID@SEGMENT",
        "find:ID",
        "breakdown:",
        "traces:EXPRESSION",
        "traces[Event,sampled]:EXPRESSION",
        "query[GROUP,GROUP*]:TEXT",
        "lines:",
        "changes:",
    ] {
        assert!(refused.contains(form), "{form}: {refused}");
        assert!(help.contains(form), "{form}: {help}");
    }
    // What is nearly right is told how that one is written.
    assert!(focus("edge:TSP").is_err_and(|why| why.contains("edge:CALLER->CALLED") && why.contains("NAME@TYPE")));
    let why = focus("traces[Foo]:fault").expect_err("no option");
    assert!(why.contains("TraceId, Event, Service and sampled"), "{why}");
}

#[test]
fn a_focus_reads_back() {
    let metric = |namespace: &str, name: &str| MetricQuery::stat(namespace, name, &[], "Sum", 60);
    let of = |kind: &str, name: &str| ServiceKey { kind: kind.to_owned(), name: name.to_owned() };
    let key = |kind: &str, name: &str| Target::Service(of(kind, name));
    for (text, target) in [
        ("card:success_rate", Target::Card("success_rate".to_owned())),
        ("chart:trend", Target::Chart("trend".to_owned())),
        (
            "metric:AWS/Lambda:Errors{FunctionName=a b}:p99:5m",
            Target::Metric(Box::new(MetricQuery::stat("AWS/Lambda", "Errors", &[("FunctionName", "a b")], "p99", 300))),
        ),
        ("alarm:a:b@c", Target::Alarm("a:b@c".to_owned())),
        ("rule:order_flood", Target::Rule("order_flood".to_owned())),
        ("request:a1-b2", Target::Request("a1-b2".to_owned())),
        ("trace:1-5f2aef12-6b4f7a9c8d2e1f3a2b1c0d9e", Target::Trace("1-5f2aef12-6b4f7a9c8d2e1f3a2b1c0d9e".to_owned())),
        ("edge:A->B@remote", Target::Edge(of("", "A"), of("remote", "B"))),
        ("lines:alarm:a:b", Target::Matches(About::Alarm("a:b".to_owned()))),
        ("lines:card:failure_rate", Target::Matches(About::Card("failure_rate".to_owned()))),
        ("lines:metric:AWS/Lambda:Errors", Target::Matches(About::Metric(metric("AWS/Lambda", "Errors")))),
        ("traces:chart:trend", Target::Traces(About::Chart("trend".to_owned()))),
        ("traces:service(\"a\") { fault }", Target::TraceSearch(Search::of("service(\"a\") { fault }"))),
        ("changes:alarm:a", Target::Changes(Some(About::Alarm("a".to_owned())))),
        ("changes:all", Target::Changes(None)),
        ("service:TSP", key("", "TSP")),
        ("service:a@b@AWS::DynamoDB::Table", key("AWS::DynamoDB::Table", "a@b")),
    ] {
        assert_eq!(focus(text), Ok(target.clone()), "{text}");
        assert_eq!(focus_text(&target), text);
    }
    // The traces of a service are a search.
    for (text, expression) in [
        ("traces:service:TSP@remote", "service(id(name: \"TSP\", type: \"remote\"))"),
        ("traces:edge:A->B", "edge(\"A\", \"B\")"),
    ] {
        assert_eq!(focus(text), Ok(Target::TraceSearch(Search::of(expression))), "{text}");
    }
}
