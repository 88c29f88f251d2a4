//! A query in one line, and in as many as it has commands.

use crate::insights::editor::{Kind, highlight};

/// The longest query that stays in one line.
const ONE_LINE: usize = 60;

/// The query in one line, as a command line takes it: without comments, which would end with the line.
pub fn joined(text: &str) -> String {
    if !text.contains('\n') {
        return text.trim().to_owned();
    }
    let mut kept = String::with_capacity(text.len());
    let mut at = 0;
    for (part, _) in highlight(text).into_iter().filter(|(_, kind)| *kind == Kind::Comment) {
        kept.push_str(text.get(at..part.start).unwrap_or_default());
        at = part.end;
    }
    kept.push_str(text.get(at..).unwrap_or_default());
    kept.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" ")
}

/// The query with a line for each command, where it is one line that is too long to be read.
pub fn broken(text: &str) -> String {
    if text.contains('\n') || text.chars().count() <= ONE_LINE {
        return text.to_owned();
    }
    let mut lines = String::with_capacity(text.len());
    let (mut at, mut depth) = (0, 0_usize);
    for (part, kind) in highlight(text) {
        let word = text.get(part.clone()).unwrap_or_default();
        match kind {
            Kind::Punctuation if word == "(" => depth += 1,
            Kind::Punctuation if word == ")" => depth = depth.saturating_sub(1),
            Kind::Pipe if depth == 0 => {
                lines.push_str(text.get(at..part.start).unwrap_or_default().trim_end());
                lines.push('\n');
                at = part.start;
            }
            _ => {}
        }
    }
    lines.push_str(text.get(at..).unwrap_or_default());
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_is_joined_without_its_comments_and_broken_at_its_pipes() {
        let text = "fields @message # the | line\n| filter @message like /a|b # c/\n\n  | limit 5";
        assert_eq!(joined(text), "fields @message | filter @message like /a|b # c/ | limit 5");
        assert_eq!(joined("limit 5 # few"), "limit 5 # few");
        let long = "filter event = \"TOKEN | FAILURE\" | stats count(*) as n by reason | sort n desc";
        assert_eq!(broken(long), "filter event = \"TOKEN | FAILURE\"\n| stats count(*) as n by reason\n| sort n desc");
        assert_eq!(joined(&broken(long)), long);
        assert_eq!(broken("fields a | limit 5"), "fields a | limit 5");
    }
}
