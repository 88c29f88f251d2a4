//! A trace for a reader.
//!
//! ```text
//! 1-6968c1a0-… · 24.3 s · 2026-01-15T10:27:12.000Z · 9 spans · 5 faults
//!
//!    SPAN                    START   TOOK    SELF    0 s                                24.3 s
//! ✗  token-api               0 s     24.3 s  0 s     ────────────────────────────────────────
//! ✗    TSP                   0.3 s   8 s     8 s      ━━━━━━━━━━━━━
//!
//! most own time: TSP 8 s at 0.3 s · first cause: TSP at 0.3 s
//! ```

use std::io::{self, Write};

use crate::analysis::waterfall::{Causes, Exception, Waterfall, causes, label};
use crate::board::Unit;
use crate::commands::sheet;
use crate::store::trace::{Span, Trace, Verdict, instant};
use crate::text::time::rfc3339;
use crate::text::units::plural;
use crate::text::{clean, clean_field, truncate, units};

/// Cells of the time axis.
const TRACK: usize = 40;
/// Cells that a name takes at most, with its indent.
const NAME: usize = 56;
/// Levels that are indented; what is below stands as deep.
const LEVELS: usize = 16;
/// Frames that are shown of one stack.
const FRAMES: usize = 12;

/// Writes a trace.
pub(super) fn write(trace: &Trace, out: &mut dyn Write) -> io::Result<()> {
    let waterfall = Waterfall::of(trace);
    writeln!(out, "{}", head(trace))?;
    if let Some(bounds) = trace.span() {
        writeln!(out)?;
        sheet::columns(&table(trace, &waterfall, bounds), out)?;
    }
    let facts = facts(trace, &waterfall);
    if !facts.is_empty() {
        writeln!(out)?;
        writeln!(out, "{}", facts.join(" · "))?;
    }
    let mut told = false;
    for row in 0..trace.spans.len() {
        if let Some(causes) = causes(trace, row) {
            if !std::mem::replace(&mut told, true) {
                writeln!(out)?;
            }
            failure(trace, row, &causes, out)?;
        }
    }
    let notes = waterfall.skews.iter().map(crate::analysis::waterfall::Skew::words);
    let notes = notes.chain(waterfall.gaps.iter().map(crate::analysis::waterfall::Gap::words));
    for (n, note) in notes.chain(trace.problems.iter().cloned()).enumerate() {
        if n == 0 {
            writeln!(out)?;
        }
        writeln!(out, "! {}", clean(&note))?;
    }
    Ok(())
}

fn seconds(value: f64) -> String {
    units::value(value, Unit::Seconds)
}

/// Id, duration, start, and how many spans failed.
fn head(trace: &Trace) -> String {
    let mut parts = vec![clean(&trace.id).into_owned(), seconds(trace.duration_s)];
    parts.extend(trace.span().and_then(|(start, _)| instant(start)).map(rfc3339));
    parts.push(plural(trace.spans.len(), "span"));
    for verdict in [Verdict::Fault, Verdict::Error, Verdict::Throttle] {
        let count = trace.spans.iter().filter(|span| span.verdict() == verdict).count();
        if count > 0 {
            parts.push(plural(count, verdict.name()));
        }
    }
    parts.join(" · ")
}

/// Where most time went, and what failed first of all.
fn facts(trace: &Trace, waterfall: &Waterfall) -> Vec<String> {
    let name = |row: usize| Some(clean(&label(trace.spans.get(row)?)).into_owned());
    let at = |row: usize| {
        let span = trace.spans.get(row)?;
        Some(seconds(span.start_s - trace.span()?.0))
    };
    let slowest = waterfall.slowest.and_then(|row| {
        let own = waterfall.own_s.get(row).copied().flatten()?;
        Some(format!("most own time: {} {} at {}", name(row)?, seconds(own), at(row)?))
    });
    let culprit = waterfall.culprit.and_then(|row| Some(format!("first cause: {} at {}", name(row)?, at(row)?)));
    slowest.into_iter().chain(culprit).collect()
}

fn table(trace: &Trace, waterfall: &Waterfall, (start, end): (f64, f64)) -> Vec<[String; 6]> {
    let sections = waterfall.path.by_row();
    let whole = seconds(end - start);
    let axis = format!("0 s{whole:>width$}", width = TRACK.saturating_sub(3));
    let head = ["", "SPAN", "START", "TOOK", "SELF", &axis].map(str::to_owned);
    let rows = trace.spans.iter().zip(&waterfall.own_s).zip(&sections).map(|((span, own), sections)| {
        let name = format!("{}{}", "  ".repeat(span.depth.min(LEVELS)), clean(&label(span)));
        let took = span.took_s().map_or_else(|| "…".to_owned(), seconds);
        let own = own.map(seconds).unwrap_or_default();
        let name = truncate(&name, NAME).into_owned();
        [glyph(span).to_owned(), name, seconds(span.start_s - start), took, own, track(span, sections, (start, end))]
    });
    std::iter::once(head).chain(rows).collect()
}

/// A sign of how a span ended; none where all is well.
const fn glyph(span: &Span) -> &'static str {
    match span.verdict() {
        Verdict::Fault => "✗",
        Verdict::Throttle => "◇",
        Verdict::Error => "▲",
        Verdict::Pending => "…",
        Verdict::Ok => "",
    }
}

/// A span on the time axis: thick where the path goes through it, thin elsewhere.
fn track(span: &Span, sections: &[(f64, f64)], (start, end): (f64, f64)) -> String {
    let scale = TRACK as f64 / if end > start { end - start } else { 1.0 };
    let cells = |from: f64, to: f64| {
        let first = (((from - start) * scale).floor().max(0.0) as usize).min(TRACK - 1);
        let last = (((to - start) * scale).ceil().max(0.0) as usize).min(TRACK);
        first..last.max(first + 1)
    };
    let mut line = [' '; TRACK];
    let mut draw = |from: f64, to: f64, c: char| {
        for cell in line.get_mut(cells(from, to)).unwrap_or_default() {
            *cell = c;
        }
    };
    let to = span.end_s.unwrap_or(end);
    draw(span.start_s, to, if span.end_s.is_none() { '╌' } else { '─' });
    for (from, to) in sections {
        draw(*from, *to, '━');
    }
    line.iter().collect()
}

/// Why a span failed: its exceptions, each below the one that it led to.
fn failure(trace: &Trace, row: usize, causes: &Causes, out: &mut dyn Write) -> io::Result<()> {
    let name = |row: usize| trace.spans.get(row).map(|span| clean(&label(span)).into_owned()).unwrap_or_default();
    if let Some(unknown) = &causes.unknown {
        return writeln!(out, "{}: the exception {} is told by no span that came", name(row), clean(unknown));
    }
    if let Some(other) = causes.told_by {
        let said = causes.exceptions.first().map(said).unwrap_or_default();
        return writeln!(out, "{}: {said} (told by {})", name(row), name(other));
    }
    for exception in &causes.exceptions {
        let remote = if exception.remote { " (raised by what it called)" } else { "" };
        match exception.depth {
            0 => writeln!(out, "{}: {}{remote}", name(row), said(exception))?,
            _ => writeln!(out, "  caused by {}{remote}", said(exception))?,
        }
        for frame in exception.stack.iter().take(FRAMES) {
            let line = frame.line.map(|line| format!(":{line}")).unwrap_or_default();
            let place = if frame.path.is_empty() { String::new() } else { format!(" ({}{line})", clean(&frame.path)) };
            writeln!(out, "    at {}{place}", clean(&frame.label))?;
        }
        let more = exception.stack.len().saturating_sub(FRAMES) as u64 + exception.truncated;
        if more > 0 {
            writeln!(out, "    … {more} more")?;
        }
    }
    Ok(())
}

/// Type and message of an exception.
fn said(exception: &Exception) -> String {
    let message = clean_field("message", &exception.message);
    match (exception.kind.is_empty(), message.is_empty()) {
        (false, false) => format!("{}: {message}", clean(&exception.kind)),
        (false, true) => clean(&exception.kind).into_owned(),
        (true, false) => message.into_owned(),
        (true, true) => "an exception without type and message".to_owned(),
    }
}
