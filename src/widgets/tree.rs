//! JSON as a tree of lines that fold.

use std::collections::HashSet;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use serde_json::Value;

use super::print::put_next;
use super::theme::{Role, Theme};
use crate::text::{clean, clean_field, clean_field_head};

/// How deep a tree is open before anything was folded or unfolded by hand.
const OPEN_DEPTH: usize = 3;

/// How many lines one value may make; what is beyond is told in one more.
const MOST_LINES: usize = 5_000;

/// Bytes of a text that a line shows: no screen is wider; a copy has all of it.
const SHOWN: usize = 4 * 1_024;

/// One value with what stands before it: a log line, a segment.
#[derive(Debug, Clone, PartialEq)]
pub struct Root {
    /// Names it among its siblings, stable while the screen is open.
    pub id: String,
    /// What stands on its line, each piece with its meaning; all text already clean.
    pub head: Vec<(String, Role)>,
    /// The value; a string is a line that is no JSON.
    pub value: Value,
    /// Whether it is open before anything was folded by hand.
    pub open: bool,
}

/// Whether a line has others below it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fold {
    /// Nothing below.
    Leaf,
    /// Its lines are shown.
    Open,
    /// Its lines are hidden.
    Closed,
}

/// One line of a tree.
#[derive(Debug, Clone, PartialEq)]
pub struct TreeLine {
    /// Names it, stable while the screen is open.
    pub path: String,
    /// How far it is indented.
    pub depth: usize,
    /// Whether it folds.
    pub fold: Fold,
    /// Its text in pieces.
    pub pieces: Vec<(String, Role)>,
    /// What copying it gives.
    pub copy: String,
}

/// What was folded or unfolded by hand.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Folds {
    toggled: HashSet<String>,
}

impl Folds {
    /// Folds what is open and opens what is folded.
    pub fn toggle(&mut self, path: &str) {
        if !self.toggled.remove(path) {
            self.toggled.insert(path.to_owned());
        }
    }

    fn open(&self, path: &str, by_itself: bool) -> bool {
        by_itself != self.toggled.contains(path)
    }
}

/// The visible lines of several values.
pub fn lines(roots: &[Root], folds: &Folds) -> Vec<TreeLine> {
    let mut out = Vec::new();
    for root in roots {
        let copy = match &root.value {
            Value::String(text) => clean(text).into_owned(),
            value => clean(&value.to_string()).into_owned(),
        };
        let children = has_children(&root.value);
        let open = children && folds.open(&root.id, root.open);
        let mut pieces = root.head.clone();
        if !children && !matches!(&root.value, Value::Null) {
            pieces.push(scalar("", &root.value));
        }
        out.push(TreeLine { path: root.id.clone(), depth: 0, fold: fold(children, open), pieces, copy });
        if open {
            below(("", &root.value), &root.id, 1, folds, &mut out);
        }
    }
    out
}

/// The lines below a value of the field of a name, which its items share.
fn below((field, value): (&str, &Value), path: &str, depth: usize, folds: &Folds, out: &mut Vec<TreeLine>) {
    match value {
        Value::Object(fields) => {
            for (key, value) in fields {
                let name = (format!("{}: ", clean(key)), Role::JsonKey);
                push((key, value), &format!("{path}/{key}"), Some(name), depth, folds, out);
            }
        }
        Value::Array(items) => {
            for (index, value) in items.iter().enumerate() {
                let name = (format!("{index}: "), Role::Muted);
                push((field, value), &format!("{path}/{index}"), Some(name), depth, folds, out);
            }
        }
        Value::String(text) => {
            for (index, line) in text.lines().enumerate() {
                let line = Value::String(line.to_owned());
                push((field, &line), &format!("{path}/{index}"), None, depth, folds, out);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn push(
    (field, value): (&str, &Value),
    path: &str,
    name: Option<(String, Role)>,
    depth: usize,
    folds: &Folds,
    out: &mut Vec<TreeLine>,
) {
    if out.len() >= MOST_LINES {
        if out.len() == MOST_LINES {
            let pieces = vec![("… more than is shown here".to_owned(), Role::Muted)];
            out.push(TreeLine { path: String::new(), depth, fold: Fold::Leaf, pieces, copy: String::new() });
        }
        return;
    }
    let children = has_children(value);
    let open = children && folds.open(path, depth < OPEN_DEPTH);
    let mut pieces: Vec<(String, Role)> = name.into_iter().collect();
    pieces.push(if children && !open { summary(field, value) } else { scalar(field, value) });
    let copy = match value {
        Value::String(text) => clean_field(field, text).into_owned(),
        value if children => clean(&value.to_string()).into_owned(),
        value => clean_field(field, &value.to_string()).into_owned(),
    };
    out.push(TreeLine { path: path.to_owned(), depth, fold: fold(children, open), pieces, copy });
    if open {
        below((field, value), path, depth + 1, folds, out);
    }
}

const fn fold(children: bool, open: bool) -> Fold {
    match (children, open) {
        (false, _) => Fold::Leaf,
        (true, true) => Fold::Open,
        (true, false) => Fold::Closed,
    }
}

fn has_children(value: &Value) -> bool {
    match value {
        Value::Object(fields) => !fields.is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::String(text) => text.lines().nth(1).is_some(),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

/// A value on one line; of an open one, nothing, as its parts stand below.
fn scalar(field: &str, value: &Value) -> (String, Role) {
    match value {
        Value::String(text) if has_children(value) => (format!("{} lines", text.lines().count()), Role::Muted),
        Value::String(text) => (clean_field_head(field, text, SHOWN).into_owned(), Role::JsonString),
        Value::Object(fields) if fields.is_empty() => ("{}".to_owned(), Role::Muted),
        Value::Array(items) if items.is_empty() => ("[]".to_owned(), Role::Muted),
        Value::Object(_) | Value::Array(_) => (String::new(), Role::Muted),
        Value::Null | Value::Bool(_) | Value::Number(_) => {
            (clean_field(field, &value.to_string()).into_owned(), Role::JsonNumber)
        }
    }
}

/// A folded value in a few words.
fn summary(field: &str, value: &Value) -> (String, Role) {
    let text = match value {
        Value::Object(fields) => {
            let keys: Vec<_> = fields.keys().take(6).map(|key| clean(key)).collect();
            format!("{{ {}{} }}", keys.join(", "), if fields.len() > 6 { ", …" } else { "" })
        }
        Value::Array(items) => format!("[ {} ]", items.len()),
        Value::String(text) => {
            format!("{} …", clean_field_head(field, text.lines().next().unwrap_or_default(), SHOWN))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => String::new(),
    };
    (text, Role::Muted)
}

/// Draws one line of a tree into the first line of the area.
pub fn draw_line(buffer: &mut Buffer, area: Rect, line: &TreeLine, theme: &Theme) {
    let indent = u16::try_from(line.depth * 2).unwrap_or(u16::MAX).min(area.width / 2);
    let area = Rect { x: area.x + indent, width: area.width.saturating_sub(indent), ..area };
    let mark = match line.fold {
        Fold::Leaf => "  ",
        Fold::Open => "▾ ",
        Fold::Closed => "▸ ",
    };
    let mut space = put_next(buffer, area, mark, theme.style(Role::Muted));
    for (text, role) in &line.pieces {
        space = put_next(buffer, space, text, theme.style(*role));
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn text(lines: &[TreeLine]) -> Vec<String> {
        lines
            .iter()
            .map(|line| {
                let mark = match line.fold {
                    Fold::Leaf => " ",
                    Fold::Open => "-",
                    Fold::Closed => "+",
                };
                let text: String = line.pieces.iter().map(|(text, _)| text.as_str()).collect();
                format!("{}{mark}{text}", "  ".repeat(line.depth)).trim_end().to_owned()
            })
            .collect()
    }

    fn root(value: Value, open: bool) -> Root {
        Root { id: "r".to_owned(), head: vec![("head ".to_owned(), Role::Strong)], value, open }
    }

    #[test]
    fn values_fold_and_unfold() {
        let roots = [root(json!({"a": 1, "b": {"c": [true, {"x": null}], "d": {}}, "e": "x"}), true)];
        let mut folds = Folds::default();
        let open =
            ["-head", "   a: 1", "  -b:", "    -c:", "       0: true", "      +1: { x }", "     d: {}", "   e: x"];
        assert_eq!(text(&lines(&roots, &folds)), open);
        folds.toggle("r/b");
        assert_eq!(text(&lines(&roots, &folds)), ["-head", "   a: 1", "  +b: { c, d }", "   e: x"]);
        folds.toggle("r/b");
        folds.toggle("r/b/c");
        assert_eq!(text(&lines(&roots, &folds))[3..5], ["    +c: [ 2 ]", "     d: {}"]);
        folds.toggle("r/b/c");
        folds.toggle("r/b/c/1");
        assert_eq!(text(&lines(&roots, &folds))[5..7], ["      -1:", "         x: null"]);
        folds.toggle("r");
        assert_eq!(text(&lines(&roots, &folds)), ["+head"]);
    }

    #[test]
    fn what_a_name_says_to_be_a_secret_is_hidden() {
        let value =
            json!({"card": {"cvv": 123, "pan": "4111111111111111"}, "password": ["one", "two"], "apiKey": "a\nb"});
        let all = lines(&[root(value, true)], &Folds::default());
        let expected =
            ["   cvv: ****", "   pan: 411111******1111", "     0: ****", "     1: ****", "     ****", "     ****"];
        let shown = text(&all);
        for line in expected {
            assert!(shown.iter().any(|shown| shown.trim_start() == line.trim_start()), "{line}: {shown:?}");
        }
        assert!(!all.iter().any(|line| line.copy.contains("123") || line.copy.contains("two\\n")), "{all:?}");
    }

    #[test]
    fn a_megabyte_is_cut_where_it_is_shown_and_whole_in_a_copy() {
        let long = "é".repeat(1 << 19);
        let all = lines(&[root(json!({"long": long, "lines": format!("{long}\nb")}), true)], &Folds::default());
        let longest = all.iter().flat_map(|line| &line.pieces).map(|(text, _)| text.len()).max();
        assert!(longest.is_some_and(|longest| longest <= SHOWN + '…'.len_utf8()), "{longest:?}");
        assert!(all.iter().any(|line| line.copy == long));
    }

    #[test]
    fn text_of_several_lines_folds_too() {
        let roots = [root(json!("plain"), true), root(json!({"stack": "one\ntwo"}), true)];
        let expected = [" head plain", "-head", "  -stack: 2 lines", "     one", "     two"];
        assert_eq!(text(&lines(&roots, &Folds::default())), expected);
    }

    #[test]
    fn copying_gives_the_value_and_size_is_bounded() {
        let roots = [root(json!({"a": [1, 2], "b": "x"}), true)];
        let all = lines(&roots, &Folds::default());
        let copies: Vec<&str> = all.iter().map(|line| line.copy.as_str()).collect();
        assert_eq!(copies, [r#"{"a":[1,2],"b":"x"}"#, "[1,2]", "1", "2", "x"]);
        let many = [root(Value::Array((0..20_000).map(Value::from).collect()), true)];
        assert_eq!(lines(&many, &Folds::default()).len(), MOST_LINES + 1);
    }
}
