//! CloudWatch Logs `FilterLogEvents` for the lines that carry one value.

use chrono::TimeDelta;

use super::backfill::Stretches;
use super::desk::{Again, Closed, Desk, Source};
use super::log_calls::Search;
use super::times::from_millis;
use crate::app::msg::Update;
use crate::store::health::{SourceError, SourceId};
use crate::store::log::{LogEvent, RequestLines};

/// How far outside the window a request's lines are looked for.
const MARGIN: TimeDelta = TimeDelta::minutes(5);
/// Lines that are kept of one value; more are no single request's.
const MOST: usize = 2_000;

/// The lines that carry a value.
#[derive(Debug)]
pub(super) struct Lines {
    pub(super) value: String,
}

impl Source for Lines {
    fn id(&self) -> SourceId {
        SourceId::Lines
    }

    async fn ask(&mut self, desk: &Desk) -> Result<Result<Again, SourceError>, Closed> {
        let groups = desk.logs.groups.clone();
        let window = desk.window();
        let now = desk.now();
        let (from, to) = window.range(now);
        let (from, to) = (from - MARGIN, (to + MARGIN).min(now));
        let mut lines: Vec<(String, LogEvent)> = Vec::new();
        'past: for (start, end) in Stretches::new(from, to, desk.client.tuning.backfill_least) {
            for (group, name) in (0..).zip(&groups) {
                let pattern = Some(quoted(&self.value));
                let search = Search { group: name.clone(), from: start, to: end, pattern };
                let mut token = None;
                loop {
                    let (events, next) = match search.page(&desk.client, token).await {
                        Ok(page) => page,
                        Err(error) => return Ok(Err(error)),
                    };
                    let found = !events.is_empty();
                    lines.extend(events.into_iter().filter_map(|event| {
                        let time = from_millis(event.timestamp?)?;
                        Some((name.clone(), LogEvent { time, group, message: event.message?.into() }))
                    }));
                    if lines.len() >= MOST {
                        break 'past;
                    }
                    if found {
                        self.tell(desk, &mut lines, false).await?;
                    }
                    token = next;
                    if token.is_none() {
                        break;
                    }
                }
            }
        }
        self.tell(desk, &mut lines, true).await?;
        Ok(Ok(if window.is_live() { Again::After(desk.client.tuning.lines_every) } else { Again::Never }))
    }
}

impl Lines {
    async fn tell(&self, desk: &Desk, lines: &mut [(String, LogEvent)], complete: bool) -> Result<(), Closed> {
        lines.sort_by_key(|(_, event)| (event.time, event.group));
        let lines = RequestLines { at: desk.now(), lines: lines.to_vec(), complete };
        desk.tell(Update::Lines { id: self.value.clone(), lines }).await
    }
}

/// The filter pattern of lines that contain a value, whatever characters it has.
///
/// Source: filter pattern syntax for terms, CloudWatch Logs user guide.
fn quoted(value: &str) -> String {
    format!("\"{}\"", value.replace('\\', "\\\\").replace('"', "\\\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_one_quoted_term() {
        assert_eq!(quoted("corr_9f27c1"), r#""corr_9f27c1""#);
        assert_eq!(quoted(r#"a "b" \c"#), r#""a \"b\" \\c""#);
    }
}
