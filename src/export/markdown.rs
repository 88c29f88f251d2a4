//! Tables and code blocks of GitHub's Markdown.

/// A table; the texts are on one line each.
pub fn table(columns: &[String], rows: impl Iterator<Item = Vec<String>>) -> String {
    let line = |cells: &[String]| {
        let cells: Vec<String> = cells.iter().map(|cell| escaped(cell)).collect();
        format!("| {} |\n", cells.join(" | "))
    };
    let mut out = line(columns);
    out.push('|');
    out.push_str(&" --- |".repeat(columns.len()));
    out.push('\n');
    rows.for_each(|row| out.push_str(&line(&row)));
    out
}

/// A text as a code block whose fence no line of it can end.
pub fn code(text: &str) -> String {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat((longest + 1).max(3));
    format!("{fence}\n{text}{}{fence}\n", if text.ends_with('\n') { "" } else { "\n" })
}

/// A text as a cell shows it to the letter. An underscore inside a word means nothing, and stays as it is.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut before = None;
    let mut rest = text.chars().peekable();
    while let Some(character) = rest.next() {
        let inside = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        match character {
            '\\' | '|' | '`' | '*' | '[' | ']' | '<' | '>' | '~' | '&' | '$' => out.extend(['\\', character]),
            '_' if !inside(before) || !inside(rest.peek().copied()) => out.push_str("\\_"),
            '\n' | '\r' => out.push(' '),
            _ => out.push(character),
        }
        before = Some(character);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_mean_nothing() {
        for (text, cell) in [
            ("TSP_TIMEOUT", "TSP_TIMEOUT"),
            ("a|b\\c", "a\\|b\\\\c"),
            ("_x_ *y* `z`", "\\_x\\_ \\*y\\* \\`z\\`"),
            ("<b>[l](u)</b> &amp;", "\\<b\\>\\[l\\](u)\\</b\\> \\&amp;"),
            ("one\ntwo", "one two"),
        ] {
            assert_eq!(escaped(text), cell);
        }
    }

    #[test]
    fn no_line_ends_a_code_block() {
        assert_eq!(code("a\n"), "```\na\n```\n");
        assert_eq!(code("```\n````x"), "`````\n```\n````x\n`````\n");
    }
}
