//! What a query is expected to scan.

use super::{Cx, Logs, run};
use crate::analysis::log_query::estimate::{Estimate, bytes_words};
use crate::clock::Time;
use crate::store::health::SourceId;
use crate::store::logbook::{LogGroup, Logbook};

/// What a query is expected to scan.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Expected {
    /// So much.
    Bytes(Estimate),
    /// The query names groups that nobody here knows.
    Unknown,
}

impl Logs {
    /// Of what stands in the editor, over the window on screen; `None` while the groups are not known, and of files, which
    /// cost nothing.
    pub(super) fn expected(&self, cx: &Cx<'_>) -> Option<Expected> {
        expected(self.reads(cx), cx.window.range(cx.now), cx)
    }

    /// Of the query that was run; `None` as above, and where it is not known.
    pub(super) fn expected_of_run(&self, cx: &Cx<'_>) -> Option<Estimate> {
        let run = self.run.as_ref()?;
        match expected(run.reads(cx), run.asked(cx).1, cx)? {
            Expected::Bytes(estimate) => {
                Some(estimate).filter(|estimate| estimate.unknown == 0 && estimate.bytes > 0.0)
            }
            Expected::Unknown => None,
        }
    }
}

fn expected(reads: Option<Vec<String>>, span: (Time, Time), cx: &Cx<'_>) -> Option<Expected> {
    if cx.board.is_of_files() {
        return None;
    }
    let Some(reads) = reads else { return Some(Expected::Unknown) };
    let groups = run::resolved(&reads, cx).ok()??;
    let book = &cx.store.logbook;
    // Nothing is said before all that can be known is known.
    let waits = |name: &String| {
        !name.starts_with("arn:")
            && group(book, name).is_none()
            && !book.groups.contains_key(name.as_str())
            && cx.store.health(SourceId::LogGroups).trouble().is_none()
    };
    if groups.iter().any(waits) {
        return None;
    }
    Some(Expected::Bytes(Estimate::of(groups.iter().map(|name| group(book, name)), span, cx.now)))
}

/// What is known of a group, by name or ARN.
pub(super) fn group<'a>(book: &'a Logbook, name: &str) -> Option<&'a LogGroup> {
    book.groups.values().flat_map(|feed| &feed.data.groups).find(|group| group.name == name || group.arn == name)
}

/// How far a query is: `4.2 MiB of ≈ 8.1 MiB, 52 %`.
pub(super) fn share_words(scanned: f64, estimate: Estimate) -> String {
    let (done, all) = (bytes_words(scanned), bytes_words(estimate.bytes));
    if scanned > estimate.bytes {
        return format!("{done}, more than the ≈ {all} expected");
    }
    // It is not done before AWS says so.
    match (scanned / estimate.bytes * 100.0).min(99.0) {
        percent if percent < 1.0 => format!("{done} of ≈ {all}, < 1 %"),
        percent => format!("{done} of ≈ {all}, {percent:.0} %"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_never_the_whole() {
        let estimate = Estimate { bytes: 1_048_576.0, unknown: 0 };
        assert_eq!(share_words(524_288.0, estimate), "512 KiB of ≈ 1.0 MiB, 50 %");
        assert_eq!(share_words(1_024.0, estimate), "1.0 KiB of ≈ 1.0 MiB, < 1 %");
        assert_eq!(share_words(1_048_576.0, estimate), "1.0 MiB of ≈ 1.0 MiB, 99 %");
        assert_eq!(share_words(2_097_152.0, estimate), "2.0 MiB, more than the ≈ 1.0 MiB expected");
    }
}
