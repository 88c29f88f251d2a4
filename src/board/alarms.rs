//! `[alarms]`: which alarms a board shows, and how much each matters.

use crate::config::Section;
use crate::store::episode::Severity;

/// The tag that says how much an alarm matters.
const TAG: &str = "severity";

/// Which alarms a board shows, and how much each matters.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AlarmFilter {
    /// Name prefixes; empty for all alarms of the account.
    pub prefixes: Vec<String>,
    /// Patterns of names, in which `*` stands for anything, and the severities of alarms so named; the first counts.
    pub severities: Vec<(String, Severity)>,
}

impl AlarmFilter {
    /// Whether an alarm of this name is shown.
    pub fn shows(&self, name: &str) -> bool {
        self.prefixes.is_empty() || self.prefixes.iter().any(|prefix| name.starts_with(prefix))
    }

    /// How much an alarm matters: what the board says of its name, else what its tag `severity` says where its tags are
    /// known, else [`Severity::Critical`].
    pub fn severity(&self, name: &str, tags: Option<&[(String, String)]>) -> Severity {
        let named = self.severities.iter().find(|(pattern, _)| matches(pattern, name)).map(|(_, severity)| *severity);
        let tagged = || {
            let tag = tags?.iter().find(|(key, _)| key.eq_ignore_ascii_case(TAG))?;
            Severity::parse(&tag.1.to_ascii_lowercase())
        };
        named.or_else(tagged).unwrap_or_default()
    }
}

/// Reads `[alarms]`.
pub(super) fn read(mut section: Section<'_>) -> AlarmFilter {
    let prefixes = section.get("prefixes").and_then(|value| value.names()).unwrap_or_default();
    let severities = section.sections("severity", "severities").into_iter().filter_map(severity).collect();
    section.done();
    AlarmFilter { prefixes, severities }
}

fn severity(mut section: Section<'_>) -> Option<(String, Severity)> {
    let words = [Severity::Critical, Severity::Warning].map(|severity| (severity.name(), severity));
    let pattern = section.need_name("match");
    let severity = section.need("severity").and_then(|value| value.choice("severity", &words));
    section.done();
    Some((pattern?, severity?))
}

/// Whether a name is what a pattern says, in which `*` stands for any text, even for none.
fn matches(pattern: &str, name: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(mut rest) = name.strip_prefix(parts.next().unwrap_or_default()) else { return false };
    let parts: Vec<&str> = parts.collect();
    let Some((last, middle)) = parts.split_last() else { return rest.is_empty() };
    for part in middle {
        let Some(place) = rest.find(part) else { return false };
        rest = &rest[place + part.len()..];
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::board::load_text;

    #[test]
    fn a_star_stands_for_anything() {
        let cases = [
            ("High*", "HighLatency", true),
            ("High*", "High", true),
            ("High*", "TooHigh", false),
            ("*Latency", "HighLatency", true),
            ("*Latency", "HighLatencyP95", false),
            ("a*b*c", "a-b-b-c", true),
            ("a*bc*c", "abc", false),
            ("plain", "plain", true),
            ("plain", "plainer", false),
            ("*", "anything", true),
            ("", "", true),
            ("", "x", false),
            ("*Ü*", "für Übungen", true),
        ];
        for (pattern, name, expected) in cases {
            assert_eq!(matches(pattern, name), expected, "{pattern} {name}");
        }
    }

    #[test]
    fn the_board_wins_over_the_tag_and_the_first_line_over_the_next() {
        let text = "[alarms]\nprefixes = [\"a\"]\n[[alarms.severity]]\nmatch = \"High*\"\nseverity = \"warning\"\n\
                    [[alarms.severity]]\nmatch = \"*\"\nseverity = \"critical\"\n";
        let (board, problems) = load_text("b.toml", text, &[]);
        assert_eq!(problems, []);
        let alarms = board.expect("a board").alarms;
        assert_eq!(alarms.severity("HighLatency", None), Severity::Warning);
        assert_eq!(alarms.severity("Low", None), Severity::Critical);
        let tags = |value: &str| vec![("Severity".to_owned(), value.to_owned())];
        assert_eq!(alarms.severity("Low", Some(&tags("warning"))), Severity::Critical, "the board says so");
        let plain = AlarmFilter::default();
        assert_eq!(plain.severity("Low", Some(&tags("Warning"))), Severity::Warning);
        assert_eq!(plain.severity("Low", Some(&tags("sev2"))), Severity::Critical, "no severity of ours");
    }

    #[test]
    fn what_is_wrong_is_reported_with_its_line() {
        let text = "[alarms]\n[[alarms.severity]]\nmatch = \"High*\"\nseverity = \"warnin\"\n[[alarms.severity]]\nseverity = \"warning\"\n";
        let (board, problems) = load_text("b.toml", text, &[]);
        assert_eq!(board.expect("a board").alarms.severities, []);
        let problems: Vec<String> = problems.iter().map(ToString::to_string).collect();
        assert!(
            problems[0].starts_with("b.toml:4: ") && problems[0].contains("did you mean `warning`"),
            "{problems:?}"
        );
        assert!(problems[1].contains("match"), "{problems:?}");
    }
}
