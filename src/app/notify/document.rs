//! What the user's command reads on its standard input.

use serde_json::{Value, json};

use super::Notification;
use crate::cli::focus_text;
use crate::panes::Target;
use crate::store::episode::Signal;
use crate::text::time::rfc3339;

/// A notification as a document of the contract `barograph/v1`.
pub fn document(notification: &Notification) -> Value {
    let episode = &notification.episode;
    let lasted = episode.ended.unwrap_or(notification.at) - episode.began;
    let target = match episode.signal {
        Signal::Rule => Target::Rule(episode.name.clone()),
        Signal::Alarm => Target::Alarm(episode.name.clone()),
    };
    json!({
        "schema": "barograph/v1",
        "event": notification.moment.name(),
        "at": rfc3339(notification.at),
        "episode": {
            "signal": episode.signal.name(),
            "name": episode.name,
            "title": notification.title,
            "account": episode.account,
            "region": episode.region,
            "severity": episode.severity.name(),
            "began": rfc3339(episode.began),
            "ended": episode.ended.map(rfc3339),
            "duration_s": lasted.num_milliseconds().max(0) as f64 / 1e3,
            "value": episode.value,
            "peak": episode.peak,
            "threshold": episode.threshold,
            "unit": notification.unit.name(),
            "reason": episode.reason,
        },
        "newest": { "value": notification.newest.0, "reason": notification.newest.1 },
        "focus": focus_text(&target),
    })
}

#[cfg(test)]
mod tests {
    use super::super::tests::notification;
    use super::*;
    use crate::analysis::rule::Moment;

    #[test]
    fn it_says_everything_in_one_line() {
        let text = document(&notification(Moment::Ended, "Order flood")).to_string();
        assert_eq!(
            text,
            r#"{"schema":"barograph/v1","event":"ended","at":"2026-01-15T10:24:10.000Z","episode":{"signal":"rule","#
                .to_owned()
                + r#""name":"order_flood","title":"Order flood","account":"demo","region":"us-east-1","severity":"critical","#
                + r#""began":"2026-01-15T10:22:04.000Z","ended":"2026-01-15T10:24:10.000Z","duration_s":126.0,"value":30.0,"#
                + r#""peak":64.0,"threshold":30.0,"unit":"Count","reason":"30 matching events in 15s"},"newest":{"value":41.0,"#
                + r#""reason":"41 matching events in 15s"},"focus":"rule:order_flood"}"#
        );
        assert_eq!(document(&notification(Moment::Holds, "x"))["episode"]["ended"], Value::Null);
    }
}
