//! Numbers as digits, appended to a line without a detour over a formatter: lines are written by the thousand.

/// Appends `,"name":"value"`; neither may hold what JSON escapes.
pub(super) fn field(line: &mut String, name: &str, value: &str) {
    line.push_str(",\"");
    line.push_str(name);
    line.push_str("\":\"");
    line.push_str(value);
    line.push('"');
}

/// Appends `count` hex digits of a number, at most 16.
pub(super) fn hex(line: &mut String, number: u64, count: usize) {
    let mut buffer = [0; 16];
    let mut rest = number;
    for slot in buffer[..count].iter_mut().rev() {
        *slot = b"0123456789abcdef"[(rest & 0xf) as usize];
        rest >>= 4;
    }
    ascii(line, &buffer[..count]);
}

/// Appends the last `count` decimal digits of a number, at most 19.
pub(super) fn digits(line: &mut String, number: u64, count: usize) {
    let mut buffer = [0; 19];
    let mut rest = number;
    for slot in buffer[..count].iter_mut().rev() {
        *slot = b'0' + (rest % 10) as u8;
        rest /= 10;
    }
    ascii(line, &buffer[..count]);
}

fn ascii(line: &mut String, digits: &[u8]) {
    // Digits are always UTF-8.
    line.push_str(std::str::from_utf8(digits).unwrap_or_default());
}

/// Appends a whole number.
pub(super) fn number(line: &mut String, number: u64) {
    digits(line, number, number.checked_ilog10().unwrap_or(0) as usize + 1);
}

/// Appends milliseconds as seconds with three decimals.
pub(super) fn seconds(line: &mut String, ms: u64) {
    number(line, ms / 1000);
    line.push('.');
    digits(line, ms % 1000, 3);
}

/// Appends 32 hex digits in the grouping of a UUID.
pub(super) fn uuid(line: &mut String, (high, low): (u64, u64)) {
    hex(line, high >> 32, 8);
    line.push('-');
    hex(line, high >> 16, 4);
    line.push('-');
    hex(line, high, 4);
    line.push('-');
    hex(line, low >> 48, 4);
    line.push('-');
    hex(line, low, 12);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(write: impl FnOnce(&mut String)) -> String {
        let mut line = String::new();
        write(&mut line);
        line
    }

    #[test]
    fn digits_are_those_of_the_formatter() {
        for n in [0, 7, 10, 999, 1000, 24_531, 9_999_999_999_999_999_999] {
            assert_eq!(written(|l| number(l, n)), n.to_string());
            assert_eq!(written(|l| hex(l, n, 16)), format!("{n:016x}"));
        }
        assert_eq!(written(|l| digits(l, 42, 5)), "00042");
        assert_eq!(written(|l| seconds(l, 24_007)), "24.007");
        let id = written(|l| uuid(l, (0x0123_4567_89ab_cdef, 0xfedc_ba98_7654_3210)));
        assert_eq!(id, "01234567-89ab-cdef-fedc-ba9876543210");
    }
}
