//! The fields that Logs Insights finds in a Lambda function's lines.

use super::value::Value;

/// The value of `@type`, `@requestId`, `@duration` … in a START, END or REPORT line; durations in milliseconds, sizes in
/// bytes (a megabyte of a million, as the service counts them). Of what the function writes itself, `@requestId`.
pub(super) fn field<'a>(message: &'a str, name: &str) -> Value<'a> {
    let platform = message.split_once(" RequestId: ").filter(|(kind, _)| matches!(*kind, "START" | "END" | "REPORT"));
    let Some((kind, rest)) = platform else {
        return request(message).filter(|_| name == "@requestId").map_or(Value::Missing, Value::text);
    };
    let labelled = |label: &str| {
        let part = rest.split(['\t', '\n']).find_map(|part| part.trim().strip_prefix(label)?.strip_prefix(": "));
        part.and_then(|part| part.split_whitespace().next())
    };
    let number = |label: &str, scale: f64| {
        let number = labelled(label).and_then(|text| text.parse::<f64>().ok());
        number.map_or(Value::Missing, |number| Value::number(number * scale))
    };
    match name {
        "@type" => Value::text(kind),
        "@requestId" => rest.split_whitespace().next().map_or(Value::Missing, Value::text),
        "@duration" => number("Duration", 1.0),
        "@billedDuration" => number("Billed Duration", 1.0),
        "@initDuration" => number("Init Duration", 1.0),
        "@memorySize" => number("Memory Size", 1e6),
        "@maxMemoryUsed" => number("Max Memory Used", 1e6),
        "@xrayTraceId" => labelled("XRAY TraceId").map_or(Value::Missing, Value::text),
        _ => Value::Missing,
    }
}

/// Whether the runtime of a function has put time and request before a line.
pub fn is_line(line: &str) -> bool {
    request(line).is_some()
}

/// The request in what a runtime puts before a line: `time\tid\tLEVEL\t…` (Node.js), `[LEVEL]\ttime\tid\t…` (Python).
fn request(message: &str) -> Option<&str> {
    let mut parts = message.splitn(4, '\t');
    let (one, two, three) = (parts.next()?, parts.next()?, parts.next()?);
    parts.next()?;
    let (time, id) = if one.starts_with('[') && one.ends_with(']') { (two, three) } else { (one, two) };
    let shape = |byte: u8| if byte.is_ascii_digit() { b'0' } else { byte };
    let is_time = time.len() >= 20 && time.ends_with('Z') && time.bytes().take(11).map(shape).eq(*b"0000-00-00T");
    let is_id = id.len() == 36
        && id.bytes().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        });
    (is_time && is_id).then_some(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_is_taken_apart() {
        let report = "REPORT RequestId: 5f1c-77\tDuration: 12.34 ms\tBilled Duration: 13 ms\tMemory Size: 128 MB\tMax Memory \
                      Used: 70 MB\tInit Duration: 101.5 ms\t\nXRAY TraceId: 1-68f0-9b\tSegmentId: 07\tSampled: true\t\n";
        let cases = [
            ("@type", Value::text("REPORT")),
            ("@requestId", Value::text("5f1c-77")),
            ("@duration", Value::Number(12.34)),
            ("@billedDuration", Value::Number(13.0)),
            ("@memorySize", Value::Number(128e6)),
            ("@maxMemoryUsed", Value::Number(70e6)),
            ("@initDuration", Value::Number(101.5)),
            ("@xrayTraceId", Value::text("1-68f0-9b")),
            ("@nothing", Value::Missing),
        ];
        for (name, value) in cases {
            assert_eq!(field(report, name), value, "{name}");
        }
        assert_eq!(field("START RequestId: 5f1c-77 Version: $LATEST\n", "@requestId"), Value::text("5f1c-77"));
        let id = "8f507cfc-1a2b-4697-b07a-ac58fc914c95";
        for line in [
            format!("2026-01-15T10:28:07.912Z\t{id}\tINFO\t{{\"n\":1}}"),
            format!("[ERROR]\t2026-01-15T10:28:07.912Z\t{id}\tfailed"),
        ] {
            assert_eq!(field(&line, "@requestId"), Value::text(id), "{line}");
            assert_eq!(field(&line, "@type"), Value::Missing);
        }
        for line in ["2026-01-15T10:28:07.912Z\tundefined\tINFO\tx", "a\tb\tc\td", "2026\t\t\t"] {
            assert_eq!(field(line, "@requestId"), Value::Missing, "{line}");
        }
        assert_eq!(field("my REPORT RequestId: 1", "@type"), Value::Missing);
        assert_eq!(field("plain", "@type"), Value::Missing);
    }
}
