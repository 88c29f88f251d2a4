//! From a typed line to queries: its name and label, references, ids of the board.

use crate::analysis::insights_sql::Sql;
use crate::analysis::math::{Expr, Kind, MathError};
use crate::board::{Board, Card};
use crate::store::series::{MetricQuery, MetricSource};

use super::place::Replaced;
use super::{DEFAULT_PERIOD_S, Line, MOST_QUERIES, Scope, check, reference, size, with_period};

/// One line.
pub(super) fn line(text: &str, scope: &Scope<'_>, nth: usize) -> Result<Vec<Line>, MathError> {
    let (name, start) = name(text)?;
    let (end, label) = label(text, start)?;
    let body = &text[start..end];
    let moved = |error: MathError| MathError::new(start + error.position, error.message);
    if body.trim().is_empty() {
        return Err(MathError::new(start, "there is no expression"));
    }
    if let Some(series) = chart(body.trim(), scope).filter(|_| name.is_none() && label.is_none()) {
        return Ok(series);
    }
    let title = label.clone().unwrap_or_else(|| body.trim().to_owned());
    let mut found = if Sql::is_meant(body) { sql(body, scope) } else { math(body, scope) }.map_err(moved)?;
    if size(&found.query) > MOST_QUERIES {
        return Err(MathError::new(start, format!("this stands on more than {MOST_QUERIES} metrics")));
    }
    found.query = found.query.labelled(label.clone());
    let id = name.or(found.id).unwrap_or_else(|| {
        let letter = if matches!(found.query.source, MetricSource::Stat { .. }) { 'm' } else { 'e' };
        format!("{letter}{nth}")
    });
    let title = if label.is_none() { found.title.unwrap_or(title) } else { title };
    Ok(vec![Line { id, title, query: found.query }])
}

/// A query, and the id and title that the board has for it.
struct Found {
    id: Option<String>,
    title: Option<String>,
    query: MetricQuery,
}

/// The `ID =` before an expression, and where the expression begins.
fn name(text: &str) -> Result<(Option<String>, usize), MathError> {
    let start = text.len() - text.trim_start().len();
    let length = text[start..].find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(text.len() - start);
    let word = &text[start..start + length];
    let rest = text[start + length..].trim_start();
    if word.is_empty() || !rest.starts_with('=') || rest.starts_with("==") {
        return Ok((None, 0));
    }
    if !word.starts_with(|c: char| c.is_ascii_lowercase()) {
        let message = format!("'{word}' is no id: it starts with a small letter, and has letters, digits and _ alone");
        return Err(MathError::new(start, message));
    }
    Ok((Some(word.to_owned()), text.len() - rest.len() + 1))
}

/// Where an expression ends, and the label of the `as "…"` behind it.
fn label(text: &str, start: usize) -> Result<(usize, Option<String>), MathError> {
    let whole = text.trim_end();
    let none = Ok((whole.len().max(start), None));
    let Some(inner) = whole.get(start..).and_then(|body| body.strip_suffix('"')) else { return none };
    let Some(open) = inner.rfind('"') else { return none };
    let before = inner[..open].trim_end();
    let Some(body) = before.get(..before.len().saturating_sub(2)).filter(|body| body.ends_with(char::is_whitespace))
    else {
        return none;
    };
    if before.len() == open || !before[body.len()..].eq_ignore_ascii_case("as") {
        return none;
    }
    let label = &inner[open + 1..];
    if label.is_empty() {
        return Err(MathError::new(start + open, "the label is empty"));
    }
    Ok((start + body.len(), Some(label.to_owned())))
}

fn sql(text: &str, scope: &Scope<'_>) -> Result<Found, MathError> {
    Sql::parse(text)?;
    let period_s = scope.period_s.unwrap_or(DEFAULT_PERIOD_S);
    Ok(Found { id: None, title: None, query: MetricQuery::expression(text.trim(), Vec::new(), period_s) })
}

fn math(text: &str, scope: &Scope<'_>) -> Result<Found, MathError> {
    let (replaced, mut inputs) = references(text, scope)?;
    let back = |error: MathError| MathError::new(replaced.origin(error.position), error.message);
    let expr = Expr::parse(replaced.text()).map_err(back)?;
    check::functions(expr.root()).map_err(back)?;
    let mut ids = Vec::new();
    check::ids(expr.root(), &mut ids);
    for (id, at) in &ids {
        if !inputs.iter().any(|(known, _)| known == id) {
            let found = of_id(id, scope).map_err(|message| MathError::new(replaced.origin(*at), message))?;
            if matches!(expr.root().kind, Kind::Id(_)) {
                return Ok(found);
            }
            inputs.push((id.clone(), found.query));
        }
    }
    if let (Kind::Id(_), [(_, query)]) = (&expr.root().kind, &inputs[..]) {
        return Ok(Found { id: None, title: None, query: query.clone() });
    }
    if matches!(expr.root().kind, Kind::Text(_) | Kind::Word(_) | Kind::Number(_)) {
        return Err(MathError::new(0, "this is no time series; name a metric, a SEARCH(…) or SELECT …"));
    }
    inputs.retain(|(id, _)| ids.iter().any(|(used, _)| used == id));
    let of_inputs = inputs.iter().map(|(_, input)| input.period_s).max();
    let searched = check::search_period(expr.root());
    let period_s = searched.max(of_inputs).or(scope.period_s).unwrap_or(DEFAULT_PERIOD_S);
    let query = MetricQuery::expression(replaced.text().trim(), inputs, period_s);
    Ok(Found { id: None, title: None, query })
}

type Inputs = Vec<(String, MetricQuery)>;

/// Puts an id in place of every reference, and the metrics that were named in place of `METRICS()`.
fn references(text: &str, scope: &Scope<'_>) -> Result<(Replaced, Inputs), MathError> {
    let mut replaced = Replaced::default();
    let mut inputs: Inputs = Vec::new();
    let mut at = 0;
    while let Some(first) = text[at..].chars().next() {
        let rest = &text[at..];
        let word = |c: char| c.is_ascii_alphanumeric() || c == '_';
        if reference::begins(rest) {
            let (query, end) = reference::read(text, at, scope)?;
            let id = match inputs.iter().find(|(_, known)| *known == query) {
                Some((id, _)) => id.clone(),
                None => free_id(text, scope, &inputs),
            };
            replaced.replace(at, &id);
            inputs.push((id, query));
            at = end;
            continue;
        }
        let length = match first {
            '\'' | '"' => rest[1..].find(first).map_or(rest.len(), |end| end + 2),
            c if c.is_ascii_digit() || c == '.' => rest.find(|c: char| !word(c) && c != '.').unwrap_or(rest.len()),
            c if word(c) => rest.find(|c| !word(c)).unwrap_or(rest.len()),
            c => c.len_utf8(),
        };
        if let Some((part, end)) = all_metrics(rest, length) {
            let named = scope
                .named
                .iter()
                .filter(|(id, query)| matches!(query.source, MetricSource::Stat { .. }) && id.contains(part));
            let ids: Vec<&str> = named.map(|(id, _)| id.as_str()).collect();
            if ids.is_empty() {
                let message = "METRICS() stands for the metrics that were named before, and there is none";
                return Err(MathError::new(at, message));
            }
            replaced.replace(at, &format!("[{}]", ids.join(",")));
            at += end;
            continue;
        }
        replaced.copy(at, &rest[..length]);
        at += length;
    }
    Ok((replaced, inputs))
}

/// The text of `METRICS()` or `METRICS('part')` if a text begins with it, and its length.
fn all_metrics(rest: &str, word: usize) -> Option<(&str, usize)> {
    let inside = Some(&rest[word..]).filter(|_| &rest[..word] == "METRICS")?.strip_prefix('(')?;
    let close = inside.find(')')?;
    let part = inside[..close].trim();
    let part = part.strip_prefix(['\'', '"']).and_then(|part| part.strip_suffix(['\'', '"'])).unwrap_or(part);
    let plain = part.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    plain.then_some((part, word + 1 + close + 1))
}

/// An id that nothing in sight has.
fn free_id(text: &str, scope: &Scope<'_>, inputs: &Inputs) -> String {
    let taken = |id: &String| {
        let named = scope.named.iter().map(|(id, _)| id).chain(inputs.iter().map(|(id, _)| id));
        let of_board = |board: &Board| board.metrics.contains_key(id) || board.cards.iter().any(|card| card.id == *id);
        let said = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').any(|word| word == id);
        let mut named = named;
        said || scope.board.is_some_and(of_board) || named.any(|known| known == id)
    };
    let mut ids = (1_usize..).map(|n| format!("m{n}"));
    ids.find(|id| !taken(id)).unwrap_or_default()
}

/// What an id stands for: what was named before, else the board's metric, card or series.
fn of_id(id: &str, scope: &Scope<'_>) -> Result<Found, String> {
    if let Some((_, query)) = scope.named.iter().find(|(known, _)| known == id) {
        return Ok(Found { id: Some(id.to_owned()), title: None, query: query.clone() });
    }
    let Some(board) = scope.board else { return Err(unknown(id, scope)) };
    let own = |query: &MetricQuery| scope.period_s.map_or_else(|| query.clone(), |period| with_period(query, period));
    let found = |query: &MetricQuery, title: Option<&String>| Found {
        id: Some(id.to_owned()),
        title: title.cloned(),
        query: own(query),
    };
    if let Some(query) = board.metrics.get(id) {
        return Ok(found(query, None));
    }
    if let Some(card) = board.cards.iter().find(|card| card.id == id) {
        return of_card(card, board).map(|query| found(&query, Some(&card.title)));
    }
    let series = board.charts.iter().flat_map(|chart| &chart.series).find(|series| series.id == id);
    if let Some((series, query)) = series.and_then(|series| Some((series, board.metrics.get(&series.metric)?))) {
        return Ok(found(query, Some(&series.label)));
    }
    Err(unknown(id, scope))
}

/// What is said of an id that nothing has.
fn unknown(id: &str, scope: &Scope<'_>) -> String {
    let of_board = |board: &Board| -> Vec<String> {
        let charts = board.charts.iter();
        let charts = charts.flat_map(|chart| std::iter::once(&chart.id).chain(chart.series.iter().map(|s| &s.id)));
        board.metrics.keys().chain(board.cards.iter().map(|card| &card.id)).chain(charts).cloned().collect()
    };
    let mut known = scope.board.map(of_board).unwrap_or_default();
    known.extend(scope.named.iter().map(|(id, _)| id.clone()));
    let near = known.iter().map(|known| (strsim::jaro_winkler(known, id), known)).filter(|(score, _)| *score > 0.8);
    let near = near.max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, known)| format!("; did you mean '{known}'?"));
    let hint = near.unwrap_or_else(|| "; a metric is written NAMESPACE:NAME{Dimension=value}:STATISTIC".to_owned());
    format!("no metric '{id}'{hint}")
}

/// A card's value, period by period.
fn of_card(card: &Card, board: &Board) -> Result<MetricQuery, String> {
    let inputs: Option<Inputs> =
        card.value.ids().into_iter().map(|id| board.metrics.get(&id).map(|query| (id, query.clone()))).collect();
    let inputs = inputs.ok_or_else(|| format!("the card '{}' stands on a metric that the board has not", card.id))?;
    if let (Kind::Id(_), [(_, query)]) = (&card.value.root().kind, &inputs[..]) {
        return Ok(query.clone());
    }
    let period_s = inputs.iter().map(|(_, input)| input.period_s).max().unwrap_or(DEFAULT_PERIOD_S);
    Ok(MetricQuery::expression(&card.value.to_string(), inputs, period_s))
}

/// The series of a chart of the board, by its id; not where anything else has that id.
fn chart(id: &str, scope: &Scope<'_>) -> Option<Vec<Line>> {
    let board = scope.board?;
    let chart = board.charts.iter().find(|chart| chart.id == id)?;
    if of_id(id, scope).is_ok() {
        return None;
    }
    let line = |series: &crate::board::ChartSeries| {
        let query = board.metrics.get(&series.metric)?;
        let query = scope.period_s.map_or_else(|| query.clone(), |period| with_period(query, period));
        Some(Line { id: series.id.clone(), title: series.label.clone(), query })
    };
    Some(chart.series.iter().filter_map(line).collect())
}
