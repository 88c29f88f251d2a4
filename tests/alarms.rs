//! The alarms on the whole screen: one way of counting, refusals, units where the board knows none.

use barograph::app::screen::ScreenId;

use crate::harness::console::{Console, Setting};

/// The number before ` firing` where a text first stands.
fn firing(screen: &str, before: &str) -> usize {
    let rest = screen.split(before).nth(1).unwrap_or_default();
    let number = rest.trim_start().split(' ').next().unwrap_or_default();
    number.parse().unwrap_or_else(|_| panic!("no number behind {before}: {screen}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn what_fires_is_counted_alike_and_a_rule_goes_by_its_title() {
    let mut console = Console::settled(Setting { screen: ScreenId::Alarms, ..Setting::once() }).await;
    console.assert_shows(&["a acknowledge", "S snooze"]);
    let screen = console.screen();
    let counted = firing(&screen, "▲ ");
    assert!(counted > 6, "local rules fire as well: {screen}");
    assert_eq!([firing(&screen, "Alarms ── "), firing(&screen, "▾ ")], [counted; 2], "{screen}");

    console.seek("j", "OK TokenEstateDegraded");
    console.keys("a");
    console.assert_shows(&["✗ TokenEstateDegraded does not fire: it can be snoozed only"]);
    console.seek("k", "ALARM Success rate decline");
    console.keys("a");
    console.assert_shows(&["┌ Acknowledge Success rate decline ─"]);
    console.keys("<enter>");
    console.assert_shows(&["✓ acknowledged Success rate decline on this host", "· 1 acknowledged ·"]);
    let screen = console.screen();
    let counts = ["▲ ", "Alarms ── ", "▾ "].map(|before| firing(&screen, before));
    assert_eq!(counts, [counted - 1; 3], "{screen}");
}

#[tokio::test(flavor = "multi_thread")]
async fn alarms_have_units_where_the_board_knows_nothing_of_them() {
    let setting = Setting { screen: ScreenId::Alarms, board: Some("lambda".to_owned()), ..Setting::once() };
    let mut console = Console::settled(setting).await;
    console.assert_shows(&["> 5 %", "> 3 s", "≤ 30 s"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_filter_of_the_readme_shows_what_fires() {
    let mut console = Console::settled(Setting { screen: ScreenId::Alarms, ..Setting::once() }).await;
    console.keys_settled("/state:alarm tag:team=tokens<enter>").await;
    console.assert_shows(&["▲ HighFailureRate"]);
    let mut console = Console::settled(Setting { screen: ScreenId::Alarms, ..Setting::once() }).await;
    console.keys_settled("/state:alarm tag:team=payments<enter>").await;
    console.assert_shows(&["nothing matches all of `state:alarm`"]);
}
