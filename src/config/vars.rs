//! Template variables: `${name}` in a file's texts.

use indexmap::IndexMap;

/// Variables with their values.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Vars(IndexMap<String, String>);

/// A variable that is used but does not exist.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unknown(pub String);

impl Vars {
    /// Gives a variable a value, in place of the one that it had.
    pub fn set(&mut self, name: &str, value: &str) {
        self.0.insert(name.to_owned(), value.to_owned());
    }

    /// Whether a variable of this name exists.
    pub fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// The names, in the order in which they were set.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// Names with their values.
    pub fn pairs(&self) -> Vec<(String, String)> {
        self.0.iter().map(|(name, value)| (name.clone(), value.clone())).collect()
    }

    /// Whether a name can be written as `${name}`: letters, digits and `_`, no digit first.
    pub fn is_name(name: &str) -> bool {
        let mut chars = name.chars();
        chars.next().is_some_and(|first| first.is_ascii_alphabetic() || first == '_')
            && chars.all(|c| c.is_ascii_alphanumeric() || c == '_')
    }

    /// The text with `${name}` replaced; `$${` stands for `${`. What is not a name, such as the `${PROP('Dim.X')}` of
    /// CloudWatch's dynamic labels, stays as it is.
    pub fn fill(&self, text: &str) -> Result<String, Unknown> {
        let mut filled = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(at) = rest.find("${") {
            let (before, after) = (&rest[..at], &rest[at + 2..]);
            if let Some(before) = before.strip_suffix('$') {
                filled.push_str(before);
                filled.push_str("${");
                rest = after;
                continue;
            }
            filled.push_str(before);
            match after.split_once('}') {
                Some((name, behind)) if Self::is_name(name) => {
                    filled.push_str(self.0.get(name).ok_or_else(|| Unknown(name.to_owned()))?);
                    rest = behind;
                }
                Some(_) | None => {
                    filled.push_str("${");
                    rest = after;
                }
            }
        }
        filled.push_str(rest);
        Ok(filled)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fills_names_and_leaves_the_rest() {
        let mut vars = Vars::default();
        vars.set("stage", "prod");
        vars.set("a_1", "${stage}");
        for (text, expected) in [
            ("no variable", "no variable"),
            ("/aws/${stage}/x", "/aws/prod/x"),
            ("${stage}${stage}", "prodprod"),
            ("$${stage} $${", "${stage} ${"),
            ("${PROP('Dim.X')} ${", "${PROP('Dim.X')} ${"),
            ("${a_1}", "${stage}"),
            ("ü${stage}ü", "üprodü"),
        ] {
            assert_eq!(vars.fill(text), Ok(expected.to_owned()), "{text}");
        }
        assert_eq!(vars.fill("x ${stag}"), Err(Unknown("stag".to_owned())));
    }
}
