//! The feed on the whole screen: what is typed is looked for among all lines, elsewhere than in the loop.

use barograph::app::screen::ScreenId;

use crate::harness::console::{Console, Setting};

fn setting() -> Setting {
    Setting { screen: ScreenId::Requests, ..Setting::once() }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_filter_reaches_fields_that_are_no_columns() {
    let mut console = Console::settled(setting()).await;
    console.keys("/country = US and status = success");
    console.wait_for("what all lines have", |screen| screen.contains(" lines · ") || screen.contains(" lines ─")).await;
    let screen = console.screen();
    assert!(screen.contains("filter \"country = US and status = success\""), "{screen}");
    let rows = screen.lines().filter(|row| row.contains("✓ SUCCESS")).count();
    assert!(rows > 10 && !screen.contains("✗ FAILED"), "{screen}");
    // What is typed next replaces it, and Esc takes all of it back.
    console.keys(" and nothing_like_this<enter>");
    console.wait_for("that there is nothing", |screen| screen.contains("No request matches")).await;
    console.keys("<esc>");
    console.wait_for("all", |screen| screen.contains("✗ FAILED")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn lines_and_columns_are_a_key_away() {
    let mut console = Console::settled(setting()).await;
    console.keys("V");
    console.assert_shows(&["Lines · ", " kept ", "{\"level\":"]);
    console.keys("/\"event\":\"TOKEN_PROVISION_START<enter>");
    console.wait_for("starts alone", |screen| screen.contains(" lines ") && !screen.contains("✓ {")).await;
    console.keys("<esc>C");
    console.assert_shows(&["Columns", "+ country", "in 100 % of the newest lines", "- issuer"]);
    console.keys("<ctrl-u>country, tokenReferenceId<enter>");
    console.assert_shows(&["country", "trm_"]);
    console.keys("VV");
    console.assert_shows(&["Requests · ", "trm_"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_filter_that_finds_nothing_says_why_and_a_wrong_one_is_not_left_standing() {
    let mut console = Console::settled(setting()).await;
    console.keys("/contry = US<enter>");
    let field = "None of the newest 200 lines has a field contry. Did you mean country?";
    console.wait_for("which field there is", |screen| screen.contains(field)).await;
    console.keys("<esc>/status = faild<enter>");
    let status = "A status is PENDING, SUCCESS or FAILED.";
    console.wait_for("which statuses there are", |screen| screen.contains(status)).await;
    // Enter does not leave half of a filter in force: the line stays open over what is wrong with it.
    console.keys("<esc>/latency > 3 and<enter>");
    console.assert_shows(&["/ latency > 3 and", "something must stand behind `and`"]);
    console.keys(" status = failed<enter>");
    console.wait_for("failures alone", |screen| !screen.contains("✓ SUCCESS")).await;
    console.assert_shows(&["filter \"latency > 3 and status = failed\""]);
    assert!(!console.screen().contains("something must stand"), "{}", console.screen());
}
