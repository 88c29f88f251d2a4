//! Changes as CloudTrail recorded them in real accounts.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use barograph::store::change::{Change, NoChange};

/// Every event of the folder, as it stands in a log group.
fn events() -> Option<Vec<String>> {
    let root = std::env::var_os("BARO_REAL_DATA").map_or_else(|| PathBuf::from("../shared/data"), PathBuf::from);
    let folder = root.join("cloudtrail");
    let Ok(entries) = fs::read_dir(&folder) else {
        eprintln!("skipped: there is no {}", folder.display());
        return None;
    };
    let mut found = Vec::new();
    for path in entries.flatten().map(|entry| entry.path()).filter(|path| path.extension().is_some_and(|e| e == "json"))
    {
        let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let read: Vec<serde_json::Value> = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}"));
        found.extend(read.iter().map(ToString::to_string));
    }
    Some(found)
}

#[test]
fn every_recorded_event_is_a_change_or_says_why_not() {
    let Some(events) = events() else { return };
    let (mut changes, mut skipped) = (BTreeMap::new(), BTreeMap::new());
    for text in &events {
        match Change::parse(text) {
            Ok(change) => {
                assert!(!change.who.is_empty() && !change.id.is_empty(), "{text}");
                changes.insert(change.event.clone(), change.what.clone());
            }
            Err(why) => *skipped.entry(why.to_string()).or_insert(0) += 1,
        }
    }
    assert_eq!(skipped, BTreeMap::from([(NoChange::ReadOnly.to_string(), 4)]));
    assert_eq!(events.len(), 26);
    let named = [
        ("DeleteTrail", "stratus-red-team-cloudtraild-trail-kvrwohmiai"),
        ("DeleteResolverQueryLogConfig", "rqlc-4473f20ca554c07"),
        ("DeleteFlowLogs", "fl-0e17aa62a21d4bbfe"),
        ("CreateRole", "stratus-red-team-malicious-iam-role"),
        ("LeaveOrganization", ""),
    ];
    for (event, what) in named {
        assert_eq!(changes.get(event).map(String::as_str), Some(what), "{event}: {changes:?}");
    }
    assert!(changes["UpdateFunctionConfiguration20150331v2"].starts_with("function:stratus-red-team-lambda-layer"));
}
