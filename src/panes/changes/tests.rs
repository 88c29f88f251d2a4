use serde_json::json;

use super::*;
use crate::app::msg::Update;
use crate::board::ChangeRules;
use crate::panes::incident;
use crate::panes::testing::{SIZES, World};
use crate::store::health::ErrorKind;
use crate::widgets::screen::print;

fn change(time: &str, event: &str, name: &str, error: Option<&str>) -> Change {
    let event = json!({"eventTime": time, "eventSource": "lambda.amazonaws.com", "eventName": event, "eventID": time,
        "readOnly": false, "managementEvent": true, "requestParameters": {"functionName": name}, "errorCode": error,
        "userIdentity": {"type": "AssumedRole", "arn": "arn:aws:sts::1:assumed-role/deployer/pipeline"}});
    Change::parse(&event.to_string()).expect("a change")
}

fn world() -> World {
    let mut world = incident::live();
    world.board.changes = Some(ChangeRules { log_group: "trail".into(), ignore: Vec::new() });
    let changes = vec![
        change("2026-01-15T10:16:00Z", "UpdateFunctionCode20150331v2", "much later", None),
        change("2026-01-15T10:12:00Z", "UpdateFunctionConfiguration20150331v2", "later", Some("AccessDenied")),
        change("2026-01-15T10:07:12Z", "UpdateFunctionCode20150331v2", "token-provisioning-service", None),
        change("2026-01-15T08:47:31Z", "PutFunctionConcurrency20171031", "other", None),
    ];
    world.store.fold(&world.board, Update::Changes { at: world.now, changes });
    world
}

fn pane() -> ChangesPane {
    ChangesPane::new(Some(About::Alarm("HighFailureRate".into())))
}

#[test]
fn a_change_says_how_long_before_the_alarm_it_was() {
    let world = world();
    let rows = pane().rows(&world.cx());
    let told: Vec<_> = rows.iter().map(|row| (row.relative.as_str(), row.event.as_str(), row.what.as_str())).collect();
    assert_eq!(
        told,
        [
            ("6m after", "UpdateFunctionCode", "much later"),
            ("as it began", "UpdateFunctionConfiguration", "later"),
            ("2m before", "UpdateFunctionCode", "token-provisioning-service"),
            ("1h 22m before", "PutFunctionConcurrency", "other"),
        ]
    );
    let at = |text: &str| format!("2026-01-15T{text}Z").parse().expect("a time");
    let (text, last) = summary(Began { from: at("10:10:00"), onset: at("10:15:00") }, &world.cx());
    assert_eq!(text, "2 changes until it began", "what was denied changed nothing");
    assert_eq!(last, "UpdateFunctionCode token-provisioning-service by deployer/pipeline, 2m before");
    let (text, last) = summary(Began { from: at("10:05:00"), onset: at("10:10:00") }, &world.cx());
    assert_eq!(text, "2 changes until it began");
    assert_eq!(
        last, "UpdateFunctionCode token-provisioning-service by deployer/pipeline, as it began",
        "a change in the first period that breached is the nearest, wherever in the period the trouble began"
    );
    let drawn = world.draw(&mut pane(), 140, 12);
    print(&drawn);
    let screen = drawn.join("\n");
    for words in ["Changes around HighFailureRate · 10:10", "deployer/pipeline  lambda", "✗ AccessDenied"] {
        assert!(screen.contains(words), "{words}");
    }
}

#[test]
fn an_event_opens_as_a_tree() {
    let world = world();
    let mut pane = pane();
    pane.on(Action::Down, &world.cx());
    pane.on(Action::Down, &world.cx());
    assert_eq!(pane.on(Action::Open, &world.cx()), Reaction::Handled);
    let screen = world.draw(&mut pane, 120, 30).join("\n");
    assert!(screen.contains("functionName: token-provisioning-service"), "{screen}");
    assert_eq!(pane.on(Action::Back, &world.cx()), Reaction::Handled);
    assert!(pane.copied(&world.cx()).expect("a row").starts_with("10:07:12 UpdateFunctionCode"));
    pane.set_filter("LATER", &world.cx());
    assert_eq!(pane.rows(&world.cx()).len(), 2);
    assert_eq!(pane.on(Action::Back, &world.cx()), Reaction::Ignored);
}

#[test]
fn what_is_missing_is_said() {
    let mut world = incident::live();
    let screen = world.draw(&mut ChangesPane::new(None), 100, 8).join("\n");
    assert!(screen.contains("[changes] log_group"), "{screen}");
    world.board.changes = Some(ChangeRules { log_group: "trail".into(), ignore: Vec::new() });
    world.fail_all(ErrorKind::Denied);
    let screen = world.draw(&mut pane(), 100, 8).join("\n");
    assert!(screen.contains("denied: logs:FilterLogEvents") && screen.contains("not authorized"), "{screen}");
    assert_eq!(
        summary(Began { from: world.now, onset: world.now }, &world.cx()).0,
        "changes: denied: logs:FilterLogEvents"
    );
}

#[test]
fn every_size_and_health_draws() {
    for world in incident::all().into_iter().chain([world()]) {
        for (width, height) in SIZES {
            for mut pane in [pane(), ChangesPane::new(None)] {
                for action in [Action::Bottom, Action::Open, Action::Down] {
                    world.draw(&mut pane, width, height);
                    pane.on(action, &world.cx());
                }
            }
        }
    }
}
