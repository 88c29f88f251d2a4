//! Titles that fit their frame: what matters least goes first.

use crate::analysis::log_query::capped::Capped;
use crate::analysis::log_query::estimate::{Estimate, bytes_words, cost_words};
use crate::panes::Cx;
use crate::panes::fit::fitted;
use crate::panes::logs::Logs;
use crate::panes::logs::expected::{Expected, share_words};
use crate::panes::logs::run::Phase;
use crate::store::rows::LogRows;
use crate::text::units::{lasted, plural, thousands};
use crate::text::{clean, truncate, width};
use crate::widgets::print::shorten_middle;

/// The narrowest that the name of a group is cut to.
const NARROWEST: usize = 12;

/// `Logs Insights · /payments/* and 2 more`, the name of the group cut in its middle.
pub(super) fn editor(groups: Option<&[String]>, room: usize) -> String {
    let (first, more) = match groups {
        None => ("groups that SOURCE names", String::new()),
        Some([]) => ("no log group", String::new()),
        Some([one]) => (one.as_str(), String::new()),
        Some([first, others @ ..]) => (first.as_str(), format!(" and {} more", others.len())),
    };
    let first = clean(first);
    let long = "Logs Insights · ";
    let whole = width(&first) + width(&more);
    if width(long) + whole <= room {
        return format!("{long}{first}{more}");
    }
    let left = room.saturating_sub(width(&more)).max(NARROWEST);
    format!("{}{more}", shorten_middle(&first, left))
}

/// What the query is likely to scan and cost.
pub(super) fn expected(expected: Expected, usd_per_gb: f64) -> String {
    match expected {
        Expected::Bytes(estimate) => estimate.words(usd_per_gb),
        Expected::Unknown => "cost unknown: SOURCE".to_owned(),
    }
}

/// How many rows there are, of how many records, for how much, after how long.
pub(super) fn results(
    logs: &Logs,
    phase: &Phase,
    rows: &LogRows,
    (took, estimate): (i64, Option<Estimate>),
    (room, cx): (usize, &Cx<'_>),
) -> String {
    let count = rows.rows.len();
    let word = if count == 1 { "row" } else { "rows" };
    let running = matches!(phase, Phase::Running | Phase::Resolving);
    let mut parts = Vec::new();
    let shown = logs.table.order.len();
    let capped = logs.capped(cx);
    parts.push(match phase {
        _ if count == 0 && *phase != Phase::Done => (0, "Results".to_owned()),
        _ if logs.table.is_filtered() => (0, format!("{} of {} {word}", thousands(shown), thousands(count))),
        _ if running => (0, format!("{} {word} so far", thousands(count))),
        _ if capped.is_some() => (0, capped.map(Capped::words).unwrap_or_default()),
        _ => (0, format!("{} {word}", thousands(count))),
    });
    if capped.is_some() {
        parts.push((1, Capped::ADVICE.to_owned()));
    }
    if let Some(alike) = &logs.table.alike {
        parts.push((4, format!("like {}", truncate(&clean(&alike.template), 24))));
    }
    let price = cx.store.spending.usd_per_scanned_gb;
    if rows.records_scanned > 0.0 {
        let (matched, scanned) = (thousands(rows.records_matched as usize), thousands(rows.records_scanned as usize));
        parts.push((3, format!("{matched} of {scanned} records")));
    }
    match estimate.filter(|_| running) {
        Some(estimate) if rows.bytes_scanned > 0.0 => parts.push((1, share_words(rows.bytes_scanned, estimate))),
        Some(estimate) => parts.push((1, format!("≈ {} to scan", bytes_words(estimate.bytes)))),
        None if rows.records_scanned > 0.0 => parts.push((1, cost_words(rows.bytes_scanned, price))),
        None => {}
    }
    if took > 0 {
        parts.push((2, lasted(took)));
    }
    fitted(parts, room)
}

/// What the patterns are of, and with what they are compared.
pub(super) fn patterns(count: usize, column: &str, looked: &str, told: &str) -> String {
    format!("{} of {} in {looked} · {told} · by Drain, here", plural(count, "pattern"), clean(column))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_loses_what_matters_least_of_a_group() {
        let groups = ["/aws/lambda/token-provisioning-service".to_owned(), "/b".to_owned()];
        assert_eq!(editor(Some(&groups), 80), "Logs Insights · /aws/lambda/token-provisioning-service and 1 more");
        let short = editor(Some(&groups), 40);
        assert!(width(&short) <= 40 && short.ends_with("vice and 1 more"), "{short}");
        assert_eq!(
            patterns(1, "@message", "1 line", "told"),
            "1 pattern of @message in 1 line · told · by Drain, here"
        );
    }
}
