//! What leaves the console: rows of every pane, the screen, copies.

#![expect(clippy::expect_used, reason = "helpers of tests fail as tests do")]

use std::path::PathBuf;

use barograph::app::effect::Effect;
use barograph::app::msg::Msg;
use barograph::app::screen::ScreenId;
use barograph::export::{Goal, Job, Outcome};
use barograph::panes::Target;
use barograph::panes::breakdown::Breakdown;
use barograph::panes::inquiry::About;
use barograph::store::series::MetricQuery;
use serde_json::Value;

use crate::harness::console::{Console, Setting};

/// Presses keys and returns the export that they begin.
fn job(console: &mut Console, keys: &str) -> Job {
    let before = console.effects.len();
    console.keys(keys);
    let mut done = console.effects.split_off(before);
    let Some(Effect::Export(job)) = done.pop() else { panic!("{keys} exports nothing\n{}", console.screen()) };
    *job
}

/// The text of an export.
fn text(job: Job) -> String {
    let Outcome::Ready { text, .. } = (Job { goal: Goal::Clipboard, ..job }).carry_out(Ok(PathBuf::new())) else {
        panic!("it is text")
    };
    text
}

/// Headings and rows of comma-separated values.
fn read(text: &str) -> (Vec<String>, Vec<Vec<String>>) {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let cells = |record: &csv::StringRecord| record.iter().map(str::to_owned).collect::<Vec<_>>();
    let headings = cells(reader.headers().expect("headings"));
    (headings, reader.records().map(|record| cells(&record.expect("a row"))).collect())
}

async fn opened(screen: ScreenId, focus: Option<Target>) -> Console {
    let setting = Setting { screen, focus, theme: "mono", ..Setting::once() };
    Console::settled(setting).await
}

#[tokio::test(flavor = "multi_thread")]
async fn every_pane_has_its_rows() {
    let alarm = || About::Alarm("HighFailureRate".to_owned());
    let metric = MetricQuery::stat("TokenServices", "TokenProvisioningRequests", &[], "Sum", 60);
    let cases = [
        (ScreenId::Alarms, None, "name,kind,state,since,severity,value,threshold", 8),
        (ScreenId::Requests, None, "time,id,status,device,os", 100),
        (ScreenId::History, None, "signal,name,account,region,severity,began", 3),
        (ScreenId::Overview, Some(Target::Alarm("HighFailureRate".to_owned())), "time,type,summary,from,to", 2),
        (ScreenId::Overview, Some(Target::Matches(alarm())), "time,log_group,message", 20),
        (ScreenId::Overview, Some(Target::Traces(alarm())), "id,start,duration_s,status,entry", 2),
        (ScreenId::Overview, Some(Target::Changes(None)), "time,event,source,what,who", 1),
        (ScreenId::Overview, Some(Target::Chart("trend".to_owned())), "time,success (Count),failed (Count)", 55),
        (ScreenId::Overview, Some(Target::Card("failure_rate".to_owned())), "time,Failure rate (Percent)", 55),
        (ScreenId::Overview, Some(Target::Split(Box::new(metric))), "Issuer,sum,share,before", 2),
        (ScreenId::Overview, Some(Target::Breakdown(Breakdown::default())), "suspect,share_of_excess,failures", 1),
    ];
    for (screen, focus, headings, least) in cases {
        let what = format!("{screen:?} {focus:?}");
        let is_chart = matches!(focus, Some(Target::Chart(_) | Target::Card(_)));
        let mut console = opened(screen, focus).await;
        console.screen();
        let (found, rows) = read(&text(job(&mut console, "x<enter>")));
        assert!(found.join(",").starts_with(headings), "{what}: {found:?}");
        assert!(rows.len() >= least, "{what}: {} rows", rows.len());
        // A chart has a cursor once it is moved.
        console.keys(if is_chart { "h" } else { "" });
        let one = read(&text(job(&mut console, "xhj<enter>"))).1;
        assert_eq!(one.len(), 1, "{what}: the row under the cursor");
        assert!(rows.contains(&one[0]), "{what}: {one:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn all_rows_that_pass_the_filter_are_exported_and_no_other() {
    let mut console = opened(ScreenId::Requests, None).await;
    let all = read(&text(job(&mut console, "x<enter>"))).1;
    console.keys("/status:failed<enter>");
    console.screen();
    let failed = read(&text(job(&mut console, "x<enter>"))).1;
    let expected = all.iter().filter(|row| row[2] == "FAILED").count();
    assert!(expected > 48 && failed.len() == expected, "{} of {expected}", failed.len());
    let document: Value = serde_json::from_str(&text(job(&mut console, "xj<enter>"))).expect("JSON");
    assert_eq!(document["schema"], "barograph/v1");
    let rows = document["rows"].as_array().expect("rows");
    assert_eq!(rows.len(), expected);
    assert!(rows.iter().all(|row| row["status"] == "FAILED" && row["latency_s"].is_number()), "{}", rows[0]);
    assert_eq!(text(job(&mut console, "xj<enter>")).lines().count(), expected, "NDJSON");
    assert_eq!(text(job(&mut console, "xjy")).lines().count(), expected + 2, "Markdown");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_screen_is_exported_as_it_is_drawn() {
    let mut console = opened(ScreenId::Alarms, None).await;
    let screen = console.screen();
    let job_of = job(&mut console, "xhjj<enter>");
    assert_eq!(job_of.goal, Goal::File("baro-alarms-20260115T102800Z".to_owned(), "txt"));
    assert_eq!(text(job_of), screen);
    console.resize(100, 30);
    console.screen();
    for (keys, start) in [("xj<enter>", "\u{1b}[0"), ("xj<enter>", "<svg "), ("xjy", "```\n")] {
        let text = text(job(&mut console, keys));
        assert!(text.starts_with(start), "{keys}: {}", &text[..40]);
        assert!(text.contains("HighFailureRate"), "{keys}");
        assert!(!text.contains("Export"), "{keys}: the popup is not of the screen");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_came_of_it_is_said() {
    let mut console = opened(ScreenId::Alarms, None).await;
    for (size, name) in [((80, 24), "export-80x24"), ((40, 10), "export-40x10")] {
        console.resize(size.0, size.1);
        console.screen();
        console.keys("x");
        insta::assert_snapshot!(name, console.screen());
        console.keys("<esc>");
    }
    console.resize(160, 48);
    let what = || "1,234 rows as CSV".to_owned();
    let file = PathBuf::from("/home/eva/baro-alarms-20260115T102800Z.csv");
    drop(console.app.update(Msg::Exported(Outcome::Written { what: what(), file })));
    console.assert_shows(&["✓ wrote /home/eva/baro-alarms-20260115T102800Z.csv: 1,234 rows as CSV"]);
    let ready = Outcome::Ready { what: what(), text: "é".repeat(60_000) };
    let effects = console.app.update(Msg::Exported(ready));
    let copied = effects.iter().any(|effect| matches!(effect, Effect::Copy(text) if text.len() == 74_994));
    assert!(copied, "{}", effects.len());
    console.assert_shows(&["copied the first 74,994 of 120,000 bytes: 1,234 rows as CSV; x writes it to a file"]);
    drop(console.app.update(Msg::Exported(Outcome::Failed("nothing is written".to_owned()))));
    console.assert_shows(&["✗ nothing is written"]);
}
