//! From launch to the suspects and on to one of their requests, key by key.

use barograph::panes::Target;
use barograph::panes::breakdown::Breakdown;

use crate::harness::console::{Console, Setting};

#[tokio::test(flavor = "multi_thread")]
async fn one_key_from_launch_names_the_suspects_and_three_open_their_request() {
    let mut console = Console::settled(Setting::once()).await;
    console.keys_settled("b").await;
    console.assert_shows(&[
        "Suspects",
        "issuer=Contoso_Bank",
        "walletProvider=GooglePay",
        "os=Android 14",
        "of the excess",
    ]);
    assert_eq!(console.demo.counts.snapshot().of("StartQuery"), 4, "a sample, both windows, latencies");

    console.keys_settled("<enter>").await;
    console.assert_shows(&["filter", "issuer:Contoso_Bank \"os:Android 14\" ", "the feed holds ", " of 10:1"]);
    let row = console.copied();
    for part in ["FAILED", "Contoso_Bank", "GooglePay", "Android 14", "TSP_TIMEOUT"] {
        assert!(row.contains(part), "{row}");
    }
    let command = console.copied_by("Y");
    assert!(command.contains("--focus 'requests:status:failed "), "{command}");
    console.keys_settled("<enter>").await;
    console.assert_shows(&["Lines", "Trace", "TSP"]);

    // And back, step by step, without a query being paid for again.
    console.keys_settled("<esc>").await;
    console.assert_shows(&["filter", "issuer:Contoso_Bank"]);
    console.keys_settled("<esc>").await;
    console.assert_shows(&["Suspects", "of the excess", "bad 10:1"]);
    assert_eq!(console.demo.counts.snapshot().of("StartQuery"), 4);
    console.keys_settled("<esc>").await;
    console.assert_shows(&["Total requests"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_top_alarm_leads_to_the_suspects_and_values_go_deeper() {
    let mut console = Console::settled(Setting::once()).await;
    console.keys_settled("2<enter>b").await;
    console.assert_shows(&["issuer=Contoso_Bank"]);
    let asked = console.demo.counts.snapshot().of("StartQuery");
    // Below the suspect stands the first value of the first field.
    console.keys("j");
    let value = console.copied();
    console.keys_settled("<enter>").await;
    let name = value.split("  ").next().expect("a value").to_owned();
    console.assert_shows(&[&format!("Breakdown › walletProvider={name}")]);
    assert_eq!(console.demo.counts.snapshot().of("StartQuery"), asked + 1, "only latencies are asked anew");
    let command = console.copied_by("Y");
    assert!(command.contains(&format!("--focus breakdown:walletProvider={name}")), "{command}");
    console.keys_settled("<esc>").await;
    console.assert_shows(&["Suspects"]);
    console.keys_settled("<esc>").await;
    console.assert_shows(&["alarm"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_point_of_a_chart_is_broken_down_around_itself() {
    let focus = Some(Target::Card("failure_rate".to_owned()));
    let mut console = Console::settled(Setting { focus, ..Setting::once() }).await;
    console.keys("hhh");
    console.keys_settled("b").await;
    // The cursor stands on 10:25: that minute, and two on each side.
    console.assert_shows(&["Breakdown · bad 10:23–10:28", "issuer=Contoso_Bank"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_breakdown_reopens_from_the_command_line_and_says_what_is_denied() {
    let path = vec![("issuer".to_owned(), "Contoso_Bank".to_owned())];
    let target = Breakdown { path, field: Some("os".to_owned()), ..Breakdown::default() };
    let focus = Some(Target::Breakdown(target));
    let mut console = Console::settled(Setting { focus, size: (80, 24), ..Setting::once() }).await;
    console.assert_shows(&["Breakdown › issuer=Contoso_Bank", "▸os", "Android 14"]);

    let mut console = Console::settled(Setting { faults: "deny:StartQuery", ..Setting::once() }).await;
    console.keys_settled("b").await;
    console.assert_shows(&["denied: logs:StartQuery"]);
}
