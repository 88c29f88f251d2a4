//! What reopens the screen: a query with the log groups that it reads.

/// A query and its groups, as a command line says them: `TEXT`, or `[GROUP,GROUP]:TEXT`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Question {
    /// The query's text.
    pub text: String,
    /// Names, ARNs and prefixes that end in `*`; the board's where none is named.
    pub groups: Option<Vec<String>>,
}

impl Question {
    /// Reads what stands behind `query` in `--focus`; `None` where it is neither form.
    pub fn parse(text: &str) -> Option<Self> {
        let (groups, text) = match text.strip_prefix('[') {
            Some(rest) => {
                let (groups, text) = rest.split_once("]:")?;
                let groups = groups.split(',').map(str::trim).filter(|group| !group.is_empty());
                (Some(groups.map(str::to_owned).collect::<Vec<_>>()), text)
            }
            None => (None, text.strip_prefix(':')?),
        };
        let is_said = !text.trim().is_empty() && groups.as_ref().is_none_or(|groups| !groups.is_empty());
        is_said.then(|| Self { text: text.to_owned(), groups })
    }

    /// What [`Question::parse`] reads.
    pub fn told(&self) -> String {
        match &self.groups {
            Some(groups) => format!("[{}]:{}", groups.join(","), self.text),
            None => format!(":{}", self.text),
        }
    }
}

impl From<&str> for Question {
    fn from(text: &str) -> Self {
        Self { text: text.to_owned(), groups: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_survives_the_command_line() {
        let arn = "arn:aws:logs:us-east-1:123456789012:log-group:/website/orders";
        let question = Question {
            text: "filter a in [1] | limit 5".to_owned(),
            groups: Some(vec!["/payments/*".to_owned(), arn.to_owned()]),
        };
        assert_eq!(Question::parse(&question.told()), Some(question));
        assert_eq!(Question::parse(":limit 5"), Some("limit 5".into()));
        for wrong in ["", ":", ": ", "[a]", "[]:limit 5", "[a]:", "limit 5"] {
            assert_eq!(Question::parse(wrong), None, "{wrong}");
        }
    }
}
