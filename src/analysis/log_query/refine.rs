//! A query narrowed by a value that was found with it.

use chrono::NaiveDateTime;

use super::standing::stands;
use crate::insights::editor::{Kind, highlight};

/// Commands before which a condition on a field of the records must stand.
const LATER: [&str; 6] = ["sort", "limit", "head", "tail", "dedup", "display"];
/// Those of them that leave rows out: a condition behind them is another one.
const CUTTING: [&str; 4] = ["limit", "head", "tail", "dedup"];
/// Commands that make other rows of the records: a condition on what they give stands behind them.
const MAKING: [&str; 5] = ["stats", "pattern", "diff", "anomaly", "unnest"];
/// Longest value that a condition takes.
const LONGEST: usize = 1_000;

/// Whether a value is to be there, or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// Only records that have it.
    With,
    /// Only records that have it not.
    Without,
}

/// The query with `| filter field = value`, or `!=`, added where it means the same records as the rows at hand: behind
/// the last command that makes rows, before what sorts and cuts.
///
/// # Errors
/// Why there is no such filter, in words: above all that it stands there already.
pub fn refine(text: &str, field: &str, value: Option<&str>, wanted: Wanted) -> Result<String, String> {
    let condition = condition(field, value, wanted)?;
    let text = text.trim_end();
    let commands = commands(text);
    let made = commands.iter().rposition(|(_, name)| MAKING.contains(&name.as_str()));
    let from = made.map_or(0, |at| at + 1);
    let reach = commands[from..].iter().take_while(|(_, name)| !CUTTING.contains(&name.as_str())).count();
    let filter = |at: usize| {
        let end = commands.get(at + 1).map_or(text.len(), |(next, _)| *next);
        commands.get(at).and_then(|(start, _)| text.get(*start..end)).unwrap_or_default()
    };
    if (from..from + reach).any(|at| stands(filter(at), &condition)) {
        return Err(format!("{condition} stands in the query already"));
    }
    let before = commands[from..].iter().find(|(_, name)| LATER.contains(&name.as_str()));
    Ok(match before {
        // The pipe before the command becomes that of the filter.
        Some((0, _)) => format!("filter {condition}\n| {text}"),
        Some((at, _)) => {
            let (head, tail) = text.split_at(*at);
            format!("{}\n| filter {condition}\n{tail}", head.trim_end())
        }
        None => format!("{text}\n| filter {condition}"),
    })
}

fn condition(field: &str, value: Option<&str>, wanted: Wanted) -> Result<String, String> {
    if field.contains('(') || field.contains('`') {
        return Err(format!("{field} is no field of the records; name it with `as` in the query to filter by it"));
    }
    if field == "@ptr" {
        return Err("@ptr cannot be filtered by".to_owned());
    }
    let name = if field.chars().all(|c| c.is_ascii_alphanumeric() || "@_.".contains(c)) {
        field.to_owned()
    } else {
        format!("`{field}`")
    };
    let Some(value) = value.filter(|value| !value.is_empty()) else {
        return Ok(match wanted {
            Wanted::With => format!("not ispresent({name})"),
            Wanted::Without => format!("ispresent({name})"),
        });
    };
    if value.len() > LONGEST {
        return Err(format!("the value is too long to filter by: {} bytes", value.len()));
    }
    let sign = match wanted {
        Wanted::With => "=",
        Wanted::Without => "!=",
    };
    let is_time = matches!(field, "@timestamp" | "@ingestionTime");
    let time = NaiveDateTime::parse_from_str(value, "%Y-%m-%d %H:%M:%S%.f").ok().filter(|_| is_time);
    Ok(match time {
        // Times are shown as text, but are milliseconds.
        Some(time) => format!("{name} {sign} {}", time.and_utc().timestamp_millis()),
        None if is_plain_number(value) => format!("{name} {sign} {value}"),
        None => format!("{name} {sign} {}", quoted(value)),
    })
}

fn is_plain_number(value: &str) -> bool {
    let digits = value.strip_prefix('-').unwrap_or(value);
    digits.starts_with(|c: char| c.is_ascii_digit())
        && digits.len() <= 15
        && digits.matches('.').count() <= 1
        && !digits.ends_with('.')
        && (digits.len() == 1 || !digits.starts_with('0') || digits.starts_with("0."))
        && digits.chars().all(|c| c.is_ascii_digit() || c == '.')
}

/// A text in quotes, in those that need no escape where there are such.
fn quoted(value: &str) -> String {
    let escaped = value.replace('\\', "\\\\");
    if value.contains('"') && !value.contains('\'') {
        format!("'{escaped}'")
    } else {
        format!("\"{}\"", escaped.replace('"', "\\\""))
    }
}

/// The commands of a query: the byte of the pipe before each, 0 for the first, and its name in small letters.
pub(super) fn commands(text: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let mut pipe = Some(0);
    for (part, kind) in highlight(text) {
        match kind {
            Kind::Pipe => pipe = Some(part.start),
            Kind::Comment => {}
            _ => {
                if let Some(at) = pipe.take() {
                    found.push((at, text[part].to_ascii_lowercase()));
                }
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_stands_where_it_means_the_rows_at_hand() {
        let cases = [
            ("fields a", "fields a\n| filter a = \"x\""),
            ("fields a | sort a | limit 5", "fields a\n| filter a = \"x\"\n| sort a | limit 5"),
            ("limit 5", "filter a = \"x\"\n| limit 5"),
            ("stats count(*) as n by a | sort n desc", "stats count(*) as n by a\n| filter a = \"x\"\n| sort n desc"),
            (
                "filter b like /x|sort/ # a | sort\n| limit 5",
                "filter b like /x|sort/ # a | sort\n| filter a = \"x\"\n| limit 5",
            ),
            ("fields c / d as r | limit 5", "fields c / d as r\n| filter a = \"x\"\n| limit 5"),
            ("parse @message /(?<a>b|c)/ | limit 1", "parse @message /(?<a>b|c)/\n| filter a = \"x\"\n| limit 1"),
        ];
        for (text, expected) in cases {
            assert_eq!(refine(text, "a", Some("x"), Wanted::With).as_deref(), Ok(expected));
            assert!(crate::insights::parse(expected).is_ok(), "{expected}");
        }
    }

    #[test]
    fn a_filter_that_stands_there_is_not_added_again() {
        let again = |text: &str| refine(text, "a", Some("x"), Wanted::With);
        for text in ["fields a", "fields a | sort a | limit 5", "stats count(*) as n by a | sort n", "limit 5"] {
            let once = again(text).expect("added");
            assert_eq!(again(&once), Err("a = \"x\" stands in the query already".to_owned()), "{once}");
            assert!(refine(&once, "a", Some("y"), Wanted::With).is_ok());
            assert!(refine(&once, "a", Some("x"), Wanted::Without).is_ok());
        }
        let other = "limit 5 | filter a = 'x'";
        assert!(again(other).is_ok(), "it stands behind the limit, which is something else");
        assert!(again("filter a = 'x' | stats count(*) by a").is_ok(), "the rows are others");
    }

    #[test]
    fn values_are_written_as_the_language_wants_them() {
        let cases = [
            ("n", Some("3.5"), "n != 3.5"),
            ("n", Some("-3"), "n != -3"),
            ("id", Some("007"), "id != \"007\""),
            ("id", Some("1e5"), "id != \"1e5\""),
            ("a-b", Some("it's \"x\""), "`a-b` != \"it's \\\"x\\\"\""),
            ("m", Some(r#"{"a":1}"#), r#"m != '{"a":1}'"#),
            ("a.b", None, "ispresent(a.b)"),
            ("@timestamp", Some("2026-01-15 10:28:00.250"), "@timestamp != 1768472880250"),
        ];
        for (field, value, expected) in cases {
            assert_eq!(condition(field, value, Wanted::Without).as_deref(), Ok(expected));
        }
        assert!(condition("bin(5m)", Some("x"), Wanted::With).is_err());
        assert!(condition("m", Some(&"x".repeat(2_000)), Wanted::With).is_err());
    }
}
