//! What a value means by itself: a level, a status, an outcome.

/// What a value means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Meaning {
    /// Something failed: an error, a 5xx.
    Bad,
    /// The caller was refused: a 4xx.
    Refused,
    /// Something may go wrong: a warning, a 429.
    Doubtful,
    /// Nothing that is known.
    #[default]
    Plain,
    /// It went well.
    Good,
}

/// Words of levels, statuses and outcomes; a value means what the last of its parts between `_`, `-` and blanks means.
const WORDS: [(Meaning, &[&str]); 3] = [
    (
        Meaning::Bad,
        &[
            "error",
            "err",
            "fatal",
            "critical",
            "crit",
            "severe",
            "emergency",
            "alert",
            "panic",
            "fail",
            "failed",
            "failure",
            "fault",
            "exception",
            "declined",
            "rejected",
            "denied",
            "timeout",
            "aborted",
        ],
    ),
    (Meaning::Doubtful, &["warn", "warning", "throttled", "retry", "retrying", "degraded"]),
    (Meaning::Good, &["ok", "success", "succeeded", "successful", "completed", "approved"]),
];
/// What a column is called that holds HTTP statuses, `_`, `-` and `.` left out, in small letters.
const STATUSES: [&str; 9] = [
    "status",
    "statuscode",
    "httpstatus",
    "httpstatuscode",
    "httpcode",
    "responsecode",
    "responsestatus",
    "responsestatuscode",
    "code",
];
/// The longest value that is a word.
const LONGEST: usize = 60;

/// What a value of a column means.
pub fn of(column: &str, value: &str) -> Meaning {
    let value = value.trim();
    if value.is_empty() || value.len() > LONGEST {
        return Meaning::Plain;
    }
    if value.bytes().all(|byte| byte.is_ascii_digit()) {
        return if is_status(column) { of_status(value) } else { Meaning::Plain };
    }
    // A sentence that ends in `error` is no word.
    if value.contains(char::is_whitespace) {
        return Meaning::Plain;
    }
    let last = value.rsplit(['_', '-']).next().unwrap_or(value);
    let of_word = |word: &str| {
        let is = |known: &str| {
            known.eq_ignore_ascii_case(word)
                || word.strip_suffix('s').is_some_and(|word| known.eq_ignore_ascii_case(word))
        };
        let known = WORDS.iter().find(|(_, words)| words.iter().any(|known| is(known)));
        known.map(|(meaning, _)| *meaning)
    };
    of_word(last).or_else(|| of_word(value)).unwrap_or_default()
}

fn is_status(column: &str) -> bool {
    let last = column.rsplit('.').next().unwrap_or(column);
    let plain: String = last.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
    STATUSES.contains(&plain.as_str())
}

/// Classes of RFC 9110, section 15; 429 is RFC 6585.
fn of_status(value: &str) -> Meaning {
    match value.parse::<u16>() {
        Ok(429) => Meaning::Doubtful,
        Ok(200..=299) => Meaning::Good,
        Ok(400..=499) => Meaning::Refused,
        Ok(500..=599) => Meaning::Bad,
        Ok(_) | Err(_) => Meaning::Plain,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_mean_what_their_last_word_means() {
        let cases = [
            ("level", "ERROR", Meaning::Bad),
            ("level", "warn", Meaning::Doubtful),
            ("level", "INFO", Meaning::Plain),
            ("event", "TOKEN_PROVISION_FAILURE", Meaning::Bad),
            ("event", "TOKEN_PROVISION_SUCCESS", Meaning::Good),
            ("reason", "TSP_TIMEOUT", Meaning::Bad),
            ("@message", "this is no error", Meaning::Plain),
            ("status", "504", Meaning::Bad),
            ("http.status_code", "404", Meaning::Refused),
            ("statusCode", "429", Meaning::Doubtful),
            ("httpStatus", "201", Meaning::Good),
            ("status", "7", Meaning::Plain),
            ("n", "500", Meaning::Plain),
            ("", "errors", Meaning::Bad),
        ];
        for (column, value, expected) in cases {
            assert_eq!(of(column, value), expected, "{column} = {value}");
        }
    }
}
