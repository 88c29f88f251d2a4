//! Functions of text.

use super::MANY;
use crate::insights::value::Value;

fn text(arguments: &[Value<'_>], by: fn(&str) -> Value<'static>) -> Value<'static> {
    arguments[0].as_text().map_or(Value::Missing, |it| by(&it))
}

pub(super) fn strlen(it: &[Value<'_>]) -> Value<'static> {
    text(it, |it| Value::Number(it.chars().count() as f64))
}

pub(super) fn toupper(it: &[Value<'_>]) -> Value<'static> {
    text(it, |it| Value::text(it.to_uppercase()))
}

pub(super) fn tolower(it: &[Value<'_>]) -> Value<'static> {
    text(it, |it| Value::text(it.to_lowercase()))
}

pub(super) fn trim(it: &[Value<'_>]) -> Value<'static> {
    trimmed(it, true, true)
}

pub(super) fn ltrim(it: &[Value<'_>]) -> Value<'static> {
    trimmed(it, true, false)
}

pub(super) fn rtrim(it: &[Value<'_>]) -> Value<'static> {
    trimmed(it, false, true)
}

fn trimmed(arguments: &[Value<'_>], start: bool, end: bool) -> Value<'static> {
    let Some(text) = arguments[0].as_text() else { return Value::Missing };
    let set = arguments.get(1).and_then(Value::as_text);
    let unwanted = |it: char| set.as_ref().map_or_else(|| it.is_whitespace(), |set| set.contains(it));
    let text = if start { text.trim_start_matches(unwanted) } else { &text };
    Value::text(if end { text.trim_end_matches(unwanted) } else { text }.to_owned())
}

pub(super) fn concat(arguments: &[Value<'_>]) -> Value<'static> {
    Value::text(arguments.iter().filter_map(Value::as_text).collect::<String>())
}

/// From the zero-based place on, so many characters or all.
pub(super) fn substr(arguments: &[Value<'_>]) -> Value<'static> {
    let count = |index: usize| arguments.get(index).map(|it| it.as_number().map_or(0, |it| it as usize));
    let Some(text) = arguments[0].as_text() else { return Value::Missing };
    let characters = text.chars().skip(count(1).unwrap_or(0)).take(count(2).unwrap_or(MANY));
    Value::text(characters.collect::<String>())
}

pub(super) fn replace(arguments: &[Value<'_>]) -> Value<'static> {
    let all: Option<Vec<_>> = arguments.iter().map(Value::as_text).collect();
    all.map_or(Value::Missing, |all| Value::text(all[0].replace(all[1].as_ref(), &all[2])))
}

pub(super) fn strcontains(arguments: &[Value<'_>]) -> Value<'static> {
    let both = arguments[0].as_text().zip(arguments[1].as_text());
    Value::Bool(both.is_some_and(|(text, part)| text.contains(part.as_ref())))
}

fn is_blank(value: &Value<'_>, by: fn(&str) -> bool) -> Value<'static> {
    Value::Bool(value.as_text().is_none_or(|it| by(&it)))
}

pub(super) fn isempty(it: &[Value<'_>]) -> Value<'static> {
    is_blank(&it[0], str::is_empty)
}

pub(super) fn isblank(it: &[Value<'_>]) -> Value<'static> {
    is_blank(&it[0], |it| it.trim().is_empty())
}
