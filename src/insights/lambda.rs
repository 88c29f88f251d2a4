//! The fields that Logs Insights finds in a Lambda function's platform lines.

use super::value::Value;

/// The value of `@type`, `@requestId`, `@duration` … in a START, END or REPORT line; durations in milliseconds, sizes in
/// bytes (a megabyte of a million, as the service counts them).
pub(super) fn field<'a>(message: &'a str, name: &str) -> Value<'a> {
    let Some((kind, rest)) = message.split_once(" RequestId: ") else { return Value::Missing };
    if !matches!(kind, "START" | "END" | "REPORT") {
        return Value::Missing;
    }
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
        assert_eq!(field("my REPORT RequestId: 1", "@type"), Value::Missing);
        assert_eq!(field("plain", "@type"), Value::Missing);
    }
}
