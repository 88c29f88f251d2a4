//! `[traces]`: what of X-Ray a board looks at.

use crate::config::Section;

/// What of X-Ray is looked at.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TraceRules {
    /// X-Ray's group whose traces the service graph is made of; `None` for all traces.
    pub group: Option<String>,
}

/// Reads the section.
pub(super) fn read(mut section: Section<'_>) -> TraceRules {
    let group = section.name("group");
    section.done();
    TraceRules { group }
}
