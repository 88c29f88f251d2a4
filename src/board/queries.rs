//! `[[query]]`: saved Logs Insights queries.

use crate::analysis::log_query::judge::judge;
use crate::analysis::log_query::parameters;
use crate::config::Section;
use crate::store::logbook::{Parameter, SavedQuery};
use crate::text::clean;

/// Reads all saved queries of a file.
pub(super) fn read(sections: Vec<Section<'_>>) -> Vec<SavedQuery> {
    let mut found: Vec<SavedQuery> = Vec::new();
    for section in sections {
        if let Some(query) = query(section, &found) {
            found.push(query);
        }
    }
    found
}

fn query(mut section: Section<'_>, others: &[SavedQuery]) -> Option<SavedQuery> {
    let name = section.need("name");
    let text = section.need("query");
    let groups = section.get("log_groups").and_then(|value| value.names()).unwrap_or_default();
    let given = section.section("parameters").map(Section::entries).unwrap_or_default();
    section.done();
    let (name_value, text_value) = (name?, text?);
    let (name, text) = (name_value.name()?, text_value.name()?);
    if others.iter().any(|other| other.name == name) {
        name_value.fail(format!("there is a query `{}` already", clean(&name)));
        return None;
    }
    let named = parameters::names(&text);
    let mut parameters: Vec<Parameter> =
        named.iter().map(|name| Parameter { name: (*name).to_owned(), ..Parameter::default() }).collect();
    for (key, value) in given {
        let Some(default) = value.text() else { continue };
        if let Some(parameter) = parameters.iter_mut().find(|parameter| parameter.name == key.key()) {
            parameter.default = Some(default);
        } else {
            let message = format!("the query has no parameter `{{{{{}}}}}`", key.key());
            key.unknown(message, key.key(), named.iter().copied());
        }
    }
    // A parameter without a value may stand for anything: such a query is judged when it is run.
    let value = |name: &str| parameters.iter().find(|known| known.name == name)?.default.as_deref();
    if let Ok(filled) = parameters::fill(&text, value)
        && let Some(error) = judge(&filled)
    {
        text_value.fail(format!("{} at character {}", error.message, error.position + 1));
        return None;
    }
    Some(SavedQuery { name: clean(&name).into_owned(), text, groups, parameters })
}

#[cfg(test)]
mod tests {
    use crate::board::load_text;

    #[test]
    fn queries_are_read_with_their_parameters() {
        let text = "[vars]\nissuer = \"X\"\n[[query]]\nname = \"a\"\nquery = 'filter issuer = \"{{issuer}}\" | limit {{n}}'\n\
            log_groups = [\"/g\"]\nparameters = { n = \"5\" }\n";
        let (board, problems) = load_text("b.toml", text, &[]);
        assert_eq!(problems, []);
        let board = board.expect("a board");
        let query = &board.queries[0];
        let defaults: Vec<_> = query.parameters.iter().map(|p| (p.name.as_str(), p.default.as_deref())).collect();
        assert_eq!(defaults, [("issuer", None), ("n", Some("5"))]);
        assert_eq!(
            (query.groups.as_slice(), board.vars.as_slice()),
            (&["/g".to_owned()][..], &[("issuer".to_owned(), "X".to_owned())][..])
        );
    }

    #[test]
    fn mistakes_are_told_by_line() {
        let text = "[[query]]\nname = \"a\"\nquery = 'filtre x'\n[[query]]\nname = \"b\"\nquery = 'limit 5'\nparameters = { m = 1 }\n\
            [[query]]\nname = \"b\"\nquery = 'limit 5'\n";
        let (_, problems) = load_text("b.toml", text, &[]);
        let told: Vec<String> = problems.iter().map(ToString::to_string).collect();
        assert_eq!(told.len(), 3, "{told:?}");
        assert!(
            told[0].starts_with("b.toml:3: unknown command `filtre`") && told[1].starts_with("b.toml:7: "),
            "{told:?}"
        );
        assert!(told[2].contains("already"), "{told:?}");
    }
}
