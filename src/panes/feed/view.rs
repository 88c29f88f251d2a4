//! The feed as plain data.

use chrono::TimeDelta;
use ratatui::layout::Rect;

use super::columns::{Kind, Slot, layout};
use super::filter::Part;
use super::histogram::Histogram;
use super::{Extent, Feed};
use crate::board::{FeedRules, Status};
use crate::panes::{Cx, source_note};
use crate::store::health::{Health, SourceId};
use crate::store::log::TailOrigin;
use crate::store::request::Request;
use crate::text::{clean, time};
use crate::widgets::print::{Align, shorten_middle};
use crate::widgets::table::{Cell, Heading};
use crate::widgets::theme::Role;

/// The lines from which on a part of the Overview has headings.
const ROWS_FOR_HEADINGS: u16 = 10;

/// What is drawn.
#[derive(Debug, PartialEq)]
pub struct FeedView {
    /// The frame's title.
    pub title: String,
    /// What the frame says about the source.
    pub note: Option<(String, Role)>,
    /// Bars on top, on a screen of its own.
    pub histogram: Option<Histogram>,
    /// Whether the headings are drawn.
    pub headed: bool,
    /// Columns.
    pub headings: Vec<Heading>,
    /// Rows in view, newest first.
    pub rows: Vec<Vec<Cell>>,
    /// The line of the cursor.
    pub cursor: usize,
    /// What stands there where there are no rows.
    pub empty: Option<(String, Role)>,
    /// How much the feed holds of the time that is asked about, where that is not all.
    pub foot: Option<String>,
}

/// What is said on a board without a feed.
pub(in crate::panes) const NO_FEED: &str = "This board has no request feed. A [feed] section in the board file makes one of \
                                            log lines (docs/boards.md); `--board token-provisioning` has one.";

/// A latency as it stands in its column: `0.83s`, `24.3s`, `321s`.
pub(in crate::panes) fn latency(seconds: f64) -> String {
    match seconds {
        ..10.0 => format!("{seconds:.2}s"),
        10.0..100.0 => format!("{seconds:.1}s"),
        _ => age(TimeDelta::seconds(seconds as i64)),
    }
}

/// For how long something has been going on: `42s`, `1m12s`, `3h05m`.
fn age(since: TimeDelta) -> String {
    let seconds = since.num_seconds().max(0);
    match seconds {
        ..60 => format!("{seconds}s"),
        60..3600 => format!("{}m{:02}s", seconds / 60, seconds % 60),
        3600..360_000 => format!("{}h{:02}m", seconds / 3600, seconds / 60 % 60),
        _ => format!("{}d", seconds / 86_400),
    }
}

/// A count with its thousands apart: `2,391`.
pub(super) fn thousands(count: usize) -> String {
    let digits = count.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// What is inside the frame: the bars' share, and the rows'.
struct Body {
    bars: bool,
    headed: bool,
    rows: usize,
    width: u16,
}

impl Feed {
    fn body(&self, area: Rect) -> Body {
        let (width, height) = (area.width.saturating_sub(4), area.height.saturating_sub(2));
        let (bars, headed) = match self.extent {
            Extent::Small => (false, height >= ROWS_FOR_HEADINGS),
            Extent::Full => (height >= 16, height >= 6),
        };
        let used = if bars { Histogram::HEIGHT } else { 0 } + u16::from(headed);
        Body { bars, headed, rows: usize::from(height - used), width }
    }

    /// Brings what is remembered up to date with the store and the area.
    pub(super) fn settle(&mut self, cx: &Cx<'_>, area: Rect) {
        self.keep_up(cx);
        self.page = self.body(area).rows;
        let Some(rules) = &cx.board.feed else { return };
        let view = self.cursor.in_view(self.order(cx), &cx.store.requests, self.page);
        self.needs.start(rules);
        for request in view.places.iter().filter_map(|place| cx.store.requests.get(place.serial)) {
            self.needs.see(request);
        }
        self.cursor.seen(&view);
    }

    /// What is drawn into an area; looks at no more rows than have room in it.
    pub fn view(&self, cx: &Cx<'_>, area: Rect) -> FeedView {
        let body = self.body(area);
        let requests = &cx.store.requests;
        let in_view = self.cursor.in_view(self.order(cx), requests, body.rows);
        let slots = layout(body.width, &self.needs);
        let rules = cx.board.feed.as_ref();
        let cells = |request: &Request, rules: &FeedRules| {
            slots.iter().map(|slot| self.cell(request, rules, *slot, cx)).collect::<Vec<_>>()
        };
        let shown = in_view.places.iter().filter_map(|place| requests.get(place.serial));
        let rows: Vec<Vec<Cell>> =
            shown.zip(rules.into_iter().cycle()).map(|(request, rules)| cells(request, rules)).collect();
        FeedView {
            title: self.headline(cx),
            note: source_note(cx.store.feed_health(), cx.now).filter(|_| rules.is_some()),
            histogram: body.bars.then(|| Histogram::of(requests, cx.window.range(cx.now), body.width)).flatten(),
            headed: body.headed,
            headings: slots.iter().filter_map(|slot| Some(heading(*slot, rules?))).collect(),
            empty: if rows.is_empty() { Some(self.nothing(cx)) } else { None },
            rows,
            cursor: in_view.cursor,
            foot: self.held(cx),
        }
    }

    fn headline(&self, cx: &Cx<'_>) -> String {
        let requests = &cx.store.requests;
        let mut parts = vec!["Requests".to_owned()];
        if !cx.window.is_live() {
            // The feed does not follow the window into the past.
            parts.push("now".to_owned());
        }
        if !requests.is_empty() {
            parts.push(format!("{}/min", thousands(requests.per_minute(cx.now))));
        }
        if let Some(new) = cx.frozen {
            parts.push(format!("frozen · {} new", thousands(usize::try_from(new).unwrap_or(usize::MAX))));
        } else if self.cursor.follows() {
            parts.push("following".to_owned());
        }
        if !self.filter.is_empty() {
            let (shown, all) = (thousands(self.matches.order().len()), thousands(requests.len()));
            let text = clean(self.filter.text().trim()).into_owned();
            // A filter with phrases has quotes of its own.
            let text = if text.contains('"') { text } else { format!("\"{text}\"") };
            parts.push(format!("filter {text} {shown} of {all}"));
        }
        if cx.store.feed_sampled {
            parts.push("sampled".to_owned());
        }
        if cx.store.feed_origin == Some(TailOrigin::Poll) {
            let tail = cx.store.health(SourceId::Tail).trouble();
            parts.push(tail.map_or("polling".to_owned(), |(error, _)| format!("polling (tail {})", error.kind.word())));
        }
        parts.join(" · ")
    }

    fn held(&self, cx: &Cx<'_>) -> Option<String> {
        let span = self.given.as_ref()?.span?;
        let end = span.end(cx.now);
        let oldest = cx.store.requests.newest_first().next_back().map_or(cx.now, |request| request.time);
        if oldest <= span.from {
            return None;
        }
        let text = |at| time::minute(&cx.zone.at(at));
        let held = format!("the feed holds {} to {}", text(oldest), text(cx.now));
        let all = format!("{} to {}", text(span.from), text(end));
        Some(if oldest < end { format!("{held} of {all}") } else { format!("{held}, nothing of {all}") })
    }

    fn nothing(&self, cx: &Cx<'_>) -> (String, Role) {
        let Some(rules) = &cx.board.feed else {
            return (NO_FEED.to_owned(), Role::Muted);
        };
        if !cx.store.requests.is_empty() {
            return (format!("No request matches \"{}\".", clean(self.filter.text().trim())), Role::Muted);
        }
        let groups = rules.log_groups.join(", ");
        match cx.store.feed_health() {
            Health::Waiting => (format!("Reading {} …", clean(&groups)), Role::Muted),
            Health::Live { .. } => (format!("No requests in {} yet.", clean(&groups)), Role::Muted),
            Health::Stale { error, .. } | Health::Failed { error, .. } => {
                (clean(&error.to_string()).into_owned(), Role::Failed)
            }
        }
    }

    fn cell(&self, request: &Request, rules: &FeedRules, slot: Slot, cx: &Cx<'_>) -> Cell {
        let status = status_role(request.status);
        let overdue = request.is_overdue(cx.now, rules);
        let shorten = |text: Option<&str>| {
            text.map(|text| shorten_middle(&clean(text), usize::from(slot.width))).unwrap_or_default()
        };
        let (part, text, role) = match slot.kind {
            Kind::Time => (Part::Time, time::clock_ms(&cx.zone.at(request.time)), Role::Muted),
            Kind::Status if slot.width == 1 => (Part::Status, request.status.glyph().to_owned(), status),
            Kind::Status => (Part::Status, format!("{} {}", request.status.glyph(), request.status.name()), status),
            Kind::Correlation => (Part::Correlation, shorten(request.correlation_id.as_deref()), Role::Text),
            Kind::Trace => (Part::Trace, shorten(request.trace_id.as_deref()), Role::Muted),
            Kind::Id => (Part::Id, shorten(Some(&request.id)), Role::Muted),
            Kind::Column(column) => {
                let text = request.columns.get(column).map(|text| clean(text).into_owned()).unwrap_or_default();
                (Part::Column(column), text, Role::Text)
            }
            Kind::Latency => {
                let (text, role) = match request.latency_s {
                    Some(seconds) => (latency(seconds), Role::Strong),
                    None if overdue => (format!("{}!", age(cx.now - request.time)), Role::Warning),
                    None => ("–".to_owned(), Role::Muted),
                };
                (Part::Latency, text, role)
            }
            Kind::Reason => match &request.reason {
                Some(reason) => (Part::Reason, clean(reason).into_owned(), status),
                None if overdue => (Part::Reason, "overdue".to_owned(), Role::Warning),
                None => (Part::Reason, String::new(), Role::Text),
            },
        };
        let marks = if self.filter.is_empty() { Vec::new() } else { self.filter.marks(part, &text) };
        Cell { text, role, marks }
    }
}

/// What a status means.
pub(in crate::panes) const fn status_role(status: Status) -> Role {
    match status {
        Status::Pending => Role::Pending,
        Status::Success => Role::Good,
        Status::Failed => Role::Critical,
    }
}

/// A column of the board under its title, in small letters like the headings beside it; an abbreviation stays one.
fn column_heading(column: usize, width: u16, rules: &FeedRules) -> Heading {
    let title = rules.columns.get(column).map_or("", |column| column.title.as_str());
    let capitals = title.chars().filter(|c| c.is_uppercase()).count();
    let title = if capitals > 1 { title.to_owned() } else { title.to_lowercase() };
    Heading { title: clean(&title).into_owned(), width, align: Align::Left }
}

fn heading(slot: Slot, rules: &FeedRules) -> Heading {
    let (title, align) = match slot.kind {
        Kind::Time => ("time", Align::Left),
        Kind::Status if slot.width == 1 => ("", Align::Left),
        Kind::Status => ("status", Align::Left),
        Kind::Correlation => ("correlation", Align::Left),
        Kind::Column(column) => return column_heading(column, slot.width, rules),
        Kind::Latency => ("latency", Align::Right),
        Kind::Reason => ("reason", Align::Left),
        Kind::Id => ("request id", Align::Left),
        Kind::Trace => ("trace id", Align::Left),
    };
    Heading { title: clean(title).into_owned(), width: slot.width, align }
}
