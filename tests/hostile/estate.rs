//! An account in which every text is hostile: what the console asks for is answered with one hostile text after the other.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use barograph::app::effect::{Effect, Effects, Subscription};
use barograph::app::msg::{Msg, Update};
use barograph::app::multiplexer::Multiplexer;
use barograph::app::notify::sequence;
use barograph::app::scans::Scan;
use barograph::app::screen::ScreenId;
use barograph::app::{App, Place, Start, clipboard};
use barograph::board::Board;
use barograph::clock::Time;
use barograph::config::{self, Choice, Desktop, Environment};
use barograph::export::{self, Job, Outcome};
use barograph::panes::Target;
use barograph::panes::inquiry::About;
use barograph::store::alarm::{
    Alarm, AlarmDetail, AlarmEvent, AlarmKind, AlarmSetup, AlarmState, Contributor, LogsAlarm, MetricAlarm, MuteRule,
    Relative, Suppression, Transition,
};
use barograph::store::catalogue::{Ending, MetricId};
use barograph::store::change::Change;
use barograph::store::episode::{Acknowledgement, Entry, Episode, Severity, Signal, Stance};
use barograph::store::found::FoundBatch;
use barograph::store::graph::{Edge, Service, ServiceGraph, ServiceKey, ServicePoint, Statistics, Trend};
use barograph::store::health::{ErrorKind, SourceError, SourceId};
use barograph::store::log::{LogEvent, RequestLines, TailBatch, TailOrigin};
use barograph::store::logbook::{LogAnswer, LogAsk, LogField, LogGroup, LogGroups, Parameter, SavedQuery};
use barograph::store::matches::{Matches, MetricFilter};
use barograph::store::rows::LogRows;
use barograph::store::series::{MetricBatch, MetricQuery, MetricResult, Series};
use barograph::store::story::{self as told, How, Identifier, Join, Origin, Search, SearchState, Shared, Story};
use barograph::store::trace::Trace;
use barograph::store::trace_list::{CauseKind, Rest, RootCause, TraceGroup, TraceList, TraceSummary};
use barograph::store::window::Window;
use barograph::term::thrifty::Thrifty;
use chrono::TimeDelta;
use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers};
use ratatui::layout::Rect;
use ratatui::{Terminal, TerminalOptions, Viewport};
use serde_json::json;

/// A card number and a security code that must never be seen.
pub(super) const PAN: &str = "4111111111111111";
pub(super) const CVV: &str = "9174";

/// Hostile texts, one after the other and again from the first.
#[derive(Debug, Clone)]
pub(super) struct Texts {
    texts: Arc<[String]>,
    at: usize,
}

impl Texts {
    pub(super) fn new(texts: Vec<String>, at: usize) -> Self {
        Self { texts: texts.into(), at }
    }

    /// The next one, with secrets in it.
    fn next(&mut self) -> String {
        let text = &self.texts[self.at % self.texts.len()];
        self.at += 1;
        format!("{text} pan {PAN} cvv={CVV} {text}")
    }

    /// The next one alone: for names, which are many in a row.
    fn name(&mut self) -> String {
        self.at += 1;
        self.texts[(self.at - 1) % self.texts.len()].clone()
    }
}

pub(super) fn now() -> Time {
    "2026-01-15T10:28:00Z".parse().expect("a time")
}

fn at(seconds: i64) -> Time {
    now() - TimeDelta::seconds(seconds)
}

/// Names that targets go by; they are hostile too.
const ALARMS: [&str; 3] = ["metric\u{1b}[2J", "composite\u{9b}31m", "logs\u{202e}"];
const REQUEST: &str = "req\u{1b}]0;x\u{7}";
const TRACE: &str = "1-5f2aef12-\u{1b}[6n";

/// What can be opened.
pub(super) fn targets() -> Vec<Option<(ScreenId, Option<Target>)>> {
    let alarm = |n: usize| ALARMS[n].to_owned();
    let query = || Box::new(MetricQuery::stat("N\u{1b}[2J", "M\u{202e}", &[("D\u{7}", "V\u{9b}2J")], "Sum", 60));
    let service = ServiceKey { kind: "AWS::Lambda\u{1b}[2J".to_owned(), name: "service\u{9d}0;x".to_owned() };
    let screens = ScreenId::ALL.into_iter().map(|screen| Some((screen, None)));
    let targets = [
        Target::Card("failure_rate".to_owned()),
        Target::Chart("trend".to_owned()),
        Target::Metric(query()),
        Target::Split(query()),
        Target::Alarm(alarm(0)),
        Target::Alarm(alarm(1)),
        Target::Alarm(alarm(2)),
        Target::Alarm("gone\u{1b}c".to_owned()),
        Target::Rule("order_flood".to_owned()),
        Target::Request(REQUEST.to_owned()),
        Target::Trace(TRACE.to_owned()),
        Target::Edge(service.clone(), service.clone()),
        Target::Service(service),
        Target::Breakdown(barograph::panes::breakdown::Breakdown::default()),
        Target::Matches(About::Alarm(alarm(0))),
        Target::Matches(About::Alarm(alarm(2))),
        Target::Matches(About::Metric(*query())),
        Target::Traces(About::Alarm(alarm(0))),
        Target::Changes(Some(About::Alarm(alarm(0)))),
        Target::Query("fields @timestamp, @message\u{1b}[2J | limit 20".into()),
        Target::Query("stats count(*) as n by bin(5m), issuer".into()),
        Target::Find("corr\u{9b}2J \u{202e}x".to_owned()),
    ];
    screens.chain(targets.into_iter().map(|target| Some((ScreenId::Overview, Some(target))))).collect()
}

/// The board, with hostile titles.
fn board(texts: &mut Texts) -> (Board, config::Loaded) {
    let file = format!("no/{}.toml", texts.name().replace(['/', '\0'], ""));
    let hostile = config::load(&Choice { board: Some(file), ..Choice::default() }, &Environment::default());
    let loaded = config::load(&Choice::default(), &Environment::default());
    let mut board = loaded.board.clone();
    board.title = texts.next();
    board.cards.iter_mut().for_each(|card| card.title = texts.next());
    for chart in &mut board.charts {
        chart.title = texts.next();
        chart.series.iter_mut().for_each(|line| line.label = texts.next());
    }
    board.rules.iter_mut().for_each(|rule| rule.title = texts.next());
    if let Some(feed) = &mut board.feed {
        feed.columns.iter_mut().for_each(|column| column.title = texts.name());
    }
    (board, hostile)
}

/// The console, without sources and terminal.
pub(super) struct Console {
    pub(super) app: App,
    pub(super) texts: Texts,
    /// What has gone to the terminal beside frames.
    pub(super) bytes: Vec<u8>,
    /// What has been exported.
    pub(super) exported: Vec<String>,
    folder: std::path::PathBuf,
}

impl Console {
    pub(super) fn open(mut texts: Texts, screen: ScreenId, focus: Option<Target>) -> Self {
        let (board, loaded) = board(&mut texts);
        let env = Environment::default();
        let place = config::Place::whole("themes");
        let (theme, _) = config::load_theme(&config::Chosen { name: "dark".to_owned(), place }, &env);
        let app = App::new(Start {
            board: Arc::new(board),
            themes: vec![theme],
            keymap: loaded.keymap,
            problems: loaded.problems,
            place: Place {
                account: texts.next(),
                region: texts.name(),
                options: vec![texts.name()],
                user: texts.next(),
            },
            window: Window::live(Duration::from_hours(1)),
            zone: loaded.settings.zone,
            screen,
            focus,
            now: now(),
        });
        let folder = std::env::temp_dir().join(format!("baro-hostile-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder");
        let mut console = Self { app, texts, bytes: Vec::new(), exported: Vec::new(), folder };
        let effects = console.app.start(now());
        console.carry_out(effects);
        let (history, trouble) = (console.history(), console.texts.next());
        console.tell(Update::History(history));
        console.tell(Update::HistoryTrouble(Some(trouble)));
        console
    }

    fn tell(&mut self, update: Update) {
        let effects = self.app.update(Msg::Feed(update));
        self.carry_out(effects);
    }

    /// Every source fails in hostile words.
    pub(super) fn fail(&mut self) {
        for source in SourceId::ALL.iter().copied() {
            let error = SourceError {
                kind: ErrorKind::Denied,
                operation: self.texts.name(),
                message: self.texts.next(),
                at: now(),
                retry_in: None,
            };
            let effects = self.app.update(Msg::Failed(source, error));
            self.carry_out(effects);
        }
        let notice = self.texts.next();
        drop(self.app.update(Msg::Notice(notice)));
    }

    pub(super) fn keys(&mut self, script: &str) {
        for c in script.chars() {
            let code = match c {
                '\n' => KeyCode::Enter,
                '\t' => KeyCode::Tab,
                '\u{1b}' => KeyCode::Esc,
                // Any other control character is Ctrl with its letter.
                c if c < ' ' => KeyCode::Char(char::from(c as u8 + b'`')),
                c => KeyCode::Char(c),
            };
            let is_ctrl = matches!(code, KeyCode::Char(_)) && c < ' ';
            let held = if is_ctrl { KeyModifiers::CONTROL } else { KeyModifiers::NONE };
            let effects = self.app.update(Msg::Input(Event::Key(KeyEvent::new(code, held))));
            self.carry_out(effects);
        }
    }

    pub(super) fn paste(&mut self, text: &str) {
        let effects = self.app.update(Msg::Input(Event::Paste(text.to_owned())));
        self.carry_out(effects);
    }

    /// Draws it through the backend that the real console draws through; returns the bytes and the text.
    pub(super) fn draw(&mut self, size: (u16, u16)) -> (Vec<u8>, String) {
        let mut bytes = Vec::new();
        let options = TerminalOptions { viewport: Viewport::Fixed(Rect::new(0, 0, size.0, size.1)) };
        let text = {
            let mut terminal = Terminal::with_options(Thrifty::new(&mut bytes), options).expect("a terminal");
            export::text(terminal.draw(|frame| self.app.draw(frame)).expect("drawn").buffer)
        };
        (bytes, text)
    }

    fn carry_out(&mut self, effects: Effects) {
        for effect in effects {
            match effect {
                Effect::Watch(watch) => self.answer(watch.wanted),
                Effect::Copy(text) => {
                    for inside in [Multiplexer::None, Multiplexer::Tmux] {
                        self.bytes.extend(clipboard::sequence(&text, inside).bytes());
                    }
                }
                Effect::Notify(told) => {
                    for desktop in [Desktop::Osc9, Desktop::Osc777, Desktop::Osc99] {
                        for inside in [Multiplexer::None, Multiplexer::Tmux] {
                            let words = sequence(desktop, &told.headline(), &told.words(), inside);
                            self.bytes.extend(words.bytes());
                        }
                    }
                }
                Effect::Export(job) => self.export(*job),
                Effect::Scan(scan) => self.scan(&scan),
                Effect::Refresh(_)
                | Effect::Remember(_)
                | Effect::Note(_)
                | Effect::Forget(_)
                | Effect::Suspend
                | Effect::Redraw
                | Effect::StopScan
                | Effect::Quit => {}
            }
        }
    }

    /// Looks through all lines at once.
    fn scan(&mut self, scan: &Scan) {
        let search = &scan.search;
        let mut hits = Vec::new();
        search.run(1, &|| false, &mut |part| {
            hits.extend(part.hits);
            true
        });
        let lines = search.lines();
        self.tell(Update::Found(FoundBatch {
            id: scan.id,
            key: scan.key.clone(),
            anew: search.since == 0,
            hits,
            seen: lines,
            of: lines,
            back_to: None,
            upto: search.snapshot.arrived,
            done: true,
        }));
    }

    fn export(&mut self, job: Job) {
        let outcome = job.carry_out(Ok(self.folder.clone()));
        if let Outcome::Written { file, .. } = &outcome {
            self.exported.push(std::fs::read_to_string(file).expect("written"));
            std::fs::remove_file(file).expect("removed");
        }
        let effects = self.app.update(Msg::Exported(outcome));
        self.carry_out(effects);
    }

    fn answer(&mut self, wanted: BTreeSet<Subscription>) {
        for one in wanted {
            for update in self.answers(&one) {
                // What follows from it is asked for in its turn; a few rounds are enough for every pane.
                let effects = self.app.update(Msg::Feed(update));
                for effect in effects {
                    if let Effect::Watch(watch) = effect {
                        let new: Vec<Subscription> = watch.wanted.into_iter().filter(|two| *two != one).collect();
                        for two in new {
                            for update in self.answers(&two) {
                                drop(self.app.update(Msg::Feed(update)));
                            }
                        }
                    } else {
                        self.carry_out(vec![effect]);
                    }
                }
            }
        }
    }

    #[expect(clippy::too_many_lines, reason = "an arm for each thing that can be asked for")]
    fn answers(&mut self, wanted: &Subscription) -> Vec<Update> {
        let t = &mut self.texts;
        vec![match wanted {
            Subscription::Metric { query, .. } | Subscription::Recent { query, .. } => {
                let points = |low: f64| (0..120).map(|n| (at(60 * (120 - n)), low + n as f64)).collect();
                let series = vec![
                    Series { label: t.next(), points: points(1.0) },
                    Series { label: t.next(), points: points(900.0) },
                ];
                let message = Some(t.next());
                let result = MetricResult { query: query.clone(), from: at(7200), to: now(), series, message };
                Update::Metrics(MetricBatch { at: now(), results: vec![result] })
            }
            Subscription::Catalogue(scope) => {
                let metric = |n: i32, t: &mut Texts| MetricId {
                    namespace: if n % 2 == 0 { "N\u{1b}[2J".into() } else { t.next().into() },
                    name: if n % 2 == 0 { "M\u{202e}".into() } else { t.next().into() },
                    dimensions: vec![(t.name().into(), t.next().into()), ("D\u{7}".into(), t.next().into())],
                    account: Some(t.name().into()),
                };
                let page: Vec<MetricId> = (0..8).map(|n| metric(n, t)).collect();
                let ending = Ending::Complete;
                Update::Catalogue { at: now(), scope: scope.clone(), page: page.into(), first: true, ending }
            }
            Subscription::Counts(_) => return Vec::new(),
            Subscription::Logbook(ask) => Update::Logbook { at: now(), ask: ask.clone(), answer: logbook(ask, t) },
            Subscription::Story(query) => {
                Update::Story { at: now(), query: query.clone(), story: Arc::new(story(&query.identifiers, t)) }
            }
            Subscription::Alarms => Update::Alarms { at: now(), alarms: alarms(t) },
            Subscription::AlarmHistory(alarm) => {
                let event = |n: i64, t: &mut Texts| AlarmEvent {
                    at: at(60 * n),
                    kind: if n % 2 == 0 { "Action".to_owned() } else { t.name() },
                    summary: t.next(),
                    change: (n == 3).then_some((AlarmState::Ok, AlarmState::Alarm)),
                };
                let events = (0..12).map(|n| event(n, t)).collect();
                Update::AlarmHistory { at: now(), alarm: alarm.clone(), events }
            }
            Subscription::Transitions => Update::Transitions {
                at: now(),
                transitions: (0..3)
                    .map(|n| Transition {
                        alarm: ALARMS[n].to_owned(),
                        at: at(9000 - 60 * n as i64),
                        from: AlarmState::Ok,
                        to: AlarmState::Alarm,
                        reason: t.next(),
                        value: Some(1.0),
                        threshold: Some(0.5),
                    })
                    .collect(),
            },
            Subscription::AlarmDetail(alarm) => Update::AlarmDetail {
                at: now(),
                alarm: alarm.name.clone(),
                detail: Box::new(AlarmDetail {
                    parents: vec![t.next(), ALARMS[1].to_owned()],
                    children: vec![Relative { name: t.next(), state: AlarmState::Alarm, updated: Some(at(60)) }],
                    contributors: Ok(vec![Contributor {
                        attributes: vec![(t.name(), t.next())],
                        reason: t.next(),
                        since: Some(at(60)),
                    }]),
                    mutes: Ok(vec![MuteRule { name: t.next(), status: t.name(), kind: t.name(), expires: None }]),
                }),
            },
            Subscription::AlarmTags(alarm) => Update::AlarmTags {
                at: now(),
                alarm: alarm.name.clone(),
                tags: vec![(t.name(), t.next()), ("cvv".to_owned(), CVV.to_owned())],
            },
            Subscription::Feed => {
                let events = (0..40).flat_map(|n| request(n, t)).collect();
                let origin = TailOrigin::Live;
                Update::Tail(TailBatch { at: now(), events, origin, sampled: false, complete_to: None })
            }
            Subscription::Lines(id) => {
                let events: Vec<LogEvent> = (0..12).flat_map(|n| request(n, t)).collect();
                let lines = events.into_iter().map(|event| (t.next(), event)).collect();
                Update::Lines { id: id.clone(), lines: RequestLines { at: now(), lines, complete: true } }
            }
            Subscription::MetricFilters { namespace, name } => {
                let filter = MetricFilter {
                    name: t.next(),
                    log_group: t.next(),
                    pattern: if t.at.is_multiple_of(2) { t.next() } else { "pan".to_owned() },
                    value: "1".to_owned(),
                };
                let (namespace, name) = (namespace.clone(), name.clone());
                Update::MetricFilters { at: now(), namespace, name, filters: vec![filter] }
            }
            Subscription::Matches(query) => {
                let lines = (0..40).flat_map(|n| request(n, t)).collect();
                let unread = Some((at(9000), at(5000)));
                let matches = Matches { lines, unread, pages: 1, running: false };
                Update::Matches { at: now(), query: query.clone(), matches }
            }
            Subscription::Changes => {
                let change = |n: i64, t: &mut Texts| Change {
                    id: t.name(),
                    at: at(60 * n),
                    source: t.name(),
                    event: t.next(),
                    who: t.next(),
                    what: t.next(),
                    error: (n % 3 == 0).then(|| t.next()),
                    document: json!({ t.name(): t.next(), "password": CVV, "deep": { t.name(): [t.next()] } }),
                };
                Update::Changes { at: now(), changes: (0..6).map(|n| change(n, t)).collect() }
            }
            Subscription::Logs(query) => {
                let row = |n: i64, t: &mut Texts| {
                    let message = request(2 * n, t).pop().map(|event| event.message.into_string()).unwrap_or_default();
                    let field = |name: &str, value: String| (name.to_owned(), value);
                    vec![
                        field("@message", message),
                        field("event", "TOKEN_PROVISION_FAILURE".to_owned()),
                        field("issuer", t.next()),
                        field("walletProvider", t.next()),
                        field(&t.name(), t.next()),
                        field("n", (900 - n).to_string()),
                        field("bin(5m)", format!("2026-01-15 10:{:02}:00.000", 5 * n)),
                        field("card.cvv", CVV.to_owned()),
                        field("@ptr", t.name()),
                    ]
                };
                let rows = (0..12).map(|n| row(n, t)).collect();
                let rows = LogRows { rows, records_scanned: 9.0, ..LogRows::default() };
                Update::Rows { query: query.clone(), at: now(), rows }
            }
            Subscription::Services => Update::Services { at: now(), graph: graph(t) },
            Subscription::ServicesBefore => Update::ServicesBefore { at: now(), graph: graph(t) },
            Subscription::ServiceTrend(query) | Subscription::FollowedService { query, .. } => {
                let points = (0..60).map(|n| ServicePoint { at: at(60 * (60 - n)), statistics: statistics(n as u64) });
                let followed = matches!(wanted, Subscription::FollowedService { .. });
                let trend = Trend { points: points.collect(), covered: Some((at(3_600), now())), ..Trend::default() };
                Update::ServiceTrend { at: now(), query: query.clone(), followed, trend }
            }
            Subscription::Trace(id) => Update::Trace { at: now(), id: id.clone(), trace: Some(trace(id, t)) },
            Subscription::TraceSummaries(query) => {
                let summary = |n: i64, t: &mut Texts| TraceSummary {
                    id: format!("1-{n}-{}", t.name()),
                    start: Some(at(n)),
                    duration_s: 1.5,
                    fault: true,
                    entry: t.next(),
                    method: t.next(),
                    url: t.next(),
                    client_ip: t.next(),
                    user_agent: t.next(),
                    users: vec![t.next()],
                    services: vec![t.name()],
                    causes: vec![RootCause {
                        kind: CauseKind::Fault,
                        service: t.name(),
                        entity: t.next(),
                        exception: Some((t.name(), t.next())),
                        coverage: None,
                    }],
                    annotations: vec![(t.name(), t.next()), ("cardCvv".to_owned(), CVV.to_owned())],
                    ..TraceSummary::default()
                };
                let traces = (0..12).map(|n| summary(n, t)).collect();
                let rest = Some(Rest { to: at(0), token: Some(t.next()), pages: 1 });
                let list = TraceList { traces, rest, scanned: 12, pages: 1, ..TraceList::default() };
                Update::TraceSummaries { at: now(), query: query.clone(), list }
            }
            Subscription::TraceGroups => {
                let group = |t: &mut Texts| TraceGroup { name: t.name(), arn: t.next(), filter: t.next() };
                Update::TraceGroups { at: now(), groups: (0..6).map(|_| group(t)).collect() }
            }
        }]
    }

    fn history(&mut self) -> Vec<Entry> {
        let t = &mut self.texts;
        let mut entries = Vec::new();
        for n in 0..6 {
            let (signal, name) = if n % 2 == 0 { (Signal::Alarm, t.next()) } else { (Signal::Rule, t.name()) };
            let (account, region) = (t.name(), t.name());
            entries.push(Entry::Episode(Episode {
                signal,
                name: name.clone(),
                account: account.clone(),
                region: region.clone(),
                severity: Severity::Critical,
                began: at(86_400 * n),
                ended: Some(at(86_400 * n - 60)),
                value: Some(1.0),
                peak: Some(2.0),
                threshold: Some(0.5),
                reason: t.next(),
            }));
            entries.push(Entry::Acknowledgement(Acknowledgement {
                stance: Stance::Acknowledged,
                signal,
                name,
                account,
                region,
                by: t.next(),
                at: at(86_400 * n - 30),
                note: t.next(),
                until: None,
            }));
        }
        entries
    }
}

fn alarms(t: &mut Texts) -> Vec<Alarm> {
    let query = MetricQuery::stat("N\u{1b}[2J", "M\u{202e}", &[("D\u{7}", "V\u{9b}2J")], "Sum", 60);
    let metric = MetricAlarm {
        query,
        band: None,
        comparison: "GreaterThanThreshold".to_owned(),
        threshold: Some(5.0),
        evaluation_periods: 2,
        datapoints_to_alarm: 2,
        treat_missing: t.name(),
    };
    let logs = LogsAlarm {
        query: t.next(),
        log_groups: vec![t.next()],
        comparison: t.name(),
        threshold: Some(1.0),
        results_to_evaluate: 1,
        results_to_alarm: 1,
        treat_missing: t.name(),
        aggregation: t.next(),
        schedule: t.name(),
        looks_back_s: Some(300),
    };
    let kinds = [
        AlarmKind::Metric(Box::new(metric)),
        AlarmKind::Composite { rule: t.next(), children: vec![ALARMS[0].to_owned(), t.name()] },
        AlarmKind::Logs(Box::new(logs)),
    ];
    let alarm = |(name, kind): (&str, AlarmKind), t: &mut Texts| Alarm {
        name: name.to_owned(),
        description: t.next(),
        kind,
        state: AlarmState::Alarm,
        since: Some(at(600)),
        reason: t.next(),
        value: Some(7.0),
        actions_enabled: true,
        actions: vec![t.next()],
        evaluation_state: Some(t.name()),
        setup: AlarmSetup {
            arn: t.next(),
            ok_actions: vec![t.next()],
            no_data_actions: vec![t.next()],
            suppression: Some(Suppression {
                by: t.next(),
                wait_s: 1,
                extension_s: 1,
                now: Some(t.name()),
                reason: t.next(),
            }),
            unit: Some(t.name()),
            ..AlarmSetup::default()
        },
    };
    let mut all: Vec<Alarm> = ALARMS.into_iter().zip(kinds).map(|one| alarm(one, t)).collect();
    let mut more = all[0].clone();
    more.name = t.next();
    all.push(more);
    all
}

/// The lines of a request: JSON with hostile fields, and one that is hostile alone.
fn request(n: i64, t: &mut Texts) -> Vec<LogEvent> {
    let event = |seconds: i64, message: String| LogEvent { time: at(seconds), group: 0, message: message.into() };
    if n % 8 == 5 {
        return vec![event(n, t.next())];
    }
    let id = if n == 0 { REQUEST.to_owned() } else { format!("{n}{}", t.name()) };
    let line = json!({
        "level": t.name(),
        "requestId": id,
        "event": if n % 2 == 0 { "TOKEN_PROVISION_FAILURE" } else { "TOKEN_PROVISION_SUCCESS" },
        "reason": t.next(),
        "walletProvider": t.next(),
        "issuer": t.next(),
        "device": t.next(),
        "os": t.next(),
        "processingTime": 1.5,
        "correlationId": t.name(),
        "traceId": TRACE,
        "cvv": CVV,
        "pan": PAN,
        t.name(): t.next(),
        "stack": format!("{}\n{}", t.next(), t.next()),
    });
    vec![event(n, line.to_string())]
}

fn logbook(ask: &LogAsk, t: &mut Texts) -> LogAnswer {
    match ask {
        LogAsk::Groups(_) => {
            let group = |_, t: &mut Texts| LogGroup {
                name: t.next(),
                arn: t.next(),
                created: Some(at(9_000_000)),
                stored_bytes: Some(1 << 30),
                retention_days: Some(7),
            };
            LogAnswer::Groups(LogGroups { groups: (0..6).map(|n| group(n, t)).collect(), more: true })
        }
        LogAsk::Definitions => {
            let parameter = |t: &mut Texts| Parameter {
                name: "p".to_owned(),
                default: Some(t.next()),
                description: Some(t.next()),
            };
            let query = |_, t: &mut Texts| SavedQuery {
                name: t.next(),
                text: format!("fields {}\n| filter a = \"{{{{p}}}}\" {}", t.next(), t.next()),
                groups: vec![t.next()],
                parameters: vec![parameter(t)],
            };
            LogAnswer::Definitions((0..6).map(|n| query(n, t)).collect())
        }
        LogAsk::Fields(_) => LogAnswer::Fields((0..9).map(|n| LogField { name: t.next(), percent: n }).collect()),
        LogAsk::Record(_) => {
            let message = request(2, t).pop().map(|event| event.message.into_string()).unwrap_or_default();
            let mut fields: Vec<(String, String)> = (0..4).map(|_| (t.name(), t.next())).collect();
            fields.extend([("@message".to_owned(), message), ("cardCvv".to_owned(), CVV.to_owned())]);
            LogAnswer::Record(fields)
        }
    }
}

fn story(given: &[String], t: &mut Texts) -> Story {
    let mut story = Story { running: t.at.is_multiple_of(2), ..Story::default() };
    story.identifiers =
        given.iter().map(|value| Identifier { field: String::new(), value: value.clone(), join: None }).collect();
    for (field, value) in [(t.name(), t.next()), ("cvv".to_owned(), CVV.to_owned())] {
        story.identifiers.push(Identifier { field, value, join: Some(Join { source: t.next(), with: t.next() }) });
    }
    for n in 0..12_i64 {
        let origin = match n % 3 {
            0 => Origin::Logs(t.next()),
            1 => Origin::XRay,
            _ => Origin::CloudTrail(t.next()),
        };
        let text = request(n, t).pop().map(|event| event.message.into_string()).unwrap_or_default();
        story.add(told::Event {
            time: at(120 - 9 * n),
            took_s: Some(1.5),
            own_s: Some(0.5),
            origin: Some(origin),
            service: t.next(),
            status: t.name(),
            outcome: if n % 2 == 0 { told::Outcome::Failed } else { told::Outcome::Good },
            what: t.next(),
            reason: Some(t.next()),
            text,
            request: Some(t.name()),
            correlation: Some(t.next()),
            trace: Some(TRACE.to_owned()),
            segment: Some(t.name()),
            depth: u16::try_from(n % 4).unwrap_or(0),
            ids: vec![t.name()],
        });
    }
    let failure =
        SourceError { kind: ErrorKind::Denied, operation: t.name(), message: t.next(), at: now(), retry_in: None };
    for state in [SearchState::Done, SearchState::Skipped(t.next()), SearchState::Failed(failure)] {
        story.searched.push(Search {
            places: vec![t.next()],
            how: How::Insights,
            why: t.next(),
            sought: vec![t.next()],
            from: at(7200),
            to: now(),
            state,
            calls: 3,
            found: 4,
            bytes: 9.0,
            usd: 0.01,
        });
    }
    story.shared.push(Shared { value: t.next(), leads: story.events.clone(), ..Shared::default() });
    let problem = t.next();
    story.note(problem);
    story
}

fn statistics(fault: u64) -> Statistics {
    Statistics {
        ok: 900,
        fault,
        total: 900 + fault,
        histogram: vec![(0.5, 900), (9.0, fault)],
        ..Statistics::default()
    }
}

fn graph(t: &mut Texts) -> ServiceGraph {
    let known = ServiceKey { kind: "AWS::Lambda\u{1b}[2J".to_owned(), name: "service\u{9d}0;x".to_owned() };
    let mut keys = vec![known];
    keys.extend((0..5).map(|_| ServiceKey { kind: t.name(), name: t.next() }));
    let service = |key: &ServiceKey| Service { key: key.clone(), statistics: statistics(90), ..Service::default() };
    let edge = |two: &[ServiceKey]| Edge {
        from: two[0].clone(),
        to: two[1].clone(),
        statistics: statistics(9),
        ..Edge::default()
    };
    ServiceGraph {
        services: keys.iter().map(service).collect(),
        edges: keys.windows(2).map(edge).collect(),
        ..ServiceGraph::default()
    }
}

fn trace(id: &str, t: &mut Texts) -> Trace {
    let root = json!({
        "id": "aaaaaaaaaaaaaaa1", "name": t.next(), "start_time": 1000.0, "end_time": 1024.3, "fault": true,
        "origin": t.next(),
        "http": {"request": {"method": t.name(), "url": t.next()}, "response": {"status": 504}},
        "annotations": {t.name(): t.next(), "cvv": CVV},
        "metadata": {t.name(): {t.name(): t.next()}},
        "cause": {"exceptions": [{"message": t.next(), "type": t.next(), "stack": [{"path": t.next(), "label": t.name()}]}]},
        "subsegments": [{"id": "aaaaaaaaaaaaaaa2", "name": t.next(), "namespace": t.name(), "start_time": 1000.1,
            "end_time": 1000.4, "throttle": true, "aws": {"operation": t.next()}, "sql": {"sanitized_query": t.next()}}],
    });
    Trace::from_documents(id, 24.3, [root.to_string().as_str(), t.next().as_str()])
}
