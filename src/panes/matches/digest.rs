//! What many lines have to tell at a glance: which of them are new, and the columns in which they differ.

use crate::analysis::leads::telling::{self, Fields, Group, Telling};
use crate::board::FeedRules;
use crate::clock::Time;
use crate::panes::Cx;
use crate::panes::feed::latency;
use crate::store::log::LogEvent;
use crate::store::matches::LineQuery;
use crate::text::units::thousands;
use crate::text::{Align, clean, clean_field_head, pad, width};

/// Columns that are shown at most.
const MOST_COLUMNS: usize = 8;
/// No column is wider.
const WIDEST: usize = 24;
/// Bytes of a value that are looked at: no column is wider.
const VALUE: usize = 256;
/// Values that the summary names.
const NAMED: usize = 4;
/// Fields that say when a line was logged, which stands before it already.
const TIMES: [&str; 5] = ["timestamp", "time", "ts", "@timestamp", "date"];

/// Which answers a digest is of: queries, when they were answered, and with how many lines.
pub(super) type Source = Vec<(LineQuery, Option<Time>, usize)>;

/// What follows from lines, worked out once for each answer.
#[derive(Debug, Clone, Default)]
pub(super) struct Digest {
    pub(super) of: Source,
    /// What is new in them; `None` where no field sorts them.
    pub(super) telling: Option<Telling>,
    /// The columns; none for lines that are not JSON, or all alike.
    pub(super) columns: Vec<Column>,
    /// How many lines there are, and whether there were any before.
    counts: (usize, Option<usize>),
}

/// A column of the lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Column {
    field: String,
    title: String,
    width: usize,
    /// Whether it is the feed's latency in seconds.
    seconds: bool,
}

impl Digest {
    /// The digest of lines, against those before, as far as they are known.
    pub(super) fn new(of: Source, lines: &[&LogEvent], before: Option<&[LogEvent]>, cx: &Cx<'_>) -> Self {
        let rules = cx.board.feed.as_ref();
        let now: Vec<Fields> = lines.iter().filter_map(|line| telling::fields(&line.message)).collect();
        let then: Vec<Fields> =
            before.unwrap_or_default().iter().filter_map(|line| telling::fields(&line.message)).collect();
        let counts = (lines.len(), before.map(<[LogEvent]>::len));
        if now.len() * 2 < lines.len() || now.is_empty() {
            return Self { of, counts, ..Self::default() };
        }
        let telling = telling::telling(&now, &then, rules.map(|rules| rules.reason_field.as_str()));
        Self { of, telling, columns: columns(&now, rules), counts }
    }

    /// What is new, in a line: `1,000 lines: 81 % reason=TSP_TIMEOUT (2 % before) · 12 % ISSUER_DECLINED (60 %)`.
    pub(super) fn summary(&self) -> Option<String> {
        let telling = self.telling.as_ref()?;
        let mut groups: Vec<&Group> = telling.groups.iter().collect();
        if let [_, rest @ ..] = groups.as_mut_slice() {
            rest.sort_by(|a, b| b.share.total_cmp(&a.share));
        }
        if !telling.has_risen {
            groups.sort_by(|a, b| b.share.total_cmp(&a.share));
        }
        let named = groups.iter().take(NAMED).enumerate().map(|(at, group)| {
            let name = if at == 0 { format!("{}=", telling.field) } else { String::new() };
            let value = clean_field_head(&telling.field, &group.value, VALUE);
            let value = if value.is_empty() { "(none)" } else { &value };
            let word = if at == 0 { " before" } else { "" };
            let before = group.before.map_or_else(String::new, |share| format!(" ({}{word})", percent(share)));
            clean(&format!("{} {name}{value}{before}", percent(group.share))).into_owned()
        });
        let mut parts: Vec<String> = named.collect();
        match groups.len().saturating_sub(NAMED) {
            0 => {}
            1 => parts.push("1 other".to_owned()),
            others => parts.push(format!("{others} others")),
        }
        if self.counts.1 == Some(0) {
            parts.push("none before".to_owned());
        }
        let lines = if self.counts.0 == 1 { "line" } else { "lines" };
        Some(format!("{} {lines}: {}", thousands(self.counts.0), parts.join(" · ")))
    }

    /// The row of the line that tells most: the first one of what is new.
    pub(super) fn row(&self, lines: &[&LogEvent]) -> usize {
        let Some(telling) = self.telling.as_ref().filter(|telling| telling.has_risen) else { return 0 };
        let Some(first) = telling.groups.first() else { return 0 };
        lines.iter().position(|line| has(line, &telling.field, &first.value)).unwrap_or(0)
    }

    /// What narrows the lines to those like this one: `reason=TSP_TIMEOUT`.
    pub(super) fn narrowed(&self, line: &LogEvent) -> Option<String> {
        let field = &self.telling.as_ref()?.field;
        let fields = telling::fields(&line.message)?;
        Some(format!("{field}={}", telling::value(&fields, field)?))
    }

    /// The columns' headings.
    pub(super) fn headings(&self) -> String {
        self.columns.iter().map(|column| column.cell(&column.title)).collect()
    }

    /// A line's cells; empty for one that is not JSON.
    pub(super) fn cells(&self, line: &LogEvent) -> String {
        let Some(fields) = telling::fields(&line.message).filter(|_| !self.columns.is_empty()) else {
            return String::new();
        };
        self.columns.iter().map(|column| column.cell(&column.text(&fields))).collect()
    }
}

/// Whether a line's field has a value.
pub(super) fn has(line: &LogEvent, field: &str, wanted: &str) -> bool {
    let value = telling::fields(&line.message).and_then(|fields| telling::value(&fields, field).map(str::to_lowercase));
    value.is_some_and(|value| value == wanted.to_lowercase())
}

fn percent(share: f64) -> String {
    match share * 100.0 {
        0.0 => "0 %".to_owned(),
        low if low < 1.0 => "<1 %".to_owned(),
        high if (99.5..100.0).contains(&high) => ">99 %".to_owned(),
        percent => format!("{percent:.0} %"),
    }
}

impl Column {
    fn text(&self, fields: &Fields) -> String {
        let value = telling::value(fields, &self.field).unwrap_or_default();
        match value.parse::<f64>() {
            Ok(seconds) if self.seconds && seconds.is_finite() => latency(seconds),
            Ok(_) | Err(_) => clean_field_head(&self.field, value, VALUE).into_owned(),
        }
    }

    fn cell(&self, text: &str) -> String {
        format!("{}  ", pad(text, self.width, if self.seconds { Align::Right } else { Align::Left }))
    }
}

/// The feed's reason and latency, its columns, the last of which matters most, then whatever else differs.
fn columns(lines: &[Fields], rules: Option<&FeedRules>) -> Vec<Column> {
    let mut first: Vec<(&str, String)> = Vec::new();
    let mut left_out: Vec<&str> = TIMES.to_vec();
    if let Some(rules) = rules {
        first
            .extend([(rules.reason_field.as_str(), "reason".to_owned()), (&rules.latency_field, "latency".to_owned())]);
        first.extend(rules.columns.iter().rev().map(|column| (column.field.as_str(), column.title.to_lowercase())));
        let ids = [&rules.event_field, &rules.id_field, &rules.correlation_field, &rules.trace_field];
        left_out.extend(ids.into_iter().chain(&rules.identifiers).map(String::as_str));
    }
    let names: Vec<&str> = first.iter().map(|(field, _)| *field).collect();
    let found = telling::columns(lines, &names, &left_out);
    let columns = found.into_iter().take(MOST_COLUMNS).map(|field| {
        let title = first.iter().find(|(name, _)| *name == field).map_or(&field, |(_, title)| title);
        let seconds = rules.is_some_and(|rules| rules.latency_field == field);
        let mut column = Column { title: clean(title).into_owned(), field, width: 0, seconds };
        let widest = lines.iter().map(|line| width(&column.text(line))).max().unwrap_or(0);
        column.width = widest.max(width(&column.title)).min(WIDEST);
        column
    });
    columns.collect()
}
