//! Boards as TOML files.

use std::time::Duration;

use indexmap::IndexMap;

use super::{AlarmFilter, Board, alarms, card, changes, chart, logs, metric, queries, rule, rules, slo, traces};
use crate::config::{Document, Kind, Place, Problem, Section, Shelf, Vars, budget, patterns};
use crate::text::mask::Masks;

/// The window of a board that names none.
const WINDOW: Duration = Duration::from_hours(3);

impl Board {
    /// A board that watches nothing but alarms and services, for when no file can be read.
    pub fn empty(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            title: name.to_owned(),
            window: WINDOW,
            found_by: Vec::new(),
            metrics: IndexMap::new(),
            evidence: IndexMap::new(),
            cards: Vec::new(),
            charts: Vec::new(),
            rules: Vec::new(),
            slos: Vec::new(),
            feed: None,
            changes: None,
            logs: Vec::new(),
            alarms: AlarmFilter::default(),
            queries: Vec::new(),
            vars: Vec::new(),
            services: true,
            traces: traces::TraceRules::default(),
            masks: Masks::default(),
            budget_usd_per_hour: None,
        }
    }
}

/// Loads a board by its name or path. A board that cannot be had becomes the default one, with the problem, which a
/// wrong name has at `place`.
pub fn load(shelf: &Shelf, name: &str, place: &Place, vars: &[(String, String)]) -> (Board, Vec<Problem>) {
    let mut problems = Vec::new();
    match shelf.open(name, place) {
        Ok(asset) => {
            let (board, found) = load_text(&asset.file, &asset.text, vars);
            problems.extend(found);
            if let Some(board) = board {
                return (board, problems);
            }
        }
        Err(problem) => problems.push(problem),
    }
    let default = Kind::Board.default_name();
    (preset(default).unwrap_or_else(|| Board::empty(default)), problems)
}

/// The board that comes with the program under this name.
pub fn preset(name: &str) -> Option<Board> {
    let asset = Shelf::new(Kind::Board, None).built_in(name, &Place::whole(name)).ok()?;
    load_text(&asset.file, &asset.text, &[]).0
}

/// The names of the boards that come with the program, sorted.
pub fn presets() -> Vec<String> {
    Shelf::new(Kind::Board, None).names()
}

/// Reads a board from a file's text. `vars` win over the values in its `[vars]`. Parts that are wrong are left out, each
/// with its problem; only text that is not TOML gives no board.
pub fn load_text(file_name: &str, text: &str, vars: &[(String, String)]) -> (Option<Board>, Vec<Problem>) {
    let doc = Document::new(file_name, text);
    let name = file_name.rsplit('/').next().unwrap_or(file_name).trim_end_matches(".toml");
    let board = doc.parse().map(|table| {
        let mut root = doc.root(&table);
        let vars = variables(&doc, root.section("vars"), vars);
        let known = vars.pairs();
        doc.substitute(vars);
        Board { vars: known, ..board(name, root) }
    });
    (board, doc.finish())
}

fn variables(doc: &Document<'_>, section: Option<Section<'_>>, given: &[(String, String)]) -> Vars {
    let mut vars = Vars::default();
    for (key, value) in section.map(Section::entries).unwrap_or_default() {
        let Some(text) = value.text() else { continue };
        if Vars::is_name(key.key()) {
            vars.set(key.key(), &text);
        } else {
            key.fail(format!("`{}` is no name for a variable: letters, digits and _, no digit first", key.key()));
        }
    }
    for (name, value) in given {
        if vars.has(name) {
            vars.set(name, value);
        } else {
            let message = format!("this board has no variable `{name}`");
            doc.report(Problem::unknown(Place::whole("--var"), message, name, vars.names()));
        }
    }
    vars
}

fn board(name: &str, mut root: Section<'_>) -> Board {
    let mut board = Board::empty(name);
    if let Some(title) = root.label("title") {
        board.title = title;
    }
    if let Some(window) = root.get("window").and_then(|value| value.span()) {
        board.window = window;
    }
    if let Some(mut found_by) = root.section("found_by") {
        board.found_by = found_by.get("namespaces").and_then(|value| value.names()).unwrap_or_default();
        found_by.done();
    }
    let metrics = metric::read(root.sections("metric", "metrics"));
    board.cards = card::read(root.sections("card", "cards"), &metrics);
    board.charts = chart::read(root.sections("chart", "charts"), &metrics);
    board.changes = root.section("changes").and_then(changes::read);
    board.logs = root.section("logs").map(logs::read).unwrap_or_default();
    board.slos = slo::read(root.sections("slo", "slos"), &metrics);
    board.feed = root.section("feed").and_then(rules::read);
    let around = rule::Around { metrics: &metrics, slos: &board.slos, feed: board.feed.as_ref() };
    board.rules = rule::read(root.sections("rule", "rules"), &around);
    board.metrics = metrics.found;
    board.evidence = metrics.evidence;
    board.queries = queries::read(root.sections("query", "queries"));
    board.alarms = root.section("alarms").map(alarms::read).unwrap_or_default();
    if let Some(mut services) = root.section("services") {
        board.services = services.get("show").and_then(|value| value.flag()).unwrap_or(board.services);
        services.done();
    }
    board.traces = root.section("traces").map(traces::read).unwrap_or_default();
    if let Some(mut mask) = root.section("mask") {
        board.masks = patterns(&mut mask);
        mask.done();
    }
    if let Some(mut cost) = root.section("cost") {
        board.budget_usd_per_hour = budget(&mut cost);
        cost.done();
    }
    root.done();
    board
}
