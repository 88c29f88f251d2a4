use super::*;
use crate::app::msg::Update;
use crate::panes::incident;
use crate::panes::testing::{SIZES, TRACE, World, at};
use crate::store::health::ErrorKind;
use crate::store::window::Span;
use crate::widgets::screen::print;

fn pane() -> TracesPane {
    TracesPane::new(About::Alarm("HighFailureRate".into()))
}

fn world(count: usize) -> World {
    let mut world = incident::live();
    let span = Span { from: at("2026-01-15T10:10:00Z"), to: None };
    let trace = |n: usize| TraceSummary {
        id: if n == 0 { TRACE.to_owned() } else { format!("1-5f2aef12-{n:024x}") },
        start: Some(at("2026-01-15T10:27:35.612Z")),
        duration_s: 24.3,
        fault: true,
        entry: "token-api/prod".into(),
        method: "POST".into(),
        url: "https://api.example.com/tokens".into(),
        status: Some(504),
        annotations: vec![("Issuer".into(), "Contoso_Bank".into())],
        ..TraceSummary::default()
    };
    let list = TraceList {
        traces: (0..count).map(trace).collect(),
        more: true,
        scanned: 4_120,
        pages: 1,
        ..TraceList::default()
    };
    let query = TraceQuery::new("fault = true", span);
    world.store.fold(&world.board, Update::TraceSummaries { at: world.now, query, list });
    world
}

#[test]
fn traces_with_faults_open_their_waterfall() {
    let world = world(3);
    let mut pane = pane();
    let view = pane.view(&world.cx()).expect("a view");
    assert_eq!(view.title, "Traces behind HighFailureRate · 10:10 → now, 18m");
    assert_eq!(view.foot, "3 traces, newest first · there are more · X-Ray went through 4120");
    assert_eq!(view.ids[0], TRACE);
    let drawn = world.draw(&mut pane, 120, 12);
    print(&drawn);
    let row = "✗ 10:27:35.612   24.3 s  token-api/prod  POST https://api.example.com/tokens 504  Issuer Contoso_Bank";
    assert!(drawn.iter().any(|line| line.contains(row)), "{row}");
    assert_eq!(pane.on(Action::Open, &world.cx()), Reaction::Open(Target::Trace(TRACE.into())));
    pane.set_filter("no such", &world.cx());
    assert!(world.draw(&mut pane, 120, 12).join("\n").contains("no trace passes the filter"));
}

#[test]
fn the_service_of_the_metrics_is_asked_for() {
    let mut world = incident::live();
    let evidence = crate::board::Evidence { service: Some("Token\"Service".into()), ..Default::default() };
    world.board.evidence.insert("failure".into(), evidence);
    let expected = r#"service("Token\"Service") { fault = true }"#;
    let wanted = pane().wants(&world.cx());
    let asked =
        |wanted: &Subscription| matches!(wanted, Subscription::TraceSummaries(query) if query.filter == expected);
    assert!(wanted.iter().any(asked), "{wanted:?}");
}

#[test]
fn every_size_and_health_draws() {
    for world in incident::all().into_iter().chain([world(0), world(300)]) {
        for (width, height) in SIZES {
            let mut pane = pane();
            for action in [Action::Bottom, Action::NextError, Action::Open] {
                world.draw(&mut pane, width, height);
                pane.on(action, &world.cx());
            }
        }
    }
    let mut world = incident::live();
    world.fail_all(ErrorKind::Denied);
    let screen = world.draw(&mut pane(), 120, 12).join("\n");
    assert!(screen.contains("denied: xray:GetTraceSummaries") && screen.contains("not authorized"), "{screen}");
}
