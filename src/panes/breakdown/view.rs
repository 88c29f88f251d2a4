//! What the pane shows, as plain data.

use crate::analysis::breakdown::Slice;
use crate::analysis::suspects::Suspect;
use crate::analysis::suspects::windows::Span;
use crate::board::Unit;
use crate::panes::breakdown::BreakdownPane;
use crate::panes::breakdown::ask::answer;
use crate::panes::feed::NO_FEED;
use crate::panes::{Cx, Pane};
use crate::text::{clean, clean_field_head, time, units};

/// Bytes of a value that are shown.
const VALUE: usize = 1_024;

/// A row that the cursor can stand on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Row {
    /// A suspect, by rank.
    Suspect(usize),
    /// A value of the field; `None` for lines that lack it.
    Value(Option<Box<str>>),
}

/// What is shown.
#[derive(Debug, Clone, PartialEq)]
pub struct BreakdownView {
    /// The title with the path and the windows.
    pub title: String,
    /// Bytes that were read for all of it.
    pub scanned: f64,
    /// Suspects in two lines each: what, and how much.
    pub suspects: Vec<(String, String)>,
    /// Why there is no suspect, where there is none.
    pub nothing: Option<String>,
    /// Fields to choose from, and the place of the chosen one.
    pub fields: (Vec<String>, Option<usize>),
    /// By which column values are ordered, and whether the greatest comes first; `None` for the value's own.
    pub order: (Option<&'static str>, bool),
    /// Values with their figures.
    pub slices: Vec<Slice>,
    /// What is still waited for, or what went wrong.
    pub note: Option<String>,
    /// A word of caution about what is shown.
    pub caution: Option<&'static str>,
}

impl BreakdownPane {
    /// The rows that the cursor can stand on.
    pub(super) fn rows(&self, cx: &Cx<'_>) -> Vec<Row> {
        // Suspects are of all requests: they stand where all are shown.
        let suspects = self.known.as_ref().filter(|_| self.target.path.is_empty());
        let suspects = suspects.map_or(0, |known| known.finding.suspects.len());
        let values = self.slices(cx).map(|(_, slices)| slices).unwrap_or_default();
        let values = values.into_iter().map(|slice| Row::Value(slice.value));
        (0..suspects).map(Row::Suspect).chain(values).collect()
    }

    /// What is shown.
    pub fn view(&self, cx: &Cx<'_>) -> BreakdownView {
        let wall = |at| time::minute(&cx.zone.at(at));
        let span = |span: Span| format!("{}–{}", wall(span.from), wall(span.to));
        let title = match self.windows(cx) {
            None => self.title(cx),
            Some(windows) => format!("{} · bad {} · good {}", self.title(cx), span(windows.bad), span(windows.good)),
        };
        let known = self.known.as_ref().filter(|_| self.target.path.is_empty());
        let suspects = known.map_or(&[][..], |known| &known.finding.suspects);
        let fields = self.fields(cx);
        let chosen = fields.and_then(|fields| self.field(fields));
        // What the path says already splits nothing.
        let is_open =
            |name: &&str| chosen.as_deref() == Some(*name) || !self.target.path.iter().any(|(field, _)| field == name);
        let names: Vec<String> =
            fields.map_or_else(Vec::new, |fields| fields.all().filter(is_open).map(str::to_owned).collect());
        let place = chosen.as_ref().and_then(|field| names.iter().position(|name| name == field));
        let scanned = self.asks(cx).iter().filter_map(|query| answer(cx, query)).map(|a| a.data.bytes_scanned).sum();
        BreakdownView {
            title,
            scanned,
            suspects: suspects.iter().map(lines).collect(),
            nothing: known.and_then(|known| known.finding.nothing).map(|nothing| nothing.words().to_owned()),
            fields: (names.iter().map(|name| clean(name).into_owned()).collect(), place),
            order: (self.order.column(), self.order.falls() != self.is_reversed),
            slices: self.slices(cx).map(|(_, slices)| slices).unwrap_or_default(),
            note: self.note(cx),
            caution: self
                .known
                .as_ref()
                .filter(|known| known.is_cut)
                .map(|_| "more combinations than Logs Insights returns: the rarest are missing"),
        }
    }

    /// What is still waited for, or what went wrong.
    fn note(&self, cx: &Cx<'_>) -> Option<String> {
        if cx.board.feed.is_none() {
            return Some(format!("Nothing to break down. {NO_FEED}"));
        }
        let asks = self.asks(cx);
        let answers = || asks.iter().map(|query| answer(cx, query));
        let trouble = answers().flatten().find_map(|answer| answer.health.trouble());
        if let Some((error, _)) = trouble {
            return Some(format!("{}: {}", error.brief(), clean(&error.message)));
        }
        if self.windows(cx).is_none() {
            return Some("Asking which alarms fire …".to_owned());
        }
        if self.fields(cx).is_none() {
            return Some("Reading some lines, to see which fields they have …".to_owned());
        }
        let running = answers().filter(|answer| answer.is_none_or(|answer| answer.data.running)).count();
        (running > 0).then(|| format!("Counting · {running} of {} queries still run …", asks.len()))
    }
}

impl BreakdownView {
    /// The field by which requests are split.
    pub(super) fn field(&self) -> &str {
        let (names, place) = &self.fields;
        place.and_then(|place| names.get(place)).map_or("", String::as_str)
    }

    /// The row as it is copied.
    pub(super) fn copied(&self, row: &Row) -> Option<String> {
        match row {
            Row::Suspect(at) => self.suspects.get(*at).map(|(what, how)| format!("{what} · {how}")),
            Row::Value(value) => {
                let slice = self.slices.iter().find(|slice| slice.value == *value)?;
                Some(figures(slice, self.field()).join("  "))
            }
        }
    }
}

fn count(count: u64) -> String {
    units::value(count as f64, Unit::Count)
}

fn percent(share: Option<f64>) -> String {
    share.map_or_else(|| units::NOTHING.to_owned(), |share| units::value(share * 100.0, Unit::Percent))
}

fn lines(suspect: &Suspect) -> (String, String) {
    let what = format!("{:.0} % of the excess  {}", suspect.share_of_excess * 100.0, suspect.words());
    let before = suspect.good.rate().map_or_else(String::new, |rate| format!(", {} before", percent(Some(rate))));
    let how = format!(
        "{} of {} failed ({}{before}), {:.1} times as often as the rest",
        units::thousands(suspect.bad.failures as usize),
        units::thousands(suspect.bad.attempts as usize),
        percent(suspect.bad.rate()),
        suspect.lift
    );
    (what, how)
}

/// The cells of a value's row: value, requests, share, failed, success, its change, that of the requests, p50, p99.
pub(super) fn figures(slice: &Slice, field: &str) -> [String; 9] {
    let seconds = |value: Option<f64>| {
        value.map_or_else(|| units::NOTHING.to_owned(), |value| units::value(value, Unit::Seconds))
    };
    let turned = |value: Option<f64>, unit: &str, digits: usize| match value {
        None => units::NOTHING.to_owned(),
        Some(value) if value.abs() < 0.5 * 0.1_f64.powi(digits as i32) => format!("= 0 {unit}"),
        Some(value) => format!("{} {:.digits$} {unit}", if value < 0.0 { "▼" } else { "▲" }, value.abs()),
    };
    [
        slice
            .value
            .as_deref()
            .map_or_else(|| "(none)".to_owned(), |value| clean_field_head(field, value, VALUE).into_owned()),
        count(slice.bad.attempts),
        percent(Some(slice.share)),
        count(slice.bad.failures),
        percent(slice.success()),
        turned(slice.change_points(), "pt", 1),
        turned(slice.more.map(|more| more * 100.0), "%", 0),
        seconds(slice.latency.map(|(p50, _)| p50)),
        seconds(slice.latency.map(|(_, p99)| p99)),
    ]
}
