//! The feed as plain data.

use chrono::TimeDelta;
use ratatui::layout::Rect;

use super::columns::{Kind, Slot, layout, layout_lines, with_marks};
use super::fields::hint;
use super::filter::marks;
use super::histogram::Histogram;
use super::shape::{Row, Shape};
use super::{Extent, Feed};
use crate::analysis::filter::{Field, Part};
use crate::board::{Column, FeedRules, Status};
use crate::clock::Time;
use crate::panes::fit::{fitted, room};
use crate::panes::{Cx, source_note};
use crate::store::health::{Health, SourceId};
use crate::store::lines;
use crate::store::log::TailOrigin;
use crate::store::request::{Request, Second};
use crate::text::units::thousands;
use crate::text::width::split;
use crate::text::{clean, clean_field, time, width};
use crate::widgets::print::{Align, shorten_middle};
use crate::widgets::table::{Cell, Heading};
use crate::widgets::theme::Role;

/// The lines from which on a part of the Overview has headings.
const ROWS_FOR_HEADINGS: u16 = 10;

/// The narrowest that a filter is cut to in the title.
const NARROWEST: usize = 12;

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
        let (bars, headed) = match self.look.extent {
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
        let view = self.cursor.in_view(self.look.rows(cx), &cx.store.requests, self.page);
        let (shape, with_line) = (self.look.shape, self.chosen.is_some());
        let reader = &mut self.reader;
        let read = |place: &_| Row::read(*place, cx.store, rules, shape, with_line, reader);
        self.shown = view.places.iter().map(read).collect();
        let columns = self.columns(cx).to_vec();
        self.needs.start(&columns);
        for row in &self.shown {
            if let Some(request) = &row.request {
                self.needs.see(request);
            }
            let texts: Vec<String> = (0..columns.len()).map(|at| self.column_text(row, &columns, at)).collect();
            self.needs.see_columns(texts.iter().map(String::as_str));
        }
        self.cursor.seen(&view, &cx.store.requests);
    }

    /// What a row has in a column.
    fn column_text(&self, row: &Row, columns: &[Column], at: usize) -> String {
        match (&row.request, &row.line) {
            (Some(request), _) if self.chosen.is_none() => request.columns.get(at).map(ToString::to_string),
            (_, Some(line)) => columns.get(at).and_then(|column| {
                Field::of_path(&column.field).first(line.text.as_bytes()).map(|value| {
                    let text = value.text();
                    text[..text.floor_char_boundary(COLUMN_BYTES)].to_owned()
                })
            }),
            _ => None,
        }
        .unwrap_or_default()
    }

    /// What is drawn into an area, of the rows that were settled.
    pub fn view(&self, cx: &Cx<'_>, area: Rect) -> FeedView {
        let body = self.body(area);
        let requests = &cx.store.requests;
        let in_view = self.cursor.in_view(self.look.rows(cx), requests, body.rows);
        let rules = cx.board.feed.as_ref();
        let slots = self.slots(body.width, rules);
        let columns = self.columns(cx);
        let mut cursor = in_view.cursor;
        let mut rows: Vec<Vec<Cell>> = Vec::new();
        for (nth, row) in self.shown.iter().enumerate() {
            let Some(rules) = rules else { break };
            if nth == in_view.cursor {
                cursor = rows.len();
            }
            let cells = slots.iter().map(|slot| self.cell(row, rules, *slot, columns, cx)).collect();
            if self.is_wrapped && self.look.shape.is_of_lines() {
                rows.extend(wrapped(cells, &slots));
            } else {
                rows.push(cells);
            }
        }
        if rows.len() > body.rows {
            // Wrapped: as much as has room, the row under the cursor in it.
            let first = cursor.saturating_sub(in_view.cursor).min(rows.len() - body.rows);
            rows.drain(..first);
            rows.truncate(body.rows);
            cursor -= first;
        }
        let seconds = |from: Time, to: Time| -> Vec<Second> {
            if self.look.has_found(cx) {
                cx.store.found.seconds(from.timestamp(), to.timestamp()).copied().collect()
            } else {
                requests.seconds(from, to).copied().collect()
            }
        };
        let note = source_note(cx.store.feed_health(), cx.now).filter(|_| rules.is_some());
        FeedView {
            title: self.headline(cx, room(area.width, note.as_ref().map(|(text, _)| text.as_str()))),
            note,
            histogram: body.bars.then(|| Histogram::of(seconds, cx.window.range(cx.now), body.width)).flatten(),
            headed: body.headed,
            headings: slots.iter().filter(|_| rules.is_some()).map(|slot| heading(*slot, columns)).collect(),
            empty: if rows.is_empty() { Some(self.nothing(cx)) } else { None },
            rows,
            cursor,
            foot: self.look.filter.error().map(|error| format!("filter {error}")).or_else(|| self.held(cx)),
        }
    }

    fn slots(&self, width: u16, rules: Option<&FeedRules>) -> Vec<Slot> {
        let grouped = rules.is_some_and(|rules| rules.log_groups.len() > 1);
        let slots = match self.look.shape {
            Shape::Requests => layout(width, &self.needs),
            Shape::Parsed => layout_lines(width, &self.needs, grouped, true),
            Shape::Raw => layout_lines(width, &self.needs, grouped, false),
        };
        if self.marks.is_empty() { slots } else { with_marks(slots) }
    }

    /// What is shown, as much of it as has room: the count of a filter stays longest.
    fn headline(&self, cx: &Cx<'_>, room: usize) -> String {
        let requests = &cx.store.requests;
        let name = match self.look.shape {
            Shape::Requests => "Requests",
            Shape::Parsed => "Lines",
            Shape::Raw => "Raw lines",
        };
        let mut parts = vec![(0, name.to_owned())];
        if !cx.window.is_live() {
            // The feed does not follow the window into the past.
            parts.push((1, "now".to_owned()));
        }
        if !requests.is_empty() {
            let unit = if self.look.shape.is_of_lines() { " requests/min" } else { "/min" };
            parts.push((4, format!("{}{unit}", thousands(requests.per_minute(cx.now)))));
        }
        if let Some(new) = cx.frozen {
            parts.push((1, format!("frozen · {} new", thousands(usize::try_from(new).unwrap_or(usize::MAX)))));
        } else if self.cursor.follows() {
            parts.push((5, "following".to_owned()));
        }
        let filter = parts.len();
        if self.look.filter.is_empty() && self.look.shape.is_of_lines() {
            parts.push((3, format!("{} kept", thousands(cx.store.tail.len()))));
        }
        if cx.store.feed_sampled {
            parts.push((1, "sampled".to_owned()));
        }
        if cx.store.feed_origin == Some(TailOrigin::Poll) {
            let tail = cx.store.health(SourceId::Tail).trouble();
            parts.push((
                2,
                tail.map_or("polling".to_owned(), |(error, _)| format!("polling (tail {})", error.kind.word())),
            ));
        }
        parts.extend(behind(cx).map(|behind| (1, behind)));
        if !self.look.filter.is_empty() {
            let (count, progress) = self.counted(cx);
            let others = parts.iter().filter(|(rank, _)| *rank < 3).map(|(_, part)| width(part) + 3).sum::<usize>();
            let room = room.saturating_sub(others + width("filter ") + width(&count));
            let text = clean(self.look.filter.meant().trim()).into_owned();
            // A filter with phrases has quotes of its own.
            let text = if text.contains('"') { text } else { format!("\"{text}\"") };
            let found = [(0, format!("filter {}{count}", shorten_middle(&text, room.max(NARROWEST))))];
            parts.splice(filter..filter, found.into_iter().chain(progress.map(|progress| (2, progress))));
        }
        fitted(parts, room)
    }

    /// How many rows a filter lets through, with a blank before it, and how far it has looked while it has not looked at all.
    fn counted(&self, cx: &Cx<'_>) -> (String, Option<String>) {
        let found = &cx.store.found;
        if self.look.has_found(cx) {
            let count = |count: u64| thousands(usize::try_from(count).unwrap_or(usize::MAX));
            let progress = (!found.done && found.upto == 0).then(|| {
                let share = format!("{} %", found.seen * 100 / found.of.max(1));
                let back = looked_back(cx).map(|at| format!("looked back to {at}, {share}"));
                back.unwrap_or(format!("looked through {share}"))
            });
            return (format!(" {} of {} lines", count(found.count), thousands(cx.store.tail.len())), progress);
        }
        if !self.look.is_counted(cx) {
            return (String::new(), None);
        }
        let (shown, all) = (thousands(self.look.matches.order().len()), thousands(cx.store.requests.len()));
        (format!(" {shown} of {all}"), None)
    }

    fn held(&self, cx: &Cx<'_>) -> Option<String> {
        let span = self.given.as_ref()?.span?;
        let end = span.end(cx.now);
        let rows = cx.store.requests.newest_first().next_back().map_or(cx.now, |request| request.time);
        let oldest = cx.store.tail.newer(lines::Place::before(i64::MIN), lines::Kind::is_end);
        let oldest = oldest.map_or(rows, |place| rows.min(place.time()));
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
            let what = if self.look.shape.is_of_lines() { "line" } else { "request" };
            let looking = self.look.has_found(cx) && !cx.store.found.done;
            let sofar = if looking {
                looked_back(cx).map_or(" so far".to_owned(), |at| format!(" back to {at}, looking on"))
            } else {
                String::new()
            };
            let text = clean(self.look.filter.meant().trim()).into_owned();
            let hint = if looking { None } else { hint(&self.look.filter, rules, &cx.store.tail) };
            let hint = hint.map(|hint| format!(" {hint}")).unwrap_or_default();
            return (format!("No {what} matches \"{text}\"{sofar}.{hint}"), Role::Muted);
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

    fn cell(&self, row: &Row, rules: &FeedRules, slot: Slot, columns: &[Column], cx: &Cx<'_>) -> Cell {
        let (part, text, role) = match (slot.kind, &row.request, &row.line) {
            (Kind::Mark, ..) => {
                let marked = self.marks.contains(&row.place);
                (None, if marked { "◆" } else { "" }.to_owned(), Role::Strong)
            }
            (Kind::Time, ..) => (Some(Part::Time), time::clock_ms(&cx.zone.at(row.place.time())), Role::Muted),
            (Kind::Column(at), ..) => {
                let part = if self.chosen.is_none() { Some(Part::Column(at)) } else { None };
                let field = columns.get(at).map_or("", |column| column.field.as_str());
                (part, clean_field(field, &self.column_text(row, columns, at)).into_owned(), Role::Text)
            }
            (kind, Some(request), _) => request_cell(request, kind, slot.width, rules, cx),
            (kind, None, Some(line)) => self.line_cell(line, kind, slot.width, rules),
            (_, None, None) => (None, String::new(), Role::Text),
        };
        let filter = &self.look.filter;
        let marked = if filter.is_empty() { Vec::new() } else { marks(filter, part, &text) };
        Cell { text, role, marks: marked }
    }

    fn line_cell(&self, line: &lines::Line, kind: Kind, width: u16, rules: &FeedRules) -> (Option<Part>, String, Role) {
        match kind {
            Kind::Status => {
                let (glyph, role) = match line.kind {
                    lines::Kind::Other => ("", Role::Muted),
                    lines::Kind::Trouble => ("!", Role::Warning),
                    lines::Kind::Start => (Status::Pending.glyph(), status_role(Status::Pending)),
                    lines::Kind::Success => (Status::Success.glyph(), status_role(Status::Success)),
                    lines::Kind::Failed => (Status::Failed.glyph(), status_role(Status::Failed)),
                };
                (Some(Part::Status), glyph.to_owned(), role)
            }
            Kind::Group => {
                let name = rules.log_groups.get(usize::from(line.group)).map_or("", String::as_str);
                (None, shorten_middle(&clean(name), usize::from(width)), Role::Muted)
            }
            Kind::Line => {
                // What is out of sight is not made clean: a line may be very long. The margin holds the rest of a card
                // number that begins in sight.
                let sight = if self.is_wrapped { usize::from(width) * self.page.max(1) } else { usize::from(width) };
                let text = &line.text[..line.text.floor_char_boundary(sight * 4 + 256)];
                (None, clean(text).into_owned(), Role::Text)
            }
            _ => (None, String::new(), Role::Text),
        }
    }
}

/// Bytes of a field that a column shows at most.
const COLUMN_BYTES: usize = 256;

/// A part of a request as it stands in its column.
fn request_cell(
    request: &Request,
    kind: Kind,
    width: u16,
    rules: &FeedRules,
    cx: &Cx<'_>,
) -> (Option<Part>, String, Role) {
    let status = status_role(request.status);
    let overdue = request.is_overdue(cx.now, rules);
    let shorten =
        |text: Option<&str>| text.map(|text| shorten_middle(&clean(text), usize::from(width))).unwrap_or_default();
    let (part, text, role) = match kind {
        Kind::Status if width == 1 => (Part::Status, request.status.glyph().to_owned(), status),
        Kind::Status => (Part::Status, format!("{} {}", request.status.glyph(), request.status.name()), status),
        Kind::Correlation => (Part::Correlation, shorten(request.correlation_id.as_deref()), Role::Text),
        Kind::Trace => (Part::Trace, shorten(request.trace_id.as_deref()), Role::Muted),
        Kind::Id => (Part::Id, shorten(Some(&request.id)), Role::Muted),
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
        Kind::Time | Kind::Mark | Kind::Group | Kind::Line | Kind::Column(_) => {
            return (None, String::new(), Role::Text);
        }
    };
    (Some(part), text, role)
}

/// A row whose last cell goes on below.
fn wrapped(mut cells: Vec<Cell>, slots: &[Slot]) -> Vec<Vec<Cell>> {
    let Some((last, room)) = cells.pop().zip(slots.last().map(|slot| usize::from(slot.width))) else {
        return vec![cells];
    };
    let mut rows = Vec::new();
    let (mut rest, mut from) = (last.text.as_str(), 0);
    loop {
        let (here, more) = split(rest, room.max(1));
        let to = from + here.len();
        let within = last.marks.iter().filter(|mark| mark.start < to && mark.end > from);
        let marks = within.map(|mark| mark.start.max(from) - from..mark.end.min(to) - from).collect();
        let mut row = std::mem::replace(&mut cells, slots[1..].iter().map(|_| Cell::new("", Role::Text)).collect());
        row.push(Cell { text: here.to_owned(), role: last.role, marks });
        rows.push(row);
        if more.is_empty() || here.is_empty() {
            return rows;
        }
        (rest, from) = (more, to);
    }
}

/// How far the feed is behind, where that is long and all that is missing is on its way.
fn behind(cx: &Cx<'_>) -> Option<String> {
    let seconds = (cx.now - cx.store.feed_complete_to?).num_seconds();
    let fails = matches!(cx.store.feed_health(), Health::Stale { .. } | Health::Failed { .. });
    (!fails && cx.frozen.is_none() && seconds >= BEHIND_S).then(|| match seconds {
        ..60 => format!("{seconds} s behind"),
        _ => format!("{} behind", age(TimeDelta::seconds(seconds))),
    })
}

/// How far back a scan that is under way has looked.
fn looked_back(cx: &Cx<'_>) -> Option<String> {
    let at = lines::Place::before(cx.store.found.back_to?).time();
    Some(time::moment(&cx.zone.at(at), &cx.zone.at(cx.now)))
}

/// Seconds from which on the feed counts as behind: polls are some seconds apart.
const BEHIND_S: i64 = 8;

/// What a status means.
pub(in crate::panes) const fn status_role(status: Status) -> Role {
    match status {
        Status::Pending => Role::Pending,
        Status::Success => Role::Good,
        Status::Failed => Role::Critical,
    }
}

/// A column under its title, in small letters like the headings beside it; an abbreviation stays one.
fn column_heading(column: usize, width: u16, columns: &[Column]) -> Heading {
    let title = columns.get(column).map_or("", |column| column.title.as_str());
    let capitals = title.chars().filter(|c| c.is_uppercase()).count();
    let title = if capitals > 1 { title.to_owned() } else { title.to_lowercase() };
    Heading { title: clean(&title).into_owned(), width, align: Align::Left }
}

fn heading(slot: Slot, columns: &[Column]) -> Heading {
    let (title, align) = match slot.kind {
        Kind::Time => ("time", Align::Left),
        Kind::Status if slot.width == 1 => ("", Align::Left),
        Kind::Status => ("status", Align::Left),
        Kind::Correlation => ("correlation", Align::Left),
        Kind::Column(column) => return column_heading(column, slot.width, columns),
        Kind::Latency => ("latency", Align::Right),
        Kind::Reason => ("reason", Align::Left),
        Kind::Id => ("request id", Align::Left),
        Kind::Trace => ("trace id", Align::Left),
        Kind::Mark => ("", Align::Left),
        Kind::Group => ("log group", Align::Left),
        Kind::Line => ("line", Align::Left),
    };
    Heading { title: clean(title).into_owned(), width: slot.width, align }
}
