//! Fields that lines have: found in a sample, chosen as columns.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::analysis::filter::{Compare, Filter, Part, Value as FilterValue};
use crate::board::{Column, FeedRules, Status};
use crate::store::lines::{Lines, Place, Reader};
use crate::text::{clean, closest};

/// Lines that are looked at for their fields.
const SAMPLE: usize = 200;
/// How deep fields are looked for.
const DEEPEST: usize = 3;
/// Fields that are offered at most.
const MOST: usize = 200;

/// The fields of the newest lines, each with its share of them in percent: the most common first.
pub(super) fn discovered(lines: &Lines) -> Vec<(String, usize)> {
    let mut reader = Reader::default();
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let mut seen = 0_usize;
    let older = |place: &Place| lines.older(*place, |_| true);
    for place in std::iter::successors(lines.newest(), older).take(SAMPLE) {
        let Some(line) = reader.read(lines, place) else { continue };
        seen += 1;
        if let Ok(Value::Object(fields)) = serde_json::from_str(&line.text) {
            for (name, value) in &fields {
                count(name.clone(), value, 1, &mut counts);
            }
        }
    }
    let mut found: Vec<_> = counts.into_iter().map(|(path, count)| (path, count * 100 / seen.max(1))).collect();
    found.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    found.truncate(MOST);
    found
}

/// Why a filter may have found nothing: a field that no line has, or a status that there is not.
pub(super) fn hint(filter: &Filter, rules: &FeedRules, lines: &Lines) -> Option<String> {
    let fields = filter.fields();
    if fields.iter().any(|(field, compare)| field.part == Some(Part::Status) && is_no_status(compare, rules)) {
        let names = [Status::Pending, Status::Success, Status::Failed].map(Status::name);
        return Some(format!("A status is {}, {} or {}.", names[0], names[1], names[2]));
    }
    let unknown: Vec<&str> =
        fields.iter().filter(|(field, _)| field.part.is_none()).map(|(field, _)| field.path()).collect();
    if unknown.is_empty() {
        return None;
    }
    let found = discovered(lines);
    let names = || found.iter().map(|(path, _)| path.as_str());
    let has = |path: &str| names().any(|name| name == path || name.rsplit('.').next() == Some(path));
    // An element of an array is no field of its own here.
    let path = unknown.into_iter().find(|path| !path.contains('[') && !has(path))?;
    let columns = rules.columns.iter().map(|column| column.id.as_str());
    let near = closest(path, names().chain(columns));
    let near = near.map(|near| format!(" Did you mean {}?", clean(near))).unwrap_or_default();
    Some(format!("None of the newest {SAMPLE} lines has a field {}.{near}", clean(path)))
}

/// Whether a status is compared with what is none, nor the word that lines have for one.
fn is_no_status(compare: &Compare, rules: &FeedRules) -> bool {
    let Compare::Is(wanted) = compare else { return false };
    let is = |text: &str| wanted.is(&FilterValue::Text(text.into()));
    let names = [Status::Pending, Status::Success, Status::Failed].map(Status::name);
    !names.into_iter().chain(rules.statuses.iter().map(|(word, _)| word.as_str())).any(is)
}

fn count(path: String, value: &Value, depth: usize, counts: &mut BTreeMap<String, usize>) {
    match value {
        Value::Object(fields) if depth < DEEPEST => {
            for (name, value) in fields {
                count(format!("{path}.{name}"), value, depth + 1, counts);
            }
        }
        _ => *counts.entry(path).or_default() += 1,
    }
}

/// The columns of a list such as `device, http.status`; those of the board keep their titles.
pub(super) fn columns(text: &str, board: &[Column]) -> Vec<Column> {
    let names = text.split([',', ' ']).map(str::trim).filter(|name| !name.is_empty());
    names.map(|name| column(name, board)).collect()
}

fn column(name: &str, board: &[Column]) -> Column {
    let known = board.iter().find(|column| column.id == name || column.field == name);
    known.cloned().unwrap_or_else(|| {
        let id: String = name.chars().map(|c| if c.is_alphanumeric() { c.to_ascii_lowercase() } else { '_' }).collect();
        let title = name.rsplit('.').next().unwrap_or(name).to_owned();
        Column { id, title, field: name.to_owned() }
    })
}

/// The columns as a board file has them, line by line.
pub(super) fn written(columns: &[Column]) -> Vec<String> {
    let quoted = |text: &str| toml::Value::String(text.to_owned()).to_string();
    let one = |column: &Column| {
        format!(
            "{{ id = {}, title = {}, field = {} }}",
            quoted(&column.id),
            quoted(&column.title),
            quoted(&column.field)
        )
    };
    let lines = columns.iter().map(|column| format!("  {},", one(column)));
    std::iter::once("columns = [".to_owned()).chain(lines).chain(["]".to_owned()]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::lines::Kind;
    use crate::store::log::LogEvent;

    #[test]
    fn fields_are_found_with_their_share() {
        let mut lines = Lines::default();
        for (n, text) in [r#"{"a":1,"b":{"c":2,"d":[1]}}"#, r#"{"a":"x"}"#, "plain", "[1]"].into_iter().enumerate() {
            let time = chrono::DateTime::from_timestamp(n as i64, 0).expect("in range");
            lines.push(&LogEvent { time, group: 0, message: text.into() }, Kind::Other);
        }
        let found = discovered(&lines);
        assert_eq!(found, [("a".to_owned(), 50), ("b.c".to_owned(), 25), ("b.d".to_owned(), 25)]);
    }

    #[test]
    fn what_is_chosen_is_written_as_a_board_has_it() {
        let board = [Column { id: "os".into(), title: "OS".into(), field: "osName".into() }];
        let chosen = columns("os, http.status", &board);
        let lines = written(&chosen);
        assert_eq!(lines[1], r#"  { id = "os", title = "OS", field = "osName" },"#);
        assert_eq!(lines[2], r#"  { id = "http_status", title = "status", field = "http.status" },"#);
        assert!(lines.join("\n").parse::<toml::Table>().is_ok());
    }
}
