//! A board made of the presets that fit what an account has.

use std::collections::BTreeSet;

use super::{Board, Card, Chart, Severity, preset, presets};

/// The name of the board that is made of what the account has.
pub const FOUND: &str = "found";

/// Cards of a found board: as many as stand side by side at 160 columns.
const CARDS: usize = 7;

impl Board {
    /// The board before anything is found: alarms and services.
    pub fn to_find() -> Self {
        Self { title: "What this account has".to_owned(), services: true, ..Self::empty(FOUND) }
    }
}

/// The namespaces that presets are found by, each once, sorted.
pub fn telling_namespaces() -> Vec<String> {
    let all: BTreeSet<String> = presets().iter().filter_map(|name| preset(name)).flat_map(|b| b.found_by).collect();
    all.into_iter().collect()
}

/// The board for an account that has metrics in these namespaces: the preset where one fits alone or where a whole
/// service of its own is known, else the most telling card and chart of each that fits.
pub fn found(namespaces: &[String]) -> Board {
    let fits = |board: &Board| board.found_by.iter().any(|namespace| namespaces.contains(namespace));
    let mut fitting: Vec<Board> = presets().iter().filter_map(|name| preset(name)).filter(fits).collect();
    if let Some(own) = fitting.iter().position(|board| board.feed.is_some()) {
        return fitting.swap_remove(own);
    }
    if fitting.len() == 1 {
        return fitting.swap_remove(0);
    }
    let mut board = Board::to_find();
    for part in fitting {
        take(&mut board, part);
    }
    board
}

/// Takes the most telling card and the first chart of a preset into a board, under ids that name the preset.
fn take(board: &mut Board, part: Board) {
    let prefix = part.name.replace('-', "_");
    let renamed = |id: &str| format!("{prefix}_{id}");
    let telling = part.cards.iter().find(|card| is_critical(card)).or_else(|| part.cards.first());
    if let Some(card) = telling.filter(|_| board.cards.len() < CARDS) {
        board.cards.push(Card {
            id: renamed(&card.id),
            title: format!("{}: {}", part.title, lower_first(&card.title)),
            value: card.value.renamed(&renamed),
            below: card.below.as_ref().map(|(label, metric)| (label.clone(), renamed(metric))),
            ..card.clone()
        });
    }
    if let Some(chart) = part.charts.first() {
        let series = chart.series.iter().map(|series| {
            let mut series = series.clone();
            series.metric = renamed(&series.metric);
            series
        });
        board.charts.push(Chart {
            id: renamed(&chart.id),
            title: format!("{}: {}", part.title, lower_first(&chart.title)),
            series: series.collect(),
            ..chart.clone()
        });
    }
    let needed = needed(board);
    let metrics = part.metrics.into_iter().map(|(id, query)| (renamed(&id), query));
    board.metrics.extend(metrics.filter(|(id, _)| needed.contains(id)));
}

/// The ids of metrics that a board's cards and charts name.
fn needed(board: &Board) -> BTreeSet<String> {
    let of_cards = board
        .cards
        .iter()
        .flat_map(|card| card.value.ids().into_iter().chain(card.below.iter().map(|(_, metric)| metric.clone())));
    let of_charts = board.charts.iter().flat_map(|chart| chart.series.iter().map(|series| series.metric.clone()));
    of_cards.chain(of_charts).collect()
}

fn is_critical(card: &Card) -> bool {
    card.thresholds.iter().any(|threshold| threshold.severity == Severity::Critical)
}

/// A title in the middle of a title: `Error rate` becomes `error rate`, `5XX rate` and `CPU` stay.
fn lower_first(title: &str) -> String {
    let mut letters = title.chars();
    match (letters.next(), letters.next()) {
        (Some(first), Some(second)) if second.is_lowercase() => {
            first.to_lowercase().chain(std::iter::once(second)).chain(letters).collect()
        }
        _ => title.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(namespaces: &[&str]) -> Board {
        found(&namespaces.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn one_preset_that_fits_is_the_board_itself() {
        assert_eq!(of(&["AWS/Lambda", "Nobody/Knows"]).name, "lambda");
        assert_eq!(of(&["AWS/Lambda", "TokenServices", "AWS/SQS"]).name, "token-provisioning");
    }

    #[test]
    fn nothing_that_fits_is_a_board_of_alarms_and_services() {
        let board = of(&["Nobody/Knows"]);
        assert_eq!((board.cards.len(), board.charts.len(), board.services), (0, 0, true));
        assert_eq!(board.name, FOUND);
    }

    #[test]
    fn of_several_the_most_telling_card_and_chart_of_each_are_taken() {
        let board = of(&["AWS/Lambda", "AWS/SQS", "AWS/DynamoDB"]);
        let cards: Vec<&str> = board.cards.iter().map(|card| card.title.as_str()).collect();
        assert_eq!(cards, ["DynamoDB: throttled requests", "Lambda: error rate", "SQS and SNS: dead letters"]);
        assert_eq!(board.cards[1].value.to_string(), "100 * lambda_errors / lambda_invocations");
        let charts: Vec<&str> = board.charts.iter().map(|chart| chart.id.as_str()).collect();
        assert_eq!(charts, ["dynamodb_throttled", "lambda_load", "sqs_sns_flow"]);
        for id in needed(&board) {
            assert!(board.metrics.contains_key(&id), "{id}");
        }
        assert!(!board.metrics.contains_key("lambda_duration"), "what nothing shows is not asked for");
    }

    #[test]
    fn an_account_with_everything_still_fits_the_screen() {
        let all: Vec<String> = telling_namespaces().into_iter().filter(|name| name != "TokenServices").collect();
        let board = found(&all);
        assert_eq!(board.cards.len(), CARDS);
        assert!(board.charts.len() > 10);
    }
}
