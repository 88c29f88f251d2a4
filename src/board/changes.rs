//! `[changes]`: where CloudTrail writes what is changed.

use crate::config::Section;

/// Where changes are read, and which are of no interest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangeRules {
    /// CloudTrail's log group, by name or ARN.
    pub log_group: String,
    /// Event sources whose events are left out, such as `signin.amazonaws.com`.
    pub ignore: Vec<String>,
}

impl ChangeRules {
    /// The filter pattern of write events about the estate itself, those of ignored sources left out.
    ///
    /// Source: CloudTrail User Guide, "CloudTrail record contents", for `readOnly` and `managementEvent`.
    pub fn pattern(&self) -> String {
        let mut pattern = "{ ($.readOnly IS FALSE) && ($.managementEvent IS TRUE)".to_owned();
        for source in &self.ignore {
            let quoted = source.replace('\\', "\\\\").replace('"', "\\\"");
            pattern.extend([" && ($.eventSource != \"", &quoted, "\")"]);
        }
        pattern.push_str(" }");
        pattern
    }
}

/// Reads the rules; `None` where the log group is missing or wrong.
pub(super) fn read(mut section: Section<'_>) -> Option<ChangeRules> {
    let log_group = section.need_name("log_group");
    let ignore = section.get("ignore").and_then(|value| value.names()).unwrap_or_default();
    section.done();
    Some(ChangeRules { log_group: log_group?, ignore })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::insights::pattern::Pattern;

    #[test]
    fn the_pattern_takes_changes_alone() {
        let ignore = vec!["signin.amazonaws.com".to_owned(), "a\"b".to_owned()];
        let rules = ChangeRules { log_group: "trail".to_owned(), ignore };
        let pattern = Pattern::parse(&rules.pattern()).expect("a pattern");
        let event = |read_only, management, source| {
            format!(r#"{{"readOnly":{read_only},"managementEvent":{management},"eventSource":"{source}"}}"#)
        };
        assert!(pattern.matches(&event(false, true, "lambda.amazonaws.com")));
        assert!(!pattern.matches(&event(true, true, "lambda.amazonaws.com")));
        assert!(!pattern.matches(&event(false, false, "lambda.amazonaws.com")));
        assert!(!pattern.matches(&event(false, true, "signin.amazonaws.com")));
    }
}
