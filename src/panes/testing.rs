//! A small world for the tests of panes: one board, and a store in each state of health.

use std::time::Duration;

use chrono::TimeDelta;
use indexmap::IndexMap;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;
use serde_json::json;

use crate::app::msg::Update;
use crate::board::{AlarmFilter, Board, Column, FeedRules, Status};
use crate::clock::Time;
use crate::panes::{Cx, Pane, Zone};
use crate::store::Store;
use crate::store::graph::{
    Edge, Entity, Nature, Service, ServiceGraph, ServiceKey, ServicePoint, Statistics, Trend, TrendQuery,
};
use crate::store::health::{ErrorKind, SourceError, SourceId};
use crate::store::log::{LogEvent, RequestLines, TailBatch, TailOrigin};
use crate::store::trace::Trace;
use crate::store::window::Window;
use crate::widgets::theme::Theme;

/// Sizes at which everything must draw.
pub(crate) const SIZES: [(u16, u16); 8] = [(0, 0), (1, 1), (2, 2), (20, 5), (40, 10), (80, 24), (160, 48), (300, 90)];

pub(crate) const TRACE: &str = "1-5f2aef12-6b4f7a9c8d2e1f3a2b1c0d9e";
pub(crate) const CORRELATION: &str = "corr_9f27c1ab";

pub(crate) struct World {
    pub(crate) board: Board,
    pub(crate) store: Store,
    pub(crate) theme: Theme,
    pub(crate) now: Time,
    pub(crate) zone: Zone,
    pub(crate) frozen: Option<u64>,
}

pub(crate) fn at(text: &str) -> Time {
    text.parse().expect("a time")
}

impl World {
    pub(crate) fn empty() -> Self {
        Self {
            board: board(),
            store: Store::default(),
            theme: Theme::plain("test"),
            now: at("2026-01-15T10:28:07Z"),
            zone: Zone::Utc,
            frozen: None,
        }
    }

    /// 150 seconds of a request a quarter of a second; every seventh fails; `req-1` is the newest failed one, and the
    /// oldest has never ended.
    pub(crate) fn live() -> Self {
        let mut world = Self::empty();
        world.tail(TailOrigin::Live, (0..600).rev().flat_map(|n| request(world.now, n)).collect());
        world.fold_details();
        world
    }

    pub(crate) fn stale() -> Self {
        let mut world = Self::live();
        world.now += TimeDelta::seconds(40);
        world.fail_all(ErrorKind::Throttled);
        world
    }

    pub(crate) fn failed() -> Self {
        let mut world = Self::empty();
        world.fail_all(ErrorKind::Denied);
        world
    }

    pub(crate) fn all() -> [Self; 4] {
        [Self::empty(), Self::live(), Self::stale(), Self::failed()]
    }

    pub(crate) fn cx(&self) -> Cx<'_> {
        Cx {
            store: &self.store,
            board: &self.board,
            theme: &self.theme,
            now: self.now,
            window: Window::live(Duration::from_hours(3)),
            zone: self.zone,
            focused: true,
            frozen: self.frozen,
        }
    }

    pub(crate) fn tail(&mut self, origin: TailOrigin, events: Vec<LogEvent>) {
        let batch = TailBatch { at: self.now, events, origin, sampled: false, complete_to: None };
        self.store.fold(&self.board, Update::Tail(batch));
    }

    pub(crate) fn fail_all(&mut self, kind: ErrorKind) {
        for source in SourceId::ALL.iter().copied() {
            let error = SourceError {
                kind,
                operation: source.name().to_owned(),
                message: format!("User is not authorized to perform {source}"),
                at: self.now,
                retry_in: (kind != ErrorKind::Denied).then_some(Duration::from_secs(8)),
            };
            self.store.fail(source, &error);
        }
    }

    fn fold_details(&mut self) {
        let at = self.now;
        let lines = request(at, 1).into_iter().map(|event| ("/aws/lambda/token-provisioning".to_owned(), event));
        let lines = RequestLines { at, lines: lines.collect(), complete: true };
        self.store.fold(&self.board, Update::Lines { id: CORRELATION.to_owned(), lines });
        let trace = Some(trace());
        self.store.fold(&self.board, Update::Trace { at, id: TRACE.to_owned(), trace });
        self.store.fold(&self.board, Update::Services { at, graph: graph() });
        let points = (0..180).map(|minute| ServicePoint {
            at: at - TimeDelta::minutes(180 - minute),
            statistics: statistics(2000 + minute as u64 % 60, if minute > 160 { 300 } else { 4 }, 0.9),
        });
        let update = Update::ServiceTrend {
            at,
            query: TrendQuery::over(Entity::Service(key("AWS::Lambda", "TokenProvisioningService")), 3 * 3_600),
            followed: false,
            trend: Trend {
                points: points.collect(),
                covered: Some((at - TimeDelta::hours(3), at)),
                ..Trend::default()
            },
        };
        self.store.fold(&self.board, update);
    }

    /// What a pane draws, line by line.
    pub(crate) fn draw(&self, pane: &mut dyn Pane, width: u16, height: u16) -> Vec<String> {
        drawn(width, height, |frame| pane.draw(frame, frame.area(), &self.cx()))
    }
}

/// What is drawn on a screen of this size, line by line.
pub(crate) fn drawn(width: u16, height: u16, draw: impl FnOnce(&mut ratatui::Frame<'_>)) -> Vec<String> {
    let mut terminal = Terminal::new(TestBackend::new(width, height)).expect("a terminal");
    terminal.draw(draw).expect("drawn");
    let buffer: &Buffer = terminal.backend().buffer();
    let row = |y| (0..width).map(|x| buffer[(x, y)].symbol()).collect::<String>();
    (0..height).map(|y| row(y).trim_end().to_owned()).collect()
}

fn request(now: Time, n: i64) -> Vec<LogEvent> {
    let (wallet, issuer, device, os) = [
        ("ApplePay", "DEMO_Bank", "iPhone15,3", "iOS 18"),
        ("GooglePay", "Contoso_Bank", "Pixel 8", "Android 14"),
        ("SamsungPay", "Northwind_CU", "SM-S918B", "Android 13"),
    ][(n % 3) as usize];
    let correlation =
        if n == 1 { CORRELATION.to_owned() } else { format!("corr_{:08x}", n * 48_271 % 65_521 * 40_503) };
    let line = |event: &str, more: serde_json::Value| {
        let mut line = json!({"level": "INFO", "requestId": format!("req-{n}"), "event": event, "walletProvider": wallet,
            "issuer": issuer, "device": device, "os": os, "correlationId": correlation, "traceId": TRACE});
        if let (Some(line), Some(more)) = (line.as_object_mut(), more.as_object()) {
            line.extend(more.clone());
        }
        line.to_string().into()
    };
    let end = now - TimeDelta::milliseconds(n * 250 + 3);
    let failed = n % 7 == 1;
    let took = if failed { 24.3 } else { 0.5 + n as f64 % 10.0 / 10.0 };
    let start = end - TimeDelta::milliseconds((took * 1000.0) as i64);
    let mut events = vec![LogEvent { time: start, group: 0, message: line("TOKEN_PROVISION_START", json!({})) }];
    let message = match n {
        0 | 599 => return events,
        _ if failed => line("TOKEN_PROVISION_FAILURE", json!({"reason": "TSP_TIMEOUT", "processingTime": took})),
        _ => line("TOKEN_PROVISION_SUCCESS", json!({"processingTime": took, "limits": {"daily": 5, "used": [1, 2]}})),
    };
    events.push(LogEvent { time: end, group: 0, message });
    events
}

fn board() -> Board {
    let column =
        |id: &str, title: &str, field: &str| Column { id: id.into(), title: title.into(), field: field.into() };
    let feed = FeedRules {
        log_groups: vec!["/aws/lambda/token-provisioning".into()],
        event_field: "event".into(),
        statuses: vec![
            ("TOKEN_PROVISION_START".into(), Status::Pending),
            ("TOKEN_PROVISION_SUCCESS".into(), Status::Success),
            ("TOKEN_PROVISION_FAILURE".into(), Status::Failed),
        ],
        id_field: "requestId".into(),
        correlation_field: "correlationId".into(),
        trace_field: "traceId".into(),
        latency_field: "processingTime".into(),
        reason_field: "reason".into(),
        columns: vec![
            column("device", "device", "device"),
            column("os", "os", "os"),
            column("wallet", "wallet", "walletProvider"),
            column("issuer", "issuer", "issuer"),
        ],
        identifiers: vec!["correlationId".into(), "requestId".into()],
        annotations: Vec::new(),
        overdue_after: Duration::from_mins(1),
    };
    Board {
        name: "test".into(),
        title: "Token provisioning".into(),
        window: Duration::from_hours(3),
        found_by: Vec::new(),
        metrics: IndexMap::new(),
        evidence: IndexMap::new(),
        cards: Vec::new(),
        charts: Vec::new(),
        rules: Vec::new(),
        slos: Vec::new(),
        feed: Some(feed),
        changes: None,
        logs: Vec::new(),
        alarms: AlarmFilter::default(),
        queries: Vec::new(),
        vars: Vec::new(),
        services: true,
        traces: crate::board::TraceRules::default(),
        masks: crate::text::mask::Masks::default(),
        budget_usd_per_hour: Some(0.25),
    }
}

pub(crate) fn key(kind: &str, name: &str) -> ServiceKey {
    ServiceKey { kind: kind.into(), name: name.into() }
}

fn statistics(total: u64, fault: u64, seconds: f64) -> Statistics {
    let error = fault / 4;
    let histogram = vec![(seconds / 2.0, total / 2), (seconds, total / 4), (seconds * 2.0, total / 5), (24.0, fault)];
    Statistics {
        ok: total - fault - error,
        error,
        throttle: error / 2,
        error_other: error - error / 2,
        fault_other: fault,
        fault,
        total,
        total_time_s: total as f64 * seconds,
        histogram,
        durations: Vec::new(),
    }
}

fn graph() -> ServiceGraph {
    let service = |key: ServiceKey, root, statistics| {
        let nature = Nature::of(&key.kind, "active");
        Service { key, nature, root, statistics, ..Service::default() }
    };
    let (client, gateway) = (key("client", "token-api"), key("AWS::ApiGateway::Stage", "token-api/prod"));
    let (token, table) = (key("AWS::Lambda", "TokenProvisioningService"), key("AWS::DynamoDB::Table", "TokenStore"));
    let (tokenization, tsp) = (key("AWS::ECS::Container", "TokenizationService"), key("remote", "TSP"));
    let edge = |from: &ServiceKey, to: &ServiceKey, fault| Edge {
        from: from.clone(),
        to: to.clone(),
        statistics: statistics(432_000, fault, 0.9),
        ..Edge::default()
    };
    ServiceGraph {
        edges: vec![
            edge(&client, &gateway, 900),
            edge(&gateway, &token, 60_000),
            edge(&token, &table, 0),
            edge(&token, &tokenization, 70_000),
            edge(&tokenization, &tsp, 130_000),
        ],
        services: vec![
            service(client, true, Statistics::default()),
            service(gateway, false, statistics(432_000, 900, 0.8)),
            service(token, false, statistics(432_000, 63_000, 0.9)),
            service(table, false, statistics(431_000, 0, 0.02)),
            service(tokenization, false, statistics(410_000, 5_000, 0.6)),
            service(tsp, false, statistics(400_000, 124_000, 0.4)),
        ],
        ..ServiceGraph::default()
    }
}

fn trace() -> Trace {
    let root = json!({"id": "aaaaaaaaaaaaaaa1", "name": "TokenProvisioningService", "start_time": 1000.0, "end_time": 1024.3,
        "fault": true, "http": {"request": {"method": "POST", "url": "https://api.example.com/tokens"}, "response": {"status": 504}},
        "annotations": {"WalletProvider": "GooglePay", "Issuer": "Contoso_Bank", "correlationId": CORRELATION},
        "subsegments": [
            {"id": "aaaaaaaaaaaaaaa2", "name": "DynamoDB", "namespace": "aws", "start_time": 1000.1, "end_time": 1000.36,
             "throttle": true, "error": true, "aws": {"operation": "GetItem", "table_name": "TokenStore"}},
            {"id": "aaaaaaaaaaaaaaa3", "name": "TokenizationService", "namespace": "remote", "start_time": 1000.4, "end_time": 1024.2,
             "fault": true, "cause": {"exceptions": [{"message": "TSP timed out after 3 tries", "type": "TspTimeout"}]},
             "metadata": {"default": {"TokenType": "DPAN"}}}]});
    let tsp = json!({"id": "aaaaaaaaaaaaaaa4", "parent_id": "aaaaaaaaaaaaaaa3", "name": "TSP", "start_time": 1000.6, "in_progress": true, "fault": true});
    Trace::from_documents(TRACE, 24.3, [root.to_string().as_str(), tsp.to_string().as_str()])
}
