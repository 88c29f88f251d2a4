//! Which log groups a query reads by its own word: `SOURCE`.

use crate::insights::editor::{Kind, highlight};
use crate::insights::{self, editor};

/// The log groups that a query names itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Named {
    /// Names, ARNs, and prefixes that end in `*`.
    Groups(Vec<String>),
    /// They are chosen by what is not known here: an account, a class, a data source.
    Unknown,
}

/// What a query says of its groups with `SOURCE`; `None` where it says nothing and those that are chosen count.
pub fn named(text: &str) -> Option<Named> {
    if !editor::names_groups(text) {
        return None;
    }
    // What follows may be more than the local engine does; it says nothing of groups.
    let pipe = highlight(text).into_iter().find(|(_, kind)| *kind == Kind::Pipe);
    let head = pipe.and_then(|(range, _)| text.get(..range.start)).unwrap_or(text);
    let Ok(query) = insights::parse(&format!("{head}\n| limit 1")) else { return Some(Named::Unknown) };
    let mut groups = query.sources().to_vec();
    if let Some(selection) = query.selection() {
        if selection.prefixes.is_empty() || !selection.accounts.is_empty() || selection.class.is_some() {
            return Some(Named::Unknown);
        }
        groups.extend(selection.prefixes.iter().map(|prefix| format!("{prefix}*")));
    }
    Some(if groups.is_empty() { Named::Unknown } else { Named::Groups(groups) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_may_name_its_groups() {
        let groups = |names: &[&str]| Some(Named::Groups(names.iter().map(|name| (*name).to_owned()).collect()));
        let cases = [
            ("fields @message", None),
            ("source '/a', '/b' | fields @message", groups(&["/a", "/b"])),
            ("SOURCE logGroups(namePrefix: ['/a', '/b']) | limit 5", groups(&["/a*", "/b*"])),
            ("source logGroups(namePrefix: ['/a'], accountIdentifiers: ['1']) | limit 5", Some(Named::Unknown)),
            ("source logGroups() | limit 5", Some(Named::Unknown)),
            ("# all\nsource 'a' | nonsense", groups(&["a"])),
            ("source 'a", Some(Named::Unknown)),
        ];
        for (text, expected) in cases {
            assert_eq!(named(text), expected, "{text}");
        }
    }
}
