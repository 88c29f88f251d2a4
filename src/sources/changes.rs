//! CloudWatch Logs `FilterLogEvents` in CloudTrail's log group: what was changed.

use std::collections::BTreeMap;
use std::time::Duration;

use chrono::TimeDelta;

use super::backfill::Stretches;
use super::desk::{Again, Closed, Desk, Source};
use super::log_calls::Search;
use crate::app::msg::Update;
use crate::board::ChangeRules;
use crate::clock::Time;
use crate::store::change::Change;
use crate::store::coverage::Coverage;
use crate::store::health::{SourceError, SourceId};

/// CloudTrail delivers events to its log group within about five minutes, rarely later: so much is read again.
///
/// Source: CloudTrail User Guide, "Sending events to CloudWatch Logs".
const LATE: TimeDelta = TimeDelta::minutes(15);
/// The first, newest stretch that is read.
const FIRST: Duration = Duration::from_mins(15);
/// Pages read at a time, so that the feed gets its share of the calls; the next look goes on where this one stopped.
const MOST_PAGES: usize = 20;
/// Changes that are kept of a window, the newest ones.
const MOST: usize = 1_000;

/// What was changed over the window, newest stretch first; what has been read is not read again.
#[derive(Debug, Default)]
pub(super) struct Changes {
    known: BTreeMap<(Time, String), Change>,
    read: Coverage,
}

impl Source for Changes {
    fn id(&self) -> SourceId {
        SourceId::Changes
    }

    async fn ask(&mut self, desk: &Desk) -> Result<Result<Again, SourceError>, Closed> {
        let Some(rules) = desk.changes.as_deref() else {
            desk.tell(Update::Changes { at: desk.now(), changes: Vec::new() }).await?;
            return Ok(Ok(Again::Never));
        };
        let window = desk.window();
        let (from, to) = window.range(desk.now());
        let pattern = rules.pattern();
        let settled = desk.now() - LATE;
        let mut pages = 0;
        'window: for (gap_from, gap_to) in self.read.missing(from, to).into_iter().rev() {
            for (start, end) in Stretches::new(gap_from, gap_to, FIRST) {
                let mut token = None;
                loop {
                    if pages >= MOST_PAGES {
                        break 'window;
                    }
                    pages += 1;
                    let search =
                        Search { group: rules.log_group.clone(), from: start, to: end, pattern: Some(pattern.clone()) };
                    let (events, next) = match search.page(&desk.client, token).await {
                        Ok(page) => page,
                        Err(error) => return Ok(Err(error)),
                    };
                    let texts = events.iter().filter_map(|event| event.message());
                    self.take(rules, texts);
                    token = next;
                    if token.is_none() {
                        break;
                    }
                }
                self.read.add(start, (end + TimeDelta::milliseconds(1)).min(settled));
            }
        }
        let inside = self.known.range((from, String::new())..).rev().map(|(_, change)| change);
        let changes = inside.filter(|change| change.at <= to).take(MOST).cloned().collect();
        desk.tell(Update::Changes { at: desk.now(), changes }).await?;
        let unfinished = pages >= MOST_PAGES;
        let follows = window.is_live() || unfinished;
        Ok(Ok(if follows { Again::After(desk.client.tuning.changes_every) } else { Again::Never }))
    }
}

impl Changes {
    fn take<'a>(&mut self, rules: &ChangeRules, texts: impl Iterator<Item = &'a str>) {
        for change in texts.filter_map(|text| Change::parse(text).ok()) {
            if !rules.ignore.contains(&change.source) {
                self.known.insert((change.at, change.id.clone()), change);
            }
        }
    }
}
